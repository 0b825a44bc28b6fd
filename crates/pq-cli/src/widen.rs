//! Columns that are fewer or narrower than others: `pq merge --rewrite` writes such files again, and
//! `--widen` widens rows that are to stand behind others.

use crate::args::{CompressionSpec, MergeArgs};
use crate::change::carry_out;
use crate::error::CliError;
use crate::input::{Input, StoredFile};
use crate::report;
use arrow_array::{RecordBatch, new_null_array};
use arrow_cast::cast;
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use parquet::arrow::parquet_to_arrow_schema;
use parquet::file::metadata::ParquetMetaDataReader;
use pq_arrow::ArrowWriter;
use pq_dataset::{DatasetError, MergeOptions, Metadata, blocking};
use pq_store::blocking::{BlockingStore, BlockingUpload};
use pq_store::{PutMode, StorePath};
use pq_writer::WriterOptions;
use std::fmt::Write as _;
use std::sync::Arc;

/// A file, and its columns.
struct Source {
    path: StorePath,
    schema: SchemaRef,
}

/// Merges files that have one schema, or have it when some of them are written again: each with the
/// same rows, in its place, in one step, if it is what was read by then. So nothing is lost wherever
/// this ends, and what is missing is done the next time.
///
/// # Errors
///
/// Columns that no schema covers; files that cannot be read or written.
pub fn merge(
    args: &MergeArgs,
    store: &BlockingStore,
    paths: &[StorePath],
    options: &MergeOptions,
) -> Result<(), CliError> {
    let lasting = &**store.store();
    let error = match blocking::merge(lasting, paths, options) {
        Err(error @ DatasetError::SchemaMismatches { .. }) if args.rewrite => error,
        planned => return carry_out(planned?, lasting, &args.plan),
    };
    let mut sources = Vec::new();
    for path in blocking::data_files(lasting, paths)? {
        let schema = open(store, &path)?.0.schema;
        sources.push(Source { path, schema });
    }
    let Some(joint) = joint(&sources) else {
        return Err(error.into());
    };
    let (narrow, wide): (Vec<&Source>, Vec<&Source>) = sources
        .iter()
        .partition(|source| !is_alike(&source.schema, &joint));
    if args.plan.dry_run {
        return report::print(&shown(store, &narrow, &joint));
    }
    let mut writer = WriterOptions::default();
    CompressionSpec::parse(&args.compression)?.apply(&mut writer);
    for source in narrow {
        rewrite(store, &source.path, &joint, &writer)?;
    }
    let plan = match blocking::merge(lasting, paths, options) {
        // The same types to Arrow, and not in the files: only one writer writes them alike.
        Err(DatasetError::SchemaMismatches { .. }) => {
            for source in wide {
                rewrite(store, &source.path, &joint, &writer)?;
            }
            blocking::merge(lasting, paths, options)?
        }
        planned => planned?,
    };
    carry_out(plan, lasting, &args.plan)
}

/// The rows of an input as rows of the target that has this metadata: columns that it lacks and that
/// may be null are null, and numbers get the wider type of the target. What cannot be so is left as
/// it is, for the writer to refuse.
///
/// # Errors
///
/// The footer is none.
pub fn to_target(
    input: Input,
    there: &Metadata,
    partition_on: &[String],
) -> Result<Input, CliError> {
    let refused = |source| CliError::ParquetInput {
        path: there.location.clone(),
        source,
    };
    let metadata = ParquetMetaDataReader::decode_metadata(&there.bytes).map_err(refused)?;
    let file = metadata.file_metadata();
    let target = parquet_to_arrow_schema(file.schema_descr(), file.key_value_metadata());
    let target = target.map_err(refused)?;
    let given = input.schema.clone();
    let is_of_target = |name: &str| target.field_with_name(name).is_ok();
    let mut fields = Vec::new();
    for field in target.fields() {
        let name = field.name();
        match given.field_with_name(name) {
            Err(_) if !field.is_nullable() || partition_on.contains(name) => {}
            Err(_) => fields.push(field.as_ref().clone()),
            Ok(one) => {
                let widest = wider(one.data_type(), field.data_type());
                let fits = widest.filter(|widest| widest == field.data_type());
                let data_type = fits.unwrap_or_else(|| one.data_type().clone());
                fields.push(one.clone().with_data_type(data_type));
            }
        }
    }
    let others = given
        .fields()
        .iter()
        .filter(|field| !is_of_target(field.name()));
    fields.extend(others.map(|field| field.as_ref().clone()));
    let joint: SchemaRef = Arc::new(Schema::new_with_metadata(fields, given.metadata().clone()));
    let (schema, path) = (joint.clone(), there.location.clone());
    let batches = input.batches.map(move |batch| {
        widened(&batch?, &joint).map_err(|source| CliError::ArrowInput {
            path: path.clone(),
            source,
        })
    });
    Ok(Input {
        schema,
        batches: Box::new(batches),
        ..input
    })
}

fn open(store: &BlockingStore, path: &StorePath) -> Result<(Input, StoredFile), CliError> {
    let file = StoredFile::open(store, path.clone())?;
    let input = Input::of_parquet(store.store().describe(path), file.clone())?;
    Ok((input, file))
}

fn shown(store: &BlockingStore, narrow: &[&Source], joint: &Schema) -> String {
    let mut text = "write again, then merge:".to_owned();
    for source in narrow {
        let _ = write!(text, "\n  {}", store.store().describe(&source.path));
        for field in joint.fields() {
            let (name, wide) = (field.name(), field.data_type());
            let _ = match source.schema.field_with_name(name) {
                Err(_) => write!(text, "\n    {name}: null"),
                Ok(old) if old.data_type() != wide => {
                    write!(text, "\n    {name}: {} to {wide}", old.data_type())
                }
                Ok(old) if old.is_nullable() != field.is_nullable() => {
                    write!(text, "\n    {name}: required to optional")
                }
                Ok(_) => Ok(()),
            };
        }
    }
    text
}

/// Whether rows of `schema` are written as those of `joint`, column by column.
fn is_alike(schema: &Schema, joint: &Schema) -> bool {
    let (one, other) = (schema.fields(), joint.fields());
    one.len() == other.len()
        && one.iter().zip(other).all(|(one, other)| {
            one.name() == other.name()
                && one.data_type() == other.data_type()
                && one.is_nullable() == other.is_nullable()
        })
}

/// The schema that covers the columns of all files, in the order in which they come; `None` if there
/// is none.
fn joint(sources: &[Source]) -> Option<SchemaRef> {
    let mut fields: Vec<Field> = Vec::new();
    for (index, source) in sources.iter().enumerate() {
        for field in source.schema.fields() {
            match fields.iter_mut().find(|known| known.name() == field.name()) {
                Some(known) => {
                    let data_type = wider(known.data_type(), field.data_type())?;
                    let nullable = known.is_nullable() || field.is_nullable();
                    *known = known
                        .clone()
                        .with_data_type(data_type)
                        .with_nullable(nullable);
                }
                // The files before have no such column.
                None => fields.push(match index {
                    0 => field.as_ref().clone(),
                    _ => field.as_ref().clone().with_nullable(true),
                }),
            }
        }
        for known in &mut fields {
            if source.schema.field_with_name(known.name()).is_err() {
                known.set_nullable(true);
            }
        }
    }
    Some(Arc::new(Schema::new(fields)))
}

/// The type that has all values of both.
fn wider(one: &DataType, other: &DataType) -> Option<DataType> {
    use DataType::{
        Binary, BinaryView, Decimal128, Decimal256, Dictionary, Float16, Float32, Float64, Int8,
        Int16, Int32, Int64, LargeBinary, LargeUtf8, UInt8, UInt16, UInt32, UInt64, Utf8, Utf8View,
    };
    if one == other {
        return Some(one.clone());
    }
    let ladders: [&[DataType]; 5] = [
        &[Int8, Int16, Int32, Int64],
        &[UInt8, UInt16, UInt32, UInt64],
        &[Float16, Float32, Float64],
        &[Utf8, Utf8View, LargeUtf8],
        &[Binary, BinaryView, LargeBinary],
    ];
    let step = |ladder: &[DataType], wanted| ladder.iter().position(|step| step == wanted);
    let on_ladders = ladders.iter().find_map(|ladder| {
        let highest = step(ladder, one)?.max(step(ladder, other)?);
        ladder.get(highest).cloned()
    });
    match (one, other) {
        (Dictionary(_, one), other) | (other, Dictionary(_, one)) => wider(one, other),
        (Decimal128(p, s), Decimal128(q, t)) if s == t => Some(Decimal128(*p.max(q), *s)),
        (Decimal256(p, s), Decimal256(q, t)) if s == t => Some(Decimal256(*p.max(q), *s)),
        _ => on_ladders,
    }
}

/// Writes a file again, with these columns.
fn rewrite(
    store: &BlockingStore,
    path: &StorePath,
    joint: &SchemaRef,
    options: &WriterOptions,
) -> Result<(), CliError> {
    let (input, file) = open(store, path)?;
    let mode = PutMode::IfVersion(file.version().clone());
    let upload = store.open_write(path, mode)?;
    let name = store.store().describe(path);
    upload_rows(upload, name, input, joint, options)?.finish()?;
    Ok(())
}

fn upload_rows(
    upload: BlockingUpload,
    name: String,
    input: Input,
    joint: &SchemaRef,
    options: &WriterOptions,
) -> Result<BlockingUpload, CliError> {
    let mut options = options.clone();
    // Other key-values may describe the columns as they were.
    let metadata = input.schema.metadata().iter();
    let kept = metadata.filter(|(key, _)| !["pandas", "ARROW:schema"].contains(&key.as_str()));
    options.key_values = kept
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    options.key_values.sort_unstable();
    let mut writer = ArrowWriter::new(upload, joint, options)?;
    for batch in input.batches {
        let widened = widened(&batch?, joint).map_err(|source| CliError::ArrowInput {
            path: name.clone(),
            source,
        })?;
        writer.write(&widened)?;
    }
    Ok(writer.finish()?.0)
}

fn widened(batch: &RecordBatch, joint: &SchemaRef) -> Result<RecordBatch, ArrowError> {
    let columns = joint
        .fields()
        .iter()
        .map(|field| match batch.column_by_name(field.name()) {
            Some(column) => cast(column, field.data_type()),
            None => Ok(new_null_array(field.data_type(), batch.num_rows())),
        });
    columns
        .collect::<Result<Vec<_>, _>>()
        .and_then(|columns| RecordBatch::try_new(joint.clone(), columns))
}

#[cfg(test)]
mod tests {
    use super::wider;
    use arrow_schema::DataType;

    #[test]
    fn types_that_have_all_values_of_both() {
        let dictionary = DataType::Dictionary(DataType::Int8.into(), DataType::Utf8.into());
        for (one, other, both) in [
            (DataType::Int8, DataType::Int64, Some(DataType::Int64)),
            (
                DataType::Float64,
                DataType::Float32,
                Some(DataType::Float64),
            ),
            (
                DataType::Decimal128(5, 2),
                DataType::Decimal128(9, 2),
                Some(DataType::Decimal128(9, 2)),
            ),
            (dictionary, DataType::LargeUtf8, Some(DataType::LargeUtf8)),
            (DataType::Int64, DataType::Float64, None),
            (DataType::Int32, DataType::UInt32, None),
            (DataType::Decimal128(5, 2), DataType::Decimal128(9, 3), None),
            (DataType::Utf8, DataType::Binary, None),
        ] {
            assert_eq!(wider(&one, &other), both);
            assert_eq!(wider(&other, &one), both);
        }
    }
}
