use super::super::{ChunkEncoder, check_settings};
use super::read::{encoding_of, read};
use super::samples::*;
use crate::leaf::{LeafChunk, LeafValues, Levels};
use crate::options::{ColumnEncoding, Compression, PageVersion, Profile, WriterOptions};
use crate::schema::{DataType, Leaf, TimeUnit, TimestampStorage};
use crate::settings::LeafSettings;
use pq_format::Encoding;

const ENCODINGS: [ColumnEncoding; 9] = [
    ColumnEncoding::Auto,
    ColumnEncoding::Dictionary,
    ColumnEncoding::Plain,
    ColumnEncoding::DeltaBinaryPacked,
    ColumnEncoding::DeltaLengthByteArray,
    ColumnEncoding::DeltaByteArray,
    ColumnEncoding::ByteStreamSplit,
    ColumnEncoding::Rle,
    ColumnEncoding::Alp,
];

fn types() -> Vec<DataType> {
    vec![
        DataType::Boolean,
        DataType::Int32,
        DataType::Int64,
        DataType::Float32,
        DataType::Float64,
        DataType::String,
        DataType::FixedBinary(5),
        DataType::Uuid,
        DataType::TimestampAs {
            unit: TimeUnit::Nanos,
            truncate: false,
            is_adjusted_to_utc: false,
            storage: TimestampStorage::Int96,
        },
    ]
}

/// Encodes, reads back and compares; returns the bytes and the encoding of the last page.
fn check(
    encoder: &mut ChunkEncoder,
    leaf: &Leaf,
    levels: &Levels,
    values: LeafValues<'_>,
    settings: &LeafSettings,
) -> (Vec<u8>, Option<Encoding>) {
    let chunk = LeafChunk {
        levels: levels.clone(),
        values,
    };
    let mut out = b"what was there".to_vec();
    let start = out.len();
    let nobody = Helpers::default();
    let encoded = encode(encoder, leaf, &chunk, settings, &nobody, &mut out);
    let bytes = out.split_off(start);
    let found = read(leaf, &encoded, &bytes);
    assert_eq!(found.definition, definition_of(levels));
    let repetition = levels.repetition.clone();
    assert_eq!(
        found.repetition,
        repetition.unwrap_or(vec![0; levels.entries])
    );
    assert!(found.values == plain(&chunk.values), "{settings:?}");
    (bytes, found.pages.last().map(encoding_of))
}

fn versions() -> [(PageVersion, Compression); 3] {
    let compressed = match cfg!(feature = "snappy") {
        true => Compression::Snappy,
        false => Compression::Uncompressed,
    };
    [
        (PageVersion::V1, Compression::Uncompressed),
        (PageVersion::V1, compressed),
        (PageVersion::V2, compressed),
    ]
}

#[test]
fn every_type_encoding_page_version_and_shape_of_levels() {
    let mut encoder = ChunkEncoder::default();
    for data_type in types() {
        let leaves = [
            leaf(data_type.clone(), false),
            leaf(data_type.clone(), true),
            listed(data_type.clone(), false),
            listed(data_type.clone(), true),
        ];
        for (leaf, encoding) in leaves
            .iter()
            .flat_map(|leaf| ENCODINGS.map(|encoding| (leaf, encoding)))
        {
            let mut settings = settings(&WriterOptions::default());
            settings.encoding = encoding;
            if check_settings(leaf, &settings).is_err() {
                continue;
            }
            settings.page_checksums = true;
            settings.data_page_rows = 300;
            settings.data_page_bytes = 2000;
            let levels = match leaf.max_repetition {
                0 => flat_levels(leaf.max_definition, 1000),
                _ => vec![
                    list_levels(500, 5, leaf.max_definition > 1),
                    list_levels(20, 300, leaf.max_definition > 1),
                ],
            };
            for (levels, (version, compression)) in levels
                .iter()
                .flat_map(|levels| versions().map(|version| (levels, version)))
            {
                settings.page_version = version;
                settings.compression = compression;
                let mut random = Random(7);
                let words: Vec<u64> = (0..levels.values)
                    .map(|_| random.below(40) as u64)
                    .collect();
                for values in [
                    values(leaf, &words),
                    coded(leaf, &words, 1),
                    coded(leaf, &words, 3),
                ] {
                    let (_, last) = check(&mut encoder, leaf, levels, values, &settings);
                    if let (Some(last), Some(set)) =
                        (last, super::super::settings::set_encoding(encoding))
                    {
                        assert_eq!(last, set);
                    }
                }
            }
        }
    }
}

#[test]
fn every_profile() {
    let mut encoder = ChunkEncoder::default();
    for (data_type, profile) in types().into_iter().flat_map(|data_type| {
        [Profile::Compatible, Profile::Small, Profile::Fast]
            .map(|profile| (data_type.clone(), profile))
    }) {
        let leaf = leaf(data_type, false);
        for (count, distinct) in [(1, 1), (5000, 3), (5000, 4000), (60_000, 1 << 40)] {
            for (version, compression) in versions() {
                let mut settings = settings(&WriterOptions::default());
                settings.profile = profile;
                settings.page_version = version;
                settings.compression = compression;
                let mut random = Random(3);
                let words: Vec<u64> = (0..count).map(|_| random.next() % distinct).collect();
                let levels = &flat_levels(0, count)[0];
                check(
                    &mut encoder,
                    &leaf,
                    levels,
                    values(&leaf, &words),
                    &settings,
                );
            }
        }
    }
}

#[test]
fn what_was_encoded_before_leaves_no_trace() {
    let options = WriterOptions::default();
    let mut used = ChunkEncoder::default();
    for round in 0..2 {
        for data_type in types() {
            let leaf = leaf(data_type, false);
            for (count, distinct) in [(3000, 5), (20_000, 9000), (20_000, 1 << 30), (10, 10)] {
                let mut random = Random(distinct);
                let words: Vec<u64> = (0..count).map(|_| random.next() % distinct).collect();
                let levels = &flat_levels(0, count)[0];
                let settings = settings(&options);
                let values = values(&leaf, &words);
                let fresh = check(
                    &mut ChunkEncoder::default(),
                    &leaf,
                    levels,
                    values.clone(),
                    &settings,
                );
                let again = check(&mut used, &leaf, levels, values, &settings);
                assert!(fresh == again, "{round}");
            }
        }
    }
}

#[test]
fn a_chunk_without_rows_has_no_pages() {
    let leaf = leaf(DataType::String, true);
    let levels = &flat_levels(1, 0)[0];
    let settings = settings(&WriterOptions::default());
    let values = values(&leaf, &[]);
    let (bytes, last) = check(
        &mut ChunkEncoder::default(),
        &leaf,
        levels,
        values,
        &settings,
    );
    assert!(bytes.is_empty() && last.is_none());
}

#[test]
fn encodings_that_are_not_for_the_type_are_refused() {
    let refused = |data_type: DataType, encoding| {
        let mut settings = settings(&WriterOptions::default());
        settings.encoding = encoding;
        check_settings(&leaf(data_type, false), &settings).is_err()
    };
    assert!(refused(DataType::Boolean, ColumnEncoding::Dictionary));
    assert!(refused(DataType::Int32, ColumnEncoding::Rle));
    assert!(refused(DataType::String, ColumnEncoding::ByteStreamSplit));
    assert!(refused(
        DataType::Uuid,
        ColumnEncoding::DeltaLengthByteArray
    ));
    assert!(refused(DataType::Int64, ColumnEncoding::Alp));
    assert!(refused(
        DataType::Float64,
        ColumnEncoding::DeltaBinaryPacked
    ));
    assert!(!refused(DataType::Uuid, ColumnEncoding::DeltaByteArray));
    assert!(!refused(DataType::Float16, ColumnEncoding::ByteStreamSplit));
}

#[test]
fn pages_that_others_make_are_the_same() {
    let options = WriterOptions {
        data_page_bytes: 1 << 10,
        data_page_rows: 500,
        ..WriterOptions::default()
    };
    let nested = DataType::Geometry { crs: None };
    for data_type in types().into_iter().chain([nested]) {
        for (is_nullable, distinct) in [(false, 50), (true, 1 << 40)] {
            let leaf = leaf(data_type.clone(), is_nullable);
            let mut random = Random(distinct);
            let words: Vec<u64> = (0..40_000).map(|_| random.next() % distinct).collect();
            let levels = flat_levels(u16::from(is_nullable), words.len());
            let settings = settings(&options);
            for levels in levels {
                let chunk = LeafChunk {
                    values: values(&leaf, &words[..levels.values]),
                    levels,
                };
                let encoded = |threads: usize| {
                    let helpers = Helpers::default();
                    (1..threads).for_each(|_| helpers.add());
                    let mut out = Vec::new();
                    let encoder = &mut ChunkEncoder::default();
                    let encoded = encode(encoder, &leaf, &chunk, &settings, &helpers, &mut out);
                    let said = (
                        encoded.metadata,
                        encoded.column_index,
                        encoded.offset_index,
                        encoded.bloom_filter,
                    );
                    (out, said)
                };
                let alone = encoded(1);
                assert!(alone == encoded(2) && alone == encoded(4), "{leaf:?}");
            }
        }
    }
}
