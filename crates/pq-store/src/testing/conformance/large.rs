//! Objects that are too large for one conditional request.

use super::{Room, good, pattern, refused};
use crate::{PutMode, Store, StoreError, Version};

/// Beyond [`Store::largest_conditional_put`], an upload under a condition does what its mode
/// says, or is refused as unsupported and changes nothing. Stores without a limit pass.
///
/// # Panics
///
/// With what the store did instead.
pub async fn large(store: &dyn Store) {
    let Some(limit) = store.largest_conditional_put() else {
        return;
    };
    let room = Room::new(store, "large").await;
    let Ok(limit) = usize::try_from(limit) else {
        return;
    };
    let bytes = pattern(limit + limit / 2 + 1);

    match upload(&room, &bytes, PutMode::IfAbsent).await {
        Ok(_) => {
            room.expect("d/x", &bytes).await;
            let late = upload(&room, &bytes, PutMode::IfAbsent).await;
            refused!(
                late,
                AlreadyExists,
                "large upload if absent of what is there"
            );
        }
        Err(StoreError::Unsupported { .. }) => {
            assert_eq!(room.list().await, [], "a refused upload is listed");
        }
        Err(error) => panic!("large upload if absent: {error}"),
    }

    let version = room.put("d/x", b"old", PutMode::Always).await;
    let mode = PutMode::IfVersion(version);
    match upload(&room, &bytes, mode.clone()).await {
        Ok(version) => {
            room.expect("d/x", &bytes).await;
            let read = room.read("d/x").await.version;
            assert_eq!(read, version, "finish and read differ in the version");
            let late = upload(&room, &bytes, mode).await;
            refused!(late, Conflict, "large upload of a replaced version");
        }
        Err(StoreError::Unsupported { .. }) => room.expect("d/x", b"old").await,
        Err(error) => panic!("large upload if version: {error}"),
    }

    let always = upload(&room, &bytes, PutMode::Always).await;
    let version = good(always, "large upload");
    room.expect("d/x", &bytes).await;
    let read = room.read("d/x").await.version;
    assert_eq!(read, version, "finish and read differ in the version");
    room.put("whole", &bytes, PutMode::Always).await;
    room.expect("whole", &bytes).await;

    races(&room, &bytes).await;
    room.empty().await;
}

/// What takes the place of an upload while it is under way stays.
async fn races(room: &Room<'_>, bytes: &[u8]) {
    let path = room.path("raced");
    let opened = room.store.open_write(&path, PutMode::IfAbsent);
    let mut upload = good(opened.await, "open_write");
    if let Err(error) = upload.write(bytes).await {
        assert!(matches!(error, StoreError::Unsupported { .. }), "{error}");
        return;
    }
    room.put("raced", b"faster", PutMode::IfAbsent).await;
    let late = upload.finish().await;
    refused!(late, AlreadyExists, "large upload to where something came");
    room.expect("raced", b"faster").await;
}

async fn upload(room: &Room<'_>, bytes: &[u8], mode: PutMode) -> Result<Version, StoreError> {
    let mut upload = room.store.open_write(&room.path("d/x"), mode).await?;
    for piece in bytes.chunks(1_000_003) {
        upload.write(piece).await?;
    }
    upload.finish().await
}
