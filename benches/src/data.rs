//! The values that contests are about. The same in every run.

use bytes::Bytes;
use parquet::data_type::ByteArray;
use pq_benches::numbers::Numbers;
use pq_benches::tables::columns::uuid;

/// How many values a contest has.
pub const VALUES: usize = 8192;

/// Random values of `width` bits, 1 to 32.
pub fn random(width: u8) -> Vec<u32> {
    let mut numbers = Numbers::new();
    (0..VALUES)
        .map(|_| (numbers.next() >> 32) as u32 & u32::MAX >> (32 - width))
        .collect()
}

/// Random values of `width` bits, 1 to 64.
pub fn random_wide(width: u8) -> Vec<u64> {
    let mut numbers = Numbers::new();
    (0..VALUES)
        .map(|_| numbers.next() & u64::MAX >> (64 - width))
        .collect()
}

/// Values of `width` random bytes, back to back.
pub fn random_bytes(width: usize) -> Vec<u8> {
    let mut numbers = Numbers::new();
    (0..VALUES * width)
        .map(|_| (numbers.next() >> 32) as u8)
        .collect()
}

/// Values in runs of one length, each run another value.
pub fn runs(length: usize, width: u8) -> Vec<u32> {
    let values = random(width);
    (0..VALUES).map(|row| values[row / length]).collect()
}

/// Random values of `width` bits in order.
pub fn sorted(width: u8) -> Vec<u32> {
    let mut values = random(width);
    values.sort_unstable();
    values
}

/// Two values in turns.
pub fn alternating(width: u8) -> Vec<u32> {
    let most = u32::MAX >> (32 - width);
    (0..VALUES)
        .map(|row| if row % 2 == 0 { 0 } else { most })
        .collect()
}

/// Values of which one in ten is 0 and the others are 1: levels of a column with nulls.
pub fn one_in_ten() -> Vec<u32> {
    let values = random(32).into_iter();
    values.map(|value| u32::from(value % 10 != 0)).collect()
}

/// Whole numbers that grow by 0 to 999.
pub fn growing() -> Vec<i64> {
    let steps = random(32).into_iter().map(|step| i64::from(step % 1000));
    let sums = steps.scan(0, |sum, step| {
        *sum += step;
        Some(*sum)
    });
    sums.collect()
}

/// Fractions.
pub fn fractions() -> Vec<f64> {
    let numbers = random(20).into_iter();
    numbers.map(|number| f64::from(number) * 0.37).collect()
}

/// Truth in runs: `true`, then as often `false`, and so on.
pub fn bools_in_runs(length: usize) -> Vec<bool> {
    (0..VALUES)
        .map(|row| (row / length).is_multiple_of(2))
        .collect()
}

/// Truth at random.
pub fn random_bools() -> Vec<bool> {
    random(1).into_iter().map(|bit| bit == 1).collect()
}

/// Bits, least significant first.
pub fn bitmap(bools: &[bool]) -> Vec<u8> {
    let groups = bools.chunks(8);
    groups
        .map(|group| {
            let bits = group.iter().enumerate();
            bits.fold(0, |byte, (at, &bit)| byte | u8::from(bit) << at)
        })
        .collect()
}

/// Byte strings, as pq takes them: value `i` is `data[offsets[i] .. offsets[i + 1]]`.
pub struct Texts {
    pub offsets: Vec<i32>,
    pub data: Vec<u8>,
}

impl Texts {
    fn new(texts: impl Iterator<Item = String>) -> Self {
        let (mut offsets, mut data) = (vec![0], Vec::new());
        for text in texts {
            data.extend_from_slice(text.as_bytes());
            offsets.push(data.len() as i32);
        }
        Self { offsets, data }
    }

    /// The values where they stand.
    pub fn slices(&self) -> Vec<&[u8]> {
        let ends = self.offsets.windows(2);
        ends.map(|ends| &self.data[ends[0] as usize..ends[1] as usize])
            .collect()
    }

    /// The values as arrow-rs has them, all in one buffer.
    pub fn byte_arrays(&self) -> Vec<ByteArray> {
        let bytes = Bytes::from(self.data.clone());
        let ends = self.offsets.windows(2);
        ends.map(|ends| bytes.slice(ends[0] as usize..ends[1] as usize).into())
            .collect()
    }
}

/// All kinds of texts, by name.
pub fn all_texts() -> [(&'static str, Texts); 4] {
    [
        ("4 to 20 bytes", short_texts()),
        ("sorted keys", sorted_keys()),
        ("uuids", uuids()),
        ("100 bytes", long_texts()),
    ]
}

/// Letters, 4 to 20 of them.
fn short_texts() -> Texts {
    let mut numbers = Numbers::new();
    Texts::new((0..VALUES).map(|_| {
        let len = 4 + numbers.below(17);
        (0..len)
            .map(|_| char::from(b'a' + numbers.below(26) as u8))
            .collect()
    }))
}

/// Keys in order that share most of their bytes with the one before.
fn sorted_keys() -> Texts {
    let keys = growing().into_iter();
    Texts::new(keys.map(|key| format!("https://example.com/customers/europe/orders/{key:010}")))
}

/// UUIDs in hexadecimal digits, 36 bytes each.
pub fn uuids() -> Texts {
    let mut numbers = Numbers::new();
    Texts::new((0..VALUES).map(|_| uuid(numbers.next(), numbers.next())))
}

/// Words, 100 bytes of them.
fn long_texts() -> Texts {
    const WORDS: [&str; 8] = [
        "amber ", "the ", "river ", "of ", "stone ", "under ", "a ", "bridge ",
    ];
    let mut numbers = Numbers::new();
    Texts::new((0..VALUES).map(|_| {
        let mut text = String::new();
        while text.len() < 100 {
            text += WORDS[numbers.below(WORDS.len())];
        }
        text.truncate(100);
        text
    }))
}
