use super::{StoreOptions, open};
use crate::error::StoreError;

fn open_plain(url: &str) -> Result<super::Location, StoreError> {
    StoreOptions::new().open(url)
}

#[test]
fn memory_is_new_every_time() {
    for (url, path) in [
        ("memory:", ""),
        ("memory:a/b", "a/b"),
        ("memory:/a/b/", "a/b"),
        ("memory:///a", "a"),
        ("MEMORY:a%20b", "a%20b"),
    ] {
        let place = open_plain(url).unwrap();
        assert_eq!(place.path.as_str(), path, "{url}");
        assert_eq!(place.store.describe(&place.path), format!("memory:/{path}"));
    }
}

#[cfg(unix)]
#[test]
fn local_paths_have_their_directory_as_root() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("a%20#?b.parquet");
    let file = file.to_str().unwrap();
    let place = open_plain(file).unwrap();
    assert_eq!(place.path.as_str(), "a%20#?b.parquet");
    assert_eq!(place.store.describe(&place.path), file);

    let url = format!("file://{}/x", directory.path().display());
    assert_eq!(open_plain(&url).unwrap().path.as_str(), "x");
    let url = format!("file://localhost{}/x/", directory.path().display());
    assert_eq!(open_plain(&url).unwrap().path.as_str(), "x");

    let absent = directory.path().join("absent/x");
    let error = open_plain(absent.to_str().unwrap()).unwrap_err();
    assert!(matches!(error, StoreError::NotFound { .. }), "{error}");
    for nameless in ["/", "..", ""] {
        let error = open_plain(nameless).unwrap_err();
        assert!(matches!(error, StoreError::InvalidPath { .. }), "{error}");
    }
    // No scheme: a name that is relative.
    assert_eq!(open_plain("c:x").unwrap().path.as_str(), "c:x");
}

#[test]
fn what_is_not_allowed_is_refused_and_not_repeated() {
    for url in [
        "ftp://host/x",
        "https://me:sesame@host/x?sesame",
        "s3://key:sesame@bucket/x",
        "s3://bucket/x?sesame=1",
        "gs://bucket/x#sesame",
        "az://sesame@account/x",
        "abfss://c@account.dfs.core.windows.net/x?sig=sesame",
        "file://sesame:x@host/a?sesame",
        "file://host/a",
        "memory:a?sesame",
    ] {
        let error = open_plain(url).unwrap_err();
        let text = format!("{error} {error:?}");
        assert!(matches!(error, StoreError::InvalidUrl { .. }), "{text}");
        assert!(!text.contains("sesame"), "{text}");
    }
    let error = open_plain("ftp://host/x").unwrap_err().to_string();
    assert_eq!(
        error,
        "ftp://host/x: the scheme ftp is not one of file, memory, s3, gs, az, abfs, abfss"
    );
}

#[cfg(not(feature = "s3"))]
#[test]
fn the_feature_that_is_off_is_named() {
    let error = open_plain("s3://bucket/key").unwrap_err().to_string();
    assert_eq!(
        error,
        "s3://bucket/key: needs pq-store built with the feature `s3`"
    );
}

#[test]
fn places_without_options_say_so() {
    let error = open("memory:x", [("region", "sesame")]).unwrap_err();
    assert_eq!(error.to_string(), "option region: memory has no options");
    assert!(open("memory:x", [] as [(&str, &str); 0]).is_ok());
}

#[test]
fn options_show_their_keys_alone() {
    let options = StoreOptions::new().set("secret_access_key", "sesame");
    let shown = format!("{options:?}");
    assert!(shown.contains("secret_access_key") && !shown.contains("sesame"));
}
