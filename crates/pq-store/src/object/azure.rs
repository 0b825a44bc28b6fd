//! Azure Blob Storage.

use super::client::{Cloud, Configured, is_true};
use super::inner::LargeWrites;
use super::{Parameters, RemoteStore};
use crate::error::StoreError;
use crate::options::{self, StoreOptions};
use object_store::azure::{AzureConfigKey as Key, MicrosoftAzure, MicrosoftAzureBuilder};
use object_store::client::HttpConnector;
use object_store::{ClientConfigKey, Error, RetryConfig};
use std::sync::Arc;

/// `account` is what the URL says of it.
pub(crate) fn open(
    scheme: &str,
    container: &str,
    account: Option<&str>,
    options: &StoreOptions,
) -> Result<RemoteStore, StoreError> {
    let mut configured =
        Configured::<Azure>::new(options, |builder| builder.with_container_name(container))?;
    if let Some(account) = account {
        let given = Azure::get(&configured.builder, Key::AccountName);
        if options_name_account(options) && given.is_some_and(|given| given != account) {
            return Err(options::invalid(
                "account_name",
                "the URL names another one",
            ));
        }
        configured.builder = configured.builder.with_account(account);
    }
    let is_emulator = Azure::is_emulator(&configured.builder);
    if !is_emulator && Azure::get(&configured.builder, Key::AccountName).is_none() {
        return Err(options::invalid("account_name", "is needed"));
    }
    let (client, single) = configured.build()?;
    let url = match account {
        Some(account) => format!("{scheme}://{container}@{account}.dfs.core.windows.net"),
        None => format!("{scheme}://{container}"),
    };
    Ok(RemoteStore::with(Parameters {
        client: Arc::new(client),
        single: Arc::new(single),
        url,
        settings: configured.settings,
        secrets: configured.secrets,
        has_generations: false,
        large_writes: LargeWrites::Copy,
        is_known: configured.is_usual && !is_emulator,
    }))
}

fn options_name_account(options: &StoreOptions) -> bool {
    options
        .pairs()
        .any(|(key, _)| key.ends_with("account_name"))
}

struct Azure;

impl Azure {
    fn is_emulator(builder: &MicrosoftAzureBuilder) -> bool {
        is_true(Self::get(builder, Key::UseEmulator))
    }
}

impl Cloud for Azure {
    type Key = Key;
    type Builder = MicrosoftAzureBuilder;
    type Client = MicrosoftAzure;

    const KEYS: &'static [&'static str] = &[
        "access_key",
        "account_key",
        "account_name",
        "authority_host",
        "azure_storage_account_key",
        "azure_storage_account_name",
        "azure_storage_sas_token",
        "bearer_token",
        "client_id",
        "client_secret",
        "credential_type",
        "disable_tagging",
        "encryption_key",
        "endpoint",
        "federated_token_file",
        "identity_endpoint",
        "msi_endpoint",
        "msi_resource_id",
        "object_id",
        "sas_key",
        "sas_token",
        "skip_signature",
        "tenant_id",
        "token",
        "use_azure_cli",
        "use_emulator",
        "use_fabric_endpoint",
    ];
    const FIXED: &'static [(&'static str, &'static str)] =
        &[("container_name", IN_URL), ("azure_container_name", IN_URL)];
    const HOST_PARTS: &'static [&'static str] = &["account_name"];
    const SECRETS: &'static [&'static str] = &[
        "access_key",
        "client_secret",
        "encryption_key",
        "fabric_session_token",
        "sas_key",
        "token",
        "proxy_url",
    ];
    const SMALLEST_PART: u64 = 1 << 20;

    fn from_env() -> MicrosoftAzureBuilder {
        MicrosoftAzureBuilder::from_env()
    }

    fn set(builder: MicrosoftAzureBuilder, key: Key, value: &str) -> MicrosoftAzureBuilder {
        builder.with_config(key, value)
    }

    fn get(builder: &MicrosoftAzureBuilder, key: Key) -> Option<String> {
        builder.get_config_value(&key)
    }

    fn client_key(key: ClientConfigKey) -> Key {
        Key::Client(key)
    }

    fn endpoint(builder: &MicrosoftAzureBuilder) -> Option<(&'static str, String)> {
        Some(("endpoint", Self::get(builder, Key::Endpoint)?))
    }

    fn share(builder: MicrosoftAzureBuilder, client: &MicrosoftAzure) -> MicrosoftAzureBuilder {
        builder.with_credentials(Arc::clone(client.credentials()))
    }

    fn finish(
        builder: MicrosoftAzureBuilder,
        connector: impl HttpConnector,
        retry: RetryConfig,
    ) -> MicrosoftAzureBuilder {
        builder.with_http_connector(connector).with_retry(retry)
    }

    fn build(builder: MicrosoftAzureBuilder) -> Result<MicrosoftAzure, Error> {
        builder.build()
    }
}

const IN_URL: &str = "is given by the URL";
