//! Dates and points in time in another unit than they come in.

use super::each::each;
use super::{Fault, Pass};
use crate::leaf::{FixedPieces, LeafValues};
use crate::nested::Selection;
use crate::schema::{TimeUnit, TimestampStorage};

const MILLIS_A_DAY: i64 = 86_400_000;
const NANOS_A_SECOND: i64 = 1_000_000_000;
const SECONDS_A_DAY: i64 = 86_400;

/// The Julian day of 1970-01-01.
const JULIAN_EPOCH: i64 = 2_440_588;

pub(super) fn days(millis: i64) -> Result<i32, &'static str> {
    if millis.rem_euclid(MILLIS_A_DAY) != 0 {
        return Err("the date has a time of day");
    }
    i32::try_from(millis.div_euclid(MILLIS_A_DAY)).map_err(|_| "the date is out of range in days")
}

/// A time of day is from midnight on and before the next; LogicalTypes.md, TIME.
pub(super) fn within_a_day(time: i64, unit: TimeUnit) -> Result<(), &'static str> {
    match (0..SECONDS_A_DAY * per_second(unit)).contains(&time) {
        true => Ok(()),
        false => Err("the time is not within a day"),
    }
}

pub(super) fn time_to_millis(seconds: i32) -> Result<i32, &'static str> {
    within_a_day(seconds.into(), TimeUnit::Seconds)?;
    Ok(seconds.wrapping_mul(1000))
}

pub(super) fn seconds_to_millis(seconds: i64) -> Result<i64, &'static str> {
    seconds
        .checked_mul(1000)
        .ok_or("the timestamp is out of range in milliseconds")
}

pub(super) fn timestamps<'a>(
    values: &'a [i64],
    selection: &Selection<'_>,
    pass: Pass,
    unit: TimeUnit,
    storage: TimestampStorage,
    truncate: bool,
) -> Result<LeafValues<'a>, Fault> {
    let from = per_second(unit);
    let to = match storage {
        TimestampStorage::Millis => 1_000,
        TimestampStorage::Micros => 1_000_000,
        TimestampStorage::Nanos => NANOS_A_SECOND,
        TimestampStorage::Int96 => {
            return Ok(LeafValues::Fixed {
                width: 12,
                data: int96(values, selection, pass, from)?,
            });
        }
    };
    let converted = if to >= from {
        each(values, selection, pass, move |value| {
            value
                .checked_mul(to / from)
                .ok_or("the timestamp is out of range in the unit it is stored in")
        })?
    } else {
        let factor = from / to;
        each(values, selection, pass, move |value| {
            if !truncate && value.rem_euclid(factor) != 0 {
                return Err("the timestamp is finer than the unit it is stored in");
            }
            Ok(value.div_euclid(factor))
        })?
    };
    Ok(LeafValues::Int64(converted))
}

fn per_second(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Seconds => 1,
        TimeUnit::Millis => 1_000,
        TimeUnit::Micros => 1_000_000,
        TimeUnit::Nanos => NANOS_A_SECOND,
    }
}

/// Twelve bytes each, little-endian: nanoseconds of the day in 64 bits, the Julian day in 32.
fn int96(
    values: &[i64],
    selection: &Selection<'_>,
    pass: Pass,
    per_second: i64,
) -> Result<FixedPieces<'static>, Fault> {
    let a_day = SECONDS_A_DAY * per_second;
    let stored = each(values, selection, pass, |value: i64| {
        let day = value.div_euclid(a_day).saturating_add(JULIAN_EPOCH);
        let day = i32::try_from(day).map_err(|_| "the timestamp is out of range of INT96")?;
        let nanos = value.rem_euclid(a_day) * (NANOS_A_SECOND / per_second);
        let mut bytes = [0; 12];
        bytes[..8].copy_from_slice(&nanos.to_le_bytes());
        bytes[8..].copy_from_slice(&day.to_le_bytes());
        Ok(bytes)
    })?;
    Ok(super::fixed::flatten(&stored))
}

#[cfg(test)]
mod tests {
    use super::{int96, timestamps};
    use crate::convert::Pass;
    use crate::leaf::LeafValues;
    use crate::nested::Selection;
    use crate::schema::{TimeUnit, TimestampStorage};

    #[test]
    fn int96_is_nanoseconds_of_the_day_and_the_julian_day() {
        let stored = int96(&[0, -1], &Selection::All(2), Pass::Take, 1_000).unwrap();
        let bytes: Vec<u8> = stored.slices(0..24).flatten().copied().collect();
        assert_eq!(bytes[..8], 0i64.to_le_bytes());
        assert_eq!(bytes[8..12], 2_440_588i32.to_le_bytes());
        assert_eq!(bytes[12..20], 86_399_999_000_000i64.to_le_bytes());
        assert_eq!(bytes[20..], 2_440_587i32.to_le_bytes());
    }

    #[test]
    fn what_a_coarser_unit_cannot_hold_is_an_error_unless_it_may_be_cut_off() {
        let to_millis = |truncate, pass| {
            timestamps(
                &[1_999, -1],
                &Selection::All(2),
                pass,
                TimeUnit::Micros,
                TimestampStorage::Millis,
                truncate,
            )
        };
        assert!(to_millis(false, Pass::Check).is_err());
        let Ok(LeafValues::Int64(cut)) = to_millis(true, Pass::Take) else {
            panic!("microseconds cut to milliseconds")
        };
        assert_eq!(cut.contiguous(0..2, &mut Vec::new()), [1, -1]);
    }
}
