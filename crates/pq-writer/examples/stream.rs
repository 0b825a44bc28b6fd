//! Writes rows of a generator, more than memory holds, row group by row group, and says how much
//! memory that took.
//!
//! ```sh
//! cargo run --release -p pq-writer --example stream -- 10 rows.parquet
//! ```
//!
//! The numbers are how many GB of rows, and where they go (nowhere if it is left out). In memory
//! are the rows of one row group, which are the caller's, and one column chunk.

use pq_writer::{
    Batch, Column, Compression, DataType, Field, FileWriter, Schema, Values, WriterOptions,
};
use std::io::{self, Write};
use std::{env, error, fs};

const ROWS: usize = 1 << 20;

/// The rows of one row group; the vectors are used for the next one again.
#[derive(Default)]
struct Rows {
    ids: Vec<i64>,
    times: Vec<i64>,
    sensors: Vec<i32>,
    celsius: Vec<f64>,
    offsets: Vec<i32>,
    notes: Vec<u8>,
    state: u64,
}

impl Rows {
    fn next(&mut self) -> u64 {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        self.state >> 33
    }

    fn fill(&mut self, row_group: usize) -> Result<(), Box<dyn error::Error>> {
        self.ids.clear();
        self.times.clear();
        self.sensors.clear();
        self.celsius.clear();
        self.offsets.clear();
        self.notes.clear();
        self.offsets.push(0);
        for row in row_group * ROWS..(row_group + 1) * ROWS {
            let random = self.next();
            self.ids.push(row as i64);
            self.times
                .push(1_700_000_000_000_000 + row as i64 * 1_000 + (random % 900) as i64);
            self.sensors.push((random % 5_000) as i32);
            self.celsius.push((random % 10_000) as f64 / 100.0);
            writeln!(
                self.notes,
                "reading {row} of sensor {} was {random:x}",
                random % 5_000
            )?;
            self.offsets.push(i32::try_from(self.notes.len())?);
        }
        Ok(())
    }

    fn bytes(&self) -> usize {
        self.ids.len() * (8 + 8 + 4 + 8 + 4) + self.notes.len()
    }

    fn lend(&self) -> Batch<'_> {
        let notes = Values::Bytes32 {
            offsets: &self.offsets,
            data: &self.notes,
        };
        Batch::new(vec![
            Column::new("id", Values::Int64(&self.ids)),
            Column::new("time", Values::Int64(&self.times)),
            Column::new("sensor", Values::Int32(&self.sensors)),
            Column::new("celsius", Values::Float64(&self.celsius)),
            Column::new("note", notes),
        ])
    }
}

fn main() -> Result<(), Box<dyn error::Error>> {
    let mut arguments = env::args().skip(1);
    let gigabytes: f64 = arguments.next().map_or(Ok(1.0), |text| text.parse())?;
    let sink: Box<dyn Write> = match arguments.next() {
        Some(path) => Box::new(fs::File::create(path)?),
        None => Box::new(io::sink()),
    };
    let schema = Schema::new(vec![
        Field::new("id", DataType::Int64, false),
        Field::new("time", DataType::Int64, false),
        Field::new("sensor", DataType::Int32, false),
        Field::new("celsius", DataType::Float64, false),
        Field::new("note", DataType::String, false),
    ])?;
    let mut options = WriterOptions::default();
    options.compression = Compression::Snappy;
    let mut writer = FileWriter::new(sink, schema, options)?;
    let (mut rows, mut bytes, mut row_group) = (Rows::default(), 0, 0);
    while (bytes as f64) < gigabytes * 1e9 {
        rows.fill(row_group)?;
        bytes += rows.bytes();
        row_group += 1;
        writer.write(&rows.lend())?;
    }
    let (_, metadata) = writer.finish()?;
    let mut out = io::stdout().lock();
    let written = metadata.num_rows;
    writeln!(
        out,
        "{written} rows, {:.1} GB of values",
        bytes as f64 / 1e9
    )?;
    writeln!(out, "{} MB in the last row group", rows.bytes() / 1_000_000)?;
    // Linux only; elsewhere nothing is said.
    if let Ok(status) = fs::read_to_string("/proc/self/status")
        && let Some(peak) = status.lines().find(|line| line.starts_with("VmHWM"))
    {
        writeln!(out, "{peak} at most in memory")?;
    }
    Ok(())
}
