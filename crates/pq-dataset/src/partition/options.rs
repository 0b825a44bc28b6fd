//! What becomes of values that are hard to name folders by.

use serde::{Deserialize, Serialize};

/// What becomes of rows that have null in a partition column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum PartitionNulls {
    /// They go to the folder `__HIVE_DEFAULT_PARTITION__`, which readers take for null. Scheme drill
    /// has none: an error.
    #[default]
    Keep,
    /// They are left out; [`Summary::dropped`](crate::Summary::dropped) says how many.
    Drop,
    /// They are an error.
    Refuse,
}

/// How values become names of folders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum PartitionEscaping {
    /// All bytes but letters and digits of ASCII and `-._~` are `%` and two hexadecimal digits.
    /// pyarrow, Polars, DuckDB and Spark read that; fastparquet takes it for the value. An append
    /// to a data set of a writer that does not escape does not either.
    #[default]
    Percent,
    /// A value that would have to be escaped is an error.
    None,
}
