use super::*;
use proptest::prelude::*;

/// The obvious version: entry by entry.
fn naive(repetition: &[u16], is_value: &[bool], most: Most, room: usize) -> Vec<Cut> {
    let ends: Vec<usize> = (1..=repetition.len())
        .filter(|&end| repetition.get(end).is_none_or(|&level| level == 0))
        .collect();
    let rows = |entries: Range<usize>| repetition[entries].iter().filter(|l| **l == 0).count();
    let values = |entries: Range<usize>| is_value[entries].iter().filter(|v| **v).count();
    let mut cuts: Vec<Cut> = Vec::new();
    let (mut row, mut entry, mut value) = (0, 0, 0);
    while entry < repetition.len() {
        let later = ends.iter().copied().filter(|&end| end > entry);
        let fits = |end: usize| rows(entry..end) <= most.rows && values(entry..end) <= room;
        let one = later.clone().next().unwrap();
        let end = later.take_while(|&end| fits(end)).last().unwrap_or(one);
        let cut = Cut {
            rows: row..row + rows(entry..end),
            entries: entry..end,
            values: value..value + values(entry..end),
        };
        (row, entry, value) = (cut.rows.end, end, cut.values.end);
        cuts.push(cut);
    }
    cuts
}

proptest! {
    #[test]
    fn as_entry_by_entry(
        entries in prop::collection::vec((any::<bool>(), prop::bool::weighted(0.7)), 1..300),
        rows in 1_usize..90,
        room in 1_usize..90,
        is_repeated: bool,
    ) {
        let is_value: Vec<bool> = entries.iter().map(|entry| entry.1).collect();
        let mut repetition: Vec<u16> =
            entries.iter().map(|entry| u16::from(entry.0 && is_repeated)).collect();
        repetition[0] = 0;
        let most = Most { rows, entries: usize::MAX };
        let expected = naive(&repetition, &is_value, most, room);
        let mut bits = vec![0_u8; entries.len().div_ceil(8)];
        for (at, _) in is_value.iter().enumerate().filter(|(_, is)| **is) {
            bits[at / 8] |= 1 << (at % 8);
        }
        let definition = is_value.iter().map(|&is| u16::from(is)).collect();
        for definition in [Definition::Bits(bits), Definition::Levels(definition)] {
            let levels = Levels {
                rows: repetition.iter().filter(|level| **level == 0).count(),
                entries: entries.len(),
                values: is_value.iter().filter(|is| **is).count(),
                definition,
                repetition: is_repeated.then(|| repetition.clone()),
            };
            let found: Vec<Cut> = cuts(&levels, 1, most, |first| first + room).collect();
            // Entries behind the last value that fits belong to the page, which both do.
            prop_assert_eq!(&found, &expected);
        }
    }
}
