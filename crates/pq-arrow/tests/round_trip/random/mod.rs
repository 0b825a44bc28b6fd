//! Random schemas and rows, written in random ways: read back equal, verified, and with the same
//! bytes on any number of threads.

mod build;

use arrow_array::{Array, ArrayRef, ListArray, RecordBatch, RecordBatchReader, StringArray};
use arrow_cast::cast;
use arrow_schema::{DataType, Field, Schema};
use arrow_select::concat::concat_batches;
use build::{Numbers, array, data_type};
use bytes::Bytes;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::file::metadata::PageIndexPolicy;
use pq_arrow::{ArrowWriter, ArrowWriterOptions};
use pq_writer::{
    BloomFilter, ColumnEncoding, Compression, PageVersion, Profile, RowGroupCuts, WriterOptions,
};
use proptest::prelude::*;
use std::sync::Arc;

const CASES: u32 = 500;

fn options(numbers: &mut Numbers, columns: usize) -> ArrowWriterOptions {
    let mut writer = WriterOptions::default();
    writer.compression = match numbers.below(4) {
        0 => Compression::Uncompressed,
        1 => Compression::Snappy,
        2 => Compression::Zstd(None),
        _ => Compression::Lz4Raw,
    };
    writer.profile = match numbers.below(3) {
        0 => Profile::Compatible,
        1 => Profile::Small,
        _ => Profile::Fast,
    };
    if numbers.below(3) == 0 {
        writer.encoding = ColumnEncoding::Dictionary;
    }
    if numbers.below(2) == 0 {
        writer.page_version = PageVersion::V2;
    }
    writer.data_page_rows = [1, 7, 100_000][numbers.below(3)];
    writer.data_page_bytes = [1, 64, 1 << 20][numbers.below(3)];
    writer.dictionary_bytes = [0, 40, 1 << 20][numbers.below(3)];
    writer.bound_bytes = [1, 8, 64][numbers.below(3)];
    writer.page_checksums = numbers.below(2) == 0;
    writer.page_index = numbers.below(4) > 0;
    if numbers.below(2) == 0 {
        let filters = (0..columns).map(|column| (format!("c{column}"), BloomFilter::default()));
        writer.bloom_filters = filters.collect();
    }
    let mut options = ArrowWriterOptions::from(writer);
    options.row_groups = match numbers.below(3) {
        0 => RowGroupCuts::rows(1 + numbers.below(60)),
        1 => RowGroupCuts::bytes(1 + numbers.below(5_000)),
        _ => RowGroupCuts::rows(1_000_000),
    };
    options
}

fn write(batches: &[RecordBatch], options: &ArrowWriterOptions) -> Vec<u8> {
    let schema = batches[0].schema();
    let mut writer = ArrowWriter::new(Vec::new(), &schema, options.clone()).unwrap();
    for batch in batches {
        writer.write(batch).unwrap();
    }
    writer.finish().unwrap().0
}

fn read(file: Vec<u8>) -> RecordBatch {
    let options = ArrowReaderOptions::new().with_page_index_policy(PageIndexPolicy::Optional);
    let reader = ParquetRecordBatchReaderBuilder::try_new_with_options(Bytes::from(file), options);
    // One batch: arrow-select 60.1 refuses to join lists of null structs whose fields are required.
    let reader = reader.unwrap().with_batch_size(1_000).build().unwrap();
    let schema = reader.schema();
    concat_batches(&schema, &reader.collect::<Result<Vec<_>, _>>().unwrap()).unwrap()
}

fn without_dictionaries(data_type: &DataType) -> DataType {
    let field = |field: &Arc<Field>| {
        let of = without_dictionaries(field.data_type());
        Arc::new(field.as_ref().clone().with_data_type(of))
    };
    match data_type {
        DataType::Dictionary(_, value) => value.as_ref().clone(),
        DataType::List(element) => DataType::List(field(element)),
        DataType::LargeList(element) => DataType::LargeList(field(element)),
        DataType::FixedSizeList(element, size) => DataType::FixedSizeList(field(element), *size),
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(field).collect()),
        DataType::Map(pair, sorted) => DataType::Map(field(pair), *sorted),
        other => other.clone(),
    }
}

fn verify(file: &[u8]) -> Result<(), TestCaseError> {
    let report = pq_verify::verify(
        &mut &*file,
        "random.parquet",
        &pq_verify::Options::default(),
    );
    let first = report.findings().first().map(ToString::to_string);
    prop_assert_eq!(first, None);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn any_table_comes_back(seed in any::<u64>(), depth in 0_usize..5, rows in 0_usize..150) {
        let mut numbers = Numbers(seed);
        let columns = 1 + numbers.below(4);
        let fields = (0..columns).map(|column| {
            let data_type = data_type(&mut numbers, depth);
            build::field(&mut numbers, format!("c{column}"), data_type)
        });
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        let whole = rows + 20;
        let arrays: Vec<ArrayRef> = schema
            .fields()
            .iter()
            .map(|field| array(&mut numbers, field.data_type(), field.is_nullable(), whole))
            .collect();
        let table = RecordBatch::try_new(schema, arrays).unwrap().slice(numbers.below(20), rows);
        let mut batches = Vec::new();
        let mut start = 0;
        while start < rows || batches.is_empty() {
            let len = numbers.below(80).min(rows - start);
            batches.push(table.slice(start, len));
            start += len;
        }
        let mut options = options(&mut numbers, columns);
        let file = write(&batches, &options);
        options.writer.threads = 3;
        prop_assert!(write(&batches, &options) == file, "other bytes on three threads");
        verify(&file)?;
        let found = read(file);
        prop_assert_eq!(found.num_rows(), rows);
        for (found, expected) in found.columns().iter().zip(table.columns()) {
            // A null may stand in a dictionary or in its keys.
            let plain = without_dictionaries(expected.data_type());
            let (found, expected) = (cast(found, &plain).unwrap(), cast(expected, &plain).unwrap());
            prop_assert_eq!(&found, &expected);
        }
    }

    #[test]
    fn list_views_and_runs_come_back_as_lists_and_values(seed in any::<u64>()) {
        let mut numbers = Numbers(seed);
        let (runs, texts) = build::runs(&mut numbers, 30);
        let rows = texts.len();
        let (view, list) = build::list_view(&mut numbers, rows);
        let columns: [(&str, ArrayRef, bool); 2] =
            [("view", Arc::new(view), true), ("runs", Arc::new(runs), true)];
        let table = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
        let (start, len) = (numbers.below(5), rows - 5);
        let mut options = options(&mut numbers, 0);
        // The reader need not know the types of Arrow.
        options.writer.key_values = vec![("ARROW:schema".to_owned(), String::new())];
        let file = write(&[table.slice(start, len)], &options);
        verify(&file)?;
        let reader = ParquetRecordBatchReaderBuilder::try_new_with_options(
            Bytes::from(file),
            ArrowReaderOptions::new().with_skip_arrow_metadata(true),
        );
        let reader = reader.unwrap().build().unwrap();
        let schema = reader.schema();
        let found = concat_batches(&schema, &reader.collect::<Result<Vec<_>, _>>().unwrap()).unwrap();
        let lists = found.column(0).as_any().downcast_ref::<ListArray>().unwrap();
        let expected = list.slice(start, len);
        for row in 0..len {
            prop_assert_eq!(lists.is_null(row), expected.is_null(row));
            if expected.is_valid(row) {
                prop_assert_eq!(&lists.value(row), &expected.value(row));
            }
        }
        let found = found.column(1).as_any().downcast_ref::<StringArray>().unwrap();
        prop_assert_eq!(found, &texts.slice(start, len));
    }
}
