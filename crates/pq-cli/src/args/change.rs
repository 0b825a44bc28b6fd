//! Commands that change a data set that is there.

use super::StoreArgs;
use clap::{ArgGroup, Args, Subcommand};

/// What all of these commands have.
#[derive(Debug, Args)]
pub struct PlanArgs {
    /// Show what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Where the data set is stored.
    #[command(flatten)]
    pub store: StoreArgs,
}

/// The arguments of `pq remove`.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("what").required(true))]
pub struct RemoveArgs {
    /// The directory of a data set: a path or a URL
    pub dataset: String,
    /// Remove the partitions where this column has this value; several narrow it down. Without
    /// `=VALUE` null is meant
    #[arg(long, value_name = "COLUMN[=VALUE]", group = "what")]
    pub partition: Vec<String>,
    /// Remove this file, by its path below the data set; may be given several times
    #[arg(long, value_name = "PATH", group = "what")]
    pub file: Vec<String>,
    /// Remove the row groups of these positions, from 0, as inspect counts them; all of a file
    /// must be among them
    #[arg(long, value_name = "N,…", value_delimiter = ',', group = "what")]
    pub row_groups: Vec<usize>,
    /// Leave the files for readers that are still at them; recover deletes them later
    #[arg(long)]
    pub keep_replaced: bool,
    /// How it is done.
    #[command(flatten)]
    pub plan: PlanArgs,
}

/// The arguments of `pq sort`.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("key").required(true))]
pub struct SortArgs {
    /// The directory of a data set: a path or a URL
    pub dataset: String,
    /// Sort by a partition column, or by the bounds of a column of the files
    #[arg(long, value_name = "COLUMN", group = "key")]
    pub by: Option<String>,
    /// Sort by the paths of the files; digits in them count as numbers
    #[arg(long, group = "key")]
    pub by_file: bool,
    /// The largest first
    #[arg(long)]
    pub descending: bool,
    /// How it is done.
    #[command(flatten)]
    pub plan: PlanArgs,
}

/// The arguments of `pq metadata`.
#[derive(Debug, Args)]
pub struct MetadataArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: MetadataCommand,
}

/// What to do with key-values.
#[derive(Debug, Subcommand)]
pub enum MetadataCommand {
    /// Set key-values of a file or a data set, or remove them; rows stay where they are
    Set(SetArgs),
}

/// The arguments of `pq metadata set`.
#[derive(Debug, Args)]
pub struct SetArgs {
    /// A Parquet file, or the directory of a data set: a path or a URL
    pub target: String,
    /// What to set
    #[arg(value_name = "KEY=VALUE", required_unless_present = "remove")]
    pub pairs: Vec<String>,
    /// A key to remove; may be given several times
    #[arg(long, value_name = "KEY")]
    pub remove: Vec<String>,
    /// How it is done.
    #[command(flatten)]
    pub plan: PlanArgs,
}
