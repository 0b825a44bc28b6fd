//! Stores of object stores, against servers that run on this machine: what the public conformance
//! suite asks, races, a server that ignores conditions, and answers that are lost on the way.
//! `cargo xtask stores` starts the servers.

mod conformance;
mod datasets;
mod lost_answers;
mod server;
mod unsafe_server;
mod uploads;
mod write;

/// A module of tests for each server, one test for each function, which gets the server's name.
macro_rules! tests {
    ($($server:ident: $($test:ident)+;)+) => {
        $(mod $server {
            $(#[test]
            #[ignore = "needs servers: cargo xtask stores"]
            fn $test() {
                super::$test(&crate::server::Server::named(stringify!($server)));
            })+
        })+
    };
}
pub(crate) use tests;
