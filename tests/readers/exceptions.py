"""What a reader cannot read, with the reason. The only place that lets a reader off.

A column is named by its type: the entry `time_ns` covers the columns `time_ns` and
`time_ns_nulls` of the all-types table. Everything not named here is compared.
"""

# The column is not asked of the reader at all.
SKIPPED = {
    ("fastparquet", "float16"): "does not know FLOAT16, gives bytes",
    ("fastparquet", "fixed_bytes"): "numpy's fixed-size bytes drop zeros at the end",
    ("fastparquet", "wide_bytes"): "numpy's fixed-size bytes drop zeros at the end",
    **{("fastparquet", f"decimal_{size}"): "gives floats, which are not exact"
       for size in ("9_2", "18_4", "38_10")},
}

# The reader has no null for this column's type: it gives NaN where the source has null.
# Rows that are not null are compared bit for bit, null rows must be NaN.
NULL_IS_NAN = {
    ("fastparquet", "float32"): "pandas' floats have no null",
    ("fastparquet", "float64"): "pandas' floats have no null",
}

# The reader gives another kind of type for this column. Its values are compared after
# a cast to the source's type that must lose nothing.
OTHER_KIND = {
    **{(reader, "duration_us"): "Parquet has no such type; the reader gives the integers"
       for reader in ("duckdb", "java", "fastparquet")},
    ("fastparquet", "date"): "pandas has no dates, only timestamps",
    **{("fastparquet", f"time_{unit}"): "pandas has no times of day, only durations"
       for unit in ("s", "ms", "us")},
    ("fastparquet", "time_ns"): "gives the integers",
    ("fastparquet", "time_hour"): "gives timestamps without a zone (a column of the flights)",
    **{("fastparquet", f"timestamp_{unit}_utc"): "gives timestamps without a zone"
       for unit in ("s", "ms", "us", "ns")},
}

# Codecs that a reader lacks: the whole file is left out for that reader.
CODECS = {
    ("java", "brotli"): "parquet-java loads brotli from a Hadoop codec that Spark does not ship",
}

# Encodings that a reader lacks for a physical type: columns that use one are not asked of it.
ENCODINGS = {
    ("duckdb", "BYTE_STREAM_SPLIT", "FIXED_LEN_BYTE_ARRAY"): "knows it for numbers only",
    ("polars", "BYTE_STREAM_SPLIT", "FIXED_LEN_BYTE_ARRAY"): "knows it for numbers only",
    ("polars", "DELTA_BYTE_ARRAY", "FIXED_LEN_BYTE_ARRAY"): "knows it for BYTE_ARRAY only",
}

# The same for columns that ARROW:schema has as dictionaries.
ENCODINGS_OF_DICTIONARIES = {
    ("pyarrow", encoding, "BYTE_ARRAY"): "does not read it into dictionaries"
    for encoding in ("DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY")
}

# Text columns of which some row groups have a dictionary and some have none: the rows
# without one are not asked of the reader, nor are the others of that column.
MIXED_DICTIONARY = {
    "fastparquet": "gives null for the rows of row groups without a dictionary, of any writer",
}


def base(column):
    return column.removesuffix("_nulls")


def find(table, reader, column):
    return table.get((reader, base(column)))
