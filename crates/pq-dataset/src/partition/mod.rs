//! Partition values: from rows to folders.

mod cell;
mod path;
mod split;
#[cfg(test)]
mod tests;

pub(crate) use cell::check_type;
pub(crate) use path::{HIVE_NULL, decode, is_own_folder};
pub(crate) use split::{Partition, split};
