//! 64 values at a time: they fill whole words of 64 bits at any width.

/// Values of a block.
pub(super) const BLOCK: usize = 64;

/// Room for a packed block of any width, and for a word behind it.
pub(super) const ROOM: usize = 4 * BLOCK + 8;

/// Repeats a statement for each of 64 positions, which are constants in it: a loop of this length
/// is not unrolled, and shifts by variables cost more than the work.
macro_rules! for_each_position {
    ($index:ident => $body:block) => {
        for_each_position! { @ $index $body
            0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31
            32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60
            61 62 63
        }
    };
    (@ $index:ident $body:block $($position:literal)*) => {
        $({
            const $index: usize = $position;
            $body
        })*
    };
}

/// Packs 64 values, each of at most `WIDTH` bits, into the first `8 * WIDTH` bytes. What lies
/// behind them is lost.
#[inline(always)]
pub(super) fn pack_block<const WIDTH: usize>(values: &[u32; BLOCK], out: &mut [u8; ROOM]) {
    let mut bits = 0;
    for_each_position!(I => {
        let value = u64::from(values[I]);
        let shift = I * WIDTH % 64;
        bits |= value << shift;
        if shift + WIDTH >= 64 {
            put_word(out, I * WIDTH / 64 * 8, bits);
            // What did not fit; a shift by 64 leaves nothing.
            bits = value.checked_shr(64 - shift as u32).unwrap_or(0);
        }
    });
    debug_assert_eq!(bits, 0, "64 values fill whole words");
}

/// Unpacks 64 values from the first `8 * WIDTH` bytes.
#[inline(always)]
pub(super) fn unpack_block<const WIDTH: usize>(bytes: &[u8; ROOM], out: &mut [u32; BLOCK]) {
    let mask = (1_u64 << WIDTH) - 1;
    let mut next = word(bytes, 0);
    for_each_position!(I => {
        let shift = I * WIDTH % 64;
        let mut bits = next >> shift;
        if shift + WIDTH >= 64 {
            next = word(bytes, (I * WIDTH / 64 + 1) * 8);
            bits |= next.checked_shl(64 - shift as u32).unwrap_or(0);
        }
        out[I] = (bits & mask) as u32;
    });
}

/// The word that starts at byte `at`.
#[inline(always)]
fn word(bytes: &[u8; ROOM], at: usize) -> u64 {
    match bytes.get(at..).and_then(|rest| rest.first_chunk()) {
        Some(word) => u64::from_le_bytes(*word),
        None => 0,
    }
}

/// Writes a word at byte `at`.
#[inline(always)]
fn put_word(bytes: &mut [u8; ROOM], at: usize, word: u64) {
    if let Some(room) = bytes.get_mut(at..).and_then(|rest| rest.first_chunk_mut()) {
        *room = word.to_le_bytes();
    }
}
