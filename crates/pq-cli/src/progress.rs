//! The progress bar.

use indicatif::{HumanCount, ProgressBar, ProgressState, ProgressStyle};
use std::fmt::Write;
use std::io::{IsTerminal, stderr};

const TEMPLATE: &str = "{bar:32} {human_pos}/{human_len} rows, {rate} a second, {eta} left";

/// A bar of rows on standard error, or nothing where that is no terminal.
#[derive(Debug)]
pub struct Progress(ProgressBar);

impl Progress {
    /// A bar for `total` rows; hidden if it is not `wanted` or nobody could see it.
    pub fn new(total: u64, wanted: bool) -> Self {
        if !wanted || !stderr().is_terminal() {
            return Self(ProgressBar::hidden());
        }
        let bar = ProgressBar::new(total);
        match ProgressStyle::with_template(TEMPLATE) {
            Ok(style) => Self(bar.with_style(style.with_key("rate", rate))),
            Err(_) => Self(bar),
        }
    }

    /// `rows` more rows are done.
    pub fn add(&self, rows: u64) {
        self.0.inc(rows);
    }
}

fn rate(state: &ProgressState, out: &mut dyn Write) {
    // What cannot be drawn is not worth an error.
    let _ = write!(out, "{}", HumanCount(state.per_sec() as u64));
}

impl Drop for Progress {
    /// Takes the bar off the terminal, so that errors and reports stand alone.
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
