//! Bytes to values of each physical type, by every encoding.

use super::runs;
use crate::rule::Rule;
use crate::schema::Leaf;
use pq_encoding::{
    DecodeError, alp, byte_stream_split, delta_binary_packed, delta_byte_array,
    delta_length_byte_array, plain, rle,
};
use pq_format::{Encoding, Type};
use std::borrow::Cow;

/// Where a value is in the data.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View {
    start: u32,
    len: u32,
}

/// Values of a page, without nulls.
#[derive(Debug)]
pub(crate) enum Values<'a> {
    Boolean(Vec<bool>),
    Int32(Vec<i32>),
    Int64(Vec<i64>),
    Float(Vec<f32>),
    Double(Vec<f64>),
    /// `INT96`, `BYTE_ARRAY` and `FIXED_LEN_BYTE_ARRAY`.
    Bytes {
        data: Cow<'a, [u8]>,
        views: Vec<View>,
    },
}

/// Why values are not what they should be.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) rule: Rule,
    /// The byte in the page's body, if it is known.
    pub(crate) offset: Option<usize>,
    pub(crate) text: String,
}

impl Fault {
    pub(crate) fn new(rule: Rule, text: impl Into<String>) -> Self {
        Self {
            rule,
            offset: None,
            text: text.into(),
        }
    }
}

impl From<DecodeError> for Fault {
    fn from(error: DecodeError) -> Self {
        Self::new(Rule::ValuesDecode, error.to_string())
    }
}

impl Values<'_> {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Boolean(values) => values.len(),
            Self::Int32(values) => values.len(),
            Self::Int64(values) => values.len(),
            Self::Float(values) => values.len(),
            Self::Double(values) => values.len(),
            Self::Bytes { views, .. } => views.len(),
        }
    }

    /// The values as bytes, of types that are; else none.
    pub(crate) fn bytes(&self) -> impl Iterator<Item = &[u8]> + Clone {
        let (data, views) = match self {
            Self::Bytes { data, views } => (&**data, views.as_slice()),
            _ => (&[][..], &[][..]),
        };
        views.iter().map(move |view| slice(data, *view))
    }

    /// Calls `take` with the PLAIN encoding of each value, without a length.
    pub(crate) fn for_each_plain(&self, mut take: impl FnMut(&[u8])) {
        match self {
            Self::Boolean(values) => values.iter().for_each(|&x| take(&[u8::from(x)])),
            Self::Int32(values) => values.iter().for_each(|x| take(&x.to_le_bytes())),
            Self::Int64(values) => values.iter().for_each(|x| take(&x.to_le_bytes())),
            Self::Float(values) => values.iter().for_each(|x| take(&x.to_le_bytes())),
            Self::Double(values) => values.iter().for_each(|x| take(&x.to_le_bytes())),
            Self::Bytes { .. } => self.bytes().for_each(take),
        }
    }

    /// The values at these indices; or the first of them that there is not.
    pub(crate) fn gather(&self, indices: &[u32]) -> Result<Values<'_>, usize> {
        let len = self.len();
        if let Some(wrong) = indices.iter().position(|&index| index as usize >= len) {
            return Err(wrong);
        }
        fn take<T: Copy>(values: &[T], indices: &[u32]) -> Vec<T> {
            let value = |&index: &u32| values.get(index as usize).copied();
            indices.iter().filter_map(value).collect()
        }
        Ok(match self {
            Self::Boolean(values) => Values::Boolean(take(values, indices)),
            Self::Int32(values) => Values::Int32(take(values, indices)),
            Self::Int64(values) => Values::Int64(take(values, indices)),
            Self::Float(values) => Values::Float(take(values, indices)),
            Self::Double(values) => Values::Double(take(values, indices)),
            Self::Bytes { data, views } => Values::Bytes {
                data: Cow::Borrowed(data),
                views: take(views, indices),
            },
        })
    }

    /// The same with data of its own.
    pub(crate) fn into_owned(self) -> Values<'static> {
        match self {
            Self::Boolean(values) => Values::Boolean(values),
            Self::Int32(values) => Values::Int32(values),
            Self::Int64(values) => Values::Int64(values),
            Self::Float(values) => Values::Float(values),
            Self::Double(values) => Values::Double(values),
            Self::Bytes { data, views } => Values::Bytes {
                data: Cow::Owned(data.into_owned()),
                views,
            },
        }
    }
}

fn slice(data: &[u8], view: View) -> &[u8] {
    let start = view.start as usize;
    data.get(start..start.saturating_add(view.len as usize))
        .unwrap_or_default()
}

/// What decoding needs to know.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request<'a> {
    pub(crate) leaf: &'a Leaf,
    pub(crate) encoding: Encoding,
    /// How many values there are, nulls left out.
    pub(crate) count: usize,
    pub(crate) dictionary: Option<&'a Values<'static>>,
    /// The most bytes that values may become.
    pub(crate) limit: usize,
}

/// Decodes values; returns them with how many bytes they took, and notes in `remarks` what is
/// wrong with them beside. There are at least `count` bits of
/// memory for each byte of input, so the caller bounds `count`.
pub(crate) fn decode<'a>(
    input: &'a [u8],
    request: Request<'a>,
    remarks: &mut Vec<Fault>,
) -> Result<(Values<'a>, usize), Fault> {
    let physical = request.leaf.physical;
    match request.encoding {
        Encoding::PLAIN => decode_plain(input, request),
        Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY => indices(input, request, remarks),
        Encoding::RLE if physical == Type::BOOLEAN => booleans(input, request.count, remarks),
        Encoding::DELTA_BINARY_PACKED => match physical {
            Type::INT32 => {
                stated(
                    delta_binary_packed::Decoder::<i32>::new(input)?.count(),
                    request,
                )?;
                numbers(
                    input,
                    request.count,
                    delta_binary_packed::decode_i32,
                    Values::Int32,
                )
            }
            Type::INT64 => {
                stated(
                    delta_binary_packed::Decoder::<i64>::new(input)?.count(),
                    request,
                )?;
                numbers(
                    input,
                    request.count,
                    delta_binary_packed::decode_i64,
                    Values::Int64,
                )
            }
            _ => Err(unsuited(request)),
        },
        Encoding::DELTA_LENGTH_BYTE_ARRAY if physical == Type::BYTE_ARRAY => {
            let mut values = delta_length_byte_array::byte_arrays(input, request.count)?;
            let views = views(input, &mut values)?;
            let used = values.position();
            Ok((borrowed(input, views), used))
        }
        Encoding::DELTA_BYTE_ARRAY => match physical {
            Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY => prefixed(input, request),
            _ => Err(unsuited(request)),
        },
        Encoding::BYTE_STREAM_SPLIT => split(input, request),
        Encoding::ALP => match physical {
            Type::FLOAT => numbers(input, request.count, alp::decode_f32, Values::Float),
            Type::DOUBLE => numbers(input, request.count, alp::decode_f64, Values::Double),
            _ => Err(unsuited(request)),
        },
        _ => Err(unsuited(request)),
    }
}

fn unsuited(request: Request<'_>) -> Fault {
    let (encoding, physical) = (request.encoding, request.leaf.physical);
    Fault::new(Rule::EncodingType, format!("{encoding:?} for {physical:?}"))
}

fn stated(stated: usize, request: Request<'_>) -> Result<(), Fault> {
    if stated == request.count {
        return Ok(());
    }
    let wanted = request.count;
    Err(DecodeError::Count { stated, wanted }.into())
}

fn numbers<'a, T: Copy + Default>(
    input: &[u8],
    count: usize,
    decode: impl FnOnce(&[u8], &mut [T]) -> Result<usize, DecodeError>,
    make: impl FnOnce(Vec<T>) -> Values<'a>,
) -> Result<(Values<'a>, usize), Fault> {
    let mut values = vec![T::default(); count];
    let used = decode(input, &mut values)?;
    Ok((make(values), used))
}

fn borrowed(data: &[u8], views: Vec<View>) -> Values<'_> {
    Values::Bytes {
        data: Cow::Borrowed(data),
        views,
    }
}

/// Views of slices of `input`.
fn views<'a>(
    input: &'a [u8],
    values: &mut dyn Iterator<Item = Result<&'a [u8], DecodeError>>,
) -> Result<Vec<View>, Fault> {
    let base = input.as_ptr().addr();
    values
        .map(|value| {
            let value = value?;
            Ok(View {
                start: (value.as_ptr().addr().wrapping_sub(base)) as u32,
                len: value.len() as u32,
            })
        })
        .collect()
}

/// Views of `count` values of one width, back to back.
fn even_views(width: usize, count: usize) -> Vec<View> {
    (0..count)
        .map(|index| View {
            start: (index * width) as u32,
            len: width as u32,
        })
        .collect()
}

fn decode_plain<'a>(input: &'a [u8], request: Request<'a>) -> Result<(Values<'a>, usize), Fault> {
    let count = request.count;
    room_for(input, request)?;
    match request.leaf.physical {
        Type::BOOLEAN => numbers(input, count, plain::decode_booleans, Values::Boolean),
        Type::INT32 => numbers(input, count, plain::decode_i32, Values::Int32),
        Type::INT64 => numbers(input, count, plain::decode_i64, Values::Int64),
        Type::FLOAT => numbers(input, count, plain::decode_f32, Values::Float),
        Type::DOUBLE => numbers(input, count, plain::decode_f64, Values::Double),
        Type::BYTE_ARRAY => {
            let mut values = plain::byte_arrays(input);
            let views = views(input, &mut values.by_ref().take(count))?;
            if views.len() < count {
                let offset = input.len();
                return Err(DecodeError::UnexpectedEnd { offset }.into());
            }
            Ok((borrowed(input, views), values.position()))
        }
        _ => {
            let width = request.leaf.width.unwrap_or(0);
            let data = plain::decode_fixed(input, width, count)?;
            Ok((borrowed(data, even_views(width, count)), data.len()))
        }
    }
}

/// An error if the input is too short for values as they are, before memory is taken for them.
fn room_for(input: &[u8], request: Request<'_>) -> Result<(), Fault> {
    let needed = match request.leaf.physical {
        Type::BOOLEAN => request.count.div_ceil(8),
        _ => request
            .count
            .saturating_mul(request.leaf.width.unwrap_or(4)),
    };
    if needed <= input.len() {
        return Ok(());
    }
    let offset = input.len();
    Err(DecodeError::UnexpectedEnd { offset }.into())
}

fn booleans<'a>(
    input: &'a [u8],
    count: usize,
    remarks: &mut Vec<Fault>,
) -> Result<(Values<'a>, usize), Fault> {
    if let Ok(framed) = pq_encoding::levels::v1_unframe(input) {
        runs::check(framed, 1, count, Rule::ValuesTrailing, remarks)?;
    }
    numbers(input, count, rle::booleans::decode, Values::Boolean)
}

fn indices<'a>(
    input: &'a [u8],
    request: Request<'a>,
    remarks: &mut Vec<Fault>,
) -> Result<(Values<'a>, usize), Fault> {
    let Some(dictionary) = request.dictionary else {
        return Err(Fault::new(
            Rule::DictionaryMissing,
            "indices without a dictionary",
        ));
    };
    if input.is_empty() && request.count == 0 {
        return Err(Fault::new(
            Rule::ValuesDecode,
            "the width of the indices is missing",
        ));
    }
    let (&width, runs) = input
        .split_first()
        .ok_or(DecodeError::UnexpectedEnd { offset: 0 })?;
    if width > 32 {
        return Err(DecodeError::Width { width, most: 32 }.into());
    }
    runs::check(runs, width, request.count, Rule::ValuesTrailing, remarks)?;
    let mut indices = vec![0; request.count];
    rle::decode_u32(runs, width, &mut indices)?;
    match dictionary.gather(&indices) {
        // What is behind the runs was remarked on.
        Ok(values) => Ok((values, input.len())),
        Err(wrong) => Err(Fault::new(
            Rule::DictionaryIndex,
            format!(
                "value {wrong} has index {}, the dictionary has {} entries",
                indices.get(wrong).copied().unwrap_or(0),
                dictionary.len()
            ),
        )),
    }
}

fn prefixed<'a>(input: &'a [u8], request: Request<'a>) -> Result<(Values<'a>, usize), Fault> {
    let len = delta_byte_array::decoded_len(input, request.count)?;
    if len > request.limit {
        return Err(Fault::new(Rule::Limit, format!("values of {len} bytes")));
    }
    let mut data = vec![0; len];
    let mut offsets = vec![0_i64; request.count.saturating_add(1)];
    let used = delta_byte_array::decode(input, &mut offsets, &mut data)?;
    let views: Vec<View> = offsets
        .windows(2)
        .map(|ends| View {
            start: ends[0] as u32,
            len: (ends[1] - ends[0]) as u32,
        })
        .collect();
    if let Some(width) = request.leaf.width
        && let Some(wrong) = views.iter().position(|view| view.len as usize != width)
    {
        let text = format!("value {wrong} has not {width} bytes");
        return Err(Fault::new(Rule::ValuesDecode, text));
    }
    let data = Cow::Owned(data);
    Ok((Values::Bytes { data, views }, used))
}

fn split<'a>(input: &'a [u8], request: Request<'a>) -> Result<(Values<'a>, usize), Fault> {
    let count = request.count;
    room_for(input, request)?;
    match request.leaf.physical {
        Type::INT32 => numbers(input, count, byte_stream_split::decode_i32, Values::Int32),
        Type::INT64 => numbers(input, count, byte_stream_split::decode_i64, Values::Int64),
        Type::FLOAT => numbers(input, count, byte_stream_split::decode_f32, Values::Float),
        Type::DOUBLE => numbers(input, count, byte_stream_split::decode_f64, Values::Double),
        Type::FIXED_LEN_BYTE_ARRAY => {
            let width = request.leaf.width.unwrap_or(0);
            // As much as there is at most, whatever the count says.
            if count.checked_mul(width) != Some(input.len()) {
                return Err(Fault::new(
                    Rule::ValuesDecode,
                    format!("{} bytes for {count} values of {width}", input.len()),
                ));
            }
            let mut data = vec![0; input.len()];
            let used = byte_stream_split::decode_fixed(input, width, &mut data)?;
            let (data, views) = (Cow::Owned(data), even_views(width, count));
            Ok((Values::Bytes { data, views }, used))
        }
        _ => Err(unsuited(request)),
    }
}
