//! One schema for files of several: all that is in the way of it, column by column.
//!
//! Readers of `_metadata` decode the pages of a file by the schema that `_metadata` has, so what
//! says how pages are read must be the same in all: names, nesting, physical types, and which
//! columns may be null. Only two things may differ. The order of columns: the chunks of a row
//! group are put in the order of the schema. And annotations under which the same bytes mean the
//! same values, such as 16 and 32 bits of an INT32.

use super::describe::{described, meaning, same_type};
use super::{dotted, extent};
use pq_format::{FieldRepetitionType, IntType, LogicalType, SchemaElement, Type};
use std::collections::{HashMap, HashSet};
use std::fmt;

/// How deep groups may nest.
const DEEPEST: usize = 100;

/// Two schemas differ at a column.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SchemaDifference {
    /// The file that differs from those before it.
    pub file: String,
    /// The column, its names joined by dots.
    pub column: String,
    /// What the files before it have.
    pub expected: String,
    /// What it has.
    pub got: String,
    /// What all would fit in, if the files were written again with it.
    pub wider: Option<String>,
}

impl fmt::Display for SchemaDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            file,
            column,
            expected,
            got,
            wider,
        } = self;
        write!(
            f,
            "{file}: column {column:?}: expected {expected}, got {got}"
        )?;
        match wider {
            Some(wider) => write!(f, "; written again as {wider}, both would fit"),
            None => Ok(()),
        }
    }
}

/// The schema of two files together.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Joint {
    pub(crate) schema: Vec<SchemaElement>,
    /// For each leaf of it, its position in the second file; `None` where that is the same.
    pub(crate) order: Option<Vec<usize>>,
}

/// Joins the schema of `file` to that of the files before it. Without `widen`, columns must have
/// the same annotations and the same order.
pub(crate) fn join(
    expected: &[SchemaElement],
    file: &str,
    got: &[SchemaElement],
    widen: bool,
) -> Result<Joint, Vec<SchemaDifference>> {
    let mut joining = Joining {
        expected,
        got,
        widen,
        file,
        schema: expected.to_vec(),
        leaves: Vec::new(),
        differences: Vec::new(),
    };
    joining.children("", 0, 0, 0);
    if !joining.differences.is_empty() {
        return Err(joining.differences);
    }
    // Elements of groups are no leaves; positions count those that are.
    let mut position = 0;
    let positions: Vec<usize> = got
        .iter()
        .map(|element| {
            let here = position;
            position += usize::from(is_leaf(element));
            here
        })
        .collect();
    let leaves = joining.leaves.iter();
    let order: Vec<usize> = leaves
        .filter_map(|leaf| positions.get(*leaf).copied())
        .collect();
    Ok(Joint {
        schema: joining.schema,
        order: (!order.is_sorted()).then_some(order),
    })
}

fn is_leaf(element: &SchemaElement) -> bool {
    element.r#type.is_some()
}

struct Joining<'a> {
    expected: &'a [SchemaElement],
    got: &'a [SchemaElement],
    widen: bool,
    file: &'a str,
    schema: Vec<SchemaElement>,
    /// For each leaf of the schema, the element of `got` that it is.
    leaves: Vec<usize>,
    differences: Vec<SchemaDifference>,
}

impl Joining<'_> {
    fn differ(
        &mut self,
        column: &str,
        expected: impl Into<String>,
        got: impl Into<String>,
        wider: Option<String>,
    ) {
        self.differences.push(SchemaDifference {
            file: self.file.to_owned(),
            column: column.to_owned(),
            expected: expected.into(),
            got: got.into(),
            wider,
        });
    }

    /// Compares what is below two elements.
    fn children(&mut self, above: &str, expected_at: usize, got_at: usize, depth: usize) {
        if depth > DEEPEST {
            let deep = format!("groups nested more than {DEEPEST} deep");
            return self.differ(above, "a schema of columns", deep, None);
        }
        let expected = children(self.expected, expected_at);
        let got = children(self.got, got_at);
        let name = |elements: &[SchemaElement], at: usize| {
            elements
                .get(at)
                .map_or_else(String::new, |e| e.name.clone())
        };
        let names = |elements: &[SchemaElement], at: &[usize]| -> Vec<String> {
            at.iter().map(|at| name(elements, *at)).collect()
        };
        let (expected_names, got_names) = (names(self.expected, &expected), names(self.got, &got));
        for (names, is_got) in [(&expected_names, false), (&got_names, true)] {
            let mut known = HashSet::new();
            if let Some(double) = names.iter().find(|name| !known.insert(name.as_str())) {
                let column = dotted(above, double);
                return match is_got {
                    true => self.differ(&column, "one column", "two columns of this name", None),
                    false => self.differ(&column, "two columns of this name", "one", None),
                };
            }
        }
        let known: HashSet<&String> = expected_names.iter().collect();
        let positions: HashMap<&String, usize> = got_names.iter().zip(0..).collect();
        for (at, found) in got.iter().zip(&got_names) {
            if !known.contains(found)
                && let Some(element) = self.got.get(*at)
            {
                let wider = Some(nullable(element));
                self.differ(
                    &dotted(above, found),
                    "no such column",
                    described(element),
                    wider,
                );
            }
        }
        let mut last = None;
        for (at, wanted) in expected.iter().zip(&expected_names) {
            let Some(element) = self.expected.get(*at) else {
                continue;
            };
            let column = dotted(above, wanted);
            let Some(&position) = positions.get(wanted) else {
                let wider = Some(nullable(element));
                self.differ(&column, described(element), "no such column", wider);
                continue;
            };
            if !self.widen && last.is_some_and(|last| position < last) {
                let before = format!("column {position} of its group");
                self.differ(&column, "the order of the files before", before, None);
            }
            last = last.max(Some(position));
            if let Some(got) = got.get(position) {
                self.element(&column, *at, *got, depth);
            }
        }
    }

    fn element(&mut self, column: &str, expected_at: usize, got_at: usize, depth: usize) {
        let (Some(expected), Some(got)) = (self.expected.get(expected_at), self.got.get(got_at))
        else {
            return;
        };
        let same_repetition = expected.repetition_type == got.repetition_type;
        if !same_type(expected, got) || !same_repetition {
            let joint = match same_repetition && self.widen {
                true => wider_annotation(expected, got),
                false => None,
            };
            match joint {
                Some(wider) => {
                    if let Some(element) = self.schema.get_mut(expected_at) {
                        *element = wider;
                    }
                }
                None => {
                    let wider = wider(expected, got).map(|element| described(&element));
                    self.differ(column, described(expected), described(got), wider);
                    if is_leaf(expected) || is_leaf(got) {
                        return;
                    }
                }
            }
        }
        if is_leaf(expected) {
            self.leaves.push(got_at);
        } else {
            self.children(column, expected_at, got_at, depth + 1);
        }
    }
}

/// The elements right below this one.
fn children(elements: &[SchemaElement], at: usize) -> Vec<usize> {
    let count = elements.get(at).and_then(|element| element.num_children);
    let mut children = Vec::new();
    let mut next = at + 1;
    for _ in 0..count.unwrap_or(0) {
        match elements.get(next..) {
            Some(rest) if !rest.is_empty() => {
                children.push(next);
                next += extent(rest);
            }
            _ => break,
        }
    }
    children
}

/// A column, described, of a file that has it among files that have not.
fn nullable(element: &SchemaElement) -> String {
    described(&SchemaElement {
        repetition_type: match element.repetition_type {
            Some(FieldRepetitionType::REQUIRED) => Some(FieldRepetitionType::OPTIONAL),
            other => other,
        },
        ..element.clone()
    })
}

/// The element that both are, where the bytes of the pages mean the same under it.
fn wider_annotation(expected: &SchemaElement, got: &SchemaElement) -> Option<SchemaElement> {
    let same_length = expected.type_length == got.type_length;
    if expected.r#type != got.r#type || !same_length || !is_leaf(expected) {
        return None;
    }
    match (meaning(expected), meaning(got)) {
        (Some(LogicalType::Decimal(one)), Some(LogicalType::Decimal(other)))
            if one.scale == other.scale =>
        {
            Some(
                if one.precision >= other.precision {
                    expected
                } else {
                    got
                }
                .clone(),
            )
        }
        (one, other) => {
            let (one, other) = (integer(expected, one)?, integer(got, other)?);
            let width = integer(expected, None)?.0;
            let (bits, is_signed) = wider_integer(one, other).filter(|(bits, _)| *bits <= width)?;
            let ready = [expected, got]
                .into_iter()
                .find(|element| integer(element, meaning(element)) == Some((bits, is_signed)));
            Some(match ready {
                Some(element) => element.clone(),
                None => of_integers(expected, bits, is_signed),
            })
        }
    }
}

/// The column, of integers of so many bits.
fn of_integers(element: &SchemaElement, bit_width: i8, is_signed: bool) -> SchemaElement {
    SchemaElement {
        converted_type: None,
        logical_type: Some(LogicalType::Integer(IntType {
            bit_width,
            is_signed,
            ..IntType::default()
        })),
        ..element.clone()
    }
}

/// Bits and sign of the integers of a column.
fn integer(element: &SchemaElement, meaning: Option<LogicalType>) -> Option<(i8, bool)> {
    match (meaning, element.r#type) {
        (Some(LogicalType::Integer(of)), Some(_)) => Some((of.bit_width, of.is_signed)),
        (None, Some(Type::INT32)) => Some((32, true)),
        (None, Some(Type::INT64)) => Some((64, true)),
        _ => None,
    }
}

/// The narrowest integers among which both are.
fn wider_integer(one: (i8, bool), other: (i8, bool)) -> Option<(i8, bool)> {
    let holds = |(bits, signed): (i8, bool), (inner, inner_signed): (i8, bool)| match (
        signed,
        inner_signed,
    ) {
        (true, false) => inner < bits,
        (false, true) => false,
        _ => inner <= bits,
    };
    let mut all = [8, 16, 32, 64]
        .into_iter()
        .flat_map(|bits| [(bits, false), (bits, true)]);
    all.find(|wide| holds(*wide, one) && holds(*wide, other))
}

/// What both would fit in without loss, if the pages were written again.
fn wider(expected: &SchemaElement, got: &SchemaElement) -> Option<SchemaElement> {
    const OPTIONAL: Option<FieldRepetitionType> = Some(FieldRepetitionType::OPTIONAL);
    const REQUIRED: Option<FieldRepetitionType> = Some(FieldRepetitionType::REQUIRED);
    let repetition_type = match (expected.repetition_type, got.repetition_type) {
        (one, other) if one == other => one,
        (OPTIONAL, REQUIRED) | (REQUIRED, OPTIONAL) => OPTIONAL,
        _ => return None,
    };
    let element = if same_type(expected, got) {
        expected.clone()
    } else if let Some(wider) = wider_annotation(expected, got) {
        wider
    } else {
        match (expected.r#type?, got.r#type?) {
            (Type::FLOAT, Type::DOUBLE) => got.clone(),
            (Type::DOUBLE, Type::FLOAT) => expected.clone(),
            (Type::INT32 | Type::INT64, Type::INT32 | Type::INT64) => {
                let one = integer(expected, meaning(expected))?;
                let (bits, is_signed) = wider_integer(one, integer(got, meaning(got))?)?;
                SchemaElement {
                    r#type: Some(Type::INT64),
                    ..of_integers(expected, bits, is_signed)
                }
            }
            _ => return None,
        }
    };
    Some(SchemaElement {
        repetition_type,
        ..element
    })
}

#[cfg(test)]
mod tests;
