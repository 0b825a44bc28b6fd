use super::*;

/// Text that every codec can shrink.
fn page() -> Vec<u8> {
    (0..5_000u32)
        .flat_map(|value| (value / 7).to_le_bytes())
        .collect()
}

/// Decompresses what is right, and what is too short, too long, cut off or changed.
fn check(codec: CompressionCodec, compressed: &[u8]) {
    let mut decompressor = Decompressor::default();
    let mut out = vec![9; 3];
    let mut run = |bytes: &[u8], len| decompressor.decompress(codec, bytes, len, &mut out);
    assert_eq!(run(compressed, 20_000).unwrap(), Noticed::default());
    assert!(matches!(run(compressed, 19_999), Err(Failed::Size(_))));
    assert!(matches!(run(compressed, 20_001), Err(Failed::Size(_))));
    for len in [0, 1, compressed.len() / 2, compressed.len() - 1] {
        assert!(run(&compressed[..len], 20_000).is_err(), "{codec} {len}");
    }
    assert_eq!(run(compressed, 20_000).unwrap(), Noticed::default());
    assert_eq!(out, page());
}

#[test]
#[cfg(feature = "snappy")]
fn snappy() {
    let bytes = snap::raw::Encoder::new().compress_vec(&page()).unwrap();
    check(CompressionCodec::SNAPPY, &bytes);
}

#[cfg(feature = "gzip")]
fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
    std::io::Write::write_all(&mut encoder, bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
#[cfg(feature = "gzip")]
fn gzip() {
    check(CompressionCodec::GZIP, &gzipped(&page()));
    let page = page();
    let (front, back) = page.split_at(7_777);
    let members = [gzipped(front), gzipped(back)].concat();
    let mut out = Vec::new();
    let noticed = Decompressor::default()
        .decompress(CompressionCodec::GZIP, &members, 20_000, &mut out)
        .unwrap();
    assert!(noticed.members);
    assert_eq!(out, page);
}

#[test]
#[cfg(feature = "zstd")]
fn zstd() {
    let bytes = ::zstd::bulk::compress(&page(), 3).unwrap();
    check(CompressionCodec::ZSTD, &bytes);
}

#[test]
#[cfg(feature = "lz4")]
fn lz4() {
    let bytes = lz4_flex::block::compress(&page());
    check(CompressionCodec::LZ4_RAW, &bytes);
    check(CompressionCodec::LZ4, &bytes);
    let mut framed = Vec::new();
    for part in page().chunks(9_000) {
        let block = lz4_flex::block::compress(part);
        framed.extend((part.len() as u32).to_be_bytes());
        framed.extend((block.len() as u32).to_be_bytes());
        framed.extend(block);
    }
    let mut out = Vec::new();
    Decompressor::default()
        .decompress(CompressionCodec::LZ4, &framed, 20_000, &mut out)
        .unwrap();
    assert_eq!(out, page());
}

#[test]
#[cfg(feature = "brotli")]
fn brotli() {
    let mut bytes = Vec::new();
    let mut encoder = ::brotli::CompressorWriter::new(&mut bytes, 4096, 4, 22);
    std::io::Write::write_all(&mut encoder, &page()).unwrap();
    drop(encoder);
    check(CompressionCodec::BROTLI, &bytes);
}

#[test]
fn without_a_codec_the_size_is_checked() {
    let mut decompressor = Decompressor::default();
    let mut out = Vec::new();
    let mut run = |codec, len| decompressor.decompress(codec, b"page", len, &mut out);
    assert!(run(CompressionCodec::UNCOMPRESSED, 4).is_ok());
    assert!(matches!(
        run(CompressionCodec::UNCOMPRESSED, 5),
        Err(Failed::Size(Some(4)))
    ));
    assert!(matches!(
        run(CompressionCodec::LZO, 4),
        Err(Failed::Unknown)
    ));
}
