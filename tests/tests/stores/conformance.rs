//! The suite that every store must pass.

use crate::server::Server;
use pq_store::testing::conformance;

crate::tests! {
    seaweedfs: check races;
    azurite: check races;
    gcs: check races;
    // Its conditions hold only when writers do not meet.
    moto: check;
}

fn check(server: &Server) {
    pollster::block_on(conformance::check(&*server.open()));
}

fn races(server: &Server) {
    conformance::races(server.open(), |future| pollster::block_on(future));
}
