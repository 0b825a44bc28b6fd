//! `pq verify`.

use clap::Args;
use std::path::PathBuf;

/// The arguments of `pq verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// Parquet files, or directories of data sets
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// Say nothing of what is deprecated or discouraged only
    #[arg(long)]
    pub no_deviations: bool,
    /// Print one JSON document instead of lines
    #[arg(long)]
    pub json: bool,
}
