//! Dictionaries of numbers, by their bits.

use super::table::{Key, Table};
use super::{Failure, Hints};
use crate::leaf::Pieces;

/// A number of a physical type.
pub(super) trait Number: Copy + Default {
    type Bits: Key;
    fn bits(self) -> Self::Bits;
}

macro_rules! number {
    ($($number:ident $bits:ident $of:ident;)*) => {$(
        impl Number for $number {
            type Bits = $bits;
            #[inline(always)]
            fn bits(self) -> $bits {
                self.$of()
            }
        }
    )*};
}

number! {
    i32 u32 cast_unsigned;
    i64 u64 cast_unsigned;
    f32 u32 to_bits;
    f64 u64 to_bits;
}

/// The different numbers, of `limit` bytes at most; their codes go to `codes`, one each.
pub(super) fn build<T: Number>(
    values: &Pieces<'_, T>,
    limit: usize,
    hints: Hints,
    table: &mut Table<T::Bits>,
    codes: &mut [u32],
) -> Result<Vec<T>, Failure> {
    match hints.has_runs {
        true => look_up::<T, true>(values, limit, hints, table, codes),
        false => look_up::<T, false>(values, limit, hints, table, codes),
    }
}

fn look_up<T: Number, const RUNS: bool>(
    values: &Pieces<'_, T>,
    limit: usize,
    hints: Hints,
    table: &mut Table<T::Bits>,
    mut codes: &mut [u32],
) -> Result<Vec<T>, Failure> {
    let most = (limit / size_of::<T>()).min(i32::MAX as usize);
    table.reset(hints.distinct.min(most));
    let mut entries: Vec<T> = Vec::new();
    let mut previous = (T::Bits::default(), super::table::EMPTY);
    values.try_for_each(0..values.len(), |slice| {
        let (here, rest) = std::mem::take(&mut codes)
            .split_at_mut_checked(slice.len())
            .unwrap_or_default();
        codes = rest;
        for (to, value) in here.iter_mut().zip(slice) {
            let key = value.bits();
            if RUNS && key == previous.0 && previous.1 != super::table::EMPTY {
                *to = previous.1;
                continue;
            }
            let code = match table.find(key) {
                Ok(code) => code,
                Err(vacant) => {
                    if entries.len() == most {
                        return Err(Failure::TooLarge);
                    }
                    let code = entries.len() as u32;
                    table.insert(vacant, key, code)?;
                    entries.push(*value);
                    code
                }
            };
            if RUNS {
                previous = (key, code);
            }
            *to = code;
        }
        Ok(())
    })?;
    Ok(entries)
}
