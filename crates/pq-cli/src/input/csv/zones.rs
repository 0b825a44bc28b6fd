//! Whether the timestamps of a column have a time zone.

use super::super::text_instead_of;
use arrow_schema::{DataType, Field, Schema};

/// What was seen of each column: cells with and without an offset from UTC at their end.
#[derive(Debug, Default)]
pub(super) struct Zones {
    with: Vec<bool>,
    without: Vec<bool>,
}

impl Zones {
    /// Notes the cells of a row, those that mean null left out.
    pub(super) fn note<'r>(
        &mut self,
        cells: impl Iterator<Item = &'r [u8]>,
        is_null: impl Fn(&[u8]) -> bool,
    ) {
        for (column, cell) in cells.enumerate() {
            if self.with.len() <= column {
                self.with.resize(column + 1, false);
                self.without.resize(column + 1, false);
            }
            let seen = if ends_with_offset(cell) {
                &mut self.with
            } else {
                &mut self.without
            };
            if let Some(seen) = seen.get_mut(column)
                && !*seen
                && !is_null(cell)
            {
                *seen = true;
            }
        }
    }

    /// The schema with timestamps that all have an offset as instants, and those of which only
    /// some have one as text: what they mean cannot be known.
    pub(super) fn apply(&self, schema: &Schema) -> Schema {
        let fields = schema.fields().iter().enumerate().map(|(column, field)| {
            let seen = |flags: &[bool]| flags.get(column).copied().unwrap_or(false);
            match (field.data_type(), seen(&self.with), seen(&self.without)) {
                (DataType::Timestamp(unit, None), true, false) => {
                    let instant = DataType::Timestamp(*unit, Some("UTC".into()));
                    Field::new(field.name(), instant, true)
                }
                (DataType::Timestamp(_, None), true, true) => text_instead_of(field),
                _ => field.as_ref().clone(),
            }
        });
        Schema::new(fields.collect::<Vec<_>>())
    }
}

/// Whether a cell, if it is a timestamp, ends with `Z` or an offset.
fn ends_with_offset(cell: &[u8]) -> bool {
    // A date takes ten bytes; signs behind it belong to an offset.
    cell.ends_with(b"Z")
        || cell.ends_with(b"z")
        || cell
            .get(10..)
            .is_some_and(|time| time.contains(&b'+') || time.contains(&b'-'))
}

#[cfg(test)]
mod tests {
    use super::{Zones, ends_with_offset};
    use arrow_schema::{DataType, Field, Schema, TimeUnit};

    #[test]
    fn offsets() {
        for (cell, has_offset) in [
            ("2013-01-01T10:00:00Z", true),
            ("2013-01-01 10:00:00+01:00", true),
            ("2013-01-01T10:00:00.123-0500", true),
            ("2013-01-01T10:00:00", false),
            ("2013-01-01", false),
            ("", false),
        ] {
            assert_eq!(ends_with_offset(cell.as_bytes()), has_offset, "{cell}");
        }
    }

    #[test]
    fn a_column_is_what_all_its_cells_are() {
        let local = DataType::Timestamp(TimeUnit::Second, None);
        let fields =
            ["zoned", "local", "mixed", "empty"].map(|name| Field::new(name, local.clone(), true));
        let mut zones = Zones::default();
        let (zoned, naive) = ("2013-01-01T10:00:00Z", "2013-01-01T10:00:00");
        for row in [
            [zoned, naive, naive, ""],
            [zoned, naive, zoned, ""],
            ["", "", "", ""],
        ] {
            zones.note(row.iter().map(|cell| cell.as_bytes()), <[u8]>::is_empty);
        }
        let schema = zones.apply(&Schema::new(fields.to_vec()));
        let types: Vec<_> = schema
            .fields()
            .iter()
            .map(|f| f.data_type().clone())
            .collect();
        let instant = DataType::Timestamp(TimeUnit::Second, Some("UTC".into()));
        assert_eq!(types, [instant, local.clone(), DataType::Utf8, local]);
    }
}
