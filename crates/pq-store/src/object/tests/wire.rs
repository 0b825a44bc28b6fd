//! What goes over the wire, and what is made of the answers.

use super::server::{Reply, Request, Server};
use crate::error::StoreError;
use crate::options::StoreOptions;
use crate::progress::Progress;
use crate::store::{PutMode, ReadRange};
use crate::url::Location;
use pollster::block_on;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

fn options(url: &str) -> StoreOptions {
    let options = [
        ("endpoint", url),
        ("allow_http", "true"),
        ("access_key_id", "somebody"),
        ("secret_access_key", "something"),
        ("region", "eu-north-1"),
        ("max_retries", "2"),
        ("conditional_put", "trust"),
    ];
    options.into_iter().collect()
}

fn open(server: &Server) -> Location {
    options(&server.url).open("s3://bucket/d/x").unwrap()
}

fn put(place: &Location, mode: PutMode) -> Result<(), StoreError> {
    block_on(place.store.put(&place.path, b"new", mode)).map(drop)
}

/// Answers that come in this order, and then the last one again.
fn in_order(
    replies: Vec<fn(&Request) -> Reply>,
) -> impl Fn(&Request) -> Reply + Send + Sync + 'static {
    let next = AtomicUsize::new(0);
    move |request| {
        let now = next.fetch_add(1, Ordering::Relaxed).min(replies.len() - 1);
        replies[now](request)
    }
}

#[test]
fn a_put_carries_its_condition_and_token() {
    let server = Server::start(|request| {
        assert_eq!(request.line(), "PUT /bucket/d/x");
        assert_eq!(request.header("if-none-match"), Some("*"));
        assert_eq!(request.header("x-amz-meta-pqtoken").unwrap().len(), 32);
        assert_eq!(request.body, b"new");
        Reply::object("")
    });
    put(&open(&server), PutMode::IfAbsent).unwrap();
}

#[test]
fn a_put_without_an_answer_is_looked_up() {
    let token = Arc::new(Mutex::new(String::new()));
    let server = Server::start(move |request| {
        let mut token = token.lock().unwrap();
        match request.method.as_str() {
            "PUT" => {
                *token = request.header("x-amz-meta-pqtoken").unwrap().to_owned();
                Reply::Silence
            }
            _ => Reply::object(&token),
        }
    });
    put(&open(&server), PutMode::IfAbsent).unwrap();
    assert_eq!(server.lines(), ["PUT /bucket/d/x", "HEAD /bucket/d/x"]);
}

#[test]
fn a_put_to_a_busy_store_is_tried_again() {
    let server = Server::start(in_order(vec![
        |_| Reply::status(503),
        |_| Reply::status(404),
        |_| Reply::object(""),
    ]));
    let events = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&events);
    let options = options(&server.url);
    let options = options.on_progress(move |event| seen.lock().unwrap().push(event.clone()));
    let place = options.open("s3://bucket/d/x").unwrap();
    put(&place, PutMode::IfAbsent).unwrap();
    let lines = ["PUT /bucket/d/x", "HEAD /bucket/d/x", "PUT /bucket/d/x"];
    assert_eq!(server.lines(), lines);
    let events = events.lock().unwrap();
    assert!(
        matches!(&events[..], [Progress::Retry { attempt: 2, why, .. }] if why.contains("503")),
        "{events:?}"
    );
}

#[test]
fn a_rejected_put_is_neither_looked_up_nor_tried_again() {
    for (status, is_denied) in [(400, false), (403, true), (413, false), (501, false)] {
        let server = Server::start(move |_| Reply::status(status));
        let error = put(&open(&server), PutMode::IfAbsent).unwrap_err();
        assert!(
            !matches!(error, StoreError::CommitUnknown { .. }),
            "{error}"
        );
        let denied = matches!(error, StoreError::PermissionDenied { .. });
        assert_eq!(denied, is_denied, "{error}");
        assert_eq!(server.lines(), ["PUT /bucket/d/x"], "{status}");
    }
}

#[test]
fn a_store_that_is_not_there_is_not_written_to() {
    let options = options(&Server::nowhere());
    let place = options.open("s3://bucket/d/x").unwrap();
    let error = put(&place, PutMode::IfAbsent).unwrap_err();
    assert!(matches!(error, StoreError::Io { .. }), "{error}");
    assert!(error.to_string().contains("cannot be reached"), "{error}");
}

#[test]
fn reads_are_tried_again_and_told() {
    let server = Server::start(in_order(vec![
        |_| Reply::status(500),
        |_| Reply::Silence,
        |_| Reply::Answer(200, vec![("ETag", "\"e\"".into())], "bytes".into()),
    ]));
    let events = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&events);
    let options = options(&server.url);
    let options = options.on_progress(move |event| seen.lock().unwrap().push(event.clone()));
    let place = options.open("s3://bucket/d/x").unwrap();
    let read = block_on(place.store.read(&place.path, ReadRange::All)).unwrap();
    assert_eq!(read.bytes, b"bytes");
    let events: Vec<_> = events.lock().unwrap().clone();
    let retry = |attempt, why: &str| Progress::Retry {
        path: "s3://bucket/d/x".into(),
        attempt,
        why: why.into(),
    };
    assert_eq!(events, [retry(2, "status 500"), retry(3, "no answer")]);
}

#[test]
fn a_bucket_that_is_not_there_is_no_absent_object() {
    let document = "<?xml version=\"1.0\"?><Error><Code>NoSuchBucket</Code></Error>";
    let server = Server::start(move |_| Reply::Answer(404, Vec::new(), document.into()));
    let place = open(&server);
    let read = block_on(place.store.read(&place.path, ReadRange::All)).unwrap_err();
    assert_eq!(
        read.to_string(),
        "s3://bucket: cannot read: there is no such bucket"
    );
    for mode in [PutMode::IfAbsent, PutMode::Always] {
        let error = put(&place, mode).unwrap_err().to_string();
        assert_eq!(error, "s3://bucket: cannot write: there is no such bucket");
    }
}

#[test]
fn keys_are_taken_literally() {
    let server = Server::start(|_| Reply::object(""));
    let place = options(&server.url).open("s3://bucket/a%20b/ü").unwrap();
    put(&place, PutMode::Always).unwrap();
    assert_eq!(server.lines(), ["PUT /bucket/a%2520b/%C3%BC"]);
}

/// A server of S3 that completes uploads; it holds what is there already.
fn multipart(
    existing: Option<&'static str>,
    loses_answer: bool,
) -> impl Fn(&Request) -> Reply + Send + Sync + 'static {
    let token = Mutex::new(existing.map(str::to_owned));
    let begun = Mutex::new(String::new());
    move |request| {
        let mut token = token.lock().unwrap();
        let (_, query) = request.target.split_once('?').unwrap_or_default();
        match request.method.as_str() {
            "HEAD" => match &*token {
                Some(token) => Reply::Answer(
                    200,
                    vec![
                        ("ETag", "\"e\"".into()),
                        ("x-amz-meta-pqtoken", token.clone()),
                    ],
                    "x".repeat(6 << 20),
                ),
                None => Reply::status(404),
            },
            "POST" if query.starts_with("uploads") => {
                *begun.lock().unwrap() = request.header("x-amz-meta-pqtoken").unwrap().into();
                let document = "<R><UploadId>17</UploadId></R>";
                Reply::Answer(200, Vec::new(), document.into())
            }
            "PUT" => Reply::object(""),
            "POST" => {
                let is_refused = match (request.header("if-none-match"), &*token) {
                    (Some("*"), existing) => existing.is_some(),
                    _ => request
                        .header("if-match")
                        .is_some_and(|etag| etag != "\"e\""),
                };
                if is_refused {
                    return Reply::status(412);
                }
                *token = Some(begun.lock().unwrap().clone());
                match loses_answer {
                    true => Reply::Silence,
                    false => {
                        let document = "<R><ETag>\"e\"</ETag></R>";
                        Reply::Answer(200, Vec::new(), document.into())
                    }
                }
            }
            _ => Reply::status(204),
        }
    }
}

fn upload(place: &Location, mode: PutMode) -> Result<(), StoreError> {
    let mut upload = block_on(place.store.open_write(&place.path, mode))?;
    block_on(upload.write(&vec![7; 6 << 20]))?;
    block_on(upload.finish()).map(drop)
}

#[test]
fn the_completion_of_an_upload_carries_its_condition() {
    for (existing, loses_answer) in [(None, false), (None, true), (Some("other"), false)] {
        let server = Server::start(multipart(existing, loses_answer));
        let options = options(&server.url)
            .set("part_size", "5MiB")
            .set("conditional_put_bytes", "5MiB");
        let place = options.open("s3://bucket/d/x").unwrap();
        assert_eq!(place.store.largest_conditional_put(), Some(5 << 20));
        match existing {
            None => upload(&place, PutMode::IfAbsent).unwrap(),
            Some(_) => {
                let read = block_on(place.store.read(&place.path, ReadRange::Suffix(0)));
                let version = read.unwrap().version;
                upload(&place, PutMode::IfVersion(version)).unwrap();
                let error = upload(&place, PutMode::IfAbsent).unwrap_err();
                assert!(matches!(error, StoreError::AlreadyExists { .. }), "{error}");
            }
        }
        let lines = server.lines();
        let completions = lines
            .iter()
            .filter(|line| line.contains("POST /bucket/d/x?uploadId"));
        assert!(completions.count() >= 1, "{lines:?}");
    }
}

#[test]
fn a_completion_that_is_refused_removes_the_parts() {
    let server = Server::start(multipart(None, false));
    let options = options(&server.url)
        .set("part_size", "5MiB")
        .set("conditional_put_bytes", "5MiB");
    let place = options.open("s3://bucket/d/x").unwrap();
    let mut late = block_on(place.store.open_write(&place.path, PutMode::IfAbsent)).unwrap();
    block_on(late.write(&vec![7; 6 << 20])).unwrap();
    // Another one is faster.
    upload(&place, PutMode::Always).unwrap();
    let error = block_on(late.finish()).unwrap_err();
    assert!(matches!(error, StoreError::AlreadyExists { .. }), "{error}");
    let start = std::time::Instant::now();
    while !server.lines().iter().any(|line| line.starts_with("DELETE")) {
        assert!(start.elapsed().as_secs() < 10, "{:?}", server.lines());
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

#[test]
fn an_attempt_that_the_client_hides_is_known_all_the_same() {
    // It completes, the answer is lost, another writer is faster than the second attempt.
    let server = Server::start(|request| {
        let (_, query) = request.target.split_once('?').unwrap_or_default();
        match request.method.as_str() {
            "POST" if query.starts_with("uploads") => {
                Reply::Answer(200, Vec::new(), "<R><UploadId>17</UploadId></R>".into())
            }
            "POST" => match COMPLETIONS.fetch_add(1, Ordering::Relaxed) {
                0 => Reply::status(503),
                _ => Reply::status(412),
            },
            "HEAD" if COMPLETIONS.load(Ordering::Relaxed) == 0 => Reply::status(404),
            _ => Reply::object("another"),
        }
    });
    static COMPLETIONS: AtomicUsize = AtomicUsize::new(0);
    let options = options(&server.url).set("conditional_put_bytes", "5MiB");
    let place = options.open("s3://bucket/d/x").unwrap();
    let error = upload(&place, PutMode::IfAbsent).unwrap_err();
    assert_eq!(COMPLETIONS.load(Ordering::Relaxed), 2);
    assert!(matches!(error, StoreError::CommitUnknown { .. }), "{error}");
}

#[test]
fn a_suffix_that_is_surely_all_is_asked_for_without_a_number() {
    let server = Server::start(|request| {
        assert_eq!(request.header("range"), None);
        Reply::Answer(200, vec![("ETag", "\"e\"".into())], "bytes".into())
    });
    let place = open(&server);
    let range = ReadRange::Suffix(u64::MAX);
    let content = block_on(place.store.read(&place.path, range)).unwrap();
    assert_eq!(content.bytes, b"bytes");
}

#[test]
fn a_request_that_takes_too_long_is_said_to() {
    let server = Server::start(|_| {
        std::thread::sleep(std::time::Duration::from_secs(3));
        Reply::status(200)
    });
    let options = options(&server.url)
        .set("timeout", "100ms")
        .set("max_retries", "0");
    let place = options.open("s3://bucket/d/x").unwrap();
    let error = block_on(place.store.read(&place.path, ReadRange::All)).unwrap_err();
    assert!(error.to_string().contains("timed out"), "{error}");
}

#[cfg(feature = "gcs")]
#[test]
fn google_is_asked_by_generation() {
    let server = Server::start(|request| {
        assert_eq!(request.line(), "PUT /bucket/d%2Fx");
        let (condition, answer) = match request.header("x-goog-if-generation-match") {
            Some("0") => ("0", "17"),
            other => (other.unwrap(), "18"),
        };
        assert!(condition == "0" || condition == "17", "{condition}");
        assert_eq!(request.header("x-goog-meta-pqtoken").unwrap().len(), 32);
        let headers = vec![
            ("ETag", "\"e\"".into()),
            ("x-goog-generation", answer.into()),
        ];
        Reply::Answer(200, headers, String::new())
    });
    let options = StoreOptions::new()
        .set("base_url", &server.url)
        .set("allow_http", "true")
        .set("bearer_token", "something")
        .set("conditional_put", "trust");
    let place = options.open("gs://bucket/d/x").unwrap();
    let first = block_on(place.store.put(&place.path, b"1", PutMode::IfAbsent)).unwrap();
    let mode = PutMode::IfVersion(first);
    block_on(place.store.put(&place.path, b"2", mode)).unwrap();
    assert_eq!(server.lines().len(), 2);
}

#[cfg(feature = "azure")]
#[test]
fn azure_is_asked_by_entity_tag() {
    let server = Server::start(|request| {
        assert_eq!(request.line(), "PUT /account/container/d/x");
        match request.header("if-none-match") {
            Some(condition) => assert_eq!(condition, "*"),
            None => assert_eq!(request.header("if-match"), Some("\"0x1\"")),
        }
        assert_eq!(request.header("x-ms-meta-pqtoken").unwrap().len(), 32);
        Reply::Answer(201, vec![("ETag", "\"0x1\"".into())], String::new())
    });
    let options = StoreOptions::new()
        .set("endpoint", format!("{}/account", server.url))
        .set("allow_http", "true")
        .set("account_key", "c29tZXRoaW5n")
        .set("conditional_put", "trust");
    let place = options
        .open("abfss://container@account.dfs.core.windows.net/d/x")
        .unwrap();
    let first = block_on(place.store.put(&place.path, b"1", PutMode::IfAbsent)).unwrap();
    let mode = PutMode::IfVersion(first);
    block_on(place.store.put(&place.path, b"2", mode)).unwrap();
    assert_eq!(
        place.store.describe(&place.path),
        "abfss://container@account.dfs.core.windows.net/d/x"
    );
}
