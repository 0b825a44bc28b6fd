//! `encodings [NAME…] [--json FILE]`: pq against its peers, one thread; encodings with inputs and
//! outputs in cache, footers, and an append to a large data set. Contests whose name holds a NAME run, or all.
//!
//! All are compiled for any CPU of the target, as what is published is; `RUSTFLAGS` changes that.

mod alp;
mod appends;
mod bit_packing;
mod booleans;
mod byte_stream_split;
mod contest;
mod data;
mod delta_arrays;
mod delta_binary_packed;
mod delta_byte_array;
mod delta_length_byte_array;
mod fixed;
mod footers;
mod hybrid;
mod levels;
mod peers;
mod plain;
mod report;
mod texts;
mod typed;

use report::Report;
use std::fs::File;

fn main() {
    let mut wanted = Vec::new();
    let mut json = None;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "--json" {
            let path = arguments.next().expect("--json needs a file");
            let file = File::options().create(true).append(true).open(&path);
            json = Some(file.unwrap_or_else(|error| panic!("{path}: {error}")));
        } else {
            wanted.push(argument);
        }
    }
    let mut report = Report::new(wanted, json);
    bit_packing::contests(&mut report);
    hybrid::contests(&mut report);
    levels::contests(&mut report);
    booleans::contests(&mut report);
    plain::contests(&mut report);
    delta_binary_packed::contests(&mut report);
    delta_length_byte_array::contests(&mut report);
    delta_byte_array::contests(&mut report);
    byte_stream_split::contests(&mut report);
    alp::contests(&mut report);
    footers::contests(&mut report);
    appends::contests(&mut report);
    hybrid::sizes(&report);
    report.print_summary();
}
