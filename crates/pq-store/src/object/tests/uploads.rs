//! Uploads that fail, are given up, or have more to send than may be on its way.

use super::faulty::{Fault, Faulty};
use super::{path, read, small, small_options, watched, with};
use crate::error::StoreError;
use crate::progress::Progress;
use crate::store::{PutMode, ReadRange, Store, Upload};
use pollster::block_on;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

fn open(store: &super::RemoteStore, mode: PutMode) -> Box<dyn Upload> {
    block_on(store.open_write(&path("d/x"), mode)).unwrap()
}

fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|n| (n % 251) as u8).collect()
}

#[test]
fn a_few_parts_are_on_their_way_and_no_more() {
    let client = Faulty::new();
    client.delay_parts(Duration::from_millis(10));
    let (options, events) = watched();
    let store = with(&client, options.set("upload_concurrency", "3"));
    let bytes = bytes(500_000);
    let mut upload = open(&store, PutMode::Always);
    for piece in bytes.chunks(7_001) {
        block_on(upload.write(piece)).unwrap();
    }
    block_on(upload.finish()).unwrap();
    assert_eq!(read(&store, "d/x"), bytes);
    assert_eq!(client.parts.most.load(Ordering::SeqCst), 3);

    let events = events.lock().unwrap();
    let mut total = 0;
    for event in events.iter() {
        match event {
            Progress::PartUploaded {
                path,
                bytes,
                total: now,
            } => {
                assert_eq!(path, "s3://bucket/d/x");
                assert!(*bytes <= 16 << 10);
                total += bytes;
                assert_eq!(*now, total);
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(total, bytes.len() as u64);
}

#[test]
fn what_fits_one_request_is_one_request() {
    let client = Faulty::new();
    let store = small(&client);
    for (mode, length) in [(PutMode::Always, 16 << 10), (PutMode::IfAbsent, 64 << 10)] {
        let bytes = bytes(length);
        let mut upload = open(&store, mode);
        block_on(upload.write(&bytes)).unwrap();
        block_on(upload.finish()).unwrap();
        assert_eq!(read(&store, "d/x"), bytes);
        block_on(store.delete(&path("d/x"))).unwrap();
    }
    assert_eq!(client.parts.most.load(Ordering::SeqCst), 0);
}

#[test]
fn a_completion_whose_answer_is_lost_is_looked_up() {
    let client = Faulty::new();
    let store = small(&client);
    let bytes = bytes(200_000);
    let write = |fault| {
        client.plan([fault]);
        let mut upload = open(&store, PutMode::Always);
        block_on(upload.write(&bytes)).unwrap();
        block_on(upload.finish())
    };
    let version = write(Fault::After).unwrap();
    let content = block_on(store.read(&path("d/x"), ReadRange::All)).unwrap();
    assert_eq!(content.version, version);
    assert_eq!(client.aborts.load(Ordering::SeqCst), 0);
    for fault in [Fault::AfterAndReplaced, Fault::Before] {
        let error = write(fault).unwrap_err();
        assert!(matches!(error, StoreError::CommitUnknown { .. }), "{error}");
    }
    wait_for(|| client.aborts.load(Ordering::SeqCst) == 2);
}

#[test]
fn a_staged_upload_whose_copy_is_lost_is_looked_up() {
    for (fault, is_known) in [
        (Fault::After, true),
        (Fault::Before, true),
        (Fault::AfterAndReplaced, false),
    ] {
        let client = Faulty::new();
        let store = small(&client);
        // So that all is probed.
        let mut upload = open(&store, PutMode::IfAbsent);
        block_on(upload.write(&bytes(100_000))).unwrap();
        block_on(upload.finish()).unwrap();
        block_on(store.delete(&path("d/x"))).unwrap();

        let bytes = bytes(200_000);
        // The first is the completion of what is staged.
        client.plan([Fault::None, fault]);
        let mut upload = open(&store, PutMode::IfAbsent);
        block_on(upload.write(&bytes)).unwrap();
        let finished = block_on(upload.finish());
        assert!(client.is_done());
        if is_known {
            finished.unwrap();
            assert_eq!(read(&store, "d/x"), bytes);
            assert_eq!(client.names(), ["d/x"], "{fault:?}");
        } else {
            let error = finished.unwrap_err();
            assert!(matches!(error, StoreError::CommitUnknown { .. }), "{error}");
            // It may be the source of a copy that is still going on.
            let left = block_on(store.leftovers(&path("d"))).unwrap();
            assert_eq!(left.len(), 1);
        }
    }
}

#[test]
fn a_part_that_fails_ends_the_upload_and_what_arrived_is_removed() {
    let client = Faulty::new();
    client.fail_part(2);
    let (options, events) = watched();
    let store = with(&client, options);
    let mut upload = open(&store, PutMode::Always);
    let error = loop {
        match block_on(upload.write(&bytes(10_000))) {
            Ok(()) => {}
            Err(error) => break error,
        }
    };
    assert!(
        error.to_string().contains("cannot upload a part"),
        "{error}"
    );
    assert!(block_on(upload.write(b"more")).is_err());
    assert!(block_on(upload.finish()).is_err());
    wait_for(|| client.aborts.load(Ordering::SeqCst) == 1);
    assert_eq!(client.names(), [""; 0]);
    wait_for(|| {
        let events = events.lock().unwrap();
        matches!(events.last(), Some(Progress::Aborted { .. }))
    });
}

#[test]
fn what_is_given_up_is_removed() {
    let client = Faulty::new();
    let store = small(&client);
    for (round, abort) in [true, false].into_iter().enumerate() {
        let mut upload = open(&store, PutMode::IfAbsent);
        block_on(upload.write(&bytes(200_000))).unwrap();
        if abort {
            block_on(upload.abort()).unwrap();
        } else {
            drop(upload);
        }
        wait_for(|| client.aborts.load(Ordering::SeqCst) == round + 1);
        assert_eq!(client.names(), [""; 0]);
    }
}

#[test]
fn a_write_that_is_not_awaited_breaks_the_upload() {
    let client = Faulty::new();
    client.delay_parts(Duration::from_secs(60));
    let store = small(&client);
    let mut upload = open(&store, PutMode::Always);
    let bytes = bytes(500_000);
    {
        let mut write = upload.write(&bytes);
        let waker = std::task::Waker::noop();
        let start = Instant::now();
        // Until it waits for the parts, which takes a minute.
        while start.elapsed() < Duration::from_millis(300) {
            let mut context = std::task::Context::from_waker(waker);
            assert!(write.as_mut().poll(&mut context).is_pending());
        }
    }
    let error = block_on(upload.finish()).unwrap_err();
    assert!(error.to_string().contains("was not awaited"), "{error}");
}

#[test]
fn the_last_writer_wins_with_large_uploads_too() {
    let client = Faulty::new();
    client.ignore_conditions();
    client.have_no_copies();
    let options = small_options().set("conditional_put", "last_writer_wins");
    let store = with(&client, options);
    let bytes = bytes(200_000);
    let mut late = open(&store, PutMode::IfAbsent);
    block_on(late.write(&bytes)).unwrap();
    let mut upload = open(&store, PutMode::IfAbsent);
    block_on(upload.write(&bytes)).unwrap();
    let version = block_on(upload.finish()).unwrap();
    let error = block_on(late.finish()).unwrap_err();
    assert!(matches!(error, StoreError::AlreadyExists { .. }), "{error}");
    let mut upload = open(&store, PutMode::IfVersion(version));
    block_on(upload.write(&bytes)).unwrap();
    block_on(upload.finish()).unwrap();
}

/// What goes on after its future is gone takes a moment.
fn wait_for(is_true: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_true() {
        assert!(start.elapsed() < Duration::from_secs(10), "it did not come");
        std::thread::sleep(Duration::from_millis(5));
    }
}
