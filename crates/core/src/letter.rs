//! What a letter says, before any language: the facts that templates, account statements and pages are filled from.

pub mod order;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::goods::GoodsStage;
use crate::money::Money;
use crate::party::{Channel, Language};
use crate::question::Asks;
use crate::receivable::{Milestone, coded_enum};

coded_enum! {
    /// What a letter is for (SCENARIOS A0): levels, gaps and "nothing when paid" bind press and formal ones.
    Purpose {
        Press = "press",
        Formal = "formal",
        Answer = "answer",
        Service = "service",
        Sell = "sell",
    }
}

impl Purpose {
    /// Whether the gates for pressing apply.
    pub const fn asks_for_money(self) -> bool {
        matches!(self, Self::Press | Self::Formal)
    }
}

/// The step of letters that put a wrong one right: it stands on no ladder, and no playbook may call a step so.
pub const REPAIR_STEP: &str = "repair";

coded_enum! {
    /// What was wrong with a letter that left (SCENARIOS A16).
    WrongSend {
        /// It should not have gone at all.
        Mistake = "wrong_send",
        /// It asked for a wrong amount.
        Amount = "wrong_amount",
        /// Somebody got it who has nothing to do with it.
        Recipient = "wrong_recipient",
    }
}

impl WrongSend {
    /// Name of the letter that puts it right.
    pub const fn letter(self) -> &'static str {
        match self {
            Self::Mistake => "repair_wrong_send",
            Self::Amount => "repair_wrong_amount",
            Self::Recipient => "repair_wrong_recipient",
        }
    }

    /// What a letter of this name puts right.
    pub fn of_letter(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|wrong| wrong.letter() == name)
    }
}

/// Everything a letter may state. Amounts come from the ledger at the time of rendering, never from the past.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterFacts {
    /// Human number of the letter, `L-0012`.
    pub letter_number: String,
    /// File name under `letters/<language>/`, without ending.
    pub letter: String,
    pub language: Language,
    pub channel: Channel,
    pub purpose: Purpose,
    /// The day the letter is dated, in the tenant's zone.
    pub today: Date,
    pub sender: Sender,
    /// The buyer's company (or consumer's) name.
    pub buyer_name: String,
    /// The person written to; empty when unknown.
    pub contact_name: String,
    pub items: Vec<LetterLine>,
    /// Sum of what the items ask for.
    pub total: Money,
    /// Where to pay: a confirmed bank account of ours; `None` for marketplace orders.
    pub bank: Option<BankDetails>,
    pub answer_by: Date,
    /// The account statement goes along as a PDF.
    pub has_statement: bool,
    /// A true difficulty of the seller's own, as somebody of the firm typed it in the letter's language (SCENARIOS A4).
    /// Mostly empty; never invented.
    pub difficulty: String,
    /// The payment or the bank's notice that a question is about.
    pub asks: Option<Asks>,
    /// The marketplace order that a letter of M2 to M10 is about; `None` in every other letter.
    pub order: Option<order::AboutOrder>,
}

/// One receivable in a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterLine {
    /// Invoice or order number, as the buyer knows it.
    pub reference: String,
    pub order_number: String,
    pub ordered_on: Option<Date>,
    pub milestone: Milestone,
    pub amount: Money,
    pub outstanding: Money,
    /// What this letter asks for: outstanding less disputed and promised parts.
    pub asked: Money,
    pub due_on: Option<Date>,
    /// Negative before the due date.
    pub days_overdue: i32,
    /// The last that is known of its goods on the day of the letter.
    pub goods: Option<GoodsStage>,
    /// Something else of its order is due, unpaid and not in this letter.
    pub rest_due: bool,
}

/// Who writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sender {
    pub company: String,
    pub company_address: String,
    /// The person who signs.
    pub name: String,
    pub email: String,
    pub phone: String,
    /// Lines under a letter in place of name, company, address and phone; empty: those.
    #[serde(default)]
    pub signature: String,
}

/// Whether a text has Chinese characters, which a reader of other letters cannot read.
pub fn has_chinese(text: &str) -> bool {
    let is_chinese =
        |c: char| matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}');
    text.chars().any(is_chinese)
}

/// A bank account of ours that a second person has confirmed (SCENARIOS G9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankDetails {
    pub holder: String,
    pub bank: String,
    /// IBAN or account number.
    pub account: String,
    pub swift: String,
}

/// All open lines of one debtor in one currency (SCENARIOS A6): goes along with pressing emails as a PDF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountStatement {
    pub language: Language,
    pub as_of: Date,
    /// The last day whose payments are in it: the statements of the bank may tell of less than today, or none was read.
    pub paid_to: Option<Date>,
    pub sender: Sender,
    pub buyer_name: String,
    pub buyer_number: String,
    pub buyer_country: String,
    pub lines: Vec<StatementLine>,
    pub total_outstanding: Money,
    pub total_overdue: Money,
    /// Of the open amounts, what is due and may be asked for: what the buyer is asked for now.
    pub total_asked: Money,
    pub bank: Option<BankDetails>,
}

/// One open receivable on an account statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementLine {
    pub reference: String,
    pub order_number: String,
    pub milestone: Milestone,
    pub due_on: Option<Date>,
    pub days_overdue: i32,
    pub amount: Money,
    /// Money that came in on it. What else has lowered the amount was credited, or given up.
    pub paid: Money,
    pub outstanding: Money,
    /// Part of the outstanding amount that the buyer disputes (zero when none).
    pub disputed: Money,
    /// What may be asked for once it is due: what the letter asks for where it names it, else what the gates leave.
    pub asked: Money,
    /// Why it is not asked for now, apart from a dispute.
    pub rests: Option<Rests>,
}

coded_enum! {
    /// Why an open amount on an account statement is not asked for now.
    Rests {
        /// To be paid through the bank, under a letter of credit or a collection.
        ThroughBank = "through_bank",
        /// Something of ours is to be made good first.
        SellerFault = "seller_fault",
        /// It is paused, or the buyer was asked something about it.
        Paused = "paused",
        /// The buyer says that the money is on its way.
        InTransit = "in_transit",
        /// The buyer has promised it, and the day has not passed.
        Promised = "promised",
        /// It may have been paid already: what came in is not known yet, or has no place.
        Checked = "checked",
    }
}

#[cfg(test)]
mod tests {
    use super::has_chinese;

    #[test]
    fn chinese_characters_are_seen() {
        assert!(has_chinese("宁波拓野户外用品有限公司"));
        assert!(has_chinese("Tuoye 拓野"));
        assert!(!has_chinese("Ningbo Tuoye Outdoor Co., Ltd."));
        assert!(!has_chinese("Köln, São Paulo, 1–3"));
    }
}
