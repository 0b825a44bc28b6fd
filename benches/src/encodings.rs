//! `cargo xtask bench encodings`: pq-encoding against its peers, one thread, inputs and outputs
//! in cache.

mod contest;

use bitpacking::{BitPacker, BitPacker1x};
use contest::Contest;
use parquet::util::bit_util::{BitReader, BitWriter};
use pq_encoding::bitpack;
use std::hint::black_box;

const VALUES: usize = 8192;

fn random(width: u8) -> Vec<u32> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    (0..VALUES)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 32) as u32 & u32::MAX.checked_shr(32 - u32::from(width)).unwrap_or(0)
        })
        .collect()
}

fn pack(width: u8) -> Contest<'static> {
    let values = random(width);
    let (ours, theirs, arrow) = (values.clone(), values.clone(), values);
    let mut packed = vec![0; bitpack::packed_len(VALUES, width)];
    let mut peer = vec![0; 4 * VALUES];
    Contest::new(format!("pack u32, width {width}"), VALUES)
        .with("pq", move || {
            bitpack::pack_u32(black_box(&ours), width, &mut packed).unwrap();
            black_box(&packed);
        })
        .with("bitpacking", move || {
            let packer = BitPacker1x::new();
            let mut at = 0;
            for block in black_box(&theirs).chunks_exact(BitPacker1x::BLOCK_LEN) {
                at += packer.compress(block, &mut peer[at..], width);
            }
            black_box(&peer);
        })
        .with("arrow-rs", {
            let mut writer = BitWriter::new(4 * VALUES);
            move || {
                writer.clear();
                for &value in black_box(&arrow) {
                    writer.put_value(u64::from(value), usize::from(width));
                }
                black_box(writer.flush_buffer());
            }
        })
}

fn unpack(width: u8) -> Contest<'static> {
    let values = random(width);
    let mut packed = vec![0; bitpack::packed_len(VALUES, width)];
    bitpack::pack_u32(&values, width, &mut packed).unwrap();
    let bytes = bytes::Bytes::from(packed.clone());
    let theirs = packed.clone();
    let (mut out, mut peer, mut arrow) = (vec![0; VALUES], vec![0; VALUES], vec![0_u32; VALUES]);
    Contest::new(format!("unpack u32, width {width}"), VALUES)
        .with("pq", move || {
            bitpack::unpack_u32(black_box(&packed), width, &mut out).unwrap();
            black_box(&out);
        })
        .with("bitpacking", move || {
            let packer = BitPacker1x::new();
            let mut input = black_box(&theirs[..]);
            for block in peer.chunks_exact_mut(BitPacker1x::BLOCK_LEN) {
                let used = packer.decompress(input, block, width);
                input = &input[used..];
            }
            black_box(&peer);
        })
        .with("arrow-rs", move || {
            let mut reader = BitReader::new(black_box(bytes.clone()));
            reader.get_batch(&mut arrow, usize::from(width));
            black_box(&arrow);
        })
}

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|w| name.contains(w.as_str()));
    for width in 1..=32 {
        if is_wanted("pack") {
            println!("{}", pack(width).run());
        }
    }
    for width in 1..=32 {
        if is_wanted("unpack") {
            println!("{}", unpack(width).run());
        }
    }
}
