//! What the driver says to its workers, and they to it: JSON, one line each. The end of the
//! commands is the end of a worker.

use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// What a worker is to do.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Read a table into memory: an Arrow IPC file.
    Load(PathBuf),
    /// Write a file of it.
    Write(Write),
}

/// How a file is written.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Write {
    pub codec: Codec,
    pub threads: usize,
    /// The path of a new file; to a sink that only counts without one.
    pub to: Option<PathBuf>,
    /// Whether dictionaries may be made; all values are PLAIN otherwise.
    pub dictionary: bool,
    /// The columns whose values name folders: `to` is a new directory then, in hive's layout.
    pub partition_on: Vec<String>,
}

/// A codec, with the one level that all have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Codec {
    None,
    Snappy,
    /// At level 1.
    Zstd,
    Lz4Raw,
}

impl Codec {
    /// As names of contests have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Snappy => "snappy",
            Self::Zstd => "zstd 1",
            Self::Lz4Raw => "lz4_raw",
        }
    }
}

/// What a worker has done.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    Loaded(Loaded),
    Written(Written),
    /// What it could not do.
    Error(String),
}

/// The table that a worker has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loaded {
    pub rows: usize,
    pub columns: usize,
}

/// One writing of a file.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Written {
    /// By the clock.
    pub seconds: f64,
    /// Of the whole process, on all threads.
    pub cpu_seconds: f64,
    /// If the system lets it be counted.
    pub output_bytes: Option<u64>,
    /// The most memory of the process, above what it had before; if the machine tells it.
    pub peak_extra_bytes: Option<u64>,
}
