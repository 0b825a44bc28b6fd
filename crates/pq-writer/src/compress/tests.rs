use super::*;

/// Text that every codec can shrink.
fn page() -> Vec<u8> {
    (0..5_000u32)
        .flat_map(|value| (value / 7).to_le_bytes())
        .collect()
}

fn compressed(compression: Compression) -> Vec<u8> {
    let mut compressor = Compressor::new(compression).unwrap();
    let (page, mut room) = (page(), Vec::new());
    let first = compressor.compress(&page, &mut room).unwrap().to_vec();
    assert!(first.len() < page.len());
    let again = compressor.compress(&page, &mut room).unwrap();
    assert_eq!(
        first, again,
        "a context that was used before gives the same bytes"
    );
    first
}

#[test]
#[cfg(feature = "snappy")]
fn snappy_pages_decode() {
    let bytes = compressed(Compression::Snappy);
    assert_eq!(
        snap::raw::Decoder::new().decompress_vec(&bytes).unwrap(),
        page()
    );
}

#[test]
#[cfg(feature = "gzip")]
fn gzip_pages_decode_as_one_member() {
    let mut decoded = Vec::new();
    let bytes = compressed(Compression::Gzip(None));
    std::io::Read::read_to_end(
        &mut flate2::read::GzDecoder::new(bytes.as_slice()),
        &mut decoded,
    )
    .unwrap();
    assert_eq!(decoded, page());
    assert!(Compressor::new(Compression::Gzip(Some(10))).is_err());
}

#[test]
#[cfg(feature = "zstd")]
fn zstd_pages_decode() {
    let bytes = compressed(Compression::Zstd(Some(3)));
    assert_eq!(
        ::zstd::bulk::decompress(&bytes, page().len()).unwrap(),
        page()
    );
    assert!(Compressor::new(Compression::Zstd(Some(23))).is_err());
}

#[test]
#[cfg(feature = "lz4")]
fn lz4_pages_decode_as_one_block() {
    let bytes = compressed(Compression::Lz4Raw);
    assert_eq!(
        lz4_flex::block::decompress(&bytes, page().len()).unwrap(),
        page()
    );
}

#[test]
#[cfg(feature = "brotli")]
fn brotli_pages_decode() {
    let mut decoded = Vec::new();
    let bytes = compressed(Compression::Brotli(Some(4)));
    std::io::Read::read_to_end(
        &mut ::brotli::Decompressor::new(bytes.as_slice(), 4096),
        &mut decoded,
    )
    .unwrap();
    assert_eq!(decoded, page());
    assert!(Compressor::new(Compression::Brotli(Some(12))).is_err());
}

#[test]
fn without_a_codec_the_page_is_passed_on() {
    let mut out = Vec::new();
    let mut none = Compressor::new(Compression::Uncompressed).unwrap();
    assert_eq!(none.compress(b"as it is", &mut out).unwrap(), b"as it is");
    assert!(out.is_empty());
}
