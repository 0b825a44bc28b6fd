//! Every struct of Apache Parquet's metadata, to and from bytes.
//!
//! For tools and formats that work on the metadata of Parquet files: page
//! headers, footers, page indexes, Bloom filter headers. This crate knows
//! bytes only; files, codecs and values are for others.
//!
//! - The structs, enums and unions of `parquet.thrift` are here under their
//!   own names. Enums are newtypes, unions have a variant `Other`, and structs
//!   keep their `unknown_fields`: what a later version of the specification
//!   adds survives a round trip.
//! - [`encode`] and [`decode`] go to and from thrift's compact protocol, with
//!   limits on nesting, on every count and on memory; bad input is an error
//!   that names the field, and so is a struct that breaks a rule of the
//!   specification when it is written.
//! - [`footer_range`] and [`append_footer`] are the frame at a file's end.
//! - [`RawFooter`] finds its way in a footer without decoding it, and
//!   [`FooterEdit`] adds and removes row groups and key-values while all other
//!   bytes stay what they are. Where a field that stands twice would make it
//!   choose, it refuses.
//! - [`structs!`], [`enums!`] and [`unions!`] declare structs of your own for
//!   the same machinery.
//! - With the feature `thrift`, structs go through any protocol of that crate.
//!
//! ```
//! use pq_format::{
//!     FileMetaData, RawFooter, RowGroup, SchemaElement, append_footer, encode, footer_range,
//! };
//!
//! # fn main() -> Result<(), pq_format::FormatError> {
//! let schema = vec![SchemaElement { name: "root".to_owned(), ..Default::default() }];
//! let mut metadata = Vec::new();
//! encode(&FileMetaData { version: 1, schema, ..Default::default() }, &mut metadata)?;
//!
//! let mut row_group = Vec::new();
//! encode(&RowGroup { num_rows: 3, ..Default::default() }, &mut row_group)?;
//!
//! let mut edit = RawFooter::parse(&metadata)?.edit();
//! edit.append_row_group(row_group)?;
//! let mut edited = Vec::new();
//! edit.encode(&mut edited)?;
//! assert_eq!(RawFooter::parse(&edited)?.num_rows(), 3);
//!
//! let mut file = b"PAR1".to_vec();
//! append_footer(&edited, &mut file)?;
//! let tail = &file[file.len() - 8..];
//! assert_eq!(footer_range(tail, file.len() as u64)?, 4..4 + edited.len() as u64);
//! # Ok(())
//! # }
//! ```
//!
//! # Structs of your own
//!
//! A format of your own declares its metadata as this crate declares Parquet's, and gets the same
//! for it: limits, errors with paths, rules that are checked before writing, and fields of later
//! versions that come back. Here one version of a format reads what the next one wrote:
//!
//! ```
//! use pq_format::idl::*;
//! use pq_format::{FormatError, Validate, decode, encode};
//!
//! pq_format::enums! {
//!     /// How the pixels of a tile are kept.
//!     enum Coding {
//!         /// As they are.
//!         RAW = 0;
//!         /// As runs.
//!         RUNS = 1;
//!     }
//! }
//!
//! pq_format::structs! {
//!     /// A tile.
//!     struct Tile {
//!         /// Where its pixels are in the file.
//!         1: required i64 offset;
//!         /// How they are kept.
//!         2: required Coding coding;
//!     }
//!
//!     /// What stands at the end of an image.
//!     struct Image: Validate {
//!         /// Tiles beside each other.
//!         1: required i32 columns;
//!         /// The tiles, row by row.
//!         2: required list<Tile> tiles;
//!     }
//!
//!     /// The same, a year later.
//!     struct ImageOfNextYear {
//!         /// Tiles beside each other.
//!         1: required i32 columns;
//!         /// The tiles, row by row.
//!         2: required list<Tile> tiles;
//!         /// Who made it.
//!         3: optional string artist;
//!     }
//! }
//!
//! impl Validate for Image {
//!     fn validate(&self) -> Result<(), FormatError> {
//!         match usize::try_from(self.columns) {
//!             Ok(columns @ 1..) if self.tiles.len() % columns == 0 => Ok(()),
//!             _ => Err(FormatError::inconsistent("columns", "divides the number of tiles")),
//!         }
//!     }
//! }
//!
//! # fn main() -> Result<(), FormatError> {
//! let tile = Tile { offset: 8, coding: Coding::RUNS, ..Default::default() };
//! let mut next = ImageOfNextYear { columns: 1, tiles: vec![tile], ..Default::default() };
//! next.artist = Some("Ada".to_owned());
//! let mut bytes = Vec::new();
//! encode(&next, &mut bytes)?;
//!
//! // The artist is not known here, but comes back.
//! let (mut image, _) = decode::<Image>(&bytes)?;
//! image.tiles[0].offset = 16;
//! let mut again = Vec::new();
//! encode(&image, &mut again)?;
//! assert_eq!(decode::<ImageOfNextYear>(&again)?.0.artist, next.artist);
//!
//! // Nothing that breaks a rule is written, and nothing broken is read.
//! image.columns = 2;
//! let error = encode(&image, &mut again).unwrap_err();
//! assert_eq!(error.to_string(), "columns: divides the number of tiles");
//! let error = decode::<Image>(&[0x15, 2, 0x19, 0x1c, 0x25, 2, 0]).unwrap_err();
//! assert_eq!(error.to_string(), "required field tiles[0].offset is missing");
//! # Ok(())
//! # }
//! ```

mod bloom;
mod compact;
mod crypto;
pub(crate) mod define;
mod error;
mod footer;
mod index;
mod metadata;
mod packed_list;
mod page;
pub mod protocol;
mod raw_footer;
mod schema;
mod short_list;
mod string_list;
#[cfg(feature = "thrift")]
pub mod thrift;
mod unknown;
mod usual_form;
mod validate;
mod value;

pub use bloom::{
    BloomFilterAlgorithm, BloomFilterCompression, BloomFilterHash, BloomFilterHeader,
    SplitBlockAlgorithm, Uncompressed, XxHash,
};
pub use compact::{CompactReader, CompactWriter, MAX_DEPTH, decode, encode};
pub use crypto::{
    AesGcmCtrV1, AesGcmV1, ColumnCryptoMetaData, EncryptionAlgorithm, EncryptionWithColumnKey,
    EncryptionWithFooterKey, FileCryptoMetaData,
};
pub use define::idl;
pub use error::{FormatError, Malformed};
pub use footer::{MAGIC, MAGIC_ENCRYPTED, TAIL_LEN, append_footer, footer_range, footer_tail};
pub use index::{BoundaryOrder, ColumnIndex, OffsetIndex, PageLocation};
pub use metadata::{
    BoundingBox, ColumnChunk, ColumnMetaData, ColumnOrder, CompressionCodec, FileMetaData,
    GeospatialStatistics, IEEE754TotalOrder, Int96TimestampOrder, KeyValue, PageEncodingStats,
    RowGroup, SizeStatistics, SortingColumn, Statistics, TypeDefinedOrder,
};
pub use packed_list::{Number, PackedList};
pub use page::{
    DataPageHeader, DataPageHeaderV2, DictionaryPageHeader, Encoding, IndexPageHeader, PageHeader,
    PageType,
};
pub use raw_footer::{FilePlace, FooterEdit, RawFooter, RawKeyValue, RawRowGroup, with_file_path};
pub use schema::{
    BsonType, ConvertedType, DateType, DecimalType, EdgeInterpolationAlgorithm, EnumType,
    FieldRepetitionType, FileType, Float16Type, GeographyType, GeometryType, IntType, JsonType,
    ListType, LogicalType, MapType, MicroSeconds, MilliSeconds, NanoSeconds, NullType,
    SchemaElement, StringType, TimeType, TimeUnit, TimestampType, Type, UUIDType, VariantType,
};
pub use short_list::{Binary, ShortList};
pub use string_list::StringList;
pub use unknown::{UnknownField, UnknownFields};
pub use usual_form::{UsualForm, UsualStruct};
pub use value::{ThriftStruct, Validate, Value};

#[doc(hidden)]
pub use value::{Place, read_member};
