//! Byte arrays to test with.

use proptest::prelude::*;
use std::vec;
use std::vec::Vec;

/// Values one after the other in memory of which other bytes are at both ends.
#[derive(Debug, Clone)]
pub(crate) struct Sample {
    pub(crate) offsets: Vec<i32>,
    pub(crate) data: Vec<u8>,
}

impl Sample {
    pub(crate) fn values(&self) -> Vec<&[u8]> {
        self.offsets
            .windows(2)
            .map(|pair| &self.data[pair[0] as usize..pair[1] as usize])
            .collect()
    }

    pub(crate) fn wide_offsets(&self) -> Vec<i64> {
        self.offsets.iter().map(|&offset| offset.into()).collect()
    }

    /// The offsets if no bytes came before.
    pub(crate) fn decoded_offsets(&self) -> Vec<i32> {
        self.offsets
            .iter()
            .map(|offset| offset - self.offsets[0])
            .collect()
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.data[self.offsets[0] as usize..*self.offsets.last().unwrap() as usize]
    }
}

/// Values of all lengths, some much like the one before.
pub(crate) fn sample() -> impl Strategy<Value = Sample> {
    let value = (
        proptest::collection::vec(b'a'..b'd', 0..70),
        0_usize..100,
        prop_oneof![10 => Just(0), 1 => 0_usize..700],
    );
    let count = prop_oneof![0_usize..20, 120_usize..400];
    let values = count.prop_flat_map(move |count| proptest::collection::vec(value.clone(), count));
    (values, 0_usize..40, 0_usize..70).prop_map(|(values, before, behind)| {
        let mut data = vec![b'b'; before];
        let mut offsets = vec![before as i32];
        let mut last = Vec::new();
        for (bytes, keep, more) in values {
            last.truncate(keep);
            last.extend(bytes);
            last.extend(vec![b'z'; more]);
            if keep % 7 == 0 {
                last.clear();
            }
            data.extend(&last);
            offsets.push(data.len() as i32);
        }
        data.extend(vec![b'a'; behind]);
        Sample { offsets, data }
    })
}
