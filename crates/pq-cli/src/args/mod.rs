//! The command line.

mod change;
mod columns;
mod compression;
mod inspect;
mod storage;
mod store;
mod verify;
mod write;

pub use change::{
    CompactArgs, MergeArgs, MetadataArgs, MetadataCommand, PlanArgs, RecoverArgs, RemoveArgs,
    ReplacedArgs, SetArgs, SortArgs,
};
pub use compression::CompressionSpec;
pub use inspect::InspectArgs;
use storage::StorageArgs;
pub use store::StoreArgs;
pub use verify::VerifyArgs;
pub use write::{MetadataWhen, RowsArgs, WriteArgs};

use clap::{Parser, Subcommand};

/// Writes Parquet files and data sets, shows what is in them, and checks them.
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
    /// Add a table to a Parquet file or data set that is there
    Append(Box<RowsArgs>),
    /// Put a table in the place of those partitions of a data set that it has rows of
    Overwrite(Box<RowsArgs>),
    /// Take partitions, files or row groups out of a data set
    Remove(RemoveArgs),
    /// Make a data set of files that are there: their footers are read, and _metadata is written
    Merge(MergeArgs),
    /// Put the row groups of many small files of a data set into few, without decoding them
    Compact(CompactArgs),
    /// Find and remove what writers that died have left, and make a lost _metadata anew
    Recover(RecoverArgs),
    /// Sort the row groups in the metadata of a data set
    Sort(SortArgs),
    /// Change the key-values of a file or a data set
    Metadata(MetadataArgs),
    /// Show schema, metadata and row groups of a Parquet file or data set
    Inspect(InspectArgs),
    /// Check every page of Parquet files against the rules of the format
    Verify(VerifyArgs),
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
