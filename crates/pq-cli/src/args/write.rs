//! `pq write`, `pq append` and `pq overwrite`.

use super::{CompressionSpec, ReplacedArgs, StorageArgs, StoreArgs};
use crate::error::CliError;
use crate::input::Format;
use clap::{Args, ValueEnum};
use pq_arrow::HasNulls;
use pq_dataset::{
    Collecting, DatasetOptions, Existing, MetadataFile, PartitionEscaping, PartitionNulls, Scheme,
};
use pq_writer::{RowGroupCuts, Statistics, WriterOptions};
use std::path::PathBuf;

/// When a data set gets `_metadata`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MetadataWhen {
    /// Always.
    Always,
    /// If it is there.
    IfThere,
    /// Never.
    Never,
}

impl From<MetadataWhen> for MetadataFile {
    fn from(when: MetadataWhen) -> Self {
        match when {
            MetadataWhen::Always => Self::Always,
            MetadataWhen::IfThere => Self::IfThere,
            MetadataWhen::Never => Self::Never,
        }
    }
}

/// What becomes of rows that have null in a partition column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum NullsWhere {
    /// They go to a directory of their own.
    Keep,
    /// They are left out.
    Drop,
    /// They are an error.
    Refuse,
}

impl From<NullsWhere> for PartitionNulls {
    fn from(nulls: NullsWhere) -> Self {
        match nulls {
            NullsWhere::Keep => Self::Keep,
            NullsWhere::Drop => Self::Drop,
            NullsWhere::Refuse => Self::Refuse,
        }
    }
}

/// The arguments of `pq write`.
#[derive(Debug, Args)]
pub struct WriteArgs {
    /// Add the rows to what is there
    #[arg(long, conflicts_with_all = ["overwrite"])]
    pub append: bool,
    /// Replace what is there
    #[arg(long)]
    pub overwrite: bool,
    /// What is written, and how.
    #[command(flatten)]
    pub rows: RowsArgs,
}

impl WriteArgs {
    /// What to do with what is there.
    pub fn existing(&self) -> Existing {
        match (self.append, self.overwrite) {
            (true, _) => Existing::Append,
            (_, true) => Existing::Overwrite,
            _ => Existing::Fail,
        }
    }
}

/// What is written, and how: the arguments of `pq append` and `pq overwrite`, and most of those of
/// `pq write`.
#[derive(Debug, Args)]
pub struct RowsArgs {
    /// A file of rows; `-` reads standard input
    pub input: PathBuf,
    /// The Parquet file to write, or the directory of a data set: a path, s3://bucket/key,
    /// gs://bucket/key or az://container/key
    pub out: String,
    /// The format of the input [default: by its extension; for `-` arrow-stream]
    #[arg(long, value_enum)]
    pub input_format: Option<Format>,
    /// How the data set lies on disk: one file, flat parts, or a directory for each partition
    /// [default: hive with --partition-on, else simple; with --append what is there]
    #[arg(long, value_name = "simple|flat|hive|drill")]
    pub scheme: Option<Scheme>,
    /// Columns whose values become directories, outermost first
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    pub partition_on: Vec<String>,
    /// Rows with null in a partition column: keep them in a directory of their own, drop or refuse
    /// them
    #[arg(long, value_enum, value_name = "HOW", default_value_t = NullsWhere::Keep)]
    pub partition_nulls: NullsWhere,
    /// Refuse values that would have to be escaped to be names of directories
    #[arg(long)]
    pub no_partition_escaping: bool,
    /// The bytes that rows of partitions may take in memory while their row groups are not complete
    #[arg(long, value_name = "BYTES", default_value_t = Collecting::default().memory_bytes)]
    pub memory_bytes: usize,
    /// The most rows of a row group; without partitions all row groups get about the same number
    #[arg(long, value_name = "N", default_value_t = 1_048_576,
          value_parser = clap::value_parser!(u64).range(1..))]
    pub row_group_rows: u64,
    /// The rows at which row groups start, the first of them 0. With partitions, each of these
    /// row groups becomes one of each partition that it has rows of
    #[arg(
        long,
        value_name = "ROW,…",
        value_delimiter = ',',
        conflicts_with = "row_group_rows"
    )]
    pub row_group_offsets: Vec<u64>,
    /// none, snappy, gzip, zstd, lz4_raw or brotli, with a level as in zstd:3; by column
    /// NAME=CODEC,…,_default=CODEC
    #[arg(long, value_name = "SPEC", default_value = "snappy")]
    pub compression: String,
    /// The bytes in memory at which a row group ends
    #[arg(
        long,
        value_name = "BYTES",
        conflicts_with_all = ["row_group_rows", "row_group_offsets"],
        value_parser = clap::value_parser!(u64).range(1..)
    )]
    pub row_group_bytes: Option<u64>,
    /// Where they are stored.
    #[command(flatten)]
    pub store: StoreArgs,
    /// How columns are stored.
    #[command(flatten)]
    pub storage: StorageArgs,
    /// Which columns get bounds: auto (where the type has an order), true, false, or names
    #[arg(
        long,
        value_name = "auto|true|false|COLUMN,…",
        default_value = "auto",
        value_delimiter = ','
    )]
    pub stats: Vec<String>,
    /// Which columns may hold nulls: true (all), false (none), infer (all but numbers, truth
    /// values and times), or names [default: as the input declares; CSV and NDJSON: all]
    #[arg(long, value_name = "true|false|infer|COLUMN,…", value_delimiter = ',')]
    pub has_nulls: Vec<String>,
    /// Where rows are added: columns that the input lacks are null, and integers, floats and decimals
    /// get the wider type that is there
    #[arg(long)]
    pub widen: bool,
    /// Metadata to store in the footer; may be given several times
    #[arg(long, value_name = "KEY=VALUE")]
    pub custom_metadata: Vec<String>,
    /// A text that means null in CSV, beside the empty cell; may be given several times
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub null_value: Vec<String>,
    /// Whether a data set of parts gets a _metadata file: always, if-there (if it has one), never
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = MetadataWhen::Always)]
    pub metadata_file: MetadataWhen,
    /// What becomes of files that are replaced.
    #[command(flatten)]
    pub replaced: ReplacedArgs,
    /// Show what would be done to the data set, and do nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Show no progress bar
    #[arg(long)]
    pub no_progress: bool,
}

impl RowsArgs {
    /// Where row groups end, for an input of `rows` rows.
    ///
    /// # Errors
    ///
    /// Offsets that do not start at 0 or do not ascend.
    pub fn cuts(&self, rows: u64) -> Result<RowGroupCuts, CliError> {
        if let Some(bytes) = self.row_group_bytes {
            let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
            return Ok(RowGroupCuts::bytes(bytes));
        }
        if self.row_group_offsets.is_empty() {
            let most = usize::try_from(self.row_group_rows).unwrap_or(usize::MAX);
            return Ok(RowGroupCuts::even(rows, most));
        }
        RowGroupCuts::offsets(self.row_group_offsets.clone()).map_err(|error| CliError::Argument {
            option: "--row-group-offsets",
            reason: error.to_string(),
        })
    }

    /// How a data set is written.
    ///
    /// # Errors
    ///
    /// As [`writer_options`](Self::writer_options).
    pub fn dataset_options(&self, existing: Existing) -> Result<DatasetOptions, CliError> {
        let usual = Collecting::default();
        let fits = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        Ok(DatasetOptions {
            existing,
            writer: self.writer_options()?,
            metadata: self.metadata_file.into(),
            partition_nulls: self.partition_nulls.into(),
            partition_escaping: match self.no_partition_escaping {
                true => PartitionEscaping::None,
                false => PartitionEscaping::Percent,
            },
            collecting: Collecting {
                memory_bytes: self.memory_bytes,
                row_group_rows: match self.row_group_bytes {
                    Some(_) => usize::MAX,
                    None => fits(self.row_group_rows),
                },
                row_group_bytes: self.row_group_bytes.map_or(usual.row_group_bytes, fits),
            },
            keep_replaced: self.replaced.keep_replaced,
        })
    }

    /// Which columns may hold nulls.
    pub fn has_nulls(&self) -> HasNulls {
        match self.has_nulls.as_slice() {
            [] => HasNulls::AsDeclared,
            [one] if one == "true" => HasNulls::All,
            [one] if one == "false" => HasNulls::None,
            [one] if one == "infer" => HasNulls::Infer,
            columns => HasNulls::Columns(columns.to_vec()),
        }
    }

    /// The writer's options, with the metadata of the command line.
    ///
    /// # Errors
    ///
    /// A compression or metadata that cannot be read.
    pub fn writer_options(&self) -> Result<WriterOptions, CliError> {
        let mut options = WriterOptions::default();
        CompressionSpec::parse(&self.compression)?.apply(&mut options);
        options.statistics = match self.stats.as_slice() {
            [one] if one == "auto" || one == "true" => Statistics::All,
            [one] if one == "false" => Statistics::None,
            names => Statistics::Columns(names.to_vec()),
        };
        self.storage.apply(&mut options)?;
        for text in &self.custom_metadata {
            let Some((key, value)) = text.split_once('=').filter(|(key, _)| !key.is_empty()) else {
                return Err(CliError::Argument {
                    option: "--custom-metadata",
                    reason: format!("{text:?} is not KEY=VALUE"),
                });
            };
            options.key_values.push((key.to_owned(), value.to_owned()));
        }
        Ok(options)
    }

    /// Checks the columns that options name against those of the input.
    ///
    /// # Errors
    ///
    /// A column that is not there, with the option.
    pub fn check_columns(&self, options: &WriterOptions, columns: &[&str]) -> Result<(), CliError> {
        let has_nulls = self.has_nulls();
        let mut named: Vec<(&'static str, &String)> = Vec::new();
        named.extend(
            options
                .column_compression
                .keys()
                .map(|name| ("--compression", name)),
        );
        named.extend(
            options
                .column_encoding
                .keys()
                .map(|name| ("--encoding", name)),
        );
        named.extend(
            options
                .bloom_filters
                .keys()
                .map(|name| ("--bloom-filter", name)),
        );
        let sorted = options
            .sorting_columns
            .iter()
            .map(|sorting| &sorting.column);
        named.extend(sorted.map(|name| ("--sorted-by", name)));
        if let Statistics::Columns(names) = &options.statistics {
            named.extend(names.iter().map(|name| ("--stats", name)));
        }
        if let HasNulls::Columns(names) = &has_nulls {
            named.extend(names.iter().map(|name| ("--has-nulls", name)));
        }
        named.extend(
            self.partition_on
                .iter()
                .map(|name| ("--partition-on", name)),
        );
        match named
            .iter()
            .find(|(_, name)| !columns.iter().any(|column| is_of(name, column)))
        {
            None => Ok(()),
            Some((option, name)) => Err(CliError::UnknownColumn {
                option,
                column: (*name).clone(),
            }),
        }
    }
}

/// Whether `path` is a column or what is within it.
fn is_of(path: &str, column: &str) -> bool {
    path.strip_prefix(column)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
