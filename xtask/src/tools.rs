//! Tools that the checks need beside the compiler: other binaries, targets, a nightly compiler.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{Outcome, cargo, command, output, root, run};

/// The path of a binary from crates.io, which is installed if it is not there in this version.
pub fn installed(name: &str, version: &str) -> Outcome<PathBuf> {
    let tools = root().join("target/tools");
    let tool = tools.join("bin").join(name);
    let is_right = |shown: String| shown.trim().ends_with(version);
    if !output(command(&tool).arg("--version")).is_ok_and(is_right) {
        println!("    installing {name} {version}, once");
        run(cargo()
            // Compiled in half the time, and not used for long.
            .args([
                "install", "--quiet", "--locked", "--force", "--debug", "--root",
            ])
            .arg(&tools)
            .arg(format!("{name}@{version}")))?;
    }
    Ok(tool)
}

/// Debian's `strace`, by which tests kill programs at chosen system calls, unless it is there. Where
/// it cannot be installed, those tests say that they check nothing.
pub fn strace() -> Outcome {
    if output(command("strace").arg("--version")).is_ok() {
        return Ok(());
    }
    let apt = |arguments: &[&str]| {
        let mut apt = command("apt-get");
        output(apt.env("DEBIAN_FRONTEND", "noninteractive").args(arguments))
    };
    let installed =
        apt(&["update", "--quiet"]).and_then(|_| apt(&["install", "--quiet", "--yes", "strace"]));
    if let Err(reason) = installed {
        println!("!!! SKIPPED: strace is not there and cannot be installed:\n!!!   {reason}");
    }
    Ok(())
}

/// Has rustup add a target to the compiler that is used.
pub fn add_target(target: &str) -> Outcome {
    output(command("rustup").args(["target", "add", target])).map(drop)
}

/// Has rustup add components to the nightly compiler.
pub fn add_to_nightly(components: &[&str]) -> Outcome {
    let mut rustup = command("rustup");
    rustup.args(["component", "add", "--toolchain", "nightly"]);
    output(rustup.args(components)).map(drop)
}

/// `program` with the nightly compiler; an error that says what is missing if there is none.
pub fn nightly(program: impl AsRef<Path>) -> Outcome<Command> {
    let advice = "a nightly compiler is needed: rustup toolchain install nightly";
    output(command("rustup").args(["run", "nightly", "rustc", "--version"]))
        .map_err(|reason| format!("{reason}\n{advice}"))?;
    let mut command = command("rustup");
    // What the cargo that runs this task says of itself is of another compiler.
    command.env_remove("CARGO").args(["run", "nightly"]);
    command.arg(program.as_ref());
    Ok(command)
}
