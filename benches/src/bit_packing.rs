//! Bit-packing, least significant bit first.

use crate::contest::Contest;
use crate::data::{VALUES, random_wide};
use crate::peers::{arrow, parquet2};
use crate::report::Report;
use ::parquet2::encoding::bitpacked::Unpackable;
use bitpacking::{BitPacker, BitPacker1x};
use bytes::Bytes;
use parquet::util::bit_util::{BitPacking, BitReader, BitWriter};
use pq_encoding::{DecodeError, EncodeError, bitpack};
use std::fmt::Debug;
use std::hint::black_box;

/// Not all widths of the types that fewer use: they would take long.
const OF_U8: [u8; 4] = [1, 3, 6, 8];
const OF_U16: [u8; 4] = [1, 6, 11, 16];
const OF_U64: [u8; 10] = [1, 5, 8, 13, 20, 32, 33, 40, 57, 64];

/// What all systems pack.
trait Word: BitPacking + Unpackable + PartialEq + Debug + 'static {
    fn of(value: u64) -> Self;
}

macro_rules! words {
    ($($word:ident)*) => {
        $(impl Word for $word {
            fn of(value: u64) -> Self {
                value as Self
            }
        })*
    };
}

words! { u8 u16 u32 u64 }

type Pack<T> = fn(&[T], u8, &mut [u8]) -> Result<usize, EncodeError>;
type Unpack<T> = fn(&[u8], u8, &mut [T]) -> Result<usize, DecodeError>;

pub fn contests(report: &mut Report) {
    (1..=32).for_each(|width| pack_u32(report, width));
    (1..=32).for_each(|width| unpack_u32(report, width));
    for width in OF_U8 {
        pack_other(report, "pack u8", bitpack::pack_u8, width);
    }
    for width in OF_U8 {
        unpack_other(report, "unpack u8", bitpack::unpack_u8, width);
    }
    for width in OF_U16 {
        pack_other(report, "pack u16", bitpack::pack_u16, width);
    }
    for width in OF_U16 {
        unpack_other(report, "unpack u16", bitpack::unpack_u16, width);
    }
    for width in OF_U64 {
        pack_other(report, "pack u64", bitpack::pack_u64, width);
    }
    for width in OF_U64 {
        unpack_other(report, "unpack u64", bitpack::unpack_u64, width);
    }
}

fn values<T: Word>(width: u8) -> Vec<T> {
    random_wide(width).into_iter().map(T::of).collect()
}

fn page<T: Word>(values: &[T], width: u8) -> Bytes {
    let mut writer = BitWriter::new(0);
    writer.put_batch(values, width.into());
    writer.consume().into()
}

fn pack_u32(report: &mut Report, width: u8) {
    let Some(entry) = report.entry("pack u32", format!("width {width}")) else {
        return;
    };
    let values = values(width);
    let len = bitpack::packed_len(VALUES, width);
    let contest = pack(&values, bitpack::pack_u32, width);
    entry.run(contest.fills("bitpacking", len, |mut out| {
        let packer = BitPacker1x::new();
        for block in black_box(&values).chunks_exact(BitPacker1x::BLOCK_LEN) {
            let used = packer.compress(block, out, width);
            out = &mut out[used..];
        }
    }));
}

fn unpack_u32(report: &mut Report, width: u8) {
    let Some(entry) = report.entry("unpack u32", format!("width {width}")) else {
        return;
    };
    let values = values(width);
    let page = page(&values, width);
    let contest = unpack(&page, &values, bitpack::unpack_u32, width);
    entry.run(contest.fills("bitpacking", VALUES, |out| {
        let packer = BitPacker1x::new();
        let mut packed = &black_box(&page)[..];
        for block in out.chunks_exact_mut(BitPacker1x::BLOCK_LEN) {
            let used = packer.decompress(packed, block, width);
            packed = &packed[used..];
        }
    }));
}

fn pack_other<T: Word>(report: &mut Report, family: &'static str, ours: Pack<T>, width: u8) {
    if let Some(entry) = report.entry(family, format!("width {width}")) {
        entry.run(pack(&values(width), ours, width));
    }
}

fn unpack_other<T: Word>(report: &mut Report, family: &'static str, ours: Unpack<T>, width: u8) {
    if let Some(entry) = report.entry(family, format!("width {width}")) {
        let values = values(width);
        entry.run(unpack(&page(&values, width), &values, ours, width));
    }
}

/// Ours against all that pack every type.
fn pack<T: Word>(values: &[T], ours: Pack<T>, width: u8) -> Contest<'_, Vec<u8>> {
    let len = bitpack::packed_len(VALUES, width);
    let mut writer = BitWriter::new(len);
    Contest::new(VALUES, move |packed: Vec<u8>| {
        let mut unpacked = vec![T::of(0); VALUES];
        BitReader::new(packed.into()).get_batch(&mut unpacked, width.into());
        assert_eq!(unpacked, values);
    })
    .fills("pq", len, move |out| {
        ours(black_box(values), width, out).unwrap();
    })
    .with(arrow::NAME, move |done| {
        writer.clear();
        writer.put_batch(black_box(values), width.into());
        let packed = writer.flush_buffer();
        done(&|| packed.to_vec());
    })
    .fills(parquet2::NAME, len, move |out| {
        parquet2::pack(black_box(values), width, out);
    })
}

/// Ours against all that unpack every type.
fn unpack<'a, T: Word>(
    page: &'a Bytes,
    values: &'a [T],
    ours: Unpack<T>,
    width: u8,
) -> Contest<'a, Vec<T>> {
    Contest::new(VALUES, move |unpacked: Vec<T>| assert_eq!(unpacked, values))
        .fills("pq", VALUES, move |out| {
            ours(black_box(page), width, out).unwrap();
        })
        .fills(arrow::NAME, VALUES, move |out: &mut [T]| {
            let mut reader = BitReader::new(black_box(page).clone());
            reader.get_batch(out, width.into());
        })
        .fills(parquet2::NAME, VALUES, move |out| {
            parquet2::unpack(black_box(page), width, out);
        })
}
