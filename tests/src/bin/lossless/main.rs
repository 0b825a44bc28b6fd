//! Whether the metadata of files survives: `lossless [--damaged] PATH...`
//!
//! Every Parquet file below the paths has its footer, page headers, page indexes and Bloom filter
//! headers read, written and read again, and its footer edited there and back. What comes out must
//! be equal, and where its bytes differ the reason must be one that loses nothing. Files below a
//! path that stands after `--damaged` may be refused, cleanly and soon.
#![allow(clippy::print_stdout, reason = "the counts are what it is for")]

mod files;
mod footer;
mod modules;
mod report;
mod wire;

use report::Report;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// How long a damaged file may take.
const SOON: Duration = Duration::from_millis(100);

fn main() -> ExitCode {
    let mut report = Report::default();
    let mut damaged = false;
    for argument in std::env::args_os().skip(1) {
        if argument == "--damaged" {
            damaged = true;
            continue;
        }
        let before = report.files + report.absent;
        if let Err(error) = files::find(Path::new(&argument), &mut |path| {
            check(path, damaged, &mut report);
        }) {
            report.fail(format!("{}: {error}", Path::new(&argument).display()));
        }
        if report.files + report.absent == before {
            let path = Path::new(&argument).display();
            report.fail(format!("{path}: no Parquet files"));
        }
    }
    if report.files + report.absent == 0 && report.failures.is_empty() {
        report.fail("lossless [--damaged] PATH...".to_owned());
    }
    print!("{report}");
    if report.failures.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn check(path: &Path, damaged: bool, report: &mut Report) {
    let name = path.display();
    let file = match std::fs::read(path) {
        Ok(file) => file,
        Err(error) => return report.fail(format!("{name}: {error}")),
    };
    if files::is_pointer(&file) {
        report.absent += 1;
        return;
    }
    report.files += 1;
    let begun = Instant::now();
    let outcome = catch_unwind(AssertUnwindSafe(|| footer::check(&file, report)));
    let taken = begun.elapsed();
    match outcome {
        Err(_) => report.fail(format!("{name}: panicked")),
        Ok(Err(error)) if damaged => report.refused.push(format!("{name}: {error}")),
        Ok(Err(error)) => report.fail(format!("{name}: {error}")),
        Ok(Ok(())) => {}
    }
    if damaged && taken > SOON {
        report.fail(format!("{name}: took {} ms", taken.as_millis()));
    }
}
