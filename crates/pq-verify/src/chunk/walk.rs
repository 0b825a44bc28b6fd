//! From page to page of a column chunk.

use crate::file::Extent;
use crate::notes::Notes;
use crate::page::RawPage;
use crate::rule::Rule;
use crate::source::{Source, Window};
use pq_format::{ColumnMetaData, PageHeader, PageType};

/// The bytes in which the header of a page is sought, one after the other.
const HEADERS: [usize; 3] = [1 << 14, 1 << 20, 1 << 26];

/// What a walk saw.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Walked {
    /// Whether all pages could be found.
    pub(crate) whole: bool,
    /// Bytes of all pages, headers included.
    pub(crate) compressed: u64,
    /// The same before compression.
    pub(crate) uncompressed: u64,
    /// Values of data pages, as their headers state them.
    pub(crate) values: u64,
    pub(crate) dictionary_offset: Option<u64>,
    pub(crate) data_offset: Option<u64>,
}

/// Where the first page of a chunk should be.
pub(crate) fn first_page(chunk: &ColumnMetaData) -> Option<u64> {
    let offset = |offset: i64| u64::try_from(offset).ok().filter(|&offset| offset > 0);
    let data = offset(chunk.data_page_offset);
    let dictionary = chunk.dictionary_page_offset.and_then(offset);
    // A chunk of no values may have a dictionary only.
    data.into_iter().chain(dictionary).min()
}

/// Calls `each` with the pages of a chunk, as many as can be found.
pub(crate) fn walk<S: Source + ?Sized>(
    source: &mut S,
    chunk: &ColumnMetaData,
    stated: Extent,
    data: Extent,
    notes: &mut Notes<'_>,
    mut each: impl FnMut(&RawPage<'_>, &mut Notes<'_>),
) -> Walked {
    let mut walked = Walked::default();
    let mut window = Window::new(source, stated.end, data.end);
    let mut position = stated.start;
    let num_values = u64::try_from(chunk.num_values).unwrap_or(0);
    let mut page = 0;
    while position < stated.end {
        notes.place.page = Some(page);
        notes.place.byte = Some(position);
        // Behind the last value there should be nothing, and only what is stated is looked at.
        let is_behind = walked.values == num_values && page > 0;
        let most = if is_behind { stated.end } else { data.end } - position;
        let (header, header_len) = match read_header(&mut window, position, most) {
            Ok(read) => read,
            Err(_) if is_behind => {
                // Bytes behind the last page: the size is wrong, and is compared with the pages'.
                walked.whole = true;
                return walked;
            }
            Err(Fault { rule, text }) => {
                notes.say(rule, || text);
                return walked;
            }
        };
        if !check_header(&header, notes) {
            return walked;
        }
        let len = usize::try_from(header.compressed_page_size).unwrap_or(0);
        let start = position + header_len as u64;
        let extent = Extent::new(position, start.saturating_add(len as u64));
        if extent.end > data.end {
            notes.say(Rule::ChunkRange, || {
                format!("a page of {len} bytes reaches into the footer")
            });
            return walked;
        }
        let uncompressed = u64::try_from(header.uncompressed_page_size).unwrap_or(0);
        walked.compressed = walked.compressed.saturating_add(extent.len());
        walked.uncompressed = walked
            .uncompressed
            .saturating_add(uncompressed + header_len as u64);
        walked.values = walked.values.saturating_add(values(&header));
        if header.r#type == PageType::DICTIONARY_PAGE {
            walked.dictionary_offset.get_or_insert(position);
        } else if header.r#type != PageType::INDEX_PAGE {
            walked.data_offset.get_or_insert(position);
        }
        if len > notes.options.page_bytes {
            notes.say(Rule::Limit, || format!("a page of {len} bytes"));
        } else {
            match window.bytes(start, len) {
                Ok(body) => {
                    let page = RawPage {
                        header,
                        extent,
                        header_len,
                        body,
                    };
                    each(&page, notes);
                }
                Err(error) => {
                    notes.say(Rule::Unreadable, || error.to_string());
                    return walked;
                }
            }
        }
        position = extent.end;
        page += 1;
    }
    walked.whole = true;
    walked
}

struct Fault {
    rule: Rule,
    text: String,
}

fn read_header<S: Source + ?Sized>(
    window: &mut Window<'_, S>,
    position: u64,
    most: u64,
) -> Result<(PageHeader, usize), Fault> {
    let mut before = 0;
    let mut text = String::new();
    for len in HEADERS {
        let len = usize::try_from(most).unwrap_or(len).min(len);
        let bytes = window.bytes(position, len).map_err(|error| Fault {
            rule: Rule::Unreadable,
            text: error.to_string(),
        })?;
        if bytes.len() <= before {
            break;
        }
        before = bytes.len();
        match pq_format::decode(bytes) {
            Ok(decoded) => return Ok(decoded),
            Err(error) => text = error.to_string(),
        }
    }
    let rule = Rule::PageHeader;
    Err(Fault { rule, text })
}

/// Whether the header can be relied on.
fn check_header(header: &PageHeader, notes: &mut Notes<'_>) -> bool {
    let there = [
        (PageType::DATA_PAGE, header.data_page_header.is_some()),
        (PageType::INDEX_PAGE, header.index_page_header.is_some()),
        (
            PageType::DICTIONARY_PAGE,
            header.dictionary_page_header.is_some(),
        ),
        (PageType::DATA_PAGE_V2, header.data_page_header_v2.is_some()),
    ];
    let kept = there
        .iter()
        .all(|&(page_type, there)| there == (header.r#type == page_type))
        && header.r#type.name().is_some();
    if !kept {
        notes.say(Rule::PageHeader, || {
            format!("{:?} without its header, or with another", header.r#type)
        });
        return false;
    }
    let v1 = header.data_page_header.as_ref();
    let v2 = header.data_page_header_v2.as_ref();
    let dictionary = header.dictionary_page_header.as_ref();
    let numbers = [
        Some(header.uncompressed_page_size),
        Some(header.compressed_page_size),
        v1.map(|it| it.num_values),
        v2.map(|it| it.num_values),
        v2.map(|it| it.num_nulls),
        v2.map(|it| it.num_rows),
        v2.map(|it| it.definition_levels_byte_length),
        v2.map(|it| it.repetition_levels_byte_length),
        dictionary.map(|it| it.num_values),
    ];
    let negative = numbers.into_iter().flatten().find(|&number| number < 0);
    if let Some(number) = negative {
        notes.say(Rule::PageSize, || format!("{number} in the header"));
    }
    negative.is_none()
}

fn values(header: &PageHeader) -> u64 {
    let v1 = header.data_page_header.as_ref().map(|it| it.num_values);
    let v2 = header.data_page_header_v2.as_ref().map(|it| it.num_values);
    v1.or(v2)
        .and_then(|values| u64::try_from(values).ok())
        .unwrap_or(0)
}
