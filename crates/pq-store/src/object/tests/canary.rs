//! No error, and nothing that can be shown, has a secret in it.

use super::server::{Reply, Server};
use crate::error::StoreError;
use crate::options::StoreOptions;
use crate::path::StorePath;
use crate::store::{PutMode, ReadRange, Upload};
use pollster::block_on;
use std::error::Error;
use std::fmt::{Debug, Write};

const KEY_ID: &str = "CANARYKEYID0001";
const SECRET: &str = "canary/secret+0002";
const TOKEN: &str = "canary.token=0003";
/// Base64 of a text, as Azure asks for.
const ACCOUNT_KEY: &str = "Y2FuYXJ5LWFjY291bnQta2V5LTAwMDQ=";
const PROXY: &str = "http://canary-user:canary-pass@127.0.0.1:1";

const ALL: [&str; 7] = [
    KEY_ID,
    SECRET,
    TOKEN,
    ACCOUNT_KEY,
    "canary-user",
    "canary-pass",
    "canary",
];

fn check(what: &str, text: &str) {
    for secret in ALL {
        assert!(!text.contains(secret), "{what} shows {secret}: {text}");
    }
}

fn check_error(what: &str, error: &StoreError) {
    let mut text = format!("{error:?} {error:#?} {error}");
    let mut cause: Option<&dyn Error> = error.source();
    while let Some(error) = cause {
        let _ = write!(text, " {error:?} {error}");
        cause = error.source();
    }
    check(what, &text);
}

fn check_shown(what: &str, shown: &dyn Debug) {
    check(what, &format!("{shown:?} {shown:#?}"));
}

/// The three clouds with their secrets, at this address.
fn places(url: &str) -> [(&'static str, StoreOptions); 3] {
    let common = |options: StoreOptions| {
        options
            .set("allow_http", "true")
            .set("max_retries", "0")
            .set("timeout", "2s")
    };
    let account = format!("{url}/account");
    [
        (
            "s3://bucket/d/x",
            common(StoreOptions::new())
                .set("endpoint", url)
                .set("access_key_id", KEY_ID)
                .set("secret_access_key", SECRET)
                .set("session_token", TOKEN),
        ),
        (
            "gs://bucket/d/x",
            common(StoreOptions::new())
                .set("base_url", url)
                .set("bearer_token", TOKEN),
        ),
        (
            "az://container/d/x",
            common(StoreOptions::new())
                .set("account_name", "account")
                .set("endpoint", account)
                .set("account_key", ACCOUNT_KEY),
        ),
    ]
}

/// Every operation, with every mode; each may end as it will.
fn use_all(url: &str, options: &StoreOptions) {
    let place = match options.open(url) {
        Ok(place) => place,
        Err(error) => return check_error(url, &error),
    };
    check_shown(url, &place);
    let (store, path) = (&*place.store, &place.path);
    let check = |what: &str, result: Result<(), StoreError>| {
        if let Err(error) = result {
            check_error(what, &error);
        }
    };
    for range in [ReadRange::All, ReadRange::Bytes(1..2), ReadRange::Suffix(8)] {
        check("read", block_on(store.read(path, range)).map(drop));
    }
    check("list", block_on(store.list(path)).map(drop));
    check("list", block_on(store.list(&StorePath::root())).map(drop));
    check("leftovers", block_on(store.leftovers(path)).map(drop));
    check("delete", block_on(store.delete(path)));
    let version = crate::Version::new("t|1|etag");
    for mode in [
        PutMode::Always,
        PutMode::IfAbsent,
        PutMode::IfVersion(version),
    ] {
        check(
            "put",
            block_on(store.put(path, b"x", mode.clone())).map(drop),
        );
        match block_on(store.open_write(path, mode)) {
            Ok(upload) => use_upload(upload, path),
            Err(error) => check_error("open_write", &error),
        }
    }
}

fn use_upload(mut upload: Box<dyn Upload>, path: &StorePath) {
    check_shown("upload", &upload);
    if let Err(error) = block_on(upload.copy_from(path, 0..1)) {
        check_error("copy_from", &error);
    }
    if let Err(error) = block_on(upload.write(&vec![0; 9 << 20])) {
        check_error("write", &error);
    }
    if let Err(error) = block_on(upload.finish()) {
        check_error("finish", &error);
    }
}

/// A document as servers send it, with all that they know of the request.
fn document() -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<Error><Code>InvalidToken</Code><Message>No.\n{TOKEN}</Message>\
         <Token-0>{TOKEN}</Token-0><AWSAccessKeyId>{KEY_ID}</AWSAccessKeyId>\
         <StringToSign>{SECRET} {ACCOUNT_KEY}</StringToSign></Error>"
    )
}

/// What a server could repeat of what it was told.
fn repeated(url: &str) -> String {
    let secrets: &[&str] = match url.split_once(':') {
        Some(("s3", _)) => &[KEY_ID, SECRET, TOKEN],
        Some(("gs", _)) => &[TOKEN],
        _ => &[ACCOUNT_KEY],
    };
    format!("You said {}.", secrets.join(" and "))
}

#[test]
fn the_answers_of_servers_are_not_repeated() {
    for status in [200, 301, 400, 401, 403, 404, 409, 412, 416, 500, 503] {
        for (index, (url, _)) in places("").into_iter().enumerate() {
            for body in [document(), repeated(url)] {
                let elsewhere = format!("{}/?{TOKEN}", PROXY);
                let server = Server::start(move |_| {
                    let location = ("Location", elsewhere.clone());
                    Reply::Answer(status, vec![location], body.clone())
                });
                let (url, options) = &places(&server.url)[index];
                use_all(url, options);
            }
        }
    }
}

#[test]
fn stores_that_cannot_be_reached_are_not_told_what_nobody_should_know() {
    for (url, options) in places(&Server::nowhere()) {
        use_all(url, &options);
        use_all(url, &options.clone().set("proxy_url", PROXY));
        // Plain http, and not allowed.
        let error = options.set("allow_http", "false").open(url).unwrap_err();
        assert!(error.to_string().contains("allow_http=true"), "{error}");
        check_error(url, &error);
    }
    let silent = Server::start(|_| Reply::Silence);
    for (url, options) in places(&silent.url) {
        use_all(url, &options);
    }
}

#[test]
fn bad_options_are_named_without_their_values() {
    let bad = format!("{SECRET}\r\n{TOKEN}");
    let nowhere = Server::nowhere();
    for (url, options) in places(&nowhere) {
        for (key, value) in [
            ("timeout", SECRET),
            ("http2_max_frame_size", SECRET),
            ("allow_http", SECRET),
            ("user_agent", &bad),
            ("proxy_url", &bad),
            ("proxy_url", "canary://:"),
            ("skip_signature", SECRET),
            ("part_size", SECRET),
            ("conditional_put", SECRET),
            ("no_such_option", SECRET),
        ] {
            let error = options.clone().set(key, value).open(url).unwrap_err();
            let is_named = matches!(
                &error,
                StoreError::InvalidOption { option, .. }
                    if option == key || key == "allow_http"
            );
            assert!(is_named, "{url} {key}: {error:?}");
            check_error(key, &error);
        }
    }
    for (url, key) in [
        ("s3://b/k", "secret_access_key"),
        ("s3://b/k", "session_token"),
        ("s3://b/k", "endpoint"),
        ("s3://b/k", "region"),
        ("s3://b/k", "sse_customer_key_base64"),
        ("gs://b/k", "bearer_token"),
        ("gs://b/k", "service_account_key"),
        ("az://b/k", "account_key"),
        ("az://b/k", "sas_token"),
        ("az://b/k", "account_name"),
    ] {
        for value in [
            &bad,
            SECRET,
            "canary://canary@canary?canary",
            "{canary",
            "%",
        ] {
            let options = StoreOptions::new().set(key, value).set("max_retries", "0");
            check_shown(key, &options);
            if let Err(error) = options.open(url) {
                check_error(key, &error);
            }
        }
    }
}

#[test]
fn bad_urls_are_shown_without_what_may_be_secret() {
    for url in [
        format!("s3://{KEY_ID}:{SECRET}@bucket/x"),
        format!("s3://bucket/x?token={TOKEN}"),
        format!("gs://bucket/x#{TOKEN}"),
        format!("az://{TOKEN}@account/x"),
        format!("abfss://c@account.dfs.core.windows.net/x?sig={ACCOUNT_KEY}"),
        format!("abfss://{TOKEN}@elsewhere/x"),
        format!("https://{TOKEN}@host/x"),
    ] {
        let error = StoreOptions::new().open(&url).unwrap_err();
        assert!(matches!(error, StoreError::InvalidUrl { .. }), "{error}");
        check_error("URL", &error);
    }
}

#[test]
fn near_options_are_named() {
    let options = StoreOptions::new().set("acess_key", SECRET);
    let error = options.open("s3://bucket/x").unwrap_err();
    assert_eq!(
        error.to_string(),
        "option acess_key: is no option of this store; near are access_key_id"
    );
}
