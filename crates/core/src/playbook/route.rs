//! Routes: what takes the place of the ladder while a reason is known (SCENARIOS A1) or somebody in particular is spoken
//! to (A2), and the least amounts that a warning level is worth.

use std::sync::Arc;

use super::Step;
use super::condition::Condition;
use crate::money::Currency;
use crate::receivable::coded_enum;
use crate::why::WhyUnpaid;

/// Steps that go before the ladder while the route fits.
#[derive(Debug)]
pub struct Route {
    pub id: Arc<str>,
    pub title_en: String,
    pub title_zh: String,
    /// Why it is unpaid, one of these; an empty list means any, and no reason too.
    pub reasons: Vec<WhyUnpaid>,
    pub when: Option<Condition>,
    pub then: RouteEnd,
    pub steps: Vec<Step>,
}

impl Route {
    /// Whether it is for this reason; its condition is another matter.
    pub fn fits(&self, why: Option<WhyUnpaid>) -> bool {
        self.reasons.is_empty() || why.is_some_and(|why| self.reasons.contains(&why))
    }
}

coded_enum! {
    /// What comes after the last step of a route.
    RouteEnd {
        /// The ladder, where it was left.
        Ladder = "ladder",
        /// Nothing: a person decides.
        Rest = "rest",
    }
}

/// What a debtor must owe for a level of warning: less is not worth it, and the case stays a level lower.
#[derive(Debug)]
pub struct Minimum {
    pub level: u8,
    /// Of all that the debtor owes in the currency, so much in a hundred must be overdue.
    pub share_percent: i64,
    /// Overdue in minor units; a currency that is not named has no least amount.
    pub amounts: Vec<(Currency, i64)>,
}

impl Minimum {
    pub fn amount(&self, currency: Currency) -> i64 {
        self.amounts.iter().find(|(known, _)| *known == currency).map_or(0, |(_, minor)| *minor)
    }

    /// Whether so much overdue, of all that is open, is enough.
    pub fn is_met(&self, currency: Currency, overdue: i64, open: i64) -> bool {
        let share = i128::from(overdue) * 100 >= i128::from(open) * i128::from(self.share_percent);
        overdue >= self.amount(currency) && share
    }
}

#[cfg(test)]
mod tests {
    use crate::playbook::parse::parse;
    use crate::why::WhyUnpaid;

    fn step(id: &str, head: &str) -> String {
        format!(
            "[[{head}]]\nid = \"{id}\"\nlevel = 1\npurpose = \"press\"\nat = [\"due + 3 days\"]\n\
             channels = [\"email\"]\nroles = [\"finance\"]\nletter = \"x\"\nautonomy = \"automatic\"\n\
             statement = false\nanswer_days = 5\n[{head}.title]\nen = \"A\"\nzh = \"甲\"\n"
        )
    }

    #[test]
    fn a_reason_leads_elsewhere_while_its_own_way_has_steps_left() {
        let route = "[[route]]\nid = \"short\"\nreasons = [\"cash_short\"]\n[route.title]\nen = \"A\"\nzh = \"甲\"\n";
        let head = "id = \"p\"\nscenario = \"B5\"\nwindow = \"office\"\n[title]\nen = \"A\"\nzh = \"甲\"\n[applies]\n";
        let text = format!("{head}{}{route}{}", step("reminder", "step"), step("offer", "route.step"));
        let playbook = parse("p.toml", &text).expect("a playbook");
        let short = WhyUnpaid::CashShort;
        assert!(playbook.leads_elsewhere(short, "reminder", |_| false));
        assert!(!playbook.leads_elsewhere(short, "offer", |_| false), "it is on that way");
        assert!(!playbook.leads_elsewhere(short, "reminder", |step| step == "offer"), "the way is walked");
        assert!(!playbook.leads_elsewhere(WhyUnpaid::Forgot, "reminder", |_| false), "no way of its own");
    }
}
