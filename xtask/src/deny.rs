//! cargo-deny: licences, bans and sources always, advisories when their database is reachable.

use std::path::PathBuf;

use crate::process::{Outcome, cargo, command, output, root, run};

const VERSION: &str = "0.20.2";

/// Checks every dependency against deny.toml.
pub fn check() -> Outcome {
    let deny = installed()?;
    run(command(&deny).args(["--workspace", "check", "licenses", "bans", "sources"]))?;
    match output(command(&deny).args(["fetch", "db"])) {
        Ok(_) => {
            run(command(&deny).args(["--workspace", "check", "--disable-fetch", "advisories"]))
        }
        Err(reason) => {
            println!("!!! SKIPPED: security advisories were NOT checked,");
            println!("!!! because their database could not be fetched:");
            for line in reason
                .lines()
                .filter(|line| !line.trim().is_empty())
                .take(12)
            {
                println!("!!!   {line}");
            }
            Ok(())
        }
    }
}

fn installed() -> Outcome<PathBuf> {
    let tools = root().join("target/tools");
    let deny = tools.join("bin/cargo-deny");
    let is_right = |version: String| version.trim().ends_with(VERSION);
    if !output(command(&deny).arg("--version")).is_ok_and(is_right) {
        println!("    installing cargo-deny {VERSION}, once");
        run(cargo()
            .args(["install", "--quiet", "--locked", "--force", "--root"])
            .arg(&tools)
            .arg(format!("cargo-deny@{VERSION}")))?;
    }
    Ok(deny)
}
