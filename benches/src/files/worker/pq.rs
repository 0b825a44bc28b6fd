//! pq.

use super::{Outcome, ROWS, Worker};
use crate::protocol::{Codec, Write};
use arrow_array::RecordBatch;
use pq_arrow::{ArrowBatch, ArrowWriter, ArrowWriterOptions, HasNulls};
use pq_dataset::blocking::DatasetWriter;
use pq_dataset::{DatasetOptions, Layout, Scheme};
use pq_store::LocalStore;
use pq_writer::{ColumnEncoding, Compression, Profile, RowGroupCuts, WriterOptions};
use std::io;

/// pq with one of its profiles.
pub struct Pq(pub Profile);

impl Worker for Pq {
    fn write(&mut self, batches: &[RecordBatch], write: &Write) -> Outcome<u64> {
        if !write.partition_on.is_empty() {
            return dataset(batches, write, self.0);
        }
        Ok(file(batches, write, self.0, super::sink(write)?)?.bytes)
    }
}

/// Writes a data set of the batches, durably; its bytes.
fn dataset(batches: &[RecordBatch], write: &Write, profile: Profile) -> Outcome<u64> {
    let to = write.to.as_ref().ok_or("a data set goes to a directory")?;
    let (store, path) = LocalStore::locate(to)?;
    let arrow = batches[0].schema();
    let schema = pq_arrow::schema(&arrow, &HasNulls::Infer)?;
    let options = DatasetOptions {
        writer: options(write, profile),
        ..DatasetOptions::default()
    };
    let layout = Layout::new(Scheme::Hive, write.partition_on.iter().cloned());
    let mut writer = DatasetWriter::open(&store, path, schema, layout, options)?;
    for batch in batches {
        writer.write(&ArrowBatch::new(batch)?.as_batch())?;
    }
    Ok(writer.commit()?.bytes)
}

/// Writes a file of the batches; the sink again.
pub fn file<W: io::Write>(
    batches: &[RecordBatch],
    write: &Write,
    profile: Profile,
    sink: W,
) -> Outcome<W> {
    let mut options = ArrowWriterOptions::from(options(write, profile));
    options.row_groups = RowGroupCuts::rows(ROWS);
    let mut writer = ArrowWriter::new(sink, &batches[0].schema(), options)?;
    for batch in batches {
        writer.write(batch)?;
    }
    Ok(writer.finish()?.0)
}

fn options(write: &Write, profile: Profile) -> WriterOptions {
    let mut options = WriterOptions::default();
    options.compression = match write.codec {
        Codec::None => Compression::Uncompressed,
        Codec::Snappy => Compression::Snappy,
        Codec::Zstd => Compression::Zstd(Some(1)),
        Codec::Lz4Raw => Compression::Lz4Raw,
    };
    options.profile = profile;
    options.threads = write.threads;
    if !write.dictionary {
        options.encoding = ColumnEncoding::Plain;
    }
    options
}
