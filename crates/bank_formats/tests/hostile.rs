//! Whatever the bytes: no panic, and a file cut off anywhere invents nothing.

#![allow(clippy::unwrap_used)]

use dunlin_bank_formats::{Format, Parsed, parse};
use proptest::prelude::*;
use rust_decimal::Decimal;

const MT940: &str = ":20:STARTUMS\r\n:25:DE89370400440532013000\r\n:28C:12/1\r\n:60F:C240102EUR100,00\r\n:61:2401030103DR12,30NTRFNONREF//B-1\r\n:86:177?00UEBERWEISUNG?20EREF+E2E-77?21SVWZ+Rechnung\r\n 12?31FR76?32Müller\r\n:61:2312311230RC5,NTRFINV-9\r\nNL70ABNA0987654321\r\n:86:/EREF/1/NAME/ACME/REMI/x\r\n:62F:C240103EUR82,70\r\n-\r\n:20:B\r\n:25:X\r\n:60F:D240102JPY1000,\r\n:61:240103C400,S103X\r\n:86:plain\r\n:62F:D240103JPY600,\r\n-\r\n";

const CAMT: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt><Id>1</Id><Acct><Id><IBAN>NL26VAYB8060476890</IBAN></Id></Acct><Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">18.15</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2014-12-30</Dt></Dt></Bal><Ntry><Amt Ccy="EUR">8.85</Amt><CdtDbtInd>DBIT</CdtDbtInd><BookgDt><Dt>2014-12-31</Dt></BookgDt><NtryDtls><TxDtls><AmtDtls><TxAmt><Amt Ccy="EUR">8</Amt></TxAmt></AmtDtls></TxDtls><TxDtls><AmtDtls><TxAmt><Amt Ccy="EUR">.85</Amt></TxAmt></AmtDtls><RmtInf><Ustrd>a &amp; b é</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry><Ntry><Amt Ccy="EUR">1</Amt><CdtDbtInd>CRDT</CdtDbtInd><ValDt><Dt>2014-12-31</Dt></ValDt></Ntry></Stmt></BkToCstmrStmt></Document>"#;

fn amounts(parsed: &Parsed) -> Vec<(String, Decimal)> {
    parsed.statements.iter().flat_map(|s| s.entries.iter().map(|e| (e.booking_date.to_string(), e.amount))).collect()
}

#[test]
fn a_cut_file_never_invents_entries() {
    for (text, count) in [(MT940, 3), (CAMT, 3)] {
        let whole = amounts(&parse(text.as_bytes(), Format::Auto));
        assert_eq!(whole.len(), count);
        for end in 0..text.len() {
            let cut = parse(&text.as_bytes()[..end], Format::Auto);
            assert!(whole.starts_with(&amounts(&cut)), "cut at {end}: {cut:?}");
            if end < text.len() - 10 {
                assert!(
                    !cut.problems.is_empty()
                        || amounts(&cut).is_empty()
                        || cut.statements.iter().all(|s| s.closing.is_some() || s.opening.is_none()),
                    "cut at {end}: silent"
                );
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        for format in [Format::Auto, Format::Mt940, Format::Camt] {
            parse(&bytes, format);
        }
    }

    /// Valid pieces in any order and with any text between them reach deeper than noise does.
    #[test]
    fn shuffled_pieces_never_panic(pieces in proptest::collection::vec((any::<prop::sample::Index>(), ".{0,12}"), 0..40)) {
        for (text, cut, format) in [(MT940, "\r\n", Format::Mt940), (CAMT, ">", Format::Camt)] {
            let parts: Vec<&str> = text.split_inclusive(cut).collect();
            let shuffled: String = pieces.iter().map(|(index, noise)| format!("{}{noise}", index.get(&parts))).collect();
            parse(shuffled.as_bytes(), format);
        }
    }

    #[test]
    fn one_changed_byte_never_panics_and_never_adds(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        for text in [MT940, CAMT] {
            let mut bytes = text.as_bytes().to_vec();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            prop_assert!(amounts(&parse(&bytes, Format::Auto)).len() <= 4);
        }
    }

    #[test]
    fn any_field_text_never_panics(tag in "(20|25|28C|60F|61|62F|86|34F)", text in "\\PC{0,60}") {
        parse(format!(":20:A\n:25:X\n:60F:C240102EUR1,00\n:61:2401030103C1,00NTRFA\n:{tag}:{text}\n:86:{text}\n:62F:{text}").as_bytes(), Format::Mt940);
    }
}
