//! Lets the days of a table pass and compares what was done with what it says.

use std::sync::Arc;

use crate::beside::Beside;
use crate::files;
use crate::grammar::{Come, Event, Expected, Table};
use dunlin_core::calendar::countries::Countries;
use dunlin_core::calendar::{days_between, shift};
use dunlin_core::decide;
use dunlin_core::facts::{ContactRules, DebtorFacts, StatementAge, TenantFacts};
use dunlin_core::ids::PartyId;
use dunlin_core::party::{ContactRole, Party};
use dunlin_core::playbook::{Playbooks, parse};
use dunlin_core::storm::{Happening, Line, People, What, World};
use jiff::civil::{Date, Time};
use jiff::{Timestamp, tz::TimeZone};

/// What is wrong, each beginning with its line.
pub fn play(table: &Table) -> Vec<String> {
    let playbooks = playbooks(&table.playbooks);
    let zone = TimeZone::get(&table.zone).expect("a zone");
    let first = table.happenings.first().map_or(Date::MIN, |(_, day, ..)| *day);
    let begin = at(first, Time::midnight(), &zone);
    let (facts, tenant) = (facts(table), tenant(table, &zone, first));
    let mut world = World::new(facts, tenant, &playbooks, People::prompt(), begin);
    world.keep_snapshots();
    let mut wrong = Vec::new();
    for (role, ways) in &table.contacts {
        let what = What::NewContact { role: *role, ways: *ways, zone: None };
        wrong.extend(world.happen(&Happening { at: begin, what }).err().map(|broken| format!("0: {broken:?}")));
    }
    let mut beside = Beside::new(table.limit);
    let of_evening = |one: &&Expected| matches!(one.come, Come::Nothing(_) | Come::Supply(..) | Come::Risk(..));
    let mut evenings = table.expected.iter().filter(of_evening).peekable();
    for (line, day, time, event) in &table.happenings {
        let moment = at(*day, *time, &zone);
        while let Some(evening) = evenings.next_if(|evening| evening.day < *day) {
            wrong.extend(in_the_evening(&mut world, evening, &beside, &zone, &playbooks));
        }
        let passed = world.advance(moment);
        wrong.extend(passed.err().map(|broken| format!("{line}: {} broken: {}", broken.rule, broken.what)));
        beside.enter(event, *day, moment, &mut world);
        let what = resolved(event, *day, &world);
        let done = world.happen(&Happening { at: moment, what });
        wrong.extend(done.err().map(|broken| format!("{line}: {} broken: {}", broken.rule, broken.what)));
    }
    for evening in evenings {
        wrong.extend(in_the_evening(&mut world, evening, &beside, &zone, &playbooks));
    }
    let last = table.expected.iter().map(|one| one.day).max().unwrap_or(first);
    let done = world.advance(at(shift(last, 1), Time::midnight(), &zone));
    wrong.extend(done.err().map(|broken| format!("0: {} broken: {}", broken.rule, broken.what)));
    compare(table, &world.log, &zone, &mut wrong);
    beside.compare(&table.expected, &mut wrong);
    wrong
}

fn at(day: Date, time: Time, zone: &TimeZone) -> Timestamp {
    day.to_datetime(time).to_zoned(zone.clone()).expect("a moment").timestamp()
}

fn playbooks(names: &[String]) -> Playbooks {
    let mut all = Vec::new();
    for file in files("tests/scenarios/playbooks", "toml").into_iter().chain(files("../../playbooks", "toml")) {
        let name = file.file_stem().expect("a name").to_string_lossy().into_owned();
        if names.contains(&name) {
            let text = std::fs::read_to_string(&file).expect("a playbook");
            all.push(Arc::new(parse::parse(&name, &text).expect("a sound playbook")));
        }
    }
    assert_eq!(all.len(), names.len(), "{names:?} are not all there");
    Playbooks::new(all, Vec::new())
}

fn facts(table: &Table) -> DebtorFacts {
    let party = Party {
        id: PartyId(1),
        number: "D-0001".to_string(),
        name: "Rossi S.r.l.".to_string(),
        country: table.country.clone(),
        language: None,
        is_consumer: false,
        blacklisted: false,
        grade: table.grade,
        playbook_override: None,
    };
    let closed = table.closed.map(|(from, to)| (0..=days_between(from, to)).map(|nth| shift(from, nth)).collect());
    DebtorFacts { closed_on: closed.unwrap_or_default(), ..DebtorFacts::of(party) }
}

fn tenant(table: &Table, zone: &TimeZone, first: Date) -> TenantFacts {
    let books = StatementAge { covered_to: shift(first, -1), max_age_days: 4 };
    TenantFacts {
        time_zone: zone.clone(),
        rules: ContactRules::default(),
        promise_margin_days: 2,
        promise_cap_days: 30,
        statements: table.reads_statements.then_some(books),
        restored_at: None,
        review_all: table.reviews_all,
    }
}

/// For a happening that changes nothing here: the program only looks.
const NOTHING: What = What::Resolved { debt: usize::MAX };

/// Days in place of dates, contacts in place of roles.
fn resolved(event: &Event, today: Date, world: &World<'_>) -> What {
    let contact = |role: ContactRole| {
        world.facts.contacts.iter().position(|contact| contact.role == role).expect("somebody of this role")
    };
    match event.clone() {
        Event::What(what) => what,
        Event::Until(day, what) => what(days_between(today, day)),
        Event::DueOn(debt, day) => {
            let due = world.facts.receivables[debt].receivable.due_on.expect("a due date");
            What::DueMoved { debt, days: days_between(due, day) }
        }
        Event::Key(debt, kind, day) => What::DayKnown { debt, kind, in_days: days_between(today, day) },
        Event::Promise(debt, part, day) => What::Promises { debt, part, in_days: days_between(today, day) },
        Event::Hold(debt, until) => What::Hold { debt, days: days_between(today, until) },
        Event::Triggered(debt, due) => What::Triggered { debt, due_in_days: days_between(today, due) },
        Event::Leaves(role) => What::ContactGone(contact(role)),
        Event::Objects(role) => What::Objects { contact: contact(role), objects: true },
        Event::RestoredFrom(day) => What::Restored { days_back: days_between(day, today), caught_up_in: 2 },
        Event::Owes(What::Owes { amount, milestone, trigger, entry, .. }, due) => {
            let due_in_days = due.map(|due| days_between(today, due));
            What::Owes { amount, milestone, trigger, due_in_days, entry }
        }
        Event::Owes(other, _) => other,
        Event::Suppressed(..) | Event::Terms(..) | Event::Talk(_) | Event::Supply(_) => NOTHING,
    }
}

/// At the end of the day: is this among the reasons? Is it so with supply, and with the risk of a debt?
fn in_the_evening(
    world: &mut World<'_>,
    expected: &Expected,
    beside: &Beside,
    zone: &TimeZone,
    playbooks: &Playbooks,
) -> Option<String> {
    let evening = at(expected.day, Time::constant(23, 59, 0, 0), zone);
    if let Err(broken) = world.advance(evening) {
        return Some(format!("{}: {} broken: {}", expected.line, broken.rule, broken.what));
    }
    let Come::Nothing(wanted) = &expected.come else { return beside.told(expected, &world.facts) };
    if wanted.is_empty() {
        return None;
    }
    let sight = decide::World::new(&world.tenant, playbooks, Countries::shipped(), evening);
    let plan = decide::decide(&world.facts, &sight).expect("sums that fit");
    let codes: Vec<&str> = plan.cases.iter().flat_map(|case| &case.reasons).map(|reason| reason.code.code()).collect();
    let is_there = codes.contains(&wanted.as_str());
    (!is_there).then(|| format!("{}: ‘{wanted}’ is none of {}", expected.line, codes.join(" ")))
}

fn words(line: &Line) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    words.extend(line.channel.map(|channel| channel.code().to_string()));
    words.extend(line.role.map(|role| role.code().to_string()));
    words.extend(line.review.map(|review| review.code().to_string()));
    words.extend(line.asked.map(|asked| asked.to_string()));
    words.push(line.debts.join("+"));
    words
}

/// What only some tables say: level, account statement, copies.
fn finer_words(line: &Line) -> Vec<String> {
    let mut words: Vec<String> = line.level.map(|level| format!("level {level}")).into_iter().collect();
    words.push(if line.statement { "statement" } else { "no statement" }.to_string());
    words.extend(line.beside.iter().map(|role| format!("copy {}", role.code())));
    if line.beside.is_empty() {
        words.push("no copy".to_string());
    }
    words
}

fn compare(table: &Table, log: &[Line], zone: &TimeZone, wrong: &mut Vec<String>) {
    let mut left: Vec<(Date, &Line)> = log.iter().map(|line| (line.at.to_zoned(zone.clone()).date(), line)).collect();
    for expected in &table.expected {
        let Come::Done { done, what, words: wanted } = &expected.come else {
            continue;
        };
        let fits = |(day, line): &(Date, &Line)| {
            let known = [words(line), finer_words(line)].concat();
            *day == expected.day
                && line.done == *done
                && *line.what == **what
                && wanted.iter().all(|word| known.contains(word))
        };
        match left.iter().position(fits) {
            Some(place) => {
                left.remove(place);
            }
            None => wrong.push(format!(
                "{}: {} {} {what} ({}) did not come",
                expected.line,
                expected.day,
                done.code(),
                wanted.join(", ")
            )),
        }
    }
    let first = table.happenings.first().map_or(0, |(line, ..)| *line);
    for (day, line) in left {
        let said = format!("{day}  -> {} {} ({})", line.done.code(), line.what, words(line).join(", "));
        wrong.push(format!("{first}: not in the table: {said}"));
    }
}
