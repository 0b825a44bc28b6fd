//! Ways to write an object, and the requests that they are made of.

use crate::server::{PART, Server};
use pq_interop::proxy::Request;
use pq_store::{PutMode, Store, StoreError, StorePath, Version};

/// Bytes without a short period.
pub fn bytes(length: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    std::iter::repeat_with(next).take(length).collect()
}

pub async fn upload(
    store: &dyn Store,
    path: &StorePath,
    mode: PutMode,
    bytes: &[u8],
) -> Result<Version, StoreError> {
    let mut upload = store.open_write(path, mode).await?;
    for piece in bytes.chunks(1_000_003) {
        upload.write(piece).await?;
    }
    upload.finish().await
}

/// A request that a write makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The whole object at once.
    Put,
    /// One part of it.
    Part,
    /// The parts become an object.
    Completion,
    /// What was uploaded under another name gets its own.
    Copy,
}

impl Step {
    /// Whether a request is this one, for an object whose key ends like this, or for one that is
    /// hidden beside it. Probes are not.
    pub fn is(self, request: &Request, key: &str) -> bool {
        let (path, query) = match request.target.split_once('?') {
            Some((path, query)) => (path, query),
            None => (request.target.as_str(), ""),
        };
        let is_copy = ["x-goog-copy-source", "x-ms-copy-source"]
            .iter()
            .any(|header| request.header(header).is_some());
        let has = |parameter: &str| query.split('&').any(|pair| pair.starts_with(parameter));
        let found = match request.method.as_str() {
            "PUT" if is_copy => Self::Copy,
            "PUT" if has("comp=blocklist") => Self::Completion,
            "PUT" if has("comp=block") || has("partNumber=") => Self::Part,
            "PUT" => return self == Self::Put && path.ends_with(key),
            "POST" if has("uploadId=") => Self::Completion,
            _ => return false,
        };
        self == found && !path.contains("probe")
    }
}

/// What must be there for a write to happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Always,
    Absent,
    Version,
}

/// A way to write, and one of its requests.
#[derive(Clone, Copy, Debug)]
pub struct Write {
    pub mode: Mode,
    pub is_large: bool,
    pub step: Step,
}

impl Write {
    /// All that this server can do.
    pub fn all(server: &Server) -> Vec<Self> {
        let write = |mode, is_large, step| Self {
            mode,
            is_large,
            step,
        };
        let mut all = vec![
            write(Mode::Always, false, Step::Put),
            write(Mode::Absent, false, Step::Put),
            write(Mode::Version, false, Step::Put),
            write(Mode::Always, true, Step::Part),
            write(Mode::Always, true, Step::Completion),
            write(Mode::Absent, true, Step::Completion),
        ];
        if !server.is_s3() {
            all.push(write(Mode::Absent, true, Step::Copy));
        } else if server.heeds_large_versions() {
            all.push(write(Mode::Version, true, Step::Completion));
        }
        all
    }

    /// Whether the object is there once the server has done what the request asks.
    pub fn lands(self, server: &Server) -> bool {
        let is_staged = self.is_large && self.mode == Mode::Absent && !server.is_s3();
        match self.step {
            Step::Part => false,
            Step::Completion => !is_staged,
            Step::Put | Step::Copy => true,
        }
    }

    pub fn bytes(self) -> Vec<u8> {
        bytes(if self.is_large { PART + 1000 } else { 1000 })
    }

    /// The mode, given the version that is there now.
    pub fn put_mode(self, version: Option<Version>) -> PutMode {
        match (self.mode, version) {
            (Mode::Version, Some(version)) => PutMode::IfVersion(version),
            (Mode::Version, None) => panic!("nothing is there to replace"),
            (Mode::Absent, _) => PutMode::IfAbsent,
            (Mode::Always, _) => PutMode::Always,
        }
    }

    pub async fn run(
        self,
        store: &dyn Store,
        path: &StorePath,
        mode: PutMode,
    ) -> Result<Version, StoreError> {
        match self.is_large {
            true => upload(store, path, mode, &self.bytes()).await,
            false => store.put(path, &self.bytes(), mode).await,
        }
    }
}
