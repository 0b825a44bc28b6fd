//! Footers of many column chunks: decode, encode, and one more row group.

use crate::contest::Contest;
use crate::peers::arrow;
use crate::report::Report;
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader, ParquetMetaDataWriter};
use pq_format::{
    ColumnChunk, ColumnMetaData, ColumnOrder, CompressionCodec, Encoding, FieldRepetitionType,
    FileMetaData, PackedList, PageEncodingStats, PageType, RawFooter, RowGroup, SchemaElement,
    SizeStatistics, Statistics, Type, TypeDefinedOrder, decode, encode, footer_range,
};
use std::hint::black_box;

/// Rows of each row group.
const ROWS: i64 = 100_000;

pub fn contests(report: &mut Report) {
    for (columns, row_groups) in [(10, 10), (1_000, 1_000), (10_000, 10)] {
        let case = format!("{columns} columns, {row_groups} row groups");
        if ["decode", "encode", "append"]
            .iter()
            .any(|family| report.wants(&format!("footer {family}, {case}")))
        {
            footer(report, &case, columns, row_groups);
        }
    }
}

fn footer(report: &mut Report, case: &str, columns: usize, row_groups: usize) {
    // As parquet-rs writes it, so that each reads what the other could.
    let mut bytes = Vec::new();
    encode(&metadata(columns, row_groups), &mut bytes).unwrap();
    let theirs = ParquetMetaDataReader::decode_metadata(&bytes).unwrap();
    let bytes = written_by_arrow(&theirs);
    let chunks = columns * row_groups;
    println!(
        "{case}: {} bytes a column chunk",
        bytes.len() as f64 / chunks as f64
    );

    if let Some(entry) = report.entry("footer decode", case) {
        entry.run(
            Contest::new(chunks, |decoded| assert_eq!(decoded, row_groups))
                .with("pq", |done| {
                    let (metadata, _) = decode::<FileMetaData>(black_box(&bytes)).unwrap();
                    done(&|| black_box(&metadata).row_groups.len());
                })
                .with(arrow::NAME, |done| {
                    let metadata = ParquetMetaDataReader::decode_metadata(black_box(&bytes));
                    let metadata = metadata.unwrap();
                    done(&|| black_box(&metadata).num_row_groups());
                }),
        );
    }
    if let Some(entry) = report.entry("footer encode", case) {
        let (ours, _) = decode::<FileMetaData>(&bytes).unwrap();
        entry.run(
            Contest::new(chunks, |encoded: Vec<u8>| {
                assert_eq!(encoded.len(), bytes.len());
            })
            .appends("pq", |out| encode(black_box(&ours), out).unwrap())
            .with(arrow::NAME, |done| {
                let encoded = written_by_arrow(black_box(&theirs));
                done(&|| encoded.clone());
            }),
        );
    }
    if let Some(entry) = report.entry("footer append", case) {
        let row_group = metadata(columns, 1).row_groups.remove(0);
        let mut encoded = Vec::new();
        encode(&row_group, &mut encoded).unwrap();
        let row_group = encoded;
        entry.run(
            Contest::new(chunks, |spliced: Vec<u8>| {
                let metadata = ParquetMetaDataReader::decode_metadata(&spliced).unwrap();
                assert_eq!(metadata.num_row_groups(), row_groups + 1);
            })
            .appends("pq", |out| {
                let mut edit = RawFooter::parse(black_box(&bytes)).unwrap().edit();
                edit.append_row_group(row_group.clone()).unwrap();
                edit.encode(out).unwrap();
            })
            .with(arrow::NAME, |done| {
                let metadata = ParquetMetaDataReader::decode_metadata(black_box(&bytes)).unwrap();
                let mut metadata = metadata.into_builder();
                let last = metadata.take_row_groups();
                let again = last[0].clone();
                let mut all = last;
                all.push(again);
                let metadata = metadata.set_row_groups(all).build();
                let encoded = written_by_arrow(&metadata);
                done(&|| encoded.clone());
            }),
        );
    }
}

/// The metadata alone, without its frame.
fn written_by_arrow(metadata: &ParquetMetaData) -> Vec<u8> {
    let mut file = Vec::new();
    ParquetMetaDataWriter::new(&mut file, metadata)
        .with_preserve_page_index_locations(true)
        .finish()
        .unwrap();
    let length = file.len();
    let range = footer_range(&file, length as u64 + 4).unwrap();
    file.truncate(range.end as usize - 4);
    assert_eq!(range.start, 4);
    file
}

/// Nullable integers with a dictionary, statistics and a page index.
fn metadata(columns: usize, row_groups: usize) -> FileMetaData {
    let root = SchemaElement {
        name: "schema".to_owned(),
        num_children: Some(columns as i32),
        ..Default::default()
    };
    let leaf = |column| SchemaElement {
        r#type: Some(Type::INT64),
        repetition_type: Some(FieldRepetitionType::OPTIONAL),
        name: name(column),
        ..Default::default()
    };
    FileMetaData {
        version: 2,
        schema: std::iter::once(root)
            .chain((0..columns).map(leaf))
            .collect(),
        num_rows: ROWS * row_groups as i64,
        row_groups: (0..row_groups)
            .map(|index| row_group(columns, index))
            .collect(),
        created_by: Some("pq".to_owned()),
        column_orders: Some(vec![
            ColumnOrder::TypeOrder(TypeDefinedOrder::default());
            columns
        ]),
        ..Default::default()
    }
}

fn name(column: usize) -> String {
    format!("column_{column}")
}

fn row_group(columns: usize, index: usize) -> RowGroup {
    let chunk_length = 300_000;
    let start = 4 + index as i64 * columns as i64 * chunk_length;
    RowGroup {
        columns: (0..columns)
            .map(|column| column_chunk(column, start + column as i64 * chunk_length))
            .collect(),
        total_byte_size: chunk_length * columns as i64,
        num_rows: ROWS,
        file_offset: Some(start),
        total_compressed_size: Some(chunk_length * columns as i64),
        ordinal: Some(index as i16),
        ..Default::default()
    }
}

fn column_chunk(column: usize, offset: i64) -> ColumnChunk {
    let pages = |page_type, encoding, count| PageEncodingStats {
        page_type,
        encoding,
        count,
        ..Default::default()
    };
    ColumnChunk {
        meta_data: Some(ColumnMetaData {
            r#type: Type::INT64,
            encodings: [Encoding::PLAIN, Encoding::RLE, Encoding::RLE_DICTIONARY].into(),
            path_in_schema: [name(column)].into(),
            codec: CompressionCodec::ZSTD,
            num_values: ROWS,
            total_uncompressed_size: 310_000,
            total_compressed_size: 300_000,
            data_page_offset: offset + 40_000,
            dictionary_page_offset: Some(offset),
            statistics: Some(Statistics {
                null_count: Some(5_000),
                max_value: Some((offset + 99_999).to_le_bytes().into()),
                min_value: Some(offset.to_le_bytes().into()),
                is_max_value_exact: Some(true),
                is_min_value_exact: Some(true),
                ..Default::default()
            }),
            encoding_stats: PackedList::new(&[
                pages(PageType::DICTIONARY_PAGE, Encoding::PLAIN, 1),
                pages(PageType::DATA_PAGE, Encoding::RLE_DICTIONARY, 5),
            ])
            .ok(),
            size_statistics: Some(SizeStatistics {
                definition_level_histogram: Some([5_000, 95_000].into()),
                ..Default::default()
            }),
            ..Default::default()
        }),
        offset_index_offset: Some(1_000_000_000 + offset),
        offset_index_length: Some(80),
        column_index_offset: Some(2_000_000_000 + offset),
        column_index_length: Some(150),
        ..Default::default()
    }
}
