//! The same without `async`: for callers that have no runtime, and stores that need none.

use crate::dataset::Dataset;
use crate::detect::{Metadata, Target};
use crate::error::DatasetError;
use crate::options::{DatasetOptions, Summary};
use crate::plan::Plan;
use crate::plan::compact::CompactOptions;
use crate::plan::merge::MergeOptions;
use crate::plan::write::WritePlan;
use crate::recover::{RecoverOptions, Recovery};
use crate::scheme::Layout;
use pollster::block_on;
use pq_store::{Store, StorePath};
use pq_writer::{Batch, Schema};

/// As [`crate::detect`].
///
/// # Errors
///
/// As [`crate::detect`].
pub fn detect(store: &dyn Store, path: &StorePath) -> Result<Target, DatasetError> {
    block_on(crate::detect(store, path))
}

/// As [`crate::read_metadata`].
///
/// # Errors
///
/// As [`crate::read_metadata`].
pub fn read_metadata(store: &dyn Store, path: &StorePath) -> Result<Metadata, DatasetError> {
    block_on(crate::read_metadata(store, path))
}

/// As [`crate::read_append_metadata`].
///
/// # Errors
///
/// As [`crate::read_append_metadata`].
pub fn read_append_metadata(store: &dyn Store, path: &StorePath) -> Result<Metadata, DatasetError> {
    block_on(crate::read_append_metadata(store, path))
}

/// As [`Dataset::open`].
///
/// # Errors
///
/// As [`Dataset::open`].
pub fn open(store: &dyn Store, path: StorePath) -> Result<Dataset, DatasetError> {
    block_on(Dataset::open(store, path))
}

/// As [`WritePlan::new`].
///
/// # Errors
///
/// As [`WritePlan::new`].
pub fn plan_write(
    store: &dyn Store,
    path: StorePath,
    schema: Schema,
    layout: Layout,
    options: DatasetOptions,
) -> Result<WritePlan, DatasetError> {
    block_on(WritePlan::new(store, path, schema, layout, options))
}

/// As [`crate::data_files`].
///
/// # Errors
///
/// As [`crate::data_files`].
pub fn data_files(store: &dyn Store, paths: &[StorePath]) -> Result<Vec<StorePath>, DatasetError> {
    block_on(crate::data_files(store, paths))
}

/// As [`Dataset::merge`].
///
/// # Errors
///
/// As [`Dataset::merge`].
pub fn merge(
    store: &dyn Store,
    paths: &[StorePath],
    options: &MergeOptions,
) -> Result<Plan, DatasetError> {
    block_on(Dataset::merge(store, paths, options))
}

/// As [`Dataset::compact`], of the data set at `path`.
///
/// # Errors
///
/// As [`Dataset::open`] and [`Dataset::compact`].
pub fn compact(
    store: &dyn Store,
    path: StorePath,
    options: &CompactOptions,
) -> Result<Plan, DatasetError> {
    block_on(async {
        let dataset = Dataset::open(store, path).await?;
        dataset.compact(store, options).await
    })
}

/// As [`Dataset::replace`].
///
/// # Errors
///
/// As [`Dataset::replace`].
pub fn replace(
    store: &dyn Store,
    dataset: &Dataset,
    files: &[String],
    by: &[String],
) -> Result<Plan, DatasetError> {
    block_on(dataset.replace(store, files, by))
}

/// As [`Dataset::recover`].
///
/// # Errors
///
/// As [`Dataset::recover`].
pub fn recover(
    store: &dyn Store,
    path: &StorePath,
    options: &RecoverOptions,
) -> Result<Recovery, DatasetError> {
    block_on(Dataset::recover(store, path, options))
}

/// As [`Plan::execute`].
///
/// # Errors
///
/// As [`Plan::execute`].
pub fn execute(plan: Plan, store: &dyn Store) -> Result<Summary, DatasetError> {
    block_on(plan.execute(store))
}

/// As [`crate::set_file_metadata`].
///
/// # Errors
///
/// As [`crate::set_file_metadata`].
pub fn set_file_metadata(
    store: &dyn Store,
    path: StorePath,
    key_values: &[(String, Option<String>)],
) -> Result<Plan, DatasetError> {
    block_on(crate::set_file_metadata(store, path, key_values))
}

/// As [`crate::DatasetWriter`], and what it wrote is removed when it is dropped.
#[derive(Debug)]
pub struct DatasetWriter<'s> {
    inner: Option<crate::DatasetWriter<'s>>,
}

impl<'s> DatasetWriter<'s> {
    /// As [`crate::DatasetWriter::open`].
    ///
    /// # Errors
    ///
    /// As [`crate::DatasetWriter::open`].
    pub fn open(
        store: &'s dyn Store,
        path: StorePath,
        schema: Schema,
        layout: Layout,
        options: DatasetOptions,
    ) -> Result<Self, DatasetError> {
        let inner = block_on(crate::DatasetWriter::open(
            store, path, schema, layout, options,
        ))?;
        Ok(Self { inner: Some(inner) })
    }

    /// As [`crate::DatasetWriter::write`].
    ///
    /// # Errors
    ///
    /// As [`crate::DatasetWriter::write`].
    pub fn write(&mut self, batch: &Batch<'_>) -> Result<(), DatasetError> {
        match &mut self.inner {
            Some(writer) => block_on(writer.write(batch)),
            None => Err(DatasetError::Poisoned),
        }
    }

    /// As [`crate::DatasetWriter::write_row_group`].
    ///
    /// # Errors
    ///
    /// As [`crate::DatasetWriter::write_row_group`].
    pub fn write_row_group(&mut self, batches: &[Batch<'_>]) -> Result<(), DatasetError> {
        match &mut self.inner {
            Some(writer) => block_on(writer.write_row_group(batches)),
            None => Err(DatasetError::Poisoned),
        }
    }

    /// As [`crate::DatasetWriter::commit`].
    ///
    /// # Errors
    ///
    /// As [`crate::DatasetWriter::commit`].
    pub fn commit(mut self) -> Result<Summary, DatasetError> {
        match self.inner.take() {
            Some(writer) => block_on(writer.commit()),
            None => Err(DatasetError::Poisoned),
        }
    }

    /// As [`crate::DatasetWriter::abort`].
    ///
    /// # Errors
    ///
    /// As [`crate::DatasetWriter::abort`].
    pub fn abort(mut self) -> Result<(), DatasetError> {
        match self.inner.take() {
            Some(writer) => block_on(writer.abort()),
            None => Ok(()),
        }
    }
}

impl Drop for DatasetWriter<'_> {
    fn drop(&mut self) {
        if let Some(writer) = self.inner.take() {
            // Whoever wants to know how that goes calls `abort`.
            let _tidied = block_on(writer.abort());
        }
    }
}
