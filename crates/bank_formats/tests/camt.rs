//! camt as a caller sees it: small files in, statements and problems out.

#![allow(clippy::unwrap_used)]

use dunlin_bank_formats::{Format, Parsed, parse};

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<d:Document xmlns:d="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><d:BkToCstmrStmt><d:GrpHdr><d:MsgId>M</d:MsgId></d:GrpHdr>
<d:Stmt><d:Id>S-1</d:Id><d:ElctrncSeqNb>7</d:ElctrncSeqNb><d:CreDtTm>2026-03-03T06:00:00Z</d:CreDtTm>
<d:Acct><d:Id><d:IBAN>DE89370400440532013000</d:IBAN></d:Id><d:Ccy>EUR</d:Ccy></d:Acct>
<d:Bal><d:Tp><d:CdOrPrtry><d:Cd>OPBD</d:Cd></d:CdOrPrtry></d:Tp><d:Amt Ccy="EUR">100.00</d:Amt><d:CdtDbtInd>CRDT</d:CdtDbtInd><d:Dt><d:Dt>2026-03-02</d:Dt></d:Dt></d:Bal>
<d:Bal><d:Tp><d:CdOrPrtry><d:Cd>CLBD</d:Cd></d:CdOrPrtry></d:Tp><d:Amt Ccy="EUR">CLOSING</d:Amt><d:CdtDbtInd>CRDT</d:CdtDbtInd><d:Dt><d:Dt>2026-03-03</d:Dt></d:Dt></d:Bal>
"#;
const TAIL: &str = "</d:Stmt></d:BkToCstmrStmt></d:Document>\n";

const ONE: &str = r#"<d:Ntry><d:Amt Ccy="EUR">12.3</d:Amt><d:CdtDbtInd>CRDT</d:CdtDbtInd><d:Sts><d:Cd>BOOK</d:Cd></d:Sts>
<d:BookgDt><d:Dt>2026-03-03</d:Dt></d:BookgDt><d:ValDt><d:DtTm>2026-03-04T00:00:00</d:DtTm></d:ValDt><d:AcctSvcrRef>BANK-9</d:AcctSvcrRef>
<d:BkTxCd><d:Domn><d:Cd>PMNT</d:Cd><d:Fmly><d:Cd>RCDT</d:Cd><d:SubFmlyCd>ESCT</d:SubFmlyCd></d:Fmly></d:Domn></d:BkTxCd>
<d:NtryDtls><d:TxDtls><d:Refs><d:EndToEndId>NOTPROVIDED</d:EndToEndId></d:Refs>
<d:Chrgs><d:Rcrd><d:Amt Ccy="EUR">0.7</d:Amt><d:CdtDbtInd>DBIT</d:CdtDbtInd></d:Rcrd><d:Rcrd><d:Amt Ccy="USD">9</d:Amt></d:Rcrd></d:Chrgs>
<d:RltdPties><d:Dbtr><d:Pty><d:Nm>Müller &amp; S&#xF6;hne</d:Nm></d:Pty></d:Dbtr><d:DbtrAcct><d:Id><d:Othr><d:Id>FR76 3000</d:Id></d:Othr></d:Id></d:DbtrAcct>
<d:Cdtr><d:Pty><d:Nm>We</d:Nm></d:Pty></d:Cdtr></d:RltdPties>
<d:RmtInf><d:Ustrd>INV-1</d:Ustrd><d:Ustrd><![CDATA[<second>]]></d:Ustrd><d:Strd><d:CdtrRefInf><d:Ref>RF18</d:Ref></d:CdtrRefInf></d:Strd></d:RmtInf>
</d:TxDtls></d:NtryDtls></d:Ntry>
"#;

fn read(closing: &str, entries: &str) -> Parsed {
    parse(format!("{}{entries}{TAIL}", HEAD.replace("CLOSING", closing)).as_bytes(), Format::Auto)
}

fn batch(amounts: &[&str]) -> String {
    let tx = |amount: &&str| {
        format!(
            "<d:TxDtls><d:Refs><d:EndToEndId>E{amount}</d:EndToEndId></d:Refs>{}<d:RmtInf><d:Ustrd>P{amount}</d:Ustrd></d:RmtInf></d:TxDtls>",
            if amount.is_empty() {
                String::new()
            } else {
                format!("<d:Amt Ccy=\"EUR\">{amount}</d:Amt><d:CdtDbtInd>CRDT</d:CdtDbtInd>")
            }
        )
    };
    let parts: String = amounts.iter().map(tx).collect();
    format!(
        "<d:Ntry><d:Amt Ccy=\"EUR\">9.00</d:Amt><d:CdtDbtInd>DBIT</d:CdtDbtInd><d:BookgDt><d:Dt>2026-03-03</d:Dt></d:BookgDt><d:NtryDtls>{parts}</d:NtryDtls></d:Ntry>"
    )
}

#[test]
fn the_json_has_the_published_shape() {
    let expected = serde_json::json!({
        "format": "camt053",
        "statements": [{"account": "DE89370400440532013000", "currency": "EUR", "number": "7",
            "opening": {"date": "2026-03-02", "amount": "100.00"}, "closing": {"date": "2026-03-03", "amount": "112.30"},
            "entries": [{"booking_date": "2026-03-03", "value_date": "2026-03-04", "amount": "12.30", "currency": "EUR", "reference": "RF18",
                "bank_reference": "BANK-9", "end_to_end_id": null, "counterparty_name": "Müller & Söhne", "counterparty_account": "FR763000",
                "purpose": "INV-1 <second> RF18", "kind": "PMNT-RCDT-ESCT", "charges": "0.70"}]}],
        "problems": []
    });
    assert_eq!(serde_json::to_value(read("112.3", ONE)).unwrap(), expected);
}

#[test]
fn a_batch_is_split_only_when_its_parts_make_it_up() {
    let amounts =
        |parsed: &Parsed| parsed.statements[0].entries.iter().map(|e| e.amount.to_string()).collect::<Vec<_>>();
    let split = read("91.00", &batch(&["4.00", "5"]));
    assert_eq!(amounts(&split), ["-4.00", "-5.00"]);
    assert_eq!(split.statements[0].entries[1].end_to_end_id.as_deref(), Some("E5"));
    for parts in [["4.00", "4.99"], ["4.00", ""]] {
        let whole = read("91.00", &batch(&parts));
        assert_eq!(amounts(&whole), ["-9.00"]);
        assert_eq!(whole.statements[0].entries[0].end_to_end_id, None);
        assert!(whole.statements[0].entries[0].purpose.starts_with("P4.00"));
        assert_eq!(whole.problems, []);
    }
}

#[test]
fn reversals_keep_the_sign_and_turn_the_parties() {
    let reversal = ONE.replace("<d:Sts>", "<d:RvslInd>true</d:RvslInd><d:Sts>");
    let entry = &read("112.30", &reversal).statements[0].entries[0];
    assert_eq!((entry.amount.to_string().as_str(), entry.counterparty_name.as_deref()), ("12.30", Some("We")));
}

#[test]
fn pending_entries_are_marked_and_not_added() {
    let parsed = read("100.00", &ONE.replace("BOOK<", "PDNG<"));
    assert!(parsed.statements[0].entries[0].pending);
    assert_eq!(parsed.problems, []);
}

#[test]
fn broken_parts_are_listed_and_the_rest_comes_out() {
    let broken = [
        ONE.replace("12.3<", "12,3O<"),
        ONE.replace("2026-03-03", "2026-02-30"),
        ONE.replace("CRDT", "X"),
        ONE.to_owned(),
    ]
    .concat();
    let parsed = read("112.30", &broken);
    assert_eq!(parsed.statements[0].entries.len(), 1);
    assert_eq!(parsed.problems.len(), 3);
    assert!(parsed.problems[0].at.starts_with("entry 1 (line "), "{:?}", parsed.problems[0]);
    assert!(
        parsed.problems[0].what.contains("12,3O") && parsed.problems[0].kept.contains("BANK-9"),
        "{:?}",
        parsed.problems[0]
    );
}

#[test]
fn an_entry_without_dates_takes_that_of_the_message() {
    let undated = ONE
        .replace("<d:BookgDt><d:Dt>2026-03-03</d:Dt></d:BookgDt>", "")
        .replace("<d:ValDt><d:DtTm>2026-03-04T00:00:00</d:DtTm></d:ValDt>", "");
    let parsed = read("112.30", &undated);
    assert_eq!(parsed.statements[0].entries[0].booking_date.to_string(), "2026-03-03");
    assert!(parsed.problems[0].what.contains("took the date of the message"));
}

#[test]
fn malformed_xml_gives_what_came_before() {
    let text = format!("{}{ONE}<d:Ntry><d:Amt Ccy='EUR'>5</d:Wrong>{ONE}{TAIL}", HEAD.replace("CLOSING", "1"));
    let parsed = parse(text.as_bytes(), Format::Auto);
    assert_eq!(parsed.statements[0].entries.len(), 1);
    assert!(
        parsed.problems.iter().any(|p| p.what.contains("XML is broken") && p.at.starts_with("line ")),
        "{:?}",
        parsed.problems
    );
}

#[test]
fn entities_are_never_expanded_and_nesting_is_bounded() {
    let evil = HEAD
        .replace("CLOSING", "112.30")
        .replace("?>\n", "?>\n<!DOCTYPE d [<!ENTITY x SYSTEM \"file:///etc/passwd\"><!ENTITY l \"&x;&x;\">]>\n");
    let text = format!("{evil}{}{TAIL}", ONE.replace("INV-1", "&x;&l;"));
    let parsed = parse(text.as_bytes(), Format::Auto);
    assert_eq!(parsed.statements[0].entries[0].purpose, "&x;&l; <second> RF18");
    let deep = format!(
        "{}<d:Ntry>{}{}</d:Ntry>{ONE}{TAIL}",
        HEAD.replace("CLOSING", "112.30"),
        "<a>".repeat(100_000),
        "</a>".repeat(100_000)
    );
    assert_eq!(parse(deep.as_bytes(), Format::Auto).statements[0].entries.len(), 1);
}

#[test]
fn latin1_is_read_as_declared() {
    let text = format!("{}{ONE}{TAIL}", HEAD.replace("CLOSING", "112.30").replace("UTF-8", "ISO-8859-1"));
    let bytes = encoding_rs::WINDOWS_1252.encode(&text).0.into_owned();
    assert_eq!(parse(&bytes, Format::Auto), read("112.30", ONE));
    let utf16: Vec<u8> =
        format!("\u{feff}{}", text.replace("ISO-8859-1", "UTF-16")).encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(parse(&utf16, Format::Auto), read("112.30", ONE));
}
