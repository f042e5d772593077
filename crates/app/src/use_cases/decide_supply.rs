//! Stop-supply and credit (SCENARIOS A17, B12): who gets no new goods and why, which orders wait, what a person decides
//! about it, how much a debtor may owe, and what its open orders warn of. The rules are `dunlin_core::supply` and `risk`.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;

use dunlin_core::access::Right;
use dunlin_core::calendar::shift;
use dunlin_core::facts::DebtorFacts;
use dunlin_core::ids::{OrderId, PartyId};
use dunlin_core::money::{Money, currency};
use dunlin_core::refusal::{Refusal, RefusalCode, Told};
use dunlin_core::risk::{LookedAt, RiskWarning, of_order};
use dunlin_core::supply::{Credit, Decision, DecisionKind, OpenOrder, Supply, credit, open_orders, supply};
use dunlin_store::{LogEntry, Scope, SupplyStanding};

use super::change_settings::change_settings;
use crate::house::{Forbidden, House};
use crate::typed_amount::typed_amount;

/// The words of a decision.
const LONGEST_WHY: usize = 500;

/// Bounds of the days after which a debt stops supply.
pub const DAYS: (i64, i64) = (1, 365);

/// Debtors that a page names at most.
const MOST_STOPPED: i64 = 100;

/// How a debtor stands with new goods.
#[derive(Debug, Clone)]
pub struct SupplyLook {
    pub party_id: PartyId,
    /// `D-0017`.
    pub number: String,
    pub name: String,
    pub supply: Supply,
    /// The decision that holds today, also while it changes nothing.
    pub decision: Option<Decision>,
    /// Orders whose goods have not left: they wait where supply is stopped.
    pub orders: Vec<OpenOrder>,
    pub credit: Credit,
    /// Open orders that warn of something.
    pub risks: Vec<OrderRisks>,
}

/// What one order warns of.
#[derive(Debug, Clone)]
pub struct OrderRisks {
    pub id: OrderId,
    pub number: String,
    pub warnings: Vec<RiskWarning>,
}

impl SupplyLook {
    pub fn risks_of(&self, order: OrderId) -> &[RiskWarning] {
        self.risks.iter().find(|risks| risks.id == order).map_or(&[], |risks| &risks.warnings)
    }

    /// Whether this order waits because supply is stopped.
    pub fn holds_back(&self, order: OrderId) -> bool {
        self.supply.is_stopped() && self.orders.iter().any(|open| open.id == order)
    }

    /// Each kind of warning once, with the numbers of its orders.
    pub fn risks_by_kind(&self) -> Vec<(&RiskWarning, Vec<&str>)> {
        let mut kinds: Vec<(&RiskWarning, Vec<&str>)> = Vec::new();
        for order in &self.risks {
            for warning in &order.warnings {
                match kinds.iter_mut().find(|(known, _)| known.code == warning.code) {
                    Some((_, numbers)) => numbers.push(order.number.as_str()),
                    None => kinds.push((warning, vec![order.number.as_str()])),
                }
            }
        }
        kinds.sort_by_key(|(warning, _)| warning.code);
        kinds
    }
}

/// How these debtors stand, in their order.
pub async fn look_at(house: &House, debtors: &[DebtorFacts]) -> anyhow::Result<Vec<SupplyLook>> {
    let house = &house.as_then().await?;
    let ids: Vec<PartyId> = debtors.iter().map(|facts| facts.party.id).collect();
    let mut standing = house.store.supply_standing(house.tenant.id, &ids, house.now()).await?;
    let mut terms = house.store.order_terms(house.tenant.id, &ids).await?;
    let (rules, today) = (&house.tenant.settings.supply, house.today());
    let mut looks = Vec::with_capacity(debtors.len());
    for facts in debtors {
        let id = facts.party.id;
        let SupplyStanding { decision, limit } = standing.remove(&id).unwrap_or_default();
        let decision = decision.filter(|decision| decision.holds_on(today));
        let mut risks = Vec::new();
        let with_money: HashSet<OrderId> = open_money(facts)?;
        let orders = terms.remove(&id).unwrap_or_default();
        for order in orders.into_iter().filter(|order| with_money.contains(&order.id)) {
            let asked = LookedAt { id: order.id, terms_text: &order.terms_text };
            let warnings = of_order(facts, asked, limit, today)?;
            if !warnings.is_empty() {
                risks.push(OrderRisks { id: order.id, number: order.number, warnings });
            }
        }
        looks.push(SupplyLook {
            party_id: id,
            number: facts.party.number.clone(),
            name: facts.party.name.clone(),
            supply: supply(facts, rules, decision.as_ref(), today)?,
            decision,
            orders: open_orders(facts, today)?,
            credit: credit(facts, limit)?,
            risks,
        });
    }
    Ok(looks)
}

/// Orders of which anything is still to be paid: the others warn of nothing, and a long history need not be looked through.
fn open_money(facts: &DebtorFacts) -> anyhow::Result<HashSet<OrderId>> {
    let mut orders = HashSet::new();
    for item in facts.receivables.iter().filter(|item| !item.receivable.closed) {
        if let Some(order) = item.receivable.order_id
            && item.outstanding()?.is_positive()
        {
            orders.insert(order);
        }
    }
    Ok(orders)
}

/// How one debtor stands.
pub async fn look_at_one(house: &House, facts: &DebtorFacts) -> anyhow::Result<SupplyLook> {
    let look = look_at(house, std::slice::from_ref(facts)).await?.pop();
    Ok(look.ok_or_else(|| Refusal::new(RefusalCode::DebtorGone))?)
}

/// The same by id.
pub async fn look_at_party(house: &House, party_id: PartyId) -> anyhow::Result<SupplyLook> {
    let facts = house.store.facts(house.tenant.id, Scope::One(party_id), house.now()).await?;
    look_at_one(house, facts.first().ok_or_else(|| Refusal::new(RefusalCode::DebtorGone))?).await
}

/// Those of a page of debtors, by id.
pub async fn look_at_parties(house: &House, ids: &[PartyId]) -> anyhow::Result<HashMap<PartyId, SupplyLook>> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let facts = house.store.facts(house.tenant.id, Scope::These(&ids), house.now()).await?;
    let looks = look_at(house, &facts).await?;
    Ok(looks.into_iter().map(|look| (look.party_id, look)).collect())
}

/// Debtors in sight that get no new goods although orders wait for them, those with most orders first.
pub async fn stopped_in_sight(house: &House) -> anyhow::Result<Vec<SupplyLook>> {
    Ok(stopped_or_more(house).await?.0)
}

/// The same, and whether there are more than one page names.
pub async fn stopped_or_more(house: &House) -> anyhow::Result<(Vec<SupplyLook>, bool)> {
    let house = &house.as_then().await?;
    let (rules, today) = (&house.tenant.settings.supply, house.today());
    // Without the rule only decisions stop.
    let least = rules.is_on.then_some(rules.least.as_slice());
    let days = (shift(today, -rules.days_overdue.max(1)), today);
    let mut ids = house.store.maybe_stopped(house.tenant.id, &house.sight, least, days, MOST_STOPPED + 1).await?;
    let more = ids.len() > usize::try_from(MOST_STOPPED)?;
    ids.truncate(usize::try_from(MOST_STOPPED)?);
    let looks = look_at_parties(house, &ids).await?;
    let mut stopped: Vec<SupplyLook> =
        looks.into_values().filter(|look| look.supply.is_stopped() && !look.orders.is_empty()).collect();
    stopped.sort_by(|a, b| b.orders.len().cmp(&a.orders.len()).then_with(|| a.number.cmp(&b.number)));
    Ok((stopped, more))
}

fn decides(house: &House, why: &str) -> anyhow::Result<()> {
    if !house.actor.may(Right::ApproveSevere) {
        return Err(Forbidden::new(Right::ApproveSevere).into());
    }
    if why.trim().is_empty() {
        return Err(Refusal::new(RefusalCode::ReasonMissing).into());
    }
    if why.chars().count() > LONGEST_WHY {
        return Err(Refusal::new(RefusalCode::WordsLong).with("most", LONGEST_WHY as i64).into());
    }
    Ok(())
}

fn not_over(until: Date, today: Date) -> anyhow::Result<()> {
    if until < today {
        return Err(Refusal::new(RefusalCode::SupplyPast).with("day", until).with("today", today).into());
    }
    Ok(())
}

/// New goods leave nevertheless until a day, which ends by itself.
pub async fn allow_supply(house: &House, party_id: PartyId, until: Date, why: &str) -> anyhow::Result<()> {
    decides(house, why)?;
    let today = house.today();
    not_over(until, today)?;
    let mut commit = house.begin().await?;
    commit.decide_supply(party_id, DecisionKind::Allow, Some(until), why.trim(), today).await?;
    let entry = LogEntry::new("supply.allowed", "party", party_id.to_string()).about(party_id);
    commit.log(entry.fact("until", until).words("why", why.trim()));
    Ok(commit.finish().await?)
}

/// New goods wait, although the rule does not ask for it: until a day, or until somebody takes it back.
pub async fn stop_supply(house: &House, party_id: PartyId, until: Option<Date>, why: &str) -> anyhow::Result<()> {
    decides(house, why)?;
    let today = house.today();
    if let Some(until) = until {
        not_over(until, today)?;
    }
    let mut commit = house.begin().await?;
    commit.decide_supply(party_id, DecisionKind::Stop, until, why.trim(), today).await?;
    let entry = LogEntry::new("supply.stopped", "party", party_id.to_string()).about(party_id);
    commit.log(entry.fact("until", until).words("why", why.trim()));
    Ok(commit.finish().await?)
}

/// Takes a decision back: the rule holds again.
pub async fn end_supply_decision(house: &House, party_id: PartyId) -> anyhow::Result<()> {
    if !house.actor.may(Right::ApproveSevere) {
        return Err(Forbidden::new(Right::ApproveSevere).into());
    }
    // One whose day is over has ended by itself.
    let look = look_at_party(house, party_id).await?;
    let none = || Refusal::new(RefusalCode::SupplyNone).with("number", &look.number);
    if look.decision.is_none() {
        return Err(none().into());
    }
    let mut commit = house.begin().await?;
    if !commit.end_supply_decision(party_id).await? {
        return Err(none().into());
    }
    commit.log(LogEntry::new("supply.decision_ended", "party", party_id.to_string()).about(party_id));
    Ok(commit.finish().await?)
}

/// How much a debtor may owe at once; `None`: nothing is said of it.
pub async fn set_credit_limit(house: &House, party_id: PartyId, limit: Option<Money>) -> anyhow::Result<()> {
    if !house.actor.may(Right::Money) {
        return Err(Forbidden::new(Right::Money).into());
    }
    if limit.is_some_and(|limit| !limit.is_positive()) {
        return Err(Refusal::new(RefusalCode::AmountNotPositive).into());
    }
    let mut commit = house.begin().await?;
    let before = commit.set_credit_limit(party_id, limit).await?;
    let text = |limit: Option<Money>| limit.map(|limit| limit.to_string());
    let entry = LogEntry::new("party.credit_limit", "party", party_id.to_string()).about(party_id);
    commit.log(entry.changed("credit_limit", text(before), text(limit)));
    Ok(commit.finish().await?)
}

/// The rule as a form gives it.
#[derive(Debug, Clone)]
pub struct SupplyForm {
    pub is_on: bool,
    pub days_overdue: i64,
    /// A currency and an amount in each line.
    pub least: String,
}

/// Changes when an overdue debt stops new goods.
pub async fn change_supply_rules(house: &House, form: &SupplyForm) -> anyhow::Result<()> {
    let (least, most) = DAYS;
    if !(least..=most).contains(&form.days_overdue) {
        let refusal = Refusal::new(RefusalCode::RuleRange).with("rule", Told::word("rule", "supply_days"));
        let refusal = refusal.with("least", least).with("most", most);
        return Err(refusal.with("value", form.days_overdue).into());
    }
    let sums = least_sums(&form.least)?;
    let days = i32::try_from(form.days_overdue)?;
    change_settings(house, "settings.supply", |settings| {
        settings.supply.is_on = form.is_on;
        settings.supply.days_overdue = days;
        settings.supply.least = sums;
        Ok(())
    })
    .await?;
    Ok(())
}

/// `USD 500` in each line; a currency stands once.
fn least_sums(text: &str) -> anyhow::Result<Vec<Money>> {
    let mut sums: Vec<Money> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let refused = || Refusal::new(RefusalCode::SupplyLeast).with("text", line);
        let (first, rest) = line.split_once(char::is_whitespace).ok_or_else(refused)?;
        let is_code = first.chars().all(|letter| letter.is_ascii_alphabetic());
        let (code, amount) = if is_code { (first, rest) } else { (rest, first) };
        let currency = currency(code).map_err(|_| refused())?;
        let sum = typed_amount(amount, currency)?;
        if sum.minor < 0 || sums.iter().any(|known| known.currency == currency) {
            return Err(refused().into());
        }
        sums.push(sum);
    }
    Ok(sums)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn least_sums_are_read_line_by_line() {
        let read = |text: &str| least_sums(text).map(|sums| sums.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(read("USD 500\n\n3,000.00 CNY\n").expect("read"), ["USD 500.00", "CNY 3000.00"]);
        assert_eq!(read("").expect("nothing is named"), Vec::<String>::new());
        for text in ["USD", "500", "XXX 5", "USD 5\nUSD 6", "USD -5", "USD five"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
