//! The macros as another crate uses them, with names of its own in scope.
#![deny(missing_docs, unreachable_pub, warnings)]

use pq_format::idl::*;
use pq_format::{FormatError, Validate, decode, encode};

/// What others call theirs as well.
pub type Result<T> = std::result::Result<T, String>;
/// Not the one of the macros.
#[derive(Debug)]
pub struct Option;

pq_format::enums! {
    /// Numbers with names.
    enum Kind {
        /// The first.
        ONE = 1;
    }
}

pq_format::structs! {
    /// A member.
    struct Text {
        /// A text.
        1: required string text;
    }

    /// A struct with fields named like what the macros use.
    struct Names: Validate {
        /// A number.
        1: required i32 input;
        /// A flag.
        2: optional bool output;
        /// A list.
        3: required list<i64> last;
        /// Bytes.
        4: optional binary field;
        /// An enum.
        5: required Kind code;
        /// Strings.
        6: optional string_list unknown;
        /// On the heap.
        7: optional boxed<Text> value;
        /// Numbers and flags on the heap as well.
        8: optional boxed<i64> size;
        /// A flag.
        9: optional boxed<bool> flag;
        /// A union.
        63: optional Either either;
    }
}

pq_format::unions! {
    /// One of two.
    union Either {
        /// A text.
        1: Text TEXT as Text;
        /// The same.
        2: Text NAME as Name;
    }
}

impl Validate for Names {
    fn validate(&self) -> std::result::Result<(), FormatError> {
        match self.input {
            0.. => Ok(()),
            _ => Err(FormatError::inconsistent("input", "is not negative")),
        }
    }
}

#[test]
fn all_that_is_declared_comes_back() {
    let text = |text: &str| Text {
        text: text.to_owned(),
        ..Default::default()
    };
    let names = Names {
        input: 7,
        output: Some(false),
        last: vec![1, -1],
        field: Some([1, 2].into()),
        code: Kind::ONE,
        unknown: Some(["a", "b"].into()),
        value: Some(Box::new(text("x"))),
        size: Some(Box::new(1 << 40)),
        flag: Some(Box::new(true)),
        either: Some(Either::Name(text("y"))),
        ..Default::default()
    };
    let mut bytes = Vec::new();
    encode(&names, &mut bytes).unwrap();
    assert_eq!(
        decode::<Names>(&bytes).unwrap(),
        (names.clone(), bytes.len())
    );
    let negative = Names { input: -1, ..names };
    let error = encode(&negative, &mut bytes).unwrap_err();
    assert_eq!(error.to_string(), "input: is not negative");
}
