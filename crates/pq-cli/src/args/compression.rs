//! The value of `--compression`.

use super::columns::by_column;
use crate::error::CliError;
use pq_writer::{Compression, WriterOptions};
use std::collections::BTreeMap;

const OPTION: &str = "--compression";

/// Codecs for all columns and for single ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompressionSpec {
    default: Compression,
    columns: BTreeMap<String, Compression>,
}

impl CompressionSpec {
    /// Reads `CODEC[:LEVEL]` for all columns, or `NAME=CODEC[:LEVEL]` by column, separated by
    /// commas; the name `_default` means all columns that are not named. Columns without either
    /// get Snappy.
    ///
    /// # Errors
    ///
    /// A codec that does not exist, a level that is not a number or that the codec does not
    /// take, a column named twice. Whether a level is in range is for the writer to say.
    pub fn parse(text: &str) -> Result<Self, CliError> {
        let (default, columns) = by_column(OPTION, text, codec_of)?;
        Ok(Self {
            default: default.unwrap_or(Compression::Snappy),
            columns,
        })
    }

    /// Puts the codecs into the writer's options.
    pub fn apply(self, options: &mut WriterOptions) {
        options.compression = self.default;
        options.column_compression = self.columns;
    }
}

fn codec_of(text: &str) -> Result<Compression, CliError> {
    let (codec, level) = match text.split_once(':') {
        Some((codec, level)) => (codec.trim(), Some(level.trim())),
        None => (text.trim(), None),
    };
    let name = codec.to_ascii_lowercase();
    let compression = match name.as_str() {
        "none" | "uncompressed" => Compression::Uncompressed,
        "snappy" => Compression::Snappy,
        "gzip" => Compression::Gzip(number(&name, level)?),
        "zstd" => Compression::Zstd(number(&name, level)?),
        "lz4_raw" => Compression::Lz4Raw,
        "brotli" => Compression::Brotli(number(&name, level)?),
        _ => {
            return Err(wrong(format!(
                "unknown codec {codec:?}; there are none, snappy, gzip, zstd, lz4_raw and brotli"
            )));
        }
    };
    let takes_level = matches!(name.as_str(), "gzip" | "zstd" | "brotli");
    match level {
        Some(level) if !takes_level => Err(wrong(format!("{name} takes no level, got {level:?}"))),
        _ => Ok(compression),
    }
}

fn number<T: std::str::FromStr>(codec: &str, level: Option<&str>) -> Result<Option<T>, CliError> {
    level
        .map(|text| {
            text.parse()
                .map_err(|_| wrong(format!("{text:?} is not a level of {codec}")))
        })
        .transpose()
}

fn wrong(reason: String) -> CliError {
    CliError::Argument {
        option: OPTION,
        reason,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> (Compression, Vec<(String, Compression)>) {
        let spec = CompressionSpec::parse(text).unwrap();
        (spec.default, spec.columns.into_iter().collect())
    }

    #[test]
    fn one_codec_means_all_columns() {
        for (text, expected) in [
            ("none", Compression::Uncompressed),
            ("UNCOMPRESSED", Compression::Uncompressed),
            ("snappy", Compression::Snappy),
            ("gzip", Compression::Gzip(None)),
            ("gzip:9", Compression::Gzip(Some(9))),
            ("zstd:-3", Compression::Zstd(Some(-3))),
            ("ZSTD:3", Compression::Zstd(Some(3))),
            ("lz4_raw", Compression::Lz4Raw),
            ("brotli:11", Compression::Brotli(Some(11))),
        ] {
            assert_eq!(parsed(text), (expected, vec![]), "{text}");
        }
    }

    #[test]
    fn columns_may_differ() {
        let columns = vec![("a=b".to_owned(), Compression::Snappy)];
        let expected = (Compression::Zstd(None), columns);
        assert_eq!(parsed("a=b=snappy, _default=zstd"), expected);
        let columns = vec![("x".to_owned(), Compression::Gzip(Some(1)))];
        assert_eq!(parsed("x=gzip:1"), (Compression::Snappy, columns));
    }

    #[test]
    fn bad_specifications_are_refused() {
        for text in [
            "",
            "lzo",
            "gzip:x",
            "gzip:-1",
            "snappy:1",
            "none:0",
            "a=",
            "a=zstd,a=snappy",
            "zstd,snappy",
            "zstd,",
        ] {
            assert!(CompressionSpec::parse(text).is_err(), "{text:?}");
        }
    }
}
