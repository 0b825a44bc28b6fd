//! The root of the data set that files are.

use super::Input;
use crate::marker::{KEY, Marker};
use pq_store::StorePath;

/// The root of these files: as far above them as their marker says that they have folders, or the
/// folder that they have in common, without those at its end that are named `key=value`.
pub(super) fn find_root(inputs: &[Input]) -> StorePath {
    let paths: Vec<&StorePath> = inputs.iter().map(|input| &input.path).collect();
    let common = common(&paths);
    let marked = inputs.first().and_then(|first| {
        let depth = Marker::parse(first.footer.raw().key_value(KEY)?)?
            .columns
            .len();
        let mut root = first.path.parent()?;
        for _ in 0..depth {
            root = root.parent()?;
        }
        common.strip_prefix(&root).is_some().then_some(root)
    });
    marked.unwrap_or_else(|| without_partitions(common))
}

/// The folder that all of these files are in.
fn common(paths: &[&StorePath]) -> StorePath {
    let mut paths = paths.iter();
    let first = paths.next().and_then(|path| path.parent());
    let mut common = first.unwrap_or_else(StorePath::root);
    for path in paths {
        while path.strip_prefix(&common).is_none_or(str::is_empty) {
            match common.parent() {
                Some(parent) => common = parent,
                None => break,
            }
        }
    }
    common
}

fn without_partitions(mut root: StorePath) -> StorePath {
    while root.file_name().is_some_and(|name| name.contains('=')) {
        match root.parent() {
            Some(parent) => root = parent,
            None => break,
        }
    }
    root
}

#[cfg(test)]
mod tests {
    use super::{common, without_partitions};
    use pq_store::StorePath;

    #[test]
    fn roots() {
        for (files, root) in [
            (&["a/x.parquet"][..], "a"),
            (&["x.parquet"], ""),
            (&["a/x", "a/b/y"], "a"),
            (&["a/bc/x", "a/b/y"], "a"),
            (&["a/x", "b/y"], ""),
            (&["t/year=2024/m=1/x"], "t"),
            (&["t/year=2024/m=1/x", "t/year=2024/m=2/x"], "t"),
            (&["env=1/t/x"], "env=1/t"),
            (&["t1/2024/x", "t1/2025/y"], "t1"),
            (&["k=1/x"], ""),
        ] {
            let paths: Vec<_> = files.iter().map(|f| StorePath::new(f).unwrap()).collect();
            let paths: Vec<_> = paths.iter().collect();
            let found = without_partitions(common(&paths));
            assert_eq!(found.as_str(), root, "{files:?}");
        }
    }
}
