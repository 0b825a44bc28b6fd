//! The dictionary page.

use super::check_text;
use crate::notes::Notes;
use crate::page::{RawPage, Request, Scratch, Values, decode, open};
use crate::rule::Rule;
use crate::schema::Leaf;
use crate::statistics::Domain;
use pq_format::{CompressionCodec, Encoding};
use std::cmp::Ordering;

/// Reads the entries, which must be PLAIN.
pub(super) fn read(
    page: &RawPage<'_>,
    leaf: &Leaf,
    codec: CompressionCodec,
    domain: Domain,
    scratch: &mut Scratch,
    notes: &mut Notes<'_>,
) -> Option<Values<'static>> {
    let header = page.header.dictionary_page_header.as_ref()?;
    let count = usize::try_from(header.num_values).unwrap_or(0);
    if !matches!(
        header.encoding,
        Encoding::PLAIN | Encoding::PLAIN_DICTIONARY
    ) {
        notes.say(Rule::DictionaryEncoding, || {
            format!("{:?}", header.encoding)
        });
        return None;
    }
    if count > notes.options.page_values {
        notes.say(Rule::Limit, || format!("a dictionary of {count} entries"));
        return None;
    }
    let limit = notes.options.page_bytes;
    let body = open(page, codec, scratch, notes)?;
    let request = Request {
        leaf,
        encoding: Encoding::PLAIN,
        count,
        dictionary: None,
        limit,
    };
    let (values, used) = match decode(body, request, &mut Vec::new()) {
        Ok(decoded) => decoded,
        Err(fault) => {
            notes.say(fault.rule, || fault.text);
            return None;
        }
    };
    notes.check(Rule::ValuesTrailing, used == body.len(), || {
        format!("the entries take {used} of {} bytes", body.len())
    });
    check_text(&values, domain.kind, notes);
    if header.is_sorted == Some(true) {
        check_sorted(&values, domain, notes);
    }
    Some(values.into_owned())
}

fn check_sorted(values: &Values<'_>, domain: Domain, notes: &mut Notes<'_>) {
    let order = domain.order;
    let (mut index, mut before, mut wrong) = (0_u64, None, None);
    values.for_each_plain(|value| {
        let key = order.key(value);
        if let (Some(before), Some(key)) = (&before, &key)
            && order.compare(before, key) == Ordering::Greater
        {
            wrong.get_or_insert(index);
        }
        before = key;
        index += 1;
    });
    if let Some(wrong) = wrong {
        notes.say(Rule::DictionarySorted, || {
            format!("entry {wrong} is below the one before it")
        });
    }
}
