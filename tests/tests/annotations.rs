//! What Parquet's annotations and the `pandas` key-value are to readers.
//! `cargo xtask interop` runs these: they need the readers' environment.

mod common;

use common::script;
use pq_writer::{
    Batch, Bits, Column, DataType, Field, FileWriter, Keys, Object, ObjectEncoding,
    PandasCategories, PandasIndex, PandasMetadata, Schema, SchemaOptions, TimeUnit,
    TimestampStorage, Values, WriterOptions,
};
use std::path::Path;

fn write(path: &Path, fields: Vec<Field>, columns: Vec<Column<'_>>, options: WriterOptions) {
    let file = std::fs::File::create(path).unwrap();
    let mut writer = FileWriter::new(file, Schema::new(fields).unwrap(), options).unwrap();
    writer.write(&Batch::new(columns)).unwrap();
    writer.finish().unwrap();
    let report = pq_verify::verify_path(path, &pq_verify::Options::default());
    let int96 = pq_verify::Rule::PhysicalInt96;
    let found = report.findings().iter().filter(|it| it.rule != int96);
    assert_eq!(found.map(ToString::to_string).collect::<Vec<_>>(), [""; 0]);
}

/// A point as well-known binary.
fn point(x: f64, y: f64) -> Vec<u8> {
    let mut wkb = vec![1, 1, 0, 0, 0];
    wkb.extend(x.to_le_bytes());
    wkb.extend(y.to_le_bytes());
    wkb
}

#[test]
#[ignore = "needs the readers: cargo xtask interop"]
fn annotations_mean_what_they_say() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("annotations.parquet");
    let objects = [
        Object::Map(vec![(
            "a".into(),
            Object::List(vec![Object::Int(1), Object::Null]),
        )]),
        Object::Null,
    ];
    let name = "json";
    let (json_field, json) =
        pq_writer::object_column(name, &objects, ObjectEncoding::Infer, true).unwrap();
    let uuids: Vec<u8> = (0..32).collect();
    // One month, two days and three milliseconds; nothing.
    let mut intervals = Vec::new();
    intervals.extend([1, 0, 0, 0, 2, 0, 0, 0]);
    intervals.extend(3_000_000_i64.to_le_bytes());
    intervals.extend([0; 16]);
    let shapes = [point(1.0, 2.0), point(-3.5, 4.0)].concat();
    let shape = || Values::Bytes32 {
        offsets: &[0, 21, 42],
        data: &shapes,
    };
    let times = [1_700_000_000_123_456, -1];
    let text = |offsets, data| Values::Bytes32 { offsets, data };
    let timestamp_as = |storage, truncate| DataType::TimestampAs {
        unit: TimeUnit::Micros,
        is_adjusted_to_utc: true,
        storage,
        truncate,
    };
    let variant = Values::Struct {
        len: 2,
        fields: vec![
            // Version 1 without names; the int8s 42 and 7.
            Column::new("metadata", text(&[0, 3, 6], b"\x01\0\0\x01\0\0")),
            Column::new("value", text(&[0, 2, 4], b"\x0c\x2a\x0c\x07")),
        ],
    };
    write(
        &path,
        vec![
            json_field,
            Field::new("uuid", DataType::Uuid, false),
            Field::new("enum", DataType::Enum, false),
            Field::new("interval", DataType::Interval, false),
            Field::new("int96", timestamp_as(TimestampStorage::Int96, false), false),
            Field::new(
                "millis",
                timestamp_as(TimestampStorage::Millis, true),
                false,
            ),
            Field::new("nanos", timestamp_as(TimestampStorage::Nanos, false), false),
            Field::new("fixed", DataType::FixedText(4), false),
            Field::new("geometry", DataType::Geometry { crs: None }, false),
            Field::new(
                "geography",
                DataType::Geography {
                    crs: None,
                    edges: None,
                },
                false,
            ),
            Field::new("variant", DataType::variant(), false),
        ],
        vec![
            json.as_column(),
            Column::new(
                "uuid",
                Values::FixedBytes {
                    width: 16,
                    data: &uuids,
                },
            ),
            Column::new("enum", text(&[0, 3, 8], b"redgreen")),
            Column::new(
                "interval",
                Values::FixedBytes {
                    width: 16,
                    data: &intervals,
                },
            ),
            Column::new("int96", Values::Int64(&times)),
            Column::new("millis", Values::Int64(&times)),
            Column::new("nanos", Values::Int64(&times)),
            Column::new("fixed", text(&[0, 2, 6], b"abwxyz")),
            Column::new("geometry", shape()),
            Column::new("geography", shape()),
            Column::new("variant", variant),
        ],
        WriterOptions::default(),
    );
    script("annotations.py", &["annotations".as_ref(), path.as_ref()]);
}

#[test]
#[ignore = "needs the readers: cargo xtask interop"]
fn data_frames_come_back_as_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("frame.parquet");
    let labels = Column::new(
        "labels",
        Values::Bytes32 {
            offsets: &[0, 3, 6],
            data: b"lowtop",
        },
    );
    let category = Column::new(
        "category",
        Values::Dictionary {
            keys: Keys::Int8(&[1, 0, 1]),
            values: Box::new(labels),
        },
    );
    let columns = vec![
        Column::new(
            "key",
            Values::Bytes32 {
                offsets: &[0, 1, 2, 3],
                data: b"xyz",
            },
        ),
        Column::new("when", Values::Int64(&[0, 86_400_000_000, 1])),
        Column::new("count", Values::Int64(&[1, 2, 3]))
            .with_validity(Bits::new(&[0b101], 0, 3).unwrap()),
        Column::new("share", Values::Float64(&[0.5, f64::NAN, 1.5])),
        category.clone(),
    ];
    let schema = Schema::of(&Batch::new(columns.clone()), &SchemaOptions::default()).unwrap();
    let mut fields = schema.fields().to_vec();
    for field in &mut fields {
        match field.name.as_str() {
            "when" => {
                field.data_type = DataType::Timestamp {
                    unit: TimeUnit::Micros,
                    is_adjusted_to_utc: true,
                };
            }
            "key" | "category" => field.data_type = DataType::String,
            "count" => field.nullable = true,
            _ => {}
        }
    }
    let categories = PandasCategories::of(&category, &fields[4], true).unwrap();
    let mut pandas = PandasMetadata::new(&fields);
    pandas.index.push(PandasIndex::Column("key".to_owned()));
    let when = pandas.column_mut("when").unwrap();
    *when = when.clone().with_timezone("Europe/Vienna");
    let count = pandas.column_mut("count").unwrap();
    *count = count.clone().with_numpy_type("Int64");
    let category = pandas.column_mut("category").unwrap();
    *category = category.clone().with_categories(&categories);
    let mut options = WriterOptions::default();
    options.key_values.push(pandas.key_value());
    options
        .column_key_values
        .insert("category".to_owned(), categories.chunk_key_values());
    write(&path, fields, columns, options);
    script("annotations.py", &["frame".as_ref(), path.as_ref()]);
}
