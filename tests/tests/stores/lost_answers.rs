//! Requests and answers that a proxy loses. What landed is never reported as failed, and what did
//! not land never as done.

use crate::server::Server;
use crate::write::{Mode, Step, Write};
use pq_interop::proxy::{Fault, Proxy, Rule};
use pq_store::{Content, PutMode, ReadRange, Store, StoreError, StorePath, Version};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

crate::tests! {
    seaweedfs: what_landed_is_done what_did_not_land_is_not_done
        what_was_replaced_since_is_not_refused what_nobody_answers_is_unknown;
    moto: what_landed_is_done what_did_not_land_is_not_done
        what_was_replaced_since_is_not_refused what_nobody_answers_is_unknown;
    azurite: what_landed_is_done what_did_not_land_is_not_done
        what_was_replaced_since_is_not_refused what_nobody_answers_is_unknown;
    gcs: what_landed_is_done what_did_not_land_is_not_done
        what_was_replaced_since_is_not_refused what_nobody_answers_is_unknown;
}

const TIMEOUT: Duration = Duration::from_secs(2);

const FAULTS: [Fault; 6] = [
    Fault::Unavailable,
    Fault::CloseBefore,
    Fault::UnavailableAfter,
    Fault::CloseAfter,
    Fault::Delay(Duration::from_secs(30)),
    Fault::CutBody,
];

/// One write through a proxy.
struct Trial {
    proxy: Proxy,
    through: Arc<dyn Store>,
    direct: Arc<dyn Store>,
    folder: StorePath,
    path: StorePath,
}

impl Trial {
    /// `about` and the write name a folder of their own.
    fn new(server: &Server, about: &str, write: Write, fault: Fault, retries: &str) -> Self {
        let (behind, proxy) = server.behind_proxy();
        let timeout = format!("{}s", TIMEOUT.as_secs());
        let options = behind.options().set("timeout", timeout);
        let through = behind.open_with(options.set("max_retries", retries));
        let name = format!("lost/{about}/{write:?}/{fault:?}");
        let name = name.replace(|c: char| !c.is_ascii_alphanumeric() && c != '/', "-");
        let folder = StorePath::new(&name).unwrap();
        Self {
            proxy,
            through,
            direct: server.open(),
            path: folder.join("object").unwrap(),
            folder,
        }
    }

    /// Puts what the write replaces, if it does; the write's mode.
    async fn prepare(&self, write: Write) -> PutMode {
        let version = match write.mode {
            Mode::Version => Some(self.put_directly("old").await),
            _ => None,
        };
        write.put_mode(version)
    }

    async fn put_directly(&self, text: &str) -> Version {
        let put = self
            .direct
            .put(&self.path, text.as_bytes(), PutMode::Always);
        put.await.unwrap()
    }

    /// A fault for the first such request of the write; true once it has come.
    fn fail(&self, step: Step, fault: Fault) -> Arc<AtomicBool> {
        let has_come = Arc::new(AtomicBool::new(false));
        let coming = Arc::clone(&has_come);
        self.proxy.add(Rule::new(fault, move |request| {
            let is_this = step.is(request, "object");
            coming.fetch_or(is_this, Ordering::SeqCst);
            is_this
        }));
        has_come
    }

    async fn content(&self) -> Option<Content> {
        match self.direct.read(&self.path, ReadRange::All).await {
            Ok(content) => Some(content),
            Err(StoreError::NotFound { .. }) => None,
            Err(error) => panic!("{error}"),
        }
    }

    async fn expect_no_leftovers(&self) {
        let leftovers = self.direct.leftovers(&self.folder).await.unwrap();
        assert_eq!(leftovers, [], "{}", self.folder);
    }
}

fn what_landed_is_done(server: &Server) {
    for write in Write::all(server) {
        for fault in FAULTS {
            let trial = Trial::new(server, "landed", write, fault, "5");
            pollster::block_on(async {
                let mode = trial.prepare(write).await;
                let has_come = trial.fail(write.step, fault);
                let written = write.run(&*trial.through, &trial.path, mode).await;
                let what = format!("{write:?}, {fault:?}");
                assert!(has_come.load(Ordering::SeqCst), "{what}: no such request");
                let version = written.unwrap_or_else(|error| panic!("{what}: {error}"));
                let content = trial.content().await.unwrap();
                assert!(content.bytes == write.bytes(), "{what}: other bytes");
                assert_eq!(content.version, version, "{what}");
                let next = PutMode::IfVersion(version);
                let next = trial.direct.put(&trial.path, b"next", next).await;
                next.unwrap_or_else(|error| panic!("{what}: {error}"));
                trial.expect_no_leftovers().await;
            });
        }
    }
}

/// Another writer was faster: its object stays, and the answer is lost that says so.
fn what_did_not_land_is_not_done(server: &Server) {
    let writes = Write::all(server).into_iter();
    for write in writes.filter(|write| write.mode != Mode::Always) {
        for fault in FAULTS {
            let trial = Trial::new(server, "not-landed", write, fault, "5");
            pollster::block_on(async {
                let mode = trial.prepare(write).await;
                let what = format!("{write:?}, {fault:?}");
                // Uploads look when they are opened: the other one comes after that.
                let written = if write.is_large {
                    let opened = trial.through.open_write(&trial.path, mode).await;
                    let mut upload = opened.unwrap();
                    upload.write(&write.bytes()).await.unwrap();
                    trial.put_directly("another").await;
                    trial.fail(write.step, fault);
                    upload.finish().await
                } else {
                    trial.put_directly("another").await;
                    trial.fail(write.step, fault);
                    trial.through.put(&trial.path, &write.bytes(), mode).await
                };
                let is_good = match &written {
                    Err(StoreError::CommitUnknown { .. }) => true,
                    Err(StoreError::AlreadyExists { .. }) => write.mode == Mode::Absent,
                    Err(StoreError::Conflict { .. }) => write.mode == Mode::Version,
                    // Half an answer says that nothing was written, but not why.
                    Err(StoreError::Io { .. }) => fault == Fault::CutBody,
                    _ => false,
                };
                assert!(is_good, "{what}: {written:?}");
                let log = trial.proxy.log();
                let failed = log.iter().filter(|exchange| exchange.fault == fault);
                assert_eq!(failed.count(), 1, "{what}");
                let content = trial.content().await.unwrap();
                assert_eq!(content.bytes, b"another", "{what}");
            });
        }
    }
}

/// The write landed, the answer is lost, and another writer replaces the object before it is
/// looked up.
fn what_was_replaced_since_is_not_refused(server: &Server) {
    let writes = Write::all(server).into_iter();
    for write in writes.filter(|write| write.lands(server)) {
        for fault in [Fault::UnavailableAfter, Fault::CloseAfter] {
            let trial = Trial::new(server, "replaced", write, fault, "5");
            let mode = pollster::block_on(trial.prepare(write));
            let has_come = trial.fail(write.step, fault);
            let (direct, path) = (Arc::clone(&trial.direct), trial.path.clone());
            let is_replaced = AtomicBool::new(false);
            let replace = move |_: &_| {
                let is_next = has_come.load(Ordering::SeqCst);
                if is_next && !is_replaced.swap(true, Ordering::SeqCst) {
                    let put = direct.put(&path, b"another", PutMode::Always);
                    pollster::block_on(put).unwrap();
                }
                false
            };
            trial.proxy.add(Rule::new(Fault::Pass, replace));
            pollster::block_on(async {
                let written = write.run(&*trial.through, &trial.path, mode).await;
                let what = format!("{write:?}, {fault:?}");
                // An overwrite may be done once more, whatever came in between.
                let is_good = match &written {
                    Err(StoreError::CommitUnknown { .. }) => true,
                    Ok(_) => write.mode == Mode::Always,
                    Err(_) => false,
                };
                assert!(is_good, "{what}: {written:?}");
                let content = trial.content().await.unwrap();
                let expected = match written {
                    Ok(_) => write.bytes(),
                    Err(_) => b"another".to_vec(),
                };
                assert!(content.bytes == expected, "{what}: other bytes");
            });
        }
    }
}

/// From the fault on, nothing gets through any more.
fn what_nobody_answers_is_unknown(server: &Server) {
    let writes = Write::all(server).into_iter();
    for write in writes.filter(|write| write.lands(server)) {
        for fault in FAULTS.into_iter().filter(|fault| *fault != Fault::CutBody) {
            let trial = Trial::new(server, "unanswered", write, fault, "1");
            pollster::block_on(async {
                let mode = trial.prepare(write).await;
                let has_come = trial.fail(write.step, fault);
                let gone = move |_: &_| has_come.load(Ordering::SeqCst);
                trial
                    .proxy
                    .add(Rule::new(Fault::CloseBefore, gone).times(usize::MAX));
                let written = write.run(&*trial.through, &trial.path, mode).await;
                let what = format!("{write:?}, {fault:?}");
                let is_unknown = matches!(written, Err(StoreError::CommitUnknown { .. }));
                assert!(is_unknown, "{what}: {written:?}");
                let content = trial.content().await.map(|content| content.bytes);
                let expected = match (fault.forwards(), write.mode) {
                    (true, _) => Some(write.bytes()),
                    (false, Mode::Version) => Some(b"old".to_vec()),
                    (false, _) => None,
                };
                assert!(content == expected, "{what}: other bytes");
            });
        }
    }
}
