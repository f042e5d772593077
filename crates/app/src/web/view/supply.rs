//! New goods and credit of a debtor, on its own page; and the lines about them on other pages.

use super::figures::{Amount, When};

/// The panel on a debtor's page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SupplyPanel {
    /// `free`, `stopped`, `stopped_by_hand`, `allowed`.
    pub state: String,
    /// The state in a few words.
    pub word: String,
    /// Why; `None` where nothing stands in the way.
    pub sentence: Option<String>,
    /// A decision holds today, which can be taken back.
    pub has_decision: bool,
    /// Its last day.
    pub decided_until: Option<When>,
    /// Numbers of orders whose goods have not left.
    pub orders: Vec<String>,
    /// Everything that is open, due or not, by currency.
    pub exposure: Vec<Amount>,
    pub limit: Option<Amount>,
    /// By how much it is passed, in words.
    pub over: Option<String>,
    pub risks: Vec<RiskLine>,
}

impl SupplyPanel {
    /// Tone of the state.
    pub fn tone(&self) -> &'static str {
        match self.state.as_str() {
            "stopped" | "stopped_by_hand" => "red",
            "allowed" => "amber",
            _ => "green",
        }
    }

    /// What the form for a limit starts with.
    pub fn limit_value(&self) -> &str {
        self.limit.as_ref().map_or("", |limit| &limit.value)
    }

    pub fn limit_currency(&self) -> &str {
        let known = self.limit.as_ref().or(self.exposure.first());
        known.map_or("USD", |amount| &amount.currency)
    }
}

/// One warning about an order, or about several of the same kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RiskLine {
    pub name: String,
    pub why: String,
    /// What is usually done instead.
    pub instead: String,
    /// Numbers of the orders; empty where the page is about one.
    pub orders: String,
}

/// Who gets no new goods, on `/today`: one line, however many there are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StopLine {
    /// Where they are.
    pub href: String,
    /// "Stop supply to Rossi Srl: 2 open orders".
    pub text: String,
}
