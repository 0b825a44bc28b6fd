//! A disk of a few pages, on which one command after the other finds less room than it needs.

use crate::common::Room;
use crate::room::{Command, Scene};
use std::process;

/// Bytes of a page, which a file of a `tmpfs` has one of at least.
const PAGE: usize = 4096;

/// A small file system, unmounted when it is dropped.
struct Disk(Room);

impl Disk {
    /// `None`, and a line that says so, where nothing may be mounted.
    fn new(pages: usize) -> Option<Self> {
        let room = Room::new();
        let size = format!("size={},nr_inodes=1000", pages * PAGE);
        let mut mount = process::Command::new("mount");
        mount
            .args(["-t", "tmpfs", "-o", &size, "none"])
            .arg(room.root());
        match mount.output() {
            Ok(output) if output.status.success() => Some(Self(room)),
            Ok(output) => skip(&String::from_utf8_lossy(&output.stderr)),
            Err(error) => skip(&error.to_string()),
        }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // What stays mounted goes with the machine.
        let _ = process::Command::new("umount").arg(self.0.root()).status();
    }
}

/// Runs a command on a disk that has room for what is there, then for a page more, and so on until
/// it succeeds.
pub fn at_each_size(command: &Command) {
    let scene = Scene::new(command);
    let Some(large) = Disk::new(1000) else {
        return;
    };
    scene.copy_to(large.0.root());
    let used = used(&large.0);
    drop(large);
    for more in 0..200 {
        let Some(disk) = Disk::new(used + more) else {
            return;
        };
        scene.copy_to(disk.0.root());
        let output = disk.0.pq(&command.arguments);
        if output.status.success() {
            assert!(more > 0, "{} needs no room", command.name);
            return;
        }
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            said.contains("No space left") || said.contains("full"),
            "{}: {said}",
            command.name
        );
        // Then there is room.
        let remount = ["-o", "remount,size=4m"];
        let mut mount = process::Command::new("mount");
        assert!(
            mount
                .args(remount)
                .arg(disk.0.root())
                .status()
                .unwrap()
                .success()
        );
        scene.check(&disk.0, command, &output, &format!("{more} pages"));
    }
    panic!("{}: no disk is large enough", command.name);
}

/// Pages that are in use.
fn used(room: &Room) -> usize {
    let mut df = process::Command::new("df");
    df.args(["--output=used", "-B4096"]).arg(room.root());
    let output = df.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().nth(1).unwrap().trim().parse().unwrap()
}

#[allow(clippy::print_stderr, reason = "a test that checks nothing says so")]
fn skip<T>(why: &str) -> Option<T> {
    eprintln!("SKIPPED: no small disk can be mounted: {}", why.trim());
    None
}
