//! The binary `pq`: writes, shows and checks Parquet files and data sets from a terminal.

mod args;
mod change;
mod error;
mod input;
mod inspect;
mod panics;
mod place;
mod progress;
mod report;
mod rewrite;
mod verify;
mod widen;
mod write;

use args::{Cli, Command, MetadataCommand};
use clap::Parser;
use pq_dataset::{Existing, Summary};
use std::io::{Write, stderr};
use std::process::ExitCode;

fn main() -> ExitCode {
    panics::silence();
    let cli = Cli::parse();
    let outcome = panics::caught(|| match &cli.command {
        Command::Write(args) => write::run(&args.rows, args.existing()),
        Command::Append(rows) => write::run(rows, Existing::Append),
        Command::Overwrite(rows) => write::run(rows, Existing::OverwritePartitions),
        Command::Remove(args) => change::remove(args),
        Command::Merge(args) => change::merge(args),
        Command::Compact(args) => change::compact(args),
        Command::Recover(args) => change::recover(args),
        Command::Sort(args) => change::sort(args),
        Command::Metadata(args) => match &args.command {
            MetadataCommand::Set(args) => change::set_metadata(args),
        },
        Command::Inspect(args) => inspect::run(args),
        Command::Verify(args) => verify::run(args),
    });
    match outcome {
        Ok(Ok(())) => return ExitCode::SUCCESS,
        Ok(Err(error)) => tell("error", &error::one_line(&error)),
        Err(panic) => tell("error", &format!("internal error: {panic}")),
    }
    ExitCode::FAILURE
}

/// Says what failed after a commit.
fn warn(summary: &Summary) {
    for warning in &summary.warnings {
        tell("warning", warning);
    }
}

/// Writes a line to standard error; where that is closed there is nobody to tell.
fn tell(kind: &str, text: &str) {
    let _ = writeln!(stderr(), "pq: {kind}: {}", error::plain_line(text));
}
