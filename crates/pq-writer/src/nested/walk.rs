//! Columns with fields of their own: down the tree, one node after the other.

use super::entries::Entries;
use super::flat::present;
use super::{LeafPiece, Selection, Shredded};
use crate::batch::{Bits, Column, Lists, Values, pack_bits};
use crate::error::WriteError;
use crate::leaf::{Definition, Levels};
use crate::schema::{DataType, Field, Leaf};

pub(super) fn shred<'a>(
    field: &Field,
    leaves: &[Leaf],
    columns: &[&'a Column<'a>],
) -> Result<Vec<Shredded<'a>>, WriteError> {
    let mut walk = Walk {
        leaves: leaves.iter().map(|_| Collected::default()).collect(),
        next: 0,
        path: Vec::new(),
    };
    let mut rows = 0;
    for &column in columns {
        walk.next = 0;
        walk.path.clear();
        let entries = Entries::of_rows(column.len(), rows);
        rows += column.len();
        walk.node(field, field.nullable, column, entries, 0)?;
    }
    let finish = |(leaf, collected): (&Leaf, Collected<'a>)| collected.finish(leaf, rows);
    Ok(leaves.iter().zip(walk.leaves).map(finish).collect())
}

struct Walk<'a> {
    leaves: Vec<Collected<'a>>,
    /// The leaf that comes next.
    next: usize,
    /// The names down to the node, for errors.
    path: Vec<String>,
}

/// What is known of a leaf so far.
#[derive(Default)]
struct Collected<'a> {
    definition: Vec<u16>,
    repetition: Vec<u16>,
    pieces: Vec<LeafPiece<'a>>,
}

impl<'a> Walk<'a> {
    /// Looks at a node and what is below it; `repetition` lists are above it.
    fn node(
        &mut self,
        field: &Field,
        nullable: bool,
        column: &'a Column<'a>,
        mut entries: Entries,
        repetition: u16,
    ) -> Result<(), WriteError> {
        self.path.push(field.name.clone());
        let column = self.values_of(field, nullable, column, &mut entries)?;
        if nullable || field.data_type == DataType::Null {
            entries.define();
        }
        if !field.data_type.is_nested() {
            let runs = entries.runs();
            self.leaf(entries, Some((column, runs)));
        } else if matches!(column.values, Values::Null(_)) {
            self.absent(field, &entries);
        } else {
            self.below(field, column, entries, repetition)?;
        }
        self.path.pop();
        Ok(())
    }

    /// Takes the entries that are null out, and follows dictionaries and runs of nested values
    /// to the column that has them.
    fn values_of(
        &self,
        field: &Field,
        nullable: bool,
        column: &'a Column<'a>,
        entries: &mut Entries,
    ) -> Result<&'a Column<'a>, WriteError> {
        column.check_validity()?;
        let mut column = column;
        loop {
            if let Selection::Bits { bytes, offset, len } = present(column)?
                && let Some(bits) = Bits::new(&bytes, offset, len)
            {
                self.drop_nulls(nullable, entries, |row| bits.get(row))?;
            } else if matches!(column.values, Values::Null(_)) {
                self.drop_nulls(
                    nullable || field.data_type == DataType::Null,
                    entries,
                    |_| false,
                )?;
            }
            match &column.values {
                _ if !field.data_type.is_nested() => return Ok(column),
                Values::Dictionary { keys, values } => {
                    entries
                        .try_map(|row| {
                            let code = keys.get(row).filter(|&code| code < values.len());
                            code.map(Some).ok_or(())
                        })
                        .map_err(|(entry, ())| WriteError::InvalidValue {
                            column: self.dotted(),
                            row: entries.row(entry),
                            reason: "the code is not in the dictionary".to_owned(),
                        })?;
                    column = values;
                }
                Values::RunEnd { values, .. } => {
                    entries.map(|row| column.run_of(row));
                    column = values;
                }
                _ => return Ok(column),
            }
        }
    }

    fn drop_nulls(
        &self,
        nullable: bool,
        entries: &mut Entries,
        is_there: impl Fn(usize) -> bool,
    ) -> Result<(), WriteError> {
        if !nullable && let Some(entry) = entries.find(|row| !is_there(row)) {
            return Err(WriteError::NullInRequired {
                column: self.dotted(),
                row: entries.row(entry),
            });
        }
        entries.map(|row| is_there(row).then_some(row));
        Ok(())
    }

    fn below(
        &mut self,
        field: &Field,
        column: &'a Column<'a>,
        entries: Entries,
        repetition: u16,
    ) -> Result<(), WriteError> {
        match &field.data_type {
            DataType::List(element) => {
                let (entries, elements) = self.elements(field, column, &entries, repetition)?;
                self.node(element, element.nullable, elements, entries, repetition + 1)
            }
            DataType::Map { key, value } => {
                let (mut entries, pairs) = self.elements(field, column, &entries, repetition)?;
                let pairs = self.values_of(field, false, pairs, &mut entries)?;
                let fields = self.struct_fields(field, pairs)?;
                let [keys, values] = fields else {
                    return Err(self.wrong_form(field, pairs));
                };
                self.node(key, false, keys, entries.clone(), repetition + 1)?;
                self.node(value, value.nullable, values, entries, repetition + 1)
            }
            DataType::Struct(fields) | DataType::Variant(fields) => {
                let columns = self.struct_fields(field, column)?;
                if let Some(stranger) = columns
                    .iter()
                    .find(|column| fields.iter().all(|field| field.name != column.name))
                {
                    return Err(WriteError::UnknownColumn {
                        column: self.child(stranger.name),
                    });
                }
                for field in fields {
                    let mut named = columns.iter().filter(|column| column.name == field.name);
                    let Some(column) = named.next() else {
                        return Err(WriteError::MissingColumn {
                            column: self.child(&field.name),
                        });
                    };
                    if named.next().is_some() {
                        return Err(WriteError::DuplicateColumn {
                            column: self.child(&field.name),
                        });
                    }
                    self.node(field, field.nullable, column, entries.clone(), repetition)?;
                }
                Ok(())
            }
            _ => Err(self.wrong_form(field, column)),
        }
    }

    /// The entries of the elements of lists, and the column of these.
    fn elements(
        &self,
        field: &Field,
        column: &'a Column<'a>,
        entries: &Entries,
        repetition: u16,
    ) -> Result<(Entries, &'a Column<'a>), WriteError> {
        let (lists, elements) = Lists::of(column).ok_or_else(|| self.wrong_form(field, column))?;
        let expanded = entries.expand(&self.dotted(), &lists, repetition + 1)?;
        Ok((expanded, elements))
    }

    /// The columns of a struct, all as long as it is.
    fn struct_fields(
        &self,
        field: &Field,
        column: &'a Column<'a>,
    ) -> Result<&'a [Column<'a>], WriteError> {
        let Values::Struct { len, fields } = &column.values else {
            return Err(self.wrong_form(field, column));
        };
        match fields.iter().find(|field| field.len() != *len) {
            None => Ok(fields),
            Some(ragged) => Err(WriteError::RaggedColumn {
                column: self.child(ragged.name),
                expected: *len,
                got: ragged.len(),
            }),
        }
    }

    /// Gives all leaves below `field` the entries, none of which has a value.
    fn absent(&mut self, field: &Field, entries: &Entries) {
        match &field.data_type {
            DataType::List(element) => self.absent(element, entries),
            DataType::Map { key, value } => {
                self.absent(key, entries);
                self.absent(value, entries);
            }
            DataType::Struct(fields) | DataType::Variant(fields) => {
                for field in fields {
                    self.absent(field, entries);
                }
            }
            _ => self.leaf(entries.clone(), None),
        }
    }

    fn leaf(
        &mut self,
        entries: Entries,
        values: Option<(&'a Column<'a>, Vec<std::ops::Range<usize>>)>,
    ) {
        if let Some(collected) = self.leaves.get_mut(self.next) {
            collected.definition.extend(entries.definition);
            collected.repetition.extend(entries.repetition);
            collected
                .pieces
                .extend(values.map(|(column, runs)| LeafPiece {
                    column,
                    selection: Selection::Runs(runs),
                }));
        }
        self.next += 1;
    }

    fn dotted(&self) -> String {
        self.path.join(".")
    }

    fn child(&self, name: &str) -> String {
        format!("{}.{name}", self.dotted())
    }

    fn wrong_form(&self, field: &Field, column: &Column<'_>) -> WriteError {
        WriteError::WrongForm {
            column: self.dotted(),
            expected: field.data_type.kind(),
            got: column.values.form().to_owned(),
        }
    }
}

impl<'a> Collected<'a> {
    fn finish(self, leaf: &Leaf, rows: usize) -> Shredded<'a> {
        let entries = self.definition.len();
        let there = |level: &u16| *level == leaf.max_definition;
        let values = self.definition.iter().filter(|level| there(level)).count();
        let first = self
            .definition
            .first()
            .copied()
            .unwrap_or(leaf.max_definition);
        let definition = if self.definition.iter().all(|&level| level == first) {
            Definition::Uniform(first)
        } else if leaf.max_definition == 1 {
            Definition::Bits(pack_bits(self.definition.iter().map(there)))
        } else {
            Definition::Levels(self.definition)
        };
        Shredded {
            levels: Levels {
                rows,
                entries,
                values,
                definition,
                repetition: (leaf.max_repetition > 0).then_some(self.repetition),
            },
            pieces: self.pieces,
        }
    }
}
