//! arrow-rs: what its reader has to fill Arrow arrays from pages. Byte arrays are decoded by
//! code of its own there, to offsets and data.

use super::arrow::column;
use arrow_array::ArrayRef;
use bytes::Bytes;
use parquet::arrow::array_reader::{
    ArrayReader, make_byte_array_reader, make_fixed_len_byte_array_reader,
};
use parquet::basic::{Encoding, Type as Physical};
use parquet::column::page::{Page, PageIterator, PageMetadata, PageReader};
use parquet::errors::Result;

/// The name of this part of arrow-rs in contests.
pub const NAME: &str = "arrow-rs arrays";

/// Decodes one page over and over, each time to a new array: it has no other way.
pub struct Arrays {
    reader: Box<dyn ArrayReader>,
    count: usize,
}

impl Arrays {
    /// Of a page of `count` byte arrays.
    pub fn of_byte_arrays(encoding: Encoding, bytes: &Bytes, count: usize) -> Self {
        let chunks = Box::new(Chunks::new(encoding, bytes, count));
        let column = column(Physical::BYTE_ARRAY, 0);
        let reader = make_byte_array_reader(chunks, column, None, count, None).unwrap();
        Self { reader, count }
    }

    /// Of a page of `count` fixed-length byte arrays of `len` bytes.
    pub fn of_fixed(encoding: Encoding, bytes: &Bytes, count: usize, len: usize) -> Self {
        let chunks = Box::new(Chunks::new(encoding, bytes, count));
        let column = column(Physical::FIXED_LEN_BYTE_ARRAY, len);
        let reader = make_fixed_len_byte_array_reader(chunks, column, None, count, None).unwrap();
        Self { reader, count }
    }

    /// Decodes the page.
    pub fn next(&mut self) -> ArrayRef {
        self.reader.next_batch(self.count).unwrap()
    }
}

/// Column chunks of one and the same page, without an end.
struct Chunks(Page);

impl Chunks {
    fn new(encoding: Encoding, bytes: &Bytes, count: usize) -> Self {
        Self(Page::DataPage {
            buf: bytes.clone(),
            num_values: count as u32,
            encoding,
            def_level_encoding: Encoding::RLE,
            rep_level_encoding: Encoding::RLE,
            statistics: None,
        })
    }
}

impl Iterator for Chunks {
    type Item = Result<Box<dyn PageReader>>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(Ok(Box::new(Chunk(Some(self.0.clone())))))
    }
}

impl PageIterator for Chunks {}

/// A column chunk of one page.
struct Chunk(Option<Page>);

impl Iterator for Chunk {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.take().map(Ok)
    }
}

impl PageReader for Chunk {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        Ok(self.0.take())
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        unimplemented!("only skipping asks for it")
    }

    fn skip_next_page(&mut self) -> Result<()> {
        unimplemented!("nothing is skipped")
    }
}
