//! Instructions of one function, counted by valgrind: the same in every run, whatever else the
//! machine does.

use std::process::Command;

/// The function whose instructions count, with all that it calls. `*` stands for its path.
const MEASURED: &str = "*guard::cases::measured*";

/// The cases, one after the other, with their counts.
pub fn counts<'n>(
    names: &'n [&'n str],
) -> impl Iterator<Item = Result<(&'n str, u64), String>> + 'n {
    names.iter().map(|name| Ok((*name, count(name)?)))
}

fn count(name: &str) -> Result<u64, String> {
    let binary = std::env::current_exe().map_err(|error| error.to_string())?;
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(format!("--toggle-collect={MEASURED}"))
        .arg(binary)
        .args(["--case", name])
        .output()
        .map_err(|error| format!("valgrind: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("{name}: {}\n{said}", output.status));
    }
    let collected = said
        .lines()
        .find_map(|line| line.split_once("Collected : "))
        .and_then(|(_, count)| count.trim().parse().ok());
    match collected {
        Some(count) if count > 0 => Ok(count),
        _ => Err(format!("{name}: callgrind counted nothing\n{said}")),
    }
}
