//! `GET /debtors/{number}`: can I trust them, what do they owe, what happens next?

use super::figures::{Age, Amount, When};
use super::supply::SupplyPanel;
use super::tasks::OpenTask;
use super::timeline::Entry;
use super::who::{ContactRow, Facts};

/// The page.
#[derive(Debug, Clone, Default)]
pub struct DebtorPage {
    /// Name, country, clock, open money by age, promises, last contact, papers, pause.
    pub facts: Facts,
    pub is_consumer: bool,
    /// Amounts of it that nobody can add up, and what to do.
    pub at_odds: Option<String>,
    /// A person blocked this debtor; the sentence says when and why.
    pub blacklisted: Option<String>,
    /// Code of its grade; empty: nobody said.
    pub grade: &'static str,
    pub receivables: Vec<ReceivableRow>,
    pub contacts: Vec<ContactRow>,
    /// Who is not written to any more.
    pub former: Vec<ContactRow>,
    /// What the form for another person begins with.
    pub new_contact: ContactRow,
    pub pauses: Vec<Pause>,
    /// Open work about it.
    pub tasks: Vec<OpenTask>,
    pub timeline: Vec<Entry>,
    pub form: PauseForm,
    /// Days to come, or of now, on which it is closed.
    pub closed: Vec<ClosedRow>,
    /// Its people could have one of several clocks, or its country is not known.
    pub clocks: Option<Clocks>,
    /// Every playbook there is; the chosen one is marked.
    pub playbooks: Vec<PlaybookChoice>,
    pub merged: Vec<MergedDebtor>,
    /// Who looks after it; empty: nobody.
    pub salesperson: String,
    /// Whom it could be handed to.
    pub people: Vec<Colleague>,
    /// New goods and credit.
    pub supply: SupplyPanel,
}

/// Days on which a debtor is closed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClosedRow {
    pub from: When,
    pub to: When,
    pub why: String,
}

/// What is not known of the clock of a debtor's people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clocks {
    /// Names of zones with their places; empty when the country is not known.
    pub zones: Vec<(String, String)>,
}

impl Clocks {
    /// Places of the first and the last of them: between these lie the others.
    pub fn ends(&self) -> Option<(String, String)> {
        let (first, last) = (self.zones.first()?, self.zones.last()?);
        Some((first.1.clone(), last.1.clone()))
    }
}

/// Somebody who could look after a debtor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Colleague {
    pub id: String,
    pub name: String,
    pub is_chosen: bool,
}

/// Another debtor that was found to be this one; it can be separated again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MergedDebtor {
    pub number: String,
    pub name: String,
}

/// A playbook that could be chosen for this debtor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlaybookChoice {
    pub id: String,
    pub title: String,
    pub is_chosen: bool,
}

impl DebtorPage {
    /// Where the forms of this debtor post to: `{base}/hold`, `{base}/promise`, `{base}/block`, ….
    pub fn base(&self) -> String {
        format!("/debtors/{}", self.facts.debtor.number)
    }
}

/// One receivable in a table; links to `/receivables/{number}`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReceivableRow {
    pub number: String,
    pub reference: String,
    pub milestone: String,
    pub amount: Amount,
    /// By the buyer.
    pub outstanding: Amount,
    /// What the platform has yet to pay out; `None`: it does not owe.
    pub platform: Option<Amount>,
    pub due: Option<When>,
    pub age: Age,
    /// Code of the case's state.
    pub case_state: String,
    /// Code of the reason why it is unpaid, where it is known.
    pub why: Option<String>,
    /// Something is open, so that a reason can be noted.
    pub is_open: bool,
    /// "Second reminder, Mon 9 Mar"; empty when nothing is planned.
    pub next: String,
    /// Why, or why not yet, in one short sentence.
    pub reason: String,
}

impl ReceivableRow {
    /// Where the forms of this receivable post to.
    pub fn base(&self) -> String {
        format!("/receivables/{}", self.number)
    }
}

/// A hold, promise or dispute.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pause {
    /// `hold`, `promise`, `dispute`.
    pub kind: String,
    /// Receivable it covers, `R-1042`; `None` for the whole debtor.
    pub receivable: Option<String>,
    /// Promised or disputed.
    pub amount: Option<Amount>,
    /// Until when it pauses, the promised day; `None` for open disputes.
    pub until: Option<When>,
    /// Reason or note as typed.
    pub text: String,
    /// `active`, `kept`, `partly_kept`, `broken`, `ended`, `solved`.
    pub state: String,
    pub recorded: When,
    pub by: String,
    /// Where "end it now" posts to; `None` when it has ended or cannot be ended by hand.
    pub end_action: Option<String>,
}

/// What the forms for holds, promises and disputes start with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PauseForm {
    /// ISO; the smallest day a hold or promise may end.
    pub tomorrow: String,
    /// ISO; the largest (promises and holds are capped).
    pub latest: String,
    /// Currencies with open money; the first is chosen. On a receivable's page: its own only.
    pub currencies: Vec<String>,
    /// Proposed amount, plain decimal; may be empty.
    pub amount: String,
    /// ISO; the firm's own day.
    pub today: String,
    /// Hidden `next`: back to this page.
    pub next: String,
    /// What a promise can be about beside everything that is due; empty on a receivable's own page.
    pub about: Vec<Promisable>,
}

/// An open receivable that somebody may promise to pay.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Promisable {
    /// `R-1042`.
    pub number: String,
    pub reference: String,
    pub milestone: String,
    pub outstanding: Amount,
}
