//! From row groups to a file: bytes first, in [`FileEncoder`]; [`FileWriter`] is a shell that
//! hands them to any [`io::Write`].

use crate::batch::{Batch, Column};
use crate::compress::Compressor;
use crate::encode::ChunkEncoder;
use crate::error::WriteError;
use crate::options::{Statistics, WriterOptions};
use crate::schema::{Field, Schema};
use pq_format::{
    ColumnChunk, ColumnOrder, FileMetaData, KeyValue, MAGIC, RowGroup, TypeDefinedOrder,
    append_footer,
};
use std::io;

/// Encodes a file into buffers of the caller, without any input or output of its own.
///
/// ```
/// use pq_writer::{Batch, Column, DataType, Field, FileEncoder, Schema, Values, WriterOptions};
///
/// let schema = Schema::new(vec![Field::new("id", DataType::Int64, false)])?;
/// let mut encoder = FileEncoder::new(schema, WriterOptions::default())?;
/// let mut bytes = Vec::new();
/// encoder.begin(&mut bytes);
/// let batch = Batch::new(vec![Column::new("id", Values::Int64(&[1, 2, 3]))]);
/// encoder.row_group(&[batch], &mut bytes)?;
/// // `bytes` may be shipped and cleared here, and after each further row group.
/// let metadata = encoder.finish(&mut bytes)?;
/// assert_eq!(metadata.num_rows, 3);
/// assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
/// # Ok::<(), pq_writer::WriteError>(())
/// ```
#[derive(Debug)]
pub struct FileEncoder {
    schema: Schema,
    options: WriterOptions,
    chunks: ChunkEncoder,
    row_groups: Vec<RowGroup>,
    /// Where in the file the next byte goes.
    position: u64,
}

impl FileEncoder {
    /// An encoder of a new file.
    ///
    /// # Errors
    ///
    /// Options that name a column that is not in the schema, or a codec or level that is not
    /// there.
    pub fn new(schema: Schema, options: WriterOptions) -> Result<Self, WriteError> {
        let named = options
            .column_compression
            .keys()
            .chain(match &options.statistics {
                Statistics::Columns(columns) => columns.as_slice(),
                _ => &[],
            });
        for name in named {
            if schema.position(name).is_none() {
                return Err(WriteError::UnknownColumn {
                    column: name.clone(),
                });
            }
        }
        for leaf in schema.leaves() {
            Compressor::new(options.compression_of(leaf.name()))?;
        }
        Ok(Self {
            schema,
            options,
            chunks: ChunkEncoder::default(),
            row_groups: Vec::new(),
            position: 0,
        })
    }

    /// An encoder that goes on with a file of which the first `offset` bytes stay: offsets count
    /// from there, and [`begin`](Self::begin) writes nothing. The caller joins the
    /// [`row_groups`](Self::row_groups) with those that the file has.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn resume(schema: Schema, options: WriterOptions, offset: u64) -> Result<Self, WriteError> {
        Ok(Self {
            position: offset,
            ..Self::new(schema, options)?
        })
    }

    /// Appends what a file starts with.
    pub fn begin(&mut self, out: &mut Vec<u8>) {
        if self.position == 0 {
            out.extend_from_slice(&MAGIC);
            self.position = MAGIC.len() as u64;
        }
    }

    /// Appends one row group: the rows of all `batches`, in order. Without a row nothing is
    /// written. Each batch has the columns of the schema, in any order, and no others.
    ///
    /// # Errors
    ///
    /// Columns that are missing, unknown, of different lengths or of the wrong form, nulls in a
    /// REQUIRED column, values that the type does not allow. `out` then is as it was, and the
    /// encoder takes further row groups.
    pub fn row_group(
        &mut self,
        batches: &[Batch<'_>],
        out: &mut Vec<u8>,
    ) -> Result<(), WriteError> {
        let start = out.len();
        let written = self.encode_row_group(batches, out);
        match written {
            Ok(Some(row_group)) => {
                self.position += (out.len() - start) as u64;
                self.row_groups.push(row_group);
                Ok(())
            }
            Ok(None) => Ok(()),
            Err(error) => {
                out.truncate(start);
                Err(error)
            }
        }
    }

    fn encode_row_group(
        &mut self,
        batches: &[Batch<'_>],
        out: &mut Vec<u8>,
    ) -> Result<Option<RowGroup>, WriteError> {
        let columns_of = batches
            .iter()
            .map(|batch| resolve(&self.schema, batch))
            .collect::<Result<Vec<_>, _>>()?;
        let rows: usize = batches.iter().map(Batch::num_rows).sum();
        if rows == 0 {
            return Ok(None);
        }
        let start = out.len();
        let mut columns = Vec::with_capacity(self.schema.leaves().len());
        for (position, leaf) in self.schema.leaves().iter().enumerate() {
            let pieces: Vec<&Column<'_>> = columns_of
                .iter()
                .filter_map(|columns| columns.get(position).copied())
                .collect();
            let offset = offset(self.position + (out.len() - start) as u64)?;
            let mut metadata = self.chunks.encode(leaf, &pieces, &self.options, out)?;
            metadata.data_page_offset += offset;
            metadata.dictionary_page_offset = metadata.dictionary_page_offset.map(|at| at + offset);
            columns.push(ColumnChunk {
                meta_data: Some(metadata),
                ..ColumnChunk::default()
            });
        }
        let sum = |size: fn(&pq_format::ColumnMetaData) -> i64| -> i64 {
            columns
                .iter()
                .filter_map(|chunk| chunk.meta_data.as_ref())
                .map(size)
                .sum()
        };
        Ok(Some(RowGroup {
            total_byte_size: sum(|metadata| metadata.total_uncompressed_size),
            total_compressed_size: Some(sum(|metadata| metadata.total_compressed_size)),
            num_rows: rows as i64,
            file_offset: Some(offset(self.position)?),
            columns,
            ..RowGroup::default()
        }))
    }

    /// The row groups written so far, their offsets counted from the start of the file.
    pub fn row_groups(&self) -> &[RowGroup] {
        &self.row_groups
    }

    /// The footer as it would be now: the schema, the row groups of this encoder, the key-values.
    pub fn metadata(&self) -> FileMetaData {
        let key_values: Vec<KeyValue> = self
            .options
            .key_values
            .iter()
            .map(|(key, value)| KeyValue {
                key: key.clone(),
                value: Some(value.clone()),
                ..KeyValue::default()
            })
            .collect();
        let order = ColumnOrder::TypeOrder(TypeDefinedOrder::default());
        FileMetaData {
            version: 1,
            schema: self.schema.elements(),
            num_rows: self
                .row_groups
                .iter()
                .map(|row_group| row_group.num_rows)
                .sum(),
            row_groups: self.row_groups.clone(),
            key_value_metadata: (!key_values.is_empty()).then_some(key_values),
            created_by: Some(self.options.created_by.clone()),
            column_orders: Some(vec![order; self.schema.leaves().len()]),
            ..FileMetaData::default()
        }
    }

    /// Appends the footer and returns what it says.
    ///
    /// # Errors
    ///
    /// A footer of 4 GiB or more.
    pub fn finish(mut self, out: &mut Vec<u8>) -> Result<FileMetaData, WriteError> {
        self.finish_and_restart(out)
    }

    /// As [`finish`](Self::finish); the encoder then is at the start of another new file, with its
    /// buffers and codecs as warm as they are.
    ///
    /// # Errors
    ///
    /// A footer of 4 GiB or more.
    pub fn finish_and_restart(&mut self, out: &mut Vec<u8>) -> Result<FileMetaData, WriteError> {
        self.begin(out);
        let metadata = self.metadata();
        let mut encoded = Vec::new();
        pq_format::encode(&metadata, &mut encoded)?;
        append_footer(&encoded, out)?;
        self.row_groups.clear();
        self.position = 0;
        Ok(metadata)
    }
}

fn offset(position: u64) -> Result<i64, WriteError> {
    i64::try_from(position).map_err(|_| WriteError::TooLarge {
        what: "the file".to_owned(),
        size: position,
    })
}

/// The columns of the batch in the order of the schema: each once, all of the same length.
fn resolve<'b, 'a>(
    schema: &Schema,
    batch: &'b Batch<'a>,
) -> Result<Vec<&'b Column<'a>>, WriteError> {
    let rows = batch.num_rows();
    let mut found: Vec<Option<&Column<'a>>> = vec![None; schema.fields().len()];
    for (position, column) in batch.columns.iter().enumerate() {
        let name = || column.name.to_owned();
        // Most batches have the order of the schema.
        let is_here = |field: &Field| field.name == column.name;
        let position = match schema.fields().get(position) {
            Some(field) if is_here(field) => Some(position),
            _ => schema.position(column.name),
        };
        let Some(place) = position.and_then(|position| found.get_mut(position)) else {
            return Err(WriteError::UnknownColumn { column: name() });
        };
        if place.replace(column).is_some() {
            return Err(WriteError::DuplicateColumn { column: name() });
        }
        if column.len() != rows {
            return Err(WriteError::RaggedColumn {
                column: name(),
                expected: rows,
                got: column.len(),
            });
        }
    }
    found
        .into_iter()
        .zip(schema.fields())
        .map(|(column, field)| {
            column.ok_or_else(|| WriteError::MissingColumn {
                column: field.name.clone(),
            })
        })
        .collect()
}

/// Writes a file to any [`io::Write`], one row group at a time.
///
/// The file is complete only after [`finish`](Self::finish); a writer that is dropped leaves a
/// torso without a footer.
#[derive(Debug)]
pub struct FileWriter<W> {
    encoder: FileEncoder,
    sink: W,
    buffer: Vec<u8>,
    poisoned: bool,
}

impl<W: io::Write> FileWriter<W> {
    /// A writer of a new file.
    ///
    /// # Errors
    ///
    /// As [`FileEncoder::new`], or the sink fails.
    pub fn new(sink: W, schema: Schema, options: WriterOptions) -> Result<Self, WriteError> {
        let mut encoder = FileEncoder::new(schema, options)?;
        let mut buffer = Vec::new();
        encoder.begin(&mut buffer);
        let mut writer = Self {
            encoder,
            sink,
            buffer,
            poisoned: false,
        };
        writer.ship()?;
        Ok(writer)
    }

    /// Writes one batch as one row group.
    ///
    /// # Errors
    ///
    /// As [`write_row_group`](Self::write_row_group).
    pub fn write(&mut self, batch: &Batch<'_>) -> Result<(), WriteError> {
        self.write_row_group(std::slice::from_ref(batch))
    }

    /// Writes the rows of all `batches` as one row group.
    ///
    /// # Errors
    ///
    /// As [`FileEncoder::row_group`]: nothing was written then and the writer goes on. If the
    /// sink fails, the writer takes nothing more.
    pub fn write_row_group(&mut self, batches: &[Batch<'_>]) -> Result<(), WriteError> {
        if self.poisoned {
            return Err(WriteError::Poisoned);
        }
        self.encoder.row_group(batches, &mut self.buffer)?;
        self.ship()
    }

    /// Writes the footer and hands the sink back, with what the footer says.
    ///
    /// # Errors
    ///
    /// The sink fails or failed before, or the footer is too large.
    pub fn finish(mut self) -> Result<(W, FileMetaData), WriteError> {
        if self.poisoned {
            return Err(WriteError::Poisoned);
        }
        let metadata = self.encoder.finish(&mut self.buffer)?;
        self.sink.write_all(&self.buffer)?;
        self.sink.flush()?;
        Ok((self.sink, metadata))
    }

    fn ship(&mut self) -> Result<(), WriteError> {
        let written = self.sink.write_all(&self.buffer);
        self.buffer.clear();
        self.poisoned = written.is_err();
        Ok(written?)
    }
}
