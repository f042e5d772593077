//! Currency signs, codes and words before or after an amount.

/// What stands beside the digits, its ISO 4217 code, and whether the sign leaves doubt. Longest first within
/// each beginning, because `US$` must be found before `$`.
const MARKS: [(&str, &str, bool); 62] = [
    ("US$", "USD", false),
    ("USD$", "USD", false),
    ("U.S.$", "USD", false),
    ("HK$", "HKD", false),
    ("NT$", "TWD", false),
    ("R$", "BRL", false),
    ("A$", "AUD", false),
    ("AU$", "AUD", false),
    ("C$", "CAD", false),
    ("CA$", "CAD", false),
    ("S$", "SGD", false),
    ("NZ$", "NZD", false),
    ("MX$", "MXN", false),
    ("CN¥", "CNY", false),
    ("RMB¥", "CNY", false),
    ("JP¥", "JPY", false),
    ("$", "USD", true),
    ("¥", "CNY", true),
    ("€", "EUR", false),
    ("£", "GBP", false),
    ("₽", "RUB", false),
    ("₹", "INR", false),
    ("₩", "KRW", false),
    ("₺", "TRY", false),
    ("₫", "VND", false),
    ("zł", "PLN", false),
    ("人民币", "CNY", false),
    ("美元", "USD", false),
    ("美金", "USD", false),
    ("欧元", "EUR", false),
    ("英镑", "GBP", false),
    ("日元", "JPY", false),
    ("港币", "HKD", false),
    ("港元", "HKD", false),
    ("元", "CNY", false),
    ("圆", "CNY", false),
    ("RMB", "CNY", false),
    ("CNY", "CNY", false),
    ("CNH", "CNY", false),
    ("USD", "USD", false),
    ("EUR", "EUR", false),
    ("GBP", "GBP", false),
    ("JPY", "JPY", false),
    ("HKD", "HKD", false),
    ("AUD", "AUD", false),
    ("CAD", "CAD", false),
    ("SGD", "SGD", false),
    ("CHF", "CHF", false),
    ("BRL", "BRL", false),
    ("MXN", "MXN", false),
    ("RUB", "RUB", false),
    ("INR", "INR", false),
    ("KRW", "KRW", false),
    ("TRY", "TRY", false),
    ("PLN", "PLN", false),
    ("AED", "AED", false),
    ("SAR", "SAR", false),
    ("VND", "VND", false),
    ("THB", "THB", false),
    ("ZAR", "ZAR", false),
    ("SEK", "SEK", false),
    ("COP", "COP", false),
];

/// A currency and whether it was only the likeliest reading of `$` or `¥`.
pub(super) type Found = (&'static str, bool);

/// Takes currency marks off both ends. Two that say the same (`USD 5 美元`, `$5 USD`) are one; a code settles
/// what a sign left open. The error names the two that differ.
pub(super) fn take(text: &str) -> Result<(&str, Option<Found>), String> {
    let mut rest = text.trim();
    let mut found: Option<Found> = None;
    while let Some((shorter, (code, assumed))) = take_one(rest) {
        found = match found {
            None => Some((code, assumed)),
            Some((_, true)) if !assumed => Some((code, false)),
            Some((known, false)) if assumed || known == code => Some((known, false)),
            Some((known, true)) if known == code => Some((known, true)),
            Some((known, _)) => {
                return Err(format!("two currencies, {known} and {code}: ‘{text}’"));
            }
        };
        rest = shorter;
    }
    Ok((rest, found))
}

fn take_one(text: &str) -> Option<(&str, Found)> {
    let fits = |end: Option<&str>, mark: &str| end.is_some_and(|end| end.eq_ignore_ascii_case(mark));
    for at_end in [false, true] {
        let best = MARKS
            .iter()
            .filter(|(mark, _, _)| {
                let cut = text.len().checked_sub(mark.len());
                let end = if at_end { cut.and_then(|at| text.get(at..)) } else { text.get(..mark.len()) };
                fits(end, mark)
            })
            .max_by_key(|(mark, _, _)| mark.len());
        if let Some((mark, code, assumed)) = best {
            let rest = if at_end { &text[..text.len() - mark.len()] } else { &text[mark.len()..] };
            return Some((rest.trim(), (code, *assumed)));
        }
    }
    None
}
