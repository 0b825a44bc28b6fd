//! Dictionaries that came in: kept, and merged where there are several. Each of their values is
//! looked up once, however many codes stand for it.

use super::{Dictionary, Hints, Tables, entries};
use crate::encode::values::plain_len;
use crate::leaf::{BytePieces, Coded, FixedPieces, LeafValues, Pieces};
use std::borrow::Cow;

impl<'v> Dictionary<'v> {
    /// The one dictionary of all codes; `None` if it would be too large for a page.
    pub(in crate::encode) fn brought(coded: &'v Coded<'v>, tables: &mut Tables) -> Option<Self> {
        let first = coded.dictionaries.first()?;
        if coded.parts.iter().all(|part| part.codes.len() == 0) {
            return None;
        }
        if matches!(first, LeafValues::Boolean(_) | LeafValues::Coded(_)) {
            return None;
        }
        let all = match coded.dictionaries.as_slice() {
            [only] => Cow::Borrowed(only),
            several => Cow::Owned(concatenated(first, several)),
        };
        let count = all.len();
        if u32::try_from(count).is_err() {
            return None;
        }
        let mut places = vec![0; count];
        let hints = Hints {
            distinct: count,
            longest: usize::MAX,
            ..Hints::default()
        };
        let most = i32::MAX as usize;
        let (entries, places, is_distinct) = match entries(&all, most, hints, tables, &mut places) {
            Ok(merged) if merged.len() < count => (Cow::Owned(merged), Some(places), true),
            Ok(_) => (all, None, true),
            // Values may be there twice: that is no error, only larger.
            Err(_) => (all, None, false),
        };
        (plain_len(&entries, 0..entries.len()) <= most).then(|| Self {
            codes: codes(coded, tables, places.as_deref()),
            entries,
            is_distinct,
        })
    }
}

/// The codes of all parts, counted through all dictionaries; `places` says where their values
/// went.
fn codes<'v>(coded: &'v Coded<'v>, tables: &mut Tables, places: Option<&[u32]>) -> Cow<'v, [u32]> {
    if let ([only], [_], None) = (
        coded.parts.as_slice(),
        coded.dictionaries.as_slice(),
        places,
    ) && let Some(codes) = only.codes.only_slice()
    {
        return Cow::Borrowed(codes);
    }
    let mut starts = Vec::with_capacity(coded.dictionaries.len());
    let mut start = 0_u32;
    for dictionary in &coded.dictionaries {
        starts.push(start);
        start += dictionary.len() as u32;
    }
    let mut codes = std::mem::take(&mut tables.codes);
    codes.clear();
    for part in &coded.parts {
        let start = starts.get(part.dictionary).copied().unwrap_or(0);
        let places = places.map(|places| places.get(start as usize..).unwrap_or_default());
        part.codes.for_each(0..part.codes.len(), |slice| {
            let place = |places: &[u32], code: &u32| places.get(*code as usize).copied();
            match places {
                None if start == 0 => codes.extend_from_slice(slice),
                None => codes.extend(slice.iter().map(|code| code + start)),
                Some(places) => {
                    codes.extend(slice.iter().map(|code| place(places, code).unwrap_or(0)));
                }
            }
        });
    }
    Cow::Owned(codes)
}

/// All dictionaries, one behind the other; each of the type of the first.
fn concatenated<'v>(first: &LeafValues<'v>, dictionaries: &'v [LeafValues<'v>]) -> LeafValues<'v> {
    macro_rules! numbers {
        ($variant:ident) => {{
            let mut all = Pieces::default();
            for dictionary in dictionaries {
                if let LeafValues::$variant(entries) = dictionary {
                    all.append_lent(entries);
                }
            }
            LeafValues::$variant(all)
        }};
    }
    match first {
        LeafValues::Int32(_) => numbers!(Int32),
        LeafValues::Int64(_) => numbers!(Int64),
        LeafValues::Float(_) => numbers!(Float),
        LeafValues::Double(_) => numbers!(Double),
        LeafValues::Fixed { width, .. } => {
            let mut all = FixedPieces::default();
            for dictionary in dictionaries {
                if let LeafValues::Fixed { data, .. } = dictionary {
                    for slice in data.slices(0..data.len()) {
                        all.push(Cow::Borrowed(slice));
                    }
                }
            }
            LeafValues::Fixed {
                width: *width,
                data: all,
            }
        }
        LeafValues::Bytes(_) => {
            let mut all = BytePieces::default();
            for dictionary in dictionaries {
                if let LeafValues::Bytes(entries) = dictionary {
                    all.append_lent(entries);
                }
            }
            LeafValues::Bytes(all)
        }
        LeafValues::Boolean(_) | LeafValues::Coded(_) => first.clone(),
    }
}
