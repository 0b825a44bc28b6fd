//! The key-value as a whole.

use super::PandasColumn;
use crate::error::WriteError;
use crate::schema::Field;
use serde_json::{Value, json};

/// The value under the key `pandas` of a footer: what readers need to give back the data frame
/// that was written.
///
/// ```
/// use pq_writer::{DataType, Field, PandasIndex, PandasMetadata, WriterOptions};
///
/// let mut pandas = PandasMetadata::new(&[Field::new("price", DataType::Float64, false)]);
/// pandas.index.push(PandasIndex::Range { name: None, start: 0, stop: 3, step: 1 });
/// assert!(pandas.to_json().contains(r#""pandas_type":"float64""#));
///
/// let mut options = WriterOptions::default();
/// options.key_values.push(pandas.key_value());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PandasMetadata {
    /// The levels of the index; none is a range over the rows.
    pub index: Vec<PandasIndex>,
    /// The columns that are stored, those of the index too.
    pub columns: Vec<PandasColumn>,
    /// The columns that the paths of a data set hold.
    pub partition_columns: Vec<PandasColumn>,
    /// The levels of the columns' labels.
    pub column_indexes: Vec<PandasColumn>,
    /// The library that wrote the file, and its version.
    pub creator: (String, String),
    /// The version of pandas that the data frame is of, if there is one.
    pub pandas_version: Option<String>,
}

/// One level of the index of a data frame.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PandasIndex {
    /// A column of the file.
    Column(String),
    /// Numbers that are not stored: `start`, `start + step`, … below `stop`.
    Range {
        /// The name of the index.
        name: Option<String>,
        /// The first number.
        start: i64,
        /// Where the numbers end.
        stop: i64,
        /// From one number to the next.
        step: i64,
    },
}

impl PandasMetadata {
    /// The key under which the footer has it.
    pub const KEY: &'static str = "pandas";

    /// What the fields of a schema call for, without an index.
    pub fn new(fields: &[Field]) -> Self {
        Self {
            index: Vec::new(),
            columns: fields.iter().map(PandasColumn::of).collect(),
            partition_columns: Vec::new(),
            column_indexes: vec![PandasColumn::labels()],
            creator: ("pq".to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
            pandas_version: None,
        }
    }

    /// Makes the column `field_name` the next level of the index. One named as levels without a
    /// name are, `__index_level_0__`, becomes one.
    ///
    /// # Errors
    ///
    /// A column that is not there.
    pub fn index_by(&mut self, field_name: &str) -> Result<(), WriteError> {
        let column = self.column_mut(field_name)?;
        if is_unnamed_level(field_name) {
            column.name = None;
        }
        self.index.push(PandasIndex::Column(field_name.to_owned()));
        Ok(())
    }

    /// The column `field_name`, to be changed.
    ///
    /// # Errors
    ///
    /// A column that is not there.
    pub fn column_mut(&mut self, field_name: &str) -> Result<&mut PandasColumn, WriteError> {
        self.columns
            .iter_mut()
            .find(|column| column.field_name.as_deref() == Some(field_name))
            .ok_or_else(|| WriteError::UnknownColumn {
                column: field_name.to_owned(),
            })
    }

    /// The key and the value, for
    /// [`WriterOptions::key_values`](crate::WriterOptions::key_values).
    pub fn key_value(&self) -> (String, String) {
        (Self::KEY.to_owned(), self.to_json())
    }

    /// The value: JSON, the keys of every object in alphabetical order.
    pub fn to_json(&self) -> String {
        let all = |columns: &[PandasColumn]| -> Vec<Value> {
            columns.iter().map(PandasColumn::to_value).collect()
        };
        let index: Vec<Value> = self.index.iter().map(PandasIndex::to_value).collect();
        // Keys in order, as they stay where a build keeps insertion order.
        let metadata = json!({
            "column_indexes": all(&self.column_indexes),
            "columns": all(&self.columns),
            "creator": { "library": self.creator.0, "version": self.creator.1 },
            "index_columns": index,
            "pandas_version": self.pandas_version,
            "partition_columns": all(&self.partition_columns),
        });
        metadata.to_string()
    }
}

impl PandasIndex {
    fn to_value(&self) -> Value {
        match self {
            Self::Column(name) => json!(name),
            Self::Range {
                name,
                start,
                stop,
                step,
            } => json!({
                "kind": "range",
                "name": name,
                "start": start,
                "step": step,
                "stop": stop,
            }),
        }
    }
}

/// Whether the name is the one that levels without a name are stored under.
fn is_unnamed_level(name: &str) -> bool {
    name.strip_prefix("__index_level_")
        .and_then(|rest| rest.strip_suffix("__"))
        .is_some_and(|number| {
            !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
        })
}
