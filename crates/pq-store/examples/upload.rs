//! Uploads zeros and tells how long it took and how much memory: `upload HOW BYTES S3-URL
//! [KEY=VALUE…]`. HOW is `pq` (overwrites), `absent`, `version`, or `plain`: object_store's own
//! `WriteMultipart`, with its options `part_size` and `upload_concurrency`.

use object_store::aws::AmazonS3Builder;
use object_store::{ObjectStore, ObjectStoreExt, WriteMultipart};
use pq_store::{PutMode, StoreOptions};
use std::error::Error;
use std::time::Instant;
use std::{env, fs};

type Outcome = Result<(), Box<dyn Error>>;

/// What is written at a time.
const PIECE: usize = 1 << 20;

fn main() -> Outcome {
    let usage = "upload pq|absent|version|plain BYTES S3-URL [KEY=VALUE…]";
    let mut arguments = env::args().skip(1);
    let how = arguments.next().ok_or(usage)?;
    let bytes: usize = arguments.next().ok_or(usage)?.parse()?;
    let url = arguments.next().ok_or(usage)?;
    let pairs: Vec<(String, String)> = arguments
        .map(|argument| match argument.split_once('=') {
            Some((key, value)) => Ok((key.to_owned(), value.to_owned())),
            None => Err(usage),
        })
        .collect::<Result<_, _>>()?;
    let start = Instant::now();
    match how.as_str() {
        "plain" => plain(bytes, &url, &pairs)?,
        how => pollster::block_on(ours(how, bytes, &url, pairs))?,
    }
    let seconds = start.elapsed().as_secs_f64();
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    eprintln!(
        "{how}: {seconds:.2} s, {:.0} MB/s, peak memory {}",
        bytes as f64 / seconds / 1e6,
        peak.unwrap_or("unknown").trim()
    );
    Ok(())
}

async fn ours(how: &str, bytes: usize, url: &str, pairs: Vec<(String, String)>) -> Outcome {
    let options: StoreOptions = pairs.into_iter().collect();
    let place = options.open(url)?;
    let mode = match how {
        "pq" => PutMode::Always,
        "absent" => PutMode::IfAbsent,
        "version" => {
            let old = place.store.put(&place.path, b"old", PutMode::Always);
            PutMode::IfVersion(old.await?)
        }
        _ => return Err("HOW is pq, absent, version or plain".into()),
    };
    let mut upload = place.store.open_write(&place.path, mode).await?;
    let zeros = vec![0; PIECE];
    for length in pieces(bytes) {
        upload
            .write(zeros.get(..length).unwrap_or_default())
            .await?;
    }
    upload.finish().await?;
    Ok(())
}

fn plain(bytes: usize, url: &str, pairs: &[(String, String)]) -> Outcome {
    let mut builder = AmazonS3Builder::from_env().with_url(url);
    let (mut part_size, mut concurrency) = (8 << 20, 8);
    for (key, value) in pairs {
        match key.as_str() {
            "part_size" => part_size = value.parse()?,
            "upload_concurrency" => concurrency = value.parse()?,
            key => builder = builder.with_config(key.parse()?, value),
        }
    }
    let store: Box<dyn ObjectStore> = Box::new(builder.build()?);
    let (_, key) = url
        .trim_start_matches("s3://")
        .split_once('/')
        .ok_or("no key")?;
    let path = object_store::path::Path::parse(key)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let upload = store.put_multipart(&path).await?;
        let mut writer = WriteMultipart::new_with_chunk_size(upload, part_size);
        let zeros = vec![0; PIECE];
        for length in pieces(bytes) {
            writer.wait_for_capacity(concurrency).await?;
            writer.write(zeros.get(..length).unwrap_or_default());
        }
        writer.finish().await?;
        Ok(())
    })
}

fn pieces(bytes: usize) -> impl Iterator<Item = usize> {
    let whole = std::iter::repeat_n(PIECE, bytes / PIECE);
    whole.chain(Some(bytes % PIECE).filter(|rest| *rest > 0))
}
