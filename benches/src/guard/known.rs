//! The counts that were accepted: a name and a count on each line of `guard.txt`.

use std::fs;

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/guard.txt");

/// Names with their counts.
pub fn read() -> Result<Vec<(String, u64)>, String> {
    let text = fs::read_to_string(PATH).map_err(|error| format!("{PATH}: {error}"))?;
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let (name, count) = line.rsplit_once(' ').ok_or("not a name and a count")?;
            let count = count.parse().map_err(|_| "not a count")?;
            Ok((name.to_owned(), count))
        })
        .collect::<Result<_, &str>>()
        .map_err(|error| format!("{PATH}: {error}"))
}

/// Puts these in their place.
pub fn write(counts: &[(String, u64)]) -> Result<(), String> {
    let mut text = "# Instructions of each case of the guard, x86-64 with AVX2; \
         written by `cargo xtask bench --guard --accept`.\n"
        .to_owned();
    for (name, count) in counts {
        text += &format!("{name} {count}\n");
    }
    fs::write(PATH, text).map_err(|error| format!("{PATH}: {error}"))
}
