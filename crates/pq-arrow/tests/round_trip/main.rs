//! Arrow arrays to a Parquet file and back through the arrow reader of the `parquet` crate.

mod binary;
mod decimal;
mod dictionary;
mod file;
mod number;
mod random;
mod table;
mod temporal;
