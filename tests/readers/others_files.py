"""Appends to, and merges, files of other writers with pq, and fails where an old byte changed, a
row is lost, or what pq refused is not as it was.

    others_files.py PQ FOLDER SCRATCH

Every Parquet file below FOLDER is copied to SCRATCH. Its own rows are appended to one copy; pq
must have kept all bytes before the old footer, and pyarrow must see the old rows twice. Another
copy alone in a directory is merged; pyarrow must see the same rows by `_metadata`. Data sets that
are there with `_metadata` get rows of one of their partitions; their files must stay as they are.

A line for each refusal; exit 1 for anything that must not be.
"""

import pathlib
import shutil
import subprocess
import sys

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

# Tables that are larger are not read, only their bytes are compared.
MOST_BYTES = 64 << 20


def run(*arguments):
    """None, or what pq says that it refuses."""
    done = subprocess.run([str(a) for a in arguments], capture_output=True, text=True, timeout=120)
    if done.returncode < 0 or "panicked" in done.stderr:
        raise AssertionError(f"pq ended with {done.returncode}: {done.stderr[:300]}")
    if done.returncode == 0:
        return None
    if not done.stderr.strip():
        raise AssertionError("pq failed without a word")
    return " ".join(done.stderr.split())


def readable(file, read):
    """A table; None where pyarrow cannot read it, where it has no columns, or is too large."""
    try:
        metadata = pq.read_metadata(file)
        groups = [metadata.row_group(i) for i in range(metadata.num_row_groups)]
        if not metadata.num_columns or sum(g.total_byte_size for g in groups) > MOST_BYTES:
            return None
        return read()
    except (pa.ArrowException, OSError, NotImplementedError):
        return None


def same(got, wanted):
    """Whether two tables show the same; NaN is NaN, and types may have other metadata."""
    try:
        return repr(got.to_pydict()) == repr(wanted.to_pydict())
    except OverflowError:
        # Dates that Python does not have.
        return got.equals(wanted)


def rows_start(old):
    """Where the footer of a file begins; its length is in its last bytes."""
    length = int.from_bytes(old[-8:-4], "little")
    return len(old) - 8 - length


def names(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def append(binary, file, folder):
    copy = folder / "file.parquet"
    shutil.copy(file, copy)
    copy.chmod(0o644)
    old = copy.read_bytes()
    refused = run(binary, "append", file, copy, "--input-format", "parquet")
    new = copy.read_bytes()
    if [p.name for p in folder.iterdir()] != ["file.parquet"]:
        raise AssertionError(f"left behind: {list(folder.iterdir())}")
    if refused:
        if new != old:
            raise AssertionError(f"refused, and changed the file: {refused}")
        return refused
    if new[:rows_start(old)] != old[:rows_start(old)]:
        raise AssertionError("an old byte changed")
    before = readable(file, lambda: pq.ParquetFile(file).read())
    if before is not None:
        after = pq.ParquetFile(copy).read()
        if not same(after.slice(0, before.num_rows), before):
            raise AssertionError("the old rows are other rows")
        added = after.slice(before.num_rows)
        if not same(added, before):
            raise AssertionError("the new rows are other rows")
    return None


def merge(binary, file, folder):
    copy = folder / "file.parquet"
    shutil.copy(file, copy)
    old = names(folder)
    refused = run(binary, "merge", folder)
    new = names(folder)
    if refused:
        if new != old:
            raise AssertionError(f"refused, and changed the directory: {refused}")
        return refused
    if new.pop("_metadata", None) is None:
        raise AssertionError("no _metadata")
    new.pop("_common_metadata", None)
    if new != old:
        raise AssertionError("a file changed")
    before = readable(file, lambda: ds.dataset(copy).to_table())
    if before is not None:
        after = ds.parquet_dataset(folder / "_metadata").to_table()
        if not same(after, before):
            raise AssertionError("other rows by _metadata")
    return None


def append_dataset(binary, source, folder):
    """The first rows of a data set are appended to it."""
    copy = folder / "set"
    shutil.copytree(source, copy)
    old = names(copy)
    before = ds.parquet_dataset(copy / "_metadata", partitioning="hive").to_table()
    rows = folder / "rows.arrow"
    with pa.ipc.new_file(rows, before.schema) as file:
        file.write_table(before.slice(0, 10))
    refused = run(binary, "append", rows, copy)
    new = names(copy)
    if refused:
        if new != old:
            raise AssertionError(f"refused, and changed the data set: {refused}")
        return refused
    for name, content in old.items():
        if name not in ("_metadata", "_common_metadata") and new.get(name) != content:
            raise AssertionError(f"{name} changed")
    after = ds.parquet_dataset(copy / "_metadata", partitioning="hive").to_table()
    if not same(after.slice(0, before.num_rows), before):
        raise AssertionError("the old rows are other rows")
    if after.num_rows != before.num_rows + min(10, before.num_rows):
        raise AssertionError(f"{after.num_rows} rows after {before.num_rows}")
    return None


def parquet_files(folder):
    found = [p for p in folder.rglob("*") if p.is_file() and p.name[0] not in "._"]
    return sorted(p for p in found if p.suffix in (".parquet", ".parq", ".encrypted"))


def main():
    binary, folder, scratch = map(pathlib.Path, sys.argv[1:])
    files = parquet_files(folder)
    assert files, f"no Parquet files in {folder}"
    failed, done = 0, {"append": 0, "merge": 0}
    for index, file in enumerate(files):
        for name, command in [("append", append), ("merge", merge)]:
            place = scratch / f"{index}-{name}"
            place.mkdir(parents=True)
            try:
                refused = command(binary, file, place)
            except Exception as error:
                failed += 1
                print(f"FAILED {name} {file.relative_to(folder)}: "
                      f"{type(error).__name__}: {str(error)[:400]}")
                continue
            if refused:
                print(f"refused {name} {file.relative_to(folder)}: {refused[:300]}")
            else:
                done[name] += 1
    for index, metadata in enumerate(sorted(folder.rglob("_metadata"))):
        place = scratch / f"{index}-set"
        place.mkdir(parents=True)
        name = metadata.parent.relative_to(folder)
        try:
            refused = append_dataset(binary, metadata.parent, place)
            print(f"refused append {name}: {refused[:300]}" if refused else
                  f"appended to the data set {name}")
        except Exception as error:
            failed += 1
            print(f"FAILED append {name}: {type(error).__name__}: {str(error)[:400]}")
    print(f"{len(files)} files: {done['append']} appended to, {done['merge']} merged, "
          f"{failed} failed")
    sys.exit(failed > 0 or not all(done.values()))


main()
