//! What `playbook check` tells of a file: each kind of problem with line, column and remedy, and nothing where nothing
//! is wrong.

use std::path::Path;

use dunlin_core::party::{Channel, Language};
use dunlin_core::playbook::check::{Checked, KnownLetters, check, check_together};
use dunlin_core::playbook::problem::PlaybookProblem;

/// A sound playbook, each line of which a test may spoil.
const SOUND: &str = r#"id = "sample"
scenario = "B5"
gap = "3 days"
window = "office"
[title]
en = "Sample"
zh = "样例"
[applies]
source = "direct"
milestones = ["balance"]
[[step]]
id = "courtesy"
title = { en = "Note", zh = "提示" }
level = 0
purpose = "press"
at = ["due - 5 days"]
until = "due"
channels = ["email"]
roles = ["finance", "buyer"]
letter = "first"
autonomy = "automatic"
answer_days = 3
[[step]]
id = "first"
title = { en = "First", zh = "首次" }
level = 1
purpose = "press"
at = ["due + 3 days"]
when = "days_overdue > 0"
channels = ["email", "phone"]
roles = ["finance", "buyer"]
letter = "first"
autonomy = "automatic"
answer_days = 5
[[step]]
id = "last"
title = { en = "Last", zh = "最后" }
level = 2
purpose = "formal"
at = ["due + 30 days", "previous + 5 business days"]
channels = ["email"]
roles = ["owner", "buyer"]
letter = "last"
autonomy = "approval"
answer_days = 7
"#;

fn letters() -> KnownLetters {
    let all = [("first", Language::En), ("first", Language::Es), ("first", Language::Zh), ("last", Language::En)];
    let known = all.into_iter().map(|(name, language)| (name.to_string(), language, Channel::Email));
    KnownLetters::new(known.chain([("last".to_string(), Language::Es, Channel::Email)]))
}

fn checked(text: &str) -> Checked {
    check("mine.toml", text, &letters())
}

fn spoiled(was: &str, is: &str) -> String {
    assert_eq!(SOUND.matches(was).count(), 1, "‘{was}’ names no one place");
    SOUND.replace(was, is)
}

/// The errors, as `line:column what`; every one has to say what to do.
fn errors(text: &str) -> Vec<String> {
    let all = checked(text).problems;
    assert!(all.iter().all(|problem| !problem.remedy.is_empty() && problem.file == "mine.toml"));
    let told = |problem: &PlaybookProblem| format!("{}:{} {}", problem.line, problem.column, problem.what);
    all.iter().filter(|problem| problem.is_error()).map(told).collect()
}

#[track_caller]
fn tells(text: &str, expected: &[&str]) {
    let found = errors(text);
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for (found, expected) in found.iter().zip(expected) {
        let (place, words) = expected.split_once(' ').expect("place and words");
        assert!(found.starts_with(&format!("{place} ")) && found.contains(words), "{found} is not {expected}");
    }
}

#[test]
fn a_sound_playbook_has_no_errors() {
    tells(SOUND, &[]);
    let warnings = checked(SOUND).problems;
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert_eq!((warnings[0].line, warnings[0].column), (43, 10));
    assert!(warnings[0].what.contains("‘last’ is missing in ‘zh’"), "{}", warnings[0].what);
    assert!(warnings[0].to_string().contains("warning: "));
}

#[test]
fn the_playbooks_that_ship_are_left_alone() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut known = Vec::new();
    for language in Language::ALL {
        for entry in std::fs::read_dir(folder.join("letters").join(language.code())).expect("letters") {
            let name = entry.expect("a letter").file_name().to_string_lossy().into_owned();
            let parts: Vec<&str> = name.split('.').collect();
            let channel = if parts.len() > 2 { Channel::from_code(parts[1]) } else { Some(Channel::Email) };
            known.extend(channel.map(|channel| (parts[0].to_string(), language, channel)));
        }
    }
    let known = KnownLetters::new(known);
    let mut texts = Vec::new();
    for entry in std::fs::read_dir(folder.join("playbooks")).expect("playbooks") {
        let path = entry.expect("a file").path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            texts.push((path.display().to_string(), std::fs::read_to_string(&path).expect("a text")));
        }
    }
    let mut read = Vec::new();
    for (file, text) in &texts {
        let checked = check(file, text, &known);
        assert!(checked.problems.is_empty(), "{:?}", checked.problems);
        read.push((file.as_str(), text.as_str(), checked.playbook.expect("sound")));
    }
    let together: Vec<_> = read.iter().map(|(file, text, playbook)| (*file, *text, playbook)).collect();
    assert!(check_together(&together).is_empty());
}

#[test]
fn syntax_is_told_where_it_breaks() {
    let found = checked(&spoiled("level = 0", "level = ")).problems;
    assert_eq!((found[0].line, found[0].what.contains("not TOML")), (14, true), "{found:?}");
    assert!(!errors("id = \"a").is_empty());
    assert!(checked("").has_errors());
}

#[test]
fn unknown_keys_and_wrong_types_come_all_at_once() {
    let text = spoiled("gap = \"3 days\"", "gapp = \"3 days\"")
        .replace("level = 1", "level = \"1\"")
        .replace("channels = [\"email\"]\nroles = [\"owner\"", "channels = [\"fax\"]\nroles = [\"ownr\"")
        .replace("answer_days = 7", "answer_days = 700");
    tells(
        &text,
        &[
            "3:1 ‘gapp’ means nothing",
            "26:9 ‘level’ is a text, and a whole number was expected",
            "41:13 ‘fax’ is nothing that ‘channels’ can be",
            "42:10 ‘ownr’ is nothing that ‘roles’ can be",
            "45:15 700 days",
        ],
    );
    let remedies: Vec<String> = checked(&text).problems.into_iter().map(|problem| problem.remedy).collect();
    assert!(remedies[0].contains("did you mean ‘gap’?"), "{remedies:?}");
    assert!(remedies[3].contains("did you mean ‘owner’?"), "{remedies:?}");
}

#[test]
fn what_is_missing_is_told_with_a_line_to_add() {
    let found = checked(&spoiled("letter = \"last\"\n", "")).problems;
    assert!(found[0].what.contains("‘letter’ is missing in [[step]]"), "{found:?}");
    assert_eq!((found[0].line, found[0].remedy.contains("letter = \"")), (35, true), "{found:?}");
    assert!(errors(&spoiled("[title]\nen = \"Sample\"\nzh = \"样例\"\n", ""))[0].contains("[title] is missing"));
    assert!(errors(&spoiled("title = { en = \"Last\", zh = \"最后\" }\n", ""))[0].contains("[step.title] is missing"));
}

#[test]
fn times_conditions_and_ids() {
    tells(&spoiled("due - 5 days", "dew - 5 days"), &["16:8 ‘dew’ is not a moment"]);
    tells(&spoiled("due + 30 days", "due + 30 dais"), &["40:17 ‘dais’ is not a unit"]);
    tells(&spoiled("gap = \"3 days\"", "gap = \"soon\""), &["3:8 ‘soon’ is not a length"]);
    let closes = |when: &str| spoiled("gap = \"3 days\"", &format!("platform_close = \"{when}\""));
    tells(&closes("placed + 20 days"), &[]);
    tells(&closes("previous + 20 days"), &["3:18 does not count from the order itself"]);
    tells(&closes("platform_close"), &["3:18 does not count from the order itself"]);
    tells(&spoiled("days_overdue > 0", "is_consumer || days_dragging > 0"), &["29:24 ‘days_dragging’ is not a field"]);
    tells(&spoiled("days_overdue > 0", "days_overdue > 'x'"), &["29:9 days_overdue"]);
    tells(&spoiled("days_overdue > 0", "days_overdue + 1"), &["29:9 not true or false"]);
    tells(&spoiled("id = \"last\"", "id = \"first\""), &["36:6 used twice"]);
    tells(&spoiled("scenario = \"B5\"", "scenario = \"B13\""), &["2:12 there is no scenario ‘B13’"]);
    tells(&spoiled("scenario = \"B5\"", "scenario = \"M10\""), &[]);
}

#[test]
fn levels_out_of_order_and_severe_steps_without_approval() {
    tells(&spoiled("level = 2", "level = 3"), &["38:9 level 3 after level 1"]);
    tells(&spoiled("level = 2", "level = 0"), &["38:9 levels never fall"]);
    tells(&spoiled("autonomy = \"approval\"", "autonomy = \"automatic\""), &["44:12 nobody approves it"]);
}

#[test]
fn letters_that_nobody_wrote() {
    let found = checked(&spoiled("letter = \"last\"", "letter = \"lost\"")).problems;
    assert_eq!((found[0].line, found[0].column), (43, 10));
    assert!(found[0].what.contains("there is no letter ‘lost’"));
    assert!(found[0].remedy.contains("did you mean ‘last’?"), "{}", found[0].remedy);
    // Only a script for calls: nothing to send by email.
    let calls = KnownLetters::new(Language::ALL.map(|language| ("first".to_string(), language, Channel::Phone)));
    let found = check("mine.toml", SOUND, &calls).problems;
    assert!(found[0].what.contains("no English text for email"), "{found:?}");
}

#[test]
fn steps_that_never_come() {
    let ends = "17:9 the step ‘courtesy’ never comes: it ends before it begins";
    tells(&spoiled("until = \"due\"", "until = \"due - 5 days\""), &[ends]);
    tells(&spoiled("until = \"due\"", "until = \"due - 200 hours\""), &[ends]);
    // With the only step of its level, what comes after it is lost too.
    tells(
        &spoiled("days_overdue > 0", "days_overdue > 9 && days_overdue < 3"),
        &["29:8 its condition is never true", "36:6 no step of level 1 ever comes"],
    );
}

/// What looks doubtful and can happen.
#[test]
fn no_false_alarms() {
    // Working days are more than days, hours on the night when clocks change may be fewer: not told apart.
    for (was, is) in [
        ("until = \"due\"", "until = \"due - 119 hours\""),
        ("until = \"due\"", "until = \"trigger\""),
        ("until = \"due\"", "until = \"due - 4 business days\""),
        ("at = [\"due + 3 days\"]", "at = [\"previous + 3 days\"]\nuntil = \"previous + 1 day\""),
        ("at = [\"due + 3 days\"]", "at = [\"started\"]"),
        ("days_overdue > 0", "country == '' && outstanding_minor > amount_minor / 2"),
    ] {
        tells(&spoiled(was, is), &[]);
    }
}

/// `a` stands before `b` on the same level.
fn pair(a: &str, b: &str) -> Vec<String> {
    let step = |id: &str, lines: &str| {
        format!(
            "[[step]]\nid = \"{id}\"\ntitle = {{ en = \"x\", zh = \"x\" }}\nlevel = 1\npurpose = \"press\"\n\
             channels = [\"email\"]\nroles = [\"buyer\"]\nletter = \"first\"\nautonomy = \"automatic\"\nanswer_days = 1\n{lines}\n"
        )
    };
    let head = SOUND.split("[[step]]").next().expect("a head");
    errors(&format!("{head}{}{}", step("a", a), step("b", b)))
}

#[test]
fn a_step_behind_which_a_later_one_always_stands_is_told() {
    for (a, b) in [
        ("at = [\"due + 5 days\"]", "at = [\"due + 5 days\"]"),
        ("at = [\"due + 5 days\"]", "at = [\"due + 3 days\"]"),
        ("at = [\"due + 2 weeks\"]", "at = [\"due + 9 days\", \"started\"]"),
        ("at = [\"due\"]\nuntil = \"due + 3 days\"", "at = [\"due\"]\nuntil = \"due + 9 days\""),
        ("at = [\"due\"]\nwhen = \"is_consumer\"", "at = [\"due\"]"),
        ("at = [\"due\"]\nwhen = \"is_consumer\"", "at = [\"due\"]\nwhen = \"is_consumer\""),
    ] {
        let found = pair(a, b);
        assert!(
            found.len() == 1 && found[0].contains("‘a’ never comes: whenever it is due, ‘b’"),
            "{a} {b}: {found:?}"
        );
    }
    for (a, b) in [
        ("at = [\"due + 3 days\"]", "at = [\"due + 5 days\"]"),
        ("at = [\"due\"]", "at = [\"trigger\"]"),
        ("at = [\"due\"]", "at = [\"due\"]\nwhen = \"is_consumer\""),
        ("at = [\"due\"]", "at = [\"due\"]\nuntil = \"due + 3 days\""),
        ("at = [\"due + 5 days\"]", "at = [\"due + 3 days\", \"previous + 5 days\"]"),
        ("at = [\"due + 5 days\"]", "at = [\"due + 5 business days\"]"),
    ] {
        assert_eq!(pair(a, b), Vec::<String>::new(), "{a} {b}");
    }
}

#[test]
fn side_by_side_it_is_told_which_one_wins() {
    let read = |id: &str, applies: &str| {
        let text =
            SOUND.replace("id = \"sample\"", &format!("id = \"{id}\"")).replace("milestones = [\"balance\"]", applies);
        let playbook = checked(&text).playbook.expect("sound");
        (text, playbook)
    };
    let told = |one: &(String, _), two: &(String, _)| {
        check_together(&[("one.toml", &one.0, &one.1), ("two.toml", &two.0, &two.1)])
    };
    let both = "milestones = [\"balance\", \"full\"]";
    let (alpha, beta) = (read("alpha", both), read("beta", "milestones = [\"balance\"]"));
    let found = told(&alpha, &beta);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(!found[0].is_error() && found[0].file == "two.toml" && found[0].what.contains("‘alpha’ fits every amount"));
    assert_eq!((found[0].line, found[0].column), (8, 1));
    // The narrower one comes first by name: each is used for something.
    assert!(told(&read("alpha", "milestones = [\"balance\"]"), &read("beta", both)).is_empty());
    // More constraints win, whatever the names.
    let narrow = read("zeta", "milestones = [\"balance\"]\ntriggers = [\"bl_copy\"]");
    assert!(told(&alpha, &narrow).is_empty());
    let twice = told(&alpha, &read("alpha", both));
    assert!(twice.len() == 1 && twice[0].is_error() && twice[0].what.contains("one.toml too"), "{twice:?}");
}

/// Whoever may look at playbooks may have any text checked: it must end soon, and say something.
#[test]
fn hostile_texts_are_told_of_and_end() {
    let deep = format!("{}true{}", "(".repeat(5_000), ")".repeat(5_000));
    let long = vec!["days_overdue > 1"; 5_000].join(" || ");
    let wide = "days_overdue > 1 && steps_taken > 2 && promises_broken > 3 && amount_minor > 4 && outstanding_minor > 5 \
                && milestone == 'full' && trigger == 'arrival' && currency == 'USD' && country == 'IT'";
    for (name, condition) in [("deep", deep.as_str()), ("long", long.as_str()), ("wide", wide)] {
        let found = errors(&spoiled("days_overdue > 0", condition));
        assert!(found.iter().all(|told| told.starts_with("29:")), "{name}: {found:?}");
    }
    let ladder = format!("{SOUND}{}", SOUND.split_once("[[step]]").expect("steps").1.repeat(400));
    assert!(!errors(&ladder).is_empty());
    for text in [
        "\u{feff}id = 1",
        "[[step]]\n",
        "step = 3",
        "a.b.c.d = 1",
        "[[[[",
        "\0",
        "title = []",
        "id = \"ü\"\r\nx = 1\r\n",
    ] {
        assert!(!errors(text).is_empty(), "{text:?}");
    }
    let nested = format!("id = {}{}", "[".repeat(3_000), "]".repeat(3_000));
    assert!(!errors(&nested).is_empty());
}

#[test]
fn what_goes_beside_a_letter_is_checked_like_the_letter() {
    let beside = |lines: &str| {
        let last = "letter = \"last\"\nautonomy = \"approval\"\nanswer_days = 7\n";
        spoiled(last, &format!("{last}{}", lines.replace("ALSO", "[[step.also]]\nchannels = [\"email\"]\nroles = ")))
    };
    assert!(errors(&beside("ALSO [\"finance\"]\nletter = \"last\"\n")).is_empty());
    for (lines, told) in [
        ("ALSO [\"finance\"]\nletter = \"nobodys\"\n", "there is no letter ‘nobodys’"),
        ("ALSO [\"owner\"]\nletter = \"last\"\n", "writes to owner by email twice"),
        (
            "ALSO [\"finance\"]\nletter = \"last\"\nALSO [\"finance\"]\nletter = \"first\"\n",
            "writes to finance by email twice",
        ),
        ("ALSO []\nletter = \"last\"\n", "needs at least one role"),
        ("[[step.also]]\nchannels = [\"phone\"]\nroles = [\"finance\"]\nletter = \"last\"\n", "a call is not sent"),
        ("ALSO [\"finance\"]\nletter = \"last\"\nlevel = 2\n", "‘level’ means nothing in [[step.also]]"),
    ] {
        let found = errors(&beside(lines));
        assert!(found.len() == 1 && found[0].contains(told), "{lines}: {found:?}");
    }
}

/// A sound playbook about orders.
const OF_ORDERS: &str = r#"id = "thanks"
scenario = "M4"
[title]
en = "Thanks"
zh = "致谢"
[applies]
subject = "order"
source = "marketplace"
[[step]]
id = "thanks"
title = { en = "Thank", zh = "致谢" }
level = 0
purpose = "service"
states = ["paid", "ready"]
at = ["cleared"]
until = "cleared + 2 days"
channels = ["in_site", "email"]
roles = ["buyer"]
letter = "first"
autonomy = "automatic"
answer_days = 1
"#;

#[test]
fn what_is_told_of_orders_asks_for_nothing_and_says_what_it_is_for() {
    tells(OF_ORDERS, &[]);
    let spoiled = |was: &str, is: &str| {
        assert_eq!(OF_ORDERS.matches(was).count(), 1, "‘{was}’ names no one place");
        OF_ORDERS.replace(was, is)
    };
    tells(&spoiled("states = [\"paid\", \"ready\"]\n", ""), &["9:1 names its states"]);
    tells(&spoiled("\"ready\"", "\"redy\""), &["14:19 ‘redy’ is nothing that ‘states’ can be"]);
    tells(&spoiled("purpose = \"service\"", "purpose = \"press\""), &["10:6 asks for no money"]);
    tells(&spoiled("level = 0", "level = 1"), &["10:6 asks for no money"]);
    tells(&spoiled("subject = \"order\"", "subject = \"shipment\""), &["9:1 names its statuses"]);
    tells(&spoiled("subject = \"order\"\n", ""), &["8:1 has no states"]);
    tells(&spoiled("source = \"marketplace\"", "milestones = [\"full\"]"), &["6:1 no milestones"]);
    tells(&spoiled("scenario = \"M4\"", "scenario = \"M4\"\ngap = \"3 days\""), &["1:1 has steps only"]);
}

#[test]
fn a_gap_longer_than_contacts_are_known_for_is_told() {
    let told = |gap: &str| checked(&spoiled("gap = \"3 days\"", &format!("gap = \"{gap}\""))).problems;
    let is_told = |gap: &str| told(gap).iter().any(|problem| problem.what.contains("for 60 days only"));
    assert!(is_told("61 days") && !is_told("60 days"));
}
