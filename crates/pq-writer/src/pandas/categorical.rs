//! Columns of categories.

use super::PandasColumn;
use crate::batch::{Column, Keys, Values};
use crate::schema::Field;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The categories of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PandasCategories {
    /// How many there are.
    pub num_categories: usize,
    /// Whether they have an order.
    pub ordered: bool,
    /// The dtype of the codes: `"int8"`, …
    pub codes_dtype: String,
    /// The dtype of the categories: `"object"` for text.
    pub label_dtype: String,
}

impl PandasCategories {
    /// The categories of a dictionary column of this field; `None` if it is no dictionary.
    ///
    /// ```
    /// use pq_writer::{Column, DataType, Field, Keys, PandasCategories, Values, WriterOptions};
    ///
    /// let labels = Column::new("labels", Values::Bytes32 { offsets: &[0, 1, 2], data: b"xy" });
    /// let keys = Keys::Int8(&[0, 1, 0]);
    /// let column = Column::new("c", Values::Dictionary { keys, values: Box::new(labels) });
    /// let field = Field::new("c", DataType::String, true);
    /// let categories = PandasCategories::of(&column, &field, false).unwrap();
    /// assert_eq!((categories.num_categories, &*categories.codes_dtype), (2, "int8"));
    ///
    /// let mut options = WriterOptions::default();
    /// options.column_key_values.insert("c".to_owned(), categories.chunk_key_values());
    /// ```
    pub fn of(column: &Column<'_>, field: &Field, ordered: bool) -> Option<Self> {
        let Values::Dictionary { keys, values } = &column.values else {
            return None;
        };
        let codes_dtype = match keys {
            Keys::Int8(_) => "int8",
            Keys::Int16(_) => "int16",
            Keys::Int32(_) => "int32",
            Keys::Int64(_) => "int64",
            Keys::UInt8(_) => "uint8",
            Keys::UInt16(_) => "uint16",
            Keys::UInt32(_) => "uint32",
            Keys::UInt64(_) => "uint64",
        };
        Some(Self {
            num_categories: values.len(),
            ordered,
            codes_dtype: codes_dtype.to_owned(),
            label_dtype: PandasColumn::of(field).numpy_type,
        })
    }

    /// What column chunks of the categories say of them: their number and the dtypes, for
    /// [`WriterOptions::column_key_values`](crate::WriterOptions::column_key_values).
    pub fn chunk_key_values(&self) -> Vec<(String, String)> {
        vec![
            ("num_categories".to_owned(), self.num_categories.to_string()),
            ("numpy_dtype".to_owned(), self.codes_dtype.clone()),
            ("label_dtype".to_owned(), self.label_dtype.clone()),
        ]
    }
}

/// A `pandas` key-value in which each categorical column named has at least so many categories:
/// what it becomes when row groups are appended that have more. `None` if it is no such
/// key-value.
pub fn raise_categories(json: &str, counts: &BTreeMap<String, usize>) -> Option<String> {
    let mut metadata: Value = serde_json::from_str(json).ok()?;
    for column in metadata.get_mut("columns")?.as_array_mut()? {
        let count = column["field_name"]
            .as_str()
            .and_then(|name| counts.get(name));
        let details = column.get_mut("metadata").and_then(Value::as_object_mut);
        if let (Some(&count), Some(details)) = (count, details)
            && let Some(has) = details.get_mut("num_categories")
            && has.as_u64().is_none_or(|has| has < count as u64)
        {
            *has = json!(count);
        }
    }
    Some(metadata.to_string())
}
