//! A write: what is known before the first row, and how what was written is committed.

use super::End;
use super::base::{Base, base, check_append};
use super::change::{Change, Placement, Start, appended_key_values, folder};
use super::tidy;
use crate::detect::{self, Found};
use crate::error::DatasetError;
use crate::marker::{KEY, Marker};
use crate::metadata_files::joined_key_values;
use crate::options::{Collecting, DatasetOptions, Existing, MetadataFile, Summary};
use crate::part::next_part_number;
use crate::partition::{
    PANDAS, PartitionEscaping, PartitionNulls, check_type, move_partition_columns,
};
use crate::receipt::{Part, PartReceipt};
use crate::scheme::{Layout, Scheme};
use crate::writer::{Naming, PartWriter};
use pq_store::{Store, StorePath};
use pq_writer::{FileEncoder, Schema, WriterOptions};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::hash::{BuildHasher, RandomState};

/// The form in which plans are sent.
const FORMAT: u32 = 1;

/// A write to a data set of part files, as it is planned on one machine, done by many, and
/// committed by one. It can be sent (`serde`).
///
/// ```
/// use pq_dataset::{DatasetOptions, Layout, PartReceipt, Scheme, WritePlan};
/// use pq_store::{MemoryStore, StorePath};
/// use pq_writer::{Batch, Column, DataType, Field, Schema, Values};
///
/// # pollster::block_on(async {
/// let store = MemoryStore::default();
/// let schema = Schema::new(vec![Field::new("amount", DataType::Float64, false)])?;
/// let layout = Layout::new::<String>(Scheme::Flat, []);
/// let path = StorePath::new("sales")?;
/// let plan = WritePlan::new(&store, path, schema, layout, DatasetOptions::default()).await?;
/// let sent = serde_json::to_string(&plan)?;
///
/// // On each worker:
/// let plan: WritePlan = serde_json::from_str(&sent)?;
/// let mut writer = plan.writer(&store, "first half")?;
/// let amounts = Column::new("amount", Values::Float64(&[9.5, 1.25]));
/// writer.write_row_group(&[Batch::new(vec![amounts])]).await?;
/// let receipt = serde_json::to_string(&writer.finish().await?)?;
///
/// // Where all receipts come together; nothing was visible before:
/// let receipts: Vec<PartReceipt> = vec![serde_json::from_str(&receipt)?];
/// assert_eq!(plan.commit(&store, &receipts).await?.rows, 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WritePlan {
    format: u32,
    /// Unlike that of any other plan.
    pub(crate) id: String,
    #[serde(with = "path")]
    pub(crate) root: StorePath,
    /// Whether the writer has made the directory, so that it is its to remove.
    pub(crate) made_root: bool,
    pub(crate) layout: Layout,
    /// All columns, those of the partitions among them.
    pub(crate) schema: Schema,
    /// The columns in the files.
    pub(crate) stored: Schema,
    /// How parts are written, with the key-values that they have.
    pub(crate) writer: WriterOptions,
    /// The key-values that the caller gave.
    given: Vec<(String, String)>,
    /// Whether folders' names may be escaped.
    pub(crate) escapes: bool,
    pub(crate) nulls: PartitionNulls,
    pub(crate) collecting: Collecting,
    existing: Existing,
    /// Whether the commit is one of `_metadata`.
    has_metadata: bool,
    keep_replaced: bool,
    pub(crate) next_part: u64,
    base: Base,
}

impl WritePlan {
    /// A plan to write rows of `schema`, the partition columns among them, to `path`. Nothing is
    /// written yet.
    ///
    /// # Errors
    ///
    /// As [`DatasetWriter::open`](crate::DatasetWriter::open). Scheme simple is one file, which
    /// cannot be shared: [`DatasetError::NotPossible`].
    pub async fn new(
        store: &dyn Store,
        path: StorePath,
        schema: Schema,
        layout: Layout,
        options: DatasetOptions,
    ) -> Result<Self, DatasetError> {
        let (plan, _) = Self::find(store, path, schema, layout, options).await?;
        Ok(plan)
    }

    /// The plan, and the data set that is there.
    pub(crate) async fn find(
        store: &dyn Store,
        root: StorePath,
        schema: Schema,
        layout: Layout,
        options: DatasetOptions,
    ) -> Result<(Self, Option<detect::Existing>), DatasetError> {
        layout.check(&schema)?;
        let location = store.describe(&root);
        if layout.scheme == Scheme::Simple {
            return Err(DatasetError::NotPossible {
                location,
                reason: "one file cannot be written in parts".to_owned(),
            });
        }
        for field in schema.fields() {
            if layout.partition_on.contains(&field.name) {
                check_type(field)?;
            }
        }
        let mut stored = schema.without(&layout.partition_on)?;
        let mut layout = layout;
        let found = Found::at(store, &root).await?;
        let next_part = next_number(&found);
        let (base, there) = base(store, &root, found, &layout, &options).await?;
        if options.existing == Existing::OverwritePartitions && layout.partition_on.is_empty() {
            return Err(DatasetError::NotPossible {
                location,
                reason: "No partitioning column, so no partition can be overwritten".to_owned(),
            });
        }
        if let Some(there) = &there
            && options.existing != Existing::Overwrite
        {
            // Files lie as they lay; without partition columns the schemes are alike.
            if layout.is_like(&there.layout) {
                layout.scheme = there.layout.scheme;
            }
            stored = check_append(&location, there, stored, &layout, schema.fields())?;
        }
        let has_metadata = match &base {
            Base::Listed { .. } => true,
            Base::Nothing | Base::Unlisted(_) => options.metadata == MetadataFile::Always,
        };
        let mut writer = options.writer;
        writer.key_values.retain(|(key, _)| key != KEY);
        let marker = Marker::of(&layout, schema.fields()).text();
        writer.key_values.push((KEY.to_owned(), marker));
        let pandas = writer.key_values.iter_mut().find(|(key, _)| key == PANDAS);
        if let Some((_, text)) = pandas
            && let Some(moved) = move_partition_columns(text, &layout.partition_on)
        {
            *text = moved;
        }
        let given = writer.key_values.clone();
        let mut escapes = options.partition_escaping == PartitionEscaping::Percent;
        if let Some(there) = there
            .as_ref()
            .filter(|_| options.existing != Existing::Overwrite)
        {
            // Writers that do not escape do not mark their data sets either.
            escapes &= there.marker.is_some()
                || there.files.is_empty()
                || there.files.iter().any(|file| file.contains('%'));
            writer.key_values = joined_key_values(there.footer.raw(), &writer.key_values);
        }
        // What the options cannot say of these columns is known before the first row.
        FileEncoder::new(stored.clone(), writer.clone())?;
        let plan = Self {
            format: FORMAT,
            id: format!("{:016x}", RandomState::new().hash_one(root.as_str())),
            root,
            made_root: false,
            layout,
            schema,
            stored,
            writer,
            given,
            escapes,
            nulls: options.partition_nulls,
            collecting: options.collecting,
            existing: options.existing,
            has_metadata,
            keep_replaced: options.keep_replaced,
            next_part,
            base,
        };
        Ok((plan, there))
    }

    /// The plan's name: receipts of other plans are refused.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Where it writes.
    pub fn path(&self) -> &StorePath {
        &self.root
    }

    /// A writer of parts, on any machine. `task` names the piece of work: of several receipts for
    /// one task, one is committed.
    ///
    /// # Errors
    ///
    /// A plan of another version of this crate.
    pub fn writer<'s>(
        &self,
        store: &'s dyn Store,
        task: impl Into<String>,
    ) -> Result<PartWriter<'s>, DatasetError> {
        self.check_format(store)?;
        let task = task.into();
        let prefix = RandomState::new().hash_one((&self.id, &task)) as u32;
        PartWriter::new(store, self, Naming::Prefixed(prefix), task)
    }

    /// Commits what these receipts say, and deletes the parts of those that are not needed: the
    /// second for a task and the third. The same receipts may be committed again; nothing
    /// is there twice then.
    ///
    /// # Errors
    ///
    /// [`DatasetError::Receipt`] for those of another plan, or of parts that are not there;
    /// as [`DatasetWriter::commit`](crate::DatasetWriter::commit). The parts stay unless the
    /// commit is lost for good.
    pub async fn commit(
        &self,
        store: &dyn Store,
        receipts: &[PartReceipt],
    ) -> Result<Summary, DatasetError> {
        self.check_format(store)?;
        let location = store.describe(&self.root);
        let mut tasks: BTreeMap<&str, &PartReceipt> = BTreeMap::new();
        let mut needless = BTreeSet::new();
        for receipt in receipts {
            if receipt.plan != self.id {
                return Err(DatasetError::Receipt {
                    location,
                    reason: format!("task {:?} is of another plan", receipt.task),
                });
            }
            for part in &receipt.parts {
                part.check(&location, &self.layout)?;
            }
            match tasks.get(receipt.task.as_str()) {
                None => drop(tasks.insert(&receipt.task, receipt)),
                Some(first) if *first == receipt => {}
                Some(_) => needless.extend(receipt.files().map(str::to_owned)),
            }
        }
        let parts: Vec<&Part> = tasks.values().flat_map(|receipt| &receipt.parts).collect();
        self.check_parts(store, &location, &parts).await?;
        let mut summary = self.commit_parts(store, None, &parts).await?;
        summary.dropped = tasks.values().map(|receipt| receipt.dropped).sum();
        for part in &parts {
            needless.remove(&part.file);
        }
        let needless: Vec<StorePath> = needless
            .iter()
            .map(|file| self.root.join(file))
            .collect::<Result<_, _>>()?;
        tidy::remove_files(store, &self.root, &needless, &mut summary.warnings).await;
        Ok(summary)
    }

    /// Deletes the parts of these receipts: the plan is given up.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub async fn abort(
        &self,
        store: &dyn Store,
        receipts: &[PartReceipt],
    ) -> Result<(), DatasetError> {
        let location = store.describe(&self.root);
        let mut paths = Vec::new();
        for part in receipts.iter().flat_map(|receipt| &receipt.parts) {
            part.check(&location, &self.layout)?;
            paths.push(self.root.join(&part.file)?);
        }
        tidy::abort(store, &self.root, &paths, self.made_root).await
    }

    fn check_format(&self, store: &dyn Store) -> Result<(), DatasetError> {
        if self.format == FORMAT {
            return Ok(());
        }
        Err(DatasetError::Receipt {
            location: store.describe(&self.root),
            reason: format!("a plan of form {}, expected {FORMAT}", self.format),
        })
    }

    /// Errors unless the store has all parts, as the receipts state them, each once.
    async fn check_parts(
        &self,
        store: &dyn Store,
        location: &str,
        parts: &[&Part],
    ) -> Result<(), DatasetError> {
        let entries = store.list(&self.root).await?;
        let mut sizes: BTreeMap<&str, u64> = entries
            .iter()
            .filter_map(|entry| Some((entry.path.strip_prefix(&self.root)?, entry.size)))
            .collect();
        for part in parts {
            let reason = match sizes.remove(part.file.as_str()) {
                Some(size) if size == part.bytes => continue,
                Some(size) => format!("has {size} bytes, expected {}", part.bytes),
                None => "is not there, or in two receipts".to_owned(),
            };
            return Err(DatasetError::Receipt {
                location: location.to_owned(),
                reason: format!("{:?} {reason}", part.file),
            });
        }
        Ok(())
    }

    /// Commits these parts. `there` is the data set as it was last seen; it is read if it is not
    /// given.
    pub(crate) async fn commit_parts(
        &self,
        store: &dyn Store,
        there: Option<detect::Existing>,
        parts: &[&Part],
    ) -> Result<Summary, DatasetError> {
        let location = store.describe(&self.root);
        let mut summary = Summary::at(location);
        for part in parts {
            summary.rows += part.rows;
            summary.row_groups += part.row_groups.len() as u64;
            summary.files += 1;
            summary.bytes += part.bytes;
        }
        let lost = match self.finish(store, there, parts, &mut summary).await? {
            None => return Ok(summary),
            Some(error) => error,
        };
        // Nothing of ours is visible, and the loss is the news: not how tidying went.
        let paths = parts.iter().map(|part| self.root.join(&part.file));
        let paths: Vec<StorePath> = paths.filter_map(Result::ok).collect();
        let _tidied = tidy::abort(store, &self.root, &paths, self.made_root).await;
        Err(lost)
    }

    async fn finish(
        &self,
        store: &dyn Store,
        there: Option<detect::Existing>,
        parts: &[&Part],
        summary: &mut Summary,
    ) -> Result<Option<DatasetError>, DatasetError> {
        let end = End {
            store,
            root: &self.root,
            keeps_replaced: self.keep_replaced,
        };
        if !self.has_metadata {
            // Whoever lists the directory sees the parts already.
            end.remove_replaced(&self.unlisted(parts), summary).await;
            return Ok(None);
        }
        let change = match self.change(store, there, parts).await {
            Ok(change) => change,
            Err(error) => return Ok(Some(error)),
        };
        let recheck = |existing: &detect::Existing| self.recheck(store, existing);
        let lost = end.commit(change, &recheck, summary).await?;
        if lost.is_none() && self.existing == Existing::Overwrite {
            end.remove_replaced(&self.unlisted(parts), summary).await;
        }
        Ok(lost)
    }

    /// The files that no `_metadata` names and that these parts replace.
    fn unlisted(&self, parts: &[&Part]) -> Vec<String> {
        let Base::Unlisted(files) = &self.base else {
            return Vec::new();
        };
        let mut files = files.clone();
        match self.existing {
            Existing::Fail | Existing::Append => files.clear(),
            Existing::Overwrite => {}
            Existing::OverwritePartitions => {
                let folders = folders(parts);
                files.retain(|file| folders.contains(folder(file)));
            }
        }
        files.retain(|file| parts.iter().all(|part| part.file != *file));
        files
    }

    async fn change(
        &self,
        store: &dyn Store,
        there: Option<detect::Existing>,
        parts: &[&Part],
    ) -> Result<Change, DatasetError> {
        let location = store.describe(&self.root);
        let (version, files) = match &self.base {
            Base::Listed { version, files } => (version, files),
            Base::Nothing | Base::Unlisted(_) => {
                let mut change = Change::on(Start::Absent(self.empty(&location)?));
                change.added = parts.iter().flat_map(|part| part.added()).collect();
                return Ok(change);
            }
        };
        let there = match there {
            Some(there) => there,
            None => detect::Existing::reload(store, &self.root).await?,
        };
        let is_changed = there.footer.version.as_str() != version;
        let is_committed = parts
            .first()
            .is_some_and(|part| there.files.binary_search(&part.file).is_ok());
        if self.existing == Existing::Overwrite && !is_committed {
            if is_changed {
                return Err(DatasetError::Conflict {
                    location,
                    reason: "changed by another writer meanwhile; nothing was replaced".to_owned(),
                });
            }
            let empty = self.empty(&location)?;
            let mut change = Change::on(Start::Instead(Box::new(there), empty));
            change.added = parts.iter().flat_map(|part| part.added()).collect();
            return Ok(change);
        }
        let mut change = Change::on(Start::On(Box::new(there.clone())));
        if is_committed {
            // By an earlier call with the same receipts.
            return Ok(change);
        }
        change.added = parts.iter().flat_map(|part| part.added()).collect();
        change.key_values = appended_key_values(&self.given);
        if self.existing == Existing::OverwritePartitions {
            change.exclusive = folders(parts);
            let goes = |file: &&String| change.exclusive.contains(folder(file));
            change.removed = files.iter().filter(goes).cloned().collect();
            change.placement = Placement::InPlace;
        }
        if is_changed {
            self.recheck(store, &there)?;
            change.check(&location, &there)?;
        }
        Ok(change)
    }

    /// The footer of a data set without rows.
    fn empty(&self, location: &str) -> Result<Vec<u8>, DatasetError> {
        let encoder = FileEncoder::new(self.stored.clone(), self.writer.clone())?;
        Change::empty(location, &encoder.metadata())
    }

    /// Errors unless the parts fit what another writer has left.
    fn recheck(&self, store: &dyn Store, existing: &detect::Existing) -> Result<(), DatasetError> {
        let location = store.describe(&self.root);
        let fields = self.schema.fields();
        let now = check_append(
            &location,
            existing,
            self.stored.clone(),
            &self.layout,
            fields,
        )?;
        if now != self.stored {
            return Err(DatasetError::Conflict {
                location,
                reason: "another writer made columns optional meanwhile".to_owned(),
            });
        }
        Ok(())
    }
}

impl fmt::Display for WritePlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.existing {
            Existing::Fail => "create",
            Existing::Append => "append to",
            Existing::Overwrite => "overwrite",
            Existing::OverwritePartitions => "overwrite partitions of",
        };
        write!(f, "{what} {}, scheme {}", self.root, self.layout.scheme)?;
        if !self.layout.partition_on.is_empty() {
            write!(
                f,
                ", partitioned by {}",
                self.layout.partition_on.join(", ")
            )?;
        }
        write!(f, "\n  write parts from part.{}.parquet on", self.next_part)?;
        let swap = match (&self.base, self.has_metadata) {
            (_, false) => "commit nothing: parts are seen as they come",
            (Base::Listed { .. }, _) => "commit _metadata by compare-and-swap",
            _ => "commit a new _metadata, if there is none",
        };
        write!(f, "\n  {swap}")?;
        match (self.existing, &self.base) {
            (Existing::Overwrite, Base::Nothing) | (Existing::Fail | Existing::Append, _) => Ok(()),
            (Existing::Overwrite, Base::Listed { .. }) => {
                write!(f, "\n  delete the files that were there")
            }
            (Existing::Overwrite, Base::Unlisted(files)) => {
                write!(f, "\n  delete the {} files that were there", files.len())
            }
            (Existing::OverwritePartitions, _) => {
                write!(
                    f,
                    "\n  delete the files of the partitions that have new rows"
                )
            }
        }
    }
}

fn folders(parts: &[&Part]) -> BTreeSet<String> {
    parts
        .iter()
        .map(|part| folder(&part.file).to_owned())
        .collect()
}

fn next_number(found: &Found) -> u64 {
    match found {
        Found::Dataset(existing, entries) => {
            let listed = entries.iter().map(|entry| entry.path.as_str());
            let named = existing.files.iter().map(String::as_str);
            next_part_number(listed.chain(named))
        }
        Found::Other(entries) => next_part_number(entries.iter().map(|entry| entry.path.as_str())),
        Found::Nothing | Found::File => 0,
    }
}

/// Paths as text.
mod path {
    use pq_store::StorePath;
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub(super) fn serialize<S: Serializer>(path: &StorePath, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(path.as_str())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<StorePath, D::Error> {
        StorePath::new(&String::deserialize(from)?).map_err(de::Error::custom)
    }
}
