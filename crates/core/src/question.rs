//! Questions that a person puts to a buyer outside every playbook: about a payment that does not explain itself (SCENARIOS
//! B7), or about documents that a bank did not accept (B6). A letter of its own asks, once; nothing is guessed meanwhile.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::facts::{DebtorFacts, ReceivableFacts};
use crate::ids::{PaymentId, ReceivableId};
use crate::key_date::{KeyDate, day_of};
use crate::matching::names::NameKey;
use crate::money::{Money, MoneyError};
use crate::order::OrderSource;
use crate::receivable::coded_enum;
use crate::refusal::{Refusal, RefusalCode};

/// The step of letters that ask such a question: it stands on no ladder, and no playbook may call a step so.
pub const QUESTION_STEP: &str = "question";

/// Days for an answer, counted from the day the letter leaves, unless somebody says otherwise.
pub const ANSWER_DAYS: i32 = 7;

/// Days after that for which nobody is pressed: an answer may be on its way, or wait to be read.
pub const DAYS_TO_READ: i32 = 3;

coded_enum! {
    /// What is asked.
    QuestionKind {
        /// Less came in than is open: bank charges, something set off, or is the rest on its way?
        Short = "short",
        /// More came in than was owed: the next invoice, or back?
        Over = "over",
        /// What does it settle?
        Which = "which",
        /// Somebody else paid: was it for you?
        ThirdParty = "third_party",
        /// It came in another currency than is owed: what does it settle?
        Currency = "currency",
        /// A bank found a discrepancy in documents under a letter of credit: will you accept them?
        Discrepancy = "discrepancy",
    }
}

impl QuestionKind {
    /// Name of the letter that asks it.
    pub const fn letter(self) -> &'static str {
        match self {
            Self::Short => "b7_short_payment",
            Self::Over => "b7_overpayment",
            Self::Which => "b7_many_invoices",
            Self::ThirdParty => "b7_third_party",
            Self::Currency => "b7_other_currency",
            Self::Discrepancy => "b6_lc_discrepancy",
        }
    }
}

coded_enum! {
    /// How a question stands.
    QuestionState {
        Open = "open",
        /// The buyer's answer was noted, or what was asked about has found its place.
        Answered = "answered",
        /// The days for an answer are over: a person decides, and what was paused is asked for again.
        Unanswered = "unanswered",
        /// Its letter never left.
        Withdrawn = "withdrawn",
    }
}

/// What a letter asks about, beside the receivables that it names. Kept with the letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asks {
    pub kind: QuestionKind,
    #[serde(default)]
    pub payment: Option<AskedPayment>,
    #[serde(default)]
    pub notice: Option<Notice>,
}

/// The payment as the books had it when the question was put; changed since, the letter does not leave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedPayment {
    pub id: PaymentId,
    /// `P-0042`.
    pub number: String,
    pub amount: Money,
    /// What has no place yet.
    pub left: Money,
    pub received_on: Date,
}

/// A bank's notice of discrepancies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    pub on: Date,
    /// As the bank put it.
    pub words: String,
}

/// A payment with what the question needs to know of it.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    pub id: PaymentId,
    pub number: &'a str,
    pub left: Money,
    pub payer_name: &'a str,
    pub is_set_aside: bool,
}

/// The receivables that a letter with this question names: those chosen, else those that the payment speaks of. A question
/// that would not be true is refused.
pub fn named<'f>(
    kind: QuestionKind,
    about: About<'_>,
    facts: &'f DebtorFacts,
    chosen: &[ReceivableId],
) -> Result<Vec<&'f ReceivableFacts>, Refusal> {
    let refusal = |code| Refusal::new(code).with("number", about.number);
    let spoilt = |_: MoneyError| refusal(RefusalCode::AskUnfit);
    if about.is_set_aside {
        return Err(refusal(RefusalCode::AskUnfit));
    }
    let mut items = Vec::new();
    for item in &facts.receivables {
        let is_chosen = chosen.contains(&item.receivable.id);
        let open = item.outstanding().map_err(spoilt)?;
        let ours = item.receivable.source == OrderSource::Direct && !item.receivable.closed;
        let paid_by_it = holds(item, about.id);
        let fits = match kind {
            QuestionKind::Short => paid_by_it && open.is_positive(),
            QuestionKind::Over => paid_by_it,
            QuestionKind::Which | QuestionKind::ThirdParty => open.is_positive() || paid_by_it,
            QuestionKind::Currency => open.is_positive() && open.currency != about.left.currency,
            QuestionKind::Discrepancy => false,
        };
        let wanted = is_chosen || (chosen.is_empty() && (kind != QuestionKind::ThirdParty || paid_by_it));
        if wanted && fits && ours {
            items.push(item);
        }
    }
    let is_true = match kind {
        QuestionKind::Short => about.left.minor == 0,
        QuestionKind::Over | QuestionKind::Which | QuestionKind::Currency => about.left.is_positive(),
        QuestionKind::ThirdParty => is_other_name(about.payer_name, &facts.party.name),
        QuestionKind::Discrepancy => false,
    };
    // One letter states one currency: without a choice, that of what is named first.
    if chosen.is_empty()
        && let Some(first) = items.first().map(|item| item.receivable.amount.currency)
    {
        items.retain(|item| item.receivable.amount.currency == first);
    }
    let one_currency =
        items.windows(2).all(|two| two[0].receivable.amount.currency == two[1].receivable.amount.currency);
    if !is_true || items.is_empty() || items.len() < chosen.len() || !one_currency {
        return Err(refusal(RefusalCode::AskUnfit));
    }
    Ok(items)
}

/// Which questions a payment raises at a debtor, for the list to choose from.
pub fn raised(about: About<'_>, facts: &DebtorFacts, chosen: &[ReceivableId]) -> Vec<QuestionKind> {
    let fits = |kind: &QuestionKind| named(*kind, about, facts, chosen).is_ok();
    QuestionKind::ALL.iter().copied().filter(fits).collect()
}

/// Whether the order is paid through a letter of credit, by the days that are known of it or by its playbook.
pub fn is_under_credit(item: &ReceivableFacts) -> bool {
    let days = [KeyDate::LatestShipment, KeyDate::Presentation, KeyDate::CreditExpiry];
    let followed = item.case.as_ref().and_then(|case| case.playbook.as_ref());
    days.into_iter().any(|kind| day_of(&item.dates, kind).is_some())
        || followed.is_some_and(|playbook| &*playbook.id == "b6_letter_of_credit")
}

/// Whether the payment has a line on the receivable that was not taken back.
fn holds(item: &ReceivableFacts, payment: PaymentId) -> bool {
    let from_it =
        item.entries.iter().filter_map(|entry| entry.payment.as_ref()).filter(|from| from.payment_id == payment);
    from_it.map(|from| from.amount.minor).sum::<i64>() != 0
}

/// Whether the bank named somebody else than the debtor.
pub fn is_other_name(payer: &str, debtor: &str) -> bool {
    let (payer, debtor) = (NameKey::new(payer), NameKey::new(debtor));
    !payer.is_empty() && !debtor.is_empty() && !payer.resembles(&debtor)
}
