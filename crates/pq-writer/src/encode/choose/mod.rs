//! Which encoding the values of a chunk get, from what some of them show. The decision is final
//! before the first page is written.

mod measure;
mod sample;

pub(super) use measure::Measure;

use super::dictionary::{Dictionary, Hints, Tables};
use super::settings::set_encoding;
use super::values::plain_len;
use crate::error::WriteError;
use crate::leaf::LeafValues;
use crate::options::{ColumnEncoding, Compression, Profile};
use crate::settings::LeafSettings;
use pq_encoding::vectors::{Work, vectorized};
use pq_format::Encoding;
use sample::Sample;

/// How values are stored.
#[derive(Debug)]
pub(super) enum Choice<'v> {
    Dictionary(Dictionary<'v>),
    /// Without a dictionary.
    Encoding(Encoding),
}

/// More different values than this are not cheap to find.
const CHEAP: usize = 4096;

/// So many come from memory that is far.
const MANY: usize = 1 << 16;

/// Chooses for values that are not coded.
pub(super) fn choose<'v>(
    values: &LeafValues<'v>,
    settings: &LeafSettings,
    measure: &mut Measure<'_>,
    tables: &mut Tables,
) -> Result<Choice<'v>, WriteError> {
    if let Some(encoding) = set_encoding(settings.encoding) {
        return Ok(Choice::Encoding(encoding));
    }
    if values.len() == 0 {
        return Ok(Choice::Encoding(Encoding::PLAIN));
    }
    let chooser = Chooser {
        values,
        settings,
        sample: Sample::of(values),
    };
    if settings.encoding == ColumnEncoding::Dictionary {
        return chooser.dictionary_first(measure, tables);
    }
    match settings.profile {
        Profile::Fast => Ok(chooser.fast(tables)),
        Profile::Compatible | Profile::Small => chooser.smallest(measure, tables),
    }
}

struct Chooser<'c, 'v> {
    values: &'c LeafValues<'v>,
    settings: &'c LeafSettings,
    sample: Sample,
}

impl<'v> Chooser<'_, 'v> {
    /// The dictionary that was asked for, if it is shorter than the values and its limit.
    fn dictionary_first(
        &self,
        measure: &mut Measure<'_>,
        tables: &mut Tables,
    ) -> Result<Choice<'v>, WriteError> {
        if let Some(dictionary) = self.build(tables) {
            let codes = self.values.len() * usize::from(dictionary.width()) / 8;
            if self.entries_len(&dictionary) + codes < self.sample.plain {
                return Ok(Choice::Dictionary(dictionary));
            }
            dictionary.release(tables);
        }
        let candidates = candidates(self.values, self.settings.profile);
        let best = self.best(candidates, measure)?;
        Ok(Choice::Encoding(self.readable(best.encoding)))
    }

    /// A dictionary if it is quickly found, and PLAIN otherwise.
    fn fast(&self, tables: &mut Tables) -> Choice<'v> {
        let is_cheap = self.sample.distinct <= CHEAP || self.sample.is_close();
        if is_cheap
            && self.sample.expected_len(1, 1) < self.sample.plain / 2
            && let Some(dictionary) = self.build(tables)
        {
            return Choice::Dictionary(dictionary);
        }
        Choice::Encoding(Encoding::PLAIN)
    }

    /// What takes the fewest bytes.
    fn smallest(
        &self,
        measure: &mut Measure<'_>,
        tables: &mut Tables,
    ) -> Result<Choice<'v>, WriteError> {
        let candidates = candidates(self.values, self.settings.profile);
        let limit = self.settings.dictionary_bytes;
        let entries = self.sample.distinct.saturating_mul(self.sample.value_len);
        // A few values say too much rather than too little of how many different ones there are. To
        // find many takes long, so they have to save much.
        let is_worth =
            self.sample.distinct <= MANY || self.sample.expected_len(1, 1) <= self.sample.plain / 2;
        let mut may_fit =
            !matches!(self.values, LeafValues::Boolean(_)) && entries / 3 * 2 <= limit && is_worth;
        if let (false, [only]) = (may_fit, candidates) {
            return Ok(Choice::Encoding(*only));
        }
        let mut best = self.best(candidates, measure)?;
        let expected = self.sample.expected_len(best.plain_cost, self.sample.plain);
        let mut dictionary = None;
        loop {
            if may_fit && dictionary.is_none() && expected / 10 * 9 <= best.cost {
                dictionary = self.measured(best.plain_cost, measure, tables)?;
                may_fit = dictionary.is_some();
            }
            if let Some((dictionary, _)) = dictionary.take_if(|(_, cost)| *cost < best.cost) {
                return Ok(Choice::Dictionary(dictionary));
            }
            if best.encoding == self.readable(best.encoding) {
                if let Some((dictionary, _)) = dictionary {
                    dictionary.release(tables);
                }
                return Ok(Choice::Encoding(best.encoding));
            }
            // The dictionary that was not good enough may be now.
            best.encoding = Encoding::PLAIN;
            best.cost = best.plain_cost;
        }
    }

    /// The dictionary and the bytes that it and its codes take; `plain_cost` is what all values
    /// take, PLAIN and compressed.
    fn measured(
        &self,
        plain_cost: usize,
        measure: &mut Measure<'_>,
        tables: &mut Tables,
    ) -> Result<Option<(Dictionary<'v>, usize)>, WriteError> {
        let Some(dictionary) = self.build(tables) else {
            return Ok(None);
        };
        let entries = scaled(self.entries_len(&dictionary), plain_cost, self.sample.plain);
        let codes = measure.codes(&self.sample, &dictionary)?;
        let cost = entries + codes.of(self.values.len());
        Ok(Some((dictionary, cost)))
    }

    /// The encoding, or PLAIN where not every reader that is to read it does.
    fn readable(&self, encoding: Encoding) -> Encoding {
        let is_wide = encoding == Encoding::DELTA_BINARY_PACKED
            && self.settings.profile == Profile::Compatible
            && !has_narrow_deltas(self.values);
        if is_wide { Encoding::PLAIN } else { encoding }
    }

    fn build(&self, tables: &mut Tables) -> Option<Dictionary<'v>> {
        let hints = Hints {
            distinct: self.sample.distinct,
            range: self.sample.range,
            scale: self.sample.scale,
            has_runs: self.sample.has_runs(),
            longest: self.sample.longest,
        };
        let limit = self.settings.dictionary_bytes.min(self.sample.plain);
        Dictionary::build(self.values, limit, hints, tables).ok()
    }

    fn entries_len(&self, dictionary: &Dictionary<'_>) -> usize {
        plain_len(&dictionary.entries, 0..dictionary.entries.len())
    }

    /// The best of some encodings without a dictionary, PLAIN the first of them.
    fn best(&self, candidates: &[Encoding], measure: &mut Measure<'_>) -> Result<Best, WriteError> {
        let mut best = Best {
            encoding: Encoding::PLAIN,
            cost: self.sample.plain,
            plain_cost: self.sample.plain,
        };
        for &encoding in candidates {
            if encoding == Encoding::PLAIN && self.settings.compression == Compression::Uncompressed
            {
                continue;
            }
            let measured = measure.values(self.values, &self.sample, encoding)?;
            let len = measured.of(self.values.len());
            if encoding == Encoding::PLAIN {
                best.cost = len;
                best.plain_cost = len;
                continue;
            }
            // PLAIN is quicker to read, and compatible with all that reads.
            let cost = match self.settings.profile {
                Profile::Small => len + len / 100,
                _ => len + len / 9,
            };
            if cost < best.cost {
                best.encoding = encoding;
                best.cost = cost;
            }
        }
        Ok(best)
    }
}

struct Best {
    encoding: Encoding,
    /// Bytes of all values, and more for what should only win clearly.
    cost: usize,
    /// Bytes of all values, PLAIN and compressed.
    plain_cost: usize,
}

/// The encodings without a dictionary that a profile has for a type, PLAIN first.
fn candidates(values: &LeafValues<'_>, profile: Profile) -> &'static [Encoding] {
    const PLAIN: Encoding = Encoding::PLAIN;
    const DELTA: Encoding = Encoding::DELTA_BINARY_PACKED;
    const SPLIT: Encoding = Encoding::BYTE_STREAM_SPLIT;
    let is_integer = matches!(values, LeafValues::Int32(_) | LeafValues::Int64(_));
    match (profile, values) {
        (Profile::Fast, _) => &[PLAIN],
        (Profile::Compatible, _) if is_integer => &[PLAIN, DELTA],
        (Profile::Compatible, _) => &[PLAIN],
        (Profile::Small, LeafValues::Boolean(_)) => &[PLAIN, Encoding::RLE],
        (Profile::Small, _) if is_integer => &[PLAIN, DELTA, SPLIT],
        (Profile::Small, LeafValues::Float(_) | LeafValues::Double(_)) => &[PLAIN, SPLIT],
        (Profile::Small, LeafValues::Bytes(_)) => &[
            PLAIN,
            Encoding::DELTA_LENGTH_BYTE_ARRAY,
            Encoding::DELTA_BYTE_ARRAY,
        ],
        (Profile::Small, LeafValues::Fixed { .. }) => &[PLAIN, SPLIT, Encoding::DELTA_BYTE_ARRAY],
        (Profile::Small, _) => &[PLAIN],
    }
}

/// The most bits of a delta of INT64 that every reader reads: fastparquet 2026.9 gives other values
/// where a miniblock has more.
const NARROW: u32 = 28;

/// Whether no miniblock of DELTA_BINARY_PACKED can have deltas of more bits than every reader
/// reads.
fn has_narrow_deltas(values: &LeafValues<'_>) -> bool {
    let LeafValues::Int64(values) = values else {
        return true;
    };
    let mut all = Deltas {
        least: i64::MAX,
        most: i64::MIN,
    };
    let mut previous = None;
    values.for_each(0..values.len(), |slice| {
        let Some((&first, &last)) = slice.first().zip(slice.last()) else {
            return;
        };
        if let Some(previous) = previous.replace(last) {
            all.take(&[previous, first]);
        }
        all.take(slice);
    });
    all.least > all.most || all.most.abs_diff(all.least) < 1 << NARROW
}

/// The differences of neighbours.
struct Deltas {
    least: i64,
    most: i64,
}

impl Deltas {
    fn take(&mut self, values: &[i64]) {
        vectorized(MoreDeltas { all: self, values });
    }
}

struct MoreDeltas<'d> {
    all: &'d mut Deltas,
    values: &'d [i64],
}

impl Work for MoreDeltas<'_> {
    type Done = ();

    #[inline(always)]
    fn run(self) {
        let next = self.values.get(1..).unwrap_or_default();
        let (mut least, mut most) = (self.all.least, self.all.most);
        for (&value, &next) in self.values.iter().zip(next) {
            let delta = next.wrapping_sub(value);
            (least, most) = (least.min(delta), most.max(delta));
        }
        (self.all.least, self.all.most) = (least, most);
    }
}

/// `len · numerator / denominator`.
fn scaled(len: usize, numerator: usize, denominator: usize) -> usize {
    let scaled = len as u128 * numerator as u128 / (denominator as u128).max(1);
    usize::try_from(scaled).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests;
