//! `pq inspect`.

use super::StoreArgs;
use clap::Args;

/// The arguments of `pq inspect`.
#[derive(Debug, Args)]
pub struct InspectArgs {
    /// A Parquet file, or the directory of a data set: a path, s3://bucket/key, gs://bucket/key or
    /// az://container/key
    pub path: String,
    /// Where it is.
    #[command(flatten)]
    pub store: StoreArgs,
    /// Print one JSON document instead of tables
    #[arg(long)]
    pub json: bool,
}
