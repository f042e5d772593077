//! Finds the place of incoming money: certain matches are placed, the rest waits for a person and silences those
//! whose money it could be.

use anyhow::{Context, bail};
use serde::Serialize;
use utoipa::ToSchema;

use dunlin_core::calendar::days_between;
use dunlin_core::ids::PartyId;
use dunlin_core::matching::{Book, Doubt, Incoming, OpenReceivable, Verdict, reference};
use dunlin_core::money::Money;
use dunlin_core::payment::PaymentSource;
use dunlin_store::{Commit, LogEntry, PaymentRow, PlacedShare};

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
    pub payer: String,
    pub received_on: String,
    /// `matched`, or why a person must look: `no_reference`, `amount_differs`, `several_parties`, `other_currency`,
    /// `undone`.
    pub outcome: &'static str,
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
    let unplaced = commit.unplaced().await?;
    if unplaced.is_empty() {
        return Ok(account);
    }
    let (mut open, names) = commit.open_book().await?;
    let mut told = commit.told_payments().await?;
    let mut touched: Vec<PartyId> = Vec::new();
    for payment in unplaced {
        if payment.doubt.as_deref() == Some(Doubt::Undone.code()) {
            // A person took it back: trying again would put it where it was.
            account.waiting += 1;
            account.payments.push(line(&payment, Doubt::Undone.code()));
            continue;
        }
        // The book changes with every placed payment, so it is made anew: exactness before speed, payments are few.
        let book = Book::new(open.clone(), names.clone());
        let incoming =
            Incoming { left: payment.left, words: payment.words.clone(), payer_name: payment.payer_name.clone() };
        let mut verdict = book.place(&incoming);
        if let Some(told) = take_told(&mut told, &payment, &verdict) {
            // The spreadsheet told of this money before the bank did: the bank's own entry takes its place.
            let held = commit.take_back_payment(told.id, "replaced by the bank's own entry").await?;
            commit.set_aside(told.id).await?;
            if let Some(first) = held.first() {
                let shares = held.iter().map(|share| (share.receivable_id, share.amount)).collect();
                verdict = Verdict::Match { party_id: first.party_id, shares };
            }
            open = commit.open_book().await?.0;
        }
        let outcome = match verdict {
            Verdict::Match { party_id, shares } => {
                place(commit, &payment, party_id, &shares).await?;
                for (id, share) in &shares {
                    lower(&mut open, *id, *share);
                }
                touched.push(party_id);
                account.matched += 1;
                "matched"
            }
            Verdict::Ask { parties, why } => {
                commit.set_candidates(payment.id, &parties, Some(why.code())).await?;
                touched.extend(&parties);
                account.waiting += 1;
                why.code()
            }
        };
        account.payments.push(line(&payment, outcome));
    }
    touched.sort();
    touched.dedup();
    for party_id in touched {
        settle_promises(house, commit, party_id).await?;
        account.letters_cancelled += cancel_wrong_letters(house, commit, party_id).await?;
    }
    Ok(account)
}

fn line(payment: &PaymentRow, outcome: &'static str) -> MatchLine {
    MatchLine {
        payment: format!("P-{:04}", payment.number),
        amount: payment.amount,
        payer: payment.payer_name.clone(),
        received_on: payment.received_on.to_string(),
        outcome,
    }
}

/// The payment of a "paid" column that this bank entry is: the same amount, one of its numbers in the text, and not
/// surely another debtor's. It goes before an open amount that fits as well (deposit and balance of a half-and-half
/// order), else the same money would pay both; unless the bank booked it too long after we were told.
fn take_told(told: &mut Vec<PaymentRow>, payment: &PaymentRow, verdict: &Verdict) -> Option<PaymentRow> {
    if payment.source != PaymentSource::Bank {
        return None;
    }
    let named = reference::candidates(&payment.words);
    let same = |known: &PaymentRow| {
        let fits = match verdict {
            Verdict::Match { party_id, .. } => {
                known.party_id == Some(*party_id)
                    && days_between(known.received_on, payment.received_on) <= DAYS_ON_THE_WAY
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

fn lower(open: &mut Vec<OpenReceivable>, id: dunlin_core::ids::ReceivableId, by: Money) {
    for receivable in open.iter_mut().filter(|receivable| receivable.id == id) {
        receivable.outstanding.minor -= by.minor;
    }
    open.retain(|receivable| receivable.outstanding.is_positive());
}

async fn place(
    commit: &mut Commit,
    payment: &PaymentRow,
    party_id: PartyId,
    shares: &[(dunlin_core::ids::ReceivableId, Money)],
) -> anyhow::Result<()> {
    let shares: Vec<PlacedShare> = shares
        .iter()
        .map(|(receivable_id, amount)| PlacedShare { party_id, receivable_id: *receivable_id, amount: *amount })
        .collect();
    Ok(commit.place_payment(payment.id, &shares, "matched by reference and amount").await?)
}

/// Promises are kept when what they cover is paid; broken ones are found when their day has passed.
async fn settle_promises(house: &House, commit: &mut Commit, party_id: PartyId) -> anyhow::Result<()> {
    use dunlin_core::gate_facts::PromiseState;
    let facts = commit.facts(dunlin_store::Scope::One(party_id)).await?;
    let Some(debtor) = facts.first() else {
        return Ok(());
    };
    let _ = house;
    for promise in debtor.promises.iter().filter(|promise| promise.state == PromiseState::Open) {
        let mut open = 0_i64;
        for item in &debtor.receivables {
            if promise.receivable_id.is_none_or(|id| id == item.receivable.id) {
                open = open.saturating_add(item.outstanding()?.minor);
            }
        }
        if open == 0 {
            commit.settle_promise(party_id, promise.id, PromiseState::Kept).await?;
        }
    }
    Ok(())
}

/// A person says where a payment belongs. As much as fits is placed; the rest stays waiting.
pub async fn confirm_match(house: &House, payment_number: i64, found: &Found) -> anyhow::Result<()> {
    let mut commit = house.begin().await?;
    let payment = commit.payment_by_number(payment_number).await?;
    if !payment.left.is_positive() {
        bail!("P-{payment_number:04} is placed already; undo that first");
    }
    let facts = commit.facts(dunlin_store::Scope::One(found.party_id)).await?;
    let item = facts
        .iter()
        .flat_map(|facts| &facts.receivables)
        .find(|item| item.receivable.id == found.receivable_id)
        .context("the receivable does not exist any more")?;
    let outstanding = item.outstanding()?;
    if outstanding.currency != payment.left.currency {
        bail!(
            "P-{payment_number:04} is in {}, {} in {}",
            payment.left.currency.code(),
            found.number,
            outstanding.currency.code()
        );
    }
    if !outstanding.is_positive() {
        bail!("{} is paid already", found.number);
    }
    let amount = if payment.left.minor <= outstanding.minor { payment.left } else { outstanding };
    let share = PlacedShare { party_id: found.party_id, receivable_id: found.receivable_id, amount };
    commit.place_payment(payment.id, &[share], "placed by hand").await?;
    let entry = LogEntry::new("payment.placed", "payment", format!("P-{payment_number:04}")).about(found.party_id);
    commit.log(entry.fact("receivable", &found.number).fact("amount", amount.to_string()));
    settle_promises(house, &mut commit, found.party_id).await?;
    cancel_wrong_letters(house, &mut commit, found.party_id).await?;
    Ok(commit.finish().await?)
}

/// Takes a placed payment back: reversal lines in the ledger, and it waits until a person gives it a place.
pub async fn undo_match(house: &House, payment_number: i64) -> anyhow::Result<usize> {
    let mut commit = house.begin().await?;
    let payment = commit.payment_by_number(payment_number).await?;
    let taken_back = commit.take_back_payment(payment.id, "taken back by hand").await?;
    if taken_back.is_empty() {
        bail!("P-{payment_number:04} has no place that could be undone");
    }
    let mut parties: Vec<PartyId> = taken_back.iter().map(|share| share.party_id).collect();
    parties.sort();
    parties.dedup();
    commit.set_candidates(payment.id, &parties, Some(Doubt::Undone.code())).await?;
    let entry = LogEntry::new("payment.taken_back", "payment", format!("P-{payment_number:04}"));
    commit.log(entry.fact("places", taken_back.len()).fact("amount", payment.amount.to_string()));
    for party_id in parties {
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
        bail!(
            "P-{payment_number:04} is partly placed; undo that first, or set only the rest aside with \
             dunlin match P-{payment_number:04} --rest-aside --why …"
        );
    }
    commit.set_aside(payment.id).await?;
    let entry = LogEntry::new("payment.set_aside", "payment", format!("P-{payment_number:04}"));
    commit.log(entry.fact("amount", payment.amount.to_string()));
    Ok(commit.finish().await?)
}

/// What is left of a payment belongs to nobody's receivable: what is placed stays, and the rest silences nobody any
/// more. Returns the rest.
pub async fn set_rest_aside(house: &House, payment_number: i64, why: &str) -> anyhow::Result<Money> {
    if why.trim().is_empty() {
        bail!("setting money aside needs a reason, because somebody will ask for it");
    }
    let mut commit = house.begin().await?;
    let payment = commit.payment_by_number(payment_number).await?;
    if !payment.left.is_positive() {
        bail!("P-{payment_number:04} is placed to the last cent; there is no rest");
    }
    commit.set_rest_aside(&payment, why.trim()).await?;
    let entry = LogEntry::new("payment.rest_set_aside", "payment", format!("P-{payment_number:04}"));
    commit.log(entry.fact("amount", payment.left.to_string()).fact("why", why.trim()));
    commit.finish().await?;
    Ok(payment.left)
}
