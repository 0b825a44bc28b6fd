//! Bytes of a block of values to their streams and back.

/// Values that are taken at a time.
pub(super) const BLOCK: usize = 64;

/// The bytes of a stream that belong to a block.
pub(super) type Bytes = [u8; BLOCK];

/// Where the lanes of `lane` bytes of a value of `width` bytes start; the last one may overlap the
/// one before it, or reach beyond a value that is shorter.
pub(super) fn lanes_of(width: usize, lane: usize) -> impl Iterator<Item = usize> {
    let last = width.saturating_sub(lane);
    (0..last).step_by(lane).chain([last])
}

/// Room for even and odd bytes.
pub(super) type Halves = [[u8; 2 * BLOCK]; 2];

/// Puts the bytes of lanes of four into their streams. Room is lent: to clear it for each block
/// costs a third of the time.
#[inline(always)]
pub(super) fn split_4(
    lanes: &[[u8; 4]; BLOCK],
    [even, odd]: &mut Halves,
    [a, b, c, d]: [&mut Bytes; 4],
) {
    part(lanes.as_flattened(), even, odd);
    part(even, a, c);
    part(odd, b, d);
}

/// Takes the bytes of lanes of four from their streams.
#[inline(always)]
pub(super) fn join_4([a, b, c, d]: [&Bytes; 4], lanes: &mut [[u8; 4]; BLOCK]) {
    let (mut ac, mut bd) = ([0; 2 * BLOCK], [0; 2 * BLOCK]);
    unite(a, c, &mut ac);
    unite(b, d, &mut bd);
    unite(&ac, &bd, lanes.as_flattened_mut());
}

/// Takes the bytes of lanes of eight from their streams.
#[inline(always)]
pub(super) fn join_8([a, b, c, d, e, f, g, h]: [&Bytes; 8], lanes: &mut [[u8; 8]; BLOCK]) {
    let [mut ae, mut cg, mut bf, mut dh] = [[0; 2 * BLOCK]; 4];
    unite(a, e, &mut ae);
    unite(c, g, &mut cg);
    unite(b, f, &mut bf);
    unite(d, h, &mut dh);
    let (mut even, mut odd) = ([0; 4 * BLOCK], [0; 4 * BLOCK]);
    unite(&ae, &cg, &mut even);
    unite(&bf, &dh, &mut odd);
    unite(&even, &odd, lanes.as_flattened_mut());
}

/// Parts even bytes from odd ones.
#[inline(always)]
pub(super) fn part(bytes: &[u8], even: &mut [u8], odd: &mut [u8]) {
    let pairs = bytes.as_chunks().0;
    for ((pair, even), odd) in pairs.iter().zip(even).zip(odd) {
        let pair = u16::from_le_bytes(*pair);
        *even = pair as u8;
        *odd = (pair >> 8) as u8;
    }
}

/// Puts even bytes and odd ones together.
#[inline(always)]
pub(super) fn unite(even: &[u8], odd: &[u8], bytes: &mut [u8]) {
    let pairs = bytes.as_chunks_mut().0;
    for ((pair, even), odd) in pairs.iter_mut().zip(even).zip(odd) {
        *pair = (u16::from(*even) | u16::from(*odd) << 8).to_le_bytes();
    }
}
