//! The `parquet` crate of arrow-rs: its `ArrowWriter` on one thread, its column writers on several.

use super::{Outcome, ROWS, Worker};
use crate::protocol::{Codec, Write};
use arrow_array::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowColumnWriter, compute_leaves};
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::Result;
use parquet::file::properties::WriterProperties;
use pq_benches::sink::Sink;
use pq_benches::tables::BATCH;
use std::sync::{Mutex, PoisonError};
use std::thread;

pub struct ParquetRs;

impl Worker for ParquetRs {
    fn write(&mut self, batches: &[RecordBatch], write: &Write) -> Outcome<u64> {
        let properties = WriterProperties::builder()
            .set_compression(match write.codec {
                Codec::None => Compression::UNCOMPRESSED,
                Codec::Snappy => Compression::SNAPPY,
                Codec::Zstd => Compression::ZSTD(ZstdLevel::try_new(1)?),
                Codec::Lz4Raw => Compression::LZ4_RAW,
            })
            .set_max_row_group_row_count(Some(ROWS))
            .set_dictionary_enabled(write.dictionary)
            .set_dictionary_page_size_limit(1 << 20)
            .build();
        let sink = super::sink(write)?;
        let writer = ArrowWriter::try_new(sink, batches[0].schema(), Some(properties))?;
        Ok(match write.threads {
            1 => on_one_thread(writer, batches)?,
            threads => on_threads(writer, batches, threads)?,
        })
    }
}

fn on_one_thread(mut writer: ArrowWriter<Sink>, batches: &[RecordBatch]) -> Result<u64> {
    for batch in batches {
        writer.write(batch)?;
    }
    Ok(writer.into_inner()?.bytes)
}

/// Threads take the columns of a row group one by one.
fn on_threads(writer: ArrowWriter<Sink>, batches: &[RecordBatch], threads: usize) -> Result<u64> {
    let (mut file, factory) = writer.into_serialized_writer()?;
    for (index, rows) in batches.chunks(ROWS / BATCH).enumerate() {
        let waiting = factory
            .create_column_writers(index)?
            .into_iter()
            .enumerate();
        let waiting = Mutex::new(waiting);
        let next = || {
            let mut waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.next()
        };
        let work = || -> Result<Vec<_>> {
            let columns = std::iter::from_fn(next);
            columns
                .map(|(column, writer)| Ok((column, column_chunk(writer, rows, column)?)))
                .collect()
        };
        let mut chunks: Vec<(usize, ArrowColumnChunk)> = thread::scope(|scope| {
            let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            let done = threads.into_iter().map(|thread| match thread.join() {
                Ok(chunks) => chunks,
                Err(panic) => std::panic::resume_unwind(panic),
            });
            done.collect::<Result<Vec<_>>>()
        })?
        .into_iter()
        .flatten()
        .collect();
        chunks.sort_by_key(|(column, _)| *column);
        let mut row_group = file.next_row_group()?;
        for (_, chunk) in chunks {
            chunk.append_to_row_group(&mut row_group)?;
        }
        row_group.close()?;
    }
    file.finish()?;
    Ok(file.inner().bytes)
}

/// The tables are flat: a column has one leaf.
fn column_chunk(
    mut writer: ArrowColumnWriter,
    rows: &[RecordBatch],
    column: usize,
) -> Result<ArrowColumnChunk> {
    for batch in rows {
        let schema = batch.schema_ref();
        for leaf in compute_leaves(schema.field(column), batch.column(column))? {
            writer.write(&leaf)?;
        }
    }
    writer.close()
}
