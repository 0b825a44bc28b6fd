//! pq-writer
