//! Bit-packing, least significant bit first.

use crate::contest::Contest;
use crate::data::{VALUES, random, random_wide};
use crate::peers::{arrow, parquet2};
use crate::report::Report;
use bitpacking::{BitPacker, BitPacker1x};
use bytes::Bytes;
use parquet::util::bit_util::{BitReader, BitWriter};
use pq_encoding::bitpack;
use std::hint::black_box;

/// 64-bit values are as many as 32-bit ones, but not of all widths: they would take long.
const WIDE: [u8; 10] = [1, 5, 8, 13, 20, 32, 33, 40, 57, 64];

pub fn contests(report: &mut Report) {
    (1..=32).for_each(|width| pack_u32(report, width));
    (1..=32).for_each(|width| unpack_u32(report, width));
    WIDE.into_iter().for_each(|width| pack_u64(report, width));
    WIDE.into_iter().for_each(|width| unpack_u64(report, width));
}

fn pack_u32(report: &mut Report, width: u8) {
    let Some(entry) = report.entry("pack u32", format!("width {width}")) else {
        return;
    };
    let values = random(width);
    let len = bitpack::packed_len(VALUES, width);
    let packer = BitPacker1x::new();
    let mut writer = BitWriter::new(len);
    let contest = Contest::new(VALUES, |packed: Vec<u8>| {
        let mut unpacked = vec![0; VALUES];
        unpack_blocks(packer, &packed, width, &mut unpacked);
        assert_eq!(unpacked, values);
    });
    entry.run(
        contest
            .fills("pq", len, |out| {
                bitpack::pack_u32(black_box(&values), width, out).unwrap();
            })
            .fills("bitpacking", len, |mut out| {
                for block in black_box(&values).chunks_exact(BitPacker1x::BLOCK_LEN) {
                    let used = packer.compress(block, out, width);
                    out = &mut out[used..];
                }
            })
            .with(arrow::NAME, |done| {
                writer.clear();
                writer.put_batch(black_box(&values), width.into());
                let packed = writer.flush_buffer();
                done(&|| packed.to_vec());
            })
            .fills(parquet2::NAME, len, |out| {
                parquet2::pack(black_box(&values), width, out);
            }),
    );
}

fn unpack_blocks(packer: BitPacker1x, mut packed: &[u8], width: u8, out: &mut [u32]) {
    for block in out.chunks_exact_mut(BitPacker1x::BLOCK_LEN) {
        let used = packer.decompress(packed, block, width);
        packed = &packed[used..];
    }
}

fn unpack_u32(report: &mut Report, width: u8) {
    let Some(entry) = report.entry("unpack u32", format!("width {width}")) else {
        return;
    };
    let values = random(width);
    let mut packed = vec![0; bitpack::packed_len(VALUES, width)];
    bitpack::pack_u32(&values, width, &mut packed).unwrap();
    let packed = Bytes::from(packed);
    let contest = Contest::new(VALUES, |unpacked: Vec<u32>| assert_eq!(unpacked, values));
    entry.run(
        contest
            .fills("pq", VALUES, |out| {
                bitpack::unpack_u32(black_box(&packed), width, out).unwrap();
            })
            .fills("bitpacking", VALUES, |out| {
                unpack_blocks(BitPacker1x::new(), black_box(&packed), width, out);
            })
            .fills(arrow::NAME, VALUES, |out: &mut [u32]| {
                let mut reader = BitReader::new(black_box(&packed).clone());
                reader.get_batch(out, width.into());
            })
            .fills(parquet2::NAME, VALUES, |out| {
                parquet2::unpack(black_box(&packed), width, out);
            }),
    );
}

fn pack_u64(report: &mut Report, width: u8) {
    let Some(entry) = report.entry("pack u64", format!("width {width}")) else {
        return;
    };
    let values = random_wide(width);
    let len = bitpack::packed_len(VALUES, width);
    let mut writer = BitWriter::new(len);
    let contest = Contest::new(VALUES, |packed: Vec<u8>| {
        let mut unpacked = vec![0_u64; VALUES];
        BitReader::new(packed.into()).get_batch(&mut unpacked, width.into());
        assert_eq!(unpacked, values);
    });
    entry.run(
        contest
            .fills("pq", len, |out| {
                bitpack::pack_u64(black_box(&values), width, out).unwrap();
            })
            .with(arrow::NAME, |done| {
                writer.clear();
                writer.put_batch(black_box(&values), width.into());
                let packed = writer.flush_buffer();
                done(&|| packed.to_vec());
            })
            .fills(parquet2::NAME, len, |out| {
                parquet2::pack(black_box(&values), width, out);
            }),
    );
}

fn unpack_u64(report: &mut Report, width: u8) {
    let Some(entry) = report.entry("unpack u64", format!("width {width}")) else {
        return;
    };
    let values = random_wide(width);
    let mut packed = vec![0; bitpack::packed_len(VALUES, width)];
    bitpack::pack_u64(&values, width, &mut packed).unwrap();
    let packed = Bytes::from(packed);
    let contest = Contest::new(VALUES, |unpacked: Vec<u64>| assert_eq!(unpacked, values));
    entry.run(
        contest
            .fills("pq", VALUES, |out| {
                bitpack::unpack_u64(black_box(&packed), width, out).unwrap();
            })
            .fills(arrow::NAME, VALUES, |out: &mut [u64]| {
                let mut reader = BitReader::new(black_box(&packed).clone());
                reader.get_batch(out, width.into());
            })
            .fills(parquet2::NAME, VALUES, |out| {
                parquet2::unpack(black_box(&packed), width, out);
            }),
    );
}
