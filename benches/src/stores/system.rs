//! The contestants.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    /// `Store::open_write` of an object store, as it is by default.
    PqUpload,
    /// `WriteMultipart`, with the part size and the concurrency of pq.
    ObjectStore,
    /// `WriteMultipart` as it is by default: nothing waits for parts that are on their way.
    ObjectStoreDefaults,
    /// `Store::open_write` of the local disk.
    PqLocal,
    /// `dd conv=fsync`, of GNU.
    Dd,
}

impl System {
    pub const ALL: [Self; 5] = [
        Self::PqUpload,
        Self::ObjectStore,
        Self::ObjectStoreDefaults,
        Self::PqLocal,
        Self::Dd,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::PqUpload => "pq",
            Self::ObjectStore => "object_store",
            Self::ObjectStoreDefaults => "object_store, defaults",
            Self::PqLocal => "pq, local",
            Self::Dd => "dd",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|system| system.name() == name)
    }
}
