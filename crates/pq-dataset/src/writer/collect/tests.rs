use super::{Collector, Waiting};
use crate::options::Collecting;
use crate::partition::{PartitionNulls, Partitions};
use crate::scheme::{Layout, Scheme};
use pq_writer::{Batch, Column, DataType, Field, Values};

fn collector(options: Collecting) -> Collector {
    let fields = [
        Field::new("k", DataType::Int32, false),
        Field::new("x", DataType::Int64, false),
        Field::new("t", DataType::String, false),
    ];
    let layout = Layout::new(Scheme::Hive, ["k"]);
    let partitions = Partitions::new(&layout, &fields, PartitionNulls::Keep, true).unwrap();
    Collector::new(partitions, &fields, &layout.partition_on, options)
}

fn rows(waiting: &[(u32, Waiting)]) -> usize {
    waiting.iter().map(|(_, waiting)| waiting.rows).sum()
}

#[test]
fn no_more_waits_than_the_budget_allows() {
    let options = Collecting {
        memory_bytes: 1 << 20,
        ..Collecting::default()
    };
    let mut collector = collector(options);
    let keys: Vec<i32> = (0..10_000).map(|row| row * 7 % 100 * (row % 3)).collect();
    let numbers: Vec<i64> = (0..10_000).collect();
    let data = vec![b'x'; 500_000];
    let offsets: Vec<i32> = (0..=10_000).map(|row| row * 50).collect();
    let batch = Batch::new(vec![
        Column::new("k", Values::Int32(&keys)),
        Column::new("x", Values::Int64(&numbers)),
        Column::new(
            "t",
            Values::Bytes32 {
                offsets: &offsets,
                data: &data,
            },
        ),
    ]);
    let (mut given, mut written, mut parts) = (0, 0, 0);
    for _ in 0..20 {
        for slice in collector.slices(&batch) {
            assert!(slice.memory_bytes() <= (1 << 20) / 16);
            given += slice.num_rows();
            collector.push(&slice, 1 + given % 3).unwrap();
            // Of each, at most half as much as there is waits for more rows.
            assert!(
                collector.bytes <= (1 << 20) + (1 << 20) / 4,
                "{}",
                collector.bytes
            );
            let due = collector.due();
            assert!(collector.bytes <= 1 << 20);
            let waiting = collector.waiting.iter();
            assert_eq!(
                collector.bytes,
                waiting.map(|waiting| waiting.bytes).sum::<usize>()
            );
            written += rows(&due);
            parts += due.len();
        }
    }
    let all = 20 * batch.memory_bytes() as usize;
    assert!(
        parts > 0 && parts < 8 * all / (1 << 20) * 100 / 2,
        "{parts}"
    );
    let rest = collector.rest();
    assert_eq!((written + rows(&rest), given), (200_000, 200_000));
    assert_eq!(collector.bytes, 0);
}

#[test]
fn row_groups_end_where_they_should() {
    let options = Collecting {
        row_group_rows: 10,
        ..Collecting::default()
    };
    let mut collector = collector(options);
    let keys = [1; 25];
    let numbers: Vec<i64> = (0..25).collect();
    let batch = Batch::new(vec![
        Column::new(
            "t",
            Values::FixedBytes {
                width: 1,
                data: &[0; 25],
            },
        ),
        Column::new("x", Values::Int64(&numbers)),
        Column::new("k", Values::Int32(&keys)),
    ]);
    collector.push(&batch, 1).unwrap();
    collector.push(&batch.slice(0, 3), 2).unwrap();
    let due = collector.due();
    let sizes: Vec<usize> = due.iter().map(|(_, waiting)| waiting.rows).collect();
    assert_eq!(sizes, [10, 10]);
    assert_eq!(
        due[1].1.batches()[0].columns[0].values,
        Values::Int64(&numbers[10..20])
    );
    assert_eq!(rows(&collector.rest()), 8);
}

#[test]
fn rows_of_another_form_are_another_piece() {
    let mut collector = collector(Collecting::default());
    let text = Values::FixedBytes {
        width: 1,
        data: b"a",
    };
    for _ in 0..2 {
        for values in [Values::Int32(&[5]), Values::Int64(&[6])] {
            let batch = Batch::new(vec![
                Column::new("k", Values::Int32(&[1])),
                Column::new("x", values),
                Column::new("t", text.clone()),
            ]);
            collector.push(&batch, 2).unwrap();
        }
    }
    let rest = collector.rest();
    let lent = rest[0].1.batches();
    assert_eq!((rest.len(), lent.len()), (1, 4));
    assert_eq!(lent[1].columns[0].values, Values::Int64(&[6]));
}

#[test]
fn batches_that_do_not_fit_are_refused() {
    let collector = collector(Collecting::default());
    let (k, x) = (
        Column::new("k", Values::Int32(&[1, 2])),
        Column::new("x", Values::Int64(&[1, 2])),
    );
    let t = Column::new(
        "t",
        Values::FixedBytes {
            width: 1,
            data: b"ab",
        },
    );
    let check = |columns: &[&Column<'_>]| {
        let columns = columns.iter().map(|column| (*column).clone());
        let checked = collector.check(&Batch::new(columns.collect()));
        checked.map_err(|error| error.to_string())
    };
    check(&[&k, &x, &t]).unwrap();
    check(&[&t, &x, &k]).unwrap();
    let other = Column::new("y", Values::Int64(&[1, 2]));
    assert!(check(&[&k, &x]).unwrap_err().contains("\"t\""));
    assert!(check(&[&k, &x, &t, &other]).unwrap_err().contains("\"y\""));
    assert!(check(&[&k, &x, &t, &x]).unwrap_err().contains("\"x\""));
    let long = Column::new("x", Values::Int64(&[1, 2, 3]));
    assert!(check(&[&k, &long, &t]).unwrap_err().contains("\"x\""));
}
