//! What the servers are made of, all of it in the folder `.servers`.

use std::fs;
use std::path::{Path, PathBuf};

use super::kind::Kind;
use crate::process::{Outcome, command, root, run};
use crate::python;

const FOLDER: &str = ".servers";
const REQUIREMENTS: &str = "tests/servers/requirements.txt";
const AZURITE: &str = "3.37.0";

/// Programs that are there.
#[derive(Debug)]
pub struct Installed {
    python: PathBuf,
}

impl Installed {
    /// Installs what these servers need, unless it is there.
    pub fn for_all(kinds: &[Kind]) -> Outcome<Self> {
        let python = python::environment(FOLDER, REQUIREMENTS)?;
        let installed = Self { python };
        if kinds.contains(&Kind::Azurite) {
            installed.install_azurite()?;
        }
        Ok(installed)
    }

    /// The Python of the environment.
    pub fn python(&self) -> &Path {
        &self.python
    }

    /// A program of the environment.
    pub fn program(&self, name: &str) -> PathBuf {
        self.python.with_file_name(name)
    }

    /// The script that is Azurite's server of blobs.
    pub fn azurite(&self) -> PathBuf {
        azurite_package().join("dist/src/blob/main.js")
    }

    /// Azurite comes from npm, and Node.js, which runs both, from the index of Python packages:
    /// the machine needs none.
    fn install_azurite(&self) -> Outcome {
        let package = azurite_package();
        if version(&package).as_deref() == Some(AZURITE) {
            println!("Azurite is installed");
            return Ok(());
        }
        let mut npm = command(self.program("npm"));
        npm.args(["install", "--silent", "--no-audit", "--no-fund"]);
        npm.args(["--ignore-scripts", "--no-package-lock", "--prefix"]);
        run(npm.arg(FOLDER).arg(format!("azurite@{AZURITE}")))
            .map_err(|reason| format!("Azurite, the server of Azure's blobs: {reason}"))
    }
}

fn azurite_package() -> PathBuf {
    root().join(FOLDER).join("node_modules/azurite")
}

/// The version of a package of npm, where it is installed.
fn version(package: &Path) -> Option<String> {
    let manifest = fs::read_to_string(package.join("package.json")).ok()?;
    let manifest: serde_json::Value = serde_json::from_str(&manifest).ok()?;
    manifest["version"].as_str().map(str::to_owned)
}
