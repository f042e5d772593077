//! Letters word for word, and what becomes of hostile names and faulty templates.

use dunlin_core::letter::LetterFacts;
use dunlin_core::party::{Channel, Language};
use dunlin_core::receivable::Milestone;
use dunlin_documents::letter::check::check;
use dunlin_documents::letter::{LetterError, LetterProblem, LetterTexts, RenderedLetter};

use crate::firm::usd;
use crate::samples::{item, letter};

const EN: &str = "subject: {{ one.reference if one else items|length ~ ' payments' }}: {{ total }}
---
Dear {{ contact or 'Sir or Madam' }},

{% if one %}{{ one.milestone }} of {{ one.asked }} for {{ buyer }} was due on {{ one.due_on }}, {{ one.days_overdue }} days ago.{% endif %}
{% for item in items if not one %}- {{ item.reference }}: {{ item.asked }}{% if item.reduced %} of {{ item.outstanding }}{% endif %}{% if item.partly_paid %}, part of {{ item.amount }}{% endif %}
{% endfor %}


{% include \"_bank.txt\" %}
Please answer by {{ answer_by }}.   \n
{{ company }}
{{ company_address }}
";
const EN_BANK: &str = "{% if bank %}Pay to {{ bank.account }}, {{ bank.swift }}.{% endif %}\n";
const ES: &str = "subject: {{ one.reference }}: {{ total }}\n---\nEstimada {{ contact }}: el {{ one.milestone }} de \
                  {{ one.asked }} venció el {{ one.due_on }}.\n{% include '_bank.txt' %}";
const ES_BANK: &str = "Pague a {{ bank.account }}.";

fn texts() -> LetterTexts {
    LetterTexts::new([
        (Language::En, "reminder.txt", EN),
        (Language::En, "_bank.txt", EN_BANK),
        (Language::Es, "reminder.txt", ES),
        (Language::Es, "_bank.txt", ES_BANK),
        (Language::En, "reminder.in_site.txt", "subject: Order\n---\nHello {{ contact }}, please pay {{ total }}."),
    ])
    .expect("good letters")
}

fn render(facts: &LetterFacts) -> RenderedLetter {
    texts().render(facts).expect("a letter")
}

/// The problems of one English letter with this body, found when reading or when checking it.
fn problems_of(body: &str) -> Vec<(String, usize, String)> {
    let text = format!("subject: Hello\n---\n{body}");
    let problems = match LetterTexts::new([(Language::En, "reminder.txt", text.as_str())]) {
        Ok(texts) => check(&texts),
        Err(problems) => problems,
    };
    problems.into_iter().map(|LetterProblem { file, line, message }| (file, line, message)).collect()
}

#[test]
fn one_item_in_english() {
    let letter = render(&letter("reminder", Language::En));
    assert_eq!(letter.subject, "INV-2026-014: USD 12,430.00");
    let expected = "Dear Anna Rossi,

balance of USD 12,430.00 for Rossi Srl was due on 3 March 2026, 9 days ago.

Pay to 7001 0122 0000 1234 56, BKNBCN2N.
Please answer by 17 March 2026.

Ningbo Haiyan Trading Co., Ltd.
Room 1806, Haiyan Tower, 12 Zhongshan East Road
Yinzhou District, Ningbo 315040, China
";
    assert_eq!(letter.body, expected);
    assert!(!letter.fell_back);
}

#[test]
fn several_items_partly_paid_and_disputed() {
    let mut facts = letter("reminder", Language::En);
    facts.contact_name = String::new();
    facts.bank = None;
    let mut second = item("INV-2026-015", 1_000_000, 1);
    second.outstanding = usd(800_000);
    second.asked = usd(500_000);
    facts.items.push(second);
    facts.total = usd(1_743_000);
    let letter = render(&facts);
    assert_eq!(letter.subject, "2 payments: USD 17,430.00");
    let expected = "Dear Sir or Madam,

- INV-2026-014: USD 12,430.00
- INV-2026-015: USD 5,000.00 of USD 8,000.00, part of USD 10,000.00

Please answer by 17 March 2026.
";
    assert!(letter.body.starts_with(expected), "{}", letter.body);
}

#[test]
fn spanish_words_dates_and_shared_text() {
    let letter = render(&letter("reminder", Language::Es));
    assert_eq!(letter.subject, "INV-2026-014: 12 430,00 USD");
    let expected = "Estimada Anna Rossi: el saldo de 12\u{a0}430,00 USD venció el 3 de marzo de 2026.
Pague a 7001 0122 0000 1234 56.
";
    assert_eq!((letter.body.as_str(), letter.language_used), (expected, Language::Es));
}

#[test]
fn a_missing_language_falls_back_to_english_throughout() {
    let mut facts = letter("reminder", Language::Zh);
    facts.items[0].milestone = Milestone::Deposit;
    let letter = render(&facts);
    assert_eq!((letter.language_used, letter.fell_back), (Language::En, true));
    // Not a Chinese date or milestone in an English sentence.
    assert!(
        letter.body.contains("advance payment of USD 12,430.00 for Rossi Srl was due on 3 March 2026"),
        "{}",
        letter.body
    );
    let error = texts().render(&crate::samples::letter("no_such", Language::Es)).expect_err("no such letter");
    assert_eq!(error, LetterError::Missing { letter: "no_such".into(), language: "es" });
}

#[test]
fn the_channel_has_its_own_text_but_language_comes_first() {
    let in_site = |language| LetterFacts { channel: Channel::InSite, ..letter("reminder", language) };
    assert_eq!(render(&in_site(Language::En)).body, "Hello Anna Rossi, please pay USD 12,430.00.\n");
    assert_eq!(render(&in_site(Language::Es)).language_used, Language::Es);
    assert!(render(&in_site(Language::Zh)).body.starts_with("Hello"));
}

#[test]
fn a_later_file_replaces_an_earlier_one() {
    let files = [("subject: A\n---\nbuilt in", "a"), ("subject: B\n---\nof the user", "b")];
    let texts = LetterTexts::new(files.map(|(text, _)| (Language::En, "reminder.txt", text))).expect("good letters");
    assert_eq!(texts.render(&letter("reminder", Language::En)).expect("a letter").body, "of the user\n");
}

#[test]
fn names_are_never_templates_nor_headers() {
    let mut facts = letter("reminder", Language::En);
    facts.buyer_name = "{{ bank.account }}{% include '_bank.txt' %}{# #}".into();
    facts.contact_name = "Anna\r\n\r\nPlease pay to another account:\u{202E} 123".into();
    facts.items[0].reference = "X\r\nBcc: everybody@example.com\u{0}\r\n\r\n<html>".into();
    let letter = render(&facts);
    assert_eq!(letter.subject, "X Bcc: everybody@example.com <html>: USD 12,430.00");
    assert!(letter.body.starts_with("Dear Anna Please pay to another account: 123,\n"), "{}", letter.body);
    assert!(letter.body.contains("for {{ bank.account }}{% include '_bank.txt' %}{# #} was due"), "{}", letter.body);
}

#[test]
fn ten_kilobytes_of_name_stay_a_name() {
    let mut facts = letter("reminder", Language::En);
    facts.buyer_name = "Ж".repeat(10_000);
    facts.items[0].reference = "R".repeat(10_000);
    let letter = render(&facts);
    assert_eq!(letter.subject.chars().count(), 200);
    assert!(letter.body.len() < 2_000);
}

#[test]
fn faults_are_named_by_file_and_line() {
    let cases: [(&str, usize, &str); 9] = [
        ("{% set late = late %}{{ late }}", 3, "‘late’ is no variable of letters"),
        (
            "{% if not one %}{% set sum = sum %}\n{% set all = sum %}{{ all }}{% endif %}",
            3,
            "‘sum’ is no variable of letters",
        ),
        ("Dear\n{{ byer }}", 4, "‘byer’ is no variable of letters"),
        ("{% for item in items %}\n\n{{ item.sum }}{% endfor %}", 5, "no value here"),
        ("text\n\n{% if one %}never ended", 5, "syntax error"),
        ("text\n{% include '_no.txt' %}", 4, "_no.txt"),
        ("{% include '../es/_bank.txt' %}", 3, "../es/_bank.txt"),
        ("{{ buyer|shout }}", 3, "unknown filter"),
        ("{{ one.reference }}", 3, "no value here"),
    ];
    for (body, line, words) in cases {
        let problems = problems_of(body);
        let found = problems
            .iter()
            .any(|(file, at, message)| file == "en/reminder.txt" && *at == line && message.contains(words));
        assert!(found, "‘{words}’ at {line} is not in {problems:#?}");
    }
}

#[test]
fn faults_in_shared_text_are_found_there() {
    let letters = [
        (Language::En, "reminder.txt", "subject: A\n---\n\n\n\n{% include '_bank.txt' %}"),
        (Language::En, "_bank.txt", "Pay\nto {{ bank.iban }}"),
    ];
    let problems = check(&LetterTexts::new(letters).expect("good syntax"));
    assert!(problems.iter().any(|p| p.file == "en/_bank.txt" && p.line == 2), "{problems:#?}");
}

#[test]
fn filters_make_no_more_than_a_letter_may_have() {
    let nested = "{{ 'aaaaaaaa'".to_string() + &"|replace('a', 'aaaaaaaa')".repeat(12) + " }}";
    let joined = "{{ range(9999)|join(company_address)|length }}";
    for body in [nested.as_str(), joined] {
        let problems = problems_of(body);
        assert!(problems.iter().any(|(_, _, message)| message.contains("longer than 256 kB")), "{problems:#?}");
    }
    assert!(problems_of("{{ company|replace('Co.', 'Company') }}, {{ ['a', 'b']|join(', ') }}").is_empty());
}

#[test]
fn g3_a_message_inside_a_marketplace_leads_nowhere_else() {
    let problems_of = |body: &str| {
        let files = [
            ("reminder.txt", "subject: A\n---\nWrite to {{ sender_email }}, {{ sender_phone }}.".to_string()),
            ("reminder.in_site.txt", format!("subject: Your order\n---\nHello,\n{body}")),
        ];
        check(&LetterTexts::new(files.map(|(name, text)| (Language::En, name, text))).expect("good syntax"))
    };
    for (body, words) in [
        ("pay at https://pay.example/1", "a link"),
        ("pay at shop.haiyan.com/pay.", "a link"),
        ("see www.haiyan.example", "a link"),
        ("write to lin@haiyan.example", "a mail address"),
        ("write to {{ sender_email }}", "a mail address"),
        ("call {{ sender_phone }}", "a phone number"),
        ("call 400 820 8820", "a phone number"),
        ("WhatsApp us", "another chat"),
        ("{% if bank %}pay to {{ bank.account }}{% endif %}", "bank data"),
    ] {
        let problems = problems_of(body);
        let found =
            problems.iter().any(|p| p.file == "en/reminder.in_site.txt" && p.line == 4 && p.message.contains(words));
        assert!(found, "{body}: {problems:#?}");
    }
    assert_eq!(
        problems_of("{{ company }}: {{ items[0].reference }}, {{ total }} by {{ answer_by }} on the order page."),
        []
    );
}

#[test]
fn g3_the_pages_of_the_order_itself_may_be_linked_and_no_others() {
    let problems_of = |body: &str| {
        let text = format!("subject: Order {{{{ order.number }}}}\n---\n{body}");
        let files = ["shipped.txt", "shipped.in_site.txt"].map(|name| (Language::En, name, text.clone()));
        check(&LetterTexts::new(files).expect("good syntax"))
    };
    let body = "{{ order.url }}, {{ goods[0].url }}, {{ parcel.number }}: {{ parcel.url }}. Phone: {{ address.phone }}";
    assert_eq!(problems_of(body), []);
    for (body, words) in [
        ("{{ order.url }} or https://pay.example/8123456789012345", "a link"),
        ("{{ parcel.number }}, or call {{ sender_phone }}", "a phone number"),
    ] {
        let problems = problems_of(body);
        assert!(problems.iter().any(|problem| problem.message.contains(words)), "{body}: {problems:#?}");
    }
}

#[test]
fn endless_and_enormous_letters_are_stopped() {
    let endless = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}";
    let problems = problems_of(endless);
    assert!(problems.iter().any(|(_, line, message)| *line == 3 && message.contains("instructions")), "{problems:#?}");
    let enormous = "{% for a in range(9999) %}{{ company_address }}{{ company_address }}{% endfor %}";
    let problems = problems_of(enormous);
    assert!(problems.iter().any(|(_, _, message)| message.contains("256 kB")), "{problems:#?}");
}

#[test]
fn files_that_are_no_letters_are_all_reported() {
    let files = [
        (Language::En, "reminder.txt", "Hello\n---\nbody"),
        (Language::En, "second.txt", "subject: Hello\nbody"),
        (Language::Es, "third.txt", "subject:\n---\nbody"),
        (Language::Es, "fourth.txt", "subject: Hola\n---\n \n"),
        (Language::Zh, "fifth.fax.txt", "subject: 你好\n---\n你好"),
        (Language::Zh, "Sixth.txt", "subject: 你好\n---\n你好"),
        (Language::Zh, "seventh.md", ""),
    ];
    let problems = LetterTexts::new(files).err().expect("problems");
    let shown: Vec<_> = problems.iter().map(ToString::to_string).collect();
    let expected = [
        "letters/en/reminder.txt:1: the first line must be ‘subject: …’",
        "letters/en/second.txt:2: the second line must be ‘---’, with the text of the letter below it",
        "letters/es/third.txt:1: the subject is empty",
        "letters/es/fourth.txt:3: the letter has no text",
        "letters/zh/fifth.fax.txt:1: ‘.fax’ is no channel: use .in_site or .phone, and nothing for email",
        "letters/zh/Sixth.txt:1: ‘Sixth’: the name of a letter is written with a–z, 0–9 and _",
        "letters/zh/seventh.md:1: the name of a letter file ends in .txt",
    ];
    assert_eq!(shown, expected);
}

#[test]
fn windows_files_are_read_alike() {
    let texts = LetterTexts::new([(Language::En, "reminder.txt", "\u{FEFF}subject: A\r\n---\r\nOne\r\n\r\nTwo\r\n")]);
    let letter = texts.expect("a good letter").render(&letter("reminder", Language::En)).expect("a letter");
    assert_eq!((letter.subject.as_str(), letter.body.as_str()), ("A", "One\n\nTwo\n"));
}

#[test]
fn a_letter_without_english_is_reported() {
    let texts = LetterTexts::new([(Language::Es, "reminder.txt", "subject: A\n---\nHola")]).expect("a good letter");
    let problems = check(&texts);
    assert_eq!(problems.len(), 1);
    assert!(problems[0].message.contains("no English letter"), "{problems:#?}");
}
