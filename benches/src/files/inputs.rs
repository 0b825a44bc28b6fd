//! The tables of contests, as Arrow IPC files that are made once and kept beside this binary.

use arrow_ipc::writer::FileWriter;
use pq_benches::tables::{self, Table};
use std::error::Error;
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};

/// A table.
pub enum Input {
    /// TPC-H lineitem at a scale factor.
    Lineitem(f64),
    Events(usize),
    Wide {
        columns: usize,
        rows: usize,
    },
    /// One column, by its name.
    Single(&'static str, usize),
    FourColumns(usize),
    /// Columns that are alike.
    Many {
        columns: usize,
        rows: usize,
    },
    Plain(usize),
}

impl Input {
    /// Its file, which is made if it is not there.
    pub fn file(&self) -> Result<PathBuf, Box<dyn Error>> {
        let binary = std::env::current_exe()?;
        let target = binary.ancestors().nth(2).ok_or("no target directory")?;
        let directory = target.join("inputs");
        let path = directory.join(self.name()).with_extension("arrow");
        if !path.exists() {
            fs::create_dir_all(&directory)?;
            eprintln!("making {}", path.display());
            make(self.table(), &path)?;
        }
        Ok(path)
    }

    fn name(&self) -> String {
        match self {
            // Not a dot, behind which an extension would be.
            Self::Lineitem(scale) => format!("lineitem-{scale}").replace('.', "_"),
            Self::Events(rows) => format!("events-{rows}"),
            Self::Wide { columns, rows } => format!("wide-{columns}-{rows}"),
            Self::Single(name, rows) => format!("{}-{rows}", name.replace(' ', "-")),
            Self::FourColumns(rows) => format!("four-columns-{rows}"),
            Self::Many { columns, rows } => format!("many-{columns}-{rows}"),
            Self::Plain(rows) => format!("plain-{rows}"),
        }
    }

    fn table(&self) -> Table {
        match *self {
            Self::Lineitem(scale) => tables::lineitem(scale),
            Self::Events(rows) => tables::events(rows),
            Self::Wide { columns, rows } => tables::wide(columns, rows),
            Self::Single(name, rows) => tables::single(name, rows),
            Self::FourColumns(rows) => tables::four_columns(rows),
            Self::Many { columns, rows } => tables::many(columns, rows),
            Self::Plain(rows) => tables::plain(rows),
        }
    }
}

fn make(table: Table, path: &Path) -> Result<(), Box<dyn Error>> {
    // Under another name until it is complete: what has its name is used again.
    let part = path.with_extension("part");
    let file = BufWriter::new(File::create(&part)?);
    let mut writer = FileWriter::try_new(file, &table.schema)?;
    for batch in table.batches {
        writer.write(&batch)?;
    }
    writer.finish()?;
    drop(writer);
    Ok(fs::rename(part, path)?)
}
