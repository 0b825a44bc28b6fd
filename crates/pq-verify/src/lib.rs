//! Checks [Apache Parquet](https://parquet.apache.org) files, whoever wrote them: walks every page,
//! decodes it, and says where a rule of the specification is not kept.
//!
//! ```
//! use pq_verify::{Options, Rule, verify};
//!
//! let bytes = b"PAR1 this is no Parquet file";
//! let report = verify(&mut &bytes[..], "x.parquet", &Options::default());
//! assert!(!report.is_sound());
//! let finding = &report.findings()[0];
//! assert_eq!(finding.rule, Rule::FileMagic);
//! println!("{finding}");
//! ```
//!
//! - Every statistic, index entry and Bloom filter is compared with the values it speaks of.
//! - A [`Finding`] names its [`Rule`], and a [`Place`]: path, row group, column, page, byte.
//! - A [`Severity`] tells what is wrong from what is only discouraged, and both from what could
//!   not be checked, such as encrypted columns.
//! - [`verify_path`] takes a file or the directory of a data set, and compares `_metadata` with
//!   the parts.
//! - Nothing panics, and memory is bounded, whatever the bytes: pages are read one after the other,
//!   and none that passes the limits in [`Options`].
//!
//! Each codec is a feature. The rules are those of `parquet.thrift` and the documents beside it in
//! apache/parquet-format; [`Rule::section`] says which.

mod bloom;
mod chunk;
mod decompress;
mod directory;
mod file;
mod notes;
mod options;
mod page;
mod page_index;
mod place;
mod report;
mod rule;
mod schema;
mod sorting;
mod source;
mod statistics;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadMe;

pub use options::Options;
pub use place::Place;
pub use report::{Checked, Finding, Report, Severity};
pub use rule::Rule;
pub use source::{SeekSource, Source};

use file::Role;
use notes::Notes;
use std::path::Path;

/// Checks the file whose bytes `source` has; findings call it `name`.
pub fn verify<S: Source + ?Sized>(source: &mut S, name: &str, options: &Options) -> Report {
    let mut report = Report::default();
    file::check(
        source,
        Role::Data,
        &mut Notes::new(&mut report, options, name),
    );
    report
}

/// Checks a file, or all files of the data set in a directory.
///
/// What cannot be read is a finding, too ([`Rule::Unreadable`]).
#[must_use]
pub fn verify_path(path: &Path, options: &Options) -> Report {
    let mut report = Report::default();
    if path.is_dir() {
        directory::check(path, options, &mut report);
    } else {
        directory::check_file(path, options, &mut report);
    }
    report
}
