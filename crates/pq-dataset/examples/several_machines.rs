//! One data set, written by several processes, that could be on as many machines.
//!
//! ```sh
//! cargo run -p pq-dataset --example several_machines -- /tmp/measurements
//! cargo run -p pq-dataset --example several_machines --features pq-store/s3 -- \
//!     s3://bucket/measurements region=eu-central-1
//! ```
//!
//! The coordinator makes a plan and gives it to four workers, each of which writes its share of the
//! rows and answers with a receipt. What has a receipt is committed, all at once. One worker dies
//! before it is done and is replaced, and one share is written twice by mistake: each row is there
//! once all the same.

#![allow(clippy::print_stdout, reason = "what an example does")]

use pq_dataset::{
    DatasetOptions, Layout, PartReceipt, RecoverOptions, Scheme, WritePlan, blocking,
};
use pq_store::Location;
use pq_writer::{Batch, Column, DataType, Field, Schema, Values};
use std::error::Error;
use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

type Outcome<T> = Result<T, Box<dyn Error>>;

const WORKERS: i64 = 4;
/// Rows of each share.
const ROWS: i64 = 1000;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["worker", share, dies, ref place @ ..] => worker(share.parse()?, dies == "dies", place),
        [_, ..] => coordinator(&arguments),
        [] => Err("usage: several_machines PLACE [KEY=VALUE...]".into()),
    }
}

/// The place, and options of its store.
fn open(place: &[impl AsRef<str>]) -> Outcome<Location> {
    let (place, options) = place.split_first().ok_or("no place is given")?;
    let pairs = options.iter().map(|pair| pair.as_ref().split_once('='));
    let pairs: Option<Vec<(&str, &str)>> = pairs.collect();
    let pairs = pairs.ok_or("an option is KEY=VALUE")?;
    Ok(pq_store::open(place.as_ref(), pairs)?)
}

fn coordinator(place: &[String]) -> Outcome<()> {
    let Location { store, path } = open(place)?;
    let schema = Schema::new(vec![
        Field::new("station", DataType::Int64, false),
        Field::new("celsius", DataType::Float64, false),
        Field::new("id", DataType::Int64, false),
    ])?;
    let layout = Layout::new(Scheme::Hive, ["station"]);
    let plan = blocking::plan_write(
        &*store,
        path.clone(),
        schema,
        layout,
        DatasetOptions::default(),
    )?;
    println!("{plan}");

    let sent = serde_json::to_string(&plan)?;
    let mut receipts: Vec<PartReceipt> = Vec::new();
    for share in 0..WORKERS {
        if share == 1 {
            let answer = ask(place, share, "dies", &sent)?;
            assert!(answer.is_none(), "it dies before it answers");
        }
        let answer = ask(place, share, "lives", &sent)?;
        receipts.push(answer.ok_or("a worker failed")?);
        if share == 2 {
            receipts.extend(ask(place, share, "lives", &sent)?);
        }
    }

    // Up to here, readers see nothing.
    let summary = pollster::block_on(plan.commit(&*store, &receipts))?;
    assert_eq!(summary.rows, (WORKERS * ROWS) as u64);
    println!(
        "{} rows in {} files at {}",
        summary.rows, summary.files, summary.location
    );

    // The parts of the worker that died are in nobody's way, and are found when they are to be
    // found. No other writer is at work here, so there is no need to wait.
    let options = RecoverOptions {
        grace: Duration::ZERO,
        ..RecoverOptions::default()
    };
    let recovery = blocking::recover(&*store, &path, &options)?;
    println!(
        "{} parts of a worker that died are deleted",
        recovery.orphans.len()
    );
    blocking::execute(recovery.plan, &*store)?;
    Ok(())
}

/// Lets a worker write a share; its receipt, if it lives to give one.
fn ask(place: &[String], share: i64, fate: &str, plan: &str) -> Outcome<Option<PartReceipt>> {
    let mut worker = Command::new(std::env::current_exe()?)
        .args(["worker", &share.to_string(), fate])
        .args(place)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut input = worker.stdin.take().ok_or("no standard input")?;
    input.write_all(plan.as_bytes())?;
    drop(input);
    let output = worker.wait_with_output()?;
    match output.status.success() {
        true => Ok(Some(serde_json::from_slice(&output.stdout)?)),
        false => Ok(None),
    }
}

fn worker(share: i64, dies: bool, place: &[&str]) -> Outcome<()> {
    let store = open(place)?.store;
    let mut sent = String::new();
    std::io::stdin().read_to_string(&mut sent)?;
    let plan: WritePlan = serde_json::from_str(&sent)?;

    let ids: Vec<i64> = (share * ROWS..(share + 1) * ROWS).collect();
    let stations: Vec<i64> = ids.iter().map(|id| id % 3).collect();
    let celsius: Vec<f64> = ids.iter().map(|id| (id % 40) as f64 / 2.0).collect();
    let batch = Batch::new(vec![
        Column::new("station", Values::Int64(&stations)),
        Column::new("celsius", Values::Float64(&celsius)),
        Column::new("id", Values::Int64(&ids)),
    ]);
    pollster::block_on(async {
        // A task has one name, whoever does it: of several receipts for it, one counts.
        let mut writer = plan.writer(&*store, format!("share {share}"))?;
        writer.write_row_group(&[batch]).await?;
        if dies {
            std::process::exit(1);
        }
        let receipt = writer.finish().await?;
        println!("{}", serde_json::to_string(&receipt)?);
        Ok(())
    })
}
