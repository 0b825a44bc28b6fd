//! Object stores on this machine, for tests to write to: real ones, emulators where there are
//! none, and one that ignores the conditions of writes.

mod install;
mod kind;
mod server;

use std::thread;
use std::time::Duration;

use crate::process::Outcome;
pub use install::Installed;
pub use kind::Kind;
pub use server::Server;

/// Starts all servers and says where they are; they run until Ctrl-C, or until one of them fails.
pub fn until_interrupted() -> Outcome {
    with(&Kind::ALL, |servers, _| {
        for server in servers.iter() {
            println!("{server}");
        }
        println!("Ctrl-C stops them");
        loop {
            thread::sleep(Duration::from_millis(200));
            for server in servers.iter_mut() {
                server.still_runs()?;
            }
        }
    })
}

/// Installs what these servers need, starts them, and runs `body` while they run. However that
/// ends, they are stopped, and what they stored is gone.
///
/// # Errors
///
/// What cannot be installed or does not start; what `body` returns.
pub fn with(kinds: &[Kind], body: impl FnOnce(&mut [Server], &Installed) -> Outcome) -> Outcome {
    let installed = Installed::for_all(kinds)?;
    let servers: Outcome<Vec<Server>> = thread::scope(|scope| {
        let starts: Vec<_> = kinds
            .iter()
            .map(|kind| scope.spawn(|| Server::start(*kind, &installed)))
            .collect();
        let servers = starts.into_iter().map(|start| match start.join() {
            Ok(server) => server,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        servers.collect()
    });
    body(&mut servers?, &installed)
}
