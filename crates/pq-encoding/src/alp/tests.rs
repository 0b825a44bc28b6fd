use super::encode::check_count;
use super::{
    Decoder, VECTOR, decode_f32, decode_f64, encode_f32, encode_f64, max_encoded_len_f32,
    max_encoded_len_f64, naive,
};
use crate::error::{DecodeError, EncodeError};
use crate::output::SliceOutput;
use proptest::prelude::*;
use std::vec;
use std::vec::Vec;

/// Values that are no decimals, or at the ends of what integers can be.
const SPECIAL: [u64; 22] = [
    0x7ff8_0000_0000_0000, // NaN
    0xfff8_0000_0000_0000,
    0x7ff0_0000_dead_beef,
    0x7ff0_0000_0000_0000, // infinity
    0xfff0_0000_0000_0000,
    0x8000_0000_0000_0000, // −0.0
    0x0000_0000_0000_0000,
    0x0000_0000_0000_0001, // subnormal
    0x800f_ffff_ffff_ffff,
    0x7fef_ffff_ffff_ffff, // the largest
    0x43e0_0000_0000_0000, // 2⁶³
    0xc3e0_0000_0000_0000,
    0x43df_ffff_ffff_ffff,
    0x4320_0000_0000_0000, // 2⁵¹
    0x432f_ffff_ffff_ffff, // 2⁵² − ½
    0x4340_0000_0000_0001, // 2⁵³ + 2
    0x7f80_0000_0000_0000, // floats: infinity
    0xff80_0000_0000_0000,
    0x0000_0001_0000_0000, // subnormal
    0x4f00_0000_0000_0000, // 2³¹
    0x4aff_ffff_0000_0000, // 2²³ − ½
    0x4b80_0001_0000_0000, // 2²⁴ + 2
];

#[derive(Debug, Clone, Copy)]
enum Kind {
    Decimals { places: u32, bits: u32 },
    Integers { bits: u32 },
    Bits,
    Constant,
    Special,
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![
        4 => (0_u32..=10, 1_u32..54).prop_map(|(places, bits)| Kind::Decimals { places, bits }),
        2 => (1_u32..64).prop_map(|bits| Kind::Integers { bits }),
        1 => Just(Kind::Bits),
        1 => Just(Kind::Constant),
        1 => Just(Kind::Special),
    ]
}

fn mix(seed: u64) -> impl Iterator<Item = u64> {
    let mut state = seed | 1;
    std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.wrapping_mul(0x2545_f491_4f6c_dd1d)
    })
}

/// A decimal as it is read from text.
fn decimal(integer: i64, places: u32) -> (f64, f32) {
    let text = std::format!("{integer}e-{places}");
    (text.parse().unwrap(), text.parse().unwrap())
}

/// Doubles and floats of one kind.
fn column(kind: Kind, seed: u64, len: usize) -> Vec<(f64, f32)> {
    let one = |bits: u64| match kind {
        Kind::Decimals { places, bits: wide } => decimal(bits as i64 >> (63 - wide), places),
        Kind::Integers { bits: wide } => decimal(bits as i64 >> (63 - wide), 0),
        Kind::Bits => (f64::from_bits(bits), f32::from_bits(bits as u32)),
        Kind::Constant => (f64::from_bits(seed), f32::from_bits(seed as u32)),
        Kind::Special => {
            let value = f64::from_bits(SPECIAL[bits as usize % SPECIAL.len()]);
            (value, f32::from_bits((value.to_bits() >> 32) as u32))
        }
    };
    mix(seed).take(len).map(one).collect()
}

/// Values of one kind; one in so many of them is of another.
fn mixed(kind: Kind, other: Kind, every: u64, seed: u64, len: usize) -> Vec<(f64, f32)> {
    let mut values = column(kind, seed, len);
    let others = column(other, !seed, len).into_iter().zip(mix(seed ^ every));
    for (value, (other, number)) in values.iter_mut().zip(others) {
        if number % every == 0 {
            *value = other;
        }
    }
    values
}

/// Values as columns have them: of one kind and then of another.
fn values() -> impl Strategy<Value = (Vec<f64>, Vec<f32>)> {
    let piece = (kind(), kind(), 1_u64..200, any::<u64>(), 0_usize..1500);
    proptest::collection::vec(piece, 0..4).prop_map(|pieces| {
        let pieces = pieces.into_iter();
        let values =
            pieces.flat_map(|(kind, other, every, seed, len)| mixed(kind, other, every, seed, len));
        values.unzip()
    })
}

fn bits_f64(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| value.to_bits()).collect()
}

fn bits_f32(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}

fn page_f64(values: &[f64]) -> Vec<u8> {
    let mut page = Vec::new();
    encode_f64(values, &mut page).unwrap();
    page
}

fn page_f32(values: &[f32]) -> Vec<u8> {
    let mut page = Vec::new();
    encode_f32(values, &mut page).unwrap();
    page
}

/// Encodes and decodes, here and by the obvious version; as a whole and vector by vector.
macro_rules! check {
    ($check:ident $float:ident $page:ident $decode:ident $bits:ident $max:ident) => {
        fn $check(values: &[$float]) {
            let mut page = $page(values);
            let len = page.len();
            assert!(len <= $max(values.len()));
            assert_eq!($bits(&naive::$float::decode(&page)), $bits(values));
            page.extend([0xff; 3]);
            let mut decoded = vec![1.0; values.len()];
            assert_eq!($decode(&page, &mut decoded), Ok(len));
            assert_eq!($bits(&decoded), $bits(values));

            let decoder = Decoder::<$float>::new(&page).unwrap();
            let mut vector = [1.0; VECTOR];
            let mut end = len;
            for (index, values) in values.chunks(VECTOR).enumerate().rev() {
                assert_eq!(decoder.decode_vector(index, &mut vector), Ok(values.len()));
                assert_eq!($bits(&vector[..values.len()]), $bits(values));

                let offset = page[7 + 4 * index..].first_chunk().copied().unwrap();
                let start = 7 + u32::from_le_bytes(offset) as usize;
                let ours = &page[start..end];
                let obvious = naive::$float::vector(values, ours[0], ours[1]);
                let exceptions = usize::from(u16::from_le_bytes([ours[2], ours[3]]));
                // Either values that are far from all others are exceptions, or all are.
                let other = ours.len() < obvious.len() || exceptions == values.len();
                assert!(ours == obvious || other);
                end = start;
            }
        }
    };
}

check!(check_f64 f64 page_f64 decode_f64 bits_f64 max_encoded_len_f64);
check!(check_f32 f32 page_f32 decode_f32 bits_f32 max_encoded_len_f32);

proptest! {
    #[test]
    fn comes_back_bit_by_bit((doubles, floats) in values()) {
        check_f64(&doubles);
        check_f32(&floats);
    }

    #[test]
    fn any_pair_and_vector_size(
        (doubles, floats) in values(),
        log_vector in 3_u8..=15,
        pairs in proptest::collection::vec((0_u8..=18, 0_u8..=18), 1..20),
    ) {
        let mut pairs = pairs.into_iter().cycle();
        let mut next = |most: u8| {
            let (exponent, factor) = pairs.next().unwrap();
            let exponent = exponent % (most + 1);
            (exponent, factor % (exponent + 1))
        };
        let page = naive::f64::page(&doubles, log_vector, |_| next(18));
        let mut decoded = vec![0.0; doubles.len()];
        prop_assert_eq!(decode_f64(&page, &mut decoded), Ok(page.len()));
        prop_assert_eq!(bits_f64(&decoded), bits_f64(&doubles));
        let page = naive::f32::page(&floats, log_vector, |_| next(10));
        let mut decoded = vec![0.0; floats.len()];
        prop_assert_eq!(decode_f32(&page, &mut decoded), Ok(page.len()));
        prop_assert_eq!(bits_f32(&decoded), bits_f32(&floats));
    }

    #[test]
    fn cut_short((doubles, _) in values(), keep in 0.0..1.0) {
        let page = page_f64(&doubles);
        let len = (page.len() as f64 * keep) as usize;
        prop_assert_eq!(
            decode_f64(&page[..len], &mut vec![0.0; doubles.len()]),
            Err(DecodeError::UnexpectedEnd { offset: len })
        );
        if let Ok(decoder) = Decoder::<f64>::new(&page[..len]) {
            for index in 0..decoder.vectors() {
                let _ = decoder.decode_vector(index, &mut [0.0; VECTOR]);
            }
        }
    }

    #[test]
    fn flipped_bits(
        (doubles, floats) in values(),
        flips in proptest::collection::vec(any::<prop::sample::Index>(), 1..4),
        front in any::<bool>(),
    ) {
        let flip = |page: &mut [u8]| {
            // Half of the time among headers.
            let end = if front { page.len().min(60) } else { page.len() };
            for flip in &flips {
                let bit = flip.index(end * 8);
                page[bit / 8] ^= 1 << (bit % 8);
            }
        };
        let mut page = page_f64(&doubles);
        flip(&mut page);
        let _ = decode_f64(&page, &mut vec![0.0; doubles.len()]);
        let mut page = page_f32(&floats);
        flip(&mut page);
        let _ = decode_f32(&page, &mut vec![0.0; floats.len()]);
    }

    #[test]
    fn any_bytes(
        header in prop_oneof![
            Just(vec![]),
            Just(vec![0, 0, 3, 20, 0, 0, 0, 12, 0, 0, 0]),
            Just(vec![0, 0, 10, 20, 0, 0, 0, 4, 0, 0, 0, 3, 1, 2, 0]),
        ],
        rest in proptest::collection::vec(any::<u8>(), 0..300),
    ) {
        let bytes: Vec<u8> = header.into_iter().chain(rest).collect();
        if let Ok(decoder) = Decoder::<f32>::new(&bytes) {
            prop_assert!(decoder.vectors() * 4 <= bytes.len());
            let _ = decoder.decode_vector(0, &mut [0.0; 1 << 15]);
            let _ = decode_f32(&bytes, &mut vec![0.0; decoder.count().min(50)]);
        }
        if let Ok(decoder) = Decoder::<f64>::new(&bytes) {
            let _ = decoder.decode_vector(1, &mut [0.0; 1 << 15]);
            let _ = decode_f64(&bytes, &mut vec![0.0; decoder.count().min(50)]);
        }
    }

    #[test]
    fn a_slice_that_is_full((doubles, _) in values(), room in 0_usize..9000) {
        let whole = page_f64(&doubles);
        let mut buffer = vec![0; room];
        let mut out = SliceOutput::new(&mut buffer);
        let result = encode_f64(&doubles, &mut out);
        prop_assert_eq!(result.is_ok(), whole.len() <= room);
        if result.is_ok() {
            prop_assert_eq!(&buffer[..whole.len()], &whole);
        }
    }
}

#[test]
fn every_length_around_a_vector() {
    let vectors = [0, VECTOR, 2 * VECTOR];
    for len in vectors
        .iter()
        .flat_map(|&end| end.saturating_sub(20)..end + 20)
    {
        for kind in [
            Kind::Decimals {
                places: 2,
                bits: 17,
            },
            Kind::Bits,
            Kind::Special,
        ] {
            let (doubles, floats): (Vec<_>, Vec<_>) = column(kind, 7, len).into_iter().unzip();
            check_f64(&doubles);
            check_f32(&floats);
        }
    }
}

#[test]
fn no_larger_than_what_the_specification_suggests() {
    let decimals = |places, bits| Kind::Decimals { places, bits };
    let columns = [
        (decimals(2, 17), decimals(2, 17), 1),
        (decimals(0, 12), decimals(2, 20), 10),
        (decimals(2, 14), decimals(6, 27), 20),
        (decimals(3, 24), Kind::Bits, 100),
        (decimals(6, 28), Kind::Special, 50),
        (decimals(1, 10), decimals(1, 40), 90),
        (Kind::Integers { bits: 20 }, Kind::Integers { bits: 40 }, 70),
        (Kind::Integers { bits: 62 }, Kind::Special, 70),
        (Kind::Constant, Kind::Constant, 1),
        (Kind::Special, Kind::Special, 1),
        (Kind::Bits, Kind::Bits, 1),
    ];
    for (kind, other, every) in columns {
        let values = mixed(kind, other, every, 5, 5500);
        let (doubles, floats): (Vec<_>, Vec<_>) = values.into_iter().unzip();
        let (ours, suggested) = (page_f64(&doubles), naive::f64::suggested(&doubles));
        assert!(ours.len() <= suggested.len(), "{kind:?} {other:?}");
        let (ours, suggested) = (page_f32(&floats), naive::f32::suggested(&floats));
        assert!(ours.len() <= suggested.len(), "{kind:?} {other:?}");
    }
}

#[test]
fn other_places_in_other_vectors() {
    // None of the vectors that are looked at first has two places.
    let mut values = vec![0.0; 24 * VECTOR];
    for (index, value) in values.iter_mut().enumerate() {
        let places = if index / VECTOR % 3 == 1 { 2 } else { 5 };
        *value = decimal((index % 1000) as i64, places).0;
    }
    let page = page_f64(&values);
    let mut start = 7 + 24 * 4;
    for index in 0..24 {
        let (places, exceptions) = (page[start] - page[start + 1], page[start + 2]);
        assert_eq!(places, if index % 3 == 1 { 2 } else { 5 });
        assert_eq!((page[start + 3], page[start + 12]), (0, 10));
        start += 13 + 1280 + 10 * usize::from(exceptions);
    }
    assert_eq!(start, page.len());
    check_f64(&values);
}

#[test]
fn a_few_far_values_are_exceptions() {
    let mut values: Vec<f64> = (0..1000).map(|i| decimal(i, 2).0).collect();
    for (index, far) in [(3, -9999.0), (500, 1e9), (999, 1e-7)] {
        values[index] = far;
    }
    let page = page_f64(&values);
    assert_eq!(page.len(), 7 + 17 + 1250 + 3 * 10);
    assert_eq!(page[7 + 17 + 1250..][..6], [3, 0, 244, 1, 231, 3]);
    check_f64(&values);
}

#[test]
fn the_largest_is_as_large_as_stated() {
    for count in [0, 1, 7, 1023, 1024, 1025, 5000] {
        assert_eq!(
            page_f64(&vec![f64::NAN; count]).len(),
            max_encoded_len_f64(count)
        );
        assert_eq!(
            page_f32(&vec![-0.0; count]).len(),
            max_encoded_len_f32(count)
        );
    }
    assert_eq!(max_encoded_len_f64(usize::MAX), usize::MAX);
}

#[test]
fn offsets_always_fit() {
    for (size, max_encoded_len) in [
        (4, max_encoded_len_f32 as fn(usize) -> usize),
        (8, max_encoded_len_f64),
    ] {
        let Err(EncodeError::TooLong { len, most }) = check_count(1 << 31, size) else {
            panic!("too many values");
        };
        assert_eq!(len, (1 << 31) * size);
        let most = most / size;
        assert_eq!(check_count(most, size), Ok(most as u32));
        assert!(check_count(most + 1, size).is_err());
        assert!(u32::try_from(max_encoded_len(most) - 7).is_ok());
        assert!(u32::try_from(max_encoded_len(most + VECTOR) - 7).is_err());
    }
}

#[test]
fn the_examples_of_the_specification() {
    let values = [1500.0, f64::NAN, 2500.0, 333.5];
    // 11665, 11665, 21665 and 0 at 15 bits each.
    let packed = 11_665_u64 | 11_665 << 15 | 21_665 << 30;
    let mut vector = vec![4, 3, 1, 0];
    vector.extend(3335_i64.to_le_bytes());
    vector.push(15);
    vector.extend(packed.to_le_bytes());
    vector.extend([1, 0]);
    vector.extend(f64::NAN.to_le_bytes());
    assert_eq!(vector.len(), 31);
    assert_eq!(naive::f64::vector(&values, 4, 3), vector);

    let mut page = vec![0, 0, 10, 4, 0, 0, 0, 4, 0, 0, 0];
    page.extend(&vector);
    let mut decoded = [0.0; 4];
    assert_eq!(decode_f64(&page, &mut decoded), Ok(page.len()));
    assert_eq!(bits_f64(&decoded), bits_f64(&values));

    // Other exponents have as few exceptions; all else is the same.
    let ours = page_f64(&values);
    assert_eq!(ours[11] - ours[12], 1);
    assert_eq!((&ours[..11], &ours[13..]), (&page[..11], &page[13..]));

    // 111, 444, 777 and 0 at 10 bits each.
    let page = page_f32(&[123.0, 456.0, 789.0, 12.0]);
    assert_eq!(page[13..20], [0, 0, 12, 0, 0, 0, 10]);
    let packed = 111_u64 | 444 << 10 | 777 << 20;
    assert_eq!(page[20..], packed.to_le_bytes()[..5]);
}

#[test]
fn no_values_are_a_header() {
    assert_eq!(page_f32(&[]), [0, 0, 10, 0, 0, 0, 0]);
    assert_eq!(decode_f64(&page_f64(&[]), &mut []), Ok(7));
    let decoder = Decoder::<f64>::new(&[0, 0, 15, 0, 0, 0, 0]).unwrap();
    assert_eq!(
        (decoder.count(), decoder.vectors(), decoder.vector_size()),
        (0, 0, 1 << 15)
    );
    assert!(decoder.decode_vector(0, &mut [0.0]).is_err());
}

#[test]
fn exceptions_in_any_order() {
    let mut page = vec![0, 0, 3, 3, 0, 0, 0, 4, 0, 0, 0, 0, 0, 3, 0, 7, 0, 0, 0, 0];
    page.extend([2, 0, 0, 0, 2, 0]);
    for value in [1.5_f32, 2.5, 3.5] {
        page.extend(value.to_le_bytes());
    }
    let mut values = [0.0; 3];
    assert_eq!(decode_f32(&page, &mut values), Ok(page.len()));
    assert_eq!(values, [2.5, 7.0, 3.5]);
}

/// A page of two vectors of 8 FLOAT values and one more.
fn small_page() -> Vec<u8> {
    let values: Vec<f32> = (0..9)
        .map(|i| if i == 4 { f32::NAN } else { i as f32 })
        .collect();
    naive::f32::page(&values, 3, |_| (1, 1))
}

#[test]
fn bad_input() {
    let page = small_page();
    // Header, offsets, 3 bits each, an exception; a vector of one value.
    assert_eq!(page.len(), 7 + 2 * 4 + (9 + 3 + 6) + 9);
    let large = |offset, value, most| DecodeError::TooLarge {
        offset,
        value,
        most,
    };
    let second = 7 + 8 + 18;
    let cases = [
        (0, 1, DecodeError::Mode { offset: 0, mode: 1 }),
        (1, 7, DecodeError::Mode { offset: 1, mode: 7 }),
        (2, 2, DecodeError::BlockSize { offset: 2 }),
        (2, 16, DecodeError::BlockSize { offset: 2 }),
        (
            3,
            8,
            DecodeError::Count {
                stated: 8,
                wanted: 9,
            },
        ),
        (6, 0x80, DecodeError::Overflow { offset: 3 }),
        (7, 9, DecodeError::Offset { offset: 7 }),
        (11, 25, DecodeError::Offset { offset: 11 }),
        (11, 27, DecodeError::Offset { offset: 11 }),
        (15, 11, large(15, 11, 10)),
        (16, 2, large(16, 2, 1)),
        (17, 9, large(17, 9, 8)),
        (
            23,
            33,
            DecodeError::TooWide {
                offset: 23,
                width: 33,
                most: 32,
            },
        ),
        (27, 8, large(27, 8, 7)),
        (28, 1, large(27, 260, 7)),
        (second, 11, large(second, 11, 10)),
        (
            second + 2,
            1,
            DecodeError::UnexpectedEnd { offset: page.len() },
        ),
        (
            second + 8,
            1,
            DecodeError::UnexpectedEnd { offset: page.len() },
        ),
    ];
    for (at, byte, error) in cases {
        let mut page = page.clone();
        page[at] = byte;
        assert_eq!(decode_f32(&page, &mut [0.0; 9]), Err(error), "byte {at}");
    }
    assert_eq!(
        decode_f64(&[0, 0, 3, 255, 255, 255, 127, 0], &mut []),
        Err(DecodeError::UnexpectedEnd { offset: 8 })
    );
}

#[test]
fn vectors_alone() {
    let page = small_page();
    let decoder = Decoder::<f32>::new(&page).unwrap();
    let mut values = [0.0; 8];
    assert_eq!(decoder.decode_vector(1, &mut values), Ok(1));
    assert_eq!(values[0], 8.0);
    let count = |stated, wanted| Err(DecodeError::Count { stated, wanted });
    assert_eq!(decoder.decode_vector(0, &mut values[..7]), count(8, 7));
    assert_eq!(decoder.decode_vector(2, &mut values), count(0, 8));
    assert_eq!(decoder.decode_vector(usize::MAX, &mut values), count(0, 8));

    // Behind the first vector, in its middle, among the offsets, behind the end.
    for (at, byte, index) in [(11, 27, 0), (11, 25, 0), (7, 9, 0), (11, 7, 1), (14, 1, 1)] {
        let mut page = page.clone();
        page[at] = byte;
        let decoder = Decoder::<f32>::new(&page).unwrap();
        let offset = if at == 7 { 7 } else { 11 };
        let error = Err(DecodeError::Offset { offset });
        assert_eq!(
            decoder.decode_vector(index, &mut values),
            error,
            "byte {at}"
        );
    }
}
