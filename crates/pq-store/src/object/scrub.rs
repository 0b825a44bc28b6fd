//! Texts of errors without what must not be seen in them.

use crate::path::printable;
use std::fmt;

/// Characters of a text that are kept.
const LONGEST: usize = 600;
/// A shorter secret is not looked for: it would be found everywhere.
const SHORTEST_SECRET: usize = 6;

/// Values that no message may show.
#[derive(Clone, Default)]
pub(super) struct Secrets(Vec<String>);

impl Secrets {
    pub(super) fn add(&mut self, value: &str) {
        if value.len() >= SHORTEST_SECRET {
            self.0.push(value.to_owned());
        }
    }

    /// The text on one line, without secrets, user information and queries of URLs, with no more
    /// of an error document than its code and message.
    pub(super) fn scrub(&self, text: &str) -> String {
        let mut text = without_documents(text);
        for secret in &self.0 {
            text = text.replace(secret.as_str(), "***");
        }
        let text = printable(without_url_secrets(&text).trim());
        match text.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
            None => text,
        }
    }
}

/// Shows nothing of them.
impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets")
    }
}

/// The text up to an XML or HTML document, and the document's code and message: servers put
/// signatures and tokens into the rest.
fn without_documents(text: &str) -> String {
    let starts = [
        "<?xml",
        "<Error",
        "<!DOCTYPE",
        "<!doctype",
        "<html",
        "<HTML",
    ];
    let Some(start) = starts.iter().filter_map(|start| text.find(start)).min() else {
        return text.to_owned();
    };
    let (before, document) = text.split_at(start);
    let parts = [element(document, "Code"), element(document, "Message")];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    format!("{before}{}", parts.join(": "))
}

fn element<'t>(document: &'t str, name: &str) -> Option<&'t str> {
    let (_, rest) = document.split_once(&format!("<{name}>"))?;
    let (content, _) = rest.split_once(&format!("</{name}>"))?;
    Some(content.lines().next().unwrap_or_default())
}

fn without_url_secrets(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, url) = rest.split_at(at + 3);
        clean.push_str(before);
        let ends = |c: char| c.is_whitespace() || "\"'<>`".contains(c);
        let (url, after) = url.split_at(url.find(ends).unwrap_or(url.len()));
        let url = url.split(['?', '#']).next().unwrap_or_default();
        let authority = url.split('/').next().unwrap_or_default();
        let path = url.get(authority.len()..).unwrap_or_default();
        clean.push_str(authority.rsplit('@').next().unwrap_or_default());
        clean.push_str(path);
        rest = after;
    }
    clean.push_str(rest);
    clean
}

#[cfg(test)]
mod tests {
    use super::Secrets;

    #[test]
    fn urls_lose_user_information_and_queries() {
        let secrets = Secrets::default();
        let text = "PUT http://me:pass@host:1/b/a%20b?uploadId=x&sig=y in 1ms, (https://h?q)";
        assert_eq!(
            secrets.scrub(text),
            "PUT http://host:1/b/a%20b in 1ms, (https://h"
        );
    }

    #[test]
    fn documents_lose_all_but_code_and_message() {
        let text = "status 403: <?xml version=\"1.0\"?><Error><Code>InvalidToken</Code>\
                    <Message>It is malformed\nor not.</Message><Token-0>sesame</Token-0></Error>";
        let secrets = Secrets::default();
        assert_eq!(
            secrets.scrub(text),
            "status 403: InvalidToken: It is malformed"
        );
        assert_eq!(secrets.scrub("502: <html><b>Bad</b>"), "502:");
    }

    #[test]
    fn secrets_are_replaced_and_never_shown() {
        let mut secrets = Secrets::default();
        secrets.add("open sesame");
        secrets.add("a");
        assert_eq!(secrets.scrub("a: open sesame\n!"), "a: ***\\n!");
        assert_eq!(format!("{secrets:?}"), "Secrets");
        let long = secrets.scrub(&"é".repeat(1000));
        assert_eq!(long.chars().count(), 601);
    }
}
