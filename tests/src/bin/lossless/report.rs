//! What was found, in numbers.

use std::collections::BTreeMap;
use std::fmt;

/// How many there were of something, and how many came out byte for byte the same.
#[derive(Debug, Default, Clone, Copy)]
pub struct Tally {
    pub all: usize,
    pub identical: usize,
}

impl Tally {
    pub fn add(&mut self, identical: bool) {
        self.all += 1;
        self.identical += usize::from(identical);
    }
}

#[derive(Debug, Default)]
pub struct Report {
    pub files: usize,
    /// Files that are not here, only pointers to them.
    pub absent: usize,
    /// Footers that are encrypted, and those that are signed.
    pub encrypted: usize,
    pub signed: usize,
    /// What each check found, by its name.
    tallies: BTreeMap<&'static str, Tally>,
    /// Why bytes differed, and how often.
    habits: BTreeMap<&'static str, usize>,
    /// Column chunks that are not like the others.
    notes: BTreeMap<&'static str, usize>,
    /// Damaged files that were refused.
    pub refused: Vec<String>,
    pub failures: Vec<String>,
}

impl Report {
    pub fn fail(&mut self, message: String) {
        self.failures.push(message);
    }

    pub fn tally(&mut self, check: &'static str, identical: bool) {
        self.tallies.entry(check).or_default().add(identical);
    }

    pub fn habit(&mut self, habit: &'static str) {
        *self.habits.entry(habit).or_default() += 1;
    }

    pub fn note(&mut self, note: &'static str) {
        *self.notes.entry(note).or_default() += 1;
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} files, {} footers encrypted, {} signed, {} files absent",
            self.files, self.encrypted, self.signed, self.absent
        )?;
        for (check, tally) in &self.tallies {
            let Tally { all, identical } = tally;
            writeln!(f, "{all:>8} {check}, {identical} byte for byte the same")?;
        }
        for (habit, count) in &self.habits {
            writeln!(f, "{count:>8} differ for: {habit}")?;
        }
        for (note, count) in &self.notes {
            writeln!(f, "{count:>8} column chunks {note}")?;
        }
        for refused in &self.refused {
            writeln!(f, "refused: {refused}")?;
        }
        for failure in &self.failures {
            writeln!(f, "FAILED: {failure}")?;
        }
        Ok(())
    }
}
