//! Running a command below `strace`.

use crate::common::Room;
use crate::room::Command;
use std::collections::BTreeMap;
use std::process::Output;

/// What happens at a system call.
#[derive(Debug, Clone, Copy)]
pub enum Fault {
    /// The process is killed before the call is made.
    Kill,
    /// The call fails.
    Error(&'static str),
}

impl Fault {
    /// As `strace` is told, for the `n`-th call of a name.
    pub fn at(self, name: &str, n: usize) -> String {
        match self {
            Self::Kill => format!("{name}:signal=KILL:when={n}"),
            Self::Error(error) => format!("{name}:error={error}:when={n}"),
        }
    }
}

/// Runs the command with a fault.
pub fn run(room: &Room, command: &Command, fault: &str) -> Output {
    let inject = format!("inject={fault}");
    let mut arguments = vec![
        "-f",
        "-o",
        "trace.log",
        "-e",
        "trace=file,desc",
        "-e",
        &inject,
    ];
    arguments.push(env!("CARGO_BIN_EXE_pq"));
    arguments.extend(&command.arguments);
    room.command("strace").args(arguments).output().unwrap()
}

/// How often the command makes each call; `None`, and a line that says so, where there is no
/// `strace`.
pub fn calls(room: &Room, command: &Command) -> Option<BTreeMap<String, usize>> {
    let mut strace = room.command("strace");
    strace.args(["-f", "-o", "trace.log", "-e", "trace=file,desc"]);
    strace
        .arg(env!("CARGO_BIN_EXE_pq"))
        .args(&command.arguments);
    let output = match strace.output() {
        Ok(output) => output,
        Err(error) => return skip(&error.to_string()),
    };
    let log = std::fs::read_to_string(room.path("trace.log")).unwrap_or_default();
    if log.is_empty() {
        return skip(&String::from_utf8_lossy(&output.stderr));
    }
    assert!(output.status.success(), "{}: {output:?}", command.name);
    let mut counts = BTreeMap::new();
    for line in log.lines() {
        // The process comes first.
        let call = line
            .split_once(char::is_whitespace)
            .map_or("", |(_, call)| call.trim_start());
        if let Some((name, _)) = call.split_once('(') {
            *counts.entry(name.to_owned()).or_insert(0) += 1;
        }
    }
    Some(counts)
}

#[allow(clippy::print_stderr, reason = "a test that checks nothing says so")]
fn skip<T>(why: &str) -> Option<T> {
    eprintln!("SKIPPED: strace does not run: {}", why.trim());
    None
}
