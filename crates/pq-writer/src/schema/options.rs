//! What is chosen for the columns of a schema.

use super::{DataType, Field, HasNulls, TimeUnit, TimestampStorage};
use crate::batch::OwnedColumn;
use crate::error::WriteError;
use crate::objects::{Object, ObjectEncoding, object_column};
use std::collections::BTreeMap;

/// What timestamps are stored as, in all columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Times {
    /// Their own unit; seconds, which Parquet does not have, as milliseconds.
    #[default]
    Preserve,
    /// Milliseconds.
    Millis,
    /// Microseconds.
    Micros,
    /// Nanoseconds.
    Nanos,
    /// INT96, the deprecated form that old readers take.
    Int96,
}

/// What is chosen for the columns of a schema.
///
/// Paths in [`fixed_text`](Self::fixed_text) are as in
/// [`WriterOptions`](crate::WriterOptions): those of leaves, or of what leaves are within. Other
/// options name columns.
///
/// ```
/// use pq_writer::{DataType, Field, HasNulls, Schema, SchemaOptions, TimeUnit, Times};
///
/// let mut options = SchemaOptions::default();
/// options.times = Times::Micros;
/// options.truncate_times = true;
/// options.fixed_text.insert("code".to_owned(), 4);
/// options.has_nulls = HasNulls::Infer;
///
/// let at = DataType::Timestamp { unit: TimeUnit::Nanos, is_adjusted_to_utc: true };
/// let fields = options.apply(vec![
///     Field::new("code", DataType::String, false),
///     Field::new("at", at, true),
/// ])?;
/// assert_eq!(fields[0].data_type, DataType::FixedText(4));
/// assert_eq!((fields[0].nullable, fields[1].nullable), (true, false));
/// let schema = Schema::new(fields)?;
/// # Ok::<(), pq_writer::WriteError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct SchemaOptions {
    /// What timestamps are stored as. One that says so itself ([`DataType::TimestampAs`]) keeps
    /// what it says, and so do those within variants.
    pub times: Times,
    /// Whether what the unit of [`times`](Self::times) cannot hold is cut off (rounded down); an
    /// error otherwise.
    pub truncate_times: bool,
    /// Text and bytes that are stored in so many bytes each, by path.
    pub fixed_text: BTreeMap<String, i32>,
    /// Which columns may hold nulls.
    pub has_nulls: HasNulls,
    /// What objects become in columns that
    /// [`column_object_encoding`](Self::column_object_encoding) does not name.
    pub object_encoding: ObjectEncoding,
    /// What objects become, by column.
    pub column_object_encoding: BTreeMap<String, ObjectEncoding>,
}

impl SchemaOptions {
    /// The columns as the options have them.
    ///
    /// # Errors
    ///
    /// As [`check_columns`](Self::check_columns) and [`field`](Self::field).
    pub fn apply(&self, fields: Vec<Field>) -> Result<Vec<Field>, WriteError> {
        self.check_columns(fields.iter().map(|field| field.name.as_str()))?;
        fields.into_iter().map(|field| self.field(field)).collect()
    }

    /// Errors if the options name a column that is not one of `names`, which are all columns.
    ///
    /// # Errors
    ///
    /// The first such column.
    pub fn check_columns<'n>(
        &self,
        names: impl IntoIterator<Item = &'n str>,
    ) -> Result<(), WriteError> {
        let names: Vec<&str> = names.into_iter().collect();
        self.has_nulls.check(names.iter().copied())?;
        let unknown_path = self
            .fixed_text
            .keys()
            .find(|path| !names.iter().any(|name| is_within(path, name)));
        let unknown_column = self
            .column_object_encoding
            .keys()
            .find(|column| !names.contains(&column.as_str()));
        match unknown_path.or(unknown_column) {
            Some(column) => Err(WriteError::UnknownColumn {
                column: column.clone(),
            }),
            None => Ok(()),
        }
    }

    /// One column as the options have it. That all columns that they name exist is not checked
    /// here.
    ///
    /// # Errors
    ///
    /// A path of [`fixed_text`](Self::fixed_text) into the column that leads to no text or bytes.
    pub fn field(&self, field: Field) -> Result<Field, WriteError> {
        self.choose(field, false)
    }

    /// A column of objects as the options have it: [`object_column`] with the encoding, the nulls
    /// and the width that they choose.
    ///
    /// # Errors
    ///
    /// As [`object_column`] and [`field`](Self::field).
    pub fn object_column(
        &self,
        name: &str,
        objects: &[Object<'_>],
    ) -> Result<(Field, OwnedColumn), WriteError> {
        let encoding = self.column_object_encoding.get(name);
        let encoding = *encoding.unwrap_or(&self.object_encoding);
        // Of which type they are does not matter: they are objects.
        let declared = Field::new(name, DataType::Null, true);
        let nullable = self.has_nulls.nullable(&declared, true);
        let (field, column) = object_column(name, objects, encoding, nullable)?;
        Ok((self.choose(field, true)?, column))
    }

    fn choose(&self, mut field: Field, is_object: bool) -> Result<Field, WriteError> {
        field.nullable = self.has_nulls.nullable(&field, is_object);
        let mut walk = Walk {
            options: self,
            fixed: Vec::new(),
        };
        let path = field.name.clone();
        walk.choose(&path, &mut field.data_type);
        let missed = self
            .fixed_text
            .keys()
            .find(|path| is_within(path, &field.name) && !walk.fixed.contains(path));
        match missed {
            Some(path) => Err(WriteError::UnsupportedType {
                column: path.clone(),
                reason: "there is no text to store in a fixed width".to_owned(),
            }),
            None => Ok(field),
        }
    }

    fn timestamp(&self, unit: TimeUnit, is_adjusted_to_utc: bool) -> DataType {
        let storage = match (self.times, unit) {
            (Times::Preserve, _)
            | (Times::Millis, TimeUnit::Seconds | TimeUnit::Millis)
            | (Times::Micros, TimeUnit::Micros)
            | (Times::Nanos, TimeUnit::Nanos) => {
                return DataType::Timestamp {
                    unit,
                    is_adjusted_to_utc,
                };
            }
            (Times::Millis, _) => TimestampStorage::Millis,
            (Times::Micros, _) => TimestampStorage::Micros,
            (Times::Nanos, _) => TimestampStorage::Nanos,
            (Times::Int96, _) => TimestampStorage::Int96,
        };
        DataType::TimestampAs {
            unit,
            is_adjusted_to_utc,
            storage,
            truncate: self.truncate_times,
        }
    }
}

/// Whether `path` is the dotted path `whole` or of something within it.
fn is_within(path: &str, whole: &str) -> bool {
    path.strip_prefix(whole)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// A walk over the types within a column.
struct Walk<'o> {
    options: &'o SchemaOptions,
    /// The paths of fixed text that led somewhere.
    fixed: Vec<&'o String>,
}

impl Walk<'_> {
    fn choose(&mut self, path: &str, data_type: &mut DataType) {
        match data_type {
            DataType::Timestamp {
                unit,
                is_adjusted_to_utc,
            } => *data_type = self.options.timestamp(*unit, *is_adjusted_to_utc),
            DataType::String
            | DataType::Enum
            | DataType::Json
            | DataType::Bson
            | DataType::Binary => {
                let longest = self
                    .options
                    .fixed_text
                    .iter()
                    .filter(|(chosen, _)| is_within(path, chosen))
                    .inspect(|(chosen, _)| self.fixed.push(chosen))
                    .max_by_key(|(chosen, _)| chosen.len());
                if let Some((_, width)) = longest {
                    *data_type = DataType::FixedText(*width);
                }
            }
            DataType::List(element) => {
                self.choose(&format!("{path}.list.element"), &mut element.data_type);
            }
            DataType::Map { key, value } => {
                self.choose(&format!("{path}.key_value.key"), &mut key.data_type);
                self.choose(&format!("{path}.key_value.value"), &mut value.data_type);
            }
            DataType::Struct(fields) => {
                for field in fields {
                    self.choose(&format!("{path}.{}", field.name), &mut field.data_type);
                }
            }
            _ => {}
        }
    }
}
