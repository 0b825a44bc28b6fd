//! What the binaries share: numbers, tables, a sink.

pub mod numbers;
pub mod sink;
pub mod tables;
