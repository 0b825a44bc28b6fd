//! cargo-deny: licences, bans and sources always, advisories when their database is reachable.

use crate::process::{Outcome, command, output, run, skipped};
use crate::tools;

const VERSION: &str = "0.20.2";

/// Checks every dependency against deny.toml.
pub fn check() -> Outcome {
    let deny = tools::installed("cargo-deny", VERSION)?;
    run(command(&deny).args(["--workspace", "check", "licenses", "bans", "sources"]))?;
    match output(command(&deny).args(["fetch", "db"])) {
        Ok(_) => {
            run(command(&deny).args(["--workspace", "check", "--disable-fetch", "advisories"]))
        }
        Err(reason) => {
            let what = "security advisories were NOT checked, their database was not fetched";
            skipped(what, &reason);
            Ok(())
        }
    }
}
