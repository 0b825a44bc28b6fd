//! Where lengths in DELTA_BINARY_PACKED end, without unpacking them.

use crate::varint;

/// Where the encoding at `position` ends: the widths of its miniblocks say it. `None` if it is not
/// valid.
pub(super) fn end_of(input: &[u8], position: usize) -> Option<usize> {
    let rest_at = |position: usize| input.get(position..);
    let mut position = position;
    let mut next = || {
        let (value, len) = varint::decode_u64(rest_at(position)?).ok()?;
        position += len;
        Some(value)
    };
    let (block_size, miniblocks, count, _first) = (next()?, next()?, next()?, next()?);
    let miniblock_len = block_size.checked_div(miniblocks)?;
    // Bytes for each bit of the width.
    let byte_len = usize::try_from(miniblock_len / 8).ok()?;

    // Differences: the first value stands in the header.
    let mut left = count.saturating_sub(1);
    while left > 0 {
        let (_smallest, len) = varint::decode_u32(rest_at(position)?).ok()?;
        let widths = rest_at(position + len)?.get(..usize::try_from(miniblocks).ok()?)?;
        position += len + widths.len();
        // Those behind the last difference have a width, but no bytes.
        let needed = left.div_ceil(miniblock_len.max(1)).min(miniblocks);
        for &width in widths.iter().take(needed as usize) {
            if width > 32 {
                return None;
            }
            position = position.checked_add(byte_len.checked_mul(width.into())?)?;
        }
        left = left.saturating_sub(block_size.max(1));
    }
    (position <= input.len()).then_some(position)
}

#[cfg(test)]
mod tests {
    use super::end_of;
    use crate::delta_binary_packed::Decoder;
    use crate::naive;
    use proptest::prelude::*;
    use std::vec;
    use std::vec::Vec;

    /// The same the long way.
    fn decoded_end(input: &[u8]) -> Option<usize> {
        let mut decoder = Decoder::<i32>::new(input).ok()?;
        while decoder.remaining() > 0 {
            decoder.read(&mut [0; 128]).ok()?;
        }
        Some(decoder.position())
    }

    proptest! {
        #[test]
        fn as_if_decoded(
            values in proptest::collection::vec(prop_oneof![0_i64..9, any::<i32>().prop_map(i64::from)], 0..700),
            size in prop_oneof![Just((128, 4)), Just((128, 1)), Just((256, 2)), Just((512, 16))],
            before in 0_usize..9,
            behind in 0_usize..9,
            cut in any::<prop::sample::Index>(),
        ) {
            let mut page = vec![0xff; before];
            page.extend(naive::delta(&values, 32, size.0, size.1));
            let end = page.len();
            page.extend(vec![0; behind]);
            prop_assert_eq!(end_of(&page, before), Some(end));
            let cut = cut.index(end - before);
            prop_assert_eq!(end_of(&page[..before + cut], before), None);
        }

        #[test]
        fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..80), count in 0_u8..127) {
            let mut page: Vec<u8> = vec![0x80, 1, 4, count, 0];
            page.extend(&bytes);
            prop_assert_eq!(end_of(&page, 0), decoded_end(&page));
            let _ = end_of(&bytes, 0);
        }
    }
}
