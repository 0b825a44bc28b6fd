//! One file: written beside its place, then put there.

use super::collect::{Collector, Waiting};
use crate::compare::appendable;
use crate::detect::Found;
use crate::error::DatasetError;
use crate::footer::Footer;
use crate::metadata_files::{at, extended_footer, new_footer};
use crate::options::{DatasetOptions, Existing, Summary};
use crate::partition::{PartitionNulls, Partitions};
use crate::scheme::{Layout, Scheme};
use pq_format::{RawRowGroup, append_footer};
use pq_store::{PutMode, Store, StoreError, StorePath, Upload};
use pq_writer::{Batch, FileEncoder, Schema};

#[derive(Debug)]
pub(super) struct SingleWriter<'s> {
    store: &'s dyn Store,
    path: StorePath,
    encoder: FileEncoder,
    upload: Box<dyn Upload>,
    /// The footer of the file to which rows are appended.
    base: Option<Footer>,
    key_values: Vec<(String, String)>,
    collector: Collector,
    buffer: Vec<u8>,
    bytes: u64,
}

impl<'s> SingleWriter<'s> {
    pub(super) async fn open(
        store: &'s dyn Store,
        path: StorePath,
        schema: Schema,
        options: DatasetOptions,
    ) -> Result<Self, DatasetError> {
        let location = store.describe(&path);
        let found = Found::at(store, &path).await?;
        match (&found, options.existing) {
            (Found::File, Existing::Fail) => return Err(DatasetError::TargetExists { location }),
            (_, Existing::OverwritePartitions) => {
                return Err(DatasetError::NotPossible {
                    location,
                    reason: "Not possible to overwrite partitions of one file".to_owned(),
                });
            }
            (Found::Nothing, Existing::Append) => return Err(DatasetError::NotFound { location }),
            (Found::Dataset(existing, _), Existing::Append) => {
                return Err(DatasetError::ExistingScheme {
                    location,
                    expected: existing.layout.scheme,
                    got: Scheme::Simple,
                });
            }
            (Found::Dataset(..) | Found::Other(_), _) => {
                return Err(DatasetError::NotADataset {
                    location,
                    reason: "a directory, where scheme simple is one file".to_owned(),
                });
            }
            (Found::File | Found::Nothing, _) => {}
        }
        let key_values = options.writer.key_values.clone();
        let (fields, collecting) = (schema.fields().to_vec(), options.collecting);
        let whole = Layout::new::<String>(Scheme::Simple, []);
        let partitions = Partitions::new(&whole, &fields, PartitionNulls::Keep, true)?;
        let collector = Collector::new(partitions, &fields, &[], collecting);
        let mut buffer = Vec::new();
        let (base, encoder, mode) = if options.existing == Existing::Append {
            let footer = Footer::read(store, &path).await?;
            let existing = footer.raw();
            if existing.is_signed() {
                return at(&location, Err(pq_format::FormatError::EncryptedUnsupported));
            }
            let names_files = |group: &RawRowGroup<'_>| group.first_file_path().is_some();
            if existing.row_groups().iter().any(names_files) {
                return Err(DatasetError::NotADataset {
                    location,
                    reason: "the metadata of other files, not a file of rows".to_owned(),
                });
            }
            let elements = at(&location, existing.schema())?;
            let schema = appendable(&location, &elements, schema)?;
            let encoder = FileEncoder::resume(schema, options.writer, footer.start)?;
            let mode = PutMode::IfVersion(footer.version.clone());
            (Some(footer), encoder, mode)
        } else {
            let mut encoder = FileEncoder::new(schema, options.writer)?;
            encoder.begin(&mut buffer);
            let mode = match options.existing {
                Existing::Overwrite => PutMode::Always,
                _ => PutMode::IfAbsent,
            };
            (None, encoder, mode)
        };
        let mut upload = store.open_write(&path, mode).await?;
        if let Some(footer) = &base {
            upload.copy_from(&path, 0..footer.start).await?;
        }
        Ok(Self {
            store,
            path,
            encoder,
            upload,
            base,
            key_values,
            collector,
            buffer,
            bytes: 0,
        })
    }

    pub(super) async fn write(&mut self, batch: &Batch<'_>) -> Result<(), DatasetError> {
        self.collector.check(batch)?;
        for slice in self.collector.slices(batch) {
            self.collector.push(&slice, 1)?;
            let due = self.collector.due();
            self.write_collected(due).await?;
        }
        Ok(())
    }

    async fn write_collected(&mut self, due: Vec<(u32, Waiting)>) -> Result<(), DatasetError> {
        for (_, waiting) in due {
            self.encoder
                .row_group(&waiting.batches(), &mut self.buffer)?;
            self.ship().await?;
        }
        Ok(())
    }

    pub(super) async fn write_row_group(
        &mut self,
        batches: &[Batch<'_>],
    ) -> Result<(), DatasetError> {
        let before = self.collector.rest();
        self.write_collected(before).await?;
        self.encoder.row_group(batches, &mut self.buffer)?;
        self.ship().await
    }

    async fn ship(&mut self) -> Result<(), DatasetError> {
        self.upload.write(&self.buffer).await?;
        self.bytes += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }

    pub(super) async fn commit(mut self) -> Result<Summary, DatasetError> {
        let location = self.store.describe(&self.path);
        let rest = self.collector.rest();
        self.write_collected(rest).await?;
        self.encoder.end_row_groups(&mut self.buffer)?;
        let row_groups = self.encoder.row_groups();
        let rows: i64 = row_groups.iter().map(|group| group.num_rows).sum();
        let mut summary = Summary::at(location.clone());
        summary.rows = u64::try_from(rows).unwrap_or(0);
        summary.row_groups = row_groups.len() as u64;
        summary.files = 1;
        let footer = match &self.base {
            None => new_footer(&self.encoder.metadata()),
            Some(base) => extended_footer(base.raw(), row_groups, &self.key_values),
        };
        let footer = at(&location, footer)?;
        at(&location, append_footer(&footer, &mut self.buffer))?;
        self.ship().await?;
        summary.bytes = self.bytes;
        match self.upload.finish().await {
            Ok(_) => Ok(summary),
            Err(StoreError::Conflict { .. }) => Err(DatasetError::Conflict {
                location,
                reason: "changed by another writer meanwhile; nothing was appended".to_owned(),
            }),
            Err(StoreError::AlreadyExists { .. }) => Err(DatasetError::TargetExists { location }),
            Err(source @ StoreError::CommitUnknown { .. }) => {
                Err(DatasetError::CommitUnknown { location, source })
            }
            Err(error) => Err(error.into()),
        }
    }

    pub(super) async fn abort(self) -> Result<(), DatasetError> {
        Ok(self.upload.abort().await?)
    }
}
