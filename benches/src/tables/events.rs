//! Events of a web site: nine columns of the kinds that logs have.

use super::{Table, columns};
use crate::numbers::Numbers;

/// Distinct paths, which take more room than a dictionary may have.
const PATHS: usize = 100_000;

/// So many events.
pub fn events(rows: usize) -> Table {
    let columns = [
        ("time", false, columns::times(1)),
        ("kind", false, columns::small_integers(2, 50, 0)),
        ("user", false, columns::integers(3, 1 << 40)),
        ("country", true, columns::texts(4, countries(), 10)),
        ("path", false, columns::texts(5, paths(), 0)),
        ("amount", false, columns::prices(6)),
        ("score", false, columns::floats(7)),
        ("referrer", true, columns::small_integers(8, 1 << 30, 2)),
        ("session", false, columns::uuids(9)),
    ];
    let columns = columns.map(|(name, nullable, column)| (name.to_owned(), nullable, column));
    Table::new(rows, columns.into())
}

/// Fifty texts of five to ten bytes.
pub fn countries() -> Vec<String> {
    const STEMS: [&str; 10] = [
        "Alb", "Bor", "Cas", "Dor", "Est", "Fal", "Gran", "Hol", "Isk", "Jar",
    ];
    const ENDS: [&str; 5] = ["ia", "land", "onia", "stan", "mark"];
    STEMS
        .iter()
        .flat_map(|stem| ENDS.iter().map(move |end| format!("{stem}{end}")))
        .collect()
}

/// Paths that share their first parts.
pub fn paths() -> Vec<String> {
    const SECTIONS: [&str; 6] = ["shop", "blog", "help", "account", "search", "news"];
    const KINDS: [&str; 5] = ["item", "page", "list", "topic", "archive"];
    let mut numbers = Numbers::seeded(10);
    (0..PATHS)
        .map(|path| {
            let section = SECTIONS[numbers.below(SECTIONS.len())];
            let kind = KINDS[numbers.below(KINDS.len())];
            format!("/{section}/{kind}/{}/{path}", 2000 + numbers.below(25))
        })
        .collect()
}
