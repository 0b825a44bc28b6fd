//! Objects, choices for a schema and records, as they reach a file.

use pq_format::{ConvertedType, FieldRepetitionType, FileMetaData, SchemaElement, Type};
use pq_writer::{
    Batch, Column, DataType, Field, FileWriter, HasNulls, Object, ObjectEncoding, OwnedBatch,
    Schema, SchemaOptions, TimeUnit, Times, Values, WriteError, WriterOptions,
};

fn write(schema: Schema, batch: &Batch<'_>, options: WriterOptions) -> FileMetaData {
    let mut writer = FileWriter::new(Vec::new(), schema, options).unwrap();
    writer.write(batch).unwrap();
    writer.finish().unwrap().1
}

fn annotations(element: &SchemaElement) -> (Option<Type>, Option<ConvertedType>, Option<i32>) {
    (element.r#type, element.converted_type, element.type_length)
}

#[test]
fn objects_have_the_types_of_their_encodings() {
    let mut options = SchemaOptions::default();
    options.has_nulls = HasNulls::Columns(vec!["text".to_owned()]);
    options.fixed_text.insert("fixed".to_owned(), 3);
    options
        .column_object_encoding
        .insert("small".to_owned(), ObjectEncoding::Int32);
    let decimal = Object::Decimal {
        unscaled: 12_345_678_901,
        scale: 2,
    };
    let inputs = [
        ("text", [Object::from("a"), Object::Null]),
        ("bytes", [vec![1_u8].into(), Vec::<u8>::new().into()]),
        ("truth", [true.into(), false.into()]),
        ("whole", [1.into(), 2_u64.into()]),
        ("small", [1.into(), 2.into()]),
        ("real", [0.5.into(), f64::NAN.into()]),
        ("exact", [decimal.clone(), decimal]),
        ("fixed", ["a".into(), "abc".into()]),
    ];
    let (fields, columns): (Vec<_>, Vec<_>) = inputs
        .iter()
        .map(|(name, objects)| options.object_column(name, objects).unwrap())
        .unzip();
    let batch = OwnedBatch::new(columns);
    let metadata = write(
        Schema::new(fields).unwrap(),
        &batch.as_batch(),
        WriterOptions::default(),
    );
    assert_eq!(metadata.num_rows, 2);
    let expected = [
        (Type::BYTE_ARRAY, Some(ConvertedType::UTF8), None),
        (Type::BYTE_ARRAY, None, None),
        (Type::BOOLEAN, None, None),
        (Type::INT64, None, None),
        (Type::INT32, None, None),
        (Type::DOUBLE, None, None),
        (Type::INT64, Some(ConvertedType::DECIMAL), None),
        (Type::FIXED_LEN_BYTE_ARRAY, None, Some(3)),
    ];
    for (element, (physical, converted, length)) in metadata.schema[1..].iter().zip(expected) {
        assert_eq!(
            annotations(element),
            (Some(physical), converted, length),
            "{}",
            element.name
        );
        let repetition = match element.name == "text" {
            true => FieldRepetitionType::OPTIONAL,
            false => FieldRepetitionType::REQUIRED,
        };
        assert_eq!(element.repetition_type, Some(repetition));
    }
    let text = metadata.row_groups[0].columns[0].meta_data.as_ref();
    let statistics = text.and_then(|text| text.statistics.as_ref()).unwrap();
    assert_eq!(statistics.null_count, Some(1));
}

#[test]
fn text_that_is_longer_than_its_width_is_an_error() {
    let mut options = SchemaOptions::default();
    options.fixed_text.insert("c".to_owned(), 2);
    let objects = ["ab".into(), "abc".into()];
    let (field, column) = options.object_column("c", &objects).unwrap();
    let schema = Schema::new(vec![field]).unwrap();
    let mut writer = FileWriter::new(Vec::new(), schema, WriterOptions::default()).unwrap();
    let error = writer
        .write(&OwnedBatch::new(vec![column]).as_batch())
        .unwrap_err();
    assert!(
        matches!(&error, WriteError::InvalidValue { column, row: 1, .. } if column == "c"),
        "{error}"
    );
}

#[test]
fn times_are_stored_as_they_are_chosen_and_missing_ones_are_null() {
    let times = [1_500, i64::MIN, 2_000];
    let at = || {
        let unit = TimeUnit::Micros;
        let is_adjusted_to_utc = true;
        let data_type = DataType::Timestamp {
            unit,
            is_adjusted_to_utc,
        };
        Field::new("at", data_type, true)
    };
    for (chosen, truncate_times, expected) in [
        (
            Times::Preserve,
            false,
            Ok((Type::INT64, Some(ConvertedType::TIMESTAMP_MICROS))),
        ),
        (Times::Nanos, false, Ok((Type::INT64, None))),
        (
            Times::Millis,
            true,
            Ok((Type::INT64, Some(ConvertedType::TIMESTAMP_MILLIS))),
        ),
        (Times::Int96, false, Ok((Type::INT96, None))),
        (Times::Millis, false, Err(0)),
    ] {
        let mut options = SchemaOptions::default();
        options.times = chosen;
        options.truncate_times = truncate_times;
        let schema = Schema::new(options.apply(vec![at()]).unwrap()).unwrap();
        let mut bitmap = Vec::new();
        let column = Column::new("at", Values::Int64(&times)).nat_as_null(&mut bitmap);
        let mut writer = FileWriter::new(Vec::new(), schema, WriterOptions::default()).unwrap();
        let written = writer.write(&Batch::new(vec![column]));
        match (written, expected) {
            (Ok(_), Ok((physical, converted))) => {
                let metadata = writer.finish().unwrap().1;
                let (found, annotation, _) = annotations(&metadata.schema[1]);
                assert_eq!((found, annotation), (Some(physical), converted));
                let column = metadata.row_groups[0].columns[0]
                    .meta_data
                    .as_ref()
                    .unwrap();
                let statistics = column.statistics.as_ref().unwrap();
                assert_eq!(statistics.null_count, Some(1));
                // The order of INT96 is undefined.
                assert_eq!(statistics.min_value.is_some(), physical != Type::INT96);
            }
            (Err(WriteError::InvalidValue { row, .. }), Err(expected)) => {
                assert_eq!(row, expected);
            }
            (written, expected) => panic!("{chosen:?}: {written:?}, expected {expected:?}"),
        }
    }
}

#[test]
fn a_batch_without_a_schema_is_written_as_it_lies() {
    let batch = Batch::new(vec![
        Column::new("tiny", Values::UInt8(&[1, 2])),
        Column::new(
            "bytes",
            Values::Bytes32 {
                offsets: &[0, 1, 1],
                data: b"a",
            },
        ),
    ]);
    let schema = Schema::of(&batch, &SchemaOptions::default()).unwrap();
    let metadata = write(schema, &batch, WriterOptions::default());
    assert_eq!(
        annotations(&metadata.schema[1]),
        (Some(Type::INT32), Some(ConvertedType::UINT_8), None)
    );
    assert_eq!(
        annotations(&metadata.schema[2]),
        (Some(Type::BYTE_ARRAY), None, None)
    );
}

#[cfg(feature = "json")]
#[test]
fn records_and_the_pandas_key_value_reach_the_footer() {
    use pq_writer::{PandasIndex, PandasMetadata, RecordColumns};

    #[derive(serde::Serialize)]
    struct Reading {
        sensor: &'static str,
        tags: Vec<&'static str>,
    }

    let rows = [
        Reading {
            sensor: "north",
            tags: vec!["a"],
        },
        Reading {
            sensor: "south",
            tags: vec![],
        },
    ];
    let records = RecordColumns::from_rows(&rows).unwrap();
    let (schema, batch) = records.infer(&SchemaOptions::default()).unwrap();
    let mut pandas = PandasMetadata::new(schema.fields());
    pandas.index.push(PandasIndex::Range {
        name: None,
        start: 0,
        stop: 2,
        step: 1,
    });
    let mut options = WriterOptions::default();
    options.key_values.push(pandas.key_value());
    let metadata = write(schema, &batch.as_batch(), options);
    assert_eq!(
        annotations(&metadata.schema[2]),
        (Some(Type::BYTE_ARRAY), Some(ConvertedType::JSON), None)
    );
    let key_values = metadata.key_value_metadata.unwrap();
    let told = key_values.iter().find(|pair| pair.key == "pandas").unwrap();
    let told: serde_json::Value = serde_json::from_str(told.value.as_ref().unwrap()).unwrap();
    assert_eq!(told["columns"][1]["pandas_type"], "object");
    assert_eq!(told["index_columns"][0]["stop"], 2);
}
