//! Bounds cut to a length that still are bounds.

use super::order::Kind;
use crate::schema::Leaf;
use pq_format::{Binary, Type};

/// Bounds as they are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) min: Binary,
    pub(super) max: Binary,
    pub(super) min_is_exact: bool,
    pub(super) max_is_exact: bool,
}

/// How many times longer than bounds may be a value that cannot be cut.
const LONGEST_WHOLE: usize = 4;

/// The bounds `min` and `max`, cut to `longest` bytes. `None` if they cannot be cut and are much
/// longer than that.
pub(super) fn written(
    leaf: &Leaf,
    kind: Kind,
    min: &[u8],
    max: &[u8],
    longest: usize,
) -> Option<Written> {
    let is_bytes = matches!(kind, Kind::Bytes | Kind::Text);
    let may_be_whole = |value: &[u8]| !is_bytes || value.len() / LONGEST_WHOLE <= longest;
    // A part of a number, or of a value of fixed length, is no value of its type.
    if !is_bytes || leaf.physical == Type::FIXED_LEN_BYTE_ARRAY {
        return (may_be_whole(min) && may_be_whole(max)).then(|| Written {
            min: min.into(),
            max: max.into(),
            min_is_exact: true,
            max_is_exact: true,
        });
    }
    let is_text = kind == Kind::Text;
    let low = lower(min, longest, is_text);
    let high = match upper(max, longest, is_text) {
        Some(high) => high,
        // Nothing of this length is above it.
        None if may_be_whole(max) => max.to_vec(),
        None => return None,
    };
    Some(Written {
        min_is_exact: low.len() == min.len(),
        max_is_exact: high == max,
        min: low.into(),
        max: high.into(),
    })
}

/// A prefix of `value` of at most `longest` bytes, whole characters if it is `text`: no value
/// that is at least `value` is below it.
pub(super) fn lower(value: &[u8], longest: usize, text: bool) -> &[u8] {
    let mut end = longest.min(value.len());
    if text && end < value.len() {
        while end > 0 && value.get(end).is_some_and(|byte| byte & 0xC0 == 0x80) {
            end -= 1;
        }
    }
    value.get(..end).unwrap_or_default()
}

/// At most `longest` bytes that no value that is at most `value` is above: a prefix, its last
/// byte or character that can be raised raised by one. `None` if none can be.
pub(super) fn upper(value: &[u8], longest: usize, text: bool) -> Option<Vec<u8>> {
    if value.len() <= longest {
        return Some(value.to_vec());
    }
    let prefix = lower(value, longest, text);
    if text {
        return raise_text(std::str::from_utf8(prefix).ok()?);
    }
    let last = prefix.iter().rposition(|&byte| byte != 0xFF)?;
    let mut raised = prefix.get(..=last)?.to_vec();
    *raised.last_mut()? += 1;
    Some(raised)
}

fn raise_text(prefix: &str) -> Option<Vec<u8>> {
    let mut rest = prefix.to_owned();
    while let Some(last) = rest.pop() {
        // The next character; surrogates, which are none, are stepped over. One that takes more
        // bytes would outgrow the length, so the character before it is raised instead.
        let next = match last {
            '\u{D7FF}' => Some('\u{E000}'),
            _ => char::from_u32(u32::from(last) + 1),
        };
        if let Some(next) = next.filter(|next| next.len_utf8() == last.len_utf8()) {
            rest.push(next);
            return Some(rest.into_bytes());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{lower, upper};

    #[test]
    fn short_values_stay_as_they_are() {
        assert_eq!(lower(b"abc", 3, false), b"abc");
        assert_eq!(upper(b"abc", 3, false), Some(b"abc".to_vec()));
    }

    #[test]
    fn a_cut_maximum_is_raised_at_the_last_byte_that_can_be() {
        assert_eq!(upper(b"abcd", 3, false), Some(b"abd".to_vec()));
        assert_eq!(upper(b"a\xFF\xFFd", 3, false), Some(b"b".to_vec()));
        assert_eq!(upper(b"\xFF\xFF\xFFd", 3, false), None);
    }

    #[test]
    fn text_is_cut_and_raised_by_characters() {
        assert_eq!(lower("aé€".as_bytes(), 4, true), "aé".as_bytes());
        assert_eq!(upper("aé€".as_bytes(), 4, true), Some("aê".into()));
        assert_eq!(upper("a\u{10FFFF}x".as_bytes(), 5, true), Some("b".into()));
        assert_eq!(
            upper("\u{D7FF}xx".as_bytes(), 3, true),
            Some("\u{E000}".into())
        );
    }
}
