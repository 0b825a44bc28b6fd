//! What the command line asks for.

use crate::system::System;
use std::path::PathBuf;

const HELP: &str = "stores [NAME…] [--scale F] [--rounds N] [--json FILE] [--list]";

/// Bytes of an object at scale 1.
const BYTES: f64 = 2e9;

pub struct Arguments {
    names: Vec<String>,
    pub bytes: u64,
    pub rounds: usize,
    pub json: Option<PathBuf>,
}

impl Arguments {
    /// Whether the name of a contest was asked for.
    pub fn wants(&self, name: &str) -> bool {
        self.names.is_empty() || self.names.iter().any(|wanted| name.contains(wanted))
    }
}

pub enum Task {
    Run(Arguments),
    List(Arguments),
    /// What a contestant does, in its own process: from a file to a place.
    Work(System, PathBuf, String),
}

pub fn parse(mut given: impl Iterator<Item = String>) -> Result<Task, String> {
    let mut arguments = Arguments {
        names: Vec::new(),
        bytes: BYTES as u64,
        rounds: 3,
        json: None,
    };
    let mut is_list = false;
    while let Some(argument) = given.next() {
        let mut value = || {
            given
                .next()
                .ok_or_else(|| format!("{argument} needs a value"))
        };
        let wrong = |_| format!("{argument} needs a number");
        match argument.as_str() {
            "--work" => {
                let system = System::named(&value()?).ok_or(HELP)?;
                return Ok(Task::Work(system, value()?.into(), value()?));
            }
            "--scale" => {
                let scale: f64 = value()?.parse().map_err(|_| wrong(()))?;
                arguments.bytes = (BYTES * scale) as u64;
            }
            "--rounds" => arguments.rounds = value()?.parse().map_err(|_| wrong(()))?,
            "--json" => arguments.json = Some(value()?.into()),
            "--list" => is_list = true,
            _ if argument.starts_with('-') => return Err(HELP.to_owned()),
            _ => arguments.names.push(argument),
        }
    }
    match is_list {
        true => Ok(Task::List(arguments)),
        false => Ok(Task::Run(arguments)),
    }
}
