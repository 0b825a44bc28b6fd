//! The readers that pq did not write: a Python environment with pinned versions, and Java.

use std::path::PathBuf;

use crate::process::{Outcome, command, install_package, output};
use crate::python;

/// Installs whatever is missing; the path of the environment's Python.
pub fn set_up() -> Outcome<PathBuf> {
    java()?;
    python::environment(".venv", "tests/readers/requirements.txt")
}

fn java() -> Outcome {
    if let Err(reason) = java_is_recent() {
        println!("{reason}");
        install_package("openjdk-17-jre-headless")
            .map_err(|message| format!("the interop tests need Java 17 or newer\n{message}"))?;
        // The single-file launcher needs the compiler module, which a bare runtime may lack.
        java_is_recent()?;
    }
    let modules = output(command("java").arg("--list-modules"))?;
    if !modules.contains("jdk.compiler") {
        install_package("openjdk-17-jdk-headless")
            .map_err(|message| format!("Read.java is run from source\n{message}"))?;
    }
    Ok(())
}

fn java_is_recent() -> Outcome {
    let shown = output(command("java").arg("--version"))?;
    let major = shown
        .split_whitespace()
        .nth(1)
        .and_then(|version| version.split('.').next())
        .and_then(|major| major.parse::<u32>().ok());
    match major {
        Some(major) if major >= 17 => Ok(()),
        _ => Err(format!("Java 17 or newer is needed, found: {shown}")),
    }
}
