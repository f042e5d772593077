//! Stop-supply (SCENARIOS A17) and credit: a serious overdue debt reaches the buyer's other orders. Production, loading and
//! dispatch of new goods wait by rule until it is settled, or until a person decides otherwise.
//!
//! A pause or a promise does not lift it: it is about goods that have not left yet, not about letters. Contested money does
//! not count. What warns when an order is taken is in [`crate::risk`].

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::calendar::{days_between, shift};
use crate::explain::{UiLanguage, phrase};
use crate::facts::{DebtorFacts, ReceivableFacts};
use crate::ids::OrderId;
use crate::key_date::{KeyDate, day_of};
use crate::locale;
use crate::money::{Currency, Money, MoneyError};
use crate::order::OrderSource;
use crate::receivable::{Milestone, Obligor, Trigger, coded_enum};

/// When a debt is serious, as the firm says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SupplyRules {
    pub is_on: bool,
    /// From so many days after the due date.
    pub days_overdue: i32,
    /// Least sums that count, one per currency; in a currency that is not named, any sum counts.
    pub least: Vec<Money>,
}

impl Default for SupplyRules {
    fn default() -> Self {
        let least = |minor, currency| Money::new(minor, currency);
        Self {
            is_on: true,
            days_overdue: 30,
            least: vec![least(50_000, Currency::USD), least(50_000, Currency::EUR), least(300_000, Currency::CNY)],
        }
    }
}

impl SupplyRules {
    /// The least sum in a currency, in its minor units.
    fn least_in(&self, currency: Currency) -> i64 {
        self.least.iter().find(|least| least.currency == currency).map_or(1, |least| least.minor.max(1))
    }
}

coded_enum! {
    /// What a person decided about supplying a debtor.
    DecisionKind {
        /// New goods leave nevertheless.
        Allow = "allow",
        /// New goods wait, although the rule does not ask for it.
        Stop = "stop",
    }
}

/// A decision that was not taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    pub kind: DecisionKind,
    /// Last day on which it holds; `None`: until it is taken back.
    pub until: Option<Date>,
    pub why: String,
    pub decided_on: Date,
    pub recorded_at: Timestamp,
}

impl Decision {
    pub fn holds_on(&self, day: Date) -> bool {
        self.until.is_none_or(|until| day <= until)
    }
}

/// A debt that stops supply by rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriousDebt {
    /// The first day on which the rule held for what is open now.
    pub since: Date,
    /// Undisputed and overdue long enough, one sum for each currency that reaches its least.
    pub overdue: Vec<Money>,
    /// The earliest due date among it.
    pub oldest: Date,
}

/// Whether new goods may be made for a debtor and leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Supply {
    Free,
    Stopped(SeriousDebt),
    StoppedByHand {
        decision: Decision,
        /// Where the rule would stop it as well.
        debt: Option<SeriousDebt>,
    },
    /// The rule would stop it, and a person decided otherwise.
    Allowed {
        decision: Decision,
        debt: SeriousDebt,
    },
}

impl Supply {
    pub const fn is_stopped(&self) -> bool {
        matches!(self, Self::Stopped(_) | Self::StoppedByHand { .. })
    }

    /// Whether there is something to say.
    pub const fn is_told(&self) -> bool {
        !matches!(self, Self::Free)
    }

    /// The word in JSON and the catalogues.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Stopped(_) => "stopped",
            Self::StoppedByHand { .. } => "stopped_by_hand",
            Self::Allowed { .. } => "allowed",
        }
    }

    pub const fn debt(&self) -> Option<&SeriousDebt> {
        match self {
            Self::Stopped(debt) | Self::Allowed { debt, .. } => Some(debt),
            Self::StoppedByHand { debt, .. } => debt.as_ref(),
            Self::Free => None,
        }
    }

    pub const fn decision(&self) -> Option<&Decision> {
        match self {
            Self::StoppedByHand { decision, .. } | Self::Allowed { decision, .. } => Some(decision),
            Self::Free | Self::Stopped(_) => None,
        }
    }

    /// Why, in one or two sentences; `None` where nothing stands in the way.
    pub fn sentence(&self, language: UiLanguage) -> Option<String> {
        let mut values = Vec::new();
        if let Some(debt) = self.debt() {
            values.push(("since", locale::date(debt.since, language.letters())));
            values.push(("oldest", locale::date(debt.oldest, language.letters())));
            values.push(("amounts", listed(&debt.overdue, language)));
        }
        if let Some(decision) = self.decision() {
            values.push(("day", locale::date(decision.decided_on, language.letters())));
            values.push(("why", decision.why.clone()));
            if let Some(until) = decision.until {
                values.push(("until", locale::date(until, language.letters())));
            }
        }
        let key = match self {
            Self::Free => return None,
            Self::Stopped(_) => "supply-stopped",
            Self::StoppedByHand { decision, .. } if decision.until.is_some() => "supply-stopped-by-hand-until",
            Self::StoppedByHand { .. } => "supply-stopped-by-hand",
            Self::Allowed { .. } => "supply-allowed",
        };
        Some(phrase(language, key, &values))
    }
}

/// Several amounts in one sentence.
pub fn listed(amounts: &[Money], language: UiLanguage) -> String {
    let texts: Vec<String> = amounts.iter().map(|amount| locale::money(*amount, language.letters())).collect();
    texts.join(if language == UiLanguage::ZhCn { "、" } else { ", " })
}

/// Whether new goods may be made for a debtor and leave on a day.
pub fn supply(
    facts: &DebtorFacts,
    rules: &SupplyRules,
    decision: Option<&Decision>,
    today: Date,
) -> Result<Supply, MoneyError> {
    let debt = serious_debt(facts, rules, today)?;
    let decision = decision.filter(|decision| decision.holds_on(today)).cloned();
    Ok(match (debt, decision) {
        (debt, Some(decision)) if decision.kind == DecisionKind::Stop => Supply::StoppedByHand { decision, debt },
        (Some(debt), Some(decision)) => Supply::Allowed { decision, debt },
        (Some(debt), None) => Supply::Stopped(debt),
        (None, _) => Supply::Free,
    })
}

/// What is overdue in one currency.
struct Sum {
    total: Money,
    oldest: Date,
    /// The day on which it became enough.
    since: Option<Date>,
}

fn serious_debt(facts: &DebtorFacts, rules: &SupplyRules, today: Date) -> Result<Option<SeriousDebt>, MoneyError> {
    if !rules.is_on {
        return Ok(None);
    }
    let days = rules.days_overdue.max(1);
    let mut late = overdue_debts(facts, days, today, |_| true)?;
    late.sort_by_key(|(due, _)| *due);
    let mut sums: Vec<Sum> = Vec::new();
    for (due, open) in late {
        let at = sums.iter().position(|sum| sum.total.currency == open.currency).unwrap_or_else(|| {
            sums.push(Sum { total: Money::zero(open.currency), oldest: due, since: None });
            sums.len() - 1
        });
        let sum = &mut sums[at];
        sum.total = sum.total.checked_add(open)?;
        if sum.since.is_none() && sum.total.minor >= rules.least_in(open.currency) {
            sum.since = Some(shift(due, days));
        }
    }
    sums.retain(|sum| sum.since.is_some());
    let since = sums.iter().filter_map(|sum| sum.since).min();
    let oldest = sums.iter().map(|sum| sum.oldest).min();
    let overdue = in_order(sums.into_iter().map(|sum| sum.total).collect());
    Ok(since.zip(oldest).map(|(since, oldest)| SeriousDebt { since, overdue, oldest }))
}

/// A debt for goods that were agreed on directly. A deposit that never came is none: nothing was supplied for it; and on a
/// marketplace nothing leaves before it is paid.
pub fn is_debt(item: &ReceivableFacts) -> bool {
    let receivable = &item.receivable;
    !receivable.closed
        && receivable.obligor == Obligor::Buyer
        && receivable.source == OrderSource::Direct
        && receivable.milestone != Milestone::Deposit
}

/// What is open of a receivable and not contested.
pub fn undisputed(facts: &DebtorFacts, item: &ReceivableFacts) -> Result<Money, MoneyError> {
    let mut open = item.outstanding()?;
    let about = facts.disputes.iter().filter(|known| !known.resolved && known.receivable_id == item.receivable.id);
    for dispute in about {
        match dispute.amount {
            None => return Ok(Money::zero(open.currency)),
            // What was contested before the currency was corrected says nothing about this one.
            Some(amount) if amount.currency != open.currency => {}
            Some(amount) => open.minor = open.minor.saturating_sub(amount.minor),
        }
    }
    open.minor = open.minor.max(0);
    Ok(open)
}

/// Due date and undisputed rest of each debt that is overdue by so many days.
fn overdue_debts(
    facts: &DebtorFacts,
    days: i32,
    today: Date,
    counts: impl Fn(&ReceivableFacts) -> bool,
) -> Result<Vec<(Date, Money)>, MoneyError> {
    let mut late = Vec::new();
    for item in facts.receivables.iter().filter(|item| is_debt(item) && counts(item)) {
        let Some(due) = item.receivable.due_on.filter(|due| days_between(*due, today) >= days) else {
            continue;
        };
        let open = undisputed(facts, item)?;
        if open.is_positive() {
            late.push((due, open));
        }
    }
    Ok(late)
}

/// What is overdue now and not contested, by currency, apart from what belongs to one order.
pub fn overdue_apart_from(facts: &DebtorFacts, order: OrderId, today: Date) -> Result<Vec<Money>, MoneyError> {
    let late = overdue_debts(facts, 1, today, |item| item.receivable.order_id != Some(order))?;
    added_up(late.into_iter().map(|(_, open)| open))
}

fn added_up(amounts: impl Iterator<Item = Money>) -> Result<Vec<Money>, MoneyError> {
    let mut sums: Vec<Money> = Vec::new();
    for amount in amounts {
        match sums.iter_mut().find(|sum| sum.currency == amount.currency) {
            Some(sum) => *sum = sum.checked_add(amount)?,
            None => sums.push(amount),
        }
    }
    Ok(in_order(sums))
}

fn in_order(mut amounts: Vec<Money>) -> Vec<Money> {
    amounts.sort_by_key(|amount| amount.currency.code());
    amounts
}

/// An order whose goods have not left and whose money is not all in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenOrder {
    pub id: OrderId,
    pub number: String,
}

/// The orders that wait where supply is stopped.
pub fn open_orders(facts: &DebtorFacts, today: Date) -> Result<Vec<OpenOrder>, MoneyError> {
    let mut orders: Vec<OpenOrder> = Vec::new();
    for item in &facts.receivables {
        let receivable = &item.receivable;
        let Some(id) = receivable.order_id else {
            continue;
        };
        let is_open = !receivable.closed && receivable.obligor == Obligor::Buyer && item.outstanding()?.is_positive();
        let known = orders.iter().any(|order| order.id == id);
        if is_open && !known && receivable.source == OrderSource::Direct && !has_left(facts, id, today) {
            let number = item.order_number.clone().unwrap_or_else(|| receivable.reference.clone());
            orders.push(OpenOrder { id, number });
        }
    }
    orders.sort_by(|a, b| a.number.cmp(&b.number));
    Ok(orders)
}

/// Whether what is known of an order says that its goods are on their way or further.
pub fn has_left(facts: &DebtorFacts, order: OrderId, today: Date) -> bool {
    let mut items = facts.receivables.iter().filter(|item| item.receivable.order_id == Some(order));
    items.any(|item| says_left(item, today))
}

fn says_left(item: &ReceivableFacts, today: Date) -> bool {
    const AFTER_LOADING: [KeyDate; 5] =
        [KeyDate::Arrival, KeyDate::FreeTimeEnd, KeyDate::Collection, KeyDate::Acceptance, KeyDate::Maturity];
    let receivable = &item.receivable;
    let by_its_clock = match receivable.trigger {
        Trigger::BlCopy | Trigger::BlDate | Trigger::InvoiceDate | Trigger::EndOfMonth | Trigger::Arrival => {
            receivable.triggered_on.is_some()
        }
        // A date by itself says nothing of the goods; once it has passed, the debt is for goods that were supplied.
        Trigger::FixedDate => receivable.due_on.is_some_and(|due| due < today),
        Trigger::Proforma | Trigger::GoodsReady | Trigger::OrderPlaced => false,
    };
    by_its_clock || AFTER_LOADING.iter().any(|kind| day_of(&item.dates, *kind).is_some())
}

/// How much a debtor may owe, and how much it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credit {
    pub limit: Option<Money>,
    /// Everything that is open, due or not, by currency. Nothing is converted.
    pub exposure: Vec<Money>,
    /// By how much the exposure in the limit's own currency is above it.
    pub over: Option<Money>,
}

/// The exposure to a debtor beside its limit.
pub fn credit(facts: &DebtorFacts, limit: Option<Money>) -> Result<Credit, MoneyError> {
    let mut open = Vec::new();
    for item in &facts.receivables {
        let outstanding = item.outstanding()?;
        if !item.receivable.closed && item.receivable.obligor == Obligor::Buyer && outstanding.is_positive() {
            open.push(outstanding);
        }
    }
    let exposure = added_up(open.into_iter())?;
    let over = match limit {
        None => None,
        Some(limit) => {
            let open = exposure.iter().find(|open| open.currency == limit.currency);
            let over = open.map(|open| open.checked_add(limit.checked_neg()?)).transpose()?;
            over.filter(|over| over.is_positive())
        }
    };
    Ok(Credit { limit, exposure, over })
}
