//! Levels of data pages of both versions.

use crate::{Input, naive};
use pq_encoding::DecodeError;
use pq_encoding::levels::{
    bit_width, decode_v1, decode_v2, encode_v1, encode_v2, max_v1_len, max_v2_len,
};

pub fn check(data: &[u8]) {
    let mut input = Input(data);
    let max_level = match input.byte() {
        250.. => input.short(),
        small => u16::from(small % 10),
    };
    let count = input.count();
    let input = input.rest();

    let mut levels = vec![7; count];
    let used = decode_v2(input, max_level, &mut levels);
    agrees(used, input, &levels, max_level);
    if used.is_ok() {
        let mut page = Vec::new();
        encode_v2(&levels, max_level, &mut page).unwrap();
        assert!(page.len() <= max_v2_len(count, max_level));
        let mut again = vec![9; count];
        assert_eq!(decode_v2(&page, max_level, &mut again), Ok(page.len()));
        assert_eq!(again, levels);
    }

    let used = decode_v1(input, max_level, &mut levels);
    if max_level > 0 {
        let frame = input.split_first_chunk().and_then(|(len, rest)| {
            let len = u32::from_le_bytes(*len) as usize;
            rest.get(..len)
        });
        match frame {
            Some(frame) => {
                assert!(used.is_err() || used == Ok(4 + frame.len()));
                let used = naive_levels(frame, max_level, count).map(|(_, used)| used);
                let in_frame = decode_v2(frame, max_level, &mut levels);
                assert_eq!(in_frame.ok(), used);
                agrees(in_frame, frame, &levels, max_level);
            }
            None => assert!(used.is_err()),
        }
        assert_eq!(
            used.is_ok(),
            decode_v1(input, max_level, &mut levels).is_ok()
        );
    }
    if used.is_ok() {
        let mut page = Vec::new();
        encode_v1(&levels, max_level, &mut page).unwrap();
        assert!(page.len() <= max_v1_len(count, max_level));
        let mut again = vec![9; count];
        assert_eq!(decode_v1(&page, max_level, &mut again), Ok(page.len()));
        assert_eq!(again, levels);
    }
}

fn naive_levels(input: &[u8], max_level: u16, count: usize) -> Option<(Vec<u64>, usize)> {
    let (levels, used) = naive::hybrid(input, bit_width(max_level).into(), count)?;
    let is_level = |&level: &u64| level <= max_level.into();
    levels.iter().all(is_level).then_some((levels, used))
}

fn agrees(used: Result<usize, DecodeError>, input: &[u8], levels: &[u16], max_level: u16) {
    if max_level == 0 {
        assert_eq!(used, Ok(0));
        assert!(levels.iter().all(|&level| level == 0));
        return;
    }
    match naive_levels(input, max_level, levels.len()) {
        Some((expected, len)) => {
            assert_eq!(used, Ok(len));
            assert!(levels.iter().map(|&level| u64::from(level)).eq(expected));
        }
        None => {
            let error = used.unwrap_err();
            if let DecodeError::Level {
                offset,
                index,
                level,
                most,
            } = error
            {
                assert!(offset < input.len() && most == max_level && level > most);
                assert_eq!(levels[index], level);
            }
        }
    }
}
