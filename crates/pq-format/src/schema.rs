//! The schema: physical and logical types, and the elements of the tree.

use crate::define::idl::*;
use crate::define::{enums, structs, unions};

enums! {
    /// Physical type of a column: what its values are in pages.
    enum Type {
        /// One bit.
        BOOLEAN = 0;
        /// Four bytes, little endian, two's complement.
        INT32 = 1;
        /// Eight bytes, little endian, two's complement.
        INT64 = 2;
        /// Twelve bytes; deprecated, once used for timestamps.
        INT96 = 3;
        /// IEEE 754 in four bytes.
        FLOAT = 4;
        /// IEEE 754 in eight bytes.
        DOUBLE = 5;
        /// Bytes with a length each.
        BYTE_ARRAY = 6;
        /// Bytes of the one length that the schema states.
        FIXED_LEN_BYTE_ARRAY = 7;
    }

    /// What values mean, as older writers and readers state it; see
    /// [`LogicalType`] for the present form.
    enum ConvertedType {
        /// Text.
        UTF8 = 0;
        /// A map from keys to values.
        MAP = 1;
        /// The repeated group inside of a map.
        MAP_KEY_VALUE = 2;
        /// A list.
        LIST = 3;
        /// A text out of a fixed set.
        ENUM = 4;
        /// An unscaled integer with a scale and precision in the schema.
        DECIMAL = 5;
        /// Days since 1970-01-01.
        DATE = 6;
        /// Milliseconds since midnight.
        TIME_MILLIS = 7;
        /// Microseconds since midnight.
        TIME_MICROS = 8;
        /// Milliseconds since 1970-01-01 00:00 UTC.
        TIMESTAMP_MILLIS = 9;
        /// Microseconds since 1970-01-01 00:00 UTC.
        TIMESTAMP_MICROS = 10;
        /// Unsigned integer of 8 bits.
        UINT_8 = 11;
        /// Unsigned integer of 16 bits.
        UINT_16 = 12;
        /// Unsigned integer of 32 bits.
        UINT_32 = 13;
        /// Unsigned integer of 64 bits.
        UINT_64 = 14;
        /// Signed integer of 8 bits.
        INT_8 = 15;
        /// Signed integer of 16 bits.
        INT_16 = 16;
        /// Signed integer of 32 bits.
        INT_32 = 17;
        /// Signed integer of 64 bits.
        INT_64 = 18;
        /// A JSON document as text.
        JSON = 19;
        /// A BSON document.
        BSON = 20;
        /// Months, days and milliseconds, four bytes each.
        INTERVAL = 21;
    }

    /// How often a field occurs in its parent.
    enum FieldRepetitionType {
        /// Exactly once.
        REQUIRED = 0;
        /// Once or not at all.
        OPTIONAL = 1;
        /// Any number of times.
        REPEATED = 2;
    }

    /// How edges between two points of a geography run.
    enum EdgeInterpolationAlgorithm {
        /// Great circles on a sphere.
        SPHERICAL = 0;
        /// Vincenty's formulae on an ellipsoid.
        VINCENTY = 1;
        /// Thomas's formulae on an ellipsoid.
        THOMAS = 2;
        /// Andoyer's formulae on an ellipsoid.
        ANDOYER = 3;
        /// Karney's algorithm on an ellipsoid.
        KARNEY = 4;
    }
}

structs! {
    /// Text; for `BYTE_ARRAY`.
    struct StringType {}

    /// A UUID, big endian; for `FIXED_LEN_BYTE_ARRAY` of 16.
    struct UUIDType {}

    /// A group that is a map.
    struct MapType {}

    /// A group that is a list.
    struct ListType {}

    /// A text out of a fixed set; for `BYTE_ARRAY`.
    struct EnumType {}

    /// Days since 1970-01-01; for `INT32`.
    struct DateType {}

    /// IEEE 754 of half precision, little endian; for `FIXED_LEN_BYTE_ARRAY` of 2.
    struct Float16Type {}

    /// A column with nothing but nulls.
    struct NullType {}

    /// A decimal number: the unscaled integer is stored.
    struct DecimalType: Validate {
        /// Digits after the point.
        1: required i32 scale;
        /// Digits in all.
        2: required i32 precision;
    }

    /// The unit is 10⁻³ s.
    struct MilliSeconds {}

    /// The unit is 10⁻⁶ s.
    struct MicroSeconds {}

    /// The unit is 10⁻⁹ s.
    struct NanoSeconds {}

    /// An instant, or a date with a time of day.
    struct TimestampType {
        /// Whether values count from 1970-01-01 00:00 UTC; else they are local
        /// times of no time zone.
        1: required bool is_adjusted_to_utc;
        /// Unit of the values.
        2: required TimeUnit unit;
    }

    /// A time of day.
    struct TimeType {
        /// Whether values are in UTC; else they are local times of no time zone.
        1: required bool is_adjusted_to_utc;
        /// Unit of the values.
        2: required TimeUnit unit;
    }

    /// An integer; for `INT32`, or `INT64` if it has 64 bits.
    struct IntType: Validate {
        /// 8, 16, 32 or 64.
        1: required i8 bit_width;
        /// Whether values below zero are possible.
        2: required bool is_signed;
    }

    /// A JSON document as text; for `BYTE_ARRAY`.
    struct JsonType {}

    /// A BSON document; for `BYTE_ARRAY`.
    struct BsonType {}

    /// A group that holds a variant.
    struct VariantType {
        /// Version of the variant specification it was written with.
        1: optional i8 specification_version;
    }

    /// A geometry in well-known binary with straight edges; for `BYTE_ARRAY`.
    struct GeometryType {
        /// Coordinate reference system; OGC:CRS84 if absent.
        1: optional string crs;
    }

    /// A geometry in well-known binary on the earth's surface; for `BYTE_ARRAY`.
    struct GeographyType {
        /// Coordinate reference system; OGC:CRS84 if absent.
        1: optional string crs;
        /// How edges run; `SPHERICAL` if absent.
        2: optional EdgeInterpolationAlgorithm algorithm;
    }

    /// A group that refers to a file.
    struct FileType {}

    /// A node of the schema. The schema is a list of them: the root, then its
    /// descendants in depth-first order.
    struct SchemaElement: Validate {
        /// Physical type; absent for groups.
        1: optional Type r#type;
        /// Bytes of a value of `FIXED_LEN_BYTE_ARRAY`.
        2: optional i32 type_length;
        /// How often the field occurs; absent for the root.
        3: optional FieldRepetitionType repetition_type;
        /// Name of the field.
        4: required string name;
        /// Number of children; absent for leaves.
        5: optional i32 num_children;
        /// Meaning of values, for older readers.
        6: optional ConvertedType converted_type;
        /// Digits after the point, if the converted type is `DECIMAL`.
        7: optional i32 scale;
        /// Digits in all, if the converted type is `DECIMAL`.
        8: optional i32 precision;
        /// The field's id in a schema kept elsewhere.
        9: optional i32 field_id;
        /// Meaning of values.
        10: optional LogicalType logical_type;
    }
}

unions! {
    /// Unit of a time or timestamp.
    union TimeUnit {
        /// 10⁻³ s.
        1: MilliSeconds MILLIS as Millis;
        /// 10⁻⁶ s.
        2: MicroSeconds MICROS as Micros;
        /// 10⁻⁹ s.
        3: NanoSeconds NANOS as Nanos;
    }

    /// What values mean (LogicalTypes.md).
    union LogicalType {
        /// Text.
        1: StringType STRING as String;
        /// A map.
        2: MapType MAP as Map;
        /// A list.
        3: ListType LIST as List;
        /// A text out of a fixed set.
        4: EnumType ENUM as Enum;
        /// A decimal number.
        5: DecimalType DECIMAL as Decimal;
        /// A date.
        6: DateType DATE as Date;
        /// A time of day.
        7: TimeType TIME as Time;
        /// An instant, or a date with a time of day.
        8: TimestampType TIMESTAMP as Timestamp;
        /// An integer of a given width.
        10: IntType INTEGER as Integer;
        /// Nothing but nulls.
        11: NullType UNKNOWN as Unknown;
        /// A JSON document.
        12: JsonType JSON as Json;
        /// A BSON document.
        13: BsonType BSON as Bson;
        /// A UUID.
        14: UUIDType UUID as Uuid;
        /// A floating-point number of half precision.
        15: Float16Type FLOAT16 as Float16;
        /// A variant.
        16: VariantType VARIANT as Variant;
        /// A geometry with straight edges.
        17: GeometryType GEOMETRY as Geometry;
        /// A geometry on the earth's surface.
        18: GeographyType GEOGRAPHY as Geography;
        /// A reference to a file.
        19: FileType FILE as File;
    }
}
