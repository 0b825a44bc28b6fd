//! The types of columns from the values in every row.

use arrow_schema::{DataType, Field, Schema};
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::collections::HashMap;
use std::fmt;

/// One row: names in order, and what kind of value each has.
#[derive(Debug)]
pub(super) struct Row(Vec<(String, Kind)>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Null,
    Boolean,
    /// An integer that 64 bits with a sign can hold.
    Signed {
        negative: bool,
    },
    /// One that only 64 bits without a sign can hold.
    Unsigned,
    Float,
    Text,
    Nested,
}

impl<'de> Deserialize<'de> for Row {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct RowVisitor;
        impl<'de> Visitor<'de> for RowVisitor {
            type Value = Row;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Row, A::Error> {
                let mut row = Vec::with_capacity(map.size_hint().unwrap_or(0));
                while let Some(entry) = map.next_entry::<String, Kind>()? {
                    row.push(entry);
                }
                Ok(Row(row))
            }
        }
        deserializer.deserialize_map(RowVisitor)
    }
}

impl<'de> Deserialize<'de> for Kind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KindVisitor;
        impl<'de> Visitor<'de> for KindVisitor {
            type Value = Kind;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value")
            }

            fn visit_unit<E: Error>(self) -> Result<Kind, E> {
                Ok(Kind::Null)
            }

            fn visit_bool<E: Error>(self, _: bool) -> Result<Kind, E> {
                Ok(Kind::Boolean)
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<Kind, E> {
                let negative = value < 0;
                Ok(Kind::Signed { negative })
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<Kind, E> {
                Ok(match i64::try_from(value) {
                    Ok(_) => Kind::Signed { negative: false },
                    Err(_) => Kind::Unsigned,
                })
            }

            fn visit_f64<E: Error>(self, _: f64) -> Result<Kind, E> {
                Ok(Kind::Float)
            }

            fn visit_str<E: Error>(self, _: &str) -> Result<Kind, E> {
                Ok(Kind::Text)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Kind, A::Error> {
                while items.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Kind::Nested)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Kind, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Kind::Nested)
            }
        }
        deserializer.deserialize_any(KindVisitor)
    }
}

/// The columns seen so far, in order of appearance.
#[derive(Debug, Default)]
pub(super) struct Columns {
    names: HashMap<String, usize>,
    columns: Vec<Column>,
    rows: u64,
}

#[derive(Debug)]
struct Column {
    name: String,
    kinds: Kinds,
    /// The row that had it last, from 1.
    row: u64,
}

#[derive(Debug, Default, Clone, Copy)]
struct Kinds {
    boolean: bool,
    signed: bool,
    negative: bool,
    unsigned: bool,
    float: bool,
    text: bool,
}

impl Columns {
    /// Takes a row into account.
    ///
    /// # Errors
    ///
    /// A name that is there twice, and a list or an object as a value.
    pub(super) fn add(&mut self, row: Row) -> Result<(), String> {
        self.rows += 1;
        for (name, kind) in row.0 {
            let index = match self.names.get(&name) {
                Some(&index) => index,
                None => {
                    self.columns.push(Column {
                        name: name.clone(),
                        kinds: Kinds::default(),
                        row: 0,
                    });
                    self.names.insert(name, self.columns.len() - 1);
                    self.columns.len() - 1
                }
            };
            let column = &mut self.columns[index];
            if std::mem::replace(&mut column.row, self.rows) == self.rows {
                return Err(format!("duplicate column name {:?}", column.name));
            }
            let kinds = &mut column.kinds;
            match kind {
                Kind::Null => {}
                Kind::Boolean => kinds.boolean = true,
                Kind::Signed { negative } => {
                    kinds.signed = true;
                    kinds.negative |= negative;
                }
                Kind::Unsigned => kinds.unsigned = true,
                Kind::Float => kinds.float = true,
                Kind::Text => kinds.text = true,
                Kind::Nested => {
                    return Err(format!(
                        "column {:?}: lists and objects cannot be stored yet",
                        column.name
                    ));
                }
            }
        }
        Ok(())
    }

    /// The schema, every column nullable.
    pub(super) fn into_schema(self) -> Schema {
        let fields = self
            .columns
            .into_iter()
            .map(|column| Field::new(column.name, column.kinds.data_type(), true));
        Schema::new(fields.collect::<Vec<_>>())
    }
}

impl Kinds {
    fn data_type(self) -> DataType {
        let number = self.signed || self.unsigned || self.float;
        match (self.boolean, number, self.text) {
            (true, false, false) => DataType::Boolean,
            (false, true, false) if self.float => DataType::Float64,
            // No integer type holds both; text keeps every digit.
            (false, true, false) if self.unsigned && self.negative => DataType::Utf8,
            (false, true, false) if self.unsigned => DataType::UInt64,
            (false, true, false) => DataType::Int64,
            _ => DataType::Utf8,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn types(lines: &[&str]) -> Result<Vec<(String, DataType)>, String> {
        let mut columns = Columns::default();
        for line in lines {
            columns.add(serde_json::from_str(line).map_err(|error| error.to_string())?)?;
        }
        Ok(columns
            .into_schema()
            .fields()
            .iter()
            .map(|field| (field.name().clone(), field.data_type().clone()))
            .collect())
    }

    #[test]
    fn types_come_from_all_rows_in_order_of_appearance() {
        let found = types(&[
            r#"{"z": 1, "a": null, "m": true}"#,
            r#"{"z": 1.5, "m": "x", "u": 18446744073709551615, "w": 18446744073709551615}"#,
            r#"{"u": 3, "w": -1, "i": -4, "b": false}"#,
        ])
        .unwrap();
        let expected = [
            ("z", DataType::Float64),
            ("a", DataType::Utf8),
            ("m", DataType::Utf8),
            ("u", DataType::UInt64),
            ("w", DataType::Utf8),
            ("i", DataType::Int64),
            ("b", DataType::Boolean),
        ];
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(name, data_type)| (name.to_owned(), data_type))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_has_no_column_is_refused() {
        for line in [
            r#"{"a": [1]}"#,
            r#"{"a": {"b": 1}}"#,
            r#"{"a": 1, "a": 2}"#,
            "[1]",
            "3",
            r#"{"a": 1"#,
            r#"{"a": 1} {"a": 2}"#,
            r#"{"a": 1e999}"#,
            "{\"a\": \"\\ud800\"}",
        ] {
            assert!(types(&[line]).is_err(), "{line}");
        }
    }
}
