//! Values to pages.

use super::choose::Choice;
use super::float::{Float, Pair, Scale};
use super::measure::{Fit, Lanes, exception_bits};
use super::narrow::narrow;
use super::{HEADER, LOG_VECTOR, OFFSET, POSITION, VECTOR, max_encoded_len, vector_header};
use crate::error::EncodeError;
use crate::output::Output;
use core::mem;

/// Integers that are searched for exceptions at a time.
const BLOCK: usize = 16;

/// Appends FLOAT values.
///
/// # Errors
///
/// There are more than 714 million values, for which offsets may not suffice, and nothing is
/// appended then; or the output is full.
pub fn encode_f32(values: &[f32], out: &mut impl Output) -> Result<(), EncodeError> {
    encode(values, out)
}

/// Appends DOUBLE values.
///
/// # Errors
///
/// There are more than 428 million values, for which offsets may not suffice, and nothing is
/// appended then; or the output is full.
pub fn encode_f64(values: &[f64], out: &mut impl Output) -> Result<(), EncodeError> {
    encode(values, out)
}

fn encode<T: Float>(values: &[T], out: &mut impl Output) -> Result<(), EncodeError> {
    let count = check_count(values.len(), size_of::<T>())?;
    let start = out.written().len();
    let offsets = values.len().div_ceil(VECTOR) * OFFSET;
    out.reserve(HEADER + offsets + size_of_val(values) / 2);
    out.put(&[0, 0, LOG_VECTOR])?;
    out.put(&count.to_le_bytes())?;
    out.grow(offsets)?;

    let mut choice = Choice::new(values);
    let mut vector = Vector::new();
    let mut offset_at = start + HEADER;
    for values in values.chunks(VECTOR) {
        // It fits, as the longest page that there can be was checked.
        let offset = (out.written().len() - start - HEADER) as u32;
        let offsets = out.written().get_mut(offset_at..).unwrap_or_default();
        if let Some(to) = offsets.first_chunk_mut() {
            *to = offset.to_le_bytes();
        }
        offset_at += OFFSET;

        let first = vector.fill(values, choice.first());
        let pair = choice.choose(values, first);
        let fit = if pair == first.pair {
            first
        } else {
            vector.fill(values, pair)
        };
        vector.put(values, fit, out)?;
    }
    Ok(())
}

/// How many values of `size` bytes there are, as the header has it. Errors if offsets may become
/// too large.
pub(super) fn check_count(count: usize, size: usize) -> Result<u32, EncodeError> {
    let longest = max_encoded_len(VECTOR, size) - HEADER;
    let most = u32::MAX / longest as u32 * VECTOR as u32;
    match u32::try_from(count) {
        Ok(count) if count <= most => Ok(count),
        _ => Err(EncodeError::TooLong {
            len: count.saturating_mul(size),
            most: (most as usize).saturating_mul(size),
        }),
    }
}

/// A vector on its way.
struct Vector<T: Float> {
    /// The integers at a pair, NaN for exceptions.
    integers: [T; VECTOR],
    positions: [u16; VECTOR],
    packed: [T::Bits; VECTOR],
}

impl<T: Float> Vector<T> {
    fn new() -> Self {
        Self {
            integers: [T::NAN; VECTOR],
            positions: [0; VECTOR],
            packed: [T::Bits::default(); VECTOR],
        }
    }

    /// Takes the integers of values at a pair.
    fn fill(&mut self, values: &[T], pair: Pair) -> Fit<T> {
        let mut lanes = Lanes::new();
        let integers = self.integers.get_mut(..values.len()).unwrap_or_default();
        lanes.measure(values, &Scale::of(pair), integers);
        lanes.fit(pair)
    }

    /// Appends the values of which it has the integers.
    fn put(&mut self, values: &[T], fit: Fit<T>, out: &mut impl Output) -> Result<(), EncodeError> {
        let count = values.len();
        let mut fit = narrow(self.integers.get(..count).unwrap_or_default(), fit);
        if fit.bits(count) == count * exception_bits::<T>() {
            fit = Fit::none(count);
        }
        let integers = self.integers.get_mut(..count).unwrap_or_default();
        let mut positions: &[u16] = &[];
        if fit.exceptions > 0 {
            let found = positions_outside(integers, &fit, &mut self.positions);
            positions = self.positions.get(..found).unwrap_or_default();
            fill_exceptions(integers, positions);
        }
        if fit.exceptions == count {
            fit.lowest = T::from_integer(0);
            fit.highest = fit.lowest;
        }
        let packed = self.packed.get_mut(..count).unwrap_or_default();
        T::less_lowest(integers, fit.lowest, fit.highest, packed);

        let width = fit.width();
        let packed_len = (count * usize::from(width)).div_ceil(8);
        let header = vector_header(size_of::<T>());
        let exceptions = positions.len() * (POSITION + size_of::<T>());
        let mut room = out.grow(header + packed_len + exceptions)?;
        if let Some((pair, range)) = cut(&mut room, header).split_first_chunk_mut() {
            let [low, high] = (positions.len() as u16).to_le_bytes();
            *pair = [fit.pair.exponent, fit.pair.factor, low, high];
            fit.lowest.write_integer(range);
            if let Some(last) = range.last_mut() {
                *last = width;
            }
        }
        pack::<T>(packed, width, cut(&mut room, packed_len))?;
        let to = cut(&mut room, positions.len() * POSITION);
        for (to, position) in to.as_chunks_mut().0.iter_mut().zip(positions) {
            *to = position.to_le_bytes();
        }
        let to = room.chunks_exact_mut(size_of::<T>());
        for (to, &position) in to.zip(positions) {
            if let Some(value) = values.get(usize::from(position)) {
                value.write(to);
            }
        }
        Ok(())
    }
}

/// The front of the room, which is shorter then.
fn cut<'a>(room: &mut &'a mut [u8], len: usize) -> &'a mut [u8] {
    let (front, behind) = mem::take(room)
        .split_at_mut_checked(len)
        .unwrap_or_default();
    *room = behind;
    front
}

/// Finds integers that are not within the range of a fit, NaN among them, and returns how many
/// positions it wrote.
#[inline(never)]
fn positions_outside<T: Float>(integers: &[T], fit: &Fit<T>, to: &mut [u16; VECTOR]) -> usize {
    let inside = |&integer: &T| (integer >= fit.lowest) & (integer <= fit.highest);
    let mut found = 0;
    for (index, block) in integers.chunks(BLOCK).enumerate() {
        if block
            .iter()
            .fold(true, |all, integer| all & inside(integer))
        {
            continue;
        }
        for (position, integer) in block.iter().enumerate() {
            // Written always, counted if it is one: there is nothing to be guessed wrong.
            if let Some(to) = to.get_mut(found) {
                *to = (index * BLOCK + position) as u16;
            }
            found += usize::from(!inside(integer));
        }
    }
    found
}

/// Gives exceptions the first integer that is of none, or 0.
fn fill_exceptions<T: Float>(integers: &mut [T], positions: &[u16]) {
    let mut index = 0..;
    let first = positions
        .iter()
        .zip(&mut index)
        .find(|&(&position, index)| usize::from(position) != index)
        .map_or(positions.len(), |(_, index)| index);
    let filler = integers.get(first).copied().unwrap_or(T::from_integer(0));
    for &position in positions {
        if let Some(integer) = integers.get_mut(usize::from(position)) {
            *integer = filler;
        }
    }
}

/// Packs to all of `out`. The last group of eight may be cut off where its values end.
fn pack<T: Float>(integers: &[T::Bits], width: u8, out: &mut [u8]) -> Result<(), EncodeError> {
    let (groups, rest) = integers.as_chunks::<8>();
    let len = T::pack(groups.as_flattened(), width, out)?;
    if !rest.is_empty() {
        let mut group = [T::Bits::default(); 8];
        for (to, from) in group.iter_mut().zip(rest) {
            *to = *from;
        }
        let mut bytes = [0; 8 * 8];
        T::pack(&group, width, &mut bytes)?;
        let tail = out.get_mut(len..).unwrap_or_default();
        for (to, from) in tail.iter_mut().zip(bytes) {
            *to = from;
        }
    }
    Ok(())
}
