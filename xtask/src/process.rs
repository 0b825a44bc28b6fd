//! Running other programs, with errors that name the command.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a task returns: nothing, or a message for the terminal.
pub type Outcome<T = ()> = Result<T, String>;

/// The repository's root, the parent of this package's folder.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// A command that runs in the repository's root.
pub fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// The cargo that runs this task, in the repository's root.
pub fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs `command` with its output on the terminal; an error unless it exits with 0.
pub fn run(command: &mut Command) -> Outcome {
    println!("    $ {}", shown(command));
    let status = command
        .status()
        .map_err(|error| format!("cannot start `{}`: {error}", shown(command)))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("`{}` failed: {status}", shown(command)))
    }
}

/// Runs `command` and returns what it wrote to stdout; an error carries its stderr.
pub fn output(command: &mut Command) -> Outcome<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("cannot start `{}`: {error}", shown(command)))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(format!(
            "`{}` failed: {}\n{}",
            shown(command),
            output.status,
            String::from_utf8_lossy(&output.stderr)
        ))
    }
}

/// Says so that it is not missed that something was not checked, and why.
pub fn skipped(what: &str, reason: &str) {
    println!("!!! SKIPPED: {what}:");
    let lines = reason.lines().filter(|line| !line.trim().is_empty());
    for line in lines.take(12) {
        println!("!!!   {line}");
    }
}

/// True when this process may install system packages.
pub fn is_administrator() -> bool {
    output(command("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// Installs a Debian package, or says what the person has to install.
pub fn install_package(package: &str) -> Outcome {
    let advice = format!("install it first, on Debian or Ubuntu: apt-get install {package}");
    if !is_administrator() {
        return Err(advice);
    }
    let apt = || {
        let mut apt = command("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive");
        apt
    };
    // A stale package list is no failure by itself; the installation decides.
    if let Err(message) = run(apt().args(["update", "-q"])) {
        eprintln!("{message}");
    }
    run(apt().args(["install", "-y", "-q", "--no-install-recommends", package]))
        .map_err(|message| format!("{message}\n{advice}"))
}

fn shown(command: &Command) -> String {
    let mut text = Path::new(command.get_program())
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    for argument in command.get_args() {
        text.push(' ');
        let argument = argument.to_string_lossy();
        if argument.len() > 120 || argument.contains('\n') {
            text.push_str("(script)");
        } else {
            text.push_str(&argument);
        }
    }
    text
}
