//! Values of one width: FIXED_LEN_BYTE_ARRAY and INT96.

use super::each::{beyond, each, gathered, lend};
use super::{Fault, Pass};
use crate::batch::{Strings, Values};
use crate::leaf::{FixedPieces, LeafValues, Pieces};
use crate::nested::Selection;
use crate::schema::Leaf;
use std::borrow::Cow;
use std::convert::Infallible;

/// The bytes of values, one after the other.
pub(super) fn flatten<const N: usize>(values: &Pieces<'_, [u8; N]>) -> FixedPieces<'static>
where
    [u8; N]: Default,
{
    let mut bytes = Vec::with_capacity(values.len() * N);
    values.for_each(0..values.len(), |slice| {
        bytes.extend_from_slice(slice.as_flattened());
    });
    bytes.into()
}

/// The values selected as bytes.
pub(super) fn bytes_of<T: Copy + Default + Sync, const N: usize>(
    values: &[T],
    selection: &Selection<'_>,
    pass: Pass,
    to_bytes: impl Fn(T) -> [u8; N] + Send + Sync,
) -> Result<FixedPieces<'static>, Fault>
where
    [u8; N]: Default,
{
    Ok(flatten(&super::each::map(
        values, selection, pass, to_bytes,
    )?))
}

/// Values that already have the width of the leaf.
pub(super) fn whole<'a>(
    leaf: &Leaf,
    width: usize,
    data: &'a [u8],
    selection: &Selection<'_>,
    pass: Pass,
) -> Result<LeafValues<'a>, Fault> {
    if width != leaf.fixed_width() || width == 0 || !data.len().is_multiple_of(width) {
        return Err(Fault::Form);
    }
    let in_bytes = |run: std::ops::Range<usize>| {
        let start = run.start.saturating_mul(width);
        start..run.end.saturating_mul(width)
    };
    let rows = data.len() / width;
    let scaled = match selection.single_run() {
        Some(run) => Selection::Runs(vec![in_bytes(run)]),
        None => {
            let mut runs = Vec::new();
            let Ok(()) = selection.for_each(|run| {
                runs.push(in_bytes(run));
                Ok::<(), Infallible>(())
            });
            Selection::Runs(runs)
        }
    };
    Ok(LeafValues::Fixed {
        width,
        data: bytes(data, &scaled, pass).map_err(|_| beyond(rows))?,
    })
}

/// The bytes selected: lent where they lie in one run, copied together otherwise.
fn bytes<'a>(
    data: &'a [u8],
    selection: &Selection<'_>,
    pass: Pass,
) -> Result<FixedPieces<'a>, Fault> {
    let mut pieces = FixedPieces::default();
    match (pass, selection.single_run()) {
        (Pass::Check, _) => {
            lend(data, selection, pass)?;
        }
        (Pass::Take, Some(run)) => {
            let end = data.len();
            pieces.push(Cow::Borrowed(data.get(run).ok_or_else(|| beyond(end))?));
        }
        (Pass::Take, None) => pieces.push(Cow::Owned(gathered(data, selection)?)),
    }
    Ok(pieces)
}

/// Byte strings of any length filled up with zeros.
pub(super) fn padded(
    leaf: &Leaf,
    values: &Values<'_>,
    selection: &Selection<'_>,
    pass: Pass,
) -> Result<LeafValues<'static>, Fault> {
    let width = leaf.fixed_width();
    let strings = Strings::of(values).ok_or(Fault::Form)?;
    let mut taken = Vec::new();
    if pass == Pass::Take {
        taken.reserve_exact(selection.count().saturating_mul(width));
    }
    selection.for_each(|run| {
        for position in run {
            let value = strings.get(position).ok_or_else(|| beyond(position))?;
            let value = value.as_bytes();
            if value.len() > width {
                let len = value.len();
                return Err(Fault::at(
                    position,
                    format!("{len} bytes, more than the {width} of the column"),
                ));
            }
            if pass == Pass::Take {
                taken.extend_from_slice(value);
                taken.resize(taken.len() + width - value.len(), 0);
            }
        }
        Ok(())
    })?;
    Ok(LeafValues::Fixed {
        width,
        data: taken.into(),
    })
}

const NEGATIVE: &str = "the interval is negative, which INTERVAL cannot be";

/// Months, days and milliseconds, little-endian, unsigned.
pub(super) fn intervals<'a>(
    values: &Values<'a>,
    selection: &Selection<'_>,
    pass: Pass,
) -> Result<LeafValues<'a>, Fault> {
    let data = match values {
        Values::Int32(months) => flatten(&each(months, selection, pass, |months: i32| {
            stored([months.into(), 0, 0])
        })?),
        Values::FixedBytes { width: 8, data } => {
            flatten(&each(data.as_chunks::<8>().0, selection, pass, |bytes| {
                let (days, millis) = (word(&bytes, 0), word(&bytes, 4));
                stored([0, days.into(), millis.into()])
            })?)
        }
        Values::FixedBytes { width: 12, data } => {
            let values = data.as_chunks::<12>().0;
            let lent = lend(values, selection, pass)?;
            let mut bytes = FixedPieces::default();
            if let (Some(run), true) = (selection.single_run(), pass == Pass::Take) {
                let lent = values.get(run).unwrap_or_default();
                bytes.push(Cow::Borrowed(lent.as_flattened()));
                bytes
            } else {
                flatten(&lent)
            }
        }
        Values::FixedBytes { width: 16, data } => {
            flatten(&each(data.as_chunks::<16>().0, selection, pass, |bytes| {
                let mut nanos = [0; 8];
                nanos.copy_from_slice(&bytes[8..]);
                let nanos = i64::from_le_bytes(nanos);
                if nanos % 1_000_000 != 0 {
                    return Err("the interval is finer than a millisecond");
                }
                stored([
                    word(&bytes, 0).into(),
                    word(&bytes, 4).into(),
                    nanos / 1_000_000,
                ])
            })?)
        }
        _ => return Err(Fault::Form),
    };
    Ok(LeafValues::Fixed { width: 12, data })
}

fn word<const N: usize>(bytes: &[u8; N], at: usize) -> i32 {
    let mut word = [0; 4];
    for (to, from) in word.iter_mut().zip(bytes.iter().skip(at)) {
        *to = *from;
    }
    i32::from_le_bytes(word)
}

fn stored(parts: [i64; 3]) -> Result<[u8; 12], &'static str> {
    let mut bytes = [0; 12];
    for (to, part) in bytes.as_chunks_mut::<4>().0.iter_mut().zip(parts) {
        if part < 0 {
            return Err(NEGATIVE);
        }
        *to = u32::try_from(part)
            .map_err(|_| "the interval is out of range in milliseconds")?
            .to_le_bytes();
    }
    Ok(bytes)
}
