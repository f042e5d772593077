//! The code of pages carries no words of its own either: whatever a reader sees comes from the catalogues. Templates
//! are looked at by `template_words`; this looks at the strings of what fills them, and at what use cases refuse.

use super::Finding;
use super::rust_source::has_word;
use super::tree::{SourceFile, Tree};

/// What fills pages and answers forms.
const PLACES: &[&str] = &[
    "load/",
    "view/",
    "pages/",
    "posts/",
    "posts.rs",
    "arrivals.rs",
    "entrance.rs",
    "guard.rs",
    "routes.rs",
    "routes/",
];
/// What forms ask for: a refusal from here reaches a page.
const USE_CASES: &[&str] = &[
    "crates/app/src/credentials.rs",
    "crates/app/src/use_cases/ask_buyer.rs",
    "crates/app/src/use_cases/bank_accounts.rs",
    "crates/app/src/use_cases/change_settings.rs",
    "crates/app/src/use_cases/confirm_order.rs",
    "crates/app/src/use_cases/decide_supply.rs",
    "crates/app/src/use_cases/erase_person.rs",
    "crates/app/src/use_cases/first_run.rs",
    "crates/app/src/use_cases/keep_catalogue.rs",
    "crates/app/src/use_cases/lead_on.rs",
    "crates/app/src/use_cases/log_talk.rs",
    "crates/app/src/use_cases/manage_tokens.rs",
    "crates/app/src/use_cases/manage_users.rs",
    "crates/app/src/use_cases/mark_party.rs",
    "crates/app/src/use_cases/match_payments.rs",
    "crates/app/src/use_cases/merge_parties.rs",
    "crates/app/src/use_cases/note_order_state.rs",
    "crates/app/src/use_cases/own_account.rs",
    "crates/app/src/use_cases/publish_playbook.rs",
    "crates/app/src/use_cases/rehearse.rs",
    "crates/app/src/use_cases/repair_letter.rs",
    "crates/app/src/use_cases/ship_orders.rs",
    "crates/app/src/use_cases/sign_in.rs",
    "crates/app/src/use_cases/suppress.rs",
    "crates/app/src/use_cases/take_in.rs",
    "crates/app/src/use_cases/undo.rs",
    "crates/app/src/use_cases/work_orders.rs",
    "crates/store/src/erasing.rs",
    "crates/store/src/merging.rs",
    "crates/store/src/people/stand_in.rs",
    "crates/store/src/people/users.rs",
];
/// Samples of every language, which no catalogue could hold.
const SAMPLES: &[&str] = &["crates/app/src/web/load/ui.rs"];
/// A pattern of a date, and words that are kept, compared or logged, not shown.
const KEPT: &[&str] = &[
    "%-m月%-d日",
    "placed by hand",
    "settled with the buyer",
    "nobody was named",
    "only the people of a demo come in without a password",
];
/// Refusals that only a program or a command can run into.
const NO_FORM: &[&str] = &[
    "only a user has keys",
    "only somebody who is signed in has a password",
    "the settings are no record",
    "the settings cannot be compared",
];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let web = "crates/app/src/web/";
    let is_page = |file: &&SourceFile| {
        let place = file.path.strip_prefix(web).unwrap_or("");
        PLACES.iter().any(|start| place.starts_with(start)) && !SAMPLES.contains(&file.path.as_str())
    };
    let of_pages = tree.rust_files().filter(is_page).flat_map(check_file);
    let is_use_case = |file: &&SourceFile| USE_CASES.contains(&file.path.as_str());
    of_pages.chain(tree.rust_files().filter(is_use_case).flat_map(check_refusals)).collect()
}

/// English in `bail!`, `anyhow!` and `Refused(…)`, on the same line or the next one.
fn check_refusals(file: &SourceFile) -> Vec<Finding> {
    let source = file.rust();
    let refuses =
        |line: &String| has_word(line, "bail") || line.contains("anyhow!") || line.contains("Error::Refused(");
    let is_refused = |number: usize| {
        let from = number.saturating_sub(2);
        source.code.iter().skip(from).take(number - from).any(refuses)
    };
    let strings = source
        .strings
        .iter()
        .filter(|(number, text)| is_sentence(text) && !NO_FORM.contains(&text.as_str()) && is_refused(*number));
    let remedy = "make it a `RefusalCode` with a sentence in both catalogues (see `core::refusal`)";
    strings
        .map(|(number, text)| Finding::new(&file.path, *number, format!("a refusal in English only: “{text}”"), remedy))
        .collect()
}

fn check_file(file: &SourceFile) -> Vec<Finding> {
    let source = file.rust();
    // What goes into the machine's log is for whoever runs it.
    let is_logged = |number: usize| source.code.get(number - 1).is_some_and(|line| has_word(line, "tracing"));
    let strings = source.strings.iter().filter(|(number, text)| !is_logged(*number) && !KEPT.contains(&text.as_str()));
    let words = strings.filter(|(_, text)| text.chars().any(is_han) || is_sentence(text));
    let remedy = "put the words into both catalogues and name the key here (a refusal has `core::refusal`)";
    words
        .map(|(number, text)| Finding::new(&file.path, *number, format!("words of a page in code: “{text}”"), remedy))
        .collect()
}

fn is_han(letter: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&letter) || ('\u{3400}'..='\u{4dbf}').contains(&letter)
}

/// Three words in a row, with nothing but single spaces between them.
fn is_sentence(text: &str) -> bool {
    let is_word =
        |word: &str| word.len() > 1 && word.chars().all(|letter| letter.is_ascii_alphabetic() || letter == '\'');
    let words: Vec<&str> = text.split(' ').collect();
    words.windows(3).any(|three| three.iter().all(|word| is_word(word.trim_end_matches([',', '.', ';', ':']))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, text: &str) -> Vec<usize> {
        check(&Tree::of(&[(path, text)])).into_iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn sentences_and_chinese_in_the_code_of_pages_are_found() {
        let text =
            "let a = \"say-toast-done\";\nlet b = \"nothing was changed\";\nlet c = \"今天\";\nlet d = \"{} · {}\";\n";
        assert_eq!(lines("crates/app/src/web/load/a.rs", text), [2, 3]);
        assert_eq!(lines("crates/app/src/web/posts.rs", text), [2, 3]);
    }

    #[test]
    fn refusals_of_use_cases_that_have_no_code_are_found() {
        let text = "bail!(\"the file is empty\");\nbail!(\n    \"there is no such thing\"\n);\nlet a = 1;\nlet b = 2;\nlet c = \"this is no refusal\";\n";
        assert_eq!(lines("crates/app/src/use_cases/take_in.rs", text), [1, 3]);
        assert_eq!(lines("crates/app/src/use_cases/try_letter.rs", text), Vec::<usize>::new());
    }

    #[test]
    fn logs_tests_and_other_places_may_say_what_they_like() {
        let text = "tracing::info!(\"a form was refused\");\n#[cfg(test)]\nmod tests {\n    const A: &str = \"one two three\";\n}\n";
        assert_eq!(lines("crates/app/src/web/view/a.rs", text), Vec::<usize>::new());
        assert_eq!(lines("crates/app/src/cli/a.rs", "let a = \"one two three\";\n"), Vec::<usize>::new());
    }
}
