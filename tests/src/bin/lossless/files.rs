//! Finding Parquet files.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Shows every Parquet file at or below `path`, in the order of their names: those of that
/// extension, and those that begin like one, such as `_metadata`.
pub fn find(path: &Path, show: &mut impl FnMut(&Path)) -> io::Result<()> {
    if !path.is_dir() {
        show(path);
        return Ok(());
    }
    let entries = std::fs::read_dir(path)?;
    let mut paths = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    for path in paths {
        if path.is_dir() {
            find(&path, show)?;
        } else if path.extension().is_some_and(|it| it == "parquet") || begins_like_one(&path)? {
            show(&path);
        }
    }
    Ok(())
}

fn begins_like_one(path: &Path) -> io::Result<bool> {
    let mut magic = Vec::with_capacity(4);
    File::open(path)?.take(4).read_to_end(&mut magic)?;
    Ok(magic == *b"PAR1" || magic == *b"PARE")
}

/// Whether this is what stands in the place of a file that Git LFS keeps elsewhere.
pub fn is_pointer(file: &[u8]) -> bool {
    file.starts_with(b"version https://git-lfs")
}
