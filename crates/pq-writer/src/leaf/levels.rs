//! Definition and repetition levels of a leaf; README.md of the specification, "Nested Encoding".

/// The levels of a leaf in a row group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Levels {
    /// Rows of the row group.
    pub(crate) rows: usize,
    /// Level entries: values, nulls and empty lists. As many as rows unless the leaf is repeated.
    pub(crate) entries: usize,
    /// Entries that have a value.
    pub(crate) values: usize,
    pub(crate) definition: Definition,
    /// A level for each entry, 0 where a row starts; `None` unless the leaf is repeated.
    pub(crate) repetition: Option<Vec<u16>>,
}

/// The definition levels of a leaf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Definition {
    /// The same level everywhere: the largest where every entry has a value. Always so where the
    /// largest is 0.
    Uniform(u16),
    /// Where the largest is 1: a bit an entry, from the lowest of the first byte on, set where
    /// there is a value.
    Bits(Vec<u8>),
    /// A level for each entry.
    Levels(Vec<u16>),
}
