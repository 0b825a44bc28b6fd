//! Names of objects that a store needs for itself, and the random numbers in them.

use std::hash::{BuildHasher, RandomState};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

const TEMP_SUFFIX: &str = ".pq-tmp";
/// Hexadecimal digits in the name of a temporary object.
const RANDOM_LENGTH: usize = 16;
/// Bytes that a name may have.
pub(crate) const LONGEST_NAME: usize = 255;

/// Whether an object of this name is not to be seen: it belongs to a store until it is complete.
pub(crate) fn is_hidden_temporary(name: &str) -> bool {
    name.starts_with('.') && name.ends_with(TEMP_SUFFIX)
}

/// Whether a name is one that [`temp_name`] makes: only those are left behind by this crate.
pub(crate) fn is_temporary(name: &str) -> bool {
    let kept = name
        .strip_prefix('.')
        .and_then(|name| name.strip_suffix(TEMP_SUFFIX))
        .and_then(|name| name.rsplit_once('.'));
    kept.is_some_and(|(kept, random)| {
        let lower = |digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f');
        !kept.is_empty() && random.len() == RANDOM_LENGTH && random.bytes().all(lower)
    })
}

/// A hidden name next to `name`, unlike any other.
pub(crate) fn temp_name(name: &str) -> String {
    let kept = cut(name, LONGEST_NAME - TEMP_SUFFIX.len() - RANDOM_LENGTH - 2);
    format!(".{kept}.{:0RANDOM_LENGTH$x}{TEMP_SUFFIX}", random())
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
    use super::{is_hidden_temporary, is_temporary, temp_name};

    #[test]
    fn names_are_hidden_and_fit() {
        for name in ["x".repeat(255), "é".repeat(127), "a.parquet".into()] {
            let temp = temp_name(&name);
            assert!(temp.len() <= 255, "{temp}");
            assert!(is_hidden_temporary(&temp) && is_temporary(&temp), "{temp}");
            assert!(!is_hidden_temporary(&name) && !is_temporary(&name));
        }
        assert_ne!(temp_name("a"), temp_name("a"));
        assert!(!is_hidden_temporary("a.pq-tmp"));
        assert!(!is_hidden_temporary(".crc"));
        for name in [
            ".0123456789abcdef.pq-tmp",
            "..0123456789abcdef.pq-tmp",
            ".a.0123456789ABCDEF.pq-tmp",
            ".a.123456789abcdef.pq-tmp",
            ".a.0123456789abcdef.pq-lock",
            "a.0123456789abcdef.pq-tmp",
            ".a.pq-tmp",
        ] {
            assert!(!is_temporary(name), "{name}");
        }
    }
}
