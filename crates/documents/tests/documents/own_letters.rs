//! The letters that ship with the product: all of them render on every kind of facts.

use std::path::Path;

use dunlin_core::party::{Channel, Language};
use dunlin_documents::letter::LetterTexts;
use dunlin_documents::letter::check::check;

use crate::samples::letter;

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
            let facts = dunlin_core::letter::LetterFacts { channel, ..letter(base, language) };
            let rendered = texts.render(&facts).unwrap_or_else(|error| panic!("{error}"));
            let amount = dunlin_core::locale::money(facts.total, language);
            let names_it = (rendered.subject.clone() + &rendered.body).contains(&amount);
            if rendered.fell_back || !(names_it || NAMES_NO_SUM.contains(&base)) {
                missing.push(format!("{}/{name}", language.code()));
            }
        }
    }
    assert!(missing.is_empty(), "no text in its own language, or no amount in it:\n{}", lines(&missing));
}
