//! Two writers at once, in every order that their operations can come in, as far as the orders
//! differ: operations that no other minds come with the one before. Only compactions, which have
//! many operations, are interrupted [`INTERRUPTIONS`] times at most.

mod common;

use common::{bytes, files, footer, layout, options, path, schema, visible, write};
use pq_dataset::{
    CompactOptions, Dataset, DatasetError, DatasetWriter, Existing, Scheme, Selection,
};
use pq_store::{
    BoxFuture, Content, Entry, Leftover, MemoryStore, PutMode, ReadRange, Store, StoreError,
    StorePath, Upload, Version,
};
use pq_writer::{Batch, Column, Values};
use std::collections::BTreeSet;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

/// How often the store turns to the other writer while the first could go on. Each conflict that
/// two writers can have needs two: one to come between, and one to go back.
const INTERRUPTIONS: usize = 3;

/// A store of which each operation happens at the second poll: whoever polls says when.
#[derive(Debug)]
struct Stepped(MemoryStore);

/// Pending once.
async fn turn() {
    let mut is_due = false;
    std::future::poll_fn(|_| {
        if std::mem::replace(&mut is_due, true) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}

macro_rules! stepped {
    ($($name:ident($($arg:ident: $type:ty),*) -> $result:ty;)*) => {
        $(fn $name<'a>(&'a self, $($arg: $type),*) -> BoxFuture<'a, Result<$result, StoreError>> {
            Box::pin(async move {
                turn().await;
                self.0.$name($($arg),*).await
            })
        })*
    };
}

impl Store for Stepped {
    stepped! {
        read(path: &'a StorePath, range: ReadRange) -> Content;
        put_unsynced(path: &'a StorePath, bytes: &'a [u8], mode: PutMode) -> Version;
        sync() -> ();
        open_write(path: &'a StorePath, mode: PutMode) -> Box<dyn Upload>;
        list(prefix: &'a StorePath) -> Vec<Entry>;
        delete(path: &'a StorePath) -> ();
        leftovers(prefix: &'a StorePath) -> Vec<Leftover>;
    }

    fn put<'a>(
        &'a self,
        path: &'a StorePath,
        bytes: &'a [u8],
        mode: PutMode,
    ) -> BoxFuture<'a, Result<Version, StoreError>> {
        Box::pin(async move {
            // Nobody reads `_common_metadata` here.
            if mode != PutMode::Always {
                turn().await;
            }
            self.0.put(path, bytes, mode).await
        })
    }

    fn remove_directory<'a>(
        &'a self,
        path: &'a StorePath,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        self.0.remove_directory(path)
    }

    fn make_directories<'a>(
        &'a self,
        path: &'a StorePath,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        self.0.make_directories(path)
    }

    fn describe(&self, path: &StorePath) -> String {
        self.0.describe(path)
    }
}

/// What a writer does.
#[derive(Debug, Clone, Copy)]
enum Action {
    Write(Existing, i64),
    /// Of the partition of this `k`.
    Remove(i64),
    Compact,
}

impl Action {
    async fn run(self, store: &dyn Store, scheme: Scheme) -> Result<(), DatasetError> {
        match self {
            Self::Write(existing, value) => {
                let options = options(existing);
                let root = path("data");
                let mut writer =
                    DatasetWriter::open(store, root, schema(), layout(scheme), options).await?;
                let (k, x) = ([(value % 3) as i32], [value]);
                let batch = Batch::new(vec![
                    Column::new("k", Values::Int32(&k)),
                    Column::new("x", Values::Int64(&x)),
                ]);
                writer.write_row_group(&[batch]).await?;
                writer.commit().await?;
            }
            Self::Remove(k) => {
                let dataset = Dataset::open(store, path("data")).await?;
                let partition = Selection::Partition(vec![("k".to_owned(), Some(k.to_string()))]);
                dataset.remove(&partition)?.execute(store).await?;
            }
            Self::Compact => {
                let dataset = Dataset::open(store, path("data")).await?;
                let plan = dataset.compact(store, &CompactOptions::default()).await?;
                plan.execute(store).await?;
            }
        }
        Ok(())
    }

    /// The rows after it, of these before.
    fn applied(self, rows: Option<&[i64]>) -> Option<Vec<i64>> {
        let mut after = rows.unwrap_or_default().to_vec();
        match (self, rows) {
            (Self::Write(Existing::Fail, value), None) => after.push(value),
            (Self::Write(Existing::Append, value), Some(_)) => after.push(value),
            (Self::Write(Existing::Overwrite, value), _) => after = vec![value],
            (Self::Write(Existing::OverwritePartitions, value), Some(_)) => {
                after.retain(|row| row % 3 != value % 3);
                after.push(value);
            }
            // What another has removed is removed.
            (Self::Remove(k), Some(_)) => after.retain(|row| row % 3 != k),
            (Self::Compact, Some(_)) => {}
            _ => return None,
        }
        after.sort_unstable();
        Some(after)
    }
}

/// Runs both in an order, and writes into `choices` where the other writer could have had its
/// turn: `true` where it had it.
fn run(
    store: &Stepped,
    scheme: Scheme,
    actions: [Action; 2],
    most: usize,
    choices: &mut Vec<bool>,
) -> [Result<(), DatasetError>; 2] {
    let mut futures: Vec<_> = actions
        .iter()
        .map(|action| Some(Box::pin(action.run(store, scheme))))
        .collect();
    let mut results = [const { None }; 2];
    let mut context = Context::from_waker(Waker::noop());
    let (mut at, mut step, mut interruptions) = (0, 0, 0);
    while futures.iter().any(Option::is_some) {
        if futures[at].is_none() {
            at = 1 - at;
        } else if futures[1 - at].is_some() && interruptions < most {
            if step == choices.len() {
                choices.push(false);
            }
            if choices[step] {
                interruptions += 1;
                at = 1 - at;
            }
            step += 1;
        }
        let future: Pin<&mut _> = futures[at].as_mut().unwrap().as_mut();
        if let Poll::Ready(result) = future.poll(&mut context) {
            results[at] = Some(result);
            futures[at] = None;
        }
    }
    results.map(Option::unwrap)
}

/// Every order of both; how many there were.
fn every_order(scheme: Scheme, before: Option<&[i64]>, actions: [Action; 2]) -> usize {
    orders_of(usize::MAX, scheme, before, actions)
}

/// Every order with so many interruptions at most.
fn orders_of(most: usize, scheme: Scheme, before: Option<&[i64]>, actions: [Action; 2]) -> usize {
    let mut choices = Vec::new();
    for orders in 1.. {
        let memory = MemoryStore::default();
        if let Some(before) = before {
            for value in before {
                let existing = match files(&memory).is_empty() {
                    true => Existing::Fail,
                    false => Existing::Append,
                };
                write(&memory, scheme, existing, &[*value]).unwrap();
            }
        }
        let results = run(
            &Stepped(memory.clone()),
            scheme,
            actions,
            most,
            &mut choices,
        );
        let context = format!("{scheme} {actions:?} {results:?} {choices:?}");
        check(&memory, scheme, before, actions, &results, &context);
        // The next in the order of a tree.
        while choices.pop_if(|turned| *turned).is_some() {}
        match choices.last_mut() {
            Some(last) => *last = true,
            None => return orders,
        }
    }
    unreachable!()
}

/// The rows are those of one after the other, of those that say they got in; and at least one did.
fn check(
    memory: &MemoryStore,
    scheme: Scheme,
    before: Option<&[i64]>,
    actions: [Action; 2],
    results: &[Result<(), DatasetError>; 2],
    context: &str,
) {
    let visible = visible(memory, scheme);
    let serial = |order: &[usize]| {
        let mut rows = before.map(<[i64]>::to_vec);
        for at in order {
            rows = Some(actions[*at].applied(rows.as_deref())?);
        }
        rows
    };
    let orders: &[&[usize]] = match results {
        [Ok(()), Ok(())] => &[&[0, 1], &[1, 0]],
        [Ok(()), Err(_)] => &[&[0]],
        [Err(_), Ok(())] => &[&[1]],
        [Err(_), Err(_)] => panic!("nobody got in: {context}"),
    };
    let fits = orders
        .iter()
        .any(|order| serial(order).as_ref() == Some(&visible));
    assert!(fits, "{visible:?} {context}");
    for error in results.iter().filter_map(|result| result.as_ref().err()) {
        let is_known = matches!(
            error,
            DatasetError::Conflict { .. }
                | DatasetError::TargetExists { .. }
                | DatasetError::NotFound { .. }
                | DatasetError::NotADataset { .. }
                | DatasetError::Selection { .. }
                // A file of a `_metadata` that is not there any more.
                | DatasetError::Store(StoreError::NotFound { .. })
        );
        assert!(is_known, "{error:?} {context}");
    }
    // Parts of those that lost are gone; what is named is there (`visible` has read it).
    let parts = files(memory).len().saturating_sub(2);
    let metadata = footer(&bytes(memory, "data/_metadata"));
    let groups = metadata.row_groups.iter();
    let named: BTreeSet<_> = groups
        .map(|group| group.columns[0].file_path.clone())
        .collect();
    assert_eq!(parts, named.len(), "{:?} {context}", files(memory));
}

#[test]
fn appends() {
    for scheme in [Scheme::Flat, Scheme::Hive] {
        let append = |value| Action::Write(Existing::Append, value);
        let orders = every_order(scheme, Some(&[0]), [append(3), append(6)]);
        assert!(orders > 1_000, "{orders}");
    }
}

#[test]
fn creations() {
    let create = |value| Action::Write(Existing::Fail, value);
    let orders = every_order(Scheme::Flat, None, [create(3), create(6)]);
    assert!(orders > 40, "{orders}");
}

#[test]
fn overwrites_of_partitions() {
    let overwrite = |value| Action::Write(Existing::OverwritePartitions, value);
    let append = |value| Action::Write(Existing::Append, value);
    for (one, two) in [
        (overwrite(3), overwrite(6)),
        (overwrite(3), overwrite(4)),
        (overwrite(3), append(6)),
        (overwrite(3), Action::Remove(0)),
    ] {
        every_order(Scheme::Hive, Some(&[0, 1]), [one, two]);
    }
}

#[test]
fn removals_and_overwrites_of_all() {
    let append = |value| Action::Write(Existing::Append, value);
    let overwrite = |value| Action::Write(Existing::Overwrite, value);
    for (one, two) in [
        (Action::Remove(0), append(3)),
        (Action::Remove(0), Action::Remove(1)),
        (Action::Remove(0), Action::Remove(0)),
        (overwrite(3), append(6)),
        (overwrite(3), overwrite(6)),
    ] {
        every_order(Scheme::Hive, Some(&[0, 1]), [one, two]);
    }
}

/// A compaction has many operations: fewer interruptions are as many orders.
#[test]
fn compactions() {
    let append = |value| Action::Write(Existing::Append, value);
    let overwrite = |value| Action::Write(Existing::Overwrite, value);
    for other in [append(6), overwrite(6), Action::Compact] {
        let orders = orders_of(
            INTERRUPTIONS,
            Scheme::Flat,
            Some(&[0, 3]),
            [Action::Compact, other],
        );
        assert!(orders > 200, "{orders}");
    }
    orders_of(
        INTERRUPTIONS,
        Scheme::Hive,
        Some(&[0, 1, 3]),
        [Action::Compact, Action::Remove(0)],
    );
}
