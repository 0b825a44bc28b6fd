//! The servers, as the environment says where they are.

use pq_interop::proxy::Proxy;
use pq_store::{Store, StoreOptions};
use serde_json::Value;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

/// Bytes of the parts of uploads here: the fewest that S3 and Google allow.
pub const PART: usize = 5 << 20;

/// A server with a bucket.
#[derive(Clone, Debug)]
pub struct Server {
    name: &'static str,
    /// Its JSON, as `cargo xtask servers` gives it.
    place: String,
    url: String,
    options: Vec<(String, String)>,
    about: String,
}

impl Server {
    /// The server that the variable `PQ_STORE_…` tells of.
    pub fn named(name: &'static str) -> Self {
        let variable = format!("PQ_STORE_{}", name.to_uppercase());
        let Ok(place) = std::env::var(&variable) else {
            panic!("{variable} is not set; cargo xtask stores sets it");
        };
        Self::of_place(name, &place)
    }

    /// The server that this JSON tells of.
    pub fn of_place(name: &'static str, place: &str) -> Self {
        let json: Value = serde_json::from_str(place).unwrap();
        let options = json["options"].as_object().unwrap().iter();
        let options = options.map(|(key, value)| (key.clone(), value.as_str().unwrap().to_owned()));
        Self {
            name,
            url: json["url"].as_str().unwrap().to_owned(),
            options: options.collect(),
            about: json["about"].as_str().unwrap_or_default().to_owned(),
            place: place.to_owned(),
        }
    }

    /// JSON that tells another process of the server, and of something more.
    pub fn place_of(&self, about: &str) -> String {
        let options: serde_json::Map<String, Value> = self
            .options
            .iter()
            .map(|(key, value)| (key.clone(), Value::from(value.as_str())))
            .collect();
        serde_json::json!({"url": self.url, "options": options, "about": about}).to_string()
    }

    /// What another process was told besides.
    pub fn about(&self) -> &str {
        &self.about
    }

    /// The URL of a place in the bucket.
    pub fn url(&self, key: &str) -> String {
        format!("{}/{key}", self.url)
    }

    /// Options as arguments of a command.
    pub fn pairs(&self) -> impl Iterator<Item = String> {
        self.options
            .iter()
            .map(|(key, value)| format!("{key}={value}"))
    }

    pub fn name(&self) -> &str {
        self.name
    }

    pub fn is_s3(&self) -> bool {
        self.url.starts_with("s3:")
    }

    pub fn is_azure(&self) -> bool {
        self.url.starts_with("az:")
    }

    /// Whether an upload of several parts replaces a version, and no other. One does so whatever is
    /// there, and a probe must find that out.
    pub fn heeds_large_versions(&self) -> bool {
        self.is_s3() && self.name != "moto"
    }

    pub fn options(&self) -> StoreOptions {
        let options: StoreOptions = self.options.clone().into_iter().collect();
        options
            .set("part_size", PART.to_string())
            .set("conditional_put_bytes", PART.to_string())
    }

    pub fn open(&self) -> Arc<dyn Store> {
        self.open_with(self.options())
    }

    pub fn open_with(&self, options: StoreOptions) -> Arc<dyn Store> {
        options.open(&self.url).unwrap().store
    }

    /// The same server behind a proxy.
    pub fn behind_proxy(&self) -> (Self, Proxy) {
        let mut server = self.clone();
        let is_endpoint = |key: &str| key == "endpoint" || key == "base_url";
        let mut options = server.options.iter_mut();
        let (_, url) = options.find(|(key, _)| is_endpoint(key)).unwrap();
        let rest = url.strip_prefix("http://").unwrap();
        let (address, _) = rest.split_once('/').unwrap_or((rest, ""));
        let proxy = Proxy::start(address.parse::<SocketAddr>().unwrap()).unwrap();
        *url = url.replace(address, &proxy.address().to_string());
        (server, proxy)
    }

    /// Keys of uploads that are begun and neither completed nor aborted, as the server says.
    pub fn unfinished_uploads(&self) -> Vec<String> {
        let python = std::env::var_os("PQ_SERVERS_PYTHON").expect("PQ_SERVERS_PYTHON is not set");
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("servers/uploads.py");
        let mut command = Command::new(python);
        let output = command.arg(script).arg(&self.place).output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "uploads.py: {errors}");
        let keys = String::from_utf8(output.stdout).unwrap();
        keys.lines().map(str::to_owned).collect()
    }
}
