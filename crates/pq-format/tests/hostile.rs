//! Bytes that were made to do harm: each is refused soon, with the place, and without memory that
//! the bytes do not account for.
#![allow(clippy::print_stdout, reason = "the measured memory is worth seeing")]

use peak_alloc::PeakAlloc;
use pq_format::{
    ColumnChunk, ColumnIndex, ColumnMetaData, ColumnOrder, CompressionCodec, Encoding,
    FileMetaData, FormatError, KeyValue, LogicalType, MAX_DEPTH, Malformed, PageHeader, RawFooter,
    RowGroup, SchemaElement, Statistics, StringType, ThriftStruct, Type, append_footer, decode,
    encode, footer_range,
};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Tests run side by side; what is measured must be alone.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

const SOON: Duration = Duration::from_millis(100);

/// Runs `work`; returns what it gives and the most bytes that it held at a time.
fn measured<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let result = work();
    (result, MEMORY.peak_usage().saturating_sub(before))
}

/// [`measured`], within the time and memory that a footer of these bytes may take.
fn bounded<T>(bytes: &[u8], work: impl Fn(&[u8]) -> T) -> T {
    // The machine may be busy with something else for a moment.
    for last in [false, false, true] {
        let begun = Instant::now();
        let (result, most) = measured(|| work(bytes));
        assert!(most <= 16 * bytes.len() + (64 << 20), "{most} bytes");
        if begun.elapsed() <= SOON {
            return result;
        }
        assert!(!last, "{:?}", begun.elapsed());
    }
    unreachable!()
}

/// Reads a footer in both ways; the error of the structs.
fn refused<T: ThriftStruct + std::fmt::Debug>(bytes: &[u8]) -> FormatError {
    let raw = bounded(bytes, |bytes| {
        let mut out = Vec::new();
        let edit = RawFooter::parse(bytes)?.edit();
        edit.encode(&mut out).map(|()| out)
    });
    assert!(raw.is_err() || raw.is_ok_and(|out| out == bytes));
    bounded(bytes, |bytes| decode::<T>(bytes)).unwrap_err()
}

/// Refused as malformed, with this path and a place in the bytes.
fn malformed(bytes: &[u8], at: &str) -> Malformed {
    let error = refused::<FileMetaData>(bytes);
    let text = error.to_string();
    let FormatError::Malformed { path, source } = error else {
        panic!("{text}");
    };
    assert_eq!(path, at, "{text}");
    assert!(text.contains("at byte "), "{text}");
    source
}

fn bytes_of<T: ThriftStruct>(value: &T) -> Vec<u8> {
    let mut out = Vec::new();
    encode(value, &mut out).unwrap();
    out
}

/// A footer of a root without a name, then `more`, whose first field counts from id 4.
fn footer(more: &[u8]) -> Vec<u8> {
    let root = [0x15, 2, 0x19, 0x1c, 0x48, 0, 0, 0x16, 0, 0x19, 0x0c];
    [&root, more, &[0]].concat()
}

/// `levels` containers in each other in field 20, which nobody knows, with a number inside.
fn nested(code: u8, levels: usize) -> Vec<u8> {
    let (field, open, innermost, close): (_, &[u8], &[u8], &[u8]) = match code {
        9 => (0x09, &[0x19], &[0x15], &[]),
        10 => (0x0a, &[0x1a], &[0x15], &[]),
        11 => (0x0b, &[1, 0x3b, 7], &[1, 0x35, 7], &[]),
        _ => (0x0c, &[0x1c], &[0x15], &[0]),
    };
    let mut more = vec![field, 40];
    more.extend(open.repeat(levels - 1));
    more.extend(innermost);
    more.push(2);
    more.extend(close.repeat(levels));
    footer(&more)
}

/// A footer with a little of everything.
fn real() -> FileMetaData {
    wide(&["a", "b", "long_name"], 2)
}

/// The same with these columns and so many row groups.
fn wide(names: &[&str], row_groups: usize) -> FileMetaData {
    let column = |name: &str| ColumnChunk {
        meta_data: Some(ColumnMetaData {
            r#type: Type::BYTE_ARRAY,
            encodings: [Encoding::PLAIN, Encoding::RLE, Encoding::RLE_DICTIONARY].into(),
            path_in_schema: [name].into(),
            codec: CompressionCodec::ZSTD,
            num_values: 1_000_000,
            total_uncompressed_size: 8_000_000,
            total_compressed_size: 3_000_000,
            data_page_offset: 123_456_789,
            dictionary_page_offset: Some(123_450_000),
            statistics: Some(Statistics {
                max_value: Some(b"zebra"[..].into()),
                min_value: Some(b"aardvark"[..].into()),
                null_count: Some(12),
                is_max_value_exact: Some(true),
                is_min_value_exact: Some(true),
                ..Default::default()
            }),
            ..Default::default()
        }),
        offset_index_offset: Some(200_000_000),
        offset_index_length: Some(1234),
        ..Default::default()
    };
    let mut schema = vec![SchemaElement {
        name: "schema".to_owned(),
        num_children: Some(names.len() as i32),
        ..Default::default()
    }];
    schema.extend(names.iter().map(|&name| SchemaElement {
        r#type: Some(Type::BYTE_ARRAY),
        name: name.to_owned(),
        logical_type: Some(LogicalType::String(StringType::default())),
        ..Default::default()
    }));
    let group = RowGroup {
        columns: names.iter().copied().map(column).collect(),
        total_byte_size: 24_000_000,
        num_rows: 1_000_000,
        ..Default::default()
    };
    FileMetaData {
        version: 1,
        schema,
        num_rows: 1_000_000 * row_groups as i64,
        row_groups: vec![group; row_groups],
        key_value_metadata: Some(vec![KeyValue {
            key: "key".to_owned(),
            value: Some("value".to_owned()),
            ..Default::default()
        }]),
        created_by: Some("nobody".to_owned()),
        column_orders: Some(vec![ColumnOrder::default(); names.len()]),
        ..Default::default()
    }
}

#[test]
fn footers_longer_than_the_file() {
    let _alone = alone();
    for length in [1_u32, 5, 1000, i32::MAX as u32, u32::MAX] {
        let mut file = b"PAR1".to_vec();
        file.extend(length.to_le_bytes());
        file.extend(b"PAR1");
        let error = footer_range(&file, 12).unwrap_err();
        assert!(matches!(error, FormatError::FooterLength { .. }), "{error}");
        assert!(error.to_string().contains(&length.to_string()), "{error}");
    }
    for end in 0..12 {
        assert!(footer_range(&b"PAR1\0\0\0\0PAR1"[..end], end as u64).is_err());
    }
}

#[test]
fn files_and_footers_that_end_early() {
    let _alone = alone();
    let metadata = bytes_of(&real());
    let mut file = b"PAR1".to_vec();
    append_footer(&metadata, &mut file).unwrap();
    for end in 0..file.len() {
        let cut = &file[..end];
        assert!(footer_range(cut, end as u64).is_err(), "{end}");
    }
    for end in 0..metadata.len() {
        let error = refused::<FileMetaData>(&metadata[..end]);
        let ends = matches!(
            error,
            FormatError::Malformed {
                source: Malformed::UnexpectedEnd { offset } | Malformed::Length { offset, .. },
                ..
            } if offset <= end
        );
        assert!(ends, "{end}: {error}");
    }
}

#[test]
fn counts_that_nothing_is_behind() {
    let _alone = alone();
    // 2^31 - 1, 2^32 - 1 (which is -1 in 32 bits) and 2^64 - 1.
    let huge: [&[u8]; 3] = [
        &[0xff, 0xff, 0xff, 0xff, 0x07],
        &[0xff, 0xff, 0xff, 0xff, 0x0f],
        &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
    ];
    for count in huge {
        // Padding, so that the count is not beyond the bytes for being the last.
        let with = |head: &[u8], at: &str| {
            let bytes = [head, count, &[0; 1000]].concat();
            let fault = malformed(&bytes, at);
            assert!(matches!(fault, Malformed::Length { .. }), "{fault}");
        };
        with(&[0x15, 2, 0x19, 0xfc], "schema");
        with(&[0x15, 2, 0x19, 0x0c, 0x16, 0, 0x19, 0xfc], "row_groups");
        with(&[0x59, 0xfc], "key_value_metadata");
        with(&[0x79, 0xfc], "column_orders");
        with(&[0x49, 0x1c, 0x19, 0xfc], "row_groups[0].columns");
        with(&[0x29, 0x1c, 0x48], "schema[0].name");
        with(&[0x68], "created_by");
        // In fields nobody knows: lists of booleans, of structs, of lists, of nothing; a map.
        for element in [1, 2, 0xc, 9, 0xd] {
            with(&[0x09, 40, 0xf0 | element], "");
        }
        with(&[0x08, 40], "");
        let map = [&[0x0b, 40][..], count, &[0x33; 1000]].concat();
        let fault = malformed(&map, "");
        assert!(matches!(fault, Malformed::Length { .. }), "{fault}");
    }
    // Elements of a type that no type has take no bytes: none are believed.
    let fault = malformed(&[0x09, 40, 0xf0, 0xff, 0xff, 3], "");
    assert!(matches!(fault, Malformed::TypeCode { code: 0, .. }));
    let fault = malformed(&[0x0b, 40, 0xff, 0x7f, 0x00, 0, 0], "");
    assert!(matches!(fault, Malformed::TypeCode { code: 0, .. }));

    let index = [&[0x19, 0xf1][..], huge[0], &[1; 1000]].concat();
    let error = refused::<ColumnIndex>(&index).to_string();
    assert!(
        error.contains("null_pages") && error.contains("byte 7"),
        "{error}"
    );
}

#[test]
fn nesting_ends_at_64_levels() {
    let _alone = alone();
    for code in [9, 10, 11, 12] {
        // The footer itself is the first level.
        let deepest = nested(code, MAX_DEPTH - 1);
        RawFooter::parse(&deepest).unwrap();
        let (value, used) = decode::<FileMetaData>(&deepest).unwrap();
        assert_eq!(used, deepest.len());
        assert_eq!(bytes_of(&value), deepest);
        for levels in [MAX_DEPTH, MAX_DEPTH + 1, 200_000] {
            let fault = malformed(&nested(code, levels), "");
            let Malformed::Depth { limit, offset } = fault else {
                panic!("{fault}");
            };
            assert!(limit == MAX_DEPTH && offset < 300, "{offset}");
        }
    }
    // Inside what is known: structs in an unknown field of a schema element.
    let deep = [&[0x29, 0x1c, 0x0c, 40][..], &[0x1c; 1000]].concat();
    let fault = malformed(&deep, "schema[0]");
    assert!(matches!(fault, Malformed::Depth { .. }));
}

#[test]
fn integers_without_end_or_too_large() {
    let _alone = alone();
    let endless = |bytes: &[u8], at| {
        let fault = malformed(bytes, at);
        let expected = matches!(
            fault,
            Malformed::Integer { .. } | Malformed::UnexpectedEnd { .. }
        );
        assert!(expected, "{fault}");
    };
    for length in [1, 2, 9, 10, 11, 1000, 1_000_000] {
        let tail = vec![0x80; length];
        endless(&[&[0x15], &tail[..]].concat(), "version");
        endless(&[&[0x36], &tail[..]].concat(), "num_rows");
        endless(&[&[0x05], &tail[..]].concat(), "");
    }
    // 33 bits for a 32-bit number, 17 for a 16-bit one, and ids that leave their 16.
    endless(&[0x15, 0xff, 0xff, 0xff, 0xff, 0x1f], "version");
    endless(
        &[0x49, 0x1c, 0x74, 0x80, 0x80, 0x04],
        "row_groups[0].ordinal",
    );
    endless(&[0x05, 0xff, 0xff, 0xff, 0x07, 0], "");
    let fault = malformed(&[0x04, 0xfe, 0xff, 0x03, 0, 0x14, 0, 0], "");
    assert!(matches!(fault, Malformed::FieldId { .. }));
    for code in [14, 15] {
        let fault = malformed(&[0x10 | code, 0, 0], "");
        assert!(matches!(fault, Malformed::TypeCode { .. }));
    }
}

#[test]
fn names_that_are_not_utf8() {
    let _alone = alone();
    let bytes = [0x29, 0x1c, 0x48, 2, 0xc3, 0x28, 0, 0];
    let fault = malformed(&bytes, "schema[0].name");
    assert!(matches!(fault, Malformed::Utf8 { .. }));
    // An edit does not need them: they are copied as they are.
    let bytes = [
        &[
            0x15, 2, 0x19, 0x1c, 0x48, 2, 0xc3, 0x28, 0, 0x16, 0, 0x19, 0x0c,
        ][..],
        &[0x19, 0x1c, 0x18, 1, 0xff, 0, 0],
    ]
    .concat();
    let footer = RawFooter::parse(&bytes).unwrap();
    assert_eq!(footer.key_values()[0].key(), None);
    malformed(&bytes, "schema[0].name");
    let path = [0x49, 0x1c, 0x19, 0x1c, 0x18, 1, 0xff, 0x16, 0, 0, 0, 0];
    malformed(&path, "row_groups[0].columns[0].file_path");
    assert!(RawFooter::parse(&path).is_err());
}

#[test]
fn fields_that_stand_twice() {
    let _alone = alone();
    let bytes = [0x15, 2, 0x05, 2, 4, 0x19, 0x0c, 0x16, 0, 0x19, 0x0c, 0];
    let fault = malformed(&bytes, "version");
    assert!(matches!(fault, Malformed::DuplicateField { id: 1, .. }));
    let error = RawFooter::parse(&bytes).unwrap_err();
    let again = Malformed::DuplicateField { offset: 2, id: 1 };
    assert!(matches!(error, FormatError::Malformed { source, .. } if source == again));
}

#[test]
fn unions_with_no_member_or_many() {
    let _alone = alone();
    for (bytes, members) in [
        (&[0x79, 0x1c, 0, 0][..], 0),
        (&[0x79, 0x1c, 0x1c, 0, 0x1c, 0, 0, 0], 2),
    ] {
        let error = refused::<FileMetaData>(bytes);
        let FormatError::UnionMembers { path, got } = &error else {
            panic!("{error}");
        };
        assert_eq!((path.as_str(), *got), ("column_orders[0]", members));
    }
}

#[test]
fn negative_sizes_are_read_and_not_written() {
    let _alone = alone();
    // What they mean is for those who follow them.
    let bytes = [0x15, 2, 0x15, 1, 0x15, 0xff, 0xff, 0xff, 0xff, 0x0f, 0];
    let (header, _) = decode::<PageHeader>(&bytes).unwrap();
    assert_eq!(header.uncompressed_page_size, -1);
    assert_eq!(header.compressed_page_size, i32::MIN);
    let error = encode(&header, &mut Vec::new()).unwrap_err();
    assert!(matches!(error, FormatError::Inconsistent { .. }), "{error}");

    let rows = [
        &[0x15, 2, 0x19, 0x0c, 0x16][..],
        &[0xff; 9],
        &[1, 0x19, 0x0c, 0],
    ]
    .concat();
    assert_eq!(RawFooter::parse(&rows).unwrap().num_rows(), i64::MIN);
    let (file, _) = decode::<FileMetaData>(&rows).unwrap();
    assert_eq!(file.num_rows, i64::MIN);
}

/// The memory of a large footer as files have them: 8 MB, 200 columns.
#[test]
fn a_large_footer_takes_a_few_times_its_size() {
    let _alone = alone();
    let bytes = bytes_of(&wide(&["name"; 200], 500));
    assert!(bytes.len() > 7 << 20);

    let (file, typed) = measured(|| decode::<FileMetaData>(&bytes).unwrap());
    drop(file);
    let (_, raw) = measured(|| {
        let mut edit = RawFooter::parse(&bytes).unwrap().edit();
        edit.set_key_value("k", Some("v"));
        edit.encode(&mut Vec::new()).unwrap();
    });
    println!(
        "typed {:.1}, edited {:.2} bytes a byte",
        ratio(typed, &bytes),
        ratio(raw, &bytes)
    );
    assert!(typed <= 16 * bytes.len() + (64 << 20), "{typed}");
    assert!(raw <= 2 * bytes.len(), "{raw}");
}

/// The same of a table of 100,000 columns without statistics, in one row group: 40 bytes a column
/// in the footer, and a struct for everything that could be said of it.
#[test]
fn a_wide_footer_takes_more() {
    let _alone = alone();
    let mut file = wide(&["a"; 100_000], 1);
    for column in &mut file.row_groups[0].columns {
        column.offset_index_offset = None;
        column.offset_index_length = None;
        if let Some(metadata) = &mut column.meta_data {
            metadata.statistics = None;
        }
    }
    let bytes = bytes_of(&file);
    drop(file);
    let (file, typed) = measured(|| decode::<FileMetaData>(&bytes).unwrap());
    drop(file);
    println!("wide: typed {:.1} bytes a byte", ratio(typed, &bytes));
    assert!(typed <= 16 * bytes.len() + (64 << 20), "{typed}");
}

fn ratio(most: usize, bytes: &[u8]) -> f64 {
    most as f64 / bytes.len() as f64
}

/// Footers of nothing but the smallest elements that are valid: the structs are larger than what
/// says that they are empty. Few are read, many pass the limit.
#[test]
fn the_most_that_small_elements_take() {
    let _alone = alone();
    let empty: &[u8] = &[0x15, 2, 0x19, 0x0c, 0x16, 0, 0x19, 0x0c];
    let columns: &[u8] = &[0x15, 2, 0x19, 0x0c, 0x16, 0, 0x19, 0x1c, 0x19];
    let path = [
        &columns[..8],
        &[0x19, 0x1c, 0x26, 0, 0x1c, 0x15, 0, 0x19, 0x05, 0x19],
    ]
    .concat();
    let path_end = [
        0x15, 0, 0x16, 0, 0x16, 0, 0x16, 0, 0x26, 0, 0, 0, 0x16, 0, 0x16, 0, 0, 0,
    ];
    type List<'a> = (&'a str, &'a [u8], u8, &'a [u8], &'a [u8]);
    let lists: &[List<'_>] = &[
        (
            "column chunks",
            columns,
            12,
            &[0x26, 0, 0],
            &[0x16, 0, 0x16, 0, 0, 0],
        ),
        (
            "schema",
            &empty[..3],
            12,
            &[0x48, 0, 0],
            &[0x16, 0, 0x19, 0x0c, 0],
        ),
        (
            "row groups",
            &empty[..7],
            12,
            &[0x19, 0x0c, 0x16, 0, 0x16, 0, 0],
            &[0],
        ),
        (
            "key-values",
            &[empty, &[0x19]].concat(),
            12,
            &[0x18, 0, 0],
            &[0],
        ),
        (
            "column orders",
            &[empty, &[0x39]].concat(),
            12,
            &[0x1c, 0, 0],
            &[0],
        ),
        ("parts of paths", &path, 8, &[0], &path_end),
    ];
    for (what, head, code, element, tail) in lists {
        for count in [1_u64 << 12, 3 << 20] {
            let mut bytes = [*head, &[0xf0 | code]].concat();
            pq_encoding::varint::encode_u64(count, &mut bytes).unwrap();
            bytes.extend(element.repeat(count as usize));
            bytes.extend(*tail);
            let limit = 16 * bytes.len() + (64 << 20);
            let (typed, most) = measured(|| decode::<FileMetaData>(&bytes).map(|(_, used)| used));
            match typed {
                Ok(used) => assert_eq!(used, bytes.len()),
                Err(error) => assert!(out_of_memory(&error) && count > 1 << 12, "{error}"),
            }
            let (_, edited) = measured(|| {
                let edit = RawFooter::parse(&bytes)?.edit();
                edit.encode(&mut Vec::new())
            });
            println!(
                "{count} {what}: typed {:.0}, edited {:.0} bytes a byte",
                ratio(most, &bytes),
                ratio(edited, &bytes)
            );
            assert!(most <= limit && edited <= limit, "{count} {what}");
        }
    }
    // Fields that nobody knows, a byte each until their ids end.
    let many = [&[0x01, 22][..], &[0x11; 32_000]].concat().repeat(100);
    let bytes = [
        &empty[..3],
        &[0x1c, 0x48, 0],
        &many,
        &[0, 0x16, 0, 0x19, 0x0c, 0],
    ]
    .concat();
    let (typed, most) = measured(|| decode::<FileMetaData>(&bytes).map(drop));
    assert!(typed.is_err_and(|error| out_of_memory(&error)));
    println!(
        "unknown fields: typed {:.0} bytes a byte",
        ratio(most, &bytes)
    );
    assert!(most <= 16 * bytes.len() + (64 << 20));
}

fn out_of_memory(error: &FormatError) -> bool {
    let FormatError::Malformed { source, .. } = error else {
        return false;
    };
    matches!(source, Malformed::Memory { .. })
}

/// Column chunks of ever other forms, a long one, then many short ones: each is looked at once.
#[test]
fn many_forms_of_column_chunks_take_no_longer() {
    let _alone = alone();
    let mut columns = Vec::new();
    let mut count = 0_u64;
    for length in 0..256_u16 {
        columns.extend([0x28, (length % 100) as u8 + 1]);
        columns.extend(vec![b'x'; usize::from(length % 100) + 1]);
        columns.extend(vec![0x11; usize::from(length / 100)]);
        columns.push(0);
        count += 1;
    }
    columns.push(0x28);
    pq_encoding::varint::encode_u64(10_000, &mut columns).unwrap();
    columns.extend(vec![b'x'; 10_000]);
    columns.push(0);
    columns.extend(vec![0; 25_000]);
    count += 25_001;
    let mut bytes = vec![0x15, 2, 0x19, 0x0c, 0x16, 0, 0x19, 0x1c, 0x19, 0xfc];
    pq_encoding::varint::encode_u64(count, &mut bytes).unwrap();
    bytes.extend(columns);
    bytes.extend([0x16, 0, 0x16, 0, 0, 0]);
    bounded(&bytes, |bytes| {
        RawFooter::parse(bytes).unwrap();
    });
}

/// What is deep enough by itself is too deep in a footer.
#[test]
fn row_groups_that_nest_too_deep_for_a_footer() {
    let _alone = alone();
    let group = |levels: usize| {
        let mut bytes = vec![0x19, 0x0c, 0x16, 0, 0x16, 0, 0x0c, 40];
        bytes.extend(vec![0x1c; levels - 1]);
        bytes.extend(vec![0; levels]);
        bytes.push(0);
        bytes
    };
    let metadata = bytes_of(&real());
    let mut edit = RawFooter::parse(&metadata).unwrap().edit();
    // The footer, its list and the row group itself take three levels.
    edit.append_row_group(group(MAX_DEPTH - 3)).unwrap();
    let error = edit.append_row_group(group(MAX_DEPTH - 2)).map(drop);
    assert!(error.unwrap_err().to_string().contains("nested deeper"));
    let mut out = Vec::new();
    edit.encode(&mut out).unwrap();
    assert_eq!(RawFooter::parse(&out).unwrap().row_groups().len(), 3);
}

/// Boxes count as what they hold.
#[test]
fn what_is_boxed_is_counted() {
    let _alone = alone();
    let mut bytes = vec![0x15, 2, 0x19, 0x0c, 0x16, 0, 0x19, 0x1c, 0x19, 0xfc];
    let chunk = [0x26, 0, 0x6c, 0x1c, 0, 0, 0];
    let count = 1_u64 << 19;
    pq_encoding::varint::encode_u64(count, &mut bytes).unwrap();
    bytes.extend(chunk.repeat(count as usize));
    bytes.extend([0x16, 0, 0x16, 0, 0, 0]);
    let (_, most) = measured(|| decode::<FileMetaData>(&bytes).map(drop));
    assert!(most <= 16 * bytes.len() + (64 << 20), "{most}");
}

/// Without the bytes that are left, no count is believed at once.
#[cfg(feature = "thrift")]
#[test]
fn counts_from_other_protocols() {
    let _alone = alone();
    let mut bytes = vec![0x19, 0xfc];
    pq_encoding::varint::encode_u64(104_000_000, &mut bytes).unwrap();
    let (read, most) = measured(|| {
        let mut protocol = thrift::protocol::TCompactInputProtocol::new(bytes.as_slice());
        pq_format::thrift::read::<RowGroup, _>(&mut protocol)
    });
    assert!(read.is_err() && most < 1 << 20, "{most}");
}
