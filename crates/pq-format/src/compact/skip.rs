//! Stepping over values without reading them.

use super::{CompactReader, MAX_DEPTH};
use crate::error::Malformed;
use crate::protocol::code;
use crate::usual_form::UsualForm;

impl CompactReader<'_> {
    /// Steps over the value of a field whose header has this code.
    #[inline]
    pub(crate) fn skip_field(&mut self, code: u8) -> Result<(), Malformed> {
        match code {
            code::TRUE | code::FALSE => Ok(()),
            _ => self.skip_element(code),
        }
    }

    /// Steps over an element of a list, set or map.
    pub(crate) fn skip_element(&mut self, code: u8) -> Result<(), Malformed> {
        match code {
            code::TRUE | code::FALSE | code::I8 => self.skip(1),
            code::I16 | code::I32 | code::I64 => self.take_varint().map(|_| ()),
            code::DOUBLE => self.skip(8),
            code::BINARY => self.take_binary().map(|_| ()),
            code::UUID => self.skip(16),
            code::LIST | code::SET => {
                let (element, count) = self.open_list()?;
                if element == code::STRUCT {
                    self.skip_structs(count)?;
                } else {
                    for _ in 0..count {
                        self.skip_element(element)?;
                    }
                }
                self.close();
                Ok(())
            }
            code::MAP => {
                let (key, value, count) = self.open_map()?;
                for _ in 0..count {
                    self.skip_element(key)?;
                    self.skip_element(value)?;
                }
                self.close();
                Ok(())
            }
            code::STRUCT => self.skip_structs(1),
            _ => Err(Malformed::TypeCode {
                offset: self.position,
                code,
            }),
        }
    }

    /// Steps over a list with its header if the code of its elements is this one, and all of them
    /// are in this form.
    #[inline(always)]
    pub(super) fn skip_usual_list(&mut self, element: u8, form: UsualForm) -> bool {
        let Some(word) = self.word() else {
            return false;
        };
        let (header, word) = (word as u8, word >> 8);
        let count = usize::from(header >> 4);
        if header & 0x0f != element || count == 15 || self.depth + 2 > MAX_DEPTH {
            return false;
        }
        match form {
            UsualForm::None => false,
            UsualForm::Integer { bytes } => match length_of_integers(word, count, bytes) {
                Some(length) => {
                    self.position += 1 + length;
                    true
                }
                None => false,
            },
            UsualForm::Struct(usual) => {
                let mut rest = self.bytes.get(self.position + 1..).unwrap_or_default();
                let before = rest.len();
                for _ in 0..count {
                    let word = rest.first_chunk().copied().map(u64::from_le_bytes);
                    let Some(length) = word.and_then(|word| usual.length_in(word)) else {
                        return false;
                    };
                    rest = rest.get(length..).unwrap_or_default();
                }
                self.position += 1 + before - rest.len();
                true
            }
        }
    }

    fn skip(&mut self, length: usize) -> Result<(), Malformed> {
        self.take(length).map(|_| ())
    }

    /// Steps over so many structs, one behind the other; the ids of their fields are not looked
    /// at. Structs in structs and in lists take no call, but a place on a stack.
    pub(crate) fn skip_structs(&mut self, count: usize) -> Result<(), Malformed> {
        if count == 0 {
            return Ok(());
        }
        let depth = self.depth;
        self.open()?;
        // Structs to come at each level, the one at hand included; the innermost is `left`.
        let mut stack = [(0, 0); MAX_DEPTH];
        let mut levels = 0_usize;
        let mut left = count;
        loop {
            let (position, stop) = skip_usual_fields(self.bytes, self.position, self.depth);
            self.position = position;
            let (code, inner) = match stop {
                Stop::End => (code::STOP, 0),
                Stop::Struct => (code::STRUCT, 1),
                Stop::Structs(inner) => (code::LIST, inner),
                Stop::Other => {
                    let byte = self.take_byte()?;
                    let code = byte & 0x0f;
                    if code != code::STOP {
                        if byte >> 4 == 0 {
                            self.take_i16()?;
                        }
                        self.skip_field(code)?;
                        continue;
                    }
                    (code, 0)
                }
            };
            if code == code::STOP {
                left -= 1;
                if left > 0 {
                    continue;
                }
                let Some(level) = levels.checked_sub(1) else {
                    break;
                };
                levels = level;
                // A struct and, around it, perhaps a list.
                (left, self.depth) = stack.get(level).copied().unwrap_or_default();
                continue;
            }
            if let Some(level) = stack.get_mut(levels) {
                *level = (left, self.depth);
            }
            levels += 1;
            left = inner;
            self.open()?;
            if code == code::LIST {
                self.open()?;
            }
        }
        self.depth = depth;
        Ok(())
    }
}

/// The length of so many integers, 1 to 7, if all of them are in the lowest seven bytes of `word`,
/// and none takes more than so many `bytes`.
#[inline(always)]
fn length_of_integers(word: u64, count: usize, bytes: usize) -> Option<usize> {
    if !(1..=7).contains(&count) {
        return None;
    }
    // The high bits of last bytes, without those of all integers but the last.
    let mut ends = !word & 0x0080_8080_8080_8080;
    for _ in 1..count {
        ends &= ends.wrapping_sub(1);
    }
    if ends == 0 {
        return None;
    }
    let length = ends.trailing_zeros() as usize / 8 + 1;
    // What one of them has if the others have a byte each.
    (length + 1 - count <= bytes).then_some(length)
}

/// Why stepping over the usual fields stopped.
enum Stop {
    /// The end of the struct.
    End,
    /// At the start of a struct.
    Struct,
    /// At the start of the first of so many structs, one or more, in a list.
    Structs(usize),
    /// Before a field of another form.
    Other,
}

/// Steps over fields of a struct in their usual forms: booleans, integers, short bytes, lists of
/// few short elements. Returns where it stopped and why.
#[inline]
fn skip_usual_fields(bytes: &[u8], mut position: usize, depth: usize) -> (usize, Stop) {
    let mut last = position;
    while let Some(&word) = bytes.get(position..).and_then(|rest| rest.first_chunk()) {
        let word = u64::from_le_bytes(word);
        let (header, value) = (word as u8, (word >> 8) as u8);
        last = position;
        if header >> 4 == 0 {
            if header == code::STOP {
                return (position + 1, Stop::End);
            }
            break;
        }
        // A header and a value of up to seven bytes, or a length of one.
        position += match header & 0x0f {
            code::TRUE | code::FALSE => 1,
            code::I16 | code::I32 | code::I64 if value < 0x80 => 2,
            code::I16 | code::I32 | code::I64 => {
                let ends = !word & 0x8080_8080_8080_8000;
                if ends == 0 {
                    break;
                }
                ends.trailing_zeros() as usize / 8 + 1
            }
            code::BINARY if value < 0x80 => 2 + usize::from(value),
            code::STRUCT => return (position + 1, Stop::Struct),
            code::LIST if depth < MAX_DEPTH => {
                let count = usize::from(value >> 4);
                match value & 0x0f {
                    code::STRUCT if (1..15).contains(&count) => {
                        return (position + 2, Stop::Structs(count));
                    }
                    // Integers of a byte each.
                    code::I16 | code::I32 | code::I64 if count <= 6 => {
                        let more = word >> 16 & 0x8080_8080_8080;
                        if more & !(u64::MAX << (8 * count)) != 0 {
                            break;
                        }
                        2 + count
                    }
                    // One string.
                    code::BINARY if count == 1 && (word >> 16) as u8 & 0x80 == 0 => {
                        3 + usize::from((word >> 16) as u8)
                    }
                    _ => break,
                }
            }
            _ => break,
        };
    }
    // A string may be said to end behind the last byte.
    if position > bytes.len() {
        position = last;
    }
    (position, Stop::Other)
}
