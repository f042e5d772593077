//! Where ids come from: UUIDv7, so that rows written together lie together.

use jiff::Timestamp;

/// Makes ids in rising order for one instant of the program's clock, even when that clock is a demo's.
#[derive(Debug)]
pub struct IdSource {
    prefix: u128,
    random: u64,
    next: u64,
}

impl IdSource {
    pub fn new(now: Timestamp) -> Self {
        let millis = u128::from(now.as_millisecond().max(0).unsigned_abs()) & 0xffff_ffff_ffff;
        Self { prefix: (millis << 80) | (0x7 << 76), random: random_u64(), next: 0 }
    }

    /// 48 bits of time, 12 + 20 bits of counter, 42 bits of chance per source: unique without coordination.
    pub fn make(&mut self) -> u128 {
        let counter = u128::from(self.next);
        self.next += 1;
        let high = (counter >> 20) & 0xfff;
        let low = counter & 0xf_ffff;
        let chance = u128::from(self.random & 0x3ff_ffff_ffff);
        self.prefix | (high << 64) | (0b10 << 62) | (low << 42) | chance
    }
}

fn random_u64() -> u64 {
    let mut bytes = [0_u8; 8];
    // Without the system's randomness ids could collide: better to stop here than to overwrite a row later.
    if getrandom::fill(&mut bytes).is_err() {
        std::process::abort();
    }
    u64::from_le_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn ids_rise_and_differ() {
        let mut source = IdSource::new(Timestamp::from_millisecond(1_772_000_000_000).expect("instant"));
        let made: Vec<u128> = (0..2_200_000).map(|_| source.make()).collect();
        assert!(made.windows(2).all(|pair| pair[0] < pair[1]));
        let text = dunlin_core::ids::PartyId(made[0]).to_string();
        assert_eq!(&text[14..15], "7");
        let mut other = IdSource::new(Timestamp::from_millisecond(1_772_000_000_000).expect("instant"));
        let both: HashSet<u128> = made.iter().copied().chain((0..1000).map(|_| other.make())).collect();
        assert_eq!(both.len(), made.len() + 1000);
    }
}
