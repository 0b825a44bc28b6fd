//! pq-arrow
