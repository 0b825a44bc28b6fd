//! pq-dataset
