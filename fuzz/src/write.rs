//! Batches of any kind, right or wrong: an error, or a file that keeps every rule of the format and
//! that parquet-rs reads.

mod build;

use crate::Input;
use build::Parts;
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::DataType;
use parquet::file::reader::{FileReader, SerializedFileReader};
use pq_verify::{Finding, Rule};
use pq_writer::{
    Batch, BloomFilter, ColumnEncoding, Compression, FileEncoder, PageVersion, Profile, Schema,
    WriterOptions,
};

pub fn check(data: &[u8]) {
    let mut input = Input(data);
    let options = options(&mut input);
    let mut fields = Vec::new();
    let mut parts = Vec::new();
    for column in 0..1 + input.byte() % 3 {
        let (field, values) = Parts::column(&mut input, format!("c{column}"));
        fields.push(field);
        parts.push(values);
    }
    let Ok(schema) = Schema::new(fields) else {
        return;
    };
    let Ok(mut encoder) = FileEncoder::new(schema, options) else {
        return;
    };
    let mut file = Vec::new();
    encoder.begin(&mut file);
    let batch = Batch::new(parts.iter().map(Parts::lend).collect());
    let before = file.clone();
    let written = encoder.row_group(&[batch.clone(), batch], &mut file);
    if written.is_err() {
        assert!(file == before, "an error left bytes behind");
    }
    encoder.finish(&mut file).unwrap();

    let report = pq_verify::verify(&mut &*file, "f", &pq_verify::Options::default());
    // INT96 is written only where it is asked for.
    let wrong = |finding: &&Finding| finding.rule != Rule::PhysicalInt96;
    if let Some(finding) = report.findings().iter().find(wrong) {
        panic!("{finding}");
    }
    read(file);
}

fn options(input: &mut Input<'_>) -> WriterOptions {
    let mut options = WriterOptions::default();
    options.compression = match input.byte() % 3 {
        0 => Compression::Uncompressed,
        1 => Compression::Snappy,
        _ => Compression::Lz4Raw,
    };
    options.profile = match input.byte() % 3 {
        0 => Profile::Compatible,
        1 => Profile::Small,
        _ => Profile::Fast,
    };
    options.encoding = match input.byte() % 8 {
        0 => ColumnEncoding::Dictionary,
        1 => ColumnEncoding::DeltaBinaryPacked,
        2 => ColumnEncoding::DeltaByteArray,
        3 => ColumnEncoding::ByteStreamSplit,
        _ => ColumnEncoding::Auto,
    };
    let bits = input.byte();
    if bits & 1 == 1 {
        options.page_version = PageVersion::V2;
    }
    options.page_checksums = bits & 2 == 2;
    options.page_index = bits & 4 == 0;
    if bits & 8 == 8 {
        options.bloom_filters = [("c0".to_owned(), BloomFilter::default())].into();
    }
    options.data_page_rows = usize::from(input.byte()) + 1;
    options.data_page_bytes = usize::from(input.short()) + 1;
    options.bound_bytes = usize::from(input.byte() % 70) + 1;
    options
}

/// Reads all levels and values of all chunks.
fn read(file: Vec<u8>) {
    let reader = SerializedFileReader::new(bytes::Bytes::from(file)).unwrap();
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group).unwrap();
        for column in 0..group.num_columns() {
            let expected = group.metadata().column(column).num_values();
            let levels = match group.get_column_reader(column).unwrap() {
                ColumnReader::BoolColumnReader(reader) => levels(reader),
                ColumnReader::Int32ColumnReader(reader) => levels(reader),
                ColumnReader::Int64ColumnReader(reader) => levels(reader),
                ColumnReader::Int96ColumnReader(reader) => levels(reader),
                ColumnReader::FloatColumnReader(reader) => levels(reader),
                ColumnReader::DoubleColumnReader(reader) => levels(reader),
                ColumnReader::ByteArrayColumnReader(reader) => levels(reader),
                ColumnReader::FixedLenByteArrayColumnReader(reader) => levels(reader),
            };
            assert_eq!(levels as i64, expected);
        }
    }
}

fn levels<T: DataType>(mut reader: ColumnReaderImpl<T>) -> usize {
    let mut total = 0;
    loop {
        let (mut definition, mut repetition, mut values) = (Vec::new(), Vec::new(), Vec::new());
        let (rows, _, levels) = reader
            .read_records(
                1 << 20,
                Some(&mut definition),
                Some(&mut repetition),
                &mut values,
            )
            .unwrap();
        total += levels;
        if rows == 0 {
            return total;
        }
    }
}
