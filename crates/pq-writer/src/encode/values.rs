//! The values of a page, encoded; Encodings.md of the specification.

use crate::leaf::{BooleanPieces, BytePieces, ByteSlice, LeafValues};
use pq_encoding::plain::BitAppender;
use pq_encoding::{
    EncodeError, alp, byte_stream_split, delta_binary_packed, delta_byte_array,
    delta_length_byte_array, plain, rle,
};
use pq_format::Encoding;
use std::ops::Range;

/// Where values that lie in several slices are put together.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    int32: Vec<i32>,
    int64: Vec<i64>,
    float: Vec<f32>,
    double: Vec<f64>,
    bytes: Vec<u8>,
}

/// Appends values `range` to a page.
///
/// # Errors
///
/// A value that is too long. Values that the encoding is not for are an error too.
pub(super) fn append(
    values: &LeafValues<'_>,
    range: Range<usize>,
    encoding: Encoding,
    scratch: &mut Scratch,
    page: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    macro_rules! number {
        ($pieces:ident, $plain:ident, $split:ident, $scratch:ident, $($other:tt)*) => {
            match encoding {
                Encoding::PLAIN => $pieces.try_for_each(range, |slice| plain::$plain(slice, page)),
                Encoding::BYTE_STREAM_SPLIT => byte_stream_split::$split(
                    $pieces.contiguous(range, &mut scratch.$scratch),
                    page,
                ),
                $($other)*
                _ => Err(not_for_type()),
            }
        };
    }
    match values {
        LeafValues::Boolean(pieces) => booleans(pieces, range, encoding, scratch, page),
        LeafValues::Int32(pieces) => number!(
            pieces, encode_i32, encode_i32, int32,
            Encoding::DELTA_BINARY_PACKED => {
                let mut encoder = delta_binary_packed::Encoder::new(range.len(), page);
                pieces.try_for_each(range, |slice| encoder.push(slice))?;
                encoder.finish()
            }
        ),
        LeafValues::Int64(pieces) => number!(
            pieces, encode_i64, encode_i64, int64,
            Encoding::DELTA_BINARY_PACKED => {
                let mut encoder = delta_binary_packed::Encoder::new(range.len(), page);
                pieces.try_for_each(range, |slice| encoder.push(slice))?;
                encoder.finish()
            }
        ),
        LeafValues::Float(pieces) => number!(
            pieces, encode_f32, encode_f32, float,
            Encoding::ALP => alp::encode_f32(pieces.contiguous(range, &mut scratch.float), page),
        ),
        LeafValues::Double(pieces) => number!(
            pieces, encode_f64, encode_f64, double,
            Encoding::ALP => alp::encode_f64(pieces.contiguous(range, &mut scratch.double), page),
        ),
        LeafValues::Bytes(pieces) => byte_arrays(pieces, range, encoding, page),
        LeafValues::Fixed { width, data } => {
            let bytes = range.start * width..range.end * width;
            match encoding {
                Encoding::PLAIN => data
                    .slices(bytes)
                    .try_for_each(|slice| plain::encode_fixed(slice, *width, page)),
                Encoding::BYTE_STREAM_SPLIT => byte_stream_split::encode_fixed(
                    data.contiguous(bytes, &mut scratch.bytes),
                    *width,
                    page,
                ),
                Encoding::DELTA_BYTE_ARRAY => delta_byte_array::encode_fixed(
                    data.contiguous(bytes, &mut scratch.bytes),
                    *width,
                    page,
                ),
                _ => Err(not_for_type()),
            }
        }
        // Codes are decoded before, or stored as codes.
        LeafValues::Coded(_) => Err(not_for_type()),
    }
}

fn booleans(
    pieces: &BooleanPieces<'_>,
    range: Range<usize>,
    encoding: Encoding,
    scratch: &mut Scratch,
    page: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let append = |out: &mut Vec<u8>| {
        let mut appender = BitAppender::new(out);
        for bits in pieces.slices(range.clone()) {
            appender.append_bits(bits.bytes(), bits.offset(), bits.len())?;
        }
        appender.finish()
    };
    match encoding {
        Encoding::PLAIN => append(page),
        Encoding::RLE => {
            scratch.bytes.clear();
            append(&mut scratch.bytes)?;
            rle::booleans::encode_bitmap(&scratch.bytes, 0, range.len(), page)
        }
        _ => Err(not_for_type()),
    }
}

fn byte_arrays(
    pieces: &BytePieces<'_>,
    range: Range<usize>,
    encoding: Encoding,
    page: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let mut slices = pieces.slices(range.clone());
    let only = match (slices.next(), slices.next()) {
        (Some(ByteSlice::Offsets(only)), None) => Some(only),
        _ => None,
    };
    match (encoding, only) {
        (Encoding::PLAIN, _) => pieces.slices(range).try_for_each(|slice| match slice {
            ByteSlice::Offsets(slice) => plain::encode_byte_arrays(slice.offsets, slice.data, page),
            ByteSlice::Views(slice) => plain::encode_byte_views(slice.views, slice.buffers, page),
        }),
        (Encoding::DELTA_LENGTH_BYTE_ARRAY, Some(slice)) => {
            delta_length_byte_array::encode(slice.offsets, slice.data, page)
        }
        (Encoding::DELTA_LENGTH_BYTE_ARRAY, None) => {
            delta_length_byte_array::encode_iter(pieces.iter(range), page)
        }
        (Encoding::DELTA_BYTE_ARRAY, Some(slice)) => {
            delta_byte_array::encode(slice.offsets, slice.data, page)
        }
        (Encoding::DELTA_BYTE_ARRAY, None) => {
            delta_byte_array::encode_iter(pieces.iter(range), page)
        }
        _ => Err(not_for_type()),
    }
}

/// Encodings are checked against types before anything is written.
fn not_for_type() -> EncodeError {
    EncodeError::Count {
        announced: 0,
        given: 1,
    }
}

/// The bytes of a length before a byte array.
const FRAME: usize = 4;

/// Bytes that values `range` take, PLAIN.
pub(super) fn plain_len(values: &LeafValues<'_>, range: Range<usize>) -> usize {
    let count = range.len();
    match values {
        LeafValues::Boolean(_) => count.div_ceil(8),
        LeafValues::Int32(_) | LeafValues::Float(_) => count * 4,
        LeafValues::Int64(_) | LeafValues::Double(_) => count * 8,
        LeafValues::Fixed { width, .. } => count * width,
        LeafValues::Bytes(pieces) => pieces
            .slices(range)
            .map(|slice| slice.bytes())
            .sum::<usize>()
            .saturating_add(count * FRAME),
        LeafValues::Coded(_) => 0,
    }
}

/// The end of the values from `first` on that take no more than `limit` bytes, PLAIN.
pub(super) fn fitting(values: &LeafValues<'_>, first: usize, limit: usize) -> usize {
    let fixed = |width: usize| first.saturating_add(limit / width.max(1));
    match values {
        LeafValues::Boolean(_) => first.saturating_add(limit.saturating_mul(8)),
        LeafValues::Int32(_) | LeafValues::Float(_) => fixed(4),
        LeafValues::Int64(_) | LeafValues::Double(_) => fixed(8),
        LeafValues::Fixed { width, .. } => fixed(*width),
        LeafValues::Bytes(pieces) => {
            let (mut end, mut left) = (first, limit);
            for slice in pieces.slices(first..pieces.len()) {
                let (fit, bytes) = slice.fitting(left, FRAME);
                end += fit;
                if fit < slice.len() {
                    break;
                }
                left -= bytes;
            }
            end
        }
        LeafValues::Coded(_) => usize::MAX,
    }
}
