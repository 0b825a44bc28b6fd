//! Input that must not become a file, and the error that says why.

use pq_writer::{
    Batch, Bits, CollectedColumn, Column, DataType, Field, FileEncoder, Keys, Schema, TimeUnit,
    Values, WriteError, WriterOptions,
};

/// Writes one nullable column; the error if there is one.
fn write(data_type: DataType, column: Column<'_>) -> Result<Vec<u8>, WriteError> {
    let schema = Schema::new(vec![Field::new("x", data_type, true)])?;
    let mut encoder = FileEncoder::new(schema, WriterOptions::default())?;
    let mut out = Vec::new();
    encoder.begin(&mut out);
    encoder.row_group(&[Batch::new(vec![column])], &mut out)?;
    encoder.finish(&mut out)?;
    Ok(out)
}

fn invalid_row(result: Result<Vec<u8>, WriteError>) -> (usize, String) {
    match result {
        Err(WriteError::InvalidValue {
            column,
            row,
            reason,
        }) => {
            assert_eq!(column, "x");
            (row, reason)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn text_that_starts_within_a_character() {
    // The null row ends in the midst of "é"; together with the next it would be text.
    let values = Values::Bytes32 {
        offsets: &[0, 1, 2],
        data: "é".as_bytes(),
    };
    let second_only = Bits::new(&[0b10], 0, 2).unwrap();
    let column = Column::new("x", values).with_validity(second_only);
    assert_eq!(
        invalid_row(write(DataType::String, column)),
        (1, "the text is not UTF-8".to_owned())
    );
}

#[test]
fn text_that_is_not_text_where_there_is_none() {
    let values = Values::Bytes32 {
        offsets: &[0, 2, 3],
        data: b"\xff\xfea",
    };
    let second_only = Bits::new(&[0b10], 0, 2).unwrap();
    let column = Column::new("x", values).with_validity(second_only);
    write(DataType::String, column).unwrap();
}

#[test]
fn offsets_that_lead_astray() {
    for offsets in [&[0, 2, 1][..], &[0, 1, 9], &[-1, 0, 1], &[3, 2, 4]] {
        let values = Values::Bytes32 {
            offsets,
            data: b"abcd",
        };
        let (_, reason) = invalid_row(write(DataType::Binary, Column::new("x", values)));
        assert_eq!(reason, "the offsets do not ascend within the data");
    }
}

#[test]
fn validity_of_another_length() {
    let one = Bits::new(&[1], 0, 1).unwrap();
    let short = Column::new("x", Values::Int64(&[1, 2, 3])).with_validity(one);
    let ragged = |result: Result<(), WriteError>| {
        assert!(
            matches!(
                result,
                Err(WriteError::RaggedColumn {
                    expected: 3,
                    got: 1,
                    ..
                })
            ),
            "{result:?}"
        );
    };
    ragged(write(DataType::Int64, short.clone()).map(drop));
    ragged(CollectedColumn::like(&short).append(&short, &[0]));
    let coded = Values::Dictionary {
        keys: Keys::Int32(&[0, 1, 2]),
        values: Box::new(short),
    };
    ragged(write(DataType::Int64, Column::new("x", coded)).map(drop));
}

#[test]
fn codes_that_name_nothing() {
    for keys in [Keys::Int8(&[0, 1, 2]), Keys::Int64(&[0, 1, -1])] {
        let values = Values::Dictionary {
            keys,
            values: Box::new(Column::new("x", Values::Int64(&[10, 20]))),
        };
        let error = invalid_row(write(DataType::Int64, Column::new("x", values)));
        assert_eq!(error, (2, "the code is not in the dictionary".to_owned()));
    }
}

#[test]
fn a_bad_value_of_a_dictionary_is_told_by_its_row() {
    let midnight_and_noon = [0, 86_400_000 / 2];
    let values = Values::Dictionary {
        keys: Keys::UInt8(&[0, 0, 0, 1]),
        values: Box::new(Column::new("x", Values::Int64(&midnight_and_noon))),
    };
    let (row, reason) = invalid_row(write(DataType::DateMillis, Column::new("x", values)));
    assert_eq!(row, 3);
    assert!(reason.contains("value 1 of the dictionary"), "{reason}");
}

#[test]
fn a_form_that_does_not_fit_is_named() {
    match write(DataType::Int64, Column::new("x", Values::Float64(&[1.0]))) {
        Err(WriteError::WrongForm { got, .. }) => assert_eq!(got, "Float64"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn columns_that_are_not_those_of_the_schema() {
    let fields = ["a", "b"].map(|name| Field::new(name, DataType::Int64, false));
    let schema = Schema::new(fields.to_vec()).unwrap();
    let column = |name| Column::new(name, Values::Int64(&[1]));
    let write = |columns| {
        let options = WriterOptions::default();
        let mut encoder = FileEncoder::new(schema.clone(), options).unwrap();
        let mut out = Vec::new();
        let written = encoder.row_group(&[Batch::new(columns)], &mut out);
        assert_eq!(out.is_empty(), written.is_err());
        written
    };
    write(vec![column("b"), column("a")]).unwrap();
    let error = write(vec![column("a")]).unwrap_err();
    assert!(matches!(error, WriteError::MissingColumn { column } if column == "b"));
    let error = write(vec![column("a"), column("b"), column("c")]).unwrap_err();
    assert!(matches!(error, WriteError::UnknownColumn { column } if column == "c"));
    let error = write(vec![column("a"), column("b"), column("b")]).unwrap_err();
    assert!(matches!(error, WriteError::DuplicateColumn { column } if column == "b"));
}

fn view_of(value: &[u8], buffer: u32, start: u32) -> u128 {
    let mut bytes = [0xff; 16];
    bytes[..4].copy_from_slice(&(value.len() as u32).to_le_bytes());
    if value.len() <= 12 {
        bytes[4..4 + value.len()].copy_from_slice(value);
    } else {
        bytes[4..8].copy_from_slice(&value[..4]);
        bytes[8..12].copy_from_slice(&buffer.to_le_bytes());
        bytes[12..].copy_from_slice(&start.to_le_bytes());
    }
    u128::from_le_bytes(bytes)
}

#[test]
fn views_of_what_is_no_text() {
    let long = "längerer Text in einem Puffer";
    let good = [view_of(b"short", 0, 0), view_of(long.as_bytes(), 0, 2)];
    let mut buffer = b"\xff\xff".to_vec();
    buffer.extend_from_slice(long.as_bytes());
    let write_views = |views: &[u128], data_type| {
        let values = Values::BytesView {
            views,
            buffers: vec![&buffer],
        };
        write(data_type, Column::new("x", values))
    };
    write_views(&good, DataType::String).unwrap();
    let at = |start: u32| {
        let at = start as usize;
        view_of(buffer.get(at..at + 20).unwrap_or(&[b'x'; 20]), 0, start)
    };
    write_views(&[good[0], at(5)], DataType::String).unwrap();
    for (view, reason) in [
        // The first bytes of the buffer are no text, and the fifth is the second half of "ä".
        (at(0), "the text is not UTF-8"),
        (at(4), "the text is not UTF-8"),
        (view_of(b"\xc3", 0, 0), "the text is not UTF-8"),
        (at(20), "the view lies beyond its buffer"),
        (
            view_of(&[b'x'; 20], 0, 5),
            "the view has other first bytes than its buffer",
        ),
        (
            view_of(&[b'x'; 20], 1, 0),
            "the view lies beyond its buffer",
        ),
    ] {
        let views = [good[0], view, good[1]];
        let expected = (1, reason.to_owned());
        assert_eq!(invalid_row(write_views(&views, DataType::String)), expected);
    }
    // Bytes may be anything, but not beyond their buffer.
    write_views(&[view_of(b"\xc3", 0, 0), at(0)], DataType::Binary).unwrap();
}

#[test]
fn times_that_are_not_of_a_day() {
    let time = |unit| DataType::Time { unit };
    for (unit, values, row) in [
        (TimeUnit::Seconds, Values::Int32(&[0, 86_399, 86_400]), 2),
        (TimeUnit::Millis, Values::Int32(&[86_399_999, -1]), 1),
        (TimeUnit::Micros, Values::Int64(&[86_400_000_000]), 0),
        (TimeUnit::Nanos, Values::Int64(&[1, i64::MIN]), 1),
    ] {
        let expected = (row, "the time is not within a day".to_owned());
        assert_eq!(
            invalid_row(write(time(unit), Column::new("x", values))),
            expected
        );
    }
}
