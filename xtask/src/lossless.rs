//! Whether the metadata of files that others wrote survives pq-format.

use crate::process::{Outcome, cargo, run};

/// Runs the check on files and folders; what `--damaged` stands before may be refused.
pub fn check(paths: impl Iterator<Item = String>) -> Outcome {
    let mut lossless = cargo();
    lossless.args([
        "run",
        "--quiet",
        "-p",
        "pq-interop",
        "--bin",
        "lossless",
        "--",
    ]);
    // Paths are those of the person at the terminal, not of the repository's root.
    let here = std::env::current_dir().map_err(|error| error.to_string())?;
    for path in paths {
        match path.as_str() {
            "--damaged" => lossless.arg(path),
            path => lossless.arg(here.join(path)),
        };
    }
    run(&mut lossless)
}
