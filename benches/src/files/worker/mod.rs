//! A system in a process of its own: a table in memory, and commands from stdin.

mod codec_alone;
mod memcpy;
mod parquet_rs;
mod pq;

use crate::protocol::{Answer, Command, Loaded, Write, Written};
use crate::system::System;
use arrow_array::RecordBatch;
use arrow_ipc::reader::FileReader;
use pq_benches::measure::Measure;
use pq_benches::sink::Sink;
use pq_writer::Profile;
use std::error::Error;
use std::fs::File;
use std::io::{self, BufRead, Write as _};
use std::path::Path;

/// What a worker does may fail in as many ways as its system has.
type Outcome<T> = Result<T, Box<dyn Error>>;

/// Rows of a row group.
const ROWS: usize = 1 << 20;

/// One of the systems that are in this binary.
trait Worker {
    /// What is not timed.
    fn prepare(&mut self, _batches: &[RecordBatch], _write: &Write) -> Outcome<()> {
        Ok(())
    }

    /// How many bytes the file has.
    fn write(&mut self, batches: &[RecordBatch], write: &Write) -> Outcome<u64>;
}

/// Executes the commands of stdin until it ends.
pub fn serve(system: System) {
    let mut worker: Box<dyn Worker> = match system {
        System::Pq => Box::new(pq::Pq(Profile::Compatible)),
        System::PqSmall => Box::new(pq::Pq(Profile::Small)),
        System::PqFast => Box::new(pq::Pq(Profile::Fast)),
        System::ParquetRs => Box::new(parquet_rs::ParquetRs),
        System::Memcpy => Box::new(memcpy::Memcpy::default()),
        System::CodecAlone => Box::new(codec_alone::CodecAlone::default()),
        _ => panic!("{} is not of this binary", system.name()),
    };
    let mut batches = Vec::new();
    for line in io::stdin().lock().lines() {
        let line = line.expect("commands are text");
        let answer = execute(&line, worker.as_mut(), &mut batches);
        let answer = answer.unwrap_or_else(|error| Answer::Error(error.to_string()));
        let answer = serde_json::to_string(&answer).expect("answers are JSON");
        println!("{answer}");
        io::stdout().flush().expect("the driver listens");
    }
}

fn execute(line: &str, worker: &mut dyn Worker, batches: &mut Vec<RecordBatch>) -> Outcome<Answer> {
    Ok(match serde_json::from_str(line)? {
        Command::Load(path) => {
            *batches = load(&path)?;
            Answer::Loaded(Loaded {
                rows: batches.iter().map(RecordBatch::num_rows).sum(),
                columns: batches.first().map_or(0, RecordBatch::num_columns),
            })
        }
        Command::Write(write) => {
            worker.prepare(batches, &write)?;
            let measure = Measure::start();
            let bytes = worker.write(batches, &write)?;
            let used = measure.stop();
            Answer::Written(Written {
                seconds: used.seconds,
                cpu_seconds: used.cpu_seconds,
                output_bytes: Some(bytes),
                peak_extra_bytes: used.peak_extra_bytes,
            })
        }
    })
}

fn load(path: &Path) -> Outcome<Vec<RecordBatch>> {
    let reader = FileReader::try_new(File::open(path)?, None)?;
    Ok(reader.collect::<Result<_, _>>()?)
}

fn sink(write: &Write) -> io::Result<Sink> {
    let file = write.to.as_ref().map(File::create).transpose()?;
    Ok(Sink { bytes: 0, file })
}
