//! Finds the place of incoming money: certain matches are placed, the rest waits for a person and silences those
//! whose money it could be.

use anyhow::Context;
use dunlin_core::refusal::{Refusal, RefusalCode};
use serde::Serialize;
use utoipa::ToSchema;

use dunlin_core::calendar::days_between;
use dunlin_core::ids::{PartyId, ReceivableId};
use dunlin_core::matching::{Book, Doubt, Incoming, Verdict, charges, reference};
use dunlin_core::money::Money;
use dunlin_core::payment::PaymentSource;
use dunlin_core::receivable::share::{Asked, Share};
use dunlin_store::{Commit, ERASED, LogEntry, PaymentRow, PlacedShare, ToldPayment};

use super::ask_buyer;
use super::bank_charges::{self, OnRest};
use super::settle_promises::settle_promises;
use super::standing_facts::{Found, cancel_wrong_letters};
use crate::house::House;

/// A file that says "paid" tells of money that is here or on its way, by a copy of the transfer for instance. What the
/// bank books more days later than this is looked at as other money first.
const DAYS_ON_THE_WAY: i32 = 10;

/// The account of a round of matching.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct MatchAccount {
    pub matched: usize,
    pub waiting: usize,
    pub letters_cancelled: usize,
    pub payments: Vec<MatchLine>,
}

/// What became of one payment.
#[derive(Debug, Serialize, ToSchema)]
pub struct MatchLine {
    pub payment: String,
    #[schema(value_type = HashMap<String, String>)]
    pub amount: Money,
    /// What of it still waited for a place when it was looked at.
    #[schema(value_type = HashMap<String, String>)]
    pub left: Money,
    pub payer: String,
    pub received_on: String,
    /// `matched`, or why a person must look: `no_reference`, `amount_differs`, `several_parties`, `other_currency`,
    /// `undone`.
    pub outcome: &'static str,
    /// It would pay a receivable but for so small a rest that banks may have kept it: a person decides.
    pub charges: Option<LikelyCharges>,
}

/// A rest that may be bank charges.
#[derive(Debug, Serialize, ToSchema)]
pub struct LikelyCharges {
    #[schema(example = "R-1042")]
    pub receivable: String,
    #[schema(value_type = HashMap<String, String>)]
    pub rest: Money,
}

/// Looks at everything that has no place yet.
pub async fn match_payments(house: &House) -> anyhow::Result<MatchAccount> {
    let mut commit = house.begin().await?;
    let account = match_within(house, &mut commit).await?;
    commit.log(LogEntry::new("payments.matched", "firm", house.tenant.id.to_string()).fact("matched", account.matched));
    commit.finish().await?;
    Ok(account)
}

/// The same inside a commit that brought the payments in.
pub async fn match_within(house: &House, commit: &mut Commit) -> anyhow::Result<MatchAccount> {
    let mut account = MatchAccount::default();
    // A file may have said that what a buyer was asked about is paid.
    ask_buyer::drop_settled(commit).await?;
    let unplaced = commit.unplaced().await?;
    if unplaced.is_empty() {
        return Ok(account);
    }
    let (open, names) = commit.open_book().await?;
    let mut book = Book::new(open, names);
    let mut told = commit.told_payments().await?;
    let mut touched: Vec<PartyId> = Vec::new();
    for payment in unplaced {
        if payment.doubt.as_deref() == Some(Doubt::Undone.code()) {
            // A person took it back: trying again would put it where it was. Whose it could be changes with the book.
            let parties = could_be_of(&book, commit, &payment).await?;
            commit.set_candidates(payment.id, &parties, Some(Doubt::Undone.code())).await?;
            touched.extend(&parties);
            account.waiting += 1;
            account.payments.push(line(&payment, Doubt::Undone.code(), None));
            continue;
        }
        let incoming = incoming_of(&payment);
        let verdict = book.place(&incoming);
        let short = book.short_by_charges(&incoming);
        let short = short.map(|(short, rest)| LikelyCharges { receivable: short.number.clone(), rest });
        let mut shares = Vec::new();
        if let Some(told) = take_told(&mut told, &payment, &verdict) {
            // The spreadsheet told of this money before the bank did: the bank's own entry takes its place, at the
            // amounts it had, also where a person had said what it settles in another currency.
            shares = commit.take_back_payment(told.payment.id, "replaced by the bank's own entry").await?;
            commit.set_aside(told.payment.id).await?;
            book.reopen(commit.open_book().await?.0);
        }
        if let (true, Verdict::Match { party_id, shares: found }) = (shares.is_empty(), &verdict) {
            let of = |(id, amount): &(ReceivableId, Money)| PlacedShare {
                party_id: *party_id,
                receivable_id: *id,
                share: Share::same(*amount),
            };
            shares = found.iter().map(of).collect();
        }
        let outcome = match verdict {
            Verdict::Ask { mut parties, why } if shares.is_empty() => {
                // The rest of a payment of which parts have their places is of one of those who paid the parts.
                if payment.left != payment.amount {
                    parties.extend(commit.parties_of_payment(payment.id).await?);
                }
                parties.extend(told_before_erasure(commit, &payment).await?);
                commit.set_candidates(payment.id, &parties, Some(why.code())).await?;
                touched.extend(&parties);
                account.waiting += 1;
                why.code()
            }
            _ => {
                commit.place_payment(payment.id, &shares, "matched by reference and amount").await?;
                for placed in &shares {
                    book.lower(placed.receivable_id, placed.share.settles);
                    touched.push(placed.party_id);
                }
                account.matched += 1;
                "matched"
            }
        };
        let charges = short.filter(|_| outcome == Doubt::AmountDiffers.code());
        account.payments.push(line(&payment, outcome, charges));
    }
    touched.sort();
    touched.dedup();
    ask_buyer::drop_settled(commit).await?;
    settle_promises(house, commit).await?;
    for party_id in touched {
        bank_charges::drop_answered(house, commit, party_id).await?;
        account.letters_cancelled += cancel_wrong_letters(house, commit, party_id).await?;
    }
    Ok(account)
}

/// Whose money a payment is that a person took back: whoever the book says, and those it was taken from.
async fn could_be_of(book: &Book, commit: &mut Commit, payment: &PaymentRow) -> anyhow::Result<Vec<PartyId>> {
    let mut parties = book.place(&incoming_of(payment)).parties();
    parties.extend(commit.parties_of_payment(payment.id).await?);
    parties.extend(told_before_erasure(commit, payment).await?);
    parties.sort();
    parties.dedup();
    Ok(parties)
}

/// Whose money it could be as long as its words could be read: with somebody's name the numbers in them are gone too, and
/// whoever they named is not pressed for what they may have paid. A person gives it its place.
async fn told_before_erasure(commit: &mut Commit, payment: &PaymentRow) -> anyhow::Result<Vec<PartyId>> {
    if payment.words != ERASED {
        return Ok(Vec::new());
    }
    Ok(commit.candidates(payment.id).await?)
}

/// What of a payment waits for a place, as the matcher sees it.
fn incoming_of(payment: &PaymentRow) -> Incoming {
    Incoming { left: payment.left, words: payment.words.clone(), payer_name: payment.payer_name.clone() }
}

fn line(payment: &PaymentRow, outcome: &'static str, charges: Option<LikelyCharges>) -> MatchLine {
    MatchLine {
        payment: format!("P-{:04}", payment.number),
        amount: payment.amount,
        left: payment.left,
        payer: payment.payer_name.clone(),
        received_on: payment.received_on.to_string(),
        outcome,
        charges,
    }
}

/// The payment of a "paid" column that this bank entry is: the same amount, one of its numbers in the text, and not
/// surely another debtor's. It goes before an open amount that fits as well (deposit and balance of a half-and-half
/// order), else the same money would pay both; unless the bank booked it too long after we were told.
fn take_told(told: &mut Vec<ToldPayment>, payment: &PaymentRow, verdict: &Verdict) -> Option<ToldPayment> {
    if payment.source != PaymentSource::Bank {
        return None;
    }
    let named = reference::candidates(&payment.words);
    let same = |ToldPayment { payment: known, parties }: &ToldPayment| {
        let fits = match verdict {
            Verdict::Match { party_id, .. } => {
                parties.contains(party_id) && days_between(known.received_on, payment.received_on) <= DAYS_ON_THE_WAY
            }
            Verdict::Ask { .. } => true,
        };
        fits && known.amount == payment.left
            && known
                .words
                .split_whitespace()
                .map(reference::key)
                .any(|key| reference::is_telling(&key) && named.contains(&key))
    };
    let position = told.iter().position(same)?;
    Some(told.remove(position))
}

/// What was placed, and what is left of both sides after it.
#[derive(Debug, Clone, Copy)]
pub struct Placed {
    pub share: Share,
    /// Of the payment, in its own currency; it waits on.
    pub left: Money,
    pub outstanding: Money,
    /// Nothing of the payment had a place before, so that undoing takes back this and nothing else.
    pub is_first: bool,
    /// The small rest of the receivable that may be bank charges, and what became of it.
    pub charges: Option<(Money, OnRest)>,
}

/// A person says where a payment belongs. In one currency, what is not said is as much as fits; for a receivable in
/// another currency they say what it settles. The rest stays waiting.
pub async fn confirm_match(house: &House, payment_number: i64, found: &Found, asked: Asked) -> anyhow::Result<Placed> {
    confirm_match_with(house, payment_number, found, asked, OnRest::Ask).await
}

/// The same with a word on the rest of the receivable, where that is as small as bank charges: one change.
pub async fn confirm_match_with(
    house: &House,
    payment_number: i64,
    found: &Found,
    asked: Asked,
    on_rest: OnRest,
) -> anyhow::Result<Placed> {
    if on_rest == OnRest::WriteOff {
        bank_charges::may_write_off(house)?;
    }
    let mut commit = house.begin().await?;
    let payment = commit.payment_by_number(payment_number).await?;
    refuse_set_aside(&payment)?;
    if !payment.left.is_positive() {
        return Err(Refusal::new(RefusalCode::PaymentPlaced).with("number", named(payment_number)).into());
    }
    let facts = commit.facts(dunlin_store::Scope::One(found.party_id)).await?;
    let item = facts
        .iter()
        .flat_map(|facts| &facts.receivables)
        .find(|item| item.receivable.id == found.receivable_id)
        .context("the receivable does not exist any more")?;
    let open = item.outstanding()?;
    if !open.is_positive() {
        return Err(Refusal::new(RefusalCode::ReceivablePaid).with("number", &found.number).into());
    }
    let share = Share::asked(&found.number, payment.left, open, asked)
        .with_context(|| format!("P-{payment_number:04} was not placed"))?;
    let placed = PlacedShare { party_id: found.party_id, receivable_id: found.receivable_id, share };
    commit.place_payment(payment.id, &[placed], "placed by hand").await?;
    let entry = LogEntry::new("payment.placed", "payment", format!("P-{payment_number:04}")).about(found.party_id);
    let entry = entry.fact("receivable", &found.number).fact("uses", share.uses.to_string());
    commit.log(entry.fact("settles", share.settles.to_string()));
    let left = payment.left.checked_add(share.uses.checked_neg()?)?;
    let mut outstanding = open.checked_add(share.settles.checked_neg()?)?;
    // What somebody kept back of the payment itself is missing for another reason than charges.
    let is_small = left.minor == 0 && charges::are_likely(item.receivable.amount, outstanding);
    let charges = is_small.then_some((outstanding, on_rest));
    match charges {
        None if on_rest == OnRest::WriteOff => {
            return Err(Refusal::new(RefusalCode::ChargesNone).with("number", &found.number).into());
        }
        None => {}
        Some((rest, OnRest::Ask)) => bank_charges::ask(house, &mut commit, found, rest).await?,
        Some((rest, OnRest::KeepAsking)) => commit.log(bank_charges::kept_asking(found, rest)),
        Some((rest, OnRest::WriteOff)) => {
            bank_charges::write_off(house, &mut commit, found, rest, &named(payment_number)).await?;
            outstanding = Money::zero(rest.currency);
        }
    }
    settle_promises(house, &mut commit).await?;
    ask_buyer::drop_settled(&mut commit).await?;
    bank_charges::drop_answered(house, &mut commit, found.party_id).await?;
    cancel_wrong_letters(house, &mut commit, found.party_id).await?;
    commit.finish().await?;
    Ok(Placed { share, left, outstanding, is_first: payment.left == payment.amount, charges })
}

/// Receivables that one call or form may name.
pub const MOST_TOGETHER: usize = 100;

/// A person says that a payment is for several receivables at once, each of them paid in full: their sum is the payment.
/// Returns the shares.
pub async fn confirm_together(house: &House, payment_number: i64, all: &[Found]) -> anyhow::Result<Vec<PlacedShare>> {
    let mut commit = house.begin().await?;
    let payment = commit.payment_by_number(payment_number).await?;
    refuse_set_aside(&payment)?;
    let mut shares: Vec<PlacedShare> = Vec::with_capacity(all.len());
    let mut sum = Money::zero(payment.left.currency);
    let other_sum = |sum: Money| Refusal::new(RefusalCode::TogetherSum).with("sum", sum).with("left", payment.left);
    for found in all {
        let facts = commit.facts(dunlin_store::Scope::One(found.party_id)).await?;
        let mut items = facts.iter().flat_map(|facts| &facts.receivables);
        let item = items.find(|item| item.receivable.id == found.receivable_id);
        let open = item.context("the receivable does not exist any more")?.outstanding()?;
        if !open.is_positive() {
            return Err(Refusal::new(RefusalCode::ReceivablePaid).with("number", &found.number).into());
        }
        if open.currency != sum.currency || shares.iter().any(|placed| placed.receivable_id == found.receivable_id) {
            return Err(other_sum(open).into());
        }
        sum = sum.checked_add(open)?;
        let share = Share::same(open);
        shares.push(PlacedShare { party_id: found.party_id, receivable_id: found.receivable_id, share });
    }
    if shares.len() < 2 || sum != payment.left {
        return Err(other_sum(sum).into());
    }
    commit.place_payment(payment.id, &shares, "placed by hand").await?;
    let numbers: Vec<&str> = all.iter().map(|found| found.number.as_str()).collect();
    let entry = LogEntry::new("payment.placed", "payment", named(payment_number));
    let entry = entry.fact("receivable", numbers.join(", ")).fact("uses", sum.to_string());
    commit.log(entry.fact("settles", sum.to_string()));
    settle_promises(house, &mut commit).await?;
    ask_buyer::drop_settled(&mut commit).await?;
    let mut parties: Vec<PartyId> = shares.iter().map(|placed| placed.party_id).collect();
    parties.sort();
    parties.dedup();
    for party_id in parties {
        bank_charges::drop_answered(house, &mut commit, party_id).await?;
        cancel_wrong_letters(house, &mut commit, party_id).await?;
    }
    commit.finish().await?;
    Ok(shares)
}

fn named(payment_number: i64) -> String {
    format!("P-{payment_number:04}")
}

/// Money that a person set aside, or that the bank's own entry replaced, is not there to be placed: it would count twice.
fn refuse_set_aside(payment: &PaymentRow) -> anyhow::Result<()> {
    if !payment.is_set_aside {
        return Ok(());
    }
    let number = payment.number;
    if payment.source == PaymentSource::Import {
        return Err(Refusal::new(RefusalCode::PaymentReplaced).with("number", named(number)).into());
    }
    if payment.left == payment.amount {
        return Err(Refusal::new(RefusalCode::PaymentAside).with("number", named(number)).into());
    }
    Err(Refusal::new(RefusalCode::PaymentRestAside).with("number", named(number)).into())
}

/// Takes a placed payment back: reversal lines in the ledger, and it waits until a person gives it a place.
pub async fn undo_match(house: &House, payment_number: i64) -> anyhow::Result<usize> {
    let mut commit = house.begin().await?;
    let payment = commit.payment_by_number(payment_number).await?;
    let taken_back = commit.take_back_payment(payment.id, "taken back by hand").await?;
    if taken_back.is_empty() {
        return Err(Refusal::new(RefusalCode::PaymentNoPlace).with("number", named(payment_number)).into());
    }
    for share in &taken_back {
        let place = (share.party_id, share.receivable_id);
        bank_charges::take_back_with(house, &mut commit, place, &named(payment_number)).await?;
    }
    // What is open again may be what the money is for, of whomever: all of them wait for its place.
    let payment = commit.payment(payment.id).await?;
    let (open, names) = commit.open_book().await?;
    let parties = could_be_of(&Book::new(open, names), &mut commit, &payment).await?;
    commit.set_candidates(payment.id, &parties, Some(Doubt::Undone.code())).await?;
    let entry = LogEntry::new("payment.taken_back", "payment", format!("P-{payment_number:04}"));
    commit.log(entry.fact("places", taken_back.len()).fact("amount", payment.amount.to_string()));
    settle_promises(house, &mut commit).await?;
    ask_buyer::drop_settled(&mut commit).await?;
    for party_id in parties {
        bank_charges::drop_answered(house, &mut commit, party_id).await?;
        cancel_wrong_letters(house, &mut commit, party_id).await?;
    }
    commit.finish().await?;
    Ok(taken_back.len())
}

/// Not a customer's payment (a refund, own transfer): it silences nobody any more.
pub async fn set_payment_aside(house: &House, payment_number: i64) -> anyhow::Result<()> {
    let mut commit = house.begin().await?;
    let payment = commit.payment_by_number(payment_number).await?;
    if payment.left != payment.amount {
        return Err(Refusal::new(RefusalCode::PaymentPartly).with("number", named(payment_number)).into());
    }
    commit.set_aside(payment.id).await?;
    ask_buyer::drop_settled(&mut commit).await?;
    let entry = LogEntry::new("payment.set_aside", "payment", format!("P-{payment_number:04}"));
    commit.log(entry.fact("amount", payment.amount.to_string()));
    Ok(commit.finish().await?)
}

/// What is left of a payment belongs to nobody's receivable: what is placed stays, and the rest silences nobody any
/// more. Returns the rest.
pub async fn set_rest_aside(house: &House, payment_number: i64, why: &str) -> anyhow::Result<Money> {
    if why.trim().is_empty() {
        return Err(Refusal::new(RefusalCode::ReasonMissing).into());
    }
    let mut commit = house.begin().await?;
    let payment = commit.payment_by_number(payment_number).await?;
    if !payment.left.is_positive() {
        return Err(Refusal::new(RefusalCode::PaymentNoRest).with("number", named(payment_number)).into());
    }
    commit.set_rest_aside(&payment, why.trim()).await?;
    ask_buyer::drop_settled(&mut commit).await?;
    let entry = LogEntry::new("payment.rest_set_aside", "payment", format!("P-{payment_number:04}"));
    let entry = entry.about_if(payment.party_id).fact("amount", payment.left.to_string());
    commit.log(entry.words("why", why.trim()));
    commit.finish().await?;
    Ok(payment.left)
}

/// What was set aside by mistake waits for its place again. A person placed it aside, so a person gives it its place:
/// matching only says again whose it could be.
pub async fn take_from_aside(house: &House, payment_number: i64) -> anyhow::Result<()> {
    let mut commit = house.begin().await?;
    let payment = commit.payment_by_number(payment_number).await?;
    if !commit.take_from_aside(&payment).await? {
        return Err(Refusal::new(RefusalCode::PaymentNotAside).with("number", named(payment_number)).into());
    }
    let (open, names) = commit.open_book().await?;
    let book = Book::new(open, names);
    let verdict = book.place(&incoming_of(&payment));
    let doubt = match &verdict {
        Verdict::Match { .. } => Doubt::Undone,
        Verdict::Ask { why, .. } => *why,
    };
    let parties = could_be_of(&book, &mut commit, &payment).await?;
    commit.set_candidates(payment.id, &parties, Some(doubt.code())).await?;
    commit.log(LogEntry::new("payment.taken_from_aside", "payment", named(payment_number)));
    for party_id in parties {
        cancel_wrong_letters(house, &mut commit, party_id).await?;
    }
    Ok(commit.finish().await?)
}
