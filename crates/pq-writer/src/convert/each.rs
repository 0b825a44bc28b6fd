//! Values lent as they are, or converted one by one.

use super::{Fault, Pass};
use crate::leaf::Pieces;
use crate::nested::Selection;
use std::borrow::Cow;

/// The values selected: lent where they lie in one run, copied together otherwise.
pub(super) fn lend<'a, T: Copy>(
    values: &'a [T],
    selection: &Selection<'_>,
    pass: Pass,
) -> Result<Pieces<'a, T>, Fault> {
    let mut pieces = Pieces::default();
    if let Some(run) = selection.single_run() {
        let lent = values
            .get(run.clone())
            .ok_or_else(|| beyond(values.len()))?;
        pieces.push(Cow::Borrowed(lent));
        return Ok(pieces);
    }
    let mut taken = Vec::new();
    if pass == Pass::Take {
        taken.reserve_exact(selection.count());
    }
    selection.for_each(|run| {
        let selected = values.get(run).ok_or_else(|| beyond(values.len()))?;
        if pass == Pass::Take {
            taken.extend_from_slice(selected);
        }
        Ok(())
    })?;
    pieces.push(Cow::Owned(taken));
    Ok(pieces)
}

/// As [`lend`], of values that `test` finds nothing wrong with.
pub(super) fn lend_tested<'a, T: Copy>(
    values: &'a [T],
    selection: &Selection<'_>,
    pass: Pass,
    test: impl Fn(T) -> Result<(), &'static str>,
) -> Result<Pieces<'a, T>, Fault> {
    if pass == Pass::Check {
        each(values, selection, pass, test)?;
    }
    lend(values, selection, pass)
}

/// The values selected, each converted.
pub(super) fn each<T: Copy, U: Copy>(
    values: &[T],
    selection: &Selection<'_>,
    pass: Pass,
    convert: impl Fn(T) -> Result<U, &'static str>,
) -> Result<Pieces<'static, U>, Fault> {
    let mut taken = Vec::new();
    if pass == Pass::Take {
        taken.reserve_exact(selection.count());
    }
    selection.for_each(|run| {
        let start = run.start;
        let selected = values.get(run).ok_or_else(|| beyond(values.len()))?;
        let fault = |(index, reason)| Fault::at(start + index, reason);
        let mut failed = None;
        if pass == Pass::Take {
            taken.extend(selected.iter().enumerate().map_while(|(index, &value)| {
                convert(value)
                    .map_err(|reason| failed = Some((index, reason)))
                    .ok()
            }));
        } else {
            failed = selected
                .iter()
                .enumerate()
                .find_map(|(index, &value)| convert(value).err().map(|reason| (index, reason)));
        }
        failed.map_or(Ok(()), |failed| Err(fault(failed)))
    })?;
    Ok(taken.into())
}

/// The values selected, each converted in a way that always works.
pub(super) fn map<T: Copy, U: Copy>(
    values: &[T],
    selection: &Selection<'_>,
    pass: Pass,
    convert: impl Fn(T) -> U,
) -> Result<Pieces<'static, U>, Fault> {
    let mut taken = Vec::new();
    if pass == Pass::Take {
        taken.reserve_exact(selection.count());
        selection.for_each(|run| {
            let selected = values.get(run).ok_or_else(|| beyond(values.len()))?;
            taken.extend(selected.iter().map(|&value| convert(value)));
            Ok(())
        })?;
    }
    Ok(taken.into())
}

/// The fault of a column that is shorter than it says.
pub(super) fn beyond(len: usize) -> Fault {
    Fault::at(len, "the values end before the last row")
}
