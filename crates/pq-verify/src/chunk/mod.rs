//! A column chunk: its pages against each other and against what the footer says.

mod dictionary;
mod totals;
mod walk;

pub(crate) use walk::first_page;

use crate::bloom::Bloom;
use crate::file::Extent;
use crate::notes::Notes;
use crate::page::{Counts, DataHeader, Decoded, RawPage, Scratch, Values, decode_data};
use crate::page_index::PageIndex;
use crate::rule::Rule;
use crate::schema::{Kind, Leaf, Schema, Shared};
use crate::source::Source;
use crate::statistics::{self, Counted, Distinct, Domain, Summary};
use pq_format::{ColumnChunk, ColumnMetaData, CompressionCodec, PageType};
use totals::Totals;

/// A data page as the page index sees it.
#[derive(Debug)]
pub(crate) struct DataPage<'a> {
    /// Which of the data pages it is.
    pub(crate) ordinal: usize,
    /// Header and body.
    pub(crate) extent: Extent,
    /// If all pages before it could be read.
    pub(crate) first_row: Option<u64>,
    pub(crate) counts: &'a Counts,
    pub(crate) summary: &'a Summary,
}

/// What a chunk is in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) schema: &'a Schema<'a>,
    pub(crate) leaf: &'a Leaf,
    pub(crate) domain: Domain,
    /// Between the first magic number and the footer.
    pub(crate) data: Extent,
    /// What the pages take, as the footer states it.
    pub(crate) stated: Extent,
    pub(crate) num_rows: i64,
}

/// Where a group that has more leaves is null, empty or repeated, as one leaf tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) shared: Shared,
    hash: u64,
    entries: u64,
}

/// A chunk of which pages are read.
struct Check<'a> {
    context: Context<'a>,
    meta: &'a ColumnMetaData,
    index: PageIndex,
    bloom: Option<Bloom>,
    dictionary: Option<Values<'static>>,
    totals: Totals,
    summary: Summary,
    distinct: Option<Distinct>,
    repeated_at: Vec<u16>,
    last_definition: Option<u16>,
    shapes: Vec<Shape>,
    scratch: Scratch,
}

/// Checks a chunk; returns the shapes of groups that it shares with others, if it is readable.
pub(crate) fn check<S: Source + ?Sized>(
    source: &mut S,
    chunk: &ColumnChunk,
    meta: &ColumnMetaData,
    context: Context<'_>,
    notes: &mut Notes<'_>,
) -> Vec<Shape> {
    let (leaf, domain) = (context.leaf, context.domain);
    notes.check(Rule::Lz4Hadoop, meta.codec != CompressionCodec::LZ4, || {
        "the codec is LZ4".to_owned()
    });
    let shape = |shared| Shape {
        shared,
        hash: 0,
        entries: 0,
    };
    let stated_distinct = meta
        .statistics
        .as_ref()
        .and_then(|statistics| statistics.distinct_count);
    let most = notes.options.distinct_values;
    let mut check = Check {
        context,
        meta,
        index: PageIndex::read(source, chunk, context.data, domain, notes),
        bloom: Bloom::read(source, meta, context.data, notes),
        dictionary: None,
        totals: Totals::default(),
        summary: Summary::default(),
        distinct: stated_distinct.map(|_| Distinct::new(most)),
        repeated_at: context.schema.repeated_at(leaf),
        last_definition: None,
        shapes: context.schema.shared(leaf).into_iter().map(shape).collect(),
        scratch: Scratch::default(),
    };
    let walked = walk::walk(
        source,
        meta,
        context.stated,
        context.data,
        notes,
        |page, notes| check.page(page, notes),
    );
    notes.place.page = None;
    notes.place.byte = None;
    check.totals.check(&walked, meta, context, notes);
    if walked.whole {
        check.index.finish(check.totals.data_pages, notes);
    }
    if !(walked.whole && check.totals.whole) {
        return Vec::new();
    }
    check.finish(notes);
    check.shapes
}

impl Check<'_> {
    fn page(&mut self, page: &RawPage<'_>, notes: &mut Notes<'_>) {
        page.check_crc(notes);
        let checked = notes.report().checked_mut();
        checked.pages += 1;
        checked.bytes = checked
            .bytes
            .saturating_add(u64::try_from(page.header.uncompressed_page_size).unwrap_or(0));
        match page.header.r#type {
            PageType::DICTIONARY_PAGE => self.dictionary_page(page, notes),
            PageType::INDEX_PAGE => {
                notes.say(Rule::IndexPage, || "an index page".to_owned());
            }
            _ => self.data_page(page, notes),
        }
    }

    fn dictionary_page(&mut self, page: &RawPage<'_>, notes: &mut Notes<'_>) {
        let is_first = self.totals.begin_dictionary(&page.header);
        notes.check(Rule::DictionaryFirst, is_first, || {
            "a dictionary page behind another page".to_owned()
        });
        let codec = self.meta.codec;
        let domain = self.context.domain;
        let leaf = self.context.leaf;
        let read = dictionary::read(page, leaf, codec, domain, &mut self.scratch, notes);
        if is_first {
            self.dictionary = read;
        }
    }

    fn data_page(&mut self, page: &RawPage<'_>, notes: &mut Notes<'_>) {
        let Some(header) = DataHeader::of(&page.header) else {
            return;
        };
        let ordinal = self
            .totals
            .begin_data(&page.header, header, self.context.leaf);
        if self
            .totals
            .lacks_dictionary(header.encoding, self.dictionary.is_some())
        {
            // What is wrong with the dictionary page was said.
            self.totals.whole = false;
            return;
        }
        let mut scratch = std::mem::take(&mut self.scratch);
        let dictionary = self.dictionary.take();
        let decoded = decode_data(
            page,
            self.context.leaf,
            self.meta.codec,
            dictionary.as_ref(),
            &mut scratch,
            notes,
        );
        match decoded {
            Some(decoded) => self.decoded(page, header, ordinal, &decoded, notes),
            None => {
                self.totals.whole = false;
                self.last_definition = None;
            }
        }
        self.dictionary = dictionary;
        self.scratch = scratch;
    }

    fn decoded(
        &mut self,
        page: &RawPage<'_>,
        header: DataHeader<'_>,
        ordinal: usize,
        decoded: &Decoded<'_>,
        notes: &mut Notes<'_>,
    ) {
        let Decoded {
            levels,
            counts,
            values,
        } = decoded;
        let domain = self.context.domain;
        let checked = notes.report().checked_mut();
        checked.values = checked.values.saturating_add(header.num_values as u64);
        levels.agree(&self.repeated_at, &mut self.last_definition, notes);
        for shape in &mut self.shapes {
            shape.add(&levels.repetition, &levels.definition);
        }
        self.check_rows(header, ordinal, counts, notes);
        let from_dictionary = matches!(
            header.encoding,
            pq_format::Encoding::RLE_DICTIONARY | pq_format::Encoding::PLAIN_DICTIONARY
        );
        if !from_dictionary {
            check_text(values, domain.kind, notes);
        }
        let summary = Summary::of(values, domain.order);
        if let Some(statistics) = header.statistics {
            let counted = Counted {
                nulls: counts.nulls,
                summary: &summary,
                distinct: None,
            };
            statistics::check(statistics, domain, counted, notes);
        }
        let data_page = DataPage {
            ordinal,
            extent: page.extent,
            first_row: self.totals.whole.then_some(self.totals.rows),
            counts,
            summary: &summary,
        };
        self.index
            .check_page(&data_page, self.context.leaf.physical, notes);
        if let Some(bloom) = &self.bloom {
            bloom.check(values, notes);
        }
        if let Some(distinct) = &mut self.distinct {
            distinct.add(values);
        }
        self.summary.merge(&summary, domain.order);
        self.totals.add(counts);
    }

    fn check_rows(
        &self,
        header: DataHeader<'_>,
        ordinal: usize,
        counts: &Counts,
        notes: &mut Notes<'_>,
    ) {
        if header.num_values > 0 && !counts.starts_row {
            let rule = if ordinal == 0 {
                Some(Rule::ChunkRowStart)
            } else if header.version2.is_some() || self.index.offsets.is_some() {
                Some(Rule::PageRowStart)
            } else {
                None
            };
            if let Some(rule) = rule {
                notes.say(rule, || "the first entry continues a row".to_owned());
            }
        }
        if let Some(v2) = header.version2 {
            let (nulls, rows) = (i64::from(v2.num_nulls), i64::from(v2.num_rows));
            notes.equal(Rule::PageNumNulls, "num_nulls", nulls, counts.nulls);
            notes.equal(Rule::PageNumRows, "num_rows", rows, counts.rows);
        }
    }

    /// What can be told once all pages were read.
    fn finish(&mut self, notes: &mut Notes<'_>) {
        let totals = &self.totals;
        notes.equal(
            Rule::RowGroupNumRows,
            "num_rows of the row group",
            self.context.num_rows,
            totals.rows,
        );
        let domain = self.context.domain;
        statistics::check_range(domain, self.context.leaf.physical, &self.summary, notes);
        let has_null_count = match &self.meta.statistics {
            Some(stated) => {
                let counted = Counted {
                    nulls: totals.nulls,
                    summary: &self.summary,
                    distinct: self.distinct.as_ref().and_then(Distinct::count),
                };
                statistics::check(stated, domain, counted, notes);
                stated.null_count.is_some()
            }
            None => false,
        };
        notes.check(Rule::NullCountMissing, has_null_count, || {
            "no null_count".to_owned()
        });
        if let Some(sizes) = &self.meta.size_statistics {
            statistics::check_sizes(
                sizes,
                self.context.leaf.physical,
                self.summary.bytes,
                &totals.repetition,
                &totals.definition,
                notes,
            );
        }
    }
}

/// Checks that values are UTF-8 where they should be.
fn check_text(values: &Values<'_>, kind: Kind, notes: &mut Notes<'_>) {
    if kind != Kind::Text {
        return;
    }
    let wrong = values
        .bytes()
        .position(|value| std::str::from_utf8(value).is_err());
    if let Some(wrong) = wrong {
        notes.say(Rule::TextUtf8, || format!("value {wrong} is not UTF-8"));
    }
}

impl Shape {
    fn add(&mut self, repetition: &[u16], definition: &[u16]) {
        let mut repetition = repetition.iter().copied();
        for &definition in definition {
            let repetition = repetition.next().unwrap_or(0);
            if repetition <= self.shared.repetition {
                let entry =
                    u64::from(repetition) << 16 | u64::from(definition.min(self.shared.definition));
                self.hash = (self.hash ^ entry)
                    .wrapping_mul(0x9e37_79b9_7f4a_7c15)
                    .rotate_left(29);
                self.entries += 1;
            }
        }
    }
}

/// Calls `each` with levels and values of the pages of a chunk that was found sound; returns
/// whether all could be read.
pub(crate) fn for_values<S: Source + ?Sized>(
    source: &mut S,
    meta: &ColumnMetaData,
    context: Context<'_>,
    notes: &mut Notes<'_>,
    mut each: impl FnMut(&Decoded<'_>),
) -> bool {
    let mut scratch = Scratch::default();
    let mut dictionary = None;
    let mut whole = true;
    let (leaf, codec, domain) = (context.leaf, meta.codec, context.domain);
    let (stated, data) = (context.stated, context.data);
    let walked = walk::walk(source, meta, stated, data, notes, |page, notes| {
        if page.header.r#type == PageType::DICTIONARY_PAGE {
            dictionary = dictionary::read(page, leaf, codec, domain, &mut scratch, notes);
        } else if let Some(decoded) =
            decode_data(page, leaf, codec, dictionary.as_ref(), &mut scratch, notes)
        {
            each(&decoded);
        } else {
            whole = false;
        }
    });
    whole && walked.whole
}
