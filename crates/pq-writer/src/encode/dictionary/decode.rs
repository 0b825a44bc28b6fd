//! Codes back to their values, for encodings without a dictionary.

use crate::batch::pack_bits;
use crate::leaf::{BooleanPart, BooleanPieces, BytePieces, Coded, CodedPart, LeafValues, Pieces};
use crate::schema::Leaf;

/// What all codes stand for, values of `leaf`.
pub(in crate::encode) fn decoded(leaf: &Leaf, coded: &Coded<'_>) -> LeafValues<'static> {
    macro_rules! numbers {
        ($variant:ident) => {{
            let mut values =
                Vec::with_capacity(coded.parts.iter().map(|part| part.codes.len()).sum());
            for (part, dictionary) in parts(coded) {
                if let LeafValues::$variant(entries) = dictionary {
                    take(part, entries, &mut values);
                }
            }
            LeafValues::$variant(Pieces::of(values))
        }};
    }
    match coded.dictionaries.first() {
        None => LeafValues::none(leaf),
        Some(LeafValues::Boolean(_)) => booleans(coded),
        Some(LeafValues::Int32(_)) => numbers!(Int32),
        Some(LeafValues::Int64(_)) => numbers!(Int64),
        Some(LeafValues::Float(_)) => numbers!(Float),
        Some(LeafValues::Double(_)) => numbers!(Double),
        Some(LeafValues::Bytes(_)) => bytes(coded),
        Some(LeafValues::Fixed { width, .. }) => fixed(coded, *width),
        // A dictionary is never itself coded.
        Some(LeafValues::Coded(inner)) => decoded(leaf, inner),
    }
}

/// Each part with its dictionary.
fn parts<'c>(
    coded: &'c Coded<'c>,
) -> impl Iterator<Item = (&'c CodedPart<'c>, &'c LeafValues<'c>)> {
    coded
        .parts
        .iter()
        .filter_map(|part| Some((part, coded.dictionaries.get(part.dictionary)?)))
}

fn take<T: Copy + Default>(part: &CodedPart<'_>, entries: &Pieces<'_, T>, values: &mut Vec<T>) {
    let mut scratch = Vec::new();
    let entries = entries.contiguous(0..entries.len(), &mut scratch);
    part.codes.for_each(0..part.codes.len(), |codes| {
        values.extend(codes.iter().filter_map(|&code| entries.get(code as usize)));
    });
}

fn booleans(coded: &Coded<'_>) -> LeafValues<'static> {
    let mut pieces = BooleanPieces::default();
    for (part, dictionary) in parts(coded) {
        if let LeafValues::Boolean(entries) = dictionary {
            let entries: Vec<bool> = entries.iter().collect();
            part.codes.for_each(0..part.codes.len(), |codes| {
                let bit = |&code: &u32| entries.get(code as usize).is_some_and(|bit| *bit);
                let bits = pack_bits(codes.iter().map(bit));
                pieces.push(BooleanPart::owned(bits, codes.len()));
            });
        }
    }
    LeafValues::Boolean(pieces)
}

fn bytes(coded: &Coded<'_>) -> LeafValues<'static> {
    let mut pieces = BytePieces::default();
    let (mut offsets, mut data) = (vec![0], Vec::new());
    for (part, dictionary) in parts(coded) {
        let LeafValues::Bytes(entries) = dictionary else {
            continue;
        };
        let entries: Vec<&[u8]> = entries.iter(0..entries.len()).collect();
        part.codes.for_each(0..part.codes.len(), |codes| {
            for &code in codes {
                let value = entries.get(code as usize).copied().unwrap_or_default();
                if data.len() + value.len() > i32::MAX as usize {
                    pieces.push_offsets(
                        std::mem::replace(&mut offsets, vec![0]),
                        std::mem::take(&mut data),
                    );
                }
                data.extend_from_slice(value);
                offsets.push(data.len() as i32);
            }
        });
    }
    pieces.push_offsets(offsets, data);
    LeafValues::Bytes(pieces)
}

fn fixed(coded: &Coded<'_>, width: usize) -> LeafValues<'static> {
    let mut bytes = Vec::new();
    let mut scratch = Vec::new();
    for (part, dictionary) in parts(coded) {
        let LeafValues::Fixed { data, .. } = dictionary else {
            continue;
        };
        let entries = data.contiguous(0..data.len(), &mut scratch);
        part.codes.for_each(0..part.codes.len(), |codes| {
            for &code in codes {
                let at = code as usize * width;
                bytes.extend_from_slice(entries.get(at..at + width).unwrap_or_default());
            }
        });
    }
    LeafValues::Fixed {
        width,
        data: bytes.into(),
    }
}
