//! How `pq write` stores columns: encodings, pages, Bloom filters, order.

use super::columns::by_column;
use crate::error::CliError;
use clap::Args;
use pq_writer::{BloomFilter, ColumnEncoding, PageVersion, Profile, SortingColumn, WriterOptions};
use std::collections::BTreeMap;

/// The options on how columns are stored.
#[derive(Debug, Args)]
pub struct StorageArgs {
    /// What encodings are chosen from: those that every reader knows, those that make the
    /// smallest files, or those that take the least time
    #[arg(
        long,
        value_name = "compatible|small|fast",
        default_value = "compatible"
    )]
    pub profile: String,
    /// auto, dictionary, plain, delta_binary_packed, delta_length_byte_array, delta_byte_array,
    /// byte_stream_split, rle or alp; by column NAME=ENCODING,…,_default=ENCODING [default: auto]
    #[arg(long, value_name = "SPEC")]
    pub encoding: Option<String>,
    /// Columns that get a Bloom filter, each with how often it may be wrong [default: 0.01]
    #[arg(long, value_name = "COLUMN[:PROBABILITY],…", value_delimiter = ',')]
    pub bloom_filter: Vec<String>,
    /// Columns by which the rows of each row group are sorted; rows in another order are an error
    #[arg(
        long,
        value_name = "COLUMN[:desc][:nulls_first],…",
        value_delimiter = ','
    )]
    pub sorted_by: Vec<String>,
    /// The layout of data pages
    #[arg(long, value_name = "1|2", default_value_t = 1,
          value_parser = clap::value_parser!(u8).range(1..=2))]
    pub page_version: u8,
    /// Store a checksum with each page
    #[arg(long)]
    pub page_checksums: bool,
    /// Leave the page index out
    #[arg(long)]
    pub no_page_index: bool,
    /// How many threads encode columns; the file is the same with any number [default: one for
    /// each processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub threads: Option<u16>,
}

impl StorageArgs {
    /// Puts what was given into the writer's options.
    ///
    /// # Errors
    ///
    /// An option that cannot be read.
    pub fn apply(&self, options: &mut WriterOptions) -> Result<(), CliError> {
        options.profile = match self.profile.as_str() {
            "compatible" => Profile::Compatible,
            "small" => Profile::Small,
            "fast" => Profile::Fast,
            other => {
                return Err(CliError::Argument {
                    option: "--profile",
                    reason: format!(
                        "unknown profile {other:?}; there are compatible, small and fast"
                    ),
                });
            }
        };
        if let Some(text) = &self.encoding {
            let (default, columns) = by_column("--encoding", text, encoding)?;
            options.encoding = default.unwrap_or_default();
            options.column_encoding = columns;
        }
        options.bloom_filters = self
            .bloom_filter
            .iter()
            .map(|text| bloom_filter(text))
            .collect::<Result<BTreeMap<_, _>, _>>()?;
        options.sorting_columns = self.sorted_by.iter().map(|text| sorting(text)).collect();
        options.page_version = match self.page_version {
            2 => PageVersion::V2,
            _ => PageVersion::V1,
        };
        options.page_checksums = self.page_checksums;
        options.page_index = !self.no_page_index;
        let processors = || std::thread::available_parallelism().map_or(1, usize::from);
        options.threads = self.threads.map_or_else(processors, usize::from);
        Ok(())
    }
}

fn encoding(text: &str) -> Result<ColumnEncoding, CliError> {
    Ok(match text.trim().to_ascii_lowercase().as_str() {
        "auto" => ColumnEncoding::Auto,
        "dictionary" => ColumnEncoding::Dictionary,
        "plain" => ColumnEncoding::Plain,
        "delta_binary_packed" => ColumnEncoding::DeltaBinaryPacked,
        "delta_length_byte_array" => ColumnEncoding::DeltaLengthByteArray,
        "delta_byte_array" => ColumnEncoding::DeltaByteArray,
        "byte_stream_split" => ColumnEncoding::ByteStreamSplit,
        "rle" => ColumnEncoding::Rle,
        "alp" => ColumnEncoding::Alp,
        _ => {
            return Err(CliError::Argument {
                option: "--encoding",
                reason: format!(
                    "unknown encoding {text:?}; there are auto, dictionary, plain, \
                     delta_binary_packed, delta_length_byte_array, delta_byte_array, \
                     byte_stream_split, rle and alp"
                ),
            });
        }
    })
}

/// `COLUMN` or `COLUMN:PROBABILITY`. A colon before anything but a number is of the name.
fn bloom_filter(text: &str) -> Result<(String, BloomFilter), CliError> {
    let mut filter = BloomFilter::default();
    let Some((name, probability)) = text
        .rsplit_once(':')
        .and_then(|(name, number)| Some((name, number.parse::<f64>().ok()?)))
    else {
        return Ok((text.to_owned(), filter));
    };
    if !(probability > 0.0 && probability < 1.0) {
        return Err(CliError::Argument {
            option: "--bloom-filter",
            reason: format!("{probability} is not a probability above 0 and below 1"),
        });
    }
    filter.false_positive_probability = probability;
    Ok((name.to_owned(), filter))
}

/// `COLUMN`, then `:asc`, `:desc`, `:nulls_first` and `:nulls_last` in any order.
fn sorting(text: &str) -> SortingColumn {
    let mut column = SortingColumn {
        column: String::new(),
        descending: false,
        nulls_first: false,
    };
    let mut name = text;
    while let Some((rest, last)) = name.rsplit_once(':') {
        match last {
            "asc" => column.descending = false,
            "desc" => column.descending = true,
            "nulls_first" => column.nulls_first = true,
            "nulls_last" => column.nulls_first = false,
            _ => break,
        }
        name = rest;
    }
    name.clone_into(&mut column.column);
    column
}

#[cfg(test)]
mod tests {
    use super::{bloom_filter, sorting};

    #[test]
    fn bloom_filters_have_a_probability_or_the_usual_one() {
        let read = |text| {
            let (name, filter) = bloom_filter(text).unwrap();
            (name, filter.false_positive_probability)
        };
        assert_eq!(read("id"), ("id".to_owned(), 0.01));
        assert_eq!(read("a:b"), ("a:b".to_owned(), 0.01));
        assert_eq!(read("a:b:0.5"), ("a:b".to_owned(), 0.5));
        assert!(bloom_filter("id:1").is_err() && bloom_filter("id:0").is_err());
    }

    #[test]
    fn sorting_columns_have_a_direction_and_a_place_for_nulls() {
        let read = |text| {
            let column = sorting(text);
            (column.column, column.descending, column.nulls_first)
        };
        assert_eq!(read("a"), ("a".to_owned(), false, false));
        assert_eq!(read("a:b:desc"), ("a:b".to_owned(), true, false));
        assert_eq!(read("a:nulls_first:desc"), ("a".to_owned(), true, true));
    }
}
