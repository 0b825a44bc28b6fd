//! The header of Bloom filters (BloomFilter.md).

use crate::define::{structs, unions};

structs! {
    /// Blocks of 256 bits, one bit in each of eight words.
    struct SplitBlockAlgorithm {}

    /// xxHash of 64 bits with seed 0.
    struct XxHash {}

    /// No compression.
    struct Uncompressed {}

    /// What stands before a Bloom filter's bits.
    struct BloomFilterHeader {
        /// Bytes of the bits.
        1: required i32 num_bytes;
        /// How bits are set.
        2: required BloomFilterAlgorithm algorithm;
        /// How values are hashed.
        3: required BloomFilterHash hash;
        /// How the bits are compressed.
        4: required BloomFilterCompression compression;
    }
}

unions! {
    /// How bits are set.
    union BloomFilterAlgorithm {
        /// Blocks of 256 bits, one bit in each of eight words.
        1: SplitBlockAlgorithm BLOCK as Block;
    }

    /// How values are hashed.
    union BloomFilterHash {
        /// xxHash of 64 bits with seed 0.
        1: XxHash XXHASH as XxHash;
    }

    /// How the bits are compressed.
    union BloomFilterCompression {
        /// Not at all.
        1: Uncompressed UNCOMPRESSED as Uncompressed;
    }
}
