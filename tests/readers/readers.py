"""One function a reader: what to read in, an Arrow table out."""

import pathlib
import subprocess
import tempfile
import urllib.parse

import pyarrow as pa


class Job:
    """A file or data set, how it is laid out, and the columns that the reader is asked for."""

    def __init__(self, path, scheme, partition_on, columns):
        self.path = pathlib.Path(path)
        self.scheme = scheme
        self.partition_on = partition_on
        self.columns = columns

    @property
    def stored(self):
        """Columns in the files; partition columns live in the folders' names."""
        return [c for c in self.columns if c not in self.partition_on]

    @property
    def files(self):
        if self.path.is_file():
            return [self.path]
        files = [p for p in self.path.rglob("*.parquet") if p.name[0] not in "_."]
        if not files:
            raise FileNotFoundError(f"no part files in {self.path}")
        return sorted(files)

    def partitions(self, file):
        """The partition columns of one file, as text."""
        folders = file.parent.relative_to(self.path).parts if self.partition_on else ()
        if len(folders) != len(self.partition_on):
            raise ValueError(f"{file}: {len(folders)} folders, expected {self.partition_on}")
        values = {}
        for name, folder in zip(self.partition_on, folders):
            if self.scheme == "hive":
                key, _, folder = folder.partition("=")
                if key != name:
                    raise ValueError(f"{file}: folder of {key}, expected {name}")
            is_null = self.scheme == "hive" and folder == "__HIVE_DEFAULT_PARTITION__"
            values[name] = None if is_null else urllib.parse.unquote(folder)
        return values

    def by_file(self, read):
        """For readers that know nothing of drill: file by file, with the folders' names."""
        tables = []
        for file in self.files:
            table = read(file)
            for name, value in self.partitions(file).items():
                table = table.append_column(name, pa.array([value] * table.num_rows, pa.string()))
            tables.append(table)
        return pa.concat_tables(tables, promote_options="permissive")


def pyarrow(job):
    import pyarrow.dataset as ds
    import pyarrow.parquet as pq
    if job.path.is_file():
        metadata = pq.read_metadata(job.path)
        for i in range(metadata.num_row_groups):
            for j in range(metadata.num_columns):
                # Bounds that are no values of their type end the process here.
                metadata.row_group(i).column(j).statistics
        return pq.read_table(job.path, columns=job.stored, page_checksum_verification=True)
    if job.scheme == "drill":
        partitioning = ds.partitioning(pa.schema([(c, pa.string()) for c in job.partition_on]))
    else:
        partitioning = "hive"
    options = ds.ParquetFragmentScanOptions(page_checksum_verification=True)
    format = ds.ParquetFileFormat(default_fragment_scan_options=options)
    dataset = ds.dataset(job.path, format=format, partitioning=partitioning,
                         partition_base_dir=str(job.path))
    return dataset.to_table(columns=job.columns)


def pyarrow_metadata(job):
    """The data set as its _metadata file describes it."""
    import pyarrow.dataset as ds
    if job.scheme == "drill":
        partitioning = ds.partitioning(pa.schema([(c, pa.string()) for c in job.partition_on]))
    else:
        partitioning = ds.HivePartitioning.discover()
    dataset = ds.parquet_dataset(str(job.path / "_metadata"), partitioning=partitioning,
                                 partition_base_dir=str(job.path))
    return dataset.to_table(columns=job.columns)


def duckdb(job):
    import duckdb as db
    connection = db.connect()
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET preserve_insertion_order = true")

    def read(path, columns, hive):
        names = ", ".join('"' + c.replace('"', '""') + '"' for c in columns)
        query = f"SELECT {names} FROM read_parquet(?, hive_partitioning = {str(hive).lower()})"
        result = connection.execute(query, [path])
        return result.to_arrow_table() if hasattr(result, "to_arrow_table") \
            else result.fetch_arrow_table()

    if job.scheme == "drill":
        return job.by_file(lambda file: read(str(file), job.stored, False))
    if job.path.is_file():
        return read(str(job.path), job.stored, False)
    return read([str(f) for f in job.files], job.columns, job.scheme == "hive")


def polars(job):
    import polars as pl

    def arrow(frame):
        return frame.to_arrow(compat_level=pl.CompatLevel.oldest())

    if job.path.is_file():
        return arrow(pl.read_parquet(job.path, columns=job.stored, hive_partitioning=False))
    if job.scheme == "drill":
        return job.by_file(lambda file: arrow(pl.read_parquet(
            file, columns=job.stored, hive_partitioning=False)))
    hive = job.scheme == "hive"
    return arrow(pl.scan_parquet([str(f) for f in job.files], hive_partitioning=hive)
                 .select(job.columns).collect())


def fastparquet(job):
    import fastparquet as fp
    file = fp.ParquetFile(str(job.path))
    columns = list(job.columns)
    renamed = {}
    if job.scheme == "drill":
        renamed = {f"dir{i}": c for i, c in enumerate(job.partition_on)}
        columns = job.stored + list(renamed)
    frame = file.to_pandas(columns=columns, index=False).rename(columns=renamed)
    return pa.table({name: from_pandas(frame[name]) for name in frame.columns})


def from_pandas(series):
    """A pandas column to Arrow; NaN stays NaN in floats."""
    if series.dtype.kind == "f" and not hasattr(series.dtype, "numpy_dtype"):
        return pa.array(series.to_numpy())
    return pa.Array.from_pandas(series)


def datafusion(job):
    import datafusion as df

    def read(path, columns, partitions=()):
        context = df.SessionContext()
        frame = context.read_parquet(
            str(path), table_partition_cols=[(c, pa.string()) for c in partitions])
        return frame.select(*[f'"{c}"' for c in columns]).to_arrow_table()

    if job.path.is_file():
        return read(job.path, job.stored)
    if job.scheme == "hive":
        return read(f"{job.path}/", job.columns, job.partition_on)
    return job.by_file(lambda file: read(file, job.stored))


def spark(job):
    """The folder as Spark finds it: partitions by the names of folders, their values as text."""
    import pyspark.sql
    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
    }
    builder = pyspark.sql.SparkSession.builder.master("local[1]")
    for key, value in settings.items():
        builder = builder.config(key, value)
    # The first reading starts it, the others find it.
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    frame = session.read.parquet(str(job.path))
    return frame.select(*[f"`{c}`" for c in job.columns]).toArrow()


READERS = {
    "pyarrow": pyarrow,
    "pyarrow_metadata": pyarrow_metadata,
    "duckdb": duckdb,
    "polars": polars,
    "fastparquet": fastparquet,
    "datafusion": datafusion,
    "spark": spark,
}


class Java:
    """parquet-java: one JVM dumps every file to text, which becomes Arrow tables here."""

    def __init__(self, files):
        import pyspark
        here = pathlib.Path(__file__).parent
        jars = pathlib.Path(pyspark.__file__).parent / "jars"
        self.folder = tempfile.TemporaryDirectory()
        files = list(dict.fromkeys(str(f) for f in files))
        self.dumps = {f: pathlib.Path(self.folder.name) / f"{i}.tsv"
                      for i, f in enumerate(files)}
        listing = pathlib.Path(self.folder.name) / "files"
        listing.write_text("".join(f"{f}\t{dump}\n" for f, dump in self.dumps.items()))
        subprocess.run(
            ["java", "-Xmx2g", "-cp", f"{jars}/*", str(here / "Read.java"), str(listing)],
            check=True, stdin=subprocess.DEVNULL)

    def __call__(self, job):
        table = job.by_file(lambda file: self.table(self.dumps[str(file)]))
        return table.select([c for c in table.column_names if c in job.columns])

    @staticmethod
    def table(dump):
        error = dump.with_suffix(".error")
        if error.exists():
            raise RuntimeError(error.read_text())
        import pyarrow.csv as csv
        with dump.open("rb") as file:
            head = file.readline().decode().rstrip("\n").split("\t")
        names, kinds = zip(*(h.rsplit(":", 1) for h in head))
        text = csv.read_csv(
            dump,
            read_options=csv.ReadOptions(skip_rows=1, column_names=list(names), block_size=1 << 26),
            parse_options=csv.ParseOptions(delimiter="\t", quote_char=False),
            convert_options=csv.ConvertOptions(
                column_types={n: pa.string() for n in names}, null_values=["\\N"],
                strings_can_be_null=True, quoted_strings_can_be_null=True))
        return pa.table({n: from_text(text[n], k) for n, k in zip(names, kinds)})


def from_text(column, kind):
    """A column of Read.java's text, as the Arrow type that its kind names."""
    kind, _, detail = kind.partition("/")
    if kind == "json":
        return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], pa.string())
    if kind in ("bytes", "text"):
        return pa.array([None if v is None else bytes.fromhex(v) for v in column.to_pylist()],
                        pa.binary()).cast(pa.binary() if kind == "bytes" else pa.string())
    if kind == "decimal":
        precision, scale = map(int, detail.split(","))
        type = (pa.decimal128 if precision <= 38 else pa.decimal256)(precision, scale)
        # Parsed at the widest, then cast, so that a value too wide is noticed.
        return column.cast(pa.decimal256(76, scale)).cast(type)
    integers, type = {
        "bool": (pa.int8(), pa.bool_()),
        "i8": (pa.int8(), None), "i16": (pa.int16(), None),
        "i32": (pa.int32(), None), "i64": (pa.int64(), None),
        "u8": (pa.uint8(), None), "u16": (pa.uint16(), None),
        "u32": (pa.uint32(), None), "u64": (pa.uint64(), None),
        "f16": (pa.uint16(), pa.float16()),
        "f32": (pa.uint32(), pa.float32()), "f64": (pa.uint64(), pa.float64()),
        "date": (pa.int32(), pa.date32()),
        "time_ms": (pa.int32(), pa.time32("ms")),
        "time_us": (pa.int64(), pa.time64("us")), "time_ns": (pa.int64(), pa.time64("ns")),
        **{f"timestamp_{u}": (pa.int64(), pa.timestamp(u, detail or None))
           for u in ("ms", "us", "ns")},
    }[kind]
    values = pa.concat_arrays(column.cast(integers).chunks) if column.num_chunks else \
        pa.array([], integers)
    if type is None:
        return values
    return values.cast(type) if kind == "bool" else values.view(type)
