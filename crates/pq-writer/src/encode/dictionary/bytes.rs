//! Dictionaries of byte strings.

use super::key::{Key, WORDS};
use super::table::{EMPTY, MANY, TOGETHER, slots_for};
use super::{Failure, Hints};
use crate::batch::{INLINE, INLINE_AT, view_len, view_place};
use crate::leaf::{BytePieces, ByteSlice, LeafValues, View};

const LONGEST_PROBE: usize = 256;

/// Byte strings known so far.
#[derive(Debug, Default)]
pub(super) struct Strings {
    /// The upper half of a hash, and the code.
    slots: Vec<(u32, u32)>,
    spare: Vec<(u32, u32)>,
    keys: Vec<Key>,
}

/// The different values of a column of BYTE_ARRAY.
pub(super) fn of_lengths(
    values: &BytePieces<'_>,
    limit: usize,
    hints: Hints,
    strings: &mut Strings,
    mut codes: &mut [u32],
) -> Result<LeafValues<'static>, Failure> {
    let mut builder = Builder::new(strings, limit, 4, hints);
    for slice in values.slices(0..values.len()) {
        let (here, rest) = codes.split_at_mut_checked(slice.len()).unwrap_or_default();
        codes = rest;
        match slice {
            ByteSlice::Offsets(slice) => {
                let bounds = slice.offsets.windows(2).map(|pair| match pair {
                    &[start, end] => (slice.data, start as usize, end.wrapping_sub(start) as usize),
                    _ => (slice.data, 0, 0),
                });
                builder.look_up_all(bounds, here, hints.has_runs)?;
            }
            ByteSlice::Views(slice) => {
                // What is in the views comes from the first place.
                let inline = slice.views.as_flattened();
                let places: Vec<&[u8]> = std::iter::once(inline)
                    .chain(slice.buffers.iter().copied())
                    .collect();
                let bounds = slice.views.iter().enumerate().map(|(index, view)| {
                    let view = u128::from_le_bytes(*view);
                    let len = view_len(view);
                    let (buffer, start) = view_place(view);
                    // Bits rather than a choice, which would become a jump that nobody can foresee.
                    let is_long = usize::from(len <= INLINE).wrapping_sub(1);
                    let inline = index * size_of::<View>() + INLINE_AT;
                    let place = (buffer + 1) & is_long;
                    let start = start & is_long | inline & !is_long;
                    (places.get(place).copied().unwrap_or_default(), start, len)
                });
                builder.look_up_all(bounds, here, hints.has_runs)?;
            }
        }
    }
    let mut pieces = BytePieces::default();
    pieces.push_offsets(builder.offsets, builder.data);
    Ok(LeafValues::Bytes(pieces))
}

/// The different values of a column of `width` bytes a value.
pub(super) fn of_width<'s>(
    slices: impl Iterator<Item = &'s [u8]>,
    width: usize,
    limit: usize,
    hints: Hints,
    strings: &mut Strings,
    mut codes: &mut [u32],
) -> Result<LeafValues<'static>, Failure> {
    let mut builder = Builder::new(strings, limit, 0, hints);
    let width = width.max(1);
    for data in slices {
        let count = data.len() / width;
        let (here, rest) = codes.split_at_mut_checked(count).unwrap_or_default();
        codes = rest;
        let bounds = (0..count).map(|index| (data, index * width, width));
        builder.look_up_all(bounds, here, hints.has_runs)?;
    }
    Ok(LeafValues::Fixed {
        width,
        data: builder.data.into(),
    })
}

struct Builder<'t> {
    strings: &'t mut Strings,
    offsets: Vec<i32>,
    data: Vec<u8>,
    limit: usize,
    /// Bytes that an entry takes beside its own.
    frame: usize,
}

impl<'t> Builder<'t> {
    fn new(strings: &'t mut Strings, limit: usize, frame: usize, hints: Hints) -> Self {
        strings.keys.clear();
        strings.slots.clear();
        strings
            .slots
            .resize(slots_for(hints.distinct, 1 << 18), (0, EMPTY));
        Self {
            strings,
            offsets: vec![0],
            data: Vec::new(),
            limit: limit.min(i32::MAX as usize),
            frame,
        }
    }

    /// Looks up values, of which each is in some data from somewhere on and of some length.
    fn look_up_all<'d>(
        &mut self,
        values: impl Iterator<Item = (&'d [u8], usize, usize)>,
        codes: &mut [u32],
        has_runs: bool,
    ) -> Result<(), Failure> {
        match has_runs {
            true => self.look_up_block::<true>(values, codes),
            false if self.strings.slots.len() > MANY => self.look_up_together(values, codes),
            false => self.look_up_block::<false>(values, codes),
        }
    }

    /// As [`look_up_block`](Self::look_up_block), many at a time, so that the memory answers all at
    /// once.
    #[inline(always)]
    fn look_up_together<'d>(
        &mut self,
        mut values: impl Iterator<Item = (&'d [u8], usize, usize)>,
        codes: &mut [u32],
    ) -> Result<(), Failure> {
        let none: (&[u8], usize, Key, u32) = (&[], 0, Key::of(&[], 0, 0), 0);
        let mut some = [none; TOGETHER];
        let mut slots = [(0, EMPTY); TOGETHER];
        let mut found = [false; TOGETHER];
        for codes in codes.chunks_mut(TOGETHER) {
            let count = codes.len();
            let some = &mut some[..count];
            for (to, (data, start, len)) in some.iter_mut().zip(values.by_ref()) {
                let key = Key::of(data, start, len);
                *to = (data, start, key, (key.hash(data, start) >> 32) as u32);
            }
            let mask = self.strings.slots.len() - 1;
            for (to, (.., tag)) in slots.iter_mut().zip(&*some) {
                let slot = self.strings.slots.get(*tag as usize & mask);
                *to = slot.copied().unwrap_or((0, EMPTY));
            }
            for ((to, (code_tag, code)), (.., key, tag)) in found.iter_mut().zip(slots).zip(&*some)
            {
                let entry = self.strings.keys.get(code as usize);
                *to = entry.is_some_and(|entry| entry.is(key)) & (code_tag == *tag);
            }
            let all = codes.iter_mut().zip(&*some).zip(slots.iter().zip(&found));
            for ((to, &(data, start, key, tag)), (&(_, code), &is_found)) in all {
                let is_whole = key.len <= WORDS || self.is_entry_whole(code, key, data, start);
                *to = match is_found && is_whole {
                    true => code,
                    false => self.probe(key, tag, data, start)?,
                };
            }
        }
        Ok(())
    }

    #[inline(always)]
    fn look_up_block<'d, const RUNS: bool>(
        &mut self,
        values: impl Iterator<Item = (&'d [u8], usize, usize)>,
        codes: &mut [u32],
    ) -> Result<(), Failure> {
        let mut previous = None;
        for (to, (data, start, len)) in codes.iter_mut().zip(values) {
            let key = Key::of(data, start, len);
            if RUNS
                && let Some((other, code)) = previous
                && key.is(&other)
                && len <= WORDS
            {
                *to = code;
                continue;
            }
            let code = self.look_up(key, data, start)?;
            previous = Some((key, code));
            *to = code;
        }
        Ok(())
    }

    #[inline(always)]
    fn look_up(&mut self, key: Key, data: &[u8], start: usize) -> Result<u32, Failure> {
        let hash = key.hash(data, start);
        let tag = (hash >> 32) as u32;
        let mask = self.strings.slots.len() - 1;
        if let Some(&(other, code)) = self.strings.slots.get(tag as usize & mask)
            && other == tag
            && code != EMPTY
            && self.is_entry(code, key, data, start)
        {
            return Ok(code);
        }
        self.probe(key, tag, data, start)
    }

    /// Looks where a string stands that is not where its hash is.
    #[inline(never)]
    fn probe(&mut self, key: Key, tag: u32, data: &[u8], start: usize) -> Result<u32, Failure> {
        let mask = self.strings.slots.len() - 1;
        let mut at = tag as usize;
        for _ in 0..LONGEST_PROBE {
            match self.strings.slots.get(at & mask) {
                Some(&(other, code)) if code != EMPTY => {
                    if other == tag && self.is_entry(code, key, data, start) {
                        return Ok(code);
                    }
                }
                _ => return self.insert(at & mask, tag, key, data, start),
            }
            at = at.wrapping_add(1);
        }
        Err(Failure::Collision)
    }

    #[inline(always)]
    fn is_entry(&self, code: u32, key: Key, data: &[u8], start: usize) -> bool {
        let entry = self.strings.keys.get(code as usize);
        entry.is_some_and(|entry| entry.is(&key))
            && (key.len <= WORDS || self.is_entry_whole(code, key, data, start))
    }

    fn is_entry_whole(&self, code: u32, key: Key, data: &[u8], start: usize) -> bool {
        let entry = match self.frame {
            0 => code as usize * key.len,
            _ => self.offsets.get(code as usize).map_or(0, |&at| at as usize),
        };
        self.data.get(entry..entry + key.len) == data.get(start..start + key.len)
    }

    fn insert(
        &mut self,
        slot: usize,
        tag: u32,
        key: Key,
        data: &[u8],
        start: usize,
    ) -> Result<u32, Failure> {
        let code = self.strings.keys.len();
        let bytes = data.get(start..start + key.len).unwrap_or_default();
        let size = (self.data.len() + bytes.len()).saturating_add((code + 1) * self.frame);
        if size > self.limit || code >= i32::MAX as usize {
            return Err(Failure::TooLarge);
        }
        self.data.extend_from_slice(bytes);
        if self.frame > 0 {
            self.offsets.push(self.data.len() as i32);
        }
        self.strings.keys.push(key);
        if let Some(slot) = self.strings.slots.get_mut(slot) {
            *slot = (tag, code as u32);
        }
        if (code + 1) * 2 > self.strings.slots.len() {
            self.strings.grow()?;
        }
        Ok(code as u32)
    }
}

impl Strings {
    fn grow(&mut self) -> Result<(), Failure> {
        self.spare.clear();
        self.spare.resize(self.slots.len() * 4, (0, EMPTY));
        std::mem::swap(&mut self.slots, &mut self.spare);
        let mask = self.slots.len() - 1;
        for &(tag, code) in self.spare.iter().filter(|(_, code)| *code != EMPTY) {
            let probes = (0..LONGEST_PROBE).map(|step| (tag as usize).wrapping_add(step) & mask);
            let vacant = probes
                .into_iter()
                .find(|&at| self.slots.get(at).is_some_and(|slot| slot.1 == EMPTY));
            let slot = vacant.and_then(|at| self.slots.get_mut(at));
            *slot.ok_or(Failure::Collision)? = (tag, code);
        }
        Ok(())
    }
}
