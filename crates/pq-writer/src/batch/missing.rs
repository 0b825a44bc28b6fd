//! Values that mean that nothing is there.

use super::{Bits, Column, Keys, Values, pack_bits};

/// What pandas has for a time that is missing.
const NOT_A_TIME: i64 = i64::MIN;

impl<'a> Column<'a> {
    /// The column with nulls where it has NaN, which is how pandas says that a value is missing;
    /// the values are not copied, `bitmap` is where the validity is put.
    ///
    /// Floats of any width, dictionaries and runs of them. A column of floats has a validity
    /// afterwards even if none is NaN; others, and floats within lists and structs, stay as they
    /// are.
    ///
    /// ```
    /// use pq_writer::{Column, Values};
    ///
    /// let mut bitmap = Vec::new();
    /// let column = Column::new("x", Values::Float64(&[1.5, f64::NAN])).nan_as_null(&mut bitmap);
    /// assert!(!column.is_null(0) && column.is_null(1));
    /// ```
    pub fn nan_as_null(self, bitmap: &'a mut Vec<u8>) -> Self {
        let missing = missing(&self.values, &|values| match values {
            Values::Float16(values) => Some(values.iter().map(|bits| is_half_nan(*bits)).collect()),
            Values::Float32(values) => Some(values.iter().map(|value| value.is_nan()).collect()),
            Values::Float64(values) => Some(values.iter().map(|value| value.is_nan()).collect()),
            _ => None,
        });
        self.without(missing, bitmap)
    }

    /// The column with nulls where it has the smallest integer of 64 bits, which is how numpy and
    /// pandas have a timestamp or a duration that is missing (NaT); as
    /// [`nan_as_null`](Self::nan_as_null) otherwise. Only for columns of such times: of integers,
    /// the smallest one is a value like the others.
    pub fn nat_as_null(self, bitmap: &'a mut Vec<u8>) -> Self {
        let missing = missing(&self.values, &|values| match values {
            Values::Int64(values) => {
                Some(values.iter().map(|value| *value == NOT_A_TIME).collect())
            }
            _ => None,
        });
        self.without(missing, bitmap)
    }

    fn without(mut self, missing: Option<Vec<bool>>, bitmap: &'a mut Vec<u8>) -> Self {
        // Of a validity that does not fit the values, the writer says so; it stays as it is.
        if let Some(missing) = missing
            && self.validity.is_none_or(|bits| bits.len() == missing.len())
        {
            let validity = self.validity;
            *bitmap = pack_bits(
                missing
                    .iter()
                    .enumerate()
                    .map(|(row, missing)| !missing && validity.is_none_or(|bits| bits.get(row))),
            );
            self.validity = Bits::new(bitmap, 0, missing.len());
        }
        self
    }
}

fn is_half_nan(bits: u16) -> bool {
    bits & 0x7fff > 0x7c00
}

/// For each row whether its value is missing, as `of_plain` says of values that are neither
/// dictionaries nor runs; `None` where it says nothing.
fn missing(
    values: &Values<'_>,
    of_plain: &dyn Fn(&Values<'_>) -> Option<Vec<bool>>,
) -> Option<Vec<bool>> {
    match values {
        Values::Dictionary { keys, values } => {
            let missing = missing(&values.values, of_plain)?;
            // A code beyond the dictionary is the writer's to report.
            let is_missing = |row| {
                let code = keys.get(row);
                code.and_then(|code| missing.get(code))
                    .is_some_and(|&missing| missing)
            };
            Some((0..keys.len()).map(is_missing).collect())
        }
        Values::RunEnd {
            ends,
            offset,
            len,
            values,
        } => {
            let missing = missing(&values.values, of_plain)?;
            Some(rows_of_runs(ends, *offset, *len, &missing))
        }
        plain => of_plain(plain),
    }
}

/// What is said of runs, for each row of them; false beyond the last run.
fn rows_of_runs(ends: &Keys<'_>, offset: usize, len: usize, of_runs: &[bool]) -> Vec<bool> {
    let mut rows = Vec::new();
    for (run, of_run) in of_runs.iter().enumerate() {
        let end = ends.get(run).unwrap_or(0).saturating_sub(offset).min(len);
        if end > rows.len() {
            rows.resize(end, *of_run);
        }
    }
    rows.resize(len, false);
    rows
}

#[cfg(test)]
mod tests {
    use crate::batch::{Bits, Column, Keys, Values};

    fn nulls(column: &Column<'_>) -> Vec<usize> {
        (0..column.len())
            .filter(|&row| column.is_null(row))
            .collect()
    }

    #[test]
    fn nan_of_every_width_becomes_null() {
        let halves = [0x3c00, 0x7c00, 0x7c01, 0xfe00];
        let singles = [1.0, f32::INFINITY, f32::NAN, -f32::NAN];
        let doubles = [1.0, f64::NEG_INFINITY, f64::NAN, -f64::NAN];
        for values in [
            Values::Float16(&halves),
            Values::Float32(&singles),
            Values::Float64(&doubles),
        ] {
            let mut bitmap = Vec::new();
            let column = Column::new("x", values).nan_as_null(&mut bitmap);
            assert_eq!(nulls(&column), [2, 3], "{:?}", column.values);
        }
    }

    #[test]
    fn nulls_that_were_there_stay() {
        let present = Bits::new(&[0b0110], 0, 3).unwrap();
        let mut bitmap = Vec::new();
        let column = Column::new("x", Values::Float64(&[1.0, 2.0, f64::NAN]))
            .with_validity(present)
            .nan_as_null(&mut bitmap);
        assert_eq!(nulls(&column), [0, 2]);
    }

    #[test]
    fn a_column_of_floats_has_a_validity_afterwards_and_others_stay() {
        let mut bitmap = Vec::new();
        let whole = Column::new("x", Values::Float64(&[1.0])).nan_as_null(&mut bitmap);
        assert!(whole.validity.is_some());
        assert_eq!(nulls(&whole), [0; 0]);
        let integers = Column::new("x", Values::Int64(&[i64::MIN]));
        let mut bitmap = Vec::new();
        assert_eq!(integers.clone().nan_as_null(&mut bitmap), integers);
        let floats = Column::new("x", Values::Float64(&[f64::NAN]));
        let mut bitmap = Vec::new();
        assert_eq!(floats.clone().nat_as_null(&mut bitmap).validity, None);
    }

    #[test]
    fn a_validity_of_another_length_is_left_for_the_writer_to_report() {
        let present = Bits::new(&[1], 0, 1).unwrap();
        let column = Column::new("x", Values::Float64(&[1.0, 2.0])).with_validity(present);
        let mut bitmap = Vec::new();
        let after = column.clone().nan_as_null(&mut bitmap);
        assert_eq!(after, column);
    }

    #[test]
    fn dictionaries_and_runs_are_looked_into() {
        let labels = || Box::new(Column::new("d", Values::Int64(&[7, i64::MIN])));
        let keys = Keys::Int8(&[1, 0, -1, 1, 5]);
        let values = labels();
        let mut bitmap = Vec::new();
        let column = Column::new("x", Values::Dictionary { keys, values }).nat_as_null(&mut bitmap);
        assert_eq!(nulls(&column), [0, 3]);
        let runs = Values::RunEnd {
            ends: Keys::Int32(&[3, 5]),
            offset: 2,
            len: 3,
            values: labels(),
        };
        let mut bitmap = Vec::new();
        let column = Column::new("x", runs).nat_as_null(&mut bitmap);
        assert_eq!(nulls(&column), [1, 2]);
        let broken = Values::RunEnd {
            ends: Keys::Int32(&[1, -1]),
            offset: 0,
            len: 3,
            values: labels(),
        };
        let mut bitmap = Vec::new();
        let column = Column::new("x", broken).nat_as_null(&mut bitmap);
        assert_eq!(nulls(&column), [0; 0]);
    }
}
