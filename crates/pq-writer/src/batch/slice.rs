//! Some of the rows of a batch, without copying.

use super::{Batch, Column, Keys, Values};

impl<'a> Batch<'a> {
    /// Rows `start .. start + len`, clamped to what there is. Nothing is copied.
    ///
    /// ```
    /// use pq_writer::{Batch, Column, Values};
    ///
    /// let batch = Batch::new(vec![Column::new("id", Values::Int64(&[1, 2, 3]))]);
    /// assert_eq!(batch.slice(1, 5).columns[0].values, Values::Int64(&[2, 3]));
    /// ```
    pub fn slice(&self, start: usize, len: usize) -> Self {
        let columns = self.columns.iter();
        Self::new(columns.map(|column| column.slice(start, len)).collect())
    }
}

impl<'a> Column<'a> {
    /// Rows `start .. start + len`, clamped to what there is. Nothing is copied.
    pub fn slice(&self, start: usize, len: usize) -> Self {
        Self {
            name: self.name,
            values: self.values.slice(start, len),
            validity: self.validity.map(|bits| bits.slice(start, len)),
            is_checked: self.is_checked,
        }
    }
}

impl<'a> Keys<'a> {
    fn slice(&self, start: usize, len: usize) -> Self {
        match self {
            Self::Int8(keys) => Self::Int8(part(keys, start, len)),
            Self::Int16(keys) => Self::Int16(part(keys, start, len)),
            Self::Int32(keys) => Self::Int32(part(keys, start, len)),
            Self::Int64(keys) => Self::Int64(part(keys, start, len)),
            Self::UInt8(keys) => Self::UInt8(part(keys, start, len)),
            Self::UInt16(keys) => Self::UInt16(part(keys, start, len)),
            Self::UInt32(keys) => Self::UInt32(part(keys, start, len)),
            Self::UInt64(keys) => Self::UInt64(part(keys, start, len)),
        }
    }
}

impl<'a> Values<'a> {
    /// Rows `start .. start + len`, clamped to what there is.
    fn slice(&self, start: usize, len: usize) -> Self {
        let start = start.min(self.len());
        let len = len.min(self.len() - start);
        match self {
            Self::Null(_) => Self::Null(len),
            Self::Boolean(bits) => Self::Boolean(bits.slice(start, len)),
            Self::Int8(values) => Self::Int8(part(values, start, len)),
            Self::Int16(values) => Self::Int16(part(values, start, len)),
            Self::Int32(values) => Self::Int32(part(values, start, len)),
            Self::Int64(values) => Self::Int64(part(values, start, len)),
            Self::UInt8(values) => Self::UInt8(part(values, start, len)),
            Self::UInt16(values) => Self::UInt16(part(values, start, len)),
            Self::UInt32(values) => Self::UInt32(part(values, start, len)),
            Self::UInt64(values) => Self::UInt64(part(values, start, len)),
            Self::Float16(values) => Self::Float16(part(values, start, len)),
            Self::Float32(values) => Self::Float32(part(values, start, len)),
            Self::Float64(values) => Self::Float64(part(values, start, len)),
            Self::Int128(values) => Self::Int128(part(values, start, len)),
            Self::Int256(values) => Self::Int256(part(values, start, len)),
            Self::Bytes32 { offsets, data } => Self::Bytes32 {
                offsets: part(offsets, start, len.saturating_add(1)),
                data,
            },
            Self::Bytes64 { offsets, data } => Self::Bytes64 {
                offsets: part(offsets, start, len.saturating_add(1)),
                data,
            },
            Self::FixedBytes { width, data } => Self::FixedBytes {
                width: *width,
                data: part(data, start * width, len * width),
            },
            Self::Dictionary { keys, values } => Self::Dictionary {
                keys: keys.slice(start, len),
                values: values.clone(),
            },
            Self::BytesView { views, buffers } => Self::BytesView {
                views: part(views, start, len),
                buffers: buffers.clone(),
            },
            Self::List32 { offsets, values } => Self::List32 {
                offsets: part(offsets, start, len.saturating_add(1)),
                values: values.clone(),
            },
            Self::List64 { offsets, values } => Self::List64 {
                offsets: part(offsets, start, len.saturating_add(1)),
                values: values.clone(),
            },
            Self::ListView32 {
                offsets,
                sizes,
                values,
            } => Self::ListView32 {
                offsets: part(offsets, start, len),
                sizes: part(sizes, start, len),
                values: values.clone(),
            },
            Self::ListView64 {
                offsets,
                sizes,
                values,
            } => Self::ListView64 {
                offsets: part(offsets, start, len),
                sizes: part(sizes, start, len),
                values: values.clone(),
            },
            Self::FixedList { size, values, .. } => Self::FixedList {
                size: *size,
                len,
                values: Box::new(
                    values.slice(start.saturating_mul(*size), len.saturating_mul(*size)),
                ),
            },
            Self::Struct { fields, .. } => Self::Struct {
                len,
                fields: fields.iter().map(|field| field.slice(start, len)).collect(),
            },
            Self::RunEnd {
                ends,
                offset,
                values,
                ..
            } => Self::RunEnd {
                ends: *ends,
                offset: offset.saturating_add(start),
                len,
                values: values.clone(),
            },
        }
    }
}

fn part<T>(values: &[T], start: usize, len: usize) -> &[T] {
    let start = start.min(values.len());
    let end = start.saturating_add(len).min(values.len());
    values.get(start..end).unwrap_or_default()
}
