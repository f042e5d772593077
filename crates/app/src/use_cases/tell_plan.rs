//! A plan of instalments as pages, programs and the command line tell of it: its terms, and how each part stands.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use dunlin_core::facts::DebtorFacts;
use dunlin_core::ids::ReceivableId;
use dunlin_core::money::Money;
use dunlin_store::{PartRow, PlanRow, Scope, StoreError};

use super::standing_facts::Found;
use crate::house::House;

/// A plan that runs, was kept or is broken.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ToldPlan {
    /// What was owed before: `R-1042`.
    #[schema(example = "R-1042")]
    pub receivable: String,
    /// `open`, `kept` or `broken`.
    #[schema(example = "open")]
    pub state: String,
    /// A part unpaid so many days after its day breaks the plan.
    pub late_days: i32,
    /// All that is left is due at once then.
    pub all_due: bool,
    pub words: String,
    pub parts: Vec<ToldPart>,
    /// Nothing was paid on it yet, so that it can be ended.
    pub can_end: bool,
}

/// One instalment.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ToldPart {
    #[schema(example = "R-1043")]
    pub receivable: String,
    pub nth: usize,
    pub of: usize,
    #[schema(value_type = Option<String>, format = Date)]
    pub due_on: Option<Date>,
    #[schema(value_type = HashMap<String, String>)]
    pub amount: Money,
    #[schema(value_type = HashMap<String, String>)]
    pub outstanding: Money,
    /// `paid`, `part` of it paid, `late`, `due` today, `waiting` for its day, `closed`.
    #[schema(example = "waiting")]
    pub state: &'static str,
}

/// The newest plan that stands in place of a receivable, or that it is an instalment of; plans that were ended are left out.
pub async fn tell_plan(house: &House, found: &Found) -> anyhow::Result<Option<ToldPlan>> {
    let facts = house.store.facts(house.tenant.id, Scope::One(found.party_id), house.now()).await?;
    let facts = facts.into_iter().next().ok_or_else(|| StoreError::not_found("receivable", &found.number))?;
    plan_of(house, &facts, found.receivable_id).await
}

/// The same for whoever has the facts at hand.
pub async fn plan_of(house: &House, facts: &DebtorFacts, id: ReceivableId) -> anyhow::Result<Option<ToldPlan>> {
    let mut plans = house.store.plans_of(house.tenant.id, facts.party.id).await?;
    as_known(&mut plans, facts, house.now())?;
    let is_about = |(plan, parts): &(PlanRow, Vec<PartRow>)| {
        let names = plan.receivable_id == id || parts.iter().any(|part| part.receivable_id == id);
        names && plan.state != "ended"
    };
    let Some((plan, parts)) = plans.into_iter().rev().find(is_about) else {
        return Ok(None);
    };
    let original = facts.receivables.iter().find(|item| item.receivable.id == plan.receivable_id);
    let today = house.today();
    let of = parts.len();
    let told = |(index, part): (usize, &PartRow)| ToldPart {
        receivable: part.number.clone(),
        nth: index + 1,
        of,
        due_on: part.due_on,
        amount: part.amount,
        outstanding: part.outstanding,
        state: state_of(part, today),
    };
    Ok(Some(ToldPlan {
        receivable: original.map_or_else(String::new, |item| item.receivable.number.clone()),
        can_end: plan.state == "open" && parts.iter().all(|part| part.outstanding == part.amount),
        state: plan.state,
        late_days: plan.late_days,
        all_due: plan.all_due,
        words: plan.words,
        parts: parts.iter().enumerate().map(told).collect(),
    }))
}

/// The plans as they were known at an instant, with their parts as the facts of that instant have them.
fn as_known(plans: &mut Vec<(PlanRow, Vec<PartRow>)>, facts: &DebtorFacts, at: Timestamp) -> anyhow::Result<()> {
    plans.retain(|(plan, _)| plan.recorded_at <= at);
    for (plan, parts) in plans {
        if plan.settled_at.is_some_and(|settled| settled > at) {
            plan.state = "open".to_string();
        }
        for part in parts {
            if let Some(item) = facts.receivables.iter().find(|item| item.receivable.id == part.receivable_id) {
                part.due_on = item.receivable.due_on;
                part.closed = item.receivable.closed;
                part.outstanding = item.outstanding()?;
            }
        }
    }
    Ok(())
}

fn state_of(part: &PartRow, today: Date) -> &'static str {
    if part.closed {
        "closed"
    } else if !part.outstanding.is_positive() {
        "paid"
    } else if part.due_on.is_some_and(|due| due < today) {
        "late"
    } else if part.outstanding != part.amount {
        "part"
    } else if part.due_on == Some(today) {
        "due"
    } else {
        "waiting"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dunlin_core::money::currency;
    use jiff::civil::date;

    #[test]
    fn how_a_part_stands() {
        let usd = currency("USD").expect("USD");
        let part = |outstanding: i64, closed: bool| PartRow {
            plan_id: String::new(),
            receivable_id: ReceivableId(1),
            number: "R-0002".to_string(),
            due_on: Some(date(2026, 4, 1)),
            amount: Money::new(100, usd),
            outstanding: Money::new(outstanding, usd),
            paid: Money::new(100 - outstanding, usd),
            closed,
        };
        let (before, on, after) = (date(2026, 3, 31), date(2026, 4, 1), date(2026, 4, 2));
        assert_eq!(state_of(&part(100, false), before), "waiting");
        assert_eq!(state_of(&part(100, false), on), "due");
        assert_eq!(state_of(&part(40, false), before), "part");
        assert_eq!(state_of(&part(40, false), after), "late");
        assert_eq!(state_of(&part(0, false), after), "paid");
        assert_eq!(state_of(&part(100, true), after), "closed");
    }
}
