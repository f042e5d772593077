//! What has to be known before an order leaves (SCENARIOS M4, M8): asked by rule or by a person, answered in the buyer's
//! words, which are read into fields and shown beside what was known, and applied after a look. Until then, or until
//! somebody says that it goes without, nothing leaves.

use sha2::{Digest, Sha256};

use dunlin_core::facts::orders::OrderFacts;
use dunlin_core::ids::{AskId, OrderId, PartyId};
use dunlin_core::order::asks::{AskAnswer, AskEnd, AskKind};
use dunlin_core::order::consent::Consent;
use dunlin_core::order::delivery::{ConfirmRules, Delivery, DeliveryChange, DeliveryField};
use dunlin_core::order::story::OrderWord;
use dunlin_core::refusal::{Refusal, RefusalCode, Told};
use dunlin_core::talk::LONGEST_TALK;
use dunlin_store::pages::order_told::{FoundOrder, ToldOrder};
use dunlin_store::{Commit, LogEntry, NewAsk, OrderAskRow, StoreError};

use super::standing_facts::cancel_wrong_letters;
use super::unpaid_why::fitting_words;
use crate::house::House;
use crate::typed_amount::typed_amount;

/// The rule that asks where an order goes.
const ADDRESS_RULE: &str = "address";

/// An answer as it was read, beside what was known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadAnswer {
    pub ask: AskId,
    pub changes: Vec<DeliveryChange>,
    /// Of a question by yes or no; also a yes to an address as it is known.
    pub consent: Option<Consent>,
    /// A value for customs that is not what was paid, and is not taken over.
    pub untrue: Option<String>,
}

fn entry(verb: &'static str, found: &FoundOrder) -> LogEntry {
    LogEntry::new(verb, "order", found.number.clone()).about(found.party_id)
}

/// A paid order whose address lacks what its country needs is held until the buyer has told it.
pub(crate) async fn raise_by_rule(
    commit: &mut Commit,
    about: (PartyId, OrderId),
    number: &str,
) -> Result<bool, StoreError> {
    let standing = commit.known_order(about.0, about.1).await?.story.standing();
    if standing.word != OrderWord::Paid {
        return Ok(false);
    }
    let (known, confirmed) = commit.order_delivery(about.0, about.1).await?;
    // Where nothing is known of the address, nobody can say what is missing.
    if known.is_empty() || confirmed.is_some() {
        return Ok(false);
    }
    let missing: Vec<&str> = ConfirmRules::shipped().missing(&known).into_iter().map(DeliveryField::code).collect();
    if missing.is_empty() {
        return Ok(false);
    }
    let words = missing.join(" ");
    let raised = commit.raise_ask_by_rule(about, AskKind::Address, &words, ADDRESS_RULE).await?;
    if raised.is_some() {
        let entry = LogEntry::new("order.asked", "order", number).about(about.0);
        let entry = entry.fact("kind", AskKind::Address.code());
        commit.log(entry.fact("rule", ADDRESS_RULE).fact("fields", words));
    }
    Ok(raised.is_some())
}

/// A person asks the buyer for something, or notes a buyer's wish.
pub async fn ask(house: &House, found: &FoundOrder, kind: AskKind, holds: bool, words: &str) -> anyhow::Result<AskId> {
    ask_for(house, found, &NewAsk { kind, holds_dispatch: holds, words, surcharge: None }).await
}

/// The same for what may cost something. Of each kind one thing is open at a time, and nothing is asked once the order has left.
pub async fn ask_for(house: &House, found: &FoundOrder, new: &NewAsk<'_>) -> anyhow::Result<AskId> {
    let words = fitting_words(new.words)?;
    if let Some(surcharge) = new.surcharge {
        if !new.kind.may_cost() {
            let what = Told::word("order-ask", new.kind.code());
            return Err(Refusal::new(RefusalCode::AskCostsNothing).with("what", what).into());
        }
        if !surcharge.is_positive() {
            return Err(Refusal::new(RefusalCode::AmountNotPositive).into());
        }
    }
    let about = (found.party_id, found.id);
    let mut commit = house.begin().await?;
    let told = commit.told_order(about).await?;
    refuse_late(house, &told)?;
    if told.asks.iter().any(|ask| ask.settled_at.is_none() && ask.kind == new.kind) {
        let refusal = Refusal::new(RefusalCode::AskOpenAlready).with("number", &found.number);
        return Err(refusal.with("what", Told::word("order-ask", new.kind.code())).into());
    }
    let id = commit.raise_ask_of(about, &NewAsk { words, ..*new }).await?;
    let asked = entry("order.asked", found).fact("kind", new.kind.code());
    commit.log(asked.fact("amount", new.surcharge.map(|amount| amount.to_string())));
    cancel_wrong_letters(house, &mut commit, found.party_id).await?;
    commit.finish().await?;
    Ok(id)
}

/// What has to be known before dispatch is neither asked nor taken over once the goods are on their way, or the order is over.
fn refuse_late(house: &House, told: &ToldOrder) -> Result<(), Refusal> {
    let state = told.order.state(house.today());
    if state.is_before_dispatch() {
        return Ok(());
    }
    let refusal = Refusal::new(RefusalCode::AskTooLate).with("number", told.order.number.as_str());
    Err(refusal.with("state", Told::word("order-state", state.code())))
}

/// The question that is meant; without a name the one that is open longest.
fn open_ask<'a>(all: &'a [OrderAskRow], found: &FoundOrder, id: Option<AskId>) -> Result<&'a OrderAskRow, Refusal> {
    let mut open = all.iter().filter(|ask| ask.settled_at.is_none());
    let (ask, code) = match id {
        Some(id) => (open.find(|ask| ask.id == id), RefusalCode::AskNotKnown),
        None => (open.next(), RefusalCode::OrderAskNone),
    };
    ask.ok_or_else(|| Refusal::new(code).with("number", &found.number))
}

/// What an answer says to a question, where anything of it can be taken over. A value that is not the true one never is
/// (SCENARIOS G1): it is left out, and given back to be told.
fn read_for(
    ask: &OrderAskRow,
    text: &str,
    known: &Delivery,
    order: &OrderFacts,
) -> Result<(AskAnswer, Option<String>), Refusal> {
    let unread = || Refusal::new(RefusalCode::AskNothingRead);
    let Some(mut answer) = ask.kind.read(text) else {
        return Err(if ask.kind.is_yes_or_no() { Refusal::new(RefusalCode::AskUnclear) } else { unread() });
    };
    // A yes to an address that lacks something tells us nothing of what it lacks.
    if ask.kind == AskKind::Address && answer.consent.is_some() && !ConfirmRules::shipped().missing(known).is_empty() {
        return Err(unread());
    }
    let value = answer.fields.get(DeliveryField::Value).to_string();
    if value.is_empty() || is_true_value(order, &value) {
        return Ok((answer, None));
    }
    answer.fields.set(DeliveryField::Value, "");
    if answer.fields.is_empty() && answer.consent.is_none() {
        let refusal = Refusal::new(RefusalCode::AskValueUntrue).with("value", value.as_str());
        return Err(refusal.with("total", order.total));
    }
    Ok((answer, Some(value)))
}

/// Whether a value is what was really paid: for all of it, or for the goods alone.
fn is_true_value(order: &OrderFacts, text: &str) -> bool {
    let Ok(told) = typed_amount(text, order.total.currency) else { return false };
    let goods = order.goods.iter().filter(|line| line.price.currency == order.total.currency);
    let goods = goods.map(|line| line.price.minor.saturating_mul(line.quantity)).fold(0, i64::saturating_add);
    told == order.total || (goods > 0 && told.minor == goods)
}

/// What somebody looked at before they take an answer over: the answer beside what was known of where the order goes.
pub fn mark_of(known: &Delivery, ask: &OrderAskRow) -> Option<String> {
    let answer = ask.answer.as_ref()?;
    let shown = serde_json::json!({"ask": ask.id.to_string(), "answer": answer, "known": known});
    Some(Sha256::digest(shown.to_string()).iter().take(8).map(|byte| format!("{byte:02x}")).collect())
}

/// Puts in what the buyer wrote. Nothing is applied yet: the fields that were read are for somebody to look at.
pub async fn put_in_answer(
    house: &House,
    found: &FoundOrder,
    id: Option<AskId>,
    text: &str,
) -> anyhow::Result<ReadAnswer> {
    if text.chars().count() > LONGEST_TALK {
        return Err(Refusal::new(RefusalCode::TalkLong).with("most", LONGEST_TALK as i64).into());
    }
    let about = (found.party_id, found.id);
    let mut commit = house.begin().await?;
    let told = commit.told_order(about).await?;
    let ask = open_ask(&told.asks, found, id)?;
    refuse_late(house, &told)?;
    let (known, _) = commit.order_delivery(about.0, about.1).await?;
    let (answer, untrue) = read_for(ask, text, &known, &told.order)?;
    let read = keep_read(&mut commit, found, ask, &known, &answer, untrue).await?;
    commit.finish().await?;
    Ok(read)
}

async fn keep_read(
    commit: &mut Commit,
    found: &FoundOrder,
    ask: &OrderAskRow,
    known: &Delivery,
    answer: &AskAnswer,
    untrue: Option<String>,
) -> Result<ReadAnswer, StoreError> {
    let changes = known.changes(&answer.fields);
    commit.keep_answer((found.party_id, found.id), ask.id, answer).await?;
    let fields: Vec<&str> = changes.iter().map(|change| change.name).collect();
    let consent = answer.consent;
    let answered = entry("order.answered", found).fact("kind", ask.kind.code()).fact("fields", fields.join(" "));
    commit.log(answered.fact("consent", consent.map(Consent::code)));
    Ok(ReadAnswer { ask: ask.id, changes, consent, untrue })
}

/// What a message in the chat of an order says to what is open there, kept for somebody to look at: where it answers one
/// thing, and not perhaps another. `None`: it answers nothing.
pub(super) async fn read_message(
    house: &House,
    commit: &mut Commit,
    found: &FoundOrder,
    text: &str,
) -> Result<Option<AskKind>, StoreError> {
    let about = (found.party_id, found.id);
    let told = commit.told_order(about).await?;
    if refuse_late(house, &told).is_err() {
        return Ok(None);
    }
    let (known, _) = commit.order_delivery(about.0, about.1).await?;
    let open = told.asks.iter().filter(|ask| ask.settled_at.is_none());
    let read = |ask| Some((ask, read_for(ask, text, &known, &told.order).ok()?));
    let mut answered: Vec<(&OrderAskRow, (AskAnswer, Option<String>))> = open.filter_map(read).collect();
    let (Some((ask, (answer, untrue))), true) = (answered.pop(), answered.is_empty()) else { return Ok(None) };
    keep_read(commit, found, ask, &known, &answer, untrue).await?;
    Ok(Some(ask.kind))
}

/// What was read is not what the buyer meant: the question stays open.
pub async fn drop_answer(house: &House, found: &FoundOrder, id: Option<AskId>) -> anyhow::Result<()> {
    let about = (found.party_id, found.id);
    let mut commit = house.begin().await?;
    let asks = commit.order_asks(about.0, about.1).await?;
    let ask = open_ask(&asks, found, id)?;
    if !commit.drop_answer(about, ask.id).await? {
        return Err(Refusal::new(RefusalCode::AskNotAnswered).into());
    }
    commit.log(entry("order.answer_dropped", found).fact("kind", ask.kind.code()));
    Ok(commit.finish().await?)
}

/// What came of taking an answer over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedAnswer {
    pub delivery: Delivery,
    /// How it was settled.
    pub outcome: &'static str,
    /// The number of the change, by which it is taken back.
    pub change: i64,
}

/// Takes over what was read, after somebody looked at it: the order goes there, and what it waited for is settled.
pub async fn apply_answer(house: &House, found: &FoundOrder, id: Option<AskId>) -> anyhow::Result<AppliedAnswer> {
    apply_seen_answer(house, found, id, None).await
}

/// The same for an answer that stood on a page; `seen` is its [`mark_of`]. Another one by now is looked at first.
pub async fn apply_seen_answer(
    house: &House,
    found: &FoundOrder,
    id: Option<AskId>,
    seen: Option<&str>,
) -> anyhow::Result<AppliedAnswer> {
    let about = (found.party_id, found.id);
    let mut commit = house.begin().await?;
    let told = commit.told_order(about).await?;
    let ask = open_ask(&told.asks, found, id)?;
    refuse_late(house, &told)?;
    let (known, _) = commit.order_delivery(about.0, about.1).await?;
    let Some(answer) = &ask.answer else {
        return Err(Refusal::new(RefusalCode::AskNotAnswered).into());
    };
    if seen.is_some_and(|seen| mark_of(&known, ask).as_deref() != Some(seen)) {
        return Err(Refusal::new(RefusalCode::AskAnswerChanged).with("number", &found.number).into());
    }
    let fields: Vec<&str> = known.changes(&answer.fields).iter().map(|change| change.name).collect();
    let confirmed = known.with(&answer.fields);
    if !answer.fields.is_empty() || ask.kind == AskKind::Address {
        commit.confirm_delivery(about, &confirmed).await?;
    }
    let outcome = ask.kind.settled_by(answer);
    commit.settle_ask(about, ask.id, outcome).await?;
    let applied = entry("order.confirmed", found).fact("kind", ask.kind.code()).fact("fields", fields.join(" "));
    commit.log(applied.fact("outcome", outcome));
    if ask.kind == AskKind::Surcharge && answer.consent == Some(Consent::No) {
        // Who pays, or whether it goes at all, is for somebody of ours to say: it does not leave by itself.
        commit.hold_dispatch(about, "", None).await?;
        commit.log(entry("order.held", found).fact("kind", ask.kind.code()).fact("outcome", outcome));
    }
    cancel_wrong_letters(house, &mut commit, found.party_id).await?;
    let change = commit.sequence();
    commit.finish().await?;
    Ok(AppliedAnswer { delivery: confirmed, outcome, change })
}

/// It goes without an answer: somebody of ours says so, and why.
pub async fn override_ask(house: &House, found: &FoundOrder, id: Option<AskId>, why: &str) -> anyhow::Result<()> {
    end_ask(house, found, id, AskEnd::Overridden, why).await.map(drop)
}

/// Ends what is open without an answer: overridden, withdrawn or refused. Returns the number of the change, by which it is
/// taken back.
pub async fn end_ask(
    house: &House,
    found: &FoundOrder,
    id: Option<AskId>,
    how: AskEnd,
    why: &str,
) -> anyhow::Result<i64> {
    let why = fitting_words(why)?;
    if why.is_empty() && how.needs_reason() {
        return Err(Refusal::new(RefusalCode::ReasonMissing).into());
    }
    let about = (found.party_id, found.id);
    let mut commit = house.begin().await?;
    let asks = commit.order_asks(about.0, about.1).await?;
    let ask = open_ask(&asks, found, id)?;
    commit.settle_ask(about, ask.id, how.code()).await?;
    let verb = match how {
        AskEnd::Overridden => "order.overridden",
        AskEnd::Withdrawn => "order.ask_withdrawn",
        AskEnd::Refused => "order.wish_refused",
    };
    let ended = entry(verb, found).fact("kind", ask.kind.code());
    // What people write of a buyer lies sealed.
    commit.log(if why.is_empty() { ended } else { ended.words("why", why) });
    cancel_wrong_letters(house, &mut commit, found.party_id).await?;
    let change = commit.sequence();
    commit.finish().await?;
    Ok(change)
}
