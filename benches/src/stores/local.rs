//! Files on the local disk.

use crate::source;
use pq_store::blocking::BlockingStore;
use pq_store::{LocalStore, PutMode, StorePath};
use std::error::Error;
use std::io::Write;
use std::path::Path;
use std::process::Command;

pub fn pq(source: &Path, target: &Path) -> Result<(), Box<dyn Error>> {
    let (Some(folder), Some(name)) = (target.parent(), target.file_name()) else {
        return Err("the target has no folder".into());
    };
    let store = BlockingStore::new(LocalStore::open(folder)?);
    let path = StorePath::new(name.to_str().ok_or("the target is not UTF-8")?)?;
    let mut upload = store.open_write(&path, PutMode::Always)?;
    source::pieces(source, |piece| Ok(upload.write_all(piece)?))?;
    upload.finish()?;
    Ok(())
}

/// Writes, and waits until all is on the disk, as pq does.
pub fn dd(source: &Path, target: &Path) -> Result<(), Box<dyn Error>> {
    let mut dd = Command::new("dd");
    dd.arg(format!("if={}", source.display()));
    dd.arg(format!("of={}", target.display()));
    dd.arg(format!("bs={}", source::PIECE));
    let output = dd.args(["conv=fsync", "status=none"]).output()?;
    match output.status.success() {
        true => Ok(()),
        false => Err(format!("dd: {}", String::from_utf8_lossy(&output.stderr)).into()),
    }
}
