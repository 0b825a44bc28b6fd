//! pq-encoding where there is no `std`, and where there is no `alloc`.

use crate::process::{Outcome, cargo, run, skipped};
use crate::tools;

/// A microcontroller: 32 bits, no operating system, no `std` to fall back on.
const MICROCONTROLLER: &str = "thumbv7m-none-eabi";

/// A kernel: a CPU that may have vectors, but nobody who keeps their registers.
const BARE_X86_64: &str = "x86_64-unknown-none";

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

/// Builds for a microcontroller, and looks through it for a bare x86-64, with `alloc` and without.
pub fn no_system() -> Outcome {
    for (subcommand, target) in [("build", MICROCONTROLLER), ("check", BARE_X86_64)] {
        if let Err(reason) = tools::add_target(target) {
            skipped(&format!("pq-encoding was NOT built for {target}"), &reason);
            continue;
        }
        compile(subcommand, target)?;
    }
    Ok(())
}

fn compile(subcommand: &str, target: &str) -> Outcome {
    for features in ["", "alloc"] {
        run(cargo()
            .args([subcommand, "--quiet", "-p", "pq-encoding"])
            .args(["--target", target])
            .args(["--no-default-features", "--features", features])
            // What is built is thrown away: quickly, then.
            .args(["--config", "profile.dev.package.pq-encoding.opt-level=1"]))?;
    }
    Ok(())
}
