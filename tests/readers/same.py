"""Reads data sets and the files that they were made of with every reader that is here, and fails
where a reader sees other rows.

    same.py FOLDER

Each folder in FOLDER has `files`, what there was, and `data`, the data set.
"""

import pathlib
import sys

import duckdb
import fastparquet
import polars
import pyarrow as pa
import pyarrow.dataset

# What a reader cannot read, of whatever writer.
CANNOT = {
    # It takes nested columns apart.
    ("fastparquet", "nested"),
}


def by_id(table):
    """The rows in one order, as Python values: types may differ, NaN is NaN."""
    rows = table.sort_by("row_id") if "row_id" in table.column_names else table
    return repr(rows.select(sorted(rows.column_names)).to_pydict())


def pyarrow_files(folder):
    files = [str(file) for file in sorted(folder.rglob("*.parquet"))]
    return pyarrow.dataset.dataset(files).to_table()


def pyarrow_metadata(folder):
    return pyarrow.dataset.parquet_dataset(folder / "_metadata").to_table()


def with_duckdb(folder):
    found = duckdb.sql(f"select * from read_parquet('{folder}/**/*.parquet')").arrow()
    return found.read_all() if hasattr(found, "read_all") else found


def with_polars(folder):
    return polars.read_parquet(f"{folder}/**/*.parquet").to_arrow()


def with_fastparquet(target):
    return pa.Table.from_pandas(fastparquet.ParquetFile(target).to_pandas(), preserve_index=False)


def check(folder):
    files, data = folder / "files", folder / "data"
    wanted = by_id(pyarrow_files(files))
    assert by_id(pyarrow_files(data)) == wanted, "pyarrow, file by file"
    assert by_id(pyarrow_metadata(data)) == wanted, "pyarrow, by _metadata"
    for name, reader in [("duckdb", with_duckdb), ("polars", with_polars)]:
        try:
            wanted = by_id(reader(files))
        except Exception as error:
            print(f"{folder.name}: {name} cannot read the files: {str(error)[:70]}")
            continue
        assert by_id(reader(data)) == wanted, name
    if ("fastparquet", folder.name.split("-")[1]) in CANNOT:
        return
    try:
        names = [str(file) for file in sorted(files.rglob("*.parquet"))]
        wanted = by_id(pa.concat_tables(with_fastparquet(name) for name in names))
    except Exception as error:
        print(f"{folder.name}: fastparquet cannot read the files: {str(error)[:70]}")
        return
    assert by_id(with_fastparquet(str(data))) == wanted, "fastparquet, by _metadata"


def main():
    folders = sorted(pathlib.Path(sys.argv[1]).iterdir())
    assert folders, "no data sets"
    failed = 0
    for folder in folders:
        try:
            check(folder)
        except Exception as error:
            failed += 1
            print(f"{folder.name}: {type(error).__name__}: {str(error)[:300]}")
    print(f"{len(folders)} data sets read, {failed} with other rows")
    sys.exit(failed > 0)


main()
