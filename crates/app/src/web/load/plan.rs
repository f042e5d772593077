//! Fills what pages say of a plan of instalments, and the page on which one is agreed.

use dunlin_core::facts::DebtorFacts;
use dunlin_core::ids::ReceivableId;
use dunlin_store::{Scope, StoreError};

use super::show::Show;
use crate::house::House;
use crate::use_cases::standing_facts::Found;
use crate::use_cases::tell_plan::{ToldPart, plan_of};
use crate::web::view::plan::{PlanPage, PlanPart, PlanView, TypedPart};

/// What was typed so far.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    pub rows: Vec<TypedPart>,
    pub late_days: String,
    pub all_due: bool,
    pub words: String,
    pub trouble: String,
}

/// More rows than these are not shown, whatever a form sends.
pub const MOST_ROWS: usize = dunlin_core::instalments::MOST + 2;

/// The plan that a receivable has to do with.
pub async fn plan(
    house: &House,
    show: &Show,
    facts: &DebtorFacts,
    id: ReceivableId,
    number: &str,
) -> anyhow::Result<Option<PlanView>> {
    let Some(told) = plan_of(house, facts, id).await? else {
        return Ok(None);
    };
    let part = |part: &ToldPart| PlanPart {
        number: part.receivable.clone(),
        nth: part.nth,
        of: part.of,
        due: part.due_on.map(|due| show.date(due)),
        amount: show.amount(part.amount),
        outstanding: show.amount(part.outstanding),
        state: part.state.to_string(),
        is_own: part.receivable == number,
    };
    Ok(Some(PlanView {
        is_original: told.receivable == number,
        original: told.receivable,
        state: told.state,
        late_days: told.late_days,
        all_due: told.all_due,
        words: told.words,
        parts: told.parts.iter().map(part).collect(),
        can_end: told.can_end,
    }))
}

/// The page with days and amounts to agree on, and two empty rows for more.
pub async fn page(house: &House, show: &Show, found: &Found, typed: Typed) -> anyhow::Result<PlanPage> {
    let facts = house.store.facts(house.tenant.id, Scope::One(found.party_id), house.now()).await?;
    let facts = facts.into_iter().next().ok_or_else(|| StoreError::not_found("debtor", &found.number))?;
    let item = facts.receivables.iter().find(|item| item.receivable.id == found.receivable_id);
    let item = item.ok_or_else(|| StoreError::not_found("receivable", &found.number))?;
    let mut rows = typed.rows;
    let room = MOST_ROWS.saturating_sub(rows.len()).min(2);
    rows.extend(std::iter::repeat_n(TypedPart::default(), room));
    Ok(PlanPage {
        number: item.receivable.number.clone(),
        reference: item.receivable.reference.clone(),
        debtor: show.debtor(&facts),
        outstanding: show.amount(item.outstanding()?),
        rows,
        late_days: typed.late_days,
        all_due: typed.all_due,
        words: typed.words,
        today: show.today().to_string(),
        trouble: typed.trouble,
    })
}
