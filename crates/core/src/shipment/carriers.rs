//! Who carries parcels: names in both languages, the number at 17TRACK, and the page on which a buyer follows a parcel.
//! Data: `shipping/carriers.toml`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

/// Shown where a carrier has no page of its own that can be linked to.
const PAGE_FOR_ALL: &str = "https://t.17track.net/en#nums={number}";

/// One carrier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carrier {
    /// Word in files and databases: `china_post`.
    pub code: String,
    /// Its number at 17TRACK.
    pub track17_key: u32,
    pub name_en: String,
    pub name_zh: String,
    /// The service of `expected_days.toml` that counts when nobody says which one a parcel travels by.
    pub service: String,
    page: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CarrierInFile {
    track17: u32,
    name_en: String,
    name_zh: String,
    service: String,
    page: Option<String>,
}

/// All carriers that are known, by code.
#[derive(Debug, Default)]
pub struct Carriers {
    all: Vec<Carrier>,
}

impl Carriers {
    /// The data that ships inside the binary.
    pub fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<Carriers> = OnceLock::new();
        SHIPPED.get_or_init(|| {
            // A shipped file that does not parse is caught by this module's test, never by a user.
            Self::parse(include_str!("../../../../shipping/carriers.toml")).unwrap_or_default()
        })
    }

    /// Reads the file; the error names the carrier and what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let file: BTreeMap<String, CarrierInFile> = toml::from_str(text).map_err(|e| e.to_string())?;
        let mut all = Vec::with_capacity(file.len());
        for (code, entry) in file {
            if entry.page.as_ref().is_some_and(|page| !page.contains("{number}")) {
                return Err(format!("[{code}] the page has no {{number}}"));
            }
            all.push(Carrier {
                code,
                track17_key: entry.track17,
                name_en: entry.name_en,
                name_zh: entry.name_zh,
                service: entry.service,
                page: entry.page,
            });
        }
        Ok(Self { all })
    }

    pub fn iter(&self) -> impl Iterator<Item = &Carrier> {
        self.all.iter()
    }

    pub fn get(&self, code: &str) -> Option<&Carrier> {
        self.all.iter().find(|carrier| carrier.code == code)
    }

    pub fn by_track17_key(&self, key: u32) -> Option<&Carrier> {
        self.all.iter().find(|carrier| carrier.track17_key == key)
    }

    /// Finds a carrier by code or by either name, as people write them in lists.
    pub fn find(&self, text: &str) -> Option<&Carrier> {
        let wanted = plain(text);
        if wanted.is_empty() {
            return None;
        }
        self.all.iter().find(|carrier| {
            [&carrier.code, &carrier.name_en, &carrier.name_zh].into_iter().any(|name| plain(name) == wanted)
        })
    }
}

/// Letters and digits alone, in lower case: `China-Post`, `china_post` and `China Post` are one.
fn plain(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl Carrier {
    /// Where the buyer follows this parcel.
    pub fn page_of(&self, number: &str) -> String {
        tracking_page(self.page.as_deref(), number)
    }
}

/// Where a parcel is followed whose carrier we do not know.
pub fn page_of_unknown(number: &str) -> String {
    tracking_page(None, number)
}

/// Numbers come from files and from other people's systems: nothing but letters and digits goes into an address.
fn tracking_page(page: Option<&str>, number: &str) -> String {
    let number: String = number.chars().filter(char::is_ascii_alphanumeric).collect();
    page.unwrap_or(PAGE_FOR_ALL).replace("{number}", &number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shipment::transit::Transit;

    #[test]
    fn the_shipped_file_is_whole() {
        let carriers = Carriers::parse(include_str!("../../../../shipping/carriers.toml")).expect("parses");
        let mut keys: Vec<u32> = carriers.iter().map(|carrier| carrier.track17_key).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), carriers.iter().count(), "a number stands for one carrier");
        for carrier in carriers.iter() {
            assert!(Transit::shipped().has_service(&carrier.service), "{}", carrier.code);
        }
        for (key, code) in [(3011, "china_post"), (3013, "china_ems"), (190_008, "yunexpress"), (190_094, "4px")] {
            assert_eq!(carriers.by_track17_key(key).map(|carrier| carrier.code.as_str()), Some(code));
        }
    }

    #[test]
    fn a_carrier_is_found_as_people_write_it() {
        let carriers = Carriers::shipped();
        for (text, code) in
            [("China Post", "china_post"), ("云途物流", "yunexpress"), ("dhl express", "dhl"), ("4px", "4px")]
        {
            assert_eq!(carriers.find(text).map(|carrier| carrier.code.as_str()), Some(code), "{text}");
        }
        assert_eq!(carriers.find("Pony Express"), None);
        assert_eq!(carriers.find(" - "), None);
    }

    #[test]
    fn a_number_cannot_break_out_of_its_address() {
        let ups = Carriers::shipped().get("ups").expect("ups");
        assert_eq!(ups.page_of("1Z 999"), "https://www.ups.com/track?tracknum=1Z999");
        assert!(page_of_unknown("AB1&x=\"><script>").ends_with("#nums=AB1xscript"));
    }
}
