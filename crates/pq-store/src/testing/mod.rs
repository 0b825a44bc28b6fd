//! For people who write a store of their own, or code that must survive one: a suite that checks
//! stores, one that fails on demand, and one that forgets.

pub mod conformance;
pub mod fault;
mod volatile;

pub use volatile::VolatileStore;
