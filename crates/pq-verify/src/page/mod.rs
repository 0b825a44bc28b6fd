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
    let mut remarks = Vec::new();
    let opened = match header.version2 {
        None => {
            let len = stated_len(page, 0, notes)?;
            let body = decompress(page.body, codec, len, decompressor, buffer, notes)?;
            read_levels_v1(body, header, leaf, levels, &mut remarks).map(|used| (body, used, codec))
        }
        Some(v2) => {
            let read = read_levels_v2(page.body, v2, leaf, count, levels, &mut remarks);
            let (levels_len, decoded) = read.or_else(|| {
                notes.say(Rule::LevelsByteLength, || {
                    format!("{v2:?} in a page of {} bytes", page.body.len())
                });
                None
            })?;
            let len = stated_len(page, levels_len, notes)?;
            let stored = page.body.get(levels_len..).unwrap_or_default();
            let codec = values_codec(v2, codec, stored, len, notes);
            let values = decompress(stored, codec, len, decompressor, buffer, notes)?;
            decoded.map(|()| (values, 0, codec))
        }
    };
    let decoded = opened.and_then(|(body, levels_len, codec)| {
        let counts = levels.counts(leaf, count);
        let there = counts.definition.last().copied().unwrap_or(0);
        let request = Request {
            leaf,
            encoding: header.encoding,
            count: usize::try_from(there).unwrap_or(0),
            dictionary,
            limit: notes.options.page_bytes,
        };
        let input = body.get(levels_len..).unwrap_or_default();
        let (values, used) = decode(input, request, &mut remarks)?;
        if used != input.len() {
            let text = format!("the values take {used} of {} bytes", input.len());
            let mut fault = Fault::new(Rule::ValuesTrailing, text);
            // Only of bytes that are stored as they are is it known where they are in the file.
            let is_stored = codec == CompressionCodec::UNCOMPRESSED;
            fault.offset = is_stored.then_some(page.body.len() - (input.len() - used));
            remarks.push(fault);
        }
        Ok((counts, values))
    });
    for fault in remarks {
        let byte = fault
            .offset
            .map_or(notes.place.byte, |offset| page.byte(offset));
        notes.say_at(fault.rule, byte, || fault.text);
    }
    match decoded {
        Ok((counts, values)) => Some(Decoded {
            levels,
            counts,
            values,
        }),
        Err(fault) => {
            notes.say(fault.rule, || fault.text);
            None
        }
    }
}

fn read_levels_v1(
    body: &[u8],
    header: DataHeader<'_>,
    leaf: &Leaf,
    levels: &mut Levels,
    remarks: &mut Vec<Fault>,
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
        used += levels::decode(input, max_level, header.num_values, frame, out, remarks)?;
    }
    Ok(used)
}

/// Returns how many bytes levels take, and whether they can be read; `None` if there are not so
/// many bytes.
fn read_levels_v2(
    body: &[u8],
    header: &DataPageHeaderV2,
    leaf: &Leaf,
    count: usize,
    levels: &mut Levels,
    remarks: &mut Vec<Fault>,
) -> Option<(usize, Result<(), Fault>)> {
    let repetition_len = usize::try_from(header.repetition_levels_byte_length).ok()?;
    let definition_len = usize::try_from(header.definition_levels_byte_length).ok()?;
    let (repetition, rest) = body.split_at_checked(repetition_len)?;
    let definition = rest.get(..definition_len)?;
    let mut decode = |input, max_level, out: &mut Vec<u16>| {
        levels::decode(input, max_level, count, Frame::Version2, out, remarks)
    };
    let decoded = decode(repetition, leaf.max_repetition, &mut levels.repetition)
        .and_then(|_| decode(definition, leaf.max_definition, &mut levels.definition))
        .map(|_| ());
    Some((repetition_len + definition_len, decoded))
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
