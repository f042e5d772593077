//! Field 86, what the payment was for: chooses the dialect and gives one answer.
//!
//! Three dialects: `166?00GUTSCHRIFT?20…` (`subfields`), `/EREF/…/NAME/…` (`slashes`) and plain text. The text
//! decides, not the bank.

use super::{slashes, subfields};

/// What the text around an entry says; everything optional but the purpose.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Details {
    pub counterparty_name: Option<String>,
    pub counterparty_account: Option<String>,
    pub end_to_end_id: Option<String>,
    /// A customer reference given here rather than in field 61 (KREF, PREF).
    pub reference: Option<String>,
    pub purpose: String,
    /// As written, e.g. `EUR0,5`.
    pub charges: Option<String>,
}

/// `text` keeps its line ends: whether they mean a blank depends on the dialect.
pub(super) fn read_details(text: &str) -> Details {
    let mut details = subfields::read(text).or_else(|| slashes::read(text)).unwrap_or_else(|| plain(text));
    if details.charges.is_none() {
        details.charges = find_charges(text);
    }
    details.end_to_end_id = details.end_to_end_id.filter(|id| id != "NOTPROVIDED" && id != "NONREF");
    details
}

fn plain(text: &str) -> Details {
    let mut details = subfields::read_sepa_words(&[text.replace('\n', " ")]);
    details.purpose = one_line(&details.purpose);
    details
}

/// `/CHGS/EUR0,5/` stands in the supplementary line or anywhere in the text.
pub(super) fn find_charges(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("/CHGS/")?;
    let value = rest.split('/').next()?.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

/// Runs of blanks and line ends become one blank; characters nobody can see go.
pub(super) fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        // A soft hyphen is how some banks' systems wrote the dash of a date.
        out.extend(word.chars().map(|c| if c == '\u{ad}' { '-' } else { c }).filter(|c| !c.is_control()));
    }
    out
}

pub(super) fn present(text: &str) -> Option<String> {
    let line = one_line(text);
    (!line.is_empty()).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn german_subfields() {
        let details = read_details(
            "166?00GUTSCHRIFT?100399?20EREF+EndToEndId TFNR 22 004?21 00001?22\nSVWZ+Verw CTSc-01 BC-PPP TF?23Nr 22 004?30DRESDEFF508?31DE1450880\n0500194785000?32KARL?33        KAUFMANN?70Empfaenger Marta Metzge\nr",
        );
        assert_eq!(details.end_to_end_id.as_deref(), Some("EndToEndId TFNR 22 004 00001"));
        assert_eq!(details.counterparty_account.as_deref(), Some("DE14508800500194785000"));
        assert_eq!(details.counterparty_name.as_deref(), Some("KARL KAUFMANN"));
        assert_eq!(details.purpose, "Verw CTSc-01 BC-PPP TFNr 22 004 Empfaenger Marta Metzger");
    }

    #[test]
    fn a_text_without_svwz_ends_the_reference_before_it() {
        let details =
            read_details("159?00RETOURE?100399?20EREF+TFNR 40005 00005?21MTLG:Grund nicht s\npezifizie?22rt Reject");
        assert_eq!(details.end_to_end_id.as_deref(), Some("TFNR 40005 00005"));
        assert_eq!(details.purpose, "MTLG:Grund nicht spezifiziert Reject");
    }

    #[test]
    fn other_separators() {
        let details = read_details(
            "000>100987654321\n>20ALGEMENE TUSSENREKENING KOS>21TEN VAN 01-10-2010 TOT EN M\n>22ET 31-12-2010>310390123456",
        );
        assert_eq!(details.purpose, "ALGEMENE TUSSENREKENING KOSTEN VAN 01-10-2010 TOT EN MET 31-12-2010");
        assert_eq!(details.counterparty_account.as_deref(), Some("0390123456"));
    }

    #[test]
    fn dutch_slashes() {
        let details = read_details(
            "/EREF/01-01-2013 12:00 0030000987654321/BENM//NAME/CONTRA ACCOUN\nT HOLDER/REMI//ISDT/2013-07-11",
        );
        assert_eq!(details.end_to_end_id.as_deref(), Some("01-01-2013 12:00 0030000987654321"));
        assert_eq!(details.counterparty_name.as_deref(), Some("CONTRA ACCOUNT HOLDER"));
        assert_eq!(details.purpose, "");
        let details = read_details(
            "/TRTP/SEPA OVERBOEKING/IBAN/NL56AGDH9619008421/BIC/ABNANL2A/NAME/ACME B.V./REMI/INV-2026-031 INV-2026/032/EREF/NOTPROVIDED",
        );
        assert_eq!(details.counterparty_account.as_deref(), Some("NL56AGDH9619008421"));
        assert_eq!(details.counterparty_name.as_deref(), Some("ACME B.V."));
        assert_eq!(details.purpose, "INV-2026-031 INV-2026/032");
        assert_eq!(details.end_to_end_id, None);
        let details = read_details("/EREF/E1//CNTP/NL32INGB0000012345/INGBNL2A/ING Bank N.V.///REMI/USTD//Factuur 12/");
        assert_eq!(details.counterparty_account.as_deref(), Some("NL32INGB0000012345"));
        assert_eq!(details.counterparty_name.as_deref(), Some("ING Bank N.V."));
        assert_eq!(details.purpose, "Factuur 12");
    }

    #[test]
    fn plain_text_and_words_with_plus() {
        assert_eq!(read_details("ORDER 12\nINV-7   USD 5/CHGS/USD0,5/").charges.as_deref(), Some("USD0,5"));
        assert_eq!(read_details("  A\nB ").purpose, "A B");
        let details = read_details("EREF+X-1 KREF+K9 SVWZ+Invoice 77");
        assert_eq!(
            (details.end_to_end_id.as_deref(), details.reference.as_deref(), details.purpose.as_str()),
            (Some("X-1"), Some("K9"), "Invoice 77")
        );
    }
}
