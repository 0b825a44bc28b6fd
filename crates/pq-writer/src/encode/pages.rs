//! The pages of a chunk, on one thread or, where others have nothing to do, on several.

use super::cut::{Cut, Most, cuts};
use super::helpers::{Blocks, Helpers};
use super::levels;
use super::page::{DataPage, LevelLengths, Output, PageWriter, Written, too_large};
use super::tools::Tools;
use super::values::{Scratch, append, plain_len};
use crate::error::WriteError;
use crate::leaf::{LeafValues, Levels};
use crate::options::PageVersion;
use crate::schema::Leaf;
use crate::settings::LeafSettings;
use crate::stats::{Collector, RankedDictionary};
use pq_encoding::{EncodeError, rle};
use pq_format::Encoding;

/// What all pages of a chunk are made of.
#[derive(Clone, Copy)]
pub(super) struct Maker<'p> {
    pub(super) leaf: &'p Leaf,
    pub(super) levels: &'p Levels,
    pub(super) settings: &'p LeafSettings,
    pub(super) helpers: &'p Helpers,
}

/// The values of all pages of a chunk.
#[derive(Clone, Copy)]
pub(super) enum PageValues<'p> {
    Plain(&'p LeafValues<'p>, Encoding),
    Coded {
        codes: &'p [u32],
        width: u8,
        ranked: &'p RankedDictionary,
    },
}

/// Pages that others make at once, so that what waits for those before stays small.
const SHARE: usize = 16;

/// Fewer are not worth a thread.
const FEWEST: usize = 2;

impl<'p> Maker<'p> {
    /// The pages; `fits` says for the first value of a page up to which one its values fit.
    pub(super) fn cuts(self, fits: impl Fn(usize) -> usize + 'p) -> impl Iterator<Item = Cut> + 'p {
        let most = Most {
            rows: self.settings.data_page_rows,
            // A level takes a bit at least, if it is not in a run.
            entries: self.settings.data_page_bytes.saturating_mul(8),
        };
        cuts(self.levels, self.leaf.max_definition, most, fits)
    }
}

/// Some pages in a row, in the making.
pub(super) struct Pages<'p, 't> {
    maker: Maker<'p>,
    page: &'t mut Vec<u8>,
    scratch: &'t mut Scratch,
    writer: PageWriter<'t>,
    collector: Collector<'p>,
}

impl<'p: 't, 't> Pages<'p, 't> {
    /// The first one starts where `out` ends.
    pub(super) fn new(
        maker: Maker<'p>,
        tools: &'t mut Tools,
        out: Output<'t>,
    ) -> Result<Self, WriteError> {
        let settings = maker.settings;
        Ok(Self {
            maker,
            page: &mut tools.page,
            scratch: &mut tools.scratch,
            writer: PageWriter::new(
                maker.leaf.name(),
                settings.page_checksums,
                tools.compressors.get(settings.compression)?,
                &mut tools.compressed,
                out,
            ),
            collector: Collector::new(maker.leaf, settings),
        })
    }

    /// Adds a dictionary page; returns where the next one starts in the chunk.
    pub(super) fn dictionary(&mut self, entries: &LeafValues<'_>) -> Result<usize, WriteError> {
        let count = entries.len();
        self.page.clear();
        append(entries, 0..count, Encoding::PLAIN, self.scratch, self.page).map_err(|error| {
            let size = plain_len(entries, 0..count);
            too_large(self.maker.leaf.name(), size, Some(&error))
        })?;
        self.writer.dictionary(self.page, count)?;
        Ok(self.writer.written())
    }

    /// Adds data pages; threads that are free help.
    pub(super) fn add_all(
        &mut self,
        mut cuts: impl Iterator<Item = Cut>,
        values: PageValues<'_>,
    ) -> Result<(), WriteError> {
        let helpers = self.maker.helpers;
        loop {
            if helpers.take() {
                let some: Vec<Cut> = cuts.by_ref().take(2 * SHARE).collect();
                let added = match some.len() >= 2 * FEWEST {
                    true => self.add_shared(&some, values),
                    false => some.iter().try_for_each(|cut| self.add(cut, values)),
                };
                helpers.add();
                added?;
            }
            match cuts.next() {
                Some(cut) => self.add(&cut, values)?,
                None => return Ok(()),
            }
        }
    }

    /// Adds data pages, of which another thread makes the second half.
    fn add_shared(&mut self, cuts: &[Cut], values: PageValues<'_>) -> Result<(), WriteError> {
        let maker = self.maker;
        let (own, others) = cuts.split_at(cuts.len() / 2);
        let made = std::thread::scope(|scope| {
            let made = scope.spawn(|| elsewhere(maker, others, values));
            let added = own.iter().try_for_each(|cut| self.add(cut, values));
            let made = match made.join() {
                Ok(made) => made,
                Err(panic) => std::panic::resume_unwind(panic),
            };
            added.and(made)
        });
        let (written, collector, blocks) = made?;
        self.writer.append(written, blocks, maker.helpers)?;
        self.collector.append(collector);
        Ok(())
    }

    fn add(&mut self, cut: &Cut, values: PageValues<'_>) -> Result<(), WriteError> {
        let name = self.maker.leaf.name();
        let (levels, entries) = (self.maker.levels, cut.entries.clone());
        match values {
            PageValues::Plain(all, encoding) => {
                let size = plain_len(all, cut.values.clone());
                if i32::try_from(size).is_err() {
                    return Err(too_large(name, size, None));
                }
                self.collector
                    .page(levels, entries, all, cut.values.clone());
                let len = (encoding == Encoding::PLAIN).then_some(size);
                self.data_page(cut, encoding, len, |scratch, page| {
                    append(all, cut.values.clone(), encoding, scratch, page)
                })
            }
            PageValues::Coded {
                codes,
                width,
                ranked,
            } => {
                let codes = codes.get(cut.values.clone()).unwrap_or_default();
                self.collector.coded_page(levels, entries, ranked, codes);
                self.data_page(cut, Encoding::RLE_DICTIONARY, None, |_, page| {
                    page.push(width);
                    rle::encode_u32(codes, width, page)
                })
            }
        }
    }

    /// Adds a data page. `len` is what `values` appends, where that is known.
    fn data_page(
        &mut self,
        cut: &Cut,
        encoding: Encoding,
        len: Option<usize>,
        values: impl FnOnce(&mut Scratch, &mut Vec<u8>) -> Result<(), EncodeError>,
    ) -> Result<(), WriteError> {
        let (leaf, levels) = (self.maker.leaf, self.maker.levels);
        let version = self.maker.settings.page_version;
        let is_framed = version == PageVersion::V1;
        let (page, scratch) = (&mut *self.page, &mut *self.scratch);
        page.clear();
        let too_large = |error| too_large(leaf.name(), cut.entries.len(), Some(&error));
        levels::repetition(leaf, levels, cut.entries.clone(), is_framed, page)
            .map_err(too_large)?;
        let repetition = page.len();
        levels::definition(leaf, levels, cut.entries.clone(), is_framed, page)
            .map_err(too_large)?;
        let values_at = page.len();
        let header = DataPage {
            version,
            encoding,
            levels: LevelLengths {
                repetition,
                definition: values_at - repetition,
            },
            cut,
        };
        if let Some(len) = len
            && self.writer.stores_as_is()
        {
            let values = |out: &mut Vec<u8>| values(scratch, out);
            return self.writer.data_as_is(&header, page, len, values);
        }
        values(scratch, page).map_err(too_large)?;
        self.writer.data(&header, page, values_at)
    }

    /// What was written, and its statistics.
    pub(super) fn finish(self) -> (Written, Collector<'p>) {
        (self.writer.finish(), self.collector)
    }
}

/// Pages that another thread makes: what was written, its statistics, and the bytes.
fn elsewhere<'p>(
    maker: Maker<'p>,
    cuts: &[Cut],
    values: PageValues<'_>,
) -> Result<(Written, Collector<'p>, Blocks), WriteError> {
    let helpers = maker.helpers;
    let mut blocks = Blocks::new();
    let mut buffer = helpers.block();
    let made: Result<_, WriteError> = helpers.with_tools(|tools| {
        let out = Output {
            buffer: &mut buffer,
            part: &mut |bytes| {
                blocks.push(std::mem::replace(bytes, helpers.block()));
                Ok(())
            },
        };
        let mut pages = Pages::new(maker, tools, out)?;
        cuts.iter().try_for_each(|cut| pages.add(cut, values))?;
        Ok(pages.finish())
    });
    blocks.push(buffer);
    let (written, collector) = made?;
    Ok((written, collector, blocks))
}
