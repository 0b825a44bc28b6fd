use super::*;
use crate::encode::tests::samples::{Random, byte_strings, coded, fixed, leaf, pieces, plain};
use crate::schema::DataType;
use proptest::prelude::*;
use std::collections::HashMap;

/// The obvious version.
fn naive(values: &[Vec<u8>]) -> (Vec<Vec<u8>>, Vec<u32>) {
    let mut places = HashMap::new();
    let mut entries = Vec::new();
    let codes = values
        .iter()
        .map(|value| {
            *places.entry(value.clone()).or_insert_with(|| {
                entries.push(value.clone());
                entries.len() as u32 - 1
            })
        })
        .collect();
    (entries, codes)
}

fn check(values: &LeafValues<'_>, hints: Hints, tables: &mut Tables) {
    let dictionary = Dictionary::build(values, usize::MAX, hints, tables).unwrap();
    let (entries, codes) = naive(&plain(values));
    assert!(plain(&dictionary.entries) == entries);
    assert!(dictionary.codes.as_ref() == codes);
    assert!(dictionary.is_distinct);
    dictionary.release(tables);
}

fn hints() -> impl Strategy<Value = Hints> {
    let range = prop::option::of((-10_i64..10, 0_i64..300));
    (1_usize..5000, range, any::<bool>()).prop_map(|(distinct, range, has_runs)| Hints {
        distinct,
        range: range.map(|(smallest, distance)| (smallest, smallest + distance)),
        has_runs,
        longest: distinct % 20,
        scale: SCALES.get(distinct % 7).copied(),
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn integers(
        values in prop::collection::vec(prop_oneof![-20_i64..200, any::<i64>()], 0..3000),
        hints in hints(),
    ) {
        let mut tables = Tables::default();
        check(&LeafValues::Int64(pieces(&values)), hints, &mut tables);
        let narrow: Vec<i32> = values.iter().map(|&value| value as i32).collect();
        check(&LeafValues::Int32(pieces(&narrow)), hints, &mut tables);
        check(&LeafValues::Int64(pieces(&values)), hints, &mut tables);
    }

    #[test]
    fn floats(
        values in prop::collection::vec(prop_oneof![
            (0_u8..20).prop_map(f64::from),
            Just(-0.0),
            Just(f64::NAN),
            Just(f64::from_bits(f64::NAN.to_bits() | 1)),
            any::<f64>(),
        ], 0..2000),
        hints in hints(),
    ) {
        let mut tables = Tables::default();
        check(&LeafValues::Double(pieces(&values)), hints, &mut tables);
        let narrow: Vec<f32> = values.iter().map(|&value| value as f32).collect();
        check(&LeafValues::Float(pieces(&narrow)), hints, &mut tables);
    }

    #[test]
    fn strings(
        values in prop::collection::vec("[ab]{0,3}|[a-c]{7,9}|x{14,18}[ab]{0,2}|y{22,26}[ab]", 0..1500),
        hints in hints(),
    ) {
        let values: Vec<Vec<u8>> = values.into_iter().map(String::into_bytes).collect();
        check(&byte_strings(&values), hints, &mut Tables::default());
    }

    #[test]
    fn short_strings(
        values in prop::collection::vec("[ab\\x00]{0,4}|[a-c]{7,8}", 0..1500),
        hints in hints(),
    ) {
        let values: Vec<Vec<u8>> = values.into_iter().map(String::into_bytes).collect();
        check(&byte_strings(&values), hints, &mut Tables::default());
    }

    #[test]
    fn fixed_lengths(
        width in prop_oneof![Just(1_usize), Just(2), Just(7), Just(8), Just(16), Just(25), Just(40)],
        bytes in prop::collection::vec(0_u8..2, 0..4000),
        hints in hints(),
    ) {
        let whole = bytes.len() / width * width;
        let values = LeafValues::Fixed { width, data: fixed(&bytes[..whole], width) };
        check(&values, hints, &mut Tables::default());
    }

    #[test]
    fn brought_ones_are_merged(
        words in prop::collection::vec(0_u64..30, 1..200),
        dictionaries in 1_usize..5,
    ) {
        for data_type in [DataType::Int32, DataType::Int64, DataType::Float64, DataType::String, DataType::Uuid] {
            let values = coded(&leaf(data_type, false), &words, dictionaries);
            let LeafValues::Coded(coded) = &values else { unreachable!() };
            let mut tables = Tables::default();
            let dictionary = Dictionary::brought(coded, &mut tables).unwrap();
            let (entries, codes) = naive(&plain(&values));
            prop_assert_eq!(plain(&dictionary.entries), entries);
            prop_assert_eq!(dictionary.codes.as_ref(), codes.as_slice());
            prop_assert!(dictionary.is_distinct);
        }
    }
}

#[test]
fn one_that_was_brought_is_passed_through() {
    let words: Vec<u64> = (0..1000).map(|at| at % 10).collect();
    let values = coded(&leaf(DataType::Int64, false), &words, 1);
    let LeafValues::Coded(coded) = &values else {
        unreachable!()
    };
    let dictionary = Dictionary::brought(coded, &mut Tables::default()).unwrap();
    assert!(matches!(dictionary.entries, Cow::Borrowed(_)));
    assert!(matches!(dictionary.codes, Cow::Borrowed(_)));
}

#[test]
fn the_limit_is_of_bytes() {
    let mut tables = Tables::default();
    let hints = Hints::default();
    let values: Vec<i64> = (0..100).map(|at| at * 1_000_000_007).collect();
    let values = LeafValues::Int64(pieces(&values));
    assert!(Dictionary::build(&values, 800, hints, &mut tables).is_ok());
    let failure = Dictionary::build(&values, 799, hints, &mut tables).unwrap_err();
    assert_eq!(failure, Failure::TooLarge);

    let values: Vec<Vec<u8>> = (0..10).map(|at| vec![at; 6]).collect();
    let values = byte_strings(&values);
    assert!(Dictionary::build(&values, 100, hints, &mut tables).is_ok());
    let failure = Dictionary::build(&values, 99, hints, &mut tables).unwrap_err();
    assert_eq!(failure, Failure::TooLarge);
}

#[test]
fn many_values() {
    let mut random = Random(11);
    let mut tables = Tables::default();
    let values: Vec<i64> = (0..300_000)
        .map(|_| random.below(70_000) as i64 * 3)
        .collect();
    let mut hints = Hints {
        distinct: 10,
        ..Hints::default()
    };
    check(&LeafValues::Int64(pieces(&values)), hints, &mut tables);
    hints.range = Some((10, 70_000));
    check(&LeafValues::Int64(pieces(&values)), hints, &mut tables);
    let strings: Vec<Vec<u8>> = values
        .iter()
        .map(|value| format!("{value:>12}").into_bytes())
        .collect();
    check(&byte_strings(&strings), hints, &mut tables);
}

/// Integers of which the lowest bits of the hash are the same.
fn colliding_integers() -> Vec<i64> {
    let collides = |key: &i64| table::Key::hash(key.cast_unsigned()) & 0x3fff == 0;
    (0..).filter(collides).take(400).collect()
}

fn colliding_strings() -> Vec<Vec<u8>> {
    (0_u64..)
        .map(|at| format!("{at:0>9}").into_bytes())
        .filter(|value| key::Key::of(value, 0, 9).hash(value, 0) >> 32 & 0x3fff == 0)
        .take(400)
        .collect()
}

#[test]
fn values_that_were_made_to_collide_get_no_dictionary() {
    let mut tables = Tables::default();
    for values in [
        LeafValues::Int64(Pieces::of(colliding_integers())),
        byte_strings(&colliding_strings()),
    ] {
        let built = Dictionary::build(&values, usize::MAX, Hints::default(), &mut tables);
        assert_eq!(built.unwrap_err(), Failure::Collision);
    }
}

#[test]
fn a_dictionary_of_such_values_that_was_brought_is_kept() {
    let mut tables = Tables::default();
    let mut coded = crate::leaf::Coded {
        parts: Vec::new(),
        dictionaries: Vec::new(),
    };
    for dictionary in 0..2 {
        let entries = colliding_integers();
        coded.parts.push(crate::leaf::CodedPart {
            dictionary,
            codes: Pieces::of((0..entries.len() as u32).collect::<Vec<_>>()),
        });
        coded
            .dictionaries
            .push(LeafValues::Int64(Pieces::of(entries)));
    }
    let dictionary = Dictionary::brought(&coded, &mut tables).unwrap();
    let entries = plain(&dictionary.entries);
    let found = dictionary.codes.iter().map(|&code| &entries[code as usize]);
    let expected = plain(&decoded(&leaf(DataType::Int64, false), &coded));
    assert!(found.eq(&expected));
    assert!(!dictionary.is_distinct);
}
