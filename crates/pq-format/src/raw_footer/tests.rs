//! Splices compared with the same change made to the decoded structs.

use crate::compact::tests::sample_file;
use crate::*;

fn bytes_of<T: ThriftStruct>(value: &T) -> Vec<u8> {
    let mut out = Vec::new();
    encode(value, &mut out).unwrap();
    out
}

fn edited(bytes: &[u8], change: impl FnOnce(&mut FooterEdit<'_>)) -> Vec<u8> {
    let mut edit = RawFooter::parse(bytes).unwrap().edit();
    change(&mut edit);
    let mut out = vec![0xaa];
    edit.encode(&mut out).unwrap();
    assert_eq!(out.remove(0), 0xaa);
    out
}

fn pair(key: &str, value: &str) -> KeyValue {
    KeyValue {
        key: key.to_owned(),
        value: Some(value.to_owned()),
        ..Default::default()
    }
}

/// A file with a field of the future between and after the known ones.
fn future_file() -> FileMetaData {
    let mut file = sample_file();
    for id in [20, 21, 50] {
        let field = UnknownField::from_compact(id, 8, vec![2, 0xff, b'x']).unwrap();
        file.unknown_fields.push(field);
    }
    file
}

#[test]
fn accessors_agree_with_the_decoded_footer() {
    let file = future_file();
    let bytes = bytes_of(&file);
    let footer = RawFooter::parse(&bytes).unwrap();
    assert_eq!(footer.decode().unwrap(), file);
    assert_eq!(footer.num_rows(), 30);
    assert_eq!(footer.schema().unwrap(), file.schema);
    assert_eq!(footer.key_value("k"), Some("v"));
    assert_eq!(footer.key_value("nope"), None);
    assert!(!footer.is_signed());
    assert_eq!(footer.row_groups().len(), 2);
    for (raw, group) in footer.row_groups().iter().zip(&file.row_groups) {
        assert_eq!(&raw.decode().unwrap(), group);
        assert_eq!(raw.num_rows(), group.num_rows);
        assert_eq!(raw.first_file_path(), None);
        let chunks = raw.column_chunks();
        assert_eq!(chunks.len(), 2);
        assert_eq!(
            decode::<ColumnChunk>(chunks[1]).unwrap().0,
            group.columns[1]
        );
    }
}

#[test]
fn nothing_changed_is_nothing_changed() {
    let bytes = bytes_of(&future_file());
    assert_eq!(edited(&bytes, |_| {}), bytes);
    assert_eq!(
        edited(&bytes, |edit| {
            edit.set_key_value("k", Some("v"));
            edit.set_key_value("nope", None);
            edit.retain_row_groups(|_| true);
        }),
        bytes
    );
    // A wrong row count is not ours to correct while row groups stay.
    let mut wrong = bytes;
    let num_rows = wrong.windows(3).position(|bytes| bytes == [0x16, 60, 0x19]);
    wrong[num_rows.unwrap() + 1] = 10;
    let out = edited(&wrong, |edit| {
        edit.set_key_value("new", Some(""));
    });
    assert_eq!(decode::<FileMetaData>(&out).unwrap().0.num_rows, 5);
    // So is one of a row group: 10 becomes -1, behind `total_byte_size`, which is 10 as well.
    let rows = wrong
        .windows(4)
        .position(|bytes| bytes == [0x16, 20, 0x16, 20]);
    wrong[rows.unwrap() + 3] = 1;
    let out = edited(&wrong, |edit| {
        edit.set_key_value("new", Some(""));
    });
    assert_eq!(decode::<FileMetaData>(&out).unwrap().0.num_rows, 5);
}

#[test]
fn row_groups_come_and_go() {
    for total in [0_usize, 1, 13, 14, 15, 16, 200] {
        let mut file = future_file();
        let group = file.row_groups[0].clone();
        file.row_groups = vec![group.clone(); total];
        file.num_rows = 10 * total as i64;
        let bytes = bytes_of(&file);

        let out = edited(&bytes, |edit| {
            edit.append_row_group(bytes_of(&group)).unwrap();
        });
        let mut more = file.clone();
        more.row_groups.push(group.clone());
        more.num_rows += 10;
        assert_eq!(out, bytes_of(&more), "{total}");
        // And back again.
        let back = edited(&out, |edit| {
            assert_eq!(edit.num_row_groups(), total + 1);
            edit.retain_row_groups(|index| index != 0);
        });
        assert_eq!(back, bytes, "{total}");
        // What is appended can be dropped too.
        let same = edited(&bytes, |edit| {
            edit.append_row_group(bytes_of(&group)).unwrap();
            edit.retain_row_groups(|index| index < total);
        });
        assert_eq!(same, bytes, "{total}");
    }
}

#[test]
fn row_groups_are_put_in_another_order() {
    let mut file = future_file();
    let bytes = bytes_of(&file);
    let mut new = file.row_groups[0].clone();
    new.num_rows = 5;
    let sorted = edited(&bytes, |edit| {
        edit.append_row_group(bytes_of(&new)).unwrap();
        edit.sort_row_groups_by_key(|index| [2, 1, 1][index]);
    });
    file.row_groups.push(new);
    file.row_groups.rotate_left(1);
    file.num_rows += 5;
    assert_eq!(sorted, bytes_of(&file));
    // What is sorted stays the bytes that it is.
    let same = edited(&bytes, |edit| {
        edit.sort_row_groups_by_key(|index| index);
    });
    assert_eq!(same, bytes);
}

#[test]
fn ordinals_are_set_and_removed() {
    let file = future_file();
    for group in &file.row_groups {
        for before in [None, Some(3)] {
            for after in [None, Some(3), Some(-1), Some(i16::MAX)] {
                let mut group = group.clone();
                let field = UnknownField::from_compact(40, 8, vec![1, b'y']).unwrap();
                group.unknown_fields.push(field);
                group.ordinal = before;
                let bytes = bytes_of(&group);
                let raw = RawRowGroup::parse(&bytes).unwrap();
                group.ordinal = after;
                assert_eq!(raw.with_ordinal(after).unwrap(), bytes_of(&group));
            }
        }
    }
}

#[test]
fn key_values_are_replaced_added_and_removed() {
    let file = future_file();
    let bytes = bytes_of(&file);
    let out = edited(&bytes, |edit| {
        edit.set_key_value("k", Some("w"));
        edit.set_key_value("l", Some("x"));
    });
    let mut expected = file.clone();
    expected.key_value_metadata = Some(vec![pair("k", "w"), pair("l", "x")]);
    assert_eq!(out, bytes_of(&expected));

    let out = edited(&bytes, |edit| {
        edit.set_key_value("k", None);
    });
    expected.key_value_metadata = None;
    assert_eq!(out, bytes_of(&expected));
    let out = edited(&out, |edit| {
        edit.set_key_value("k", Some("v"));
    });
    assert_eq!(out, bytes);

    // The key-values can be the last field, and keys can stand twice.
    let root = SchemaElement {
        num_children: Some(0),
        ..Default::default()
    };
    let mut last = FileMetaData {
        version: 1,
        schema: vec![root],
        ..Default::default()
    };
    let out = edited(&bytes_of(&last), |edit| {
        edit.set_key_value("k", Some("v"));
    });
    last.key_value_metadata = Some(vec![pair("k", "v")]);
    assert_eq!(out, bytes_of(&last));
    last.key_value_metadata = Some(vec![pair("k", "v"), pair("l", ""), pair("k", "v")]);
    let out = edited(&bytes_of(&last), |edit| {
        edit.set_key_value("k", Some("v"));
    });
    last.key_value_metadata = Some(vec![pair("k", "v"), pair("l", "")]);
    assert_eq!(out, bytes_of(&last));
}

#[test]
fn paths_are_set_in_every_column() {
    let mut group = sample_file().row_groups.remove(0);
    group.columns[1].file_path = Some("old".to_owned());
    let field = UnknownField::from_compact(30, 1, Vec::new()).unwrap();
    group.columns[0].unknown_fields.push(field.clone());
    group.unknown_fields.push(field);
    let bytes = bytes_of(&group);
    let raw = RawRowGroup::parse(&bytes).unwrap();
    assert_eq!(raw.file_paths().unwrap(), [None, Some("old")]);
    assert!(!raw.is_in_one_file());

    let out = with_file_path(&bytes, "dir/part-0.parquet").unwrap();
    for column in &mut group.columns {
        column.file_path = Some("dir/part-0.parquet".to_owned());
    }
    assert_eq!(out, bytes_of(&group));
    let raw = RawRowGroup::parse(&out).unwrap();
    assert_eq!(raw.first_file_path(), Some("dir/part-0.parquet"));
    assert!(raw.is_in_one_file());
    assert_eq!(raw.with_file_path("dir/part-0.parquet").unwrap(), out);
    assert!(with_file_path(&out[..out.len() - 1], "x").is_err());
    assert!(with_file_path(&[out.as_slice(), &[0]].concat(), "x").is_err());
}

#[test]
fn what_stays_is_not_copied() {
    let mut file = sample_file();
    let group = file.row_groups.remove(0);
    file.row_groups = vec![group.clone(); 1000];
    file.num_rows = group.num_rows * 1000;
    let bytes = bytes_of(&file);
    let raw = RawFooter::parse(&bytes).unwrap();

    let mut edit = raw.edit();
    edit.append_row_group(bytes_of(&group)).unwrap();
    edit.retain_row_groups(|index| index != 500);
    edit.set_key_value("k", Some("v"));
    let pieces = edit.pieces().unwrap();
    let borrowed = pieces.iter().filter(|piece| {
        let range = piece.as_ptr_range();
        bytes.as_ptr_range().contains(&range.start) && range.end <= bytes.as_ptr_range().end
    });
    let kept = 999 * bytes_of(&group).len();
    assert_eq!(borrowed.map(|piece| piece.len()).sum::<usize>(), kept);
    assert_eq!(pieces.len(), 4);
    assert_eq!(
        pieces.concat(),
        edited(&bytes, |edit| {
            edit.retain_row_groups(|index| index != 500);
            edit.set_key_value("k", Some("v"));
            edit.append_row_group(bytes_of(&group)).unwrap();
        })
    );
}

#[test]
fn headers_in_the_long_form_stay_as_they_are() {
    // version, schema, num_rows, row_groups, created_by, each with its own id.
    let bytes = [
        0x05, 2, 2, 0x09, 4, 0x0c, 0x06, 6, 0, 0x09, 8, 0x0c, 0x08, 12, 1, b'x', 0,
    ];
    let footer = RawFooter::parse(&bytes).unwrap();
    footer.decode().unwrap();
    assert_eq!(edited(&bytes, |_| {}), bytes);
    let out = edited(&bytes, |edit| {
        edit.set_key_value("k", Some("v"));
    });
    let inserted = [0x19, 0x1c, 0x18, 1, b'k', 0x18, 1, b'v', 0];
    assert_eq!(out, [&bytes[..12], &inserted, &bytes[12..]].concat());
    // A list header that wastes bytes stays while the count does.
    let wasteful = [
        0x15, 2, 0x19, 0x0c, 0x16, 0, 0x19, 0x0c, 0x19, 0xfc, 0x81, 0x00, 0x18, 1, b'k', 0, 0,
    ];
    let out = edited(&wasteful, |edit| {
        edit.set_key_value("k", Some("v"));
    });
    assert_eq!(out[..12], wasteful[..12]);
}

#[test]
fn signed_footers_are_not_edited() {
    let mut file = sample_file();
    file.encryption_algorithm = Some(EncryptionAlgorithm::default());
    let mut bytes = bytes_of(&file);
    bytes.extend([7; 28]);
    let footer = RawFooter::parse(&bytes).unwrap();
    assert!(footer.is_signed());
    assert_eq!(edited(&bytes, |_| {}), bytes);
    let mut edit = footer.edit();
    assert!(matches!(
        edit.append_row_group(bytes_of(&RowGroup::default())),
        Err(FormatError::EncryptedUnsupported)
    ));
    edit.set_key_value("k", None);
    let mut out = Vec::new();
    assert!(matches!(
        edit.encode(&mut out),
        Err(FormatError::EncryptedUnsupported)
    ));
    assert!(out.is_empty());
}

#[test]
fn what_is_no_row_group_is_refused() {
    let bytes = bytes_of(&sample_file());
    let mut edit = RawFooter::parse(&bytes).unwrap().edit();
    assert!(edit.append_row_group(Vec::new()).is_err());
    assert!(matches!(
        edit.append_row_group(vec![0x39, 0x0c, 0]),
        Err(FormatError::FieldType { .. } | FormatError::MissingField { .. })
    ));
    // No columns, no bytes, -1 rows.
    let negative = vec![0x19, 0x0c, 0x16, 0, 0x16, 1, 0];
    edit.append_row_group(negative).unwrap();
    assert!(matches!(
        edit.encode(&mut Vec::new()),
        Err(FormatError::RowCount {
            row_group: 2,
            num_rows: -1
        })
    ));
}

#[test]
fn what_stands_twice_is_refused() {
    let again = |error, at, field| {
        let FormatError::Malformed { source, path } = error else {
            panic!("{error}");
        };
        let (offset, id) = (at, field);
        assert_eq!(source, Malformed::DuplicateField { offset, id }, "{path}");
        path
    };
    let error = RawFooter::parse(&[0x15, 2, 0x05, 2, 2, 0]).unwrap_err();
    assert_eq!(again(error, 2, 1), "");
    // Two lists of columns, two numbers of rows, two paths.
    let columns = [0x19, 0x0c, 0x09, 2, 0x0c, 0x16, 0, 0x16, 0, 0];
    again(RawRowGroup::parse(&columns).unwrap_err(), 2, 1);
    let rows = [0x19, 0x0c, 0x26, 2, 0x06, 6, 2, 0];
    again(RawRowGroup::parse(&rows).unwrap_err(), 4, 3);
    let paths = [
        0x19, 0x1c, 0x18, 1, b'a', 0x08, 2, 1, b'b', 0x16, 0, 0, 0x26, 0, 0,
    ];
    assert_eq!(
        again(RawRowGroup::parse(&paths).unwrap_err(), 5, 1),
        "columns[0]"
    );
    let key = [0x59, 0x1c, 0x18, 1, b'a', 0x08, 2, 1, b'b', 0, 0];
    assert_eq!(
        again(RawFooter::parse(&key).unwrap_err(), 5, 1),
        "key_value_metadata[0]"
    );
}
