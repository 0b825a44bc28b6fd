use super::RowGroupAssembler;
use crate::ArrowBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, DictionaryArray, Int32Array, ListArray, NullArray, RecordBatch, StringArray,
    StringViewArray,
};
use pq_writer::RowGroupCuts;
use std::sync::Arc;

fn batch(values: std::ops::Range<i32>) -> RecordBatch {
    let column: ArrayRef = Arc::new(Int32Array::from_iter_values(values));
    RecordBatch::try_from_iter([("n", column)]).unwrap()
}

fn values(row_group: &[RecordBatch]) -> Vec<i32> {
    row_group
        .iter()
        .flat_map(|batch| {
            batch
                .column(0)
                .as_primitive::<Int32Type>()
                .values()
                .to_vec()
        })
        .collect()
}

/// The row groups of the numbers from 0 on that come in batches of these sizes.
fn assemble(cuts: RowGroupCuts, sizes: &[i32]) -> Vec<Vec<i32>> {
    let mut assembler = RowGroupAssembler::new(cuts);
    let mut row_groups = Vec::new();
    let mut start = 0;
    for size in sizes {
        assembler.push(batch(start..start + size));
        start += size;
        while let Some(row_group) = assembler.next() {
            row_groups.push(values(&row_group));
        }
    }
    row_groups.extend(assembler.finish().map(|row_group| values(&row_group)));
    row_groups
}

fn runs(ends: &[i32]) -> Vec<Vec<i32>> {
    ends.windows(2)
        .map(|pair| (pair[0]..pair[1]).collect())
        .collect()
}

#[test]
fn row_groups_end_within_and_across_batches() {
    for sizes in [
        &[25][..],
        &[3, 3, 3, 3, 3, 10],
        &[1; 25],
        &[10, 10, 5],
        &[0, 24, 0, 1, 0],
    ] {
        let cuts = RowGroupCuts::rows(10);
        assert_eq!(assemble(cuts, sizes), runs(&[0, 10, 20, 25]), "{sizes:?}");
    }
}

#[test]
fn the_last_row_group_is_not_given_twice() {
    assert_eq!(
        assemble(RowGroupCuts::rows(10), &[15, 5]),
        runs(&[0, 10, 20])
    );
}

#[test]
fn row_groups_start_at_offsets() {
    let cuts = RowGroupCuts::offsets(vec![0, 4, 5, 30]).unwrap();
    assert_eq!(assemble(cuts, &[7, 7, 26]), runs(&[0, 4, 5, 30, 40]));
}

#[test]
fn offsets_beyond_the_input_cut_nothing() {
    let cuts = RowGroupCuts::offsets(vec![0, 4, 100]).unwrap();
    assert_eq!(assemble(cuts, &[3, 3]), runs(&[0, 4, 6]));
}

#[test]
fn even_row_groups() {
    let cuts = RowGroupCuts::even(100, 30);
    assert_eq!(assemble(cuts, &[99, 1]), runs(&[0, 25, 50, 75, 100]));
}

#[test]
fn nothing_comes_out_of_nothing() {
    assert!(assemble(RowGroupCuts::rows(1), &[]).is_empty());
    assert!(assemble(RowGroupCuts::rows(1), &[0, 0]).is_empty());
}

#[test]
fn a_row_group_shares_the_memory_of_its_batches() {
    let source = batch(0..10);
    let mut assembler = RowGroupAssembler::new(RowGroupCuts::rows(6));
    assembler.push(source.clone());
    let first = assembler.next().unwrap();
    assert_eq!(
        first[0]
            .column(0)
            .as_primitive::<Int32Type>()
            .values()
            .as_ptr(),
        source
            .column(0)
            .as_primitive::<Int32Type>()
            .values()
            .as_ptr(),
    );
}

#[test]
fn finish_gives_what_next_was_not_asked_for() {
    let mut assembler = RowGroupAssembler::new(RowGroupCuts::rows(2));
    assembler.push(batch(0..3));
    assembler.push(batch(3..5));
    assert_eq!(
        assembler.finish().map(|rest| values(&rest)),
        Some(vec![0, 1, 2, 3, 4])
    );
}

#[test]
fn row_groups_take_so_many_bytes() {
    // Four bytes a row.
    for (sizes, ends) in [
        (&[25][..], &[0, 10, 20, 25][..]),
        (&[3, 3, 3, 3, 3, 10], &[0, 10, 20, 25]),
        (&[1; 20], &[0, 10, 20]),
        (&[0, 10, 0], &[0, 10]),
    ] {
        for target in [40, 43] {
            let cuts = RowGroupCuts::bytes(target);
            assert_eq!(assemble(cuts, sizes), runs(ends), "{sizes:?} at {target}");
        }
    }
    // One row at least.
    for target in [0, 3, 4, 7] {
        let cuts = RowGroupCuts::bytes(target);
        assert_eq!(assemble(cuts, &[2, 1]), runs(&[0, 1, 2, 3]), "{target}");
    }
}

#[test]
fn rows_of_a_batch_count_alike_and_those_of_another_on_their_own() {
    let texts = |texts: &[&str]| {
        let column: ArrayRef = Arc::new(StringArray::from(texts.to_vec()));
        RecordBatch::try_from_iter([("t", column)]).unwrap()
    };
    let mut assembler = RowGroupAssembler::new(RowGroupCuts::bytes(100));
    // 26 bytes and 4 of an offset a row; the 40 bytes that are left hold one row of 34 and 4.
    assembler.push(texts(&[&"x".repeat(52), ""]));
    assert!(assembler.next().is_none());
    assembler.push(texts(&[&"x".repeat(102), "", ""]));
    let rows =
        |batches: Vec<RecordBatch>| -> usize { batches.iter().map(RecordBatch::num_rows).sum() };
    assert_eq!(assembler.next().map(rows), Some(3));
    assert!(assembler.next().is_none());
    assert_eq!(assembler.finish().map(rows), Some(2));
}

#[test]
fn what_rows_hold_counts_and_not_what_they_share() {
    let bytes = |array: ArrayRef| {
        let batch = RecordBatch::try_from_iter([("c", array)]).unwrap();
        ArrowBatch::new(&batch).unwrap().as_batch().memory_bytes()
    };
    let text: ArrayRef = Arc::new(StringArray::from(vec![
        Some("0123456789"),
        None,
        Some("ab"),
    ]));
    assert_eq!(bytes(text.clone()), 1 + 12 + 12);
    assert_eq!(bytes(text.slice(2, 1)), 4 + 2);
    let views: ArrayRef = Arc::new(StringViewArray::from(vec![
        "twelve bytes",
        "thirteen bytes",
    ]));
    assert_eq!(bytes(views.clone()), 32 + 14);
    assert_eq!(bytes(views.slice(0, 1)), 16);
    let rows = [Some(vec![Some(1); 3]), Some(vec![Some(1); 5])];
    let lists: ArrayRef = Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>(rows));
    assert_eq!(bytes(lists.clone()), 8 + 32);
    assert_eq!(bytes(lists.slice(0, 1)), 4 + 12);
    let coded: DictionaryArray<Int32Type> = ["aaaa", "bbbb", "aaaa"].into_iter().collect();
    let coded: ArrayRef = Arc::new(coded);
    assert_eq!(bytes(coded.clone()), 12 + 16);
    assert_eq!(bytes(coded.slice(0, 1)), 4 + 8);
    // A row counts at least one byte.
    assert_eq!(bytes(Arc::new(NullArray::new(70))), 70);
}
