//! Every check, in the order of what fails fastest.

use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use crate::process::{Outcome, cargo, output, root, run};
use crate::servers::{self, Installed, Kind};
use crate::{bare, data, deny, fuzz, readers, tidy};

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
    run(cargo().args(["build", "--quiet", "-p", "pq-cli"]))?;
    let python = root().join(".venv/bin/python");
    run(cargo()
        .env("PQ_BIN", target_directory()?.join("debug/pq"))
        .env("PQ_PYTHON", python)
        .args([
            "test",
            "--quiet",
            "-p",
            "pq-interop",
            "--",
            "--include-ignored",
            "--nocapture",
        ]))
}

fn store_tests() -> Outcome {
    let mut build = tests_of_stores();
    run(build.arg("--no-run"))?;
    servers::with(&Kind::ALL, |servers, installed| {
        let mut test = tests_of_stores();
        test.env("PQ_SERVERS_PYTHON", installed.python());
        for server in servers {
            test.env(server.variable(), server.place());
        }
        run(test.args(["--", "--include-ignored"]))
    })
}

fn tests_of_stores() -> Command {
    let mut test = cargo();
    test.args(["test", "--quiet", "-p", "pq-interop", "--test", "stores"]);
    test
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
