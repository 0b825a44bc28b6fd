//! From row groups to a file: bytes first, in [`FileEncoder`]; [`FileWriter`] is a shell that
//! hands them to any [`io::Write`].

use crate::assembler::RowGroupAssembler;
use crate::batch::Batch;
use crate::cuts::RowGroupCuts;
use crate::encode::EncodedChunk;
use crate::error::WriteError;
use crate::options::WriterOptions;
use crate::row_group::{RowGroupEncoder, Sink};
use crate::schema::Schema;
use pq_format::{
    ColumnChunk, ColumnIndex, ColumnOrder, FileMetaData, KeyValue, MAGIC, OffsetIndex, RowGroup,
    TypeDefinedOrder, append_footer,
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
    encoder: RowGroupEncoder,
    row_groups: Vec<RowGroup>,
    /// The page index of each column chunk of `row_groups` that is not written yet.
    indexes: Vec<ChunkIndex>,
    /// Where in the file the next byte goes.
    position: u64,
}

impl FileEncoder {
    /// An encoder of a new file.
    ///
    /// # Errors
    ///
    /// Options that name a column that is not in the schema, an encoding that is not for the type
    /// of its column, or a codec or level that is not there.
    pub fn new(schema: Schema, options: WriterOptions) -> Result<Self, WriteError> {
        Ok(Self {
            encoder: RowGroupEncoder::new(&schema, &options)?,
            schema,
            options,
            row_groups: Vec::new(),
            indexes: Vec::new(),
            position: 0,
        })
    }

    /// An encoder that goes on with a file of which the first `offset` bytes stay: offsets count
    /// from there, and [`begin`](Self::begin) writes nothing. The caller ends the row groups with
    /// [`end_row_groups`](Self::end_row_groups) and joins the [`row_groups`](Self::row_groups) with
    /// those that the file has.
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
    /// REQUIRED column, values that the type does not allow, rows that are not sorted as declared,
    /// or what is too large for the format. `out` then is as it was, and the encoder takes further
    /// row groups.
    pub fn row_group(
        &mut self,
        batches: &[Batch<'_>],
        out: &mut Vec<u8>,
    ) -> Result<(), WriteError> {
        let (start, position) = (out.len(), self.position);
        let encoded = self.row_group_in_parts(batches, out, |_| Ok(()));
        if encoded.is_err() {
            out.truncate(start);
            self.position = position;
        }
        encoded
    }

    /// As [`row_group`](Self::row_group), and `part` is called whenever some of the bytes are
    /// there, which it may take out of the buffer: so no more than a few pages are in memory, or
    /// column chunks if several threads work. Rows are checked before its first call.
    ///
    /// # Errors
    ///
    /// As [`row_group`](Self::row_group), and what `part` returns. If `part` was called before,
    /// the encoder goes on behind the bytes that it was given, which no row group then names; `out`
    /// is as `part` left it.
    pub fn row_group_in_parts(
        &mut self,
        batches: &[Batch<'_>],
        out: &mut Vec<u8>,
        part: impl FnMut(&mut Vec<u8>) -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        let rows = self.encoder.check(&self.schema, batches)?;
        if rows.rows == 0 {
            return Ok(());
        }
        let first = self.position;
        let mut parts = Parts {
            part,
            // Bytes that wait in `out` are counted already.
            start: self.position.wrapping_sub(out.len() as u64),
            waiting: out.len(),
            chunks: Vec::with_capacity(self.schema.leaves().len()),
        };
        let mut encoded = self.encoder.encode(&self.schema, &rows, out, &mut parts);
        let mut columns = Vec::with_capacity(parts.chunks.len());
        let mut indexes = Vec::with_capacity(parts.chunks.len());
        if encoded.is_ok() {
            encoded = parts.place(out, &mut columns, &mut indexes);
        }
        if encoded.is_err() {
            out.truncate(parts.waiting);
        }
        self.position = parts.end(out);
        encoded?;
        self.indexes.extend(indexes);
        let sum = |size: fn(&pq_format::ColumnMetaData) -> i64| -> i64 {
            columns
                .iter()
                .filter_map(|chunk| chunk.meta_data.as_ref())
                .map(size)
                .sum()
        };
        self.row_groups.push(RowGroup {
            total_byte_size: sum(|metadata| metadata.total_uncompressed_size),
            total_compressed_size: Some(sum(|metadata| metadata.total_compressed_size)),
            num_rows: rows.rows as i64,
            file_offset: Some(offset(first)?),
            sorting_columns: self.encoder.sorting_columns(),
            columns,
            ..RowGroup::default()
        });
        Ok(())
    }

    /// Appends what follows the last row group: the page index. Nothing the second time.
    ///
    /// # Errors
    ///
    /// An index of 2 GiB or more.
    pub fn end_row_groups(&mut self, out: &mut Vec<u8>) -> Result<(), WriteError> {
        let indexes = std::mem::take(&mut self.indexes);
        let Self {
            row_groups,
            position,
            ..
        } = self;
        let mut put = |encode: &dyn Fn(&mut Vec<u8>) -> Result<(), pq_format::FormatError>| {
            let start = out.len();
            encode(out)?;
            let at = offset(*position)?;
            let len = out.len() - start;
            *position += len as u64;
            Ok::<_, WriteError>((at, length("a page index", len)?))
        };
        let mut columns: Vec<&mut ColumnChunk> = row_groups
            .iter_mut()
            .flat_map(|row_group| row_group.columns.iter_mut())
            .collect();
        // Those of earlier row groups are written.
        let written = columns.len().saturating_sub(indexes.len());
        let columns = columns.get_mut(written..).unwrap_or_default();
        for (column, index) in columns.iter_mut().zip(&indexes) {
            if let Some(index) = &index.columns {
                let (at, len) = put(&|out| pq_format::encode(index, out))?;
                column.column_index_offset = Some(at);
                column.column_index_length = Some(len);
            }
        }
        for (column, index) in columns.iter_mut().zip(&indexes) {
            if let Some(index) = &index.offsets {
                let (at, len) = put(&|out| pq_format::encode(index, out))?;
                column.offset_index_offset = Some(at);
                column.offset_index_length = Some(len);
            }
        }
        Ok(())
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
        self.end_row_groups(out)?;
        let metadata = self.metadata();
        let mut encoded = Vec::new();
        pq_format::encode(&metadata, &mut encoded)?;
        append_footer(&encoded, out)?;
        self.row_groups.clear();
        self.position = 0;
        Ok(metadata)
    }
}

/// The page index of a column chunk.
#[derive(Debug)]
struct ChunkIndex {
    columns: Option<ColumnIndex>,
    offsets: Option<OffsetIndex>,
}

/// A column chunk that starts at `position` of the file.
fn placed(position: u64, chunk: EncodedChunk) -> Result<(ColumnChunk, ChunkIndex), WriteError> {
    let start = offset(position)?;
    let EncodedChunk {
        mut metadata,
        column_index,
        mut offset_index,
        ..
    } = chunk;
    metadata.data_page_offset += start;
    metadata.dictionary_page_offset = metadata.dictionary_page_offset.map(|at| at + start);
    for page in offset_index
        .iter_mut()
        .flat_map(|index| &mut index.page_locations)
    {
        page.offset += start;
    }
    let column = ColumnChunk {
        meta_data: Some(metadata),
        ..ColumnChunk::default()
    };
    let index = ChunkIndex {
        columns: column_index,
        offsets: offset_index,
    };
    Ok((column, index))
}

fn length(what: &str, len: usize) -> Result<i32, WriteError> {
    i32::try_from(len).map_err(|_| WriteError::TooLarge {
        what: what.to_owned(),
        size: len as u64,
    })
}

fn offset(position: u64) -> Result<i64, WriteError> {
    i64::try_from(position).map_err(|_| WriteError::TooLarge {
        what: "the file".to_owned(),
        size: position,
    })
}

/// The chunks of a row group on their way out.
struct Parts<P> {
    part: P,
    /// Where in the file the buffer starts; wraps around where it has bytes that are not of it.
    start: u64,
    /// Bytes of the buffer that were seen and left there.
    waiting: usize,
    /// Chunks, and where they start in the file.
    chunks: Vec<(u64, EncodedChunk)>,
}

impl<P: FnMut(&mut Vec<u8>) -> Result<(), WriteError>> Sink for Parts<P> {
    fn part(&mut self, bytes: &mut Vec<u8>) -> Result<(), WriteError> {
        let before = bytes.len();
        let taken = (self.part)(bytes);
        let left = before.saturating_sub(bytes.len()) as u64;
        self.start = self.start.wrapping_add(left);
        self.waiting = bytes.len();
        taken
    }

    fn chunk(&mut self, chunk: EncodedChunk, bytes: &[u8]) {
        let len = u64::try_from(chunk.metadata.total_compressed_size).unwrap_or(0);
        self.chunks.push((self.end(bytes).wrapping_sub(len), chunk));
    }
}

impl<P: FnMut(&mut Vec<u8>) -> Result<(), WriteError>> Parts<P> {
    /// Where in the file the next byte goes.
    fn end(&self, bytes: &[u8]) -> u64 {
        self.start.wrapping_add(bytes.len() as u64)
    }

    /// Bloom filters go behind the chunks, and all offsets from the start of the file.
    fn place(
        &mut self,
        out: &mut Vec<u8>,
        columns: &mut Vec<ColumnChunk>,
        indexes: &mut Vec<ChunkIndex>,
    ) -> Result<(), WriteError> {
        for (at, mut chunk) in std::mem::take(&mut self.chunks) {
            let filter = chunk.bloom_filter.take();
            let (mut column, index) = placed(at, chunk)?;
            if let Some(filter) = filter {
                if let Some(metadata) = column.meta_data.as_mut() {
                    metadata.bloom_filter_offset = Some(offset(self.end(out))?);
                    metadata.bloom_filter_length = Some(length("a Bloom filter", filter.len())?);
                }
                out.extend_from_slice(&filter);
                self.part(out)?;
            }
            columns.push(column);
            indexes.push(index);
        }
        Ok(())
    }
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

    /// Writes the rows of all `batches` as one row group. Pages are handed to the sink as they are
    /// done, and with several threads column chunks.
    ///
    /// # Errors
    ///
    /// As [`FileEncoder::row_group`]: nothing was written then and the writer goes on. If the
    /// sink fails, or something is too large for the format, the writer takes nothing more.
    pub fn write_row_group(&mut self, batches: &[Batch<'_>]) -> Result<(), WriteError> {
        if self.poisoned {
            return Err(WriteError::Poisoned);
        }
        let Self {
            encoder,
            sink,
            buffer,
            poisoned,
        } = self;
        let mut shipped = false;
        let written = encoder.row_group_in_parts(batches, buffer, |buffer| {
            shipped = true;
            sink.write_all(buffer)?;
            buffer.clear();
            Ok(())
        });
        if written.is_err() {
            *poisoned = shipped;
            buffer.clear();
        }
        written
    }

    /// Writes the rows of all `batches`, in row groups that end where `cuts` says, within batches
    /// and across them.
    ///
    /// ```
    /// use pq_writer::{
    ///     Batch, Column, DataType, Field, FileWriter, RowGroupCuts, Schema, Values, WriterOptions,
    /// };
    ///
    /// let numbers: Vec<i64> = (0..10).collect();
    /// let schema = Schema::new(vec![Field::new("n", DataType::Int64, false)])?;
    /// let mut writer = FileWriter::new(Vec::new(), schema, WriterOptions::default())?;
    /// let batches = numbers.chunks(3).map(|some| {
    ///     Batch::new(vec![Column::new("n", Values::Int64(some))])
    /// });
    /// writer.write_all(batches, RowGroupCuts::rows(4))?;
    /// let (_, metadata) = writer.finish()?;
    /// let rows: Vec<i64> = metadata.row_groups.iter().map(|group| group.num_rows).collect();
    /// assert_eq!(rows, [4, 4, 2]);
    /// # Ok::<(), pq_writer::WriteError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`write_row_group`](Self::write_row_group); row groups before the one that is wrong are
    /// written.
    pub fn write_all<'a>(
        &mut self,
        batches: impl IntoIterator<Item = Batch<'a>>,
        cuts: RowGroupCuts,
    ) -> Result<(), WriteError> {
        let mut assembler = RowGroupAssembler::new(cuts);
        for batch in batches {
            assembler.push(batch);
            while let Some(row_group) = assembler.next() {
                self.write_row_group(&row_group)?;
            }
        }
        match assembler.finish() {
            Some(row_group) => self.write_row_group(&row_group),
            None => Ok(()),
        }
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
