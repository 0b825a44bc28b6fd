//! Runs the conformance suite on a place: `conformance URL [KEY=VALUE…] [--races]`.
//!
//! The place must have nothing under `conformance/`.

use pq_store::StoreOptions;
use pq_store::testing::conformance;
use std::env;
use std::error::Error;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let url = arguments
        .next()
        .ok_or("conformance URL [KEY=VALUE…] [--races]")?;
    let mut options = StoreOptions::new();
    let mut races = false;
    for argument in arguments {
        match argument.split_once('=') {
            Some((key, value)) => options = options.set(key, value),
            None if argument == "--races" => races = true,
            None => return Err(format!("{argument}: not KEY=VALUE").into()),
        }
    }
    let place = options
        .on_progress(|event| eprintln!("{event:?}"))
        .open(&url)?;
    let start = Instant::now();
    pollster::block_on(conformance::check(&*place.store));
    eprintln!("check: passed in {:.1?}", start.elapsed());
    if races {
        let start = Instant::now();
        conformance::races(place.store, |future| pollster::block_on(future));
        eprintln!("races: passed in {:.1?}", start.elapsed());
    }
    Ok(())
}
