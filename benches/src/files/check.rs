//! Files that systems wrote: where they are, and whether they hold what they should.

use crate::protocol::{Codec, Loaded};
use parquet::basic::Compression;
use parquet::file::metadata::ParquetMetaDataReader;
use std::fs::File;
use std::path::{Path, PathBuf};

/// What a footer says.
pub struct Checked {
    pub bytes: u64,
    pub row_groups: usize,
}

/// Where files are written: in memory, if the machine has such a place.
pub fn directory() -> PathBuf {
    let memory = Path::new("/dev/shm");
    let parent = match memory.is_dir() {
        true => memory.to_path_buf(),
        false => std::env::temp_dir(),
    };
    parent.join(format!("pq-benches-{}", std::process::id()))
}

/// Errors unless the file has all rows and columns, in this codec.
pub fn check(path: &Path, expected: Loaded, codec: Codec) -> Result<Checked, String> {
    let file = File::open(path).map_err(|error| format!("no file: {error}"))?;
    let metadata = ParquetMetaDataReader::new()
        .parse_and_finish(&file)
        .map_err(|error| format!("not a file of Parquet: {error}"))?;
    let about = metadata.file_metadata();
    let columns = about.schema_descr().num_columns();
    if about.num_rows() != expected.rows as i64 || columns != expected.columns {
        return Err(format!(
            "{} rows of {columns} columns are in its file, not {} of {}",
            about.num_rows(),
            expected.rows,
            expected.columns
        ));
    }
    let mut chunks = metadata.row_groups().iter().flat_map(|it| it.columns());
    let is_right = chunks.all(|chunk| {
        matches!(
            (codec, chunk.compression()),
            (Codec::None, Compression::UNCOMPRESSED)
                | (Codec::Snappy, Compression::SNAPPY)
                | (Codec::Zstd, Compression::ZSTD(_))
                | (Codec::Lz4Raw, Compression::LZ4_RAW)
        )
    });
    if !is_right {
        return Err(format!("a column chunk is not in {}", codec.name()));
    }
    Ok(Checked {
        bytes: file.metadata().map_err(|error| error.to_string())?.len(),
        row_groups: metadata.num_row_groups(),
    })
}
