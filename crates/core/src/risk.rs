//! Risk when terms are chosen (SCENARIOS B12): what the terms and facts of one order warn of, why, and what is usually done
//! instead. Only what the words say counts; nothing is guessed, and nothing is forbidden.

use jiff::civil::Date;

use crate::explain::{UiLanguage, phrase, word};
use crate::facts::{DebtorFacts, ReceivableFacts};
use crate::gate_facts::PromiseState;
use crate::ids::OrderId;
use crate::locale;
use crate::money::{Money, MoneyError};
use crate::receivable::ledger::LedgerKind;
use crate::receivable::terms::Term;
use crate::receivable::{Milestone, Obligor, Receivable, Trigger, coded_enum};
use crate::supply::{credit, has_left, listed, overdue_apart_from};

coded_enum! {
    /// What an order warns of.
    RiskCode {
        /// Open account for a buyer who never paid anything in full.
        NewBuyer = "new_buyer",
        /// More is open than the limit of this buyer.
        OverLimit = "over_limit",
        /// Telex release, and the money comes afterwards.
        TelexRelease = "telex_release",
        /// FOB or FCA with the buyer's own forwarder.
        BuyersForwarder = "buyers_forwarder",
        /// Letter of credit with the bill of lading made out to the buyer.
        LcToBuyer = "lc_to_buyer",
        /// The balance is due at arrival or later.
        PapersGone = "papers_gone",
        /// A new order of somebody who is late or broke promises.
        LatePayer = "late_payer",
    }
}

/// What a sentence speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Amounts(Vec<Money>),
    Number(i64),
}

impl Value {
    fn shown(&self, language: UiLanguage) -> String {
        match self {
            Self::Amounts(amounts) => listed(amounts, language),
            Self::Number(number) => locale::integer(*number, language.letters()),
        }
    }
}

/// One warning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RiskWarning {
    pub code: RiskCode,
    pub values: Vec<(&'static str, Value)>,
}

impl RiskCode {
    fn key(self) -> String {
        format!("risk-{}", self.code().replace('_', "-"))
    }

    /// Two or three words: "telex release before payment".
    pub fn name(self, language: UiLanguage) -> String {
        word(language, &format!("{}-name", self.key()))
    }
}

impl RiskWarning {
    const fn new(code: RiskCode) -> Self {
        Self { code, values: Vec::new() }
    }

    fn with(mut self, name: &'static str, value: Value) -> Self {
        self.values.push((name, value));
        self
    }

    /// Why it is a risk, in one sentence.
    pub fn why(&self, language: UiLanguage) -> String {
        // A late payer is one for what is overdue, for promises that were not kept, or for both.
        let has = |name: &str| self.values.iter().any(|(known, _)| *known == name);
        let part = match self.code {
            RiskCode::LatePayer if !has("overdue") => "-promises",
            RiskCode::LatePayer if !has("broken") => "-overdue",
            _ => "",
        };
        let values: Vec<_> = self.values.iter().map(|(name, value)| (*name, value.shown(language))).collect();
        phrase(language, &format!("{}{part}", self.code.key()), &values)
    }

    /// What is usually done instead, in one sentence.
    pub fn instead(&self, language: UiLanguage) -> String {
        word(language, &format!("{}-instead", self.code.key()))
    }
}

/// A part of what was agreed, as far as risk goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    pub milestone: Milestone,
    pub trigger: Trigger,
    pub days: i32,
}

impl From<&Term> for Part {
    fn from(term: &Term) -> Self {
        Self { milestone: term.milestone, trigger: term.trigger, days: term.days }
    }
}

impl From<&Receivable> for Part {
    fn from(receivable: &Receivable) -> Self {
        Self { milestone: receivable.milestone, trigger: receivable.trigger, days: receivable.days }
    }
}

impl Part {
    /// The goods and their papers go to the buyer first, the money comes afterwards.
    const fn gives_credit(self) -> bool {
        match self.trigger {
            Trigger::BlDate | Trigger::EndOfMonth | Trigger::Arrival => true,
            Trigger::InvoiceDate => self.days > 0,
            Trigger::Proforma | Trigger::GoodsReady | Trigger::BlCopy | Trigger::OrderPlaced | Trigger::FixedDate => {
                false
            }
        }
    }

    /// Paid before the goods leave our hands.
    const fn is_before_loading(self) -> bool {
        matches!(self.trigger, Trigger::Proforma | Trigger::GoodsReady | Trigger::OrderPlaced)
    }

    /// A balance that is due when the ship is usually there already.
    fn is_due_after_arrival(self) -> bool {
        let late = self.trigger == Trigger::EndOfMonth || self.days >= DAYS_AT_SEA;
        self.trigger == Trigger::Arrival || (self.milestone == Milestone::Balance && self.gives_credit() && late)
    }
}

/// Goods have usually arrived so many days after they were loaded.
const DAYS_AT_SEA: i32 = 30;

/// From so many broken promises on a buyer counts as a late payer.
const MANY_BROKEN: i64 = 2;

/// An order that is looked at.
#[derive(Debug, Clone, Copy)]
pub struct LookedAt<'o> {
    pub id: OrderId,
    /// Payment terms as the file had them.
    pub terms_text: &'o str,
}

/// Everything that an order warns of while money of it is open, in the order of the codes.
pub fn of_order(
    facts: &DebtorFacts,
    order: LookedAt<'_>,
    limit: Option<Money>,
    today: Date,
) -> Result<Vec<RiskWarning>, MoneyError> {
    let mut open: Vec<&ReceivableFacts> = Vec::new();
    for item in facts.receivables.iter().filter(|item| item.receivable.order_id == Some(order.id)) {
        let is_ours = !item.receivable.closed && item.receivable.obligor == Obligor::Buyer;
        if is_ours && item.outstanding()?.is_positive() {
            open.push(item);
        }
    }
    if open.is_empty() {
        return Ok(Vec::new());
    }
    let parts: Vec<Part> = open.iter().map(|item| Part::from(&item.receivable)).collect();
    let mut warnings = of_terms(order.terms_text, &parts);
    if is_open_account(&parts) && !ever_paid_in_full(facts)? {
        warnings.push(RiskWarning::new(RiskCode::NewBuyer));
    }
    let credit = credit(facts, limit)?;
    if let (Some(limit), Some(over)) = (credit.limit, credit.over)
        && open.iter().any(|item| item.receivable.amount.currency == limit.currency)
    {
        let warning = RiskWarning::new(RiskCode::OverLimit).with("limit", Value::Amounts(vec![limit]));
        warnings.push(warning.with("over", Value::Amounts(vec![over])));
    }
    // For goods that have left there is nothing to decide any more.
    if !has_left(facts, order.id, today) {
        warnings.extend(late_payer(facts, order.id, today)?);
    }
    warnings.sort_by_key(|warning| warning.code);
    Ok(warnings)
}

/// Whether goods and papers go out before the money comes in.
pub fn is_open_account(parts: &[Part]) -> bool {
    parts.iter().any(|part| part.gives_credit())
}

/// Whether anything this buyer owed was ever paid to the end.
fn ever_paid_in_full(facts: &DebtorFacts) -> Result<bool, MoneyError> {
    for item in &facts.receivables {
        let sum = |kind: LedgerKind| -> i64 {
            let lines = item.entries.iter().filter(|entry| entry.kind == kind);
            lines.fold(0, |sum, entry| sum.saturating_add(entry.amount.minor))
        };
        let by_money = sum(LedgerKind::Allocation) > 0 && sum(LedgerKind::WriteOff) <= 0;
        let by_platform = item.receivable.obligor == Obligor::Platform;
        if by_platform || (by_money && !item.outstanding()?.is_positive()) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn late_payer(facts: &DebtorFacts, order: OrderId, today: Date) -> Result<Option<RiskWarning>, MoneyError> {
    let broken = facts.promises.iter().filter(|promise| promise.state == PromiseState::Broken).count() as i64;
    let overdue = overdue_apart_from(facts, order, today)?;
    let mut warning = RiskWarning::new(RiskCode::LatePayer);
    if broken >= MANY_BROKEN {
        warning = warning.with("broken", Value::Number(broken));
    }
    if !overdue.is_empty() {
        warning = warning.with("overdue", Value::Amounts(overdue));
    }
    Ok(Some(warning).filter(|warning| !warning.values.is_empty()))
}

/// What the words of the terms warn of, whoever the buyer is.
pub fn of_terms(text: &str, parts: &[Part]) -> Vec<RiskWarning> {
    let plain = plain(text);
    let mut codes = Vec::new();
    if is_open_account(parts) && says_telex_release(&plain) {
        codes.push(RiskCode::TelexRelease);
    }
    if parts.iter().any(|part| !part.is_before_loading()) && says_buyers_forwarder(&plain) {
        codes.push(RiskCode::BuyersForwarder);
    }
    if says_credit_to_buyer(&plain) {
        codes.push(RiskCode::LcToBuyer);
    }
    if parts.iter().any(|part| part.is_due_after_arrival()) {
        codes.push(RiskCode::PapersGone);
    }
    codes.into_iter().map(RiskWarning::new).collect()
}

/// Lower case, half-width, one kind of apostrophe, single blanks.
fn plain(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let folded: String = text.nfkc().collect::<String>().to_lowercase().replace(['’', '‘', '`'], "'");
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn has(plain: &str, words: &[&str]) -> bool {
    words.iter().any(|word| plain.contains(word))
}

fn has_token(plain: &str, tokens: &[&str]) -> bool {
    plain.split(|c: char| !c.is_ascii_alphanumeric() && c != '/').any(|token| tokens.contains(&token))
}

fn says_telex_release(plain: &str) -> bool {
    let says = has(plain, &["telex release", "telex-release", "tlx release", "surrendered", "surrender b/l", "电放"]);
    let denied = has(
        plain,
        &[
            "no telex",
            "not telex",
            "without telex",
            "no surrender",
            "不电放",
            "不得电放",
            "不可电放",
            "不做电放",
            "不接受电放",
        ],
    );
    let after_payment = has(
        plain,
        &[
            "release after payment",
            "release after full payment",
            "release after receipt of",
            "release upon payment",
            "release upon receipt of",
            "release against payment",
            "release on payment",
            "款后电放",
            "清后电放",
            "款到电放",
            "款到后电放",
            "付清电放",
        ],
    );
    says && !denied && !after_payment
}

fn says_buyers_forwarder(plain: &str) -> bool {
    (has_token(plain, &["fob", "fca"]) || plain.contains("离岸价"))
        && has(
            plain,
            &[
                "nominated forwarder",
                "appointed forwarder",
                "forwarder nominated",
                "forwarder appointed",
                "buyer's forwarder",
                "buyers forwarder",
                "customer's forwarder",
                "client's forwarder",
                "指定货代",
                "指定货运",
                "客户货代",
                "买方货代",
                "买家货代",
                "客户的货代",
                "买方的货代",
            ],
        )
}

fn says_credit_to_buyer(plain: &str) -> bool {
    let credit = has_token(plain, &["l/c", "lc"]) || has(plain, &["letter of credit", "documentary credit", "信用证"]);
    credit
        && has(
            plain,
            &[
                "to order of buyer",
                "to order of the buyer",
                "to the order of buyer",
                "to the order of the buyer",
                "to buyer's order",
                "to the buyer's order",
                "to order of applicant",
                "to order of the applicant",
                "to the order of applicant",
                "to the order of the applicant",
                "to order of consignee",
                "to order of the consignee",
                "to the order of the consignee",
                "consigned to buyer",
                "consigned to the buyer",
                "consigned to applicant",
                "consigned to the applicant",
                "straight b/l",
                "straight bill of lading",
                "记名提单",
                "凭买方指示",
                "凭客户指示",
                "凭申请人指示",
                "抬头为买方",
                "抬头为客户",
                "抬头为申请人",
                "收货人为买方",
                "收货人为客户",
                "收货人为申请人",
            ],
        )
}
