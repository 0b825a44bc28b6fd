//! Round trips, the wire format against thrift's own implementation, and
//! hostile bytes.

use crate::value::ThriftStruct;
use crate::*;
use proptest::prelude::*;

fn bytes_of<T: ThriftStruct>(value: &T) -> Vec<u8> {
    let mut out = Vec::new();
    encode(value, &mut out).unwrap();
    out
}

fn round_trip<T: ThriftStruct + PartialEq + std::fmt::Debug>(value: &T) {
    let bytes = bytes_of(value);
    let (read, used) = decode::<T>(&bytes).unwrap();
    assert_eq!(&read, value);
    assert_eq!(used, bytes.len());

    #[cfg(feature = "thrift")]
    through_thrift(value, &bytes);
}

/// Thrift's own protocol reads and writes the same.
#[cfg(feature = "thrift")]
fn through_thrift<T: ThriftStruct + PartialEq + std::fmt::Debug>(value: &T, bytes: &[u8]) {
    use ::thrift::protocol::{TCompactInputProtocol, TCompactOutputProtocol};
    let theirs: T = thrift::read(&mut TCompactInputProtocol::new(bytes)).unwrap();
    assert_eq!(&theirs, value);
    let mut written = Vec::new();
    thrift::write(value, &mut TCompactOutputProtocol::new(&mut written)).unwrap();
    assert_eq!(decode::<T>(&written).unwrap().0, *value);
    // The type of booleans in a list may be told in two ways.
    if !std::any::type_name::<T>().ends_with("ColumnIndex") {
        assert_eq!(written, bytes);
    }
}

fn unknown(id: i16, type_code: u8, bytes: &[u8]) -> UnknownField {
    UnknownField::from_compact(id, type_code, bytes.to_vec()).unwrap()
}

pub(crate) fn sample_file() -> FileMetaData {
    let column = |name: &str| ColumnChunk {
        meta_data: Some(ColumnMetaData {
            r#type: Type::INT64,
            encodings: [Encoding::PLAIN, Encoding::RLE].into(),
            path_in_schema: [name].into(),
            codec: CompressionCodec::ZSTD,
            num_values: 1_000_000,
            total_uncompressed_size: 1,
            total_compressed_size: i64::MAX,
            data_page_offset: 4,
            statistics: Some(Statistics {
                max_value: Some([0xff; 8].into()),
                min_value: Some(Binary::default()),
                null_count: Some(0),
                is_max_value_exact: Some(true),
                is_min_value_exact: Some(false),
                ..Default::default()
            }),
            ..Default::default()
        }),
        offset_index_offset: Some(77),
        offset_index_length: Some(300),
        ..Default::default()
    };
    let row_group = |num_rows| RowGroup {
        columns: vec![column("a"), column("b")],
        total_byte_size: 10,
        num_rows,
        ordinal: Some(1),
        ..Default::default()
    };
    FileMetaData {
        version: 1,
        schema: vec![
            SchemaElement {
                name: "root".to_owned(),
                num_children: Some(2),
                ..Default::default()
            },
            SchemaElement {
                r#type: Some(Type::INT64),
                repetition_type: Some(FieldRepetitionType::OPTIONAL),
                name: "a".to_owned(),
                logical_type: Some(LogicalType::Timestamp(TimestampType {
                    is_adjusted_to_utc: true,
                    unit: TimeUnit::Micros(MicroSeconds::default()),
                    ..Default::default()
                })),
                ..Default::default()
            },
            SchemaElement {
                r#type: Some(Type::INT64),
                name: "b".to_owned(),
                logical_type: Some(LogicalType::Integer(IntType {
                    bit_width: 64,
                    is_signed: false,
                    ..Default::default()
                })),
                ..Default::default()
            },
        ],
        num_rows: 30,
        row_groups: vec![row_group(10), row_group(20)],
        key_value_metadata: Some(vec![KeyValue {
            key: "k".to_owned(),
            value: Some("v".to_owned()),
            ..Default::default()
        }]),
        created_by: Some("nobody".to_owned()),
        column_orders: Some(vec![ColumnOrder::default(); 2]),
        ..Default::default()
    }
}

#[test]
fn file_round_trips() {
    round_trip(&sample_file());
}

#[test]
fn wire_format_is_known() {
    let header = DictionaryPageHeader {
        num_values: 3,
        encoding: Encoding::PLAIN,
        is_sorted: Some(false),
        ..Default::default()
    };
    assert_eq!(bytes_of(&header), [0x15, 6, 0x15, 0, 0x12, 0]);
    // Id 20 after id 3 needs the long form.
    let mut header = header;
    header.unknown_fields.push(unknown(20, 5, &[2]));
    assert_eq!(bytes_of(&header), [0x15, 6, 0x15, 0, 0x12, 0x05, 40, 2, 0]);
    round_trip(&header);
}

#[test]
fn lists_of_booleans_accept_both_falses() {
    let index = ColumnIndex {
        null_pages: vec![true, false, true],
        min_values: vec![Binary::default(); 3],
        max_values: vec![[1, 2].into(); 3],
        ..Default::default()
    };
    round_trip(&index);
    let bytes = bytes_of(&index);
    let mut zero = bytes.clone();
    assert_eq!(zero[..5], [0x19, 0x31, 1, 2, 1]);
    zero[3] = 0;
    assert_eq!(decode::<ColumnIndex>(&zero).unwrap().0, index);
    zero[3] = 7;
    assert!(decode::<ColumnIndex>(&zero).is_err());
}

#[test]
fn unknown_fields_keep_their_place_and_value() {
    let values: &[(u8, &[u8])] = &[
        (1, &[]),
        (2, &[]),
        (3, &[0x80]),
        (4, &[3]),
        (6, &[0x80, 1]),
        (7, &[1, 2, 3, 4, 5, 6, 7, 8]),
        (8, &[2, 0xff, 0xfe]),
        (9, &[0x21, 1, 2]),
        (10, &[0x15, 9]),
        (11, &[1, 0x85, 1, b'x', 4]),
        (11, &[0]),
        (12, &[0x11, 0x1c, 0x15, 1, 0, 0]),
        (13, &[9; 16]),
    ];
    for (type_code, bytes) in values {
        for id in [-5, 9, 200] {
            let mut group = RowGroup::default();
            group.unknown_fields.push(unknown(id, *type_code, bytes));
            let encoded = bytes_of(&group);
            let (read, used) = decode::<RowGroup>(&encoded).unwrap();
            assert_eq!((&read, used), (&group, encoded.len()));
        }
        let member = LogicalType::Other(unknown(99, *type_code, bytes));
        assert_eq!(decode::<LogicalType>(&bytes_of(&member)).unwrap().0, member);
    }
    assert!(UnknownField::from_compact(1, 5, vec![1, 2]).is_err());
    assert!(UnknownField::from_compact(1, 5, vec![0x80]).is_err());
    assert!(UnknownField::from_compact(1, 14, vec![]).is_err());
}

#[test]
fn missing_fields_are_named_with_their_path() {
    // A column's meta_data without its codec: cut out of a good file.
    #[rustfmt::skip]
    let meta_data = [0x15, 4, 0x19, 0x05, 0x19, 0x08, /* no 4 */ 0x26, 0, 0x16, 0, 0x16, 0, 0x26, 0, 0];
    let mut column = vec![0x26, 0, 0x1c];
    column.extend(meta_data);
    column.push(0);
    let good = [0x26, 0, 0];
    let mut bytes = vec![0x15, 2, 0x19, 0x0c, 0x16, 0, 0x19, 0x2c];
    bytes.extend([0x19, 0x0c, 0x16, 0, 0x16, 0, 0]);
    bytes.extend([0x19, 0x2c]);
    bytes.extend(good);
    bytes.extend(column);
    bytes.extend([0x16, 0, 0x16, 0, 0, 0]);
    match decode::<FileMetaData>(&bytes) {
        Err(FormatError::MissingField { path }) => {
            assert_eq!(path, "row_groups[1].columns[1].meta_data.codec");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn optional_fields_of_another_type_are_kept() {
    // `value` of a key-value as a list of two booleans.
    let bytes = [0x18, 1, b'k', 0x19, 0x21, 1, 2, 0];
    let (pair, _) = decode::<KeyValue>(&bytes).unwrap();
    assert_eq!((pair.key.as_str(), &pair.value), ("k", &None));
    assert_eq!(pair.unknown_fields.as_slice()[0].id(), 2);
    assert_eq!(bytes_of(&pair), bytes);
}

#[test]
fn fields_may_come_in_any_order_and_form() {
    let expected = KeyValue {
        key: "k".to_owned(),
        value: Some("v".to_owned()),
        ..Default::default()
    };
    let in_order = [0x18, 1, b'k', 0x18, 1, b'v', 0];
    let backwards = [0x28, 1, b'v', 0x08, 2, 1, b'k', 0];
    let with_ids = [0x08, 2, 1, b'k', 0x08, 4, 1, b'v', 0];
    for bytes in [&in_order[..], &backwards, &with_ids] {
        // With and without bytes behind the struct, which the words of the reader would hold.
        let more = [bytes, &[0x18; 30]].concat();
        for input in [bytes, &more] {
            let read = decode::<KeyValue>(input).unwrap();
            assert_eq!(read, (expected.clone(), bytes.len()));
        }
        // The key once more, before the end.
        let twice = [&bytes[..bytes.len() - 1], &[0x08, 2, 1, b'k', 0]].concat();
        let error = decode::<KeyValue>(&twice).unwrap_err();
        let FormatError::Malformed { path, source } = &error else {
            panic!("{error}");
        };
        assert_eq!(path, "key");
        assert!(matches!(source, Malformed::DuplicateField { id: 1, .. }));
    }
}

#[test]
fn faults_carry_paths_and_offsets() {
    // `encodings` as an i32.
    match decode::<ColumnMetaData>(&[0x15, 4, 0x15, 0, 0]) {
        Err(FormatError::FieldType {
            path,
            expected,
            got,
        }) => {
            assert_eq!((path.as_str(), expected, got), ("encodings", "list", "i32"));
        }
        other => panic!("{other:?}"),
    }
    assert!(matches!(
        decode::<LogicalType>(&[0]),
        Err(FormatError::UnionMembers { got: 0, .. })
    ));
    assert!(matches!(
        decode::<LogicalType>(&[0x1c, 0, 0x1c, 0, 0]),
        Err(FormatError::UnionMembers { got: 2, .. })
    ));
    match decode::<KeyValue>(&[0x18, 1, 0xff, 0]) {
        Err(FormatError::Malformed { path, source }) => {
            assert_eq!(
                (path.as_str(), source),
                ("key", Malformed::Utf8 { offset: 2 })
            );
        }
        other => panic!("{other:?}"),
    }
    assert!(matches!(
        decode::<KeyValue>(&[0x1f]),
        Err(FormatError::Malformed {
            source: Malformed::TypeCode { code: 15, .. },
            ..
        })
    ));
}

#[test]
fn every_truncation_is_an_error() {
    let bytes = bytes_of(&sample_file());
    for length in 0..bytes.len() {
        assert!(
            decode::<FileMetaData>(&bytes[..length]).is_err(),
            "{length}"
        );
        assert!(RawFooter::parse(&bytes[..length]).is_err(), "{length}");
    }
}

#[test]
fn hostile_bytes_are_errors() {
    let malformed = |bytes: &[u8]| {
        let raw = RawFooter::parse(bytes).unwrap_err();
        let typed = decode::<FileMetaData>(bytes).unwrap_err();
        match (raw, typed) {
            (
                FormatError::Malformed { source: raw, .. },
                FormatError::Malformed { source: typed, .. },
            ) => assert_eq!(std::mem::discriminant(&raw), std::mem::discriminant(&typed)),
            other => panic!("{other:?}"),
        }
    };
    malformed(&[]);
    // Structs, lists and maps without end, in a field nobody knows.
    for step in [&[0x1c][..], &[0x19], &[0x1b]] {
        let mut bytes = vec![0x0c, 0x7e];
        if step[0] != 0x1c {
            bytes = vec![step[0] & 0x0f, 0x7e];
        }
        for _ in 0..200_000 {
            match step[0] {
                0x1c => bytes.push(0x1c),
                0x19 => bytes.push(0x19),
                _ => bytes.extend([1, 0x3b, 0]),
            }
        }
        malformed(&bytes);
    }
    // Two thousand million elements; a list of lists of them.
    malformed(&[0x29, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x07]);
    malformed(&[0x0b, 0x7e, 0xff, 0xff, 0xff, 0xff, 0x07, 0x55]);
    // Varints without end, and too long.
    malformed(&[0x05, 0x7e, 0x80, 0x80]);
    malformed(&[
        0x06, 0x7e, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0,
    ]);
    // A string longer than the bytes left.
    malformed(&[0x68, 0xff, 0xff, 0xff, 0xff, 0x0f]);
    // Ids that leave 16 bits.
    malformed(&[0x05, 0xfe, 0xff, 0x03, 0, 0x15, 0, 0]);
}

#[test]
fn enums_show_their_names() {
    assert_eq!(format!("{:?}", Encoding::RLE_DICTIONARY), "RLE_DICTIONARY");
    assert_eq!(format!("{}", Encoding(42)), "Encoding(42)");
    assert_eq!(Encoding(1).name(), None);
    assert_eq!(CompressionCodec(7), CompressionCodec::LZ4_RAW);
    assert_eq!(Type::ALL.len(), 8);
}

fn unknown_fields() -> impl Strategy<Value = UnknownFields> {
    // A step of 15 between ids has two forms, and thrift's own protocol takes the other one.
    let id = || (7_i16..300).prop_map(|id| id * 16);
    let field = prop_oneof![
        (id(), any::<i8>()).prop_map(|(id, value)| unknown(id, 3, &[value as u8])),
        (id(), any::<bool>()).prop_map(|(id, value)| unknown(id, 2 - u8::from(value), &[])),
        (id(), prop::collection::vec(any::<u8>(), 0..100)).prop_map(|(id, value)| {
            let mut bytes = vec![value.len() as u8];
            bytes.extend(value);
            unknown(id, 8, &bytes)
        }),
    ];
    prop::collection::vec(field, 0..3).prop_map(|fields| {
        let mut unknown = UnknownFields::default();
        fields.into_iter().for_each(|field| unknown.push(field));
        unknown
    })
}

proptest! {
    #[test]
    fn statistics_round_trip(
        max in prop::option::of(prop::collection::vec(any::<u8>(), 0..300)),
        null_count in prop::option::of(0..=i64::MAX),
        exact in any::<Option<bool>>(),
        unknown_fields in unknown_fields(),
    ) {
        round_trip(&Statistics {
            is_max_value_exact: exact.filter(|_| max.is_some()),
            max_value: max.map(Binary::from),
            null_count,
            unknown_fields,
            ..Default::default()
        });
    }

    #[test]
    fn schema_elements_round_trip(
        r#type in prop::option::of(0..7),
        name in ".*",
        scale in prop::option::of(0..=i32::MAX),
        width in prop::sample::select(&[8_i8, 16, 32, 64][..]),
        unknown_fields in unknown_fields(),
    ) {
        round_trip(&SchemaElement {
            r#type: r#type.map(Type),
            name,
            scale,
            logical_type: Some(LogicalType::Integer(IntType {
                bit_width: width,
                is_signed: true,
                unknown_fields: unknown_fields.clone(),
            })),
            unknown_fields,
            ..Default::default()
        });
    }

    #[test]
    fn locations_round_trip(
        pages in prop::collection::vec((0..=i64::MAX, 0..=i32::MAX, 0..=i64::MAX), 0..40),
        sizes in any::<bool>(),
    ) {
        let sizes = sizes.then(|| pages.iter().map(|page| page.2).collect());
        round_trip(&OffsetIndex {
            page_locations: pages
                .into_iter()
                .map(|(offset, compressed_page_size, first_row_index)| PageLocation {
                    offset,
                    compressed_page_size,
                    first_row_index,
                    ..Default::default()
                })
                .collect(),
            unencoded_byte_array_data_bytes: sizes,
            ..Default::default()
        });
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = decode::<FileMetaData>(&bytes);
        let _ = decode::<PageHeader>(&bytes);
        let _ = RawFooter::parse(&bytes);
        let _ = with_file_path(&bytes, "x");
    }

    #[test]
    fn a_flipped_byte_is_read_or_refused(position in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = bytes_of(&sample_file());
        let position = position.index(bytes.len());
        bytes[position] = byte;
        let _ = decode::<FileMetaData>(&bytes);
        if let Ok(footer) = RawFooter::parse(&bytes) {
            let mut out = Vec::new();
            footer.edit().encode(&mut out).unwrap();
            prop_assert_eq!(out, bytes.clone());
            for group in footer.row_groups() {
                prop_assert_eq!(group.file_paths().is_ok(), group.with_file_path("p").is_ok());
            }
        }
    }
}
