//! What is said of contests.

use crate::arguments::Arguments;
use crate::case::Case;
use crate::contest::{Measured, Results};
use crate::system::System;
use serde_json::json;
use std::fs::File;
use std::io::Write;
use std::path::Path;

/// How much the cost of a value may differ in a series that is called flat.
const FLAT: f64 = 1.25;

/// Rows of a row group.
const ROWS: usize = 1 << 20;

pub struct Report<'a> {
    arguments: &'a Arguments,
    json: Option<File>,
    series: Vec<(Case, Results)>,
}

impl<'a> Report<'a> {
    pub fn new(arguments: &'a Arguments) -> Self {
        let json = arguments.json.as_ref().map(|path| {
            let file = File::options().create(true).append(true).open(path);
            file.unwrap_or_else(|error| panic!("{path:?}: {error}"))
        });
        Self {
            arguments,
            json,
            series: Vec::new(),
        }
    }

    /// How to read what follows.
    pub fn print_heading(&self, directory: &Path) {
        println!(
            "Files: tables at scale {}, each system in a process of its own and in the form that it keeps
tables in. Row groups of 2^20 rows, zstd at level 1, dictionaries of up to 4 MiB by pq, which is its
default, and of 1 MiB by parquet-rs and pyarrow (Polars and fastparquet have no knob), statistics. They go to a
sink that counts: an object of Python for pyarrow, Polars and fastparquet, the null device for DuckDB.
Where it is said they go to files in {}, deleted after each round.
The least time and the least CPU time of {} rounds, of five times as many where pq takes less than 50 ms;
`extra` is the most memory of all rounds, above what was there before.",
            self.arguments.scale,
            directory.display(),
            self.arguments.rounds
        );
        if self.arguments.python.is_none() {
            println!("Without --python there are no peers of Python.");
        }
    }

    /// Prints a contest, and keeps what is to be said at the end.
    pub fn add(&mut self, case: Case, results: Results) {
        print(&case, &results);
        self.write_json(&case, &results);
        if case.series.is_some() {
            self.series.push((case, results));
        }
    }

    fn write_json(&mut self, case: &Case, results: &Results) {
        let Some(file) = &mut self.json else { return };
        let ours = ours(results);
        for measured in results.systems.iter().flatten() {
            let line = json!({
                "case": case.name,
                "system": measured.system.name(),
                "codec": case.write.codec,
                "threads": case.write.threads,
                "seconds": measured.seconds,
                "median": measured.median,
                "cpu_seconds": measured.cpu_seconds,
                "rows": results.table.rows,
                "columns": results.table.columns,
                "input_bytes": results.input_bytes,
                "output_bytes": measured.output_bytes,
                "peak_extra_bytes": measured.peak_extra_bytes,
                "ratio": measured.seconds / ours,
            });
            writeln!(file, "{line}").expect("the JSON file can be written");
        }
    }

    /// Prints what a value costs in the contests of each series, and whether that is the same.
    pub fn print_series(&self) {
        for series in ["rows", "columns"] {
            for system in [System::Pq, System::ParquetRs] {
                let of_series = self.series.iter().filter(|it| it.0.series == Some(series));
                let costs: Vec<(&str, f64)> = of_series
                    .filter_map(|(case, results)| {
                        let mut systems = results.systems.iter().flatten();
                        let measured = systems.find(|it| it.system == system)?;
                        let name = case.name.rsplit(", ").next().unwrap_or(&case.name);
                        Some((name, nanoseconds(measured, results)))
                    })
                    .collect();
                print_costs(series, system, &costs);
            }
        }
    }
}

fn print_costs(series: &str, system: System, costs: &[(&str, f64)]) {
    if costs.len() < 2 {
        return;
    }
    let shown: Vec<String> = costs
        .iter()
        .map(|(name, cost)| format!("{cost:.2} ({name})"))
        .collect();
    let costs = costs.iter().map(|(_, cost)| *cost);
    let most = costs.clone().fold(0.0, f64::max);
    let spread = most / costs.fold(f64::INFINITY, f64::min);
    let verdict = match spread <= FLAT {
        true => "flat",
        false => "not flat",
    };
    println!(
        "\n{series}, {}: ns a value {}; {verdict}: {spread:.2} x between them",
        system.name(),
        shown.join(", ")
    );
}

fn print(case: &Case, results: &Results) {
    let table = results.table;
    println!(
        "\n{} ({} rows, {} columns, {:.1} MB of Arrow)",
        case.name,
        table.rows,
        table.columns,
        results.input_bytes as f64 / 1e6
    );
    println!(
        "  {:<12} {:>9} {:>9} {:>7} {:>9} {:>9} {:>8}",
        "system", "seconds", "median", "ratio", "MB out", "extra MB", "CPU s"
    );
    let ours = ours(results);
    for system in &results.systems {
        match system {
            Ok(measured) => print_system(measured, ours),
            Err(message) => println!("  out: {}", message.lines().next().unwrap_or_default()),
        }
    }
    let row_groups = table.rows.div_ceil(ROWS);
    for measured in results.systems.iter().flatten() {
        match measured.row_groups {
            Some(count) if count != row_groups => println!(
                "  {}: {count} row groups, not {row_groups}",
                measured.system.name()
            ),
            _ => {}
        }
        if let Some(files) = measured.files {
            println!("  {}: {files} files", measured.system.name());
        }
        if measured.system == System::CodecAlone {
            let ratio = ours / measured.seconds;
            println!("  pq takes {ratio:.2} times what the codec alone takes");
        }
        if case.series.is_some() {
            println!(
                "  {}: {:.2} ns a value",
                measured.system.name(),
                nanoseconds(measured, results)
            );
        }
    }
}

fn print_system(measured: &Measured, ours: f64) {
    let extra = match measured.peak_extra_bytes {
        Some(bytes) => format!("{:.1}", bytes as f64 / 1e6),
        None => "?".to_owned(),
    };
    println!(
        "  {:<12} {:>9.4} {:>9.4} {:>7.2} {:>9.2} {:>9} {:>8.3}",
        measured.system.name(),
        measured.seconds,
        measured.median,
        measured.seconds / ours,
        measured.output_bytes as f64 / 1e6,
        extra,
        measured.cpu_seconds
    );
}

/// The seconds of pq.
fn ours(results: &Results) -> f64 {
    let ours = results.systems.iter().flatten();
    let mut ours = ours.filter(|it| it.system == System::Pq);
    ours.next().map_or(f64::NAN, |ours| ours.seconds)
}

fn nanoseconds(measured: &Measured, results: &Results) -> f64 {
    let values = results.table.rows * results.table.columns;
    measured.seconds * 1e9 / values as f64
}
