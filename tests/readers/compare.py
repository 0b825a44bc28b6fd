"""Compares an Arrow table that a reader gave with the source, bit for bit."""

import json

import numpy
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as t

import exceptions


class Difference(Exception):
    """What differs; its text is for a person."""


def compare(reader, source, got, partition_on=()):
    """Raises Difference unless `got` holds every value of `source`; columns compared."""
    expected_names = list(source.column_names)
    if missing := [c for c in expected_names if c not in got.column_names]:
        raise Difference(f"column {missing[0]} is missing, the reader gave {got.column_names}")
    if extra := [c for c in got.column_names if c not in source.column_names]:
        raise Difference(f"column {extra[0]} is not in the source")
    if source.num_rows != got.num_rows:
        raise Difference(f"{got.num_rows} rows, expected {source.num_rows}")
    in_order = not partition_on
    if not in_order:
        source, got = by_row_id(source), by_row_id(got)
    # The row numbers first: if they differ, every other column does, too.
    expected_names.sort(key=lambda name: name != "row_id")
    differences = []
    for name in expected_names:
        try:
            column(reader, name, source[name], got[name], name in partition_on)
        except Difference as difference:
            differences.append(str(difference))
            if name == "row_id":
                break
    if differences:
        raise Difference("; ".join(differences))
    return len(expected_names)


def by_row_id(table):
    row_id = table["row_id"].cast(pa.int64())
    # Kernels know few of the types of views.
    table = pa.table({name: plain(table[name]) for name in table.column_names})
    return table.take(pc.sort_indices(row_id))


def column(reader, name, source, got, is_partition):
    source, got = plain(source), plain(got)
    if t.is_nested(source.type):
        return nested(name, source, got)
    wanted, given = kind(source.type), kind(got.type)
    if wanted != given and not is_partition and not got.type == pa.null():
        if not exceptions.find(exceptions.OTHER_KIND, reader, name):
            raise Difference(f"column {name}: is {got.type}, expected {source.type}")
    if exceptions.find(exceptions.NULL_IS_NAN, reader, name):
        nulls = source.is_null()
        as_nan = pc.fill_null(pc.if_else(nulls, pc.is_nan(got), True), True)
        if not pc.all(as_nan).as_py():
            raise Difference(f"column {name}: a null of the source is not NaN")
        got = pc.if_else(nulls, pa.scalar(None, got.type), got)
    try:
        got = cast(got, source.type)
    except pa.ArrowException as error:
        raise Difference(f"column {name}: {got.type} to {source.type}: {error}") from error
    expected_null = numpy.asarray(source.is_null())
    got_null = numpy.asarray(got.is_null())
    differs = expected_null != got_null
    equal = numpy.asarray(pc.fill_null(pc.equal(bits(source), bits(got)), True))
    differs |= ~equal
    if differs.any():
        row = int(numpy.argmax(differs))
        raise Difference(
            f"column {name} row {row}: expected {shown(source, row)}, got {shown(got, row)}"
            f" ({int(differs.sum())} rows differ)")


def nested(name, source, got):
    """Values within lists, structs and maps, as Python has them; as JSON where a reader gives that."""
    if t.is_string(got.type):
        got = [None if text is None else json.loads(text) for text in got.to_pylist()]
    else:
        got = got.to_pylist()
    for row, (expected, value) in enumerate(zip(source.to_pylist(), got)):
        if as_lists(expected) != as_lists(value):
            raise Difference(f"column {name} row {row}: expected {expected!r}, got {value!r}")


def as_lists(value):
    """Pairs of maps as lists, in which JSON has them."""
    if isinstance(value, (list, tuple)):
        return [as_lists(item) for item in value]
    if isinstance(value, dict):
        if set(value) == {"key", "value"}:
            return [value["key"], as_lists(value["value"])]
        return {key: as_lists(item) for key, item in value.items()}
    return value


def plain(chunked):
    """One array without dictionary, views or extension."""
    if isinstance(chunked, pa.Array):
        return plain(pa.chunked_array([chunked]))
    if isinstance(chunked.type, pa.BaseExtensionType):
        chunked = pa.chunked_array([c.storage for c in chunked.chunks], chunked.type.storage_type)
    if t.is_dictionary(chunked.type):
        chunked = chunked.cast(chunked.type.value_type)
    if chunked.type == pa.string_view():
        chunked = chunked.cast(pa.large_string())
    if chunked.type == pa.binary_view():
        chunked = chunked.cast(pa.large_binary())
    if chunked.num_chunks == 0:
        return pa.array([], chunked.type)
    return pa.concat_arrays(chunked.chunks)


def kind(type):
    """Types of one kind hold the same values, with more or less room for them."""
    if t.is_decimal(type):
        return f"decimal of scale {type.scale}"
    if t.is_timestamp(type):
        return "instant" if type.tz else "local timestamp"
    for name, belongs in KINDS:
        if belongs(type):
            return name
    return str(type)


KINDS = [
    ("boolean", t.is_boolean),
    ("signed integer", t.is_signed_integer),
    ("unsigned integer", t.is_unsigned_integer),
    ("float", t.is_floating),
    ("text", lambda type: t.is_string(type) or t.is_large_string(type)),
    ("bytes", lambda type: t.is_binary(type) or t.is_large_binary(type)
     or t.is_fixed_size_binary(type)),
    ("date", t.is_date),
    ("time", t.is_time),
]


def cast(array, type):
    """To the source's type; a cast that loses anything raises."""
    if array.type == type:
        return array
    if t.is_timestamp(array.type) and t.is_timestamp(type):
        # Through integers, so that zones do not shift what the file holds.
        array = array.cast(pa.timestamp(array.type.unit)).cast(pa.timestamp(type.unit))
        return array.view(pa.int64()).view(type)
    if t.is_floating(array.type) and t.is_floating(type):
        if type.bit_width > array.type.bit_width:
            raise Difference(f"{array.type} has fewer bits than {type}")
        narrow = narrowed(array, type)
        return narrow
    if t.is_fixed_size_binary(type):
        return array.cast(pa.binary()).cast(type)
    if t.is_duration(array.type) and t.is_time(type):
        time = pa.time32(array.type.unit) if array.type.unit in ("s", "ms") else (
            pa.time64(array.type.unit))
        array = array.cast(pa.int64()).cast(pa.int32() if t.is_time32(time) else pa.int64())
        return array.view(time).cast(type)
    if t.is_time32(type) and t.is_time64(array.type) and type.unit == "s":
        return array.cast(pa.time32("ms")).cast(type)
    return array.cast(type)


def narrowed(array, type):
    """A wider float back to the source's width; the wide value must be exactly the narrow one."""
    values = array.to_numpy(zero_copy_only=False)
    narrow = values.astype(type.to_pandas_dtype())
    lossless = (narrow.astype(values.dtype) == values) | numpy.isnan(values)
    mask = numpy.asarray(array.is_null())
    if not (lossless | mask).all():
        raise Difference(f"{array.type} holds values that {type} does not")
    return pa.array(narrow, type, mask=mask)


def bits(array):
    type = array.type
    if t.is_floating(type):
        return array.view({16: pa.uint16(), 32: pa.uint32(), 64: pa.uint64()}[type.bit_width])
    if kind(type) in ("text", "bytes"):
        return array.cast(pa.large_binary()) if not t.is_fixed_size_binary(type) else (
            array.cast(pa.binary()))
    if t.is_temporal(type):
        return array.view(pa.int32() if type.bit_width == 32 else pa.int64())
    return array


def shown(array, row):
    scalar = array[row]
    if not scalar.is_valid:
        return "null"
    if t.is_floating(array.type):
        width = array.type.bit_width
        return f"{scalar} (bits {bits(array)[row].as_py():#0{width // 4 + 2}x})"
    return repr(scalar.as_py()) if not t.is_temporal(array.type) else f"{scalar}"
