//! `guard`: how many instructions pq takes for small tables, counted by callgrind and compared with
//! those of `guard.txt`.
//!
//!     guard             counts, and fails if a case takes over 5 % more
//!     guard --accept    counts, and writes `guard.txt`
//!     guard --case NAME does the work of a case once: what callgrind runs

mod callgrind;
mod cases;
mod known;

use std::process::ExitCode;

/// How much more a case may take.
const MOST: f64 = 1.05;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments[..] {
        [] => compare(),
        ["--accept"] => accept(),
        ["--case", name] => cases::run(name),
        _ => Err("guard [--accept]".to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn accept() -> Result<(), String> {
    let counts: Vec<(String, u64)> = callgrind::counts(cases::NAMES)
        .map(|counted| {
            let (name, count) = counted?;
            println!("{name:<24} {count:>13}");
            Ok((name.to_owned(), count))
        })
        .collect::<Result<_, String>>()?;
    known::write(&counts)
}

fn compare() -> Result<(), String> {
    let known = known::read()?;
    let (now, then) = (known::tools()?, known::tools_of_counts()?);
    if now != then {
        println!("other tools may count otherwise:\n{now}\n{then}");
    }
    let mut failed = Vec::new();
    for counted in callgrind::counts(cases::NAMES) {
        let (name, count) = counted?;
        let Some((_, before)) = known.iter().find(|(known, _)| known == name) else {
            println!("{name:<24} {count:>13}  not known");
            failed.push(name);
            continue;
        };
        let ratio = count as f64 / *before as f64;
        println!("{name:<24} {count:>13}  {:>+6.2} %", (ratio - 1.0) * 100.0);
        if ratio > MOST {
            failed.push(name);
        }
    }
    if failed.is_empty() {
        return Ok(());
    }
    Err(format!(
        "over 5 % more instructions, or not known: {}\nif they are worth it: cargo xtask bench --guard --accept",
        failed.join(", ")
    ))
}
