//! The storms themselves: that they live through what they are there for, and what they print when a rule is broken.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use dunlin_core::playbook::{Playbooks, parse};
use dunlin_core::storm::{Broken, Done, Failure, Script, What, live};

fn playbooks() -> Playbooks {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../playbooks");
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<_> = entries.filter(|path| path.extension().is_some_and(|ending| ending == "toml")).collect();
    files.sort();
    let read = |path: &std::path::PathBuf| {
        let text = std::fs::read_to_string(path).expect("a playbook");
        Arc::new(parse::parse(&path.to_string_lossy(), &text).expect("a sound playbook"))
    };
    Playbooks::new(files.iter().map(read).collect(), Vec::new())
}

/// The word of what happens, without its values.
fn kind(what: &What) -> String {
    format!("{what:?}").split([' ', '(']).next().unwrap_or_default().to_string()
}

#[test]
fn orders_questions_and_bounced_addresses_are_lived_through() {
    let playbooks = playbooks();
    let (mut happened, mut left) = (BTreeSet::new(), BTreeSet::new());
    for seed in 1..=60 {
        let script = Script::of(seed, 1, &playbooks);
        happened.extend(script.happenings.iter().map(|one| kind(&one.what)));
        let (lines, done) = live(&script, &playbooks);
        assert_eq!(done, Ok(()), "seed {seed}");
        left.extend(lines.iter().filter(|line| line.done == Done::Letter).map(|line| line.what.to_string()));
    }
    for wanted in [
        "AddressBounces",
        "AddressMended",
        "Asks",
        "Answered",
        "Orders",
        "OrderNews",
        "ParcelLeaves",
        "Scanned",
        "OrderAsks",
        "OrderAnswered",
        "Objects",
        "Blacklisted",
        "Restored",
    ] {
        assert!(happened.contains(wanted), "{wanted} never happens: {happened:?}");
    }
    for wanted in ["question", "m4/thanks", "m5/", "m6/", "first_reminder"] {
        assert!(left.iter().any(|step| step.starts_with(wanted)), "{wanted} never leaves: {left:?}");
    }
}

#[test]
fn a_failure_names_its_seed_and_tells_the_whole_history() {
    let playbooks = playbooks();
    let script = Script::of(7, 1, &playbooks);
    let (lines, _) = live(&script, &playbooks);
    let broken = Broken { rule: "once", what: "step m4/thanks of O-1 leaves twice".to_string(), at: script.to };
    let told = Failure { broken, script: script.clone(), lines }.to_string();
    assert!(told.starts_with("seed 7: once at "), "{told}");
    let first = script.happenings.first().expect("something happens").to_string();
    assert!(told.contains(&first), "{told}");
}
