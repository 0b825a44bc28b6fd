"""Reads Parquet files and data sets with readers that pq did not write.

    read.py READER SOURCE PATH [--scheme hive] [--partition-on a,b] [--codec zstd]
    read.py jobs JOBS.json
    read.py csv TABLE.csv PATH SOURCE.arrow [--partition-on a,b]

The first two compare every value with SOURCE, an Arrow IPC file: null for null and
bit for bit, in order for single files, in the order of `row_id` for data sets. A line
`ok ...` for what agrees, a line with the first difference and exit 1 for what does not.
JOBS.json is a list of objects: source, path, and optionally scheme, partition_on, codec,
readers (all but spark, unless named).

The third makes the source of a CSV file: read by pyarrow, with the types at PATH.
"""

import argparse
import json
import pathlib
import sys
import traceback

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

import compare
import exceptions
import readers

ALL = ["pyarrow", "pyarrow_metadata", "duckdb", "polars", "fastparquet", "datafusion", "java"]


def load(path):
    with pa.memory_map(str(path)) as file:
        return pa.ipc.open_file(file).read_all()


def runs_of(spec):
    """(reader, job) of one entry of the list."""
    path = pathlib.Path(spec["path"])
    for reader in spec.get("readers") or ALL:
        if reader == "pyarrow_metadata" and not (path / "_metadata").is_file():
            continue
        if reason := exceptions.CODECS.get((reader, spec.get("codec"))):
            print(f"left out {reader} {path.name}: {reason}")
            continue
        yield reader


def mixed_dictionary(job):
    """Text columns that have a dictionary in some row groups and none in others."""
    kinds = {}
    for file in job.files:
        metadata = pq.read_metadata(file)
        for i in range(metadata.num_row_groups):
            for j in range(metadata.num_columns):
                chunk = metadata.row_group(i).column(j)
                if metadata.schema.column(j).converted_type == "UTF8":
                    kinds.setdefault(chunk.path_in_schema, set()).add(chunk.has_dictionary_page)
    return {name for name, kind in kinds.items() if len(kind) > 1}


def lacking(reader, job, source):
    """Columns of an encoding that the reader does not know for their type, with the reason."""
    reasons = {}
    for file in job.files:
        metadata = pq.read_metadata(file)
        for i in range(metadata.num_row_groups):
            for j in range(metadata.num_columns):
                chunk = metadata.row_group(i).column(j)
                name = chunk.path_in_schema.split(".")[0]
                tables = [exceptions.ENCODINGS]
                if pa.types.is_dictionary(source.schema.field(name).type):
                    tables.append(exceptions.ENCODINGS_OF_DICTIONARIES)
                for encoding in chunk.encodings:
                    for table in tables:
                        if reason := table.get((reader, encoding, chunk.physical_type)):
                            reasons[name] = f"{encoding}: {reason}"
    return reasons


def check(specs):
    sources = {s["source"]: load(s["source"]) for s in specs}
    runs = []
    for spec in specs:
        for reader in runs_of(spec):
            columns = [c for c in sources[spec["source"]].column_names
                       if not exceptions.find(exceptions.SKIPPED, reader, c)]
            job = readers.Job(spec["path"], spec.get("scheme", "simple"),
                              spec.get("partition_on") or [], columns)
            if reader in exceptions.MIXED_DICTIONARY and (mixed := mixed_dictionary(job)):
                print(f"left out {reader} {job.path.name}: {', '.join(sorted(mixed))}")
                job.columns = [c for c in columns if c not in mixed]
            for column, reason in lacking(reader, job, sources[spec["source"]]).items():
                print(f"left out {reader} {job.path.name}: {column}: {reason}")
                job.columns = [c for c in job.columns if c != column]
            runs.append((reader, job, spec))
    java_files = [f for reader, job, _ in runs if reader == "java" for f in job.files]
    functions = dict(readers.READERS)
    if java_files:
        functions["java"] = readers.Java(java_files)
    failed = 0
    for reader, job, spec in runs:
        source = sources[spec["source"]]
        label = spec.get("label") or job.path.name
        try:
            got = functions[reader](job)
            # A data set in folders keeps no order across its folders.
            columns = compare.compare(reader, source.select(job.columns), got, job.partition_on)
            print(f"ok {reader} {source.num_rows} rows {columns} columns: {label}")
        except compare.Difference as difference:
            failed += 1
            print(f"DIFFERS {reader}: {label}: {difference}")
        except Exception as error:
            failed += 1
            print(f"FAILED {reader}: {label}: {type(error).__name__}: {error}")
            traceback.print_exc()
        sys.stdout.flush()
    print(f"{len(runs) - failed} of {len(runs)} readings agree")
    return 1 if failed or not runs else 0


def csv_source(table, path, out, partition_on):
    """The CSV as pyarrow reads it, with the types that pq chose; nulls are empty cells."""
    import pyarrow.dataset as ds
    schema = ds.dataset(path, format="parquet", partitioning="hive").schema
    types = {f.name: f.type for f in schema if f.name not in partition_on}
    read = pa.csv.read_csv(table, convert_options=pa.csv.ConvertOptions(
        column_types=types, null_values=["", "NA"],
        strings_can_be_null=True))
    with pa.ipc.new_file(out, read.schema) as file:
        file.write_table(read)
    return 0


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "jobs":
        return check(json.loads(pathlib.Path(sys.argv[2]).read_text()))
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reader", choices=[*ALL, "spark", "csv"])
    parser.add_argument("source")
    parser.add_argument("path")
    parser.add_argument("out", nargs="?")
    parser.add_argument("--scheme", default="simple", choices=["simple", "flat", "hive", "drill"])
    parser.add_argument("--partition-on", default="")
    parser.add_argument("--codec")
    arguments = parser.parse_args()
    partition_on = [c for c in arguments.partition_on.split(",") if c]
    if arguments.reader == "csv":
        return csv_source(arguments.source, arguments.path, arguments.out, partition_on)
    return check([{"source": arguments.source, "path": arguments.path,
                   "scheme": arguments.scheme, "partition_on": partition_on,
                   "codec": arguments.codec, "readers": [arguments.reader]}])


if __name__ == "__main__":
    sys.exit(main())
