//! What the clients of all clouds have in common: options, and errors that name them.

use super::http::{Connector, Reuse, Shared};
use super::scrub::Secrets;
use super::settings::{self, Settings};
use crate::error::StoreError;
use crate::options::{self, StoreOptions};
use object_store::client::HttpConnector;
use object_store::{BackoffConfig, ClientConfigKey, Error, RetryConfig};
use std::str::FromStr;
use std::sync::Arc;

/// What a client allows a request if nobody says otherwise.
const USUAL_TIMEOUT: &str = "30s";

/// One cloud, as far as its options go.
pub(super) trait Cloud {
    type Key: FromStr<Err = Error> + Copy + PartialEq;
    type Builder: Clone;
    type Client;

    /// Names of options, for suggestions.
    const KEYS: &'static [&'static str];
    /// Options that the URL or this crate gives.
    const FIXED: &'static [(&'static str, &'static str)];
    /// Options whose values become part of a host name.
    const HOST_PARTS: &'static [&'static str];
    /// Options whose values no message may show.
    const SECRETS: &'static [&'static str];
    const SMALLEST_PART: u64;

    fn from_env() -> Self::Builder;
    fn set(builder: Self::Builder, key: Self::Key, value: &str) -> Self::Builder;
    fn get(builder: &Self::Builder, key: Self::Key) -> Option<String>;
    fn client_key(key: ClientConfigKey) -> Self::Key;
    /// The URL of the service, where it is not the usual one.
    fn endpoint(builder: &Self::Builder) -> Option<(&'static str, String)>;
    /// Gives the builder the credentials of a client that there is.
    fn share(builder: Self::Builder, client: &Self::Client) -> Self::Builder;
    fn finish(
        builder: Self::Builder,
        connector: impl HttpConnector,
        retry: RetryConfig,
    ) -> Self::Builder;
    fn build(builder: Self::Builder) -> Result<Self::Client, Error>;
}

/// A builder with the options applied.
pub(super) struct Configured<C: Cloud> {
    pub(super) builder: C::Builder,
    pub(super) settings: Settings,
    pub(super) secrets: Secrets,
    /// Whether the service is at its usual place.
    pub(super) is_usual: bool,
    pairs: Vec<(String, C::Key, String)>,
    base: C::Builder,
    has_timeout: bool,
}

impl<C: Cloud> Configured<C> {
    /// `place` gives the builder what the URL says.
    pub(super) fn new(
        options: &StoreOptions,
        place: impl Fn(C::Builder) -> C::Builder,
    ) -> Result<Self, StoreError> {
        let (settings, others) = Settings::parse(options, C::SMALLEST_PART)?;
        let mut pairs = Vec::new();
        for (key, value) in others {
            if let Some((_, reason)) = C::FIXED.iter().find(|(fixed, _)| *fixed == key) {
                return Err(options::invalid(key, *reason));
            }
            let Ok(parsed) = key.parse::<C::Key>() else {
                return Err(unknown::<C>(&key));
            };
            check_characters(&key, &value)?;
            pairs.push((key, parsed, value));
        }
        let allow_http = C::client_key(ClientConfigKey::AllowHttp);
        let base = place(C::from_env());
        let with =
            |builder, (_, key, value): &(String, C::Key, String)| C::set(builder, *key, value);
        let builder = pairs.iter().fold(base.clone(), with);
        let mut secrets = Secrets::default();
        for key in C::SECRETS.iter().filter_map(|key| key.parse().ok()) {
            if let Some(value) = C::get(&builder, key) {
                secrets.add(&value);
            }
        }
        let timeout = C::client_key(ClientConfigKey::Timeout);
        let mut configured = Self {
            has_timeout: C::get(&builder, timeout).as_deref() != Some(USUAL_TIMEOUT)
                || pairs.iter().any(|(_, key, _)| *key == timeout),
            is_usual: true,
            builder,
            settings,
            secrets,
            pairs,
            base,
        };
        configured.check_endpoint(allow_http)?;
        for name in C::HOST_PARTS {
            configured.check_host(name)?;
        }
        Ok(configured)
    }

    fn check_host(&self, name: &str) -> Result<(), StoreError> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        let value = name.parse().ok().and_then(|key| C::get(&self.builder, key));
        match value {
            Some(value) if !value.chars().all(allowed) => Err(options::invalid(
                name,
                "has letters, digits, '-', '_' and '.'",
            )),
            _ => Ok(()),
        }
    }

    fn check_endpoint(&mut self, allow_http: C::Key) -> Result<(), StoreError> {
        let Some((key, url)) = C::endpoint(&self.builder) else {
            return Ok(());
        };
        self.is_usual = false;
        let (scheme, rest) = url.split_once("://").unwrap_or(("", ""));
        let authority = rest.split('/').next().unwrap_or_default();
        let reason = if scheme != "http" && scheme != "https" || authority.is_empty() {
            "is a URL, https:// and a host"
        } else if rest.contains(['?', '#', '@']) {
            "is a URL without user information, query and fragment"
        } else if !rest.chars().all(|c| c.is_ascii_graphic()) {
            "has a character that a URL cannot have"
        } else if scheme == "http" && !is_true(C::get(&self.builder, allow_http)) {
            "is plain http, which needs the option allow_http=true"
        } else {
            return Ok(());
        };
        Err(options::invalid(key, reason))
    }

    /// The client that tries again, and the one that does not. They share connections and
    /// credentials.
    pub(super) fn build(&self) -> Result<(C::Client, C::Client), StoreError> {
        let connector = self.connector();
        let reuse = Reuse(Connector {
            shared: Arc::clone(&connector.shared),
            ..connector
        });
        let builder = C::finish(self.builder.clone(), connector, self.retry(true));
        let client = C::build(builder).map_err(|error| self.explain(&error))?;
        let builder = C::share(self.builder.clone(), &client);
        let single = C::build(C::finish(builder, reuse, self.retry(false)));
        let single = single.map_err(|error| self.explain(&error))?;
        Ok((client, single))
    }

    fn connector(&self) -> Connector {
        Connector {
            has_timeout: self.has_timeout,
            shared: Shared::default(),
        }
    }

    fn retry(&self, tries_again: bool) -> RetryConfig {
        RetryConfig {
            backoff: BackoffConfig::default(),
            max_retries: match tries_again {
                true => self.settings.max_retries as usize,
                false => 0,
            },
            retry_timeout: self.settings.retry_timeout,
        }
    }

    /// Which option is at fault: the one without which all is well; else the one whose value the
    /// error shows; else one without which the error is another.
    fn explain(&self, error: &Error) -> StoreError {
        let text = error.to_string();
        let without = |left_out: usize| {
            let others = self
                .pairs
                .iter()
                .enumerate()
                .filter(|(n, _)| *n != left_out);
            let builder = others.fold(self.base.clone(), |builder, (_, (_, key, value))| {
                C::set(builder, *key, value)
            });
            C::build(C::finish(builder, self.connector(), self.retry(false)))
        };
        let mut suspects = Vec::new();
        for (left_out, (name, _, value)) in self.pairs.iter().enumerate() {
            let suspicion = match without(left_out) {
                Ok(_) => 3,
                Err(_) if !value.is_empty() && text.contains(value.as_str()) => 2,
                Err(other) if other.to_string() != text => 1,
                Err(_) => continue,
            };
            suspects.push((suspicion, name, value));
        }
        let suspect = suspects.iter().max_by_key(|(suspicion, ..)| *suspicion);
        let Some((_, name, value)) = suspect else {
            return options::invalid("of the environment", self.secrets.scrub(&text));
        };
        let text = match value.is_empty() {
            true => text,
            false => text.replace(value.as_str(), "…"),
        };
        options::invalid(*name, self.secrets.scrub(&text))
    }
}

pub(super) fn is_true(value: Option<String>) -> bool {
    let value = value.unwrap_or_default().to_ascii_lowercase();
    ["1", "true", "on", "yes", "y"].contains(&value.as_str())
}

/// The clients put values into headers and panic where that is not possible.
fn check_characters(key: &str, value: &str) -> Result<(), StoreError> {
    let is_document = value.contains("-----BEGIN") || value.trim_start().starts_with('{');
    if !is_document && value.chars().any(|c| c.is_control()) {
        return Err(options::invalid(key, "its value has a control character"));
    }
    Ok(())
}

fn unknown<C: Cloud>(key: &str) -> StoreError {
    let known = C::KEYS.iter().chain(CLIENT_KEYS).chain(&settings::KEYS);
    let mut near: Vec<(usize, &str)> = known
        .map(|known| (distance(key, known), *known))
        .filter(|(distance, known)| *distance <= known.len() / 3)
        .collect();
    near.sort_unstable();
    let near: Vec<&str> = near.iter().take(3).map(|(_, known)| *known).collect();
    let reason = match near.is_empty() {
        true => "is no option of this store".to_owned(),
        false => format!("is no option of this store; near are {}", near.join(", ")),
    };
    options::invalid(key, reason)
}

const CLIENT_KEYS: &[&str] = &[
    "allow_http",
    "allow_invalid_certificates",
    "connect_timeout",
    "default_content_type",
    "disable_system_certificates",
    "http1_only",
    "http2_keep_alive_interval",
    "http2_keep_alive_timeout",
    "http2_keep_alive_while_idle",
    "http2_max_frame_size",
    "http2_only",
    "pool_idle_timeout",
    "pool_max_idle_per_host",
    "proxy_ca_certificate",
    "proxy_excludes",
    "proxy_url",
    "randomize_addresses",
    "read_timeout",
    "timeout",
    "user_agent",
];

/// Characters that must be put in, taken out or changed to get from one to the other.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (above, character) in left.chars().enumerate() {
        let mut diagonal = above;
        let mut before = above + 1;
        for (cell, other) in row.iter_mut().skip(1).zip(&right) {
            let changed = diagonal + usize::from(character != *other);
            diagonal = *cell;
            before = changed.min(before + 1).min(*cell + 1);
            *cell = before;
        }
        if let Some(first) = row.first_mut() {
            *first = above + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{distance, is_true};

    #[test]
    fn distances_are_counted() {
        for (left, right, expected) in [
            ("", "", 0),
            ("", "abc", 3),
            ("region", "region", 0),
            ("regoin", "region", 2),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(distance(left, right), expected);
            assert_eq!(distance(right, left), expected);
        }
    }

    #[test]
    fn only_clear_words_are_true() {
        assert!(is_true(Some("TRUE".into())) && is_true(Some("1".into())));
        assert!(!is_true(None) && !is_true(Some("maybe".into())));
    }
}
