//! Data sets on object stores: many processes append while answers are lost, two overwrite one
//! partition, several write one data set.

use crate::server::Server;
use pq_dataset::blocking::{self, DatasetWriter};
use pq_dataset::{DatasetError, DatasetOptions, Existing, Layout, Scheme};
use pq_format::{FileMetaData, decode};
use pq_interop::proxy::{Fault, Rule};
use pq_store::{Store, StoreOptions, StorePath};
use pq_writer::{Batch, Column, DataType, Field, Schema, Values};
use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::io::{self, Write};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

crate::tests! {
    seaweedfs: many_append_and_answers_are_lost one_of_two_overwrites several_machines;
    azurite: many_append_and_answers_are_lost one_of_two_overwrites several_machines;
    gcs: many_append_and_answers_are_lost one_of_two_overwrites several_machines;
}

/// The place of a process that appends: its own options, its number and how often.
const APPENDER: &str = "PQ_STORES_TEST_APPENDER";
const APPENDERS: i64 = 8;

/// What a line begins with that names a row of which it is not known whether it is there.
const UNKNOWN: &str = "unknown: ";

fn path(name: &str) -> StorePath {
    StorePath::new(name).unwrap()
}

/// Servers may have been used before.
fn path_of_this_run(name: &str) -> StorePath {
    path(&format!("datasets/{}/{name}", std::process::id()))
}

fn write(
    store: &dyn Store,
    place: &StorePath,
    existing: Existing,
    rows: &[i64],
) -> Result<pq_dataset::Summary, DatasetError> {
    open(store, place, existing, rows)?.commit()
}

/// A writer that has all its rows; `k` is the last digit.
fn open<'s>(
    store: &'s dyn Store,
    place: &StorePath,
    existing: Existing,
    rows: &[i64],
) -> Result<DatasetWriter<'s>, DatasetError> {
    let schema = Schema::new(vec![
        Field::new("k", DataType::Int64, false),
        Field::new("x", DataType::Int64, false),
    ])?;
    let options = DatasetOptions {
        existing,
        ..DatasetOptions::default()
    };
    let layout = Layout::new(Scheme::Hive, ["k"]);
    let mut writer = DatasetWriter::open(store, place.clone(), schema, layout, options)?;
    let keys: Vec<i64> = rows.iter().map(|row| row % 10).collect();
    writer.write_row_group(&[Batch::new(vec![
        Column::new("k", Values::Int64(&keys)),
        Column::new("x", Values::Int64(rows)),
    ])])?;
    Ok(writer)
}

/// The rows that `_metadata` names, of row groups of one row, once each file is found to be there.
fn rows(store: &dyn Store, place: &StorePath) -> Vec<i64> {
    let metadata = blocking::read_metadata(store, place).unwrap();
    let metadata: FileMetaData = decode(&metadata.bytes).unwrap().0;
    let there = pollster::block_on(store.list(place)).unwrap();
    let there: BTreeMap<&str, u64> = there
        .iter()
        .map(|entry| (entry.path.strip_prefix(place).unwrap(), entry.size))
        .collect();
    let mut files = BTreeSet::new();
    let mut rows = Vec::new();
    for group in &metadata.row_groups {
        let chunk = &group.columns[0];
        let file = chunk.file_path.as_deref().unwrap();
        assert!(there.contains_key(file), "{file} is not there");
        assert!(files.insert(file), "{file} is named twice");
        assert_eq!(group.num_rows, 1);
        let bounds = chunk
            .meta_data
            .as_ref()
            .unwrap()
            .statistics
            .as_ref()
            .unwrap();
        let (min, max) = (
            bounds.min_value.as_ref().unwrap(),
            bounds.max_value.as_ref().unwrap(),
        );
        assert_eq!(min, max);
        rows.push(i64::from_le_bytes(min[..].try_into().unwrap()));
    }
    assert_eq!(metadata.num_rows as usize, rows.len());
    rows.sort_unstable();
    rows
}

fn many_append_and_answers_are_lost(server: &Server) {
    let place = path_of_this_run("many");
    let direct = server.open();
    write(&*direct, &place, Existing::Fail, &[-1]).unwrap();
    let (behind, proxy) = server.behind_proxy();
    let faults = [
        Fault::CloseAfter,
        Fault::CloseBefore,
        Fault::UnavailableAfter,
        Fault::Unavailable,
    ];
    for (turn, fault) in faults.into_iter().enumerate() {
        let seen = AtomicUsize::new(0);
        let is_due = move |_: &_| seen.fetch_add(1, Ordering::SeqCst) % 29 == 7 * turn + 3;
        proxy.add(Rule::new(fault, is_due).times(usize::MAX));
    }
    // The others take five times as long.
    let appends = if server.name() == "seaweedfs" { 50 } else { 10 };
    let appenders: Vec<_> = (0..APPENDERS)
        .map(|number| {
            let first = number * appends;
            Command::new(env::current_exe().unwrap())
                .args([
                    "--exact",
                    "datasets::appender",
                    "--nocapture",
                    "--include-ignored",
                ])
                .env(
                    APPENDER,
                    behind.place_of(&format!("{} {first} {appends}", place.as_str())),
                )
                .stdout(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    let mut unknown = BTreeSet::new();
    for appender in appenders {
        let output = appender.wait_with_output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{text}");
        for line in text.lines() {
            if let Some((_, row)) = line.split_once(UNKNOWN) {
                unknown.insert(row.parse::<i64>().unwrap());
            }
        }
    }
    let log = proxy.log();
    let failed = log.iter().filter(|exchange| exchange.fault != Fault::Pass);
    let (failed, all) = (failed.count(), log.len());
    tell(&format!(
        "{failed} of {all} requests failed, {} rows unknown",
        unknown.len()
    ));
    assert!(failed > all / 10, "too few faults");
    // The others only append: that a put never landed can be found out.
    assert!(unknown.len() < 20, "{unknown:?}");
    let found = rows(&*direct, &place);
    let missing: Vec<i64> = (-1..APPENDERS * appends)
        .filter(|row| !unknown.contains(row) && found.binary_search(row).is_err())
        .collect();
    assert_eq!(missing, [0_i64; 0], "rows are lost");
    let mut once = found.clone();
    once.dedup();
    assert_eq!(once, found, "rows are there twice");
}

/// Does what the variable says, if this is a process that appends.
#[test]
#[ignore = "is run by another test"]
fn appender() {
    let Ok(place) = env::var(APPENDER) else {
        return;
    };
    let server = Server::of_place("appender", &place);
    let words: Vec<&str> = server.about().split(' ').collect();
    let (place, first, times) = (path(words[0]), words[1], words[2]);
    let first: i64 = first.parse().unwrap();
    let times: i64 = times.parse().unwrap();
    let options: StoreOptions = server
        .options()
        .set("max_retries", "5")
        .set("timeout", "20s");
    let store = server.open_with(options);
    for row in first..first + times {
        loop {
            match write(&*store, &place, Existing::Append, &[row]) {
                Ok(_) => break,
                Err(DatasetError::CommitUnknown { .. }) => {
                    tell(&format!("{UNKNOWN}{row}"));
                    break;
                }
                // The store was out of reach for longer than it is asked again.
                Err(DatasetError::Store(error)) => tell(&error.to_string()),
                Err(error) => panic!("{row}: {error}"),
            }
        }
    }
}

/// Tells the process that started this one.
fn tell(line: &str) {
    writeln!(io::stdout(), "{line}").unwrap();
}

fn one_of_two_overwrites(server: &Server) {
    let place = path_of_this_run("overwritten");
    let (one, other) = (server.open(), server.open());
    write(&*one, &place, Existing::Fail, &[1, 2, 3]).unwrap();
    let overwrite = Existing::OverwritePartitions;
    let first = open(&*one, &place, overwrite, &[11, 13]).unwrap();
    let second = open(&*other, &place, overwrite, &[23]).unwrap();
    let third = open(&*other, &place, overwrite, &[32]).unwrap();
    first.commit().unwrap();
    let refused = second.commit();
    assert!(
        matches!(refused, Err(DatasetError::Conflict { .. })),
        "{refused:?}"
    );
    third.commit().unwrap();
    assert_eq!(rows(&*one, &place), [11, 13, 32]);
    let names = pollster::block_on(one.list(&place)).unwrap();
    assert_eq!(names.len(), 5, "three parts and the metadata: {names:?}");
}

fn several_machines(server: &Server) {
    let place = path_of_this_run("several-machines");
    let examples = env::var_os("PQ_EXAMPLES").expect("PQ_EXAMPLES is not set");
    let output = Command::new(std::path::Path::new(&examples).join("several_machines"))
        .arg(server.url(place.as_str()))
        .args(server.pairs())
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let store = server.open();
    let metadata = blocking::read_metadata(&*store, &place).unwrap();
    let metadata: FileMetaData = decode(&metadata.bytes).unwrap().0;
    assert_eq!((metadata.num_rows, metadata.row_groups.len()), (4000, 12));
    let names = pollster::block_on(store.list(&place)).unwrap();
    assert_eq!(names.len(), 14, "{names:?}");
}
