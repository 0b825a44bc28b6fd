//! Time, CPU time and memory of this process.

use crate::protocol::Written;
use rustix::time::{ClockId, Timespec, clock_gettime};
use std::fs;
use std::time::Instant;

/// What was before the work.
pub struct Measure {
    resident: Option<u64>,
    cpu_seconds: f64,
    start: Instant,
}

impl Measure {
    pub fn start() -> Self {
        // The high-water mark of memory falls to what is in use.
        let is_reset = fs::write("/proc/self/clear_refs", "5").is_ok();
        Self {
            resident: is_reset.then(|| status("VmRSS:")).flatten(),
            cpu_seconds: cpu_seconds(),
            start: Instant::now(),
        }
    }

    pub fn stop(self, output_bytes: u64) -> Written {
        let seconds = self.start.elapsed().as_secs_f64();
        let cpu_seconds = cpu_seconds() - self.cpu_seconds;
        let peak = self.resident.and_then(|before| {
            let peak = status("VmHWM:")?;
            Some(peak.saturating_sub(before))
        });
        Written {
            seconds,
            cpu_seconds,
            output_bytes: Some(output_bytes),
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
