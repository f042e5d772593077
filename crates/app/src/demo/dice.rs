//! The demo's own dice: a seeded generator, so that every run throws the same numbers. The demo takes no
//! randomness from outside and reads no clock.

/// SplitMix64 (Steele, Lea, Flood 2014): tiny, and good enough for amounts and delays.
pub struct Dice(u64);

impl Dice {
    /// A generator of its own per purpose, so that a change in one table does not shift all the others.
    pub fn for_purpose(purpose: &str) -> Self {
        let seed = purpose
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A whole number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = high.abs_diff(low).saturating_add(1);
        low.saturating_add_unsigned(self.next() % width)
    }

    /// One of the words; the empty string when there are none.
    pub fn pick(&mut self, words: &[&'static str]) -> &'static str {
        let last = i64::try_from(words.len()).unwrap_or(1) - 1;
        usize::try_from(self.between(0, last.max(0))).ok().and_then(|at| words.get(at)).copied().unwrap_or("")
    }

    /// As many random digits as asked for.
    pub fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + u8::try_from(self.between(0, 9)).unwrap_or(0))).collect()
    }
}
