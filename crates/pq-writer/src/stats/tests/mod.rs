//! Statistics against what the obvious way finds.

mod build;
mod naive;
mod pages;
mod sorted;

use super::*;
use crate::leaf::Definition;
use crate::options;
use crate::schema::{DataType, Field};
use build::{all_pages, coded_pages, leaf, leaf_values, settings};

fn nullable(data_type: DataType) -> Leaf {
    leaf(Field::new("x", data_type, true))
}

fn of(data_type: DataType, values: &[&[u8]]) -> ChunkStatistics {
    let leaf = nullable(data_type);
    let settings = settings(&leaf, 8);
    let rows: Vec<_> = values.iter().map(|value| Some(value.to_vec())).collect();
    all_pages(&leaf, &settings, &rows, &[rows.len()], 0)
}

fn halves(values: &[u16]) -> Vec<[u8; 2]> {
    values.iter().map(|bits| bits.to_le_bytes()).collect()
}

#[test]
fn zeros_are_signed_outwards_and_nan_is_no_bound() {
    let doubles = [f64::NAN, 0.0, f64::NAN, -0.0].map(f64::to_le_bytes);
    let found = of(
        DataType::Float64,
        &doubles.each_ref().map(|value| &value[..]),
    );
    assert_eq!(
        found.statistics.min_value,
        Some((-0.0_f64).to_le_bytes().into())
    );
    assert_eq!(
        found.statistics.max_value,
        Some(0.0_f64.to_le_bytes().into())
    );
    assert_eq!(found.statistics.nan_count, Some(2));
    let index = found.column_index.unwrap();
    assert_eq!(index.min_values, [Binary::from((-0.0_f64).to_le_bytes())]);
    assert_eq!(index.nan_counts, Some(vec![2]));

    let halves = halves(&[0x8000, 0x7E00, 0xFC01]);
    let halves: Vec<&[u8]> = halves.iter().map(|half| &half[..]).collect();
    let found = of(DataType::Float16, &halves);
    assert_eq!(found.statistics.min_value, Some([0, 0x80].into()));
    assert_eq!(found.statistics.max_value, Some([0, 0].into()));
    assert_eq!(found.statistics.nan_count, Some(2));
}

#[test]
fn a_page_of_nan_leaves_no_column_index() {
    for coded in [false, true] {
        let leaf = nullable(DataType::Float32);
        let settings = settings(&leaf, 8);
        let rows: Vec<_> = [1.0_f32, f32::NAN, 2.0]
            .map(|value| Some(value.to_le_bytes().to_vec()))
            .into();
        let found = match coded {
            false => all_pages(&leaf, &settings, &rows, &[1, 1, 1], 0),
            true => coded_pages(&leaf, &settings, &rows, &[1, 1, 1]),
        };
        assert_eq!(found.column_index, None);
        assert_eq!(
            found.statistics.max_value,
            Some(2.0_f32.to_le_bytes().into())
        );
        assert_eq!(found.statistics.nan_count, Some(1));
    }
}

#[test]
fn old_bounds_are_there_for_signed_numbers_only() {
    let number: &[u8] = &[1, 0, 0, 0];
    assert!(of(DataType::Int32, &[number]).statistics.min.is_some());
    assert!(of(DataType::Float32, &[number]).statistics.max.is_some());
    for data_type in [DataType::UInt32, DataType::String, DataType::FixedBinary(4)] {
        let found = of(data_type, &[number]).statistics;
        assert_eq!((found.min, found.max), (None, None));
        assert_eq!(found.min_value, Some(number.into()));
    }
}

#[test]
fn types_without_order_have_counts_only() {
    let interval = of(DataType::Interval, &[&[0; 12]]);
    assert_eq!(interval.statistics.min_value, None);
    assert_eq!(interval.statistics.null_count, Some(0));
    assert_eq!(
        (interval.column_index, interval.size_statistics),
        (None, None)
    );
    let shape = of(DataType::Geometry { crs: None }, &[b"123"]);
    assert_eq!(shape.statistics.min_value, None);
    assert_eq!(shape.unencoded_bytes, Some(vec![3]));
    assert_eq!(shape.geospatial_statistics, None);
}

#[test]
fn shapes_are_found_in_dictionaries_too() {
    let leaf = nullable(DataType::Geometry { crs: None });
    let settings = settings(&leaf, 8);
    let point = |x: f64| {
        let start: &[u8] = &[1, 1, 0, 0, 0];
        Some([start, &x.to_le_bytes(), &2.0_f64.to_le_bytes()].concat())
    };
    let rows = [point(1.0), None, point(5.0), point(1.0), point(-3.0)];
    let plain = all_pages(&leaf, &settings, &rows, &[2, 2, 1], 1);
    let shapes = plain.geospatial_statistics.clone().unwrap();
    assert_eq!(shapes.geospatial_types, Some(vec![1]));
    let bbox = shapes.bbox.unwrap();
    assert_eq!(
        (bbox.xmin, bbox.xmax, bbox.ymin, bbox.ymax),
        (-3.0, 5.0, 2.0, 2.0)
    );
    assert_eq!(
        (plain.column_index.clone(), plain.statistics.null_count),
        (None, Some(1))
    );
    assert_eq!(coded_pages(&leaf, &settings, &rows, &[2, 2, 1]), plain);
}

#[test]
fn without_bounds_there_are_still_counts() {
    let schema = crate::Schema::new(vec![Field::new("x", DataType::Float64, true)]).unwrap();
    let options = options::WriterOptions {
        statistics: options::Statistics::None,
        ..Default::default()
    };
    let settings = LeafSettings::resolve(&schema, &options).unwrap();
    let rows =
        [None, Some(f64::NAN), Some(1.0)].map(|value| value.map(|v| v.to_le_bytes().to_vec()));
    let found = all_pages(&schema.leaves()[0], &settings[0], &rows, &[3], 0);
    assert_eq!(
        found.statistics,
        pq_format::Statistics {
            null_count: Some(1),
            nan_count: Some(1),
            ..Default::default()
        }
    );
    assert_eq!(found.column_index, None);
}

#[test]
fn what_cannot_be_cut_is_whole_if_it_is_not_long() {
    let found = of(DataType::Binary, &[&[0xFF; 20]]);
    assert_eq!(found.statistics.max_value, Some(vec![0xFF; 20].into()));
    assert_eq!(found.statistics.is_max_value_exact, Some(true));
    assert_eq!(found.statistics.is_min_value_exact, Some(false));
    let long = of(DataType::Binary, &[&[0xFF; 100]]);
    assert_eq!((long.statistics.max_value, long.column_index), (None, None));
    assert_eq!(
        of(DataType::FixedBinary(100), &[&[1; 100]])
            .statistics
            .min_value,
        None
    );
    let decimal = DataType::Decimal {
        precision: 76,
        scale: 0,
    };
    assert!(of(decimal, &[&[1; 32]]).statistics.min_value.is_some());
}

#[test]
fn pages_of_nulls_have_empty_bounds() {
    let leaf = nullable(DataType::Int64);
    let settings = settings(&leaf, 8);
    let value = |value: i64| Some(value.to_le_bytes().to_vec());
    let rows = [value(5), None, None, value(3), None];
    let found = all_pages(&leaf, &settings, &rows, &[1, 2, 2], 0);
    let index = found.column_index.unwrap();
    assert_eq!(index.null_pages, [false, true, false]);
    assert_eq!(index.min_values[1], Binary::default());
    assert_eq!(index.null_counts, Some(vec![0, 2, 1]));
    assert_eq!(index.boundary_order, pq_format::BoundaryOrder::DESCENDING);
    assert_eq!(found.statistics.null_count, Some(3));
    assert_eq!(found.size_statistics, None);
}

#[test]
fn levels_are_counted_where_null_counts_do_not_say_them() {
    let list = DataType::List(Box::new(Field::new("element", DataType::String, true)));
    let leaf = leaf(Field::new("x", list, true));
    let settings = settings(&leaf, 8);
    // [a, null], null, [], [bcd]
    let levels = Levels {
        rows: 4,
        entries: 5,
        values: 2,
        definition: Definition::Levels(vec![3, 2, 0, 1, 3]),
        repetition: Some(vec![0, 1, 0, 0, 0]),
    };
    let values = leaf_values(&leaf, &[b"a".to_vec(), b"bcd".to_vec()], 1);
    let mut collector = Collector::new(&leaf, &settings);
    collector.page(&levels, 0..3, &values, 0..1);
    collector.page(&levels, 3..5, &values, 1..2);
    let found = collector.finish(Some(2));
    assert_eq!(found.statistics.null_count, Some(3));
    assert_eq!(found.statistics.distinct_count, Some(2));
    assert_eq!(
        found.size_statistics,
        Some(SizeStatistics {
            unencoded_byte_array_data_bytes: Some(4),
            repetition_level_histogram: Some([4, 1].into()),
            definition_level_histogram: Some(vec![1, 1, 1, 2].into()),
            ..Default::default()
        })
    );
    assert_eq!(found.unencoded_bytes, Some(vec![1, 3]));
    let index = found.column_index.unwrap();
    assert_eq!(index.repetition_level_histograms, Some(vec![2, 1, 2, 0]));
    assert_eq!(
        index.definition_level_histograms,
        Some(vec![1, 0, 1, 1, 0, 1, 0, 1])
    );
}
