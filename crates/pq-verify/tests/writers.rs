//! What our writer and parquet-rs write keeps to the rules.

use arrow_array::builder::{Int32Builder, ListBuilder, StringBuilder};
use arrow_array::{
    ArrayRef, BooleanArray, Decimal128Array, FixedSizeBinaryArray, Float16Array, Float64Array,
    Int64Array, RecordBatch, StringArray, StructArray, UInt32Array,
};
use arrow_schema::{DataType as ArrowType, Field as ArrowField};
use half::f16;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression as Codec, Encoding, GzipLevel, ZstdLevel};
use parquet::file::metadata::SortingColumn;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};
use pq_verify::{Options, Report, Rule, verify};
use pq_writer::{
    Batch, Bits, Column, Compression, DataType, Field, FileWriter, Schema, Values, WriterOptions,
};
use std::collections::BTreeSet;
use std::sync::Arc;

fn check(file: &[u8]) -> Report {
    verify(&mut &*file, "f", &Options::default())
}

fn lines(report: &Report) -> Vec<String> {
    report.findings().iter().map(ToString::to_string).collect()
}

#[test]
fn ours_is_clean_with_every_codec() {
    let ids: Vec<i64> = (0..5_000).map(|row| row * row % 977).collect();
    let reals: Vec<f64> = (0..5_000)
        .map(|row| [f64::NAN, -0.0, 0.0, 1.5][row % 4] * (row / 9) as f64)
        .collect();
    let texts: Vec<String> = (0..5_000)
        .map(|row| format!("text {}", row % 300))
        .collect();
    let mut offsets = vec![0_i32];
    let mut data = Vec::new();
    for text in &texts {
        data.extend_from_slice(text.as_bytes());
        offsets.push(data.len() as i32);
    }
    let bits = vec![0b1101_1011; 625];
    for compression in [
        Compression::Uncompressed,
        Compression::Snappy,
        Compression::Gzip(None),
        Compression::Zstd(None),
        Compression::Lz4Raw,
        Compression::Brotli(None),
    ] {
        let schema = Schema::new(vec![
            Field::new("id", DataType::Int64, false),
            Field::new("real", DataType::Float64, true),
            Field::new("text", DataType::String, true),
        ])
        .unwrap();
        let mut options = WriterOptions::default();
        options.compression = compression;
        options.data_page_rows = 700;
        let valid = || Bits::new(&bits, 0, 5_000).unwrap();
        let text = Values::Bytes32 {
            offsets: &offsets,
            data: &data,
        };
        let batch = Batch::new(vec![
            Column::new("id", Values::Int64(&ids)),
            Column::new("real", Values::Float64(&reals)).with_validity(valid()),
            Column::new("text", text).with_validity(valid()),
        ]);
        let mut writer = FileWriter::new(Vec::new(), schema, options).unwrap();
        writer.write(&batch).unwrap();
        let (file, _) = writer.finish().unwrap();
        let report = check(&file);
        assert!(report.is_clean(), "{compression:?}: {:#?}", lines(&report));
        assert_eq!(report.checked().values, 15_000);
    }
}

const ROWS: usize = 3_000;

fn batch() -> RecordBatch {
    let flat = |row: usize| (row % 7 != 3).then_some(row);
    let mut lists = ListBuilder::new(StringBuilder::new()).with_field(ArrowField::new(
        "element",
        ArrowType::Utf8,
        true,
    ));
    let mut deep = ListBuilder::new(ListBuilder::new(Int32Builder::new()));
    for row in 0..ROWS {
        for item in 0..row % 5 {
            if item == 3 {
                lists.values().append_null();
            } else {
                lists.values().append_value(format!("{}", row * item % 90));
            }
            for number in 0..item {
                deep.values()
                    .values()
                    .append_option(flat(row + number).map(|it| it as i32));
            }
            deep.values().append(item != 1);
        }
        lists.append(row % 11 != 5);
        deep.append(row % 13 != 5);
    }
    let ids: ArrayRef = Arc::new(Int64Array::from_iter_values(0..ROWS as i64));
    let small: ArrayRef = Arc::new(
        (0..ROWS)
            .map(flat)
            .map(|it| it.map(|it| it as u32 * 1_000_003))
            .collect::<UInt32Array>(),
    );
    let reals: ArrayRef =
        Arc::new(Float64Array::from_iter((0..ROWS).map(|row| {
            flat(row).map(|row| [f64::NAN, 0.25, -3.0][row % 3] * row as f64)
        })));
    let halves: ArrayRef = Arc::new(Float16Array::from_iter_values(
        (0..ROWS).map(|row| f16::from_f64(row as f64 / 3.0 - 9.0)),
    ));
    let texts: ArrayRef = Arc::new(
        (0..ROWS)
            .map(|row| flat(row).map(|row| format!("żółw {}", row % 200)))
            .collect::<StringArray>(),
    );
    let flags: ArrayRef = Arc::new(
        (0..ROWS)
            .map(|row| Some(row % 3 == 0))
            .collect::<BooleanArray>(),
    );
    let decimals = (0..ROWS).map(|row| flat(row).map(|row| (row as i128 - 900) * 1_000_000_007));
    let decimals: ArrayRef = Arc::new(
        Decimal128Array::from_iter(decimals)
            .with_precision_and_scale(20, 3)
            .unwrap(),
    );
    let fixed = (0..ROWS).map(|row| (row as u64 * 31).to_be_bytes());
    let fixed: ArrayRef = Arc::new(FixedSizeBinaryArray::try_from_iter(fixed).unwrap());
    let point: ArrayRef = Arc::new(StructArray::from(vec![
        (
            Arc::new(ArrowField::new("a", ArrowType::Float64, true)),
            reals.clone(),
        ),
        (
            Arc::new(ArrowField::new("b", ArrowType::Utf8, true)),
            texts.clone(),
        ),
    ]));
    RecordBatch::try_from_iter_with_nullable(vec![
        ("id", ids, false),
        ("small", small, true),
        ("real", reals, true),
        ("half", halves, false),
        ("text", texts, true),
        ("flag", flags, false),
        ("decimal", decimals, true),
        ("fixed", fixed, false),
        ("point", point, false),
        ("list", Arc::new(lists.finish()), true),
        ("deep", Arc::new(deep.finish()), true),
    ])
    .unwrap()
}

/// What parquet-rs writes of the batch breaks no rule.
fn sound(properties: WriterProperties, deviations: &[Rule]) {
    let batch = batch();
    let mut file = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut file, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let report = check(&file);
    let found: BTreeSet<Rule> = report.counts().map(|(rule, _)| rule).collect();
    let allowed: BTreeSet<Rule> = deviations.iter().copied().collect();
    assert!(found.is_subset(&allowed), "{:#?}", lines(&report));
    assert!(report.checked().values >= 12 * ROWS as u64);
}

fn properties() -> parquet::file::properties::WriterPropertiesBuilder {
    WriterProperties::builder()
        .set_data_page_row_count_limit(500)
        .set_write_batch_size(100)
        .set_max_row_group_row_count(Some(1_300))
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_bloom_filter_enabled(true)
}

/// What parquet-rs 60 is known to do.
const KNOWN: &[Rule] = &[Rule::ListStructure];

#[test]
fn parquet_rs_in_version_1() {
    for codec in [
        Codec::UNCOMPRESSED,
        Codec::SNAPPY,
        Codec::GZIP(GzipLevel::default()),
        Codec::LZ4_RAW,
        Codec::ZSTD(ZstdLevel::default()),
    ] {
        sound(properties().set_compression(codec).build(), KNOWN);
    }
}

#[test]
fn parquet_rs_in_version_2() {
    let properties = properties()
        .set_writer_version(WriterVersion::PARQUET_2_0)
        .set_compression(Codec::SNAPPY)
        .set_sorting_columns(Some(vec![SortingColumn {
            column_idx: 0,
            descending: false,
            nulls_first: false,
        }]));
    let known = [KNOWN, &[Rule::FileVersion2]].concat();
    sound(properties.build(), &known);
}

#[test]
fn parquet_rs_with_other_encodings() {
    let column = |name: &str| parquet::schema::types::ColumnPath::from(name);
    let properties = properties()
        .set_dictionary_enabled(false)
        .set_column_encoding(column("id"), Encoding::DELTA_BINARY_PACKED)
        .set_column_encoding(column("small"), Encoding::BYTE_STREAM_SPLIT)
        .set_column_encoding(column("real"), Encoding::BYTE_STREAM_SPLIT)
        .set_column_encoding(column("text"), Encoding::DELTA_BYTE_ARRAY)
        .set_column_encoding(column("decimal"), Encoding::DELTA_BYTE_ARRAY)
        .set_column_encoding(column("fixed"), Encoding::BYTE_STREAM_SPLIT)
        .set_column_encoding(column("flag"), Encoding::RLE)
        .set_column_encoding(
            column("list.list.element"),
            Encoding::DELTA_LENGTH_BYTE_ARRAY,
        );
    sound(properties.build(), KNOWN);
}
