//! Questions that a person puts to a buyer in a letter of its own (SCENARIOS B7, B6): about a payment that does not explain
//! itself, about documents that a bank did not accept. One way for all: the letter goes through the outbox with the
//! approval of whoever looked at it, the same is not asked twice, nobody is pressed meanwhile, and that ends by itself.

use std::collections::BTreeSet;

use anyhow::Context;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use dunlin_core::access::Right;
use dunlin_core::audit::Rules;
use dunlin_core::audit::departure::check_departure;
use dunlin_core::calendar::countries::Countries;
use dunlin_core::calendar::{days_between, shift};
use dunlin_core::case::{CaseState, LetterState};
use dunlin_core::explain::phrase;
use dunlin_core::facts::{DebtorFacts, ReceivableFacts};
use dunlin_core::gate_facts::HoldKind;
use dunlin_core::ids::{LetterId, PartyId, PaymentId, ReceivableId};
use dunlin_core::money::Money;
use dunlin_core::party::{Channel, Contact, ContactRole, Language};
use dunlin_core::plan::LetterItem;
use dunlin_core::question::{
    ANSWER_DAYS, About, AskedPayment, Asks, DAYS_TO_READ, Notice, QUESTION_STEP, QuestionKind, QuestionState,
    is_under_credit, named, raised,
};
use dunlin_core::reason::{Reason, ReasonCode};
use dunlin_core::refusal::{Refusal, RefusalCode, Told};
use dunlin_store::{
    Addressee, Commit, LogEntry, NewQuestion, Outcome, PaymentRow, QuestionRow, Scope, Seen, StoredLetter,
};

use super::approve_letter::departure;
use super::bank_charges;
use super::standing_facts::{Found, cancel_wrong_letters};
use super::write_letter::{Desk, WrittenLetter, write_letter};
use crate::house::{Forbidden, House};

/// Most days that an answer may take.
const MOST_DAYS: i32 = 60;
const LONGEST_WORDS: usize = 1_000;
/// Who reads such a letter, best first.
const ROLES: [ContactRole; 4] = [ContactRole::Finance, ContactRole::Owner, ContactRole::Purchaser, ContactRole::Buyer];

/// A question about a payment.
#[derive(Debug, Clone)]
pub struct PaymentQuestion {
    pub payment: i64,
    pub kind: QuestionKind,
    /// Whom to ask, where neither the receivables nor the place of the payment tell.
    pub debtor: Option<PartyId>,
    /// What the letter names; empty: what the payment speaks of.
    pub receivables: Vec<Found>,
    /// Days for an answer.
    pub days: Option<i32>,
}

/// What a bank found in documents under a letter of credit.
#[derive(Debug, Clone)]
pub struct Discrepancy {
    pub receivable: Found,
    /// The day of the bank's notice, and its words.
    pub on: Date,
    pub words: String,
    /// The day by which the buyer has to say whether the documents are accepted.
    pub answer_by: Date,
}

/// What is to be asked.
#[derive(Debug, Clone)]
pub enum Question {
    Payment(PaymentQuestion),
    Discrepancy(Discrepancy),
}

/// The letter that would go, and what it says.
#[derive(Debug, Clone)]
pub struct AskingLetter {
    pub letter: StoredLetter,
    pub written: WrittenLetter,
    /// The buyer's next open hour, by whose day it is dated.
    pub leaves: Timestamp,
}

/// What became of a question.
#[derive(Debug, Clone, Copy)]
pub struct AskedBuyer {
    /// Of the letter.
    pub number: i64,
    /// It leaves by itself; else it waits for somebody with a name to look at it.
    pub is_approved: bool,
    /// The last day on which nobody is pressed for what it names.
    pub until: Date,
}

/// A question with everything that is written down for it.
struct Draft {
    letter: StoredLetter,
    once: String,
    payment: Option<PaymentId>,
    /// The name by which refusals and the log call its subject: `P-0042`, `R-1042`.
    subject: String,
}

/// What would go, without changing anything.
pub async fn preview_question(house: &House, question: &Question) -> anyhow::Result<AskingLetter> {
    let payment = match question {
        Question::Payment(asked) => Some(house.store.payment_numbered(house.tenant.id, asked.payment).await?),
        Question::Discrepancy(_) => None,
    };
    let party = party_of(question, payment.as_ref())?;
    let facts = house.store.facts(house.tenant.id, Scope::One(party), house.now()).await?;
    let facts = facts.first().ok_or_else(|| Refusal::new(RefusalCode::DebtorGone))?;
    // A payment may be several debtors', and only some of them be whoever asks to see.
    if !house.store.sees(house.tenant.id, &house.sight, Seen::Party, &facts.party.number).await? {
        return Err(Refusal::new(RefusalCode::DebtorGone).into());
    }
    let draft = draft(house, question, payment.as_ref(), facts)?;
    let leaves = departure(house, &draft.letter, facts).await?;
    let signer = house.store.signer_of(house.tenant.id, party).await?;
    let tenant = house.store.tenant_facts(&house.tenant).await?;
    let desk = Desk { settings: &house.tenant.settings, signer: &signer, tenant: &tenant };
    let written = write_letter(&draft.letter, facts, desk, leaves, None)?;
    Ok(AskingLetter { letter: draft.letter, written, leaves })
}

/// Which questions a payment raises, for the page to choose from; nobody is known to ask where there are none.
pub async fn questions_raised(
    house: &House,
    payment: &PaymentRow,
    party: PartyId,
    chosen: &[ReceivableId],
) -> anyhow::Result<Vec<QuestionKind>> {
    let facts = house.store.facts(house.tenant.id, Scope::One(party), house.now()).await?;
    let number = named_payment(payment.number);
    Ok(facts.first().map_or_else(Vec::new, |facts| raised(about(payment, &number), facts, chosen)))
}

/// Asks. `seen_hash` is the hash of the letter that the person looked at.
pub async fn ask_buyer(house: &House, question: &Question, seen_hash: Option<&str>) -> anyhow::Result<AskedBuyer> {
    if !house.actor.may(Right::Work) {
        return Err(Forbidden::new(Right::Work).into());
    }
    // Asked before the change begins: it reads on connections of its own.
    let leaves = preview_question(house, question).await?.leaves;
    let mut commit = house.begin().await?;
    let settings = commit.settings().await?;
    if settings.safe_mode {
        return Err(Refusal::new(RefusalCode::AskSafeMode).into());
    }
    let payment = match question {
        Question::Payment(asked) => Some(commit.payment_by_number(asked.payment).await?),
        Question::Discrepancy(_) => None,
    };
    let party = party_of(question, payment.as_ref())?;
    let facts = commit.facts(Scope::One(party)).await?;
    let facts = facts.first().ok_or_else(|| Refusal::new(RefusalCode::DebtorGone))?;
    let draft = draft(house, question, payment.as_ref(), facts)?;
    refuse_twice(&mut commit, &draft).await?;
    let signer = commit.signer_of(party).await?;
    let tenant = commit.tenant_facts(&house.tenant).await?;
    let desk = Desk { settings: &settings, signer: &signer, tenant: &tenant };
    let hash = write_letter(&draft.letter, facts, desk, leaves, None)?.content_hash();
    if seen_hash.is_some_and(|seen| seen != hash) {
        let refusal = Refusal::new(RefusalCode::LetterChanged).with("number", &draft.subject);
        return Err(refusal.with("state", Told::word("letter-state", LetterState::Review.code())).into());
    }
    let (id, number) = commit.queue_one_off(&draft.letter, house.mail_domain()).await?;
    let until = keep(house, &mut commit, &draft, facts, id, number, leaves.to_zoned(house.zone()).date()).await?;
    let queued = commit.letter(number).await?;
    let is_approved = !house.actor.name().trim().is_empty();
    if is_approved {
        let expires = house.now() + SignedDuration::from_hours(24 * settings.approval_days);
        commit.approve(&queued, &hash, leaves, expires).await?;
    }
    prove(house, &mut commit, number, &draft.subject).await?;
    let kind = asked_kind(&draft.letter);
    let entry = LogEntry::new("question.asked", "letter", named_letter(number)).about(party);
    let entry = entry.fact("question", kind.code()).fact("subject", draft.subject.as_str()).fact("until", until);
    commit.log(entry.fact("content", hash));
    cancel_wrong_letters(house, &mut commit, party).await?;
    commit.finish().await?;
    Ok(AskedBuyer { number, is_approved, until })
}

/// The buyer's answer, as somebody notes it: the question is closed, and what rested for it is looked at again.
pub async fn answer_question(house: &House, letter: i64, words: &str) -> anyhow::Result<()> {
    if !house.actor.may(Right::Work) && !house.actor.may(Right::Money) {
        return Err(Forbidden::new(Right::Work).into());
    }
    let words = words.trim();
    if words.is_empty() {
        return Err(Refusal::new(RefusalCode::ReasonMissing).into());
    }
    if words.chars().count() > LONGEST_WORDS {
        return Err(Refusal::new(RefusalCode::WordsLong).with("most", LONGEST_WORDS as i64).into());
    }
    let mut commit = house.begin().await?;
    let question = commit.question_by_letter(letter).await?;
    let open = |row: &QuestionRow| matches!(row.state, QuestionState::Open | QuestionState::Unanswered);
    let none = || Refusal::new(RefusalCode::AskNone).with("number", named_letter(letter));
    let question = question.filter(open).ok_or_else(none)?;
    end(&mut commit, &question, QuestionState::Answered, words).await?;
    let entry = LogEntry::new("question.answered", "letter", named_letter(letter)).about(question.party_id);
    commit.log(entry.fact("question", question.kind.code()).words("words", words));
    cancel_wrong_letters(house, &mut commit, question.party_id).await?;
    Ok(commit.finish().await?)
}

/// Questions whose days are over: a person decides, and what rested is asked for again. Questions whose letter never left
/// are withdrawn. Returns how many changed.
pub async fn look_after_questions(house: &House) -> anyhow::Result<usize> {
    let today = house.today();
    let is_over = |row: &QuestionRow| shift(row.answer_by, DAYS_TO_READ) < today || never_leaves(row.letter_state);
    if !house.store.open_questions(house.tenant.id).await?.iter().any(is_over) {
        return Ok(0);
    }
    let mut commit = house.begin_as_system().await?;
    let mut changed = 0;
    // Once more under the lock: somebody may have noted an answer in between.
    for question in commit.open_questions().await?.into_iter().filter(is_over) {
        let number = named_letter(question.letter_number);
        let was_sent = !never_leaves(question.letter_state) && !is_waiting(question.letter_state);
        let verb = if was_sent {
            end(&mut commit, &question, QuestionState::Unanswered, "").await?;
            let note = phrase(house.reader_language(), "say-question-unanswered", &[("number", number.clone())]);
            commit.add_question_task(question.party_id, question.receivable_id, &question.id, &note).await?;
            "question.unanswered"
        } else {
            end(&mut commit, &question, QuestionState::Withdrawn, "").await?;
            "question.withdrawn"
        };
        let entry = LogEntry::new(verb, "letter", number).about(question.party_id);
        commit.log(entry.fact("question", question.kind.code()));
        changed += 1;
    }
    commit.finish().await?;
    Ok(changed)
}

/// Questions whose payment has found its place, was set aside or taken back, or whose rest was settled: answered by what
/// was booked. A letter that has not left does not leave. Call it after every change of money.
pub(super) async fn drop_settled(commit: &mut Commit) -> anyhow::Result<()> {
    for question in commit.open_questions().await? {
        let Some(payment_id) = question.payment_id else { continue };
        let payment = commit.payment(payment_id).await?;
        let letter = commit.letter(question.letter_number).await?;
        let mut stands = !has_moved(&letter, &payment);
        if stands && question.kind == QuestionKind::Short {
            let facts = commit.facts(Scope::One(question.party_id)).await?;
            let mut items = facts.iter().flat_map(|facts| &facts.receivables);
            let is_named = |id| letter.items.iter().any(|named| named.receivable_id == id);
            stands = items
                .any(|item| is_named(item.receivable.id) && item.outstanding().is_ok_and(|open| open.is_positive()));
        }
        if !stands {
            end(commit, &question, QuestionState::Answered, "").await?;
            let number = named_letter(question.letter_number);
            let entry = LogEntry::new("question.settled", "letter", number).about(question.party_id);
            commit.log(entry.fact("question", question.kind.code()));
        }
    }
    Ok(())
}

/// Whether a payment is not as the letter about it says any more.
pub(super) fn has_moved(letter: &StoredLetter, payment: &PaymentRow) -> bool {
    let asked = letter.asks.as_ref().and_then(|asks| asks.payment.as_ref());
    asked.is_some_and(|asked| payment.is_set_aside || payment.left != asked.left)
}

/// The payment that a letter asks about.
pub(super) fn payment_asked(letter: &StoredLetter) -> Option<PaymentId> {
    letter.asks.as_ref().and_then(|asks| asks.payment.as_ref()).map(|payment| payment.id)
}

/// Why a letter that asked about it is cancelled.
pub(super) fn settled_before(letter: &StoredLetter) -> Outcome {
    let reason = Reason::new(ReasonCode::CancelledAnswered).text("question", asked_kind(letter).code());
    Outcome::Cancelled { why: "what it asks about was settled before it left".to_string(), reasons: vec![reason] }
}

/// Closes a question: its pauses and its task end, and its letter, where it has not left.
async fn end(commit: &mut Commit, question: &QuestionRow, state: QuestionState, words: &str) -> anyhow::Result<()> {
    if is_waiting(question.letter_state) {
        let letter = commit.letter(question.letter_number).await?;
        commit.settle(&letter, &settled_before(&letter)).await?;
    }
    commit.settle_question(question, state, words).await?;
    commit.end_question_tasks(question).await?;
    Ok(())
}

const fn is_waiting(state: LetterState) -> bool {
    matches!(state, LetterState::Review | LetterState::Queued | LetterState::ToPaste)
}

const fn never_leaves(state: LetterState) -> bool {
    matches!(state, LetterState::Cancelled | LetterState::Failed)
}

/// The same is asked once. A letter that never left has asked nothing.
async fn refuse_twice(commit: &mut Commit, draft: &Draft) -> anyhow::Result<()> {
    let mut known: Vec<QuestionRow> = commit.question_once(&draft.once).await?.into_iter().collect();
    if let Some(payment) = draft.payment {
        // Two debtors may have become one: the other was asked under its own name.
        for row in commit.questions_about(draft.letter.party_id, payment, asked_kind(&draft.letter)).await? {
            if known.iter().all(|one| one.id != row.id) {
                known.push(row);
            }
        }
    }
    if let Some(asked) = known.iter().find(|row| !never_leaves(row.letter_state)) {
        let refusal = Refusal::new(RefusalCode::AskTwice).with("number", &draft.subject);
        return Err(refusal.with("letter", named_letter(asked.letter_number)).into());
    }
    for row in &known {
        commit.settle_question(row, QuestionState::Withdrawn, &row.words).await?;
    }
    Ok(())
}

/// Writes the question down, with its pauses and, where a bank waits, its task. Returns the last day of the pauses.
#[allow(clippy::too_many_arguments)] // what was decided so far; a struct would live for this one call
async fn keep(
    house: &House,
    commit: &mut Commit,
    draft: &Draft,
    facts: &DebtorFacts,
    letter_id: LetterId,
    number: i64,
    leaves: Date,
) -> anyhow::Result<Date> {
    let (today, language, letter) = (house.today(), house.reader_language(), &draft.letter);
    let is_notice = letter.asks.as_ref().is_some_and(|asks| asks.notice.is_some());
    // A bank's day is a day; other letters count their days from the day they leave.
    let answer_by = if is_notice { letter.answer_by } else { shift(leaves, days_between(today, letter.answer_by)) };
    let until = shift(answer_by, DAYS_TO_READ);
    let first = letter.items.first().context("a question about nothing")?.receivable_id;
    let pauses: Vec<ReceivableId> =
        letter.items.iter().filter(|item| item.outstanding.is_positive()).map(|item| item.receivable_id).collect();
    for id in &pauses {
        // Somebody of the firm was asked about the rest; now the buyer is.
        bank_charges::clear(house, commit, facts, *id).await?;
    }
    let why = phrase(language, "say-question-hold", &[("number", named_letter(number))]);
    let question = NewQuestion {
        party_id: letter.party_id,
        kind: asked_kind(letter),
        once: draft.once.clone(),
        payment_id: draft.payment,
        receivable_id: first,
        letter_id,
        answer_by,
    };
    let id = commit.add_question(&question, &pauses, until, &why, today).await?;
    if is_notice {
        let values = [("number", named_letter(number)), ("day", Told::Day(answer_by).shown(language))];
        let note = phrase(language, "say-question-discrepancy", &values);
        commit.add_question_task(letter.party_id, first, &id, &note).await?;
    }
    Ok(until)
}

/// The check of the moment of leaving, now: what it would stop is not begun at all.
async fn prove(house: &House, commit: &mut Commit, number: i64, subject: &str) -> anyhow::Result<()> {
    let premises = house.premises_within(commit).await?;
    let rules = Rules { tenant: &premises.tenant, playbooks: &premises.playbooks, countries: premises.countries };
    let queued = commit.letter(number).await?;
    let facts = commit.facts(Scope::One(queued.party_id)).await?;
    let facts = facts.first().ok_or_else(|| Refusal::new(RefusalCode::DebtorGone))?;
    if let Err(against) = check_departure(&queued.waiting(), facts, house.now(), &rules) {
        tracing::info!("a question could not leave: {against}");
        return Err(Refusal::new(RefusalCode::AskNobody).with("number", subject).into());
    }
    Ok(())
}

/// Whom the question goes to.
fn party_of(question: &Question, payment: Option<&PaymentRow>) -> Result<PartyId, Refusal> {
    let asked = match question {
        Question::Discrepancy(told) => return Ok(told.receivable.party_id),
        Question::Payment(asked) => asked,
    };
    let parties: BTreeSet<PartyId> = asked.receivables.iter().map(|found| found.party_id).chain(asked.debtor).collect();
    let refusal = || Refusal::new(RefusalCode::AskDebtors).with("number", named_payment(asked.payment));
    let mut parties = parties.into_iter();
    match (parties.next(), parties.next()) {
        (Some(party), None) => Ok(party),
        (None, _) => payment.and_then(|payment| payment.party_id).ok_or_else(refusal),
        (Some(_), Some(_)) => Err(refusal()),
    }
}

fn draft(
    house: &House,
    question: &Question,
    payment: Option<&PaymentRow>,
    facts: &DebtorFacts,
) -> anyhow::Result<Draft> {
    match (question, payment) {
        (Question::Payment(asked), Some(payment)) => about_payment(house, asked, payment, facts),
        (Question::Discrepancy(told), _) => about_documents(house, told, facts),
        (Question::Payment(_), None) => Err(Refusal::new(RefusalCode::AskUnfit).with("number", "P-0000").into()),
    }
}

fn about_payment(
    house: &House,
    asked: &PaymentQuestion,
    payment: &PaymentRow,
    facts: &DebtorFacts,
) -> anyhow::Result<Draft> {
    let subject = named_payment(payment.number);
    let days = asked.days.unwrap_or(ANSWER_DAYS);
    if !(1..=MOST_DAYS).contains(&days) {
        return Err(Refusal::new(RefusalCode::AskDays).with("most", i64::from(MOST_DAYS)).into());
    }
    let chosen: Vec<ReceivableId> = asked.receivables.iter().map(|found| found.receivable_id).collect();
    let items = named(asked.kind, about(payment, &subject), facts, &chosen)?;
    let asks = Asks {
        kind: asked.kind,
        payment: Some(AskedPayment {
            id: payment.id,
            number: subject.clone(),
            amount: payment.amount,
            left: payment.left,
            received_on: payment.received_on,
        }),
        notice: None,
    };
    let letter = asking(house, facts, &items, asks, shift(house.today(), days), &subject)?;
    let once = format!("{}/{}/{}", asked.kind.code(), payment.id, facts.party.id);
    Ok(Draft { letter, once, payment: Some(payment.id), subject })
}

fn about_documents(house: &House, told: &Discrepancy, facts: &DebtorFacts) -> anyhow::Result<Draft> {
    let (subject, today) = (told.receivable.number.clone(), house.today());
    let words = told.words.trim();
    if words.is_empty() || words.chars().count() > LONGEST_WORDS || told.on > today {
        return Err(Refusal::new(RefusalCode::AskNotice).with("most", LONGEST_WORDS as i64).into());
    }
    if !(1..=MOST_DAYS).contains(&days_between(today, told.answer_by)) {
        return Err(Refusal::new(RefusalCode::AskDays).with("most", i64::from(MOST_DAYS)).into());
    }
    let mut known = facts.receivables.iter();
    let item = known.find(|item| item.receivable.id == told.receivable.receivable_id);
    let item = item.context("the receivable does not exist any more")?;
    if !is_under_credit(item) || item.receivable.closed || !item.outstanding()?.is_positive() {
        return Err(Refusal::new(RefusalCode::AskNotCredit).with("number", &subject).into());
    }
    let notice = Notice { on: told.on, words: words.to_string() };
    let asks = Asks { kind: QuestionKind::Discrepancy, payment: None, notice: Some(notice) };
    let letter = asking(house, facts, &[item], asks, told.answer_by, &subject)?;
    // A corrected set of documents may bring another notice; the same one is not sent twice.
    let once = format!("{}/{}/{}", QuestionKind::Discrepancy.code(), item.receivable.id, told.on);
    Ok(Draft { letter, once, payment: None, subject })
}

/// The letter itself: by email, to whoever sees to money, about the debts as they stand now, and asking for nothing.
fn asking(
    house: &House,
    facts: &DebtorFacts,
    items: &[&ReceivableFacts],
    asks: Asks,
    answer_by: Date,
    subject: &str,
) -> anyhow::Result<StoredLetter> {
    let today = house.today();
    let refusal = |code| Refusal::new(code).with("number", subject);
    for item in items {
        if item.case.as_ref().is_some_and(|case| case.state == CaseState::HandedOver) {
            return Err(refusal(RefusalCode::AskElsewhere).into());
        }
        let is_paused = facts.holds.iter().any(|hold| {
            let about = hold.receivable_id.is_none_or(|id| id == item.receivable.id);
            hold.kind == HoldKind::Pause && about && !hold.released && hold.until >= today
        });
        if is_paused {
            return Err(refusal(RefusalCode::AskHeld).into());
        }
    }
    let contact = reader(facts, house.now()).filter(|_| !facts.party.blacklisted);
    let contact = contact.ok_or_else(|| refusal(RefusalCode::AskNobody))?;
    let first = items.first().ok_or_else(|| refusal(RefusalCode::AskUnfit))?;
    let mut lines = Vec::with_capacity(items.len());
    for item in items {
        lines.push(line(item).with_context(|| format!("{} has no case", item.receivable.number))??);
    }
    let reason = Reason::new(ReasonCode::LetterAsks).text("question", asks.kind.code()).text("number", subject);
    let to = Addressee {
        party_id: facts.party.id,
        contact_id: contact.id,
        role: contact.role,
        channel: Channel::Email,
        language: language(facts, contact),
    };
    let draft = StoredLetter::draft(to, asks.kind.letter(), first.receivable.amount.currency, house.now());
    Ok(StoredLetter { items: lines, answer_by, reasons: vec![reason], asks: Some(asks), ..draft })
}

/// One debt of the letter; `None` where it never had a case.
fn line(item: &ReceivableFacts) -> Option<anyhow::Result<LetterItem>> {
    let case_id = item.case.as_ref()?.id;
    let made = |outstanding: Money| LetterItem {
        case_id,
        receivable_id: item.receivable.id,
        step: QUESTION_STEP.into(),
        level: 0,
        round: 0,
        outstanding,
        pressed: Money::zero(outstanding.currency),
        due_on: item.receivable.due_on,
    };
    Some(item.outstanding().map(made).map_err(anyhow::Error::from))
}

/// Who sees to money, as far as they can be written to and did not object; logistics last.
fn reader(facts: &DebtorFacts, now: Timestamp) -> Option<&Contact> {
    let mut reachable = facts.reachable(Channel::Email, now, true);
    Contact::first_by_role(&ROLES, reachable.clone()).or_else(|| reachable.next())
}

fn language(facts: &DebtorFacts, contact: &Contact) -> Language {
    // Questions about money exist only where every letter does.
    let (language, _) = facts.language_of(Some(contact), Countries::shipped());
    if language.is_complete() { language } else { Language::En }
}

fn about<'a>(payment: &'a PaymentRow, number: &'a str) -> About<'a> {
    About {
        id: payment.id,
        number,
        left: payment.left,
        payer_name: &payment.payer_name,
        is_set_aside: payment.is_set_aside,
    }
}

fn asked_kind(letter: &StoredLetter) -> QuestionKind {
    letter.asks.as_ref().map_or(QuestionKind::Which, |asks| asks.kind)
}

fn named_letter(number: i64) -> String {
    format!("L-{number:04}")
}

fn named_payment(number: i64) -> String {
    format!("P-{number:04}")
}
