//! Which servers there are, and how each is started.

use std::ffi::OsString;

use super::install::Installed;
use crate::process::root;

/// The bucket, or container, that every server has.
const BUCKET: &str = "pq-test";
/// Names and secrets that the servers are started with; `tests/servers/seaweedfs.json` has them,
/// too.
const ACCESS_KEY: &str = "pq-test";
const SECRET: &str = "pq-test-secret";
const ACCOUNT: &str = "pqtest";
/// `pq-test-secret` in base64.
const ACCOUNT_KEY: &str = "cHEtdGVzdC1zZWNyZXQ=";

/// A server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// S3, with a storage engine behind it.
    SeaweedFs,
    /// S3, emulated.
    Moto,
    /// Azure's blobs, emulated by Microsoft.
    Azurite,
    /// Google Cloud Storage: `tests/servers/gcs.py`.
    Gcs,
    /// S3 that takes `If-None-Match` and overwrites all the same.
    Rclone,
}

/// How a server is started, and how others find it then.
#[derive(Debug, Default)]
pub struct Launch {
    pub command: Vec<OsString>,
    pub environment: Vec<(&'static str, String)>,
    /// Files that it leaves outside its folder.
    pub leaves: Vec<String>,
    pub url: String,
    pub options: Vec<(&'static str, String)>,
}

impl Kind {
    pub const ALL: [Self; 5] = [
        Self::SeaweedFs,
        Self::Moto,
        Self::Azurite,
        Self::Gcs,
        Self::Rclone,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::SeaweedFs => "seaweedfs",
            Self::Moto => "moto",
            Self::Azurite => "azurite",
            Self::Gcs => "gcs",
            Self::Rclone => "rclone",
        }
    }

    /// How many ports it listens on.
    pub fn ports(self) -> usize {
        match self {
            Self::SeaweedFs => SEAWEEDFS_PORTS.len(),
            _ => 1,
        }
    }

    /// How it is started on these ports.
    pub fn launch(self, installed: &Installed, ports: &[u16]) -> Launch {
        let port = ports.first().copied().unwrap_or_default();
        let address = format!("127.0.0.1:{port}");
        let endpoint = format!("http://{address}");
        match self {
            Self::SeaweedFs => Launch {
                leaves: seaweedfs_leaves(ports),
                ..s3(&endpoint, seaweedfs(installed, ports))
            },
            Self::Moto => {
                let mut command = vec![installed.program("moto_server").into()];
                command.extend(["-H", "127.0.0.1", "-p"].map(OsString::from));
                command.push(port.to_string().into());
                s3(&endpoint, command)
            }
            Self::Rclone => {
                let mut command = vec![installed.program("rclone").into()];
                command.extend(["serve", "s3", "--addr", &address].map(OsString::from));
                command.push(format!("--auth-key={ACCESS_KEY},{SECRET}").into());
                command.push(".".into());
                s3(&endpoint, command)
            }
            Self::Azurite => azurite(installed, port),
            Self::Gcs => gcs(installed, port),
        }
    }
}

fn s3(endpoint: &str, command: Vec<OsString>) -> Launch {
    Launch {
        command,
        url: format!("s3://{BUCKET}"),
        options: vec![
            ("endpoint", endpoint.to_owned()),
            ("access_key_id", ACCESS_KEY.to_owned()),
            ("secret_access_key", SECRET.to_owned()),
            ("region", "us-east-1".to_owned()),
            ("allow_http", "true".to_owned()),
        ],
        ..Launch::default()
    }
}

/// What SeaweedFS listens on; the first one speaks S3.
const SEAWEEDFS_PORTS: [&str; 8] = [
    "s3.port",
    "s3.port.grpc",
    "master.port",
    "master.port.grpc",
    "volume.port",
    "volume.port.grpc",
    "filer.port",
    "filer.port.grpc",
];

fn seaweedfs(installed: &Installed, ports: &[u16]) -> Vec<OsString> {
    let mut command = vec![installed.program("weed").into()];
    command.extend(
        [
            "-logtostderr=true",
            "server",
            "-dir=.",
            "-ip=127.0.0.1",
            "-ip.bind=127.0.0.1",
            "-master.telemetry=false",
            "-master.volumeSizeLimitMB=256",
            // As many as fit the disk.
            "-volume.max=0",
            "-s3",
            "-s3.port.iceberg=0",
            "-s3.port.lance=0",
            "-s3.localSocket=s3.sock",
            "-filer.localSocket=filer.sock",
        ]
        .map(OsString::from),
    );
    for (name, port) in SEAWEEDFS_PORTS.iter().zip(ports) {
        command.push(format!("-{name}={port}").into());
    }
    let mut identities = OsString::from("-s3.config=");
    identities.push(root().join("tests/servers/seaweedfs.json"));
    command.push(identities);
    command
}

/// The sockets of its parts, which it makes in this folder whatever it is told.
fn seaweedfs_leaves(ports: &[u16]) -> Vec<String> {
    let named = SEAWEEDFS_PORTS.iter().zip(ports);
    named
        .filter_map(|(name, port)| {
            let part = name.strip_suffix(".port.grpc")?;
            Some(format!("/tmp/seaweedfs-{part}-grpc-{port}.sock"))
        })
        .collect()
}

fn azurite(installed: &Installed, port: u16) -> Launch {
    let endpoint = format!("http://127.0.0.1:{port}/{ACCOUNT}");
    let arguments = [
        "--blobHost",
        "127.0.0.1",
        "--blobPort",
        &port.to_string(),
        "--location",
        ".",
        "--silent",
        "--skipApiVersionCheck",
        "--disableTelemetry",
    ];
    let mut command: Vec<OsString> =
        vec![installed.program("node").into(), installed.azurite().into()];
    command.extend(arguments.map(OsString::from));
    Launch {
        command,
        environment: vec![("AZURITE_ACCOUNTS", format!("{ACCOUNT}:{ACCOUNT_KEY}"))],
        url: format!("az://{BUCKET}"),
        options: vec![
            ("endpoint", endpoint),
            ("account_name", ACCOUNT.to_owned()),
            ("account_key", ACCOUNT_KEY.to_owned()),
            ("allow_http", "true".to_owned()),
        ],
        ..Launch::default()
    }
}

fn gcs(installed: &Installed, port: u16) -> Launch {
    let endpoint = format!("http://127.0.0.1:{port}");
    let mut command = vec![
        installed.python().into(),
        root().join("tests/servers/gcs.py").into(),
    ];
    // Small pages, so that listings have several.
    let arguments = [&port.to_string(), BUCKET, SECRET, "--page", "5"];
    command.extend(arguments.map(OsString::from));
    Launch {
        command,
        url: format!("gs://{BUCKET}"),
        options: vec![
            ("base_url", endpoint),
            ("bearer_token", SECRET.to_owned()),
            ("allow_http", "true".to_owned()),
        ],
        ..Launch::default()
    }
}
