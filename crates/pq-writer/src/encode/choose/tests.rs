use super::*;
use crate::encode::tests::samples::{Random, booleans, byte_strings, pieces, settings};
use crate::encode::tools::Tools;
use crate::leaf::Pieces;
use crate::options::WriterOptions;

const COUNT: usize = 200_000;

/// What is chosen; `None` for a dictionary.
fn chosen(values: &LeafValues<'_>, settings: &LeafSettings) -> Option<Encoding> {
    let mut tools = Tools::default();
    let mut measure = Measure::new("column", settings, &mut tools).unwrap();
    match choose(values, settings, &mut measure, &mut Tables::default()).unwrap() {
        Choice::Dictionary(_) => None,
        Choice::Encoding(encoding) => Some(encoding),
    }
}

fn of_profile(profile: Profile) -> LeafSettings {
    let mut settings = settings(&WriterOptions::default());
    settings.profile = profile;
    settings
}

fn integers(value: impl FnMut(usize) -> i64) -> LeafValues<'static> {
    let values: Vec<i64> = (0..COUNT).map(value).collect();
    LeafValues::Int64(pieces(&values))
}

fn strings(value: impl FnMut(usize) -> String) -> LeafValues<'static> {
    let mut value = value;
    let values: Vec<Vec<u8>> = (0..COUNT).map(|at| value(at).into_bytes()).collect();
    byte_strings(&values)
}

#[test]
fn compatible() {
    let settings = of_profile(Profile::Compatible);
    let mut random = Random(1);
    let mut key = 0;
    let delta = Some(Encoding::DELTA_BINARY_PACKED);
    let plain = Some(Encoding::PLAIN);
    // Keys in order, four rows each; times that go up; any integers below a million.
    assert_eq!(chosen(&integers(|at| at as i64 / 4 * 8), &settings), delta);
    let times = integers(|_| {
        key += random.below(100_000) as i64;
        key
    });
    assert_eq!(chosen(&times, &settings), delta);
    assert_eq!(
        chosen(&integers(|_| random.below(1_000_000) as i64), &settings),
        delta
    );
    // Few of them, close together or not; all there are.
    assert_eq!(
        chosen(&integers(|_| random.below(50) as i64), &settings),
        None
    );
    let apart = integers(|_| random.below(1000) as i64 * 0x1234_5678_9ABC);
    assert_eq!(chosen(&apart, &settings), None);
    assert_eq!(
        chosen(&integers(|_| random.next() as i64), &settings),
        plain
    );
    assert_eq!(chosen(&integers(|_| 7), &settings), None);

    let prices: Vec<f64> = (0..COUNT)
        .map(|_| random.below(5000) as f64 / 100.0)
        .collect();
    assert_eq!(
        chosen(&LeafValues::Double(pieces(&prices)), &settings),
        None
    );
    let any: Vec<f64> = (0..COUNT).map(|_| random.next() as f64).collect();
    assert_eq!(chosen(&LeafValues::Double(pieces(&any)), &settings), plain);

    let words = strings(|_| format!("word {}", random.below(300)));
    assert_eq!(chosen(&words, &settings), None);
    let texts = strings(|_| format!("{:x}{:x}", random.next(), random.next()));
    assert_eq!(chosen(&texts, &settings), plain);
    // Different ones in long runs.
    let runs = strings(|at| format!("{:>20}", at / 50));
    assert_eq!(chosen(&runs, &settings), None);
}

#[test]
fn small() {
    let settings = of_profile(Profile::Small);
    let mut random = Random(2);
    let texts = strings(|_| format!("{:x}{:x}", random.next(), random.next()));
    let lengths = Some(Encoding::DELTA_LENGTH_BYTE_ARRAY);
    assert_eq!(chosen(&texts, &settings), lengths);
    let paths = strings(|at| format!("https://example.org/{:0>12}", at * 7));
    assert_eq!(chosen(&paths, &settings), Some(Encoding::DELTA_BYTE_ARRAY));
    let bits: Vec<bool> = (0..COUNT * 8).map(|at| at > 8000).collect();
    assert_eq!(chosen(&booleans(&bits), &settings), Some(Encoding::RLE));
}

#[test]
#[cfg(feature = "zstd")]
fn small_floats_are_split_where_that_compresses() {
    let mut settings = of_profile(Profile::Small);
    settings.compression = Compression::Zstd(None);
    let mut value = 1000.0;
    let mut random = Random(3);
    let walk: Vec<f64> = (0..COUNT)
        .map(|_| {
            value += random.below(1000) as f64 / 7919.0;
            value
        })
        .collect();
    let walk = LeafValues::Double(pieces(&walk));
    assert_eq!(chosen(&walk, &settings), Some(Encoding::BYTE_STREAM_SPLIT));
}

#[test]
fn fast() {
    let settings = of_profile(Profile::Fast);
    let mut random = Random(4);
    let plain = Some(Encoding::PLAIN);
    assert_eq!(chosen(&integers(|at| at as i64), &settings), plain);
    assert_eq!(
        chosen(&integers(|_| random.below(1000) as i64), &settings),
        None
    );
    let texts = strings(|_| format!("{:x}", random.next()));
    assert_eq!(chosen(&texts, &settings), plain);
}

#[test]
fn a_dictionary_that_is_set_gives_way_to_its_limit() {
    let mut settings = of_profile(Profile::Compatible);
    settings.encoding = ColumnEncoding::Dictionary;
    let mut random = Random(5);
    let values = integers(|_| random.below(10_000) as i64 * 1_000_003);
    assert_eq!(chosen(&values, &settings), None);
    settings.dictionary_bytes = 10_000;
    assert!(chosen(&values, &settings).is_some());
}

#[test]
fn wide_deltas_are_not_for_every_reader() {
    let narrow: Vec<i64> = (0..10_000)
        .map(|row| row * 1_000_000_000_000 + row % 3)
        .collect();
    assert!(has_narrow_deltas(&LeafValues::Int64(Pieces::of(narrow))));
    let wide: Vec<i64> = (0..10_000).map(|row| ((row * row) % 5) << NARROW).collect();
    assert!(!has_narrow_deltas(&LeafValues::Int64(Pieces::of(wide))));
    let mut parts = crate::leaf::Pieces::default();
    parts.append(Pieces::of(vec![0_i64, 1]));
    parts.append(Pieces::of(vec![1_i64 << 40, (1 << 40) + 1]));
    assert!(!has_narrow_deltas(&LeafValues::Int64(parts)));
    assert!(has_narrow_deltas(&LeafValues::Int64(Pieces::of(vec![7]))));
}
