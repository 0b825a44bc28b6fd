//! The schema as a tree: its leaves, with what their pages need to be read.

mod kind;
mod nested;
mod types;

pub(crate) use kind::Kind;

use crate::notes::Notes;
use crate::rule::Rule;
use pq_format::{FieldRepetitionType, SchemaElement, Type};
use std::collections::HashSet;

/// Groups nested deeper are not looked into.
const DEEPEST: usize = 128;

/// A node of the tree, at the index that its element has.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    /// The group it is in; that of the root is the root.
    pub(crate) parent: usize,
    pub(crate) depth: usize,
    pub(crate) repetition: FieldRepetitionType,
    /// Largest levels of an entry that has this field.
    pub(crate) definition_level: u16,
    pub(crate) repetition_level: u16,
    pub(crate) is_leaf: bool,
    /// Indices of its children.
    pub(crate) children: Vec<usize>,
}

/// A leaf, and so a column.
#[derive(Debug, Clone)]
pub(crate) struct Leaf {
    /// Its node.
    pub(crate) node: usize,
    pub(crate) physical: Type,
    /// Bytes of a value, if all have as many.
    pub(crate) width: Option<usize>,
    pub(crate) max_definition: u16,
    pub(crate) max_repetition: u16,
    pub(crate) kind: Kind,
}

/// A group of which more than one leaf tells where it is null or repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shared {
    pub(crate) node: usize,
    pub(crate) definition: u16,
    pub(crate) repetition: u16,
}

#[derive(Debug)]
pub(crate) struct Schema<'a> {
    elements: &'a [SchemaElement],
    nodes: Vec<Node>,
    pub(crate) leaves: Vec<Leaf>,
}

impl<'a> Schema<'a> {
    /// The tree, with every fault of it noted; `None` where columns cannot be told.
    pub(crate) fn new(elements: &'a [SchemaElement], notes: &mut Notes<'_>) -> Option<Self> {
        let nodes = tree(elements, notes)?;
        let mut schema = Self {
            elements,
            nodes,
            leaves: Vec::new(),
        };
        schema.check_names(notes);
        for node in 0..elements.len() {
            notes.place.column = (node > 0).then(|| schema.path(node));
            schema.check_shape(node, notes);
            let kind = types::check(schema.element(node), notes);
            nested::check(&schema, node, notes);
            if let Some(leaf) = schema.leaf(node, kind, notes) {
                schema.leaves.push(leaf);
            }
        }
        notes.place.column = None;
        Some(schema)
    }

    pub(crate) fn element(&self, node: usize) -> &'a SchemaElement {
        &self.elements[node]
    }

    pub(crate) fn node(&self, node: usize) -> &Node {
        &self.nodes[node]
    }

    /// From the node to the root, which is left out.
    fn ancestors(&self, node: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(Some(node), |&node| Some(self.nodes[node].parent))
            .take_while(|&node| node != 0)
    }

    /// Names from below the root, with dots between them.
    pub(crate) fn path(&self, node: usize) -> String {
        let mut names: Vec<&str> = self.names(node).collect();
        names.reverse();
        names.join(".")
    }

    /// Names from the node to below the root.
    pub(crate) fn names(&self, node: usize) -> impl Iterator<Item = &'a str> + '_ {
        self.ancestors(node)
            .map(|node| self.element(node).name.as_str())
    }

    /// The definition level from which on each repeated field is there, the outermost first.
    pub(crate) fn repeated_at(&self, leaf: &Leaf) -> Vec<u16> {
        let repeated = |node: &usize| self.nodes[*node].repetition == FieldRepetitionType::REPEATED;
        let mut levels: Vec<u16> = self
            .ancestors(leaf.node)
            .filter(repeated)
            .map(|node| self.nodes[node].definition_level)
            .collect();
        levels.reverse();
        levels
    }

    /// The groups above a leaf that have other leaves too, and levels that all of them state.
    pub(crate) fn shared(&self, leaf: &Leaf) -> Vec<Shared> {
        self.ancestors(leaf.node)
            .skip(1)
            .filter(|&node| self.nodes[node].definition_level > 0)
            .filter(|&node| !self.has_one_leaf(node))
            .map(|node| Shared {
                node,
                definition: self.nodes[node].definition_level,
                repetition: self.nodes[node].repetition_level,
            })
            .collect()
    }

    fn has_one_leaf(&self, mut node: usize) -> bool {
        while let [child] = *self.nodes[node].children {
            node = child;
        }
        self.nodes[node].children.is_empty()
    }

    fn check_names(&self, notes: &mut Notes<'_>) {
        let mut names = HashSet::new();
        for (node, element) in self.elements.iter().enumerate().skip(1) {
            if !names.insert((self.nodes[node].parent, &element.name)) {
                notes.place.column = Some(self.path(node));
                notes.say(Rule::SchemaName, || {
                    format!("a second field {:?} in its group", element.name)
                });
            }
        }
        notes.place.column = None;
    }

    fn check_shape(&self, node: usize, notes: &mut Notes<'_>) {
        let element = self.element(node);
        let is_root = node == 0;
        if is_root {
            // Some writers call the root required.
            notes.check(Rule::SchemaRoot, element.repetition_type.is_none(), || {
                "the root has a repetition".to_owned()
            });
        } else {
            let known = element
                .repetition_type
                .is_some_and(|repetition| repetition.name().is_some());
            notes.check(Rule::SchemaRepetition, known, || {
                format!("the repetition is {:?}", element.repetition_type)
            });
        }
        let has_children = element.num_children.is_some_and(|children| children > 0);
        if has_children {
            notes.check(Rule::SchemaGroup, element.r#type.is_none(), || {
                "a group has a physical type".to_owned()
            });
        } else if element.r#type.is_none() {
            let rule = if element.num_children.is_some() || is_root {
                Rule::SchemaEmptyGroup
            } else {
                Rule::SchemaGroup
            };
            notes.say(rule, || "neither children nor a physical type".to_owned());
        }
    }

    fn leaf(&self, node: usize, kind: Kind, notes: &mut Notes<'_>) -> Option<Leaf> {
        if !self.nodes[node].is_leaf {
            return None;
        }
        let element = self.element(node);
        let physical = element.r#type?;
        let width = match physical {
            Type::INT32 | Type::FLOAT => Some(4),
            Type::INT64 | Type::DOUBLE => Some(8),
            Type::INT96 => Some(12),
            Type::FIXED_LEN_BYTE_ARRAY => {
                let length = element.type_length.unwrap_or(0);
                notes.check(Rule::TypeLength, length > 0, || {
                    format!("the type_length is {:?}", element.type_length)
                });
                Some(usize::try_from(length).unwrap_or(0))
            }
            _ => None,
        };
        notes.check(Rule::PhysicalType, physical.name().is_some(), || {
            format!("{physical:?}")
        });
        notes.check(Rule::PhysicalInt96, physical != Type::INT96, || {
            "the physical type is INT96".to_owned()
        });
        Some(Leaf {
            node,
            physical,
            width,
            max_definition: self.nodes[node].definition_level,
            max_repetition: self.nodes[node].repetition_level,
            kind,
        })
    }
}

/// The nodes, or `None` if the elements are no tree that can be looked into.
fn tree(elements: &[SchemaElement], notes: &mut Notes<'_>) -> Option<Vec<Node>> {
    let mut nodes: Vec<Node> = Vec::with_capacity(elements.len());
    // Groups that still miss children, and how many.
    let mut open: Vec<(usize, i32)> = Vec::new();
    for (index, element) in elements.iter().enumerate() {
        while open.pop_if(|(_, missing)| *missing == 0).is_some() {}
        let parent = match open.last_mut() {
            Some((parent, missing)) => {
                *missing -= 1;
                *parent
            }
            None if index == 0 => 0,
            None => {
                notes.say(Rule::SchemaTree, || {
                    format!("element {index} is behind the end of the tree")
                });
                return None;
            }
        };
        let node = node(element, nodes.get(parent), parent);
        if node.depth > DEEPEST || node.definition_level == u16::MAX {
            notes.say(Rule::SchemaDepth, || format!("element {index} is too deep"));
            return None;
        }
        nodes.push(node);
        if index > 0
            && let Some(parent) = nodes.get_mut(parent)
        {
            parent.children.push(index);
        }
        let children = element.num_children.unwrap_or(0);
        if children < 0 {
            notes.say(Rule::SchemaTree, || {
                format!("element {index} has {children} children")
            });
            return None;
        }
        open.push((index, children));
    }
    if elements.is_empty() || open.iter().any(|&(_, missing)| missing > 0) {
        notes.say(Rule::SchemaTree, || {
            format!("{} elements, num_children counts more", elements.len())
        });
        return None;
    }
    Some(nodes)
}

fn node(element: &SchemaElement, parent: Option<&Node>, parent_index: usize) -> Node {
    let repetition = element
        .repetition_type
        .unwrap_or(FieldRepetitionType::REQUIRED);
    let (above_definition, above_repetition, depth) = parent.map_or((0, 0, 0), |parent| {
        (
            parent.definition_level,
            parent.repetition_level,
            parent.depth + 1,
        )
    });
    // That of the root says nothing about rows.
    let is_root = parent.is_none();
    let repeats = u16::from(!is_root && repetition == FieldRepetitionType::REPEATED);
    let defines = u16::from(!is_root && repetition != FieldRepetitionType::REQUIRED);
    Node {
        parent: parent_index,
        depth,
        repetition,
        definition_level: above_definition.saturating_add(defines),
        repetition_level: above_repetition.saturating_add(repeats),
        is_leaf: !is_root && element.r#type.is_some() && element.num_children.unwrap_or(0) == 0,
        children: Vec::new(),
    }
}
