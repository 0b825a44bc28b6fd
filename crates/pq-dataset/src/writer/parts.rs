//! A directory of part files: one for each row group and partition, then `_metadata`.

use crate::commit::{Commit, Outcome};
use crate::compare::appendable;
use crate::detect::{self, Found};
use crate::error::DatasetError;
use crate::marker::{KEY, Marker};
use crate::metadata_files::{at, joined_key_values};
use crate::options::{DatasetOptions, Existing, Summary};
use crate::part::{next_part_number, part_name, part_number};
use crate::partition::{Partition, check_type, split};
use crate::scheme::Layout;
use pq_format::{RawFooter, RowGroup};
use pq_store::{PutMode, Store, StoreError, StorePath};
use pq_writer::{Batch, Field, FileEncoder, Schema};
use std::collections::BTreeSet;

/// How many taken names are passed over before a writer gives up.
const MOST_TAKEN: u32 = 10_000;

#[derive(Debug)]
pub(super) struct PartsWriter<'s> {
    store: &'s dyn Store,
    root: StorePath,
    /// Whether there was no directory before, not even an empty one.
    made_root: bool,
    layout: Layout,
    /// All columns, those of the partitions among them.
    fields: Vec<Field>,
    /// The columns in the files.
    schema: Schema,
    /// Encodes one part after the other.
    encoder: FileEncoder,
    /// The key-values that the caller gave; parts have those of the data set, too.
    given: Vec<(String, String)>,
    /// Whether folders' names may be escaped.
    escapes: bool,
    base: Base,
    next_part: u64,
    written: Written,
    buffer: Vec<u8>,
}

/// What was there when the writer was opened.
#[derive(Debug)]
pub(crate) enum Base {
    Nothing,
    /// Rows are added to it.
    Append(detect::Existing),
    /// Another takes its place.
    Replace(detect::Existing),
    /// Parts that no `_metadata` names; removed after the commit.
    Orphans(Vec<StorePath>),
}

/// What this writer has put into the store.
#[derive(Debug, Default)]
struct Written {
    parts: Vec<StorePath>,
    /// With the paths of their files.
    row_groups: Vec<RowGroup>,
    rows: u64,
    bytes: u64,
}

impl<'s> PartsWriter<'s> {
    pub(super) async fn open(
        store: &'s dyn Store,
        root: StorePath,
        schema: Schema,
        layout: Layout,
        options: DatasetOptions,
    ) -> Result<Self, DatasetError> {
        let fields = schema.fields().to_vec();
        for field in &fields {
            if layout.partition_on.contains(&field.name) {
                check_type(field)?;
            }
        }
        let location = store.describe(&root);
        let found = Found::at(store, &root).await?;
        let mut schema = schema.without(&layout.partition_on)?;
        let mut layout = layout;
        let listed = match &found {
            Found::Dataset(existing, entries) => {
                let listed = entries.iter().map(|entry| entry.path.as_str());
                let named = existing.files.iter().map(String::as_str);
                next_part_number(listed.chain(named))
            }
            Found::Other(entries) => {
                next_part_number(entries.iter().map(|entry| entry.path.as_str()))
            }
            _ => 0,
        };
        let base = match (found, options.existing) {
            (Found::Nothing, Existing::Append) => return Err(DatasetError::NotFound { location }),
            (Found::Nothing, _) => Base::Nothing,
            (Found::Dataset(existing, _), Existing::Append) => {
                // Files lie as they lay; without partition columns the schemes are alike.
                if layout.is_like(&existing.layout) {
                    layout.scheme = existing.layout.scheme;
                }
                schema = check_append(&location, &existing, schema, &layout, &fields)?;
                Base::Append(existing)
            }
            (Found::Dataset(existing, _), Existing::Overwrite) => Base::Replace(existing),
            (Found::File, Existing::Append) => {
                return Err(DatasetError::ExistingScheme {
                    location,
                    expected: crate::Scheme::Simple,
                    got: layout.scheme,
                });
            }
            (Found::Other(entries), Existing::Overwrite)
                if entries.iter().all(|entry| is_ours(&entry.path)) =>
            {
                Base::Orphans(entries.into_iter().map(|entry| entry.path).collect())
            }
            (Found::Dataset(..), Existing::Fail) | (Found::File, Existing::Fail) => {
                return Err(DatasetError::TargetExists { location });
            }
            (Found::File, Existing::Overwrite) => {
                return Err(DatasetError::NotADataset {
                    location,
                    reason: format!("a file, where scheme {} is a directory", layout.scheme),
                });
            }
            (Found::Other(entries), existing) => {
                let only_parts = entries.iter().all(|entry| is_ours(&entry.path));
                return Err(DatasetError::NotADataset {
                    location,
                    reason: match existing {
                        Existing::Fail if only_parts => {
                            "exists, with part files and no _metadata, as a writer that crashed \
                             leaves it; an overwrite replaces them"
                        }
                        Existing::Append => "a directory without _metadata",
                        Existing::Overwrite => "a directory with files that are no parts",
                        Existing::Fail => "exists, a directory that is not empty",
                    }
                    .to_owned(),
                });
            }
        };
        let mut writer = options.writer;
        writer.key_values.retain(|(key, _)| key != KEY);
        let marker = Marker::of(&layout, &fields).text();
        writer.key_values.push((KEY.to_owned(), marker));
        let given = writer.key_values.clone();
        let mut escapes = true;
        if let Base::Append(existing) = &base {
            // Writers that do not escape do not mark their data sets either.
            escapes = existing.marker.is_some()
                || existing.files.is_empty()
                || existing.files.iter().any(|file| file.contains('%'));
            let metadata = at(&location, RawFooter::parse(&existing.footer.bytes))?;
            writer.key_values = joined_key_values(&metadata, &writer.key_values);
        }
        // What the options cannot say of these columns is known before the first row.
        let encoder = FileEncoder::new(schema.clone(), writer)?;
        // So is whether there can be anything at all at the place.
        let made_root = store.make_directories(&root).await?;
        Ok(Self {
            store,
            root,
            made_root,
            layout,
            fields,
            schema,
            encoder,
            given,
            escapes,
            base,
            next_part: listed,
            written: Written::default(),
            buffer: Vec::new(),
        })
    }

    pub(super) async fn write_row_group(
        &mut self,
        batches: &[Batch<'_>],
    ) -> Result<(), DatasetError> {
        let partitions = split(batches, &self.layout, &self.fields, self.escapes)?;
        let number = self.next_part;
        for partition in &partitions {
            self.put_part(partition, number).await?;
        }
        self.next_part = self.next_part.max(number + 1);
        Ok(())
    }

    async fn put_part(
        &mut self,
        partition: &Partition<'_>,
        number: u64,
    ) -> Result<(), DatasetError> {
        self.buffer.clear();
        let encoder = &mut self.encoder;
        encoder.begin(&mut self.buffer);
        encoder.row_group(&partition.batches(), &mut self.buffer)?;
        let metadata = encoder.finish_and_restart(&mut self.buffer)?;
        let Some(mut row_group) = metadata.row_groups.into_iter().next() else {
            return Ok(());
        };
        let relative = self.put_at_free_name(&partition.folder, number).await?;
        for column in &mut row_group.columns {
            column.file_path = Some(relative.clone());
        }
        let rows = u64::try_from(row_group.num_rows).unwrap_or(0);
        self.written.row_groups.push(row_group);
        self.written.rows += rows;
        self.written.bytes += self.buffer.len() as u64;
        Ok(())
    }

    /// Puts the buffer where no file is yet, and returns its path relative to the root.
    async fn put_at_free_name(
        &mut self,
        folder: &str,
        mut number: u64,
    ) -> Result<String, DatasetError> {
        for _ in 0..MOST_TAKEN {
            let relative = format!("{folder}{}", part_name(number));
            let path = self.root.join(&relative)?;
            let put = self.store.put(&path, &self.buffer, PutMode::IfAbsent).await;
            match put {
                Ok(_) => {
                    self.written.parts.push(path);
                    self.next_part = self.next_part.max(number + 1);
                    return Ok(relative);
                }
                // Another writer was faster: the loser takes the next number.
                Err(StoreError::AlreadyExists { .. }) => number += 1,
                // If it is not known whether the part is there, it may be another writer's by
                // the time it is removed: an orphan does less harm.
                Err(error) => return Err(error.into()),
            }
        }
        Err(DatasetError::Conflict {
            location: self.store.describe(&self.root),
            reason: format!(
                "{MOST_TAKEN} part numbers from {} on are taken",
                self.next_part
            ),
        })
    }

    pub(super) async fn commit(self) -> Result<Summary, DatasetError> {
        // Between parts the encoder is at the start of a file.
        let empty = self.encoder.metadata();
        let commit = Commit {
            store: self.store,
            root: &self.root,
            empty: &empty,
            key_values: &self.given,
            row_groups: &self.written.row_groups,
            parts: &self.written.parts,
        };
        let recheck = |existing: &detect::Existing| {
            let location = self.store.describe(&self.root);
            let (layout, fields) = (&self.layout, &self.fields);
            let schema = self.schema.clone();
            let now = check_append(&location, existing, schema, layout, fields)?;
            if now != self.schema {
                return Err(DatasetError::Conflict {
                    location,
                    reason: "another writer made columns optional meanwhile".to_owned(),
                });
            }
            Ok(())
        };
        let committed = match commit.run(&self.base, recheck).await {
            Ok(Outcome::Committed(committed)) => committed,
            Ok(Outcome::Lost(error)) => {
                // Nothing of ours is visible, and the loss is the news: not how tidying went.
                let _tidied = self.abort().await;
                return Err(error);
            }
            Err(error) => return Err(error),
        };
        let mut summary = Summary {
            rows: self.written.rows,
            row_groups: self.written.row_groups.len() as u64,
            files: self.written.parts.len() as u64,
            bytes: self.written.bytes + committed.footer.len() as u64,
            location: self.store.describe(&self.root),
            warnings: Vec::new(),
        };
        commit
            .put_common_metadata(&committed.footer, &mut summary.warnings)
            .await;
        if committed.is_durable {
            self.remove_replaced(&mut summary.warnings).await;
        } else {
            summary.warnings.push(
                "the commit may not outlast a crash; what it replaces was not removed".to_owned(),
            );
        }
        Ok(summary)
    }

    /// Deletes the files that the commit has replaced.
    async fn remove_replaced(&self, warnings: &mut Vec<String>) {
        let replaced: Vec<StorePath> = match &self.base {
            Base::Nothing | Base::Append(_) => return,
            Base::Orphans(paths) => {
                let metadata = |path: &&StorePath| path.file_name().and_then(part_number).is_some();
                paths.iter().filter(metadata).cloned().collect()
            }
            Base::Replace(existing) => {
                let paths = existing.files.iter().map(|file| self.root.join(file));
                paths.filter_map(Result::ok).collect()
            }
        };
        for path in replaced
            .iter()
            .filter(|path| !self.written.parts.contains(path))
        {
            if let Err(error) = self.store.delete(path).await {
                warnings.push(format!("a replaced part was not removed: {error}"));
            }
        }
        if let Err(error) = self.remove_folders(&replaced).await {
            warnings.push(format!("an empty folder was not removed: {error}"));
        }
    }

    /// Removes the folders of these parts as far as they are empty.
    async fn remove_folders(&self, parts: &[StorePath]) -> Result<(), DatasetError> {
        let mut folders = BTreeSet::new();
        for part in parts {
            let mut folder = part.parent();
            while let Some(path) = folder.filter(|path| *path != self.root && !path.is_root()) {
                folder = path.parent();
                folders.insert(path);
            }
        }
        // A folder comes before those in it.
        for folder in folders.iter().rev() {
            self.store.remove_directory(folder).await?;
        }
        Ok(())
    }

    pub(super) async fn abort(self) -> Result<(), DatasetError> {
        let mut failed = None;
        for path in &self.written.parts {
            if let Err(error) = self.store.delete(path).await {
                failed.get_or_insert(error);
            }
        }
        if let Some(error) = failed {
            return Err(error.into());
        }
        self.remove_folders(&self.written.parts).await?;
        if self.made_root {
            self.store.remove_directory(&self.root).await?;
        }
        Ok(())
    }
}

/// Whether a file is one that a writer of data sets makes.
fn is_ours(path: &StorePath) -> bool {
    path.file_name().is_some_and(|name| {
        part_number(name).is_some() || name == crate::metadata_files::COMMON_METADATA
    })
}

/// Errors unless rows so laid out and of this schema can be added to `existing`.
fn check_append(
    location: &str,
    existing: &detect::Existing,
    schema: Schema,
    layout: &Layout,
    fields: &[Field],
) -> Result<Schema, DatasetError> {
    if !layout.is_like(&existing.layout) {
        return Err(DatasetError::ExistingScheme {
            location: location.to_owned(),
            expected: existing.layout.scheme,
            got: layout.scheme,
        });
    }
    if layout.partition_on != existing.layout.partition_on {
        return Err(DatasetError::ExistingPartitions {
            location: location.to_owned(),
            expected: existing.layout.partition_on.clone(),
            got: layout.partition_on.clone(),
        });
    }
    if let Some(marker) = &existing.marker {
        let ours = Marker::of(layout, fields);
        for (theirs, ours) in marker.columns.iter().zip(&ours.columns) {
            if theirs.data_type != ours.data_type {
                return Err(DatasetError::SchemaMismatch {
                    location: location.to_owned(),
                    column: theirs.name.clone(),
                    expected: theirs.data_type.clone(),
                    got: ours.data_type.clone(),
                });
            }
        }
    }
    let footer = at(location, RawFooter::parse(&existing.footer.bytes))?;
    if footer.is_signed() {
        return at(location, Err(pq_format::FormatError::EncryptedUnsupported));
    }
    appendable(location, &at(location, footer.schema())?, schema)
}
