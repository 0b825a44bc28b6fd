//! Python environments with packages of pinned versions.

use std::fs;
use std::path::PathBuf;

use crate::process::{Outcome, command, install_package, output, root, run};

/// Makes the environment in `folder` and installs what `requirements` asks for, unless all is
/// there; the path of its Python. Both are paths from the project's root.
pub fn environment(folder: &str, requirements: &str) -> Outcome<PathBuf> {
    let environment = root().join(folder);
    let python = environment.join("bin/python");
    let stamp = environment.join("requirements.stamp");
    let wanted = fs::read_to_string(root().join(requirements))
        .map_err(|error| format!("cannot read {requirements}: {error}"))?;
    let is_current = fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted);
    // One that has moved, or whose Python is gone, does not run.
    let runs = output(command(&python).arg("--version")).is_ok();
    if is_current && runs {
        println!("{requirements}: is installed");
        return Ok(python);
    }
    if !runs {
        let create = || {
            let mut create = command("python3");
            create.args(["-m", "venv", "--clear"]).arg(&environment);
            run(&mut create)
        };
        if create().is_err() {
            install_package("python3-venv")?;
            create()?;
        }
    }
    run(command(&python)
        .args(["-m", "pip", "install", "--quiet"])
        .args(["--disable-pip-version-check", "--requirement"])
        .arg(requirements))?;
    run(command(&python).args(["-m", "pip", "check"]))?;
    fs::write(&stamp, wanted).map_err(|error| format!("cannot write the stamp: {error}"))?;
    Ok(python)
}
