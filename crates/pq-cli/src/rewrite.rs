//! `pq compact --rewrite`: the rows of small files are read, and written again to few.

use crate::args::{CompactArgs, CompressionSpec};
use crate::error::CliError;
use crate::input::{Input, StoredFile};
use crate::report;
use pq_arrow::{ArrowBatch, HasNulls};
use pq_dataset::blocking::{self, DatasetWriter};
use pq_dataset::{
    Dataset, DatasetError, DatasetOptions, Layout, Plan, Scheme, next_part_number, part_name,
};
use pq_format::{FormatError, RawFooter};
use pq_store::blocking::BlockingStore;
use pq_store::{StoreError, StorePath};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Files of a folder, and the one that their rows go to.
struct Group {
    files: Vec<String>,
    new: String,
}

/// Puts the rows of small files in few, and these in their place.
///
/// # Errors
///
/// Files that cannot be read, or not be written again with the same schema; the data set cannot be
/// written, or was changed meanwhile. It is as it was then.
pub fn compact(args: &CompactArgs, store: &BlockingStore, path: StorePath) -> Result<(), CliError> {
    let dataset = blocking::open(&**store.store(), path.clone())?;
    let (groups, options) = groups(args, store, &path, &dataset)?;
    let mut text = format!("{}: rewrite", dataset.metadata().location);
    for group in &groups {
        let _ = write!(text, "\n  {} files to {}", group.files.len(), group.new);
    }
    if groups.is_empty() {
        text.push_str("\n  nothing to do");
    }
    if groups.is_empty() || args.plan.dry_run {
        return report::print(&text);
    }
    let mut written = Vec::new();
    let rewritten = rewrite(store, &path, &dataset, &groups, &options, &mut written);
    let done = rewritten.and_then(|plan| {
        let plan = args.replaced.apply(plan);
        let text = plan.to_string();
        Ok((blocking::execute(plan, &**store.store())?, text))
    });
    match done {
        Ok((summary, text)) => {
            crate::warn(&summary);
            report::print(&text)
        }
        // Perhaps the new files are of the data set now. If not, recover finds them.
        Err(error @ CliError::Dataset(DatasetError::CommitUnknown { .. })) => Err(error),
        Err(error) => {
            // Nothing names them; the first error is the one to report.
            for file in written {
                let _ = store.delete(&file);
            }
            Err(error)
        }
    }
}

/// Which files become one, in the order in which `_metadata` names them, and how it is written.
fn groups(
    args: &CompactArgs,
    store: &BlockingStore,
    path: &StorePath,
    dataset: &Dataset,
) -> Result<(Vec<Group>, DatasetOptions), CliError> {
    let metadata = dataset.metadata();
    let wrong = |source: FormatError| DatasetError::Format {
        location: metadata.location.clone(),
        source,
    };
    let footer = RawFooter::parse(&metadata.bytes).map_err(wrong)?;
    let entries = store.list(path)?;
    let names = |entry: &pq_store::Entry| Some(entry.path.strip_prefix(path)?.to_owned());
    let sizes: BTreeMap<String, u64> = entries
        .iter()
        .filter_map(|entry| Some((names(entry)?, entry.size)))
        .collect();
    let mut folders: BTreeMap<&str, Vec<(&str, u64)>> = BTreeMap::new();
    let mut known = BTreeSet::new();
    for row_group in footer.row_groups() {
        let file = row_group.first_file_path().unwrap_or_default();
        let Some(size) = sizes.get(file) else {
            let path = store.store().describe(&path.join(file)?);
            return Err(StoreError::NotFound { path }.into());
        };
        if *size < args.target_bytes.div_ceil(2) && known.insert(file) {
            let folder = file.rfind('/').map_or("", |slash| &file[..=slash]);
            folders.entry(folder).or_default().push((file, *size));
        }
    }
    let mut number = next_part_number(sizes.keys().map(String::as_str));
    let mut groups = Vec::new();
    for (folder, files) in folders {
        let mut bytes = u64::MAX;
        let mut runs: Vec<Vec<String>> = Vec::new();
        for (file, size) in files {
            bytes = bytes.saturating_add(size);
            match runs.last_mut() {
                Some(run) if bytes <= args.target_bytes => run.push(file.to_owned()),
                _ => {
                    bytes = size;
                    runs.push(vec![file.to_owned()]);
                }
            }
        }
        for files in runs.into_iter().filter(|run| run.len() > 1) {
            let new = format!("{folder}{}", part_name(number));
            number += 1;
            groups.push(Group { files, new });
        }
    }
    let mut options = DatasetOptions::default();
    CompressionSpec::parse(&args.compression)?.apply(&mut options.writer);
    let key_values = footer.decode().map_err(wrong)?.key_value_metadata;
    options.writer.key_values = key_values
        .into_iter()
        .flatten()
        .filter_map(|pair| Some((pair.key, pair.value?)))
        .collect();
    Ok((groups, options))
}

/// Writes the new files, whose paths `written` gets, and plans to put them in the place of the old.
fn rewrite(
    store: &BlockingStore,
    path: &StorePath,
    dataset: &Dataset,
    groups: &[Group],
    options: &DatasetOptions,
    written: &mut Vec<StorePath>,
) -> Result<Plan, CliError> {
    for group in groups {
        let place = path.join(&group.new)?;
        let mut writer = None;
        for file in &group.files {
            let old = path.join(file)?;
            let name = store.store().describe(&old);
            let input = Input::of_parquet(name, StoredFile::open(store, old)?)?;
            let writer = match &mut writer {
                Some(writer) => writer,
                None => writer.insert(DatasetWriter::open(
                    &**store.store(),
                    place.clone(),
                    pq_arrow::schema(&input.schema, &HasNulls::AsDeclared)?,
                    Layout::new::<String>(Scheme::Simple, []),
                    options.clone(),
                )?),
            };
            for batch in input.batches {
                writer.write(&ArrowBatch::new(&batch?)?.as_batch())?;
            }
        }
        if let Some(writer) = writer {
            writer.commit()?;
            written.push(place);
        }
    }
    let files: Vec<String> = groups
        .iter()
        .flat_map(|group| group.files.clone())
        .collect();
    let new: Vec<String> = groups.iter().map(|group| group.new.clone()).collect();
    Ok(blocking::replace(&**store.store(), dataset, &files, &new)?)
}
