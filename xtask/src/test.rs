//! Every check, in the order of what fails fastest.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::process::{Outcome, cargo, output, root, run};
use crate::servers::{self, Installed, Kind};
use crate::{bare, data, deny, fuzz, readers, tidy, tools};

type Step = (&'static str, fn() -> Outcome);

const STEPS: &[Step] = &[
    ("format", format),
    ("tidy", tidy::check),
    ("clippy", clippy),
    ("pq-encoding without alloc", bare::tests),
    ("pq-encoding without a system", bare::no_system),
    (
        "pq-writer with every single feature and none",
        single_features,
    ),
    ("benchmarks", benchmarks),
    ("strace", tools::strace),
    ("unit, property and documentation tests", unit),
    ("fuzz targets on their seeds", fuzz::seeds),
    ("documentation", documentation),
    ("dependencies", deny::check),
    ("readers", || readers::set_up().map(drop)),
    ("data", || data::fetch().map(drop)),
    ("interop", interop_tests),
    ("servers", || Installed::for_all(&Kind::ALL).map(drop)),
    ("stores", store_tests),
];

/// Features that no crate of the workspace turns on.
const OPTIONAL: &str = "pq-format/thrift,pq-writer/bson";

/// Runs every step; stops at the first that fails and names it.
pub fn everything() -> Outcome {
    steps(STEPS)
}

/// The interop tests alone, with what they need.
pub fn interop() -> Outcome {
    named(&["readers", "data", "interop"])
}

/// The tests of object stores alone, with the servers that they need.
pub fn stores() -> Outcome {
    named(&["servers", "stores"])
}

fn named(names: &[&str]) -> Outcome {
    let chosen = STEPS.iter().filter(|(name, _)| names.contains(name));
    steps(&chosen.copied().collect::<Vec<_>>())
}

fn steps(steps: &[Step]) -> Outcome {
    let start = Instant::now();
    for (index, (name, step)) in steps.iter().enumerate() {
        println!("==> [{}/{}] {name}", index + 1, steps.len());
        let begun = Instant::now();
        step().map_err(|message| format!("{message}\n==> FAILED: {name}"))?;
        println!("    {name}: {} s", begun.elapsed().as_secs());
    }
    println!("==> all passed in {} s", start.elapsed().as_secs());
    Ok(())
}

fn format() -> Outcome {
    run(cargo().args(["fmt", "--all", "--check"]))
}

fn clippy() -> Outcome {
    run(cargo().args([
        "clippy",
        "--quiet",
        "--workspace",
        "--all-targets",
        "--features",
        OPTIONAL,
        "--",
        "-D",
        "warnings",
    ]))
}

fn single_features() -> Outcome {
    for features in [
        "", "snappy", "gzip", "zstd", "lz4", "brotli", "serde", "json", "bson",
    ] {
        run(cargo()
            .args([
                "clippy",
                "--quiet",
                "-p",
                "pq-writer",
                "--lib",
                "--no-default-features",
            ])
            .args(["--features", features, "--", "-D", "warnings"]))?;
    }
    Ok(())
}

/// They are a workspace of their own, which nothing else would build.
fn benchmarks() -> Outcome {
    run(cargo().current_dir(root().join("benches")).args([
        "clippy",
        "--quiet",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ]))
}

fn unit() -> Outcome {
    run(cargo().args(["test", "--quiet", "--workspace", "--features", OPTIONAL]))
}

fn documentation() -> Outcome {
    run(cargo().env("RUSTDOCFLAGS", "-D warnings").args([
        "doc",
        "--quiet",
        "--no-deps",
        "--workspace",
        "--features",
        OPTIONAL,
    ]))
}

fn interop_tests() -> Outcome {
    let names = integration_tests("tests/tests")?;
    let of_readers = |command| of_workspace(command, &names);
    run(of_readers("build").args(["--bin", "pq"]))?;
    let python = root().join(".venv/bin/python");
    run(of_readers("test")
        .env("PQ_BIN", target_directory()?.join("debug/pq"))
        .env("PQ_PYTHON", python)
        .args(["--", "--include-ignored", "--nocapture"]))
}

fn store_tests() -> Outcome {
    let names = ["stores".to_owned()];
    // Servers do not wait for the compiler.
    run(of_workspace("build", &names).args(["--example", "several_machines"]))?;
    let examples = target_directory()?.join("debug/examples");
    servers::with(&Kind::ALL, |servers, installed| {
        let mut test = of_workspace("test", &names);
        test.env("PQ_SERVERS_PYTHON", installed.python());
        for server in servers {
            test.env(server.variable(), server.place());
        }
        test.env("PQ_EXAMPLES", &examples);
        // They mostly wait.
        run(test.args(["--", "--include-ignored", "--test-threads=8"]))
    })
}

/// Integration tests of these names, with the features that everything is tested with: nothing is
/// compiled a second time.
fn of_workspace(command: &str, names: &[String]) -> Command {
    let mut cargo = cargo();
    cargo.args([command, "--quiet", "--workspace", "--features", OPTIONAL]);
    for name in names {
        cargo.args(["--test", name]);
    }
    cargo
}

/// The names of the tests that are one file of a folder.
fn integration_tests(folder: &str) -> Outcome<Vec<String>> {
    let cannot = |error| format!("cannot read {folder}: {error}");
    let mut names = Vec::new();
    for entry in fs::read_dir(root().join(folder)).map_err(cannot)? {
        let path = entry.map_err(cannot)?.path();
        if let (Some("rs"), Some(name)) = (extension(&path), path.file_stem()) {
            names.push(name.to_string_lossy().into_owned());
        }
    }
    names.sort_unstable();
    Ok(names)
}

fn extension(path: &Path) -> Option<&str> {
    path.extension().and_then(|extension| extension.to_str())
}

fn target_directory() -> Outcome<PathBuf> {
    let metadata = output(cargo().args(["metadata", "--format-version", "1", "--no-deps"]))?;
    let metadata: serde_json::Value =
        serde_json::from_str(&metadata).map_err(|error| format!("cargo metadata: {error}"))?;
    metadata["target_directory"]
        .as_str()
        .map(PathBuf::from)
        .ok_or_else(|| "cargo metadata names no target directory".to_owned())
}
