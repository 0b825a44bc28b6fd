//! Values lent as they are, or converted.

use super::{Fault, Pass};
use crate::leaf::{Convert, Pieces};
use crate::nested::Selection;
use pq_encoding::vectors::{Work, vectorized};

/// The values selected: lent where they lie in one run, copied together otherwise.
pub(super) fn lend<'a, T: Copy + Default>(
    values: &'a [T],
    selection: &Selection<'_>,
    pass: Pass,
) -> Result<Pieces<'a, T>, Fault> {
    match (pass, selection.single_run()) {
        (Pass::Check, _) => within(values, selection.extent()).map(|_| Pieces::default()),
        (Pass::Take, Some(run)) => within(values, run).map(Pieces::of),
        (Pass::Take, None) => gathered(values, selection).map(Pieces::of),
    }
}

/// As [`lend`], of values that `test` finds nothing wrong with.
pub(super) fn lend_tested<'a, T: Copy + Default>(
    values: &'a [T],
    selection: &Selection<'_>,
    pass: Pass,
    test: impl Fn(T) -> Result<(), &'static str>,
) -> Result<Pieces<'a, T>, Fault> {
    if pass == Pass::Check {
        check(values, selection, test)?;
    }
    lend(values, selection, pass)
}

/// The values selected, each converted as [`map`] does.
pub(super) fn each<'a, T: Copy + Default + Sync, U: Copy + Default>(
    values: &'a [T],
    selection: &Selection<'_>,
    pass: Pass,
    convert: impl Fn(T) -> Result<U, &'static str> + Send + Sync + 'a,
) -> Result<Pieces<'a, U>, Fault> {
    match pass {
        Pass::Check => check(values, selection, convert).map(|()| Pieces::default()),
        // All were checked.
        Pass::Take => map(values, selection, pass, move |value| {
            convert(value).unwrap_or_default()
        }),
    }
}

/// The values selected, each converted in a way that always works: when it is looked at, where
/// they lie in one run.
pub(super) fn map<'a, T: Copy + Default + Sync, U: Copy + Default>(
    values: &'a [T],
    selection: &Selection<'_>,
    pass: Pass,
    convert: impl Fn(T) -> U + Send + Sync + 'a,
) -> Result<Pieces<'a, U>, Fault> {
    match (pass, selection.single_run()) {
        (Pass::Check, _) => lend(values, selection, pass).map(|_| Pieces::default()),
        (Pass::Take, Some(run)) => Ok(Pieces::converted(Converted {
            values: within(values, run)?,
            convert,
        })),
        (Pass::Take, None) => {
            let taken = gathered(values, selection)?;
            Ok(Pieces::of(
                taken.into_iter().map(convert).collect::<Vec<U>>(),
            ))
        }
    }
}

/// Errors if a value selected cannot be converted.
pub(super) fn check<T: Copy, U>(
    values: &[T],
    selection: &Selection<'_>,
    convert: impl Fn(T) -> Result<U, &'static str>,
) -> Result<(), Fault> {
    let fails = |values| {
        let convert = &convert;
        vectorized(Fails { values, convert })
    };
    // Runs of bits may be many and short. Mostly nothing is wrong with what stands between them.
    if let Selection::Bits { len, .. } = selection
        && !fails(within(values, 0..*len)?)
    {
        return Ok(());
    }
    selection.for_each(|run| {
        let start = run.start;
        let selected = within(values, run)?;
        if !fails(selected) {
            return Ok(());
        }
        let reasons = selected.iter().map(|&value| convert(value).err());
        let first = (start..)
            .zip(reasons)
            .find_map(|(at, reason)| Some((at, reason?)));
        first.map_or(Ok(()), |(at, reason)| Err(Fault::at(at, reason)))
    })
}

/// Finds out whether any of the values cannot be converted.
struct Fails<'a, T, F> {
    values: &'a [T],
    convert: &'a F,
}

impl<T: Copy, U, F: Fn(T) -> Result<U, &'static str>> Work for Fails<'_, T, F> {
    type Done = bool;

    #[inline(always)]
    fn run(self) -> bool {
        // Without a way out of it, the loop is quicker.
        let fails = |fails, &value: &T| fails | (self.convert)(value).is_err();
        self.values.iter().fold(false, fails)
    }
}

struct Converted<'a, T, F> {
    values: &'a [T],
    convert: F,
}

impl<T: Copy + Sync, U, F: Fn(T) -> U + Send + Sync> Convert<U> for Converted<'_, T, F> {
    fn len(&self) -> usize {
        self.values.len()
    }

    fn fill(&self, start: usize, to: &mut [U]) {
        vectorized(Fill {
            from: self.values.get(start..).unwrap_or_default(),
            to,
            convert: &self.convert,
        });
    }
}

struct Fill<'a, T, U, F> {
    from: &'a [T],
    to: &'a mut [U],
    convert: &'a F,
}

impl<T: Copy, U, F: Fn(T) -> U> Work for Fill<'_, T, U, F> {
    type Done = ();

    #[inline(always)]
    fn run(self) {
        for (to, &value) in self.to.iter_mut().zip(self.from) {
            *to = (self.convert)(value);
        }
    }
}

/// The values selected, copied together.
pub(super) fn gathered<T: Copy + Default>(
    values: &[T],
    selection: &Selection<'_>,
) -> Result<Vec<T>, Fault> {
    selection.gather(values).ok_or_else(|| beyond(values.len()))
}

pub(super) fn within<T>(values: &[T], run: std::ops::Range<usize>) -> Result<&[T], Fault> {
    values.get(run).ok_or_else(|| beyond(values.len()))
}

/// The fault of a column that is shorter than it says.
pub(super) fn beyond(len: usize) -> Fault {
    Fault::at(len, "the values end before the last row")
}
