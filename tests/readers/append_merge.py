"""Appends to copies of Parquet files of any writer, and merges them: no old byte changes, and the rows
are those that pyarrow found before. What pq refuses, it refuses with an error and changes nothing.

    .venv/bin/python tests/readers/append_merge.py target/debug/pq FOLDER

FOLDER could be a clone of apache/parquet-testing, or the test data of fastparquet. Prints what was
refused and why; the exit status is 1 if something is wrong.
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile

import pyarrow.parquet


def pq(*arguments):
    return subprocess.run(list(map(str, arguments)), capture_output=True, text=True, check=False)


def rows(path):
    """The rows as text, in which NaN is like NaN; None where pyarrow cannot read them."""
    try:
        return [str(row) for row in pyarrow.parquet.read_table(path).to_pylist()]
    except Exception:  # Readers raise what they like.
        return None


def refused(done, path, before):
    """What is wrong with a refusal, if anything is."""
    if done.returncode != 1 or not done.stderr.startswith("pq: error: "):
        return f"fails with {done.returncode}: {done.stderr}"
    if "internal error" in done.stderr:
        return done.stderr
    return None if path.read_bytes() == before else "was refused and changed"


def append(binary, source, copy):
    before = source.read_bytes()
    done = pq(binary, "append", source, copy, "--no-progress", "--input-format", "parquet")
    if done.returncode:
        return done.stderr, refused(done, copy, before)
    footer = int.from_bytes(before[-8:-4], "little")
    start = len(before) - 8 - footer
    if copy.read_bytes()[:start] != before[:start]:
        return None, "old bytes changed"
    old, new = rows(source), rows(copy)
    return None, None if old is None or new == old + old else "rows differ after an append"


def merge(binary, source, folder):
    before = source.read_bytes()
    files = [folder / "one.parquet", folder / "two.parquet"]
    for file in files:
        shutil.copy(source, file)
    done = pq(binary, "merge", folder, "--root", folder)
    for file in files:
        if file.read_bytes() != before:
            return None, "a merge changed a file"
    if done.returncode:
        return done.stderr, refused(done, files[0], before)
    try:
        own = pyarrow.parquet.read_metadata(source)
    except Exception:
        return None, None
    merged = pyarrow.parquet.read_metadata(folder / "_metadata")
    groups = range(own.num_row_groups)
    wanted = 2 * sum(own.row_group(group).num_rows for group in groups)
    return None, None if merged.num_rows == wanted else f"{merged.num_rows} rows, expected {wanted}"


def main(binary, folder):
    binary = pathlib.Path(binary).resolve()
    counts, wrong = {}, 0
    for source in sorted(pathlib.Path(folder).rglob("*.parq*")):
        if not source.is_file():
            continue
        for what, act in [("append", append), ("merge", merge)]:
            with tempfile.TemporaryDirectory() as place:
                place = pathlib.Path(place)
                copy = place / "copy.parquet"
                if act is append:
                    shutil.copy(source, copy)
                refusal, fault = act(binary, source, copy if act is append else place)
            how = "wrong" if fault else "refused" if refusal else "done"
            counts[what, how] = counts.get((what, how), 0) + 1
            wrong += bool(fault)
            if fault or refusal:
                print(f"{what} {how}: {source.name}: {fault or refusal.strip()}")
    print(counts)
    sys.exit(1 if wrong else 0)


main(*sys.argv[1:])
