//! Google Cloud Storage.

use super::client::{Cloud, Configured};
use super::inner::LargeWrites;
use super::{Parameters, RemoteStore};
use crate::error::StoreError;
use crate::options::StoreOptions;
use object_store::client::HttpConnector;
use object_store::gcp::{GoogleCloudStorage, GoogleCloudStorageBuilder, GoogleConfigKey as Key};
use object_store::{ClientConfigKey, Error, RetryConfig};
use std::sync::Arc;

/// The member of a service account key that moves the service elsewhere.
const ELSEWHERE: &str = "gcs_base_url";

pub(crate) fn open(bucket: &str, options: &StoreOptions) -> Result<RemoteStore, StoreError> {
    let mut configured =
        Configured::<Gcs>::new(options, |builder| builder.with_bucket_name(bucket))?;
    let key = Gcs::get(&configured.builder, Key::ServiceAccountKey);
    if key.is_some_and(|key| key.contains(ELSEWHERE)) {
        configured.is_usual = false;
    } else if configured.is_usual {
        // A file with a key must not lead elsewhere.
        configured.builder = configured
            .builder
            .with_base_url("https://storage.googleapis.com");
    }
    let (client, single) = configured.build()?;
    Ok(RemoteStore::with(Parameters {
        client: Arc::new(client),
        single: Arc::new(single),
        url: format!("gs://{bucket}"),
        settings: configured.settings,
        secrets: configured.secrets,
        has_generations: true,
        large_writes: LargeWrites::Copy,
        is_known: configured.is_usual,
    }))
}

struct Gcs;

impl Cloud for Gcs {
    type Key = Key;
    type Builder = GoogleCloudStorageBuilder;
    type Client = GoogleCloudStorage;

    const KEYS: &'static [&'static str] = &[
        "application_credentials",
        "base_url",
        "bearer_token",
        "google_application_credentials",
        "google_service_account",
        "google_service_account_key",
        "service_account",
        "service_account_key",
        "service_account_path",
        "skip_signature",
    ];
    const FIXED: &'static [(&'static str, &'static str)] = &[
        ("bucket", IN_URL),
        ("bucket_name", IN_URL),
        ("google_bucket", IN_URL),
        ("google_bucket_name", IN_URL),
    ];
    const HOST_PARTS: &'static [&'static str] = &[];
    const SECRETS: &'static [&'static str] = &["service_account_key", "bearer_token", "proxy_url"];
    const SMALLEST_PART: u64 = 5 << 20;

    fn from_env() -> GoogleCloudStorageBuilder {
        let builder = GoogleCloudStorageBuilder::from_env();
        match std::env::var_os("GOOGLE_ALLOW_HTTP") {
            Some(_) => builder,
            // Unlike the other clients, this one allows it unless told otherwise.
            None => builder.with_config(Key::Client(ClientConfigKey::AllowHttp), "false"),
        }
    }

    fn set(builder: GoogleCloudStorageBuilder, key: Key, value: &str) -> GoogleCloudStorageBuilder {
        builder.with_config(key, value)
    }

    fn get(builder: &GoogleCloudStorageBuilder, key: Key) -> Option<String> {
        builder.get_config_value(&key)
    }

    fn client_key(key: ClientConfigKey) -> Key {
        Key::Client(key)
    }

    fn endpoint(builder: &GoogleCloudStorageBuilder) -> Option<(&'static str, String)> {
        Some(("base_url", Self::get(builder, Key::BaseUrl)?))
    }

    fn share(
        builder: GoogleCloudStorageBuilder,
        client: &GoogleCloudStorage,
    ) -> GoogleCloudStorageBuilder {
        builder.with_credentials(Arc::clone(client.credentials()))
    }

    fn finish(
        builder: GoogleCloudStorageBuilder,
        connector: impl HttpConnector,
        retry: RetryConfig,
    ) -> GoogleCloudStorageBuilder {
        builder.with_http_connector(connector).with_retry(retry)
    }

    fn build(builder: GoogleCloudStorageBuilder) -> Result<GoogleCloudStorage, Error> {
        builder.build()
    }
}

const IN_URL: &str = "is given by the URL";
