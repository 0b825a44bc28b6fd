use super::path::{HIVE_NULL, decode, segment};
use super::split;
use crate::part::is_within_root;
use crate::scheme::{Layout, Scheme};
use pq_writer::{Batch, Bits, Column, DataType, Field, TimeUnit, Values};
use proptest::prelude::*;

#[test]
fn folders_of_odd_values() {
    let hive = |value| segment(Scheme::Hive, "k", value).unwrap();
    assert_eq!(hive(None), "k=__HIVE_DEFAULT_PARTITION__");
    assert_eq!(hive(Some(HIVE_NULL)), "k=%5F_HIVE_DEFAULT_PARTITION__");
    assert_eq!(hive(Some("")), "k=");
    assert_eq!(hive(Some("../a=b%\\\n")), "k=..%2Fa%3Db%25%5C%0A");
    assert_eq!(hive(Some("ü")), "k=%C3%BC");
    assert_eq!(segment(Scheme::Hive, "a/b", Some("1")).unwrap(), "a%2Fb=1");

    let drill = |value| segment(Scheme::Drill, "k", value);
    assert_eq!(drill(Some("..")).unwrap(), "%2E%2E");
    assert_eq!(drill(Some(".")).unwrap(), "%2E");
    assert_eq!(drill(Some(".hidden")).unwrap(), "%2Ehidden");
    assert_eq!(drill(Some("_x_")).unwrap(), "%5Fx_");
    assert_eq!(drill(Some("a.b")).unwrap(), "a.b");
    assert!(drill(Some("")).is_err() && drill(None).is_err());
}

#[test]
fn folders_that_look_like_ways_are_ours_to_read() {
    for (scheme, value) in [
        (Scheme::Hive, "a/.."),
        (Scheme::Hive, "a\0b"),
        (Scheme::Hive, "../../etc"),
        (Scheme::Drill, "..\\x"),
        (Scheme::Drill, ".."),
    ] {
        let folder = segment(scheme, "k", Some(value)).unwrap();
        let path = format!("{folder}/part.0.parquet");
        assert!(is_within_root(&path, Some(scheme)), "{path}");
    }
}

#[test]
fn a_folder_of_more_than_255_bytes_is_an_error() {
    assert!(segment(Scheme::Hive, "k", Some(&"x".repeat(253))).is_ok());
    assert!(segment(Scheme::Hive, "k", Some(&"x".repeat(254))).is_err());
    assert!(segment(Scheme::Drill, "k", Some(&"/".repeat(86))).is_err());
}

proptest! {
    #[test]
    fn a_folder_is_one_folder_and_tells_the_value(key in "\\PC{1,10}", value in any::<String>()) {
        if let Ok(folder) = segment(Scheme::Hive, &key, Some(&value)) {
            prop_assert!(folder.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~%=".contains(&b)));
            let (k, v) = folder.split_once('=').unwrap();
            prop_assert_eq!(decode(k), key);
            prop_assert_eq!(decode(v), value);
            // What we write we append to.
            let path = folder.clone() + "/part.0.parquet";
            prop_assert!(is_within_root(&path, Some(Scheme::Hive)));
        }
    }

    #[test]
    fn drill_folders_too(value in any::<String>()) {
        if let Ok(folder) = segment(Scheme::Drill, "k", Some(&value)) {
            prop_assert!(folder != "." && folder != ".." && !folder.contains('/'));
            prop_assert_eq!(decode(&folder), value);
            let path = folder.clone() + "/part.0.parquet";
            prop_assert!(is_within_root(&path, Some(Scheme::Drill)));
        }
    }

    #[test]
    fn any_text_decodes(text in any::<String>()) {
        let _decoded = decode(&text);
    }
}

/// The folder of a single value.
fn folder_of(data_type: DataType, values: Values<'_>) -> Result<String, String> {
    let fields = [
        Field::new("k", data_type, true),
        Field::new("v", DataType::Null, true),
    ];
    let rows = values.len();
    let batch = Batch::new(vec![
        Column::new("k", values),
        Column::new("v", Values::Null(rows)),
    ]);
    let layout = Layout::new(Scheme::Hive, ["k"]);
    let batches = [batch];
    let split = split(&batches, &layout, &fields, true).map_err(|error| error.to_string())?;
    Ok(decode(&split[0].folder))
}

#[test]
fn the_text_of_each_type() {
    let micros = DataType::Timestamp {
        unit: TimeUnit::Micros,
        is_adjusted_to_utc: false,
    };
    let nanos = DataType::Time {
        unit: TimeUnit::Nanos,
    };
    let decimal = DataType::Decimal {
        precision: 10,
        scale: 3,
    };
    let bytes = Values::Bytes32 {
        offsets: &[0, 2],
        data: b"\xff\xfe",
    };
    for (data_type, values, folder) in [
        (DataType::Int64, Values::Int64(&[-5]), "k=-5/"),
        (
            DataType::UInt64,
            Values::UInt64(&[u64::MAX]),
            "k=18446744073709551615/",
        ),
        (
            DataType::Boolean,
            Values::Boolean(Bits::new(&[1], 0, 1).unwrap()),
            "k=true/",
        ),
        (DataType::Float64, Values::Float64(&[0.1]), "k=0.1/"),
        (DataType::Float64, Values::Float64(&[1e300]), "k=1e300/"),
        (DataType::Float16, Values::Float16(&[0x3e00]), "k=1.5/"),
        (DataType::Date, Values::Int32(&[0]), "k=1970-01-01/"),
        (DataType::Date, Values::Int32(&[19_782]), "k=2024-02-29/"),
        (DataType::Date, Values::Int32(&[-719_529]), "k=-0001-12-31/"),
        (
            DataType::DateMillis,
            Values::Int64(&[-86_400_000]),
            "k=1969-12-31/",
        ),
        (
            micros.clone(),
            Values::Int64(&[1_709_210_096_000_001]),
            "k=2024-02-29 12:34:56.000001/",
        ),
        (
            micros.clone(),
            Values::Int64(&[-1_000_000]),
            "k=1969-12-31 23:59:59/",
        ),
        (
            nanos,
            Values::Int64(&[3_600_000_000_001]),
            "k=01:00:00.000000001/",
        ),
        (decimal.clone(), Values::Int64(&[-5]), "k=-0.005/"),
        (decimal.clone(), Values::Int128(&[123_456]), "k=123.456/"),
    ] {
        assert_eq!(folder_of(data_type, values).as_deref(), Ok(folder));
    }
    let error = folder_of(DataType::String, bytes).unwrap_err();
    assert_eq!(
        error,
        "partition column \"k\", row 0: the text is not UTF-8"
    );
}

#[test]
fn rows_go_to_their_partition_in_order() {
    let fields = [
        Field::new("a", DataType::Int32, true),
        Field::new("x", DataType::Int64, false),
        Field::new("b", DataType::String, false),
    ];
    let text = |offsets| Values::Bytes32 {
        offsets,
        data: b"pqp",
    };
    let batches = [
        Batch::new(vec![
            Column::new("a", Values::Int32(&[10, 9, 10]))
                .with_validity(Bits::new(&[0b011], 0, 3).unwrap()),
            Column::new("x", Values::Int64(&[1, 2, 3])),
            Column::new("b", text(&[0, 1, 2, 3])),
        ]),
        Batch::new(vec![
            Column::new("b", text(&[0, 1])),
            Column::new("x", Values::Int64(&[4])),
            Column::new("a", Values::Int32(&[10])),
        ]),
    ];
    let layout = Layout::new(Scheme::Hive, ["a", "b"]);
    let split = split(&batches, &layout, &fields, true).unwrap();
    let found: Vec<(String, Vec<i64>)> = split
        .iter()
        .map(|partition| {
            let mut rows = Vec::new();
            for batch in partition.batches() {
                assert_eq!(batch.columns.len(), 1, "partition columns are not stored");
                match batch.columns[0].values {
                    Values::Int64(values) => rows.extend_from_slice(values),
                    _ => panic!("another form"),
                }
            }
            (partition.folder.clone(), rows)
        })
        .collect();
    // Numbers in their own order, null last.
    assert_eq!(
        found,
        [
            ("a=9/b=q/".to_owned(), vec![2]),
            ("a=10/b=p/".to_owned(), vec![1, 4]),
            ("a=__HIVE_DEFAULT_PARTITION__/b=p/".to_owned(), vec![3]),
        ]
    );
}
