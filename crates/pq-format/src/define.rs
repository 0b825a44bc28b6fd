//! The macros that declare structs, enums and unions the way the IDL does.
//!
//! From one declaration, which can be laid beside `parquet.thrift` line by line, come the Rust
//! type, its reader and its writer.

/// The names of types in the IDL that differ from Rust's; to be imported where
/// [`structs!`](crate::structs) and [`unions!`](crate::unions) are used.
#[allow(non_camel_case_types)]
pub mod idl {
    /// Text.
    pub type string = String;
    /// Bytes; few of them are kept in place.
    pub type binary = crate::Binary;
    /// A floating-point number of 64 bits.
    pub type double = f64;
    /// A list.
    pub type list<T> = Vec<T>;
    /// A `list<T>` of short values, kept as it is encoded.
    pub type packed_list<T> = crate::PackedList<T>;
    /// A `list<string>` of short strings.
    pub type string_list = crate::StringList;
    /// A `list<T>` that is rare: a word if it is absent.
    pub type boxed_list<T> = Box<Vec<T>>;
    /// A `T` on the heap: for optional structs that are large and rare.
    pub type boxed<T> = Box<T>;
}

/// Declares structs: `id: required|optional type name;` as in the IDL.
///
/// Types are those of [`idl`](crate::idl), Rust's `bool`, `i8`, `i16`, `i32`, `i64`, and
/// structs, unions and enums; there are no maps, no sets and no lists of lists. Ids are from 1 to
/// 63. Each struct gets public fields, a
/// `Default`, [`ThriftStruct`](crate::ThriftStruct), and `unknown_fields` that come back when
/// it is written. A name with `: Validate` behind it has an implementation of
/// [`Validate`](crate::Validate) beside it, which is asked before each write.
///
/// ```
/// use pq_format::idl::*;
/// use pq_format::{FormatError, Validate, decode, encode};
///
/// pq_format::structs! {
///     /// A tile of an image.
///     struct Tile: Validate {
///         /// Columns of pixels.
///         1: required i32 width;
///         /// Rows of pixels.
///         2: required i32 height;
///         /// What it shows.
///         3: optional string title;
///         /// Offsets of its rows.
///         4: required list<i64> offsets;
///     }
/// }
///
/// impl Validate for Tile {
///     fn validate(&self) -> Result<(), FormatError> {
///         if self.offsets.len() as i64 != i64::from(self.height) {
///             return Err(FormatError::inconsistent("offsets", "there is one for each row"));
///         }
///         Ok(())
///     }
/// }
///
/// # fn main() -> Result<(), FormatError> {
/// let tile = Tile { width: 3, height: 2, offsets: vec![0, 3], ..Default::default() };
/// let mut bytes = Vec::new();
/// encode(&tile, &mut bytes)?;
/// assert_eq!(decode::<Tile>(&bytes)?, (tile, bytes.len()));
/// # Ok(())
/// # }
/// ```
#[macro_export]
macro_rules! structs {
    ($(
        $(#[$doc:meta])*
        struct $struct:ident $(: $validate:ident)? {$(
            $(#[$field_doc:meta])*
            $id:literal : $presence:ident $type:ident $(<$element:ident>)? $name:ident;
        )*}
    )*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Default)]
        pub struct $struct {
            $(
                $(#[$field_doc])*
                pub $name: $crate::__field!(@type $presence $type $(<$element>)?),
            )*
            /// Fields that the declaration does not have; they are written back.
            pub unknown_fields: $crate::UnknownFields,
        }

        impl $struct {
            /// The name of a field; empty if there is none of that id.
            #[cold]
            fn field_name(id: i16) -> &'static str {
                match id {
                    $($id => stringify!($name),)*
                    _ => "",
                }
            }

            /// Reads fields up to the end of the struct. Bit n of `seen` is set if field n has been
            /// read, the highest of them last; and so it is in what is returned.
            #[inline(never)]
            fn read_in_any_order<I: $crate::protocol::Input>(
                &mut self,
                input: &mut I,
                #[allow(unused_mut)]
                mut seen: u64,
            ) -> ::core::result::Result<u64, $crate::FormatError> {
                let mut previous_id = seen.checked_ilog2().map_or(0, |id| id as i16);
                loop {
                    let field = input
                        .next_field(previous_id)
                        .map_err(|(id, error)| error.in_field(Self::field_name(id)))?;
                    if field.code == $crate::protocol::code::STOP {
                        return ::core::result::Result::Ok(seen);
                    }
                    previous_id = field.id;
                    match field.id {
                        $(
                            // Some writers gave an optional id to something else:
                            // that is an unknown field.
                            $id if $crate::__field!(@reads $presence field, $type $(<$element>)?) => {
                                if seen & 1 << $id != 0 {
                                    return ::core::result::Result::Err($crate::FormatError::duplicate_field(input.position(), field.id)
                                        .in_field(stringify!($name)));
                                }
                                seen |= 1 << $id;
                                $crate::__field!(@expect $presence field, $type $(<$element>)?, $name);
                                let value = $crate::__field!(@begin $presence self.$name);
                                $crate::Value::read_field(value, input, field)
                                    .map_err(|error| error.in_field(stringify!($name)))?;
                            }
                        )*
                        _ => self.unknown_fields.read_field(input, field)?,
                    }
                }
            }
        }

        impl $crate::ThriftStruct for $struct {
            // Of structs without fields, or required ones.
            #[allow(unused_assignments, unused_labels, unused_variables)]
            fn read<I: $crate::protocol::Input>(
                &mut self,
                input: &mut I,
            ) -> ::core::result::Result<(), $crate::FormatError> {
                // Bit n is set once field n has been read.
                #[allow(unused_mut)]
                let mut seen = 0_u64;
                input.begin_struct()?;
                // Fields mostly come in the order of their ids: each is asked for in turn.
                #[allow(unused_mut)]
                let mut next = $crate::protocol::NextHeader::behind(0, input);
                'in_order: {
                    $(
                        if <$crate::__field!(@value_type $type $(<$element>)?) as $crate::Value>::read_next(
                            input,
                            next.of($id),
                            &mut self.$name,
                        )
                        .map_err(|error| error.in_field(stringify!($name)))?
                        {
                            seen |= 1 << $id;
                            next = $crate::protocol::NextHeader::behind($id, input);
                        } else {
                            $crate::__field!(@absent $presence 'in_order);
                        }
                    )*
                }
                if next.is_stop() {
                    input.take_header();
                } else {
                    seen = self.read_in_any_order(input, seen)?;
                }
                input.end_struct()?;
                let required = 0_u64 $(| $crate::__field!(@bit $presence $id))*;
                if seen & required == required {
                    return ::core::result::Result::Ok(());
                }
                $($crate::__field!(@check $presence seen, $id, $name);)*
                ::core::result::Result::Ok(())
            }

            fn write<O: $crate::protocol::Output>(
                &self,
                output: &mut O,
            ) -> ::core::result::Result<(), $crate::FormatError> {
                $crate::Validate::validate(self)?;
                output.begin_struct()?;
                #[allow(unused_mut)]
                let mut last = 0;
                #[allow(unused_mut)]
                let mut unknown = self.unknown_fields.as_slice();
                $(
                    if !unknown.is_empty() {
                        unknown = $crate::UnknownField::write_below(unknown, $id, output, &mut last)?;
                    }
                    $crate::__field!(@each $presence self.$name, |field| {
                        $crate::Value::write_field(field, output, &mut last, $id)
                            .map_err(|error| error.in_field(stringify!($name)))?;
                    });
                )*
                for field in unknown {
                    field.write(output, &mut last)?;
                }
                output.end_struct()
            }
        }

        $crate::__field!(@validate $struct $($validate)?);
        $crate::__field!(@value $struct, $crate::UsualStruct::EMPTY
            $(.field(
                $id,
                <$crate::__field!(@value_type $type $(<$element>)?) as $crate::Value>::CODE,
                $crate::__field!(@is_required $presence),
            ))*
            .end());
    )*};
}

/// What `required` and `optional` mean in each place, and other parts of declarations.
#[doc(hidden)]
#[macro_export]
macro_rules! __field {
    (@type required $type:ty) => { $type };
    (@type optional $type:ty) => { ::core::option::Option<$type> };
    (@value_type $type:ty) => { $type };
    (@reads required $field:ident, $type:ty) => { true };
    (@reads optional $field:ident, $type:ty) => { <$type as $crate::Value>::reads($field.code) };
    (@expect required $field:ident, $type:ty, $name:ident) => {
        if !<$type as $crate::Value>::reads($field.code) {
            let expected = <$type as $crate::Value>::CODE;
            return ::core::result::Result::Err($crate::FormatError::field_type(expected, $field.code)
                .in_field(stringify!($name)));
        }
    };
    (@expect optional $field:ident, $type:ty, $name:ident) => {};
    (@begin required $this:ident.$name:ident) => { &mut $this.$name };
    (@begin optional $this:ident.$name:ident) => { $this.$name.get_or_insert_default() };
    (@bit required $id:literal) => { 1 << $id };
    (@bit optional $id:literal) => { 0 };
    (@is_required required) => { true };
    (@is_required optional) => { false };
    (@absent required $in_order:lifetime) => { break $in_order };
    (@absent optional $in_order:lifetime) => {};
    (@check required $seen:ident, $id:literal, $name:ident) => {
        if $seen & 1 << $id == 0 {
            return ::core::result::Result::Err($crate::FormatError::missing_field(stringify!($name)));
        }
    };
    (@check optional $seen:ident, $id:literal, $name:ident) => {};
    (@each required $this:ident.$name:ident, |$field:ident| $body:block) => {
        let $field = &$this.$name;
        $body
    };
    (@each optional $this:ident.$name:ident, |$field:ident| $body:block) => {
        if let ::core::option::Option::Some($field) = &$this.$name $body
    };
    (@validate $struct:ident) => { impl $crate::Validate for $struct {} };
    (@validate $struct:ident Validate) => {};
    (@value $struct:ident, $usual_form:expr) => {
        impl $crate::Value for $struct {
            const CODE: u8 = $crate::protocol::code::STRUCT;
            const USUAL_FORM: $crate::UsualForm = $usual_form;

            #[inline]
            fn read<I: $crate::protocol::Input>(
                &mut self,
                input: &mut I,
            ) -> ::core::result::Result<(), $crate::FormatError> {
                $crate::ThriftStruct::read(self, input)
            }

            #[inline]
            fn write<O: $crate::protocol::Output>(
                &self,
                output: &mut O,
            ) -> ::core::result::Result<(), $crate::FormatError> {
                $crate::ThriftStruct::write(self, output)
            }
        }
    };
}

/// Declares enums: `NAME = number;` as in the IDL. They are newtypes, so that numbers of later
/// versions survive. An enum is a type of fields, not a struct of its own.
///
/// ```
/// pq_format::enums! {
///     /// How a tile is turned.
///     enum Turn {
///         /// Not at all.
///         NONE = 0;
///         /// By a right angle.
///         RIGHT = 1;
///     }
/// }
///
/// assert_eq!(Turn::RIGHT.name(), Some("RIGHT"));
/// assert_eq!(Turn(7).to_string(), "Turn(7)");
/// ```
#[macro_export]
macro_rules! enums {
    ($(
        $(#[$doc:meta])*
        enum $enum:ident {$(
            $(#[$value_doc:meta])*
            $name:ident = $number:literal;
        )*}
    )*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $enum(pub i32);

        impl $enum {
            $(
                $(#[$value_doc])*
                pub const $name: Self = Self($number);
            )*

            /// Every value the specification names, in its order.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The name in the specification; `None` if it has none.
            #[must_use]
            pub const fn name(&self) -> ::core::option::Option<&'static str> {
                match self.0 {
                    $($number => ::core::option::Option::Some(stringify!($name)),)*
                    _ => ::core::option::Option::None,
                }
            }
        }

        impl ::core::fmt::Debug for $enum {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                match self.name() {
                    ::core::option::Option::Some(name) => f.write_str(name),
                    ::core::option::Option::None => write!(f, concat!(stringify!($enum), "({})"), self.0),
                }
            }
        }

        impl ::core::fmt::Display for $enum {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Debug::fmt(self, f)
            }
        }

        impl $crate::Number for $enum {}

        impl $crate::Value for $enum {
            const CODE: u8 = $crate::protocol::code::I32;
            const USUAL_FORM: $crate::UsualForm = <i32 as $crate::Value>::USUAL_FORM;

            #[inline]
            fn read<I: $crate::protocol::Input>(
                &mut self,
                input: &mut I,
            ) -> ::core::result::Result<(), $crate::FormatError> {
                self.0 = input.i32()?;
                ::core::result::Result::Ok(())
            }

            #[inline]
            fn read_field<I: $crate::protocol::Input>(
                &mut self,
                input: &mut I,
                field: $crate::protocol::Field,
            ) -> ::core::result::Result<(), $crate::FormatError> {
                $crate::Value::read_field(&mut self.0, input, field)
            }

            #[inline(always)]
            fn read_next<I: $crate::protocol::Input>(
                input: &mut I,
                next: $crate::protocol::NextHeader,
                place: &mut impl $crate::Place<Self>,
            ) -> ::core::result::Result<bool, $crate::FormatError> {
                let mut number = 0_i32;
                let is_next = $crate::Value::read_next(input, next, &mut number)?;
                if is_next {
                    place.set(Self(number));
                }
                ::core::result::Result::Ok(is_next)
            }

            #[inline]
            fn write<O: $crate::protocol::Output>(
                &self,
                output: &mut O,
            ) -> ::core::result::Result<(), $crate::FormatError> {
                output.i32(self.0)
            }

            #[inline(always)]
            fn write_field<O: $crate::protocol::Output>(
                &self,
                output: &mut O,
                last: &mut i16,
                id: i16,
            ) -> ::core::result::Result<(), $crate::FormatError> {
                $crate::Value::write_field(&self.0, output, last, id)
            }
        }
    )*};
}

/// Declares unions: `id: Type MEMBER as Variant;`, the first three as in the IDL. The default
/// is the first member; a member that is not declared becomes `Other` and is written back.
///
/// ```
/// pq_format::structs! {
///     /// Nothing.
///     struct Plain {}
///
///     /// A colour.
///     struct Coloured {
///         /// Red, green and blue.
///         1: required i32 colour;
///     }
/// }
///
/// pq_format::unions! {
///     /// What a tile is filled with.
///     union Fill {
///         /// With nothing.
///         1: Plain PLAIN as Plain;
///         /// With one colour.
///         2: Coloured COLOURED as Coloured;
///     }
/// }
///
/// # fn main() -> Result<(), pq_format::FormatError> {
/// let fill = Fill::Coloured(Coloured { colour: 0xff_80_00, ..Default::default() });
/// let mut bytes = Vec::new();
/// pq_format::encode(&fill, &mut bytes)?;
/// assert_eq!(pq_format::decode::<Fill>(&bytes)?.0, fill);
/// # Ok(())
/// # }
/// ```
#[macro_export]
macro_rules! unions {
    ($(
        $(#[$doc:meta])*
        union $union:ident {
            $(#[$first_doc:meta])*
            $first_id:literal : $first_type:ident $first_member:ident as $first_variant:ident;
            $(
                $(#[$member_doc:meta])*
                $id:literal : $type:ident $member:ident as $variant:ident;
            )*
        }
    )*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq)]
        pub enum $union {
            $(#[$first_doc])*
            $first_variant($first_type),
            $(
                $(#[$member_doc])*
                $variant($type),
            )*
            /// A member that the declaration does not have; it is written back.
            Other($crate::UnknownField),
        }

        impl ::core::default::Default for $union {
            fn default() -> Self {
                Self::$first_variant($first_type::default())
            }
        }

        impl $crate::ThriftStruct for $union {
            fn read<I: $crate::protocol::Input>(
                &mut self,
                input: &mut I,
            ) -> ::core::result::Result<(), $crate::FormatError> {
                input.begin_struct()?;
                let field = input.next_field(0).map_err(|(_, error)| error)?;
                if field.code == $crate::protocol::code::STOP {
                    return ::core::result::Result::Err($crate::FormatError::union_members(0));
                }
                *self = match field.id {
                    $first_id => Self::$first_variant(
                        $crate::read_member(input, field, stringify!($first_member))?,
                    ),
                    $($id => Self::$variant(
                        $crate::read_member(input, field, stringify!($member))?,
                    ),)*
                    _ => Self::Other($crate::UnknownField::read(input, field)?),
                };
                let next = input.next_field(field.id).map_err(|(_, error)| error)?;
                if next.code != $crate::protocol::code::STOP {
                    return ::core::result::Result::Err($crate::FormatError::union_members(2));
                }
                input.end_struct()
            }

            fn write<O: $crate::protocol::Output>(
                &self,
                output: &mut O,
            ) -> ::core::result::Result<(), $crate::FormatError> {
                output.begin_struct()?;
                let mut last = 0;
                match self {
                    Self::$first_variant(value) => $crate::Value::write_field(
                        value, output, &mut last, $first_id,
                    ).map_err(|error| error.in_field(stringify!($first_member)))?,
                    $(Self::$variant(value) => $crate::Value::write_field(
                        value, output, &mut last, $id,
                    ).map_err(|error| error.in_field(stringify!($member)))?,)*
                    Self::Other(field) => field.write(output, &mut last)?,
                }
                output.end_struct()
            }
        }

        $crate::__field!(@value $union, $crate::UsualForm::None);
    )*};
}

pub(crate) use {enums, structs, unions};
