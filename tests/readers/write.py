"""Lets the readers write: tables of every shape, as each writes them, for the lossless check.

    write.py FOLDER

A folder for each writer is made in FOLDER; what a writer cannot write, it is not asked for.
"""

import datetime
import decimal
import pathlib
import subprocess
import sys
import time

import pyarrow as pa
import pyarrow.parquet as pq

ROWS = 3000


def flat():
    """Numbers, texts of few and of many values, times, nulls in half of the columns."""
    rows = range(ROWS)
    day = datetime.date(2020, 1, 1)
    now = datetime.datetime(2020, 1, 1, 12, 30, 15, 123456)

    def column(value, type, nulls=False):
        return pa.array([None if nulls and i % 5 == 0 else value(i) for i in rows], type)

    columns = {"row_id": column(lambda i: i, pa.int64())}
    for name, value, type in [
        ("boolean", lambda i: i % 3 == 0, pa.bool_()),
        ("int8", lambda i: i % 100, pa.int8()),
        ("int32", lambda i: i * 7919 % 100003, pa.int32()),
        ("uint16", lambda i: i % 65536, pa.uint16()),
        ("float32", lambda i: i / 8 if i % 7 else float("nan"), pa.float32()),
        ("float64", lambda i: i / 3, pa.float64()),
        ("few", lambda i: ["red", "green", "blue"][i % 3], pa.string()),
        ("many", lambda i: f"{i * 2654435761 % 4294967296:x} größer", pa.string()),
        ("bytes", lambda i: i.to_bytes(4, "big"), pa.binary()),
        ("date", lambda i: day + datetime.timedelta(days=i), pa.date32()),
        ("timestamp", lambda i: now + datetime.timedelta(minutes=i), pa.timestamp("us")),
        ("instant", lambda i: now + datetime.timedelta(hours=i), pa.timestamp("ms", "UTC")),
        ("decimal", lambda i: decimal.Decimal(i).scaleb(-2), pa.decimal128(12, 2)),
    ]:
        columns[name] = column(value, type)
        columns[f"{name}_nulls"] = column(value, type, nulls=True)
    return pa.table(columns)


def nested():
    """Lists, maps and structs in each other, empty and null at every level."""
    rows = range(ROWS)
    lists = [None if i % 11 == 0 else [j if j % 3 else None for j in range(i % 5)] for i in rows]
    return pa.table({
        "row_id": pa.array(rows, pa.int32()),
        "list": pa.array(lists, pa.list_(pa.int32())),
        "lists": pa.array([[x, None, []] for x in lists], pa.list_(pa.list_(pa.int32()))),
        "struct": pa.array(
            [{"a": i, "b": {"c": str(i % 4), "d": None}} if i % 6 else None for i in rows],
            pa.struct({"a": pa.int64(),
                       "b": pa.struct({"c": pa.string(), "d": pa.float64()})})),
        "structs": pa.array([[{"x": j, "y": str(j)} for j in range(i % 3)] for i in rows],
                            pa.list_(pa.struct({"x": pa.int16(), "y": pa.string()}))),
        "map": pa.array([[(str(j), j) for j in range(i % 4)] for i in rows],
                        pa.map_(pa.string(), pa.int64())),
    })


TABLES = {"flat": flat(), "nested": nested(), "empty": flat().slice(0, 0)}


def pyarrow(folder):
    common = {"write_page_index": True, "row_group_size": 1000, "data_page_size": 2000,
              "write_batch_size": 64}
    for name, table in TABLES.items():
        pq.write_table(table, folder / f"{name}.parquet", **common)
        pq.write_table(table, folder / f"{name}_v2.parquet", data_page_version="2.0",
                       version="2.6", compression="zstd", write_page_checksum=True,
                       sorting_columns=[pq.SortingColumn(0)], **common)
        pq.write_table(table, folder / f"{name}_plain.parquet", use_dictionary=False,
                       version="1.0", compression="none", write_statistics=False)
    table = TABLES["flat"]
    pq.write_table(table, folder / "int96.parquet", use_deprecated_int96_timestamps=True)
    encodings = {"int32": "DELTA_BINARY_PACKED", "many": "DELTA_BYTE_ARRAY",
                 "few": "DELTA_LENGTH_BYTE_ARRAY", "float64": "BYTE_STREAM_SPLIT"}
    pq.write_table(table.select(list(encodings)), folder / "encodings.parquet",
                   use_dictionary=False, column_encoding=encodings)
    bloom = {"bloom_filter_options": {"many": {"ndv": ROWS, "fpp": 0.01}, "int32": True}}
    pq.write_table(table, folder / "bloom.parquet", **bloom, **common)
    wide = pa.table({f"c{i}": pa.array(range(50)) for i in range(400)})
    pq.write_table(wide, folder / "wide.parquet", row_group_size=10)
    collected = []
    dataset = folder / "dataset"
    pq.write_to_dataset(table.slice(0, 600), dataset, partition_cols=["few"],
                        metadata_collector=collected)
    schema = table.schema.remove(table.schema.get_field_index("few"))
    pq.write_metadata(schema, dataset / "_common_metadata")
    pq.write_metadata(schema, dataset / "_metadata", metadata_collector=collected)


def duckdb(folder):
    import duckdb as db
    connection = db.connect()
    for name, table in TABLES.items():
        connection.register("rows", table)
        for number, options in enumerate([
            "", ", COMPRESSION zstd, PARQUET_VERSION v2",
            ", ROW_GROUP_SIZE 2048, KV_METADATA {k: 'v'}",
            ", DICTIONARY_SIZE_LIMIT 1, FIELD_IDS 'auto'",
        ]):
            path = folder / f"{name}_{number}.parquet"
            connection.execute(f"COPY (SELECT * FROM rows) TO '{path}' (FORMAT parquet{options})")


def polars(folder):
    import polars as pl
    for name, table in TABLES.items():
        # A map is a list of structs to this writer.
        frame = pl.from_arrow(table)
        for codec in ["zstd", "snappy", "uncompressed"]:
            frame.write_parquet(folder / f"{name}_{codec}.parquet", compression=codec,
                                statistics="full", row_group_size=1000, data_page_size=2000)
        frame.lazy().sink_parquet(folder / f"{name}_lazy.parquet")


def fastparquet(folder):
    import fastparquet as fp
    frame = TABLES["flat"].drop_columns(
        ["bytes_nulls", "date", "date_nulls", "decimal", "decimal_nulls"]).to_pandas()
    frame["few"] = frame["few"].astype("category")
    # A writer that knows nothing of the strings of newer pandas.
    for column in frame.columns:
        if str(frame[column].dtype) in ("str", "string"):
            frame[column] = frame[column].astype(object)
    fp.write(str(folder / "flat.parquet"), frame, row_group_offsets=1000, stats=True)
    fp.write(str(folder / "gzip.parquet"), frame, compression="GZIP", has_nulls=True)
    fp.write(str(folder / "int96.parquet"), frame, times="int96")
    fp.write(str(folder / "dataset"), frame, file_scheme="hive", partition_on=["few"],
             row_group_offsets=1500)
    fp.write(str(folder / "dataset"), frame, file_scheme="hive", partition_on=["few"],
             append=True)


def datafusion(folder):
    import datafusion as df
    for name, table in TABLES.items():
        context = df.SessionContext()
        frame = context.from_arrow(table)
        for number, options in enumerate([
            {}, {"bloom_filter_on_write": True, "statistics_enabled": "page",
                 "max_row_group_size": 1000, "data_page_row_count_limit": 100},
            {"writer_version": "2.0", "compression": "zstd(3)", "dictionary_enabled": False},
        ]):
            writing = df.ParquetWriterOptions(**options)
            frame.write_parquet_with_options(str(folder / f"{name}_{number}.parquet"), writing)


def java(folder):
    import pyspark
    here = pathlib.Path(__file__).parent
    jars = pathlib.Path(pyspark.__file__).parent / "jars"
    subprocess.run(["java", "-Xmx1g", "-cp", f"{jars}/*", str(here / "Write.java"), str(folder)],
                   check=True, stdin=subprocess.DEVNULL)


def main():
    folder = pathlib.Path(sys.argv[1])
    failed = 0
    for write in [pyarrow, duckdb, polars, fastparquet, datafusion, java]:
        own = folder / write.__name__
        own.mkdir(parents=True)
        begun = time.monotonic()
        try:
            write(own)
        except Exception as error:
            failed += 1
            print(f"FAILED {write.__name__}: {type(error).__name__}: {error}")
        files = sum(1 for path in own.rglob("*") if path.is_file())
        print(f"{write.__name__}: {files} files, {time.monotonic() - begun:.1f} s")
        sys.stdout.flush()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
