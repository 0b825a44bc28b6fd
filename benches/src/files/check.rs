//! Files that systems wrote: where they are, and whether they hold what they should.

use crate::case::Place;
use crate::protocol::{Codec, Loaded, Write};
use parquet::basic::Compression;
use parquet::file::metadata::ParquetMetaDataReader;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// What a footer says.
pub struct Checked {
    pub bytes: u64,
    pub row_groups: usize,
    pub files: usize,
}

/// Where files are written: on the disk that has this binary, or in memory, if the machine has such a
/// place.
pub fn directory(place: Place) -> PathBuf {
    let memory = Path::new("/dev/shm");
    let binary = std::env::current_exe().unwrap_or_default();
    let parent = match binary.parent() {
        Some(parent) if place == Place::Disk => parent,
        _ if memory.is_dir() => memory,
        _ => &std::env::temp_dir(),
    };
    parent.join(format!("pq-benches-{}", std::process::id()))
}

/// Errors unless the files of a directory have all rows, all columns but those of the partitions,
/// and are of so many partitions, each in a folder of its own.
pub fn check_partitioned(
    path: &Path,
    expected: Loaded,
    write: &Write,
    partitions: usize,
) -> Result<Checked, String> {
    let mut found = Checked {
        bytes: 0,
        row_groups: 0,
        files: 0,
    };
    let (mut rows, mut folders) = (0, 0);
    let columns = expected.columns - write.partition_on.len();
    let mut waiting = vec![(path.to_path_buf(), 0)];
    while let Some((directory, depth)) = waiting.pop() {
        let failed = |error: std::io::Error| format!("{directory:?}: {error}");
        folders += usize::from(depth == write.partition_on.len());
        for entry in fs::read_dir(&directory).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if path.is_dir() {
                waiting.push((path, depth + 1));
            } else if path.extension().is_some_and(|it| it == "parquet") {
                let (file, of_file) = read(&path, columns, write.codec)?;
                found.bytes += file.bytes;
                found.row_groups += file.row_groups;
                found.files += 1;
                rows += of_file;
            }
        }
    }
    if (rows, folders) != (expected.rows, partitions) {
        return Err(format!(
            "{rows} rows are in {folders} folders, not {} in {partitions}",
            expected.rows
        ));
    }
    Ok(found)
}

/// Errors unless the file has all rows and columns, in this codec.
pub fn check(path: &Path, expected: Loaded, codec: Codec) -> Result<Checked, String> {
    let (found, rows) = read(path, expected.columns, codec)?;
    if rows != expected.rows {
        return Err(format!(
            "{rows} rows are in its file, not {}",
            expected.rows
        ));
    }
    Ok(found)
}

/// What a file's footer says, and how many rows it has.
fn read(path: &Path, columns: usize, codec: Codec) -> Result<(Checked, usize), String> {
    let file = File::open(path).map_err(|error| format!("no file: {error}"))?;
    let metadata = ParquetMetaDataReader::new()
        .parse_and_finish(&file)
        .map_err(|error| format!("not a file of Parquet: {error}"))?;
    let about = metadata.file_metadata();
    let found = about.schema_descr().num_columns();
    if found != columns {
        return Err(format!("{found} columns are in its file, not {columns}"));
    }
    let rows = usize::try_from(about.num_rows()).map_err(|error| error.to_string())?;
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
    let checked = Checked {
        bytes: file.metadata().map_err(|error| error.to_string())?.len(),
        row_groups: metadata.num_row_groups(),
        files: 1,
    };
    Ok((checked, rows))
}
