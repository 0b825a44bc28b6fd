//! Writing with pq, reading with parquet, and comparing.

use arrow_array::types::ArrowPrimitiveType;
use arrow_array::{Array, ArrayRef, PrimitiveArray, RecordBatch};
use arrow_schema::{Field, Schema};
use arrow_select::concat::concat;
use bytes::Bytes;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use pq_arrow::{ArrowBatch, HasNulls, arrow_schema_key_value};
use pq_writer::{FileWriter, WriteError, WriterOptions};
use std::sync::Arc;

/// Rows of the arrays that the tests make: enough for a bitmap of several bytes.
pub const ROWS: usize = 37;

/// Whether row `row` is null in the arrays that the tests make.
pub fn is_null(row: usize) -> bool {
    row % 5 == 2
}

/// An array of `ROWS` rows with nulls.
pub fn primitive<T: ArrowPrimitiveType>(value: impl Fn(usize) -> T::Native) -> PrimitiveArray<T> {
    (0..ROWS)
        .map(|row| (!is_null(row)).then(|| value(row)))
        .collect()
}

/// Writes row groups, each of several batches, as one file.
pub fn write(
    schema: &Schema,
    row_groups: &[Vec<RecordBatch>],
    has_nulls: &HasNulls,
) -> Result<Bytes, WriteError> {
    let mut options = WriterOptions::default();
    options.key_values.push(arrow_schema_key_value(schema));
    let stored = pq_arrow::schema(schema, has_nulls).unwrap();
    let mut writer = FileWriter::new(Vec::new(), stored, options)?;
    for row_group in row_groups {
        let prepared: Vec<_> = row_group
            .iter()
            .map(|batch| ArrowBatch::new(batch).unwrap())
            .collect();
        let lent: Vec<_> = prepared.iter().map(ArrowBatch::as_batch).collect();
        writer.write_row_group(&lent)?;
    }
    Ok(writer.finish()?.0.into())
}

/// The rows of row group `row_group`.
pub fn read(file: &Bytes, row_group: usize) -> RecordBatch {
    let mut batches = ParquetRecordBatchReaderBuilder::try_new(file.clone())
        .unwrap()
        .with_row_groups(vec![row_group])
        .with_batch_size(1 << 16)
        .build()
        .unwrap()
        .collect::<Result<Vec<_>, _>>()
        .unwrap();
    assert_eq!(batches.len(), 1, "one batch a row group");
    batches.remove(0)
}

pub fn batch(array: &ArrayRef) -> RecordBatch {
    let field = Field::new("c", array.data_type().clone(), true);
    RecordBatch::try_new(Arc::new(Schema::new(vec![field])), vec![array.clone()]).unwrap()
}

/// Writes `array` whole, sliced at offsets of all kinds, and as several batches in one row group,
/// and reads it back as what `expected` makes of it.
pub fn assert_stored_as(array: ArrayRef, expected: impl Fn(&ArrayRef) -> ArrayRef) {
    let slice = |start: usize, len: usize| array.slice(start, len);
    let row_groups: Vec<Vec<ArrayRef>> = vec![
        vec![array.clone()],
        vec![slice(1, ROWS - 1)],
        vec![slice(3, 20)],
        vec![slice(8, 8)],
        vec![slice(13, 1)],
        // A null alone, and rows without any.
        vec![slice(2, 1)],
        vec![slice(3, 4)],
        vec![slice(5, 11), slice(9, 0), slice(17, 3), slice(30, 7)],
    ];
    let batches: Vec<Vec<RecordBatch>> = row_groups
        .iter()
        .map(|arrays| arrays.iter().map(batch).collect())
        .collect();
    let file = write(&batch(&array).schema(), &batches, &HasNulls::AsDeclared).unwrap();
    for (position, arrays) in row_groups.iter().enumerate() {
        let pieces: Vec<ArrayRef> = arrays.iter().map(&expected).collect();
        let pieces: Vec<&dyn Array> = pieces.iter().map(AsRef::as_ref).collect();
        let expected = concat(&pieces).unwrap();
        let found = read(&file, position);
        assert_eq!(found.column(0).data_type(), expected.data_type());
        assert_eq!(found.column(0), &expected, "row group {position}");
    }

    // Without a null, as a REQUIRED column.
    let present = slice(3, 4);
    if present.logical_null_count() == 0 {
        let row_groups = [vec![batch(&present)]];
        let file = write(&batch(&array).schema(), &row_groups, &HasNulls::None).unwrap();
        let found = read(&file, 0);
        assert!(!found.schema().field(0).is_nullable());
        assert_eq!(found.column(0), &expected(&present));
    }
}

/// As [`assert_stored_as`]: what is read is what was written, type and values.
pub fn assert_round_trips(array: impl Array + 'static) {
    assert_stored_as(Arc::new(array), Clone::clone);
}
