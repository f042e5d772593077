//! `GET /letters/{number}` and the sheet of a letter wherever it is shown.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use dunlin_core::access::Right;
use dunlin_core::case::LetterState;
use dunlin_core::explain::{UiLanguage, coded, phrase};
use dunlin_core::facts::DebtorFacts;
use dunlin_core::facts::orders::OrderFacts;
use dunlin_core::locale;
use dunlin_core::money::Money;
use dunlin_core::plan::{LetterItem, Review};
use dunlin_core::reason::Reason;
use dunlin_store::{Repair, Scope, StoreError, StoredLetter};

use super::show::Show;
use super::timeline::texts;
use crate::house::House;
use crate::use_cases::approve_letter::{departure, preview_letter};
use crate::use_cases::repair_letter::can_be_repaired;
use crate::use_cases::write_letter::{Desk, write_letter_with};
use crate::use_cases::write_order::order_aside;
use crate::web::view::letter::{
    AboutOrder, AskedLine, Attachment, EditPlace, HistoryLine, LetterPage, LetterSheet, LetterText, Moment,
    OtherLetter, SendMoment,
};
use crate::web::view::names::isolated;

/// The page of one letter.
pub async fn load(house: &House, show: &Show, number: i64) -> anyhow::Result<LetterPage> {
    let letter = house.store.letter_by_number(house.tenant.id, number).await?;
    let facts = facts_of(house, &letter).await?;
    let sheet = sheet(house, show, &letter, &facts).await?;
    let approvals = house.store.approvals_of(house.tenant.id, letter.id).await?;
    let can_take_back = letter.settled_at.is_none()
        && matches!(letter.state, LetterState::Queued | LetterState::Review)
        && !approvals.is_empty();
    let approved = approvals.iter().map(|approval| HistoryLine {
        state: LetterState::Queued.code().to_string(),
        when: show.instant(approval.approved_at),
        note: phrase(show.ui(), "say-approved-by", &[("name", isolated(&approval.name))]),
        record: String::new(),
    });
    let first_state = if letter.review == Review::Automatic { LetterState::Queued } else { LetterState::Review };
    let mut history = vec![HistoryLine {
        state: first_state.code().to_string(),
        when: show.instant(letter.recorded_at),
        note: String::new(),
        record: String::new(),
    }];
    history.extend(approved);
    let Fate { sentence, record } = fate(show, &letter);
    if let Some(at) = letter.settled_at {
        let state = letter.state.code().to_string();
        history.push(HistoryLine { state, when: show.instant(at), note: sentence, record });
    } else if letter.outcome.is_some() {
        let (state, when) = (letter.state.code().to_string(), show.instant(letter.not_before));
        history.push(HistoryLine { state, when, note: sentence, record });
    }
    let repairs = house.store.repairs_of(house.tenant.id, letter.party_id).await?;
    let repaired_by = repairs.iter().find(|repair| repair.wrong_id == letter.id);
    let puts_right = repairs.iter().find(|repair| repair.number == letter.number);
    Ok(LetterPage {
        can_repair: can_be_repaired(&letter, repaired_by.is_some(), house.now()),
        repaired_by: repaired_by.map(|repair| OtherLetter {
            number: format!("L-{:04}", repair.number),
            sentence: repaired_sentence(show, repair),
        }),
        repairs: puts_right.map(|repair| {
            let number = format!("L-{:04}", repair.wrong_number);
            let sentence = phrase(show.ui(), "say-repairs", &[("number", number.clone())]);
            OtherLetter { number, sentence }
        }),
        debtor: show.debtor_of(&facts, facts.contact(letter.contact_id)),
        step: step_of(show, &letter, &facts),
        state: letter.state.code().to_string(),
        sheet,
        reasons: show.reasons_of(playbook_of(&letter, &facts), why_written(&letter)),
        history,
        message_id: Some(letter.message_id.clone()),
        can_decide: letter.state == LetterState::Review,
        can_stop: letter.state == LetterState::Queued && letter.settled_at.is_none(),
        can_take_back,
        can_settle: letter.state == LetterState::Uncertain,
        can_paste: letter.state == LetterState::ToPaste,
        severe: letter.review.is_severe(),
        notices: super::notices::letter(house, show, &letter),
        next: format!("/letters/L-{number:04}"),
    })
}

/// "Void, and put right by L-0031: it asked for a wrong amount".
pub fn repaired_sentence(show: &Show, repair: &Repair) -> String {
    let wrong = coded(show.ui(), "wrong-send", repair.wrong.code());
    phrase(show.ui(), "say-repaired-by", &[("number", format!("L-{:04}", repair.number)), ("wrong", wrong)])
}

/// What became of a letter: in a sentence, and how the records put it.
#[derive(Debug, Clone, Default)]
pub struct Fate {
    pub sentence: String,
    pub record: String,
}

/// What became of a letter that did not simply wait.
pub fn fate(show: &Show, letter: &StoredLetter) -> Fate {
    let record = letter.outcome.clone().unwrap_or_default();
    let word = |code: &str| show.words.code("fate", code).into_owned();
    let stopped = &letter.reasons[why_written(letter).len()..];
    match letter.state {
        LetterState::Cancelled if stopped.is_empty() => {
            Fate { sentence: phrase(show.ui(), "say-declined", &[("why", isolated(&record))]), record: String::new() }
        }
        LetterState::Cancelled => {
            let sentences: Vec<String> = show.reasons(stopped).into_iter().map(|line| line.sentence).collect();
            let between = if show.ui() == UiLanguage::ZhCn { "" } else { " " };
            Fate { sentence: sentences.join(between), record }
        }
        LetterState::Sent => {
            let known = ["folder", "smtp", "aliexpress", "pasted", "looked up"];
            let way = letter.transport.as_deref().filter(|way| known.contains(way));
            Fate { sentence: way.map_or_else(String::new, |way| word(&way.replace(' ', "_"))), record: String::new() }
        }
        LetterState::Failed | LetterState::Uncertain => Fate { sentence: word(letter.state.code()), record },
        // Nobody has tried yet: what it is about has to be read first.
        LetterState::Queued if !record.is_empty() && letter.attempts == 0 => Fate { sentence: word("waits"), record },
        LetterState::Queued if !record.is_empty() => Fate { sentence: word("again"), record },
        _ => Fate::default(),
    }
}

/// The reasons for which it was written, without those for which it was cancelled later.
pub fn why_written(letter: &StoredLetter) -> &[Reason] {
    let end = letter.reasons.iter().position(|reason| reason.code.code().starts_with("cancelled."));
    &letter.reasons[..end.unwrap_or(letter.reasons.len())]
}

/// The playbook that the letter's first case follows.
pub fn playbook_of<'a>(letter: &'a StoredLetter, facts: &'a DebtorFacts) -> Option<&'a str> {
    if let Some(about) = &letter.about {
        return Some(&*about.playbook.id);
    }
    let first = letter.items.first()?.case_id;
    let case = facts.receivables.iter().filter_map(|item| item.case.as_ref()).find(|case| case.id == first)?;
    case.playbook.as_ref().map(|playbook| &*playbook.id)
}

/// Title of the step that the letter takes.
pub fn step_of(show: &Show, letter: &StoredLetter, facts: &DebtorFacts) -> String {
    titled(show, letter, playbook_of(letter, facts))
}

/// As [`step_of`], where the playbook that its first case follows is known.
pub fn titled(show: &Show, letter: &StoredLetter, playbook: Option<&str>) -> String {
    match (&letter.about, letter.items.first()) {
        (Some(about), _) => show.titles.step(Some(&about.playbook.id), &about.step),
        (None, Some(item)) => show.titles.step(playbook, &item.step),
        (None, None) => String::new(),
    }
}

/// What it asks for; `None` where it asks for no money, such as a message about an order.
pub fn asked_of(letter: &StoredLetter) -> Option<Money> {
    let total: i64 = letter.items.iter().map(|item| item.pressed.minor).sum();
    (total > 0).then(|| Money::new(total, letter.currency))
}

/// The order that it is about; `None` for a letter about money.
pub fn order_of<'a>(letter: &StoredLetter, facts: &'a DebtorFacts) -> Option<&'a OrderFacts> {
    let about = letter.about.as_ref()?;
    facts.orders.iter().find(|order| order.id == about.order_id)
}

/// "2 × Tent for two".
pub fn goods_line(title: &str, quantity: i64) -> String {
    format!("{quantity} × {}", isolated(title))
}

/// "Order 8190352904118660 · 2 × Tent for two": what a letter is about that asks for no money.
pub fn order_named(show: &Show, number: &str, goods: impl Iterator<Item = String>) -> String {
    let order = show.words.t1("of-order", "order", isolated(number));
    [order].into_iter().chain(goods).collect::<Vec<_>>().join(" · ")
}

/// The moment by which it is dated: when it was settled, else when it leaves if nothing changes.
pub async fn dated(house: &House, letter: &StoredLetter, facts: &DebtorFacts) -> anyhow::Result<Timestamp> {
    match letter.settled_at {
        Some(at) => Ok(at),
        None => departure(house, letter, facts).await,
    }
}

/// The moment that pages show of it: of an uncertain letter the time of the attempt is what counts.
pub fn shown_moment(letter: &StoredLetter, dated: Timestamp) -> Timestamp {
    if letter.state == LetterState::Uncertain { letter.not_before } else { dated }
}

/// Facts of the letter's debtor, as of now.
pub async fn facts_of(house: &House, letter: &StoredLetter) -> anyhow::Result<DebtorFacts> {
    let facts = house.store.facts(house.tenant.id, Scope::One(letter.party_id), house.now()).await?;
    Ok(facts.into_iter().next().ok_or_else(|| StoreError::not_found("debtor", format!("L-{:04}", letter.number)))?)
}

/// Envelope and text, theirs and ours.
pub async fn sheet(
    house: &House,
    show: &Show,
    letter: &StoredLetter,
    facts: &DebtorFacts,
) -> anyhow::Result<LetterSheet> {
    let contact = facts.contact(letter.contact_id);
    let dated = dated(house, letter, facts).await?;
    let leaves = shown_moment(letter, dated);
    let day = dated.to_zoned(show.zone.clone()).date();
    let (subject, body) = match letter.state {
        // It was never sent, so nothing of it was kept; what somebody approved can still be read.
        LetterState::Cancelled | LetterState::Failed if contact.is_some_and(|known| known.person.is_some()) => {
            not_sent(house, letter, facts).await
        }
        _ => texts(house, letter).await?,
    };
    let mine = if letter.language == show.letters() || letter.settled_at.is_some() {
        None
    } else {
        let signer = house.store.signer_of(house.tenant.id, letter.party_id).await?;
        let tenant = house.store.tenant_facts(&house.tenant).await?;
        let desk = Desk { settings: &house.tenant.settings, signer: &signer, tenant: &tenant };
        let aside = order_aside(house, letter, facts).await?;
        let written = write_letter_with(letter, facts, desk, dated, Some(show.letters()), &aside)?;
        let locked = locked(letter, facts, house, show.letters());
        Some(LetterText::new(show.words.language().code(), &written.subject, &written.body, &locked))
    };
    let number = format!("L-{:04}", letter.number);
    // Of a letter that did not leave no statement was ever made.
    let goes_along = letter.attach_statement && (letter.settled_at.is_none() || letter.state == LetterState::Sent);
    let kept = letter.settled_at.is_none()
        || house.store.sent_mail(house.tenant.id, letter).await?.is_some_and(|mail| mail.statement_pdf.is_some());
    let statement = goes_along.then(|| Attachment {
        name: format!("account-statement-{day}.pdf"),
        href: kept.then(|| format!("/letters/{number}/statement.pdf")),
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
        moment: match letter.state {
            LetterState::Sent => Moment::Left,
            LetterState::Cancelled | LetterState::Failed => Moment::Stopped,
            LetterState::Uncertain => Moment::Tried,
            LetterState::ToPaste => Moment::Ready,
            LetterState::Review | LetterState::Queued | LetterState::Sending => Moment::Leaves,
        },
        attachments: statement.into_iter().collect(),
        lines: asked_lines(show, letter, facts, if letter.settled_at.is_some() { day } else { show.today() }),
        total: asked_of(letter).map(|asked| show.amount(asked)),
        order: order_of(letter, facts).map(|order| AboutOrder {
            number: order.number.clone(),
            href: super::running::href(&order.id.to_string()),
            goods: order.goods.iter().map(|line| goods_line(&line.title, line.quantity)).collect(),
        }),
        edits: if letter.settled_at.is_none() { edits(house, show, letter, facts) } else { Vec::new() },
    })
}

/// Where what stands in a letter is changed, as far as the reader may go there.
fn edits(house: &House, show: &Show, letter: &StoredLetter, facts: &DebtorFacts) -> Vec<EditPlace> {
    let place = |code, about: &str, href: String| EditPlace { code, about: about.to_string(), href };
    let mut places = Vec::new();
    if house.actor.may(Right::Work) {
        let name = facts.contact(letter.contact_id).map_or("", |contact| contact.name());
        let name = if name.is_empty() { &*facts.party.name } else { name };
        places.push(place("recipient", &isolated(name), format!("/debtors/{}#contacts", facts.party.number)));
    }
    for item in &letter.items {
        let known = facts.receivables.iter().find(|known| known.receivable.id == item.receivable_id);
        places.extend(known.map(|known| {
            let number = &*known.receivable.number;
            place("amount", number, format!("/receivables/{number}"))
        }));
    }
    if let Some(playbook) = playbook_of(letter, facts) {
        places.push(place("words", &step_of(show, letter, facts), format!("/playbooks/{playbook}")));
    }
    if house.actor.may(Right::Work) {
        places.push(place("signature", "", "/settings/me".to_string()));
    }
    if house.actor.may(Right::Settings) {
        places.push(place("firm", "", "/settings/company".to_string()));
    }
    places
}

/// A letter that did not leave, as it would have read; empty when it cannot be written any more.
async fn not_sent(house: &House, letter: &StoredLetter, facts: &DebtorFacts) -> (String, String) {
    let written = async {
        let signer = house.store.signer_of(house.tenant.id, letter.party_id).await?;
        let aside = order_aside(house, letter, facts).await?;
        let tenant = house.store.tenant_facts(&house.tenant).await?;
        let desk = Desk { settings: &house.tenant.settings, signer: &signer, tenant: &tenant };
        write_letter_with(letter, facts, desk, letter.not_before, None, &aside)
    };
    written.await.map_or_else(|_| (String::new(), String::new()), |written| (written.subject, written.body))
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
    if let Some(bank) = house.tenant.settings.bank_for(letter.currency.code(), house.now()) {
        words.extend([bank.account, bank.swift, bank.holder]);
    }
    words
}

/// `day`: that of leaving, or today; a letter that left is read as of then.
fn asked_lines(show: &Show, letter: &StoredLetter, facts: &DebtorFacts, day: Date) -> Vec<AskedLine> {
    let line = |item: &LetterItem| {
        let known = facts.receivables.iter().find(|known| known.receivable.id == item.receivable_id)?;
        Some(AskedLine {
            number: known.receivable.number.clone(),
            reference: known.receivable.reference.clone(),
            milestone: known.receivable.milestone.code().to_string(),
            due: known.receivable.due_on.map(|due| show.date(due)),
            age: Show::age_on(known.receivable.due_on, day),
            outstanding: show.amount(item.outstanding),
            asked: show.amount(item.pressed),
        })
    };
    letter.items.iter().filter_map(line).collect()
}

/// When it leaves there, and what time that is here.
pub fn moment(show: &Show, letter: &StoredLetter, facts: &DebtorFacts, at: Timestamp) -> SendMoment {
    let contact = facts.contact(letter.contact_id);
    let place = Show::zone_of(&facts.party.country, contact);
    let (name, zone) = place.unwrap_or_else(|| (String::new(), show.zone.clone()));
    let today = show.now.to_zoned(zone.clone()).date();
    SendMoment {
        there: time_there(show, &zone, at, today),
        place: show.words.zone_place(&name),
        here: at.to_zoned(show.zone.clone()).strftime("%H:%M").to_string(),
        iso: at.to_string(),
    }
}

/// "09:40", with its day where that is not the one under which it is read.
pub fn time_there(show: &Show, zone: &TimeZone, at: Timestamp, under: Date) -> String {
    let there = at.to_zoned(zone.clone());
    let clock = there.strftime("%H:%M").to_string();
    if there.date() == under { clock } else { format!("{} {clock}", show.short_day(there.date())) }
}
