//! Rows of a struct that derives `Serialize`, written to a Parquet file:
//! `cargo run -p pq-writer --example serde_structs [PATH]`.

use pq_writer::{
    FileWriter, HasNulls, ObjectEncoding, RecordColumns, SchemaOptions, WriterOptions,
};
use serde::Serialize;
use std::error::Error;
use std::fs::File;

#[derive(Serialize)]
struct Order {
    id: u64,
    customer: String,
    paid: bool,
    total: f64,
    coupon: Option<String>,
    lines: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    article: &'static str,
    pieces: i32,
}

fn orders(ids: std::ops::Range<u64>) -> Vec<Order> {
    ids.map(|id| Order {
        id,
        customer: format!("customer {}", id % 7),
        paid: id % 3 != 0,
        total: id as f64 * 1.25,
        coupon: (id % 5 == 0).then(|| "SPRING".to_owned()),
        lines: vec![Line {
            article: "bolt",
            pieces: 12,
        }],
    })
    .collect()
}

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args_os().nth(1).map_or_else(
        || std::env::temp_dir().join("orders.parquet"),
        std::path::PathBuf::from,
    );

    // Only these columns may hold nulls; `id` is small enough for a signed integer, which more
    // readers know. Lists and structs become JSON unless something else is chosen.
    let mut options = SchemaOptions::default();
    options.has_nulls = HasNulls::Columns(vec!["coupon".to_owned()]);
    options
        .column_object_encoding
        .insert("id".to_owned(), ObjectEncoding::Int);

    // The first rows give the schema, the later ones take it.
    let (schema, batch) = RecordColumns::from_rows(orders(0..1000))?.infer(&options)?;
    for field in schema.fields() {
        let nulls = if field.nullable {
            "nullable"
        } else {
            "required"
        };
        eprintln!("{:10} {:?}, {nulls}", field.name, field.data_type);
    }
    let mut writer = FileWriter::new(
        File::create(&path)?,
        schema.clone(),
        WriterOptions::default(),
    )?;
    writer.write(&batch.as_batch())?;
    let later = RecordColumns::from_rows(orders(1000..2000))?.for_schema(&schema)?;
    writer.write(&later.as_batch())?;
    let (_, metadata) = writer.finish()?;
    eprintln!("{} rows in {}", metadata.num_rows, path.display());
    Ok(())
}
