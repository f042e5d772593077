//! Tries every letter on invented facts, so that an author hears of a mistake before a buyer does. Used when the
//! product starts with a user's own letters and by `dunlin letter check`.

use std::collections::BTreeSet;

use dunlin_core::ids::PaymentId;
use dunlin_core::letter::{BankDetails, LetterFacts, LetterLine, Purpose, Sender};
use dunlin_core::money::{Currency, Money};
use dunlin_core::party::{Channel, Language};
use dunlin_core::question::{AskedPayment, Asks, Notice, QuestionKind};
use dunlin_core::receivable::Milestone;
use jiff::civil::date;
use minijinja::Environment;

use super::file::LetterKey;
use super::in_site::leads_away;
use super::order_values::ORDER_NAMES;
use super::values::NAMES;
use super::{LetterProblem, LetterTexts, sample_order};

/// Everything wrong with the letters, sorted by place; empty when all is well.
pub fn check(texts: &LetterTexts) -> Vec<LetterProblem> {
    let mut problems = BTreeSet::new();
    for key in &texts.letters {
        problems.extend(unknown_names(texts, key));
        for facts in samples(texts, key) {
            match texts.render_as(key, &facts) {
                Ok(letter) if key.channel == Channel::InSite => {
                    let text = format!("{}\n{}", letter.subject, letter.body);
                    let found = leads_away(&text, &facts);
                    problems.extend(found.map(|(what, words)| off_the_platform(texts, key, what, &words)));
                }
                Ok(_) => {}
                Err(problem) => {
                    problems.insert(problem);
                }
            }
        }
        let english = |channel| LetterKey { language: Language::En, letter: key.letter.clone(), channel };
        if !texts.letters.contains(&english(key.channel)) && !texts.letters.contains(&english(Channel::Email)) {
            let message = "there is no English letter of this name, which other languages fall back to";
            problems.insert(LetterProblem::new(&key.file(), 1, message));
        }
    }
    problems.into_iter().collect()
}

/// A message inside a marketplace that leads the buyer out of it, with the line that says so, where it says so itself.
fn off_the_platform(texts: &LetterTexts, key: &LetterKey, what: &str, words: &str) -> LetterProblem {
    let file = key.file();
    let template = texts.templates.get_template(&file).ok();
    let source = template.as_ref().map_or("", |template| template.source());
    let variables = ["sender_email", "sender_phone", "bank"];
    let says = |line: &str| line.contains(words) || variables.iter().any(|name| line.contains(name));
    let line = source.lines().position(says).map_or(1, |at| at + 1);
    let message = format!(
        "a message inside a marketplace may not hold {what} (‘{words}’): say ‘on the order page’ in place of it"
    );
    LetterProblem::new(&file, line, message)
}

/// Names that are no variables, also in branches that no sample takes. Shared files are judged by being included,
/// for they may use the loop variables of the letter around them.
fn unknown_names(texts: &LetterTexts, key: &LetterKey) -> Vec<LetterProblem> {
    let file = key.file();
    let globals: Vec<&str> = texts.templates.globals().map(|(name, _)| name).collect();
    let mut problems = Vec::new();
    for name in [super::subject_name(&file), file.clone()] {
        let Ok(template) = texts.templates.get_template(&name) else { continue };
        let set_of_nothing = read_by_sets(template.source());
        for unknown in template.undeclared_variables(false).into_iter().chain(set_of_nothing) {
            if NAMES.contains(&unknown.as_str()) || globals.contains(&unknown.as_str()) {
                continue;
            }
            let line = template.source().lines().position(|line| line.contains(&unknown)).map_or(1, |at| at + 1);
            let message = format!("‘{unknown}’ is no variable of letters; there are {}", NAMES.join(", "));
            problems.push(LetterProblem::new(&file, line, message));
        }
    }
    problems
}

/// Names that a `set` reads and that nothing has given a value before it. A `set` declares its own name first, so the walk
/// over the whole template takes the second `late` of `{% set late = late %}` for known, and with it every `set` that goes
/// on from there.
fn read_by_sets(source: &str) -> Vec<String> {
    let expressions = Environment::new();
    let mut declared: BTreeSet<String> = ["loop", "self", "super", "caller"].map(str::to_string).into();
    let mut unknown = Vec::new();
    let tags = source.split("{%").skip(1).filter_map(|rest| rest.split_once("%}"));
    for (tag, _) in tags {
        let tag = tag.trim_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '+'));
        let Some((word, rest)) = tag.split_once(char::is_whitespace) else { continue };
        match word {
            "set" => {
                let (target, read) = rest.split_once('=').unwrap_or((rest, ""));
                // What cannot be read is said where the template is.
                if let Ok(expression) = expressions.compile_expression(read.trim()) {
                    let names = expression.undeclared_variables(false).into_iter();
                    unknown.extend(names.filter(|name| !declared.contains(name)));
                }
                declared.extend(words_of(target));
            }
            "for" => declared.extend(words_of(rest.split_once(" in ").map_or("", |(target, _)| target))),
            "with" | "macro" | "import" | "from" => declared.extend(words_of(rest)),
            _ => {}
        }
    }
    unknown
}

fn words_of(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.filter(|word| !word.is_empty()).map(str::to_string)
}

/// Whether a letter itself, not only what it includes, says something of an order.
fn is_about_an_order(texts: &LetterTexts, key: &LetterKey) -> bool {
    let file = key.file();
    [super::subject_name(&file), file].iter().any(|name| {
        let Ok(template) = texts.templates.get_template(name) else {
            return false;
        };
        template.undeclared_variables(false).iter().any(|read| ORDER_NAMES.contains(&read.as_str()))
    })
}

/// Facts that together take most branches of a letter about an order: news, so nothing is asked for.
fn order_samples(key: &LetterKey) -> Vec<LetterFacts> {
    let settled = LetterLine { outstanding: usd(0), asked: usd(0), due_on: None, ..item("8123456789012345", 0) };
    let second = LetterLine { reference: "8123456789012399".to_string(), ordered_on: None, ..settled.clone() };
    let full = LetterFacts {
        purpose: Purpose::Service,
        items: vec![settled.clone(), second],
        total: usd(0),
        bank: None,
        has_statement: false,
        ..sample(&key.letter, key.language, key.channel)
    };
    let one = LetterFacts { items: vec![settled], ..full.clone() };
    let bare = LetterFacts {
        contact_name: String::new(),
        items: Vec::new(),
        order: Some(sample_order::bare()),
        ..full.clone()
    };
    vec![one, bare, full]
}

/// Facts that together take most branches: one item and several; late, due in future and undated; with and
/// without bank, contact, account statement, part payment and dispute.
fn samples(texts: &LetterTexts, key: &LetterKey) -> Vec<LetterFacts> {
    if is_about_an_order(texts, key) {
        return order_samples(key);
    }
    let difficulty = "Our own suppliers ask us to pay them this month.".to_string();
    let full = LetterFacts { difficulty, order: None, ..sample(&key.letter, key.language, key.channel) };
    let late = item("INV-2026-014", 9);
    let partly = LetterLine {
        outstanding: usd(800_000),
        asked: usd(500_000),
        milestone: Milestone::Balance,
        ..item("INV-2026-015", 1)
    };
    let future = LetterLine { milestone: Milestone::Deposit, ordered_on: None, ..item("PI-2026-031", -3) };
    let undated = LetterLine { due_on: None, order_number: String::new(), ..item("PI-2026-032", 0) };
    let bare = LetterFacts {
        contact_name: String::new(),
        bank: None,
        has_statement: false,
        difficulty: String::new(),
        ..full.clone()
    };
    let with = |items: &[&LetterLine], base: &LetterFacts| LetterFacts {
        items: items.iter().map(|line| (*line).clone()).collect(),
        ..base.clone()
    };
    let settling = LetterLine { asked: usd(0), ..item("INV-2026-016", 1) };
    let asks = Asks {
        kind: QuestionKind::Over,
        payment: Some(AskedPayment {
            id: PaymentId(1),
            number: "P-0001".to_string(),
            amount: usd(1_300_000),
            left: usd(57_000),
            received_on: date(2026, 3, 9),
        }),
        notice: Some(Notice { on: date(2026, 3, 10), words: "Late presentation.".to_string() }),
    };
    let question = LetterFacts { purpose: Purpose::Service, total: usd(0), asks: Some(asks), ..bare.clone() };
    let news = LetterFacts { purpose: Purpose::Service, total: usd(0), ..full.clone() };
    let bare_news = LetterFacts { purpose: Purpose::Service, total: usd(0), ..bare.clone() };
    let settling_too = LetterLine { due_on: None, ..settling.clone() };
    vec![
        with(&[&settling], &question),
        with(&[&settling, &partly], &question),
        with(&[&settling], &news),
        with(&[&settling], &bare_news),
        with(&[&settling, &settling_too], &bare_news),
        with(&[&settling, &partly], &full),
        with(&[&partly], &full),
        with(&[&future], &full),
        with(&[&undated], &bare),
        with(&[&late, &partly, &future, &undated], &bare),
        with(&[&late, &partly], &full),
        with(&[&late], &bare),
        full,
    ]
}

/// Invented facts of one late invoice, and of an order, with everything a letter can name: what an author sees a letter
/// with.
pub fn sample(letter: &str, language: Language, channel: Channel) -> LetterFacts {
    LetterFacts {
        letter_number: "L-0001".to_string(),
        letter: letter.to_string(),
        language,
        channel,
        purpose: Purpose::Press,
        today: date(2026, 3, 12),
        sender: Sender {
            company: "Ningbo Haiyan Trading Co., Ltd.".to_string(),
            company_address: "12 Zhongshan East Road\nNingbo 315000, China".to_string(),
            name: "Lin Wei".to_string(),
            email: "lin.wei@haiyan.example".to_string(),
            phone: "+86 574 5550 0199".to_string(),
            signature: String::new(),
        },
        buyer_name: "Rossi Srl".to_string(),
        contact_name: "Anna Rossi".to_string(),
        items: vec![item("INV-2026-014", 9)],
        total: usd(1_243_000),
        bank: Some(BankDetails {
            holder: "Ningbo Haiyan Trading Co., Ltd.".to_string(),
            bank: "Bank of Ningbo".to_string(),
            account: "7001 0122 0000 1234 56".to_string(),
            swift: "BKNBCN2N".to_string(),
        }),
        answer_by: date(2026, 3, 17),
        has_statement: true,
        difficulty: String::new(),
        asks: None,
        order: Some(sample_order::full()),
    }
}

fn item(reference: &str, days_overdue: i32) -> LetterLine {
    LetterLine {
        reference: reference.to_string(),
        order_number: "PO-7781".to_string(),
        ordered_on: Some(date(2026, 1, 8)),
        milestone: Milestone::Full,
        amount: usd(1_243_000),
        outstanding: usd(1_243_000),
        asked: usd(1_243_000),
        due_on: Some(date(2026, 3, 3)),
        days_overdue,
        goods: None,
        rest_due: false,
    }
}

const fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_knows_what_was_set_before_it_and_no_more() {
        let cases: [(&str, &[&str]); 8] = [
            ("{% set late = late %}{{ late }}", &["late"]),
            ("{% set late = late %}{% set worse = late + 1 %}{{ worse }}", &["late"]),
            ("{%- set first = total -%}{%- set second = first -%}{% set third = second %}", &["total"]),
            ("{% set second = first %}{% set first = second %}", &["first"]),
            ("{% set sum = 1 %}{% for item in items %}{% set sum = sum + item.asked %}{% endfor %}", &[]),
            ("{% set a, b = (1, 2) %}{% set c = a + b %}", &[]),
            ("{% set text %}{{ company }}{% endset %}{% set again = text %}", &[]),
            ("{% set is_late = days == 3 %}", &["days"]),
        ];
        for (source, unknown) in cases {
            assert_eq!(read_by_sets(source), unknown, "{source}");
        }
    }
}
