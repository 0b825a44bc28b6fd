//! `pq inspect`.

use clap::Args;
use std::path::PathBuf;

/// The arguments of `pq inspect`.
#[derive(Debug, Args)]
pub struct InspectArgs {
    /// A Parquet file, or the directory of a data set
    pub path: PathBuf,
    /// Print one JSON document instead of tables
    #[arg(long)]
    pub json: bool,
}
