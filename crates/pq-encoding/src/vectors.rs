//! Plain loops, compiled for the vectors of the CPU at hand: what the encodings here do with theirs.

pub use crate::kernels::{Work, vectorized};
