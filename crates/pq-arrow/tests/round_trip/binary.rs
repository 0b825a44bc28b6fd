use crate::file::{ROWS, assert_round_trips, is_null};
use arrow_array::{
    BinaryArray, BinaryViewArray, FixedSizeBinaryArray, LargeBinaryArray, LargeStringArray,
    StringArray, StringViewArray,
};

/// Texts of all lengths, the empty one and some that are not ASCII among them.
fn texts() -> impl Iterator<Item = Option<String>> {
    (0..ROWS).map(|row| (!is_null(row)).then(|| "xé☃𝄞".repeat(row % 4) + &"y".repeat(row % 3)))
}

fn bytes() -> impl Iterator<Item = Option<Vec<u8>>> {
    (0..ROWS).map(|row| (!is_null(row)).then(|| vec![0xFF - row as u8; row % 17]))
}

#[test]
fn text() {
    assert_round_trips(texts().collect::<StringArray>());
    assert_round_trips(texts().collect::<LargeStringArray>());
    assert_round_trips(texts().collect::<StringViewArray>());
}

#[test]
fn bytes_of_any_length() {
    assert_round_trips(bytes().collect::<BinaryArray>());
    assert_round_trips(bytes().collect::<LargeBinaryArray>());
    assert_round_trips(bytes().collect::<BinaryViewArray>());
}

#[test]
fn bytes_of_one_length() {
    for width in [1, 3, 16] {
        let values = (0..ROWS).map(|row| (!is_null(row)).then(|| vec![row as u8; width]));
        let array =
            FixedSizeBinaryArray::try_from_sparse_iter_with_size(values, width as i32).unwrap();
        assert_round_trips(array);
    }
}
