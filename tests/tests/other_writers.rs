//! Metadata that other writers wrote survives. `cargo xtask interop` runs this: it needs the
//! readers' environment, in which the writers are.

use std::path::Path;
use std::process::Command;

#[test]
#[ignore = "needs the readers: cargo xtask interop"]
fn metadata_of_other_writers_is_not_lost() {
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
