//! The store over `object_store`'s memory, with what a network does to it.
