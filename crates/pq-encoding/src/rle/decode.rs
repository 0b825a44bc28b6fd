//! Runs to values.

use super::{LONGEST, bits};
use crate::bitpack;
use crate::error::DecodeError;
use crate::kernels::{self, Work};
use crate::varint;

/// One run of the hybrid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Run<'a> {
    /// One value, many times.
    Repeated {
        /// The value.
        value: u32,
        /// How often, at least once.
        count: usize,
    },
    /// Values one after the other.
    Packed {
        /// The values, bit-packed, least significant bit first: whole groups of eight.
        bytes: &'a [u8],
        /// How many values there are, a multiple of eight, the padding of the last group of a
        /// page among them.
        count: usize,
    },
}

/// The runs of the hybrid, one after the other, to the end of the input. The first error is the
/// last item.
///
/// ```
/// use pq_encoding::rle::{Run, Runs};
///
/// let mut runs = Runs::new(&[0xc8, 0x01, 5], 3)?;
/// assert_eq!(runs.next(), Some(Ok(Run::Repeated { value: 5, count: 100 })));
/// assert_eq!(runs.next(), None);
/// # Ok::<(), pq_encoding::DecodeError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Runs<'a> {
    input: &'a [u8],
    position: usize,
    width: u8,
}

impl<'a> Runs<'a> {
    /// The runs of `input`, values `width` bits wide.
    ///
    /// # Errors
    ///
    /// A width above 32.
    pub fn new(input: &'a [u8], width: u8) -> Result<Self, DecodeError> {
        if width > 32 {
            return Err(DecodeError::Width { width, most: 32 });
        }
        Ok(Self {
            input,
            position: 0,
            width,
        })
    }

    /// The bytes read so far.
    pub fn position(&self) -> usize {
        self.position
    }

    /// Reads a run of less than 64 like values, if one stands at the front of `rest`: of most runs
    /// header and value are in one word.
    #[inline(always)]
    fn short_run(&mut self, rest: &[u8]) -> Option<Run<'a>> {
        let word = u64::from_le_bytes(*rest.first_chunk()?);
        let header = word & 0xff;
        let len = self.width.div_ceil(8);
        let value = (word >> 8) & !(u64::MAX << (8 * len));
        if header == 0 || header & 0x81 != 0 || !bitpack::fits(value, self.width) {
            return None;
        }
        self.position += 1 + usize::from(len);
        Some(Run::Repeated {
            value: value as u32,
            count: (header >> 1) as usize,
        })
    }

    #[inline(always)]
    fn read(&mut self) -> Result<Run<'a>, DecodeError> {
        let start = self.position;
        let rest = self.input.get(start..).unwrap_or_default();
        if let Some(run) = self.short_run(rest) {
            return Ok(run);
        }
        let (header, header_len) = varint::decode_u64(rest).map_err(|error| match error {
            DecodeError::UnexpectedEnd { offset } => DecodeError::UnexpectedEnd {
                offset: start + offset,
            },
            _ => DecodeError::Overflow { offset: start },
        })?;
        let body = rest.get(header_len..).unwrap_or_default();
        let is_packed = header & 1 == 1;
        let length = header >> 1;
        if length > LONGEST {
            return Err(DecodeError::Overflow { offset: start });
        }
        if length == 0 {
            return Err(DecodeError::EmptyRun { offset: start });
        }
        let end = DecodeError::UnexpectedEnd {
            offset: self.input.len(),
        };
        let too_many = |_| DecodeError::Overflow { offset: start };
        if is_packed {
            let count = usize::try_from(length * 8).map_err(too_many)?;
            let len = bitpack::packed_len(count, self.width);
            let bytes = body.get(..len).ok_or(end)?;
            self.position = start + header_len + len;
            return Ok(Run::Packed { bytes, count });
        }
        let len = self.width.div_ceil(8) as usize;
        let mut bytes = [0; 4];
        for (to, from) in bytes.iter_mut().zip(body.get(..len).ok_or(end)?) {
            *to = *from;
        }
        let value = u32::from_le_bytes(bytes);
        if self.width < 32 && value >> self.width != 0 {
            return Err(DecodeError::Overflow {
                offset: start + header_len,
            });
        }
        self.position = start + header_len + len;
        Ok(Run::Repeated {
            value,
            count: usize::try_from(length).map_err(too_many)?,
        })
    }
}

impl<'a> Iterator for Runs<'a> {
    type Item = Result<Run<'a>, DecodeError>;

    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        if self.position >= self.input.len() {
            return None;
        }
        let run = self.read();
        if run.is_err() {
            self.position = self.input.len();
        }
        Some(run)
    }
}

impl Run<'_> {
    /// The same, of its first `most` values only.
    fn cut(self, most: usize) -> Self {
        match self {
            Self::Repeated { value, count } => Self::Repeated {
                value,
                count: count.min(most),
            },
            Self::Packed { bytes, count } => Self::Packed {
                bytes,
                count: count.min(most),
            },
        }
    }

    fn count(&self) -> usize {
        match *self {
            Self::Repeated { count, .. } | Self::Packed { count, .. } => count,
        }
    }
}

/// Where a run is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    /// Values before it.
    pub(crate) index: usize,
    /// Where its value or its packed values start in the input.
    pub(crate) offset: usize,
}

/// Calls `take` with the runs of the first `count` values, the last one cut to those that are
/// wanted of it, and returns the bytes used.
#[inline]
pub(crate) fn for_runs<'a>(
    input: &'a [u8],
    width: u8,
    count: usize,
    mut take: impl FnMut(Place, Run<'a>) -> Result<(), DecodeError>,
) -> Result<usize, DecodeError> {
    let mut runs = Runs::new(input, width)?;
    let mut index = 0;
    while index < count {
        let run = runs.next().unwrap_or(Err(DecodeError::UnexpectedEnd {
            offset: input.len(),
        }))?;
        let len = match run {
            Run::Repeated { .. } => width.div_ceil(8).into(),
            Run::Packed { bytes, .. } => bytes.len(),
        };
        let offset = runs.position() - len;
        let run = run.cut(count - index);
        take(Place { index, offset }, run)?;
        index += run.count();
    }
    Ok(runs.position())
}

/// Fills the first `count` values, and perhaps some of those behind them, which come next.
#[inline(always)]
pub(crate) fn fill<T: Copy>(out: &mut [T], value: T, count: usize) {
    match out.first_chunk_mut::<64>() {
        Some(near) if count <= 64 => {
            for eight in near
                .as_chunks_mut::<8>()
                .0
                .iter_mut()
                .take(count.div_ceil(8))
            {
                *eight = [value; 8];
            }
        }
        _ => fill_many(out.get_mut(..count).unwrap_or_default(), value),
    }
}

#[inline(never)]
fn fill_many<T: Copy>(out: &mut [T], value: T) {
    kernels::vectorized(Fill { out, value });
}

/// A long run.
struct Fill<'a, T> {
    out: &'a mut [T],
    value: T,
}

impl<T: Copy> Work for Fill<'_, T> {
    type Done = ();

    #[inline(always)]
    fn run(self) {
        self.out.fill(self.value);
    }
}

/// Fills `out` with the values, `width` bits wide, that `input` starts with, and returns the
/// bytes used.
///
/// # Errors
///
/// A width above 32, an empty run, a repeated value or count that is too large, or too short an
/// input; `out` then holds the values before it.
pub fn decode_u32(input: &[u8], width: u8, out: &mut [u32]) -> Result<usize, DecodeError> {
    for_runs(input, width, out.len(), |place, run| {
        let to = out.get_mut(place.index..).unwrap_or_default();
        match run {
            Run::Repeated { value, count } => fill(to, value, count),
            Run::Packed { bytes, count } => {
                // Kernels may look at bytes behind those of the run.
                let bytes = input.get(place.offset..).unwrap_or(bytes);
                bitpack::unpack_u32(bytes, width, to.get_mut(..count).unwrap_or_default())?;
            }
        }
        Ok(())
    })
}

/// Writes the first `len` values of `input`, one bit wide, to the front of `out` as a bitmap,
/// least significant bit first, and returns the bytes used. The bits behind the last value are
/// zeros. What [`encode_bitmap`](super::encode_bitmap) is the encoder of: definition levels of a
/// flat column, booleans in RLE.
///
/// # Errors
///
/// An output of less than ⌈`len` / 8⌉ bytes, and it is as it was then; an empty run, a repeated
/// value or count that is too large, or too short an input, and the output then holds the values
/// before it.
///
/// ```
/// use pq_encoding::rle;
///
/// let mut bitmap = [0; 2];
/// // Seven times 1, then 0 1 0 1 0 1 0 1.
/// assert_eq!(rle::decode_bitmap(&[14, 1, 3, 0b1010_1010], 15, &mut bitmap)?, 4);
/// assert_eq!(bitmap, [0b0111_1111, 0b101_0101]);
/// # Ok::<(), pq_encoding::DecodeError>(())
/// ```
pub fn decode_bitmap(input: &[u8], len: usize, out: &mut [u8]) -> Result<usize, DecodeError> {
    let available = out.len();
    let needed = len.div_ceil(8);
    let full = DecodeError::OutputFull { needed, available };
    let out = out.get_mut(..needed).ok_or(full)?;
    out.fill(0);
    for_runs(input, 1, len, |place, run| {
        match run {
            Run::Repeated { value: 0, .. } => {}
            Run::Repeated { count, .. } => bits::set(out, place.index, count),
            Run::Packed { bytes, count } => bits::copy(out, place.index, bytes, count),
        }
        Ok(())
    })
}
