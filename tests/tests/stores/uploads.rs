//! Objects of several parts, and what is left of those that are given up.

use crate::server::{PART, Server};
use crate::write;
use pq_interop::proxy::{Fault, Rule};
use pq_store::{Progress, PutMode, ReadRange, Store, StoreError, StorePath, Upload};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

crate::tests! {
    seaweedfs: several_parts_are_one_object given_up_uploads_leave_nothing;
    moto: several_parts_are_one_object given_up_uploads_leave_nothing large_versions_are_refused;
    azurite: several_parts_are_one_object given_up_uploads_leave_nothing large_versions_are_refused;
    gcs: several_parts_are_one_object given_up_uploads_leave_nothing large_versions_are_refused;
}

fn several_parts_are_one_object(server: &Server) {
    let arrived = Arc::new(Mutex::new(Vec::new()));
    let telling = Arc::clone(&arrived);
    let options = server.options().on_progress(move |event| {
        if let Progress::PartUploaded { bytes, total, .. } = event {
            telling.lock().unwrap().push((*bytes, *total));
        }
    });
    let store = server.open_with(options);
    let path = StorePath::new("several-parts/x").unwrap();
    let bytes = write::bytes(3 * PART + 1);
    pollster::block_on(async {
        let uploaded = write::upload(&*store, &path, PutMode::Always, &bytes).await;
        let content = store.read(&path, ReadRange::All).await.unwrap();
        assert!(content.bytes == bytes, "other bytes are there");
        assert_eq!(content.version, uploaded.unwrap());
        let end = store.read(&path, ReadRange::Suffix(2)).await.unwrap();
        assert_eq!(end.bytes, bytes[bytes.len() - 2..]);
    });
    let arrived = arrived.lock().unwrap();
    let mut parts: Vec<u64> = arrived.iter().map(|(bytes, _)| *bytes).collect();
    parts.sort_unstable();
    let part = PART as u64;
    assert_eq!(parts, [1, part, part, part]);
    assert_eq!(arrived.last().unwrap().1, bytes.len() as u64);
}

fn given_up_uploads_leave_nothing(server: &Server) {
    let (behind, proxy) = server.behind_proxy();
    let store = behind.open_with(behind.options().set("max_retries", "0"));
    let direct = server.open();
    for way in ["abort", "drop", "failed part"] {
        let folder = StorePath::new(&format!("given-up/{}", way.replace(' ', "-"))).unwrap();
        let path = folder.join("x").unwrap();
        for mode in [PutMode::Always, PutMode::IfAbsent] {
            let mut upload = begin(server, &*store, &folder, &path, mode);
            match way {
                "abort" => pollster::block_on(upload.abort()).unwrap(),
                "drop" => drop(upload),
                _ => {
                    let fails = Rule::new(Fault::CloseBefore, |request| {
                        write::Step::Part.is(request, "")
                    });
                    proxy.add(fails.times(usize::MAX));
                    let written = pollster::block_on(async {
                        upload.write(&write::bytes(PART)).await?;
                        upload.finish().await
                    });
                    assert!(written.is_err(), "a part is lost, and all is well");
                    proxy.reset();
                }
            }
            wait_until_gone(server, &folder);
            pollster::block_on(async {
                assert_eq!(direct.list(&folder).await.unwrap(), [], "{way}");
                assert_eq!(direct.leftovers(&folder).await.unwrap(), [], "{way}");
            });
        }
    }
}

/// Where an upload cannot be completed under the condition of a version, or is completed whatever is
/// there, nothing is replaced.
fn large_versions_are_refused(server: &Server) {
    assert!(!server.heeds_large_versions());
    let store = server.open();
    let folder = StorePath::new("large-versions").unwrap();
    let path = folder.join("x").unwrap();
    pollster::block_on(async {
        let version = store.put(&path, b"kept", PutMode::Always).await.unwrap();
        let mode = PutMode::IfVersion(version);
        let replaced = write::upload(&*store, &path, mode, &write::bytes(PART + 1)).await;
        let is_refused = matches!(replaced, Err(StoreError::Unsupported { .. }));
        assert!(is_refused, "{replaced:?}");
        let content = store.read(&path, ReadRange::All).await.unwrap();
        assert_eq!(content.bytes, b"kept");
        assert_eq!(store.list(&folder).await.unwrap().len(), 1);
        assert_eq!(store.leftovers(&folder).await.unwrap(), []);
    });
}

/// An upload of which a part is on its way, as the server says, too.
fn begin(
    server: &Server,
    store: &dyn Store,
    folder: &StorePath,
    path: &StorePath,
    mode: PutMode,
) -> Box<dyn Upload> {
    let upload = pollster::block_on(async {
        let mut upload = store.open_write(path, mode).await.unwrap();
        upload.write(&write::bytes(PART + 1)).await.unwrap();
        upload
    });
    if !server.is_azure() {
        let unfinished = unfinished(server, folder);
        assert_eq!(unfinished.len(), 1, "not begun: {unfinished:?}");
    }
    upload
}

fn unfinished(server: &Server, folder: &StorePath) -> Vec<String> {
    let mut keys = server.unfinished_uploads();
    keys.retain(|key| key.starts_with(&format!("{folder}/")));
    keys
}

/// Azure lists no uploads: blocks belong to a name, and go after a week.
fn wait_until_gone(server: &Server, folder: &StorePath) {
    let end = Instant::now() + Duration::from_secs(20);
    while !server.is_azure() {
        let unfinished = unfinished(server, folder);
        if unfinished.is_empty() {
            return;
        }
        assert!(Instant::now() < end, "parts stay: {unfinished:?}");
        thread::sleep(Duration::from_millis(100));
    }
}
