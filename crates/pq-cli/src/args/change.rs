//! Commands that change a data set that is there.

use super::StoreArgs;
use clap::{ArgGroup, Args, Subcommand, ValueEnum};
use pq_dataset::{Plan, Rebuild};
use std::time::Duration;

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

/// What becomes of files that a data set does not name any more.
#[derive(Debug, Args)]
pub struct ReplacedArgs {
    /// Leave files that go for readers that are still at them; recover deletes them later
    #[arg(long)]
    pub keep_replaced: bool,
}

impl ReplacedArgs {
    /// The plan, with that in it.
    pub fn apply(&self, plan: Plan) -> Plan {
        match self.keep_replaced {
            true => plan.keep_replaced(),
            false => plan,
        }
    }
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
    /// What becomes of its files.
    #[command(flatten)]
    pub replaced: ReplacedArgs,
    /// How it is done.
    #[command(flatten)]
    pub plan: PlanArgs,
}

/// The arguments of `pq merge`.
#[derive(Debug, Args)]
pub struct MergeArgs {
    /// Parquet files, and directories of them: paths or URLs, all on one disk or in one bucket
    #[arg(required = true)]
    pub paths: Vec<String>,
    /// The directory of the data set, which gets _metadata [default: the one that all files are
    /// in, above those called KEY=VALUE]
    #[arg(long, value_name = "PATH")]
    pub root: Option<String>,
    /// Take columns in another order, and of annotations that a wider one covers; only what readers
    /// of _metadata can read as it lies
    #[arg(long)]
    pub widen: bool,
    /// Write those files again, in their places, that have fewer columns than others (they get
    /// nulls), narrower ones (integers, floats, decimals of one scale), or required ones
    #[arg(long)]
    pub rewrite: bool,
    /// With --rewrite: as of pq write
    #[arg(
        long,
        value_name = "SPEC",
        default_value = "snappy",
        requires = "rewrite"
    )]
    pub compression: String,
    /// How it is done.
    #[command(flatten)]
    pub plan: PlanArgs,
}

/// The arguments of `pq compact`.
#[derive(Debug, Args)]
pub struct CompactArgs {
    /// The directory of a data set: a path or a URL
    pub dataset: String,
    /// The bytes that a new file has at most; files of half of it or more stay as they are
    #[arg(long, value_name = "BYTES", default_value_t = 128 << 20,
          value_parser = clap::value_parser!(u64).range(1..))]
    pub target_bytes: u64,
    /// Leave files alone that have a row group of fewer bytes
    #[arg(
        long,
        value_name = "BYTES",
        default_value_t = 0,
        conflicts_with = "rewrite"
    )]
    pub smallest_row_group: u64,
    /// Read the rows of small files and write them again, so that there are fewer row groups too
    #[arg(long)]
    pub rewrite: bool,
    /// With --rewrite: as of pq write
    #[arg(
        long,
        value_name = "SPEC",
        default_value = "snappy",
        requires = "rewrite"
    )]
    pub compression: String,
    /// What becomes of the old files.
    #[command(flatten)]
    pub replaced: ReplacedArgs,
    /// How it is done.
    #[command(flatten)]
    pub plan: PlanArgs,
}

/// The arguments of `pq recover`.
#[derive(Debug, Args)]
pub struct RecoverArgs {
    /// A Parquet file, or the directory of a data set: a path or a URL
    pub target: String,
    /// Leave what was written since then: its writer may be at work. 0s if there is none
    #[arg(long, value_name = "DURATION", default_value = "1d", value_parser = humantime::parse_duration)]
    pub grace: Duration,
    /// When to make _metadata anew from the footers of the files
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = RebuildWhen::IfNeeded)]
    pub rebuild: RebuildWhen,
    /// How it is done.
    #[command(flatten)]
    pub plan: PlanArgs,
}

/// When to make `_metadata` anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RebuildWhen {
    /// If it is absent or damaged.
    IfNeeded,
    /// Always.
    Always,
    /// Never: for a data set that is meant to have none.
    Never,
}

impl From<RebuildWhen> for Rebuild {
    fn from(when: RebuildWhen) -> Self {
        match when {
            RebuildWhen::IfNeeded => Self::IfNeeded,
            RebuildWhen::Always => Self::Always,
            RebuildWhen::Never => Self::Never,
        }
    }
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
