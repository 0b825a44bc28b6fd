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

/// How the text of values becomes names of folders.
///
/// The text is fixed, and is what pyarrow, Polars and Spark read back where they know the type:
///
/// | values | text |
/// |---|---|
/// | booleans | `true`, `false` |
/// | integers | `-5` |
/// | floats | the shortest that is read as the same number: `0.1`, `1e300`, `inf`, `NaN` |
/// | decimals | all digits of their scale: `-0.005` |
/// | dates | `2024-02-29` |
/// | times | `12:34:56`, and where it is not 0 the fraction in as many digits as the unit has |
/// | timestamps | `2024-02-29 12:34:56.000001`; of instants, that in UTC, without a zone |
/// | text | itself |
///
/// Nothing tells the type but the marker that appends go by: readers guess it, or are told it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum PartitionEscaping {
    /// All bytes but letters and digits of ASCII and `-._~` are `%` and two hexadecimal digits.
    /// pyarrow, Polars and DuckDB read that, and Spark what is ASCII; fastparquet takes it for the
    /// value. An append to a data set of a writer that does not escape does not either.
    #[default]
    Percent,
    /// A value that would have to be escaped is an error.
    None,
}
