//! The timeline of a debtor or of one receivable: letters, money, silences and what people entered, oldest first.

use jiff::Timestamp;
use jiff::civil::Date;

use dunlin_core::case::LetterState;
use dunlin_core::explain::{UiLanguage, coded, phrase};
use dunlin_core::facts::{DebtorFacts, ReceivableFacts};
use dunlin_core::ids::{CaseId, ReceivableId};
use dunlin_core::money::{Money, currency};
use dunlin_core::talk::TalkPlace;
use dunlin_store::pages::history::{FileRow, LedgerRow, SilenceRow, StandingRow, TriggerRow};
use dunlin_store::pages::told::{CaseMove, ClosedTold, DayTold, PlanTurn};
use dunlin_store::{Repair, StoredLetter, Talk};

use super::letter::{asked_of, fate, repaired_sentence};
use super::show::Show;
use crate::house::House;
use crate::use_cases::approve_letter::preview_letter;
use crate::web::view::figures::{Amount, When};
use crate::web::view::names::isolated;
use crate::web::view::timeline::{Entry, Happening, LetterCard, MoneyLine, NoteLine, SilenceLine};

/// Characters of a talk that stand on the timeline.
const LONGEST_TALK_SHOWN: usize = 240;

/// Everything about the debtor, or only what touches one receivable.
pub async fn load(
    house: &House,
    show: &Show,
    facts: &DebtorFacts,
    only: Option<ReceivableId>,
) -> anyhow::Result<Vec<Entry>> {
    let (tenant, party) = (house.tenant.id, facts.party.id);
    let mut entries: Vec<(Timestamp, Entry)> = Vec::new();
    // First, so that a file stands before what came of it in the same moment.
    triggers(show, only, &house.store.triggers_of(tenant, party).await?, &mut entries);
    files(show, only, &house.store.files_of(tenant, party).await?, &mut entries);
    let repairs = house.store.repairs_of(tenant, party).await?;
    for number in house.store.letter_numbers_of(tenant, party).await? {
        let letter = house.store.letter_by_number(tenant, number).await?;
        if only.is_some_and(|id| !letter.items.iter().any(|item| item.receivable_id == id)) {
            continue;
        }
        let at = letter.settled_at.unwrap_or(letter.recorded_at);
        entries.push((at, letter_entry(house, show, facts, &letter, at, &repairs).await?));
    }
    days(show, facts, only, &house.store.days_told(tenant, party).await?, &mut entries);
    followed(show, facts, only, &house.store.case_moves(tenant, party).await?, &mut entries);
    plans(show, facts, only, &house.store.plan_turns(tenant, party).await?, &mut entries);
    closed(show, &house.store.closed_told(tenant, party).await?, &mut entries);
    money(show, facts, only, &house.store.ledger_of(tenant, party).await?, &mut entries);
    silences(show, facts, only, &house.store.silences(tenant, party).await?, &mut entries);
    for row in house.store.standing_of(tenant, party).await? {
        if only.is_none_or(|id| row.receivable_id.is_none_or(|own| own == id)) {
            entries.push((row.at, standing_entry(show, &row)));
        }
    }
    entries.extend(super::cases::happenings(house, show, facts, only).await?);
    for talk in house.store.talks_of(tenant, party).await?.iter().filter(|talk| !talk.is_ended) {
        entries.push((talk.at, talk_entry(show, facts, talk)));
    }
    entries.sort_by_key(|(at, _)| *at);
    Ok(together(entries))
}

/// Subject and body as sent, or as they would be sent now.
pub async fn texts(house: &House, letter: &StoredLetter) -> anyhow::Result<(String, String)> {
    if let Some(mail) = house.store.sent_mail(house.tenant.id, letter).await? {
        return Ok((mail.subject, mail.body));
    }
    if letter.settled_at.is_some() {
        return Ok((String::new(), String::new()));
    }
    let written = preview_letter(house, letter).await?;
    Ok((written.subject, written.body))
}

async fn letter_entry(
    house: &House,
    show: &Show,
    facts: &DebtorFacts,
    letter: &StoredLetter,
    at: Timestamp,
    repairs: &[Repair],
) -> anyhow::Result<Entry> {
    let (subject, body) = texts(house, letter).await?;
    let excerpt: String = body.split("\n\n").nth(1).unwrap_or(&body).chars().take(220).collect();
    let contact = facts.contact(letter.contact_id);
    let step = super::letter::step_of(show, letter, facts);
    let card = LetterCard {
        number: format!("L-{:04}", letter.number),
        subject,
        step,
        language: letter.language.code().to_string(),
        excerpt,
        contact_name: contact.map_or_else(String::new, |contact| contact.name().to_string()),
        channel: letter.channel.code().to_string(),
        state: letter.state.code().to_string(),
        total: asked_of(letter).map(|asked| show.amount(asked)),
        note: match repairs.iter().find(|repair| repair.wrong_id == letter.id) {
            Some(repair) => repaired_sentence(show, repair),
            None if letter.state == LetterState::Sent => String::new(),
            None => fate(show, letter).sentence,
        },
    };
    Ok(Entry { when: show.instant(at), what: Happening::Letter(card) })
}

fn money(
    show: &Show,
    facts: &DebtorFacts,
    only: Option<ReceivableId>,
    rows: &[LedgerRow],
    entries: &mut Vec<(Timestamp, Entry)>,
) {
    let mut open: Vec<(ReceivableId, i64)> =
        facts.receivables.iter().map(|item| (item.receivable.id, item.receivable.amount.minor)).collect();
    for row in rows {
        let Some((_, left)) = open.iter_mut().find(|(id, _)| *id == row.receivable_id) else {
            continue;
        };
        *left -= row.amount.minor;
        if only.is_some_and(|id| id != row.receivable_id) {
            continue;
        }
        let line = MoneyLine {
            kind: row.kind.code().to_string(),
            amount: show.amount(row.amount),
            outstanding: show.amount(Money::new(*left, row.amount.currency)),
            note: note_of(show, row),
            receivable: only.is_none().then(|| format!("R-{:04}", row.receivable_number)),
        };
        let when = When::new(show.date(row.effective_on).text, row.effective_on.to_string());
        entries.push((row.at, Entry { when, what: Happening::Money(line) }));
    }
}

/// Payment number, payer and, from another currency, amount and rate: "P-0031 · ROSSI SRL · EUR 11,000.00 at 1.0909".
/// Without a payment, what was written with the line.
pub fn note_of(show: &Show, row: &LedgerRow) -> String {
    let note = match (row.payment_number, &row.payer) {
        (Some(number), Some(payer)) if !payer.is_empty() => format!("P-{number:04} · {}", isolated(payer)),
        (Some(number), _) => format!("P-{number:04}"),
        _ => row.note.clone(),
    };
    let note = match row.day_known {
        true => note,
        false => format!("{note} · {}", phrase(show.ui(), "say-day-unknown", &[])),
    };
    match show.from_other_currency(row.amount, row.from.as_ref()) {
        Some(paid_with) => format!("{note} · {paid_with}"),
        None => note,
    }
}

fn silences(
    show: &Show,
    facts: &DebtorFacts,
    only: Option<ReceivableId>,
    rows: &[SilenceRow],
    entries: &mut Vec<(Timestamp, Entry)>,
) {
    let receivable_of = |case: CaseId| {
        let item = facts.receivables.iter().find(|item| item.case.as_ref().is_some_and(|own| own.id == case));
        item.map(|item| item.receivable.id)
    };
    for row in rows {
        if only.is_some() && receivable_of(row.case_id) != only {
            continue;
        }
        let stops = |code: &str| {
            let in_other_hands = matches!(code, "case.handed_over" | "case.plan_agreed");
            in_other_hands || ["gate.", "contact.", "case.l"].iter().any(|start| code.starts_with(start))
        };
        let reasons = show.reasons(&row.reasons);
        let Some(first) = reasons.iter().find(|reason| stops(&reason.code)).or(reasons.last()) else {
            continue;
        };
        let line = SilenceLine { sentence: first.sentence.clone(), count: 1, reasons };
        entries.push((row.at, Entry { when: show.instant(row.at), what: Happening::Silence(line) }));
    }
}

/// "Goods ready (QH-25304)", on the day it happened; several receivables of an order share a line.
fn triggers(show: &Show, only: Option<ReceivableId>, rows: &[TriggerRow], entries: &mut Vec<(Timestamp, Entry)>) {
    let mut told: Vec<(Date, &str, &str)> = Vec::new();
    for row in rows.iter().filter(|row| only.is_none_or(|id| id == row.receivable_id)) {
        let key = (row.effective_on, row.order_number.as_str(), row.kind.code());
        if told.contains(&key) {
            continue;
        }
        told.push(key);
        let event = format!("say-event-{}", row.kind.code().replace('_', "-"));
        let sentence = phrase(show.ui(), &event, &[("order", row.order_number.clone())]);
        let line = NoteLine { kind: "trigger".to_string(), sentence, ..NoteLine::default() };
        // A day without a time of day comes before everything else of that day.
        let at = row.effective_on.to_zoned(show.zone.clone()).map_or(row.at, |midnight| midnight.timestamp());
        entries.push((at, Entry { when: show.date(row.effective_on), what: Happening::Note(line) }));
    }
}

/// "Arrival: 12 March", when it was told, and when it was taken back; a day that another one took the place of is told by
/// that one.
fn days(
    show: &Show,
    facts: &DebtorFacts,
    only: Option<ReceivableId>,
    rows: &[DayTold],
    entries: &mut Vec<(Timestamp, Entry)>,
) {
    let is_of = |row: &DayTold, item: &ReceivableFacts| {
        let subject = item.receivable.order_id.map(|id| id.to_string());
        subject.unwrap_or_else(|| item.receivable.id.to_string()) == row.subject_id
    };
    for row in rows {
        let mut about = facts.receivables.iter().filter(|item| only.is_none_or(|id| id == item.receivable.id));
        if !about.any(|item| is_of(row, item)) {
            continue;
        }
        let what = coded(show.ui(), "key-date", row.kind.code());
        let line = |key: &str| NoteLine {
            kind: "trigger".to_string(),
            sentence: phrase(show.ui(), key, &[("what", what.clone()), ("day", show.date(row.on_day).text)]),
            ..NoteLine::default()
        };
        entries.push((row.at, Entry { when: show.instant(row.at), what: Happening::Note(line("say-day-told")) }));
        let same = |other: &DayTold| other.subject_id == row.subject_id && other.kind == row.kind;
        if let Some(ended) = row.ended_at
            && !rows.iter().any(|other| same(other) && other.at == ended && other.seq != row.seq)
        {
            entries.push((ended, Entry { when: show.instant(ended), what: Happening::Note(line("say-day-gone")) }));
        }
    }
}

/// "R-1042 moved from Open account to Cash against documents, because this day is known: arrival".
fn followed(
    show: &Show,
    facts: &DebtorFacts,
    only: Option<ReceivableId>,
    rows: &[CaseMove],
    entries: &mut Vec<(Timestamp, Entry)>,
) {
    let number =
        |id| facts.receivables.iter().find(|item| item.receivable.id == id).map(|item| &item.receivable.number);
    let wanted = only.map(number);
    for row in rows.iter().filter(|row| wanted.is_none_or(|wanted| wanted == Some(&row.receivable))) {
        let key = if row.because.is_empty() { "say-case-followed-back" } else { "say-case-followed" };
        let values = [
            ("number", row.receivable.clone()),
            ("from", show.titles.playbook(&row.from)),
            ("to", show.titles.playbook(&row.to)),
            ("because", names_of_days(show, row.because.iter().map(|kind| kind.code()))),
        ];
        let sentence = phrase(show.ui(), key, &values);
        let line = NoteLine { kind: "note".to_string(), sentence, ..NoteLine::default() };
        entries.push((row.at, Entry { when: show.instant(row.at), what: Happening::Note(line) }));
    }
}

/// "R-1043 stayed unpaid too long: the plan of instalments is broken".
fn plans(
    show: &Show,
    facts: &DebtorFacts,
    only: Option<ReceivableId>,
    rows: &[PlanTurn],
    entries: &mut Vec<(Timestamp, Entry)>,
) {
    let number_of = |id| {
        let item = facts.receivables.iter().find(|item| item.receivable.id == id);
        item.map_or("", |item| item.receivable.number.as_str())
    };
    let wanted = only.map(number_of);
    let is_about =
        |row: &&PlanTurn, number: &str| row.receivable == number || row.moved.iter().any(|one| one == number);
    for row in rows.iter().filter(|row| wanted.is_none_or(|number| is_about(row, number))) {
        let key = match (row.verb.as_str(), row.moved.is_empty()) {
            ("plan.broken", true) => "say-plan-broken",
            ("plan.broken", false) => "say-plan-broken-all",
            ("plan.mended", true) => "say-plan-mended",
            ("plan.mended", false) => "say-plan-mended-all",
            _ => "say-plan-kept",
        };
        let between = if show.ui() == UiLanguage::ZhCn { "、" } else { ", " };
        let values = [("number", row.receivable.clone()), ("numbers", row.moved.join(between))];
        let line =
            NoteLine { kind: "note".to_string(), sentence: phrase(show.ui(), key, &values), ..NoteLine::default() };
        entries.push((row.at, Entry { when: show.instant(row.at), what: Happening::Note(line) }));
    }
}

/// "arrival at the port, end of free time", from their codes.
pub fn names_of_days<'a>(show: &Show, codes: impl Iterator<Item = &'a str>) -> String {
    let between = if show.ui() == UiLanguage::ZhCn { "、" } else { ", " };
    codes.map(|code| coded(show.ui(), "key-date", code)).collect::<Vec<_>>().join(between)
}

/// "Closed from 10 to 14 August", with what was said; it concerns all that the debtor owes.
fn closed(show: &Show, rows: &[ClosedTold], entries: &mut Vec<(Timestamp, Entry)>) {
    for row in rows {
        let values = [("from", show.date(row.from_day).text), ("to", show.date(row.to_day).text)];
        let note = |key: &str, text: &str| NoteLine {
            kind: "hold".to_string(),
            sentence: phrase(show.ui(), key, &values),
            by: String::new(),
            text: text.to_string(),
            href: None,
        };
        let line = note("say-closed", &row.why);
        entries.push((row.at, Entry { when: show.instant(row.at), what: Happening::Note(line) }));
        if let Some(ended) = row.ended_at {
            let line = note("say-closed-gone", "");
            entries.push((ended, Entry { when: show.instant(ended), what: Happening::Note(line) }));
        }
    }
}

/// "客户订单.xlsx brought R-0004, R-0063"; one line for each file.
fn files(show: &Show, only: Option<ReceivableId>, rows: &[FileRow], entries: &mut Vec<(Timestamp, Entry)>) {
    let wanted: Vec<&FileRow> = rows.iter().filter(|row| only.is_none_or(|id| id == row.receivable_id)).collect();
    for same in wanted.chunk_by(|a, b| (a.seq, a.is_change) == (b.seq, b.is_change)) {
        let numbers: Vec<String> = same.iter().map(|row| format!("R-{:04}", row.receivable_number)).collect();
        let between = if show.ui() == UiLanguage::ZhCn { "、" } else { ", " };
        let values = [("file", isolated(&same[0].file_name)), ("numbers", numbers.join(between))];
        let key = if same[0].is_change { "say-file-changed" } else { "say-file-brought" };
        let sentence = phrase(show.ui(), key, &values);
        let line = NoteLine { kind: "import".to_string(), sentence, ..NoteLine::default() };
        entries.push((same[0].at, Entry { when: show.instant(same[0].at), what: Happening::Note(line) }));
    }
}

/// Silences that follow each other for the same reason share a line, which bears the latest day.
fn together(entries: Vec<(Timestamp, Entry)>) -> Vec<Entry> {
    let mut all: Vec<Entry> = Vec::with_capacity(entries.len());
    for (_, entry) in entries {
        match (all.last_mut(), &entry.what) {
            (Some(Entry { when, what: Happening::Silence(last) }), Happening::Silence(next))
                if last.sentence == next.sentence =>
            {
                *when = entry.when;
                last.count += 1;
            }
            _ => all.push(entry),
        }
    }
    all
}

/// The amount of a standing fact.
pub fn amount_of(show: &Show, row: &StandingRow) -> Option<Amount> {
    let iso = currency(row.currency.as_deref()?).ok()?;
    Some(show.amount(Money::new(row.amount_minor?, iso)))
}

/// "Promised USD 5,000.00 for 12 March".
pub fn standing_sentence(show: &Show, row: &StandingRow) -> String {
    let day = row.day.as_deref().and_then(|day| day.parse().ok()).map_or_else(String::new, |day| show.date(day).text);
    let amount = amount_of(show, row).map(|amount| format!("{} {}", amount.currency, amount.text));
    let key = match (row.kind.as_str(), &amount) {
        ("do", _) if row.state == "dropped" => "say-standing-do-dropped".to_string(),
        ("promise", None) => "say-standing-promise-all".to_string(),
        ("dispute", None) => "say-standing-dispute-all".to_string(),
        (kind, _) => format!("say-standing-{kind}"),
    };
    let step = row.step.as_deref().map_or_else(String::new, |step| show.titles.step(None, step));
    phrase(show.ui(), &key, &[("day", day), ("amount", amount.unwrap_or_default()), ("step", step)])
}

/// "Talk on WeChat with Anna", with its first words.
fn talk_entry(show: &Show, facts: &DebtorFacts, talk: &Talk) -> Entry {
    let place = coded(show.ui(), "talk-place", talk.place.code());
    let contact = talk.contact_id.and_then(|id| facts.contact(id));
    let name = contact.map(|contact| isolated(contact.name())).filter(|name| !name.is_empty());
    let key = if name.is_some() { "say-talk-with" } else { "say-talk" };
    let mut sentence = phrase(show.ui(), key, &[("place", place), ("name", name.unwrap_or_default())]);
    if let Some(intent) = talk.intent {
        let intent = coded(show.ui(), "talk-intent", intent.code());
        sentence = phrase(show.ui(), "say-talk-means", &[("talk", sentence), ("intent", intent)]);
    }
    let text = talk.words.as_ref().map_or("", |words| words.text.as_str());
    let mut first: String = text.chars().take(LONGEST_TALK_SHOWN).collect();
    if first.len() < text.len() {
        first.push('…');
    }
    let note = NoteLine {
        kind: if talk.place == TalkPlace::Phone { "call" } else { "inbox" }.to_string(),
        sentence,
        by: String::new(),
        text: first,
        href: Some(format!("/debtors/{}/talks/{}", facts.party.number, talk.id)),
    };
    Entry { when: show.instant(talk.at), what: Happening::Note(note) }
}

fn standing_entry(show: &Show, row: &StandingRow) -> Entry {
    let note = NoteLine {
        // Its picture is that of every task.
        kind: if row.kind == "do" { "task".to_string() } else { row.kind.clone() },
        sentence: standing_sentence(show, row),
        by: String::new(),
        text: row.text.clone(),
        href: None,
    };
    Entry { when: show.instant(row.at), what: Happening::Note(note) }
}
