//! Where pages end and what stands in them: levels, then values; no padding.

use crate::batch::Bits;
use crate::convert::{Physical, Piece, PieceValues};
use crate::error::WriteError;
use crate::options::WriterOptions;
use crate::stats::Run;
use pq_encoding::{EncodeError, levels, plain, rle};

/// The row at which the page that starts at row `start` ends, values stored PLAIN.
pub(super) fn plain_end(
    pieces: &[Piece<'_>],
    start: usize,
    rows: usize,
    options: &WriterOptions,
) -> usize {
    let most = rows.min(start.saturating_add(options.data_page_rows.max(1)));
    let limit = options.data_page_bytes.max(1);
    let fixed = |width: usize| most.min(start.saturating_add((limit / width.max(1)).max(1)));
    let first = pieces.iter().find_map(|piece| match &piece.values {
        PieceValues::Plain(values) => Some(values),
        _ => None,
    });
    match first {
        None | Some(Physical::Boolean(_)) => most,
        Some(Physical::Int32(_) | Physical::Float(_)) => fixed(4),
        Some(Physical::Int64(_) | Physical::Double(_)) => fixed(8),
        Some(Physical::Fixed { width, .. }) => fixed(*width),
        Some(Physical::Bytes32 { .. } | Physical::Bytes64 { .. }) => {
            let mut bytes = 0;
            for piece in pieces {
                let from = start.saturating_sub(piece.first_row);
                let to = most.saturating_sub(piece.first_row).min(piece.len());
                for row in from..to {
                    if let PieceValues::Plain(values) = &piece.values
                        && !piece.is_null(row)
                    {
                        bytes += 4 + values.bytes(row).len();
                        // A value larger than a page has one of its own.
                        if bytes > limit && piece.first_row + row > start {
                            return piece.first_row + row;
                        }
                    }
                }
            }
            most
        }
    }
}

/// The definition levels of rows `start .. end` of an OPTIONAL column, framed for a v1 page.
pub(super) fn definition_levels(
    validity: Option<Bits<'_>>,
    start: usize,
    end: usize,
    page: &mut Vec<u8>,
) -> Result<(), WriteError> {
    levels::v1_frame(page, |page| match validity {
        None => rle::encode_run(1, end - start, 1, page),
        Some(bits) => rle::encode_bitmap(bits.bytes(), bits.offset() + start, end - start, page),
    })
    .map_err(|error| too_large("the levels of a page", &error))
}

/// The runs of rows within `start .. end` that are not null and have a value of their own.
pub(super) fn runs<'a>(
    pieces: &'a [Piece<'a>],
    start: usize,
    end: usize,
) -> impl Iterator<Item = Run<'a>> {
    pieces.iter().flat_map(move |piece| {
        let values = match &piece.values {
            PieceValues::Plain(values) => Some(values),
            _ => None,
        };
        let last = end.saturating_sub(piece.first_row).min(piece.len());
        let mut next = start.saturating_sub(piece.first_row);
        let validity = piece.validity.filter(|_| piece.may_have_nulls());
        std::iter::from_fn(move || {
            let values = values?;
            let (from, to) = match validity {
                None => (next, last),
                Some(bits) => bits.next_run(next, last)?,
            };
            next = to;
            (from < to).then_some(Run {
                values,
                start: from,
                end: to,
            })
        })
    })
}

/// Appends values PLAIN.
pub(super) fn plain_values<'a>(
    runs: impl Iterator<Item = Run<'a>>,
    page: &mut Vec<u8>,
) -> Result<(), WriteError> {
    let mut runs = runs.peekable();
    if let Some(Run {
        values: Physical::Boolean(_),
        ..
    }) = runs.peek()
    {
        return plain_booleans(runs, page).map_err(|error| too_large("a page", &error));
    }
    for Run { values, start, end } in runs {
        let appended = match values {
            Physical::Int32(values) => {
                plain::encode_i32(values.get(start..end).unwrap_or_default(), page)
            }
            Physical::Int64(values) => {
                plain::encode_i64(values.get(start..end).unwrap_or_default(), page)
            }
            Physical::Float(values) => {
                plain::encode_f32(values.get(start..end).unwrap_or_default(), page)
            }
            Physical::Double(values) => {
                plain::encode_f64(values.get(start..end).unwrap_or_default(), page)
            }
            Physical::Fixed { width, data } => {
                page.extend_from_slice(data.get(start * width..end * width).unwrap_or_default());
                Ok(())
            }
            Physical::Bytes32 { offsets, data } => {
                plain::encode_byte_arrays(offsets.get(start..=end).unwrap_or_default(), data, page)
            }
            Physical::Bytes64 { offsets, data } => {
                plain::encode_byte_arrays(offsets.get(start..=end).unwrap_or_default(), data, page)
            }
            // Booleans never mix with others: all of them are above.
            Physical::Boolean(_) => Ok(()),
        };
        appended.map_err(|error| too_large("a value", &error))?;
    }
    Ok(())
}

/// Bits go on where those of the run before end, so one appender does them all.
fn plain_booleans<'a>(
    runs: impl Iterator<Item = Run<'a>>,
    page: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let mut bits = plain::BitAppender::new(page);
    for Run { values, start, end } in runs {
        if let Physical::Boolean(values) = values {
            bits.append_bits(values.bytes(), values.offset() + start, end - start)?;
        }
    }
    bits.finish()
}
pub(super) fn too_large(what: &str, error: &EncodeError) -> WriteError {
    WriteError::TooLarge {
        what: format!("{what} ({error})"),
        size: 0,
    }
}
