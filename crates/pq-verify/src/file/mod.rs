//! A file: its frame, its footer, and its column chunks one after the other.

mod extent;
mod footer;
mod ranges;
mod row_group;

pub(crate) use extent::Extent;

use crate::notes::Notes;
use crate::rule::Rule;
use crate::schema::Schema;
use crate::source::{Source, read};
use pq_format::{FileMetaData, FormatError, MAGIC, MAGIC_ENCRYPTED, TAIL_LEN};
use ranges::Ranges;

/// What a file is to its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// It holds the pages that its footer names.
    Data,
    /// It holds a footer only, for the files beside it.
    Metadata,
}

/// Checks all of a file; returns its metadata if that can be decoded.
pub(crate) fn check<S: Source + ?Sized>(
    source: &mut S,
    role: Role,
    notes: &mut Notes<'_>,
) -> Option<FileMetaData> {
    notes.report().checked_mut().files += 1;
    let (metadata, data) = read_footer(source, notes)?;
    if metadata.encryption_algorithm.is_some() {
        notes.say(Rule::Encrypted, || "columns are encrypted".to_owned());
    }
    let schema = Schema::new(&metadata.schema, notes);
    footer::check(&metadata, schema.as_ref(), role, notes);
    if let Some(schema) = &schema {
        let mut ranges = Ranges::new(data);
        for index in 0..metadata.row_groups.len() {
            notes.place.row_group = Some(index);
            row_group::check(source, &metadata, index, schema, role, &mut ranges, notes);
            notes.place.column = None;
        }
        notes.place.row_group = None;
        if role == Role::Data {
            ranges.check(notes);
        }
    }
    drop(schema);
    Some(metadata)
}

/// The metadata, and where pages can be.
fn read_footer<S: Source + ?Sized>(
    source: &mut S,
    notes: &mut Notes<'_>,
) -> Option<(FileMetaData, Extent)> {
    let len = source.len();
    let tail_len = len.min(TAIL_LEN as u64) as usize;
    let unreadable = |error: std::io::Error, notes: &mut Notes<'_>| {
        notes.say(Rule::Unreadable, || error.to_string());
    };
    let ends = read(source, 0, (len as usize).min(MAGIC.len()))
        .and_then(|head| Ok((head, read(source, len - tail_len as u64, tail_len)?)));
    let (head, tail) = match ends {
        Ok(ends) => ends,
        Err(error) => {
            unreadable(error, notes);
            return None;
        }
    };
    if head == MAGIC_ENCRYPTED {
        notes.say(Rule::Encrypted, || "the footer is encrypted".to_owned());
        return None;
    }
    if head != MAGIC {
        notes.say_at(Rule::FileMagic, Some(0), || {
            format!("the file starts with \"{}\"", head.escape_ascii())
        });
    }
    let range = match pq_format::footer_range(&tail, len) {
        Ok(range) => Extent::new(range.start, range.end),
        Err(error) => {
            let rule = match error {
                FormatError::FooterLength { .. } => Rule::FooterLength,
                FormatError::Encrypted => Rule::Encrypted,
                _ => Rule::FileMagic,
            };
            let byte = Some(len.saturating_sub(TAIL_LEN as u64));
            notes.say_at(rule, byte, || error.to_string());
            return None;
        }
    };
    let byte = Some(range.start);
    let Some(footer_len) = range.len_below(notes.options.metadata_bytes) else {
        notes.say_at(Rule::Limit, byte, || {
            format!("a footer of {} bytes", range.len())
        });
        return None;
    };
    let footer = match read(source, range.start, footer_len) {
        Ok(footer) => footer,
        Err(error) => {
            unreadable(error, notes);
            return None;
        }
    };
    match pq_format::decode::<FileMetaData>(&footer) {
        Ok((metadata, used)) => {
            // A signature follows the metadata of a file with encrypted columns.
            let is_signed = metadata.encryption_algorithm.is_some();
            if used != footer_len && !is_signed {
                notes.say_at(Rule::FooterThrift, byte, || {
                    format!("the metadata takes {used} of {footer_len} bytes")
                });
            }
            Some((metadata, Extent::new(MAGIC.len() as u64, range.start)))
        }
        Err(error) => {
            notes.say_at(Rule::FooterThrift, byte, || error.to_string());
            None
        }
    }
}
