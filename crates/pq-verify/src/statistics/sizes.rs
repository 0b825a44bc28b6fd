//! Sizes and histograms of levels.

use crate::notes::Notes;
use crate::rule::Rule;
use pq_format::{SizeStatistics, Type};

/// Checks the sizes of a chunk.
pub(crate) fn check_sizes(
    stated: &SizeStatistics,
    physical: Type,
    bytes: u64,
    repetition: &[u64],
    definition: &[u64],
    notes: &mut Notes<'_>,
) {
    if let Some(stated) = stated.unencoded_byte_array_data_bytes {
        if physical == Type::BYTE_ARRAY {
            notes.equal(Rule::UnencodedBytes, "the size", stated, bytes);
        } else {
            notes.say(Rule::UnencodedBytes, || {
                format!("a size for {physical:?}, which has none")
            });
        }
    }
    for (rule, stated, counted) in [
        (
            Rule::RepetitionHistogram,
            &stated.repetition_level_histogram,
            repetition,
        ),
        (
            Rule::DefinitionHistogram,
            &stated.definition_level_histogram,
            definition,
        ),
    ] {
        if let Some(stated) = stated {
            let stated: Vec<i64> = stated.iter().collect();
            check_histogram(rule, &stated, counted, notes);
        }
    }
}

/// Checks one histogram; an empty one says nothing.
pub(crate) fn check_histogram(rule: Rule, stated: &[i64], counted: &[u64], notes: &mut Notes<'_>) {
    let kept = stated.is_empty()
        || (stated.len() == counted.len()
            && stated
                .iter()
                .zip(counted)
                .all(|(&stated, &counted)| u64::try_from(stated) == Ok(counted)));
    notes.check(rule, kept, || {
        let first = |counts: &[i64]| counts.get(..8).unwrap_or(counts).to_vec();
        let counted: Vec<i64> = counted.iter().map(|&count| count as i64).collect();
        format!("{:?}, should be {:?}", first(stated), first(&counted))
    });
}
