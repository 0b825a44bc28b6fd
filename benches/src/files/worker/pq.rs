//! pq.

use super::{Outcome, ROWS, Worker};
use crate::protocol::{Codec, Write};
use arrow_array::RecordBatch;
use pq_arrow::{ArrowWriter, ArrowWriterOptions};
use pq_writer::{ColumnEncoding, Compression, Profile, RowGroupCuts, WriterOptions};
use std::io;

/// pq with one of its profiles.
pub struct Pq(pub Profile);

impl Worker for Pq {
    fn write(&mut self, batches: &[RecordBatch], write: &Write) -> Outcome<u64> {
        Ok(file(batches, write, self.0, super::sink(write)?)?.bytes)
    }
}

/// Writes a file of the batches; the sink again.
pub fn file<W: io::Write>(
    batches: &[RecordBatch],
    write: &Write,
    profile: Profile,
    sink: W,
) -> Outcome<W> {
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
    let mut options = ArrowWriterOptions::from(options);
    options.row_groups = RowGroupCuts::rows(ROWS);
    let mut writer = ArrowWriter::new(sink, &batches[0].schema(), options)?;
    for batch in batches {
        writer.write(batch)?;
    }
    Ok(writer.finish()?.0)
}
