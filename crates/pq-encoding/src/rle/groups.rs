//! Groups of eight values to bit-packed runs.

use super::LONGEST;
use super::source::Source;
use crate::bitpack;
use crate::bitpack::block::Word;
use crate::bitpack::eight::{pack_narrow, pack_wide};
use crate::error::EncodeError;
use crate::output::Output;
use crate::varint;

/// Groups that are too few for a kernel, whose last block must have room behind it.
const FEW: usize = 6;

/// Appends the values `from .. to` as bit-packed runs. All runs but the last one of an encoding
/// hold whole groups, as `from .. to` does then.
pub(super) fn put_packed(
    source: &impl Source,
    from: usize,
    to: usize,
    width: u8,
    out: &mut impl Output,
) -> Result<(), EncodeError> {
    if (1..=8 * FEW).contains(&(to - from)) {
        let groups = source.groups(from, to);
        if 8 * groups.len() == to - from {
            return put_few_groups(groups, from, width, out);
        }
    }
    // Bit-packed runs of at most 2³¹ − 1 values, in whole groups.
    const MOST: usize = LONGEST as usize / 8 * 8;
    for from in (from..to).step_by(MOST) {
        let to = to.min(from.saturating_add(MOST));
        let groups = (to - from).div_ceil(8) as u64;
        varint::encode_u64(groups << 1 | 1, out)?;
        source.pack(from, to, width, out)?;
    }
    Ok(())
}

/// Appends a header and a few groups, which start with the value `at`.
#[inline(always)]
fn put_few_groups<T: Word>(
    groups: &[[T; 8]],
    at: usize,
    width: u8,
    out: &mut impl Output,
) -> Result<(), EncodeError> {
    bitpack::check(groups.as_flattened(), width).map_err(|error| error.behind(at))?;
    let header = (groups.len() << 1 | 1) as u8;
    if width <= 16 {
        put_each::<_, 16, 64>(header, groups, width, out, pack_narrow)
    } else {
        put_each::<_, 32, 128>(header, groups, width, out, pack_wide)
    }
}

/// Appends a header and groups, three of them and the header as one piece of less than `PIECE`
/// bytes.
#[inline(always)]
fn put_each<T: Word, const LEN: usize, const PIECE: usize>(
    header: u8,
    groups: &[[T; 8]],
    width: u8,
    out: &mut impl Output,
    pack: impl Fn(&[T; 8], u8) -> [u8; LEN],
) -> Result<(), EncodeError> {
    let mut bytes = [0; PIECE];
    if let Some(first) = bytes.first_mut() {
        *first = header;
    }
    let mut len = 1;
    for groups in groups.chunks(3) {
        for group in groups {
            if let Some(room) = bytes.get_mut(len..).and_then(<[u8]>::first_chunk_mut) {
                *room = pack(group, width);
            }
            len += usize::from(width);
        }
        out.put_first(&bytes, len)?;
        len = 0;
    }
    Ok(())
}
