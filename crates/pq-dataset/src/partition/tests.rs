use super::path::{HIVE_NULL, decode, segment};
use super::values::DROPPED;
use super::{PartitionNulls, Partitions, Sorted, Sorter};
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
    fn texts_of_every_form_and_length(
        rows in prop::collection::vec(
            prop_oneof![
                1 => Just(None),
                9 => ("[ab]{0,2}", 0_usize..3, "[ab]{0,2}")
                    .prop_map(|(start, middle, end)| {
                        Some(start + &"x".repeat([0, 9, 30][middle]) + &end)
                    }),
            ],
            0..200,
        ),
    ) {
        let mut groups: Vec<Vec<u32>> = Vec::new();
        let (mut ends, mut data, mut views) = (vec![0_i32], Vec::new(), Vec::new());
        let mut validity = vec![0_u8; rows.len().div_ceil(8)];
        for (row, text) in rows.iter().enumerate() {
            let text = text.as_deref().unwrap_or("null").as_bytes();
            validity[row / 8] |= u8::from(rows[row].is_some()) << (row % 8);
            let mut view = [0_u8; 16];
            view[..4].copy_from_slice(&(text.len() as u32).to_le_bytes());
            if text.len() <= 12 {
                view[4..4 + text.len()].copy_from_slice(text);
            } else {
                view[4..8].copy_from_slice(&text[..4]);
                view[12..].copy_from_slice(&(data.len() as u32).to_le_bytes());
            }
            views.push(u128::from_le_bytes(view));
            data.extend_from_slice(text);
            ends.push(data.len() as i32);
        }
        let long_ends: Vec<i64> = ends.iter().map(|end| (*end).into()).collect();
        for values in [
            Values::Bytes32 { offsets: &ends, data: &data },
            Values::Bytes64 { offsets: &long_ends, data: &data },
            Values::BytesView { views: &views, buffers: vec![&data] },
        ] {
            let bits = Bits::new(&validity, 0, rows.len()).unwrap();
            let batch = Batch::new(vec![Column::new("k", values).with_validity(bits)]);
            let layout = Layout::new(Scheme::Hive, ["k"]);
            let fields = [Field::new("k", DataType::String, true)];
            let keep = PartitionNulls::Keep;
            let mut partitions = Partitions::new(&layout, &fields, keep, true).unwrap();
            let mut found = Vec::new();
            // What the first time leaves behind must not lead the second astray.
            for _ in 0..2 {
                partitions.group(&batch, &mut found).unwrap();
                for (row, group) in rows.iter().zip(&found) {
                    let folder = segment(Scheme::Hive, "k", row.as_deref()).unwrap() + "/";
                    prop_assert_eq!(partitions.folder(*group), folder);
                }
            }
            groups.push(found);
        }
        prop_assert!(groups.iter().all(|other| *other == groups[0]));
    }

    #[test]
    fn any_text_decodes(text in any::<String>()) {
        let _decoded = decode(&text);
    }
}

/// The folder of a single value.
fn folder_of(data_type: DataType, values: Values<'_>) -> Result<String, String> {
    let fields = [Field::new("k", data_type, true)];
    let batch = Batch::new(vec![Column::new("k", values)]);
    let layout = Layout::new(Scheme::Hive, ["k"]);
    let mut partitions = Partitions::new(&layout, &fields, PartitionNulls::Keep, true).unwrap();
    let grouped = partitions.group(&batch, &mut Vec::new());
    grouped.map_err(|error| error.to_string())?;
    Ok(decode(&partitions.folder(0)))
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
            Column::new("b", text(&[0, 1, 2, 3])),
        ]),
        Batch::new(vec![
            Column::new("b", text(&[0, 1])),
            Column::new("a", Values::Int32(&[10])),
        ]),
    ];
    let layout = Layout::new(Scheme::Hive, ["a", "b"]);
    let mut partitions = Partitions::new(&layout, &fields, PartitionNulls::Keep, true).unwrap();
    let mut groups = Vec::new();
    partitions.group(&batches[0], &mut groups).unwrap();
    assert_eq!(groups, [0, 1, 2]);
    partitions.group(&batches[1], &mut groups).unwrap();
    assert_eq!((groups.as_slice(), partitions.len()), (&[0][..], 3));
    let mut order = [0, 1, 2];
    order.sort_by(|left, right| partitions.compare(*left, *right));
    // Numbers in their own order, null last.
    assert_eq!(
        order.map(|group| partitions.folder(group)),
        ["a=9/b=q/", "a=10/b=p/", "a=__HIVE_DEFAULT_PARTITION__/b=p/",]
    );
}

#[test]
fn what_becomes_of_null() {
    let batch = Batch::new(vec![
        Column::new("k", Values::Int32(&[1, 2])).with_validity(Bits::new(&[2], 0, 2).unwrap()),
    ]);
    let group = |scheme, nullable, nulls| {
        let fields = [Field::new("k", DataType::Int32, nullable)];
        let layout = Layout::new(scheme, ["k"]);
        let mut groups = Vec::new();
        Partitions::new(&layout, &fields, nulls, true)
            .and_then(|mut partitions| partitions.group(&batch, &mut groups))
            .map_err(|error| error.to_string())?;
        Ok::<_, String>(groups)
    };
    let refused = |why: &str| Err(format!("partition column \"k\", row 0: {why}"));
    use PartitionNulls::{Drop, Keep, Refuse};
    assert_eq!(group(Scheme::Hive, true, Keep), Ok(vec![0, 1]));
    assert_eq!(group(Scheme::Hive, true, Drop), Ok(vec![DROPPED, 0]));
    assert_eq!(group(Scheme::Drill, true, Drop), Ok(vec![DROPPED, 0]));
    assert_eq!(
        group(Scheme::Hive, true, Refuse),
        refused("null, which is refused")
    );
    assert_eq!(
        group(Scheme::Drill, true, Keep),
        refused("scheme drill has no folder for null")
    );
    assert_eq!(
        group(Scheme::Hive, false, Drop),
        refused("null in a required column")
    );
}

#[test]
fn values_that_are_written_alike_are_one_partition() {
    let fields = [Field::new("k", DataType::Float64, false)];
    let layout = Layout::new(Scheme::Hive, ["k"]);
    let mut partitions = Partitions::new(&layout, &fields, PartitionNulls::Keep, true).unwrap();
    let values = [f64::NAN, 0.0, f64::from_bits(f64::NAN.to_bits() | 1), -0.0];
    let batch = Batch::new(vec![Column::new("k", Values::Float64(&values))]);
    let mut groups = Vec::new();
    partitions.group(&batch, &mut groups).unwrap();
    assert_eq!(groups, [0, 1, 0, 2]);
}

proptest! {
    /// Whatever way values are looked up, and in whatever form they come.
    #[test]
    fn a_partition_is_a_value(
        batches in proptest::collection::vec((
            proptest::collection::vec((
                prop_oneof![
                    -3_i64..3,
                    any::<i64>().prop_map(|number| number & 0xff_ffff),
                    any::<i64>(),
                ],
                0_usize..6,
                any::<bool>(),
            ), 1..40),
            0_u8..4,
        ), 1..5),
    ) {
        const TEXTS: [&str; 6] = ["", "a", "b/c", "twelve bytes", "thirteen byte", "thirteen-byte"];
        let fields = [
            Field::new("n", DataType::Int64, true),
            Field::new("t", DataType::String, false),
        ];
        let layout = Layout::new(Scheme::Hive, ["n", "t"]);
        let mut partitions = Partitions::new(&layout, &fields, PartitionNulls::Keep, true).unwrap();
        let mut folders = std::collections::HashMap::new();
        for (rows, form) in &batches {
            let numbers: Vec<i64> = rows.iter().map(|row| row.0).collect();
            let narrow: Vec<i32> = rows.iter().map(|row| row.0 as i32).collect();
            let bits = rows.iter().enumerate().fold(vec![0_u8; 5], |mut bits, (at, row)| {
                bits[at / 8] |= u8::from(row.2) << (at % 8);
                bits
            });
            let mut n = match form {
                0 => Column::new("n", Values::Int64(&numbers)),
                _ => Column::new("n", Values::Int32(&narrow)),
            };
            n.validity = Bits::new(&bits, 0, rows.len());
            let mut offsets = vec![0_i32];
            let mut data = Vec::new();
            let mut codes = Vec::new();
            let texts: Vec<&str> = match form {
                0 | 1 => rows.iter().map(|row| TEXTS[row.1]).collect(),
                _ => TEXTS.to_vec(),
            };
            for text in texts {
                data.extend_from_slice(text.as_bytes());
                offsets.push(data.len() as i32);
            }
            codes.extend(rows.iter().map(|row| row.1 as u8));
            let values = Values::Bytes32 { offsets: &offsets, data: &data };
            let t = match form {
                0 | 1 => Column::new("t", values),
                _ => Column::new("t", Values::Dictionary {
                    keys: pq_writer::Keys::UInt8(&codes),
                    values: Box::new(Column::new("t", values)),
                }),
            };
            let mut groups = Vec::new();
            partitions.group(&Batch::new(vec![n, t]), &mut groups).unwrap();
            for (row, &group) in groups.iter().enumerate() {
                let number = if *form == 0 { numbers[row] } else { narrow[row].into() };
                let value = (rows[row].2.then_some(number), TEXTS[rows[row].1]);
                prop_assert_eq!(*folders.entry(value).or_insert(group), group);
            }
            let mut sorted = Sorted::default();
            prop_assert_eq!(Sorter::default().sort(&groups, partitions.len(), &mut sorted), 0);
            let mut seen = 0;
            for (group, rows) in sorted.iter() {
                prop_assert!(rows.is_sorted() && !rows.is_empty());
                prop_assert!(rows.iter().all(|&row| groups[row as usize] == group));
                seen += rows.len();
            }
            prop_assert_eq!(seen, groups.len());
        }
        let distinct: std::collections::HashSet<u32> = folders.values().copied().collect();
        prop_assert_eq!((distinct.len(), partitions.len()), (folders.len(), folders.len()));
        for ((number, text), group) in folders {
            let folder = partitions.folder(group);
            let decoded: Vec<String> = folder.split('/').map(decode).collect();
            let number = number.map_or("__HIVE_DEFAULT_PARTITION__".to_owned(), |n| n.to_string());
            prop_assert_eq!(&decoded[0], &format!("n={number}"));
            prop_assert_eq!(&decoded[1], &format!("t={text}"));
        }
    }
}
