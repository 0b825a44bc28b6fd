//! Column indexes and offset indexes.

use crate::thrift::there_and_back;
use pq_format::{ColumnIndex, OffsetIndex};

pub fn check(data: &[u8]) {
    let _ = there_and_back::<ColumnIndex>(data);
    let _ = there_and_back::<OffsetIndex>(data);
}
