//! Writes the euro account's statements as ISO 20022 camt.053.001.08: one `Stmt` per banking day.

use jiff::civil::Date;

use super::behaviour::decimal;
use super::calendar::plus;
use super::company::{BIC, EUR_ACCOUNT, NAME_EN};
use super::statements::{DayStatement, Delivery, Entry, Kind};

/// The file of one delivery.
pub fn camt053(delivery: &Delivery) -> Vec<u8> {
    let created = delivery.on;
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\">\n<BkToCstmrStmt>\n\
         <GrpHdr><MsgId>QIHA{}EUR</MsgId><CreDtTm>{created}T06:30:00+08:00</CreDtTm></GrpHdr>\n",
        created.strftime("%Y%m%d")
    );
    xml.extend(delivery.days.iter().map(statement));
    xml.push_str("</BkToCstmrStmt>\n</Document>\n");
    xml.into_bytes()
}

fn statement(day: &DayStatement) -> String {
    let date = day.date;
    let mut xml = format!(
        "<Stmt><Id>EUR-{number}</Id><ElctrncSeqNb>{number}</ElctrncSeqNb><CreDtTm>{next}T02:00:00+08:00</CreDtTm>\n\
         <FrToDt><FrDtTm>{date}T00:00:00+08:00</FrDtTm><ToDtTm>{date}T23:59:59+08:00</ToDtTm></FrToDt>\n\
         <Acct><Id><Othr><Id>{EUR_ACCOUNT}</Id></Othr></Id><Ccy>EUR</Ccy><Ownr><Nm>{NAME_EN}</Nm></Ownr>\
         <Svcr><FinInstnId><BICFI>{BIC}</BICFI></FinInstnId></Svcr></Acct>\n",
        number = day.number,
        next = plus(date, 1),
    );
    xml.push_str(&balance("OPBD", date, day.opening));
    xml.push_str(&balance("CLBD", date, day.closing));
    xml.extend(day.entries.iter().map(|entry| entry_xml(date, entry)));
    xml.push_str("</Stmt>\n");
    xml
}

fn balance(code: &str, date: Date, amount: i64) -> String {
    format!(
        "<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{}<Dt><Dt>{date}</Dt></Dt></Bal>\n",
        signed_amount(amount)
    )
}

fn signed_amount(amount: i64) -> String {
    let side = if amount < 0 { "DBIT" } else { "CRDT" };
    format!("<Amt Ccy=\"EUR\">{}</Amt><CdtDbtInd>{side}</CdtDbtInd>", decimal(amount.abs()))
}

fn entry_xml(date: Date, entry: &Entry) -> String {
    let (family, sub_family) = match entry.kind {
        Kind::Credit(_) => ("RCDT", "XBCT"),
        Kind::Settlement => ("ICDT", "BOOK"),
        Kind::Fee => ("MDOP", "CHRG"),
    };
    format!(
        "<Ntry><NtryRef>{reference}</NtryRef>{amount}<Sts><Cd>BOOK</Cd></Sts>\
         <BookgDt><Dt>{date}</Dt></BookgDt><ValDt><Dt>{date}</Dt></ValDt><AcctSvcrRef>{reference}</AcctSvcrRef>\n\
         <BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>{family}</Cd><SubFmlyCd>{sub_family}</SubFmlyCd></Fmly></Domn></BkTxCd>\n\
         <NtryDtls><TxDtls>{details}</TxDtls></NtryDtls></Ntry>\n",
        reference = entry.bank_reference,
        amount = signed_amount(entry.amount),
        details = details(entry),
    )
}

fn details(entry: &Entry) -> String {
    let amount = signed_amount(entry.amount);
    let payment = match &entry.kind {
        Kind::Credit(payment) => payment,
        Kind::Settlement => {
            return format!("{amount}<RmtInf><Ustrd>FX SETTLEMENT TO CNY ACCOUNT</Ustrd></RmtInf>");
        }
        Kind::Fee => {
            return format!("{amount}<RmtInf><Ustrd>ACCOUNT MAINTENANCE FEE</Ustrd></RmtInf>");
        }
    };
    let account = payment
        .payer_account
        .as_ref()
        .map_or(String::new(), |iban| format!("<DbtrAcct><Id><IBAN>{iban}</IBAN></Id></DbtrAcct>"));
    format!(
        "<Refs><EndToEndId>{}</EndToEndId></Refs>{amount}<RltdPties><Dbtr><Pty><Nm>{}</Nm></Pty></Dbtr>{account}</RltdPties>\
         <RmtInf><Ustrd>{}</Ustrd></RmtInf>",
        payment.transfer,
        escaped(&payment.payer),
        escaped(&payment.text),
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
