//! Whether rows of one schema can stand behind rows of another.

mod describe;
pub(crate) mod joint;

use crate::error::DatasetError;
use describe::{described, same_type};
use pq_format::{FieldRepetitionType, SchemaElement};
use pq_writer::{DataType, Field, Schema};

/// The schema with which rows of `schema` are written behind those of `existing`: the same
/// columns in the same order and of the same types. Where the file allows nulls and the new
/// rows have none, they are written as columns that allow them.
pub(crate) fn appendable(
    location: &str,
    existing: &[SchemaElement],
    schema: Schema,
) -> Result<Schema, DatasetError> {
    let ours = schema.elements();
    let mismatch = |wrong: Mismatch| DatasetError::SchemaMismatch {
        location: location.to_owned(),
        column: wrong.column,
        expected: wrong.expected,
        got: wrong.got,
    };
    let mut fields: Vec<Field> = schema.fields().to_vec();
    let (theirs, ours) = (Node::children(existing), Node::children(&ours));
    same_names("", &theirs, &ours).map_err(mismatch)?;
    for ((theirs, ours), field) in theirs.iter().zip(&ours).zip(&mut fields) {
        same_node("", theirs, ours, Some(field)).map_err(mismatch)?;
    }
    Ok(Schema::new(fields)?)
}

/// Two schemas differ at a column.
struct Mismatch {
    column: String,
    expected: String,
    got: String,
}

impl Mismatch {
    fn new(column: String, expected: impl Into<String>, got: impl Into<String>) -> Self {
        Self {
            column,
            expected: expected.into(),
            got: got.into(),
        }
    }
}

/// A node of a schema and the elements of all that is below it.
struct Node<'a> {
    element: &'a SchemaElement,
    below: &'a [SchemaElement],
}

impl<'a> Node<'a> {
    /// The children of the first of these elements, which are a node and what is below it.
    fn children(elements: &'a [SchemaElement]) -> Vec<Self> {
        let Some((_, mut rest)) = elements.split_first() else {
            return Vec::new();
        };
        let mut children = Vec::new();
        while let Some(element) = rest.first() {
            let (below, after) = rest.split_at(extent(rest));
            children.push(Self { element, below });
            rest = after;
        }
        children
    }
}

/// How many elements the first of these and what is below it are.
fn extent(elements: &[SchemaElement]) -> usize {
    let mut missing: u64 = 1;
    for (position, element) in elements.iter().enumerate() {
        let children = element.num_children.unwrap_or(0);
        missing = missing - 1 + u64::try_from(children).unwrap_or(0);
        if missing == 0 {
            return position + 1;
        }
    }
    elements.len()
}

fn dotted(above: &str, name: &str) -> String {
    match above {
        "" => name.to_owned(),
        _ => format!("{above}.{name}"),
    }
}

/// Errors unless both have the same names in the same order.
fn same_names(above: &str, theirs: &[Node<'_>], ours: &[Node<'_>]) -> Result<(), Mismatch> {
    let missing = |node: &&Node<'_>, among: &[Node<'_>]| {
        among
            .iter()
            .all(|other| other.element.name != node.element.name)
    };
    if let Some(node) = theirs.iter().find(|node| missing(node, ours)) {
        let column = dotted(above, &node.element.name);
        return Err(Mismatch::new(
            column,
            described(node.element),
            "no such column",
        ));
    }
    if let Some(node) = ours.iter().find(|node| missing(node, theirs)) {
        let column = dotted(above, &node.element.name);
        return Err(Mismatch::new(
            column,
            "no such column",
            described(node.element),
        ));
    }
    if theirs.len() != ours.len() {
        // All ours are there, each once, so one of theirs is there twice.
        let is_double =
            |(at, node): &(usize, &Node<'_>)| !missing(node, theirs.get(..*at).unwrap_or_default());
        let double = theirs.iter().enumerate().find(is_double);
        let name = double.map_or("", |(_, node)| node.element.name.as_str());
        return Err(Mismatch::new(
            dotted(above, name),
            "two columns of this name",
            "one",
        ));
    }
    for (position, (theirs, ours)) in theirs.iter().zip(ours).enumerate() {
        if theirs.element.name != ours.element.name {
            return Err(Mismatch::new(
                dotted(above, &ours.element.name),
                format!("column {:?} at position {position}", theirs.element.name),
                "another order",
            ));
        }
    }
    Ok(())
}

/// Errors unless two nodes and all below them are of the same type. Where theirs allows nulls and
/// ours does not, `field`, which ours is of, is made to allow them.
fn same_node(
    above: &str,
    theirs: &Node<'_>,
    ours: &Node<'_>,
    field: Option<&mut Field>,
) -> Result<(), Mismatch> {
    let column = dotted(above, &ours.element.name);
    let widened = field.is_some()
        && theirs.element.repetition_type == Some(FieldRepetitionType::OPTIONAL)
        && ours.element.repetition_type == Some(FieldRepetitionType::REQUIRED);
    if !same_type(theirs.element, ours.element)
        || (theirs.element.repetition_type != ours.element.repetition_type && !widened)
    {
        return Err(Mismatch::new(
            column,
            described(theirs.element),
            described(ours.element),
        ));
    }
    let (theirs, ours) = (Node::children(theirs.below), Node::children(ours.below));
    same_names(&column, &theirs, &ours)?;
    let mut fields = fields_below(field, widened);
    for (position, (theirs, ours)) in theirs.iter().zip(&ours).enumerate() {
        let field = match &mut fields {
            Below::Fields(fields) => fields.get_mut(position).map(|field| &mut **field),
            Below::Repeated(fields) => {
                // The repeated group of a list or a map has no field of its own.
                let (theirs_below, ours_below) =
                    (Node::children(theirs.below), Node::children(ours.below));
                let column = dotted(&column, &ours.element.name);
                same_names(&column, &theirs_below, &ours_below)?;
                for ((theirs, ours), field) in theirs_below.iter().zip(&ours_below).zip(fields) {
                    same_node(&column, theirs, ours, field.as_deref_mut())?;
                }
                continue;
            }
        };
        same_node(&column, theirs, ours, field)?;
    }
    Ok(())
}

/// What the fields are of the nodes below one.
enum Below<'f> {
    Fields(Vec<&'f mut Field>),
    /// Those below the repeated group; `None` for a key, which never is null.
    Repeated(Vec<Option<&'f mut Field>>),
}

fn fields_below(field: Option<&mut Field>, widened: bool) -> Below<'_> {
    let Some(field) = field else {
        return Below::Fields(Vec::new());
    };
    field.nullable |= widened;
    match &mut field.data_type {
        DataType::List(element) => Below::Repeated(vec![Some(element)]),
        DataType::Map { value, .. } => Below::Repeated(vec![None, Some(value)]),
        DataType::Struct(fields) | DataType::Variant(fields) => {
            Below::Fields(fields.iter_mut().collect())
        }
        _ => Below::Fields(Vec::new()),
    }
}
