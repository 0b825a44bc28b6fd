//! Tables of one column, and of one kind of numbers.

use super::Table;
use super::columns::{self, Column};
use super::events::{countries, paths};

/// The tables that [`single`] knows.
pub const SINGLE_COLUMNS: [&str; 10] = [
    "ints random",
    "ints sorted",
    "ints low-card",
    "floats random",
    "floats two decimals",
    "bools",
    "strings",
    "paths",
    "categorical",
    "half null",
];

/// So many rows of the column of that name.
pub fn single(name: &str, rows: usize) -> Table {
    let column = match name {
        "ints random" => columns::any_integers(1),
        "ints sorted" => columns::sorted_integers(1),
        "ints low-card" => columns::integers(1, 100),
        "floats random" => columns::floats(1),
        "floats two decimals" => columns::prices(1),
        "bools" => columns::booleans(1),
        "strings" => columns::texts(1, names(), 0),
        "paths" => columns::texts(1, paths(), 0),
        "categorical" => columns::categories(1, countries()),
        "half null" => columns::half_null(1),
        _ => panic!("there is no column {name}"),
    };
    table(rows, vec![("value", name == "half null", column)])
}

/// So many rows of four columns: two of integers, two of floats.
pub fn four_columns(rows: usize) -> Table {
    let columns = vec![
        ("id", false, columns::sorted_integers(1)),
        ("user", false, columns::integers(2, 1 << 40)),
        ("amount", false, columns::prices(3)),
        ("score", false, columns::floats(4)),
    ];
    table(rows, columns)
}

/// So many rows of an INT64 and a DOUBLE that have no order.
pub fn plain(rows: usize) -> Table {
    let columns = vec![
        ("integer", false, columns::any_integers(1)),
        ("float", false, columns::floats(2)),
    ];
    table(rows, columns)
}

/// So many texts of 13 bytes, a thousand of them distinct, as views.
pub fn texts_as_views(rows: usize) -> Table {
    table(rows, vec![("value", false, columns::views(1, names()))])
}

/// A thousand names of 13 bytes.
fn names() -> Vec<String> {
    (0..1_000)
        .map(|name| format!("customer {name:04}"))
        .collect()
}

fn table(rows: usize, columns: Vec<(&str, bool, Column)>) -> Table {
    let columns = columns
        .into_iter()
        .map(|(name, nullable, column)| (name.to_owned(), nullable, column));
    Table::new(rows, columns.collect())
}
