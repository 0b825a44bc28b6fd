//! Bit-packing, least significant bit first.

use crate::contest::Contest;
use crate::data::{VALUES, random, random_wide};
use crate::report::Report;
use crate::{arrow, parquet2};
use ::parquet2::encoding::bitpacked;
use bitpacking::{BitPacker, BitPacker1x};
use bytes::Bytes;
use parquet::util::bit_util::{BitReader, BitWriter};
use pq_encoding::bitpack;
use std::hint::black_box;

/// 64-bit values are as many as 32-bit ones, but not of all widths: that would be another 128
/// contests.
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
    let (mut ours, mut theirs, mut older) = (vec![0; len], vec![0; len], vec![0; len]);
    let mut writer = BitWriter::new(len);
    let packer = BitPacker1x::new();
    let contest = Contest::new(VALUES, |packed: Vec<u8>| {
        let mut unpacked = vec![0; VALUES];
        packer_unpack(&packer, &packed, &mut unpacked, width);
        assert_eq!(unpacked, values);
    });
    entry.run(
        contest
            .with("pq", |done| {
                bitpack::pack_u32(black_box(&values), width, &mut ours).unwrap();
                done(&|| ours.clone());
            })
            .with("bitpacking", |done| {
                let mut at = 0;
                for block in black_box(&values).chunks_exact(BitPacker1x::BLOCK_LEN) {
                    at += packer.compress(block, &mut theirs[at..], width);
                }
                done(&|| theirs.clone());
            })
            .with(arrow::NAME, |done| {
                writer.clear();
                writer.put_batch(black_box(&values), width.into());
                let packed = writer.flush_buffer();
                done(&|| packed.to_vec());
            })
            .with(parquet2::NAME, |done| {
                bitpacked::encode::<u32>(black_box(&values), width.into(), &mut older);
                done(&|| older.clone());
            }),
    );
}

fn packer_unpack(packer: &BitPacker1x, mut packed: &[u8], out: &mut [u32], width: u8) {
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
    let bytes = Bytes::from(packed.clone());
    let mut reader = BitReader::new(bytes.clone());
    let packer = BitPacker1x::new();
    let [mut ours, mut theirs, mut arrows, mut olders] = [(); 4].map(|()| vec![0; VALUES]);
    let contest = Contest::new(VALUES, |unpacked: Vec<u32>| assert_eq!(unpacked, values));
    entry.run(
        contest
            .with("pq", |done| {
                bitpack::unpack_u32(black_box(&packed), width, &mut ours).unwrap();
                done(&|| ours.clone());
            })
            .with("bitpacking", |done| {
                packer_unpack(&packer, black_box(&packed), &mut theirs, width);
                done(&|| theirs.clone());
            })
            .with(arrow::NAME, |done| {
                reader.reset(black_box(bytes.clone()));
                reader.get_batch(&mut arrows, width.into());
                done(&|| arrows.clone());
            })
            .with(parquet2::NAME, |done| {
                parquet2::unpack(black_box(&packed), width, &mut olders);
                done(&|| olders.clone());
            }),
    );
}

fn pack_u64(report: &mut Report, width: u8) {
    let Some(entry) = report.entry("pack u64", format!("width {width}")) else {
        return;
    };
    let values = random_wide(width);
    let len = bitpack::packed_len(VALUES, width);
    let (mut ours, mut older) = (vec![0; len], vec![0; len]);
    let mut writer = BitWriter::new(len);
    let contest = Contest::new(VALUES, |packed: Vec<u8>| {
        let mut unpacked = vec![0_u64; VALUES];
        BitReader::new(packed.into()).get_batch(&mut unpacked, width.into());
        assert_eq!(unpacked, values);
    });
    entry.run(
        contest
            .with("pq", |done| {
                bitpack::pack_u64(black_box(&values), width, &mut ours).unwrap();
                done(&|| ours.clone());
            })
            .with(arrow::NAME, |done| {
                writer.clear();
                writer.put_batch(black_box(&values), width.into());
                let packed = writer.flush_buffer();
                done(&|| packed.to_vec());
            })
            .with(parquet2::NAME, |done| {
                bitpacked::encode::<u64>(black_box(&values), width.into(), &mut older);
                done(&|| older.clone());
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
    let bytes = Bytes::from(packed.clone());
    let mut reader = BitReader::new(bytes.clone());
    let [mut ours, mut arrows, mut olders] = [(); 3].map(|()| vec![0_u64; VALUES]);
    let contest = Contest::new(VALUES, |unpacked: Vec<u64>| assert_eq!(unpacked, values));
    entry.run(
        contest
            .with("pq", |done| {
                bitpack::unpack_u64(black_box(&packed), width, &mut ours).unwrap();
                done(&|| ours.clone());
            })
            .with(arrow::NAME, |done| {
                reader.reset(black_box(bytes.clone()));
                reader.get_batch(&mut arrows, width.into());
                done(&|| arrows.clone());
            })
            .with(parquet2::NAME, |done| {
                parquet2::unpack(black_box(&packed), width, &mut olders);
                done(&|| olders.clone());
            }),
    );
}
