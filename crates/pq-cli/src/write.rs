//! `pq write`, `pq append` and `pq overwrite`.

use crate::args::{MetadataWhen, RowsArgs};
use crate::error::CliError;
use crate::input::{Batches, Input};
use crate::place;
use crate::progress::Progress;
use crate::report::{self, WriteReport};
use crate::widen;
use arrow_array::RecordBatch;
use arrow_schema::{Field, Schema};
use pq_arrow::{ArrowBatch, ArrowError, RowGroupAssembler};
use pq_dataset::blocking::{
    DatasetWriter, detect, plan_write, read_append_metadata, read_metadata,
};
use pq_dataset::{
    DatasetError, DatasetOptions, Existing, Layout, Metadata, Scheme, Summary, Target,
};
use pq_format::RawFooter;
use pq_store::{Location, Store, StorePath};
use std::time::Instant;

/// Reads the input and writes it to the target, all of it or nothing.
///
/// # Errors
///
/// An option or an input that is wrong, a target that cannot be written. The target is as it was
/// then.
pub fn run(args: &RowsArgs, existing: Existing) -> Result<(), CliError> {
    let start = Instant::now();
    let Location { store, path } = place::open(&args.out, &args.store)?;
    let store = &*store;
    let mut options = args.dataset_options(existing)?;
    let adds = matches!(existing, Existing::Append | Existing::OverwritePartitions);
    let layout = layout(args, existing, store, &path)?;
    let mut input = Input::open(&args.input, args.input_format, &args.null_value)?;
    let there = match adds && args.widen {
        true => Some(read_append_metadata(store, &path)?),
        false => None,
    };
    if let Some(there) = &there {
        input = widen::to_target(input, there, &layout.partition_on)?;
    }
    let fields = input.schema.fields().iter();
    let names: Vec<&str> = fields.map(|field| field.name().as_str()).collect();
    args.check_columns(&options.writer, &names)?;
    let schema = pq_arrow::schema(&input.schema, &args.has_nulls())?;
    if adds {
        let there = match there {
            Some(there) => there,
            None => read_append_metadata(store, &path)?,
        };
        check_appendable(there, &input.schema)?;
    } else {
        // What is appended to has metadata of its own.
        let metadata = carried_metadata(&input.schema, &schema, &layout.partition_on);
        let given = std::mem::take(&mut options.writer.key_values);
        options.writer.key_values = merged(metadata, given);
    }
    if args.dry_run {
        return report::print(&plan(store, path, schema, layout, options)?);
    }
    // Row groups of partitions are made by the writer, which waits for enough rows of each.
    let collects = !layout.partition_on.is_empty() && args.row_group_offsets.is_empty();
    let assembler = match collects {
        true => None,
        false => Some(RowGroupAssembler::new(args.cuts(input.rows)?)),
    };
    let progress = Progress::new(input.rows, !args.no_progress);
    let writer = DatasetWriter::open(store, path, schema, layout, options)?;
    let summary = copy(input.batches, assembler, writer, &progress)?;
    drop(progress);
    crate::warn(&summary);
    let report = WriteReport {
        summary,
        bytes_in: input.bytes,
        elapsed: start.elapsed(),
    };
    report::print(&report.to_string())
}

/// What would be done.
///
/// # Errors
///
/// As the write itself before its first row, save where rows do not fit one file that is there.
fn plan(
    store: &dyn Store,
    path: StorePath,
    schema: pq_writer::Schema,
    layout: Layout,
    options: DatasetOptions,
) -> Result<String, CliError> {
    if layout.scheme != Scheme::Simple {
        return Ok(plan_write(store, path, schema, layout, options)?.to_string());
    }
    let location = store.describe(&path);
    Ok(match (detect(store, &path)?, options.existing) {
        (Target::File, Existing::Append) => format!("append to the file {location}"),
        (Target::File, _) => format!("replace the file {location}"),
        (Target::Dataset(_) | Target::OtherDirectory, _) => {
            return Err(DatasetError::NotADataset {
                location,
                reason: "a directory, where scheme simple is one file".to_owned(),
            }
            .into());
        }
        _ => format!("create the file {location}"),
    })
}

/// Errors if the rows would be taken for those that are there though they mean something else.
fn check_appendable(metadata: Metadata, schema: &Schema) -> Result<(), CliError> {
    let location = metadata.location;
    let footer = RawFooter::parse(&metadata.bytes).map_err(|source| DatasetError::Format {
        location: location.clone(),
        source,
    })?;
    let Some(there) = footer.key_value("ARROW:schema") else {
        return Ok(());
    };
    pq_arrow::check_appendable(there, schema).map_err(|error| match error {
        ArrowError::TypeMismatch {
            column,
            expected,
            got,
        } => CliError::from(DatasetError::SchemaMismatch {
            location,
            column,
            expected: expected.to_string(),
            got: got.to_string(),
        }),
        other => other.into(),
    })
}

/// How the target lies on disk: as the options say, else as it does already, else by what the
/// options imply.
///
/// # Errors
///
/// Something is there, and the options do not say what to do with it: told before the input is
/// read.
fn layout(
    args: &RowsArgs,
    existing: Existing,
    store: &dyn Store,
    path: &StorePath,
) -> Result<Layout, CliError> {
    let there = match existing {
        Existing::Overwrite => None,
        Existing::Append | Existing::OverwritePartitions => match detect(store, path)? {
            Target::Dataset(layout) => Some(layout),
            // Without `_metadata`, which is an error where it is asked for.
            Target::OtherDirectory if args.metadata_file == MetadataWhen::Always => {
                Some(read_metadata(store, path)?.layout)
            }
            Target::OtherDirectory => Some(read_append_metadata(store, path)?.layout),
            _ => None,
        },
        Existing::Fail => match detect(store, path)? {
            Target::File | Target::Dataset(_) => {
                let location = store.describe(path);
                return Err(DatasetError::TargetExists { location }.into());
            }
            _ => None,
        },
    };
    let implied = match (&there, args.partition_on.is_empty()) {
        (Some(layout), _) => layout.scheme,
        (None, false) => Scheme::Hive,
        (None, true) => Scheme::Simple,
    };
    let partition_on = match there {
        Some(layout) if args.partition_on.is_empty() => layout.partition_on,
        _ => args.partition_on.clone(),
    };
    Ok(Layout {
        scheme: args.scheme.unwrap_or(implied),
        partition_on,
    })
}

/// The metadata of the input, and the Arrow schema of the columns that files hold.
fn carried_metadata(
    schema: &Schema,
    stored: &pq_writer::Schema,
    partition_on: &[String],
) -> Vec<(String, String)> {
    let fields: Vec<Field> = schema
        .fields()
        .iter()
        .zip(stored.fields())
        .filter(|(field, _)| !partition_on.contains(field.name()))
        .map(|(field, stored)| field.as_ref().clone().with_nullable(stored.nullable))
        .collect();
    let arrow_schema = pq_arrow::arrow_schema_key_value(&Schema::new(fields));
    let mut metadata: Vec<(String, String)> = schema
        .metadata()
        .iter()
        .filter(|(key, _)| **key != arrow_schema.0)
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    metadata.sort_unstable();
    metadata.push(arrow_schema);
    metadata
}

/// Both lists; where a key is in both, the second one counts.
fn merged(
    mut first: Vec<(String, String)>,
    second: Vec<(String, String)>,
) -> Vec<(String, String)> {
    first.retain(|(key, _)| second.iter().all(|(given, _)| given != key));
    first.extend(second);
    first
}

/// Writes all rows and commits them, or takes back what was written.
fn copy(
    batches: Batches,
    assembler: Option<RowGroupAssembler>,
    mut writer: DatasetWriter<'_>,
    progress: &Progress,
) -> Result<Summary, CliError> {
    let copied = match assembler {
        Some(assembler) => copy_row_groups(batches, assembler, &mut writer, progress),
        None => copy_batches(batches, &mut writer, progress),
    };
    match copied {
        Ok(()) => Ok(writer.commit()?),
        Err(error) => {
            // The first error is the one to report.
            let _ = writer.abort();
            Err(error)
        }
    }
}

fn copy_batches(
    batches: Batches,
    writer: &mut DatasetWriter<'_>,
    progress: &Progress,
) -> Result<(), CliError> {
    for batch in batches {
        let batch = batch?;
        writer.write(&ArrowBatch::new(&batch)?.as_batch())?;
        progress.add(batch.num_rows() as u64);
    }
    Ok(())
}

fn copy_row_groups(
    batches: Batches,
    mut assembler: RowGroupAssembler,
    writer: &mut DatasetWriter<'_>,
    progress: &Progress,
) -> Result<(), CliError> {
    for batch in batches {
        assembler.push(batch?);
        while let Some(row_group) = assembler.next() {
            write_row_group(&row_group, writer, progress)?;
        }
    }
    match assembler.finish() {
        Some(row_group) => write_row_group(&row_group, writer, progress),
        None => Ok(()),
    }
}

fn write_row_group(
    batches: &[RecordBatch],
    writer: &mut DatasetWriter<'_>,
    progress: &Progress,
) -> Result<(), CliError> {
    let converted = batches
        .iter()
        .map(ArrowBatch::new)
        .collect::<Result<Vec<_>, _>>()?;
    let lent: Vec<_> = converted.iter().map(ArrowBatch::as_batch).collect();
    writer.write_row_group(&lent)?;
    let rows: usize = batches.iter().map(RecordBatch::num_rows).sum();
    progress.add(rows as u64);
    Ok(())
}
