//! The front door of a data set that is there.

use crate::detect::{self, Found, Metadata};
use crate::error::DatasetError;
use crate::footer::Footer;
use crate::metadata_files::is_kept;
use crate::plan::Plan;
use crate::plan::change::{Change, Start};
use crate::plan::compact::{CompactOptions, compact};
use crate::plan::merge::{MergeOptions, merge};
use crate::plan::replace::replace;
use crate::plan::rewrite::Rewrite;
use crate::plan::select::Selection;
use crate::plan::sort::SortBy;
use crate::recover::{RecoverOptions, Recovery, recover};
use crate::scheme::Layout;
use pq_store::{Store, StorePath};

/// A data set of part files with `_metadata`, as it was when it was opened. What is done with it
/// is a [`Plan`] first: nothing happens before [`Plan::execute`].
#[derive(Debug, Clone)]
pub struct Dataset {
    root: StorePath,
    location: String,
    existing: detect::Existing,
}

impl Dataset {
    /// Opens the data set at `path`: its `_metadata` is read.
    ///
    /// # Errors
    ///
    /// Nothing is there, a file, a directory without `_metadata`; `_metadata` that is none.
    pub async fn open(store: &dyn Store, path: StorePath) -> Result<Self, DatasetError> {
        let location = store.describe(&path);
        let reason = match Found::at(store, &path).await? {
            Found::Dataset(existing, _) => {
                return Ok(Self {
                    root: path,
                    location,
                    existing,
                });
            }
            Found::Nothing => return Err(DatasetError::NotFound { location }),
            Found::File => "one file, not a data set of part files",
            Found::Other(_) => "a directory without _metadata",
        };
        Err(DatasetError::NotADataset {
            location,
            reason: reason.to_owned(),
        })
    }

    /// How its files lie.
    pub fn layout(&self) -> &Layout {
        &self.existing.layout
    }

    /// Its files, as `_metadata` names them: relative to it, sorted, each once.
    pub fn files(&self) -> &[String] {
        &self.existing.files
    }

    /// Its metadata.
    pub fn metadata(&self) -> Metadata {
        Metadata {
            bytes: self.existing.footer.bytes().to_vec(),
            layout: self.existing.layout.clone(),
            location: self.location.clone(),
        }
    }

    /// Takes row groups away, and deletes the files that held them. Rows that other writers add
    /// meanwhile stay.
    ///
    /// # Errors
    ///
    /// [`DatasetError::Selection`] where nothing is meant, or some row groups of a file and others
    /// not; signed footers.
    pub fn remove(&self, selection: &Selection) -> Result<Plan, DatasetError> {
        let files = selection.files(&self.location, &self.existing)?;
        let (some, all) = (files.len(), self.existing.files.len());
        let mut change = self.change();
        change.removed = files;
        self.plan(format!("remove {some} of {all} files"), change)
    }

    /// Sets key-values of `_metadata`, or removes those without a value; the others, and all row
    /// groups, stay. The footers of the parts stay as they are.
    ///
    /// # Errors
    ///
    /// Keys that describe the rows (`ARROW:schema`, `pandas`) or the layout; signed footers.
    pub fn set_metadata(
        &self,
        key_values: &[(String, Option<String>)],
    ) -> Result<Plan, DatasetError> {
        check_keys(&self.location, key_values)?;
        let mut change = self.change();
        change.key_values = key_values.to_vec();
        let what = format!("set {} key-values", key_values.len());
        self.plan(what, change)
    }

    /// Sorts the row groups in `_metadata`; the files stay as they are.
    ///
    /// # Errors
    ///
    /// [`DatasetError::Selection`] for a column that is not there or row groups without its
    /// bounds; signed footers.
    pub fn sort(&self, by: SortBy) -> Result<Plan, DatasetError> {
        let what = format!("sort row groups by {by}");
        let mut change = self.change();
        change.sort = Some(by);
        self.plan(what, change)
    }

    /// Puts the row groups of the files `by` in the place of those of `files`, in one step: for who
    /// has read rows, and written them again or what became of them. All are paths below the data
    /// set. The new files are there already, in folders of its layout, with its schema; `files` are
    /// deleted afterwards. A file that another writer has changed or removed by then is a conflict,
    /// and rows that others add meanwhile stay.
    ///
    /// ```
    /// use pq_dataset::{Dataset, DatasetOptions, Layout, Scheme, blocking};
    /// use pq_store::{MemoryStore, StorePath};
    /// use pq_writer::{Batch, Column, DataType, Field, Schema, Values};
    ///
    /// let store = MemoryStore::default();
    /// let schema = Schema::new(vec![Field::new("x", DataType::Int64, false)])?;
    /// let write = |path: &str, scheme: Scheme, rows: &[i64]| {
    ///     let layout = Layout::new::<String>(scheme, []);
    ///     let (path, options) = (StorePath::new(path)?, DatasetOptions::default());
    ///     let mut writer =
    ///         blocking::DatasetWriter::open(&store, path, schema.clone(), layout, options)?;
    ///     writer.write(&Batch::new(vec![Column::new("x", Values::Int64(rows))]))?;
    ///     writer.commit()
    /// };
    /// write("events", Scheme::Flat, &[1, 2, 3])?;
    /// // The same rows without the second.
    /// write("events/part.1.parquet", Scheme::Simple, &[1, 3])?;
    /// let (old, new) = (["part.0.parquet".to_owned()], ["part.1.parquet".to_owned()]);
    /// # pollster::block_on(async {
    /// let events = Dataset::open(&store, StorePath::new("events")?).await?;
    /// let plan = events.replace(&store, &old, &new).await?;
    /// assert_eq!(plan.execute(&store).await?.removed, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`DatasetError::Selection`] for files that `_metadata` does not name, or does name;
    /// [`DatasetError::SchemaMismatches`]; signed footers; what the store says.
    pub async fn replace(
        &self,
        store: &dyn Store,
        files: &[String],
        by: &[String],
    ) -> Result<Plan, DatasetError> {
        replace(store, &self.root, &self.existing, files, by).await
    }

    /// Puts many small files together in few, folder by folder. The row groups stay as they are:
    /// their bytes are copied, with their indexes and Bloom filters, and nothing is decoded. So
    /// there are fewer files to open, and as many row groups as before; to have fewer of those,
    /// rows must be written again. [`Plan::notes`] says which small files stay, and why. A second
    /// compaction with the same options finds nothing to do.
    ///
    /// # Errors
    ///
    /// Files that are not what `_metadata` says; signed footers; what the store says.
    pub async fn compact(
        &self,
        store: &dyn Store,
        options: &CompactOptions,
    ) -> Result<Plan, DatasetError> {
        compact(store, &self.root, &self.existing, options).await
    }

    /// Makes a data set of files of any writer, and of those in directories: their footers are
    /// read, and their row groups are named in a new `_metadata` as the bytes that they are. The
    /// files stay where they are and as they are; a file that is changed before the commit is a
    /// conflict. A `_metadata` that is there is replaced if it names no other files.
    ///
    /// Readers of `_metadata` decode the pages of all files by its schema, so what says how pages
    /// are read must be the same in all: names, nesting, physical types, and which columns may be
    /// null. See [`MergeOptions::widen`] for what may differ. Readers that list the directory see
    /// each file by its own schema.
    ///
    /// # Errors
    ///
    /// [`DatasetError::SchemaMismatches`] with all differences of all files, and whether both
    /// would fit if files were written again; encrypted or signed footers; files that do not lie
    /// below the root, or in folders of different depths or names.
    pub async fn merge(
        store: &dyn Store,
        paths: &[StorePath],
        options: &MergeOptions,
    ) -> Result<Plan, DatasetError> {
        merge(store, paths, options).await
    }

    /// Finds out what writers that died have left at `path`: parts that `_metadata` does not name,
    /// parts that are missing, temporary files, a `_metadata` that is damaged or not there.
    /// Nothing happens before the plan in the report is carried out: it deletes temporary files
    /// and unnamed parts (`part.N.parquet`, and no other names) older than a grace period, and
    /// makes `_metadata` anew from the footers where it is needed. Doing so twice does no more
    /// than once.
    ///
    /// # Errors
    ///
    /// What the store says; files that cannot be one data set, where a new `_metadata` is needed; a
    /// `_metadata` that is encrypted, or names files outside of the data set.
    pub async fn recover(
        store: &dyn Store,
        path: &StorePath,
        options: &RecoverOptions,
    ) -> Result<Recovery, DatasetError> {
        recover(store, path, options).await
    }

    fn change(&self) -> Change {
        Change::on(Start::On(Box::new(self.existing.clone())))
    }

    /// The plan of this change; an empty one where nothing changes.
    fn plan(&self, title: String, change: Change) -> Result<Plan, DatasetError> {
        let mut plan = Plan::new(self.root.clone(), self.location.clone(), title);
        // What cannot be done is known before it is tried.
        if change.changes_anything(&self.location)? {
            plan.change = Some(change);
        }
        Ok(plan)
    }
}

/// Sets key-values of one file, or removes those without a value: only its footer is new. The
/// plan holds for the file as it was read: another that took its place is a conflict.
///
/// # Errors
///
/// Keys that describe the rows (`ARROW:schema`, `pandas`); no such file, or one that is no
/// Parquet; signed footers.
pub async fn set_file_metadata(
    store: &dyn Store,
    path: StorePath,
    key_values: &[(String, Option<String>)],
) -> Result<Plan, DatasetError> {
    let location = store.describe(&path);
    check_keys(&location, key_values)?;
    let footer = Footer::read(store, &path).await?;
    let title = format!("set {} key-values", key_values.len());
    let mut plan = Plan::new(path, location.clone(), title);
    plan.rewrite = Rewrite::key_values(&location, &footer, key_values)?;
    Ok(plan)
}

/// Errors where a key is not the caller's to set.
pub(crate) fn check_keys(
    location: &str,
    key_values: &[(String, Option<String>)],
) -> Result<(), DatasetError> {
    match key_values.iter().find(|(key, _)| is_kept(key)) {
        Some((key, _)) => Err(DatasetError::NotPossible {
            location: location.to_owned(),
            reason: format!("the key-value {key:?} describes the rows and stays as it is"),
        }),
        None => Ok(()),
    }
}
