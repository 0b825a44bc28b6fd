//! The rules, one after the other as a file has them.

use crate::report::Severity;
use std::fmt;

macro_rules! rules {
    ($($name:ident, $id:literal, $severity:ident, $section:literal, $text:literal;)*) => {
        /// A rule of the format. Its id stays what it is from version to version.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Rule {
            $(
                #[doc = $text]
                $name,
            )*
        }

        impl Rule {
            /// Every rule, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The name that reports and other programs use, in lower case with hyphens.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self {
                    $(Self::$name => $id,)*
                }
            }

            /// The rule in one line.
            #[must_use]
            pub const fn description(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }

            /// Where the specification states it: a document and a heading or a struct in it.
            #[must_use]
            pub const fn section(self) -> &'static str {
                match self {
                    $(Self::$name => $section,)*
                }
            }

            /// What it means that the rule is not kept.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self {
                    $(Self::$name => Severity::$severity,)*
                }
            }
        }
    };
}

rules! {
    // The file.
    Unreadable, "unreadable", Unverified, "-", "the bytes can be read";
    Encrypted, "encrypted", Unverified, "Encryption.md", "encrypted modules can be checked only with their keys";
    Limit, "limit", Unverified, "-", "sizes stay below the limits that the check was given";
    CodecUnknown, "codec-unknown", Unverified, "Compression.md", "the codec is one that this build can decompress";
    FileMagic, "file-magic", Broken, "README.md, File format", "a file starts and ends with PAR1";
    FooterLength, "footer-length", Broken, "README.md, File format", "the length of the footer stays within the file";
    FooterThrift, "footer-thrift", Broken, "parquet.thrift, FileMetaData", "the footer is one FileMetaData in the compact protocol";
    FileVersion, "file-version", Broken, "parquet.thrift, FileMetaData", "the version is 1 or 2";
    FileVersion2, "file-version-2", Deviation, "parquet.thrift, FileMetaData", "the version is 1: 2 says nothing more and stops some readers";
    FileNumRows, "file-num-rows", Broken, "parquet.thrift, FileMetaData", "num_rows is the sum over the row groups";
    ColumnOrdersCount, "column-orders-count", Broken, "parquet.thrift, FileMetaData", "column_orders has one entry for each leaf";
    ColumnOrdersMissing, "column-orders-missing", Broken, "parquet.thrift, FileMetaData", "column_orders are there where min_value or max_value are";
    ColumnOrderType, "column-order-type", Broken, "parquet.thrift, ColumnOrder", "a column order suits the type of its column";
    // The schema.
    SchemaTree, "schema-tree", Broken, "parquet.thrift, FileMetaData", "the schema is one tree, depth first";
    SchemaDepth, "schema-depth", Unverified, "parquet.thrift, FileMetaData", "levels fit 16 bits and the tree has at most 128 levels";
    SchemaRoot, "schema-root", Deviation, "parquet.thrift, SchemaElement", "the root has no repetition";
    SchemaRepetition, "schema-repetition", Broken, "parquet.thrift, SchemaElement", "each field but the root has a repetition";
    SchemaGroup, "schema-group", Broken, "parquet.thrift, SchemaElement", "a group has no physical type, a leaf has one";
    PhysicalType, "physical-type", Unverified, "parquet.thrift, Type", "the physical type is a known one";
    SchemaEmptyGroup, "schema-empty-group", Deviation, "parquet.thrift, SchemaElement", "a group has children";
    SchemaName, "schema-name", Deviation, "parquet.thrift, SchemaElement", "fields of a group have names of their own";
    TypeLength, "type-length", Broken, "parquet.thrift, SchemaElement", "FIXED_LEN_BYTE_ARRAY has a length above 0";
    PhysicalInt96, "physical-int96", Deviation, "parquet.thrift, Type", "INT96 is not used any more";
    LogicalPhysical, "logical-physical", Broken, "LogicalTypes.md", "a logical type annotates a physical type it may annotate";
    ConvertedMissing, "converted-missing", Deviation, "LogicalTypes.md, Compatibility", "the converted type is there beside a logical type that has one";
    ConvertedDiffers, "converted-differs", Broken, "LogicalTypes.md, Compatibility", "converted and logical type say the same";
    LogicalMissing, "logical-missing", Deviation, "LogicalTypes.md, Compatibility", "the logical type is there beside a converted type that has one";
    DecimalPrecision, "decimal-precision", Broken, "LogicalTypes.md, DECIMAL", "precision is above 0, fits the physical type, and is stated alike twice";
    DecimalScale, "decimal-scale", Broken, "LogicalTypes.md, DECIMAL", "the scale is from 0 to the precision, and stated alike twice";
    ListStructure, "list-structure", Deviation, "LogicalTypes.md, Lists", "a LIST, not repeated, is a group `list`, repeated, of one `element`";
    ListBroken, "list-broken", Broken, "LogicalTypes.md, Lists", "a LIST is a group of one repeated field";
    MapStructure, "map-structure", Deviation, "LogicalTypes.md, Maps", "a MAP, not repeated, is a group `key_value`, repeated, of `key` and `value`";
    MapBroken, "map-broken", Broken, "LogicalTypes.md, Maps", "a MAP is a group of one repeated group that has a key, required, and at most a value";
    VariantStructure, "variant-structure", Broken, "LogicalTypes.md, VARIANT", "a VARIANT is a group of `metadata`, required, and `value`, both BYTE_ARRAY";
    // Row groups and what the footer says of chunks.
    RowGroupColumns, "row-group-columns", Broken, "parquet.thrift, RowGroup", "a row group has one chunk for each leaf";
    RowGroupOrder, "row-group-order", Broken, "parquet.thrift, RowGroup", "chunks come in the order of the schema, under the leaf's path";
    RowGroupOrdinal, "row-group-ordinal", Broken, "parquet.thrift, RowGroup", "the ordinal is the index of the row group, and absent above 32,767";
    RowGroupFileOffset, "row-group-file-offset", Broken, "parquet.thrift, RowGroup", "file_offset is that of the row group's first page, the dictionary included";
    RowGroupByteSize, "row-group-byte-size", Broken, "parquet.thrift, RowGroup", "total_byte_size is the sum over the chunks before compression";
    RowGroupCompressedSize, "row-group-compressed-size", Broken, "parquet.thrift, RowGroup", "total_compressed_size is the sum over the chunks";
    RowGroupNumRows, "row-group-num-rows", Broken, "parquet.thrift, RowGroup", "num_rows is the number of rows in each chunk";
    ChunkMetaData, "chunk-meta-data", Broken, "parquet.thrift, ColumnChunk", "meta_data is there";
    ChunkFileOffset, "chunk-file-offset", Deviation, "parquet.thrift, ColumnChunk", "file_offset of a chunk is 0";
    ChunkFilePath, "chunk-file-path", Broken, "parquet.thrift, ColumnChunk", "file_path is there in _metadata only";
    ChunkType, "chunk-type", Broken, "parquet.thrift, ColumnMetaData", "the type is that of the schema";
    ChunkRange, "chunk-range", Broken, "parquet.thrift, ColumnMetaData", "pages, indexes and filters lie between the magic number and the footer";
    ChunkOverlap, "chunk-overlap", Broken, "parquet.thrift, ColumnMetaData", "no two chunks, indexes or filters share bytes";
    // Column chunks.
    DictionaryOffset, "dictionary-offset", Broken, "parquet.thrift, ColumnMetaData", "dictionary_page_offset is that of the dictionary page, before the data pages";
    DictionaryOffsetMissing, "dictionary-offset-missing", Deviation, "parquet.thrift, ColumnMetaData", "dictionary_page_offset is there where a dictionary is, and not otherwise";
    DataPageOffset, "data-page-offset", Broken, "parquet.thrift, ColumnMetaData", "data_page_offset is that of the first data page";
    DictionaryFirst, "dictionary-first", Broken, "parquet.thrift, DictionaryPageHeader", "at most one dictionary page, and it comes first";
    DictionaryMissing, "dictionary-missing", Broken, "parquet.thrift, DictionaryPageHeader", "pages of indices have a dictionary page before them";
    DictionaryUnused, "dictionary-unused", Deviation, "parquet.thrift, DictionaryPageHeader", "a dictionary is used by some page";
    DictionaryEncoding, "dictionary-encoding", Broken, "parquet.thrift, DictionaryPageHeader", "a dictionary page is PLAIN";
    DictionarySorted, "dictionary-sorted", Broken, "parquet.thrift, DictionaryPageHeader", "entries ascend where is_sorted says so";
    PlainDictionary, "plain-dictionary", Deviation, "parquet.thrift, Encoding", "RLE_DICTIONARY in data pages, PLAIN in the dictionary page, not PLAIN_DICTIONARY";
    IndexPage, "index-page", Deviation, "parquet.thrift, IndexPageHeader", "index pages are not used";
    ChunkCompressedSize, "chunk-compressed-size", Broken, "parquet.thrift, ColumnMetaData", "total_compressed_size is the sum over the pages, headers included";
    ChunkUncompressedSize, "chunk-uncompressed-size", Broken, "parquet.thrift, ColumnMetaData", "total_uncompressed_size is the sum over the pages, headers included";
    ChunkNumValues, "chunk-num-values", Broken, "parquet.thrift, ColumnMetaData", "num_values is the sum over the data pages, nulls included";
    EncodingsList, "encodings-list", Broken, "parquet.thrift, ColumnMetaData", "encodings names every encoding used, that of levels too";
    EncodingStats, "encoding-stats", Broken, "parquet.thrift, PageEncodingStats", "encoding_stats counts the pages that are there";
    EncodingStatsMissing, "encoding-stats-missing", Deviation, "parquet.thrift, PageEncodingStats", "encoding_stats is there";
    SiblingLevels, "sibling-levels", Broken, "README.md, Nested encoding", "leaves below one group agree where it is null, empty or repeated";
    // Pages.
    PageHeader, "page-header", Broken, "parquet.thrift, PageHeader", "a page starts with a PageHeader that has the header of its type";
    PageSize, "page-size", Broken, "parquet.thrift, PageHeader", "sizes and counts of a page are not negative";
    PageCrc, "page-crc", Broken, "parquet.thrift, PageHeader", "the CRC is that of the page as stored";
    PageCompression, "page-compression", Broken, "Compression.md", "the page decompresses";
    PageUncompressedSize, "page-uncompressed-size", Broken, "parquet.thrift, PageHeader", "a page decompresses to uncompressed_page_size bytes";
    GzipMembers, "gzip-members", Deviation, "Compression.md, GZIP", "a page is one gzip member";
    Lz4Hadoop, "lz4-hadoop", Deviation, "Compression.md, LZ4", "the deprecated LZ4 is not used, LZ4_RAW is";
    EmptyCompressed, "empty-compressed", Deviation, "parquet.thrift, DataPageHeaderV2", "is_compressed is false where a page has no bytes of values";
    LevelEncoding, "level-encoding", Broken, "Encodings.md, RLE", "levels are RLE";
    LevelBitPacked, "level-bit-packed", Deviation, "Encodings.md, BIT_PACKED", "levels are not in the deprecated BIT_PACKED";
    LevelsDecode, "levels-decode", Broken, "Encodings.md, RLE", "levels decode to exactly num_values";
    LevelsByteLength, "levels-byte-length", Broken, "Encodings.md, RLE", "levels take exactly the bytes stated for them";
    LevelsMax, "levels-max", Broken, "README.md, Nested encoding", "no level is above the largest of its column";
    LevelsAgree, "levels-agree", Broken, "README.md, Nested encoding", "a repetition level repeats a field that the definition level says is there";
    ChunkRowStart, "chunk-row-start", Broken, "README.md, Nested encoding", "a column chunk starts with repetition level 0";
    PageRowStart, "page-row-start", Broken, "parquet.thrift, DataPageHeader", "pages start on row boundaries in version 2 or with an offset index";
    PageNumNulls, "page-num-nulls", Broken, "parquet.thrift, DataPageHeaderV2", "num_nulls is the number of nulls";
    PageNumRows, "page-num-rows", Broken, "parquet.thrift, DataPageHeaderV2", "num_rows is the number of rows";
    // Values.
    EncodingType, "encoding-type", Broken, "Encodings.md", "the encoding is one for this physical type";
    EncodingPreview, "encoding-preview", Deviation, "Encodings.md, ALP", "encodings in preview are not used";
    ValuesDecode, "values-decode", Broken, "Encodings.md", "values decode";
    ValuesTrailing, "values-trailing", Broken, "README.md, Data pages", "a page ends where its values end";
    RunOverrun, "run-overrun", Deviation, "Encodings.md, RLE", "runs end with the last value, but for the padding of a group of eight";
    DictionaryIndex, "dictionary-index", Broken, "Encodings.md, Dictionary", "indices are below the number of entries";
    TextUtf8, "text-utf8", Broken, "LogicalTypes.md, STRING", "STRING, ENUM and JSON are UTF-8";
    ValueRange, "value-range", Broken, "LogicalTypes.md", "integers, times and decimals are in the range of their type";
    // Statistics.
    StatisticsUndefined, "statistics-undefined", Broken, "parquet.thrift, ColumnOrder", "no bounds where the type has no order";
    BoundForm, "bound-form", Broken, "parquet.thrift, Statistics", "a bound is a value of the column's type";
    BoundNan, "bound-nan", Broken, "parquet.thrift, ColumnOrder", "a bound is not NaN";
    BoundZero, "bound-zero", Deviation, "parquet.thrift, ColumnOrder", "a zero min is -0.0, a zero max +0.0";
    BoundEmpty, "bound-empty", Deviation, "parquet.thrift, Statistics", "no bounds where there are no values";
    MinBound, "min-bound", Broken, "parquet.thrift, Statistics", "no value is below the min";
    MaxBound, "max-bound", Broken, "parquet.thrift, Statistics", "no value is above the max";
    MinExact, "min-exact", Broken, "parquet.thrift, Statistics", "a min called exact is the smallest value";
    MaxExact, "max-exact", Broken, "parquet.thrift, Statistics", "a max called exact is the largest value";
    NullCount, "null-count", Broken, "parquet.thrift, Statistics", "null_count is the number of nulls";
    NullCountMissing, "null-count-missing", Deviation, "parquet.thrift, Statistics", "null_count is there";
    NanCount, "nan-count", Broken, "parquet.thrift, Statistics", "nan_count is the number of NaN";
    NanCountMissing, "nan-count-missing", Deviation, "parquet.thrift, Statistics", "nan_count is there beside bounds of floating-point columns";
    DistinctCount, "distinct-count", Broken, "parquet.thrift, Statistics", "distinct_count is the number of distinct values";
    LegacyBound, "legacy-bound", Broken, "parquet.thrift, Statistics", "the deprecated min and max are true in signed order";
    LegacyUnsigned, "legacy-unsigned", Deviation, "parquet.thrift, Statistics", "the deprecated min and max are only there where the order is signed";
    UnencodedBytes, "unencoded-bytes", Broken, "parquet.thrift, SizeStatistics", "unencoded_byte_array_data_bytes is the bytes of a BYTE_ARRAY column's values";
    RepetitionHistogram, "repetition-histogram", Broken, "parquet.thrift, SizeStatistics", "the histogram counts each repetition level, max_level + 1 of them";
    DefinitionHistogram, "definition-histogram", Broken, "parquet.thrift, SizeStatistics", "the histogram counts each definition level, max_level + 1 of them";
    // The page index.
    OffsetIndexMissing, "offset-index-missing", Broken, "PageIndex.md", "a column index has an offset index beside it";
    IndexThrift, "index-thrift", Broken, "PageIndex.md", "an index is the struct it should be, in the bytes stated for it";
    IndexPages, "index-pages", Broken, "PageIndex.md", "an index has one entry for each data page";
    PageLocation, "page-location", Broken, "parquet.thrift, PageLocation", "offset and size of a page are those of the page, header included";
    FirstRowIndex, "first-row-index", Broken, "parquet.thrift, PageLocation", "first_row_index is the row that a page starts with";
    IndexUndefined, "index-undefined", Broken, "parquet.thrift, ColumnIndex", "no column index where the type has no order, or a page only NaN";
    NullPages, "null-pages", Broken, "parquet.thrift, ColumnIndex", "null_pages is true exactly for pages without values, bounds being empty there";
    IndexBoundForm, "index-bound-form", Broken, "parquet.thrift, ColumnIndex", "bounds in a column index are values of the column's type, not NaN";
    IndexBoundZero, "index-bound-zero", Deviation, "parquet.thrift, ColumnOrder", "in a column index a zero min is -0.0, a zero max +0.0";
    IndexMinBound, "index-min-bound", Broken, "parquet.thrift, ColumnIndex", "no value of a page is below its min in the index";
    IndexMaxBound, "index-max-bound", Broken, "parquet.thrift, ColumnIndex", "no value of a page is above its max in the index";
    IndexNullCount, "index-null-count", Broken, "parquet.thrift, ColumnIndex", "null_counts are the numbers of nulls";
    IndexNullCountMissing, "index-null-count-missing", Deviation, "parquet.thrift, ColumnIndex", "null_counts are there";
    IndexNanCount, "index-nan-count", Broken, "parquet.thrift, ColumnIndex", "nan_counts are the numbers of NaN";
    IndexHistogram, "index-histogram", Broken, "parquet.thrift, ColumnIndex", "histograms in a column index count each level of each page";
    IndexUnencodedBytes, "index-unencoded-bytes", Broken, "parquet.thrift, OffsetIndex", "unencoded_byte_array_data_bytes are the bytes of each page's values";
    BoundaryOrder, "boundary-order", Broken, "parquet.thrift, ColumnIndex", "bounds of pages without values left out are in boundary_order";
    // Bloom filters.
    BloomHeader, "bloom-header", Broken, "BloomFilter.md", "a filter is split block, XXH64, uncompressed, in whole blocks";
    BloomLength, "bloom-length", Broken, "parquet.thrift, ColumnMetaData", "bloom_filter_length counts header and bits";
    BloomLengthMissing, "bloom-length-missing", Deviation, "parquet.thrift, ColumnMetaData", "bloom_filter_length is there";
    BloomValue, "bloom-value", Broken, "BloomFilter.md", "every value is in the filter";
    BloomPlace, "bloom-place", Broken, "BloomFilter.md", "filters stand behind a row group or before the page indexes";
    // Sorting.
    SortingColumn, "sorting-column", Broken, "parquet.thrift, SortingColumn", "column_idx is the index of a chunk";
    SortingOrder, "sorting-order", Broken, "parquet.thrift, SortingColumn", "rows are in the order of sorting_columns";
    // Directories.
    DirectorySchema, "directory-schema", Broken, "parquet.thrift, ColumnChunk", "the parts of a data set have the schema of its metadata files";
    PartPath, "part-path", Broken, "parquet.thrift, ColumnChunk", "a file_path in _metadata stays below the directory, one for each row group";
    PartMissing, "part-missing", Broken, "parquet.thrift, ColumnChunk", "the files that _metadata names are there";
    PartUnlisted, "part-unlisted", Broken, "parquet.thrift, ColumnChunk", "the files that are there are in _metadata";
    PartRowGroups, "part-row-groups", Broken, "parquet.thrift, ColumnChunk", "row groups in _metadata are those of the parts' own footers";
    NoData, "no-data", Unverified, "-", "there is a Parquet file to check";
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}
