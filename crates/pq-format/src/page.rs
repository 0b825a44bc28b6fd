//! Page headers and encodings.

use crate::define::{enums, structs};
use crate::metadata::Statistics;

enums! {
    /// How values or levels become bytes (Encodings.md).
    enum Encoding {
        /// One value after the other.
        PLAIN = 0;
        /// Indices into a dictionary, by its old name; deprecated.
        PLAIN_DICTIONARY = 2;
        /// Runs and bit-packed groups.
        RLE = 3;
        /// Bit-packed levels; deprecated.
        BIT_PACKED = 4;
        /// Bit-packed differences of integers.
        DELTA_BINARY_PACKED = 5;
        /// Lengths as differences, then all bytes.
        DELTA_LENGTH_BYTE_ARRAY = 6;
        /// Lengths of shared prefixes, then suffixes.
        DELTA_BYTE_ARRAY = 7;
        /// Indices into a dictionary.
        RLE_DICTIONARY = 8;
        /// First bytes of all values, then second bytes, and so on.
        BYTE_STREAM_SPLIT = 9;
        /// Floating-point numbers as scaled integers, with exceptions.
        ALP = 10;
    }

    /// What a page holds.
    enum PageType {
        /// Levels and values, compressed together.
        DATA_PAGE = 0;
        /// An index; never used.
        INDEX_PAGE = 1;
        /// The dictionary of a column chunk.
        DICTIONARY_PAGE = 2;
        /// Levels, and values that alone are compressed.
        DATA_PAGE_V2 = 3;
    }
}

structs! {
    /// A data page of the first version.
    struct DataPageHeader: Validate {
        /// Number of values, nulls included.
        1: required i32 num_values;
        /// Encoding of the values.
        2: required Encoding encoding;
        /// Encoding of the definition levels.
        3: required Encoding definition_level_encoding;
        /// Encoding of the repetition levels.
        4: required Encoding repetition_level_encoding;
        /// Bounds and counts of the page.
        5: optional Statistics statistics;
    }

    /// An index page; the specification leaves it empty.
    struct IndexPageHeader {}

    /// A dictionary page.
    struct DictionaryPageHeader: Validate {
        /// Number of entries.
        1: required i32 num_values;
        /// Encoding of the entries.
        2: required Encoding encoding;
        /// Whether the entries are in ascending order.
        3: optional bool is_sorted;
    }

    /// A data page of the second version.
    struct DataPageHeaderV2: Validate {
        /// Number of values, nulls included.
        1: required i32 num_values;
        /// Number of nulls.
        2: required i32 num_nulls;
        /// Number of rows; the page begins with a new one.
        3: required i32 num_rows;
        /// Encoding of the values.
        4: required Encoding encoding;
        /// Bytes of the definition levels, which are never compressed.
        5: required i32 definition_levels_byte_length;
        /// Bytes of the repetition levels, which are never compressed.
        6: required i32 repetition_levels_byte_length;
        /// Whether the values are compressed; they are if this is absent.
        7: optional bool is_compressed;
        /// Bounds and counts of the page.
        8: optional Statistics statistics;
    }

    /// What stands before each page.
    struct PageHeader: Validate {
        /// What the page holds; says which of the headers below is there.
        1: required PageType r#type;
        /// Bytes of the page before compression, without this header.
        2: required i32 uncompressed_page_size;
        /// Bytes of the page in the file, without this header.
        3: required i32 compressed_page_size;
        /// CRC-32 (IEEE) of the page's bytes in the file.
        4: optional i32 crc;
        /// For data pages of the first version.
        5: optional DataPageHeader data_page_header;
        /// For index pages.
        6: optional IndexPageHeader index_page_header;
        /// For dictionary pages.
        7: optional DictionaryPageHeader dictionary_page_header;
        /// For data pages of the second version.
        8: optional DataPageHeaderV2 data_page_header_v2;
    }
}
