//! What memory can do: the values copied to a buffer that was there before.

use super::{Outcome, Worker};
use crate::protocol::Write;
use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use std::hint::black_box;

#[derive(Default)]
pub struct Memcpy(Vec<u8>);

impl Worker for Memcpy {
    fn write(&mut self, batches: &[RecordBatch], _: &Write) -> Outcome<u64> {
        self.0.clear();
        for batch in batches {
            for column in batch.columns() {
                let data = column.to_data();
                for values in data.buffers().iter().map(Buffer::as_slice) {
                    self.0.extend_from_slice(values);
                }
            }
        }
        Ok(black_box(&self.0).len() as u64)
    }
}
