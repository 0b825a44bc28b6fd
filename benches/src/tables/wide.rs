//! Tables of many columns.

use super::{Table, columns};

/// So many rows of columns of four kinds in turn: small integers, any integers, floats, prices.
pub fn wide(column_count: usize, rows: usize) -> Table {
    let columns = (0..column_count).map(|index| {
        let seed = index as u64;
        let column = match index % 4 {
            0 => columns::integers(seed, 1_000),
            1 => columns::any_integers(seed),
            2 => columns::floats(seed),
            _ => columns::prices(seed),
        };
        (format!("column_{index}"), false, column)
    });
    Table::new(rows, columns.collect())
}

/// So many rows of columns that are all alike: integers of 40 bits.
pub fn many(column_count: usize, rows: usize) -> Table {
    let columns = (0..column_count).map(|index| {
        let column = columns::integers(index as u64, 1 << 40);
        (format!("column_{index}"), false, column)
    });
    Table::new(rows, columns.collect())
}
