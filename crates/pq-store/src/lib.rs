//! pq-store
