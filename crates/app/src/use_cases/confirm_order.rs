//! What has to be known before an order leaves (SCENARIOS M4, M8): asked by rule or by a person, answered in the buyer's
//! words, which are read into fields and shown beside what was known, and applied after a look. Until then, or until
//! somebody says that it goes without, nothing leaves.

use dunlin_core::ids::{AskId, OrderId, PartyId};
use dunlin_core::order::asks::AskKind;
use dunlin_core::order::consent::Consent;
use dunlin_core::order::delivery::{ConfirmRules, Delivery, DeliveryChange, DeliveryField};
use dunlin_core::order::story::OrderWord;
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::pages::order_told::FoundOrder;
use dunlin_store::{Commit, LogEntry, OrderAskRow, StoreError};

use super::standing_facts::cancel_wrong_letters;
use crate::house::House;

/// The rule that asks where an order goes.
const ADDRESS_RULE: &str = "address";

/// An answer as it was read, beside what was known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadAnswer {
    pub ask: AskId,
    pub changes: Vec<DeliveryChange>,
    /// Of a question by yes or no; also a yes to an address as it is known.
    pub consent: Option<Consent>,
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
    let mut commit = house.begin().await?;
    let id = commit.raise_ask((found.party_id, found.id), kind, holds, words.trim()).await?;
    commit.log(entry("order.asked", found).fact("kind", kind.code()));
    cancel_wrong_letters(house, &mut commit, found.party_id).await?;
    commit.finish().await?;
    Ok(id)
}

/// The question that is meant; without a name the one that is open longest.
fn open_ask(all: Vec<OrderAskRow>, found: &FoundOrder, id: Option<AskId>) -> anyhow::Result<OrderAskRow> {
    let mut open = all.into_iter().filter(|ask| ask.settled_at.is_none());
    let (ask, code) = match id {
        Some(id) => (open.find(|ask| ask.id == id), RefusalCode::AskNotKnown),
        None => (open.next(), RefusalCode::OrderAskNone),
    };
    ask.ok_or_else(|| Refusal::new(code).with("number", &found.number).into())
}

/// Puts in what the buyer wrote. Nothing is applied yet: the fields that were read are for somebody to look at.
pub async fn put_in_answer(
    house: &House,
    found: &FoundOrder,
    id: Option<AskId>,
    text: &str,
) -> anyhow::Result<ReadAnswer> {
    let about = (found.party_id, found.id);
    let mut commit = house.begin().await?;
    let ask = open_ask(commit.order_asks(about.0, about.1).await?, found, id)?;
    let Some(answer) = ask.kind.read(text) else {
        let code = if ask.kind.is_yes_or_no() { RefusalCode::AskUnclear } else { RefusalCode::AskNothingRead };
        return Err(Refusal::new(code).into());
    };
    let (known, _) = commit.order_delivery(about.0, about.1).await?;
    // A yes to an address that lacks something tells us nothing of what it lacks.
    if ask.kind == AskKind::Address && answer.consent.is_some() && !ConfirmRules::shipped().missing(&known).is_empty() {
        return Err(Refusal::new(RefusalCode::AskNothingRead).into());
    }
    let changes = known.changes(&answer.fields);
    commit.keep_answer(about, ask.id, &answer).await?;
    let fields: Vec<&str> = changes.iter().map(|change| change.name).collect();
    let consent = answer.consent;
    let answered = entry("order.answered", found).fact("kind", ask.kind.code()).fact("fields", fields.join(" "));
    commit.log(answered.fact("consent", consent.map(Consent::code)));
    commit.finish().await?;
    Ok(ReadAnswer { ask: ask.id, changes, consent })
}

/// Takes over what was read, after somebody looked at it: the order goes there, and what it waited for is settled.
pub async fn apply_answer(house: &House, found: &FoundOrder, id: Option<AskId>) -> anyhow::Result<Delivery> {
    let about = (found.party_id, found.id);
    let mut commit = house.begin().await?;
    let ask = open_ask(commit.order_asks(about.0, about.1).await?, found, id)?;
    let Some(answer) = ask.answer else {
        return Err(Refusal::new(RefusalCode::AskNotAnswered).into());
    };
    let (known, _) = commit.order_delivery(about.0, about.1).await?;
    let fields: Vec<&str> = known.changes(&answer.fields).iter().map(|change| change.name).collect();
    let confirmed = known.with(&answer.fields);
    let now = commit.now();
    if !answer.fields.is_empty() || ask.kind == AskKind::Address {
        commit.keep_order_delivery(about, &confirmed, Some(now)).await?;
    }
    let outcome = ask.kind.settled_by(&answer);
    commit.settle_ask(about, ask.id, outcome).await?;
    let applied = entry("order.confirmed", found).fact("kind", ask.kind.code()).fact("fields", fields.join(" "));
    commit.log(applied.fact("outcome", outcome));
    if ask.kind == AskKind::Surcharge && answer.consent == Some(Consent::No) {
        // Who pays, or whether it goes at all, is for somebody of ours to say: it does not leave by itself.
        commit.hold_dispatch(about, "", None).await?;
        commit.log(entry("order.held", found).fact("kind", ask.kind.code()).fact("outcome", outcome));
    }
    cancel_wrong_letters(house, &mut commit, found.party_id).await?;
    commit.finish().await?;
    Ok(confirmed)
}

/// It goes without an answer: somebody of ours says so, and why.
pub async fn override_ask(house: &House, found: &FoundOrder, id: Option<AskId>, why: &str) -> anyhow::Result<()> {
    if why.trim().is_empty() {
        return Err(Refusal::new(RefusalCode::ReasonMissing).into());
    }
    let about = (found.party_id, found.id);
    let mut commit = house.begin().await?;
    let ask = open_ask(commit.order_asks(about.0, about.1).await?, found, id)?;
    commit.settle_ask(about, ask.id, "overridden").await?;
    commit.log(entry("order.overridden", found).fact("kind", ask.kind.code()).fact("why", why.trim()));
    cancel_wrong_letters(house, &mut commit, found.party_id).await?;
    commit.finish().await?;
    Ok(())
}
