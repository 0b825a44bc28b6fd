//! pq-encoding where there is no `std`, and where there is no `alloc`.

use crate::process::{Outcome, cargo, run, skipped};
use crate::tools;

/// A microcontroller: 32 bits, no operating system, no `std` to fall back on.
const MICROCONTROLLER: &str = "thumbv7m-none-eabi";

/// The tests that need no `alloc`.
pub fn tests() -> Outcome {
    run(cargo().args([
        "test",
        "--quiet",
        "-p",
        "pq-encoding",
        "--no-default-features",
        "--lib",
    ]))
}

/// Builds for a microcontroller, with `alloc` and without.
pub fn microcontroller() -> Outcome {
    if let Err(reason) = tools::add_target(MICROCONTROLLER) {
        skipped("pq-encoding was NOT built for a microcontroller", &reason);
        return Ok(());
    }
    for features in ["", "alloc"] {
        run(cargo()
            .args(["build", "--quiet", "-p", "pq-encoding"])
            .args(["--target", MICROCONTROLLER])
            .args(["--no-default-features", "--features", features])
            // What is built is thrown away: quickly, then.
            .args(["--config", "profile.dev.package.pq-encoding.opt-level=1"]))?;
    }
    Ok(())
}
