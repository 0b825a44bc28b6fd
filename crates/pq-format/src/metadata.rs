//! The footer's structs: file, row groups, column chunks and their statistics.

use crate::crypto::{ColumnCryptoMetaData, EncryptionAlgorithm};
use crate::define::idl::*;
use crate::define::{enums, structs, unions};
use crate::page::{Encoding, PageType};
use crate::schema::{SchemaElement, Type};

enums! {
    /// How the pages of a column chunk are compressed (Compression.md).
    enum CompressionCodec {
        /// Not at all.
        UNCOMPRESSED = 0;
        /// Snappy, raw format.
        SNAPPY = 1;
        /// Gzip (RFC 1952).
        GZIP = 2;
        /// LZO; no specification of the framing exists.
        LZO = 3;
        /// Brotli (RFC 7932).
        BROTLI = 4;
        /// LZ4 with Hadoop's framing; deprecated.
        LZ4 = 5;
        /// Zstandard (RFC 8478).
        ZSTD = 6;
        /// LZ4, block format.
        LZ4_RAW = 7;
    }
}

structs! {
    /// Counts that let readers estimate memory and filter nested data.
    struct SizeStatistics: Validate {
        /// Bytes of all values if they were plain and without lengths; only
        /// for `BYTE_ARRAY`.
        1: optional i64 unencoded_byte_array_data_bytes;
        /// Count of each repetition level, from 0 up.
        2: optional packed_list<i64> repetition_level_histogram;
        /// Count of each definition level, from 0 up.
        3: optional packed_list<i64> definition_level_histogram;
    }

    /// Bounds of geometries in each dimension.
    struct BoundingBox: Validate {
        /// Lower bound of x; above `xmax` if the box crosses the antimeridian.
        1: required double xmin;
        /// Upper bound of x.
        2: required double xmax;
        /// Lower bound of y.
        3: required double ymin;
        /// Upper bound of y.
        4: required double ymax;
        /// Lower bound of z.
        5: optional double zmin;
        /// Upper bound of z.
        6: optional double zmax;
        /// Lower bound of m.
        7: optional double mmin;
        /// Upper bound of m.
        8: optional double mmax;
    }

    /// Statistics of geometries.
    struct GeospatialStatistics {
        /// Bounds of all of them.
        1: optional BoundingBox bbox;
        /// Codes of well-known binary of the types that occur; empty or absent
        /// if not known.
        2: optional list<i32> geospatial_types;
    }

    /// Bounds and counts of the values of a page or column chunk.
    struct Statistics: Validate {
        /// Largest value in signed order; deprecated.
        1: optional binary max;
        /// Smallest value in signed order; deprecated.
        2: optional binary min;
        /// Number of nulls.
        3: optional i64 null_count;
        /// Number of distinct values.
        4: optional i64 distinct_count;
        /// Upper bound in the order of the column, encoded plain.
        5: optional binary max_value;
        /// Lower bound in the order of the column, encoded plain.
        6: optional binary min_value;
        /// Whether `max_value` is the largest value itself.
        7: optional bool is_max_value_exact;
        /// Whether `min_value` is the smallest value itself.
        8: optional bool is_min_value_exact;
        /// Number of floating-point values that are not a number.
        9: optional i64 nan_count;
    }

    /// A key with a value, for applications.
    struct KeyValue {
        /// The key.
        1: required string key;
        /// The value.
        2: optional string value;
    }

    /// A column by which the rows of a row group are sorted.
    struct SortingColumn {
        /// Ordinal of the leaf column in the row group.
        1: required i32 column_idx;
        /// Whether the order is descending.
        2: required bool descending;
        /// Whether nulls come first.
        3: required bool nulls_first;
    }

    /// How many pages of a type have an encoding.
    struct PageEncodingStats {
        /// Type of the pages.
        1: required PageType page_type;
        /// Encoding of the pages.
        2: required Encoding encoding;
        /// Number of the pages.
        3: required i32 count;
    }

    /// What a column chunk holds, and where.
    struct ColumnMetaData: Validate {
        /// Physical type.
        1: required Type r#type;
        /// Every encoding used, of values and levels.
        2: required packed_list<Encoding> encodings;
        /// Names from below the root to the leaf.
        3: required string_list path_in_schema;
        /// Compression of the pages.
        4: required CompressionCodec codec;
        /// Number of values, nulls included.
        5: required i64 num_values;
        /// Bytes of all pages before compression, headers included.
        6: required i64 total_uncompressed_size;
        /// Bytes of all pages in the file, headers included.
        7: required i64 total_compressed_size;
        /// Keys and values of applications.
        8: optional boxed_list<KeyValue> key_value_metadata;
        /// Offset in the file of the first data page.
        9: required i64 data_page_offset;
        /// Offset in the file of the root index page.
        10: optional boxed<i64> index_page_offset;
        /// Offset in the file of the dictionary page.
        11: optional i64 dictionary_page_offset;
        /// Bounds and counts.
        12: optional Statistics statistics;
        /// Pages by type and encoding.
        13: optional packed_list<PageEncodingStats> encoding_stats;
        /// Offset in the file of the Bloom filter.
        14: optional i64 bloom_filter_offset;
        /// Bytes of the Bloom filter, header included.
        15: optional i32 bloom_filter_length;
        /// Counts of levels and bytes.
        16: optional SizeStatistics size_statistics;
        /// Statistics of geometries.
        17: optional boxed<GeospatialStatistics> geospatial_statistics;
    }

    /// One column of a row group.
    struct ColumnChunk: Validate {
        /// The file that holds the pages, relative to this one; absent if it
        /// is this one.
        1: optional string file_path;
        /// Deprecated; writers set 0.
        2: required i64 file_offset;
        /// What the chunk holds; absent if encrypted.
        3: optional ColumnMetaData meta_data;
        /// Offset in the file of the offset index.
        4: optional i64 offset_index_offset;
        /// Bytes of the offset index.
        5: optional i32 offset_index_length;
        /// Offset in the file of the column index.
        6: optional i64 column_index_offset;
        /// Bytes of the column index.
        7: optional i32 column_index_length;
        /// How the chunk is encrypted.
        8: optional boxed<ColumnCryptoMetaData> crypto_metadata;
        /// The encrypted `meta_data`.
        9: optional boxed<binary> encrypted_column_metadata;
    }

    /// Consecutive rows.
    struct RowGroup: Validate {
        /// A chunk for each leaf, in the schema's order.
        1: required list<ColumnChunk> columns;
        /// Bytes of all pages before compression.
        2: required i64 total_byte_size;
        /// Number of rows.
        3: required i64 num_rows;
        /// Columns by which the rows are sorted.
        4: optional list<SortingColumn> sorting_columns;
        /// Offset in the file of the first page.
        5: optional i64 file_offset;
        /// Bytes of all pages in the file.
        6: optional i64 total_compressed_size;
        /// The row group's index in the file.
        7: optional i16 ordinal;
    }

    /// The order is the one the specification gives the logical type.
    struct TypeDefinedOrder {}

    /// The order is IEEE 754's total order.
    struct IEEE754TotalOrder {}

    /// The order is that of the instants that `INT96` values stand for.
    struct Int96TimestampOrder {}

    /// The footer: schema, row groups and all else that describes a file.
    struct FileMetaData: Validate {
        /// Version of the format: 1 or 2.
        1: required i32 version;
        /// The schema: the root, then its descendants depth first.
        2: required list<SchemaElement> schema;
        /// Number of rows.
        3: required i64 num_rows;
        /// The row groups.
        4: required list<RowGroup> row_groups;
        /// Keys and values of applications.
        5: optional list<KeyValue> key_value_metadata;
        /// The application that wrote the file, and its version.
        6: optional string created_by;
        /// The order behind each leaf's `min_value` and `max_value`.
        7: optional list<ColumnOrder> column_orders;
        /// How columns are encrypted, if the footer itself is not.
        8: optional EncryptionAlgorithm encryption_algorithm;
        /// What names the key that signs the footer.
        9: optional binary footer_signing_key_metadata;
    }
}

unions! {
    /// The order behind a column's `min_value` and `max_value`.
    union ColumnOrder {
        /// The one the specification gives the logical type.
        1: TypeDefinedOrder TYPE_ORDER as TypeOrder;
        /// IEEE 754's total order.
        2: IEEE754TotalOrder IEEE_754_TOTAL_ORDER as Ieee754TotalOrder;
        /// That of the instants that `INT96` values stand for.
        3: Int96TimestampOrder INT96_TIMESTAMP_ORDER as Int96TimestampOrder;
    }
}
