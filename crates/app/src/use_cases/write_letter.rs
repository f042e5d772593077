//! From a stored letter and the facts of this minute to the message that leaves: text, and the account statement
//! as a PDF. Every amount comes from the ledger here, not from the day of the decision.

use anyhow::Context;
use jiff::Timestamp;
use jiff::civil::Date;
use sha2::{Digest, Sha256};

use dunlin_core::calendar::countries::Countries;
use dunlin_core::calendar::{days_between, shift};
use dunlin_core::case::{Case, Subject};
use dunlin_core::facts::{DebtorFacts, ReceivableFacts, TenantFacts};
use dunlin_core::goods;
use dunlin_core::ids::CaseId;
use dunlin_core::letter::{AccountStatement, LetterFacts, LetterLine, Purpose, Sender, StatementLine};
use dunlin_core::money::Money;
use dunlin_core::order::OrderSource;
use dunlin_core::party::{Channel, Contact, Language};
use dunlin_core::plan::TaskKind;
use dunlin_documents::letter::RenderedLetter;
use dunlin_store::{Settings, Signer, StoredLetter};

use super::account_statement::account_statement;
use super::extend_receipt::as_given;
use super::write_order::{OrderAside, Writing, about_order, orders_named, useful_answer_by};
use crate::embedded::letter_texts;

/// A letter as the buyer will read it.
#[derive(Debug, Clone)]
pub struct WrittenLetter {
    pub to_name: String,
    pub to: String,
    pub subject: String,
    pub body: String,
    pub language_used: Language,
    pub fell_back: bool,
    pub statement: Option<AccountStatement>,
    /// Where answers go, when not to the firm's address.
    pub reply_to: Option<String>,
    /// Who it comes from, as mail programs show it.
    pub from_name: String,
}

impl WrittenLetter {
    /// What an approval is bound to: recipient, text and amounts. One changed character makes another hash.
    pub fn content_hash(&self) -> String {
        let mut text = format!("{}\n{}\n{}\n{}", self.to_name, self.to, self.subject, self.body);
        // What the statement that goes along says of money is part of what was seen.
        if let Some(reply_to) = &self.reply_to {
            text.push_str(&format!("\nreply to {reply_to}"));
        }
        if let Some(bank) = self.statement.as_ref().and_then(|statement| statement.bank.as_ref()) {
            text.push_str(&format!("\n{} {} {} {}", bank.holder, bank.bank, bank.account, bank.swift));
        }
        for line in self.statement.iter().flat_map(|statement| &statement.lines) {
            let StatementLine { reference, due_on, amount, paid, outstanding, disputed, asked, rests, .. } = line;
            let sums = format!("{amount} {paid} {outstanding} {disputed} {asked}");
            text.push_str(&format!("\n{reference} {due_on:?} {sums} {rests:?}"));
        }
        Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Who a letter comes from.
#[derive(Debug, Clone, Copy)]
pub struct Desk<'a> {
    pub settings: &'a Settings,
    /// The salesperson of the buyer.
    pub signer: &'a Signer,
    /// By which the gates say what a statement that goes along may ask for.
    pub tenant: &'a TenantFacts,
}

impl Desk<'_> {
    /// The firm as letters in a language name it, with the salesperson's own name, lines and address where they set some.
    pub(super) fn sender(&self, language: Language) -> Sender {
        let mut sender = self.settings.sender_in(language);
        if language != Language::Zh && !self.signer.latin_name.trim().is_empty() {
            sender.name.clone_from(&self.signer.latin_name);
        }
        if !self.signer.signature.trim().is_empty() {
            sender.signature.clone_from(&self.signer.signature);
        }
        if let Some(reply_to) = self.reply_to() {
            sender.email = reply_to;
        }
        sender
    }

    fn reply_to(&self) -> Option<String> {
        let own = self.signer.reply_to.trim();
        (!own.is_empty()).then(|| own.to_string())
    }
}

/// Writes the letter with the amounts of now, as it leaves at `at`. `language` overrides its own (the owner's reading
/// copy).
pub fn write_letter(
    letter: &StoredLetter,
    facts: &DebtorFacts,
    desk: Desk<'_>,
    at: Timestamp,
    language: Option<Language>,
) -> anyhow::Result<WrittenLetter> {
    write_letter_with(letter, facts, desk, at, language, &OrderAside::default())
}

/// As [`write_letter`], of a letter that may be about an order: with what was looked up for it.
pub fn write_letter_with(
    letter: &StoredLetter,
    facts: &DebtorFacts,
    desk: Desk<'_>,
    at: Timestamp,
    language: Option<Language>,
    aside: &OrderAside,
) -> anyhow::Result<WrittenLetter> {
    let given = as_given(letter, facts, &desk.settings.zone()?);
    let facts = &*given;
    let contact = facts.contact(letter.contact_id).context("the letter's contact does not exist any more")?;
    let statement = letter
        .attach_statement
        .then(|| account_statement(letter, facts, desk.settings, desk.tenant, at))
        .transpose()?;
    let mut content = letter_facts(letter, facts, contact, desk, at, language)?;
    if let Some(about) = &letter.about {
        let zone = desk.settings.zone()?;
        let writing = Writing {
            letter: &letter.letter,
            language: content.language,
            channel: letter.channel,
            today: content.today,
            zone: &zone,
        };
        let order = about_order(about.subject, facts, aside, &writing)?;
        if let Some((known, _)) = facts.order_of(about.subject) {
            content.answer_by = useful_answer_by(content.answer_by, known, &writing);
        }
        if facts.order_of(about.subject).is_some_and(|(order, _)| order.source == OrderSource::Marketplace) {
            // It is paid on the platform and nowhere else (SCENARIOS G3).
            content.bank = None;
        }
        content.items.extend(orders_named(about.subject, facts, &writing));
        content.order = Some(order);
    }
    let RenderedLetter { subject, body, language_used, fell_back } = letter_texts().render(&content)?;
    Ok(WrittenLetter {
        to_name: contact.name().to_string(),
        to: contact.address(letter.channel).unwrap_or_default().to_string(),
        subject,
        body,
        language_used,
        fell_back,
        statement,
        reply_to: desk.reply_to(),
        from_name: from_name(&desk.sender(letter.language)),
    })
}

/// "Lin Yue (Ningbo Story Co., Ltd.)".
fn from_name(sender: &Sender) -> String {
    if sender.name.is_empty() { sender.company.clone() } else { format!("{} ({})", sender.name, sender.company) }
}

fn letter_facts(
    letter: &StoredLetter,
    facts: &DebtorFacts,
    contact: &Contact,
    desk: Desk<'_>,
    at: Timestamp,
    language: Option<Language>,
) -> anyhow::Result<LetterFacts> {
    let settings = desk.settings;
    let today = at.to_zoned(settings.zone()?).date();
    let mut items = Vec::with_capacity(letter.items.len());
    let mut total = Money::zero(letter.currency);
    let mut marketplace = false;
    for item in &letter.items {
        let receivable = facts
            .receivables
            .iter()
            .find(|known| known.receivable.id == item.receivable_id)
            .context("the letter names a receivable that does not exist any more")?;
        let outstanding = receivable.outstanding()?;
        total = total.checked_add(item.pressed)?;
        marketplace |= receivable.receivable.source == OrderSource::Marketplace;
        let mut line = line(receivable, outstanding, item.pressed, today, settings);
        line.goods = goods::stage(facts, receivable, today);
        line.rest_due = is_rest_due(letter, facts, receivable, today)?;
        if !letter.purpose.asks_for_money() {
            // News of the goods starts the time for payment; it does not find the buyer late.
            line.days_overdue = line.days_overdue.min(0);
        }
        items.push(line);
    }
    // A marketplace order is paid on the platform and nowhere else (SCENARIOS G3).
    let bank = if marketplace { None } else { settings.bank_for(letter.currency.code(), at) };
    let language = language.unwrap_or(letter.language);
    Ok(LetterFacts {
        letter_number: format!("L-{:04}", letter.number),
        letter: letter.letter.clone(),
        language,
        channel: letter.channel,
        purpose: letter.purpose,
        today,
        sender: desk.sender(language),
        buyer_name: facts.party.name.clone(),
        contact_name: contact.name().to_string(),
        items,
        total,
        bank,
        answer_by: answer_by(letter, facts, settings, today),
        has_statement: letter.attach_statement,
        difficulty: settings.difficulty.of(language).to_string(),
        asks: letter.asks.clone(),
        order: None,
    })
}

/// The days that the decision gave for an answer, counted from the day the letter is dated: a letter that waited for
/// approval or for the buyer's Monday must not ask for an answer by a day that is nearly over, or past.
fn answer_by(letter: &StoredLetter, facts: &DebtorFacts, settings: &Settings, today: Date) -> Date {
    if letter.asks.as_ref().is_some_and(|asks| asks.notice.is_some()) {
        // A bank waits until that day, whenever the letter leaves.
        return letter.answer_by;
    }
    let zone = settings.zone().unwrap_or(jiff::tz::TimeZone::UTC);
    let decided = letter.recorded_at.to_zoned(zone).date();
    let wanted = shift(today, days_between(decided, letter.answer_by));
    facts.workdays(Countries::shipped()).next_workday(wanted)
}

fn line(item: &ReceivableFacts, outstanding: Money, asked: Money, today: Date, settings: &Settings) -> LetterLine {
    let receivable = &item.receivable;
    let zone = settings.zone().unwrap_or(jiff::tz::TimeZone::UTC);
    LetterLine {
        reference: receivable.reference.clone(),
        order_number: item.order_number.clone().unwrap_or_default(),
        ordered_on: receivable.placed_at.map(|at| at.to_zoned(zone).date()),
        milestone: receivable.milestone,
        amount: receivable.amount,
        outstanding,
        asked,
        due_on: receivable.due_on,
        days_overdue: receivable.due_on.map_or(0, |due| days_between(due, today)),
        goods: None,
        rest_due: false,
    }
}

/// Whether something else of an order is due, unpaid and not in the letter: nothing is promised then that waits for it.
fn is_rest_due(letter: &StoredLetter, facts: &DebtorFacts, of: &ReceivableFacts, today: Date) -> anyhow::Result<bool> {
    let Some(order) = of.receivable.order_id else {
        return Ok(false);
    };
    for other in facts.receivables.iter().filter(|other| other.receivable.order_id == Some(order)) {
        let is_named = letter.items.iter().any(|item| item.receivable_id == other.receivable.id);
        let is_due = other.receivable.due_on.is_some_and(|due| due <= today) && !other.receivable.closed;
        if is_due && !is_named && other.owed()?.buyer.is_positive() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Title and text of a call's script, or of the instructions for work of our own, in a language; `None` when the task has
/// none.
pub fn call_script(
    house: &crate::house::House,
    task: &dunlin_store::pages::desk::TaskRow,
    facts: &DebtorFacts,
    language: Language,
) -> anyhow::Result<Option<(String, String)>> {
    if let (Some(script), None, Some(case_id)) = (&task.script, task.receivable_id, task.case_id) {
        return order_script(house, task, (script.as_str(), case_id), facts, language);
    }
    let (Some(script), Some(asked), Some(receivable_id)) = (&task.script, task.pressed, task.receivable_id) else {
        return Ok(None);
    };
    let Some(item) = facts.receivables.iter().find(|item| item.receivable.id == receivable_id) else {
        return Ok(None);
    };
    // Never more than is open now, whatever was planned.
    let outstanding = item.outstanding()?;
    let asked = Money::new(asked.minor.min(outstanding.minor), asked.currency);
    let settings = &house.tenant.settings;
    let today = house.today();
    let contact = task.contact_id.and_then(|id| facts.contacts.iter().find(|contact| contact.id == id));
    let marketplace = item.receivable.source == OrderSource::Marketplace;
    let content = LetterFacts {
        letter_number: format!("T-{:04}", task.number),
        letter: script.clone(),
        language,
        channel: Channel::Phone,
        purpose: if task.kind == TaskKind::Do { Purpose::Service } else { Purpose::Press },
        today,
        sender: settings.sender_in(language),
        buyer_name: facts.party.name.clone(),
        contact_name: contact.map_or_else(String::new, |contact| contact.name().to_string()),
        items: vec![LetterLine {
            goods: goods::stage(facts, item, today),
            ..line(item, outstanding, asked, today, settings)
        }],
        total: asked,
        bank: if marketplace { None } else { settings.bank_for(asked.currency.code(), house.now()) },
        answer_by: dunlin_core::calendar::shift(today, 3),
        has_statement: false,
        difficulty: String::new(),
        asks: None,
        order: None,
    };
    let written = letter_texts().render(&content)?;
    Ok(Some((written.subject, written.body)))
}

/// As [`call_script`], for work about an order or a parcel.
fn order_script(
    house: &crate::house::House,
    task: &dunlin_store::pages::desk::TaskRow,
    (script, case_id): (&str, CaseId),
    facts: &DebtorFacts,
    language: Language,
) -> anyhow::Result<Option<(String, String)>> {
    let Some((order, parcel)) = facts.orders.iter().find_map(|order| {
        let is_it = |case: Option<&Case>| case.is_some_and(|case| case.id == case_id);
        let of_parcel = || order.parcels.iter().find(|parcel| is_it(parcel.case.as_ref()));
        if is_it(order.case.as_ref()) { Some((order, None)) } else { of_parcel().map(|parcel| (order, Some(parcel))) }
    }) else {
        return Ok(None);
    };
    let settings = &house.tenant.settings;
    let (today, zone) = (house.today(), settings.zone()?);
    let contact = task.contact_id.and_then(|id| facts.contacts.iter().find(|contact| contact.id == id));
    let subject = parcel.map_or(Subject::Order(order.id), |parcel| Subject::Shipment(parcel.id));
    let writing = Writing { letter: script, language, channel: Channel::Phone, today, zone: &zone };
    let content = LetterFacts {
        letter_number: format!("T-{:04}", task.number),
        letter: script.to_string(),
        language,
        channel: Channel::Phone,
        purpose: Purpose::Service,
        today,
        sender: settings.sender_in(language),
        buyer_name: facts.party.name.clone(),
        contact_name: contact.map_or_else(String::new, |contact| contact.name().to_string()),
        items: orders_named(subject, facts, &writing),
        total: Money::zero(order.total.currency),
        bank: None,
        answer_by: shift(today, 1),
        has_statement: false,
        difficulty: String::new(),
        asks: None,
        order: Some(about_order(subject, facts, &OrderAside::default(), &writing)?),
    };
    let written = letter_texts().render(&content)?;
    Ok(Some((written.subject, written.body)))
}
