//! pq-format
