//! The words that name a person, and whether a text says one of them. For forgetting somebody, and for showing them what
//! is known of them: nobody is decided about by what stands here.

use unicode_normalization::UnicodeNormalization;

/// Digits of a number by which somebody is called, at least: fewer stand in too many texts.
const LEAST_DIGITS: usize = 7;

/// What a desk is called, and nobody who sits at it.
#[rustfmt::skip]
const ROLES: &[&str] = &[
    "account", "accountant", "accounting", "accounts", "admin", "administration", "and", "assistant", "billing", "buyer", "buyers",
    "buying", "clerk", "contact", "customer", "department", "dept", "desk", "director", "export", "finance", "financial", "general",
    "head", "import", "info", "invoice", "invoices", "invoicing", "logistics", "mail", "management", "manager", "of", "office",
    "officer", "operations", "order", "orders", "owner", "payable", "payables", "payment", "payments", "procurement", "purchase",
    "purchasing", "reception", "sales", "secretary", "service", "shipping", "supply", "support", "team", "the", "treasury",
    "warehouse",
    "administracion", "almacen", "cobros", "compras", "contabilidad", "cuentas", "departamento", "de", "facturacion", "finanzas",
    "gerente", "jefe", "logistica", "oficina", "pagos", "tesoreria", "ventas",
    "бухгалтер", "бухгалтерия", "закупки", "закупок", "менеджер", "отдел", "офис", "продаж", "продажи", "склад", "финансы",
    "财务", "财务部", "采购", "采购部", "销售", "销售部", "会计", "出纳", "物流", "物流部", "仓库", "经理", "客服", "总经理", "业务部",
];

/// The words that name a person: name, addresses, accounts. Accents and upper case make no difference: banks print neither.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Addresses, accounts, and names that tell of somebody in any text.
    words: Vec<String>,
    /// Names of a single word: in a text they tell of somebody only where it is about their debtor.
    single: Vec<String>,
    /// Digits alone: a number is written in many ways.
    numbers: Vec<String>,
    is_elsewhere: bool,
}

impl Names {
    /// For texts about the person's own debtor.
    pub fn of(words: impl IntoIterator<Item = String>) -> Self {
        let mut names = Self::default();
        for word in words {
            let word = folded(word.trim());
            if let Some(number) = number_of(&word) {
                names.numbers.push(number);
            }
            if parts(&word).iter().all(|part| ROLES.contains(part)) {
                continue;
            }
            let least = if word.is_ascii() { 3 } else { 2 };
            if names_somebody(&word) {
                names.words.push(word);
            } else if word.chars().count() >= least {
                names.single.push(word);
            }
        }
        for all in [&mut names.words, &mut names.single, &mut names.numbers] {
            all.sort_unstable();
            all.dedup();
        }
        names
    }

    /// For texts that may be about anybody.
    #[must_use]
    pub fn elsewhere(&self) -> Self {
        Self { is_elsewhere: true, ..self.clone() }
    }

    /// Somebody else bears this name too: it tells of neither of them.
    pub fn drop_shared(&mut self, name: &str) {
        let name = folded(name.trim());
        let told = parts(&name);
        self.words.retain(|word| is_address(word) || parts(word) != told);
        self.single.retain(|word| *word != name);
    }

    pub const fn is_empty(&self) -> bool {
        self.words.is_empty() && self.single.is_empty() && self.numbers.is_empty()
    }

    /// Whole words only: an Ana is not in a banana.
    pub fn stand_in_text(&self, text: &str) -> bool {
        if self.is_empty() || text.is_empty() {
            return false;
        }
        let text = folded(text);
        let single: &[String] = if self.is_elsewhere { &[] } else { &self.single };
        self.words.iter().chain(single).any(|word| stands(&text, word))
            || self.numbers.iter().any(|number| number_stands(&text, number))
    }

    /// The name of a payer, or what alone fills a cell: banks also write the family name first.
    pub fn stand_in_payer(&self, payer: &str) -> bool {
        let folded = folded(payer.trim());
        let told = parts(&folded);
        self.stand_in_text(payer)
            || self.single.contains(&folded)
            || (told.len() >= 2 && self.words.iter().any(|word| parts(word) == told))
    }
}

fn stands(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, found)| {
        let before = text[..at].chars().next_back();
        let after = text[at + found.len()..].chars().next();
        is_unspaced(word) || !before.into_iter().chain(after).any(char::is_alphanumeric)
    })
}

/// Marks that part the digits of a number.
fn parts_digits(c: char) -> bool {
    matches!(c, ' ' | '-' | '(' | ')' | '.' | '/' | '+')
}

/// The digits of what is a number and nothing else, if there are enough.
fn number_of(word: &str) -> Option<String> {
    let digits: String = word.chars().filter(char::is_ascii_digit).collect();
    let is_number = word.chars().all(|c| c.is_ascii_digit() || parts_digits(c));
    (is_number && digits.len() >= LEAST_DIGITS).then_some(digits)
}

/// Whether the digits stand in a text one after the other, however they are parted, and not as part of a longer word.
fn number_stands(text: &str, number: &str) -> bool {
    let mut before = None;
    for (at, c) in text.char_indices() {
        let begins = c.is_ascii_digit() && !before.is_some_and(char::is_alphanumeric);
        before = Some(c);
        if begins && begins_with_number(&text[at..], number) {
            return true;
        }
    }
    false
}

fn begins_with_number(text: &str, number: &str) -> bool {
    let mut told = text.chars();
    for digit in number.chars() {
        loop {
            match told.next() {
                Some(c) if c == digit => break,
                Some(c) if parts_digits(c) => {}
                _ => return false,
            }
        }
    }
    !told.next().is_some_and(char::is_alphanumeric)
}

fn folded(text: &str) -> String {
    // Put together again at the end: letters of Hangul are counted as they are written.
    text.nfkd().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).nfc().flat_map(char::to_lowercase).collect()
}

/// The words of a name in an order of their own.
fn parts(name: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    parts.sort_unstable();
    parts
}

fn is_address(word: &str) -> bool {
    word.contains('@') || word.chars().any(|c| c.is_ascii_digit())
}

/// An address, a number, or a name of two words: a single one stands in too many texts to tell of anybody in all of them.
fn names_somebody(word: &str) -> bool {
    is_unspaced(word) || (is_address(word) && word.chars().count() >= 5) || word.split_whitespace().count() >= 2
}

/// A full name in a script that puts no space between words, or none between a name and what follows it: Chinese and
/// Japanese names are short, Korean and Thai ones have three letters at least.
fn is_unspaced(word: &str) -> bool {
    let is_short = |c: char| {
        matches!(c, '\u{3005}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
            | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
    };
    let is_long = |c: char| matches!(c, '\u{e00}'..='\u{e7f}' | '\u{ac00}'..='\u{d7a3}');
    let least = if word.chars().any(is_long) { 3 } else { 2 };
    word.chars().all(|c| is_short(c) || is_long(c)) && word.chars().count() >= least
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(words: &[&str]) -> Names {
        Names::of(words.iter().map(|word| (*word).to_string()))
    }

    #[test]
    fn whole_words_name_somebody_and_parts_of_words_do_not() {
        let ana = names(&["Ana Ruiz", "ana@buyers.example", "Sales"]);
        assert!(ana.stand_in_text("550 5.1.1 <ANA@buyers.example>: user unknown"));
        assert!(ana.stand_in_text("told Ana Ruiz on the phone"));
        assert!(!ana.stand_in_text("Diana Ruizo of Sales"));
        assert!(names(&["\u{738b}\u{4f1f}"]).stand_in_text("\u{4ed8}\u{6b3e}\u{4eba}\u{738b}\u{4f1f}\u{8d27}\u{6b3e}"));
        assert!(names(&["Sales", ""]).is_empty() && !Names::default().stand_in_text("Ana Ruiz"));
    }

    #[test]
    fn full_names_of_every_script_are_found_in_texts() {
        for (name, text) in [
            ("\u{ae40}\u{cca0}\u{c218}", "\u{ae40}\u{cca0}\u{c218}\u{ac00} called"),
            ("\u{3055}\u{3068}\u{3046}", "\u{3055}\u{3068}\u{3046}\u{3055}\u{3093}"),
            ("\u{e2a}\u{e21}\u{e0a}\u{e32}\u{e22}", "\u{e04}\u{e38}\u{e13}\u{e2a}\u{e21}\u{e0a}\u{e32}\u{e22}"),
            ("\u{3400}\u{4e01}", "\u{4ed8}\u{3400}\u{4e01}"),
        ] {
            assert!(names(&[name]).elsewhere().stand_in_text(text), "{name} in {text}");
        }
        assert!(!names(&["\u{ae40}\u{cca0}"]).elsewhere().stand_in_text("\u{ae40}\u{cca0}\u{ac00}"));
    }

    #[test]
    fn a_single_word_tells_of_somebody_at_home_and_where_it_stands_alone() {
        let anna = names(&["\u{410}\u{43d}\u{43d}\u{430}"]);
        let ill = "\u{430}\u{43d}\u{43d}\u{430} is ill";
        assert!(anna.stand_in_text(ill) && !anna.elsewhere().stand_in_text(ill));
        assert!(anna.elsewhere().stand_in_payer(" \u{410}\u{41d}\u{41d}\u{410} "));
        assert!(!names(&["Mark"]).stand_in_text("his remark"));
    }

    #[test]
    fn a_desk_is_nobody_and_a_shared_name_tells_of_neither() {
        let desk = names(&["Accounts Payable", "Export Manager", "\u{8d22}\u{52a1}\u{90e8}"]);
        assert!(desk.is_empty(), "{desk:?}");
        let mut wang = names(&["Wang Wei", "wang@buyers.example", "Ana"]).elsewhere();
        wang.drop_shared("WEI, WANG");
        wang.drop_shared("ana");
        assert!(!wang.stand_in_payer("Wang Wei") && !wang.stand_in_payer("Ana"));
        assert!(wang.stand_in_text("<wang@buyers.example>"));
    }

    #[test]
    fn a_number_is_found_however_it_is_parted() {
        let kim = names(&["+82 10-1234-5678"]).elsewhere();
        assert!(kim.stand_in_text("called from +821012345678") && kim.stand_in_text("82 (10) 1234.5678, at noon"));
        assert!(!kim.stand_in_text("8210123456789") && !kim.stand_in_text("182101234 5678"));
        assert!(!kim.stand_in_text("A821012345678"));
    }

    #[test]
    fn a_payer_is_known_with_the_family_name_first() {
        let ana = names(&["Ana Ruiz"]);
        assert!(names(&["José Gil"]).stand_in_payer("GIL JOSE"));
        assert!(ana.stand_in_payer("RUIZ, ANA") && ana.stand_in_payer("Ana Ruiz"));
        assert!(!ana.stand_in_payer("RUIZ ANA LOPEZ TRADING") && !ana.stand_in_payer("ANA"));
        assert!(!ana.stand_in_text("Ruiz, Ana"), "in running text only as it is written");
    }
}
