//! Edits compared with the same change made to the decoded row group.

use crate::compact::tests::sample_file;
use crate::*;

fn bytes_of<T: ThriftStruct>(value: &T) -> Vec<u8> {
    let mut out = Vec::new();
    encode(value, &mut out).unwrap();
    out
}

/// A row group with every place, and fields of the future at every level.
fn sample() -> RowGroup {
    let future = |id| UnknownField::from_compact(id, 8, vec![2, 0xff, b'x']).unwrap();
    let mut group = sample_file().row_groups.remove(0);
    group.file_offset = Some(4);
    group.sorting_columns = Some(vec![SortingColumn {
        column_idx: 1,
        descending: true,
        ..SortingColumn::default()
    }]);
    group.unknown_fields.push(future(9));
    for (column, chunk) in (0..).zip(&mut group.columns) {
        chunk.file_offset = 4 + column;
        chunk.column_index_offset = Some(1_000 + column);
        chunk.column_index_length = Some(20);
        chunk.unknown_fields.push(future(40));
        let data = chunk.meta_data.as_mut().unwrap();
        data.data_page_offset = 60 + column;
        data.index_page_offset = Some(Box::new(50 + column));
        data.dictionary_page_offset = Some(4 + column);
        data.bloom_filter_offset = Some(900 + column);
        data.bloom_filter_length = Some(33);
        data.unknown_fields.push(future(300));
    }
    group
}

#[test]
fn places_move_and_all_else_stays() {
    let group = sample();
    let bytes = bytes_of(&group);
    let raw = RawRowGroup::parse(&bytes).unwrap();
    assert_eq!(raw.with_places(|_, at| Some(at)).unwrap(), bytes);

    let mut expected = group.clone();
    expected.file_offset = Some(1_000_004);
    for chunk in &mut expected.columns {
        chunk.file_offset += 1_000_000;
        chunk.offset_index_offset = chunk.offset_index_offset.map(|at| at + 1_000_000);
        chunk.offset_index_length = chunk.offset_index_length.map(|at| at + 1_000_000);
        chunk.column_index_offset = chunk.column_index_offset.map(|at| at + 1_000_000);
        let data = chunk.meta_data.as_mut().unwrap();
        data.data_page_offset += 1_000_000;
        data.index_page_offset = data
            .index_page_offset
            .take()
            .map(|at| Box::new(*at + 1_000_000));
        data.dictionary_page_offset = data.dictionary_page_offset.map(|at| at + 1_000_000);
        data.bloom_filter_offset = data.bloom_filter_offset.map(|at| at + 1_000_000);
    }
    let moved = raw.with_places(|_, at| Some(at + 1_000_000)).unwrap();
    assert_eq!(decode::<RowGroup>(&moved).unwrap().0, expected);
    assert_eq!(moved, bytes_of(&expected));
}

#[test]
fn places_are_told_apart_and_can_go() {
    let group = sample();
    let bytes = bytes_of(&group);
    let raw = RawRowGroup::parse(&bytes).unwrap();
    let mut seen = Vec::new();
    let less = raw.with_places(|place, at| {
        seen.push((place, at));
        let stays = !matches!(
            place,
            FilePlace::BloomFilter(1) | FilePlace::DictionaryPage(0)
        );
        stays.then_some(at)
    });
    let mut expected = group.clone();
    let data = |chunk: &mut ColumnChunk| chunk.meta_data.take().unwrap();
    let mut first = data(&mut expected.columns[0]);
    first.dictionary_page_offset = None;
    expected.columns[0].meta_data = Some(first);
    let mut second = data(&mut expected.columns[1]);
    second.bloom_filter_offset = None;
    expected.columns[1].meta_data = Some(second);
    assert_eq!(decode::<RowGroup>(&less.unwrap()).unwrap().0, expected);
    for column in 0..2 {
        let at = column as i64;
        for expected in [
            (FilePlace::Chunk(column), 4 + at),
            (FilePlace::DataPage(column), 60 + at),
            (FilePlace::IndexPage(column), 50 + at),
            (FilePlace::DictionaryPage(column), 4 + at),
            (FilePlace::BloomFilter(column), 900 + at),
            (FilePlace::OffsetIndex(column), 77),
            (FilePlace::OffsetIndexLength(column), 300),
            (FilePlace::ColumnIndex(column), 1_000 + at),
        ] {
            assert!(seen.contains(&expected), "{expected:?}");
        }
    }
    assert!(seen.contains(&(FilePlace::RowGroup, 4)));
    assert_eq!(seen.len(), 17);
}

#[test]
fn a_length_beyond_the_format_is_an_error() {
    let bytes = bytes_of(&sample());
    let raw = RawRowGroup::parse(&bytes).unwrap();
    let error = raw.with_places(|place, at| match place {
        FilePlace::OffsetIndexLength(1) => Some(1 << 31),
        _ => Some(at),
    });
    let error = error.unwrap_err().to_string();
    assert!(error.contains("columns[1]"), "{error}");
}

#[test]
fn columns_take_another_order() {
    let group = sample();
    let bytes = bytes_of(&group);
    let raw = RawRowGroup::parse(&bytes).unwrap();
    assert_eq!(raw.with_column_order(&[0, 1]).unwrap(), bytes);
    let mut expected = group.clone();
    expected.columns.swap(0, 1);
    expected.sorting_columns.as_mut().unwrap()[0].column_idx = 0;
    assert_eq!(raw.with_column_order(&[1, 0]).unwrap(), bytes_of(&expected));
    for wrong in [&[0][..], &[0, 0], &[0, 2], &[0, 1, 1]] {
        assert!(raw.with_column_order(wrong).is_err(), "{wrong:?}");
    }
}

#[test]
fn another_schema_and_no_orders() {
    let file = sample_file();
    let bytes = bytes_of(&file);
    let footer = RawFooter::parse(&bytes).unwrap();
    let mut edit = footer.edit();
    edit.set_schema(&file.schema).unwrap();
    let mut out = Vec::new();
    edit.encode(&mut out).unwrap();
    assert_eq!(out, bytes);

    let mut expected = file.clone();
    expected.schema[2].logical_type = None;
    expected.column_orders = None;
    edit.set_schema(&expected.schema).unwrap();
    edit.remove_column_orders();
    let mut out = Vec::new();
    edit.encode(&mut out).unwrap();
    assert_eq!(out, bytes_of(&expected));
}
