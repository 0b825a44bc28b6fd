//! The order of row groups.

use super::select::partition_values;
use crate::error::DatasetError;
use crate::metadata_files::at;
use crate::scheme::Layout;
use pq_format::{
    ColumnMetaData, ConvertedType, FooterEdit, LogicalType, RawFooter, SchemaElement, Type,
};
use std::cmp::Reverse;
use std::fmt;

/// What row groups are sorted by. Those that are equal in it keep their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SortBy {
    by: By,
    descending: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum By {
    File,
    Column(String),
}

impl SortBy {
    /// The paths of their files; digits in them count as numbers.
    pub fn file() -> Self {
        Self {
            by: By::File,
            descending: false,
        }
    }

    /// A partition column's values, numbers in their own order; or the lower bounds of a column of
    /// the files, by its dotted path. Null comes last, and row groups with nothing but nulls.
    pub fn column(name: impl Into<String>) -> Self {
        Self {
            by: By::Column(name.into()),
            descending: false,
        }
    }

    /// The largest first, by upper bounds. Null stays last.
    #[must_use]
    pub fn descending(mut self) -> Self {
        self.descending = true;
        self
    }

    /// Puts the row groups of an edit of `footer` in this order.
    ///
    /// # Errors
    ///
    /// A column that is not there, or a row group without bounds of it.
    pub(crate) fn sort(
        &self,
        location: &str,
        footer: &RawFooter<'_>,
        layout: Option<&Layout>,
        edit: &mut FooterEdit<'_>,
    ) -> Result<(), DatasetError> {
        let keys = self.keys(location, footer, layout, edit)?;
        if self.descending {
            edit.sort_row_groups_by_key(|index| match keys.get(index) {
                Some(Some(key)) => (false, Some(Reverse(key))),
                _ => (true, None),
            });
        } else {
            edit.sort_row_groups_by_key(|index| match keys.get(index) {
                Some(Some(key)) => (false, Some(key)),
                _ => (true, None),
            });
        }
        Ok(())
    }

    fn keys(
        &self,
        location: &str,
        footer: &RawFooter<'_>,
        layout: Option<&Layout>,
        edit: &FooterEdit<'_>,
    ) -> Result<Vec<Option<Key>>, DatasetError> {
        let groups = || (0..edit.num_row_groups()).filter_map(|index| edit.row_group(index));
        let files = groups().map(|group| group.first_file_path().unwrap_or_default());
        let name = match &self.by {
            By::File => return Ok(files.map(|file| Some(natural(file))).collect()),
            By::Column(name) => name,
        };
        let position = layout.and_then(|l| l.partition_on.iter().position(|c| c == name));
        if let (Some(layout), Some(position)) = (layout, position) {
            let values = files.map(|file| {
                let values = partition_values(layout, file);
                values.into_iter().nth(position).flatten()
            });
            return Ok(comparable(values.collect()));
        }
        let wrong = |reason: String| DatasetError::Selection {
            location: location.to_owned(),
            reason,
        };
        let leaves = leaves(&at(location, footer.schema())?);
        let found = leaves
            .iter()
            .enumerate()
            .find(|(_, leaf)| leaf.path == *name);
        let Some((column, leaf)) = found else {
            return Err(wrong(format!("there is no column {name:?} to sort by")));
        };
        let mut keys = Vec::with_capacity(edit.num_row_groups());
        for (index, group) in groups().enumerate() {
            let chunks = group.column_chunks();
            let chunk = chunks.get(column).copied().unwrap_or_default();
            let (chunk, _) = at(location, pq_format::decode::<pq_format::ColumnChunk>(chunk))?;
            let key = chunk
                .meta_data
                .as_ref()
                .and_then(|m| leaf.key(m, self.descending));
            keys.push(key.ok_or_else(|| {
                wrong(format!(
                    "row group {index} has no bounds of column {name:?} to sort by"
                ))
            })?);
        }
        Ok(keys)
    }
}

impl fmt::Display for SortBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.by {
            By::File => f.write_str("the paths of their files")?,
            By::Column(name) => write!(f, "{name:?}")?,
        }
        f.write_str(if self.descending {
            ", the largest first"
        } else {
            ""
        })
    }
}

/// What can be compared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Integer(i128),
    /// The bits of a float, so that they compare as it does.
    Float(i64),
    Bytes(Vec<u8>),
    Text(Vec<Piece>),
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Piece {
    Number(u128),
    Other(String),
}

/// Text in which digits count as numbers.
fn natural(text: &str) -> Key {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_digit = first.is_ascii_digit();
        let end = rest.find(|c: char| c.is_ascii_digit() != is_digit);
        let (piece, after) = rest.split_at(end.unwrap_or(rest.len()));
        pieces.push(match piece.parse() {
            Ok(number) if is_digit => Piece::Number(number),
            _ => Piece::Other(piece.to_owned()),
        });
        rest = after;
    }
    Key::Text(pieces)
}

/// Numbers, where all are.
fn comparable(values: Vec<Option<String>>) -> Vec<Option<Key>> {
    let each = |key: &dyn Fn(&str) -> Option<Key>| -> Option<Vec<Option<Key>>> {
        let mut keys = Vec::with_capacity(values.len());
        for value in &values {
            keys.push(match value {
                Some(value) => Some(key(value)?),
                None => None,
            });
        }
        Some(keys)
    };
    each(&|value| value.parse().ok().map(Key::Integer))
        .or_else(|| each(&|value| value.parse().ok().map(float)))
        .or_else(|| each(&|value| Some(natural(value))))
        .unwrap_or_default()
}

fn float(value: f64) -> Key {
    let bits = value.to_bits() as i64;
    // As `total_cmp` does it: the lower bits of what is negative, the other way round.
    Key::Float(bits ^ (((bits >> 63) as u64) >> 1) as i64)
}

/// A leaf of the schema.
struct Leaf {
    path: String,
    element: SchemaElement,
}

fn leaves(schema: &[SchemaElement]) -> Vec<Leaf> {
    let mut leaves = Vec::new();
    // The names above, and how many fields are still to come below each.
    let mut above: Vec<(String, i32)> = Vec::new();
    for element in schema.iter().skip(1) {
        while above.last().is_some_and(|(_, missing)| *missing <= 0) {
            above.pop();
        }
        if let Some((_, missing)) = above.last_mut() {
            *missing -= 1;
        }
        let path = match above.last() {
            Some((prefix, _)) => format!("{prefix}.{}", element.name),
            None => element.name.clone(),
        };
        match element.num_children {
            Some(children) if children > 0 => above.push((path, children)),
            _ => leaves.push(Leaf {
                path,
                element: element.clone(),
            }),
        }
    }
    leaves
}

impl Leaf {
    /// The bound of a column chunk: `None` without any, `Some(None)` where it has only nulls.
    fn key(&self, chunk: &ColumnMetaData, upper: bool) -> Option<Option<Key>> {
        let statistics = chunk.statistics.as_ref()?;
        if statistics.null_count == Some(chunk.num_values) {
            return Some(None);
        }
        let bound = if upper {
            &statistics.max_value
        } else {
            &statistics.min_value
        };
        let bytes = bound.as_deref()?;
        let signed = || {
            let (first, rest) = bytes.split_first()?;
            let start = i128::from(*first as i8);
            let fits = bytes.len() <= 16;
            fits.then(|| {
                rest.iter()
                    .fold(start, |sum, byte| sum << 8 | i128::from(*byte))
            })
        };
        let key = match self.element.r#type? {
            Type::BOOLEAN => Key::Integer(i128::from(*bytes.first()?)),
            Type::INT32 => {
                let value = i32::from_le_bytes(bytes.try_into().ok()?);
                Key::Integer(if self.is_unsigned() {
                    (value as u32).into()
                } else {
                    value.into()
                })
            }
            Type::INT64 => {
                let value = i64::from_le_bytes(bytes.try_into().ok()?);
                Key::Integer(if self.is_unsigned() {
                    (value as u64).into()
                } else {
                    value.into()
                })
            }
            Type::FLOAT => float(f32::from_le_bytes(bytes.try_into().ok()?).into()),
            Type::DOUBLE => float(f64::from_le_bytes(bytes.try_into().ok()?)),
            _ if self.is_decimal() => Key::Integer(signed()?),
            _ if matches!(self.element.logical_type, Some(LogicalType::Float16(_))) => return None,
            Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY => Key::Bytes(bytes.to_vec()),
            _ => return None,
        };
        Some(Some(key))
    }

    fn is_unsigned(&self) -> bool {
        let logical =
            matches!(&self.element.logical_type, Some(LogicalType::Integer(int)) if !int.is_signed);
        logical
            || matches!(
                self.element.converted_type,
                Some(
                    ConvertedType::UINT_8
                        | ConvertedType::UINT_16
                        | ConvertedType::UINT_32
                        | ConvertedType::UINT_64
                )
            )
    }

    fn is_decimal(&self) -> bool {
        matches!(self.element.logical_type, Some(LogicalType::Decimal(_)))
            || self.element.converted_type == Some(ConvertedType::DECIMAL)
    }
}
