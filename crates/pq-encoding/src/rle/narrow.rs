//! Values of types narrower than 32 bits to runs: levels and booleans.

use super::{LONGEST, encode_run};
use crate::error::EncodeError;
use crate::output::Output;
use crate::varint;

/// Appends `values`, which fit `width` bits, of which there are some. `pack` appends values
/// bit-packed, in whole groups of eight.
pub(crate) fn encode_narrow<T, O>(
    values: &[T],
    width: u8,
    out: &mut O,
    pack: impl Fn(&[T], &mut O) -> Result<(), EncodeError>,
) -> Result<(), EncodeError>
where
    T: Copy + PartialEq + Into<u32>,
    O: Output,
{
    let put_packed = |from: usize, to: usize, out: &mut O| {
        let packed = values.get(from..to).unwrap_or_default();
        for values in packed.chunks(LONGEST as usize / 8 * 8) {
            let groups = values.len().div_ceil(8) as u64;
            varint::encode_u64(groups << 1 | 1, out)?;
            pack(values, out)?;
        }
        Ok(())
    };
    let (mut packed_from, mut at) = (0, 0);
    while let Some((&first, rest)) = values.get(at..).and_then(<[T]>::split_first) {
        let run = 1 + same_at_front(rest, first);
        if pays(run, run > rest.len(), packed_from < at, width) {
            put_packed(packed_from, at, out)?;
            encode_run(first.into(), run, width, out)?;
            at += run;
            packed_from = at;
        } else {
            at = (at + 8).min(values.len());
        }
    }
    put_packed(packed_from, values.len(), out)
}

/// Whether a run is shorter than the bits that it stands for.
fn pays(run: usize, is_last: bool, packed_before: bool, width: u8) -> bool {
    let width = usize::from(width);
    let taken = varint::len_u64((run as u64) << 1) + width.div_ceil(8);
    if is_last {
        // Without it there is a header of packed groups, unless they go on.
        taken < run.div_ceil(8) * width + usize::from(!packed_before)
    } else {
        // With it there is a header of the packed groups behind it.
        taken + 1 < run / 8 * width
    }
}

/// How many values are `first` before another follows; a lower bound where it is less than seven
/// and not all.
#[inline]
fn same_at_front<T: Copy + PartialEq>(values: &[T], first: T) -> usize {
    // One look tells most groups without a run from those that may have one.
    if values.get(6).is_some_and(|&value| value != first) {
        return 0;
    }
    // Without a branch a value: so the compiler makes vectors, and where runs end is not to be
    // foreseen.
    let is_all = |group: &&[T]| {
        group
            .iter()
            .fold(true, |all, &value| all & (value == first))
    };
    let whole = values.chunks_exact(8).take_while(is_all).count() * 8;
    let rest = values.get(whole..).unwrap_or_default();
    let (mut same, mut count) = (true, whole);
    for &value in rest.iter().take(8) {
        same &= value == first;
        count += usize::from(same);
    }
    count
}
