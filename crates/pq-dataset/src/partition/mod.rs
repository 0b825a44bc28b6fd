//! Partition values: from rows to folders.

mod cell;
mod groups;
mod options;
mod pandas;
mod path;
#[cfg(test)]
mod tests;
mod values;

pub(crate) use cell::check_type;
pub(crate) use groups::{Partitions, Sorted, Sorter};
pub use options::{PartitionEscaping, PartitionNulls};
pub(crate) use pandas::{PANDAS, move_partition_columns};
pub(crate) use path::{HIVE_NULL, decode, is_own_folder};
