//! The options of a store that are this crate's own.

use crate::error::StoreError;
use crate::options::{self, StoreOptions};
use crate::progress::ProgressListener;
use std::time::Duration;

const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;
/// The largest object that is put in one request, and the largest part. Azure takes 4,000 MiB,
/// the others 5 GiB.
pub(super) const LARGEST_BODY: u64 = 2 * GIB;

/// How far the conditions of writes are trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ConditionalPut {
    /// Tried out before the first is relied on.
    Probe,
    /// Relied on.
    Trust,
    /// Not used: look, then write.
    LastWriterWins,
}

#[derive(Clone)]
pub(super) struct Settings {
    pub(super) part_size: u64,
    pub(super) upload_concurrency: usize,
    pub(super) conditional_put: ConditionalPut,
    pub(super) conditional_put_bytes: u64,
    pub(super) max_retries: u32,
    pub(super) retry_timeout: Duration,
    pub(super) listener: Option<ProgressListener>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            part_size: 8 * MIB,
            upload_concurrency: 8,
            conditional_put: ConditionalPut::Probe,
            conditional_put_bytes: 64 * MIB,
            max_retries: 10,
            retry_timeout: Duration::from_secs(180),
            listener: None,
        }
    }
}

/// The keys of this crate.
pub(super) const KEYS: [&str; 6] = [
    "conditional_put",
    "conditional_put_bytes",
    "max_retries",
    "part_size",
    "retry_timeout",
    "upload_concurrency",
];

impl Settings {
    /// What the options say, and those that are not of this crate.
    pub(super) fn parse(
        options: &StoreOptions,
        smallest_part: u64,
    ) -> Result<(Self, Vec<(String, String)>), StoreError> {
        let mut settings = Self {
            listener: options.listener(),
            ..Self::default()
        };
        let mut others = Vec::new();
        for (key, value) in options.pairs() {
            match key.as_str() {
                "conditional_put" => settings.conditional_put = conditional_put(value)?,
                "conditional_put_bytes" => {
                    settings.conditional_put_bytes = bytes(&key, value, 0)?;
                }
                "max_retries" => settings.max_retries = number(&key, value, 0..=1000)?,
                "part_size" => settings.part_size = bytes(&key, value, smallest_part)?,
                "retry_timeout" => {
                    let seconds = number(&key, value, 1..=86_400)?;
                    settings.retry_timeout = Duration::from_secs(seconds.into());
                }
                "upload_concurrency" => {
                    settings.upload_concurrency = number(&key, value, 1..=1000)? as usize;
                }
                _ => others.push((key, value.to_owned())),
            }
        }
        Ok((settings, others))
    }

    /// Bytes of the part with this number, from 0. Twice as many after every thousand parts, so
    /// that the 10,000 parts that an object may have hold 5 TiB.
    pub(super) fn part_bytes(&self, number: u32) -> usize {
        let doublings = (number / 1000).min(20);
        let bytes = self.part_size << doublings;
        bytes.min(LARGEST_BODY.max(self.part_size)) as usize
    }
}

fn conditional_put(value: &str) -> Result<ConditionalPut, StoreError> {
    match value {
        "probe" => Ok(ConditionalPut::Probe),
        "trust" => Ok(ConditionalPut::Trust),
        "last_writer_wins" => Ok(ConditionalPut::LastWriterWins),
        _ => {
            let reason = "is probe, trust or last_writer_wins";
            Err(options::invalid("conditional_put", reason))
        }
    }
}

fn number(key: &str, value: &str, range: std::ops::RangeInclusive<u32>) -> Result<u32, StoreError> {
    match value.parse() {
        Ok(number) if range.contains(&number) => Ok(number),
        _ => {
            let (start, end) = (range.start(), range.end());
            let reason = format!("is a number from {start} to {end}");
            Err(options::invalid(key, reason))
        }
    }
}

/// A number of bytes, such as `8388608`, `8192KiB` or `8 MiB`.
fn bytes(key: &str, value: &str, smallest: u64) -> Result<u64, StoreError> {
    let units = [("KiB", 1 << 10), ("MiB", MIB), ("GiB", GIB), ("", 1)];
    let found = units.iter().find_map(|(unit, bytes)| {
        let number = value.trim().strip_suffix(unit)?.trim_end();
        number.parse::<u64>().ok()?.checked_mul(*bytes)
    });
    match found {
        Some(bytes) if (smallest..=LARGEST_BODY).contains(&bytes) => Ok(bytes),
        _ => {
            let reason =
                format!("is a number of bytes from {smallest} to 2 GiB, such as 8388608 or 8 MiB");
            Err(options::invalid(key, reason))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ConditionalPut, LARGEST_BODY, Settings};
    use crate::options::StoreOptions;

    fn parse(key: &str, value: &str) -> Result<Settings, String> {
        let options = StoreOptions::new().set(key, value);
        match Settings::parse(&options, 1) {
            Ok((settings, others)) if others.is_empty() => Ok(settings),
            Ok((_, others)) => Err(format!("left {others:?}")),
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn values_are_read() {
        assert_eq!(parse("part_size", "8 MiB").unwrap().part_size, 8 << 20);
        assert_eq!(parse("PART_SIZE", "65536").unwrap().part_size, 65_536);
        assert_eq!(
            parse("upload_concurrency", "3").unwrap().upload_concurrency,
            3
        );
        let put = parse("conditional_put", "trust").unwrap().conditional_put;
        assert_eq!(put, ConditionalPut::Trust);
        assert_eq!(
            parse("retry_timeout", "5").unwrap().retry_timeout.as_secs(),
            5
        );
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (key, value) in [
            ("part_size", "3 GiB"),
            ("part_size", "0"),
            ("part_size", "18446744073709551615GiB"),
            ("part_size", "many"),
            ("upload_concurrency", "0"),
            ("max_retries", "-1"),
            ("conditional_put", "etag"),
        ] {
            let error = parse(key, value).err().unwrap();
            assert!(error.starts_with(&format!("option {key}: is ")), "{error}");
        }
    }

    #[test]
    fn ten_thousand_parts_hold_five_tebibytes() {
        let settings = Settings::default();
        let total: u64 = (0..10_000).map(|n| settings.part_bytes(n) as u64).sum();
        assert!(total >= 5 << 40, "{total}");
        assert_eq!(settings.part_bytes(999), 8 << 20);
        assert_eq!(settings.part_bytes(1000), 16 << 20);
        assert_eq!(settings.part_bytes(u32::MAX) as u64, LARGEST_BODY);
    }
}
