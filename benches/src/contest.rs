//! Contestants run in turns, so that what else the machine does hits them all alike.

use std::fmt::Write;
use std::time::Instant;

/// How often each contestant runs.
const ROUNDS: usize = 15;

/// How long a run is at least, in seconds.
const RUN: f64 = 0.004;

type Run<'a> = Box<dyn FnMut() + 'a>;

/// Contestants over the same input.
pub struct Contest<'a> {
    name: String,
    values: usize,
    contestants: Vec<(&'static str, Run<'a>)>,
}

impl<'a> Contest<'a> {
    /// A contest over an input of so many values.
    pub fn new(name: impl Into<String>, values: usize) -> Self {
        Self {
            name: name.into(),
            values,
            contestants: Vec::new(),
        }
    }

    /// What it is about.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Adds a contestant; the first one is ours.
    pub fn with(mut self, name: &'static str, run: impl FnMut() + 'a) -> Self {
        self.contestants.push((name, Box::new(run)));
        self
    }

    /// Runs all in turns and returns a line: the speed of each at its fastest, and how many times
    /// faster than the fastest peer ours is.
    pub fn run(mut self) -> String {
        let repeats: Vec<usize> = self
            .contestants
            .iter_mut()
            .map(|(_, run)| {
                let mut repeats = 1;
                loop {
                    let start = Instant::now();
                    (0..repeats).for_each(|_| run());
                    if start.elapsed().as_secs_f64() > RUN {
                        return repeats;
                    }
                    repeats *= 2;
                }
            })
            .collect();
        let mut fastest = vec![f64::INFINITY; self.contestants.len()];
        for _ in 0..ROUNDS {
            for (((_, run), repeats), fastest) in
                self.contestants.iter_mut().zip(&repeats).zip(&mut fastest)
            {
                let start = Instant::now();
                (0..*repeats).for_each(|_| run());
                *fastest = fastest.min(start.elapsed().as_secs_f64() / *repeats as f64);
            }
        }
        let mut line = format!("{:<34}", self.name);
        for ((name, _), seconds) in self.contestants.iter().zip(&fastest) {
            let speed = self.values as f64 / seconds / 1e6;
            let _ = write!(line, " {name} {speed:>7.0} M/s ");
        }
        let peer = fastest
            .iter()
            .skip(1)
            .copied()
            .fold(f64::INFINITY, f64::min);
        let _ = write!(line, "  {:.2} x", peer / fastest[0]);
        line
    }
}
