//! pq-encoding
