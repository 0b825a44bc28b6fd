//! Objects to a typed column.

use super::{Object, ObjectEncoding, decimal, encoding};
use crate::batch::{OwnedColumn, OwnedValues, pack_bits};
use crate::error::WriteError;
use crate::schema::{DataType, Field};

/// One column of objects as a typed field and column; the whole column is looked at, so that
/// nothing is found wrong later.
///
/// ```
/// use pq_writer::{DataType, Object, ObjectEncoding, object_column};
///
/// let rows = [Object::from("a"), Object::Null, Object::from("b")];
/// let (field, column) = object_column("name", &rows, ObjectEncoding::Infer, true)?;
/// assert_eq!(field.data_type, DataType::String);
/// assert!(column.as_column().is_null(1));
///
/// let rows = [Object::from("a"), Object::from(1)];
/// let error = object_column("name", &rows, ObjectEncoding::Utf8, true).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     r#"column "name", row 1: an integer in a column of text"#
/// );
/// # Ok::<(), pq_writer::WriteError>(())
/// ```
///
/// # Errors
///
/// An object that `encoding` does not take, or null where the column is not `nullable`, with its
/// row; an encoding whose feature is off.
pub fn object_column(
    name: &str,
    objects: &[Object<'_>],
    encoding: ObjectEncoding,
    nullable: bool,
) -> Result<(Field, OwnedColumn), WriteError> {
    let rows = Rows {
        name,
        objects,
        nullable,
    };
    let encoding = match encoding {
        ObjectEncoding::Infer => encoding::infer(name, objects)?,
        chosen => chosen,
    };
    let (data_type, values) = match encoding {
        ObjectEncoding::Infer | ObjectEncoding::Utf8 => (
            DataType::String,
            rows.bytes(|object, data| match object {
                Object::Text(text) => {
                    data.extend_from_slice(text.as_bytes());
                    Ok(())
                }
                other => Err(misplaced(other, "text")),
            })?,
        ),
        ObjectEncoding::Bytes => (
            DataType::Binary,
            rows.bytes(|object, data| match object {
                Object::Bytes(bytes) => {
                    data.extend_from_slice(bytes);
                    Ok(())
                }
                other => Err(misplaced(other, "bytes")),
            })?,
        ),
        ObjectEncoding::Json => (DataType::Json, rows.json()?),
        ObjectEncoding::Bson => (DataType::Bson, rows.bson()?),
        ObjectEncoding::Bool => {
            let values = rows.each(|object| match object {
                Object::Bool(value) => Ok(*value),
                other => Err(misplaced(other, "booleans")),
            })?;
            let bits = pack_bits(values.iter().copied());
            (DataType::Boolean, OwnedValues::Boolean(bits, objects.len()))
        }
        ObjectEncoding::Int => {
            let values = rows.each(|object| integer(object, "64-bit integers"))?;
            (DataType::Int64, OwnedValues::Int64(values))
        }
        ObjectEncoding::Int32 => {
            let values = rows.each(|object| integer(object, "32-bit integers"))?;
            (DataType::Int32, OwnedValues::Int32(values))
        }
        ObjectEncoding::UInt => {
            let values = rows.each(|object| integer(object, "unsigned 64-bit integers"))?;
            (DataType::UInt64, OwnedValues::UInt64(values))
        }
        ObjectEncoding::Float => {
            let values = rows.each(float)?;
            (DataType::Float64, OwnedValues::Float64(values))
        }
        ObjectEncoding::Decimal { precision, scale } => {
            let values = rows.each(|object| decimal::unscaled(object, precision, scale))?;
            (
                DataType::Decimal { precision, scale },
                OwnedValues::Int128(values),
            )
        }
    };
    let column = OwnedColumn::new(name, values, rows.validity());
    Ok((Field::new(name, data_type, nullable), column))
}

/// The objects of one column.
struct Rows<'o, 'a> {
    name: &'o str,
    objects: &'o [Object<'a>],
    nullable: bool,
}

impl<'a> Rows<'_, 'a> {
    /// The value of each row; the default at null rows.
    fn each<T: Default>(
        &self,
        convert: impl Fn(&Object<'a>) -> Result<T, String>,
    ) -> Result<Vec<T>, WriteError> {
        let mut values = Vec::with_capacity(self.objects.len());
        for (row, object) in self.objects.iter().enumerate() {
            values.push(match object {
                Object::Null => self.null(row)?,
                object => convert(object).map_err(|reason| self.invalid(row, reason))?,
            });
        }
        Ok(values)
    }

    /// What `append` appends of each row; nothing at null rows.
    fn bytes(
        &self,
        append: impl Fn(&Object<'a>, &mut Vec<u8>) -> Result<(), String>,
    ) -> Result<OwnedValues, WriteError> {
        let mut data = Vec::new();
        let mut offsets = Vec::with_capacity(self.objects.len() + 1);
        offsets.push(0);
        for (row, object) in self.objects.iter().enumerate() {
            match object {
                Object::Null => self.null(row)?,
                object => append(object, &mut data).map_err(|reason| self.invalid(row, reason))?,
            }
            offsets.push(data.len() as i64);
        }
        Ok(OwnedValues::Bytes(offsets, data))
    }

    #[cfg(feature = "json")]
    fn json(&self) -> Result<OwnedValues, WriteError> {
        self.bytes(super::json::append)
    }

    #[cfg(not(feature = "json"))]
    fn json(&self) -> Result<OwnedValues, WriteError> {
        Err(self.without("json"))
    }

    #[cfg(feature = "bson")]
    fn bson(&self) -> Result<OwnedValues, WriteError> {
        self.bytes(super::bson::append)
    }

    #[cfg(not(feature = "bson"))]
    fn bson(&self) -> Result<OwnedValues, WriteError> {
        Err(self.without("bson"))
    }

    #[cfg(not(all(feature = "json", feature = "bson")))]
    fn without(&self, feature: &str) -> WriteError {
        WriteError::UnsupportedType {
            column: self.name.to_owned(),
            reason: format!("lists and maps take the feature `{feature}`, which is off"),
        }
    }

    fn validity(&self) -> Option<Vec<u8>> {
        self.objects
            .iter()
            .any(Object::is_null)
            .then(|| pack_bits(self.objects.iter().map(|object| !object.is_null())))
    }

    fn null<T: Default>(&self, row: usize) -> Result<T, WriteError> {
        match self.nullable {
            true => Ok(T::default()),
            false => Err(WriteError::NullInRequired {
                column: self.name.to_owned(),
                row,
            }),
        }
    }

    fn invalid(&self, row: usize, reason: String) -> WriteError {
        WriteError::InvalidValue {
            column: self.name.to_owned(),
            row,
            reason,
        }
    }
}

fn misplaced(object: &Object<'_>, column: &str) -> String {
    format!("{} in a column of {column}", object.kind())
}

fn integer<T: TryFrom<i64> + TryFrom<u64>>(object: &Object<'_>, column: &str) -> Result<T, String> {
    match *object {
        Object::Int(value) => T::try_from(value)
            .map_err(|_| format!("{value} is out of range in a column of {column}")),
        Object::UInt(value) => T::try_from(value)
            .map_err(|_| format!("{value} is out of range in a column of {column}")),
        ref other => Err(misplaced(other, column)),
    }
}

/// A float, or an integer that is exactly one.
fn float(object: &Object<'_>) -> Result<f64, String> {
    let value = match *object {
        Object::Float(value) => return Ok(value),
        Object::Int(value) => i128::from(value),
        Object::UInt(value) => i128::from(value),
        ref other => return Err(misplaced(other, "floats")),
    };
    let nearest = value as f64;
    match nearest as i128 == value {
        true => Ok(nearest),
        false => Err(format!("the integer {value} is not exact as a float")),
    }
}
