use super::RowGroupAssembler;
use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, Int32Array, RecordBatch};
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
