//! Systems write in turns, so that what else the machine does hits them all alike.

use crate::arguments::Arguments;
use crate::case::{Case, Place};
use crate::check;
use crate::protocol::{Answer, Command, Loaded, Written};
use crate::system::{Process, System};
use std::path::{Path, PathBuf};
use std::{fs, io};

/// A file that is written within so many seconds is written more often.
const SHORT: f64 = 0.05;

/// How much more often.
const MORE: usize = 5;

/// What a contest came to.
pub struct Results {
    pub table: Loaded,
    pub input_bytes: u64,
    pub systems: Vec<Result<Measured, String>>,
}

/// What a system came to, of those that could do it.
pub struct Measured {
    pub system: System,
    /// The least.
    pub seconds: f64,
    pub median: f64,
    /// The least.
    pub cpu_seconds: f64,
    pub output_bytes: u64,
    /// The most of all rounds: what one has freed is there for the next.
    pub peak_extra_bytes: Option<u64>,
    /// Where a file was written.
    pub row_groups: Option<usize>,
    /// Where several were written.
    pub files: Option<usize>,
}

/// A system that has the table.
struct Contestant {
    process: Process,
    measured: Measured,
    rounds: Vec<Written>,
}

/// Runs a contest: each system once without counting, into a file that is checked, then all in
/// turns.
pub fn run(case: &Case, arguments: &Arguments, directory: &Path) -> Results {
    let input = case.input.file();
    let input = input.unwrap_or_else(|error| panic!("{}: {error}", case.name));
    let load = Command::Load(input.clone());
    let mut table: Option<Loaded> = None;
    let mut contestants = Vec::new();
    let python = arguments.python.as_deref();
    for &system in &case.systems {
        if system.is_of_python() && python.is_none() {
            continue;
        }
        contestants.push((|| {
            let mut process = Process::start(system, case.write.threads, python)?;
            let Answer::Loaded(loaded) = process.ask(&load)? else {
                return Err(format!("{} has loaded nothing", system.name()));
            };
            let expected = *table.get_or_insert(loaded);
            if loaded != expected {
                return Err(format!("{} has {loaded:?}", system.name()));
            }
            first(process, case, expected, directory)
        })());
    }
    let is_short = contestants
        .first()
        .and_then(|first| first.as_ref().ok())
        .is_some_and(|ours| ours.rounds[0].seconds < SHORT);
    let rounds = arguments.rounds * if is_short { MORE } else { 1 };
    for _ in 0..rounds {
        for contestant in &mut contestants {
            if let Ok(running) = contestant
                && let Err(message) = running.round(case, case.to != Place::Sink, directory)
            {
                *contestant = Err(message);
            }
        }
    }
    Results {
        table: table.unwrap_or(Loaded {
            rows: 0,
            columns: 0,
        }),
        input_bytes: fs::metadata(&input).map_or(0, |input| input.len()),
        systems: contestants
            .into_iter()
            .map(|contestant| contestant.map(Contestant::measured))
            .collect(),
    }
}

/// The round that does not count, and the check of its file.
fn first(
    process: Process,
    case: &Case,
    table: Loaded,
    directory: &Path,
) -> Result<Contestant, String> {
    let system = process.system;
    let mut contestant = Contestant {
        process,
        rounds: Vec::new(),
        measured: Measured {
            system,
            seconds: f64::INFINITY,
            median: f64::INFINITY,
            cpu_seconds: f64::INFINITY,
            output_bytes: 0,
            peak_extra_bytes: None,
            row_groups: None,
            files: None,
        },
    };
    contestant.round(case, system.writes_files(), directory)?;
    if system.writes_files() {
        let path = path(system, directory);
        let is_partitioned = case.partitions > 0;
        let checked = match is_partitioned {
            true => check::check_partitioned(&path, table, &case.write, case.partitions),
            false => check::check(&path, table, case.write.codec),
        };
        let removed = remove(&path);
        let checked = checked.map_err(|error| format!("{}: {error}", system.name()))?;
        removed.map_err(|error| format!("{}: {error}", system.name()))?;
        contestant.measured.output_bytes = checked.bytes;
        contestant.measured.row_groups = Some(checked.row_groups).filter(|_| !is_partitioned);
        contestant.measured.files = Some(checked.files).filter(|_| is_partitioned);
    } else {
        let bytes = contestant.rounds[0].output_bytes;
        contestant.measured.output_bytes = bytes.unwrap_or_default();
    }
    Ok(contestant)
}

impl Contestant {
    /// Writes once. The file of the first round stays, for it is checked.
    fn round(&mut self, case: &Case, to_file: bool, directory: &Path) -> Result<(), String> {
        let path = path(self.process.system, directory);
        let mut write = case.write.clone();
        write.to = to_file.then(|| path.clone());
        let answer = self.process.ask(&Command::Write(write))?;
        let Answer::Written(written) = answer else {
            return Err(format!("{} has not written", self.process.system.name()));
        };
        if to_file && !self.rounds.is_empty() {
            remove(&path).map_err(|error| format!("{path:?}: {error}"))?;
        }
        self.rounds.push(written);
        Ok(())
    }

    fn measured(self) -> Measured {
        let Self {
            mut measured,
            mut rounds,
            ..
        } = self;
        measured.peak_extra_bytes = rounds.iter().filter_map(|it| it.peak_extra_bytes).max();
        rounds.remove(0);
        rounds.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
        measured.seconds = rounds[0].seconds;
        measured.median = rounds[rounds.len() / 2].seconds;
        let cpu_seconds = rounds.iter().map(|it| it.cpu_seconds);
        measured.cpu_seconds = cpu_seconds.fold(f64::INFINITY, f64::min);
        measured
    }
}

/// Removes what a system wrote.
fn remove(path: &Path) -> io::Result<()> {
    match path.is_dir() {
        true => fs::remove_dir_all(path),
        false => fs::remove_file(path),
    }
}

fn path(system: System, directory: &Path) -> PathBuf {
    let name = system.name().replace(' ', "-");
    directory.join(name).with_extension("parquet")
}
