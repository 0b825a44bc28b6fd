//! Every fault, between a client and a server of a few lines.

use super::{Fault, Proxy, Rule};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

const BODY: &str = "twelve bytes";

/// A server that answers every request with `BODY` and tells what came.
fn server() -> (SocketAddr, Receiver<String>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, requests) = mpsc::channel();
    thread::spawn(move || {
        for client in listener.incoming() {
            let mut client = client.unwrap();
            let mut request = String::new();
            while !request.ends_with("body") {
                let mut more = [0; 1000];
                let read = client.read(&mut more).unwrap();
                request.push_str(std::str::from_utf8(&more[..read]).unwrap());
            }
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n", BODY.len());
            let answer = format!("{head}Connection: keep-alive\r\nETag: \"x\"\r\n\r\n{BODY}");
            client.write_all(answer.as_bytes()).unwrap();
            if sender.send(request).is_err() {
                break;
            }
        }
    });
    (address, requests)
}

/// Sends a request; everything that comes back until the connection is closed.
fn send(proxy: &Proxy, method: &str, target: &str) -> String {
    let mut client = TcpStream::connect(proxy.address()).unwrap();
    // In two pieces, the second one in the middle of the body.
    let head = format!("{method} {target} HTTP/1.1\r\nHost: example.org\r\n");
    let first = format!("{head}Content-Length: 4\r\nX-Own: 1\r\nConnection: keep-alive\r\n\r\nbo");
    client.write_all(first.as_bytes()).unwrap();
    thread::sleep(Duration::from_millis(20));
    client.write_all(b"dy").unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).unwrap();
    answer
}

/// A proxy with one rule: this fault for the first PUT.
fn with(fault: Fault) -> (Proxy, Receiver<String>) {
    let (address, requests) = server();
    let proxy = Proxy::start(address).unwrap();
    proxy.add(Rule::new(fault, |request| request.method == "PUT"));
    (proxy, requests)
}

#[test]
fn passes_requests_and_answers_on() {
    let (proxy, requests) = with(Fault::Unavailable);
    let answer = send(&proxy, "POST", "/a%20b?c=d");
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("ETag: \"x\"\r\n"), "{answer}");
    assert!(answer.contains("Connection: close\r\n"), "{answer}");
    assert!(!answer.contains("keep-alive"), "{answer}");
    assert!(answer.ends_with(BODY), "{answer}");
    let request = requests.recv().unwrap();
    assert!(
        request.starts_with("POST /a%20b?c=d HTTP/1.1\r\nHost: example.org\r\n"),
        "{request}"
    );
    assert!(request.contains("X-Own: 1\r\n"), "{request}");
    assert!(!request.contains("keep-alive"), "{request}");

    let log = proxy.log();
    let [exchange] = &log[..] else {
        panic!("{log:?}")
    };
    assert_eq!(exchange.request.target, "/a%20b?c=d");
    assert_eq!(exchange.request.header("host"), Some("example.org"));
    assert_eq!((exchange.fault, exchange.status), (Fault::Pass, Some(200)));
}

#[test]
fn fails_before_the_server_knows() {
    for (fault, expected) in [
        (Fault::Unavailable, "HTTP/1.1 503 "),
        (Fault::CloseBefore, ""),
    ] {
        let (proxy, requests) = with(fault);
        let answer = send(&proxy, "PUT", "/x");
        assert!(answer.starts_with(expected), "{fault:?}: {answer}");
        assert_eq!(answer.is_empty(), expected.is_empty(), "{fault:?}");
        assert!(requests.try_recv().is_err(), "{fault:?} was forwarded");
        assert_eq!(proxy.log()[0].status, None);
        assert!(!fault.forwards());

        assert!(send(&proxy, "PUT", "/x").ends_with(BODY), "twice {fault:?}");
    }
}

#[test]
fn fails_after_the_server_knows() {
    for (fault, expected) in [
        (Fault::UnavailableAfter, "HTTP/1.1 503 "),
        (Fault::CloseAfter, ""),
    ] {
        let (proxy, requests) = with(fault);
        let answer = send(&proxy, "PUT", "/x");
        assert!(answer.starts_with(expected), "{fault:?}: {answer}");
        assert!(!answer.contains(BODY), "{fault:?}: {answer}");
        requests.recv().unwrap();
        let log = proxy.log();
        assert_eq!((log[0].fault, log[0].status), (fault, Some(200)));
        assert!(fault.forwards());
    }
}

#[test]
fn delays_answers() {
    let delay = Duration::from_millis(200);
    let (proxy, _requests) = with(Fault::Delay(delay));
    let start = Instant::now();
    assert!(send(&proxy, "PUT", "/x").ends_with(BODY));
    assert!(start.elapsed() >= delay);
}

#[test]
fn a_long_delay_does_not_keep_the_proxy() {
    let (proxy, requests) = with(Fault::Delay(Duration::from_secs(3600)));
    let start = Instant::now();
    thread::scope(|scope| {
        let client = TcpStream::connect(proxy.address()).unwrap();
        let mut sending = client.try_clone().unwrap();
        sending
            .write_all(b"PUT /x HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody")
            .unwrap();
        requests.recv().unwrap();
        scope.spawn(move || {
            let mut answer = String::new();
            let _ = (&client).read_to_string(&mut answer);
            assert!(start.elapsed() < Duration::from_secs(60));
        });
        drop(proxy);
    });
}

#[test]
fn cuts_bodies() {
    let (proxy, _requests) = with(Fault::CutBody);
    let answer = send(&proxy, "PUT", "/x");
    assert!(answer.contains("Content-Length: 12\r\n"), "{answer}");
    assert!(answer.ends_with("\r\n\r\ntwelve"), "{answer}");
}

#[test]
fn rules_count() {
    let (address, _requests) = server();
    let proxy = Proxy::start(address).unwrap();
    let rule = Rule::new(Fault::Unavailable, |request| request.target == "/x");
    proxy.add(rule.skip(1).times(2));
    let good = |target| send(&proxy, "PUT", target).contains(" 200 ");
    assert_eq!(
        ["/x", "/y", "/x", "/x", "/y", "/x"].map(good),
        [true, true, false, false, true, true]
    );
    assert_eq!(proxy.log().len(), 6);

    proxy.add(Rule::new(Fault::Unavailable, |_| true));
    proxy.reset();
    assert!(good("/x"));
    assert_eq!(proxy.log().len(), 1);
}

#[test]
fn a_server_that_is_not_there_is_a_bad_gateway() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let proxy = Proxy::start(address).unwrap();
    let answer = send(&proxy, "GET", "/x");
    assert!(answer.starts_with("HTTP/1.1 502 "), "{answer}");
    assert_eq!(proxy.log()[0].status, None);
}
