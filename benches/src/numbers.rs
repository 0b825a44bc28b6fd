//! Numbers that look random, the same in every run.

/// Xorshift.
pub struct Numbers(u64);

impl Numbers {
    /// The sequence that most contests of one input take.
    pub fn new() -> Self {
        Self(0x9e37_79b9_7f4a_7c15)
    }

    /// Another sequence for each `seed`.
    pub fn seeded(seed: u64) -> Self {
        let mut numbers = Self((seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        // Seeds that are close give numbers that are, at first.
        for _ in 0..16 {
            numbers.next();
        }
        numbers
    }

    /// The next one, of 64 bits and never 0.
    #[allow(
        clippy::should_implement_trait,
        reason = "an iterator would make each number an Option"
    )]
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// The next one, below `most`.
    pub fn below(&mut self, most: usize) -> usize {
        (self.next() >> 32) as usize % most
    }

    /// The next one, from 0 to below 1.
    pub fn fraction(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

impl Default for Numbers {
    fn default() -> Self {
        Self::new()
    }
}
