//! What the command line asks for.

use crate::system::System;
use std::path::PathBuf;

const HELP: &str = "\
files [NAME…] [--scale F] [--rounds N] [--long] [--json FILE] [--python PATH] [--list]

  NAME           contests whose name holds it; all without one
  --scale F      how much of its rows each table has (0.5), but for the contests rows and
                 columns; lineitem at 1 is TPC-H SF 1. A system holds up to 1.5 GB times F in
                 memory, and up to seven of them run
  --rounds N     how often each system writes (5), after one time that does not count
  --long         the cost of a row up to 100 million rows, which take 3 GB twice
  --json FILE    append a line for each system
  --python PATH  the Python that has the peers; they are left out without one
  --list         only print the names of the contests";

/// How contests run.
pub struct Arguments {
    pub names: Vec<String>,
    pub scale: f64,
    pub rounds: usize,
    pub long: bool,
    pub json: Option<PathBuf>,
    pub python: Option<PathBuf>,
}

/// What this process is for.
pub enum Task {
    /// To be one of the systems.
    Work(System),
    /// To name the contests.
    List(Arguments),
    /// To run the contests.
    Run(Arguments),
}

impl Arguments {
    /// Whether a contest was asked for.
    pub fn wants(&self, name: &str) -> bool {
        self.names.is_empty() || self.names.iter().any(|wanted| name.contains(wanted))
    }
}

/// The task, or what is wrong about it.
pub fn parse(mut given: impl Iterator<Item = String>) -> Result<Task, String> {
    let mut arguments = Arguments {
        names: Vec::new(),
        scale: 0.5,
        rounds: 5,
        long: false,
        json: None,
        python: None,
    };
    let mut list = false;
    while let Some(argument) = given.next() {
        let mut value = || {
            given
                .next()
                .ok_or_else(|| format!("{argument} needs a value\n\n{HELP}"))
        };
        match argument.as_str() {
            "--worker" => {
                let name = value()?;
                let system = System::named(&name);
                return system
                    .map(Task::Work)
                    .ok_or_else(|| format!("there is no system {name}"));
            }
            "--scale" => {
                let scale = value()?
                    .parse()
                    .map_err(|error| format!("--scale: {error}"));
                arguments.scale = scale?;
                if !(arguments.scale > 0.0 && arguments.scale.is_finite()) {
                    return Err("--scale: it is above 0".to_owned());
                }
            }
            "--rounds" => {
                let rounds: Result<usize, _> = value()?.parse();
                let rounds = rounds.map_err(|error| format!("--rounds: {error}"))?;
                arguments.rounds = rounds.max(1);
            }
            "--long" => arguments.long = true,
            "--json" => arguments.json = Some(value()?.into()),
            "--python" => arguments.python = Some(value()?.into()),
            "--list" => list = true,
            _ if argument.starts_with('-') => {
                return Err(format!("{argument} is not known\n\n{HELP}"));
            }
            _ => arguments.names.push(argument),
        }
    }
    Ok(match list {
        true => Task::List(arguments),
        false => Task::Run(arguments),
    })
}
