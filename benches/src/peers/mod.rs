//! The others, each driven in its fastest way.

pub mod arrow;
pub mod arrow_arrays;
pub mod parquet2;
