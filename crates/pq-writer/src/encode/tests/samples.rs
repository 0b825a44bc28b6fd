//! Leaves, levels and values to encode.

use crate::batch::{Bits, INLINE, pack_bits};
pub(crate) use crate::encode::Helpers;
use crate::encode::{ChunkEncoder, EncodedChunk, Output};
use crate::leaf::{
    BooleanPieces, BytePart, BytePieces, Coded, CodedPart, Convert, Definition, FixedPieces,
    LeafChunk, LeafValues, Levels, Pieces,
};
use crate::options::WriterOptions;
use crate::schema::{DataType, Field, Leaf, Schema};
use crate::settings::LeafSettings;
use std::borrow::Cow;

/// The only leaf of a schema of one column.
pub(crate) fn leaf(data_type: DataType, nullable: bool) -> Leaf {
    let schema = Schema::new(vec![Field::new("column", data_type, nullable)]).unwrap();
    schema.leaves()[0].clone()
}

/// A leaf whose values are elements of lists, which may be null as may be the lists.
pub(crate) fn listed(data_type: DataType, nullable: bool) -> Leaf {
    let element = Field::new("element", data_type, nullable);
    leaf(DataType::List(Box::new(element)), nullable)
}

pub(crate) fn settings(options: &WriterOptions) -> LeafSettings {
    let schema = Schema::new(vec![Field::new("column", DataType::Int32, true)]).unwrap();
    LeafSettings::resolve(&schema, options).unwrap().remove(0)
}

/// Numbers without a pattern, the same each time.
#[derive(Debug, Clone)]
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed ^ mixed >> 29
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() >> 8) as usize % end
    }
}

/// Levels of a flat leaf in each of their forms, for about `entries` entries.
pub(crate) fn flat_levels(max_definition: u16, entries: usize) -> Vec<Levels> {
    let all = |definition, values| Levels {
        rows: entries,
        entries,
        values,
        definition,
        repetition: None,
    };
    let mut levels = vec![all(Definition::Uniform(max_definition), entries)];
    if max_definition == 0 {
        return levels;
    }
    levels.push(all(Definition::Uniform(0), 0));
    for nulls in [3, 100] {
        let mut random = Random(nulls);
        let mut run = 0;
        let present: Vec<bool> = (0..entries)
            .map(|_| {
                if run == 0 {
                    run = random.below(nulls as usize) as i64 + 1;
                    if random.next() & 1 == 0 {
                        run = -run;
                    }
                }
                run -= run.signum();
                run >= 0
            })
            .collect();
        let values = present.iter().filter(|present| **present).count();
        let mut bits = vec![0; entries.div_ceil(8)];
        for (at, _) in present.iter().enumerate().filter(|(_, present)| **present) {
            bits[at / 8] |= 1 << (at % 8);
        }
        if max_definition == 1 {
            levels.push(all(Definition::Bits(bits), values));
        }
        let definition = present
            .iter()
            .map(|&present| if present { max_definition } else { 0 })
            .collect();
        levels.push(all(Definition::Levels(definition), values));
    }
    levels
}

/// Levels of a leaf in lists, of `rows` rows; `nulls` says whether lists and elements may be null.
pub(crate) fn list_levels(rows: usize, longest: usize, nulls: bool) -> Levels {
    let max = if nulls { 3 } else { 1 };
    let mut random = Random(rows as u64);
    let (mut repetition, mut definition) = (Vec::new(), Vec::new());
    for _ in 0..rows {
        let len = random.below(longest + 1);
        if len == 0 {
            repetition.push(0);
            definition.push(if nulls { random.below(2) as u16 } else { 0 });
        }
        for element in 0..len {
            repetition.push(u16::from(element > 0));
            let is_null = nulls && random.below(4) == 0;
            definition.push(if is_null { 2 } else { max });
        }
    }
    let values = definition.iter().filter(|&&level| level == max).count();
    Levels {
        rows,
        entries: definition.len(),
        values,
        definition: Definition::Levels(definition),
        repetition: Some(repetition),
    }
}

/// Definition levels, one an entry.
pub(crate) fn definition_of(levels: &Levels) -> Vec<u16> {
    match &levels.definition {
        Definition::Uniform(level) => vec![*level; levels.entries],
        Definition::Bits(bits) => (0..levels.entries)
            .map(|at| u16::from(bits[at / 8] >> (at % 8) & 1))
            .collect(),
        Definition::Levels(definition) => definition.clone(),
    }
}

/// Encodes a chunk behind what `out` holds, of which nothing is taken out.
pub(crate) fn encode(
    encoder: &mut ChunkEncoder,
    leaf: &Leaf,
    chunk: &LeafChunk<'_>,
    settings: &LeafSettings,
    helpers: &Helpers,
    out: &mut Vec<u8>,
) -> EncodedChunk {
    let output = Output {
        buffer: out,
        part: &mut |_| Ok(()),
    };
    encoder
        .encode(leaf, chunk, settings, helpers, output)
        .unwrap()
}

/// Slices of `values`, of uneven lengths.
fn slices<T>(values: &[T], unit: usize) -> impl Iterator<Item = &[T]> {
    let count = values.len() / unit;
    let cuts = [0, count / 7, count / 7, count / 2 + 1, count];
    (1..cuts.len()).map(move |end| {
        let range = cuts[end - 1] * unit..cuts[end].min(count) * unit;
        values.get(range).unwrap_or_default()
    })
}

/// Numbers as they are and numbers that are made when they are looked at.
pub(crate) fn pieces<T: Copy + Default + Send + Sync + 'static>(
    values: &[T],
) -> Pieces<'static, T> {
    let mut pieces = Pieces::default();
    for (index, slice) in slices(values, 1).enumerate() {
        pieces.append(match index % 2 {
            0 => Pieces::of(slice.to_vec()),
            _ => Pieces::converted(Copied(slice.to_vec())),
        });
    }
    pieces
}

struct Copied<T>(Vec<T>);

impl<T: Copy + Send + Sync> Convert<T> for Copied<T> {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn fill(&self, start: usize, to: &mut [T]) {
        to.copy_from_slice(&self.0[start..start + to.len()]);
    }
}

/// Bitmaps that start within bytes, and what is around the bits is set.
pub(crate) fn booleans(values: &[bool]) -> LeafValues<'static> {
    let mut pieces = BooleanPieces::default();
    for (index, slice) in slices(values, 1).enumerate() {
        let mut bits = vec![true; index];
        bits.extend(slice);
        bits.extend([true; 9]);
        let bytes: &'static [u8] = pack_bits(bits.into_iter()).leak();
        let bits = Bits::new(bytes, index, slice.len()).unwrap();
        pieces.push(bits.into());
    }
    LeafValues::Boolean(pieces)
}

pub(crate) fn fixed(bytes: &[u8], width: usize) -> FixedPieces<'static> {
    let mut pieces = FixedPieces::default();
    for slice in slices(bytes, width) {
        pieces.push(Cow::Owned(slice.to_vec()));
    }
    pieces
}

/// Views into two buffers in turns, short ones with anything behind them.
pub(crate) fn views(values: &[Vec<u8>]) -> BytePart<'static> {
    let mut buffers = [b"one".to_vec(), Vec::new()];
    let mut views = Vec::new();
    for (index, value) in values.iter().enumerate() {
        let mut view = [0xA5; 16];
        view[..4].copy_from_slice(&(value.len() as u32).to_le_bytes());
        if value.len() <= INLINE {
            view[4..4 + value.len()].copy_from_slice(value);
        } else {
            let at = index % 2;
            view[4..8].copy_from_slice(&value[..4]);
            view[8..12].copy_from_slice(&(at as u32).to_le_bytes());
            view[12..].copy_from_slice(&(buffers[at].len() as u32).to_le_bytes());
            buffers[at].extend_from_slice(value);
        }
        views.push(view);
    }
    BytePart::Views {
        views: views.into(),
        buffers: buffers.map(|buffer| &*buffer.leak()).to_vec(),
    }
}

pub(crate) fn byte_strings(values: &[Vec<u8>]) -> LeafValues<'static> {
    let mut pieces = BytePieces::default();
    let third = values.len() / 3 + 1;
    for (index, part) in values.chunks(third).enumerate() {
        if index == 1 {
            pieces.push(views(part));
            continue;
        }
        // As a slice of something larger.
        let mut data = b"before".to_vec();
        let mut offsets = vec![data.len() as i32];
        for value in part {
            data.extend_from_slice(value);
            offsets.push(data.len() as i32);
        }
        pieces.push_offsets(offsets, data);
    }
    LeafValues::Bytes(pieces)
}

/// The values of `words`, one each, in the shape of the leaf's type.
pub(crate) fn values(leaf: &Leaf, words: &[u64]) -> LeafValues<'static> {
    use pq_format::Type;
    match leaf.physical {
        Type::BOOLEAN => {
            let bits: Vec<bool> = words.iter().map(|word| word & 1 == 1).collect();
            booleans(&bits)
        }
        Type::INT32 => LeafValues::Int32(pieces(&of(words, |word| word as i32))),
        Type::INT64 => LeafValues::Int64(pieces(&of(words, |word| word as i64))),
        Type::FLOAT => LeafValues::Float(pieces(&of(words, |word| word as f32 / 100.0))),
        Type::DOUBLE => LeafValues::Double(pieces(&of(words, |word| word as f64 / 100.0))),
        Type::BYTE_ARRAY => byte_strings(&of(words, |word| match word % 3 {
            0 => Vec::new(),
            1 => format!("{word}").into_bytes(),
            _ => format!("the {word:0>20} with some more").into_bytes(),
        })),
        _ => {
            let width = leaf.fixed_width();
            let bytes: Vec<u8> = words
                .iter()
                .flat_map(|word| word.to_le_bytes().into_iter().cycle().take(width))
                .collect();
            LeafValues::Fixed {
                width,
                data: fixed(&bytes, width),
            }
        }
    }
}

fn of<T>(words: &[u64], map: impl Fn(u64) -> T) -> Vec<T> {
    words.iter().map(|word| map(*word)).collect()
}

/// Values as codes into `dictionaries` dictionaries of which no two are quite the same.
pub(crate) fn coded(leaf: &Leaf, words: &[u64], dictionaries: usize) -> LeafValues<'static> {
    let mut coded = Coded {
        parts: Vec::new(),
        dictionaries: Vec::new(),
    };
    let part = words.len() / dictionaries + 1;
    for (dictionary, words) in words.chunks(part).enumerate() {
        let mut entries: Vec<u64> = Vec::new();
        let codes: Vec<u32> = words
            .iter()
            .map(|word| {
                let code = entries.iter().position(|entry| entry == word);
                code.unwrap_or_else(|| {
                    entries.push(*word);
                    entries.len() - 1
                }) as u32
            })
            .collect();
        coded.dictionaries.push(values(leaf, &entries));
        let codes = Pieces::of(codes);
        coded.parts.push(CodedPart { dictionary, codes });
    }
    LeafValues::Coded(coded)
}

/// Each value, PLAIN without the length.
pub(crate) fn plain(values: &LeafValues<'_>) -> Vec<Vec<u8>> {
    macro_rules! numbers {
        ($pieces:ident) => {
            $pieces
                .contiguous(0..$pieces.len(), &mut Vec::new())
                .iter()
                .map(|value| value.to_le_bytes().to_vec())
                .collect()
        };
    }
    match values {
        LeafValues::Boolean(pieces) => pieces.iter().map(|bit| vec![u8::from(bit)]).collect(),
        LeafValues::Int32(pieces) => numbers!(pieces),
        LeafValues::Int64(pieces) => numbers!(pieces),
        LeafValues::Float(pieces) => numbers!(pieces),
        LeafValues::Double(pieces) => numbers!(pieces),
        LeafValues::Bytes(pieces) => pieces.iter(0..pieces.len()).map(<[u8]>::to_vec).collect(),
        LeafValues::Fixed { width, data } => data
            .slices(0..data.len())
            .flat_map(|slice| slice.chunks(*width))
            .map(<[u8]>::to_vec)
            .collect(),
        LeafValues::Coded(coded) => coded
            .parts
            .iter()
            .flat_map(|part| {
                let entries = plain(&coded.dictionaries[part.dictionary]);
                let value = move |code: &u32| entries[*code as usize].clone();
                let codes = part
                    .codes
                    .contiguous(0..part.codes.len(), &mut Vec::new())
                    .to_vec();
                codes.iter().map(value).collect::<Vec<_>>()
            })
            .collect(),
    }
}
