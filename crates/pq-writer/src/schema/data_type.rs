//! What values mean.

use super::Field;

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum TimeUnit {
    /// Seconds. Parquet has no such unit: stored as milliseconds.
    Seconds,
    /// Milliseconds.
    Millis,
    /// Microseconds.
    Micros,
    /// Nanoseconds.
    Nanos,
}

/// What a point in time is stored as, where that is not the unit of the values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum TimestampStorage {
    /// INT64, milliseconds.
    Millis,
    /// INT64, microseconds.
    Micros,
    /// INT64, nanoseconds.
    Nanos,
    /// INT96, the deprecated form: nanoseconds of the day and the Julian day. It has no bounds.
    Int96,
}

/// How edges between the points of a GEOGRAPHY run; `EdgeInterpolationAlgorithm` of
/// parquet.thrift.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Edges {
    /// Great circles of a sphere.
    #[default]
    Spherical,
    /// Vincenty's formulae.
    Vincenty,
    /// Thomas's series.
    Thomas,
    /// Andoyer's formulae.
    Andoyer,
    /// Karney's algorithm.
    Karney,
}

/// What the values of a column mean; LogicalTypes.md of the specification has the details.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum DataType {
    /// Always null; stored as an optional INT32.
    Null,
    /// True or false.
    Boolean,
    /// 8-bit signed integer.
    Int8,
    /// 16-bit signed integer.
    Int16,
    /// 32-bit signed integer.
    Int32,
    /// 64-bit signed integer.
    Int64,
    /// 8-bit unsigned integer.
    UInt8,
    /// 16-bit unsigned integer.
    UInt16,
    /// 32-bit unsigned integer.
    UInt32,
    /// 64-bit unsigned integer.
    UInt64,
    /// Half-precision float.
    Float16,
    /// Single-precision float.
    Float32,
    /// Double-precision float.
    Float64,
    /// Text in UTF-8.
    String,
    /// Text in UTF-8 that is one of a fixed set of names.
    Enum,
    /// A JSON document in UTF-8. That it is one is the caller's to know.
    Json,
    /// A BSON document. That it is one is the caller's to know.
    Bson,
    /// Bytes of any length.
    Binary,
    /// Bytes of one length.
    FixedBinary(i32),
    /// Text or bytes, as any form of byte strings, stored in this many bytes each
    /// (FIXED_LEN_BYTE_ARRAY without annotation): a shorter value is filled up with zeros, a
    /// longer one is an error.
    FixedText(i32),
    /// A UUID, 16 bytes, big-endian.
    Uuid,
    /// Days since 1970-01-01, as [`Values::Int32`](crate::Values::Int32).
    Date,
    /// Milliseconds since 1970-01-01 of a date, as [`Values::Int64`](crate::Values::Int64); a
    /// value that is not midnight is an error. Stored as days.
    DateMillis,
    /// Time of day: [`Values::Int32`](crate::Values::Int32) for seconds and milliseconds,
    /// [`Values::Int64`](crate::Values::Int64) for the finer units. One that is not within a day is
    /// an error.
    Time {
        /// The unit of the values.
        unit: TimeUnit,
    },
    /// A point in time since 1970-01-01T00:00:00, as [`Values::Int64`](crate::Values::Int64).
    Timestamp {
        /// The unit of the values.
        unit: TimeUnit,
        /// Whether the values are instants (they had a time zone), not wall-clock times.
        is_adjusted_to_utc: bool,
    },
    /// A point in time, as [`Timestamp`](Self::Timestamp), stored in another unit. A value that
    /// is out of its range is an error.
    TimestampAs {
        /// The unit of the values.
        unit: TimeUnit,
        /// Whether the values are instants (they had a time zone), not wall-clock times. INT96
        /// cannot say.
        is_adjusted_to_utc: bool,
        /// What is stored.
        storage: TimestampStorage,
        /// Whether what a coarser unit cannot hold is cut off (rounded down); an error otherwise.
        truncate: bool,
    },
    /// A span of time, as [`Values::Int64`](crate::Values::Int64). Parquet has no such type:
    /// stored as a plain INT64.
    Duration {
        /// The unit of the values.
        unit: TimeUnit,
    },
    /// A span of months, days and milliseconds, none negative, stored as INTERVAL. In the forms
    /// [`Values::Int32`](crate::Values::Int32) (months) and
    /// [`Values::FixedBytes`](crate::Values::FixedBytes), little-endian, of width 8 (days,
    /// milliseconds: two 32-bit integers), 12 (months, days, milliseconds) or 16 (months and days
    /// of 32 bits, nanoseconds of 64 bits, whole milliseconds).
    Interval,
    /// An exact decimal: unscaled integers of 32, 64, 128 or 256 bits.
    Decimal {
        /// Decimal digits, at least 1 and at most 76.
        precision: u8,
        /// Digits after the point, at most `precision`.
        scale: u8,
    },
    /// Shapes on a plane, as well-known binary (WKB).
    Geometry {
        /// The coordinate reference system; OGC:CRS84 if none is given.
        crs: Option<String>,
    },
    /// Shapes on an ellipsoid, as well-known binary (WKB).
    Geography {
        /// The coordinate reference system; OGC:CRS84 if none is given.
        crs: Option<String>,
        /// How edges run; spherical if none is given.
        edges: Option<Edges>,
    },
    /// Lists of any length of one field.
    List(Box<Field>),
    /// Lists of pairs. In a batch they are lists of structs of two fields, the key first, whatever
    /// their names.
    Map {
        /// The key; never null, whatever its field says.
        key: Box<Field>,
        /// The value.
        value: Box<Field>,
    },
    /// Structs of these fields, at least one.
    Struct(Vec<Field>),
    /// A VARIANT: a struct of `metadata` (binary) and `value` (binary), and `typed_value` if it
    /// is shredded (VariantEncoding.md, VariantShredding.md). That the bytes are those of a
    /// variant is the caller's to know.
    Variant(Vec<Field>),
}

impl DataType {
    /// A VARIANT that is not shredded: required `metadata` and `value`.
    pub fn variant() -> Self {
        Self::Variant(vec![
            Field::new("metadata", Self::Binary, false),
            Field::new("value", Self::Binary, false),
        ])
    }

    /// Whether columns of this type have fields of their own: lists, maps, structs, variants.
    pub fn is_nested(&self) -> bool {
        matches!(
            self,
            Self::List(_) | Self::Map { .. } | Self::Struct(_) | Self::Variant(_)
        )
    }

    /// The name of the type without what is within it, for errors.
    pub(crate) fn kind(&self) -> String {
        match self {
            Self::List(_) => "List".to_owned(),
            Self::Map { .. } => "Map".to_owned(),
            Self::Struct(_) => "Struct".to_owned(),
            Self::Variant(_) => "Variant".to_owned(),
            other => format!("{other:?}"),
        }
    }
}
