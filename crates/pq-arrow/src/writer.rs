//! Record batches to a file.

use crate::assembler::RowGroupAssembler;
use crate::batch::ArrowBatch;
use crate::error::ArrowError;
use crate::schema::{self, HasNulls, arrow_schema_key_value};
use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::{Field, Schema};
use pq_format::FileMetaData;
use pq_writer::{FileWriter, RowGroupCuts, WriteError, WriterOptions};
use std::io;

/// How an [`ArrowWriter`] writes. Made of [`WriterOptions`], or of nothing:
///
/// ```
/// use pq_arrow::ArrowWriterOptions;
/// use pq_writer::{RowGroupCuts, WriterOptions};
///
/// let mut options = ArrowWriterOptions::from(WriterOptions::default());
/// options.row_groups = RowGroupCuts::rows(1_000_000);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ArrowWriterOptions {
    /// How the file is written.
    pub writer: WriterOptions,
    /// Where row groups end (at 128 MiB of rows in memory).
    pub row_groups: RowGroupCuts,
    /// Which columns are OPTIONAL (those whose field is nullable).
    pub has_nulls: HasNulls,
}

impl Default for ArrowWriterOptions {
    fn default() -> Self {
        WriterOptions::default().into()
    }
}

impl From<WriterOptions> for ArrowWriterOptions {
    fn from(writer: WriterOptions) -> Self {
        Self {
            writer,
            row_groups: RowGroupCuts::bytes(128 << 20),
            has_nulls: HasNulls::AsDeclared,
        }
    }
}

/// Writes record batches to any [`io::Write`], as row groups that need not end where batches do,
/// and states the Arrow schema in the file.
///
/// ```
/// use arrow_array::{ArrayRef, Int64Array, RecordBatch};
/// use pq_arrow::ArrowWriter;
/// use pq_writer::WriterOptions;
/// use std::sync::Arc;
///
/// let ids: ArrayRef = Arc::new(Int64Array::from(vec![1, 2, 3]));
/// let batch = RecordBatch::try_from_iter([("id", ids)])?;
///
/// let mut writer = ArrowWriter::new(Vec::new(), &batch.schema(), WriterOptions::default())?;
/// writer.write(&batch)?;
/// let (file, metadata) = writer.finish()?;
/// assert_eq!(metadata.num_rows, 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The file is complete only after [`finish`](Self::finish). A row group that could not be written
/// is missing: the writer takes nothing more then.
#[derive(Debug)]
pub struct ArrowWriter<W> {
    file: FileWriter<W>,
    schema: Schema,
    assembler: RowGroupAssembler,
    has_failed: bool,
}

impl<W: io::Write> ArrowWriter<W> {
    /// A writer of a new file of the columns of `schema`. Key-values of the options are kept, and
    /// the Arrow schema stands behind them unless they have one.
    ///
    /// # Errors
    ///
    /// As [`schema`](crate::schema) and [`FileWriter::new`].
    pub fn new(
        sink: W,
        schema: &Schema,
        options: impl Into<ArrowWriterOptions>,
    ) -> Result<Self, ArrowError> {
        let mut options = options.into();
        let stored = schema::schema(schema, &options.has_nulls)?;
        let nullable = stored.fields().iter().map(|field| field.nullable);
        let fields: Vec<Field> = schema
            .fields()
            .iter()
            .zip(nullable)
            .map(|(field, nullable)| field.as_ref().clone().with_nullable(nullable))
            .collect();
        let schema = Schema::new_with_metadata(fields, schema.metadata().clone());
        let (key, value) = arrow_schema_key_value(&schema);
        let key_values = &mut options.writer.key_values;
        if key_values.iter().all(|(given, _)| *given != key) {
            key_values.push((key, value));
        }
        Ok(Self {
            file: FileWriter::new(sink, stored, options.writer)?,
            schema,
            assembler: RowGroupAssembler::new(options.row_groups),
            has_failed: false,
        })
    }

    /// Takes the rows of `batch`, whose columns may be in any order, and writes the row groups that
    /// are complete with them. Rows that wait for the next row group share the memory of `batch`.
    ///
    /// # Errors
    ///
    /// [`ArrowError::UnknownColumn`] or [`ArrowError::TypeMismatch`] if a column is not in the
    /// schema, or of a type there that is stored otherwise; `batch` was not taken then, and the
    /// writer goes on. Otherwise as [`FileWriter::write_row_group`].
    pub fn write(&mut self, batch: &RecordBatch) -> Result<(), ArrowError> {
        self.check(batch)?;
        self.assembler.push(batch.clone());
        while let Some(row_group) = self.assembler.next() {
            self.row_group(&row_group)?;
        }
        Ok(())
    }

    /// Takes all rows that `batches` yields.
    ///
    /// # Errors
    ///
    /// [`ArrowError::Read`] if `batches` yields an error; the rows before it were taken. Otherwise
    /// as [`write`](Self::write).
    pub fn write_all(&mut self, batches: impl RecordBatchReader) -> Result<(), ArrowError> {
        for batch in batches {
            self.write(&batch.map_err(ArrowError::Read)?)?;
        }
        Ok(())
    }

    /// Writes the rows that wait and the footer, and hands the sink back, with what the footer
    /// says.
    ///
    /// # Errors
    ///
    /// As [`write`](Self::write) and [`FileWriter::finish`].
    pub fn finish(mut self) -> Result<(W, FileMetaData), ArrowError> {
        let cuts = RowGroupCuts::rows(1);
        let waiting = std::mem::replace(&mut self.assembler, RowGroupAssembler::new(cuts));
        if let Some(row_group) = waiting.finish() {
            self.row_group(&row_group)?;
        }
        self.go_on()?;
        Ok(self.file.finish()?)
    }

    fn row_group(&mut self, batches: &[RecordBatch]) -> Result<(), ArrowError> {
        let written = self.write_row_group(batches);
        self.has_failed |= written.is_err();
        written
    }

    fn write_row_group(&mut self, batches: &[RecordBatch]) -> Result<(), ArrowError> {
        let prepared: Vec<ArrowBatch<'_>> = batches
            .iter()
            .map(ArrowBatch::new)
            .collect::<Result<_, _>>()?;
        let lent: Vec<_> = prepared.iter().map(ArrowBatch::as_batch).collect();
        Ok(self.file.write_row_group(&lent)?)
    }

    /// Errors if the columns of `batch` are not those of the schema: the values of many types look
    /// alike.
    fn check(&self, batch: &RecordBatch) -> Result<(), ArrowError> {
        self.go_on()?;
        for (position, field) in batch.schema_ref().fields().iter().enumerate() {
            // Most batches have the order of the schema.
            let expected = match self.schema.fields().get(position) {
                Some(here) if here.name() == field.name() => here.as_ref(),
                _ => self.schema.field_with_name(field.name()).map_err(|_| {
                    ArrowError::UnknownColumn {
                        column: field.name().clone(),
                    }
                })?,
            };
            let is_same = expected.data_type().equals_datatype(field.data_type())
                || schema::stored(expected)?.data_type == schema::stored(field)?.data_type;
            if !is_same {
                return Err(ArrowError::TypeMismatch {
                    column: field.name().clone(),
                    expected: expected.data_type().clone(),
                    got: field.data_type().clone(),
                });
            }
        }
        Ok(())
    }

    fn go_on(&self) -> Result<(), ArrowError> {
        match self.has_failed {
            true => Err(WriteError::Poisoned.into()),
            false => Ok(()),
        }
    }
}
