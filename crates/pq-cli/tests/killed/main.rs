//! `pq` is killed at each system call that may change something, the disk gives errors, and is full:
//! what is there is what was there before or what is to be, and the command can be given again.
//!
//! Where `strace` is not installed, or a small disk cannot be mounted, the tests say so and check
//! nothing.

#[path = "../common/mod.rs"]
mod common;
mod full;
mod room;
mod trace;

use room::{Command, Scene, commands};
use trace::{Fault, calls};

/// What changes something, or makes it durable. A file that is created is written to next.
const CALLS: &[&str] = &[
    "write",
    "pwrite64",
    "copy_file_range",
    "fsync",
    "fdatasync",
    "rename",
    "renameat",
    "renameat2",
    "link",
    "linkat",
    "unlink",
    "unlinkat",
    "mkdir",
    "mkdirat",
    "rmdir",
    "fchmod",
    "ftruncate",
    "fallocate",
];

/// Runs a command again and again, with a fault at one call after the other.
fn at_each_call(command: &Command, names: &[&str], fault: Fault) {
    let scene = Scene::new(command);
    let Some(counts) = calls(&scene.copy(), command) else {
        return;
    };
    let mut runs = 0;
    for name in names {
        for n in 1..=counts.get(*name).copied().unwrap_or(0) {
            let room = scene.copy();
            let output = trace::run(&room, command, &fault.at(name, n));
            scene.check(&room, command, &output, &format!("{name} {n}"));
            runs += 1;
        }
    }
    assert!(runs >= 3, "{}: {counts:?}", command.name);
}

#[test]
fn writers_are_killed_at_any_call() {
    for command in commands().iter().filter(|command| command.writes_rows()) {
        at_each_call(command, CALLS, Fault::Kill);
    }
}

#[test]
fn changes_are_killed_at_any_call() {
    for command in commands().iter().filter(|command| !command.writes_rows()) {
        at_each_call(command, CALLS, Fault::Kill);
    }
}

#[test]
fn disk_errors_at_any_sync_or_write() {
    for command in commands() {
        let calls = [
            "fsync",
            "fdatasync",
            "copy_file_range",
            "renameat2",
            "renameat",
            "rename",
        ];
        at_each_call(&command, &calls, Fault::Error("EIO"));
    }
}

#[test]
fn a_full_disk() {
    for command in commands() {
        full::at_each_size(&command);
    }
}
