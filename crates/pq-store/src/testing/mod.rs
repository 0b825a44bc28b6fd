//! For people who write a store of their own.

pub mod conformance;
