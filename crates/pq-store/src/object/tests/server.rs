//! A server on this machine that answers as a test says.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

pub(super) struct Request {
    pub(super) method: String,
    /// Path and query.
    pub(super) target: String,
    headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Request {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let (_, value) = headers.find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(value)
    }

    /// Method and target, such as `PUT /bucket/key?query`.
    pub(super) fn line(&self) -> String {
        format!("{} {}", self.method, self.target)
    }
}

pub(super) enum Reply {
    /// Status, headers and body.
    Answer(u16, Vec<(&'static str, String)>, String),
    /// The connection is closed without an answer.
    Silence,
}

impl Reply {
    pub(super) fn status(status: u16) -> Self {
        Self::Answer(status, Vec::new(), String::new())
    }

    /// An empty answer about an object with this token, or of one without.
    pub(super) fn object(token: &str) -> Self {
        Self::Answer(
            200,
            vec![
                ("ETag", "\"e\"".into()),
                ("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT".into()),
                ("x-amz-meta-pqtoken", token.into()),
            ],
            String::new(),
        )
    }
}

/// The address of a server, and the lines of the requests that it got.
pub(super) struct Server {
    pub(super) url: String,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// It runs until the process ends.
    pub(super) fn start(answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let lines = Arc::new(Mutex::new(Vec::new()));
        let (answer, seen) = (Arc::new(answer), Arc::clone(&lines));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answer, seen) = (Arc::clone(&answer), Arc::clone(&seen));
                thread::spawn(move || serve(stream, &*answer, &seen));
            }
        });
        Self { url, lines }
    }

    pub(super) fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap().clone()
    }

    /// An address at which nobody listens.
    pub(super) fn nowhere() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    }
}

fn serve(stream: TcpStream, answer: &dyn Fn(&Request) -> Reply, seen: &Mutex<Vec<String>>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut writer = stream;
    while let Some(request) = next(&mut reader) {
        seen.lock().unwrap().push(request.line());
        match answer(&request) {
            Reply::Silence => return,
            Reply::Answer(status, headers, body) => {
                let mut text = format!("HTTP/1.1 {status} Status\r\n");
                for (name, value) in headers {
                    text.push_str(&format!("{name}: {value}\r\n"));
                }
                text.push_str(&format!("Content-Length: {}\r\n\r\n", body.len()));
                if request.method != "HEAD" {
                    text.push_str(&body);
                }
                if writer.write_all(text.as_bytes()).is_err() {
                    return;
                }
            }
        }
    }
}

fn next(reader: &mut BufReader<TcpStream>) -> Option<Request> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace();
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        match line.trim_end().split_once(':') {
            Some((name, value)) => headers.push((name.to_owned(), value.trim().to_owned())),
            None => break,
        }
    }
    let mut request = Request {
        method,
        target,
        headers,
        body: Vec::new(),
    };
    let length = request
        .header("content-length")
        .unwrap_or("0")
        .parse()
        .ok()?;
    request.body = vec![0; length];
    reader.read_exact(&mut request.body).ok()?;
    Some(request)
}
