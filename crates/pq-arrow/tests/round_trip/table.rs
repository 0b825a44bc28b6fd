//! Whole tables.

use crate::file::{batch, read, write};
use arrow_array::{ArrayRef, Int32Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use pq_arrow::{HasNulls, RowGroupAssembler};
use pq_writer::{RowGroupCuts, WriteError};
use std::sync::Arc;

#[test]
fn a_file_without_rows_keeps_the_schema() {
    let metadata = [("key".to_owned(), "value".to_owned())];
    let schema = Arc::new(Schema::new_with_metadata(
        vec![
            Field::new("view", DataType::Utf8View, true),
            Field::new(
                "zoned",
                DataType::Timestamp(TimeUnit::Nanosecond, Some("+01:00".into())),
                false,
            )
            .with_metadata(metadata.clone()),
            Field::new("span", DataType::Duration(TimeUnit::Microsecond), true),
        ],
        metadata,
    ));
    for row_groups in [vec![], vec![vec![RecordBatch::new_empty(schema.clone())]]] {
        let file = write(&schema, &row_groups, &HasNulls::AsDeclared).unwrap();
        let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
        assert_eq!(reader.schema(), &schema);
        assert_eq!(reader.metadata().file_metadata().num_rows(), 0);
    }
}

#[test]
fn a_null_in_a_required_column_is_an_error_that_names_the_row() {
    let array: ArrayRef = Arc::new(Int32Array::from(vec![Some(1), Some(2), None]));
    let row_groups = [vec![batch(&array.slice(0, 2)), batch(&array.slice(1, 2))]];
    let error = write(&batch(&array).schema(), &row_groups, &HasNulls::None).unwrap_err();
    assert!(
        matches!(&error, WriteError::NullInRequired { column, row: 3 } if column == "c"),
        "{error}"
    );
}

#[test]
fn assembled_row_groups_hold_the_rows_in_order() {
    let numbers: ArrayRef = Arc::new(Int32Array::from_iter_values(0..1_000));
    let texts: ArrayRef = Arc::new(StringArray::from_iter(
        (0..1_000).map(|row| (row % 7 != 0).then(|| row.to_string())),
    ));
    let source = RecordBatch::try_from_iter([("number", numbers), ("text", texts)]).unwrap();
    let mut assembler = RowGroupAssembler::new(RowGroupCuts::even(1_000, 300));
    let mut row_groups = Vec::new();
    for start in (0..1_000).step_by(81) {
        assembler.push(source.slice(start, 81.min(1_000 - start)));
        while let Some(row_group) = assembler.next() {
            row_groups.push(row_group);
        }
    }
    row_groups.extend(assembler.finish());
    assert_eq!(row_groups.len(), 4);
    let file = write(&source.schema(), &row_groups, &HasNulls::All).unwrap();
    for position in 0..4 {
        let expected = source.slice(position * 250, 250);
        assert_eq!(read(&file, position).columns(), expected.columns());
    }
}
