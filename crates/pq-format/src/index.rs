//! The page index: where the pages of a column chunk are, and their bounds
//! (PageIndex.md).

use crate::define::idl::*;
use crate::define::{enums, structs};

enums! {
    /// Whether the bounds of pages are sorted.
    enum BoundaryOrder {
        /// They are not, or nobody looked.
        UNORDERED = 0;
        /// Both bounds never go down from page to page.
        ASCENDING = 1;
        /// Both bounds never go up from page to page.
        DESCENDING = 2;
    }
}

structs! {
    /// Where a page is.
    struct PageLocation {
        /// Offset in the file of the page's header.
        1: required i64 offset;
        /// Bytes of the page in the file, header included.
        2: required i32 compressed_page_size;
        /// Index in the row group of the page's first row.
        3: required i64 first_row_index;
    }

    /// Where the data pages of a column chunk are.
    struct OffsetIndex: Validate {
        /// The pages, in order of their offsets.
        1: required list<PageLocation> page_locations;
        /// For each page, bytes of all values if they were plain and without
        /// lengths; only for `BYTE_ARRAY`.
        2: optional list<i64> unencoded_byte_array_data_bytes;
    }

    /// Bounds and counts of each data page of a column chunk.
    struct ColumnIndex: Validate {
        /// Whether a page has nothing but nulls.
        1: required list<bool> null_pages;
        /// Lower bound of each page; empty for pages of nulls.
        2: required list<binary> min_values;
        /// Upper bound of each page; empty for pages of nulls.
        3: required list<binary> max_values;
        /// Whether the bounds are sorted.
        4: required BoundaryOrder boundary_order;
        /// Number of nulls of each page.
        5: optional list<i64> null_counts;
        /// Counts of the repetition levels of each page, one page's after the
        /// other's.
        6: optional list<i64> repetition_level_histograms;
        /// Counts of the definition levels of each page, one page's after the
        /// other's.
        7: optional list<i64> definition_level_histograms;
        /// Number of values of each page that are not a number.
        8: optional list<i64> nan_counts;
    }
}
