//! Open addressing from keys of one word to codes.

use super::Failure;

/// A probe that runs longer than this means keys that were made to collide.
const LONGEST_PROBE: usize = 256;

/// No code: dictionaries end below.
pub(super) const EMPTY: u32 = u32::MAX;

/// The fewest slots.
const FEWEST: usize = 256;

/// Keys that are looked up together in a large table.
pub(super) const TOGETHER: usize = 64;

/// As many slots that stay in a cache.
pub(super) const MANY: usize = 1 << 14;

/// How many slots so many keys get, `most` at most. Where another key has the place of a key, a
/// jump goes where nobody foresaw, which costs more than memory of the nearest caches.
pub(super) fn slots_for(keys: usize, most: usize) -> usize {
    let some = keys.saturating_mul(8).next_power_of_two().min(MANY);
    let fewest = keys.saturating_mul(2).next_power_of_two();
    some.max(fewest).clamp(FEWEST, most)
}

/// Keys and codes, at most half of the slots in use.
#[derive(Debug, Default)]
pub(super) struct Table<K> {
    slots: Vec<(K, u32)>,
    spare: Vec<(K, u32)>,
}

/// A key of the table.
pub(super) trait Key: Copy + Eq + Default {
    /// Of which the lowest bits are as good as the highest.
    fn hash(self) -> u64;
}

impl Key for u32 {
    #[inline(always)]
    fn hash(self) -> u64 {
        u64::from(self).hash()
    }
}

impl Key for u64 {
    #[inline(always)]
    fn hash(self) -> u64 {
        fold(self ^ 0x2D35_8DCC_AA6C_78A5, MULTIPLIER)
    }
}

/// Spreads the bits of a word over all of a word.
#[inline(always)]
pub(in crate::encode) fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    product as u64 ^ (product >> 64) as u64
}

/// Odd, its ones and zeros in no order.
pub(in crate::encode) const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;

impl<K: Key> Table<K> {
    /// Forgets all keys and makes room for about so many.
    pub(super) fn reset(&mut self, keys: usize) {
        let slots = slots_for(keys, 1 << 20);
        self.slots.clear();
        self.slots.resize(slots, (K::default(), EMPTY));
    }

    /// The code of a key, or where the key is to stand.
    #[inline(always)]
    pub(super) fn find(&self, key: K) -> Result<u32, Vacant> {
        let hash = key.hash();
        let mask = self.slots.len() - 1;
        match self.slots.get(hash as usize & mask) {
            Some(&(other, code)) if other == key && code != EMPTY => Ok(code),
            _ => self.probe(key, hash),
        }
    }

    /// Whether what is looked up comes from caches that are far.
    pub(super) fn is_large(&self) -> bool {
        self.slots.len() > MANY
    }

    /// What stands where the hashes of keys are: to be fetched for many keys before one of them is
    /// looked at, as the memory then answers all at once.
    #[inline(always)]
    pub(super) fn fetch(&self, keys: &[K], to: &mut [(K, u32)]) {
        let mask = self.slots.len() - 1;
        for (to, key) in to.iter_mut().zip(keys) {
            let slot = self.slots.get(key.hash() as usize & mask);
            *to = slot.copied().unwrap_or((K::default(), EMPTY));
        }
    }

    /// Looks where a key stands that is not where its hash is.
    #[inline(never)]
    fn probe(&self, key: K, hash: u64) -> Result<u32, Vacant> {
        let mask = self.slots.len() - 1;
        let mut at = hash as usize;
        for _ in 0..LONGEST_PROBE {
            match self.slots.get(at & mask) {
                Some(&(other, code)) if code != EMPTY => {
                    if other == key {
                        return Ok(code);
                    }
                }
                _ => return Err(Vacant(Some(at & mask))),
            }
            at = at.wrapping_add(1);
        }
        Err(Vacant(None))
    }

    /// Enters the key that was not found, the one of code `code`.
    #[inline]
    pub(super) fn insert(&mut self, vacant: Vacant, key: K, code: u32) -> Result<(), Failure> {
        let slot = vacant.0.and_then(|at| self.slots.get_mut(at));
        *slot.ok_or(Failure::Collision)? = (key, code);
        if (code as usize + 1) * 2 > self.slots.len() {
            self.grow()?;
        }
        Ok(())
    }

    fn grow(&mut self) -> Result<(), Failure> {
        self.spare.clear();
        self.spare
            .resize(self.slots.len() * 4, (K::default(), EMPTY));
        std::mem::swap(&mut self.slots, &mut self.spare);
        for &(key, code) in self.spare.iter().filter(|(_, code)| *code != EMPTY) {
            let vacant = match self.find(key) {
                Ok(_) => continue,
                Err(Vacant(at)) => at,
            };
            let slot = vacant.and_then(|at| self.slots.get_mut(at));
            *slot.ok_or(Failure::Collision)? = (key, code);
        }
        Ok(())
    }
}

/// A place for a new key; none if all that may be looked at are taken.
#[derive(Debug, Clone, Copy)]
pub(super) struct Vacant(Option<usize>);
