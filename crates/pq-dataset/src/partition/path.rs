//! One folder's name, from a value and back.

use crate::scheme::Scheme;

/// The folder of rows without a value, in hive's own words.
pub(crate) const HIVE_NULL: &str = "__HIVE_DEFAULT_PARTITION__";

/// The longest name that file systems take, in bytes.
const LONGEST: usize = 255;

/// The folder of one partition value; `None` is null.
pub(crate) fn segment(scheme: Scheme, key: &str, value: Option<&str>) -> Result<String, String> {
    let folder = match (scheme, value) {
        (Scheme::Drill, None) => {
            return Err("scheme drill has no folder for null".to_owned());
        }
        (Scheme::Drill, Some("")) => {
            return Err("scheme drill has no folder for empty text".to_owned());
        }
        (Scheme::Drill, Some("..")) => "%2E%2E".to_owned(),
        // Readers pass over folders of such names, if they are folders at all.
        (Scheme::Drill, Some(value)) => match encode(value) {
            folder if folder.starts_with('.') => folder.replacen('.', "%2E", 1),
            folder if folder.starts_with('_') => folder.replacen('_', "%5F", 1),
            folder => folder,
        },
        (_, None) => format!("{}={HIVE_NULL}", encode(key)),
        // The text that looks like hive's null is not null.
        (_, Some(HIVE_NULL)) => format!("{}=%5F{}", encode(key), &HIVE_NULL[1..]),
        (_, Some(value)) => format!("{}={}", encode(key), encode(value)),
    };
    if folder.len() > LONGEST {
        return Err(format!(
            "its folder's name takes {} bytes, at most {LONGEST} are allowed",
            folder.len()
        ));
    }
    Ok(folder)
}

/// Whether [`segment`] would name a folder so.
pub(crate) fn is_own_folder(scheme: Scheme, folder: &str) -> bool {
    match (scheme, folder.split_once('=')) {
        (Scheme::Drill, _) => segment(scheme, "", Some(&decode(folder))).as_deref() == Ok(folder),
        (Scheme::Hive, Some((key, value))) => {
            segment(scheme, &decode(key), Some(&decode(value))).as_deref() == Ok(folder)
        }
        _ => false,
    }
}

/// Percent-encodes all bytes but letters and digits of ASCII and `-._~`.
fn encode(text: &str) -> String {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F',
    ];
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(DIGITS[usize::from(byte >> 4)]);
            out.push(DIGITS[usize::from(byte & 15)]);
        }
    }
    out
}

/// The text of which this is the percent-encoded form; what is not UTF-8 then is replaced, and
/// a `%` without two digits stays.
pub(crate) fn decode(text: &str) -> String {
    let digit = |byte: Option<&u8>| char::from(*byte?).to_digit(16);
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match (byte, digit(bytes.get(at)), digit(bytes.get(at + 1))) {
            (b'%', Some(high), Some(low)) => {
                out.push((high << 4 | low) as u8);
                at += 2;
            }
            _ => out.push(byte),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
