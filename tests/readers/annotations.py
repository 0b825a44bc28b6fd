"""What readers take the annotations of a file for, and the data frame that they make of another.

    annotations.py annotations FILE
    annotations.py frame FILE
"""

import datetime
import json
import sys
import uuid

import duckdb
import fastparquet
import pyarrow.parquet as pq

UTC = datetime.timezone.utc
TIMES = [datetime.datetime(2023, 11, 14, 22, 13, 20, 123456, UTC),
         datetime.datetime(1969, 12, 31, 23, 59, 59, 999999, UTC)]


def same(what, expected, got):
    if expected != got:
        sys.exit(f"{what}: expected {expected!r}, got {got!r}")


def annotations(path):
    file = pq.ParquetFile(path)
    leaves = [file.schema.column(i) for i in range(len(file.schema))]
    types = {leaf.path: json.loads(leaf.logical_type.to_json())["Type"] for leaf in leaves}
    for name, expected in {"json": "JSON", "uuid": "UUID", "enum": "Enum", "int96": "None",
                           "millis": "Timestamp", "nanos": "Timestamp", "fixed": "None",
                           "geometry": "Geometry", "geography": "Geography"}.items():
        same(f"pyarrow, type of {name}", expected, types[name])
    same("pyarrow, interval", "INTERVAL",
         next(leaf for leaf in leaves if leaf.path == "interval").converted_type)
    columns = [c for c in file.schema_arrow.names if c not in ("interval", "variant")]
    rows = pq.read_table(path, columns=columns)
    values = {name: rows[name].to_pylist() for name in columns}
    same("pyarrow, json", [{"a": [1, None]}, None],
         [None if v is None else json.loads(v) for v in values["json"]])
    same("pyarrow, uuid", [bytes(range(16)), bytes(range(16, 32))],
         [v.bytes if isinstance(v, uuid.UUID) else v for v in values["uuid"]])
    text = [v.decode() if isinstance(v, bytes) else v for v in values["enum"]]
    same("pyarrow, enum", ["red", "green"], text)
    same("pyarrow, fixed", [b"ab\0\0", b"wxyz"], values["fixed"])
    instants = [t.replace(tzinfo=UTC).timestamp() for t in rows["int96"].to_pylist()]
    same("pyarrow, int96", [t.timestamp() for t in TIMES], instants)
    cut = [t.replace(microsecond=t.microsecond // 1000 * 1000) for t in TIMES]
    same("pyarrow, millis", cut, values["millis"])
    same("pyarrow, nanos", TIMES, [v.to_pydatetime() if hasattr(v, "to_pydatetime") else v
                                   for v in values["nanos"]])
    statistics = [c for c in (file.metadata.row_group(0).column(i) for i in range(len(leaves)))
                  if c.path_in_schema == "geometry"][0].geo_statistics
    same("pyarrow, bounding box", (-3.5, 1.0, 2.0, 4.0),
         (statistics.xmin, statistics.xmax, statistics.ymin, statistics.ymax))

    query = duckdb.connect().execute(
        "SELECT json, uuid, enum, interval FROM read_parquet(?)", [path])
    kinds = {column[0]: str(column[1]) for column in query.description}
    for name, expected in {"json": "JSON", "uuid": "UUID", "interval": "INTERVAL"}.items():
        same(f"duckdb, type of {name}", expected, kinds[name])
    first = query.fetchone()
    same("duckdb, uuid", uuid.UUID(bytes=bytes(range(16))), first[1])
    same("duckdb, enum", "red", first[2])
    same("duckdb, interval", datetime.timedelta(days=32, milliseconds=3), first[3])


def frame(path):
    file = fastparquet.ParquetFile(path)
    for reader, read in {"pyarrow": pq.read_table(path).to_pandas(),
                         "fastparquet": file.to_pandas()}.items():
        same(f"{reader}, index", ("key", ["x", "y", "z"]), (read.index.name, list(read.index)))
        same(f"{reader}, columns", ["when", "count", "share", "category"], list(read.columns))
        same(f"{reader}, when", "Europe/Vienna", str(read["when"].dt.tz))
        same(f"{reader}, instants", [0, 86_400_000_000, 1],
             [int(v.timestamp() * 1_000_000 + 0.5) for v in read["when"]])
        same(f"{reader}, count", "Int64", str(read["count"].dtype))
        same(f"{reader}, counts", [1, None, 3], [None if v is None or v != v else int(v)
             for v in read["count"].astype(object).where(read["count"].notna(), None)])
        same(f"{reader}, category", ["top", "low", "top"], list(read["category"]))
    same("fastparquet, dtype", "category", str(file.to_pandas()["category"].dtype))
    same("fastparquet, categories", {"category": 2}, dict(file.categories))


if __name__ == "__main__":
    {"annotations": annotations, "frame": frame}[sys.argv[1]](sys.argv[2])
