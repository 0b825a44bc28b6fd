//! A server that runs.

use std::fmt;
use std::fs::{self, File};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use super::install::Installed;
use super::kind::Kind;
use crate::process::{Outcome, command, root};

/// How often another one is started where the first ends before it is ready: somebody else may
/// have taken one of its ports.
const TRIES: usize = 3;

/// A server that runs until this is dropped. Where this process dies before that, its guard
/// notices, and stops it all the same.
#[derive(Debug)]
pub struct Server {
    kind: Kind,
    guard: Child,
    log: PathBuf,
    url: String,
    options: Vec<(&'static str, String)>,
}

/// Why a server is not ready.
enum Failure {
    /// It ended by itself.
    Ended(String),
    Other(String),
}

impl From<String> for Failure {
    fn from(reason: String) -> Self {
        Self::Other(reason)
    }
}

impl Server {
    /// Starts a server on free ports and waits until a bucket can be written to.
    pub fn start(kind: Kind, installed: &Installed) -> Outcome<Self> {
        let mut tries = 1;
        loop {
            match Self::try_start(kind, installed) {
                Ok(server) => return Ok(server),
                Err(Failure::Ended(_)) if tries < TRIES => tries += 1,
                Err(Failure::Ended(reason) | Failure::Other(reason)) => return Err(reason),
            }
        }
    }

    fn try_start(kind: Kind, installed: &Installed) -> Result<Self, Failure> {
        let ports = free_ports(kind.ports())
            .map_err(|error| format!("{}: no free port: {error}", kind.name()))?;
        let launch = kind.launch(installed, &ports);
        let scripts = root().join("tests/servers");
        let (log, output) = log(kind)?;
        let mut guard = command(installed.python());
        guard.arg(scripts.join("guard.py"));
        for file in &launch.leaves {
            guard.arg("--remove").arg(file);
        }
        guard
            .arg("--")
            .args(&launch.command)
            .envs(launch.environment);
        guard.stdin(Stdio::piped());
        let errors = output.try_clone();
        let errors = errors.map_err(|error| format!("{}: {error}", log.display()))?;
        guard.stdout(output).stderr(errors);
        // Ctrl-C is not for the guard: it goes when the last server is not needed any more.
        guard.process_group(0);
        let guard = guard
            .spawn()
            .map_err(|error| format!("{}: cannot start its guard: {error}", kind.name()))?;
        let mut server = Self {
            kind,
            guard,
            log,
            url: launch.url,
            options: launch.options,
        };
        let mut ready = command(installed.python());
        ready.arg(scripts.join("ready.py")).arg(server.place());
        ready.stdin(Stdio::null()).stderr(Stdio::piped());
        let ready = ready
            .spawn()
            .map_err(|error| format!("{}: cannot wait for it: {error}", kind.name()))?;
        server.wait_until(ready)?;
        Ok(server)
    }

    /// Waits until `ready` ends well.
    fn wait_until(&mut self, mut ready: Child) -> Result<(), Failure> {
        let name = self.kind.name();
        let cannot = |error| format!("{name}: cannot wait for it: {error}");
        while ready.try_wait().map_err(cannot)?.is_none() {
            if let Err(reason) = self.still_runs() {
                let _ = ready.kill();
                let _ = ready.wait();
                return Err(Failure::Ended(reason));
            }
            thread::sleep(Duration::from_millis(20));
        }
        let output = ready.wait_with_output().map_err(cannot)?;
        if output.status.success() {
            return Ok(());
        }
        let reason = String::from_utf8_lossy(&output.stderr).into_owned();
        Err(Failure::Other(self.failed(&reason)))
    }

    /// An error if the server has ended by itself.
    pub fn still_runs(&mut self) -> Outcome {
        match self.guard.try_wait() {
            Ok(None) => Ok(()),
            Ok(Some(status)) => Err(self.failed(&format!("it has ended, {status}"))),
            Err(error) => Err(self.failed(&error.to_string())),
        }
    }

    /// The name of the environment variable that says where the server is.
    pub fn variable(&self) -> String {
        format!("PQ_STORE_{}", self.kind.name().to_uppercase())
    }

    /// Where the server is: a JSON object with `url` and `options`, as `pq_store` takes them.
    pub fn place(&self) -> String {
        let options = self.options.iter();
        let options: serde_json::Map<_, _> = options
            .map(|(key, value)| ((*key).to_owned(), value.as_str().into()))
            .collect();
        serde_json::json!({"url": self.url, "options": options}).to_string()
    }

    fn failed(&self, reason: &str) -> String {
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        let end = lines.get(lines.len().saturating_sub(20)..);
        let end = end.unwrap_or_default().join("\n");
        format!("{}: {reason}\n{end}", self.kind.name())
    }
}

/// A line with the URL and the options.
impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<9} {}", self.kind.name(), self.url)?;
        for (key, value) in &self.options {
            write!(f, " {key}={value}")?;
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The guard waits for the end of its input, and ends when nothing is left.
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
    }
}

fn free_ports(count: usize) -> std::io::Result<Vec<u16>> {
    // All are held until the last one is known: no port comes twice.
    let listeners: std::io::Result<Vec<TcpListener>> = (0..count)
        .map(|_| TcpListener::bind(("127.0.0.1", 0)))
        .collect();
    let addresses = listeners?.into_iter();
    addresses
        .map(|listener| Ok(listener.local_addr()?.port()))
        .collect()
}

fn log(kind: Kind) -> Outcome<(PathBuf, File)> {
    let folder = root().join("target/servers");
    let log = folder.join(format!("{}.log", kind.name()));
    let open = || {
        fs::create_dir_all(&folder)?;
        File::create(&log)
    };
    let file = open().map_err(|error| format!("{}: {error}", log.display()))?;
    Ok((log, file))
}
