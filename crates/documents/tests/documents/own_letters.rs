//! The letters that ship with the product: all of them render on every kind of facts.

use std::path::Path;

use dunlin_core::goods::GoodsStage;
use dunlin_core::letter::{LetterFacts, LetterLine};
use dunlin_core::party::{Channel, Language};
use dunlin_documents::letter::LetterTexts;
use dunlin_documents::letter::check::check;

use crate::samples::{customs, item, letter, order, parcel, recipient};

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

/// Words by language that are untrue once goods are made, or once they are shipped.
const PRODUCTION: [(Language, &[&str]); 3] = [
    (Language::En, &["roduction", "capacity"]),
    (Language::Zh, &["生产", "投产", "产能"]),
    (Language::Es, &["producción", "capacidad"]),
];
const LOADING: [(Language, &[&str]); 3] = [
    (Language::En, &["are ready", "loading", "loaded", "finished goods"]),
    (Language::Zh, &["备好", "备妥", "待装", "后装运", "安排装运", "可以装运", "已完工"]),
    (Language::Es, &["está lista", "cargar", "carga", "terminada"]),
];
const SHIPPED: [(Language, &[&str]); 3] = [
    (Language::En, &["shipped", "supplied"]),
    (Language::Zh, &["发运", "交付"]),
    (Language::Es, &["embarcado", "suministr"]),
];

/// What letters about money say with these goods: as an email about one debt and about two, and as the script of a call, which is
/// about one.
fn said(start: &str, goods: [Option<GoodsStage>; 2], rest_due: bool) -> Vec<(String, Language, String)> {
    let texts = texts();
    let mut said = Vec::new();
    for (base, language, channel) in texts.known().filter(|(base, ..)| base.starts_with(start)) {
        let line = |goods| LetterLine { goods, rest_due, ..item("INV-2026-014", 1_243_000, 9) };
        let [first, second] = goods.map(line);
        let mut about = vec![vec![first.clone()]];
        if channel != Channel::Phone {
            about.push(vec![first, second]);
        }
        for items in about {
            let facts = LetterFacts { channel, items, ..letter(base, language) };
            let rendered = texts.render(&facts).unwrap_or_else(|error| panic!("{error}"));
            // What the buyer may say, and what to answer, is quoted.
            let own = rendered.body.lines().filter(|line| !line.starts_with("3. "));
            let text = format!("{}\n{}", rendered.subject, own.collect::<Vec<_>>().join("\n"));
            said.push((base.to_string(), language, text));
        }
    }
    assert!(!said.is_empty(), "no letter begins with {start}");
    said
}

fn never(start: &str, goods: [Option<GoodsStage>; 2], rest_due: bool, words: &[(Language, &[&str])]) {
    for (base, language, text) in said(start, goods, rest_due) {
        let (_, words) = words.iter().find(|(known, _)| *known == language).expect("words of every language");
        let found = words.iter().find(|word| text.contains(**word));
        assert_eq!(found, None, "{base} in {language:?} with {goods:?}: {text}");
    }
}

#[test]
fn what_is_said_of_goods_is_true_of_them_on_the_day() {
    use GoodsStage::{Made, Ready, Shipped};
    for known in [Made, Ready, Shipped] {
        never("b1_", [Some(known); 2], false, &PRODUCTION);
        // Of several the first may be made: nothing is said of all.
        never("b1_thanks", [Some(known), None], false, &PRODUCTION);
    }
    never("b1_thanks", [None; 2], true, &PRODUCTION);
    for known in [None, Some(Made), Some(Shipped)] {
        never("b2_", [known; 2], false, &LOADING);
    }
    never("b2_thanks", [Some(Ready); 2], true, &LOADING);
    for known in [None, Some(Made), Some(Ready)] {
        never("b1_", [known; 2], false, &SHIPPED);
        never("b2_", [known; 2], false, &SHIPPED);
        never("b5_", [known; 2], false, &SHIPPED);
    }
    never("thanks", [None; 2], false, &PRODUCTION);
    never("thanks", [None; 2], false, &LOADING);
}

#[test]
fn what_is_known_of_goods_is_said() {
    use GoodsStage::{Ready, Shipped};
    let says = |start: &str, goods, words: [&str; 3]| {
        for (base, language, text) in said(start, [goods; 2], false) {
            let word =
                words[[Language::En, Language::Zh, Language::Es].iter().position(|l| *l == language).expect("one")];
            assert!(text.contains(word), "{base} in {language:?} says nothing of {word}: {text}");
        }
    };
    says("b1_first_reminder", Some(Ready), ["are ready", "备好", "lista"]);
    says("b1_thanks", None, ["schedule production", "安排生产", "producción"]);
    says("b2_first_reminder", Some(Ready), ["loaded once", "后装运", "cargará"]);
    says("b2_first_reminder", Some(Shipped), ["have been shipped", "发运", "embarcado"]);
    says("b2_thanks", Some(Ready), ["arrange the loading", "安排装运", "carga"]);
    says("b5_first_reminder", Some(Shipped), ["shipped", "发运", "embarcado"]);
    says("b5_first_reminder", None, ["due on the terms agreed", "现已到期", "condiciones acordadas"]);
}
