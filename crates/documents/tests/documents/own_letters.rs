//! The letters that ship with the product: all of them render on every kind of facts.

use std::path::Path;

use dunlin_core::letter::LetterFacts;
use dunlin_core::party::{Channel, Language};
use dunlin_documents::letter::LetterTexts;
use dunlin_documents::letter::check::check;

use crate::samples::{customs, letter, order, parcel, recipient};

fn files() -> Vec<(Language, String, String)> {
    let letters = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../letters");
    let mut files = Vec::new();
    for language in Language::ALL {
        let directory = letters.join(language.code());
        for entry in std::fs::read_dir(&directory).expect("a folder per language") {
            let path = entry.expect("a file").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            files.push((language, name, std::fs::read_to_string(&path).expect("UTF-8")));
        }
    }
    files
}

fn texts() -> LetterTexts {
    LetterTexts::new(files()).unwrap_or_else(|problems| panic!("{}", lines(&problems)))
}

fn lines(problems: &[impl ToString]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_letter_is_sound() {
    let problems = check(&texts());
    assert!(problems.is_empty(), "{}", lines(&problems));
}

/// They ask for nothing, so they name no sum: news, questions, corrections.
const NAMES_NO_SUM: [&str; 7] = [
    "b6_accepted",
    "b6_lc_discrepancy",
    "b6_lc_preparing",
    "b7_overpayment",
    "b7_third_party",
    "repair_wrong_recipient",
    "repair_wrong_send",
];

/// Letters about a marketplace order that is paid: they name the order.
fn is_about_an_order(base: &str) -> bool {
    let scenario = base.split('_').next().and_then(|word| word.strip_prefix('m')).and_then(|n| n.parse::<u8>().ok());
    scenario.is_some_and(|number| number >= 2)
}

/// Facts of a letter about an order, with nothing known but what this letter cannot do without.
fn about_an_order(base: &str, language: Language, channel: Channel) -> LetterFacts {
    let mut about = order();
    let travels = ["m5_", "m6_", "m7_", "m10_"].iter().any(|start| base.starts_with(start));
    about.parcel = travels.then(parcel);
    about.address = ["m4_confirm_address", "m8_address_change"].contains(&base).then(recipient);
    about.customs = (base == "m4_confirm_customs").then(customs);
    LetterFacts { channel, items: Vec::new(), total: crate::firm::usd(0), order: Some(about), ..letter(base, language) }
}

#[test]
fn letters_about_an_order_name_it_and_guard_what_may_be_unknown() {
    let texts = texts();
    let mut read = 0;
    for (base, language, channel) in texts.known().filter(|(base, ..)| is_about_an_order(base)) {
        let rendered = texts.render(&about_an_order(base, language, channel)).unwrap_or_else(|error| panic!("{error}"));
        assert!(rendered.subject.contains("8123456789012345"), "{base} in {language:?}: {}", rendered.subject);
        assert!(!rendered.fell_back, "{base} in {language:?}");
        let broken = rendered.body.lines().find(|line| line.starts_with([' ', ',', '.']) || line.contains("  "));
        assert_eq!(broken, None, "{base} in {language:?}");
        read += 1;
    }
    assert!(read > 0, "there are letters about orders");
}

#[test]
fn a_letter_about_an_order_is_never_written_without_one() {
    let texts = texts();
    let facts = LetterFacts { order: None, ..letter("m5_shipped", Language::En) };
    assert!(texts.render(&facts).is_err(), "a letter with gaps");
}

#[test]
fn every_letter_exists_in_every_language_and_names_what_is_owed() {
    let texts = texts();
    let mut missing = Vec::new();
    for (_, name, _) in files().into_iter().filter(|(_, name, _)| !name.starts_with('_')) {
        let stem = name.trim_end_matches(".txt");
        let (base, channel) = match stem.split_once('.') {
            Some((base, channel)) => (base, Channel::from_code(channel).expect("a channel")),
            None => (stem, Channel::Email),
        };
        for language in Language::ALL {
            if !is_about_an_order(base) && !language.is_complete() {
                continue;
            }
            let facts = match is_about_an_order(base) {
                true => about_an_order(base, language, channel),
                false => LetterFacts { channel, ..letter(base, language) },
            };
            let rendered = texts.render(&facts).unwrap_or_else(|error| panic!("{error}"));
            let amount = dunlin_core::locale::money(facts.total, language);
            let names_it = (rendered.subject.clone() + &rendered.body).contains(&amount);
            if rendered.fell_back || !(names_it || is_about_an_order(base) || NAMES_NO_SUM.contains(&base)) {
                missing.push(format!("{}/{name}", language.code()));
            }
        }
    }
    assert!(missing.is_empty(), "no text in its own language, or no amount in it:\n{}", lines(&missing));
}
