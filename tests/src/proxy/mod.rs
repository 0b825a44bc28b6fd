//! A proxy between an HTTP client and a server on this machine, which fails as it is told: before
//! the server knows of a request, or after the server has done what it was asked.
//!
//! Requests go through as they are, `Host` included: signatures stay good. Each connection carries
//! one request.

mod message;
#[cfg(test)]
mod tests;

use message::{Answer, answer_without_body, read_request};
use std::io::{self, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

pub use message::Request;

/// How long the server may take for an answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// What happens to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing: it is forwarded, and the answer comes back.
    Pass,
    /// It is answered with 503, and not forwarded.
    Unavailable,
    /// The connection is closed, and it is not forwarded.
    CloseBefore,
    /// It is forwarded, and the connection is closed without an answer.
    CloseAfter,
    /// It is forwarded, and answered with 503, whatever the server says.
    UnavailableAfter,
    /// It is forwarded, and the answer comes back so much later.
    Delay(Duration),
    /// It is forwarded, and the connection is closed in the middle of the body of the answer.
    CutBody,
}

impl Fault {
    /// Whether the server gets to know of the request.
    pub fn forwards(self) -> bool {
        !matches!(self, Self::Unavailable | Self::CloseBefore)
    }
}

/// Which requests a fault is for.
pub struct Rule {
    fault: Fault,
    is_for: Box<dyn Fn(&Request) -> bool + Send>,
    skipped: usize,
    times: usize,
}

impl Rule {
    /// A fault for the first request that the predicate is true for.
    pub fn new(fault: Fault, is_for: impl Fn(&Request) -> bool + Send + 'static) -> Self {
        Self {
            fault,
            is_for: Box::new(is_for),
            skipped: 0,
            times: 1,
        }
    }

    /// Lets so many requests pass at first.
    #[must_use]
    pub fn skip(mut self, requests: usize) -> Self {
        self.skipped = requests;
        self
    }

    /// Is for so many requests.
    #[must_use]
    pub fn times(mut self, requests: usize) -> Self {
        self.times = requests;
        self
    }

    /// Counts a request that the rule is for; the fault, if it is its turn.
    fn apply(&mut self, request: &Request) -> Option<Fault> {
        if !(self.is_for)(request) {
            return None;
        }
        if self.skipped > 0 {
            self.skipped -= 1;
            return None;
        }
        self.times = self.times.checked_sub(1)?;
        Some(self.fault)
    }
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rule")
            .field("fault", &self.fault)
            .field("skipped", &self.skipped)
            .field("times", &self.times)
            .finish_non_exhaustive()
    }
}

/// A request that came, and what became of it.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The request.
    pub request: Request,
    /// What was done to it.
    pub fault: Fault,
    /// The status that the server answered with; `None` where it was not asked or gave none.
    pub status: Option<u16>,
}

/// A proxy that runs until it is dropped.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    acceptor: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    server: SocketAddr,
    rules: Mutex<Vec<Rule>>,
    log: Mutex<Vec<Exchange>>,
    is_stopped: Mutex<bool>,
    stopped: Condvar,
}

impl Proxy {
    /// Listens on a free port of this machine and forwards to `server`.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn start(server: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            server,
            rules: Mutex::default(),
            log: Mutex::default(),
            is_stopped: Mutex::default(),
            stopped: Condvar::new(),
        });
        let accepting = Arc::clone(&shared);
        let acceptor = thread::spawn(move || accept(&listener, &accepting));
        Ok(Self {
            address,
            shared,
            acceptor: Some(acceptor),
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Adds a rule. Of several rules that are for a request, the first one that has its turn counts.
    pub fn add(&self, rule: Rule) {
        lock(&self.shared.rules).push(rule);
    }

    /// Forgets all rules and the log.
    pub fn reset(&self) {
        lock(&self.shared.rules).clear();
        lock(&self.shared.log).clear();
    }

    /// The requests so far, in the order in which they were done with.
    pub fn log(&self) -> Vec<Exchange> {
        lock(&self.shared.log).clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        *lock(&self.shared.is_stopped) = true;
        self.shared.stopped.notify_all();
        // The acceptor waits for a connection: this one lets it see that it is to stop.
        if TcpStream::connect(self.address).is_ok()
            && let Some(acceptor) = self.acceptor.take()
        {
            let _ = acceptor.join();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    let mut connections: Vec<JoinHandle<()>> = Vec::new();
    for client in listener.incoming() {
        if *lock(&shared.is_stopped) {
            break;
        }
        let Ok(client) = client else { continue };
        let shared = Arc::clone(shared);
        connections.retain(|connection| !connection.is_finished());
        connections.push(thread::spawn(move || {
            // A client that went away is no failure of the proxy.
            let _ = shared.serve(client);
        }));
    }
    // One that is kept open without a request ends with the client: nobody waits for it.
}

impl Shared {
    fn serve(&self, mut client: TcpStream) -> io::Result<()> {
        client.set_nodelay(true)?;
        let Some((request, body)) = read_request(&mut client)? else {
            return Ok(());
        };
        let fault = {
            let mut rules = lock(&self.rules);
            let found = rules.iter_mut().find_map(|rule| rule.apply(&request));
            found.unwrap_or(Fault::Pass)
        };
        let answer = fault.forwards().then(|| self.forward(&request, &body));
        let status = match &answer {
            Some(Ok(answer)) => Some(answer.status),
            _ => None,
        };
        lock(&self.log).push(Exchange {
            request,
            fault,
            status,
        });
        self.respond(&mut client, fault, answer)?;
        client.shutdown(Shutdown::Both)
    }

    fn forward(&self, request: &Request, body: &[u8]) -> io::Result<Answer> {
        let mut server = TcpStream::connect(self.server)?;
        server.set_nodelay(true)?;
        server.set_read_timeout(Some(PATIENCE))?;
        server.write_all(&request.head())?;
        server.write_all(body)?;
        Answer::read(&mut server)
    }

    fn respond(
        &self,
        client: &mut TcpStream,
        fault: Fault,
        answer: Option<io::Result<Answer>>,
    ) -> io::Result<()> {
        match fault {
            Fault::CloseBefore | Fault::CloseAfter => return Ok(()),
            Fault::Unavailable | Fault::UnavailableAfter => {
                return client.write_all(answer_without_body(503).as_bytes());
            }
            Fault::Delay(duration) => self.sleep(duration),
            Fault::Pass | Fault::CutBody => {}
        }
        let Some(Ok(answer)) = answer else {
            return client.write_all(answer_without_body(502).as_bytes());
        };
        client.write_all(&answer.head)?;
        let length = match fault {
            Fault::CutBody => answer.body.len() / 2,
            _ => answer.body.len(),
        };
        client.write_all(answer.body.get(..length).unwrap_or_default())
    }

    /// Sleeps until the time is over or the proxy is stopped.
    fn sleep(&self, duration: Duration) {
        let stopped = lock(&self.is_stopped);
        let _ = self
            .stopped
            .wait_timeout_while(stopped, duration, |is_stopped| !*is_stopped);
    }
}
