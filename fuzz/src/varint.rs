//! Varints and zigzag.

use crate::naive;
use pq_encoding::{varint, zigzag};

pub fn check(data: &[u8]) {
    let decoded = varint::decode_u64(data);
    assert_eq!(decoded.ok(), naive::varint(data));
    let narrow = naive::varint(data).and_then(|(value, used)| Some((value.try_into().ok()?, used)));
    assert_eq!(varint::decode_u32(data).ok(), narrow);
    let Ok((value, used)) = decoded else { return };

    let mut out = Vec::new();
    varint::encode_u64(value, &mut out).unwrap();
    assert_eq!(out.len(), varint::len_u64(value));
    assert!(out.len() <= used && out.len() <= varint::MAX_LEN_U64);
    assert_eq!(varint::decode_u64(&out), Ok((value, out.len())));
    assert_eq!(zigzag::encode_i64(zigzag::decode_i64(value)), value);
    if let Some((narrow, _)) = narrow {
        out.clear();
        varint::encode_u32(narrow, &mut out).unwrap();
        assert!(out.len() <= varint::MAX_LEN_U32);
        assert_eq!(varint::decode_u32(&out), Ok((narrow, out.len())));
        assert_eq!(zigzag::encode_i32(zigzag::decode_i32(narrow)), narrow);
    }
}
