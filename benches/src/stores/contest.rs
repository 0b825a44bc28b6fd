//! Contestants write the same bytes in turns.

use crate::arguments::Arguments;
use crate::local;
use crate::object::{self, Place};
use crate::source::Source;
use crate::system::System;
use pq_benches::measure::Measure;
use pq_store::blocking::BlockingStore;
use pq_store::{LocalStore, ReadRange, StorePath};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::error::Error;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// The name of the object.
const NAME: &str = "pq-benches-object";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contest {
    Upload,
    Local,
}

/// What a process says of its work.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Worked {
    seconds: f64,
    cpu_seconds: f64,
    peak_extra_bytes: Option<u64>,
}

impl Contest {
    pub fn wanted(arguments: &Arguments) -> Vec<Self> {
        let mut all = vec![Self::Upload, Self::Local];
        all.retain(|contest| arguments.wants(contest.name()));
        all
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Upload => "stores, one object to SeaweedFS",
            Self::Local => "stores, one file to the local disk",
        }
    }

    /// Ours first.
    fn systems(self) -> &'static [System] {
        match self {
            Self::Upload => &[
                System::PqUpload,
                System::ObjectStore,
                System::ObjectStoreDefaults,
            ],
            Self::Local => &[System::PqLocal, System::Dd],
        }
    }

    fn target(self) -> PathBuf {
        match self {
            Self::Upload => NAME.into(),
            Self::Local => folder().join(NAME),
        }
    }

    fn store(self) -> Outcome<BlockingStore> {
        match self {
            Self::Upload => Place::of_environment()?.open(),
            Self::Local => {
                fs::create_dir_all(folder())?;
                Ok(BlockingStore::new(LocalStore::open(folder())?))
            }
        }
    }
}

/// On the disk that the benchmarks lie on.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/stores")
}

/// Does the work of one contestant and says what it took.
pub fn work(system: System, source: &Path, target: &str) -> Outcome {
    let measure = Measure::start();
    match system {
        System::PqUpload => object::pq(source, target)?,
        System::ObjectStore => object::object_store(source, target, true)?,
        System::ObjectStoreDefaults => object::object_store(source, target, false)?,
        System::PqLocal => local::pq(source, Path::new(target))?,
        System::Dd => local::dd(source, Path::new(target))?,
    }
    let used = measure.stop();
    let worked = Worked {
        seconds: used.seconds,
        cpu_seconds: used.cpu_seconds,
        peak_extra_bytes: used.peak_extra_bytes,
    };
    println!("{}", serde_json::to_string(&worked)?);
    Ok(())
}

pub fn run_all(arguments: &Arguments) -> Outcome {
    let contests = Contest::wanted(arguments);
    if contests.is_empty() {
        return Ok(());
    }
    let source = Source::make(arguments.bytes)?;
    for contest in contests {
        run(contest, &source, arguments)?;
    }
    Ok(())
}

fn run(contest: Contest, source: &Source, arguments: &Arguments) -> Outcome {
    let store = contest.store()?;
    let path = StorePath::new(NAME)?;
    let mut all: Vec<Vec<Worked>> = vec![Vec::new(); contest.systems().len()];
    // The first round is not counted.
    for round in 0..=arguments.rounds {
        for (system, runs) in contest.systems().iter().zip(&mut all) {
            // What was written before is not to be written now.
            rustix::fs::sync();
            let worked = process(*system, source, &contest.target())?;
            check(&store, &path, source, *system)?;
            store.delete(&path)?;
            if round > 0 {
                runs.push(worked);
            }
        }
    }
    print(contest, &all, arguments)
}

fn process(system: System, source: &Source, target: &Path) -> Outcome<Worked> {
    let mut command = Command::new(std::env::current_exe()?);
    let output = command
        .args(["--work", system.name()])
        .args([source.path.as_os_str(), target.as_os_str()])
        .output()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{}: {said}", system.name()).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// Fails unless the object has the size and the bytes of the source.
fn check(store: &BlockingStore, path: &StorePath, source: &Source, system: System) -> Outcome {
    for (start, expected) in source.samples()? {
        let range = ReadRange::Bytes(start..start + expected.len() as u64);
        let content = store.read(path, range)?;
        if content.size != source.bytes || content.bytes != expected {
            return Err(format!("{}: other bytes are there", system.name()).into());
        }
    }
    Ok(())
}

fn print(contest: Contest, all: &[Vec<Worked>], arguments: &Arguments) -> Outcome {
    let megabytes = arguments.bytes as f64 / 1e6;
    println!(
        "\n{} ({megabytes:.0} MB, {} rounds)\n  {:<24} {:>8} {:>8} {:>7} {:>7} {:>9} {:>7}",
        contest.name(),
        arguments.rounds,
        "system",
        "seconds",
        "median",
        "MB/s",
        "ratio",
        "extra MB",
        "CPU s"
    );
    let ours = least(all.first(), |run| run.seconds);
    for (system, runs) in contest.systems().iter().zip(all) {
        let seconds = least(Some(runs), |run| run.seconds);
        let cpu_seconds = least(Some(runs), |run| run.cpu_seconds);
        let peak = runs.iter().filter_map(|run| run.peak_extra_bytes).max();
        let mut sorted: Vec<f64> = runs.iter().map(|run| run.seconds).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let median = sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN);
        let ratio = seconds / ours;
        println!(
            "  {:<24} {seconds:>8.3} {median:>8.3} {:>7.0} {ratio:>7.2} {:>9} {cpu_seconds:>7.2}",
            system.name(),
            megabytes / seconds,
            peak.map_or("?".to_owned(), |peak| format!("{:.0}", peak as f64 / 1e6)),
        );
        if let Some(path) = &arguments.json {
            let mut file = File::options().create(true).append(true).open(path)?;
            let line = json!({
                "case": contest.name(),
                "system": system.name(),
                "bytes": arguments.bytes,
                "seconds": seconds,
                "median": median,
                "cpu_seconds": cpu_seconds,
                "peak_extra_bytes": peak,
                "ratio": ratio,
            });
            writeln!(file, "{line}")?;
        }
    }
    Ok(())
}

fn least(runs: Option<&Vec<Worked>>, of: impl Fn(&Worked) -> f64) -> f64 {
    let runs = runs.into_iter().flatten();
    runs.map(of).fold(f64::INFINITY, f64::min)
}
