//! Thrift's compact protocol once more, apart from pq-format's: what bytes say, without how they
//! say it.
//!
//! Two encodings of the same structs have the same [`Form::content`]; how else the first differs
//! from the plainest encoding is in [`Form::habits`].

use std::collections::BTreeSet;

pub const ORDER: &str = "fields not in the order of their ids";
pub const LONG_FIELD: &str = "a field header with the id itself where a step would do";
pub const LONG_LIST: &str = "a list header with a count of its own where four bits would do";
pub const LONG_INTEGER: &str = "an integer in more bytes than it needs";
pub const BOOLEAN_LIST: &str = "a list of booleans with the code of `false` as its type";
pub const BOOLEAN_ZERO: &str = "`false` in a list as 0";
pub const EMPTY_LIST: &str = "an empty list that names another type of elements, or none";
pub const SIGNED: &str = "bytes behind the struct, such as a signature";

/// A struct, taken apart.
#[derive(Debug, Default)]
pub struct Form {
    /// The fields in the order of their ids, all in one form.
    pub content: Vec<u8>,
    pub habits: BTreeSet<&'static str>,
}

/// Takes the struct apart that `bytes` begin with; `None` if there is none.
pub fn form(bytes: &[u8]) -> Option<Form> {
    let mut input = Input {
        rest: bytes,
        habits: BTreeSet::new(),
    };
    let content = input.structure()?;
    if !input.rest.is_empty() {
        input.habits.insert(SIGNED);
    }
    Some(Form {
        content,
        habits: input.habits,
    })
}

struct Input<'a> {
    rest: &'a [u8],
    habits: BTreeSet<&'static str>,
}

impl<'a> Input<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn integer(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                if byte == 0 && shift > 0 {
                    self.habits.insert(LONG_INTEGER);
                }
                return Some(value);
            }
        }
        None
    }

    fn structure(&mut self) -> Option<Vec<u8>> {
        let mut fields: Vec<(i16, u8, Vec<u8>)> = Vec::new();
        let mut id = 0_i16;
        loop {
            let byte = self.byte()?;
            let (step, code) = (byte >> 4, byte & 15);
            if code == 0 {
                break;
            }
            let before = id;
            if step == 0 {
                let zigzag = self.integer()?;
                id = i16::try_from((zigzag >> 1) as i64 ^ -((zigzag & 1) as i64)).ok()?;
                if (1..=15).contains(&(i32::from(id) - i32::from(before))) {
                    self.habits.insert(LONG_FIELD);
                }
            } else {
                id = id.checked_add(step.into())?;
            }
            if id <= before && !fields.is_empty() {
                self.habits.insert(ORDER);
            }
            let value = match code {
                1 | 2 => Vec::new(),
                _ => self.value(code)?,
            };
            fields.push((id, code, value));
        }
        fields.sort_by_key(|(id, ..)| *id);
        let mut content = Vec::new();
        for (id, code, value) in fields {
            content.extend(id.to_be_bytes());
            content.push(code);
            content.extend(value);
        }
        content.push(0);
        Some(content)
    }

    /// A value that is no boolean field.
    fn value(&mut self, code: u8) -> Option<Vec<u8>> {
        Some(match code {
            1 | 2 => match self.byte()? {
                1 => vec![1],
                2 => vec![2],
                0 => {
                    self.habits.insert(BOOLEAN_ZERO);
                    vec![2]
                }
                _ => return None,
            },
            3 => vec![self.byte()?],
            4..=6 => self.integer()?.to_le_bytes().to_vec(),
            7 => self.take(8)?.to_vec(),
            8 => {
                let length = self.integer()?;
                let bytes = self.take(usize::try_from(length).ok()?)?;
                [&length.to_le_bytes(), bytes].concat()
            }
            9 | 10 => self.list(code)?,
            11 => {
                let count = self.integer()?;
                let mut content = count.to_le_bytes().to_vec();
                let codes = if count == 0 { 0 } else { self.byte()? };
                content.push(codes);
                for _ in 0..count {
                    content.extend(self.value(codes >> 4)?);
                    content.extend(self.value(codes & 15)?);
                }
                content
            }
            12 => self.structure()?,
            13 => self.take(16)?.to_vec(),
            _ => return None,
        })
    }

    fn list(&mut self, code: u8) -> Option<Vec<u8>> {
        let head = self.byte()?;
        let count = match head >> 4 {
            15 => {
                let count = self.integer()?;
                if count < 15 {
                    self.habits.insert(LONG_LIST);
                }
                count
            }
            few => few.into(),
        };
        // Both codes of booleans are one type, and no elements are of any.
        let element = match head & 15 {
            _ if count == 0 => 0,
            2 => {
                self.habits.insert(BOOLEAN_LIST);
                1
            }
            code => code,
        };
        let mut content = vec![code, element];
        content.extend(count.to_le_bytes());
        for _ in 0..count {
            content.extend(self.value(element)?);
        }
        Some(content)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_said_in_other_ways() {
        // A number, a list of two booleans, an empty list.
        let plain = form(&[0x15, 2, 0x19, 0x21, 1, 2, 0x19, 0x0c, 0]).unwrap();
        assert!(plain.habits.is_empty());
        for (bytes, habit) in [
            (
                &[0x05, 2, 2, 0x19, 0x21, 1, 2, 0x19, 0x0c, 0][..],
                LONG_FIELD,
            ),
            (&[0x29, 0x21, 1, 2, 0x05, 2, 2, 0x29, 0x0c, 0], ORDER),
            (
                &[0x15, 0x82, 0, 0x19, 0x21, 1, 2, 0x19, 0x0c, 0],
                LONG_INTEGER,
            ),
            (&[0x15, 2, 0x19, 0xf1, 2, 1, 2, 0x19, 0x0c, 0], LONG_LIST),
            (&[0x15, 2, 0x19, 0x22, 1, 2, 0x19, 0x0c, 0], BOOLEAN_LIST),
            (&[0x15, 2, 0x19, 0x21, 1, 0, 0x19, 0x0c, 0], BOOLEAN_ZERO),
            (&[0x15, 2, 0x19, 0x21, 1, 2, 0x19, 0x0c, 0, 9], SIGNED),
        ] {
            let other = form(bytes).unwrap();
            assert_eq!(other.content, plain.content, "{habit}");
            assert_eq!(Vec::from_iter(other.habits), [habit]);
        }
        let other = form(&[0x15, 2, 0x19, 0x21, 1, 2, 0x19, 0x05, 0]).unwrap();
        assert_eq!(other.content, plain.content);
        let other = form(&[0x15, 2, 0x19, 0x21, 2, 2, 0x19, 0x0c, 0]).unwrap();
        assert_ne!(other.content, plain.content);
        assert!(form(&[0x15, 2]).is_none());
    }
}
