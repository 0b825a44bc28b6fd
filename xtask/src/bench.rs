//! Benchmarks against peers, in a workspace of their own: peers are no dependencies of pq.

use crate::process::{Outcome, cargo, root, run};

/// Runs the contests of encodings that the arguments choose: `[NAME…] [--json FILE]`.
pub fn encodings(arguments: impl Iterator<Item = String>) -> Outcome {
    // Not from their folder: FILE is relative to that of the caller.
    run(cargo()
        .current_dir(".")
        .args(["run", "--quiet", "--release", "--bin", "encodings"])
        .arg("--manifest-path")
        .arg(root().join("benches/Cargo.toml"))
        .arg("--")
        .args(arguments))
}
