//! Page headers.

use crate::thrift::there_and_back;
use pq_format::PageHeader;

pub fn check(data: &[u8]) {
    let _ = there_and_back::<PageHeader>(data);
}
