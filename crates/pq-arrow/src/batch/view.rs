//! Views: each row points to its bytes, so they are copied into a row.

use super::column::PreparedValues;
use arrow_array::types::ByteViewType;
use arrow_array::{Array, GenericByteViewArray};

/// The bytes of all rows one after the other; a null row has none.
pub(super) fn copied<T: ByteViewType>(array: &GenericByteViewArray<T>) -> PreparedValues<'static> {
    let mut offsets = Vec::with_capacity(array.len() + 1);
    let mut data = Vec::new();
    offsets.push(0);
    for value in array {
        if let Some(value) = value {
            data.extend_from_slice(value.as_ref());
        }
        // No Vec is longer than i64::MAX bytes.
        offsets.push(data.len() as i64);
    }
    PreparedValues::Bytes { offsets, data }
}
