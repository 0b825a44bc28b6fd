"""A system of Python in a process of its own: a table in memory, and commands from stdin.

    worker.py pyarrow|polars|duckdb|fastparquet

Commands and answers are those of src/files/protocol.rs, one JSON object a line.
"""

import gc
import json
import os
import sys
import time

ROWS = 1 << 20
DICTIONARY = 1 << 20


class Counter:
    """A file that only counts."""

    def __init__(self):
        self.bytes = 0
        self.closed = False

    def write(self, data):
        length = memoryview(data).nbytes
        self.bytes += length
        return length

    def tell(self):
        return self.bytes

    def flush(self):
        pass

    def close(self):
        self.closed = True

    def readable(self):
        return False

    def seekable(self):
        return False

    def writable(self):
        return True

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def read(path):
    """The table, and none of the file's pages in its place."""
    import pyarrow

    with pyarrow.OSFile(path) as file:
        return pyarrow.ipc.open_file(file).read_all()


class Pyarrow:
    def load(self, path):
        # What takes memory once is there before memory is looked at.
        import pyarrow.parquet  # noqa: F401

        self.table = read(path)
        self.plain = None
        return self.table.num_rows, self.table.num_columns

    def write(self, codec, threads, to, dictionary, partition_on):
        import pyarrow

        if partition_on:
            self.write_partitioned(codec, threads, to, partition_on)
            return None

        counter = Counter()
        pyarrow.parquet.write_table(
            self.table,
            to or pyarrow.PythonFile(counter, mode="w"),
            row_group_size=ROWS,
            compression="lz4" if codec == "lz4_raw" else codec,
            compression_level=1 if codec == "zstd" else None,
            use_dictionary=dictionary,
            dictionary_pagesize_limit=DICTIONARY,
            write_statistics=True,
        )
        return counter.bytes

    def write_partitioned(self, codec, threads, to, partition_on):
        import pyarrow
        from pyarrow import dataset

        # It cannot split texts that are views; the first round, which does not count, converts them.
        if self.plain is None:
            views = pyarrow.types.is_string_view
            fields = [
                field.with_type(pyarrow.string()) if views(field.type) else field
                for field in self.table.schema
            ]
            self.plain = self.table.cast(pyarrow.schema(fields))
        types = [self.plain.schema.field(name) for name in partition_on]
        form = dataset.ParquetFileFormat()
        dataset.write_dataset(
            self.plain,
            to,
            format=form,
            file_options=form.make_write_options(compression=codec),
            partitioning=dataset.partitioning(pyarrow.schema(types), flavor="hive"),
            max_partitions=10_000,
            # By default it writes a row group for each batch, and closes files: far slower.
            max_open_files=4_096,
            min_rows_per_group=4_096,
            use_threads=threads > 1,
        )


class Polars:
    """It has no knob for the size of dictionaries."""

    def load(self, path):
        import polars

        self.frame = polars.from_arrow(read(path)).rechunk()
        return self.frame.shape

    def write(self, codec, threads, to, dictionary, partition_on):
        counter = Counter()
        if partition_on:
            import polars

            place = polars.PartitionBy(to, key=partition_on, include_key=False)
            self.frame.lazy().sink_parquet(place, compression=codec, statistics=True, mkdir=True)
            return None
        self.frame.write_parquet(
            to or counter,
            row_group_size=ROWS,
            compression={"none": "uncompressed", "lz4_raw": "lz4"}.get(codec, codec),
            compression_level=1 if codec == "zstd" else None,
            statistics=True,
        )
        return counter.bytes


class DuckDb:
    """The table is one of its own. It writes to paths only: its sink is the null device."""

    def load(self, path):
        import duckdb
        import pyarrow

        self.connection = duckdb.connect()
        arrow = read(path)
        texts = {}
        for field in arrow.schema:
            if pyarrow.types.is_dictionary(field.type):
                texts[field.name] = arrow[field.name].chunk(0).dictionary.to_pylist()
        columns = []
        for name in arrow.column_names:
            if name in texts:
                entries = ", ".join(f"'{text}'" for text in texts[name])
                self.connection.execute(f"CREATE TYPE {name}_type AS ENUM ({entries})")
                columns.append(f'"{name}"::{name}_type AS "{name}"')
            else:
                columns.append(f'"{name}"')
        self.connection.register("arrow", arrow)
        self.connection.execute(f"CREATE TABLE loaded AS SELECT {', '.join(columns)} FROM arrow")
        self.connection.unregister("arrow")
        return arrow.num_rows, arrow.num_columns

    def write(self, codec, threads, to, dictionary, partition_on):
        level = ", COMPRESSION_LEVEL 1" if codec == "zstd" else ""
        codec = "uncompressed" if codec == "none" else codec
        self.connection.execute(f"SET threads TO {threads}")
        if partition_on:
            self.connection.execute(
                f"COPY loaded TO '{to}' (FORMAT parquet, CODEC '{codec}'{level}, "
                f"PARTITION_BY ({', '.join(partition_on)}))"
            )
            return None
        self.connection.execute(
            f"COPY loaded TO '{to or os.devnull}' (FORMAT parquet, CODEC '{codec}'{level}, "
            f"ROW_GROUP_SIZE {ROWS}, STRING_DICTIONARY_PAGE_SIZE_LIMIT {DICTIONARY}, "
            "USE_TMP_FILE false)"
        )
        return None


class Fastparquet:
    """It makes dictionaries of categories only."""

    def load(self, path):
        import functools

        import cramjam
        from fastparquet import compression

        # Levels by column are not taken, only names.
        compression.compressions["ZSTD"] = functools.partial(cramjam.zstd.compress, level=1)
        self.frame = read(path).to_pandas()
        return self.frame.shape

    def write(self, codec, threads, to, dictionary, partition_on):
        import fastparquet

        counter = Counter()
        sink = {} if to else {"open_with": lambda *_: counter}
        fastparquet.write(
            to or "sink",
            self.frame,
            row_group_offsets=ROWS,
            compression=None if codec == "none" else codec.upper(),
            stats=True,
            has_nulls=False,
            write_index=False,
            **sink,
        )
        return counter.bytes


SYSTEMS = {
    "pyarrow": Pyarrow,
    "polars": Polars,
    "duckdb": DuckDb,
    "fastparquet": Fastparquet,
}


def status(name):
    """Bytes that a line of the process's status states."""
    with open("/proc/self/status") as lines:
        for line in lines:
            if line.startswith(name):
                return int(line.split()[1]) * 1024
    return None


def resident():
    """The memory in use, to which its high-water mark is set; None if the machine tells neither."""
    try:
        with open("/proc/self/clear_refs", "w") as marks:
            marks.write("5")
        return status("VmRSS:")
    except OSError:
        return None


def written(system, write):
    gc.collect()
    before = resident()
    cpu = time.process_time()
    start = time.perf_counter()
    counted = system.write(**write)
    seconds = time.perf_counter() - start
    return {
        "seconds": seconds,
        "cpu_seconds": time.process_time() - cpu,
        "output_bytes": None if write["to"] else counted,
        "peak_extra_bytes": before and max(0, status("VmHWM:") - before),
    }


def execute(system, command):
    try:
        if "load" in command:
            rows, columns = system.load(command["load"])
            return {"loaded": {"rows": rows, "columns": columns}}
        return {"written": written(system, command["write"])}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


def main():
    system = SYSTEMS[sys.argv[1]]()
    # What libraries print is no answer.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        print(json.dumps(execute(system, json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    main()
