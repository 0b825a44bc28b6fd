use super::*;
use crate::error::one_line;
use ::arrow_ipc::CompressionType;
use ::arrow_ipc::writer::{FileWriter, IpcWriteOptions, StreamWriter};
use arrow_array::{ArrayRef, Int64Array, StringArray};
use std::fs;
use std::io::Write;
use std::sync::Arc;
use tempfile::TempDir;

fn read(input: Input) -> Result<Vec<RecordBatch>, CliError> {
    let rows = input.rows;
    let batches = input.batches.collect::<Result<Vec<_>, _>>()?;
    let read: usize = batches.iter().map(RecordBatch::num_rows).sum();
    assert_eq!(read as u64, rows, "rows counted and rows read");
    Ok(batches)
}

fn open(name: &str, content: &[u8]) -> Result<(SchemaRef, Vec<RecordBatch>), String> {
    open_with(name, content, &[])
}

fn open_with(
    name: &str,
    content: &[u8],
    null_values: &[&str],
) -> Result<(SchemaRef, Vec<RecordBatch>), String> {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join(name);
    fs::write(&path, content).unwrap();
    let null_values: Vec<String> = null_values.iter().map(|&text| text.to_owned()).collect();
    let outcome = Input::open(&path, None, &null_values).and_then(|input| {
        assert_eq!(input.bytes, content.len() as u64);
        let schema = input.schema.clone();
        Ok((schema, read(input)?))
    });
    outcome.map_err(|error| one_line(&error))
}

fn types(schema: &Schema) -> Vec<String> {
    let fields = schema.fields().iter();
    fields
        .map(|field| format!("{} {}", field.name(), field.data_type()))
        .collect()
}

#[track_caller]
fn refused(name: &str, content: impl AsRef<[u8]>, parts: &[&str]) {
    let text = open(name, content.as_ref()).unwrap_err();
    for part in parts.iter().chain(&[name]) {
        assert!(text.contains(part), "{part:?} in {text:?}");
    }
}

#[test]
fn csv_types_come_from_all_rows() {
    let text = "i,f,b,d,t,s,none,big\n\
                1,1,true,2024-02-29,2024-02-29T01:02:03.5,x,,9223372036854775808\n\
                \n\
                ,2.5,FALSE,,2024-03-01 00:00:00,\"a\nb\",,1\n";
    let (schema, batches) = open("a.csv", text.as_bytes()).unwrap();
    let expected = [
        "i Int64",
        "f Float64",
        "b Boolean",
        "d Date32",
        "t Timestamp(ms)",
        "s Utf8",
        "none Utf8",
        "big Utf8",
    ];
    assert_eq!(types(&schema), expected);
    assert_eq!(batches[0].num_rows(), 2);
    assert_eq!(batches[0].column(0).null_count(), 1);
    assert_eq!(batches[0].column(6).null_count(), 2);
}

#[test]
fn csv_without_rows_is_a_table_without_rows() {
    let (schema, batches) = open("a.csv", b"a,b\n").unwrap();
    assert_eq!(types(&schema), ["a Utf8", "b Utf8"]);
    assert!(batches.iter().all(|batch| batch.num_rows() == 0));
}

#[test]
fn tabs_and_null_texts() {
    let (schema, batches) = open_with("a.tsv", b"a\tb\nNA\tx,y\n3\t\n", &["NA"]).unwrap();
    assert_eq!(types(&schema), ["a Int64", "b Utf8"]);
    assert_eq!(batches[0].column(0).null_count(), 1);
    assert_eq!(batches[0].column(1).null_count(), 1);
}

#[test]
fn csv_errors_name_the_line() {
    refused(
        "a.csv",
        "a,b\n1,\"x\ny\"\n\n2\n",
        &["line 5", "1 field", "header has 2"],
    );
    refused("a.csv", "a,b\n1,2\n1,2,3\n", &["line 3", "3 fields"]);
    refused(
        "a.csv",
        b"a,b\n1,2\n1,\xff\n",
        &["line 3", "field 2", "UTF-8"],
    );
    refused("a.csv", "", &["no header"]);
    refused("a.csv", "a,b,a\n1,2,3\n", &["duplicate column name \"a\""]);
    let text = "s,d\n\"x\ny\",2024-01-01\nz,2024-13-45\n";
    refused(
        "a.csv",
        text,
        &["line 4", "column \"d\"", "'2024-13-45'", "Date32"],
    );
    let text = "s,t\nx,2024-01-01 00:00:00\n\nz,2024-01-01 25:61:00\n";
    refused("a.csv", text, &["line 4", "column \"t\""]);
}

#[test]
fn ndjson_is_read_with_its_types() {
    let text = "{\"z\": 1, \"a\": \"x\", \"u\": 18446744073709551615}\n\n\
                {\"a\": null, \"z\": 2.5, \"m\": true}\r\n{\"a\": 7, \"m\": \"y\"}";
    let (schema, batches) = open("a.ndjson", text.as_bytes()).unwrap();
    assert_eq!(
        types(&schema),
        ["z Float64", "a Utf8", "u UInt64", "m Utf8"]
    );
    let text = |index: usize| {
        let column = batches[0].column(index);
        let column = column.as_any().downcast_ref::<StringArray>().unwrap();
        column
            .iter()
            .map(|value| value.map(str::to_owned))
            .collect::<Vec<_>>()
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(text(1), [some("x"), None, some("7")]);
    assert_eq!(text(3), [None, some("true"), some("y")]);
}

#[test]
fn ndjson_errors_name_the_line() {
    refused(
        "a.ndjson",
        "{\"a\": 1}\n\n{\"a\": }\n",
        &["line 3", "character"],
    );
    refused("a.jsonl", "{\"a\": 1}\n[1]\n", &["line 2", "object"]);
    refused(
        "a.jsonl",
        "{\"a\": 1}\n{\"a\": [1]}\n",
        &["line 2", "column \"a\""],
    );
    refused(
        "a.jsonl",
        "{\"a\": 1, \"a\": 2}\n",
        &["line 1", "duplicate column name \"a\""],
    );
    refused("a.jsonl", "{\"a\": 1}{\"a\": 1}\n", &["line 1"]);
    refused("a.jsonl", "{\"a\":\n1}\n", &["line 1"]);
    refused("a.jsonl", "", &["no columns"]);
    refused("a.jsonl", b"{\"a\": \"\xff\"}\n", &["line 1"]);
}

fn batch() -> RecordBatch {
    let ids: ArrayRef = Arc::new(Int64Array::from(vec![Some(1), None, Some(3)]));
    let names: ArrayRef = Arc::new(StringArray::from(vec!["a", "b", "c"]));
    RecordBatch::try_from_iter_with_nullable([("id", ids, true), ("name", names, false)]).unwrap()
}

fn ipc_file(compression: Option<CompressionType>) -> Vec<u8> {
    let options = IpcWriteOptions::default()
        .try_with_compression(compression)
        .unwrap();
    let schema = batch().schema();
    let mut writer = FileWriter::try_new_with_options(Vec::new(), &schema, options).unwrap();
    writer.write(&batch()).unwrap();
    writer.write(&batch()).unwrap();
    writer.into_inner().unwrap()
}

fn ipc_stream() -> Vec<u8> {
    let mut writer = StreamWriter::try_new(Vec::new(), &batch().schema()).unwrap();
    writer.write(&batch()).unwrap();
    writer.write(&batch().slice(1, 1)).unwrap();
    writer.into_inner().unwrap()
}

#[test]
fn arrow_files_and_streams() {
    for compression in [
        None,
        Some(CompressionType::LZ4_FRAME),
        Some(CompressionType::ZSTD),
    ] {
        let (schema, batches) = open("a.feather", &ipc_file(compression)).unwrap();
        assert_eq!(schema, batch().schema());
        assert_eq!(batches, [batch(), batch()]);
    }
    let (_, batches) = open("a.arrows", &ipc_stream()).unwrap();
    assert_eq!(batches, [batch(), batch().slice(1, 1)]);
    refused("a.arrow", ipc_stream(), &[]);
    refused("a.arrows", ipc_file(None), &[]);
    refused("a.arrow", "", &[]);
    refused("a.arrows", "", &[]);
    let cut = &ipc_file(None)[..200];
    refused("a.arrow", cut, &[]);
}

#[test]
fn parquet_files() {
    let mut writer =
        ::parquet::arrow::ArrowWriter::try_new(Vec::new(), batch().schema(), None).unwrap();
    writer.write(&batch()).unwrap();
    let bytes = writer.into_inner().unwrap();
    let (schema, batches) = open("a.parquet", &bytes).unwrap();
    assert_eq!(schema.fields(), batch().schema().fields());
    assert_eq!(batches[0].columns(), batch().columns());
    refused("a.parquet", &bytes[..bytes.len() - 1], &[]);
    refused("a.parquet", "", &[]);
}

#[test]
fn what_cannot_be_opened_is_named() {
    let directory = TempDir::new().unwrap();
    let open = |path: &Path, format| {
        Input::open(path, format, &[])
            .map_err(|error| one_line(&error))
            .unwrap_err()
    };
    let missing = directory.path().join("missing.csv");
    let text = open(&missing, None);
    assert!(text.contains("missing.csv: No such file"), "{text}");
    let text = open(directory.path(), Some(Format::Csv));
    assert!(text.contains("directory"), "{text}");
    let odd = directory.path().join("data.xyz");
    fs::File::create(&odd)
        .unwrap()
        .write_all(b"a\n1\n")
        .unwrap();
    let text = open(&odd, None);
    assert!(
        text.contains("data.xyz") && text.contains("--input-format"),
        "{text}"
    );
    assert!(Input::open(&odd, Some(Format::Csv), &[]).is_ok());
}

#[test]
fn formats_are_known_by_extension() {
    for (path, expected) in [
        ("a.csv", Some(Format::Csv)),
        ("a.b/c.TSV", Some(Format::Tsv)),
        ("x.jsonl", Some(Format::Ndjson)),
        ("x.feather", Some(Format::Arrow)),
        ("x.arrows", Some(Format::ArrowStream)),
        ("x.parquet", Some(Format::Parquet)),
        ("x.parquet.gz", None),
        ("csv", None),
    ] {
        assert_eq!(Format::of_path(Path::new(path)), expected, "{path}");
    }
}

#[test]
fn a_decoder_that_panics_is_an_error_and_the_end() {
    let batches: Batches = Box::new([0, 1, 2].into_iter().map(|index| {
        assert!(index != 1, "a broken length");
        Ok(batch())
    }));
    let mut guarded = Guarded {
        name: "a.arrow".to_owned(),
        batches: Some(batches),
    };
    assert!(guarded.next().is_some_and(|next| next.is_ok()));
    let error = guarded.next().unwrap().unwrap_err();
    assert!(one_line(&error).starts_with("a.arrow: its decoder failed"));
    assert!(guarded.next().is_none());
}
