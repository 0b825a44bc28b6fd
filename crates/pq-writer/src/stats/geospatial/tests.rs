use super::Shapes;
use crate::schema::{DataType, Field, Leaf, Schema};
use pq_format::{BoundingBox, GeospatialStatistics};
use proptest::prelude::*;

/// Well-known binary of these parts.
#[derive(Clone, Copy)]
enum Part<'a> {
    Big,
    Little,
    U32(u32),
    F64(&'a [f64]),
}
use Part::{Big, F64, Little, U32};

fn wkb(parts: &[Part<'_>]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut is_little = true;
    for part in parts {
        match part {
            Big | Little => {
                is_little = matches!(part, Little);
                out.push(u8::from(is_little));
            }
            U32(value) if is_little => out.extend(value.to_le_bytes()),
            U32(value) => out.extend(value.to_be_bytes()),
            F64(values) if is_little => out.extend(values.iter().flat_map(|v| v.to_le_bytes())),
            F64(values) => out.extend(values.iter().flat_map(|v| v.to_be_bytes())),
        }
    }
    out
}

fn leaf(data_type: DataType) -> Leaf {
    let schema = Schema::new(vec![Field::new("x", data_type, true)]).unwrap();
    schema.leaves()[0].clone()
}

fn geometry(shapes: &[Vec<u8>]) -> Option<GeospatialStatistics> {
    of(DataType::Geometry { crs: None }, shapes)
}

fn geography(shapes: &[Vec<u8>]) -> Option<GeospatialStatistics> {
    let edges = None;
    of(DataType::Geography { crs: None, edges }, shapes)
}

fn of(data_type: DataType, shapes: &[Vec<u8>]) -> Option<GeospatialStatistics> {
    let mut found = Shapes::of(&leaf(data_type)).unwrap();
    shapes.iter().for_each(|shape| found.take(shape));
    found.finish()
}

fn statistics(types: &[i32], bbox: Option<BoundingBox>) -> Option<GeospatialStatistics> {
    Some(GeospatialStatistics {
        bbox,
        geospatial_types: Some(types.to_vec()),
        ..Default::default()
    })
}

fn flat(xmin: f64, xmax: f64, ymin: f64, ymax: f64) -> BoundingBox {
    BoundingBox {
        xmin,
        xmax,
        ymin,
        ymax,
        ..Default::default()
    }
}

fn point(x: f64, y: f64) -> Vec<u8> {
    wkb(&[Little, U32(1), F64(&[x, y])])
}

#[test]
fn every_type_is_read_in_both_byte_orders() {
    let square: &[f64] = &[0.0, 0.0, 4.0, 0.0, 4.0, 5.0, 0.0, 0.0];
    for order in [Big, Little] {
        let shapes = [
            wkb(&[order, U32(1), F64(&[-3.0, 2.0])]),
            wkb(&[order, U32(2), U32(2), F64(&[0.0, 1.0, 2.0, 9.0])]),
            wkb(&[order, U32(3), U32(1), U32(4), F64(square)]),
            wkb(&[order, U32(4), U32(1), Big, U32(1), F64(&[7.0, 7.0])]),
            wkb(&[
                order,
                U32(5),
                U32(1),
                order,
                U32(2),
                U32(1),
                F64(&[8.0, 8.0]),
            ]),
            wkb(&[
                order,
                U32(6),
                U32(1),
                order,
                U32(3),
                U32(1),
                U32(1),
                F64(&[1.0, -6.0]),
            ]),
            // An empty collection in one, behind a point of the other byte order.
            wkb(&[
                order,
                U32(7),
                U32(2),
                Little,
                U32(1),
                F64(&[1.0, 1.0]),
                order,
                U32(7),
                U32(0),
            ]),
        ];
        let expected = statistics(&[1, 2, 3, 4, 5, 6, 7], Some(flat(-3.0, 8.0, -6.0, 9.0)));
        assert_eq!(geometry(&shapes), expected);
    }
}

#[test]
fn dimensions_are_those_of_iso_and_of_ewkb() {
    let (z, m, reference_system) = (1 << 31, 1 << 30, 1 << 29);
    let shapes = [
        wkb(&[Little, U32(1001), F64(&[1.0, 2.0, 3.0])]),
        wkb(&[Little, U32(2001), F64(&[1.0, 2.0, 40.0])]),
        wkb(&[Big, U32(3001), F64(&[1.0, 2.0, 5.0, 60.0])]),
    ];
    let expected = statistics(
        &[1001, 2001, 3001],
        Some(BoundingBox {
            zmin: Some(3.0),
            zmax: Some(5.0),
            mmin: Some(40.0),
            mmax: Some(60.0),
            ..flat(1.0, 1.0, 2.0, 2.0)
        }),
    );
    assert_eq!(geometry(&shapes), expected);
    let flagged = [
        wkb(&[
            Little,
            U32(1 | z | reference_system),
            U32(4326),
            F64(&[1.0, 2.0, 3.0]),
        ]),
        wkb(&[Little, U32(1 | m), F64(&[1.0, 2.0, 40.0])]),
        wkb(&[Big, U32(1 | z | m), F64(&[1.0, 2.0, 5.0, 60.0])]),
    ];
    assert_eq!(geometry(&flagged), expected);
}

#[test]
fn nan_and_empty_shapes_have_no_place() {
    let nan = f64::NAN;
    assert_eq!(geometry(&[point(nan, nan)]), statistics(&[1], None));
    assert_eq!(geometry(&[point(1.0, nan)]), statistics(&[1], None));
    let line = wkb(&[Little, U32(2), U32(0)]);
    assert_eq!(
        geometry(&[point(1.0, nan), line, point(nan, 3.0)]),
        statistics(&[1, 2], Some(flat(1.0, 1.0, 3.0, 3.0)))
    );
    assert_eq!(geometry(&[]), None);
}

#[test]
fn edges_of_a_geography_leave_the_box_of_their_ends() {
    let points = [point(-170.0, 60.0), point(170.0, 61.0)];
    let bounds = flat(-170.0, 170.0, 60.0, 61.0);
    assert_eq!(geography(&points), statistics(&[1], Some(bounds)));
    let line = wkb(&[Little, U32(2), U32(2), F64(&[-170.0, 60.0, 170.0, 60.0])]);
    assert_eq!(geography(&[line]), statistics(&[2], None));
    assert_eq!(geography(&[point(181.0, 0.0)]), statistics(&[1], None));
}

#[test]
fn what_is_no_well_known_binary_is_not_guessed_at() {
    let good = point(1.0, 2.0);
    let mut long = good.clone();
    long.push(0);
    let bad = [
        vec![],
        good[..20].to_vec(),
        long,
        wkb(&[Little, U32(8)]),
        wkb(&[Little, U32(4001), F64(&[1.0, 2.0])]),
        wkb(&[Little, U32(2), U32(u32::MAX), F64(&[1.0, 2.0])]),
        // A line among points.
        wkb(&[Little, U32(4), U32(1), Little, U32(2), U32(0)]),
        vec![2, 1, 0, 0, 0],
    ];
    for bytes in bad {
        assert_eq!(geometry(&[good.clone(), bytes.clone()]), None, "{bytes:?}");
    }
    let nested = |depth| {
        let mut bytes = wkb(&[Little, U32(7), U32(1)]).repeat(depth);
        bytes.extend(&good);
        bytes
    };
    assert!(geometry(&[nested(32)]).is_some());
    assert_eq!(geometry(&[nested(33)]), None);
    assert_eq!(geometry(&[nested(100_000)]), None);
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(
        start in proptest::sample::select(vec![vec![0], vec![1], vec![1, 7, 0, 0, 0], vec![1, 3, 0, 0, 0]]),
        rest in proptest::collection::vec(prop_oneof![Just(0), Just(1), any::<u8>()], 0..60),
    ) {
        let _ = geometry(&[[start, rest].concat()]);
    }

    #[test]
    fn every_point_is_within_the_box(
        points in proptest::collection::vec((any::<f64>(), any::<f64>()), 1..20),
    ) {
        let values: Vec<f64> = points.iter().flat_map(|&(x, y)| [x, y]).collect();
        let line = wkb(&[Little, U32(2), U32(points.len() as u32), F64(&values)]);
        let bbox = geometry(&[line]).unwrap().bbox.unwrap();
        for (x, y) in points {
            prop_assert!((bbox.xmin..=bbox.xmax).contains(&x));
            prop_assert!((bbox.ymin..=bbox.ymax).contains(&y));
        }
    }
}
