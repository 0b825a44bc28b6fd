//! Where in a store an object is.

use crate::error::StoreError;
use std::fmt;

/// Bytes that one segment may have.
const LONGEST_SEGMENT: usize = 255;

/// A path below the root of a store: segments joined by `/`. The root has none.
///
/// ```
/// use pq_store::StorePath;
///
/// let part = StorePath::root().join("year=2024")?.join("part.0.parquet")?;
/// assert_eq!(part.as_str(), "year=2024/part.0.parquet");
/// assert_eq!(part.file_name(), Some("part.0.parquet"));
/// assert!(StorePath::new("../elsewhere").is_err());
/// # Ok::<(), pq_store::StoreError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StorePath(String);

impl StorePath {
    /// The root of the store.
    pub fn root() -> Self {
        Self(String::new())
    }

    /// A path of one segment or more.
    ///
    /// # Errors
    ///
    /// [`StoreError::InvalidPath`] for segments that are empty (so also for a leading or trailing
    /// `/`), `.`, `..` or over 255 bytes, and for backslashes and control characters.
    pub fn new(text: &str) -> Result<Self, StoreError> {
        match fault(text) {
            None => Ok(Self(text.to_owned())),
            Some(reason) => Err(StoreError::invalid(printable(text), reason)),
        }
    }

    /// The path of `relative`, which may have several segments, below this one.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn join(&self, relative: &str) -> Result<Self, StoreError> {
        let below = Self::new(relative)?;
        if self.is_root() {
            return Ok(below);
        }
        Ok(Self(format!("{}/{}", self.0, below.0)))
    }

    /// The segments, joined by `/`. Empty for the root.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last segment; the root has none.
    pub fn file_name(&self) -> Option<&str> {
        self.segments().next_back()
    }

    /// The path without its last segment; the root has no parent.
    pub fn parent(&self) -> Option<StorePath> {
        if self.is_root() {
            return None;
        }
        Some(match self.0.rsplit_once('/') {
            Some((parent, _)) => Self(parent.to_owned()),
            None => Self::root(),
        })
    }

    /// Whether this is the root.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// What is left of this path below `root`, without a leading `/`: empty where both are the
    /// same, `None` where this path does not lie below.
    pub fn strip_prefix(&self, root: &StorePath) -> Option<&str> {
        let rest = self.0.strip_prefix(root.as_str())?;
        if root.is_root() || rest.is_empty() {
            return Some(rest);
        }
        rest.strip_prefix('/')
    }

    pub(crate) fn segments(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('/').filter(|segment| !segment.is_empty())
    }
}

impl fmt::Display for StorePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text on one line: control characters escaped.
pub(crate) fn printable(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() {
            line.extend(character.escape_default());
        } else {
            line.push(character);
        }
    }
    line
}

fn fault(text: &str) -> Option<&'static str> {
    if text.is_empty() {
        return Some("it is empty");
    }
    if text.starts_with('/') {
        return Some("it starts with '/'");
    }
    if text.contains('\\') {
        return Some("it has a backslash");
    }
    if text.chars().any(char::is_control) {
        return Some("it has a control character");
    }
    text.split('/').find_map(|segment| match segment {
        "" => Some("it has an empty segment"),
        "." | ".." => Some("'.' and '..' are not segments"),
        _ if segment.len() > LONGEST_SEGMENT => Some("a segment is longer than 255 bytes"),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::StorePath;

    #[test]
    fn refuses_what_could_leave_the_store_or_be_misread() {
        let long = "x".repeat(256);
        for text in [
            "", "/", "/a", "a/", "a//b", ".", "..", "a/../b", "a/./b", "a\\b", "a\nb", "a\0",
            "\u{85}", &long,
        ] {
            let error = StorePath::new(text).unwrap_err().to_string();
            assert!(!error.contains('\n'), "{error}");
        }
        assert!(StorePath::root().join("").is_err());
        assert!(StorePath::root().join("../a").is_err());
    }

    #[test]
    fn takes_unusual_names() {
        for text in [
            "...",
            "a b",
            "100%",
            "k=v",
            "#1",
            "日本",
            " ",
            "~",
            ".hidden",
            "a:b",
            &"x".repeat(255),
        ] {
            assert_eq!(StorePath::new(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn parents_names_and_prefixes() {
        let path = StorePath::new("a/b/c").unwrap();
        let parent = path.parent().unwrap();
        assert_eq!(parent.as_str(), "a/b");
        assert_eq!(path.file_name(), Some("c"));
        assert_eq!(path.strip_prefix(&parent), Some("c"));
        assert_eq!(path.strip_prefix(&path), Some(""));
        assert_eq!(path.strip_prefix(&StorePath::root()), Some("a/b/c"));
        assert_eq!(path.strip_prefix(&StorePath::new("a/b/c/d").unwrap()), None);
        assert_eq!(
            StorePath::new("ab")
                .unwrap()
                .strip_prefix(&StorePath::new("a").unwrap()),
            None
        );
        assert!(StorePath::new("a").unwrap().parent().unwrap().is_root());
        assert_eq!(StorePath::root().parent(), None);
        assert_eq!(StorePath::root().file_name(), None);
    }
}
