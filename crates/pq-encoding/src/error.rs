//! What can go wrong.

use core::{error, fmt};

/// Why values were not encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum EncodeError {
    /// More bits a value than the encoding has.
    Width {
        /// The width asked for.
        width: u8,
        /// The most that there is.
        most: u8,
    },
    /// A value that does not fit the bit width.
    TooWide {
        /// Its position in the input.
        index: usize,
        /// The value.
        value: u64,
        /// The bits that there are.
        width: u8,
    },
    /// More bytes than the encoding can state.
    TooLong {
        /// How many there are.
        len: usize,
        /// The most that can be stated.
        most: usize,
    },
    /// The output has too little room for what comes next.
    OutputFull {
        /// The bytes that this takes.
        needed: usize,
        /// The bytes there are.
        available: usize,
    },
    /// An offset that is below the one before it, or outside the data.
    Offset {
        /// Its position among the offsets.
        index: usize,
    },
    /// Bytes that are no whole number of values.
    Ragged {
        /// How many bytes there are.
        len: usize,
        /// The bytes of a value.
        width: usize,
    },
    /// Bits of a bitmap of which the last one is too far to be counted.
    BitRange {
        /// The first one.
        offset: usize,
        /// How many there are.
        len: usize,
    },
    /// A level above the largest one.
    Level {
        /// Its position in the input.
        index: usize,
        /// The level.
        level: u16,
        /// The largest one.
        most: u16,
    },
    /// Not as many values as were announced.
    Count {
        /// How many were announced.
        announced: usize,
        /// How many came.
        given: usize,
    },
}

impl EncodeError {
    /// The same, of values behind `base` others.
    pub(crate) fn behind(mut self, base: usize) -> Self {
        if let Self::TooWide { index, .. } = &mut self {
            *index = index.saturating_add(base);
        }
        self
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Width { width, most } => write!(f, "bit width {width} is above {most}"),
            Self::TooWide {
                index,
                value,
                width,
            } => write!(f, "value {value} at {index} needs more than {width} bits"),
            Self::TooLong { len, most } => write!(f, "{len} bytes, at most {most} can be stated"),
            Self::OutputFull { needed, available } => {
                write!(f, "{needed} bytes needed, {available} available")
            }
            Self::Offset { index } => {
                write!(f, "offset {index} falls or is outside the data")
            }
            Self::Ragged { len, width } => {
                write!(f, "{len} bytes are no whole number of values of {width}")
            }
            Self::BitRange { offset, len } => {
                write!(
                    f,
                    "{len} bits from bit {offset} on are more than can be counted"
                )
            }
            Self::Level { index, level, most } => {
                write!(f, "level {level} at {index} is above {most}")
            }
            Self::Count { announced, given } => {
                write!(f, "{given} values came, {announced} were announced")
            }
        }
    }
}

impl error::Error for EncodeError {}

/// Why bytes were not decoded. Offsets count from the start of the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecodeError {
    /// More bits a value than the encoding has.
    Width {
        /// The width asked for.
        width: u8,
        /// The most that there is.
        most: u8,
    },
    /// The input ends too early.
    UnexpectedEnd {
        /// Where more was expected.
        offset: usize,
    },
    /// An integer that is too large for its type.
    Overflow {
        /// Where it starts.
        offset: usize,
    },
    /// A run of no values.
    EmptyRun {
        /// Where it starts.
        offset: usize,
    },
    /// The output has too little room.
    OutputFull {
        /// The bytes needed.
        needed: usize,
        /// The bytes there are.
        available: usize,
    },
    /// Blocks of a size that the encoding does not have.
    BlockSize {
        /// Where it starts.
        offset: usize,
    },
    /// More bits a value than its type has.
    TooWide {
        /// Where the width is.
        offset: usize,
        /// The width.
        width: u8,
        /// The most that there is.
        most: u8,
    },
    /// Not as many values as were asked for.
    Count {
        /// How many the input states.
        stated: usize,
        /// How many were asked for.
        wanted: usize,
    },
    /// Bytes behind the values.
    TrailingBytes {
        /// Where they start.
        offset: usize,
    },
    /// A length that is negative, or not that of the values.
    Length {
        /// Where the lengths start.
        offset: usize,
        /// Which of them it is.
        index: usize,
    },
    /// A level above the largest one.
    Level {
        /// The byte that it starts in.
        offset: usize,
        /// Which of the levels it is.
        index: usize,
        /// The level.
        level: u16,
        /// The largest one.
        most: u16,
    },
    /// A prefix that is negative, or longer than the value it is taken from.
    Prefix {
        /// Where the prefixes start.
        offset: usize,
        /// Which of them it is.
        index: usize,
    },
    /// A variant of the encoding that there is not yet.
    Mode {
        /// Where it is stated.
        offset: usize,
        /// The number of it.
        mode: u8,
    },
    /// An offset that is not where its part starts.
    Offset {
        /// Where the offset is.
        offset: usize,
    },
    /// A number that is larger than what comes before it allows.
    TooLarge {
        /// Where it starts.
        offset: usize,
        /// The number.
        value: usize,
        /// The most that there is.
        most: usize,
    },
}

impl DecodeError {
    /// The same, of an input that starts at byte `base` of another.
    pub(crate) fn behind(mut self, base: usize) -> Self {
        match &mut self {
            Self::UnexpectedEnd { offset }
            | Self::Overflow { offset }
            | Self::EmptyRun { offset }
            | Self::BlockSize { offset }
            | Self::TooWide { offset, .. }
            | Self::TrailingBytes { offset }
            | Self::Length { offset, .. }
            | Self::Level { offset, .. }
            | Self::Prefix { offset, .. }
            | Self::Mode { offset, .. }
            | Self::Offset { offset }
            | Self::TooLarge { offset, .. } => *offset = offset.saturating_add(base),
            Self::Width { .. } | Self::OutputFull { .. } | Self::Count { .. } => {}
        }
        self
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Width { width, most } => write!(f, "bit width {width} is above {most}"),
            Self::UnexpectedEnd { offset } => write!(f, "the input ends at byte {offset}"),
            Self::Overflow { offset } => write!(f, "the integer at byte {offset} is too large"),
            Self::EmptyRun { offset } => write!(f, "the run at byte {offset} is empty"),
            Self::OutputFull { needed, available } => {
                write!(f, "{needed} bytes needed, {available} available")
            }
            Self::BlockSize { offset } => {
                write!(f, "the block size at byte {offset} is none that there is")
            }
            Self::TooWide {
                offset,
                width,
                most,
            } => write!(f, "the bit width {width} at byte {offset} is above {most}"),
            Self::Count { stated, wanted } => {
                write!(
                    f,
                    "the input states {stated} values, {wanted} were asked for"
                )
            }
            Self::TrailingBytes { offset } => {
                write!(f, "the values end at byte {offset}, the input does not")
            }
            Self::Length { offset, index } => {
                write!(
                    f,
                    "length {index} of those at byte {offset} is none of a value"
                )
            }
            Self::Level {
                offset,
                index,
                level,
                most,
            } => {
                write!(
                    f,
                    "level {index}, {level} at byte {offset}, is above {most}"
                )
            }
            Self::Prefix { offset, index } => {
                write!(
                    f,
                    "prefix {index} of those at byte {offset} is none of the value before"
                )
            }
            Self::Mode { offset, mode } => {
                write!(f, "the mode {mode} at byte {offset} is none that there is")
            }
            Self::Offset { offset } => {
                write!(
                    f,
                    "the offset at byte {offset} is not where its part starts"
                )
            }
            Self::TooLarge {
                offset,
                value,
                most,
            } => write!(f, "the number {value} at byte {offset} is above {most}"),
        }
    }
}

impl error::Error for DecodeError {}
