//! How files and columns are encrypted (Encryption.md). This crate reads and
//! writes these structs; it encrypts nothing.

use crate::define::idl::*;
use crate::define::{structs, unions};

structs! {
    /// The column has the footer's key.
    struct EncryptionWithFooterKey {}

    /// The column has a key of its own.
    struct EncryptionWithColumnKey {
        /// Names from below the root to the leaf.
        1: required string_list path_in_schema;
        /// What names the key.
        2: optional binary key_metadata;
    }

    /// AES in GCM mode for all modules.
    struct AesGcmV1 {
        /// First part of the additional authenticated data.
        1: optional binary aad_prefix;
        /// The file's own part of the additional authenticated data.
        2: optional binary aad_file_unique;
        /// Whether readers must bring the prefix.
        3: optional bool supply_aad_prefix;
    }

    /// AES in CTR mode for pages, GCM for all other modules.
    struct AesGcmCtrV1 {
        /// First part of the additional authenticated data.
        1: optional binary aad_prefix;
        /// The file's own part of the additional authenticated data.
        2: optional binary aad_file_unique;
        /// Whether readers must bring the prefix.
        3: optional bool supply_aad_prefix;
    }

    /// What stands before an encrypted footer.
    struct FileCryptoMetaData {
        /// How the file is encrypted.
        1: required EncryptionAlgorithm encryption_algorithm;
        /// What names the footer's key.
        2: optional binary key_metadata;
    }
}

unions! {
    /// Which key a column has.
    union ColumnCryptoMetaData {
        /// The footer's.
        1: EncryptionWithFooterKey ENCRYPTION_WITH_FOOTER_KEY as EncryptionWithFooterKey;
        /// Its own.
        2: EncryptionWithColumnKey ENCRYPTION_WITH_COLUMN_KEY as EncryptionWithColumnKey;
    }

    /// How a file is encrypted.
    union EncryptionAlgorithm {
        /// AES in GCM mode for all modules.
        1: AesGcmV1 AES_GCM_V1 as AesGcmV1;
        /// AES in CTR mode for pages, GCM for all other modules.
        2: AesGcmCtrV1 AES_GCM_CTR_V1 as AesGcmCtrV1;
    }
}
