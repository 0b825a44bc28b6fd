//! Columns of values as PLAIN has them.

use super::super::{ChunkStatistics, Collector, RankedDictionary};
use crate::encode::tests::samples::{booleans, views};
use crate::leaf::{BytePieces, Definition, FixedPieces, LeafValues, Levels, Pieces};
use crate::options::WriterOptions;
use crate::schema::{Field, Leaf, Schema};
use crate::settings::LeafSettings;
use pq_format::Type;

/// The only leaf of a schema of this field.
pub(super) fn leaf(field: Field) -> Leaf {
    Schema::new(vec![field]).unwrap().leaves()[0].clone()
}

pub(super) fn settings(leaf: &Leaf, bound_bytes: usize) -> LeafSettings {
    let field = Field::new(&leaf.path()[0], leaf.data_type().clone(), true);
    let options = WriterOptions {
        bound_bytes,
        ..WriterOptions::default()
    };
    let schema = Schema::new(vec![field]).unwrap();
    LeafSettings::resolve(&schema, &options).unwrap().remove(0)
}

/// `values`, as PLAIN has them without lengths, in two pieces: the second from `cut` on.
pub(super) fn leaf_values(leaf: &Leaf, values: &[Vec<u8>], cut: usize) -> LeafValues<'static> {
    let (first, second) = values.split_at(cut.min(values.len()));
    match leaf.physical {
        Type::BOOLEAN => {
            let bits: Vec<bool> = values.iter().map(|value| value[0] == 1).collect();
            booleans(&bits)
        }
        Type::INT32 => LeafValues::Int32(numbers(first, second, i32::from_le_bytes)),
        Type::INT64 => LeafValues::Int64(numbers(first, second, i64::from_le_bytes)),
        Type::FLOAT => LeafValues::Float(numbers(first, second, f32::from_le_bytes)),
        Type::DOUBLE => LeafValues::Double(numbers(first, second, f64::from_le_bytes)),
        Type::BYTE_ARRAY => {
            let mut pieces = BytePieces::default();
            for (index, values) in [first, second].into_iter().enumerate() {
                if (index + cut).is_multiple_of(3) {
                    pieces.push(views(values));
                    continue;
                }
                // Bytes before the first value and behind the last belong to no value.
                let mut data = b"xy".to_vec();
                let mut offsets = vec![2];
                for value in values {
                    data.extend(value);
                    offsets.push(data.len() as i32);
                }
                data.extend(vec![0xFF; cut % 10]);
                pieces.push_offsets(offsets, data);
            }
            LeafValues::Bytes(pieces)
        }
        _ => {
            let mut data = FixedPieces::default();
            data.push(first.concat().into());
            data.push(second.concat().into());
            LeafValues::Fixed {
                width: leaf.fixed_width(),
                data,
            }
        }
    }
}

fn numbers<T: Copy + Default + Send + Sync + 'static, const N: usize>(
    first: &[Vec<u8>],
    second: &[Vec<u8>],
    number: fn([u8; N]) -> T,
) -> Pieces<'static, T> {
    let mut pieces = Pieces::default();
    for values in [first, second] {
        let values = values
            .iter()
            .map(|value| number(*value.first_chunk().unwrap()));
        pieces.append(crate::encode::tests::samples::pieces(
            &values.collect::<Vec<T>>(),
        ));
    }
    pieces
}

/// The levels of a flat nullable column.
pub(super) fn levels(rows: &[Option<Vec<u8>>]) -> Levels {
    let mut bits = vec![0; rows.len().div_ceil(8)];
    for (row, value) in rows.iter().enumerate() {
        bits[row / 8] |= u8::from(value.is_some()) << (row % 8);
    }
    let values = rows.iter().flatten().count();
    Levels {
        rows: rows.len(),
        entries: rows.len(),
        values,
        definition: match values == rows.len() {
            true => Definition::Uniform(1),
            false => Definition::Bits(bits),
        },
        repetition: None,
    }
}

/// The statistics of pages of so many rows of plain values.
pub(super) fn all_pages(
    leaf: &Leaf,
    settings: &LeafSettings,
    rows: &[Option<Vec<u8>>],
    pages: &[usize],
    cut: usize,
) -> ChunkStatistics {
    let levels = levels(rows);
    let values: Vec<_> = rows.iter().flatten().cloned().collect();
    let values = leaf_values(leaf, &values, cut);
    let mut collector = Collector::new(leaf, settings);
    let (mut row, mut value) = (0, 0);
    for page in pages {
        let here = rows[row..row + page].iter().flatten().count();
        collector.page(&levels, row..row + page, &values, value..value + here);
        row += page;
        value += here;
    }
    collector.finish(None)
}

/// The statistics of the same as dictionary codes. The dictionary has an entry twice, and its last
/// one in no page.
pub(super) fn coded_pages(
    leaf: &Leaf,
    settings: &LeafSettings,
    rows: &[Option<Vec<u8>>],
    pages: &[usize],
) -> ChunkStatistics {
    let levels = levels(rows);
    let mut entries: Vec<_> = rows.iter().flatten().cloned().collect();
    entries.sort_by_key(|entry| {
        entry
            .iter()
            .rev()
            .map(|byte| byte.wrapping_mul(77))
            .collect::<Vec<_>>()
    });
    entries.dedup();
    entries.extend(entries.first().cloned());
    let unused = match leaf.physical {
        Type::BOOLEAN => vec![0],
        _ => vec![0x42; rows.iter().flatten().map(Vec::len).max().unwrap_or(8)],
    };
    entries.push(unused);
    let dictionary = RankedDictionary::new(leaf, &leaf_values(leaf, &entries, entries.len() / 2));
    let mut collector = Collector::new(leaf, settings);
    let mut row = 0;
    for page in pages {
        let codes: Vec<u32> = rows[row..row + page]
            .iter()
            .flatten()
            .enumerate()
            .map(|(index, value)| {
                let last = entries.len() - 1;
                let same = |entry: &Vec<u8>| entry == value;
                match index % 2 {
                    0 => entries[..last].iter().position(same),
                    _ => entries[..last].iter().rposition(same),
                }
                .unwrap() as u32
            })
            .collect();
        collector.coded_page(&levels, row..row + page, &dictionary, &codes);
        row += page;
    }
    collector.finish(None)
}
