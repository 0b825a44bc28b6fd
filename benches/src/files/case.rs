//! The contests: which table is written how, and by whom.

use crate::inputs::Input;
use crate::protocol::{Codec, Write};
use crate::system::System;
use pq_benches::tables::SINGLE_COLUMNS;

/// One contest.
pub struct Case {
    pub name: String,
    pub input: Input,
    /// Without a path.
    pub write: Write,
    /// Where files go when it counts.
    pub to: Place,
    /// How many partitions there are.
    pub partitions: usize,
    /// pq is the first.
    pub systems: Vec<System>,
    /// The contests in which the cost of a value is to be the same.
    pub series: Option<&'static str>,
}

/// Where files go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// To a sink that counts.
    Sink,
    /// To a file in memory, if the machine has a place for that.
    Memory,
    /// To a disk.
    Disk,
}

/// All that write whole files of any table.
const EVERYONE: [System; 5] = [
    System::Pq,
    System::ParquetRs,
    System::Pyarrow,
    System::Polars,
    System::DuckDb,
];

const CODECS: [Codec; 4] = [Codec::None, Codec::Snappy, Codec::Zstd, Codec::Lz4Raw];

impl Case {
    fn new(name: String, input: Input, codec: Codec, systems: &[System]) -> Self {
        Self {
            name,
            input,
            write: Write {
                codec,
                threads: 1,
                to: None,
                dictionary: true,
                partition_on: Vec::new(),
            },
            to: Place::Sink,
            partitions: 0,
            systems: systems.to_vec(),
            series: None,
        }
    }
}

/// All contests, of tables with `scale` times the rows; those of what a value costs have always the
/// same.
pub fn all(scale: f64, long: bool) -> Vec<Case> {
    let rows = |full: usize| ((full as f64 * scale) as usize).max(1);
    let mut cases = lineitem(scale);
    cases.extend(events(rows(10_000_000)));
    cases.extend(wide(rows(20_000)));
    cases.extend(single_columns(rows(20_000_000)));
    cases.extend(cost_of_rows(long));
    cases.extend(cost_of_columns());
    cases.extend(plain(rows(20_000_000)));
    cases.extend(codec_floor(scale, rows(10_000_000)));
    cases.extend(partitioned(scale));
    cases
}

fn lineitem(scale: f64) -> Vec<Case> {
    let mut cases = Vec::new();
    for codec in CODECS {
        let name = format!("lineitem, {}", codec.name());
        let systems = [&EVERYONE[..], &[System::PqSmall, System::PqFast]].concat();
        let input = Input::Lineitem(scale);
        cases.push(Case::new(name, input, codec, &systems));
    }
    for codec in CODECS {
        let name = format!("lineitem, {}, 2 threads", codec.name());
        // pyarrow writes on one thread.
        let systems = EVERYONE.into_iter().filter(|it| *it != System::Pyarrow);
        let systems: Vec<_> = systems.collect();
        let mut case = Case::new(name, Input::Lineitem(scale), codec, &systems);
        case.write.threads = 2;
        cases.push(case);
    }
    let name = "lineitem, none, to a file".to_owned();
    let mut case = Case::new(name, Input::Lineitem(scale), Codec::None, &EVERYONE);
    case.to = Place::Memory;
    cases.push(case);
    cases
}

fn events(rows: usize) -> impl Iterator<Item = Case> {
    let codecs = [Codec::None, Codec::Snappy, Codec::Zstd].into_iter();
    codecs.map(move |codec| {
        let name = format!("events, {}", codec.name());
        let systems = [&EVERYONE[..], &[System::PqFast]].concat();
        Case::new(name, Input::Events(rows), codec, &systems)
    })
}

fn wide(rows: usize) -> impl Iterator<Item = Case> {
    let systems = [&EVERYONE[..], &[System::Fastparquet]].concat();
    let codecs = [Codec::None, Codec::Zstd].into_iter();
    codecs.map(move |codec| {
        let name = format!("wide, {}", codec.name());
        let columns = 1_000;
        Case::new(name, Input::Wide { columns, rows }, codec, &systems)
    })
}

fn single_columns(rows: usize) -> impl Iterator<Item = Case> {
    SINGLE_COLUMNS.into_iter().map(move |column| {
        let mut systems = EVERYONE.to_vec();
        // Texts and nullable integers have a form of their own in pandas.
        if !["strings", "paths", "half null"].contains(&column) {
            systems.push(System::Fastparquet);
        }
        let name = format!("column, {column}");
        Case::new(name, Input::Single(column, rows), Codec::None, &systems)
    })
}

fn cost_of_rows(long: bool) -> impl Iterator<Item = Case> {
    let sizes = [
        (100_000, "100 thousand"),
        (1_000_000, "1 million"),
        (10_000_000, "10 million"),
        (100_000_000, "100 million"),
    ];
    let sizes = sizes.into_iter().take(if long { 4 } else { 3 });
    sizes.map(|(rows, name)| in_series("rows", name, Input::FourColumns(rows)))
}

fn cost_of_columns() -> impl Iterator<Item = Case> {
    [10, 100, 1_000, 10_000].into_iter().map(|columns| {
        let rows = 2_000;
        let input = Input::Many { columns, rows };
        in_series("columns", &columns.to_string(), input)
    })
}

fn in_series(series: &'static str, name: &str, input: Input) -> Case {
    let systems = [System::Pq, System::ParquetRs];
    let name = format!("{series}, {name}");
    let mut case = Case::new(name, input, Codec::None, &systems);
    case.series = Some(series);
    case
}

fn plain(rows: usize) -> [Case; 1] {
    let systems = [
        System::Pq,
        System::ParquetRs,
        System::Pyarrow,
        System::Memcpy,
    ];
    let name = "plain, i64 and f64".to_owned();
    let mut case = Case::new(name, Input::Plain(rows), Codec::None, &systems);
    case.write.dictionary = false;
    [case]
}

fn codec_floor(scale: f64, rows: usize) -> Vec<Case> {
    let systems = [System::Pq, System::CodecAlone];
    let mut cases = Vec::new();
    for codec in CODECS.into_iter().filter(|codec| *codec != Codec::None) {
        for (table, input) in [
            ("lineitem", Input::Lineitem(scale)),
            ("events", Input::Events(rows)),
        ] {
            let name = format!("codec floor, {table}, {}", codec.name());
            cases.push(Case::new(name, input, codec, &systems));
        }
    }
    cases
}

/// Data sets in hive's layout, of as many partitions as these columns of lineitem have.
fn partitioned(scale: f64) -> Vec<Case> {
    const OF_COLUMNS: [(usize, &[&str]); 3] = [
        (21, &["l_returnflag", "l_linenumber"]),
        (84, &["l_returnflag", "l_linenumber", "l_shipinstruct"]),
        (2_526, &["l_shipdate"]),
    ];
    let systems = [System::Pq, System::Pyarrow, System::Polars, System::DuckDb];
    let mut cases = Vec::new();
    for (partitions, columns) in OF_COLUMNS {
        for (place, where_to) in [(Place::Disk, ""), (Place::Memory, ", in memory")] {
            // Only of many files it shows what the disk costs.
            if place == Place::Memory && partitions < 1_000 {
                continue;
            }
            for (threads, how) in [(1, ""), (2, ", 2 threads")] {
                let name = format!("partitioned, {partitions}{where_to}{how}");
                let input = Input::Lineitem(scale);
                let mut case = Case::new(name, input, Codec::Snappy, &systems);
                case.write.threads = threads;
                case.write.partition_on = columns.iter().map(|it| (*it).to_owned()).collect();
                case.to = place;
                case.partitions = partitions;
                cases.push(case);
            }
        }
    }
    cases
}
