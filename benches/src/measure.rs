//! Time, CPU time and memory of this process.

use rustix::time::{ClockId, Timespec, clock_gettime};
use std::fs;
use std::time::Instant;

/// What some work took.
#[derive(Debug, Clone, Copy)]
pub struct Used {
    /// By the clock.
    pub seconds: f64,
    /// Of the whole process, on all threads.
    pub cpu_seconds: f64,
    /// The most memory of the process, above what it had before; if the machine tells it.
    pub peak_extra_bytes: Option<u64>,
}

/// What was before the work.
#[derive(Debug)]
pub struct Measure {
    resident: Option<u64>,
    cpu_seconds: f64,
    start: Instant,
}

impl Measure {
    /// The work begins.
    pub fn start() -> Self {
        // The high-water mark of memory falls to what is in use.
        let is_reset = fs::write("/proc/self/clear_refs", "5").is_ok();
        Self {
            resident: is_reset.then(|| status("VmRSS:")).flatten(),
            cpu_seconds: cpu_seconds(),
            start: Instant::now(),
        }
    }

    /// The work is done.
    pub fn stop(self) -> Used {
        let seconds = self.start.elapsed().as_secs_f64();
        let cpu_seconds = cpu_seconds() - self.cpu_seconds;
        let peak = self.resident.and_then(|before| {
            let peak = status("VmHWM:")?;
            Some(peak.saturating_sub(before))
        });
        Used {
            seconds,
            cpu_seconds,
            peak_extra_bytes: peak,
        }
    }
}

fn cpu_seconds() -> f64 {
    let Timespec { tv_sec, tv_nsec } = clock_gettime(ClockId::ProcessCPUTime);
    tv_sec as f64 + tv_nsec as f64 / 1e9
}

/// Bytes that a line of the status states.
fn status(name: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kibibytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kibibytes * 1024)
}
