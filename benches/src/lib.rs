//! What the binaries share: numbers, tables, a sink, what work takes.

pub mod measure;
pub mod numbers;
pub mod sink;
pub mod tables;
