//! Which contests run, and what is said of them.

use crate::contest::{Contest, Fastest};
use std::fs::File;
use std::io::Write;

/// The contests that are wanted, and those that ran.
pub struct Report {
    wanted: Vec<String>,
    json: Option<File>,
    ran: Vec<Ran>,
}

struct Ran {
    family: &'static str,
    case: String,
    ratio: f64,
}

/// A contest that is wanted.
pub struct Entry<'r> {
    report: &'r mut Report,
    family: &'static str,
    case: String,
}

impl Report {
    /// A report on the contests whose names hold one of `wanted`, or on all if there is none.
    /// Each contestant becomes a line of `json`.
    pub fn new(wanted: Vec<String>, json: Option<File>) -> Self {
        Self {
            wanted,
            json,
            ran: Vec::new(),
        }
    }

    /// Whether a contest is to run: one of a family of contests, over one kind of values.
    pub fn entry(&mut self, family: &'static str, case: impl Into<String>) -> Option<Entry<'_>> {
        let case = case.into();
        self.wants(&name(family, &case)).then_some(Entry {
            report: self,
            family,
            case,
        })
    }

    /// Whether its name was asked for.
    pub fn wants(&self, name: &str) -> bool {
        self.wanted.is_empty() || self.wanted.iter().any(|wanted| name.contains(wanted))
    }

    /// Prints how many contests each family had, and which one of them we won by least.
    pub fn print_summary(&self) {
        if self.ran.is_empty() {
            return;
        }
        let mut families: Vec<&str> = Vec::new();
        for ran in &self.ran {
            if !families.contains(&ran.family) {
                families.push(ran.family);
            }
        }
        println!(
            "\n{} contests; the lowest ratio of each family:",
            self.ran.len()
        );
        for family in families {
            let ran = self.ran.iter().filter(|ran| ran.family == family);
            let count = ran.clone().count();
            if let Some(lowest) = ran.min_by(|a, b| a.ratio.total_cmp(&b.ratio)) {
                println!(
                    "{family:<32} {count:>3}  {:>6.2} x  {}",
                    lowest.ratio, lowest.case
                );
            }
        }
    }
}

impl Entry<'_> {
    /// Runs the contest and prints a line: the speed of each contestant, and how many times
    /// faster than the fastest peer we are.
    pub fn run<O>(self, contest: Contest<'_, O>) {
        let Self {
            report,
            family,
            case,
        } = self;
        let name = name(family, &case);
        let values = contest.values() as f64;
        let fastest = contest.run();
        let ours = fastest.first().map_or(f64::NAN, |ours| ours.seconds);
        let mut line = format!("{name:<60}");
        for Fastest { system, seconds } in &fastest {
            line += &format!(" {system} {:>7.1} M/s ", values / seconds / 1e6);
            if let Some(json) = &mut report.json {
                let speed = values / seconds;
                let ratio = seconds / ours;
                let line = format!(
                    r#"{{"case":"{name}","system":"{system}","values_per_second":{speed:.0},"ratio":{ratio:.3}}}"#
                );
                writeln!(json, "{line}").expect("the JSON file can be written");
            }
        }
        // What else is ours is for comparison only.
        let peers = fastest.iter().filter(|one| !one.system.starts_with("pq"));
        let peers = peers.map(|peer| peer.seconds);
        let ratio = peers.fold(f64::INFINITY, f64::min) / ours;
        println!("{line}  {ratio:.2} x");
        report.ran.push(Ran {
            family,
            case,
            ratio,
        });
    }
}

fn name(family: &str, case: &str) -> String {
    format!("{family}, {case}")
}
