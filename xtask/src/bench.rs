//! Benchmarks against peers, in a workspace of their own: peers are no dependencies of pq.

use crate::process::{Outcome, cargo, root, run};

/// Runs the contests of encodings whose names hold one of `names`, or all.
pub fn encodings(names: impl Iterator<Item = String>) -> Outcome {
    let benches = root().join("benches");
    run(cargo()
        .current_dir(&benches)
        .args(["run", "--quiet", "--release", "--bin", "encodings", "--"])
        .args(names))
}
