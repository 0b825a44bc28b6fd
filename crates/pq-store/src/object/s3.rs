//! Amazon S3, and servers that speak its protocol.

use super::client::{Cloud, Configured, is_true};
use super::inner::LargeWrites;
use super::{Parameters, RemoteStore};
use crate::error::StoreError;
use crate::options::StoreOptions;
use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey as Key, S3ConditionalPut};
use object_store::client::HttpConnector;
use object_store::{ClientConfigKey, Error, RetryConfig};
use std::sync::Arc;

pub(crate) fn open(bucket: &str, options: &StoreOptions) -> Result<RemoteStore, StoreError> {
    let configured = Configured::<S3>::new(options, |builder| {
        builder
            .with_bucket_name(bucket)
            // One request for one object is what every server knows.
            .with_disable_bulk_delete(true)
            .with_conditional_put(S3ConditionalPut::ETagMatch)
    })?;
    let (client, single) = configured.build()?;
    // A copy that the server refuses where something is: Cloudflare has a header for it.
    let copies = S3::get(&configured.builder, Key::CopyIfNotExists);
    let large_writes = match copies.is_some_and(|mode| mode.trim() != "multipart") {
        true => LargeWrites::Copy,
        false => LargeWrites::ConditionalCompletion,
    };
    let is_express = is_true(S3::get(&configured.builder, Key::S3Express));
    Ok(RemoteStore::with(Parameters {
        client: Arc::new(client),
        single: Arc::new(single),
        url: format!("s3://{bucket}"),
        settings: configured.settings,
        secrets: configured.secrets,
        has_generations: false,
        large_writes,
        // Buckets of one zone are another service behind the same protocol.
        is_known: configured.is_usual && !is_express,
    }))
}

struct S3;

impl Cloud for S3 {
    type Key = Key;
    type Builder = AmazonS3Builder;
    type Client = AmazonS3;

    const KEYS: &'static [&'static str] = &[
        "access_key_id",
        "checksum_algorithm",
        "container_authorization_token_file",
        "container_credentials_full_uri",
        "container_credentials_relative_uri",
        "copy_if_not_exists",
        "default_region",
        "disable_bulk_delete",
        "disable_tagging",
        "endpoint",
        "endpoint_url",
        "endpoint_url_sts",
        "imdsv1_fallback",
        "metadata_endpoint",
        "region",
        "request_payer",
        "role_arn",
        "role_session_name",
        "s3_express",
        "secret_access_key",
        "server_side_encryption",
        "session_token",
        "skip_signature",
        "sse_bucket_key_enabled",
        "sse_customer_key_base64",
        "sse_kms_key_id",
        "token",
        "unsigned_payload",
        "virtual_hosted_style_request",
        "web_identity_token_file",
    ];
    const FIXED: &'static [(&'static str, &'static str)] = &[
        ("bucket", IN_URL),
        ("bucket_name", IN_URL),
        ("aws_bucket", IN_URL),
        ("aws_bucket_name", IN_URL),
        ("aws_conditional_put", "is conditional_put in this store"),
    ];
    const HOST_PARTS: &'static [&'static str] = &["region"];
    const SECRETS: &'static [&'static str] = &[
        "access_key_id",
        "secret_access_key",
        "session_token",
        "sse_customer_key_base64",
        "proxy_url",
    ];
    const SMALLEST_PART: u64 = 5 << 20;

    fn from_env() -> AmazonS3Builder {
        AmazonS3Builder::from_env()
    }

    fn set(builder: AmazonS3Builder, key: Key, value: &str) -> AmazonS3Builder {
        builder.with_config(key, value)
    }

    fn get(builder: &AmazonS3Builder, key: Key) -> Option<String> {
        builder.get_config_value(&key)
    }

    fn client_key(key: ClientConfigKey) -> Key {
        Key::Client(key)
    }

    fn endpoint(builder: &AmazonS3Builder) -> Option<(&'static str, String)> {
        let special = Self::get(builder, Key::S3Endpoint);
        let endpoint = special.or_else(|| Self::get(builder, Key::Endpoint));
        Some(("endpoint", endpoint?))
    }

    fn share(builder: AmazonS3Builder, client: &AmazonS3) -> AmazonS3Builder {
        builder.with_credentials(Arc::clone(client.credentials()))
    }

    fn finish(
        builder: AmazonS3Builder,
        connector: impl HttpConnector,
        retry: RetryConfig,
    ) -> AmazonS3Builder {
        builder.with_http_connector(connector).with_retry(retry)
    }

    fn build(builder: AmazonS3Builder) -> Result<AmazonS3, Error> {
        builder.build()
    }
}

const IN_URL: &str = "is given by the URL";
