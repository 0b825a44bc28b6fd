//! Syncing a whole file system at once.

use std::io;
use std::path::Path;

/// A file system that reports every write that it lost, by an open directory of it.
///
/// It tells of what was lost since the directory was opened; what was lost before may have been
/// told to somebody else. So this is opened before the first write that it is to vouch for.
#[derive(Debug)]
pub(super) struct WholeFileSystem {
    #[cfg(target_os = "linux")]
    directory: std::fs::File,
}

#[cfg(target_os = "linux")]
impl WholeFileSystem {
    /// The file system of a directory; `None` where its sync as a whole is not to be relied on.
    pub(super) fn of(directory: &Path) -> Option<Self> {
        /// ext2, ext3 and ext4; XFS; Btrfs; F2FS; tmpfs. Not those on top of others or of a
        /// network, which sync without telling of all errors.
        const RELIABLE: [u32; 5] = [0xef53, 0x5846_5342, 0x9123_683e, 0xf2f5_2010, 0x0102_1994];
        if !kernel_reports_errors() {
            return None;
        }
        let directory = std::fs::File::open(directory).ok()?;
        let kind = rustix::fs::fstatfs(&directory).ok()?.f_type;
        // Some platforms have the number signed.
        RELIABLE
            .contains(&(kind as u32))
            .then_some(Self { directory })
    }

    pub(super) fn sync(&self) -> io::Result<()> {
        Ok(rustix::fs::syncfs(&self.directory)?)
    }
}

#[cfg(not(target_os = "linux"))]
impl WholeFileSystem {
    pub(super) fn of(_directory: &Path) -> Option<Self> {
        None
    }

    pub(super) fn sync(&self) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// Before Linux 5.8, `syncfs` was silent about what could not be written.
#[cfg(target_os = "linux")]
fn kernel_reports_errors() -> bool {
    let names = rustix::system::uname();
    names.release().to_str().is_ok_and(reports_errors)
}

#[cfg(target_os = "linux")]
fn reports_errors(release: &str) -> bool {
    let mut numbers = release.split(|character: char| !character.is_ascii_digit());
    let mut next = || numbers.next().and_then(|number| number.parse::<u32>().ok());
    next().zip(next()).is_some_and(|version| version >= (5, 8))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::reports_errors;

    #[test]
    fn kernels_that_tell() {
        for release in ["5.8", "5.8.0-rc1", "5.10.0-23-amd64", "6.1", "10.0.1"] {
            assert!(reports_errors(release), "{release}");
        }
        for release in ["4.4.0", "5.7.19", "5", "", "x.y", "3.10.0-1160.el7"] {
            assert!(!reports_errors(release), "{release}");
        }
    }
}
