//! `pq inspect`.

use crate::args::InspectArgs;
use crate::error::CliError;
use crate::place;
use crate::report::{self, Inspected};
use pq_dataset::blocking::read_metadata;

/// Shows what is in a file or data set.
///
/// # Errors
///
/// What is there cannot be read or is no Parquet.
pub fn run(args: &InspectArgs) -> Result<(), CliError> {
    let place = place::open(&args.path, &args.store)?;
    let read = read_metadata(&*place.store, &place.path)?;
    let metadata = match pq_format::decode(&read.bytes) {
        Ok((metadata, _)) => metadata,
        Err(source) => {
            return Err(CliError::Footer {
                location: read.location,
                source,
            });
        }
    };
    let inspected = Inspected {
        location: read.location,
        scheme: read.layout.scheme.to_string(),
        partition_on: read.layout.partition_on,
        metadata,
    };
    if args.json {
        let document = report::document(&inspected);
        return report::print(&format!("{document:#}"));
    }
    report::print(&report::tables(&inspected))
}
