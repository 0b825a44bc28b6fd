//! The rules of the house that the compiler does not check.

use std::fs;
use std::path::Path;

use crate::process::{Outcome, cargo, command, output, root};

/// Who may depend on whom. Data flows one way; no crate looks up.
const DOWNHILL: &[(&str, &[&str])] = &[
    ("pq-encoding", &[]),
    ("pq-format", &["pq-encoding"]),
    ("pq-writer", &["pq-encoding", "pq-format"]),
    ("pq-store", &[]),
    ("pq-dataset", &["pq-format", "pq-store", "pq-writer"]),
    ("pq-arrow", &["pq-format", "pq-writer"]),
    ("pq-verify", &["pq-encoding", "pq-format"]),
    (
        "pq-cli",
        &[
            "pq-arrow",
            "pq-dataset",
            "pq-encoding",
            "pq-format",
            "pq-store",
            "pq-verify",
            "pq-writer",
        ],
    ),
    ("pq-interop", &["pq-format"]),
    ("xtask", &[]),
];

const LONGEST_FILE: usize = 600;

/// Checks every rule and reports all that are broken, not only the first.
pub fn check() -> Outcome {
    let mut broken = Vec::new();
    dependencies(&mut broken)?;
    crate_folders(&mut broken)?;
    machine_paths(&mut broken)?;
    unsafe_code(&mut broken)?;
    if broken.is_empty() {
        Ok(())
    } else {
        Err(broken.join("\n"))
    }
}

fn dependencies(broken: &mut Vec<String>) -> Outcome {
    let metadata = output(cargo().args(["metadata", "--format-version", "1", "--no-deps"]))?;
    let metadata: serde_json::Value =
        serde_json::from_str(&metadata).map_err(|error| format!("cargo metadata: {error}"))?;
    let packages = metadata["packages"]
        .as_array()
        .ok_or("cargo metadata lists no packages")?;
    let members: Vec<&str> = packages
        .iter()
        .filter_map(|package| package["name"].as_str())
        .collect();
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        let Some((_, allowed)) = DOWNHILL.iter().find(|(from, _)| *from == name) else {
            broken.push(format!(
                "{name}: not in the table of allowed edges (xtask/src/tidy.rs)"
            ));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let to = dependency["name"].as_str().unwrap_or_default();
            // Tests may look up: a dev-dependency is no part of what users build.
            let is_for_tests = dependency["kind"].as_str() == Some("dev");
            if members.contains(&to) && !is_for_tests && !allowed.contains(&to) {
                broken.push(format!("{name} must not depend on {to}"));
            }
        }
    }
    Ok(())
}

fn crate_folders(broken: &mut Vec<String>) -> Outcome {
    let root = root();
    let architecture =
        fs::read_to_string(root.join("docs/architecture.md")).unwrap_or_else(|error| {
            broken.push(format!("docs/architecture.md: {error}"));
            String::new()
        });
    let crates = fs::read_dir(root.join("crates")).map_err(|error| format!("crates: {error}"))?;
    let mut folders: Vec<_> = crates
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.join("Cargo.toml").exists())
        .collect();
    folders.sort();
    for folder in &folders {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        if !architecture.is_empty() && !architecture.contains(&format!("`{name}`")) {
            broken.push(format!("docs/architecture.md does not name `{name}`"));
        }
        for file in ["README.md", "CHANGELOG.md"] {
            if !folder.join(file).exists() {
                broken.push(format!("crates/{name} has no {file}"));
            }
        }
        lengths(&folder.join("src"), broken)?;
        inherits_lints(folder, broken)?;
    }
    inherits_lints(&root.join("tests"), broken)?;
    inherits_lints(&root.join("xtask"), broken)
}

fn inherits_lints(folder: &Path, broken: &mut Vec<String>) -> Outcome {
    let manifest = folder.join("Cargo.toml");
    let text = fs::read_to_string(&manifest)
        .map_err(|error| format!("{}: {error}", manifest.display()))?;
    let mut lines = text
        .lines()
        .skip_while(|line| line.trim() != "[lints]")
        .skip(1);
    if lines.next().map(str::trim) != Some("workspace = true") {
        broken.push(format!(
            "{}: does not inherit the workspace's lints",
            within_root(&manifest)
        ));
    }
    Ok(())
}

fn lengths(folder: &Path, broken: &mut Vec<String>) -> Outcome {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        if path.is_dir() {
            lengths(&path, broken)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path)
                .map_err(|error| format!("{}: {error}", path.display()))?;
            let lines = text.lines().count();
            if lines > LONGEST_FILE {
                let path = within_root(&path);
                broken.push(format!("{path}: {lines} lines, at most {LONGEST_FILE}"));
            }
        }
    }
    Ok(())
}

/// A tracked file that names a folder of one machine works on that machine only.
fn machine_paths(broken: &mut Vec<String>) -> Outcome {
    let pattern = format!("(^|[^A-Za-z0-9_.}}/-])/({}|{})/", "work", "root");
    for line in grep(&pattern)? {
        broken.push(format!("a path of one machine: {line}"));
    }
    Ok(())
}

/// The lint that denies `unsafe` is lifted in one place only.
fn unsafe_code(broken: &mut Vec<String>) -> Outcome {
    const KERNELS: &str = "crates/pq-encoding/src/kernels/mod.rs:";
    let pattern = format!("(allow|expect|warn)\\({}", "unsafe_code");
    for line in grep(&pattern)? {
        if !line.starts_with(KERNELS) {
            broken.push(format!("unsafe code: {line}"));
        }
    }
    Ok(())
}

/// The lines of tracked files in which `pattern` is.
fn grep(pattern: &str) -> Outcome<Vec<String>> {
    let found = command("git")
        .args(["grep", "-nIE", pattern])
        .output()
        .map_err(|error| format!("git grep: {error}"))?;
    // It exits with 1 when nothing matches.
    match found.status.code() {
        Some(0 | 1) => Ok(String::from_utf8_lossy(&found.stdout)
            .lines()
            .map(str::to_owned)
            .collect()),
        _ => Err(format!(
            "git grep: {}",
            String::from_utf8_lossy(&found.stderr)
        )),
    }
}

fn within_root(path: &Path) -> String {
    path.strip_prefix(root())
        .unwrap_or(path)
        .display()
        .to_string()
}
