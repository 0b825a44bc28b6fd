//! Contestants run in turns, so that what else the machine does hits them all alike.

use std::hint::black_box;
use std::time::Instant;

/// How often each contestant runs.
const ROUNDS: usize = 150;

/// How often a contestant runs at least, if a run takes long.
const FEWEST_ROUNDS: usize = 5;

/// How long all rounds may take, in seconds, if that is not fewer than the fewest.
const PATIENCE: f64 = 10.0;

/// How long a run is at least, in seconds.
const RUN: f64 = 0.000_5;

/// What a contestant calls at the end of each run, with a way to see its result. The result
/// is looked at before the timing only.
pub type Done<'d, O> = &'d mut dyn FnMut(&dyn Fn() -> O);

type Run<'a, O> = Box<dyn FnMut(Done<'_, O>) + 'a>;

/// Contestants that do the same work: from the same values to results that pass one check.
pub struct Contest<'a, O> {
    values: usize,
    check: Box<dyn Fn(O) + 'a>,
    contestants: Vec<(&'static str, Run<'a, O>)>,
}

/// A contestant's fastest run.
pub struct Fastest {
    /// Whose it was.
    pub system: &'static str,
    /// How long one run over all values took.
    pub seconds: f64,
}

impl<'a, O> Contest<'a, O> {
    /// A contest over so many values. `check` panics if a result is not right.
    pub fn new(values: usize, check: impl Fn(O) + 'a) -> Self {
        Self {
            values,
            check: Box::new(check),
            contestants: Vec::new(),
        }
    }

    /// Adds a contestant; the first one is ours.
    pub fn with(mut self, system: &'static str, run: impl FnMut(Done<'_, O>) + 'a) -> Self {
        self.contestants.push((system, Box::new(run)));
        self
    }

    /// Adds a contestant that fills a slice of `len` values, the same one in each run.
    pub fn fills<T>(self, system: &'static str, len: usize, run: impl Fn(&mut [T]) + 'a) -> Self
    where
        T: Clone + Default + 'a,
        O: From<Vec<T>>,
    {
        let mut out = vec![T::default(); len];
        self.with(system, move |done| {
            run(&mut out);
            done(&|| out.clone().into());
        })
    }

    /// Adds a contestant that appends to a `Vec` which is emptied before.
    pub fn appends(self, system: &'static str, run: impl Fn(&mut Vec<u8>) + 'a) -> Self
    where
        O: From<Vec<u8>>,
    {
        let mut out = Vec::new();
        self.with(system, move |done| {
            out.clear();
            run(&mut out);
            done(&|| out.clone().into());
        })
    }

    /// How many values a run takes.
    pub fn values(&self) -> usize {
        self.values
    }

    /// Checks all results, then runs all in turns and returns the fastest run of each.
    pub fn run(mut self) -> Vec<Fastest> {
        for (_, run) in &mut self.contestants {
            // A second time, because what the first run left behind is used again.
            for _ in 0..2 {
                let mut results = 0;
                run(&mut |result| {
                    results += 1;
                    (self.check)(result());
                });
                assert_eq!(results, 1, "each run has one result");
            }
        }
        let repeats: Vec<usize> = self
            .contestants
            .iter_mut()
            .map(|(_, run)| repeats_of(run))
            .collect();
        let mut fastest = vec![f64::INFINITY; self.contestants.len()];
        let start = Instant::now();
        for round in 0..ROUNDS {
            if round >= FEWEST_ROUNDS && start.elapsed().as_secs_f64() > PATIENCE {
                break;
            }
            for (((_, run), repeats), fastest) in
                self.contestants.iter_mut().zip(&repeats).zip(&mut fastest)
            {
                *fastest = fastest.min(seconds(run, *repeats) / *repeats as f64);
            }
        }
        self.contestants
            .into_iter()
            .zip(fastest)
            .map(|((system, _), seconds)| Fastest { system, seconds })
            .collect()
    }
}

/// How often it is to be repeated to run long enough.
fn repeats_of<O>(run: &mut Run<'_, O>) -> usize {
    let mut repeats = 1;
    loop {
        let elapsed = seconds(run, repeats);
        if elapsed > RUN / 4.0 {
            return (repeats as f64 * RUN / elapsed).ceil() as usize;
        }
        repeats *= 2;
    }
}

fn seconds<O>(run: &mut Run<'_, O>, repeats: usize) -> f64 {
    let start = Instant::now();
    for _ in 0..repeats {
        run(&mut |result| {
            black_box(result);
        });
    }
    start.elapsed().as_secs_f64()
}
