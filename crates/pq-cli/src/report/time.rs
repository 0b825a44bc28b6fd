//! Dates and times of day as text.

const SECONDS_A_DAY: i64 = 86_400;

/// A day as `2024-02-29`, counted in days since 1970-01-01.
pub fn date(days: i64) -> String {
    let (year, month, day) = civil(days);
    let sign = if year < 0 { "-" } else { "" };
    format!("{sign}{:04}-{month:02}-{day:02}", year.unsigned_abs())
}

/// A time of day as `13:05:00.250`, with as many digits as the unit has. `per_second` is a power
/// of ten.
pub fn time_of_day(value: i64, per_second: i64) -> String {
    let seconds = value.div_euclid(per_second);
    let fraction = value.rem_euclid(per_second);
    let (hours, minutes) = (seconds.div_euclid(3600), seconds.rem_euclid(3600) / 60);
    let clock = format!("{hours:02}:{minutes:02}:{:02}", seconds.rem_euclid(60));
    match per_second.ilog10() as usize {
        0 => clock,
        digits => format!("{clock}.{fraction:0digits$}"),
    }
}

/// A point in time as `2024-02-29T13:05:00.250`, counted from 1970-01-01T00:00:00.
pub fn timestamp(value: i64, per_second: i64) -> String {
    let day = SECONDS_A_DAY * per_second;
    let clock = time_of_day(value.rem_euclid(day), per_second);
    format!("{}T{clock}", date(value.div_euclid(day)))
}

/// Year, month and day in the Gregorian calendar, also before it was introduced.
fn civil(days: i64) -> (i64, u32, u32) {
    // Years begin in March here, so that the leap day is the last day of a year.
    let since_march = days + 719_468;
    let era = since_march.div_euclid(146_097);
    let day_of_era = since_march.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = (day_of_year - (153 * march_month + 2) / 5 + 1) as u32;
    let month = ((march_month + 2) % 12 + 1) as u32;
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_dates() {
        for (days, text) in [
            (0, "1970-01-01"),
            (-1, "1969-12-31"),
            (19_782, "2024-02-29"),
            (19_783, "2024-03-01"),
            (11_016, "2000-02-29"),
            (-25_508, "1900-03-01"),
            (-719_528, "0000-01-01"),
            (-719_529, "-0001-12-31"),
            (2_932_896, "9999-12-31"),
        ] {
            assert_eq!(date(days), text, "{days}");
        }
    }

    #[test]
    fn every_day_follows_the_one_before() {
        let mut previous = civil(-800_000);
        for days in -799_999..800_000 {
            let (year, month, day) = civil(days);
            let next_day = (previous.0, previous.1, previous.2 + 1);
            let next_month = (previous.0, previous.1 + 1, 1);
            let next_year = (previous.0 + 1, 1, 1);
            let current = (year, month, day);
            assert!(
                [next_day, next_month, next_year].contains(&current) && day <= 31 && month <= 12,
                "{days}: {current:?}"
            );
            previous = current;
        }
    }

    #[test]
    fn units_decide_the_digits() {
        assert_eq!(time_of_day(47_100_250, 1_000), "13:05:00.250");
        assert_eq!(time_of_day(1, 1_000_000_000), "00:00:00.000000001");
        assert_eq!(timestamp(-1, 1_000_000), "1969-12-31T23:59:59.999999");
        assert_eq!(timestamp(0, 1_000), "1970-01-01T00:00:00.000");
        // The ends of the range do not overflow.
        assert!(timestamp(i64::MIN, 1_000).starts_with('-'));
        assert!(timestamp(i64::MAX, 1_000_000_000).starts_with("2262-04-11T"));
    }
}
