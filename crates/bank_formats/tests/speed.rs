//! How many entries a second; run with `cargo test --release -p dunlin_bank_formats --test speed -- --ignored --nocapture`.

use dunlin_bank_formats::{Event, Format, StatementReader};
use std::io::{BufReader, Cursor};
use std::time::Instant;

const ENTRIES: usize = 300_000;

fn measure(name: &str, text: String) {
    let bytes = text.len();
    let begin = Instant::now();
    let reader = StatementReader::new(BufReader::new(Cursor::new(text)), Format::Auto);
    let count = reader.filter(|event| matches!(event, Event::Entry(_))).count();
    let seconds = begin.elapsed().as_secs_f64();
    assert_eq!(count, ENTRIES);
    println!("{name}: {:.0} entries/s, {:.0} MB/s", count as f64 / seconds, bytes as f64 / seconds / 1e6);
}

#[test]
#[ignore = "a measurement, not a check"]
fn entries_per_second() {
    let entry = ":61:2401030103CR12,30NTRFNONREF//0724710333343453\r\n:86:166?00GUTSCHRIFT?100399?20EREF+E2E-77?21SVWZ+Rechnung INV-2026-0?2231?30DRESDEFF508?31DE14508800500194785000?32KARL?33 KAUFMANN\r\n";
    measure(
        "mt940",
        format!(":20:A\r\n:25:X\r\n:60F:C240102EUR0,00\r\n{}:62F:C240103EUR3690000,00\r\n-\r\n", entry.repeat(ENTRIES)),
    );
    let entry = "<Ntry><Amt Ccy=\"EUR\">8.85</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2014-12-31</Dt></BookgDt><ValDt><Dt>2015-01-02</Dt></ValDt><AcctSvcrRef>AAAASESS-FP-CN_98765/01</AcctSvcrRef><BkTxCd><Domn><Cd>PAYM</Cd><Fmly><Cd>0001</Cd><SubFmlyCd>0005</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls><TxDtls><Refs><EndToEndId>E2E</EndToEndId></Refs><RltdPties><Dbtr><Nm>NAME NAME</Nm></Dbtr><DbtrAcct><Id><IBAN>NL56AGDH9619008421</IBAN></Id></DbtrAcct></RltdPties><RmtInf><Ustrd>INV-2026-031</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>\n";
    measure(
        "camt053",
        format!(
            "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"><BkToCstmrStmt><Stmt><Id>1</Id>{}</Stmt></BkToCstmrStmt></Document>",
            entry.repeat(ENTRIES)
        ),
    );
}
