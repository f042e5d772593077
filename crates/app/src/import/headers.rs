//! Which field a header names. The names themselves are data in `fields`; here is only how loosely they are matched.

use std::collections::HashMap;
use std::sync::OnceLock;

use dunlin_sheets::value::{DecimalStyle, parse_amount};
use dunlin_sheets::{Cell, LONGEST_NAME};

use super::fields::Field;
use super::words::{self, Zone};

/// A field that a header may name, and how surely: higher is surer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    pub field: Field,
    pub score: i32,
}

/// What else a header says: `Order Amount (USD)`, `Order Placed (UTC)`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Unit {
    pub currency: Option<&'static str>,
    pub zone: Option<Zone>,
}

const WHOLE: i32 = 4_000;
const WITHOUT_BRACKETS: i32 = 3_000;
const WITHOUT_CURRENCY: i32 = 2_500;
const PART: i32 = 2_000;
const IN_BRACKETS: i32 = 1_000;
/// Pieces that a header may have.
const MOST_PARTS: usize = 16;

/// All fields that the header may mean, the best claim per field.
pub fn claims(header: &str) -> Vec<Claim> {
    let mut found: Vec<Claim> = Vec::new();
    // A name and its group; what is longer is a text.
    if header.chars().nth(2 * LONGEST_NAME + 1).is_some() {
        return found;
    }
    let mut put = |field: Field, score: i32| match found.iter_mut().find(|claim| claim.field == field) {
        Some(claim) => claim.score = claim.score.max(score),
        None => found.push(Claim { field, score }),
    };
    let mut add = |text: &str, base: i32| {
        for (field, rank) in named(text) {
            put(*field, base - rank);
        }
    };
    let (base, inner) = brackets(header);
    add(header, WHOLE);
    add(&base, WITHOUT_BRACKETS);
    if let Some((shorter, _)) = without_currency(&base) {
        add(&shorter, WITHOUT_CURRENCY);
    }
    for text in inner {
        add(&text, IN_BRACKETS);
    }
    // Both languages must say the same: a name beside a value (`客户Rossi`) is no header.
    let parts: Vec<&[(Field, i32)]> = parts(&base).iter().map(|part| named(part)).collect();
    for (field, rank) in parts.iter().copied().flatten() {
        let by = parts.iter().filter(|part| part.iter().any(|(of, _)| of == field)).count();
        if by >= 2 {
            put(*field, PART - rank);
        }
    }
    found
}

/// Whether anybody could mean something known by it.
pub fn knows(header: &str) -> bool {
    !claims(header).is_empty()
}

/// Currency and zone named beside the field.
pub fn unit(header: &str) -> Unit {
    let (base, inner) = brackets(header);
    // `(all)` is no Albanian lek: a bare code counts in capitals only.
    let loose = |text: &String| text.len() == 3 && text.chars().any(|c| c.is_ascii_lowercase());
    let currency = inner.iter().filter(|text| !loose(text)).find_map(|text| currency_of(text));
    Unit {
        currency: currency.or_else(|| without_currency(&base).map(|(_, code)| code)),
        zone: inner.iter().find_map(|text| words::zone(text)),
    }
}

/// Lower case, half width, simplified, without accents; letters and digits only.
pub fn fold(text: &str) -> String {
    let plain = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        'á' | 'à' | 'ã' | 'â' | 'ä' | 'Á' => 'a',
        'é' | 'è' | 'ê' | 'É' => 'e',
        'í' | 'ì' | 'Í' => 'i',
        'ó' | 'ò' | 'õ' | 'ô' | 'ö' | 'Ó' => 'o',
        'ú' | 'ù' | 'ü' | 'Ú' => 'u',
        'ñ' | 'Ñ' => 'n',
        'ç' | 'Ç' => 'c',
        'º' => 'o',
        c => simplified(c),
    };
    text.chars().map(plain).filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Traditional characters of the header words, as Hong Kong and Taiwan write them.
fn simplified(c: char) -> char {
    if c.is_ascii() {
        return c;
    }
    const PAIRS: &str = "訂订單单號号戶户額额幣币種种聯联繫系係系電电話话郵邮國国發发開开貨货備备註注條条應应編编稱称總总價价時时間间狀状\
                         態态買买產产數数語语職职務务預预計计實实餘余結结貿贸運运裝装達达點点賬账帳账簽签約约員员";
    let mut pairs = PAIRS.chars();
    while let (Some(traditional), Some(simple)) = (pairs.next(), pairs.next()) {
        if traditional == c {
            return simple;
        }
    }
    c
}

/// The fields of which this is a name, with its place among their names.
fn named(text: &str) -> &'static [(Field, i32)] {
    index().get(fold(text).as_str()).map_or(&[], Vec::as_slice)
}

type Index = HashMap<String, Vec<(Field, i32)>>;

fn index() -> &'static Index {
    static INDEX: OnceLock<Index> = OnceLock::new();
    INDEX.get_or_init(|| {
        let mut index: Index = HashMap::new();
        for field in Field::ALL {
            let own = std::iter::once(field.code()).chain(field.synonyms().iter().copied());
            for (rank, name) in (0..).zip(own) {
                let fields = index.entry(fold(name)).or_default();
                if !fields.iter().any(|(known, _)| known == field) {
                    fields.push((*field, rank));
                }
            }
        }
        index
    })
}

/// The header without its brackets, and what stood in them.
fn brackets(header: &str) -> (String, Vec<String>) {
    let (mut base, mut inner, mut depth) = (String::new(), Vec::new(), 0_usize);
    for c in header.chars() {
        match c {
            '(' | '（' | '[' | '【' | '<' | '《' => {
                if depth == 0 {
                    inner.push(String::new());
                }
                depth += 1;
            }
            ')' | '）' | ']' | '】' | '>' | '》' => depth = depth.saturating_sub(1),
            c if depth > 0 => {
                if let Some(last) = inner.last_mut() {
                    last.push(c);
                }
            }
            c => base.push(c),
        }
    }
    (base, inner)
}

/// Pieces of a header in two languages: `客户名称 Customer Name`, `订单号/Order No.`.
fn parts(base: &str) -> Vec<String> {
    let mut parts: Vec<String> = vec![String::new()];
    let mut last_wide = None;
    for c in base.chars() {
        let wide = c.is_alphanumeric().then(|| u32::from(c) >= 0x2e80 && !('\u{ff01}'..='\u{ff5e}').contains(&c));
        let changes = wide.is_some() && last_wide.is_some() && wide != last_wide;
        if matches!(c, '\n' | '\r' | '|' | '/' | '／' | ':' | '：' | '-') || changes {
            parts.push(String::new());
        }
        last_wide = wide.or(last_wide);
        if let Some(last) = parts.last_mut() {
            last.push(c);
        }
    }
    // A list of names with strokes between is no header in two languages.
    if (2..=MOST_PARTS).contains(&parts.len()) { parts } else { Vec::new() }
}

/// `Amount USD`, `金额美元`, `USD金额`: the name without the currency, and the currency.
fn without_currency(base: &str) -> Option<(String, &'static str)> {
    let folded = fold(base);
    words::CURRENCY_WORDS.iter().find_map(|(word, code)| {
        let rest = folded.strip_suffix(word).or_else(|| folded.strip_prefix(word))?;
        (rest.chars().count() >= 2).then(|| (rest.to_string(), *code))
    })
}

/// The currency that a word, code or sign by itself names.
pub fn currency_of(text: &str) -> Option<&'static str> {
    if let Ok(currency) = dunlin_core::money::currency(text) {
        return Some(currency.code());
    }
    // The reader of amounts knows all signs and words; it wants a number beside them.
    let beside = Cell::Text(format!("{} 1", text.trim()));
    parse_amount(&beside, DecimalStyle::Point).ok().flatten().and_then(|amount| amount.currency)
}

#[cfg(test)]
#[rustfmt::skip] // Tables of words.
mod tests {
    use super::*;

    fn best(header: &str) -> Option<Field> {
        claims(header).into_iter().max_by_key(|claim| claim.score).map(|claim| claim.field)
    }

    #[test]
    fn headers_as_people_write_them() {
        let table = [
            ("订单号", Field::OrderNumber), ("＊订单号 ", Field::OrderNumber), ("Order No.", Field::OrderNumber),
            ("ORDER_NO", Field::OrderNumber), ("訂單號", Field::OrderNumber), ("订单号/Order No.", Field::OrderNumber),
            ("客户名称 Customer Name", Field::DebtorName), ("客户\n名称", Field::DebtorName), ("合同金额（美元）", Field::Amount),
            ("金额USD", Field::Amount), ("Order Amount (USD)", Field::Amount),
            ("付款方式 ", Field::Terms), ("Ｐａｙｍｅｎｔ　Ｔｅｒｍｓ", Field::Terms), ("B/L date", Field::BlDate), ("e-mail", Field::Email),
            ("提单副本发送日期", Field::BlCopyOn), ("提单副本发出日", Field::BlCopyOn), ("备货完成", Field::GoodsReadyOn), ("货物备妥日期", Field::GoodsReadyOn), ("País", Field::Country), ("N.º de factura", Field::InvoiceNumber),
            ("Order Placed (UTC)", Field::PlacedAt), ("已收金额(USD)", Field::PaidAmount), ("ETA", Field::EtaOn),
            ("预计到港", Field::EtaOn), ("到港日", Field::ArrivalOn), ("免箱期", Field::FreeTimeEndOn), ("最迟装运期", Field::LatestShipmentOn),
            ("交单期", Field::PresentationOn), ("信用证有效期", Field::CreditExpiryOn), ("L/C Expiry", Field::CreditExpiryOn),
            ("到单日", Field::CollectionOn), ("承兑日", Field::AcceptanceOn), ("汇票到期日", Field::MaturityOn), ("到期日", Field::DueOn), ("发票号(INV NO.)", Field::InvoiceNumber),
            ("单价", Field::Price), ("单价(USD)", Field::Price), ("货号", Field::Sku), ("库存数量", Field::Stock), ("Seller SKU", Field::Sku),
            ("运单号", Field::TrackingNumber), ("发货截止时间（北京时间）", Field::ShipBy), ("发货时间", Field::ShippedAt),
            ("放款金额（美元）", Field::PaidOut), ("放款时间", Field::PaidOutOn), ("平台佣金", Field::Fee),
        ];
        for (header, field) in table {
            assert_eq!(best(header), Some(field), "{header}");
        }
        for header in ["", "QH-26001", "Rossi Outdoor S.r.l.", "客户Rossi", "订单号1", "2026-03-02", "截至 2026-03-02 应收明细", "USD"] {
            assert_eq!(best(header), None, "{header}");
        }
    }

    #[test]
    fn headers_name_units() {
        let currencies = [
            ("合同金额（美元）", "USD"), ("金额USD", "USD"), ("Order Amount (EUR)", "EUR"), ("Amount GBP", "GBP"), ("金额(￥)", "CNY"),
        ];
        for (header, code) in currencies {
            assert_eq!(unit(header).currency, Some(code), "{header}");
        }
        assert_eq!(unit("Amount").currency, None);
        assert!(unit("Order Placed (UTC)").zone.is_some() && unit("下单时间（北京时间）").zone.is_some());
        assert_eq!(unit("Order Placed").zone, None);
    }

    #[test]
    fn no_name_stands_twice_in_one_field() {
        for field in Field::ALL {
            let mut names: Vec<String> = field.synonyms().iter().map(|name| fold(name)).collect();
            names.sort();
            names.dedup();
            // `País` and `Pais` may be listed; the same words twice may not.
            assert!(names.len() + 2 >= field.synonyms().len(), "{field:?}");
            assert!(names.iter().all(|name| !name.is_empty()), "{field:?}");
        }
    }
}
