//! Levels of a page: decoded, counted, and checked against each other.

use super::runs;
use super::values::Fault;
use crate::notes::Notes;
use crate::rule::Rule;
use crate::schema::Leaf;
use pq_encoding::{DecodeError, bitpack, levels};
use pq_format::Encoding;

/// Levels of a page; empty where the largest one is 0.
#[derive(Debug, Default)]
pub(crate) struct Levels {
    pub(crate) repetition: Vec<u16>,
    pub(crate) definition: Vec<u16>,
}

/// How levels are stored.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Frame {
    /// Behind their length, or packed with the most significant bit first.
    Version1(Encoding),
    /// In bytes that the page header states.
    Version2,
}

/// What the levels of a page say.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) rows: u64,
    pub(crate) nulls: u64,
    /// Whether the first entry starts a row.
    pub(crate) starts_row: bool,
    pub(crate) repetition: Vec<u64>,
    pub(crate) definition: Vec<u64>,
}

/// Makes `out` the `count` levels that `input` starts with, or is; returns the bytes they took.
pub(crate) fn decode(
    input: &[u8],
    max_level: u16,
    count: usize,
    frame: Frame,
    out: &mut Vec<u16>,
    remarks: &mut Vec<Fault>,
) -> Result<usize, Fault> {
    out.clear();
    if max_level == 0 {
        if matches!(frame, Frame::Version2) && !input.is_empty() {
            remarks.push(Fault::new(
                Rule::LevelsByteLength,
                format!("{} bytes for levels that are all 0", input.len()),
            ));
        }
        return Ok(0);
    }
    let (runs, used) = match frame {
        Frame::Version1(Encoding::BIT_PACKED) => {
            return decode_packed(input, max_level, count, out);
        }
        Frame::Version1(_) => {
            let runs = levels::v1_unframe(input).map_err(level_fault)?;
            (runs, 4 + runs.len())
        }
        Frame::Version2 => (input, input.len()),
    };
    let width = levels::bit_width(max_level);
    match runs::check(runs, width, count, Rule::LevelsByteLength, remarks) {
        Err(fault) if fault.rule == Rule::ValuesDecode => {
            return Err(Fault {
                rule: Rule::LevelsDecode,
                ..fault
            });
        }
        checked => checked?,
    };
    out.resize(count, 0);
    levels::decode_v2(runs, max_level, out).map_err(level_fault)?;
    Ok(used)
}

fn level_fault(error: DecodeError) -> Fault {
    let rule = match error {
        DecodeError::Level { .. } => Rule::LevelsMax,
        _ => Rule::LevelsDecode,
    };
    Fault::new(rule, error.to_string())
}

fn decode_packed(
    input: &[u8],
    max_level: u16,
    count: usize,
    out: &mut Vec<u16>,
) -> Result<usize, Fault> {
    let width = levels::bit_width(max_level);
    let used = bitpack::legacy_packed_len(count, width);
    if used > input.len() {
        let offset = input.len();
        return Err(level_fault(DecodeError::UnexpectedEnd { offset }));
    }
    let mut wide = vec![0; count];
    bitpack::unpack_legacy_u32(input, width, &mut wide).map_err(level_fault)?;
    if let Some(index) = wide.iter().position(|&level| level > u32::from(max_level)) {
        return Err(Fault::new(
            Rule::LevelsMax,
            format!("level {index} is above {max_level}"),
        ));
    }
    out.extend(wide.iter().map(|&level| level as u16));
    Ok(used)
}

impl Levels {
    /// Counts levels. `count` is how many entries the page has.
    pub(crate) fn counts(&self, leaf: &Leaf, count: usize) -> Counts {
        let all = count as u64;
        let repetition = histogram(&self.repetition, leaf.max_repetition, all);
        let definition = histogram(&self.definition, leaf.max_definition, all);
        Counts {
            rows: repetition.first().copied().unwrap_or(0),
            nulls: all.saturating_sub(definition.last().copied().unwrap_or(0)),
            starts_row: self.repetition.first().is_none_or(|&level| level == 0),
            repetition,
            definition,
        }
    }

    /// Checks that each repetition level repeats something that is there, and was there before.
    pub(crate) fn agree(
        &self,
        repeated_at: &[u16],
        last_definition: &mut Option<u16>,
        notes: &mut Notes<'_>,
    ) {
        for (index, (&repetition, &definition)) in
            self.repetition.iter().zip(&self.definition).enumerate()
        {
            let above = usize::from(repetition)
                .checked_sub(1)
                .and_then(|depth| repeated_at.get(depth));
            if let Some(&least) = above
                && (definition < least || last_definition.is_some_and(|last| last < least))
            {
                let last = *last_definition;
                notes.say(Rule::LevelsAgree, || {
                    format!(
                        "entry {index} has repetition level {repetition}, definition levels \
                         {last:?} and {definition}: both must be {least} at least"
                    )
                });
                return;
            }
            *last_definition = Some(definition);
        }
    }
}

/// How often each level is there.
fn histogram(levels: &[u16], max_level: u16, all: u64) -> Vec<u64> {
    let mut counts = vec![0; usize::from(max_level) + 1];
    if max_level == 0 {
        counts[0] = all;
    }
    for &level in levels {
        if let Some(count) = counts.get_mut(usize::from(level)) {
            *count += 1;
        }
    }
    counts
}
