//! Levels of the examples of the specification and of odd forms; errors with path and row.

use super::{Shredded, shred};
use crate::batch::{Bits, Column, Keys, Values};
use crate::error::WriteError;
use crate::leaf::Definition;
use crate::schema::{DataType, Field, Schema};

fn column<'a>(name: &'a str, values: Values<'a>) -> Column<'a> {
    Column::new(name, values)
}

fn nullable<'a>(name: &'a str, values: Values<'a>, bits: &'a [u8]) -> Column<'a> {
    let len = values.len();
    Column::new(name, values).with_validity(Bits::new(bits, 0, len).unwrap())
}

fn list<'a>(offsets: &'a [i32], values: Column<'a>) -> Values<'a> {
    Values::List32 {
        offsets,
        values: Box::new(values),
    }
}

/// The leaves of a column of this field, batch by batch.
fn leaves<'a>(field: &Field, columns: &'a [Column<'a>]) -> Result<Vec<Shredded<'a>>, WriteError> {
    let schema = Schema::new(vec![field.clone()]).unwrap();
    shred(field, schema.leaves(), &columns.iter().collect::<Vec<_>>())
}

/// Definition and repetition levels, and the positions of values, one by one.
fn levels(leaf: &Shredded<'_>) -> (Vec<u16>, Vec<u16>, Vec<usize>) {
    let entries = leaf.levels.entries;
    let definition = match &leaf.levels.definition {
        Definition::Uniform(level) => vec![*level; entries],
        Definition::Bits(bytes) => {
            let bits = Bits::new(bytes, 0, entries).unwrap();
            bits.iter().map(u16::from).collect()
        }
        Definition::Levels(levels) => levels.clone(),
    };
    let repetition = leaf.levels.repetition.clone().unwrap_or_default();
    let mut positions = Vec::new();
    for piece in &leaf.pieces {
        let Ok(()) = piece.selection.for_each(|run| {
            positions.extend(run);
            Ok::<(), std::convert::Infallible>(())
        });
    }
    assert_eq!(positions.len(), leaf.levels.values);
    (definition, repetition, positions)
}

fn ints(name: &str) -> Field {
    Field::new(name, DataType::Int32, true)
}

fn list_of(name: &str, element: Field, nullable: bool) -> Field {
    Field::new(name, DataType::List(Box::new(element)), nullable)
}

#[test]
fn lists_of_lists() {
    // [[1, null], []], null, [], [null]: as in the documentation of pq_encoding::levels.
    let field = list_of("x", list_of("element", ints("element"), true), true);
    let numbers = nullable("", Values::Int32(&[1, 0]), &[0b01]);
    let inner = nullable("", list(&[0, 2, 2, 2], numbers), &[0b011]);
    let columns = [nullable("x", list(&[0, 2, 2, 2, 3], inner), &[0b1101])];
    let leaves = leaves(&field, &columns).unwrap();
    assert_eq!(
        levels(&leaves[0]),
        (vec![5, 4, 3, 0, 1, 2], vec![0, 2, 1, 0, 0, 0], vec![0])
    );
    assert_eq!(leaves[0].levels.rows, 4);
}

#[test]
fn structs_of_optional_fields() {
    let field = Field::new(
        "s",
        DataType::Struct(vec![ints("a"), Field::new("b", DataType::Int32, false)]),
        true,
    );
    let fields = vec![
        // Any order, and values beneath a null struct.
        column("b", Values::Int32(&[7, 8, 9])),
        nullable("a", Values::Int32(&[1, 2, 3]), &[0b110]),
    ];
    let columns = [nullable("s", Values::Struct { len: 3, fields }, &[0b011])];
    let leaves = leaves(&field, &columns).unwrap();
    assert_eq!(levels(&leaves[0]), (vec![1, 2, 0], vec![], vec![1]));
    assert_eq!(levels(&leaves[1]), (vec![1, 1, 0], vec![], vec![0, 1]));
}

#[test]
fn maps_are_found_by_position_whatever_their_names() {
    let field = Field::new(
        "m",
        DataType::Map {
            key: Box::new(Field::new("key", DataType::Int32, false)),
            value: Box::new(ints("value")),
        },
        false,
    );
    let pairs = Values::Struct {
        len: 3,
        fields: vec![
            column("k", Values::Int32(&[1, 2, 3])),
            nullable("k", Values::Int32(&[4, 5, 6]), &[0b101]),
        ],
    };
    let columns = [column("m", list(&[0, 2, 2, 3], column("entries", pairs)))];
    let leaves = leaves(&field, &columns).unwrap();
    assert_eq!(
        levels(&leaves[0]),
        (vec![1, 1, 0, 1], vec![0, 1, 0, 0], vec![0, 1, 2])
    );
    assert_eq!(
        levels(&leaves[1]),
        (vec![2, 1, 0, 2], vec![0, 1, 0, 0], vec![0, 2])
    );
}

#[test]
fn all_forms_of_lists_have_the_same_levels() {
    let field = list_of("x", ints("element"), true);
    let numbers = || Box::new(column("", Values::Int32(&[10, 11, 12, 13])));
    let expected = (vec![3, 3, 1, 0, 3, 3], vec![0, 1, 0, 0, 0, 1]);
    // [10, 11], [], null, [12, 13]
    for values in [
        Values::List32 {
            offsets: &[0, 2, 2, 2, 4],
            values: numbers(),
        },
        Values::List64 {
            offsets: &[0, 2, 2, 2, 4],
            values: numbers(),
        },
        Values::ListView32 {
            offsets: &[0, 3, 99, 2],
            sizes: &[2, 0, 99, 2],
            values: numbers(),
        },
        Values::ListView64 {
            offsets: &[0, 3, -1, 2],
            sizes: &[2, 0, -1, 2],
            values: numbers(),
        },
    ] {
        let columns = [nullable("x", values, &[0b1011])];
        let leaves = leaves(&field, &columns).unwrap();
        let (definition, repetition, positions) = levels(&leaves[0]);
        assert_eq!((definition, repetition), expected);
        assert_eq!(positions, [0, 1, 2, 3]);
    }
    let fixed = Values::FixedList {
        size: 2,
        len: 2,
        values: numbers(),
    };
    let columns = [nullable("x", fixed, &[0b10])];
    let leaves = leaves(&field, &columns).unwrap();
    assert_eq!(
        levels(&leaves[0]),
        (vec![0, 3, 3], vec![0, 0, 1], vec![2, 3])
    );
}

#[test]
fn elements_of_views_may_be_there_twice_and_in_any_order() {
    let field = list_of("x", Field::new("element", DataType::Int32, false), false);
    let columns = [column(
        "x",
        Values::ListView32 {
            offsets: &[2, 0, 1],
            sizes: &[2, 2, 1],
            values: Box::new(column("", Values::Int32(&[10, 11, 12, 13]))),
        },
    )];
    let leaves = leaves(&field, &columns).unwrap();
    assert_eq!(levels(&leaves[0]).2, [2, 3, 0, 1, 1]);
}

#[test]
fn dictionaries_and_runs_of_lists_are_followed() {
    let field = list_of("x", ints("element"), true);
    let lists = || {
        Box::new(column(
            "",
            list(&[0, 2, 3], column("", Values::Int32(&[1, 2, 3]))),
        ))
    };
    let coded = Values::Dictionary {
        keys: Keys::Int8(&[1, -5, 0]),
        values: lists(),
    };
    let columns = [nullable("x", coded, &[0b101])];
    let found = leaves(&field, &columns).unwrap();
    assert_eq!(
        levels(&found[0]),
        (vec![3, 0, 3, 3], vec![0, 0, 0, 1], vec![2, 0, 1])
    );

    let runs = Values::RunEnd {
        ends: Keys::Int16(&[2, 5]),
        offset: 1,
        len: 2,
        values: lists(),
    };
    let columns = [column("x", runs)];
    let found = leaves(&field, &columns).unwrap();
    assert_eq!(levels(&found[0]).2, [0, 1, 2]);
}

#[test]
fn batches_follow_one_another() {
    let field = list_of("x", ints("element"), true);
    let first = column("x", list(&[0, 1], column("", Values::Int32(&[1]))));
    let second = column("x", Values::Null(2));
    let third = column("x", list(&[1, 1, 3], column("", Values::Int32(&[9, 2, 3]))));
    let columns = [first, second, third];
    let leaves = leaves(&field, &columns).unwrap();
    assert_eq!(
        levels(&leaves[0]),
        (
            vec![3, 0, 0, 1, 3, 3],
            vec![0, 0, 0, 0, 0, 1],
            vec![0, 1, 2]
        )
    );
    assert_eq!(leaves[0].levels.row_of_value(2, 3), 4);
}

#[test]
fn nulls_where_none_may_be_name_the_path_and_the_row() {
    let field = list_of("x", Field::new("element", DataType::Int32, false), false);
    let numbers = nullable("", Values::Int32(&[1, 2, 3]), &[0b011]);
    let columns = [
        column("x", list(&[0, 1, 1], column("", Values::Int32(&[5])))),
        column("x", list(&[0, 2, 3], numbers)),
    ];
    let error = leaves(&field, &columns).unwrap_err();
    assert_eq!(
        error.to_string(),
        "column \"x.element\", row 3: null in a required column"
    );
}

#[test]
fn forms_that_do_not_fit_are_errors() {
    let numbers = || column("", Values::Int32(&[1, 2, 3]));
    let lists = list_of("x", ints("element"), true);
    let pair = Field::new("x", DataType::Struct(vec![ints("a"), ints("b")]), true);
    let fields = |fields: &[(&'static str, &'static [i32])]| Values::Struct {
        len: 2,
        fields: fields
            .iter()
            .map(|&(name, values)| column(name, Values::Int32(values)))
            .collect(),
    };
    for (field, values, said) in [
        (
            &lists,
            Values::Int32(&[1, 2]),
            "column \"x\": expected values of List, got Int32",
        ),
        (
            &lists,
            list(&[0, 2, 9], numbers()),
            "column \"x\", row 1: the list lies beyond its elements",
        ),
        (
            &lists,
            list(&[2, 1, 3], numbers()),
            "column \"x\", row 0: the list lies beyond its elements",
        ),
        (
            &pair,
            fields(&[("a", &[1, 2])]),
            "column \"x.b\" is missing",
        ),
        (
            &pair,
            fields(&[("a", &[1, 2]), ("b", &[1])]),
            "column \"x.b\" has 1 rows, expected 2",
        ),
        (
            &pair,
            fields(&[("a", &[1, 2]), ("b", &[1, 2]), ("c", &[1, 2])]),
            "there is no column \"x.c\"",
        ),
        (
            &pair,
            fields(&[("a", &[1, 2]), ("b", &[1, 2]), ("b", &[1, 2])]),
            "duplicate column name \"x.b\"",
        ),
        (
            &lists,
            Values::Dictionary {
                keys: Keys::UInt8(&[0, 7]),
                values: Box::new(column("", list(&[0, 3], numbers()))),
            },
            "column \"x\", row 1: the code is not in the dictionary",
        ),
        (
            &lists,
            Values::RunEnd {
                ends: Keys::Int32(&[2, 1]),
                offset: 0,
                len: 2,
                values: Box::new(column("", list(&[0, 1, 3], numbers()))),
            },
            "column \"x\", row 2: the ends of runs do not ascend",
        ),
    ] {
        let columns = [column("x", values)];
        assert_eq!(leaves(field, &columns).unwrap_err().to_string(), said);
    }
}
