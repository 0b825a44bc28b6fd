//! Prefix lengths that were just written, read again: the output is the memory that they are
//! kept in.

use crate::byte_arrays::BLOCK;
use crate::{bitpack, varint, zigzag};

/// Where reading stands. Borrows nothing, so that more can be written meanwhile.
#[derive(Debug)]
pub(super) struct Again {
    position: usize,
    last: u32,
}

impl Again {
    /// Reads the blocks at `position`, the first length before which is 0.
    pub(super) fn new(position: usize) -> Self {
        Self { position, last: 0 }
    }

    /// The next block, as the encoder writes it: 128 differences in four miniblocks. `None` if
    /// it is not there.
    pub(super) fn block(&mut self, written: &[u8], out: &mut [i32; BLOCK]) -> Option<()> {
        let (smallest, len) = varint::decode_u32(written.get(self.position..)?).ok()?;
        let smallest = zigzag::decode_i32(smallest) as u32;
        let (widths, mut packed) = written
            .get(self.position + len..)?
            .split_first_chunk::<{ BLOCK / 32 }>()?;
        for (out, &width) in out.as_chunks_mut::<32>().0.iter_mut().zip(widths) {
            let mut differences = [0; 32];
            let used = bitpack::unpack_u32(packed, width, &mut differences).ok()?;
            packed = packed.get(used..)?;
            for (to, difference) in out.iter_mut().zip(differences) {
                self.last = self.last.wrapping_add(smallest).wrapping_add(difference);
                *to = self.last as i32;
            }
        }
        self.position = written.len() - packed.len();
        Some(())
    }
}
