//! Runs of the hybrid, beyond what decoding them shows.

use super::values::Fault;
use crate::rule::Rule;
use pq_encoding::DecodeError;
use pq_encoding::rle::{Run, Runs};

/// Checks that runs end with the last of `count` values, but for the padding of the last group,
/// and that nothing is behind them, and notes in `remarks` where that is not so.
///
/// # Errors
///
/// The runs cannot be read.
pub(crate) fn check(
    input: &[u8],
    width: u8,
    count: usize,
    trailing: Rule,
    remarks: &mut Vec<Fault>,
) -> Result<(), Fault> {
    let mut runs = Runs::new(input, width)?;
    let mut left = count;
    while left > 0 {
        let (len, padding) = match runs.next() {
            Some(Ok(Run::Repeated { count, .. })) => (count, 0),
            Some(Ok(Run::Packed { count, .. })) => (count, 7),
            Some(Err(error)) => return Err(error.into()),
            None => {
                let offset = input.len();
                return Err(DecodeError::UnexpectedEnd { offset }.into());
            }
        };
        if len > left.saturating_add(padding) {
            remarks.push(Fault::new(
                Rule::RunOverrun,
                format!("the last run has {len} values, {left} are left"),
            ));
        }
        left = left.saturating_sub(len);
    }
    let used = runs.position();
    if used < input.len() {
        remarks.push(Fault::new(
            trailing,
            format!("the runs take {used} of {} bytes", input.len()),
        ));
    }
    Ok(())
}
