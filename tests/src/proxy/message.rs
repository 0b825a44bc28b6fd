//! What goes through the proxy: requests and answers of HTTP/1.1.

use std::fmt::Write as _;
use std::io::{self, Read};
use std::net::TcpStream;

const MOST_HEADERS: usize = 100;
const LONGEST_HEAD: usize = 64 << 10;

/// The head of a request.
#[derive(Clone, Debug)]
pub struct Request {
    /// Such as `PUT`.
    pub method: String,
    /// Path and query, as the client sent them.
    pub target: String,
    /// Names as the client sent them, and values.
    pub headers: Vec<(String, String)>,
}

impl Request {
    /// The value of a header, whose name is in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers
            .find(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The bytes that the server gets: as they came, but for how long the connection lives.
    pub(super) fn head(&self) -> Vec<u8> {
        let line = format!("{} {} HTTP/1.1", self.method, self.target);
        head(&line, &self.headers)
    }
}

/// The whole answer of a server.
pub(super) struct Answer {
    pub(super) status: u16,
    /// As it came, but for how long the connection lives.
    pub(super) head: Vec<u8>,
    pub(super) body: Vec<u8>,
}

impl Answer {
    /// Reads until the server closes the connection, as it was asked to.
    pub(super) fn read(server: &mut TcpStream) -> io::Result<Self> {
        let mut bytes = Vec::new();
        server.read_to_end(&mut bytes)?;
        let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
        let mut parsed = httparse::Response::new(&mut headers);
        let httparse::Status::Complete(length) = parsed.parse(&bytes).map_err(invalid)? else {
            return Err(io::ErrorKind::UnexpectedEof.into());
        };
        let status = parsed.code.unwrap_or_default();
        let line = format!("HTTP/1.1 {status} {}", parsed.reason.unwrap_or_default());
        let head = head(&line, &owned(parsed.headers));
        let body = bytes.split_off(length);
        Ok(Self { status, head, body })
    }
}

/// Reads a request and its body; `None` where the client closes the connection before it.
pub(super) fn read_request(client: &mut TcpStream) -> io::Result<Option<(Request, Vec<u8>)>> {
    let mut bytes = Vec::new();
    let (request, length) = loop {
        let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
        let mut parsed = httparse::Request::new(&mut headers);
        if let httparse::Status::Complete(length) = parsed.parse(&bytes).map_err(invalid)? {
            let request = Request {
                method: parsed.method.unwrap_or_default().to_owned(),
                target: parsed.path.unwrap_or_default().to_owned(),
                headers: owned(parsed.headers),
            };
            break (request, length);
        }
        if bytes.len() > LONGEST_HEAD {
            return Err(invalid("the head of a request is too long"));
        }
        let mut more = [0; 8 << 10];
        match client.read(&mut more)? {
            0 if bytes.is_empty() => return Ok(None),
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => bytes.extend_from_slice(more.get(..read).unwrap_or_default()),
        }
    };
    if request.header("transfer-encoding").is_some() {
        return Err(invalid("a body without a Content-Length is not known"));
    }
    let expected = match request.header("content-length") {
        Some(text) => text.parse().map_err(invalid)?,
        None => 0,
    };
    let mut body = bytes.split_off(length);
    let rest = u64::saturating_sub(expected, body.len() as u64);
    let read = client.take(rest).read_to_end(&mut body)? as u64;
    if read < rest {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Some((request, body)))
}

/// An answer of the proxy itself.
pub(super) fn answer_without_body(status: u16) -> String {
    format!("HTTP/1.1 {status} Proxy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
}

fn owned(headers: &[httparse::Header<'_>]) -> Vec<(String, String)> {
    let value = |bytes| String::from_utf8_lossy(bytes).into_owned();
    let headers = headers.iter();
    headers
        .map(|header| (header.name.to_owned(), value(header.value)))
        .collect()
}

fn head(line: &str, headers: &[(String, String)]) -> Vec<u8> {
    let mut head = format!("{line}\r\n");
    for (name, value) in headers {
        let is_of_connection = ["connection", "keep-alive"]
            .iter()
            .any(|own| name.eq_ignore_ascii_case(own));
        if !is_of_connection {
            let _ = write!(head, "{name}: {value}\r\n");
        }
    }
    head.push_str("Connection: close\r\n\r\n");
    head.into_bytes()
}

fn invalid(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}
