//! Options of the place to write to or read from.

use clap::Args;

/// Options of the place to write to or read from.
#[derive(Debug, Args)]
pub struct StoreArgs {
    /// An option of the object store, such as region=eu-central-1 or endpoint=http://…; may be
    /// given several times. Credentials are better left to the environment, where other users of
    /// this machine do not see them
    #[arg(long, value_name = "KEY=VALUE")]
    pub store_option: Vec<String>,
}
