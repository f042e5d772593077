//! For which channels a contact has an address, in the clear beside the sealed addresses: `email,phone`.

use dunlin_core::party::{Channel, Ways};

pub(crate) fn write_ways(ways: Ways) -> String {
    let codes: Vec<&str> = Channel::ALL.into_iter().filter(|channel| ways.has(*channel)).map(Channel::code).collect();
    codes.join(",")
}

pub(crate) fn read_ways(text: &str) -> Ways {
    let has = |channel: Channel| text.split(',').any(|code| code == channel.code());
    Ways { email: has(Channel::Email), in_site: has(Channel::InSite), phone: has(Channel::Phone) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_come_back_as_they_were() {
        for bits in 0..8_u8 {
            let ways = Ways { email: bits & 1 != 0, in_site: bits & 2 != 0, phone: bits & 4 != 0 };
            assert_eq!(read_ways(&write_ways(ways)), ways);
        }
    }
}
