//! Stepping over column chunks that are built like one seen before.
//!
//! Where a struct ends depends on some of its bits only: on headers, lengths, counts, and on which
//! byte of an integer is its last. The chunks of a column mostly agree in these from one row group
//! to the next, which a comparison shows much quicker than a walk from field to field:
//!
//! ```text
//! bytes    26 08  1c  15 04  ...  36 c0 9a 0c  ...  18 04 'a' 'b' 'c' 'd'
//! mask     ff 80  ff  ff 80  ...  ff 80 80 80  ...  ff ff 00  00  00  00
//! ```

use super::row_group::FILE_PATH;
use crate::compact::CompactReader;
use crate::error::Malformed;
use crate::protocol::code;
use pq_encoding::varint;
use std::ops::Range;

/// What decides where a struct ends.
const DECIDES: u8 = 0xff;
/// A byte of an integer, of which the high bit says whether it is the last.
const INTEGER: u8 = 0x80;
/// Whatever this byte is, it is one byte.
const ANY: u8 = 0;

/// The shapes of column chunks seen so far.
#[derive(Debug, Clone)]
pub(super) struct Shapes {
    shapes: Vec<Shape>,
    /// The place in `shapes` of each column's last chunk.
    of_columns: Vec<usize>,
    /// The place of the chunk stepped over last.
    last: usize,
    /// What may be spent on shapes that no chunk has again.
    credit: usize,
}

#[derive(Debug, Clone, Default)]
struct Shape {
    mask: Vec<u8>,
    /// The bits of the chunk's bytes that the mask has.
    decisive: Vec<u8>,
    path: PathPlace,
}

/// Where in chunks of a shape the path of their file is.
#[derive(Debug, Clone, Default)]
enum PathPlace {
    #[default]
    Nowhere,
    At(Range<usize>),
    /// It is no string, or there are several.
    Unclear,
}

/// What a new shape costs: about the chunks that are stepped over in the same time.
const COST: usize = 16;

impl Default for Shapes {
    fn default() -> Self {
        Self {
            shapes: Vec::new(),
            of_columns: Vec::new(),
            last: 0,
            credit: 256 * COST,
        }
    }
}

impl Shapes {
    /// Steps over the chunk of a column, which begins where the reader of `bytes` is. Returns
    /// whether it is in the file of this path.
    #[inline]
    pub(super) fn skip(
        &mut self,
        column: usize,
        bytes: &[u8],
        reader: &mut CompactReader<'_>,
        path: Option<&str>,
    ) -> Result<bool, Malformed> {
        let rest = bytes.get(reader.position()..).unwrap_or_default();
        let of_column = self.of_columns.get(column).copied().unwrap_or(self.last);
        let mut found = self
            .length_of(of_column, rest)
            .map(|length| (of_column, length));
        if found.is_none() && of_column != self.last {
            found = self
                .length_of(self.last, rest)
                .map(|length| (self.last, length));
        }
        if let Some((place, length)) = found {
            self.credit += 1;
            self.remember(column, place);
            reader.take(length)?;
        } else if !self.walk(column, rest, reader)? {
            return Ok(PathPlace::of(rest).is(path, rest));
        }
        let shape = self.shapes.get(self.last);
        Ok(shape.is_some_and(|shape| shape.path.is(path, rest)))
    }

    #[inline]
    fn length_of(&self, place: usize, rest: &[u8]) -> Option<usize> {
        self.shapes.get(place)?.length_of(rest)
    }

    /// Columns come in order; one that does not is not remembered.
    #[inline]
    fn remember(&mut self, column: usize, place: usize) {
        self.last = place;
        if let Some(of_column) = self.of_columns.get_mut(column) {
            *of_column = place;
        } else if column == self.of_columns.len() {
            self.of_columns.push(place);
        }
    }

    /// Returns whether it learnt the shape.
    #[inline(never)]
    fn walk(
        &mut self,
        column: usize,
        rest: &[u8],
        reader: &mut CompactReader<'_>,
    ) -> Result<bool, Malformed> {
        let Some(credit) = self.credit.checked_sub(COST) else {
            reader.skip_structs(1)?;
            return Ok(false);
        };
        self.credit = credit;
        let mut mask = Vec::new();
        let mut marker = Marker {
            reader,
            mask: &mut mask,
        };
        marker.element(code::STRUCT)?;
        let decisive = rest.iter().zip(&mask).map(|(byte, mask)| byte & mask);
        self.shapes.push(Shape {
            decisive: decisive.collect(),
            path: PathPlace::of(rest),
            mask,
        });
        self.remember(column, self.shapes.len() - 1);
        Ok(true)
    }
}

impl Shape {
    /// The length of the chunk that `rest` begins with, if it has this shape. It is not looked at
    /// beyond the block in which it differs, so the time is in proportion to the chunk.
    #[inline]
    fn length_of(&self, rest: &[u8]) -> Option<usize> {
        let chunk = rest.get(..self.mask.len())?;
        let (blocks, last) = chunk.as_chunks::<BLOCK>();
        let (masks, last_mask) = self.mask.as_chunks::<BLOCK>();
        let (decisive, last_decisive) = self.decisive.as_chunks::<BLOCK>();
        for ((block, mask), decisive) in blocks.iter().zip(masks).zip(decisive) {
            if differ(block, mask, decisive) {
                return None;
            }
        }
        (!differ(last, last_mask, last_decisive)).then_some(chunk.len())
    }
}

impl PathPlace {
    /// In the chunk that `bytes` begin with. It depends on what makes the shape and on nothing else.
    fn of(bytes: &[u8]) -> Self {
        let mut place = Self::Nowhere;
        let mut walk = || -> Result<(), Malformed> {
            let mut reader = CompactReader::new(bytes);
            reader.open()?;
            let mut previous_id = 0;
            while let Some(field) = reader.take_field(previous_id)? {
                previous_id = field.id;
                if field.id != FILE_PATH {
                    reader.skip_field(field.code)?;
                    continue;
                }
                let is_first = matches!(place, Self::Nowhere);
                place = Self::Unclear;
                if !is_first || field.code != code::BINARY {
                    break;
                }
                let length = reader.take_length()?;
                let start = reader.position();
                reader.take(length)?;
                place = Self::At(start..reader.position());
            }
            Ok(())
        };
        match walk() {
            Ok(()) => place,
            Err(_) => Self::Unclear,
        }
    }

    /// Whether the path there in this chunk is `path`.
    #[inline]
    fn is(&self, path: Option<&str>, chunk: &[u8]) -> bool {
        match (self, path) {
            (Self::Nowhere, None) => true,
            (Self::At(place), Some(path)) => chunk.get(place.clone()) == Some(path.as_bytes()),
            _ => false,
        }
    }
}

/// Bytes that are compared at once.
const BLOCK: usize = 64;

#[inline]
fn differ(bytes: &[u8], mask: &[u8], decisive: &[u8]) -> bool {
    let word = |bytes: &[u8; 8]| u64::from_le_bytes(*bytes);
    let (words, last) = bytes.as_chunks::<8>();
    let (masks, last_mask) = mask.as_chunks::<8>();
    let (decisives, last_decisive) = decisive.as_chunks::<8>();
    let mut differ = 0;
    for ((bytes, mask), decisive) in words.iter().zip(masks).zip(decisives) {
        differ |= word(bytes) & word(mask) ^ word(decisive);
    }
    for ((byte, mask), decisive) in last.iter().zip(last_mask).zip(last_decisive) {
        differ |= u64::from(byte & mask ^ decisive);
    }
    differ != 0
}

/// Walks a struct and writes its mask.
struct Marker<'r, 'a> {
    reader: &'r mut CompactReader<'a>,
    mask: &'r mut Vec<u8>,
}

impl Marker<'_, '_> {
    /// Marks all that `take` reads.
    fn mark<T>(
        &mut self,
        kind: u8,
        take: impl FnOnce(&mut CompactReader<'_>) -> Result<T, Malformed>,
    ) -> Result<T, Malformed> {
        let start = self.reader.position();
        let taken = take(self.reader)?;
        let length = self.reader.position() - start;
        self.mask.resize(self.mask.len() + length, kind);
        Ok(taken)
    }

    fn element(&mut self, code: u8) -> Result<(), Malformed> {
        match code {
            code::TRUE | code::FALSE | code::I8 | code::DOUBLE | code::UUID => {
                self.mark(ANY, |reader| reader.skip_element(code))
            }
            code::I16 | code::I32 | code::I64 => {
                let start = self.mask.len();
                self.mark(INTEGER, |reader| reader.skip_element(code))?;
                // The tenth byte may be too large.
                if let Some(tenth) = self.mask.get_mut(start + varint::MAX_LEN_U64 - 1) {
                    *tenth = DECIDES;
                }
                Ok(())
            }
            code::BINARY => {
                let length = self.mark(DECIDES, |reader| reader.take_length())?;
                self.mark(ANY, |reader| reader.take(length).map(|_| ()))
            }
            code::LIST | code::SET => {
                let (element, count) = self.mark(DECIDES, |reader| reader.open_list())?;
                for _ in 0..count {
                    self.element(element)?;
                }
                self.reader.close();
                Ok(())
            }
            code::STRUCT => {
                self.reader.open()?;
                // Ids are not looked at, as elsewhere where values are stepped over.
                while let Some(field) = self.mark(DECIDES, |reader| reader.take_field(0))? {
                    if !matches!(field.code, code::TRUE | code::FALSE) {
                        self.element(field.code)?;
                    }
                }
                self.reader.close();
                Ok(())
            }
            // No struct of the specification has a map.
            _ => self.mark(DECIDES, |reader| reader.skip_element(code)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::row_group::walk_column_chunk;
    use super::*;
    use crate::compact::tests::sample_file;
    use crate::encode;
    use proptest::prelude::*;

    /// Steps over structs with shapes and without, and looks for paths.
    fn both_ways(bytes: &[u8], columns: usize) -> Shapes {
        let mut shapes = Shapes::default();
        let mut with = CompactReader::new(bytes);
        let mut without = CompactReader::new(bytes);
        for index in 0.. {
            let rest = &bytes[with.position()..];
            let path = walk_column_chunk(&mut CompactReader::new(rest), |_| {});
            // Each is asked for now and then.
            let paths = [None, Some("x"), Some("longer")];
            let asked = paths[index / columns % paths.len()];
            let skipped = shapes.skip(index % columns, bytes, &mut with, asked);
            if let Ok(is_in_file) = skipped {
                assert_eq!(is_in_file, path.is_ok_and(|path| path == asked));
            }
            let plain = without.skip_structs(1);
            assert_eq!(skipped.is_ok(), plain.is_ok());
            if plain.is_err() {
                break;
            }
            assert_eq!(with.position(), without.position());
        }
        shapes
    }

    #[test]
    fn chunks_built_alike_share_a_shape() {
        let mut bytes = Vec::new();
        for index in 0..100 {
            let mut chunk = sample_file().row_groups[0].columns[0].clone();
            chunk.meta_data.as_mut().unwrap().data_page_offset = 1000 + index;
            chunk.file_path = Some(if index % 3 == 0 { "x" } else { "y" }.to_owned());
            encode(&chunk, &mut bytes).unwrap();
        }
        assert_eq!(both_ways(&bytes, 10).shapes.len(), 1);
    }

    #[test]
    fn what_is_never_alike_is_walked_in_the_end() {
        let mut bytes = Vec::new();
        for length in 0..1000_usize {
            let mut chunk = sample_file().row_groups[0].columns[0].clone();
            chunk.file_path = Some("x".repeat(length));
            encode(&chunk, &mut bytes).unwrap();
        }
        assert_eq!(both_ways(&bytes, 1).shapes.len(), 256);
    }

    proptest! {
        #[test]
        fn a_shape_never_leads_astray(
            flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
            columns in 1_usize..4,
            path in prop::sample::select(vec![None, Some("x"), Some("y"), Some("longer")]),
        ) {
            let mut sample = sample_file().row_groups[0].columns[0].clone();
            sample.file_path = path.map(str::to_owned);
            let mut chunk = Vec::new();
            encode(&sample, &mut chunk).unwrap();
            // A chunk, then some with a byte changed, each more than once.
            let mut bytes = chunk.clone();
            for (position, byte) in flips {
                let mut other = chunk.clone();
                let position = position.index(other.len());
                other[position] = byte;
                bytes.extend([other.as_slice(), &chunk, &other].concat());
            }
            both_ways(&bytes, columns);
        }

        #[test]
        fn any_structs(
            kinds in prop::collection::vec(0_usize..3, 1..12),
            bytes in prop::collection::vec(any::<[u8; 24]>(), 3),
            columns in 1_usize..4,
        ) {
            let all: Vec<u8> = kinds.iter().flat_map(|kind| bytes[*kind]).collect();
            both_ways(&all, columns);
        }
    }
}
