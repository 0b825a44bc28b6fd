//! `cargo xtask bench encodings`: pq-encoding against its peers, one thread, inputs and outputs
//! in cache.

mod contest;

use bitpacking::{BitPacker, BitPacker1x};
use contest::Contest;
use parquet::data_type::Int64Type;
use parquet::encodings::encoding::{DeltaBitPackEncoder, Encoder};
use parquet::encodings::rle::RleEncoder;
use parquet::util::bit_util::{BitReader, BitWriter};
use pq_encoding::{bitpack, delta_binary_packed, rle};
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

/// Values in runs of one length, each run another value.
fn runs(length: usize, width: u8) -> Vec<u32> {
    let values = random(width);
    (0..VALUES).map(|row| values[row / length]).collect()
}

fn hybrid(name: String, values: Vec<u32>, width: u8) -> Contest<'static> {
    let wide: Vec<u64> = values.iter().map(|&value| value.into()).collect();
    let mut out = Vec::with_capacity(8 * VALUES);
    Contest::new(format!("hybrid encode, {name}"), VALUES)
        .with("pq", move || {
            out.clear();
            rle::encode_u32(black_box(&values), width, &mut out).unwrap();
            black_box(&out);
        })
        .with("arrow-rs", move || {
            let mut encoder = RleEncoder::new(width, 8 * VALUES);
            for &value in black_box(&wide) {
                encoder.put(value);
            }
            black_box(encoder.consume());
        })
}

fn delta(name: &str, values: Vec<i64>) -> Contest<'static> {
    let theirs = values.clone();
    let mut out = Vec::with_capacity(16 * VALUES);
    Contest::new(format!("DELTA_BINARY_PACKED, {name}"), VALUES)
        .with("pq", move || {
            out.clear();
            delta_binary_packed::encode_i64(black_box(&values), &mut out).unwrap();
            black_box(&out);
        })
        .with("arrow-rs", move || {
            let mut encoder = DeltaBitPackEncoder::<Int64Type>::new();
            encoder.put(black_box(&theirs)).unwrap();
            black_box(encoder.flush_buffer().unwrap());
        })
}

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let is_wanted =
        |name: &str| wanted.is_empty() || wanted.iter().any(|w| name.contains(w.as_str()));
    let mut contests = Vec::new();
    contests.extend((1..=32).map(pack));
    contests.extend((1..=32).map(unpack));
    for width in [1, 2, 4, 6, 8, 10, 13, 16, 20] {
        let name = format!("random, width {width}");
        contests.push(hybrid(name, random(width), width));
    }
    for length in [5, 8, 20, 200, VALUES] {
        let name = format!("runs of {length}, width 10");
        contests.push(hybrid(name, runs(length, 10), 10));
    }
    let random: Vec<i64> = random(32).into_iter().map(i64::from).collect();
    let steps = random.iter().scan(0, |sum, step| {
        *sum += step % 1000;
        Some(*sum)
    });
    contests.push(delta("sorted", steps.collect()));
    contests.push(delta("random 32 bits", random));
    for contest in contests {
        if is_wanted(contest.name()) {
            println!("{}", contest.run());
        }
    }
}
