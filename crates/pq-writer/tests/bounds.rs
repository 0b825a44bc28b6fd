//! Minimum and maximum as footers state them.

use pq_format::Statistics;
use pq_writer::{Batch, Column, DataType, Field, FileEncoder, Schema, Values, WriterOptions};

fn statistics(data_type: DataType, values: Values<'_>) -> Statistics {
    let schema = Schema::new(vec![Field::new("x", data_type, false)]).unwrap();
    let mut encoder = FileEncoder::new(schema, WriterOptions::default()).unwrap();
    let mut out = Vec::new();
    encoder
        .row_group(&[Batch::new(vec![Column::new("x", values)])], &mut out)
        .unwrap();
    let metadata = encoder.finish(&mut out).unwrap();
    let chunk = metadata.row_groups[0].columns[0].meta_data.clone().unwrap();
    chunk.statistics.unwrap()
}

#[test]
fn fixed_length_values_are_never_cut() {
    let data = [[1_u8; 100], [0xff; 100]].concat();
    let of_100 = statistics(
        DataType::FixedBinary(100),
        Values::FixedBytes {
            width: 100,
            data: &data,
        },
    );
    assert_eq!(of_100.min_value.as_deref(), Some(&[1; 100][..]));
    assert_eq!(of_100.max_value.as_deref(), Some(&[0xff; 100][..]));
    assert_eq!(of_100.is_max_value_exact, Some(true));

    let of_1000 = statistics(
        DataType::FixedBinary(1000),
        Values::FixedBytes {
            width: 1000,
            data: &[7; 1000],
        },
    );
    assert_eq!((of_1000.min_value, of_1000.max_value), (None, None));
    assert_eq!(of_1000.null_count, Some(0));
}

#[test]
fn a_maximum_that_nothing_is_above_stays_short() {
    let binary = |data: &[u8]| {
        let offsets = [0, data.len() as i32];
        let statistics = statistics(
            DataType::Binary,
            Values::Bytes32 {
                offsets: &offsets,
                data,
            },
        );
        (
            statistics.min_value.map(|bound| bound.len()),
            statistics.max_value.map(|bound| bound.len()),
            statistics.is_max_value_exact,
        )
    };
    assert_eq!(binary(&[0xff; 200]), (Some(64), Some(200), Some(true)));
    assert_eq!(binary(&[0xff; 5000]), (None, None, None));
    assert_eq!(binary(&[0x61; 5000]), (Some(64), Some(64), Some(false)));
}
