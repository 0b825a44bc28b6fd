//! The schema as a tree: depth and path of every element.

use pq_format::SchemaElement;

/// How deep groups are shown. Every element has its path, so that a schema of a few bytes a level
/// would take the square of its size.
const DEEPEST: usize = 64;

/// An element of the schema with its place.
#[derive(Debug)]
pub struct Node<'a> {
    /// The element.
    pub element: &'a SchemaElement,
    /// The names from below the root to here.
    pub path: Vec<&'a str>,
}

impl Node<'_> {
    /// Whether it has values of its own.
    pub fn is_leaf(&self) -> bool {
        self.element
            .num_children
            .is_none_or(|children| children <= 0)
    }
}

/// All elements below the root, in order. Counts of children that do not add up are taken as far
/// as they go; what is nested deeper than 64 levels is shown at that level.
pub fn nodes(schema: &[SchemaElement]) -> Vec<Node<'_>> {
    let mut nodes = Vec::with_capacity(schema.len().saturating_sub(1));
    // Of each group that is open: its name and how many children are still to come.
    let mut open: Vec<(&str, i32)> = Vec::new();
    for element in schema.iter().skip(1) {
        while open.last().is_some_and(|(_, left)| *left <= 0) {
            open.pop();
        }
        if let Some((_, left)) = open.last_mut() {
            *left -= 1;
        }
        let mut path: Vec<&str> = open.iter().map(|(name, _)| *name).collect();
        path.push(&element.name);
        let node = Node { element, path };
        if !node.is_leaf() && open.len() + 1 < DEEPEST {
            open.push((&element.name, element.num_children.unwrap_or(0)));
        }
        nodes.push(node);
    }
    nodes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn element(name: &str, children: Option<i32>) -> SchemaElement {
        SchemaElement {
            name: name.to_owned(),
            num_children: children,
            ..SchemaElement::default()
        }
    }

    #[test]
    fn schemas_without_end_take_no_memory_without_end() {
        let mut schema = vec![element("g", Some(1)); 100_000];
        schema.push(element("leaf", None));
        let nodes = nodes(&schema);
        assert_eq!(nodes.len(), 100_000);
        assert!(nodes.iter().all(|node| node.path.len() <= DEEPEST));
        assert_eq!(nodes.iter().filter(|node| node.is_leaf()).count(), 1);
        let endless = vec![element("g", Some(i32::MAX)); 1000];
        assert_eq!(super::nodes(&endless).len(), 999);
    }

    #[test]
    fn paths_follow_the_tree() {
        let schema = [
            element("schema", Some(3)),
            element("a", None),
            element("b", Some(2)),
            element("c", Some(1)),
            element("d", None),
            element("e", None),
            element("f", None),
        ];
        let paths: Vec<String> = nodes(&schema)
            .iter()
            .map(|node| node.path.join("."))
            .collect();
        assert_eq!(paths, ["a", "b", "b.c", "b.c.d", "b.e", "f"]);
    }
}
