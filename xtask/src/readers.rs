//! The readers that pq did not write: a Python environment with pinned versions, and Java.

use std::fs;
use std::path::PathBuf;

use crate::process::{Outcome, command, install_package, output, root, run};

/// Installs whatever is missing; the path of the environment's Python.
pub fn set_up() -> Outcome<PathBuf> {
    java()?;
    python()
}

fn python() -> Outcome<PathBuf> {
    let environment = root().join(".venv");
    let python = environment.join("bin/python");
    let stamp = environment.join("readers.stamp");
    let requirements = root().join("tests/readers/requirements.txt");
    let wanted = fs::read_to_string(&requirements)
        .map_err(|error| format!("cannot read tests/readers/requirements.txt: {error}"))?;
    let is_current = fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted);
    if is_current && python.exists() {
        println!("readers are installed");
        return Ok(python);
    }
    let create = || run(command("python3").args(["-m", "venv"]).arg(&environment));
    if create().is_err() {
        install_package("python3-venv")?;
        create()?;
    }
    run(command(&python)
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ])
        .arg("--requirement")
        .arg(&requirements))?;
    run(command(&python).args(["-m", "pip", "check"]))?;
    fs::write(&stamp, wanted).map_err(|error| format!("cannot write the stamp: {error}"))?;
    Ok(python)
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
