//! Commands that change a data set that is there: a plan, shown or carried out.

use crate::args::{CompactArgs, MergeArgs, PlanArgs, RecoverArgs, RemoveArgs, SetArgs, SortArgs};
use crate::error::CliError;
use crate::place;
use crate::report;
use crate::rewrite;
use crate::widen;
use pq_dataset::blocking::{self, detect, execute, open, set_file_metadata};
use pq_dataset::{CompactOptions, MergeOptions, Plan, RecoverOptions, Selection, SortBy, Target};
use pq_store::blocking::BlockingStore;
use pq_store::{Location, Store};

/// `pq remove`.
///
/// # Errors
///
/// Nothing is there of what is to be removed; the data set cannot be read or written.
pub fn remove(args: &RemoveArgs) -> Result<(), CliError> {
    let Location { store, path } = place::open(&args.dataset, &args.plan.store)?;
    let dataset = open(&*store, path)?;
    let plan = dataset.remove(&selection(args))?;
    carry_out(args.replaced.apply(plan), &*store, &args.plan)
}

fn selection(args: &RemoveArgs) -> Selection {
    if !args.file.is_empty() {
        return Selection::Files(args.file.clone());
    }
    if !args.row_groups.is_empty() {
        return Selection::RowGroups(args.row_groups.clone());
    }
    let value = |text: &String| match text.split_once('=') {
        Some((column, value)) => (column.to_owned(), Some(value.to_owned())),
        None => (text.clone(), None),
    };
    Selection::Partition(args.partition.iter().map(value).collect())
}

/// `pq merge`.
///
/// # Errors
///
/// Files that are none of Parquet or have not one schema; a store that cannot be read or written.
pub fn merge(args: &MergeArgs) -> Result<(), CliError> {
    let places = args.paths.iter().chain(&args.root).map(String::as_str);
    let (store, mut paths) = place::open_all(&places.collect::<Vec<_>>(), &args.plan.store)?;
    let root = args.root.as_ref().and_then(|_| paths.pop());
    let options = MergeOptions {
        root,
        widen: args.widen,
    };
    widen::merge(args, &BlockingStore::new(store), &paths, &options)
}

/// `pq compact`.
///
/// # Errors
///
/// The data set cannot be read or written.
pub fn compact(args: &CompactArgs) -> Result<(), CliError> {
    let Location { store, path } = place::open(&args.dataset, &args.plan.store)?;
    if args.rewrite {
        return rewrite::compact(args, &BlockingStore::new(store), path);
    }
    let options = CompactOptions {
        target_bytes: args.target_bytes,
        smallest_row_group: args.smallest_row_group,
    };
    let plan = blocking::compact(&*store, path, &options)?;
    carry_out(args.replaced.apply(plan), &*store, &args.plan)
}

/// `pq recover`.
///
/// # Errors
///
/// The target cannot be read or written.
pub fn recover(args: &RecoverArgs) -> Result<(), CliError> {
    let Location { store, path } = place::open(&args.target, &args.plan.store)?;
    let options = RecoverOptions {
        grace: args.grace,
        rebuild: args.rebuild.into(),
    };
    let recovery = blocking::recover(&*store, &path, &options)?;
    let text = recovery.to_string();
    carry_out_as(text, recovery.plan, &*store, &args.plan)
}

/// `pq sort`.
///
/// # Errors
///
/// A column that has no order or is not there; the data set cannot be read or written.
pub fn sort(args: &SortArgs) -> Result<(), CliError> {
    let Location { store, path } = place::open(&args.dataset, &args.plan.store)?;
    let mut by = match &args.by {
        Some(column) => SortBy::column(column),
        None => SortBy::file(),
    };
    if args.descending {
        by = by.descending();
    }
    let plan = open(&*store, path)?.sort(by)?;
    carry_out(plan, &*store, &args.plan)
}

/// `pq metadata set`.
///
/// # Errors
///
/// A pair that is none; keys that are not to be set; the target cannot be read or written.
pub fn set_metadata(args: &SetArgs) -> Result<(), CliError> {
    let mut pairs = Vec::new();
    for text in &args.pairs {
        let Some((key, value)) = text.split_once('=').filter(|(key, _)| !key.is_empty()) else {
            return Err(CliError::Argument {
                option: "KEY=VALUE",
                reason: format!("{text:?} is not KEY=VALUE"),
            });
        };
        pairs.push((key.to_owned(), Some(value.to_owned())));
    }
    if let Some(key) = args
        .remove
        .iter()
        .find(|key| pairs.iter().any(|(set, _)| set == *key))
    {
        return Err(CliError::Argument {
            option: "--remove",
            reason: format!("{key:?} is to be set, too"),
        });
    }
    pairs.extend(args.remove.iter().map(|key| (key.clone(), None)));
    let Location { store, path } = place::open(&args.target, &args.plan.store)?;
    let plan = match detect(&*store, &path)? {
        Target::File => set_file_metadata(&*store, path, &pairs)?,
        _ => open(&*store, path)?.set_metadata(&pairs)?,
    };
    carry_out(plan, &*store, &args.plan)
}

/// Shows a plan, and carries it out unless it is a dry run.
///
/// # Errors
///
/// As [`execute`].
pub fn carry_out(plan: Plan, store: &dyn Store, args: &PlanArgs) -> Result<(), CliError> {
    carry_out_as(plan.to_string(), plan, store, args)
}

/// Carries a plan out that `text` describes.
fn carry_out_as(
    text: String,
    plan: Plan,
    store: &dyn Store,
    args: &PlanArgs,
) -> Result<(), CliError> {
    if !args.dry_run && !plan.is_empty() {
        crate::warn(&execute(plan, store)?);
    }
    report::print(&text)
}
