//! The systems, and their processes.

use crate::protocol::{Answer, Command};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{self, Child, ChildStdin, ChildStdout, Stdio};

/// Who takes part in contests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    Pq,
    /// pq with its other profiles.
    PqSmall,
    PqFast,
    ParquetRs,
    Pyarrow,
    Polars,
    DuckDb,
    Fastparquet,
    /// No file, but a copy of the values.
    Memcpy,
    /// No file, but the pages of pq compressed.
    CodecAlone,
}

impl System {
    const ALL: [Self; 10] = [
        Self::Pq,
        Self::PqSmall,
        Self::PqFast,
        Self::ParquetRs,
        Self::Pyarrow,
        Self::Polars,
        Self::DuckDb,
        Self::Fastparquet,
        Self::Memcpy,
        Self::CodecAlone,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Pq => "pq",
            Self::PqSmall => "pq small",
            Self::PqFast => "pq fast",
            Self::ParquetRs => "parquet-rs",
            Self::Pyarrow => "pyarrow",
            Self::Polars => "polars",
            Self::DuckDb => "duckdb",
            Self::Fastparquet => "fastparquet",
            Self::Memcpy => "memcpy",
            Self::CodecAlone => "codec alone",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|system| system.name() == name)
    }

    pub fn is_of_python(self) -> bool {
        matches!(
            self,
            Self::Pyarrow | Self::Polars | Self::DuckDb | Self::Fastparquet
        )
    }

    /// Whether what it makes is a file.
    pub fn writes_files(self) -> bool {
        !matches!(self, Self::Memcpy | Self::CodecAlone)
    }
}

/// The process of a system.
pub struct Process {
    pub system: System,
    child: Child,
    // Gone when the process is told to end.
    commands: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Process {
    /// Starts a system that may use so many threads.
    pub fn start(system: System, threads: usize, python: Option<&Path>) -> Result<Self, String> {
        let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", system.name());
        let mut command = match python {
            Some(python) if system.is_of_python() => {
                let mut command = process::Command::new(python);
                command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/peers/worker.py"));
                command.arg(system.name());
                command
            }
            _ => {
                let binary = std::env::current_exe().map_err(|error| failed(&error))?;
                let mut command = process::Command::new(binary);
                command.args(["--worker", system.name()]);
                command
            }
        };
        for knob in ["POLARS_MAX_THREADS", "RAYON_NUM_THREADS", "OMP_NUM_THREADS"] {
            command.env(knob, threads.to_string());
        }
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| failed(&error))?;
        let commands = child.stdin.take();
        let answers = child.stdout.take().ok_or_else(|| failed(&"no stdout"))?;
        Ok(Self {
            system,
            child,
            commands,
            answers: BufReader::new(answers),
        })
    }

    /// Has a command executed; what the worker could not do is an error.
    pub fn ask(&mut self, command: &Command) -> Result<Answer, String> {
        let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", self.system.name());
        let line = serde_json::to_string(command).map_err(|error| failed(&error))?;
        let commands = self.commands.as_mut().ok_or_else(|| failed(&"has ended"))?;
        writeln!(commands, "{line}").map_err(|error| failed(&error))?;
        let mut answer = String::new();
        self.answers
            .read_line(&mut answer)
            .map_err(|error| failed(&error))?;
        if answer.is_empty() {
            return Err(failed(&"ended without an answer"));
        }
        match serde_json::from_str(&answer).map_err(|error| failed(&error))? {
            Answer::Error(message) => Err(failed(&message)),
            answer => Ok(answer),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // The end of its commands is what it waits for.
        self.commands = None;
        let _ = self.child.wait();
    }
}
