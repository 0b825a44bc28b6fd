//! Pages of dictionary codes: the entries of the dictionary are looked at once a chunk, and of a
//! page only the codes.

use super::bounds::Numbers;
use super::byte_strings::{is_less_behind, prefix, shared_bytes, sign_bit, wide_prefix};
use super::order::{Kind, NAN, each_key};
use crate::leaf::{BytePieces, FixedPieces, LeafValues};
use crate::schema::Leaf;
use pq_encoding::vectors::{Work, vectorized};
use pq_format::Type;

/// What a dictionary says of pages of its codes: the order of its entries, which of them are not
/// a number, how long they are.
#[derive(Debug, Clone)]
pub(crate) struct RankedDictionary {
    ranks: Ranks,
    /// How many entries there are.
    len: usize,
    /// Whether an entry is not a number.
    has_nan: bool,
    /// The bytes of the entries, if they are byte strings.
    strings: Strings,
    /// The bytes of each entry, if values are BYTE_ARRAY.
    lengths: Option<Lengths>,
}

/// For each entry a number that compares as the entry does.
#[derive(Debug, Clone)]
enum Ranks {
    /// There is no order.
    None,
    /// The entry is its number.
    Keys(Vec<u64>),
    /// The first bytes of byte strings, or those behind what all start with. Where they are equal,
    /// what is behind `compared` bytes decides; `None` if nothing is.
    Prefixes {
        prefixes: Vec<u64>,
        compared: Option<usize>,
    },
    /// The first bytes of byte strings that are equal if their numbers are.
    WidePrefixes(Vec<u128>),
}

/// Byte strings, one behind the other.
#[derive(Debug, Clone, Default)]
struct Strings {
    data: Vec<u8>,
    ends: Vec<usize>,
}

impl Strings {
    fn of<'v>(values: impl Iterator<Item = &'v [u8]>) -> Self {
        let mut strings = Self::default();
        for value in values {
            strings.data.extend_from_slice(value);
            strings.ends.push(strings.data.len());
        }
        strings
    }

    #[inline]
    fn get(&self, index: usize) -> &[u8] {
        let start = index
            .checked_sub(1)
            .and_then(|before| self.ends.get(before))
            .copied()
            .unwrap_or(0);
        let end = self.ends.get(index).copied().unwrap_or(start);
        self.data.get(start..end).unwrap_or_default()
    }
}

#[derive(Debug, Clone)]
enum Lengths {
    Equal(u64),
    Each(Vec<u32>),
}

/// The codes of a page, each once or as often as it occurs, whichever is quicker.
#[derive(Debug, Clone, Copy)]
pub(super) enum Seen<'a> {
    Codes(&'a [u32]),
    /// For each entry whether it occurs: 1 or 0.
    Marks(&'a [u8]),
}

impl<'a> Seen<'a> {
    /// The entries of a dictionary of `len` that `codes` are of; `marks` is room.
    pub(super) fn of(codes: &'a [u32], len: usize, marks: &'a mut Vec<u8>) -> Self {
        if codes.len() <= len {
            return Self::Codes(codes);
        }
        marks.clear();
        marks.resize(len, 0);
        // Most pages have all entries after a few times as many codes: looked for in steps that
        // double, so that the looking costs less than the rest.
        let (mut rest, mut step) = (codes, len.saturating_mul(4).max(256));
        while !rest.is_empty() {
            let (some, others) = rest.split_at(step.min(rest.len()));
            for &code in some {
                if let Some(mark) = marks.get_mut(code as usize) {
                    *mark = 1;
                }
            }
            if marks.iter().all(|&mark| mark == 1) {
                break;
            }
            rest = others;
            step *= 2;
        }
        Self::Marks(marks)
    }

    /// Calls `take` with the positions of entries.
    #[inline]
    pub(super) fn for_each(self, mut take: impl FnMut(usize)) {
        match self {
            Self::Codes(codes) => codes.iter().for_each(|&code| take(code as usize)),
            Self::Marks(marks) => {
                for (index, &mark) in marks.iter().enumerate() {
                    if mark != 0 {
                        take(index);
                    }
                }
            }
        }
    }
}

impl RankedDictionary {
    /// The order of `entries`, which are not coded themselves.
    pub(crate) fn new(leaf: &Leaf, entries: &LeafValues<'_>) -> Self {
        let kind = Kind::of(leaf);
        let len = entries.len();
        let (strings, ranks) = match entries {
            LeafValues::Bytes(values) => of_bytes(kind, values),
            LeafValues::Fixed { width, data } if kind != Kind::Half => of_fixed(kind, *width, data),
            _ if kind == Kind::Undefined => (Strings::default(), Ranks::None),
            _ => {
                let mut keys = Vec::with_capacity(len);
                each_key(kind, entries, 0..len, |key| keys.push(key));
                (Strings::default(), Ranks::Keys(keys))
            }
        };
        let has_nan = match &ranks {
            Ranks::Keys(keys) => kind.has_nan() && keys.contains(&NAN),
            _ => false,
        };
        Self {
            ranks,
            len,
            has_nan,
            lengths: (leaf.physical == Type::BYTE_ARRAY).then(|| Lengths::of(&strings)),
            strings,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The byte string of an entry; empty if entries are numbers.
    pub(super) fn byte_string(&self, index: usize) -> &[u8] {
        self.strings.get(index)
    }

    /// The bounds of numbers, and how many of `codes` are none; nothing is found among byte
    /// strings.
    pub(super) fn numbers(&self, codes: &[u32], seen: Seen<'_>) -> Numbers {
        let Ranks::Keys(keys) = &self.ranks else {
            return Numbers::default();
        };
        let mut bounds = None;
        match seen {
            Seen::Marks(marks) if !self.has_nan => {
                bounds = Some(vectorized(Marked { marks, keys }));
            }
            seen => seen.for_each(|index| {
                if let Some(&key) = keys.get(index)
                    && !(self.has_nan && key == NAN)
                {
                    let (min, max) = bounds.unwrap_or((key, key));
                    bounds = Some((min.min(key), max.max(key)));
                }
            }),
        }
        let is_nan = |code: &&u32| keys.get(**code as usize) == Some(&NAN);
        Numbers {
            bounds,
            nans: match self.has_nan {
                true => codes.iter().filter(is_nan).count(),
                false => 0,
            },
        }
    }

    /// The smallest and the largest of byte strings.
    pub(super) fn byte_strings(&self, seen: Seen<'_>) -> Option<(&[u8], &[u8])> {
        match &self.ranks {
            Ranks::None | Ranks::Keys(_) => None,
            Ranks::Prefixes { prefixes, compared } => self.extremes(prefixes, *compared, seen),
            Ranks::WidePrefixes(prefixes) => self.extremes(prefixes, None, seen),
        }
    }

    fn extremes<P: Prefix>(
        &self,
        prefixes: &[P],
        compared: Option<usize>,
        seen: Seen<'_>,
    ) -> Option<(&[u8], &[u8])> {
        let (least, most) = match seen {
            Seen::Marks(marks) => {
                let keys = prefixes;
                vectorized(Marked { marks, keys })
            }
            Seen::Codes(codes) => {
                let mut all = codes
                    .iter()
                    .filter_map(|&code| prefixes.get(code as usize).copied());
                let first = all.next()?;
                all.fold((first, first), |(min, max), prefix| {
                    (min.min(prefix), max.max(prefix))
                })
            }
        };
        let mut bounds: (Option<&[u8]>, Option<&[u8]>) = (None, None);
        // What is behind the prefix decides only among those that have it.
        let mut take = |index: usize, prefix: P| {
            if prefix == least {
                let string = self.strings.get(index);
                if bounds
                    .0
                    .is_none_or(|min| is_less_behind(compared, string, min))
                {
                    bounds.0 = Some(string);
                }
            }
            if prefix == most {
                let string = self.strings.get(index);
                if bounds
                    .1
                    .is_none_or(|max| is_less_behind(compared, max, string))
                {
                    bounds.1 = Some(string);
                }
            }
        };
        match seen {
            Seen::Marks(marks) => {
                for (index, (&prefix, &mark)) in prefixes.iter().zip(marks).enumerate() {
                    if (prefix == least || prefix == most) && mark == 1 {
                        take(index, prefix);
                    }
                }
            }
            Seen::Codes(codes) => {
                for &code in codes {
                    if let Some(&prefix) = prefixes.get(code as usize) {
                        take(code as usize, prefix);
                    }
                }
            }
        }
        bounds.0.zip(bounds.1)
    }

    /// The bytes of the values of `codes`, without lengths.
    pub(super) fn unencoded_bytes(&self, codes: &[u32]) -> u64 {
        match &self.lengths {
            None => 0,
            Some(Lengths::Equal(length)) => length * codes.len() as u64,
            Some(Lengths::Each(lengths)) => codes
                .iter()
                .map(|&code| u64::from(lengths.get(code as usize).copied().unwrap_or(0)))
                .sum(),
        }
    }
}

/// A number that stands for others, all of its bits used.
trait Prefix: Copy + Ord {
    const LEAST: Self;
    const MOST: Self;
    /// Itself if it is marked, and `other` if not.
    fn or(self, mark: u8, other: Self) -> Self;
}

macro_rules! prefix {
    ($($prefix:ident)*) => {$(
        impl Prefix for $prefix {
            const LEAST: Self = Self::MIN;
            const MOST: Self = Self::MAX;

            #[inline(always)]
            fn or(self, mark: u8, other: Self) -> Self {
                let mask = Self::from(mark).wrapping_neg();
                self & mask | other & !mask
            }
        }
    )*};
}

prefix! { u64 u128 }

/// Finds the smallest and the largest of those that are marked with 1, and not with 0. Without a
/// jump for each, as nobody could foresee them.
struct Marked<'m, P> {
    marks: &'m [u8],
    keys: &'m [P],
}

impl<P: Prefix> Work for Marked<'_, P> {
    type Done = (P, P);

    #[inline(always)]
    fn run(self) -> (P, P) {
        let (mut min, mut max) = (P::MOST, P::LEAST);
        for (&mark, &key) in self.marks.iter().zip(self.keys) {
            min = min.min(key.or(mark, P::MOST));
            max = max.max(key.or(mark, P::LEAST));
        }
        (min, max)
    }
}

fn of_bytes(kind: Kind, values: &BytePieces<'_>) -> (Strings, Ranks) {
    let all = || values.iter(0..values.len());
    let strings = Strings::of(all());
    if kind == Kind::Undefined {
        return (strings, Ranks::None);
    }
    let shared = shared_bytes(all());
    let rest = |value: &[u8]| prefix(value.get(shared..).unwrap_or_default());
    let ranks = Ranks::Prefixes {
        prefixes: all().map(rest).collect(),
        compared: Some(shared + 8),
    };
    (strings, ranks)
}

fn of_fixed(kind: Kind, width: usize, data: &FixedPieces<'_>) -> (Strings, Ranks) {
    if kind == Kind::Undefined {
        return (Strings::default(), Ranks::None);
    }
    let slices = data.slices(0..data.len());
    let all = slices.flat_map(|slice| slice.chunks_exact(width.max(1)));
    let strings = Strings::of(all.clone());
    let flip = sign_bit(kind);
    let ranks = match width {
        9..=16 => Ranks::WidePrefixes(all.map(|value| wide_prefix(value, flip)).collect()),
        _ => Ranks::Prefixes {
            prefixes: all.map(|value| prefix(value) ^ flip).collect(),
            compared: (width > 8).then_some(8),
        },
    };
    (strings, ranks)
}

impl Lengths {
    fn of(strings: &Strings) -> Self {
        let mut start = 0;
        let lengths: Vec<u32> = strings
            .ends
            .iter()
            .map(|&end| {
                let length = end - start;
                start = end;
                // Byte strings lie between offsets of 32 bits.
                length as u32
            })
            .collect();
        match lengths.split_first() {
            Some((first, rest)) if rest.iter().all(|length| length == first) => {
                Self::Equal(u64::from(*first))
            }
            _ => Self::Each(lengths),
        }
    }
}
