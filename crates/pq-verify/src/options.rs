//! Limits of a check.

/// Limits of a check: hostile files state sizes that they do not have. What passes a limit is
/// reported as [`Rule::Limit`](crate::Rule::Limit) and not looked into.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// How many findings of a rule are kept; all are counted. 20 by default.
    pub findings_per_rule: usize,
    /// The most bytes of a footer, an index or a Bloom filter. 1 GiB by default.
    pub metadata_bytes: u64,
    /// The most bytes of a page, compressed or not. 512 MiB by default.
    pub page_bytes: usize,
    /// The most values of a page, nulls included. 2²⁶ by default; they take up to 28 bytes of
    /// memory each.
    pub page_values: usize,
    /// The most distinct values that are counted to check a stated number of them; of chunks
    /// that have more, the number is not checked. 2²² by default.
    pub distinct_values: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            findings_per_rule: 20,
            metadata_bytes: 1 << 30,
            page_bytes: 512 << 20,
            page_values: 1 << 26,
            distinct_values: 1 << 22,
        }
    }
}
