use super::*;
use crate::bitpack::legacy_packed_len;
use crate::error::{DecodeError, EncodeError};
use crate::naive;
use crate::output::SliceOutput;
use crate::rle;
use proptest::prelude::*;
use std::vec;
use std::vec::Vec;

/// A largest level and levels as columns have them: runs of all lengths between some that change.
fn levels() -> impl Strategy<Value = (u16, Vec<u16>)> {
    let max_level = prop_oneof![4 => 1_u16..8, 1 => 1_u16..=u16::MAX];
    max_level.prop_flat_map(|max_level| {
        let piece = (0..=max_level, 1_usize..90, 0_usize..300, any::<bool>());
        let levels = proptest::collection::vec(piece, 0..9).prop_map(move |pieces| {
            let mut levels = Vec::new();
            for (level, run, others, is_run) in pieces {
                if is_run {
                    levels.extend(vec![level; run]);
                } else {
                    let mixed = |i: usize| (u32::from(level) * i as u32 + 7 * i as u32) >> 1;
                    let most = u32::from(max_level) + 1;
                    levels.extend((0..others).map(|i| (mixed(i) % most) as u16));
                }
            }
            levels
        });
        (Just(max_level), levels)
    })
}

proptest! {
    #[test]
    fn there_and_back((max_level, levels) in levels()) {
        let (mut v1, mut v2) = (vec![7], Vec::new());
        encode_v1(&levels, max_level, &mut v1).unwrap();
        encode_v2(&levels, max_level, &mut v2).unwrap();
        prop_assert_eq!(&v1[1..5], (v2.len() as u32).to_le_bytes());
        prop_assert_eq!(&v1[5..], &v2);
        prop_assert!(v2.len() <= max_v2_len(levels.len(), max_level));
        prop_assert!(v1.len() - 1 <= max_v1_len(levels.len(), max_level));
        let decoded = naive::decode_hybrid(&v2, bit_width(max_level), levels.len());
        prop_assert!(decoded.into_iter().eq(levels.iter().map(|&level| u64::from(level))));

        v1.extend([9; 5]);
        let mut back = vec![1; levels.len()];
        prop_assert_eq!(decode_v1(&v1[1..], max_level, &mut back), Ok(4 + v2.len()));
        prop_assert_eq!(&back, &levels);
        back.fill(1);
        prop_assert_eq!(decode_v2(&v2, max_level, &mut back), Ok(v2.len()));
        prop_assert_eq!(&back, &levels);

        // The same as values of 32 bits, whichever of the two takes fewer bytes.
        let wide: Vec<u32> = levels.iter().map(|&level| level.into()).collect();
        let mut runs = Vec::new();
        rle::encode_u32(&wide, bit_width(max_level), &mut runs).unwrap();
        prop_assert_eq!(decode_v2(&runs, max_level, &mut back), Ok(runs.len()));
        prop_assert_eq!(&back, &levels);
    }

    #[test]
    fn a_slice_that_is_full((max_level, levels) in levels(), room in 0_usize..600) {
        let mut whole = Vec::new();
        encode_v1(&levels, max_level, &mut whole).unwrap();
        let mut buffer = vec![0; room];
        let mut out = SliceOutput::new(&mut buffer);
        let result = encode_v1(&levels, max_level, &mut out);
        prop_assert_eq!(result.is_ok(), whole.len() <= room);
        let len = out.len();
        let expected = if result.is_ok() { whole.len() } else { 0 };
        prop_assert_eq!(&buffer[..len], &whole[..expected]);
    }

    #[test]
    fn one_that_is_too_large((max_level, levels) in levels(), at in any::<prop::sample::Index>()) {
        let index = at.index(levels.len() + 1);
        let mut levels = levels;
        levels.insert(index, max_level);
        let most = max_level - 1;
        let first = levels.iter().position(|&level| level > most).unwrap();
        let mut out = vec![1];
        let error = EncodeError::Level { index: first, level: max_level, most };
        prop_assert_eq!(encode_v1(&levels, most, &mut out), Err(error));
        prop_assert_eq!(encode_v2(&levels, most, &mut out), Err(error));
        prop_assert_eq!(&out, &[1]);

        out.clear();
        encode_v2(&levels, max_level, &mut out).unwrap();
        let width = bit_width(most);
        if width == bit_width(max_level) {
            let decoded = decode_v2(&out, most, &mut vec![0; levels.len()]);
            let Err(DecodeError::Level { offset, index, level, most: stated }) = decoded else {
                panic!("{decoded:?}");
            };
            prop_assert_eq!((index, level, stated), (first, max_level, most));
            prop_assert!(offset < out.len());
            let mut framed = (out.len() as u32).to_le_bytes().to_vec();
            framed.extend(&out);
            let error = DecodeError::Level { offset: offset + 4, index, level, most };
            prop_assert_eq!(decode_v1(&framed, most, &mut vec![0; levels.len()]), Err(error));
        }
    }

    #[test]
    fn cut_short((max_level, levels) in levels(), keep in 0.0..1.0) {
        let mut page = Vec::new();
        encode_v1(&levels, max_level, &mut page).unwrap();
        let len = (page.len() as f64 * keep) as usize;
        let end = DecodeError::UnexpectedEnd { offset: len };
        let mut back = vec![0; levels.len()];
        prop_assert_eq!(decode_v1(&page[..len], max_level, &mut back), Err(end));
        if len > 4 {
            let end = DecodeError::UnexpectedEnd { offset: len - 4 };
            prop_assert_eq!(decode_v2(&page[4..len], max_level, &mut back), Err(end));
        }
    }

    #[test]
    fn any_bytes(
        bytes in proptest::collection::vec(any::<u8>(), 0..80),
        is_framed in any::<bool>(),
        max_level in prop_oneof![0_u16..9, any::<u16>()],
        count in 0_usize..300,
    ) {
        let mut page = Vec::new();
        if is_framed {
            page.extend((bytes.len() as u32).to_le_bytes());
        }
        page.extend(bytes);
        for decode in [decode_v1, decode_v2] {
            let mut levels = vec![0; count];
            if let Ok(used) = decode(&page, max_level, &mut levels) {
                prop_assert!(used <= page.len());
                prop_assert!(levels.iter().all(|&level| level <= max_level));
            }
        }
    }
}

#[test]
fn an_error_leaves_nothing_behind() {
    let error = EncodeError::Width {
        width: 33,
        most: 32,
    };
    let mut out = vec![1, 2];
    let result = v1_frame(&mut out, |out| {
        out.push(9);
        Err(error)
    });
    assert_eq!((result, out), (Err(error), vec![1, 2]));
}

#[test]
fn where_the_largest_is_0_there_are_none() {
    let mut out = vec![1];
    encode_v1(&[0; 9], 0, &mut out).unwrap();
    encode_v2(&[0; 9], 0, &mut out).unwrap();
    assert_eq!(out, [1]);
    let mut levels = [5; 9];
    assert_eq!(decode_v1(&[], 0, &mut levels), Ok(0));
    assert_eq!(levels, [0; 9]);
    levels.fill(5);
    assert_eq!(decode_v2(&[9], 0, &mut levels), Ok(0));
    assert_eq!(levels, [0; 9]);
    assert!(encode_v1(&[0, 1], 0, &mut out).is_err());
}

#[test]
fn the_largest_is_as_large_as_stated() {
    for max_level in [1, 2, 7, 8, 255, 256, u16::MAX] {
        for count in [8, 15, 4000, 65_535] {
            let levels: Vec<u16> = (0..count as u16).map(|i| i & 1).collect();
            let (mut v1, mut v2) = (Vec::new(), Vec::new());
            encode_v1(&levels, max_level, &mut v1).unwrap();
            encode_v2(&levels, max_level, &mut v2).unwrap();
            // Narrow ones may take more where runs lie between.
            let runs = if max_level < 8 { 2 + count / 512 } else { 0 };
            assert_eq!(v1.len() + runs, max_v1_len(count, max_level));
            assert_eq!(v2.len() + runs, max_v2_len(count, max_level));
        }
    }
    assert_eq!((max_v1_len(9, 0), max_v2_len(9, 0)), (0, 0));
}

#[test]
fn runs_that_pay_just_so_between_many_packed_groups() {
    for max_level in [1, 2, 5, 300] {
        for (packed, run) in [
            (504, 8),
            (512, 9),
            (512, 13),
            (512, 25),
            (65_536, 16),
            (65_544, 33),
        ] {
            let piece = (0..packed).map(|i| i as u16 & 1).chain(vec![1; run]);
            let levels: Vec<u16> = piece.collect::<Vec<_>>().repeat(4);
            let mut out = Vec::new();
            encode_v2(&levels, max_level, &mut out).unwrap();
            assert!(out.len() <= max_v2_len(levels.len(), max_level));
        }
    }
}

#[test]
fn a_page_of_no_levels() {
    let mut out = Vec::new();
    encode_v1(&[], 3, &mut out).unwrap();
    assert_eq!((&out[..], max_v1_len(0, 3)), (&[0; 4][..], 4));
    assert_eq!(decode_v1(&out, 3, &mut []), Ok(4));
    assert_eq!(decode_v2(&[], 3, &mut []), Ok(0));
}

#[test]
fn where_a_level_that_is_too_large_stands() {
    let mut levels = [0; 300];
    let level = |offset, index, level, most| {
        Err(DecodeError::Level {
            offset,
            index,
            level,
            most,
        })
    };
    // Eight times 1, then 3.
    assert_eq!(
        decode_v2(&[16, 1, 20, 3], 2, &mut levels),
        level(3, 8, 3, 2)
    );
    assert_eq!(levels[..8], [1; 8]);
    // Level 130 of 256 packed ones.
    let mut packed = vec![65, 0];
    packed.splice(0..2, [32 << 1 | 1]);
    packed.extend([0; 64]);
    packed[1 + 130 * 2 / 8] = 0b11 << 4;
    assert_eq!(
        decode_v2(&packed, 2, &mut levels[..256]),
        level(33, 130, 3, 2)
    );
    // The padding of the last group may be anything.
    assert_eq!(decode_v2(&packed, 2, &mut levels[..130]), Ok(65));
    // One that does not fit its bits.
    let overflow = Err(DecodeError::Overflow { offset: 1 });
    assert_eq!(decode_v2(&[16, 4], 2, &mut levels), overflow);
}

#[test]
fn bytes_behind_the_last_level() {
    let page = [4, 0, 0, 0, 16, 1, 16, 0];
    let mut levels = [0; 8];
    assert_eq!(decode_v1(&page, 1, &mut levels), Ok(8));
    let runs = v1_unframe(&page).unwrap();
    assert_eq!((decode_v2(runs, 1, &mut levels), runs.len()), (Ok(2), 4));
    // Those behind the frame are none of it.
    let end = |offset| Err(DecodeError::UnexpectedEnd { offset });
    assert_eq!(decode_v1(&page, 1, &mut [0; 17]), end(8));
    assert_eq!(
        decode_v1(&[&page[..], &[16, 1]].concat(), 1, &mut [0; 17]),
        end(8)
    );
    assert_eq!(decode_v1(&page[..7], 1, &mut levels), end(7));
    assert_eq!(decode_v1(&page[..3], 1, &mut levels), end(3));
    assert_eq!(v1_unframe(&[0xff; 8]), end(8).map(|_: usize| &[][..]));
}

#[test]
fn the_example_of_the_specification() {
    // 30 levels of at most 3 in the deprecated BIT_PACKED: 60 bits.
    assert_eq!((bit_width(3), legacy_packed_len(30, bit_width(3))), (2, 8));
    // Which kind of data has a length in which version of pages.
    let (mut v1, mut v2, mut booleans) = (Vec::new(), Vec::new(), Vec::new());
    encode_v1(&[1; 100], 1, &mut v1).unwrap();
    encode_v2(&[1; 100], 1, &mut v2).unwrap();
    rle::booleans::encode(&[true; 100], &mut booleans).unwrap();
    assert_eq!(v1, [3, 0, 0, 0, 0xc8, 0x01, 1]);
    assert_eq!(v2, [0xc8, 0x01, 1]);
    assert_eq!(booleans, v1);
}
