//! What `pq write` prints at the end.

use pq_dataset::Summary;
use std::fmt;
use std::time::Duration;

/// What was written, and from what.
#[derive(Debug)]
pub struct WriteReport {
    /// What was written.
    pub summary: Summary,
    /// Bytes of the input.
    pub bytes_in: u64,
    /// How long it took.
    pub elapsed: Duration,
}

impl fmt::Display for WriteReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let summary = &self.summary;
        writeln!(f, "rows        {}", summary.rows)?;
        if summary.dropped > 0 {
            writeln!(f, "dropped     {}", summary.dropped)?;
        }
        writeln!(f, "row groups  {}", summary.row_groups)?;
        writeln!(f, "files       {}", summary.files)?;
        writeln!(f, "bytes in    {}", self.bytes_in)?;
        writeln!(f, "bytes out   {}", summary.bytes)?;
        if summary.bytes > 0 {
            let ratio = self.bytes_in as f64 / summary.bytes as f64;
            writeln!(f, "ratio       {ratio:.2}")?;
        }
        writeln!(f, "seconds     {:.3}", self.elapsed.as_secs_f64())?;
        write!(f, "where       {}", summary.location)
    }
}
