"""What a reader cannot read, with the reason. The only place that lets a reader off.

A column is named by its type: the entry `time64_ns` covers the columns `time64_ns`
and `time64_ns_nulls` of the all-types table. Everything not named here is compared.
"""

# The column is not asked of the reader at all.
SKIPPED = {
}

# The reader has no null for this column's type: it gives NaN where the source has null.
# Rows that are not null are compared bit for bit, null rows must be NaN.
NULL_IS_NAN = {
}

# The reader gives another kind of type for this column. Its values are compared after
# a cast to the source's type that must lose nothing.
OTHER_KIND = {
}

# Codecs that a reader lacks: the whole file is left out for that reader.
CODECS = {
    ("java", "brotli"): "parquet-java loads brotli from a Hadoop codec that Spark does not ship",
}


def base(column):
    return column.removesuffix("_nulls")


def find(table, reader, column):
    return table.get((reader, base(column)))
