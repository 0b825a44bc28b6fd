//! Codecs, the other way: a whole page in, a whole page of known size out. Each is a feature;
//! Compression.md of the specification says what each one's bytes are.

#[cfg(feature = "brotli")]
mod brotli;
#[cfg(feature = "gzip")]
mod gzip;
#[cfg(feature = "lz4")]
mod lz4;
#[cfg(feature = "snappy")]
mod snappy;
#[cfg(feature = "zstd")]
mod zstd;

use pq_format::CompressionCodec;

/// Why a page did not decompress.
#[derive(Debug)]
pub(crate) enum Failed {
    /// This build has no such codec, or there is none.
    Unknown,
    /// It has another size than stated; the size, where it is known.
    Size(Option<u64>),
    /// The bytes are not the codec's.
    #[cfg_attr(
        not(any(
            feature = "snappy",
            feature = "gzip",
            feature = "zstd",
            feature = "lz4",
            feature = "brotli"
        )),
        allow(dead_code)
    )]
    Invalid(String),
}

/// What a codec noticed beside the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Noticed {
    /// More than one gzip member.
    pub(crate) members: bool,
}

/// Contexts of codecs, kept between pages.
#[derive(Default)]
pub(crate) struct Decompressor {
    #[cfg(feature = "snappy")]
    snappy: snap::raw::Decoder,
    #[cfg(feature = "zstd")]
    zstd: Option<::zstd::bulk::Decompressor<'static>>,
}

impl std::fmt::Debug for Decompressor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Decompressor")
    }
}

impl Decompressor {
    /// Makes `out` the `len` bytes that `page` stands for.
    pub(crate) fn decompress(
        &mut self,
        codec: CompressionCodec,
        page: &[u8],
        len: usize,
        out: &mut Vec<u8>,
    ) -> Result<Noticed, Failed> {
        out.clear();
        #[allow(unused_mut, reason = "only gzip notices anything")]
        let mut noticed = Noticed::default();
        match codec {
            CompressionCodec::UNCOMPRESSED => out.extend_from_slice(page),
            #[cfg(feature = "snappy")]
            CompressionCodec::SNAPPY => snappy::decompress(&mut self.snappy, page, len, out)?,
            #[cfg(feature = "gzip")]
            CompressionCodec::GZIP => noticed.members = gzip::decompress(page, len, out)? > 1,
            #[cfg(feature = "zstd")]
            CompressionCodec::ZSTD => zstd::decompress(&mut self.zstd, page, len, out)?,
            #[cfg(feature = "lz4")]
            CompressionCodec::LZ4_RAW => lz4::decompress_raw(page, len, out)?,
            #[cfg(feature = "lz4")]
            CompressionCodec::LZ4 => lz4::decompress_hadoop(page, len, out)?,
            #[cfg(feature = "brotli")]
            CompressionCodec::BROTLI => brotli::decompress(page, len, out)?,
            _ => return Err(Failed::Unknown),
        }
        if out.len() == len {
            Ok(noticed)
        } else {
            Err(Failed::Size(Some(out.len() as u64)))
        }
    }
}

/// Reads all of a stream to `out`, but no more than one byte above `len`.
#[cfg(any(feature = "gzip", feature = "brotli"))]
fn read_all(stream: &mut impl std::io::Read, len: usize, out: &mut Vec<u8>) -> Result<(), Failed> {
    use std::io::Read;
    let left = len.saturating_sub(out.len()) as u64;
    stream
        .by_ref()
        .take(left.saturating_add(1))
        .read_to_end(out)
        .map_err(|error| Failed::Invalid(error.to_string()))?;
    if out.len() > len {
        return Err(Failed::Size(None));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
