//! One page: checksum, codec, levels, values.

mod levels;
mod runs;
mod values;

pub(crate) use levels::{Counts, Levels};
pub(crate) use values::{Request, Values, decode};

use crate::decompress::{Decompressor, Failed};
use crate::file::Extent;
use crate::notes::Notes;
use crate::rule::Rule;
use crate::schema::Leaf;
use levels::Frame;
use pq_format::{CompressionCodec, DataPageHeaderV2, Encoding, PageHeader};
use values::Fault;

/// A page as it is stored.
#[derive(Debug)]
pub(crate) struct RawPage<'a> {
    pub(crate) header: PageHeader,
    /// Header and body.
    pub(crate) extent: Extent,
    pub(crate) header_len: usize,
    pub(crate) body: &'a [u8],
}

/// What page after page uses.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    decompressor: Decompressor,
    buffer: Vec<u8>,
    levels: Levels,
}

/// A data page's levels and values.
#[derive(Debug)]
pub(crate) struct Decoded<'a> {
    pub(crate) levels: &'a Levels,
    pub(crate) counts: Counts,
    pub(crate) values: Values<'a>,
}

/// What a data page's header says, whatever its version.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DataHeader<'a> {
    pub(crate) num_values: usize,
    pub(crate) encoding: Encoding,
    pub(crate) repetition_encoding: Encoding,
    pub(crate) definition_encoding: Encoding,
    pub(crate) statistics: Option<&'a pq_format::Statistics>,
    pub(crate) version2: Option<&'a DataPageHeaderV2>,
}

impl<'a> DataHeader<'a> {
    /// `None` of other pages.
    pub(crate) fn of(header: &'a PageHeader) -> Option<Self> {
        if let Some(v1) = &header.data_page_header {
            return Some(Self {
                num_values: usize::try_from(v1.num_values).unwrap_or(0),
                encoding: v1.encoding,
                repetition_encoding: v1.repetition_level_encoding,
                definition_encoding: v1.definition_level_encoding,
                statistics: v1.statistics.as_ref(),
                version2: None,
            });
        }
        let v2 = header.data_page_header_v2.as_ref()?;
        Some(Self {
            num_values: usize::try_from(v2.num_values).unwrap_or(0),
            encoding: v2.encoding,
            repetition_encoding: Encoding::RLE,
            definition_encoding: Encoding::RLE,
            statistics: v2.statistics.as_ref(),
            version2: Some(v2),
        })
    }
}

impl RawPage<'_> {
    /// Where a byte of the body is in the file.
    fn byte(&self, offset: usize) -> Option<u64> {
        Some(self.extent.start + (self.header_len + offset) as u64)
    }

    pub(crate) fn check_crc(&self, notes: &mut Notes<'_>) {
        if let Some(stated) = self.header.crc {
            let crc = crc32fast::hash(self.body);
            notes.check(Rule::PageCrc, stated.cast_unsigned() == crc, || {
                format!("{:08x}, should be {crc:08x}", stated.cast_unsigned())
            });
        }
    }
}

/// The body of a page without compressed levels, decompressed.
pub(crate) fn open<'a>(
    page: &RawPage<'a>,
    codec: CompressionCodec,
    scratch: &'a mut Scratch,
    notes: &mut Notes<'_>,
) -> Option<&'a [u8]> {
    let len = stated_len(page, 0, notes)?;
    let Scratch {
        decompressor,
        buffer,
        ..
    } = scratch;
    decompress(page.body, codec, len, decompressor, buffer, notes)
}

/// How many bytes there are without compression, those of levels left out.
fn stated_len(page: &RawPage<'_>, levels: usize, notes: &mut Notes<'_>) -> Option<usize> {
    let stated = page.header.uncompressed_page_size;
    let len = usize::try_from(stated).unwrap_or(0);
    if len > notes.options.page_bytes {
        notes.say(Rule::Limit, || format!("a page of {len} bytes"));
        return None;
    }
    let rest = len.checked_sub(levels);
    if rest.is_none() {
        notes.say(Rule::PageUncompressedSize, || {
            format!("{stated} bytes, the levels take {levels}")
        });
    }
    rest
}

fn decompress<'a>(
    body: &'a [u8],
    codec: CompressionCodec,
    len: usize,
    decompressor: &mut Decompressor,
    buffer: &'a mut Vec<u8>,
    notes: &mut Notes<'_>,
) -> Option<&'a [u8]> {
    let size = |size: Option<u64>| match size {
        Some(size) => format!("{size} bytes, {len} are stated"),
        None => format!("more than the {len} bytes stated"),
    };
    if codec == CompressionCodec::UNCOMPRESSED {
        let fits = body.len() == len;
        notes.check(Rule::PageUncompressedSize, fits, || {
            size(Some(body.len() as u64))
        });
        return fits.then_some(body);
    }
    match decompressor.decompress(codec, body, len, buffer) {
        Ok(noticed) => {
            notes.check(Rule::GzipMembers, !noticed.members, || {
                "more than one gzip member".to_owned()
            });
            return Some(buffer);
        }
        Err(Failed::Unknown) => notes.say(Rule::CodecUnknown, || format!("{codec:?}")),
        Err(Failed::Size(found)) => notes.say(Rule::PageUncompressedSize, || size(found)),
        Err(Failed::Invalid(reason)) => {
            notes.say(Rule::PageCompression, || format!("{codec:?}: {reason}"))
        }
    }
    None
}

/// Decodes a data page; `None` where a fault, which is noted, keeps it from being read.
pub(crate) fn decode_data<'a>(
    page: &RawPage<'a>,
    leaf: &'a Leaf,
    codec: CompressionCodec,
    dictionary: Option<&'a Values<'static>>,
    scratch: &'a mut Scratch,
    notes: &mut Notes<'_>,
) -> Option<Decoded<'a>> {
    let header = DataHeader::of(&page.header)?;
    let count = header.num_values;
    if count > notes.options.page_values {
        notes.say(Rule::Limit, || format!("a page of {count} values"));
        return None;
    }
    let Scratch {
        decompressor,
        buffer,
        levels,
    } = scratch;
    let opened = match header.version2 {
        None => {
            let len = stated_len(page, 0, notes)?;
            let body = decompress(page.body, codec, len, decompressor, buffer, notes)?;
            read_levels_v1(body, header, leaf, levels).map(|used| (body, used, body))
        }
        Some(v2) => {
            let (levels_len, bytes) = read_levels_v2(page.body, v2, leaf, count, levels, notes)?;
            let len = stated_len(page, levels_len, notes)?;
            let stored = page.body.get(levels_len..).unwrap_or_default();
            let codec = values_codec(v2, codec, stored, len, notes);
            let values = decompress(stored, codec, len, decompressor, buffer, notes)?;
            bytes.map(|()| (values, 0, stored))
        }
    };
    let (body, levels_len, stored) = match opened {
        Ok(opened) => opened,
        Err(fault) => {
            say(
                fault,
                page,
                0,
                codec == CompressionCodec::UNCOMPRESSED,
                notes,
            );
            return None;
        }
    };
    let counts = levels.counts(leaf, count);
    let request = Request {
        leaf,
        encoding: header.encoding,
        count: usize::try_from(counts.definition.last().copied().unwrap_or(0)).unwrap_or(0),
        dictionary,
        limit: notes.options.page_bytes,
    };
    let input = body.get(levels_len..).unwrap_or_default();
    // Only of bytes that are stored as they are is it known where they are in the file.
    let stored_as_is = std::ptr::eq(body, stored)
        && std::ptr::eq(body.as_ptr_range().end, page.body.as_ptr_range().end);
    let base = page.body.len().saturating_sub(input.len());
    match decode(input, request) {
        Ok((values, used)) if used == input.len() => Some(Decoded {
            levels,
            counts,
            values,
        }),
        Ok((_, used)) => {
            let mut fault = Fault::new(
                Rule::ValuesTrailing,
                format!("the values take {used} of {} bytes", input.len()),
            );
            fault.offset = Some(used);
            say(fault, page, base, stored_as_is, notes);
            None
        }
        Err(fault) => {
            say(fault, page, base, stored_as_is, notes);
            None
        }
    }
}

/// Notes a fault at its byte if that is known, else at the page.
fn say(fault: Fault, page: &RawPage<'_>, base: usize, is_stored: bool, notes: &mut Notes<'_>) {
    let byte = match fault.offset {
        Some(offset) if is_stored => page.byte(base + offset),
        _ => notes.place.byte,
    };
    notes.say_at(fault.rule, byte, || fault.text);
}

fn read_levels_v1(
    body: &[u8],
    header: DataHeader<'_>,
    leaf: &Leaf,
    levels: &mut Levels,
) -> Result<usize, Fault> {
    let mut used = 0;
    for (encoding, max_level, out) in [
        (
            header.repetition_encoding,
            leaf.max_repetition,
            &mut levels.repetition,
        ),
        (
            header.definition_encoding,
            leaf.max_definition,
            &mut levels.definition,
        ),
    ] {
        let known = matches!(encoding, Encoding::RLE | Encoding::BIT_PACKED);
        if max_level > 0 && !known {
            return Err(Fault::new(Rule::LevelEncoding, format!("{encoding:?}")));
        }
        let input = body.get(used..).unwrap_or_default();
        let frame = Frame::Version1(encoding);
        used += levels::decode(input, max_level, header.num_values, frame, out)?;
    }
    Ok(used)
}

/// Returns how many bytes levels take, and whether they are what they should be.
fn read_levels_v2(
    body: &[u8],
    header: &DataPageHeaderV2,
    leaf: &Leaf,
    count: usize,
    levels: &mut Levels,
    notes: &mut Notes<'_>,
) -> Option<(usize, Result<(), Fault>)> {
    let stated = (
        header.repetition_levels_byte_length,
        header.definition_levels_byte_length,
    );
    let split = || {
        let (repetition, rest) = body.split_at_checked(usize::try_from(stated.0).ok()?)?;
        let definition = rest.get(..usize::try_from(stated.1).ok()?)?;
        Some((repetition, definition))
    };
    let Some((repetition, definition)) = split() else {
        notes.say(Rule::LevelsByteLength, || {
            format!("{stated:?} bytes of levels in a page of {}", body.len())
        });
        return None;
    };
    let decode = |input, max_level, out: &mut Vec<u16>| {
        levels::decode(input, max_level, count, Frame::Version2, out)
    };
    let decoded = decode(repetition, leaf.max_repetition, &mut levels.repetition)
        .and_then(|_| decode(definition, leaf.max_definition, &mut levels.definition))
        .map(|_| ());
    Some((repetition.len() + definition.len(), decoded))
}

/// How the values of a page v2 are compressed.
fn values_codec(
    header: &DataPageHeaderV2,
    codec: CompressionCodec,
    stored: &[u8],
    len: usize,
    notes: &mut Notes<'_>,
) -> CompressionCodec {
    if header.is_compressed == Some(false) {
        return CompressionCodec::UNCOMPRESSED;
    }
    if codec != CompressionCodec::UNCOMPRESSED && stored.is_empty() && len == 0 {
        notes.say(Rule::EmptyCompressed, || {
            "no bytes of values, and is_compressed".to_owned()
        });
        return CompressionCodec::UNCOMPRESSED;
    }
    codec
}
