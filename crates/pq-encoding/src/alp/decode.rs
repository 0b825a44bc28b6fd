//! Pages to values.

use super::float::{Float, Pair, Scale};
use super::{HEADER, LOG_VECTORS, OFFSET, POSITION, vector_header};
use crate::error::DecodeError;
use core::marker::PhantomData;

/// Integers that are unpacked at a time.
const BLOCK: usize = 256;

/// Fills `out` with the FLOAT values that `input` starts with and returns the bytes used.
///
/// # Errors
///
/// The input does not state exactly `out.len()` values, is not valid, or ends too early; `out`
/// may hold the values before the fault then.
pub fn decode_f32(input: &[u8], out: &mut [f32]) -> Result<usize, DecodeError> {
    decode(input, out)
}

/// Fills `out` with the DOUBLE values that `input` starts with and returns the bytes used.
///
/// # Errors
///
/// The input does not state exactly `out.len()` values, is not valid, or ends too early; `out`
/// may hold the values before the fault then.
pub fn decode_f64(input: &[u8], out: &mut [f64]) -> Result<usize, DecodeError> {
    decode(input, out)
}

fn decode<T: Float>(input: &[u8], out: &mut [T]) -> Result<usize, DecodeError> {
    let decoder = Decoder::<T>::new(input)?;
    if decoder.count() != out.len() {
        return Err(DecodeError::Count {
            stated: decoder.count(),
            wanted: out.len(),
        });
    }
    let mut end = decoder.vectors_at();
    for (index, out) in out.chunks_mut(decoder.vector_size()).enumerate() {
        let start = decoder.offset(index)?;
        // No vector overlaps another, and nothing lies between them.
        if start != end {
            return Err(decoder.bad_offset(index));
        }
        end = decoder.decode_at(start, out)?;
    }
    Ok(end)
}

/// Decodes the vectors of a page one by one, in any order.
///
/// ```
/// use pq_encoding::alp;
///
/// let values: Vec<f32> = (0..2500).map(|i| i as f32 * 0.5).collect();
/// let mut page = Vec::new();
/// alp::encode_f32(&values, &mut page)?;
///
/// let decoder = alp::Decoder::<f32>::new(&page)?;
/// assert_eq!((decoder.count(), decoder.vectors()), (2500, 3));
/// let mut vector = [0.0; 1024];
/// assert_eq!(decoder.decode_vector(2, &mut vector)?, 2500 - 2 * 1024);
/// assert_eq!(vector[0], 1024.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Decoder<'a, T> {
    input: &'a [u8],
    count: usize,
    vector_size: usize,
    values: PhantomData<T>,
}

impl<'a, T: Float> Decoder<'a, T> {
    /// Reads the header.
    ///
    /// # Errors
    ///
    /// The input ends within the header or the offsets, or states a mode, a vector size or a
    /// count that there is not.
    pub fn new(input: &'a [u8]) -> Result<Self, DecodeError> {
        let Some(&[mode, integers, log_vector, ref count @ ..]) = input.first_chunk::<HEADER>()
        else {
            return Err(DecodeError::UnexpectedEnd {
                offset: input.len(),
            });
        };
        for (offset, mode) in [mode, integers].into_iter().enumerate() {
            if mode != 0 {
                return Err(DecodeError::Mode { offset, mode });
            }
        }
        if !LOG_VECTORS.contains(&log_vector) {
            return Err(DecodeError::BlockSize { offset: 2 });
        }
        let count = usize::try_from(i32::from_le_bytes(*count))
            .map_err(|_| DecodeError::Overflow { offset: 3 })?;
        let decoder = Self {
            input,
            count,
            vector_size: 1 << log_vector,
            values: PhantomData,
        };
        if decoder.vectors_at() > input.len() {
            return Err(DecodeError::UnexpectedEnd {
                offset: input.len(),
            });
        }
        Ok(decoder)
    }

    /// How many values the header states.
    pub fn count(&self) -> usize {
        self.count
    }

    /// How many values a vector has; the last one may have fewer.
    pub fn vector_size(&self) -> usize {
        self.vector_size
    }

    /// How many vectors there are.
    pub fn vectors(&self) -> usize {
        self.count.div_ceil(self.vector_size)
    }

    /// Fills the front of `out` with the values of one vector and returns how many they are. No
    /// other vector is looked at.
    ///
    /// # Errors
    ///
    /// There is no vector of this index, or it has more values than `out`: a count of values.
    /// Or the vector is not valid, or does not end where the next one starts or before the
    /// input does; `out` may hold some of its values then.
    pub fn decode_vector(&self, index: usize, out: &mut [T]) -> Result<usize, DecodeError> {
        let before = index.saturating_mul(self.vector_size);
        let len = self.count.saturating_sub(before).min(self.vector_size);
        let wanted = out.len();
        let Some(out) = out.get_mut(..len).filter(|out| !out.is_empty()) else {
            return Err(DecodeError::Count {
                stated: len,
                wanted,
            });
        };
        let start = self.offset(index)?;
        if index == 0 && start != self.vectors_at() {
            return Err(self.bad_offset(index));
        }
        let end = self.decode_at(start, out)?;
        if index + 1 < self.vectors() && self.offset(index + 1)? != end {
            return Err(self.bad_offset(index + 1));
        }
        Ok(len)
    }

    /// Where offsets end and the first vector starts.
    fn vectors_at(&self) -> usize {
        self.vectors().saturating_mul(OFFSET).saturating_add(HEADER)
    }

    /// Where a vector starts, as its offset has it.
    fn offset(&self, index: usize) -> Result<usize, DecodeError> {
        self.input
            .get(HEADER + index * OFFSET..)
            .and_then(<[u8]>::first_chunk)
            .and_then(|&offset| usize::try_from(u32::from_le_bytes(offset)).ok())
            .and_then(|offset| offset.checked_add(HEADER))
            .filter(|&start| start >= self.vectors_at() && start <= self.input.len())
            .ok_or(self.bad_offset(index))
    }

    fn bad_offset(&self, index: usize) -> DecodeError {
        DecodeError::Offset {
            offset: HEADER + index * OFFSET,
        }
    }

    /// Fills `out` with the values of the vector at `start`, and returns where it ends.
    fn decode_at(&self, start: usize, out: &mut [T]) -> Result<usize, DecodeError> {
        let input = self.input.get(start..).unwrap_or_default();
        match decode_vector(input, out) {
            Ok(len) => Ok(start + len),
            Err(error) => Err(error.behind(start)),
        }
    }
}

/// Fills `out` with the values of the vector that the input starts with, and returns its bytes.
fn decode_vector<T: Float>(input: &[u8], out: &mut [T]) -> Result<usize, DecodeError> {
    let end = DecodeError::UnexpectedEnd {
        offset: input.len(),
    };
    let header_len = vector_header(size_of::<T>());
    let (header, rest) = input.split_at_checked(header_len).ok_or(end)?;
    let (&[exponent, factor, low, high], range) = header.split_first_chunk().ok_or(end)?;
    let reference = T::read_integer(range).ok_or(end)?;
    let width = *range.last().ok_or(end)?;
    let exceptions = u16::from_le_bytes([low, high]);
    at_most(exponent.into(), T::MOST_EXPONENT.into(), 0)?;
    at_most(factor.into(), exponent.into(), 1)?;
    at_most(exceptions.into(), out.len(), 2)?;
    if width > T::MOST_WIDTH {
        return Err(DecodeError::TooWide {
            offset: header_len - 1,
            width,
            most: T::MOST_WIDTH,
        });
    }
    let exceptions = usize::from(exceptions);
    let packed_len = (out.len() * usize::from(width)).div_ceil(8);
    let (packed, rest) = rest.split_at_checked(packed_len).ok_or(end)?;
    let (positions, rest) = rest.split_at_checked(exceptions * POSITION).ok_or(end)?;
    let values = rest.get(..exceptions * size_of::<T>()).ok_or(end)?;

    let scale = Scale::of(Pair { exponent, factor });
    unpack(packed, width, reference, &scale, out)?;
    let both = positions
        .as_chunks()
        .0
        .iter()
        .zip(values.chunks_exact(size_of::<T>()));
    for (index, (&position, value)) in both.enumerate() {
        let position = usize::from(u16::from_le_bytes(position));
        let most = out.len() - 1;
        match (out.get_mut(position), T::read(value)) {
            (Some(to), Some(value)) => *to = value,
            _ => at_most(position, most, header_len + packed_len + index * POSITION)?,
        }
    }
    Ok(header_len + packed_len + positions.len() + values.len())
}

/// Errors if the number at `offset` is above `most`.
fn at_most(value: usize, most: usize, offset: usize) -> Result<(), DecodeError> {
    if value > most {
        return Err(DecodeError::TooLarge {
            offset,
            value,
            most,
        });
    }
    Ok(())
}

/// Unpacks all of `packed` and fills `out` with the values of the integers.
fn unpack<T: Float>(
    packed: &[u8],
    width: u8,
    reference: T::Bits,
    scale: &Scale<T>,
    out: &mut [T],
) -> Result<(), DecodeError> {
    let mut integers = [T::Bits::default(); BLOCK];
    if width == 0 {
        let (first, others) = out.split_at_mut(1.min(out.len()));
        T::values(&integers, width, reference, scale, first);
        others.fill(first.first().copied().unwrap_or(T::NAN));
        return Ok(());
    }
    let mut rest = packed;
    for out in out.chunks_mut(BLOCK) {
        let integers = integers.get_mut(..out.len()).unwrap_or_default();
        let (groups, last) = integers.as_chunks_mut::<8>();
        let used = T::unpack(rest, width, groups.as_flattened_mut())?;
        rest = rest.get(used..).unwrap_or_default();
        if !last.is_empty() {
            // The last group of eight is cut off where its values end.
            let (mut bytes, mut group) = ([0; 8 * 8], [T::Bits::default(); 8]);
            for (to, &from) in bytes.iter_mut().zip(rest) {
                *to = from;
            }
            T::unpack(&bytes, width, &mut group)?;
            for (to, from) in last.iter_mut().zip(group) {
                *to = from;
            }
        }
        T::values(integers, width, reference, scale, out);
    }
    Ok(())
}
