//! Any bytes at all to every decoder, with libFuzzer. The targets are in `fuzz/`, a workspace of
//! its own.

use std::fs;

use crate::process::{Outcome, cargo, root, run};
use crate::tools;

const VERSION: &str = "0.13.2";

/// How long a target runs if nothing is said.
const SECONDS: u32 = 60;

/// Runs the targets that `arguments` names, or all, one after the other, each for
/// `--seconds N`. What is found stays in `fuzz/corpus` and `fuzz/artifacts`.
pub fn targets(arguments: impl Iterator<Item = String>) -> Outcome {
    let known = known()?;
    let (mut targets, mut seconds) = (Vec::new(), SECONDS);
    let mut arguments = arguments;
    while let Some(argument) = arguments.next() {
        if argument == "--seconds" {
            let given = arguments.next().unwrap_or_default();
            seconds = given
                .parse()
                .map_err(|_| format!("--seconds wants a number, not `{given}`"))?;
        } else if known.contains(&argument) {
            targets.push(argument);
        } else {
            let known = known.join(", ");
            return Err(format!("no target `{argument}`; there are: {known}"));
        }
    }
    if targets.is_empty() {
        targets = known;
    }
    let mut compiler = tools::nightly("rustc")?;
    run(compiler.arg("--version"))?;
    let fuzz = tools::installed("cargo-fuzz", VERSION)?;
    for target in &targets {
        println!("==> {target}, {seconds} s");
        // libFuzzer writes to the first folder and reads both.
        let folders = ["corpus", "seeds"].map(|kind| root().join("fuzz").join(kind).join(target));
        for folder in &folders {
            fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        }
        run(tools::nightly(&fuzz)?
            .args(["run", "--fuzz-dir", "fuzz", target])
            .args(&folders)
            .args(["--", "-rss_limit_mb=2048", "-print_final_stats=1"])
            .arg(format!("-max_total_time={seconds}")))?;
    }
    Ok(())
}

/// The checks of all targets on their seeds and on bytes much like them, with any compiler.
pub fn seeds() -> Outcome {
    run(cargo()
        .args(["test", "--quiet", "--manifest-path", "fuzz/Cargo.toml"])
        .args(["--no-default-features", "--lib"]))
}

fn known() -> Outcome<Vec<String>> {
    let folder = root().join("fuzz/fuzz_targets");
    let files = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut known: Vec<String> = files
        .filter_map(Result::ok)
        .filter_map(|file| Some(file.path().file_stem()?.to_str()?.to_owned()))
        .collect();
    known.sort();
    Ok(known)
}
