//! What the targets of pq-format share.

use pq_format::{FormatError, ThriftStruct, decode, encode};
use std::fmt::Debug;

/// Decodes a struct; if that succeeds, encodes it and decodes that to the same. Returns it with
/// the bytes it took.
pub fn there_and_back<T: ThriftStruct + PartialEq + Debug>(data: &[u8]) -> Option<(T, usize)> {
    let (value, used) = match decode::<T>(data) {
        Ok(decoded) => decoded,
        Err(error) => {
            // It can be shown, whatever the bytes are.
            assert!(!error.to_string().is_empty());
            return None;
        }
    };
    assert!(used <= data.len());
    // What follows is not looked at, and what is cut off is missed.
    assert!(decode::<T>(&data[..used]).is_ok());
    if used < 128 {
        assert!((0..used).all(|end| decode::<T>(&data[..end]).is_err()));
    }
    // What breaks a rule of the specification is read, but not written.
    let mut bytes = vec![0xaa];
    if let Err(error) = encode(&value, &mut bytes) {
        assert!(matches!(error, FormatError::Inconsistent { .. }), "{error}");
        assert_eq!(bytes, [0xaa]);
        return Some((value, used));
    }
    let bytes = bytes_of(&value);
    let (again, length) = decode::<T>(&bytes).unwrap();
    assert_eq!(length, bytes.len());
    assert!(same(&again, &value));
    // Its own bytes are the plainest.
    assert_eq!(bytes_of(&again), bytes);
    Some((value, used))
}

pub fn bytes_of<T: ThriftStruct>(value: &T) -> Vec<u8> {
    let mut bytes = vec![0xaa];
    encode(value, &mut bytes).unwrap();
    assert_eq!(bytes.remove(0), 0xaa);
    bytes
}

/// Equal, or not a number in the same places.
pub fn same<T: PartialEq + Debug>(a: &T, b: &T) -> bool {
    a == b || format!("{a:?}") == format!("{b:?}")
}
