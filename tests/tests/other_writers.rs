//! Metadata that other writers wrote survives, and their files keep to the rules of the format
//! but for what is known of each. `cargo xtask interop` runs this: it needs the readers'
//! environment, in which the writers are.

use pq_verify::{Options, Report, Rule, verify_path};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// What each writer is known not to keep; docs/readers.md says more.
const KNOWN: &[(&str, &[Rule])] = &[
    (
        "pyarrow",
        &[
            Rule::EncodingStats,
            Rule::FileVersion2,
            Rule::NanCountMissing,
            Rule::NullCountMissing,
            Rule::PhysicalInt96,
            Rule::SchemaRoot,
        ],
    ),
    (
        "duckdb",
        &[
            Rule::BoundZero,
            Rule::EncodingsList,
            Rule::FileVersion2,
            Rule::LegacyUnsigned,
            Rule::LogicalMissing,
            Rule::PlainDictionary,
            Rule::RunOverrun,
            Rule::SchemaRoot,
        ],
    ),
    (
        "polars",
        &[
            Rule::ChunkFileOffset,
            Rule::ConvertedMissing,
            Rule::EncodingStatsMissing,
            Rule::NanCountMissing,
        ],
    ),
    (
        "fastparquet",
        &[
            Rule::ChunkFileOffset,
            Rule::EncodingsList,
            Rule::LegacyUnsigned,
            Rule::LogicalMissing,
            Rule::PhysicalInt96,
            Rule::ValuesTrailing,
        ],
    ),
    (
        "datafusion",
        &[
            Rule::FileVersion2,
            Rule::ListStructure,
            Rule::MapStructure,
            Rule::NanCountMissing,
        ],
    ),
    (
        "java",
        &[
            Rule::BoundNan,
            Rule::BoundZero,
            Rule::EncodingsList,
            Rule::NanCountMissing,
            Rule::PartRowGroups,
            Rule::PhysicalInt96,
            Rule::PlainDictionary,
        ],
    ),
];

/// Fails where a writer's files break a rule that is not known of it, or no longer break one
/// that is.
fn keep_to_the_rules(folder: &Path) {
    for (writer, known) in KNOWN {
        let mut found = BTreeSet::new();
        for entry in std::fs::read_dir(folder.join(writer)).unwrap() {
            let path = entry.unwrap().path();
            // Checksums of Hadoop's.
            if path.extension().is_some_and(|extension| extension == "crc") {
                continue;
            }
            let report: Report = verify_path(&path, &Options::default());
            assert!(report.checked().files > 0, "{}", path.display());
            for finding in report.findings() {
                assert!(known.contains(&finding.rule), "{finding}");
            }
            found.extend(report.counts().map(|(rule, _)| rule));
        }
        let known: BTreeSet<Rule> = known.iter().copied().collect();
        assert_eq!(found, known, "{writer}");
    }
}

#[test]
#[ignore = "needs the readers: cargo xtask interop"]
fn files_of_other_writers_are_as_known_and_lose_nothing() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("other_writers");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = std::env::var_os("PQ_PYTHON")
        .map_or_else(|| project.join("../.venv/bin/python"), Into::into);
    succeeds(
        Command::new(python)
            .arg(project.join("readers/write.py"))
            .arg(&folder),
    );
    keep_to_the_rules(&folder);
    // Our own files are of one more writer.
    succeeds(
        Command::new(env!("CARGO_BIN_EXE_lossless"))
            .arg(&folder)
            .arg(project.join("golden")),
    );
}

fn succeeds(command: &mut Command) {
    let status = command
        .status()
        .unwrap_or_else(|error| panic!("{command:?}: {error}; run cargo xtask readers first"));
    assert!(status.success(), "{command:?}: {status}");
}
