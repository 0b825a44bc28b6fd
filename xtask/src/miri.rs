//! pq-encoding interpreted, on a machine that puts the most significant byte first.

use crate::process::{Outcome, run, skipped};
use crate::tools;

const BIG_ENDIAN: &str = "s390x-unknown-linux-gnu";

/// Runs every encoder and decoder on a few values: what depends on the order of bytes shows, and
/// so does undefined behaviour.
pub fn check() -> Outcome {
    if let Err(reason) = set_up() {
        skipped(
            "pq-encoding was NOT tested on a big-endian machine",
            &reason,
        );
        return Ok(());
    }
    run(tools::nightly("cargo")?
        .args(["miri", "test", "--quiet", "-p", "pq-encoding", "--lib"])
        .args(["--target", BIG_ENDIAN, "--", "slices::"]))
}

fn set_up() -> Outcome {
    let mut setup = tools::nightly("cargo")?;
    tools::add_to_nightly(&["miri", "rust-src"])?;
    // The standard library, interpreted, once.
    run(setup.args(["miri", "setup", "--quiet", "--target", BIG_ENDIAN]))
}
