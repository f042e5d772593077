//! Addresses, numbers and domains that may not be used, whoever has them: what such an entry is, how an address is written
//! so that it is found again, and which entries a person's addresses may fall under.
//!
//! An objection is about a person and about being asked for money (`Contact::objected`); an entry here is about an address
//! and bars everything, also news of the goods.

use crate::party::{Channel, Person};
use crate::receivable::coded_enum;

coded_enum! {
    /// What may not be used.
    SuppressionKind {
        Email = "email",
        /// All addresses of a mail domain, and of those below it.
        Domain = "domain",
        Phone = "phone",
        InSite = "in_site",
    }
}

coded_enum! {
    /// Why it may not be used.
    SuppressionReason {
        /// Somebody asked that nothing is sent there any more.
        Objection = "objection",
        Bounced = "bounced",
        /// A court, an authority or a lawyer said so.
        Legal = "legal",
        WrongPerson = "wrong_person",
        ByHand = "by_hand",
    }
}

/// Longest address, in characters.
const LONGEST: usize = 254;

impl SuppressionKind {
    /// The address as it is compared: `None` when it is none of this kind.
    pub fn normal(self, text: &str) -> Option<String> {
        let text = text.trim().to_lowercase();
        let is_clean = !text.is_empty()
            && text.chars().count() <= LONGEST
            && !text.chars().any(|char| char.is_whitespace() || char.is_control());
        match self {
            Self::Phone => phone(&text),
            Self::InSite => is_clean.then_some(text),
            Self::Email => {
                let (local, domain) = text.rsplit_once('@')?;
                let is_address = is_clean && !local.is_empty() && !local.contains('@') && is_domain(domain);
                is_address.then_some(text)
            }
            Self::Domain => {
                let domain = text.trim_start_matches("*.").trim_start_matches('@').trim_end_matches('.');
                (is_clean && is_domain(domain)).then(|| domain.to_string())
            }
        }
    }

    /// What somebody typed without saying what it is.
    pub fn guess(text: &str) -> Option<Self> {
        let is_local = |text: &str| text.rsplit_once('@').is_some_and(|(local, _)| !local.is_empty());
        match text.trim() {
            text if is_local(text) => Self::Email.normal(text).map(|_| Self::Email),
            text if text.chars().any(char::is_alphabetic) => Self::Domain.normal(text).map(|_| Self::Domain),
            text => Self::Phone.normal(text).map(|_| Self::Phone),
        }
    }
}

fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|char| char.is_alphanumeric() || char == '-')
    };
    text.contains('.') && text.split('.').all(is_label)
}

/// Digits, with the `+` of the country where it is there; `00` means the same.
fn phone(text: &str) -> Option<String> {
    let is_filling = |char: char| char.is_whitespace() || matches!(char, '-' | '.' | '(' | ')' | '/');
    let dense: String = text.chars().filter(|char| !is_filling(*char)).collect();
    let (sign, digits) = match dense.strip_prefix('+').or_else(|| dense.strip_prefix("00")) {
        Some(digits) => ("+", digits),
        None => ("", dense.as_str()),
    };
    let is_number = (5..=20).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| format!("{sign}{digits}"))
}

impl SuppressionKind {
    /// What an address is found again by. One number is written with the country or without, and with a 0 before it: its
    /// last nine digits are the same.
    pub fn key(self, normal: &str) -> &str {
        if self != Self::Phone {
            return normal;
        }
        let digits = normal.trim_start_matches('+');
        digits.get(digits.len().saturating_sub(9)..).unwrap_or(digits)
    }
}

/// The entries that a person's addresses would fall under, with the channel that each of them bars.
pub fn entries_of(person: &Person) -> Vec<(Channel, SuppressionKind, String)> {
    let mut entries = Vec::new();
    let mut add = |channel, kind: SuppressionKind, text: &str| {
        if let Some(normal) = kind.normal(text) {
            entries.push((channel, kind, normal));
        }
    };
    if let Some(email) = person.address(Channel::Email) {
        add(Channel::Email, SuppressionKind::Email, email);
        let mut domain = email.rsplit_once('@').map_or("", |(_, domain)| domain);
        while domain.contains('.') {
            add(Channel::Email, SuppressionKind::Domain, domain);
            domain = domain.split_once('.').map_or("", |(_, above)| above);
        }
    }
    if let Some(phone) = person.address(Channel::Phone) {
        add(Channel::Phone, SuppressionKind::Phone, phone);
    }
    if let Some(account) = person.address(Channel::InSite) {
        add(Channel::InSite, SuppressionKind::InSite, account);
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::SuppressionKind::{Domain, Email, InSite, Phone};
    use super::*;

    #[test]
    fn one_number_in_many_spellings_is_found_again() {
        let keys = ["+86 138 0000 1111", "0086-13800001111", "13800001111", "013800001111"].map(|text| {
            let normal = SuppressionKind::Phone.normal(text).expect("a number");
            SuppressionKind::Phone.key(&normal).to_string()
        });
        assert!(keys.iter().all(|key| key == "800001111"), "{keys:?}");
        assert_eq!(SuppressionKind::Phone.key("12345"), "12345");
        assert_eq!(SuppressionKind::Email.key("anna@example.com"), "anna@example.com");
    }

    #[test]
    fn addresses_are_compared_however_they_are_written() {
        assert_eq!(Email.normal(" Anna@Example.COM "), Some("anna@example.com".to_string()));
        assert_eq!(Domain.normal("*.Example.com"), Some("example.com".to_string()));
        assert_eq!(Domain.normal("@example.com."), Some("example.com".to_string()));
        assert_eq!(Phone.normal("0039 (02) 555-0101"), Some("+39025550101".to_string()));
        assert_eq!(Phone.normal("+39 02 555 0101"), Some("+39025550101".to_string()));
        assert_eq!(InSite.normal(" Buyer_77 "), Some("buyer_77".to_string()));
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let long = format!("{}@example.com", "a".repeat(300));
        for wrong in [
            "",
            "@",
            "a@",
            "@example.com",
            "a@b",
            "a b@example.com",
            "a@@example.com",
            "a@ex\nample.com",
            long.as_str(),
        ] {
            assert_eq!(Email.normal(wrong), None, "{wrong:?}");
        }
        for wrong in ["", "com", ".", "..", "-a.com", "a b.com", "ex'; DROP TABLE contact;--.com"] {
            assert_eq!(Domain.normal(wrong), None, "{wrong:?}");
        }
        for wrong in ["", "12", "+", "call me", "１２３４５６７", "999999999999999999999999"] {
            assert_eq!(Phone.normal(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn a_kind_is_guessed_from_the_text() {
        assert_eq!(SuppressionKind::guess("anna@example.com"), Some(Email));
        assert_eq!(SuppressionKind::guess("@example.com"), Some(Domain));
        assert_eq!(SuppressionKind::guess("example.com"), Some(Domain));
        assert_eq!(SuppressionKind::guess("+39 02 555 0101"), Some(Phone));
        assert_eq!(SuppressionKind::guess("02.555.0101"), Some(Phone));
        assert_eq!(SuppressionKind::guess("nobody"), None);
    }

    #[test]
    fn an_address_falls_under_its_domain_and_those_above() {
        let person = Person { email: Some("Anna@mail.example.com".to_string()), ..Person::default() };
        let found: Vec<String> = entries_of(&person).into_iter().map(|(_, _, text)| text).collect();
        assert_eq!(found, ["anna@mail.example.com", "mail.example.com", "example.com"]);
    }
}
