//! Names of objects that a store needs for itself, and the random numbers in them.

use std::hash::{BuildHasher, RandomState};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

const TEMP_SUFFIX: &str = ".pq-tmp";
/// Bytes that a name may have.
pub(crate) const LONGEST_NAME: usize = 255;

/// Whether an object of this name belongs to a store until it is complete.
pub(crate) fn is_temp(name: &str) -> bool {
    name.starts_with('.') && name.ends_with(TEMP_SUFFIX)
}

/// A hidden name next to `name`, unlike any other.
pub(crate) fn temp_name(name: &str) -> String {
    let kept = cut(name, LONGEST_NAME - TEMP_SUFFIX.len() - 18);
    format!(".{kept}.{:016x}{TEMP_SUFFIX}", random())
}

/// A number that nobody can guess.
pub(crate) fn random() -> u64 {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    // The standard library seeds this from the system's random numbers.
    RandomState::new().hash_one((process::id(), count))
}

/// The start of a name, at most `length` bytes.
pub(crate) fn cut(name: &str, length: usize) -> &str {
    let end = name
        .char_indices()
        .map(|(start, character)| start + character.len_utf8())
        .take_while(|end| *end <= length)
        .last();
    &name[..end.unwrap_or(0)]
}

#[cfg(test)]
mod tests {
    use super::{is_temp, temp_name};

    #[test]
    fn names_are_hidden_and_fit() {
        for name in ["x".repeat(255), "é".repeat(127), "a.parquet".into()] {
            let temp = temp_name(&name);
            assert!(temp.len() <= 255 && is_temp(&temp), "{temp}");
            assert!(!is_temp(&name));
        }
        assert_ne!(temp_name("a"), temp_name("a"));
        assert!(!is_temp("a.pq-tmp"));
        assert!(!is_temp(".crc"));
    }
}
