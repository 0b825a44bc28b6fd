//! The key-value in which a data set says how it is laid out, so that an append need not guess.

use crate::scheme::{Layout, Scheme};
use pq_writer::{DataType, Field, TimeUnit};
use serde::{Deserialize, Serialize};

/// The key, in `_metadata`, `_common_metadata` and every part.
pub(crate) const KEY: &str = "pq.partitioning";

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Marker {
    pub(crate) columns: Vec<MarkerColumn>,
    scheme: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct MarkerColumn {
    pub(crate) name: String,
    #[serde(rename = "type")]
    pub(crate) data_type: String,
}

impl Marker {
    /// The marker of a data set with these columns.
    pub(crate) fn of(layout: &Layout, fields: &[Field]) -> Self {
        let columns = layout
            .partition_on
            .iter()
            .filter_map(|name| fields.iter().find(|field| field.name == *name))
            .map(|field| MarkerColumn {
                name: field.name.clone(),
                data_type: type_name(&field.data_type),
            })
            .collect();
        Self {
            columns,
            scheme: layout.scheme.to_string(),
        }
    }

    /// The marker in this text; `None` if it is none that this version knows.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    pub(crate) fn text(&self) -> String {
        // Strings and lists of them: nothing in it can fail to be JSON.
        serde_json::to_string(self).unwrap_or_default()
    }

    pub(crate) fn layout(&self) -> Option<Layout> {
        let scheme: Scheme = self.scheme.parse().ok()?;
        let names = self.columns.iter().map(|column| column.name.clone());
        Some(Layout::new(scheme, names))
    }
}

/// The name of a type, as markers and errors state it.
pub(crate) fn type_name(data_type: &DataType) -> String {
    let unit = |unit: &TimeUnit| match unit {
        TimeUnit::Seconds => "s",
        TimeUnit::Millis => "ms",
        TimeUnit::Micros => "us",
        TimeUnit::Nanos => "ns",
    };
    let name = match data_type {
        DataType::Null => "null",
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
        DataType::String => "string",
        DataType::Enum => "enum",
        DataType::Json => "json",
        DataType::Bson => "bson",
        DataType::Uuid => "uuid",
        DataType::Interval => "interval",
        DataType::Geometry { .. } => "geometry",
        DataType::Geography { .. } => "geography",
        DataType::List(_) => "list",
        DataType::Map { .. } => "map",
        DataType::Struct(_) => "struct",
        DataType::Variant(_) => "variant",
        DataType::Binary => "binary",
        DataType::FixedText(width) => return format!("fixed_text[{width}]"),
        DataType::FixedBinary(width) => return format!("fixed_binary[{width}]"),
        DataType::Date | DataType::DateMillis => "date",
        DataType::Time { unit: of } => return format!("time[{}]", unit(of)),
        DataType::Timestamp {
            unit: of,
            is_adjusted_to_utc,
        }
        | DataType::TimestampAs {
            unit: of,
            is_adjusted_to_utc,
            ..
        } => {
            let zone = if *is_adjusted_to_utc { ", UTC" } else { "" };
            return format!("timestamp[{}{zone}]", unit(of));
        }
        DataType::Duration { unit: of } => return format!("duration[{}]", unit(of)),
        DataType::Decimal { precision, scale } => return format!("decimal[{precision}, {scale}]"),
        // Named when pq-writer has more types.
        _ => "other",
    };
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::Marker;
    use crate::scheme::{Layout, Scheme};
    use pq_writer::{DataType, Field};

    #[test]
    fn there_and_back() {
        let fields = [
            Field::new("x", DataType::Binary, true),
            Field::new("a\"b", DataType::Int64, true),
        ];
        let layout = Layout::new(Scheme::Drill, ["a\"b"]);
        let marker = Marker::of(&layout, &fields);
        assert_eq!(
            marker.text(),
            r#"{"columns":[{"name":"a\"b","type":"int64"}],"scheme":"drill"}"#
        );
        assert_eq!(
            Marker::parse(&marker.text()).unwrap().layout(),
            Some(layout)
        );
        for unknown in ["", "[]", "{}", r#"{"columns":[{}],"scheme":"hive"}"#] {
            assert_eq!(Marker::parse(unknown), None);
        }
    }
}
