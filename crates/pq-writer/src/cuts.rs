//! Where row groups end.

use crate::error::WriteError;

/// Where row groups end: counted in rows of the whole input, or by what rows take in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowGroupCuts(Kind);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Every(u64),
    Offsets(Vec<u64>),
    Bytes(u64),
}

impl RowGroupCuts {
    /// A row group every `rows` rows (at least one); the last one may be shorter.
    pub fn rows(rows: usize) -> Self {
        Self(Kind::Every((rows as u64).max(1)))
    }

    /// As few row groups of at most `rows` rows as hold `total` rows, all of about the same size:
    /// 100 rows at 30 are four row groups of 25, not three of 30 and one of 10.
    ///
    /// ```
    /// use pq_writer::RowGroupCuts;
    /// let cuts = RowGroupCuts::even(100, 30);
    /// assert_eq!(cuts.end_of(0), Some(25));
    /// assert_eq!(cuts.end_of(75), Some(100));
    /// ```
    pub fn even(total: u64, rows: usize) -> Self {
        let groups = total.div_ceil((rows as u64).max(1)).max(1);
        Self(Kind::Every(total.div_ceil(groups).max(1)))
    }

    /// Row groups that start at these rows.
    ///
    /// # Errors
    ///
    /// Offsets that are empty, do not start at 0 or do not ascend.
    pub fn offsets(offsets: Vec<u64>) -> Result<Self, WriteError> {
        if offsets.first() != Some(&0) || offsets.windows(2).any(|pair| pair[0] >= pair[1]) {
            return Err(WriteError::RowGroupOffsets);
        }
        Ok(Self(Kind::Offsets(offsets)))
    }

    /// Row groups of as many rows as take at most `bytes` in memory, before they are encoded; of
    /// one row at least, however large it is. What rows take is for whoever cuts to say, and so is
    /// where row groups then end: [`end_of`](Self::end_of) does not know.
    pub fn bytes(bytes: usize) -> Self {
        Self(Kind::Bytes(bytes as u64))
    }

    /// How many bytes the rows of a row group may take; `None` if rows are counted.
    ///
    /// ```
    /// use pq_writer::RowGroupCuts;
    /// assert_eq!(RowGroupCuts::bytes(1 << 20).target_bytes(), Some(1 << 20));
    /// assert_eq!(RowGroupCuts::rows(100).target_bytes(), None);
    /// ```
    pub fn target_bytes(&self) -> Option<u64> {
        match self.0 {
            Kind::Bytes(bytes) => Some(bytes),
            Kind::Every(_) | Kind::Offsets(_) => None,
        }
    }

    /// The row at which the row group that starts at row `start` ends; `None` if it goes on to
    /// the end of the input, or if rows are not counted.
    pub fn end_of(&self, start: u64) -> Option<u64> {
        match &self.0 {
            Kind::Every(rows) => Some((start / rows).saturating_add(1).saturating_mul(*rows)),
            Kind::Offsets(offsets) => {
                let next = offsets.partition_point(|&offset| offset <= start);
                offsets.get(next).copied()
            }
            Kind::Bytes(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RowGroupCuts;

    #[test]
    fn even_row_groups_hold_all_rows() {
        for (total, rows, size) in [
            (100, 30, 25),
            (100, 100, 100),
            (101, 100, 51),
            (0, 10, 1),
            (7, 0, 1),
        ] {
            assert_eq!(
                RowGroupCuts::even(total, rows).end_of(0),
                Some(size),
                "{total} at {rows}"
            );
        }
    }

    #[test]
    fn offsets_must_ascend_from_zero() {
        for wrong in [vec![], vec![1], vec![0, 0], vec![0, 5, 3]] {
            assert!(RowGroupCuts::offsets(wrong).is_err());
        }
        let cuts = RowGroupCuts::offsets(vec![0, 900]).unwrap();
        assert_eq!((cuts.end_of(0), cuts.end_of(900)), (Some(900), None));
    }
}
