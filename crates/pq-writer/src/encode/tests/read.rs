//! A reader of chunks that checks what it is told on the way.

use super::super::EncodedChunk;
use crate::schema::Leaf;
use pq_encoding::{
    alp, byte_stream_split, delta_binary_packed, delta_byte_array, delta_length_byte_array, levels,
    plain, rle,
};
use pq_format::{CompressionCodec, Encoding, PageHeader, PageType, Type};

/// What a chunk says.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub(super) definition: Vec<u16>,
    pub(super) repetition: Vec<u16>,
    /// Each value, PLAIN without the length.
    pub(super) values: Vec<Vec<u8>>,
    pub(super) pages: Vec<PageHeader>,
}

pub(super) fn read(leaf: &Leaf, encoded: &EncodedChunk, bytes: &[u8]) -> Read {
    let metadata = &encoded.metadata;
    let index = encoded.offset_index.as_ref().unwrap();
    let mut read = Read::default();
    let mut dictionary = None;
    let (mut at, mut uncompressed, mut data_pages) = (0, 0, 0);
    while at < bytes.len() {
        let (header, header_len): (PageHeader, usize) = pq_format::decode(&bytes[at..]).unwrap();
        let len = header.compressed_page_size as usize;
        let stored = &bytes[at + header_len..][..len];
        if let Some(crc) = header.crc {
            assert_eq!(crc as u32, crc32fast::hash(stored));
        }
        let size = header.uncompressed_page_size as usize;
        uncompressed += header_len + size;
        if header.r#type == PageType::DICTIONARY_PAGE {
            assert_eq!((at, metadata.dictionary_page_offset), (0, Some(0)));
            let of = header.dictionary_page_header.as_ref().unwrap();
            assert_eq!(of.encoding, Encoding::PLAIN);
            let body = decompressed(metadata.codec, stored, size);
            let count = of.num_values as usize;
            dictionary = Some(values(leaf, Encoding::PLAIN, count, &body, None));
        } else {
            if data_pages == 0 {
                assert_eq!(metadata.data_page_offset, at as i64);
            }
            let location = &index.page_locations[data_pages];
            assert_eq!(location.offset, at as i64);
            assert_eq!(location.compressed_page_size as usize, header_len + len);
            assert_eq!(location.first_row_index as usize, rows(&read));
            data_pages += 1;
            data_page(
                leaf,
                metadata.codec,
                &header,
                stored,
                dictionary.as_deref(),
                &mut read,
            );
        }
        at += header_len + len;
        read.pages.push(header);
    }
    assert_eq!(index.page_locations.len(), data_pages);
    assert_eq!(metadata.total_compressed_size as usize, bytes.len());
    assert_eq!(metadata.total_uncompressed_size as usize, uncompressed);
    assert_eq!(metadata.num_values as usize, read.definition.len());
    check_encodings(leaf, encoded, &read.pages);
    read
}

/// Rows of the pages so far.
fn rows(read: &Read) -> usize {
    read.repetition.iter().filter(|&&level| level == 0).count()
}

fn check_encodings(leaf: &Leaf, encoded: &EncodedChunk, pages: &[PageHeader]) {
    let mut used = Vec::new();
    let mut add = |encoding| {
        if !used.contains(&encoding) {
            used.push(encoding);
        }
    };
    for page in pages {
        add(encoding_of(page));
        if leaf.max_definition > 0 && page.r#type != PageType::DICTIONARY_PAGE {
            add(Encoding::RLE);
        }
    }
    let mut stated = encoded.metadata.encodings.iter().collect::<Vec<_>>();
    if !pages.is_empty() {
        stated.sort_by_key(|encoding| encoding.0);
        used.sort_by_key(|encoding| encoding.0);
        assert_eq!(stated, used);
    }
    let stats = encoded.metadata.encoding_stats.as_ref().unwrap();
    for page in pages {
        let alike = |other: &&PageHeader| {
            (other.r#type, encoding_of(other)) == (page.r#type, encoding_of(page))
        };
        let count = pages.iter().filter(alike).count();
        let stated = stats
            .iter()
            .find(|stat| (stat.page_type, stat.encoding) == (page.r#type, encoding_of(page)));
        assert_eq!(stated.map(|stat| stat.count as usize), Some(count));
    }
}

pub(super) fn encoding_of(page: &PageHeader) -> Encoding {
    let v1 = page.data_page_header.as_ref().map(|page| page.encoding);
    let v2 = page.data_page_header_v2.as_ref().map(|page| page.encoding);
    v1.or(v2).unwrap_or(Encoding::PLAIN)
}

fn decompressed(codec: CompressionCodec, stored: &[u8], size: usize) -> Vec<u8> {
    let body = match codec {
        CompressionCodec::UNCOMPRESSED => stored.to_vec(),
        #[cfg(feature = "snappy")]
        CompressionCodec::SNAPPY => snap::raw::Decoder::new().decompress_vec(stored).unwrap(),
        other => panic!("{other:?} is not tested here"),
    };
    assert_eq!(body.len(), size);
    body
}

fn data_page(
    leaf: &Leaf,
    codec: CompressionCodec,
    header: &PageHeader,
    stored: &[u8],
    dictionary: Option<&[Vec<u8>]>,
    read: &mut Read,
) {
    let size = header.uncompressed_page_size as usize;
    let first = read.definition.len();
    let (body, entries, at) = if let Some(of) = &header.data_page_header {
        assert_eq!(header.r#type, PageType::DATA_PAGE);
        let body = decompressed(codec, stored, size);
        let entries = of.num_values as usize;
        let (mut repetition, mut definition) = (vec![0; entries], vec![0; entries]);
        let mut at = levels::decode_v1(&body, leaf.max_repetition, &mut repetition).unwrap();
        at += levels::decode_v1(&body[at..], leaf.max_definition, &mut definition).unwrap();
        read.repetition.extend(repetition);
        read.definition.extend(definition);
        (body, entries, at)
    } else {
        assert_eq!(header.r#type, PageType::DATA_PAGE_V2);
        let of = header.data_page_header_v2.as_ref().unwrap();
        let entries = of.num_values as usize;
        let (mut repetition, mut definition) = (vec![0; entries], vec![0; entries]);
        let repetition_len = of.repetition_levels_byte_length as usize;
        let at = repetition_len + of.definition_levels_byte_length as usize;
        let used = levels::decode_v2(
            &stored[..repetition_len],
            leaf.max_repetition,
            &mut repetition,
        );
        assert_eq!(used, Ok(repetition_len));
        let used = levels::decode_v2(
            &stored[repetition_len..at],
            leaf.max_definition,
            &mut definition,
        );
        assert_eq!(used, Ok(at - repetition_len));
        let starts = repetition.iter().filter(|&&level| level == 0).count();
        assert_eq!(of.num_rows as usize, starts);
        let nulls = definition
            .iter()
            .filter(|&&level| level < leaf.max_definition)
            .count();
        assert_eq!(of.num_nulls as usize, nulls);
        read.repetition.extend(repetition);
        read.definition.extend(definition);
        let values = match of.is_compressed {
            Some(false) => stored[at..].to_vec(),
            _ => decompressed(codec, &stored[at..], size - at),
        };
        assert_eq!(at + values.len(), size);
        (values, entries, 0)
    };
    assert_eq!(read.repetition[first], 0, "a page starts with a row");
    let present = read.definition[first..first + entries]
        .iter()
        .filter(|&&level| level == leaf.max_definition)
        .count();
    let encoding = encoding_of(header);
    read.values
        .extend(values(leaf, encoding, present, &body[at..], dictionary));
}

fn values(
    leaf: &Leaf,
    encoding: Encoding,
    count: usize,
    body: &[u8],
    dictionary: Option<&[Vec<u8>]>,
) -> Vec<Vec<u8>> {
    if encoding == Encoding::RLE_DICTIONARY {
        let mut codes = vec![0; count];
        let used = rle::decode_u32(&body[1..], body[0], &mut codes).unwrap();
        assert_eq!(used + 1, body.len());
        let entries = dictionary.unwrap();
        return codes
            .iter()
            .map(|&code| entries[code as usize].clone())
            .collect();
    }
    macro_rules! numbers {
        ($number:ident, $plain:ident, $split:ident, $($other:ident => $decode:expr)?) => {{
            let mut values = vec![$number::default(); count];
            let used = match encoding {
                Encoding::PLAIN => plain::$plain(body, &mut values),
                Encoding::BYTE_STREAM_SPLIT => byte_stream_split::$split(body, &mut values),
                $(Encoding::$other => $decode(body, &mut values),)?
                other => panic!("{other:?}"),
            };
            assert_eq!(used, Ok(body.len()));
            values.iter().map(|value| value.to_le_bytes().to_vec()).collect()
        }};
    }
    match leaf.physical {
        Type::BOOLEAN => {
            let mut values = vec![false; count];
            match encoding {
                Encoding::PLAIN => plain::decode_booleans(body, &mut values).unwrap(),
                Encoding::RLE => rle::booleans::decode(body, &mut values).unwrap(),
                other => panic!("{other:?}"),
            };
            values.iter().map(|&value| vec![value.into()]).collect()
        }
        Type::INT32 => numbers!(i32, decode_i32, decode_i32,
            DELTA_BINARY_PACKED => delta_binary_packed::decode_i32),
        Type::INT64 => numbers!(i64, decode_i64, decode_i64,
            DELTA_BINARY_PACKED => delta_binary_packed::decode_i64),
        Type::FLOAT => numbers!(f32, decode_f32, decode_f32, ALP => alp::decode_f32),
        Type::DOUBLE => numbers!(f64, decode_f64, decode_f64, ALP => alp::decode_f64),
        Type::BYTE_ARRAY => byte_arrays(encoding, count, body),
        _ => fixed(leaf.fixed_width(), encoding, count, body),
    }
}

fn byte_arrays(encoding: Encoding, count: usize, body: &[u8]) -> Vec<Vec<u8>> {
    let mut offsets = vec![0_i32; count + 1];
    let mut data;
    match encoding {
        Encoding::PLAIN => {
            data = vec![0; body.len()];
            let used = plain::decode_byte_arrays(body, &mut offsets, &mut data);
            assert_eq!(used, Ok(body.len()));
        }
        Encoding::DELTA_LENGTH_BYTE_ARRAY => {
            let (bytes, used) = delta_length_byte_array::decode(body, &mut offsets).unwrap();
            assert_eq!(used, body.len());
            data = bytes.to_vec();
        }
        Encoding::DELTA_BYTE_ARRAY => {
            data = vec![0; delta_byte_array::decoded_len(body, count).unwrap()];
            let used = delta_byte_array::decode(body, &mut offsets, &mut data);
            assert_eq!(used, Ok(body.len()));
        }
        other => panic!("{other:?}"),
    }
    offsets
        .windows(2)
        .map(|pair| data[pair[0] as usize..pair[1] as usize].to_vec())
        .collect()
}

fn fixed(width: usize, encoding: Encoding, count: usize, body: &[u8]) -> Vec<Vec<u8>> {
    let mut data = vec![0; count * width];
    match encoding {
        Encoding::PLAIN => data.copy_from_slice(plain::decode_fixed(body, width, count).unwrap()),
        Encoding::BYTE_STREAM_SPLIT => {
            byte_stream_split::decode_fixed(body, width, &mut data).unwrap();
        }
        Encoding::DELTA_BYTE_ARRAY => {
            let used = delta_byte_array::decode_fixed(body, width, count, &mut data);
            assert_eq!(used, Ok(body.len()));
        }
        other => panic!("{other:?}"),
    }
    data.chunks(width).map(<[u8]>::to_vec).collect()
}
