//! `files [NAME…]`: whole files by pq and its peers, each in a process of its own that holds the
//! same table in memory. Contests whose name holds a NAME run, or all.

mod arguments;
mod case;
mod check;
mod contest;
mod inputs;
mod protocol;
mod report;
mod system;
mod worker;

use arguments::{Arguments, Task};
use case::{Case, Place};
use report::Report;
use std::fs;

fn main() {
    match arguments::parse(std::env::args().skip(1)) {
        Ok(Task::Work(system)) => worker::serve(system),
        Ok(Task::List(arguments)) => wanted(&arguments)
            .iter()
            .for_each(|case| println!("{}", case.name)),
        Ok(Task::Run(arguments)) => run(&arguments),
        Err(message) => {
            eprintln!("{message}");
            std::process::exit(1);
        }
    }
}

fn run(arguments: &Arguments) {
    let mut report = Report::new(arguments);
    let cases = wanted(arguments);
    if !cases.is_empty() {
        report.print_heading(&check::directory(Place::Memory));
    }
    for case in cases {
        let directory = check::directory(case.to);
        fs::create_dir_all(&directory).unwrap_or_else(|error| panic!("{directory:?}: {error}"));
        let results = contest::run(&case, arguments, &directory);
        // Files are deleted one by one; what else is there is not ours.
        let _ = fs::remove_dir(&directory);
        report.add(case, results);
    }
    report.print_series();
}

fn wanted(arguments: &Arguments) -> Vec<Case> {
    let mut cases = case::all(arguments.scale, arguments.long);
    cases.retain(|case| arguments.wants(&case.name));
    cases
}
