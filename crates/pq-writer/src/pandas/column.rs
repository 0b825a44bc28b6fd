//! What is said of one column.

use super::PandasCategories;
use crate::schema::{DataType, Field, TimeUnit, TimestampStorage};
use serde_json::{Value, json};

/// What the `pandas` key-value says of one column.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PandasColumn {
    /// The label in the data frame; `None` for an index without a name.
    pub name: Option<String>,
    /// The name in the schema; `None` for labels of columns, which are not stored.
    pub field_name: Option<String>,
    /// The logical type: `"unicode"`, `"int8"`, `"datetimetz"`, `"categorical"`, …
    pub pandas_type: String,
    /// The dtype: `"int64"`, `"Int64"` for integers that may be null, `"datetime64[us]"`,
    /// `"object"`; that of the codes for categories.
    pub numpy_type: String,
    /// What the two types leave open.
    pub details: PandasDetails,
}

/// What the types of a [`PandasColumn`] leave open: its `metadata`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum PandasDetails {
    /// Nothing.
    #[default]
    None,
    /// The time zone of `"datetimetz"`: `"UTC"`, `"Europe/Berlin"`, `"+02:00"`.
    Timezone(String),
    /// Of `"decimal"`.
    Decimal {
        /// Decimal digits.
        precision: u8,
        /// Digits after the point.
        scale: u8,
    },
    /// Of `"categorical"`.
    Categories {
        /// How many categories there are.
        num_categories: usize,
        /// Whether they have an order.
        ordered: bool,
    },
    /// How text (`"UTF-8"`) or objects (`"json"`, `"bson"`) are stored.
    Encoding(String),
}

impl PandasColumn {
    /// What a field calls for, as pandas has it where it has a dtype for it. Instants are in the
    /// zone UTC, and the unit of timestamps is the one that is stored.
    pub fn of(field: &Field) -> Self {
        let (numpy_type, details) = match &field.data_type {
            DataType::Boolean
            | DataType::Int8
            | DataType::Int16
            | DataType::Int32
            | DataType::Int64
            | DataType::UInt8
            | DataType::UInt16
            | DataType::UInt32
            | DataType::UInt64
            | DataType::Float16
            | DataType::Float32
            | DataType::Float64 => (logical(&field.data_type), PandasDetails::None),
            DataType::Timestamp {
                unit,
                is_adjusted_to_utc,
            } => datetime(stored(*unit), *is_adjusted_to_utc),
            DataType::TimestampAs {
                is_adjusted_to_utc,
                storage,
                ..
            } => {
                let unit = match storage {
                    TimestampStorage::Millis => TimeUnit::Millis,
                    TimestampStorage::Micros => TimeUnit::Micros,
                    TimestampStorage::Nanos | TimestampStorage::Int96 => TimeUnit::Nanos,
                };
                datetime(unit, *is_adjusted_to_utc)
            }
            DataType::Duration { unit } => (
                format!("timedelta64[{}]", abbreviation(*unit)),
                PandasDetails::None,
            ),
            &DataType::Decimal { precision, scale } => (
                "object".to_owned(),
                PandasDetails::Decimal { precision, scale },
            ),
            DataType::Json => (
                "object".to_owned(),
                PandasDetails::Encoding("json".to_owned()),
            ),
            DataType::Bson => (
                "object".to_owned(),
                PandasDetails::Encoding("bson".to_owned()),
            ),
            _ => ("object".to_owned(), PandasDetails::None),
        };
        Self {
            name: Some(field.name.clone()),
            field_name: Some(field.name.clone()),
            pandas_type: logical(&field.data_type),
            numpy_type,
            details,
        }
    }

    /// The labels of the columns as text without a name, which is what most data frames have.
    pub fn labels() -> Self {
        Self {
            name: None,
            field_name: None,
            pandas_type: "unicode".to_owned(),
            numpy_type: "object".to_owned(),
            details: PandasDetails::Encoding("UTF-8".to_owned()),
        }
    }

    /// The column as one of these categories.
    pub fn with_categories(mut self, categories: &PandasCategories) -> Self {
        self.pandas_type = "categorical".to_owned();
        self.numpy_type = categories.codes_dtype.clone();
        self.details = PandasDetails::Categories {
            num_categories: categories.num_categories,
            ordered: categories.ordered,
        };
        self
    }

    /// The column as instants in this time zone.
    pub fn with_timezone(mut self, timezone: impl Into<String>) -> Self {
        self.pandas_type = "datetimetz".to_owned();
        self.details = PandasDetails::Timezone(timezone.into());
        self
    }

    /// The column with this dtype: `"Int64"`, `"boolean"`, `"Float64"`, `"string"` for what may
    /// be null without becoming another type.
    pub fn with_numpy_type(mut self, numpy_type: impl Into<String>) -> Self {
        self.numpy_type = numpy_type.into();
        self
    }

    pub(super) fn to_value(&self) -> Value {
        // Keys in order, as they stay where a build keeps insertion order.
        json!({
            "field_name": self.field_name,
            "metadata": self.details.to_value(),
            "name": self.name,
            "numpy_type": self.numpy_type,
            "pandas_type": self.pandas_type,
        })
    }
}

impl PandasDetails {
    fn to_value(&self) -> Value {
        match self {
            Self::None => Value::Null,
            Self::Timezone(timezone) => json!({ "timezone": timezone }),
            Self::Decimal { precision, scale } => {
                json!({ "precision": precision, "scale": scale })
            }
            Self::Categories {
                num_categories,
                ordered,
            } => json!({ "num_categories": num_categories, "ordered": ordered }),
            Self::Encoding(encoding) => json!({ "encoding": encoding }),
        }
    }
}

/// The `pandas_type` of a type.
fn logical(data_type: &DataType) -> String {
    let name = match data_type {
        DataType::Null => "empty",
        DataType::Boolean => "bool",
        DataType::Int8 => "int8",
        DataType::Int16 => "int16",
        DataType::Int32 => "int32",
        DataType::Int64 => "int64",
        DataType::UInt8 => "uint8",
        DataType::UInt16 => "uint16",
        DataType::UInt32 => "uint32",
        DataType::UInt64 => "uint64",
        DataType::Float16 => "float16",
        DataType::Float32 => "float32",
        DataType::Float64 => "float64",
        DataType::String | DataType::Enum => "unicode",
        DataType::Binary
        | DataType::FixedBinary(_)
        | DataType::FixedText(_)
        | DataType::Uuid
        | DataType::Interval
        | DataType::Geometry { .. }
        | DataType::Geography { .. } => "bytes",
        DataType::Date | DataType::DateMillis => "date",
        DataType::Time { .. } => "time",
        DataType::Timestamp {
            is_adjusted_to_utc, ..
        }
        | DataType::TimestampAs {
            is_adjusted_to_utc, ..
        } => match is_adjusted_to_utc {
            true => "datetimetz",
            false => "datetime",
        },
        DataType::Duration { .. } => "timedelta64",
        DataType::Decimal { .. } => "decimal",
        DataType::List(element) => return format!("list[{}]", logical(&element.data_type)),
        DataType::Json
        | DataType::Bson
        | DataType::Map { .. }
        | DataType::Struct(_)
        | DataType::Variant(_) => "object",
    };
    name.to_owned()
}

fn datetime(unit: TimeUnit, is_adjusted_to_utc: bool) -> (String, PandasDetails) {
    let details = match is_adjusted_to_utc {
        true => PandasDetails::Timezone("UTC".to_owned()),
        false => PandasDetails::None,
    };
    (format!("datetime64[{}]", abbreviation(unit)), details)
}

fn stored(unit: TimeUnit) -> TimeUnit {
    match unit {
        TimeUnit::Seconds => TimeUnit::Millis,
        unit => unit,
    }
}

fn abbreviation(unit: TimeUnit) -> &'static str {
    match unit {
        TimeUnit::Seconds => "s",
        TimeUnit::Millis => "ms",
        TimeUnit::Micros => "us",
        TimeUnit::Nanos => "ns",
    }
}
