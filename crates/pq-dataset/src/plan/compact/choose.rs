//! Which files become one.

use super::place::GroupPlace;
use crate::footer::Footer;
use pq_format::{ColumnOrder, SchemaElement};
use std::collections::BTreeMap;

/// Row groups that a file may have: some readers number them with 16 bits.
const MOST_ROW_GROUPS: usize = 32_767;

/// A file that may be copied.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    /// Relative to the root.
    pub(super) file: String,
    /// Bytes of the file.
    pub(super) size: u64,
    pub(super) footer: Footer,
    pub(super) groups: Vec<GroupPlace>,
    pub(super) kind: Kind,
}

/// What files must have in common to become one: all that a footer says once for all its row
/// groups.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Kind {
    pub(super) version: i32,
    pub(super) schema: Vec<SchemaElement>,
    pub(super) created_by: Option<String>,
    pub(super) column_orders: Option<Vec<ColumnOrder>>,
}

/// Files that become one.
#[derive(Debug, Clone)]
pub(super) struct Group {
    /// With a slash; empty for the root.
    pub(super) folder: String,
    pub(super) files: Vec<Candidate>,
}

/// Which files become one.
#[derive(Debug, Default)]
pub(super) struct Choice {
    pub(super) groups: Vec<Group>,
    /// What stays as it is though it is small, and why.
    pub(super) left: Vec<String>,
}

/// Puts small files of a folder together as they come, in parts of at most `target` bytes.
pub(super) fn choose(candidates: Vec<Candidate>, target: u64) -> Choice {
    let mut folders: BTreeMap<String, Vec<Candidate>> = BTreeMap::new();
    for candidate in candidates {
        if candidate.size < target.div_ceil(2) {
            let folder = crate::plan::change::folder(&candidate.file).to_owned();
            folders.entry(folder).or_default().push(candidate);
        }
    }
    let mut choice = Choice::default();
    for (folder, files) in folders {
        let mut kinds: Vec<Vec<Candidate>> = Vec::new();
        for file in files {
            let alike =
                |kind: &&mut Vec<Candidate>| kind.first().is_some_and(|f| f.kind == file.kind);
            match kinds.iter_mut().find(alike) {
                Some(kind) => kind.push(file),
                None => kinds.push(vec![file]),
            }
        }
        let several = kinds.len() > 1;
        for kind in kinds {
            if let ([file], true) = (kind.as_slice(), several) {
                choice.left.push(format!(
                    "{} stays: no other file of its folder has its schema and writer",
                    file.file
                ));
            }
            for files in filled(kind, target) {
                choice.groups.push(Group {
                    folder: folder.clone(),
                    files,
                });
            }
        }
    }
    choice
}

/// Cuts files into runs of at most so many bytes, and leaves out those that are alone.
fn filled(files: Vec<Candidate>, target: u64) -> Vec<Vec<Candidate>> {
    let mut runs: Vec<Vec<Candidate>> = Vec::new();
    let (mut bytes, mut row_groups) = (0_u64, 0);
    for file in files {
        bytes = bytes.saturating_add(file.size);
        row_groups += file.groups.len();
        match runs.last_mut() {
            Some(run) if bytes <= target && row_groups <= MOST_ROW_GROUPS => run.push(file),
            _ => {
                (bytes, row_groups) = (file.size, file.groups.len());
                runs.push(vec![file]);
            }
        }
    }
    runs.retain(|run| run.len() > 1);
    runs
}
