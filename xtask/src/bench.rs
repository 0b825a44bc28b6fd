//! Benchmarks against peers, in a workspace of their own: peers are no dependencies of pq.

use crate::process::{Outcome, cargo, command, install_package, output, root, run, skipped};
use crate::readers;
use crate::servers::{self, Kind};
use std::process::Command;

/// What is asked for: contests, or the guard.
#[derive(Default)]
struct Arguments {
    guard: bool,
    accept: bool,
    /// Names and what all contests know.
    shared: Vec<String>,
    /// What contests of files and of stores know only.
    sized: Vec<String>,
    /// What contests of files know only.
    files: Vec<String>,
}

/// Runs the contests that the arguments choose, or the guard.
pub fn contests(arguments: impl Iterator<Item = String>) -> Outcome {
    let arguments = parse(arguments)?;
    if arguments.guard {
        return guard(arguments.accept);
    }
    run(binary("encodings", "release").args(&arguments.shared))?;
    stores(&arguments)?;
    let files = || {
        let mut files = binary("files", "release");
        files.args(&arguments.shared).args(&arguments.sized);
        files.args(&arguments.files);
        files
    };
    // The peers of Python are not installed for nothing.
    if output(files().arg("--list"))?.is_empty() {
        return Ok(());
    }
    let python = readers::set_up()?;
    run(files().arg("--python").arg(python))
}

/// A server runs only for the contests that need one.
fn stores(arguments: &Arguments) -> Outcome {
    let stores = || {
        let mut stores = binary("stores", "release");
        stores.args(&arguments.shared).args(&arguments.sized);
        stores
    };
    let wanted = output(stores().arg("--list"))?;
    if wanted.is_empty() {
        return Ok(());
    }
    if !wanted.contains("SeaweedFS") {
        return run(&mut stores());
    }
    servers::with(&[Kind::SeaweedFs], |servers, _| {
        let mut stores = stores();
        for server in servers {
            stores.env(server.variable(), server.place());
        }
        run(&mut stores)
    })
}

fn parse(mut given: impl Iterator<Item = String>) -> Outcome<Arguments> {
    let mut arguments = Arguments::default();
    while let Some(argument) = given.next() {
        let mut value = || given.next().ok_or(format!("{argument} needs a value"));
        match argument.as_str() {
            "--guard" => arguments.guard = true,
            "--accept" => arguments.accept = true,
            "--long" => arguments.files.push(argument),
            "--scale" | "--rounds" => {
                let value = value()?;
                arguments.sized.extend([argument, value]);
            }
            "--json" => {
                let value = value()?;
                arguments.shared.extend([argument, value]);
            }
            _ if argument.starts_with('-') => return Err(format!("{argument} is not known")),
            _ => arguments.shared.push(argument),
        }
    }
    Ok(arguments)
}

/// Compares the instructions that small tables take with those in `benches/guard.txt`.
fn guard(accept: bool) -> Outcome {
    if let Err(reason) = can_count() {
        // Where checks are the point, one that is missing is a failure.
        if std::env::var_os("CI").is_some() || accept {
            return Err(reason);
        }
        skipped("the guard of instructions", &reason);
        return Ok(());
    }
    let mut guard = binary("guard", "guard");
    // The counts are those of a build for every CPU.
    guard.env_remove("RUSTFLAGS");
    guard.env_remove("CARGO_ENCODED_RUSTFLAGS");
    guard.env_remove("CARGO_BUILD_RUSTFLAGS");
    if accept {
        guard.arg("--accept");
    }
    run(&mut guard)
}

fn can_count() -> Outcome {
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        return Err("its counts are those of Linux on x86-64".to_owned());
    }
    #[cfg(target_arch = "x86_64")]
    if !std::arch::is_x86_feature_detected!("avx2") {
        return Err("its counts are those of a CPU with AVX2".to_owned());
    }
    if output(command("valgrind").arg("--version")).is_err() {
        install_package("valgrind")?;
    }
    Ok(())
}

/// A binary of the benchmarks, from the folder of the caller: files are relative to that.
fn binary(name: &str, profile: &str) -> Command {
    let mut cargo = cargo();
    cargo
        .current_dir(".")
        .args(["run", "--quiet", "--profile", profile, "--bin", name])
        .arg("--manifest-path")
        .arg(root().join("benches/Cargo.toml"))
        .arg("--");
    cargo
}
