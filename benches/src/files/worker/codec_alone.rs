//! What the codec alone takes for the pages that pq writes: the same crate, level and pages.

use super::{Outcome, Worker, pq};
use crate::protocol::{Codec, Write};
use arrow_array::RecordBatch;
use pq_format::{FileMetaData, PageHeader, decode, footer_range};
use pq_writer::Profile;

/// Pages before compression, and room for one after it.
#[derive(Default)]
pub struct CodecAlone {
    pages: Vec<Vec<u8>>,
    room: Vec<u8>,
}

impl Worker for CodecAlone {
    fn prepare(&mut self, batches: &[RecordBatch], write: &Write) -> Outcome<()> {
        if self.pages.is_empty() {
            let file = pq::file(batches, write, Profile::Compatible, Vec::new())?;
            self.pages = pages(&file, write.codec)?;
        }
        Ok(())
    }

    fn write(&mut self, _: &[RecordBatch], write: &Write) -> Outcome<u64> {
        let Self { pages, room } = self;
        let mut total = 0;
        let mut each = |limit: fn(usize) -> usize, compress: &mut Compress<'_>| -> Outcome<()> {
            for page in pages.iter() {
                let most = limit(page.len());
                if room.len() < most {
                    room.resize(most, 0);
                }
                total += compress(page, &mut room[..most])? as u64;
            }
            Ok(())
        };
        match write.codec {
            Codec::None => {}
            Codec::Snappy => {
                let mut encoder = snap::raw::Encoder::new();
                each(snap::raw::max_compress_len, &mut |page, out| {
                    Ok(encoder.compress(page, out)?)
                })?;
            }
            Codec::Zstd => {
                let mut compressor = zstd::bulk::Compressor::new(1)?;
                each(zstd::zstd_safe::compress_bound, &mut |page, out| {
                    Ok(compressor.compress_to_buffer(page, out)?)
                })?;
            }
            Codec::Lz4Raw => each(
                lz4_flex::block::get_maximum_output_size,
                &mut |page, out| Ok(lz4_flex::block::compress_into(page, out)?),
            )?,
        }
        Ok(total)
    }
}

/// From a page to the room for it; how much of that it takes.
type Compress<'a> = dyn FnMut(&[u8], &mut [u8]) -> Outcome<usize> + 'a;

/// All pages of a file as they were before compression.
fn pages(file: &[u8], codec: Codec) -> Outcome<Vec<Vec<u8>>> {
    let footer = footer_range(file, file.len() as u64)?;
    let (metadata, _) = decode::<FileMetaData>(&file[footer.start as usize..footer.end as usize])?;
    let mut pages = Vec::new();
    for chunk in metadata.row_groups.iter().flat_map(|group| &group.columns) {
        let chunk = chunk
            .meta_data
            .as_ref()
            .ok_or("a column chunk has no metadata")?;
        let start = chunk
            .dictionary_page_offset
            .unwrap_or(chunk.data_page_offset);
        let start = usize::try_from(start)?;
        let mut rest = &file[start..start + usize::try_from(chunk.total_compressed_size)?];
        while !rest.is_empty() {
            let (header, length) = decode::<PageHeader>(rest)?;
            let end = length + usize::try_from(header.compressed_page_size)?;
            let size = usize::try_from(header.uncompressed_page_size)?;
            pages.push(decompress(&rest[length..end], codec, size)?);
            rest = &rest[end..];
        }
    }
    Ok(pages)
}

fn decompress(page: &[u8], codec: Codec, size: usize) -> Outcome<Vec<u8>> {
    Ok(match codec {
        Codec::None => page.to_vec(),
        Codec::Snappy => snap::raw::Decoder::new().decompress_vec(page)?,
        Codec::Zstd => zstd::bulk::decompress(page, size)?,
        Codec::Lz4Raw => lz4_flex::block::decompress(page, size)?,
    })
}
