//! A sound file built by hand, in which single things can be changed on the way.
#![allow(dead_code, reason = "each test uses some of it")]

pub mod columns;

use columns::{Column, Page, columns};
use pq_format::idl::*;
use pq_format::{
    BloomFilterAlgorithm, BloomFilterCompression, BloomFilterHash, BloomFilterHeader,
    BoundaryOrder, ColumnChunk, ColumnIndex, ColumnMetaData, ColumnOrder, CompressionCodec,
    DataPageHeader, DataPageHeaderV2, DictionaryPageHeader, Encoding, FileMetaData, OffsetIndex,
    PageEncodingStats, PageHeader, PageLocation, PageType, RowGroup, SchemaElement, SizeStatistics,
    SortingColumn, Statistics, encode,
};
use pq_verify::{Options, Report, verify};

pq_format::structs! {
    /// A footer that is written without a look at its rules.
    struct Footer {
        /// Version.
        1: required i32 version;
        /// Schema.
        2: required list<SchemaElement> schema;
        /// Rows.
        3: required i64 num_rows;
        /// Row groups.
        4: required list<RowGroup> row_groups;
        /// Orders.
        7: optional list<ColumnOrder> column_orders;
    }
}

pub const ROWS: i64 = 6;

type Hook<T> = Option<Box<dyn Fn(At, &mut T)>>;
type Whole<T> = Option<Box<dyn Fn(&mut T)>>;

/// What is being built: row group, column, page of the column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At {
    pub row_group: usize,
    pub column: usize,
    pub page: usize,
}

/// Changes on the way, each before what follows from it is worked out.
#[derive(Default)]
pub struct Changes {
    /// The columns, before anything is made of them.
    pub columns: Whole<Vec<Column>>,
    /// Levels and values of a page, before compression.
    pub body: Hook<Body>,
    /// A page as it will be stored, after its checksum was made.
    pub stored: Hook<Vec<u8>>,
    pub header: Hook<PageHeader>,
    pub bloom: Hook<Vec<u8>>,
    pub offsets: Hook<OffsetIndex>,
    pub index: Hook<ColumnIndex>,
    pub footer: Whole<Footer>,
    pub file: Whole<Vec<u8>>,
}

/// A page without compression.
#[derive(Debug, Clone, Default)]
pub struct Body {
    pub repetition: Vec<u8>,
    pub definition: Vec<u8>,
    pub values: Vec<u8>,
}

fn call<T>(hook: &Hook<T>, at: At, value: &mut T) {
    if let Some(hook) = hook {
        hook(at, value);
    }
}

fn put<T: pq_format::ThriftStruct>(value: &T, out: &mut Vec<u8>) -> usize {
    let start = out.len();
    encode(value, out).unwrap();
    out.len() - start
}

/// The file, and the report on it.
pub fn build(changes: &Changes) -> Vec<u8> {
    let mut columns = columns();
    if let Some(change) = &changes.columns {
        change(&mut columns);
    }
    let mut file = b"PAR1".to_vec();
    let mut footer = Footer {
        version: 1,
        num_rows: 2 * ROWS,
        schema: vec![SchemaElement {
            name: "schema".to_owned(),
            num_children: Some(columns::TOP_LEVEL),
            ..Default::default()
        }],
        column_orders: Some(vec![
            ColumnOrder::TypeOrder(Default::default());
            columns.len()
        ]),
        ..Default::default()
    };
    for column in &columns {
        footer.schema.extend(column.elements.clone());
    }
    let mut indexes = Vec::new();
    for row_group in 0..2 {
        let mut group = RowGroup {
            num_rows: ROWS,
            file_offset: Some(file.len() as i64),
            ordinal: Some(row_group as i16),
            sorting_columns: Some(vec![SortingColumn::default()]),
            ..Default::default()
        };
        for (index, column) in columns.iter().enumerate() {
            let at = At {
                row_group,
                column: index,
                page: 0,
            };
            let (chunk, pages) = put_chunk(column, at, changes, &mut file);
            group.columns.push(chunk);
            indexes.push((at, pages));
        }
        for (index, column) in columns.iter().enumerate() {
            let at = At {
                row_group,
                column: index,
                page: 0,
            };
            if !column.bloom.is_empty() {
                put_bloom(column, at, changes, &mut group.columns[index], &mut file);
            }
        }
        let sum = |size: fn(&ColumnMetaData) -> i64| -> i64 {
            let metas = group.columns.iter().filter_map(|it| it.meta_data.as_ref());
            metas.map(size).sum()
        };
        group.total_byte_size = sum(|meta| meta.total_uncompressed_size);
        group.total_compressed_size = Some(sum(|meta| meta.total_compressed_size));
        footer.row_groups.push(group);
    }
    for (at, pages) in indexes {
        let chunk = &mut footer.row_groups[at.row_group].columns[at.column];
        put_index(&columns[at.column], at, pages, changes, chunk, &mut file);
    }
    if let Some(change) = &changes.footer {
        change(&mut footer);
    }
    let mut metadata = Vec::new();
    put(&footer, &mut metadata);
    pq_format::append_footer(&metadata, &mut file).unwrap();
    if let Some(change) = &changes.file {
        change(&mut file);
    }
    file
}

pub fn check(file: &[u8]) -> Report {
    verify(&mut &*file, "f", &Options::default())
}

fn put_page(
    column: &Column,
    mut header: PageHeader,
    body: Body,
    at: At,
    changes: &Changes,
    file: &mut Vec<u8>,
) -> (usize, usize) {
    let mut body = body;
    call(&changes.body, at, &mut body);
    let levels = [body.repetition.clone(), body.definition.clone()].concat();
    let mut stored;
    if let Some(v2) = &mut header.data_page_header_v2 {
        v2.repetition_levels_byte_length = body.repetition.len() as i32;
        v2.definition_levels_byte_length = body.definition.len() as i32;
        stored = levels.clone();
        stored.extend(compress(column.codec, &body.values));
    } else {
        stored = compress(
            column.codec,
            &[levels.clone(), body.values.clone()].concat(),
        );
    }
    header.uncompressed_page_size = (levels.len() + body.values.len()) as i32;
    header.compressed_page_size = stored.len() as i32;
    header.crc = Some(crc32fast::hash(&stored).cast_signed());
    call(&changes.stored, at, &mut stored);
    call(&changes.header, at, &mut header);
    let header_len = put(&header, file);
    file.extend_from_slice(&stored);
    let uncompressed = usize::try_from(header.uncompressed_page_size).unwrap_or(0);
    (header_len + stored.len(), header_len + uncompressed)
}

fn compress(codec: CompressionCodec, bytes: &[u8]) -> Vec<u8> {
    match codec {
        CompressionCodec::SNAPPY => snap::raw::Encoder::new().compress_vec(bytes).unwrap(),
        CompressionCodec::LZ4 => lz4_flex::block::compress(bytes),
        CompressionCodec::ZSTD => zstd::bulk::compress(bytes, 1).unwrap(),
        _ => bytes.to_vec(),
    }
}

/// Offset and size of each data page.
type Pages = Vec<(u64, usize)>;

fn put_chunk(
    column: &Column,
    at: At,
    changes: &Changes,
    file: &mut Vec<u8>,
) -> (ColumnChunk, Pages) {
    let mut meta = ColumnMetaData {
        r#type: column.physical,
        path_in_schema: column.path.as_slice().into(),
        codec: column.codec,
        ..Default::default()
    };
    let mut stats: Vec<(PageType, Encoding)> = Vec::new();
    let add = |sizes: (usize, usize), meta: &mut ColumnMetaData| {
        meta.total_compressed_size += sizes.0 as i64;
        meta.total_uncompressed_size += sizes.1 as i64;
    };
    let mut page_number = 0;
    if let Some((count, entries)) = &column.dictionary {
        meta.dictionary_page_offset = Some(file.len() as i64);
        for copy in 0..=usize::from(column.dictionary_twice) {
            let header = PageHeader {
                r#type: PageType::DICTIONARY_PAGE,
                dictionary_page_header: Some(DictionaryPageHeader {
                    num_values: *count,
                    is_sorted: Some(true),
                    ..Default::default()
                }),
                ..Default::default()
            };
            let body = Body {
                values: entries.clone(),
                ..Default::default()
            };
            let at = At { page: copy, ..at };
            let sizes = put_page(column, header, body, at, changes, file);
            add(sizes, &mut meta);
            stats.push((PageType::DICTIONARY_PAGE, Encoding::PLAIN));
            page_number += 1;
        }
    }
    meta.data_page_offset = file.len() as i64;
    let mut pages = Vec::new();
    for page in &column.pages {
        let offset = file.len() as u64;
        let (header, body) = page.parts(column);
        stats.push((header.r#type, column.encoding));
        let at = At {
            page: page_number,
            ..at
        };
        let sizes = put_page(column, header, body, at, changes, file);
        add(sizes, &mut meta);
        meta.num_values += page.num_values(column) as i64;
        pages.push((offset, sizes.0));
        page_number += 1;
    }
    let mut encodings: Vec<Encoding> = stats.iter().map(|&(_, encoding)| encoding).collect();
    encodings.push(Encoding::RLE);
    encodings.sort_unstable();
    encodings.dedup();
    meta.encodings = encodings.into();
    let mut counted: Vec<PageEncodingStats> = Vec::new();
    for (page_type, encoding) in stats {
        match counted
            .iter_mut()
            .find(|it| (it.page_type, it.encoding) == (page_type, encoding))
        {
            Some(entry) => entry.count += 1,
            None => counted.push(PageEncodingStats {
                page_type,
                encoding,
                count: 1,
                ..Default::default()
            }),
        }
    }
    meta.encoding_stats = Some(pq_format::PackedList::new(&counted).unwrap());
    meta.statistics = Some(Statistics {
        null_count: Some(
            column
                .pages
                .iter()
                .map(|page| page.nulls(column) as i64)
                .sum(),
        ),
        nan_count: column
            .has_nan
            .then(|| column.pages.iter().map(|page| page.nans).sum()),
        min_value: Some(column.min.as_slice().into()),
        max_value: Some(column.max.as_slice().into()),
        is_min_value_exact: Some(true),
        is_max_value_exact: Some(true),
        distinct_count: column.distinct,
        ..Default::default()
    });
    meta.size_statistics = Some(sizes(column));
    let chunk = ColumnChunk {
        meta_data: Some(meta),
        ..Default::default()
    };
    (chunk, pages)
}

fn sizes(column: &Column) -> SizeStatistics {
    let sum = |levels: fn(&Page) -> &Vec<u16>, max: u16| -> Vec<i64> {
        let mut counts = vec![0; usize::from(max) + 1];
        for page in &column.pages {
            for &level in levels(page) {
                counts[usize::from(level)] += 1;
            }
        }
        counts
    };
    SizeStatistics {
        unencoded_byte_array_data_bytes: column
            .has_bytes()
            .then(|| column.pages.iter().map(|page| page.bytes).sum()),
        repetition_level_histogram: (column.max_repetition > 0)
            .then(|| sum(|page| &page.repetition, column.max_repetition).into()),
        definition_level_histogram: (column.max_definition > 0)
            .then(|| sum(|page| &page.definition, column.max_definition).into()),
        ..Default::default()
    }
}

fn put_bloom(
    column: &Column,
    at: At,
    changes: &Changes,
    chunk: &mut ColumnChunk,
    file: &mut Vec<u8>,
) {
    let mut bits = vec![0_u8; 64];
    for value in &column.bloom {
        columns::bloom_insert(&mut bits, value);
    }
    call(&changes.bloom, at, &mut bits);
    let header = BloomFilterHeader {
        num_bytes: bits.len() as i32,
        algorithm: BloomFilterAlgorithm::Block(Default::default()),
        hash: BloomFilterHash::XxHash(Default::default()),
        compression: BloomFilterCompression::Uncompressed(Default::default()),
        ..Default::default()
    };
    let meta = chunk.meta_data.as_mut().unwrap();
    meta.bloom_filter_offset = Some(file.len() as i64);
    let len = put(&header, file) + bits.len();
    meta.bloom_filter_length = Some(len as i32);
    file.extend_from_slice(&bits);
}

fn put_index(
    column: &Column,
    at: At,
    pages: Pages,
    changes: &Changes,
    chunk: &mut ColumnChunk,
    file: &mut Vec<u8>,
) {
    let mut offsets = OffsetIndex::default();
    let mut first_row_index = 0;
    for (page, (offset, size)) in column.pages.iter().zip(pages) {
        offsets.page_locations.push(PageLocation {
            offset: offset as i64,
            compressed_page_size: size as i32,
            first_row_index,
            ..Default::default()
        });
        first_row_index += page.rows(column) as i64;
    }
    if column.has_bytes() {
        let sizes = column.pages.iter().map(|page| page.bytes).collect();
        offsets.unencoded_byte_array_data_bytes = Some(sizes);
    }
    let each = |value: fn(&Page) -> &Vec<u8>| {
        let values = column.pages.iter();
        values.map(|page| value(page).as_slice().into()).collect()
    };
    let mut index = ColumnIndex {
        null_pages: column
            .pages
            .iter()
            .map(|page| page.min.is_empty())
            .collect(),
        min_values: each(|page| &page.min),
        max_values: each(|page| &page.max),
        boundary_order: BoundaryOrder::ASCENDING,
        null_counts: Some(
            column
                .pages
                .iter()
                .map(|page| page.nulls(column) as i64)
                .collect(),
        ),
        nan_counts: column
            .has_nan
            .then(|| column.pages.iter().map(|page| page.nans).collect()),
        ..Default::default()
    };
    if !column.ascending {
        index.boundary_order = BoundaryOrder::UNORDERED;
    }
    if column.max_definition > 0 {
        let mut counts = Vec::new();
        for page in &column.pages {
            for level in 0..=column.max_definition {
                counts.push(page.definition.iter().filter(|&&it| it == level).count() as i64);
            }
        }
        index.definition_level_histograms = Some(counts);
    }
    call(&changes.offsets, at, &mut offsets);
    call(&changes.index, at, &mut index);
    chunk.column_index_offset = Some(file.len() as i64);
    chunk.column_index_length = Some(put(&index, file) as i32);
    chunk.offset_index_offset = Some(file.len() as i64);
    chunk.offset_index_length = Some(put(&offsets, file) as i32);
}

impl Page {
    fn parts(&self, column: &Column) -> (PageHeader, Body) {
        let num_values = self.num_values(column) as i32;
        let mut body = Body {
            values: self.values.clone(),
            ..Default::default()
        };
        let mut header = PageHeader::default();
        if column.v2 {
            header.r#type = PageType::DATA_PAGE_V2;
            header.data_page_header_v2 = Some(DataPageHeaderV2 {
                num_values,
                num_nulls: self.nulls(column) as i32,
                num_rows: self.rows(column) as i32,
                encoding: column.encoding,
                ..Default::default()
            });
        } else {
            header.data_page_header = Some(DataPageHeader {
                num_values,
                encoding: column.encoding,
                definition_level_encoding: Encoding::RLE,
                repetition_level_encoding: Encoding::RLE,
                ..Default::default()
            });
        }
        for (levels, max, out) in [
            (
                &self.repetition,
                column.max_repetition,
                &mut body.repetition,
            ),
            (
                &self.definition,
                column.max_definition,
                &mut body.definition,
            ),
        ] {
            if column.v2 {
                pq_encoding::levels::encode_v2(levels, max, out).unwrap();
            } else {
                pq_encoding::levels::encode_v1(levels, max, out).unwrap();
            }
        }
        (header, body)
    }
}

/// The metadata of a file.
pub fn metadata(file: &[u8]) -> FileMetaData {
    let range = pq_format::footer_range(file, file.len() as u64).unwrap();
    let footer = &file[range.start as usize..range.end as usize];
    pq_format::decode(footer).unwrap().0
}
