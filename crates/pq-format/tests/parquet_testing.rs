//! Footers of files by many writers. Set `PQ_PARQUET_TESTING` to a folder of
//! Parquet files, such as the one of the parquet-testing repository.

use pq_format::{FileMetaData, FormatError, RawFooter, TAIL_LEN, decode, encode, footer_range};
use std::path::{Path, PathBuf};

fn parquet_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            parquet_files(&path, found);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "parquet")
        {
            found.push(path);
        }
    }
}

#[test]
fn unchanged_edits_are_identical() {
    let Some(folder) = std::env::var_os("PQ_PARQUET_TESTING") else {
        return;
    };
    let mut files = Vec::new();
    parquet_files(Path::new(&folder), &mut files);
    assert!(!files.is_empty(), "no .parquet files in {folder:?}");
    for path in files {
        let file = std::fs::read(&path).expect("the file can be read");
        let tail = &file[file.len().saturating_sub(TAIL_LEN)..];
        let range = match footer_range(tail, file.len() as u64) {
            Ok(range) => range.start as usize..range.end as usize,
            Err(FormatError::Encrypted) => continue,
            Err(error) => panic!("{}: {error}", path.display()),
        };
        let metadata = &file[range];
        let footer = RawFooter::parse(metadata)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut out = Vec::new();
        footer.edit().encode(&mut out).expect("nothing to refuse");
        assert_eq!(out, metadata, "{}", path.display());

        let typed = footer
            .decode()
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut again = Vec::new();
        encode(&typed, &mut again).expect("what was read can be written");
        let (read, used) = decode::<FileMetaData>(&again).expect("what was written can be read");
        assert_eq!(used, again.len(), "{}", path.display());
        // Not a number is not itself, so the texts are compared.
        assert_eq!(
            format!("{read:?}"),
            format!("{typed:?}"),
            "{}",
            path.display()
        );

        if footer.is_signed() {
            continue;
        }
        // Add what was there, drop what was there before: only row counts and
        // list headers can differ, and the structs are equal.
        let mut edit = footer.edit();
        for group in footer.row_groups() {
            edit.append_row_group(group.bytes().to_vec())
                .expect("a row group");
        }
        edit.retain_row_groups(|index| index >= footer.row_groups().len());
        edit.set_key_value("pq.test", Some("x"));
        let mut out = Vec::new();
        edit.encode(&mut out).expect("an edit");
        let edited = RawFooter::parse(&out).expect("a footer");
        assert_eq!(edited.key_value("pq.test"), Some("x"), "{}", path.display());
        let mut edited = edited.decode().expect("a footer");
        let key_values = edited.key_value_metadata.as_mut().expect("a key-value");
        key_values.pop();
        if typed.key_value_metadata.is_none() {
            edited.key_value_metadata = None;
        }
        edited.num_rows = typed.num_rows;
        assert_eq!(
            format!("{edited:?}"),
            format!("{typed:?}"),
            "{}",
            path.display()
        );

        for group in footer.row_groups() {
            let moved = group
                .with_file_path("some/where.parquet")
                .expect("a row group");
            let (moved, _) = decode::<pq_format::RowGroup>(&moved).expect("a row group");
            let mut expected = group.decode().expect("a row group");
            for column in &mut expected.columns {
                column.file_path = Some("some/where.parquet".to_owned());
            }
            assert_eq!(
                format!("{moved:?}"),
                format!("{expected:?}"),
                "{}",
                path.display()
            );
        }
    }
}
