//! Values to streams.

use super::lanes::{BLOCK, Bytes, Halves, lanes_of, part, split_4};
use super::max_encoded_len;
use crate::error::EncodeError;
use crate::output::Output;

/// Four neighbouring bytes of each value of a block: lanes of eight are no faster to split, and
/// slower to come by.
type Lanes = [[u8; 4]; BLOCK];

macro_rules! numbers {
    ($($encode:ident $number:ident $bits:ident $what:literal: $($start:literal)*;)*) => {
        $(
            #[doc = concat!("Appends ", $what, " values.")]
            ///
            /// # Errors
            ///
            /// The output is full; a `Vec` never is.
            pub fn $encode(values: &[$number], out: &mut impl Output) -> Result<(), EncodeError> {
                let count = values.len();
                let out = out.grow(max_encoded_len(count, size_of::<$number>()))?;
                let (blocks, rest) = values.as_chunks::<BLOCK>();
                $(
                    let lane = |value: &$number| {
                        let bits = $bits::from_le_bytes(value.to_le_bytes());
                        ((bits >> (8 * $start)) as u32).to_le_bytes()
                    };
                    scatter(count, $start, out, split_4, |index, lanes| match blocks.get(index) {
                        Some(block) => read(block, lanes, lane),
                        None => read(rest, lanes, lane),
                    });
                )*
                Ok(())
            }
        )*
    };
}

numbers! {
    encode_i32 i32 u32 "INT32": 0;
    encode_i64 i64 u64 "INT64": 0 4;
    encode_f32 f32 u32 "FLOAT": 0;
    encode_f64 f64 u64 "DOUBLE": 0 4;
}

/// Appends FIXED_LEN_BYTE_ARRAY values of `width` bytes each, which stand back to back.
///
/// # Errors
///
/// `values` is not a whole number of values, and nothing is appended then; or the output is
/// full.
///
/// ```
/// use pq_encoding::byte_stream_split as split;
///
/// let mut page = Vec::new();
/// split::encode_fixed(b"abcABC123", 3, &mut page)?;
/// assert_eq!(page, b"aA1bB2cC3");
/// # Ok::<(), pq_encoding::EncodeError>(())
/// ```
pub fn encode_fixed(values: &[u8], width: usize, out: &mut impl Output) -> Result<(), EncodeError> {
    if values.is_empty() {
        return Ok(());
    }
    if values.len().checked_rem(width) != Some(0) {
        return Err(EncodeError::Ragged {
            len: values.len(),
            width,
        });
    }
    let out = out.grow(values.len())?;
    match width {
        1 => out.copy_from_slice(values),
        2 => {
            let (even, odd) = out.split_at_mut(values.len() / 2);
            part(values, even, odd);
        }
        3 => put_known::<3>(values, out),
        4 => put_known::<4>(values, out),
        5 => put_known::<5>(values, out),
        6 => put_known::<6>(values, out),
        7 => put_known::<7>(values, out),
        8 => put_known::<8>(values, out),
        12 => put_known::<12>(values, out),
        16 => put_known::<16>(values, out),
        _ => put_any(values, width, out),
    }
    Ok(())
}

/// Splits values of a width that the compiler knows: it takes half the time.
#[inline(never)]
fn put_known<const WIDTH: usize>(values: &[u8], out: &mut [u8]) {
    let values = values.as_chunks::<WIDTH>().0;
    let (blocks, rest) = values.as_chunks::<BLOCK>();
    let count = values.len();
    for start in lanes_of(WIDTH, 4) {
        scatter(count, start, out, split_apart, |index, lanes| {
            match blocks.get(index) {
                Some(block) if WIDTH < 4 => read_short(block, lanes),
                Some(block) => read_at(block, start, lanes),
                None if WIDTH < 4 => read_short(rest, lanes),
                None => read_at(rest, start, lanes),
            };
        });
    }
}

/// Splits values of four bytes and more.
#[inline(never)]
fn put_any(values: &[u8], width: usize, out: &mut [u8]) {
    let count = values.len() / width;
    for start in lanes_of(width, 4) {
        scatter(count, start, out, split_apart, |index, lanes| {
            let block = values.get(index * BLOCK * width..).unwrap_or_default();
            for (to, value) in lanes.iter_mut().zip(block.chunks_exact(width)) {
                if let Some(lane) = value.get(start..).and_then(<[u8]>::first_chunk) {
                    *to = *lane;
                }
            }
        });
    }
}

/// Takes the lane of each number of a block.
#[inline(always)]
fn read<T>(block: &[T], lanes: &mut Lanes, lane: impl Fn(&T) -> [u8; 4]) {
    for (to, value) in lanes.iter_mut().zip(block) {
        *to = lane(value);
    }
}

/// Takes the lane at `start` of each value of a block.
#[inline(always)]
fn read_at<const WIDTH: usize>(block: &[[u8; WIDTH]], start: usize, lanes: &mut Lanes) {
    for (to, value) in lanes.iter_mut().zip(block) {
        if let Some(lane) = value.get(start..).and_then(<[u8]>::first_chunk) {
            *to = *lane;
        }
    }
}

/// Takes values that are shorter than a lane together with the first bytes of the next one, which
/// are then of no stream.
#[inline(always)]
fn read_short<const WIDTH: usize>(block: &[[u8; WIDTH]], lanes: &mut Lanes) {
    let bytes = block.as_flattened();
    for (to, lane) in lanes.iter_mut().zip(bytes.windows(4).step_by(WIDTH)) {
        if let Some(lane) = lane.first_chunk() {
            *to = *lane;
        }
    }
    // The last value has no next one.
    let last = block.len().saturating_sub(1);
    if let (Some(to), Some(value)) = (lanes.get_mut(last), block.last()) {
        for (to, from) in to.iter_mut().zip(value) {
            *to = *from;
        }
    }
}

/// As [`split_4`], once for all widths.
#[inline(never)]
fn split_apart(lanes: &Lanes, halves: &mut Halves, streams: [&mut Bytes; 4]) {
    split_4(lanes, halves, streams);
}

/// Puts the lanes from byte `start` of `count` values on, which `read` gives a block at a time,
/// into their streams.
#[inline(always)]
fn scatter(
    count: usize,
    start: usize,
    out: &mut [u8],
    split: impl Fn(&Lanes, &mut Halves, [&mut Bytes; 4]),
    mut read: impl FnMut(usize, &mut Lanes),
) {
    let out = out.get_mut(start * count..).unwrap_or_default();
    let mut streams = out.chunks_exact_mut(count.max(1));
    let mut next = || streams.next().unwrap_or_default().as_chunks_mut::<BLOCK>();
    let (a, b, c, d) = (next(), next(), next(), next());
    let mut lanes = [[0; 4]; BLOCK];
    let mut halves = [[0; 2 * BLOCK]; 2];
    // For lanes that reach beyond the value.
    let mut spare = [0; BLOCK];
    for (index, ((to_a, to_b), to_c)) in a.0.iter_mut().zip(b.0).zip(c.0).enumerate() {
        read(index, &mut lanes);
        let to_d = d.0.get_mut(index).unwrap_or(&mut spare);
        split(&lanes, &mut halves, [to_a, to_b, to_c, to_d]);
    }
    if !count.is_multiple_of(BLOCK) {
        read(count / BLOCK, &mut lanes);
        let mut bytes = [[0; BLOCK]; 4];
        split(&lanes, &mut halves, bytes.each_mut());
        for (stream, bytes) in [a.1, b.1, c.1, d.1].into_iter().zip(bytes) {
            for (to, from) in stream.iter_mut().zip(bytes) {
                *to = from;
            }
        }
    }
}
