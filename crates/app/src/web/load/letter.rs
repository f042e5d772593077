//! `GET /letters/{number}` and the sheet of a letter wherever it is shown.

use anyhow::Context;

use dunlin_core::case::LetterState;
use dunlin_core::explain::phrase;
use dunlin_core::facts::DebtorFacts;
use dunlin_core::locale;
use dunlin_core::money::Money;
use dunlin_core::plan::Review;
use dunlin_store::{Scope, StoredLetter};

use super::show::Show;
use super::timeline::texts;
use crate::house::House;
use crate::use_cases::approve_letter::{departure, preview_letter};
use crate::use_cases::write_letter::write_letter;
use crate::web::view::letter::{AskedLine, Attachment, HistoryLine, LetterPage, LetterSheet, LetterText, SendMoment};

/// The page of one letter.
pub async fn load(house: &House, show: &Show, number: i64) -> anyhow::Result<LetterPage> {
    let letter = house.store.letter_by_number(house.tenant.id, number).await?;
    let facts = facts_of(house, &letter).await?;
    let sheet = sheet(house, show, &letter, &facts).await?;
    let approved = letter.approved_by.as_ref().zip(letter.approved_at).map(|(by, at)| HistoryLine {
        state: LetterState::Queued.code().to_string(),
        when: show.instant(at),
        note: phrase(show.ui(), "say-approved-by", &[("name", by.clone())]),
    });
    let first_state = if letter.review == Review::Automatic { LetterState::Queued } else { LetterState::Review };
    let mut history = vec![HistoryLine {
        state: first_state.code().to_string(),
        when: show.instant(letter.recorded_at),
        note: String::new(),
    }];
    history.extend(approved);
    if let Some(at) = letter.settled_at {
        let note = letter.outcome.clone().or_else(|| letter.transport.clone()).unwrap_or_default();
        history.push(HistoryLine { state: letter.state.code().to_string(), when: show.instant(at), note });
    }
    Ok(LetterPage {
        debtor: show.debtor(&facts),
        step: letter.items.first().map_or_else(String::new, |item| show.step(house, None, &item.step)),
        state: letter.state.code().to_string(),
        sheet,
        reasons: show.reasons(&letter.reasons),
        history,
        message_id: Some(letter.message_id.clone()),
        can_decide: letter.state == LetterState::Review,
        can_take_back: letter.state == LetterState::Queued && letter.approved_by.is_some(),
        can_settle: letter.state == LetterState::Uncertain,
        can_paste: letter.state == LetterState::ToPaste,
        severe: letter.review == Review::Severe,
        next: format!("/letters/L-{number:04}"),
    })
}

/// Facts of the letter's debtor, as of now.
pub async fn facts_of(house: &House, letter: &StoredLetter) -> anyhow::Result<DebtorFacts> {
    let facts = house.store.facts(house.tenant.id, Scope::One(letter.party_id), house.now()).await?;
    facts.into_iter().next().context("the letter's debtor does not exist any more")
}

/// Envelope and text, theirs and ours.
pub async fn sheet(
    house: &House,
    show: &Show,
    letter: &StoredLetter,
    facts: &DebtorFacts,
) -> anyhow::Result<LetterSheet> {
    let contact = facts.contacts.iter().find(|contact| contact.id == letter.contact_id);
    let leaves = match letter.settled_at {
        Some(at) => at,
        None => departure(house, letter, facts).await?,
    };
    let (subject, body) = texts(house, letter).await?;
    let mine = if letter.language == show.letters() || letter.settled_at.is_some() {
        None
    } else {
        let written = write_letter(
            letter,
            facts,
            &house.tenant.settings,
            leaves.to_zoned(show.zone.clone()).date(),
            Some(show.letters()),
        )?;
        let locked = locked(letter, facts, house, show.letters());
        Some(LetterText::new(show.words.language().code(), &written.subject, &written.body, &locked))
    };
    let total: i64 = letter.items.iter().map(|item| item.pressed.minor).sum();
    let number = format!("L-{:04}", letter.number);
    let statement = letter.attach_statement.then(|| Attachment {
        name: format!("account-statement-{}.pdf", house.today()),
        href: (letter.settled_at.is_none() || letter.state == LetterState::Sent)
            .then(|| format!("/letters/{number}/statement.pdf")),
    });
    let seen = match letter.state {
        LetterState::Review | LetterState::ToPaste => preview_letter(house, letter).await?.content_hash(),
        _ => String::new(),
    };
    Ok(LetterSheet {
        seen,
        number,
        contact_name: contact.map_or_else(String::new, |contact| contact.name().to_string()),
        role: letter.role.code().to_string(),
        address: contact.and_then(|contact| contact.address(letter.channel)).unwrap_or_default().to_string(),
        channel: letter.channel.code().to_string(),
        theirs: LetterText::new(
            letter.language.code(),
            &subject,
            &body,
            &locked(letter, facts, house, letter.language),
        ),
        mine,
        send: moment(show, letter, facts, leaves),
        attachments: statement.into_iter().collect(),
        lines: asked_lines(show, letter, facts),
        total: show.amount(Money::new(total, letter.currency)),
    })
}

/// Stretches that come from the ledger and the settings: they cannot be edited.
fn locked(
    letter: &StoredLetter,
    facts: &DebtorFacts,
    house: &House,
    language: dunlin_core::party::Language,
) -> Vec<String> {
    let mut words = vec![locale::date(letter.answer_by, language)];
    let mut total = Money::zero(letter.currency);
    for item in &letter.items {
        total.minor += item.pressed.minor;
        words.push(locale::money(item.outstanding, language));
        words.push(locale::money(item.pressed, language));
        if let Some(known) = facts.receivables.iter().find(|known| known.receivable.id == item.receivable_id) {
            words.push(locale::money(known.receivable.amount, language));
            words.extend(known.receivable.due_on.map(|due| locale::date(due, language)));
        }
    }
    words.push(locale::money(total, language));
    if let Some(bank) = house.tenant.settings.bank_for(letter.currency.code()) {
        words.extend([bank.account, bank.swift, bank.holder]);
    }
    words
}

fn asked_lines(show: &Show, letter: &StoredLetter, facts: &DebtorFacts) -> Vec<AskedLine> {
    let line = |item: &dunlin_core::plan::LetterItem| {
        let known = facts.receivables.iter().find(|known| known.receivable.id == item.receivable_id)?;
        Some(AskedLine {
            number: known.receivable.number.clone(),
            reference: known.receivable.reference.clone(),
            milestone: known.receivable.milestone.code().to_string(),
            due: known.receivable.due_on.map(|due| show.date(due)),
            age: show.age(known.receivable.due_on),
            outstanding: show.amount(item.outstanding),
            asked: show.amount(item.pressed),
        })
    };
    letter.items.iter().filter_map(line).collect()
}

/// When it leaves there, and what time that is here.
pub fn moment(show: &Show, letter: &StoredLetter, facts: &DebtorFacts, at: jiff::Timestamp) -> SendMoment {
    let contact = facts.contacts.iter().find(|contact| contact.id == letter.contact_id);
    let place = Show::zone_of(&facts.party.country, contact);
    let (name, zone) = place.unwrap_or_else(|| (String::new(), show.zone.clone()));
    let there = at.to_zoned(zone.clone());
    let same_day = there.date() == show.now.to_zoned(zone).date();
    let clock = there.strftime("%H:%M").to_string();
    SendMoment {
        there: if same_day { clock } else { format!("{} {clock}", show.short_day(there.date())) },
        place: show.words.zone_place(&name),
        here: at.to_zoned(show.zone.clone()).strftime("%H:%M").to_string(),
        iso: at.to_string(),
    }
}
