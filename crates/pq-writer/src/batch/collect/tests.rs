use super::CollectedColumn;
use crate::batch::{Batch, Bits, Column, Keys, Values, pack_bits};
use crate::file::FileEncoder;
use crate::options::{ColumnEncoding, WriterOptions};
use crate::schema::{DataType, Field, Schema};
use proptest::prelude::*;

/// The file of these pieces of a column.
fn file(data_type: &DataType, pieces: Vec<Column<'_>>) -> Vec<u8> {
    let schema = Schema::new(vec![Field::new("x", data_type.clone(), true)]).unwrap();
    let options = WriterOptions {
        // What is chosen depends on the pieces.
        encoding: ColumnEncoding::Plain,
        ..WriterOptions::default()
    };
    let mut encoder = FileEncoder::new(schema, options).unwrap();
    let batches: Vec<Batch<'_>> = pieces.into_iter().map(|it| Batch::new(vec![it])).collect();
    let mut out = Vec::new();
    encoder.begin(&mut out);
    encoder.row_group(&batches, &mut out).unwrap();
    encoder.finish(&mut out).unwrap();
    out
}

/// Collects rows of a column in two steps, and errors unless what is written of that is what is
/// written of the rows one by one.
fn check(data_type: &DataType, column: &Column<'_>, first: &[u32], second: &[u32]) {
    let mut collected = CollectedColumn::like(column);
    assert!(collected.takes(column));
    collected.append(column, first).unwrap();
    collected.append(column, second).unwrap();
    assert_eq!(collected.len(), first.len() + second.len());
    let rows = first.iter().chain(second);
    let one_by_one = rows.map(|&row| column.slice(row as usize, 1)).collect();
    assert!(
        file(data_type, vec![collected.as_column()]) == file(data_type, one_by_one),
        "{column:?}"
    );
    assert!(collected.empty().takes(column) && collected.empty().is_empty());
}

fn view(text: &str, start: u32) -> u128 {
    let mut bytes = [0; 16];
    bytes[..4].copy_from_slice(&(text.len() as u32).to_le_bytes());
    if text.len() <= 12 {
        bytes[4..4 + text.len()].copy_from_slice(text.as_bytes());
    } else {
        bytes[4..8].copy_from_slice(&text.as_bytes()[..4]);
        bytes[12..].copy_from_slice(&start.to_le_bytes());
    }
    u128::from_le_bytes(bytes)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn rows_are_what_they_were(
        numbers in proptest::collection::vec(any::<i32>(), 8),
        texts in proptest::collection::vec("[a-z]{0,100}", 8),
        validity in any::<u8>(),
        has_nulls in any::<bool>(),
        first in proptest::collection::vec(0_u32..8, 0..12),
        second in proptest::collection::vec(0_u32..8, 1..12),
    ) {
        let validity = [validity];
        let column = |values| match has_nulls {
            true => Column::new("x", values).with_validity(Bits::new(&validity, 0, 8).unwrap()),
            false => Column::new("x", values),
        };
        let check = |data_type, values| check(&data_type, &column(values), &first, &second);

        let wide: Vec<i128> = numbers.iter().map(|&number| number.into()).collect();
        let decimal = DataType::Decimal { precision: 30, scale: 2 };
        check(decimal.clone(), Values::Int128(&wide));
        let wider: Vec<i128> = wide.iter().map(|&n| n * 1_000_000_000_000).collect();
        check(decimal, Values::Int128(&wider));
        let shorts: Vec<i16> = numbers.iter().map(|&number| number as i16).collect();
        check(DataType::Int16, Values::Int16(&shorts));
        let doubles: Vec<f64> = numbers.iter().map(|&number| f64::from(number)).collect();
        check(DataType::Float64, Values::Float64(&doubles));
        let bits = [numbers[0] as u8];
        check(DataType::Boolean, Values::Boolean(Bits::new(&bits, 0, 8).unwrap()));
        let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
        check(DataType::FixedBinary(4), Values::FixedBytes { width: 4, data: &bytes });

        let data = texts.concat();
        let mut offsets = vec![0_i32];
        let mut views = Vec::new();
        for text in &texts {
            let start = offsets[offsets.len() - 1];
            views.push(view(text, start as u32));
            offsets.push(start + text.len() as i32);
        }
        let data = data.as_bytes();
        check(DataType::String, Values::Bytes32 { offsets: &offsets, data });
        let large: Vec<i64> = offsets.iter().map(|&offset| offset.into()).collect();
        check(DataType::String, Values::Bytes64 { offsets: &large, data });
        check(DataType::String, Values::BytesView { views: &views, buffers: vec![data] });
        let runs: Vec<i16> = (1..9).map(|run| run * 3).collect();
        let values = Box::new(Column::new("x", Values::Int32(&numbers)));
        let runs = column(Values::RunEnd {
            ends: Keys::Int16(&runs),
            offset: 5,
            len: 8,
            values: values.clone(),
        });
        let flat: Vec<i32> = (5..13).map(|row: usize| numbers[row / 3]).collect();
        let collect = |column: &Column<'_>| {
            let mut collected = CollectedColumn::like(column);
            collected.append(column, &first).unwrap();
            collected.append(column, &second).unwrap();
            file(&DataType::Int32, vec![collected.as_column()])
        };
        prop_assert_eq!(collect(&runs), collect(&column(Values::Int32(&flat))));
        let element = Field::new("element", DataType::Int32, true);
        let list = DataType::List(Box::new(element));
        let starts: Vec<i32> = (0..9).map(|row| (row * 8) / 9).collect();
        let lists = column(Values::List32 { offsets: &starts, values });
        let mut expected_offsets = vec![0];
        let mut expected = Vec::new();
        let mut present = Vec::new();
        for &row in first.iter().chain(&second) {
            present.push(!lists.is_null(row as usize));
            if !lists.is_null(row as usize) {
                let of_row = starts[row as usize] as usize..starts[row as usize + 1] as usize;
                expected.extend_from_slice(&numbers[of_row]);
            }
            expected_offsets.push(expected.len() as i64);
        }
        let packed = pack_bits(present.iter().copied());
        let mut by_hand = Column::new("x", Values::List64 {
            offsets: &expected_offsets,
            values: Box::new(Column::new("x", Values::Int32(&expected)).checked()),
        });
        if has_nulls {
            by_hand.validity = Bits::new(&packed, 0, present.len());
        }
        let mut collected = CollectedColumn::like(&lists);
        collected.append(&lists, &first).unwrap();
        collected.append(&lists, &second).unwrap();
        prop_assert_eq!(file(&list, vec![collected.as_column()]), file(&list, vec![by_hand]));
        let fields = vec![
            Field::new("n", DataType::Int32, true),
            Field::new("t", DataType::String, false),
        ];
        check(DataType::Struct(fields), Values::Struct {
            len: 8,
            fields: vec![
                Column::new("t", Values::Bytes32 { offsets: &offsets, data }),
                Column::new("n", Values::Int32(&numbers))
                    .with_validity(Bits::new(&validity, 0, 8).unwrap()),
            ],
        });
    }
}

#[test]
fn decimals_are_kept_in_few_bytes_as_long_as_all_fit() {
    let values = [1, -2, i128::from(i64::MIN), 1 << 70];
    let column = Column::new("x", Values::Int128(&values));
    let mut collected = CollectedColumn::like(&column);
    collected.append(&column, &[0, 1]).unwrap();
    assert_eq!(collected.as_column().values, Values::Int32(&[1, -2]));
    let mut collected = collected.empty();
    collected.append(&column, &[0, 2]).unwrap();
    assert_eq!(collected.as_column().values, Values::Int64(&[1, i64::MIN]));
    assert_eq!(collected.memory_bytes(), 64);
    collected.append(&column, &[1, 3]).unwrap();
    let all = [1, i128::from(i64::MIN), -2, 1 << 70];
    assert_eq!(collected.as_column().values, Values::Int128(&all));
    assert!(collected.takes(&column));
}

#[test]
fn codes_may_name_nothing_where_rows_are_null() {
    let values = Values::Dictionary {
        keys: Keys::Int8(&[1, -1, 7]),
        values: Box::new(Column::new("x", Values::Int64(&[10, 20]))),
    };
    let column = Column::new("x", values.clone()).with_validity(Bits::new(&[1], 0, 3).unwrap());
    let mut collected = CollectedColumn::like(&column);
    collected.append(&column, &[0, 1, 2]).unwrap();
    let lent = collected.as_column();
    assert_eq!(
        (0..3).map(|row| lent.is_null(row)).collect::<Vec<_>>(),
        [false, true, true]
    );
    let column = Column::new("x", values);
    for row in [1, 2, 3] {
        let mut collected = CollectedColumn::like(&column);
        assert!(collected.append(&column, &[0, row]).is_err());
    }
}

#[test]
fn other_forms_are_refused() {
    let column = Column::new("x", Values::Int64(&[1]));
    let other = Column::new("x", Values::Int32(&[1]));
    let mut collected = CollectedColumn::like(&column);
    assert!(!collected.takes(&other));
    assert!(collected.append(&other, &[0]).is_err());
}
