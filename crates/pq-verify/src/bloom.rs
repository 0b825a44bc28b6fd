//! Bloom filters: every value must be found (BloomFilter.md).

use crate::file::Extent;
use crate::notes::Notes;
use crate::page::Values;
use crate::rule::Rule;
use crate::source::{Source, read};
use pq_format::{
    BloomFilterAlgorithm, BloomFilterCompression, BloomFilterHash, BloomFilterHeader,
    ColumnMetaData,
};
use twox_hash::XxHash64;

/// Bytes of a block: eight words of 32 bits.
const BLOCK: usize = 32;

/// More than any header has.
const HEADER: u64 = 256;

const SALT: [u32; 8] = [
    0x47b6_137b,
    0x4497_4d91,
    0x8824_ad5b,
    0xa2b7_289d,
    0x7054_95c7,
    0x2df1_424b,
    0x9efc_4947,
    0x5c6b_fb31,
];

/// A filter in memory.
#[derive(Debug)]
pub(crate) struct Bloom {
    bits: Vec<u8>,
}

impl Bloom {
    /// Reads the filter that the chunk has.
    pub(crate) fn read<S: Source + ?Sized>(
        source: &mut S,
        chunk: &ColumnMetaData,
        data: Extent,
        notes: &mut Notes<'_>,
    ) -> Option<Self> {
        let stated = chunk.bloom_filter_offset?;
        let start = u64::try_from(stated).ok();
        let Some(start) = start.filter(|&start| Extent::new(start, start + 1).is_within(data))
        else {
            notes.say(Rule::ChunkRange, || {
                format!("a Bloom filter at byte {stated}")
            });
            return None;
        };
        let byte = Some(start);
        let unreadable = |error: std::io::Error| error.to_string();
        let header_len = (data.end - start).min(HEADER);
        let header = match read(source, start, header_len as usize) {
            Ok(header) => header,
            Err(error) => {
                notes.say_at(Rule::Unreadable, byte, || unreadable(error));
                return None;
            }
        };
        let (header, used) = match pq_format::decode::<BloomFilterHeader>(&header) {
            Ok(decoded) => decoded,
            Err(error) => {
                notes.say_at(Rule::BloomHeader, byte, || error.to_string());
                return None;
            }
        };
        let len = usize::try_from(header.num_bytes).unwrap_or(0);
        let is_known = matches!(header.algorithm, BloomFilterAlgorithm::Block(_))
            && matches!(header.hash, BloomFilterHash::XxHash(_))
            && matches!(header.compression, BloomFilterCompression::Uncompressed(_));
        if !is_known || len == 0 || len % BLOCK != 0 {
            notes.say_at(Rule::BloomHeader, byte, || {
                format!("{} bytes; known kinds: {is_known}", header.num_bytes)
            });
            return None;
        }
        let bits_at = start + used as u64;
        let extent = Extent::new(start, bits_at + len as u64);
        match chunk.bloom_filter_length {
            Some(length) if u64::try_from(length) != Ok(extent.len()) => {
                notes.say_at(Rule::BloomLength, byte, || {
                    format!("{length} bytes, the filter has {}", extent.len())
                });
            }
            Some(_) => {}
            None => notes.say_at(Rule::BloomLengthMissing, byte, || "no length".to_owned()),
        }
        if !extent.is_within(data) {
            notes.say_at(Rule::ChunkRange, byte, || {
                format!("a Bloom filter of {} bytes", extent.len())
            });
            return None;
        }
        if extent.len() > notes.options.metadata_bytes {
            notes.say_at(Rule::Limit, byte, || {
                format!("a Bloom filter of {} bytes", extent.len())
            });
            return None;
        }
        match read(source, bits_at, len) {
            Ok(bits) => Some(Self { bits }),
            Err(error) => {
                notes.say_at(Rule::Unreadable, byte, || unreadable(error));
                None
            }
        }
    }

    /// Checks that the values of a page are in the filter.
    pub(crate) fn check(&self, values: &Values<'_>, notes: &mut Notes<'_>) {
        let (mut index, mut missing, mut first) = (0_u64, 0_u64, None);
        values.for_each_plain(|value| {
            if !self.has(XxHash64::oneshot(0, value)) {
                missing += 1;
                first.get_or_insert(index);
            }
            index += 1;
        });
        if let Some(first) = first {
            notes.say(Rule::BloomValue, || {
                format!("{missing} of {index} values are not in the filter, value {first} first")
            });
        }
    }

    fn has(&self, hash: u64) -> bool {
        let blocks = (self.bits.len() / BLOCK) as u64;
        let block = (((hash >> 32) * blocks) >> 32) as usize;
        let block = self.bits.get(block * BLOCK..).unwrap_or_default();
        SALT.iter()
            .zip(block.as_chunks::<4>().0)
            .all(|(salt, word)| {
                let bit = (hash as u32).wrapping_mul(*salt) >> 27;
                (u32::from_le_bytes(*word) >> bit) & 1 == 1
            })
    }
}
