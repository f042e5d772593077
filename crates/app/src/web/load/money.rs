//! Fills the page of money: payments without a place and where they may belong, statements read, payments placed.

use std::cmp::Reverse;

use serde::Deserialize;

use dunlin_core::matching::names::NameKey;
use dunlin_core::matching::{charges, reference, together};
use dunlin_core::money::Money;
use dunlin_core::payment::PaymentSource;
use dunlin_store::Sight;
use dunlin_store::pages::payment_list::{OpenCandidate, PaymentPlace, PlacedPayment, WaitingPayment};
use dunlin_store::pages::statement_list::{StatementListRow, UnreadLine};

use super::debtors::named;
use super::show::Show;
use crate::bank_words;
use crate::house::House;
use crate::use_cases::statement_accounts::{MissingDays, StatementAccount, statement_accounts};
use crate::web::view::money::{MatchedPayment, MatchedPlace, MoneyPage, ReadAccount, StatementImport};
use crate::web::view::today::{Candidate, UnmatchedPayment};

/// Candidates shown of one payment.
const MOST_CANDIDATES: usize = 5;
/// Payments with a place, and statements, that the page shows.
const LATEST_PLACED: i64 = 50;
const LATEST_STATEMENTS: i64 = 30;

/// What the address asks for: nothing yet.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Query {}

pub async fn load(house: &House, show: &Show, _query: &Query) -> anyhow::Result<MoneyPage> {
    let (store, tenant_id) = (&house.store, house.tenant.id);
    let unmatched = unmatched(house, show).await?;
    let placed = store.placed_payments(tenant_id, &house.sight, LATEST_PLACED).await?;
    // A statement tells of everybody's money.
    let all = house.sight == Sight::Everybody;
    let statements = match all {
        true => store.statement_list(tenant_id, LATEST_STATEMENTS).await?,
        false => Vec::new(),
    };
    let accounts = if all { statement_accounts(house).await? } else { Vec::new() };
    Ok(MoneyPage {
        notices: super::notices::held_back(house, show).await?.into_iter().collect(),
        unmatched,
        accounts: accounts.into_iter().map(|account| read_account(show, account)).collect(),
        imports: statements.iter().map(|statement| import(show, statement)).collect(),
        matched: placed.iter().map(|payment| matched(show, payment, all)).collect(),
        questions: super::ask::open(house, show).await?,
        next: "/money".to_string(),
        sees_statements: all,
    })
}

/// Payments without a place, oldest first, with their likeliest places. Today asks for them too.
pub(super) async fn unmatched(house: &House, show: &Show) -> anyhow::Result<Vec<UnmatchedPayment>> {
    let waiting = house.store.waiting_payments(house.tenant.id, &house.sight).await?;
    Ok(waiting.iter().map(|payment| without_place(show, payment)).collect())
}

fn without_place(show: &Show, payment: &WaitingPayment) -> UnmatchedPayment {
    UnmatchedPayment {
        number: payment.number.clone(),
        received: show.date(payment.received_on),
        payer: payment.payer_name.clone(),
        text: payment.words.clone(),
        account: came_by(show, payment),
        amount: show.amount(payment.amount),
        left: show.amount(payment.left),
        candidates: candidates(show, payment),
        is_rest: payment.left != payment.amount,
        together: made_together(show, payment),
    }
}

/// Several receivables that its text names and that make its amount exactly: one payment for many.
fn made_together(show: &Show, payment: &WaitingPayment) -> Vec<Candidate> {
    let said = reference::candidates(&payment.words);
    let named: Vec<&OpenCandidate> = payment
        .candidates
        .iter()
        .filter(|candidate| candidate.outstanding.currency == payment.left.currency && is_named(&said, candidate))
        .collect();
    let amounts: Vec<i64> = named.iter().map(|candidate| candidate.outstanding.minor).collect();
    let chosen = together::exact(&amounts, payment.left.minor).unwrap_or_default();
    let view = |index: usize| candidate(show, payment, named[index], (true, false), false);
    chosen.into_iter().map(view).collect()
}

/// Whether somebody else than the debtor paid, as far as names tell.
fn is_other_payer(payer: &str, debtor: &str) -> bool {
    let (payer, debtor) = (NameKey::new(payer), NameKey::new(debtor));
    !payer.is_empty() && !debtor.is_empty() && !payer.resembles(&debtor)
}

/// "ES91 2100 … · F260302/7", or that a file or a person told of it.
fn came_by(show: &Show, payment: &WaitingPayment) -> String {
    match (&payment.account, &payment.bank_reference) {
        (Some(account), Some(reference)) => format!("{account} · {reference}"),
        (Some(account), None) => account.clone(),
        (None, _) if payment.source == PaymentSource::Import => show.words.code("match", "import").into_owned(),
        (None, _) if payment.source == PaymentSource::Payout => show.words.code("match", "payout").into_owned(),
        (None, _) => show.words.code("match", "person").into_owned(),
    }
}

/// Named in the text first, then of exactly the amount, then the oldest. What is owed in another currency is proposed
/// only when the text names it: nothing else speaks for it.
fn candidates(show: &Show, payment: &WaitingPayment) -> Vec<Candidate> {
    let said = reference::candidates(&payment.words);
    let mut ranked: Vec<(bool, bool, &OpenCandidate)> = payment
        .candidates
        .iter()
        .map(|candidate| (is_named(&said, candidate), candidate.outstanding == payment.left, candidate))
        .filter(|(named, _, candidate)| *named || candidate.outstanding.currency == payment.left.currency)
        .collect();
    // Stable: the store gave the oldest first.
    ranked.sort_by_key(|(named, exact, _)| Reverse((*named, *exact)));
    let mut likely = ranked.iter().position(|(named, exact, _)| *named && *exact);
    likely = likely.or_else(|| ranked.iter().position(|(_, exact, _)| *exact));
    // What fits exactly must not fall off the end of the list.
    if let Some(place) = likely {
        let best = ranked.remove(place);
        ranked.insert(0, best);
    }
    let view = |(place, (named_in_text, exact, open)): (usize, &(bool, bool, &OpenCandidate))| {
        candidate(show, payment, open, (*named_in_text, *exact), place == 0 && *exact)
    };
    ranked.iter().take(MOST_CANDIDATES).enumerate().map(view).collect()
}

fn candidate(
    show: &Show,
    payment: &WaitingPayment,
    open: &OpenCandidate,
    (named_in_text, exact): (bool, bool),
    is_likely: bool,
) -> Candidate {
    let signs = [(named_in_text, "reference"), (exact, "amount")];
    let fits = Money::new(payment.left.minor.min(open.outstanding.minor), payment.left.currency);
    let same_currency = open.outstanding.currency == payment.left.currency;
    let rest = Money::new(open.outstanding.minor - fits.minor, open.outstanding.currency);
    Candidate {
        debtor: named(&open.party),
        receivable: open.number.clone(),
        reference: open.reference.clone(),
        milestone: open.milestone.code().to_string(),
        outstanding: show.amount(open.outstanding),
        age: show.age(open.due_on),
        proposed: same_currency.then(|| show.amount(fits)),
        signs: signs
            .iter()
            .filter(|(holds, _)| *holds)
            .map(|(_, code)| show.words.code("match", code).into_owned())
            .collect(),
        is_likely,
        charges: (same_currency && charges::are_likely(open.amount, rest)).then(|| show.amount(rest)),
        other_payer: is_other_payer(&payment.payer_name, &open.party.name),
    }
}

/// As the matcher reads it: invoice, order or our own number, however typed.
fn is_named(said: &[String], candidate: &OpenCandidate) -> bool {
    let numbers = [Some(&candidate.reference), Some(&candidate.number), candidate.order_number.as_ref()];
    numbers.into_iter().flatten().any(|number| {
        let key = reference::key(number);
        reference::is_telling(&key) && said.contains(&key)
    })
}

fn read_account(show: &Show, account: StatementAccount) -> ReadAccount {
    ReadAccount {
        covered_to: account.covered_to.map(|day| show.date(day)),
        missing: account.missing.iter().map(|days| missing_days(show, days)).collect(),
        name: account.account,
        retired: account.retired,
    }
}

/// That nobody has read these days, and of which account.
pub(super) fn missing_days(show: &Show, days: &MissingDays) -> String {
    let (from, to) = (show.date(days.from).text, show.date(days.to).text);
    let account = days.account.as_str();
    show.words.t_with("account-missing", &[("account", account.into()), ("from", from.into()), ("to", to.into())])
}

fn import(show: &Show, statement: &StatementListRow) -> StatementImport {
    let read_on = statement.read_at.to_zoned(show.zone.clone()).date();
    let small = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
    let problem = |line: &UnreadLine| bank_words::problem(&line.at, &line.what, &line.kept, show.ui());
    StatementImport {
        file: statement.file_name.clone(),
        format: statement.format.clone(),
        account: statement.account.clone(),
        from: show.date(statement.first_on.or(statement.last_on).unwrap_or(read_on)),
        to: show.date(statement.last_on.or(statement.first_on).unwrap_or(read_on)),
        read: show.instant(statement.read_at),
        entries: small(statement.entries),
        matched: small(statement.placed),
        unmatched: small(statement.waiting),
        problems: statement.problems.iter().map(problem).collect(),
    }
}

fn matched(show: &Show, payment: &PlacedPayment, all: bool) -> MatchedPayment {
    let place = |place: &PaymentPlace| MatchedPlace {
        receivable: place.receivable.clone(),
        amount: show.amount(place.amount),
        other_payer: is_other_payer(&payment.payer_name, &place.debtor).then(|| place.debtor.clone()),
        paid_with: show.from_other_currency(place.amount, Some(&place.from)),
    };
    let by_hand = payment.places.iter().any(|place| place.note == "placed by hand");
    let how = match payment.source {
        PaymentSource::Import => "import",
        PaymentSource::Payout => "payout",
        PaymentSource::Bank | PaymentSource::Manual if by_hand => "person",
        PaymentSource::Bank | PaymentSource::Manual => "reference",
    };
    let placed: i64 = payment.places.iter().map(|place| place.from.amount.minor).sum();
    let rest = Money::new(payment.amount.minor - placed, payment.amount.currency);
    MatchedPayment {
        // Whoever sees some of its places only cannot tell what is left.
        aside: (all && rest.is_positive()).then(|| show.amount(rest)),
        number: payment.number.clone(),
        received: show.date(payment.received_on),
        day_known: payment.day_known,
        payer: payment.payer_name.clone(),
        words: if payment.payer_name.trim().is_empty() { payment.words.clone() } else { String::new() },
        amount: show.amount(payment.amount),
        places: payment.places.iter().map(place).collect(),
        how: how.to_string(),
    }
}
