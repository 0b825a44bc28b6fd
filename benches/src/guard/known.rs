//! The counts that were accepted: a name and a count on each line of `guard.txt`.

use std::fs;
use std::process::Command;

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

/// What moves counts though pq is the same.
pub fn tools() -> Result<String, String> {
    let version = |program: &str| {
        let output = Command::new(program).arg("--version").output();
        let output = output.map_err(|error| format!("{program}: {error}"))?;
        let shown = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        Ok::<_, String>(shown)
    };
    let (rustc, valgrind) = (version("rustc")?, version("valgrind")?);
    Ok(format!("# {rustc}, {valgrind}"))
}

/// The tools that the counts were made with.
pub fn tools_of_counts() -> Result<String, String> {
    let text = fs::read_to_string(PATH).map_err(|error| format!("{PATH}: {error}"))?;
    let mut lines = text.lines().filter(|line| line.starts_with('#'));
    Ok(lines.next_back().unwrap_or_default().to_owned())
}

/// Puts these in their place.
pub fn write(counts: &[(String, u64)]) -> Result<(), String> {
    let mut text = format!(
        "# Instructions of each case, x86-64 with AVX2: `cargo xtask bench --guard --accept`\n{}\n",
        tools()?
    );
    for (name, count) in counts {
        text += &format!("{name} {count}\n");
    }
    fs::write(PATH, text).map_err(|error| format!("{PATH}: {error}"))
}
