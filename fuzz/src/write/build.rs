//! Columns out of bytes, most of them sound.

use crate::Input;
use pq_writer::{Bits, Column, DataType, Edges, Field, Keys, TimeUnit, TimestampStorage, Values};

/// What a column lends.
pub struct Parts {
    name: String,
    validity: Option<Vec<u8>>,
    len: usize,
    form: Form,
}

enum Form {
    Null,
    Boolean(Vec<u8>),
    Int8(Vec<i8>),
    UInt16(Vec<u16>),
    Int32(Vec<i32>),
    UInt32(Vec<u32>),
    Int64(Vec<i64>),
    Float16(Vec<u16>),
    Float32(Vec<f32>),
    Float64(Vec<f64>),
    Int128(Vec<i128>),
    Bytes(Vec<i32>, Vec<u8>),
    Views(Vec<u128>, Vec<u8>),
    Fixed(usize, Vec<u8>),
    Dictionary(Vec<i8>, Box<Parts>),
    Runs(Vec<i32>, usize, Box<Parts>),
    List(Vec<i32>, Box<Parts>),
    ListView(Vec<i32>, Vec<i32>, Box<Parts>),
    FixedList(usize, Box<Parts>),
    Struct(Vec<Parts>),
}

impl Parts {
    /// A column of the schema and its values.
    pub fn column(input: &mut Input<'_>, name: String) -> (Field, Self) {
        let rows = usize::from(input.byte());
        let field = field(input, name, 4);
        let parts = Self::of(input, &field, rows);
        (field, parts)
    }

    fn of(input: &mut Input<'_>, field: &Field, len: usize) -> Self {
        // Now and then of another length, or with nulls where none may be.
        let odd = input.byte();
        let len = if odd == 255 { len + 1 } else { len };
        let has_nulls = field.nullable && odd & 1 == 1 || odd == 254;
        let validity = has_nulls.then(|| (0..len.div_ceil(8)).map(|_| input.byte()).collect());
        Self {
            name: field.name.clone(),
            validity,
            len,
            form: Form::of(input, field, len),
        }
    }

    pub fn lend(&self) -> Column<'_> {
        let len = self.len;
        let values = match &self.form {
            Form::Null => Values::Null(len),
            Form::Boolean(bits) => match Bits::new(bits, 0, len) {
                Some(bits) => Values::Boolean(bits),
                None => Values::Null(len),
            },
            Form::Int8(values) => Values::Int8(values),
            Form::UInt16(values) => Values::UInt16(values),
            Form::Int32(values) => Values::Int32(values),
            Form::UInt32(values) => Values::UInt32(values),
            Form::Int64(values) => Values::Int64(values),
            Form::Float16(values) => Values::Float16(values),
            Form::Float32(values) => Values::Float32(values),
            Form::Float64(values) => Values::Float64(values),
            Form::Int128(values) => Values::Int128(values),
            Form::Bytes(offsets, data) => Values::Bytes32 { offsets, data },
            Form::Views(views, data) => Values::BytesView {
                views,
                buffers: vec![data],
            },
            Form::Fixed(width, data) => Values::FixedBytes {
                width: *width,
                data,
            },
            Form::Dictionary(keys, values) => Values::Dictionary {
                keys: Keys::Int8(keys),
                values: Box::new(values.lend()),
            },
            Form::Runs(ends, offset, values) => Values::RunEnd {
                ends: Keys::Int32(ends),
                offset: *offset,
                len,
                values: Box::new(values.lend()),
            },
            Form::List(offsets, values) => Values::List32 {
                offsets,
                values: Box::new(values.lend()),
            },
            Form::ListView(offsets, sizes, values) => Values::ListView32 {
                offsets,
                sizes,
                values: Box::new(values.lend()),
            },
            Form::FixedList(size, values) => Values::FixedList {
                size: *size,
                len,
                values: Box::new(values.lend()),
            },
            Form::Struct(fields) => Values::Struct {
                len,
                fields: fields.iter().map(Parts::lend).collect(),
            },
        };
        let column = Column::new(&self.name, values);
        match self
            .validity
            .as_deref()
            .and_then(|bits| Bits::new(bits, 0, len))
        {
            Some(bits) => column.with_validity(bits),
            None => column,
        }
    }
}

fn field(input: &mut Input<'_>, name: String, depth: usize) -> Field {
    let data_type = data_type(input, depth);
    Field::new(name, data_type, input.byte() & 1 == 1)
}

fn data_type(input: &mut Input<'_>, depth: usize) -> DataType {
    let boxed = |input: &mut Input<'_>| Box::new(field(input, "element".to_owned(), depth - 1));
    match input.byte() % if depth == 0 { 22 } else { 26 } {
        0 => DataType::Null,
        1 => DataType::Boolean,
        2 => DataType::Int8,
        3 => DataType::UInt16,
        4 => DataType::Int32,
        5 => DataType::UInt32,
        6 => DataType::Int64,
        7 => DataType::Float16,
        8 => DataType::Float32,
        9 => DataType::Float64,
        10 => DataType::String,
        11 => DataType::Binary,
        12 => DataType::FixedBinary(3),
        13 => DataType::FixedText(5),
        14 => DataType::Uuid,
        15 => DataType::Interval,
        16 => DataType::DateMillis,
        17 => DataType::TimestampAs {
            unit: TimeUnit::Micros,
            is_adjusted_to_utc: true,
            storage: match input.byte() % 3 {
                0 => TimestampStorage::Int96,
                1 => TimestampStorage::Millis,
                _ => TimestampStorage::Nanos,
            },
            truncate: input.byte() & 1 == 1,
        },
        18 => DataType::Decimal {
            precision: input.byte() % 80,
            scale: 2,
        },
        19 => DataType::Geometry { crs: None },
        20 => DataType::Geography {
            crs: None,
            edges: Some(Edges::Karney),
        },
        21 => DataType::Time {
            unit: TimeUnit::Seconds,
        },
        22 => DataType::List(boxed(input)),
        23 => DataType::Map {
            key: Box::new(Field::new("key", DataType::String, false)),
            value: boxed(input),
        },
        24 => DataType::variant(),
        _ => {
            let fields = 0..1 + input.byte() % 3;
            let fields = fields.map(|name| field(input, format!("f{name}"), depth - 1));
            DataType::Struct(fields.collect())
        }
    }
}

fn many<T>(len: usize, mut value: impl FnMut() -> T) -> Vec<T> {
    (0..len).map(|_| value()).collect()
}

/// Ascending from 0, in steps of what a byte says, and where they end; wrong now and then.
fn offsets(input: &mut Input<'_>, len: usize, most: u8) -> (Vec<i32>, usize) {
    let mut end = 0;
    let mut offsets = vec![0];
    for _ in 0..len {
        let step = input.byte();
        end += i32::from(step % (most + 1));
        offsets.push(if step == 255 { end - 1 } else { end });
    }
    (offsets, end as usize)
}

impl Form {
    fn of(input: &mut Input<'_>, field: &Field, len: usize) -> Self {
        let wide = |input: &mut Input<'_>| {
            i64::from(input.short() as i16) << (u32::from(input.byte()) % 48)
        };
        match &field.data_type {
            DataType::List(element) => return Self::list(input, element, len),
            DataType::Map { key, value } => {
                let (offsets, count) = offsets(input, len, 3);
                let pairs = Parts {
                    name: String::new(),
                    validity: None,
                    len: count,
                    form: Self::Struct(vec![
                        Parts::of(input, key, count),
                        Parts::of(input, value, count),
                    ]),
                };
                return Self::List(offsets, Box::new(pairs));
            }
            DataType::Struct(fields) | DataType::Variant(fields) => {
                let fields = fields.iter().map(|field| Parts::of(input, field, len));
                return Self::Struct(fields.collect());
            }
            _ => {}
        }
        match input.byte() {
            200..240 => {
                let values = Parts::of(input, field, 7);
                let keys = many(len, || match input.byte() {
                    0 => input.byte() as i8,
                    key => (key % 7) as i8,
                });
                return Self::Dictionary(keys, Box::new(values));
            }
            240..250 => {
                let (ends, _) = offsets(input, len, 4);
                let ends: Vec<i32> = ends.iter().skip(1).map(|end| end + 1).collect();
                let values = Parts::of(input, field, ends.len());
                return Self::Runs(ends, usize::from(input.byte() % 3), Box::new(values));
            }
            250..252 => return Self::Int64(many(len, || wide(input))),
            _ => {}
        }
        match &field.data_type {
            DataType::Null => Self::Null,
            DataType::Boolean => Self::Boolean(many(len.div_ceil(8), || input.byte())),
            DataType::Int8 => Self::Int8(many(len, || input.byte() as i8)),
            DataType::UInt16 => Self::UInt16(many(len, || input.short())),
            DataType::Int32 | DataType::Time { .. } => {
                Self::Int32(many(len, || wide(input) as i32))
            }
            DataType::UInt32 => Self::UInt32(many(len, || wide(input) as u32)),
            DataType::Int64 | DataType::TimestampAs { .. } => {
                Self::Int64(many(len, || wide(input)))
            }
            DataType::DateMillis => {
                Self::Int64(many(len, || i64::from(input.short() as i16) * 86_400_000))
            }
            DataType::Float16 => Self::Float16(many(len, || input.short())),
            DataType::Float32 => {
                Self::Float32(many(len, || f32::from_bits(u32::from(input.short()) << 16)))
            }
            DataType::Float64 => {
                Self::Float64(many(len, || f64::from_bits(u64::from(input.short()) << 48)))
            }
            DataType::Decimal { .. } => Self::Int128(many(len, || wide(input).into())),
            DataType::FixedBinary(width) => {
                let width = *width as usize;
                Self::Fixed(width, many(len * width, || input.byte()))
            }
            DataType::Uuid => Self::Fixed(16, many(len * 16, || input.byte())),
            DataType::Interval => {
                let width = [8, 12, 16][usize::from(input.byte() % 3)];
                Self::Fixed(width, many(len * width, || input.byte() & 0x4f))
            }
            _ if input.byte() & 1 == 1 => {
                let data = many(40, || input.byte() & 0x7f);
                let views = many(len, || match input.byte() {
                    long @ 13..40 => {
                        let start = input.byte() % 16;
                        let first = data.get(usize::from(start)..).and_then(<[u8]>::first_chunk);
                        let prefix = first.map_or(0, |first| u32::from_le_bytes(*first));
                        u128::from(long) | u128::from(prefix) << 32 | u128::from(start) << 96
                    }
                    short => {
                        let bytes = many(12, || input.byte() & 0x7f);
                        let mut view = u128::from(short % 13);
                        for (at, byte) in bytes.into_iter().enumerate() {
                            view |= u128::from(byte) << (32 + 8 * at);
                        }
                        view
                    }
                });
                Self::Views(views, data)
            }
            _ => {
                let (offsets, end) = offsets(input, len, 9);
                let mask = if input.byte() == 255 { 0xff } else { 0x7f };
                Self::Bytes(offsets, many(end, || input.byte() & mask))
            }
        }
    }

    fn list(input: &mut Input<'_>, element: &Field, len: usize) -> Self {
        match input.byte() % 4 {
            0 => {
                let size = usize::from(input.byte() % 4);
                let elements = Parts::of(input, element, len * size);
                Self::FixedList(size, Box::new(elements))
            }
            1 => {
                let elements = Parts::of(input, element, 20);
                let offsets = many(len, || i32::from(input.byte() % 17));
                let sizes = many(len, || i32::from(input.byte() % 5));
                Self::ListView(offsets, sizes, Box::new(elements))
            }
            _ => {
                let (offsets, count) = offsets(input, len, 3);
                let elements = Parts::of(input, element, count);
                Self::List(offsets, Box::new(elements))
            }
        }
    }
}
