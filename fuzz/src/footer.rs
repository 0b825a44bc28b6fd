//! Footers: decoded, and edited without decoding. Both must find the same.

use crate::thrift::{bytes_of, same, there_and_back};
use pq_format::{
    FileMetaData, FooterEdit, FormatError, KeyValue, Malformed, RawFooter, RowGroup, decode,
};

pub fn check(data: &[u8]) {
    let typed = there_and_back::<FileMetaData>(data);
    let raw = RawFooter::parse(data);
    let footer = match (&raw, &typed) {
        (Ok(footer), _) => footer,
        (Err(_), None) => return,
        // Only these does an edit see with other eyes: fields twice, and optional ones of another
        // type, which the structs keep as unknown.
        (Err(error), Some(_)) => {
            let twice = matches!(
                error,
                FormatError::Malformed {
                    source: Malformed::DuplicateField { .. },
                    ..
                }
            );
            let other = matches!(error, FormatError::FieldType { .. });
            assert!(twice || other, "{error}");
            return;
        }
    };
    assert_eq!(edited(footer, |_| {}), data);
    for group in footer.row_groups() {
        let paths = group.file_paths();
        assert_eq!(paths.is_ok(), group.with_file_path("p").is_ok());
        let is_in_one = |paths: &Vec<Option<&str>>| {
            paths.iter().all(|path| *path == group.first_file_path())
        };
        assert_eq!(group.is_in_one_file(), paths.as_ref().is_ok_and(is_in_one));
        if let Ok(paths) = paths {
            assert_eq!(paths.first().copied().flatten(), group.first_file_path());
            assert_eq!(paths.len(), group.column_chunks().len());
        }
    }
    if let Some((typed, _)) = &typed {
        agrees(footer, typed);
        if !footer.is_signed() {
            edits(footer, typed);
        }
    }
}

fn edited(footer: &RawFooter<'_>, change: impl FnOnce(&mut FooterEdit<'_>)) -> Vec<u8> {
    let mut edit = footer.edit();
    change(&mut edit);
    let mut out = Vec::new();
    edit.encode(&mut out).unwrap();
    out
}

fn agrees(footer: &RawFooter<'_>, typed: &FileMetaData) {
    assert!(same(&footer.decode().unwrap(), typed));
    assert_eq!(footer.num_rows(), typed.num_rows);
    assert!(same(&footer.schema().unwrap(), &typed.schema));
    let pairs = typed.key_value_metadata.as_deref().unwrap_or_default();
    assert_eq!(footer.key_values().len(), pairs.len());
    for (raw, pair) in footer.key_values().iter().zip(pairs) {
        assert_eq!(raw.key(), Some(pair.key.as_str()));
        assert_eq!(raw.value(), pair.value.as_deref());
        assert!(same(&decode::<KeyValue>(raw.bytes()).unwrap().0, pair));
    }
    assert_eq!(footer.row_groups().len(), typed.row_groups.len());
    for (raw, group) in footer.row_groups().iter().zip(&typed.row_groups) {
        assert!(same(&raw.decode().unwrap(), group));
        assert_eq!(raw.num_rows(), group.num_rows);
        // A path of another type is an unknown field of the struct.
        let Ok(found) = raw.file_paths() else {
            continue;
        };
        let paths = group.columns.iter().map(|chunk| chunk.file_path.as_deref());
        assert!(paths.eq(found));

        let moved = raw.with_file_path("p").unwrap();
        let mut expected = group.clone();
        for chunk in &mut expected.columns {
            chunk.file_path = Some("p".to_owned());
        }
        assert!(same(&decode::<RowGroup>(&moved).unwrap().0, &expected));
    }
}

/// The same change, made to the bytes and to the structs.
fn edits(footer: &RawFooter<'_>, typed: &FileMetaData) {
    let mut expected = typed.clone();
    let out = edited(footer, |edit| {
        edit.set_key_value("k", Some("v"));
    });
    let pairs = expected.key_value_metadata.get_or_insert_default();
    let first = pairs.iter().position(|pair| pair.key == "k");
    // A key-value that is right stays as it is, if it is the only one.
    if pairs.iter().filter(|pair| pair.key == "k").count() != 1
        || first.is_some_and(|at| pairs[at].value.as_deref() != Some("v"))
    {
        let new = KeyValue {
            key: "k".to_owned(),
            value: Some("v".to_owned()),
            ..KeyValue::default()
        };
        let first = first.unwrap_or(pairs.len());
        pairs.retain(|pair| pair.key != "k");
        pairs.insert(first, new);
    }
    assert!(same(&decode::<FileMetaData>(&out).unwrap().0, &expected));

    let group = RowGroup {
        num_rows: 1,
        ..RowGroup::default()
    };
    let rows = typed.row_groups.iter().map(|group| group.num_rows);
    let sum = rows.chain([1]).try_fold(0_i64, |sum, rows| {
        Some(rows)
            .filter(|rows| *rows >= 0)
            .and_then(|rows| sum.checked_add(rows))
    });
    let mut edit = footer.edit();
    edit.append_row_group(bytes_of(&group)).unwrap();
    let mut out = Vec::new();
    let encoded = edit.encode(&mut out);
    assert_eq!(encoded.is_ok(), sum.is_some());
    let Some(sum) = sum else {
        assert!(out.is_empty());
        return;
    };
    let mut expected = typed.clone();
    expected.row_groups.push(group);
    expected.num_rows = sum;
    assert!(same(&decode::<FileMetaData>(&out).unwrap().0, &expected));
    let again = RawFooter::parse(&out).unwrap();
    let back = edited(&again, |edit| {
        edit.retain_row_groups(|index| index < typed.row_groups.len());
    });
    expected.row_groups.pop();
    expected.num_rows = sum - 1;
    assert!(same(&decode::<FileMetaData>(&back).unwrap().0, &expected));
}
