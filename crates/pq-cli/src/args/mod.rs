//! The command line.

mod columns;
mod compression;
mod inspect;
mod storage;
mod write;

use compression::CompressionSpec;
pub use inspect::InspectArgs;
use storage::StorageArgs;
pub use write::WriteArgs;

use clap::{Parser, Subcommand};

/// Writes Parquet files and data sets, and shows what is in them.
#[derive(Debug, Parser)]
#[command(name = "pq", version, propagate_version = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a table to a Parquet file or data set
    Write(Box<WriteArgs>),
    /// Show schema, metadata and row groups of a Parquet file or data set
    Inspect(InspectArgs),
}

#[cfg(test)]
mod tests {
    use super::Cli;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
