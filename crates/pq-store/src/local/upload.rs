//! A file that is being written.

use super::root::Root;
use super::temp::{self, TempFile};
use super::unsynced::Unsynced;
use super::{publish, read, stat};
use crate::error::StoreError;
use crate::path::StorePath;
use crate::store::{BoxFuture, PutMode, ReadRange, Upload, Version};
use std::ffi::OsStr;
use std::fs::{Metadata, Permissions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::PathBuf;
use std::sync::Arc;

/// What a new file may be read and written by, less the umask.
const NEW_FILE_MODE: u32 = 0o666;

#[derive(Debug)]
pub(super) struct LocalUpload {
    root: Arc<Root>,
    target: PathBuf,
    /// The target as messages show it.
    shown: String,
    mode: PutMode,
    temp: TempFile,
    failed: bool,
}

impl LocalUpload {
    pub(super) fn open(
        root: &Arc<Root>,
        path: &StorePath,
        mode: PutMode,
    ) -> Result<Self, StoreError> {
        let shown = root.describe(path);
        let target = root.object(path)?;
        if path
            .file_name()
            .is_some_and(|name| temp::is_hidden(OsStr::new(name)))
        {
            let reason = "this name is kept for temporary and lock files";
            return Err(StoreError::invalid(shown, reason));
        }
        let current = publish::check_target(&target, &shown)?;
        if current.is_some() && mode == PutMode::IfAbsent {
            return Err(StoreError::AlreadyExists { path: shown });
        }
        // Bytes that replace a private file are private from the first one on.
        let permissions = current.as_ref().map_or(NEW_FILE_MODE, permission_bits);
        Ok(Self {
            temp: TempFile::create(root, &target, permissions, &shown)?,
            root: Arc::clone(root),
            target,
            shown,
            mode,
            failed: false,
        })
    }

    pub(super) fn append(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        let written = self.temp.file.write_all(bytes);
        self.note("write", written)
    }

    fn append_from(&mut self, source: &StorePath, range: Range<u64>) -> Result<(), StoreError> {
        let (mut file, metadata) = read::open(&self.root, source)?;
        let shown = self.root.describe(source);
        let range = ReadRange::Bytes(range).check(metadata.len(), &shown)?;
        let length = range.end - range.start;
        file.seek(SeekFrom::Start(range.start))
            .map_err(|error| StoreError::from_io(shown, "read", error))?;
        // The kernel copies, or shares the blocks, where it can.
        let copied = io::copy(&mut (&file).take(length), &mut self.temp.file);
        let copied = copied.and_then(|copied| {
            if copied == length {
                Ok(())
            } else {
                Err(io::ErrorKind::UnexpectedEof.into())
            }
        });
        self.note("copy", copied)
    }

    /// Publishes, durably.
    pub(super) fn publish(mut self) -> Result<Version, StoreError> {
        let version = self.take_place(true)?;
        publish::make_durable(&self.root, &self.target, &self.shown)?;
        Ok(version)
    }

    /// Appends and publishes, and leaves it to a later sync to make this durable.
    pub(super) fn put_unsynced(
        mut self,
        bytes: &[u8],
        unsynced: &Unsynced,
    ) -> Result<Version, StoreError> {
        let fail = |source| StoreError::from_io(&self.shown, "look at", source);
        let device = self.temp.file.metadata().map_err(fail)?.dev();
        let directory = self.target.parent();
        let is_remembered = directory.is_some_and(|parent| unsynced.has_room(parent, device));
        self.append(bytes)?;
        if !is_remembered {
            return self.publish();
        }
        // A crash must not take what was there before: only a new file may come to be torn.
        let version = self.take_place(self.mode != PutMode::IfAbsent)?;
        unsynced.add(device, self.target);
        Ok(version)
    }

    fn take_place(&mut self, is_synced: bool) -> Result<Version, StoreError> {
        let fail = |source| StoreError::from_io(&self.shown, "write", source);
        if self.failed {
            return Err(fail(io::Error::other("an earlier write failed")));
        }
        let file = &self.temp.file;
        if self.mode != PutMode::IfAbsent
            && let Some(current) = publish::check_target(&self.target, &self.shown)?
        {
            let permissions = Permissions::from_mode(permission_bits(&current));
            // Not every file system has permissions.
            let _ = file.set_permissions(permissions);
        }
        if is_synced {
            file.sync_all()
                .map_err(|source| StoreError::from_io(&self.shown, "sync", source))?;
        }
        let metadata = file.metadata().map_err(fail)?;
        let version = stat::version(file, &metadata).map_err(fail)?;
        match &self.mode {
            PutMode::IfAbsent => {
                publish::create(&self.root, &self.temp, &self.target, &self.shown)?
            }
            PutMode::Always => publish::replace(&self.root, &self.temp, &self.target, &self.shown)?,
            PutMode::IfVersion(expected) => {
                publish::replace_version(
                    &self.root,
                    &self.temp,
                    &self.target,
                    expected,
                    &self.shown,
                )?;
            }
        }
        self.temp.set_published();
        Ok(version)
    }

    fn note(&mut self, operation: &'static str, result: io::Result<()>) -> Result<(), StoreError> {
        result.map_err(|source| {
            self.failed = true;
            StoreError::from_io(&self.shown, operation, source)
        })
    }
}

fn permission_bits(metadata: &Metadata) -> u32 {
    metadata.mode() & 0o777
}

impl Upload for LocalUpload {
    fn write<'a>(&'a mut self, bytes: &'a [u8]) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move { self.append(bytes) })
    }

    fn copy_from<'a>(
        &'a mut self,
        source: &'a StorePath,
        range: Range<u64>,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move { self.append_from(source, range) })
    }

    fn finish(self: Box<Self>) -> BoxFuture<'static, Result<Version, StoreError>> {
        Box::pin(async move { self.publish() })
    }

    fn abort(self: Box<Self>) -> BoxFuture<'static, Result<(), StoreError>> {
        Box::pin(async move {
            let Self { temp, shown, .. } = *self;
            temp.remove()
                .map_err(|source| StoreError::from_io(shown, "abort", source))
        })
    }
}
