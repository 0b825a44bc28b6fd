//! The macros that declare structs, enums and unions the way the IDL does.
//!
//! `structs!`, `enums!` and `unions!` take declarations that can be laid next
//! to `parquet.thrift` line by line; from one declaration come the Rust type,
//! its reader and its writer.

/// The names of types in the IDL that differ from Rust's.
#[allow(non_camel_case_types)]
pub(crate) mod idl {
    pub(crate) type string = String;
    pub(crate) type binary = Vec<u8>;
    pub(crate) type double = f64;
    pub(crate) type list<T> = Vec<T>;
}

/// Declares structs: `id: required|optional type name;` as in the IDL.
macro_rules! structs {
    ($(
        $(#[$doc:meta])*
        struct $struct:ident {$(
            $(#[$field_doc:meta])*
            $id:literal : $presence:ident $type:ident $(<$element:ident>)? $name:ident;
        )*}
    )*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Default)]
        pub struct $struct {
            $(
                $(#[$field_doc])*
                pub $name: $crate::define::presence!(@type $presence $type $(<$element>)?),
            )*
            /// Fields this crate does not know; they are written back.
            pub unknown_fields: $crate::unknown::UnknownFields,
        }

        impl $crate::value::ThriftStruct for $struct {
            fn read<P: thrift::protocol::TInputProtocol + ?Sized>(
                protocol: &mut P,
            ) -> Result<Self, $crate::error::FormatError> {
                use $crate::error::FormatError;
                let mut value = Self::default();
                // Bit n is set once field n has been read.
                #[allow(unused_mut)]
                let mut seen = 0_u64;
                protocol.read_struct_begin().map_err(FormatError::from_thrift)?;
                while let Some((field_type, id)) = $crate::value::next_field(protocol)? {
                    match id {
                        $(
                            // Some writers gave an optional id to something else:
                            // that is an unknown field.
                            $id if $crate::define::presence!(@reads $presence field_type, $type $(<$element>)?) => {
                                let field =
                                    $crate::value::read_field(protocol, field_type, stringify!($name))?;
                                value.$name = $crate::define::presence!(@wrap $presence field);
                                seen |= 1 << $id;
                            }
                        )*
                        _ => value.unknown_fields.read_field(protocol, field_type, id)?,
                    }
                    protocol.read_field_end().map_err(FormatError::from_thrift)?;
                }
                protocol.read_struct_end().map_err(FormatError::from_thrift)?;
                $($crate::define::presence!(@check $presence seen, $id, $name);)*
                let _ = seen;
                Ok(value)
            }

            fn write<P: thrift::protocol::TOutputProtocol + ?Sized>(
                &self,
                protocol: &mut P,
            ) -> Result<(), $crate::error::FormatError> {
                $crate::value::begin_struct(protocol)?;
                #[allow(unused_mut)]
                let mut unknown = self.unknown_fields.as_slice();
                $(
                    unknown = $crate::unknown::write_below(unknown, $id, protocol)?;
                    $crate::define::presence!(@each $presence self.$name, |field| {
                        $crate::value::write_field(field, protocol, $id, stringify!($name))?;
                    });
                )*
                for field in unknown {
                    field.write(protocol)?;
                }
                $crate::value::end_struct(protocol)
            }
        }

        $crate::define::value_of_struct!($struct);
    )*};
}

/// What `required` and `optional` mean in each place.
macro_rules! presence {
    (@type required $type:ty) => { $type };
    (@type optional $type:ty) => { Option<$type> };
    (@reads required $got:ident, $type:ty) => { true };
    (@reads optional $got:ident, $type:ty) => {
        $got == <$type as $crate::value::Value>::TYPE
    };
    (@wrap required $value:expr) => { $value };
    (@wrap optional $value:expr) => { Some($value) };
    (@check required $seen:ident, $id:literal, $name:ident) => {
        if $seen & (1 << $id) == 0 {
            let missing = $crate::error::FormatError::MissingField { path: String::new() };
            return Err(missing.in_field(stringify!($name)));
        }
    };
    (@check optional $seen:ident, $id:literal, $name:ident) => {};
    (@each required $this:ident.$name:ident, |$field:ident| $body:block) => {
        let $field = &$this.$name;
        $body
    };
    (@each optional $this:ident.$name:ident, |$field:ident| $body:block) => {
        if let Some($field) = &$this.$name $body
    };
}

/// Lets a struct or union be a field or a list element.
macro_rules! value_of_struct {
    ($struct:ident) => {
        impl $crate::value::Value for $struct {
            const TYPE: thrift::protocol::TType = thrift::protocol::TType::Struct;
            fn read_value<P: thrift::protocol::TInputProtocol + ?Sized>(
                protocol: &mut P,
            ) -> Result<Self, $crate::error::FormatError> {
                <Self as $crate::value::ThriftStruct>::read(protocol)
            }
            fn write_value<P: thrift::protocol::TOutputProtocol + ?Sized>(
                &self,
                protocol: &mut P,
            ) -> Result<(), $crate::error::FormatError> {
                <Self as $crate::value::ThriftStruct>::write(self, protocol)
            }
        }
    };
}

/// Declares enums: `NAME = number;` as in the IDL. They are newtypes, so that
/// numbers of later versions of the specification survive.
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
            pub const fn name(&self) -> Option<&'static str> {
                match self.0 {
                    $($number => Some(stringify!($name)),)*
                    _ => None,
                }
            }
        }

        impl std::fmt::Debug for $enum {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self.name() {
                    Some(name) => f.write_str(name),
                    None => write!(f, concat!(stringify!($enum), "({})"), self.0),
                }
            }
        }

        impl std::fmt::Display for $enum {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Debug::fmt(self, f)
            }
        }

        impl $crate::value::Value for $enum {
            const TYPE: thrift::protocol::TType = thrift::protocol::TType::I32;
            fn read_value<P: thrift::protocol::TInputProtocol + ?Sized>(
                protocol: &mut P,
            ) -> Result<Self, $crate::error::FormatError> {
                <i32 as $crate::value::Value>::read_value(protocol).map(Self)
            }
            fn write_value<P: thrift::protocol::TOutputProtocol + ?Sized>(
                &self,
                protocol: &mut P,
            ) -> Result<(), $crate::error::FormatError> {
                $crate::value::Value::write_value(&self.0, protocol)
            }
        }
    )*};
}

/// Declares unions: `id: Type MEMBER as Variant;`, the first three as in the
/// IDL. The default is the first member.
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
            /// A member this crate does not know; it is written back.
            Other($crate::unknown::UnknownField),
        }

        impl Default for $union {
            fn default() -> Self {
                Self::$first_variant($first_type::default())
            }
        }

        impl $crate::value::ThriftStruct for $union {
            fn read<P: thrift::protocol::TInputProtocol + ?Sized>(
                protocol: &mut P,
            ) -> Result<Self, $crate::error::FormatError> {
                use $crate::error::FormatError;
                use $crate::value::read_field;
                let members = |got| FormatError::UnionMembers { path: String::new(), got };
                protocol.read_struct_begin().map_err(FormatError::from_thrift)?;
                let Some((field_type, id)) = $crate::value::next_field(protocol)? else {
                    return Err(members(0));
                };
                let value = match id {
                    $first_id => Self::$first_variant(
                        read_field(protocol, field_type, stringify!($first_member))?,
                    ),
                    $($id => Self::$variant(
                        read_field(protocol, field_type, stringify!($member))?,
                    ),)*
                    _ => Self::Other($crate::unknown::UnknownField::read(protocol, field_type, id)?),
                };
                protocol.read_field_end().map_err(FormatError::from_thrift)?;
                if $crate::value::next_field(protocol)?.is_some() {
                    return Err(members(2));
                }
                protocol.read_struct_end().map_err(FormatError::from_thrift)?;
                Ok(value)
            }

            fn write<P: thrift::protocol::TOutputProtocol + ?Sized>(
                &self,
                protocol: &mut P,
            ) -> Result<(), $crate::error::FormatError> {
                use $crate::value::write_field;
                $crate::value::begin_struct(protocol)?;
                match self {
                    Self::$first_variant(value) => {
                        write_field(value, protocol, $first_id, stringify!($first_member))?;
                    }
                    $(Self::$variant(value) => {
                        write_field(value, protocol, $id, stringify!($member))?;
                    })*
                    Self::Other(field) => field.write(protocol)?,
                }
                $crate::value::end_struct(protocol)
            }
        }

        $crate::define::value_of_struct!($union);
    )*};
}

pub(crate) use {enums, presence, structs, unions, value_of_struct};
