//! What can go wrong between structs and bytes.

use crate::protocol::code;
use std::error::Error;
use std::fmt;

/// Why metadata could not be read, written or edited.
///
/// Errors found while decoding carry the path of the field in the struct that
/// was being read, such as `row_groups[3].columns[1].meta_data.codec`; the
/// path is empty when the fault lies before the first field.
#[derive(Debug)]
#[non_exhaustive]
pub enum FormatError {
    /// A field that the specification requires is absent.
    MissingField {
        /// Path of the field.
        path: String,
    },
    /// A required field, an element or a union's member has another thrift type
    /// than the specification gives it. (An optional field of another type is
    /// kept as an unknown field: some writers gave its id to something else.)
    FieldType {
        /// Path of the field.
        path: String,
        /// The type the specification gives.
        expected: &'static str,
        /// The type found.
        got: &'static str,
    },
    /// A union must have exactly one member set.
    UnionMembers {
        /// Path of the union.
        path: String,
        /// Members found: 0, or 2 for "more than one".
        got: usize,
    },
    /// The bytes are not thrift's compact protocol, or pass a limit.
    Malformed {
        /// Path of the field being read.
        path: String,
        /// What is wrong and where.
        source: Malformed,
    },
    /// A struct that is to be written breaks a rule of the specification.
    Inconsistent {
        /// Path of the field that breaks it.
        path: String,
        /// The rule.
        rule: &'static str,
    },
    /// Another protocol reported an error.
    Protocol {
        /// Path of the field being read or written.
        path: String,
        /// The protocol's own error.
        source: Box<dyn Error + Send + Sync>,
    },
    /// A list or a string is longer than thrift can say (2³¹ − 1).
    TooLong {
        /// Path of the value.
        path: String,
        /// Its length, in elements or bytes.
        length: usize,
    },
    /// The file or the slice is too short to hold what a footer needs.
    FooterTooShort {
        /// Bytes there are.
        length: u64,
        /// Bytes needed at least.
        needed: u64,
    },
    /// The last four bytes are no magic number of Parquet.
    BadMagic {
        /// The four bytes found.
        got: [u8; 4],
    },
    /// The footer claims more bytes than the file has before its tail.
    FooterLength {
        /// Length claimed, in bytes.
        length: u64,
        /// Length of the whole file, in bytes.
        file_length: u64,
    },
    /// The metadata does not fit the footer's 32-bit length.
    FooterTooLong {
        /// Length of the metadata, in bytes.
        length: usize,
    },
    /// The file ends with `PARE`: its footer is encrypted.
    Encrypted,
    /// The footer is signed or its file encrypted: an edit would break the
    /// signature, so none is made.
    EncryptedUnsupported,
    /// The rows of all row groups do not sum up in 64 bits, or some count is
    /// negative.
    RowCount {
        /// Index of the row group at which the sum fails.
        row_group: usize,
        /// The row count of that row group.
        num_rows: i64,
    },
}

/// What is wrong with bytes that should be compact thrift; offsets count from
/// the start of the slice given to the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Malformed {
    /// The bytes end inside a value.
    UnexpectedEnd {
        /// Where the value that is cut off begins.
        offset: usize,
    },
    /// A variable-length integer has no end, or does not fit its type.
    Integer {
        /// Where the integer begins, or ends if that is how it does not fit.
        offset: usize,
    },
    /// Structs and containers nest deeper than the limit.
    Depth {
        /// Where the limit was passed.
        offset: usize,
        /// The limit.
        limit: usize,
    },
    /// A container claims more elements, or a string more bytes, than bytes
    /// are left.
    Length {
        /// Where the container's or string's contents begin.
        offset: usize,
        /// Elements or bytes claimed.
        claimed: u64,
        /// Bytes left.
        remaining: usize,
    },
    /// A string is not UTF-8.
    Utf8 {
        /// Where the string's bytes begin.
        offset: usize,
    },
    /// A type code that the compact protocol does not have.
    TypeCode {
        /// Where the code stands.
        offset: usize,
        /// The code.
        code: u8,
    },
    /// A field id outside of 16 bits.
    FieldId {
        /// Where the field begins.
        offset: usize,
    },
    /// What is decoded would take more memory than the limit.
    Memory {
        /// Where it began to.
        offset: usize,
        /// Bytes asked for last.
        wanted: usize,
    },
    /// A struct has a field twice.
    DuplicateField {
        /// Where the second one is.
        offset: usize,
        /// The field's id.
        id: i16,
    },
    /// Bytes are left after the end of a struct.
    TrailingBytes {
        /// Where the struct ends.
        offset: usize,
        /// Bytes left.
        remaining: usize,
    },
    /// A message or another construct that Parquet never uses.
    Unsupported {
        /// Where it stands.
        offset: usize,
    },
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnexpectedEnd { offset } => {
                write!(f, "the bytes end inside the value at byte {offset}")
            }
            Self::Integer { offset } => {
                write!(
                    f,
                    "the integer at byte {offset} is unterminated or too large"
                )
            }
            Self::Depth { offset, limit } => {
                write!(f, "nested deeper than {limit} levels at byte {offset}")
            }
            Self::Length {
                offset,
                claimed,
                remaining,
            } => write!(
                f,
                "length {claimed} at byte {offset} with {remaining} bytes left"
            ),
            Self::Utf8 { offset } => write!(f, "the string at byte {offset} is not UTF-8"),
            Self::TypeCode { offset, code } => {
                write!(f, "no type has the code {code} at byte {offset}")
            }
            Self::Memory { offset, wanted } => {
                write!(f, "{wanted} bytes of memory too many at byte {offset}")
            }
            Self::FieldId { offset } => {
                write!(f, "the field id at byte {offset} does not fit 16 bits")
            }
            Self::DuplicateField { offset, id } => {
                write!(f, "field {id} appears again at byte {offset}")
            }
            Self::TrailingBytes { offset, remaining } => {
                write!(f, "{remaining} bytes left after the end at byte {offset}")
            }
            Self::Unsupported { offset } => {
                write!(f, "a construct Parquet does not use at byte {offset}")
            }
        }
    }
}

impl Error for Malformed {}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingField { path } => write!(f, "required field {path} is missing"),
            Self::FieldType {
                path,
                expected,
                got,
            } => write!(f, "field {path} should be {expected}, is {got}"),
            Self::UnionMembers { path, got: 0 } => write!(f, "union {path} has no member set"),
            Self::UnionMembers { path, .. } => {
                write!(f, "union {path} has more than one member set")
            }
            Self::Malformed { path, source } if path.is_empty() => {
                write!(f, "malformed metadata: {source}")
            }
            Self::Malformed { path, source } => {
                write!(f, "malformed metadata in {path}: {source}")
            }
            Self::Inconsistent { path, rule } => write!(f, "{path}: {rule}"),
            Self::Protocol { path, source } if path.is_empty() => write!(f, "protocol: {source}"),
            Self::Protocol { path, source } => write!(f, "protocol in {path}: {source}"),
            Self::TooLong { path, length } => {
                write!(f, "{path} has length {length}, thrift allows 2^31 - 1")
            }
            Self::FooterTooShort { length, needed } => {
                write!(f, "{length} bytes, a footer needs at least {needed}")
            }
            Self::BadMagic { got } => write!(
                f,
                "not a Parquet file: it ends with \"{}\"",
                got.escape_ascii()
            ),
            Self::FooterLength {
                length,
                file_length,
            } => write!(
                f,
                "the footer claims {length} bytes in a file of {file_length}"
            ),
            Self::FooterTooLong { length } => {
                write!(f, "metadata of {length} bytes does not fit a 32-bit length")
            }
            Self::Encrypted => f.write_str("the footer is encrypted"),
            Self::EncryptedUnsupported => {
                f.write_str("footers that are signed or of encrypted files cannot be edited")
            }
            Self::RowCount {
                row_group,
                num_rows,
            } => write!(
                f,
                "the {num_rows} rows of row group {row_group} cannot be summed up"
            ),
        }
    }
}

impl Error for FormatError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Malformed { source, .. } => Some(source),
            Self::Protocol { source, .. } => Some(source.as_ref()),
            _ => None,
        }
    }
}

impl From<Malformed> for FormatError {
    fn from(source: Malformed) -> Self {
        Self::Malformed {
            path: String::new(),
            source,
        }
    }
}

impl FormatError {
    /// A rule that a field of the struct at hand breaks.
    #[cold]
    #[must_use]
    pub fn inconsistent(field: &str, rule: &'static str) -> Self {
        let path = field.to_owned();
        Self::Inconsistent { path, rule }
    }

    /// An error of another protocol.
    #[cold]
    #[must_use]
    pub fn protocol(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Protocol {
            path: String::new(),
            source: source.into(),
        }
    }

    #[cold]
    #[doc(hidden)]
    #[must_use]
    pub fn missing_field(name: &str) -> Self {
        let path = String::new();
        Self::MissingField { path }.in_field(name)
    }

    #[cold]
    #[doc(hidden)]
    #[must_use]
    pub fn field_type(expected: u8, got: u8) -> Self {
        Self::FieldType {
            path: String::new(),
            expected: code::name(expected),
            got: code::name(got),
        }
    }

    #[cold]
    #[doc(hidden)]
    #[must_use]
    pub fn duplicate_field(offset: usize, id: i16) -> Self {
        Malformed::DuplicateField { offset, id }.into()
    }

    /// An integer that does not fit its type.
    #[cold]
    pub(crate) fn integer(offset: usize) -> Self {
        Malformed::Integer { offset }.into()
    }

    #[cold]
    #[doc(hidden)]
    #[must_use]
    pub fn union_members(got: usize) -> Self {
        let path = String::new();
        Self::UnionMembers { path, got }
    }

    fn path_mut(&mut self) -> Option<&mut String> {
        match self {
            Self::MissingField { path }
            | Self::FieldType { path, .. }
            | Self::UnionMembers { path, .. }
            | Self::Malformed { path, .. }
            | Self::Protocol { path, .. }
            | Self::Inconsistent { path, .. }
            | Self::TooLong { path, .. } => Some(path),
            _ => None,
        }
    }

    /// Puts a field's name in front of the path.
    #[cold]
    #[doc(hidden)]
    #[must_use]
    pub fn in_field(mut self, name: &str) -> Self {
        if name.is_empty() {
            return self;
        }
        if let Some(path) = self.path_mut() {
            if !path.is_empty() && !path.starts_with('[') {
                path.insert(0, '.');
            }
            path.insert_str(0, name.trim_start_matches("r#"));
        }
        self
    }

    /// Puts a list index in front of the path.
    #[cold]
    pub(crate) fn in_element(mut self, index: usize) -> Self {
        if let Some(path) = self.path_mut() {
            if !path.is_empty() && !path.starts_with('[') {
                path.insert(0, '.');
            }
            path.insert_str(0, &format!("[{index}]"));
        }
        self
    }
}
