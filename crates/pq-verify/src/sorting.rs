//! Rows in the order that a row group claims.

use crate::chunk::{Context, for_values};
use crate::notes::Notes;
use crate::page::Values;
use crate::report::Report;
use crate::rule::Rule;
use crate::source::Source;
use crate::statistics::{Key, Order};
use pq_format::{RowGroup, SortingColumn};
use std::cmp::Ordering;

/// Checks the order of rows by columns that are not repeated and were found sound; what comes
/// behind another column is not looked at.
pub(crate) fn check<S: Source + ?Sized>(
    source: &mut S,
    row_group: &RowGroup,
    by: &[SortingColumn],
    sound: &[Option<Context<'_>>],
    notes: &mut Notes<'_>,
) {
    // Of rows, whether they equal the one before in all columns so far.
    let mut ties: Option<Vec<bool>> = None;
    let mut in_doubt = false;
    for sorting in by {
        let index = usize::try_from(sorting.column_idx).ok();
        let Some(index) = index.filter(|&index| index < row_group.columns.len()) else {
            notes.say(Rule::SortingColumn, || {
                format!("column_idx is {}", sorting.column_idx)
            });
            return;
        };
        let context = sound.get(index).copied().flatten();
        let chunk = row_group.columns.get(index);
        let meta = chunk.and_then(|chunk| chunk.meta_data.as_ref());
        let (Some(context), Some(meta)) = (context, meta) else {
            in_doubt = true;
            continue;
        };
        let order = context.domain.order;
        let has_order = !matches!(order, Order::Undefined | Order::Unknown);
        if in_doubt || context.leaf.max_repetition > 0 || !has_order {
            in_doubt = true;
            continue;
        }
        let mut rows = Rows {
            order,
            sorting,
            max_definition: context.leaf.max_definition,
            before: None,
            row: 0,
            ties: Vec::new(),
            known: ties.take(),
            wrong: None,
        };
        let mut unread = Report::default();
        let mut silent = Notes::new(&mut unread, notes.options, "");
        let whole = for_values(source, meta, context, &mut silent, |page| {
            rows.page(&page.levels.definition, &page.values);
        });
        if let Some(row) = rows.wrong {
            notes.place.column = Some(context.schema.path(context.leaf.node));
            notes.say(Rule::SortingOrder, || {
                format!("row {row} should stand before the one before it")
            });
            notes.place.column = None;
            return;
        }
        in_doubt = !whole;
        ties = Some(rows.ties);
    }
}

/// A value, null, or one that has no place in the order.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Cell {
    Null,
    Value(Key),
    Nan,
}

struct Rows<'a> {
    order: Order,
    sorting: &'a SortingColumn,
    max_definition: u16,
    before: Option<Cell>,
    row: usize,
    ties: Vec<bool>,
    /// The ties in the columns before; all are, of the first column.
    known: Option<Vec<bool>>,
    wrong: Option<usize>,
}

impl Rows<'_> {
    fn page(&mut self, definition: &[u16], values: &Values<'_>) {
        let order = self.order;
        let mut cells = Vec::with_capacity(values.len());
        values.for_each_plain(|value| {
            cells.push(order.key(value).map_or(Cell::Nan, Cell::Value));
        });
        let mut cells = cells.into_iter();
        if self.max_definition == 0 {
            cells.for_each(|cell| self.push(cell));
            return;
        }
        for &level in definition {
            let cell = if level == self.max_definition {
                cells.next().unwrap_or(Cell::Nan)
            } else {
                Cell::Null
            };
            self.push(cell);
        }
    }

    fn push(&mut self, cell: Cell) {
        let compared = self
            .before
            .as_ref()
            .map(|before| self.compare(before, &cell));
        let was_tied = match &self.known {
            Some(known) => known.get(self.row).copied().unwrap_or(false),
            None => true,
        };
        if was_tied && compared == Some(Some(Ordering::Greater)) {
            self.wrong.get_or_insert(self.row);
        }
        self.ties
            .push(was_tied && compared == Some(Some(Ordering::Equal)));
        self.before = Some(cell);
        self.row += 1;
    }

    /// The order asked for; `None` where none is defined.
    fn compare(&self, a: &Cell, b: &Cell) -> Option<Ordering> {
        let nulls = if self.sorting.nulls_first {
            Ordering::Less
        } else {
            Ordering::Greater
        };
        Some(match (a, b) {
            (Cell::Nan, _) | (_, Cell::Nan) => return None,
            (Cell::Null, Cell::Null) => Ordering::Equal,
            (Cell::Null, _) => nulls,
            (_, Cell::Null) => nulls.reverse(),
            (Cell::Value(a), Cell::Value(b)) if self.sorting.descending => self.order.compare(b, a),
            (Cell::Value(a), Cell::Value(b)) => self.order.compare(a, b),
        })
    }
}
