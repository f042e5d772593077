//! Fills what pages say of new goods, credit and risks.

use dunlin_core::explain::{coded, phrase};
use dunlin_core::facts::DebtorFacts;
use dunlin_core::ids::OrderId;
use dunlin_core::risk::RiskWarning;

use super::show::Show;
use crate::house::House;
use crate::use_cases::decide_supply::{SupplyLook, look_at_one, stopped_or_more};
use crate::web::view::names::isolated;
use crate::web::view::supply::{RiskLine, StopLine, SupplyPanel};

/// The panel of one debtor.
pub async fn panel(house: &House, show: &Show, facts: &DebtorFacts) -> anyhow::Result<SupplyPanel> {
    let look = look_at_one(house, facts).await?;
    let over = look.credit.limit.zip(look.credit.over).map(|(limit, over)| {
        let values = [("limit", show.money(limit)), ("over", show.money(over))];
        phrase(show.ui(), "supply-over", &values)
    });
    Ok(SupplyPanel {
        state: look.supply.code().to_string(),
        word: coded(show.ui(), "supply-state", look.supply.code()),
        sentence: look.supply.sentence(show.ui()),
        has_decision: look.decision.is_some(),
        decided_until: look.decision.as_ref().and_then(|decision| decision.until).map(|until| show.date(until)),
        orders: look.orders.iter().map(|order| order.number.clone()).collect(),
        exposure: look.credit.exposure.iter().map(|open| show.amount(*open)).collect(),
        limit: look.credit.limit.map(|limit| show.amount(limit)),
        over,
        risks: look.risks_by_kind().into_iter().map(|(warning, orders)| line(show, warning, &orders)).collect(),
    })
}

fn line(show: &Show, warning: &RiskWarning, orders: &[&str]) -> RiskLine {
    RiskLine {
        name: warning.code.name(show.ui()),
        why: warning.why(show.ui()),
        instead: warning.instead(show.ui()),
        orders: orders.join(", "),
    }
}

/// Of the order that a receivable belongs to: why it waits, and what it warns of.
pub async fn of_order(
    house: &House,
    show: &Show,
    facts: &DebtorFacts,
    order: Option<OrderId>,
) -> anyhow::Result<(Option<String>, Vec<RiskLine>)> {
    let Some(order) = order else {
        return Ok((None, Vec::new()));
    };
    let look = look_at_one(house, facts).await?;
    let held = if look.holds_back(order) { look.supply.sentence(show.ui()) } else { None };
    Ok((held, risks(show, &look, order)))
}

/// What one order warns of.
pub fn risks(show: &Show, look: &SupplyLook, order: OrderId) -> Vec<RiskLine> {
    look.risks_of(order).iter().map(|warning| line(show, warning, &[])).collect()
}

/// Who gets no new goods although orders wait, in one line: the one there is by name, several by their number.
pub async fn stops(house: &House, show: &Show) -> anyhow::Result<Option<StopLine>> {
    let (stopped, more) = stopped_or_more(house).await?;
    let orders: usize = stopped.iter().map(|look| look.orders.len()).sum();
    Ok(match stopped.as_slice() {
        [] => None,
        [one] => {
            let name = isolated(&one.name);
            let text = show.words.t2("today-stop", "name", name.as_str(), "n", orders);
            Some(StopLine { href: format!("/debtors/{}#supply", one.number), text })
        }
        several => {
            let key = if more { "today-stops-at-least" } else { "today-stops" };
            let text = show.words.t2(key, "n", several.len(), "orders", orders);
            Some(StopLine { href: "/debtors?supply=stopped".to_string(), text })
        }
    })
}
