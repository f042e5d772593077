//! Payment terms in words, as sales contracts have them, read into milestones:
//! `30% T/T deposit, 70% against copy of B/L` · `OA 60 days` · `见提单副本付尾款` · `月结30天`.
//!
//! What cannot be read is an error with the words that were not understood; nothing is guessed silently.

mod shares;

use super::{Milestone, Trigger};
use crate::money::{Money, MoneyError};
pub use shares::WHOLE;
use shares::percent;

/// One milestone of the terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    pub milestone: Milestone,
    /// Parts of the order, of which [`WHOLE`] make all of it; `None`: the remainder.
    pub share: Option<u32>,
    pub trigger: Trigger,
    /// Days from the trigger to the due date.
    pub days: i32,
}

/// Terms that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TermsError {
    #[error("the payment terms are empty")]
    Empty,
    #[error(
        "‘{0}’ is not understood as payment terms; write for instance ‘30% deposit, 70% against copy of B/L’ or ‘OA 60 days’"
    )]
    Unknown(String),
    #[error("the shares in ‘{0}’ add up to {1}%, not 100%")]
    Shares(String, String),
    #[error("‘{0}’ is paid through banks against documents: it is followed by the days of the credit or collection")]
    Documentary(String),
}

/// Reads terms. The result has one or more milestones whose shares fill the order.
pub fn parse(text: &str) -> Result<Vec<Term>, TermsError> {
    let plain = with_shares(&normalise(text));
    if plain.trim().is_empty() {
        return Err(TermsError::Empty);
    }
    if offers_discount(&plain) {
        return Err(TermsError::Unknown(text.trim().to_string()));
    }
    if is_documentary(&plain) {
        return Err(TermsError::Documentary(text.trim().to_string()));
    }
    let mut terms = Vec::new();
    for part in split(&plain) {
        // A share that cannot be read is no share of a hundred.
        if part.contains('%') && (percent(&part).is_none() || part.matches('%').count() > 1) {
            return Err(TermsError::Unknown(text.trim().to_string()));
        }
        if let Some(term) = read_part(&part, terms.is_empty()) {
            terms.push(term);
        } else if percent(&part).is_some() || terms.is_empty() {
            return Err(TermsError::Unknown(text.trim().to_string()));
        }
    }
    complete(&mut terms, text)?;
    Ok(terms)
}

/// Splits the total by the terms: shares rounded down to the minor unit, the last milestone takes the remainder.
pub fn split_amount(total: Money, terms: &[Term]) -> Result<Vec<Money>, MoneyError> {
    let mut left = total.minor;
    let mut amounts = Vec::with_capacity(terms.len());
    for (index, term) in terms.iter().enumerate() {
        let minor = match term.share {
            Some(share) if index + 1 < terms.len() => {
                let parts = i128::from(total.minor) * i128::from(share) / i128::from(WHOLE);
                i64::try_from(parts).map_err(|_| MoneyError::Overflow)?
            }
            _ => left,
        };
        left -= minor;
        amounts.push(Money::new(minor, total.currency));
    }
    Ok(amounts)
}

/// Lower case, half-width, Chinese punctuation to Latin.
fn normalise(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let folded: String = text.nfkc().collect::<String>().to_lowercase();
    folded.replace(['，', '、', ';', '；', '+', '\n', '。'], ",").replace("percent", "%").replace("b / l", "b/l")
}

/// `30/70` is how traders write `30% deposit, 70%`; halves, thirds and the like become percentages.
fn with_shares(plain: &str) -> String {
    let plain = shares::in_percents(plain);
    for (slash, _) in plain.match_indices('/') {
        let digits = |text: &str, back: bool| -> String {
            let taken = |c: &char| c.is_ascii_digit();
            if back {
                let reversed: String = text.chars().rev().take_while(taken).collect();
                reversed.chars().rev().collect()
            } else {
                text.chars().take_while(taken).collect()
            }
        };
        let (first, second) = (digits(&plain[..slash], true), digits(&plain[slash + 1..], false));
        let shares = first.parse::<u32>().ok().zip(second.parse::<u32>().ok());
        let (from, to) = (slash - first.len(), slash + 1 + second.len());
        if shares.is_some_and(|(a, b)| a.checked_add(b) == Some(100)) && !plain[to..].starts_with(['%', '/']) {
            return format!("{}{first}% deposit, {second}% {}", &plain[..from], plain[to..].trim_start());
        }
    }
    plain
}

/// `2/10 net 30`: two in a hundred less for who pays within ten days. A debt has one amount here, so it is said and not
/// read as the debt of a second day.
fn offers_discount(plain: &str) -> bool {
    let Some((before, after)) = plain.split_once('/') else { return false };
    let rate = before.trim_end().trim_end_matches('%').ends_with(|c: char| c.is_ascii_digit());
    let after = after.trim_start();
    let days = after.trim_start_matches(|c: char| c.is_ascii_digit());
    let then = days.trim_start_matches([' ', ',', '-']);
    rate && days.len() < after.len() && (then.starts_with("net") || then.starts_with("n/") || then.starts_with("n "))
}

fn is_documentary(plain: &str) -> bool {
    let words: Vec<&str> = plain.split(|c: char| !c.is_ascii_alphanumeric() && c != '/').collect();
    ["l/c", "lc", "d/p", "d/a", "dp", "da"].iter().any(|word| words.contains(word))
        || plain.contains("信用证")
        || plain.contains("付款交单")
        || plain.contains("承兑交单")
        || plain.contains("letter of credit")
}

/// Payment through banks against documents. When it is due its words do not say: the days of the documents do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Documentary {
    /// A letter of credit.
    Credit,
    /// D/P or D/A.
    Collection,
}

/// Which of them the terms name for the whole of an order; `None` where only a part is paid so, and for other terms.
pub fn documentary(text: &str) -> Option<Documentary> {
    const BESIDE: [&str; 8] = ["t/t", "deposit", "advance", "定金", "订金", "预付", "电汇", "余款"];
    let plain = with_shares(&normalise(text));
    let in_parts = BESIDE.iter().any(|word| plain.contains(word))
        || split(&plain).iter().any(|part| percent(part).is_some_and(|share| share != WHOLE));
    if in_parts || !is_documentary(&plain) {
        return None;
    }
    let words: Vec<&str> = plain.split(|c: char| !c.is_ascii_alphanumeric() && c != '/').collect();
    let says = |known: &[&str]| known.iter().any(|word| words.contains(word));
    let credit = says(&["l/c", "lc"]) || plain.contains("信用证") || plain.contains("letter of credit");
    let collection = says(&["d/p", "d/a", "dp", "da"]) || plain.contains("付款交单") || plain.contains("承兑交单");
    match (credit, collection) {
        (true, false) => Some(Documentary::Credit),
        (false, true) => Some(Documentary::Collection),
        _ => None,
    }
}

/// Parts at commas and at "balance"/"余款" words that follow a first part without a comma.
fn split(plain: &str) -> Vec<String> {
    let mut parts: Vec<String> =
        plain.split(',').map(|part| part.trim().to_string()).filter(|p| !p.is_empty()).collect();
    if parts.len() == 1 {
        let only = parts[0].clone();
        for word in [" and balance", " and the balance", " balance", "余款", "尾款", " and "] {
            let at = only.find(word).filter(|at| only[..*at].matches('%').count() == 1);
            if let Some(at) = at {
                parts = vec![only[..at].trim().to_string(), only[at..].trim().to_string()];
                break;
            }
        }
        // 30%定金70%见提单副本: cut before each further percentage.
        if parts.len() == 1 {
            parts = at_percentages(&only);
        }
    }
    parts
}

fn at_percentages(only: &str) -> Vec<String> {
    let signs: Vec<usize> = only.match_indices('%').map(|(at, _)| at).collect();
    let mut parts = Vec::with_capacity(signs.len().max(1));
    let mut from = 0;
    for pair in signs.windows(2) {
        let between = &only[pair[0] + 1..pair[1]];
        let digits =
            between.chars().rev().take_while(|c| c.is_ascii_digit() || *c == '.').map(char::len_utf8).sum::<usize>();
        let cut = pair[1] - digits;
        parts.push(only[from..cut].trim().to_string());
        from = cut;
    }
    parts.push(only[from..].trim().to_string());
    parts
}

fn read_part(part: &str, first: bool) -> Option<Term> {
    let share = percent(part);
    if is_negative(part) {
        return None;
    }
    let days = days(part);
    let has = |words: &[&str]| words.iter().any(|word| part.contains(word));
    let term = |milestone, trigger, days| Term { milestone, share, trigger, days };
    let whole = share.is_none_or(|share| share == WHOLE);
    let rest = if whole && first { Milestone::Full } else { Milestone::Balance };
    if has(&[
        "copy of b/l",
        "b/l copy",
        "bl copy",
        "copy of bl",
        "copy b/l",
        "copy of bill of lading",
        "copy of the bill",
        "copies of shipping doc",
        "copy of shipping doc",
        "提单副本",
        "提单复印件",
        "副本提单",
        "提单扫描",
        "copia de bl",
        "copia del bl",
        "copia b/l",
        "copia de b/l",
        "copia del b/l",
        "copia del conocimiento",
        "copia de conocimiento",
    ]) {
        return Some(term(Milestone::Balance, Trigger::BlCopy, days.unwrap_or(0)));
    }
    if has(&["end of month", "eom", "月结", "月底"]) {
        return Some(term(rest, Trigger::EndOfMonth, days.unwrap_or(0)));
    }
    let open_account = has(&["open account", "o/a", "net ", "net-", "账期", "赊销", "放账", "credit"])
        || part.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == "oa");
    if has(&[
        "b/l date",
        "bl date",
        "date of b/l",
        "date of bl",
        "提单日",
        "开船后",
        "after b/l",
        "after bl",
        "after shipment",
        "装运后",
        "出货后",
        "发货后",
    ]) {
        return Some(term(rest, Trigger::BlDate, days.unwrap_or(0)));
    }
    // Without the word copy it is meant all the same: the original goes out after payment.
    if has(&["见提单", "against b/l", "against bl", "contra bl", "contra b/l"]) {
        return Some(term(Milestone::Balance, Trigger::BlCopy, days.unwrap_or(0)));
    }
    if has(&["invoice date", "date of invoice", "after invoice", "发票日", "开票后", "发票后", "fecha de factura"])
    {
        return Some(term(rest, Trigger::InvoiceDate, days?));
    }
    if has(&[
        "before shipment",
        "before loading",
        "before delivery",
        "before dispatch",
        "prior to shipment",
        "发货前",
        "款到发货",
        "款到即发",
        "款清发货",
        "付款后发货",
        "付清后发货",
        "出货前",
        "装运前",
        "装柜前",
        "goods ready",
        "货好",
        "验货后",
        "after inspection",
        "antes del embarque",
        "antes de embarque",
        "antes del envío",
        "antes del despacho",
    ]) {
        return Some(term(rest, Trigger::GoodsReady, days.unwrap_or(0)));
    }
    if has(&[
        "deposit",
        "down payment",
        "advance",
        "prepay",
        "in advance",
        "定金",
        "订金",
        "预付",
        "前t/t",
        "proforma",
        "with order",
        "下单",
        "anticipo",
        "depósito",
        "por adelantado",
    ]) {
        // Everything in advance is paid on the proforma, like a deposit of the whole.
        return Some(term(Milestone::Deposit, Trigger::Proforma, days.unwrap_or(0)));
    }
    if has(&["arrival", "到港", "货到", "到货", "on delivery", "cash on delivery", "a la llegada", "contra entrega"])
    {
        return Some(term(rest, Trigger::Arrival, days.unwrap_or(0)));
    }
    if open_account {
        return Some(term(rest, Trigger::InvoiceDate, days?));
    }
    if days.is_some() && has(&["day", "天", "日", "t/t"]) {
        return Some(term(rest, Trigger::InvoiceDate, days?));
    }
    // A balance without a trigger follows the older custom of the trade: paid before the goods leave.
    None
}

/// The number that stands before "day(s)", 天 or 日, or after "net", "oa", "月结".
fn days(part: &str) -> Option<i32> {
    let characters: Vec<char> = part.chars().collect();
    let mut numbers: Vec<(usize, usize, i32)> = Vec::new();
    let mut i = 0;
    while i < characters.len() {
        if !characters[i].is_ascii_digit() {
            i += 1;
            continue;
        }
        let start = i;
        while i < characters.len() && characters[i].is_ascii_digit() {
            i += 1;
        }
        if let Ok(value) = characters[start..i].iter().collect::<String>().parse::<i32>() {
            numbers.push((start, i, value));
        }
    }
    let after = |end: usize| characters[end..].iter().collect::<String>();
    let is_share = |end: usize| after(end).trim_start().starts_with('%') || after(end).starts_with('.');
    let with_unit = numbers.iter().find(|(_, end, _)| {
        let rest = after(*end);
        let rest = rest.trim_start_matches([' ', '-', '个']);
        rest.starts_with("day")
            || rest.starts_with("día")
            || rest.starts_with("dias")
            || rest.starts_with('天')
            || rest.starts_with('日')
            || rest.starts_with("d ")
            || rest == "d"
    });
    let found = with_unit.or_else(|| numbers.iter().find(|(_, end, _)| !is_share(*end)));
    found.map(|(_, _, value)| *value).filter(|value| *value <= 365)
}

/// "OA -30 days" is a slip that would make everything due a month early; in "T/T - 30 days" and "20-30 days" the dash
/// only joins.
fn is_negative(part: &str) -> bool {
    part.char_indices().any(|(at, c)| {
        c == '-'
            && part[at + 1..].starts_with(|c: char| c.is_ascii_digit())
            && part[..at].chars().next_back().is_none_or(|before| before == ' ')
    })
}

fn complete(terms: &mut [Term], text: &str) -> Result<(), TermsError> {
    let given: u32 = terms.iter().filter_map(|term| term.share).sum();
    let open = terms.iter().filter(|term| term.share.is_none()).count();
    let complaint = || TermsError::Shares(text.trim().to_string(), shares::written(given));
    match open {
        0 if given == WHOLE => {}
        // One milestone named alone, with a share: the rest has no words at all.
        0 => return Err(complaint()),
        1 if given < WHOLE => {}
        _ => return Err(complaint()),
    }
    // The remainder comes last, whatever the order of the words (见提单副本付尾款，定金30%).
    terms.sort_by_key(|term| (term.milestone != Milestone::Deposit, term.share.is_none()));
    if let [only] = terms
        && only.milestone == Milestone::Balance
        && only.trigger != Trigger::BlCopy
    {
        only.milestone = Milestone::Full;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use Milestone::{Balance, Deposit, Full};
    use Trigger::{BlCopy, BlDate, EndOfMonth, GoodsReady, InvoiceDate, Proforma};

    type Read = (Milestone, Option<u32>, Trigger, i32);

    fn read(text: &str) -> Vec<Read> {
        let terms = parse(text).unwrap_or_else(|e| panic!("{text}: {e}"));
        terms.iter().map(|t| (t.milestone, t.share, t.trigger, t.days)).collect()
    }

    #[test]
    fn terms_as_people_write_them() {
        let table: &[(&str, &[Read])] = &[
            (
                "30% T/T deposit, 70% against copy of B/L",
                &[(Deposit, Some(9000), Proforma, 0), (Balance, Some(21000), BlCopy, 0)],
            ),
            (
                "30% deposit, balance against copy of B/L within 7 days",
                &[(Deposit, Some(9000), Proforma, 0), (Balance, None, BlCopy, 7)],
            ),
            ("30%定金，70%见提单副本", &[(Deposit, Some(9000), Proforma, 0), (Balance, Some(21000), BlCopy, 0)]),
            (
                "T/T 30% deposit 70% balance against copy of B/L",
                &[(Deposit, Some(9000), Proforma, 0), (Balance, Some(21000), BlCopy, 0)],
            ),
            (
                "30%定金30%发货前40%见提单副本",
                &[
                    (Deposit, Some(9000), Proforma, 0),
                    (Balance, Some(9000), GoodsReady, 0),
                    (Balance, Some(12000), BlCopy, 0),
                ],
            ),
            ("30%定金70%见提单副本", &[(Deposit, Some(9000), Proforma, 0), (Balance, Some(21000), BlCopy, 0)]),
            ("见提单副本付尾款，定金30%", &[(Deposit, Some(9000), Proforma, 0), (Balance, None, BlCopy, 0)]),
            ("见提单副本付尾款", &[(Balance, None, BlCopy, 0)]),
            ("30%预付，余款发货前付清", &[(Deposit, Some(9000), Proforma, 0), (Balance, None, GoodsReady, 0)]),
            (
                "20% deposit, 80% before shipment",
                &[(Deposit, Some(6000), Proforma, 0), (Balance, Some(24000), GoodsReady, 0)],
            ),
            ("OA 60 days", &[(Full, None, InvoiceDate, 60)]),
            ("O/A 60 days after B/L date", &[(Full, None, BlDate, 60)]),
            ("OA 45 days from invoice date", &[(Full, None, InvoiceDate, 45)]),
            ("T/T 60 days after BL date", &[(Full, None, BlDate, 60)]),
            ("net 30", &[(Full, None, InvoiceDate, 30)]),
            ("Net 30 days EOM", &[(Full, None, EndOfMonth, 30)]),
            ("月结30天", &[(Full, None, EndOfMonth, 30)]),
            ("100% T/T in advance", &[(Deposit, Some(30000), Proforma, 0)]),
            (
                "50% before shipment, 50% on arrival",
                &[(Balance, Some(15000), GoodsReady, 0), (Balance, Some(15000), Trigger::Arrival, 0)],
            ),
            (
                "30% deposit and balance before shipment",
                &[(Deposit, Some(9000), Proforma, 0), (Balance, None, GoodsReady, 0)],
            ),
            ("30%定金余款见提单副本", &[(Deposit, Some(9000), Proforma, 0), (Balance, None, BlCopy, 0)]),
            (
                "12.5% deposit, balance before shipment",
                &[(Deposit, Some(3750), Proforma, 0), (Balance, None, GoodsReady, 0)],
            ),
            // The words of a second milestone are looked for once.
            (
                "30% deposit balance before shipment and inspection",
                &[(Deposit, Some(9000), Proforma, 0), (Balance, None, GoodsReady, 0)],
            ),
            ("按合同12号 发票日后30天", &[(Full, None, InvoiceDate, 30)]),
            ("contract 12 net 30 days", &[(Full, None, InvoiceDate, 30)]),
            ("contrato 12 fecha de factura 60 días", &[(Full, None, InvoiceDate, 60)]),
            ("contrato 12 fecha de factura 60 dias", &[(Full, None, InvoiceDate, 60)]),
            ("合同12 发票后45日", &[(Full, None, InvoiceDate, 45)]),
            ("OA 60", &[(Full, None, InvoiceDate, 60)]),
            ("OA 365 days", &[(Full, None, InvoiceDate, 365)]),
            ("100% against copy of B/L", &[(Balance, Some(30000), BlCopy, 0)]),
            ("30/70 见提单", &[(Deposit, Some(9000), Proforma, 0), (Balance, Some(21000), BlCopy, 0)]),
            ("见提单日后30天", &[(Full, None, BlDate, 30)]),
            (
                "30% anticipo, 70% contra copia de BL",
                &[(Deposit, Some(9000), Proforma, 0), (Balance, Some(21000), BlCopy, 0)],
            ),
            (
                "30% anticipo, 70% antes del embarque",
                &[(Deposit, Some(9000), Proforma, 0), (Balance, Some(21000), GoodsReady, 0)],
            ),
            ("60 días fecha de factura", &[(Full, None, InvoiceDate, 60)]),
            ("cash on delivery", &[(Full, None, Trigger::Arrival, 0)]),
            ("T/T 30/70 before shipment", &[(Deposit, Some(9000), Proforma, 0), (Balance, Some(21000), GoodsReady, 0)]),
            ("款到发货", &[(Full, None, GoodsReady, 0)]),
            ("30%定金，款到发货", &[(Deposit, Some(9000), Proforma, 0), (Balance, None, GoodsReady, 0)]),
            ("T/T 100% before shipment", &[(Full, Some(30000), GoodsReady, 0)]),
            ("３０％订金，余款见提单副本付", &[(Deposit, Some(9000), Proforma, 0), (Balance, None, BlCopy, 0)]),
        ];
        for (text, expected) in table {
            assert_eq!(&read(text)[..], *expected, "{text}");
        }
    }

    #[test]
    fn what_is_not_understood_is_said() {
        assert!(matches!(parse("as usual"), Err(TermsError::Unknown(_))));
        assert!(matches!(parse("OA -30 days"), Err(TermsError::Unknown(_))));
        assert!(matches!(parse("12.125% deposit, balance before shipment"), Err(TermsError::Unknown(_))));
        assert!(matches!(parse("OA 366 days"), Err(TermsError::Unknown(_))), "longer than anybody waits");
        assert!(
            matches!(parse("100% deposit, balance before shipment"), Err(TermsError::Shares(_, _))),
            "nothing is left"
        );
        assert!(matches!(parse("30/70% before shipment"), Err(TermsError::Shares(_, share)) if share == "70"));
        assert!(matches!(parse("60 later"), Err(TermsError::Unknown(_))), "sixty of what");
        // Nothing of it is a share: no hundred days are read out of it.
        assert!(matches!(parse("100/0 before shipment"), Err(TermsError::Unknown(_))));
        assert!(matches!(parse("0/100 before shipment"), Err(TermsError::Unknown(_))));
        assert!(matches!(parse("  "), Err(TermsError::Empty)));
        assert!(matches!(parse("L/C at sight"), Err(TermsError::Documentary(_))));
        assert!(
            matches!(parse("30% deposit, 60% before shipment"), Err(TermsError::Shares(_, share)) if share == "90")
        );
    }

    #[test]
    fn halves_and_thirds_are_shares() {
        let third = [(Deposit, Some(10_000), Proforma, 0), (Balance, Some(20_000), GoodsReady, 0)];
        let half = [(Deposit, Some(15_000), Proforma, 0), (Balance, Some(15_000), GoodsReady, 0)];
        for (text, expected) in [
            ("1/3 deposit, 2/3 before shipment", third),
            ("one third deposit, two thirds before shipment", third),
            ("33.333% deposit, 66.667% before shipment", third),
            ("三分之一定金，三分之二发货前", third),
            ("un tercio anticipo, dos tercios antes del embarque", third),
            ("half deposit, the other half before shipment", half),
            ("½ deposit, ½ before shipment", half),
            ("一半定金，一半款到发货", half),
            ("la mitad por adelantado, la mitad antes del embarque", half),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
        assert_eq!(read("定金三成，余款见提单副本"), [(Deposit, Some(9000), Proforma, 0), (Balance, None, BlCopy, 0)]);
        let rest = [(Deposit, Some(10_000), Proforma, 0), (Balance, None, GoodsReady, 0)];
        assert_eq!(read("1/3 deposit and balance before shipment"), rest);
        assert_eq!(read("三成定金余款见提单副本"), [(Deposit, Some(9000), Proforma, 0), (Balance, None, BlCopy, 0)]);
        // A part of an order with nothing said of the rest is not all of it.
        assert!(matches!(parse("half in advance"), Err(TermsError::Shares(_, share)) if share == "50"));
        assert!(matches!(parse("1/3 deposit"), Err(TermsError::Shares(_, share)) if share == "33.33"));
        assert!(matches!(parse("2/3 deposit, 2/3 before shipment"), Err(TermsError::Shares(_, s)) if s == "133.33"));
        // Less for who pays early is not a second day.
        for text in ["2/10 net 30", "2%/10 net 30", "1/10, n/30", "2/10 n 30"] {
            assert!(matches!(parse(text), Err(TermsError::Unknown(_))), "{text}");
        }
    }

    #[test]
    fn a_third_of_an_order_is_a_third() {
        let terms = parse("1/3 deposit, 1/3 before shipment, 1/3 against copy of B/L").expect("terms");
        let total = Money::new(10_000_000, crate::money::Currency::USD);
        let parts = split_amount(total, &terms).expect("fits");
        assert_eq!(parts.iter().map(|part| part.minor).collect::<Vec<_>>(), [3_333_333, 3_333_333, 3_333_334]);
    }

    #[test]
    fn what_is_paid_against_documents_is_known_by_its_words() {
        for (text, expected) in [
            ("L/C at sight", Some(Documentary::Credit)),
            ("100% irrevocable L/C, B/L to order", Some(Documentary::Credit)),
            ("即期信用证", Some(Documentary::Credit)),
            ("D/P at sight", Some(Documentary::Collection)),
            ("D/A 60 days", Some(Documentary::Collection)),
            ("付款交单", Some(Documentary::Collection)),
            ("L/C or D/P", None),
            ("30% T/T deposit, 70% L/C at sight", None),
            ("30%定金，余款信用证", None),
            ("50% L/C at sight", None),
            ("T/T or L/C", None),
            ("OA 60 days", None),
        ] {
            assert_eq!(documentary(text), expected, "{text}");
        }
    }

    #[test]
    fn the_last_milestone_takes_the_remainder() {
        let terms = parse("33.33% deposit, 66.67% before shipment").expect("terms");
        let total = Money::new(1001, crate::money::Currency::USD);
        let parts = split_amount(total, &terms).expect("fits");
        assert_eq!(parts.iter().map(|part| part.minor).collect::<Vec<_>>(), [333, 668]);
    }
}
