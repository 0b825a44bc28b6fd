//! Ranges of bytes.

/// Bytes from `start` to before `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Extent {
    pub(crate) start: u64,
    pub(crate) end: u64,
}

impl Extent {
    pub(crate) fn new(start: u64, end: u64) -> Self {
        Self { start, end }
    }

    /// Of an offset and a length as metadata states them; `None` if there can be no such bytes.
    pub(crate) fn stated(offset: i64, length: i64) -> Option<Self> {
        let start = u64::try_from(offset).ok()?;
        let end = start.checked_add(u64::try_from(length).ok()?)?;
        Some(Self { start, end })
    }

    pub(crate) fn len(self) -> u64 {
        self.end.saturating_sub(self.start)
    }

    /// The length, if it is no larger than a limit.
    pub(crate) fn len_below(self, most: u64) -> Option<usize> {
        usize::try_from(self.len())
            .ok()
            .filter(|_| self.len() <= most)
    }

    pub(crate) fn is_within(self, other: Self) -> bool {
        self.start >= other.start && self.end <= other.end && self.start <= self.end
    }
}
