//! Whole files: TPC-H lineitem from Arrow in memory to bytes that go nowhere, one thread.

use crate::contest::Contest;
use crate::peers::arrow;
use crate::report::Report;
use arrow_array::RecordBatch;
use parquet::arrow::ArrowWriter as TheirWriter;
use parquet::basic::{Compression as TheirCodec, ZstdLevel};
use parquet::file::properties::WriterProperties;
use pq_arrow::{ArrowWriter, ArrowWriterOptions};
use pq_writer::{Compression, Profile, RowGroupCuts, WriterOptions};
use std::io::{self, Write};
use tpchgen::generators::LineItemGenerator;
use tpchgen_arrow::LineItemArrow;

/// Rows of a row group.
const ROWS: usize = 1 << 20;

/// The part of TPC-H at scale factor 1 that is written: six million rows have the same columns.
const SCALE: f64 = 0.35;

const CODECS: [(&str, Compression, TheirCodec); 4] = [
    ("none", Compression::Uncompressed, TheirCodec::UNCOMPRESSED),
    ("snappy", Compression::Snappy, TheirCodec::SNAPPY),
    (
        "zstd 1",
        Compression::Zstd(Some(1)),
        TheirCodec::UNCOMPRESSED,
    ),
    ("lz4_raw", Compression::Lz4Raw, TheirCodec::LZ4_RAW),
];

pub fn contests(report: &mut Report) {
    let cases = CODECS.map(|(name, ..)| format!("lineitem {name}"));
    if !cases
        .iter()
        .any(|case| report.wants(&format!("file, {case}")))
    {
        return;
    }
    let table = LineItemArrow::new(LineItemGenerator::new(SCALE, 1, 1));
    let batches: Vec<RecordBatch> = table.map(Result::unwrap).collect();
    let rows = batches.iter().map(RecordBatch::num_rows).sum();
    for ((name, ours, theirs), case) in CODECS.into_iter().zip(cases) {
        let Some(entry) = report.entry("file", &case) else {
            continue;
        };
        let theirs = match name {
            "zstd 1" => TheirCodec::ZSTD(ZstdLevel::try_new(1).unwrap()),
            _ => theirs,
        };
        for (profile, of) in [
            ("compatible", Profile::Compatible),
            ("small", Profile::Small),
            ("fast", Profile::Fast),
        ] {
            let bytes = write_ours(&batches, ours, of);
            println!("{case}: pq {profile} {:.1} MB", bytes as f64 / 1e6);
        }
        let bytes = write_theirs(&batches, theirs);
        println!("{case}: {} {:.1} MB", arrow::NAME, bytes as f64 / 1e6);
        let write = |profile| {
            let batches = &batches;
            move |done: crate::contest::Done<'_, u64>| {
                let bytes = write_ours(batches, ours, profile);
                done(&|| bytes);
            }
        };
        entry.run(
            Contest::new(rows, |bytes| assert!(bytes > 1_000_000))
                .with("pq", write(Profile::Compatible))
                .with(arrow::NAME, |done| {
                    let bytes = write_theirs(&batches, theirs);
                    done(&|| bytes);
                })
                .with("pq small", write(Profile::Small))
                .with("pq fast", write(Profile::Fast)),
        );
    }
}

/// A sink that only counts.
struct Counter(u64);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn write_ours(batches: &[RecordBatch], codec: Compression, profile: Profile) -> u64 {
    let mut options = WriterOptions::default();
    options.compression = codec;
    options.profile = profile;
    let mut options = ArrowWriterOptions::from(options);
    options.row_groups = RowGroupCuts::rows(ROWS);
    let schema = batches[0].schema();
    let mut writer = ArrowWriter::new(Counter(0), &schema, options).unwrap();
    for batch in batches {
        writer.write(batch).unwrap();
    }
    writer.finish().unwrap().0.0
}

fn write_theirs(batches: &[RecordBatch], codec: TheirCodec) -> u64 {
    let properties = WriterProperties::builder()
        .set_compression(codec)
        .set_max_row_group_row_count(Some(ROWS))
        .build();
    let schema = batches[0].schema();
    let mut writer = TheirWriter::try_new(Counter(0), schema, Some(properties)).unwrap();
    for batch in batches {
        writer.write(batch).unwrap();
    }
    writer.flush().unwrap();
    let bytes = writer.bytes_written() as u64;
    writer.close().unwrap();
    bytes
}
