//! The `pandas` key-value of the footer, by which data frames come back as they were: their
//! index, their dtypes, their categories.

mod categorical;
mod column;
mod metadata;

#[cfg(test)]
mod tests;

pub use categorical::{PandasCategories, raise_categories};
pub use column::{PandasColumn, PandasDetails};
pub use metadata::{PandasIndex, PandasMetadata};
