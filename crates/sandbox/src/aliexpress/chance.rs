//! Chance that a seed makes: the same seed, the same orders (splitmix64).

#[derive(Debug, Clone)]
pub(super) struct Chance(u64);

impl Chance {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) const fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 when there is none.
    pub(super) const fn below(&mut self, end: u64) -> u64 {
        if end == 0 { 0 } else { self.draw() % end }
    }

    /// A number of milliseconds between the two, given in hours.
    pub(super) fn hours(&mut self, least: i64, most: i64) -> i64 {
        let span = u64::try_from((most - least).max(0)).unwrap_or(0) * 3_600_000;
        least * 3_600_000 + i64::try_from(self.below(span + 1)).unwrap_or(0)
    }
}
