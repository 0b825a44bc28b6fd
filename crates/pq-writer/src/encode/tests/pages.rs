use super::super::ChunkEncoder;
use super::read::{Read, read};
use super::samples::*;
use crate::leaf::{Definition, LeafChunk, LeafValues, Levels};
use crate::options::{ColumnEncoding, Compression, PageVersion, WriterOptions};
use crate::schema::{DataType, Leaf};
use crate::settings::LeafSettings;

fn pages(leaf: &Leaf, levels: Levels, values: LeafValues<'_>, settings: &LeafSettings) -> Read {
    let chunk = LeafChunk { levels, values };
    let mut out = Vec::new();
    let (mut encoder, nobody) = (ChunkEncoder::default(), Helpers::default());
    let encoded = encode(&mut encoder, leaf, &chunk, settings, &nobody, &mut out);
    read(leaf, &encoded, &out)
}

fn plain_settings() -> LeafSettings {
    let mut settings = settings(&WriterOptions::default());
    settings.encoding = ColumnEncoding::Plain;
    settings
}

/// Values and nulls of each page.
fn counts(read: &Read) -> Vec<i32> {
    read.pages
        .iter()
        .filter_map(|page| page.data_page_header.as_ref())
        .map(|page| page.num_values)
        .collect()
}

#[test]
fn pages_end_at_so_many_rows_or_bytes() {
    let leaf = leaf(DataType::Int64, false);
    let words: Vec<u64> = (0..1000).collect();
    let levels = flat_levels(0, 1000).remove(0);
    let mut settings = plain_settings();
    settings.data_page_rows = 400;
    let read = pages(&leaf, levels.clone(), values(&leaf, &words), &settings);
    assert_eq!(counts(&read), [400, 400, 200]);
    settings.data_page_bytes = 2407;
    let read = pages(&leaf, levels.clone(), values(&leaf, &words), &settings);
    assert_eq!(counts(&read), [300, 300, 300, 100]);
    settings.data_page_bytes = 1;
    let read = pages(&leaf, levels, values(&leaf, &words), &settings);
    assert_eq!(counts(&read), [1; 1000]);
}

#[test]
fn a_value_larger_than_a_page_has_one_of_its_own() {
    let leaf = leaf(DataType::Binary, false);
    let strings: Vec<Vec<u8>> = [10, 10, 500, 10, 16, 0, 0, 0, 0, 0, 0, 1]
        .iter()
        .map(|&len| vec![b'x'; len])
        .collect();
    let mut settings = plain_settings();
    settings.data_page_bytes = 40;
    let levels = flat_levels(0, strings.len()).remove(0);
    let read = pages(&leaf, levels, byte_strings(&strings), &settings);
    assert_eq!(counts(&read), [2, 1, 3, 6]);
}

#[test]
fn nulls_take_no_room_in_a_page() {
    let leaf = leaf(DataType::Int64, true);
    let mut settings = plain_settings();
    settings.data_page_bytes = 80;
    // Every fifth of 500 rows has a value.
    let is_value = |at: &usize| at.is_multiple_of(5);
    let mut bits = vec![0_u8; 63];
    (0..500)
        .filter(is_value)
        .for_each(|at| bits[at / 8] |= 1 << (at % 8));
    let definition = (0..500).map(|at| u16::from(is_value(&at))).collect();
    let words: Vec<u64> = (0..100).collect();
    for definition in [Definition::Bits(bits), Definition::Levels(definition)] {
        let levels = Levels {
            rows: 500,
            entries: 500,
            values: 100,
            definition,
            repetition: None,
        };
        let read = pages(&leaf, levels, values(&leaf, &words), &settings);
        assert_eq!(counts(&read), [50; 10]);
    }
}

#[test]
fn a_chunk_of_nulls_is_cut_by_rows_only() {
    let leaf = leaf(DataType::String, true);
    let mut settings = plain_settings();
    settings.encoding = ColumnEncoding::Auto;
    settings.data_page_bytes = 1;
    let levels = flat_levels(1, 1000).remove(1);
    assert_eq!(levels.values, 0);
    let read = pages(&leaf, levels.clone(), values(&leaf, &[]), &settings);
    assert_eq!(counts(&read), [1000]);
    settings.data_page_rows = 700;
    let read = pages(&leaf, levels, values(&leaf, &[]), &settings);
    assert_eq!(counts(&read), [700, 300]);
}

#[test]
fn lists_are_not_cut() {
    let leaf = listed(DataType::Int32, false);
    // Of 3, 0, 5, 1 and 2 elements.
    let repetition = vec![0, 1, 1, 0, 0, 1, 1, 1, 1, 0, 0, 1];
    let definition = vec![1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1];
    let levels = Levels {
        rows: 5,
        entries: 12,
        values: 11,
        definition: Definition::Levels(definition),
        repetition: Some(repetition),
    };
    let words: Vec<u64> = (0..11).collect();
    let mut settings = plain_settings();
    let mut cut = |rows, bytes| {
        settings.data_page_rows = rows;
        settings.data_page_bytes = bytes;
        counts(&pages(
            &leaf,
            levels.clone(),
            values(&leaf, &words),
            &settings,
        ))
    };
    assert_eq!(cut(100, 100), [12]);
    assert_eq!(cut(2, 100), [4, 6, 2]);
    assert_eq!(cut(100, 16), [4, 5, 3]);
    assert_eq!(cut(100, 24), [4, 6, 2]);
    assert_eq!(cut(1, 1), [3, 1, 5, 1, 2]);
}

#[test]
fn pages_of_codes_end_by_the_bits_of_codes() {
    let leaf = leaf(DataType::Int64, false);
    let words: Vec<u64> = (0..1000).map(|at| at % 9 * 1_000_000).collect();
    let mut settings = plain_settings();
    settings.encoding = ColumnEncoding::Dictionary;
    settings.data_page_bytes = 200;
    let levels = flat_levels(0, 1000).remove(0);
    let read = pages(&leaf, levels, values(&leaf, &words), &settings);
    // 4 bits each.
    assert_eq!(counts(&read), [400, 400, 200]);
}

#[test]
#[cfg(feature = "snappy")]
fn v2_pages_are_compressed_where_that_pays() {
    let leaf = leaf(DataType::Int64, true);
    let mut settings = plain_settings();
    settings.page_version = PageVersion::V2;
    settings.compression = Compression::Snappy;
    let levels = flat_levels(1, 1000).remove(0);
    let mut random = Random(1);
    let words: Vec<u64> = (0..1000).map(|_| random.next()).collect();
    let is_compressed = |read: &Read| {
        let page = read.pages[0].data_page_header_v2.as_ref().unwrap();
        page.is_compressed
    };
    let read = pages(&leaf, levels.clone(), values(&leaf, &words), &settings);
    assert_eq!(is_compressed(&read), Some(false));
    let read = pages(&leaf, levels, values(&leaf, &[5; 1000]), &settings);
    assert_eq!(is_compressed(&read), Some(true));
    assert!(read.pages[0].compressed_page_size < 1000);
}
