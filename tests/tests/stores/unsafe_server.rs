//! A server that takes conditions and overwrites all the same.

use crate::server::{PART, Server};
use crate::write;
use pq_store::{PutMode, ReadRange, StoreError, StorePath};

crate::tests! {
    rclone: overwrites_nothing last_writer_wins_if_asked_for;
}

fn overwrites_nothing(server: &Server) {
    pollster::block_on(async {
        let store = server.open();
        let folder = StorePath::new("unsafe").unwrap();
        let path = folder.join("x").unwrap();
        let version = store.put(&path, b"kept", PutMode::Always).await.unwrap();
        let again = store.put(&path, b"lost", PutMode::IfAbsent).await;
        assert!(matches!(again, Err(StoreError::Unsafe { .. })), "{again:?}");
        let new = folder.join("new").unwrap();
        for (path, mode) in [
            (&new, PutMode::IfAbsent),
            (&path, PutMode::IfVersion(version)),
        ] {
            for length in [5, PART + 1] {
                let bytes = write::bytes(length);
                let put = store.put(path, &bytes, mode.clone()).await;
                assert!(matches!(put, Err(StoreError::Unsafe { .. })), "{put:?}");
                let uploaded = write::upload(&*store, path, mode.clone(), &bytes).await;
                let is_refused = matches!(uploaded, Err(StoreError::Unsafe { .. }));
                assert!(is_refused, "{uploaded:?}");
            }
        }
        let content = store.read(&path, ReadRange::All).await.unwrap();
        assert_eq!(content.bytes, b"kept");
        assert_eq!(store.list(&folder).await.unwrap().len(), 1);
        assert_eq!(store.leftovers(&folder).await.unwrap(), []);
    });
}

fn last_writer_wins_if_asked_for(server: &Server) {
    pollster::block_on(async {
        let options = server.options().set("conditional_put", "last_writer_wins");
        let store = server.open_with(options);
        let path = StorePath::new("last-writer-wins/x").unwrap();
        let version = store.put(&path, b"one", PutMode::IfAbsent).await.unwrap();
        let again = store.put(&path, b"two", PutMode::IfAbsent).await;
        let is_refused = matches!(again, Err(StoreError::AlreadyExists { .. }));
        assert!(is_refused, "{again:?}");
        let mode = PutMode::IfVersion(version);
        store.put(&path, b"two", mode.clone()).await.unwrap();
        let late = store.put(&path, b"three", mode).await;
        assert!(matches!(late, Err(StoreError::Conflict { .. })), "{late:?}");
        let content = store.read(&path, ReadRange::All).await.unwrap();
        assert_eq!(content.bytes, b"two");
    });
}
