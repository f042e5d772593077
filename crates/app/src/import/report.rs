//! What an import did, for people and as JSON: nothing that was read is lost without a line here.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use dunlin_core::ids::{OrderId, PartyId};
use dunlin_core::money::{Currency, Money, MoneyError};
use dunlin_core::receivable::{Milestone, Trigger};
use dunlin_store::Payout;

use super::fields::Field;
use super::kind::Kind;
use super::said::Said;
use super::table::{SheetLeftOut, TableMapping};

/// The outcome of one file.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImportReport {
    pub file: String,
    pub kind: Kind,
    /// `marketplace` or `file`: whose numbers and names the rows carry.
    pub source: &'static str,
    pub sha256: String,
    /// Nothing was kept.
    pub dry_run: bool,
    /// When a file of exactly this content came in before.
    pub already_imported: Option<Timestamp>,
    /// One per sheet that was read.
    pub mapping: Vec<TableMapping>,
    pub sheets_left_out: Vec<SheetLeftOut>,
    pub counts: Counts,
    pub corrections: Vec<Correction>,
    /// Orders (of a catalogue: articles) that are known, are missing in this file, and were not missing in the one before.
    /// They stay as they are.
    pub vanished: Vec<Vanished>,
    /// Orders or articles that were already missing in earlier files.
    pub missing_since_earlier: Vec<String>,
    /// Amounts that cannot fall due yet, because the day that starts their clock is not in the file.
    pub awaiting: Vec<Awaiting>,
    pub problems: Vec<Problem>,
    /// How many orders of the file warn of something, by what their terms say.
    pub risks: Vec<RiskCount>,
    /// A look at a long file stops after so many rows; the whole file is read when it is taken in.
    pub looked_at_first: Option<usize>,
    /// How old debts came in, or would: `standard` from the first step on, `contextual` on the step of their age.
    #[schema(example = "standard")]
    pub entry: &'static str,
    /// Amounts new here that are more than 30 days late.
    pub old_debts: usize,
    /// Marketplace orders of which the file told something new beside money: how they stand, goods, parcels.
    pub orders_told: usize,
    /// Marketplace orders of which more is known than this file says; they stay as they are.
    pub older_orders: usize,
    /// What the platform paid out, kept and took back, by currency.
    pub payouts: Vec<PayoutSum>,
    /// Letters that waited and are not right any more.
    pub letters_cancelled: usize,
    /// How the first rows of the seller's own orders were read.
    #[serde(skip)]
    pub first_rows: Vec<ReadRow>,
    /// Orders known before of which a day was told anew: another playbook may fit them now.
    #[serde(skip)]
    pub days_changed: Vec<(PartyId, OrderId)>,
}

/// How a row was read: what is owed, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadRow {
    pub row: u32,
    pub order: String,
    pub ordered_on: Option<Date>,
    pub parts: Vec<ReadPart>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadPart {
    pub milestone: Milestone,
    pub amount: Money,
    /// `None`: once the trigger has happened.
    pub due_on: Option<Date>,
    pub trigger: Trigger,
}

/// What a platform paid out by a file, in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PayoutSum {
    /// What came, after fees.
    #[schema(example = "USD 475.00")]
    pub paid_out: String,
    /// What the platform kept, less what it gave back.
    #[schema(example = "USD 25.00")]
    pub fees: String,
    /// What the platform took back, because buyers got it back.
    #[schema(example = "USD 0.00")]
    pub taken_back: String,
    /// The same for pages.
    #[serde(skip)]
    pub money: [Money; 3],
}

impl PayoutSum {
    pub fn none(currency: Currency) -> Self {
        Self {
            paid_out: String::new(),
            fees: String::new(),
            taken_back: String::new(),
            money: [Money::zero(currency); 3],
        }
    }

    /// Adds a line to it.
    pub fn add(&mut self, is_back: bool, line: &Payout) -> Result<(), MoneyError> {
        let [paid_out, fees, taken_back] = self.money;
        self.money = if is_back {
            [paid_out, fees.checked_add(line.fee.checked_neg()?)?, taken_back.checked_add(line.net)?]
        } else {
            [paid_out.checked_add(line.net)?, fees.checked_add(line.fee)?, taken_back]
        };
        [self.paid_out, self.fees, self.taken_back] = self.money.map(|money| money.to_string());
        Ok(())
    }
}

/// Cases for which another playbook fits better, because of the days of their orders.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Followed {
    /// They follow it from now on.
    pub moved: Vec<FollowedCase>,
    /// They stay, because a letter of theirs is under way.
    pub waiting: Vec<FollowedCase>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FollowedCase {
    #[schema(example = "R-1042")]
    pub receivable: String,
    /// Ids of playbooks.
    pub from: String,
    pub to: String,
    /// Days of the order that are known and that the other playbook counts from; empty when the one that the former needed
    /// was taken back.
    pub because: Vec<String>,
}

/// Rows by what became of them: `rows` is the sum of the other four.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Counts {
    pub rows: usize,
    pub added: usize,
    pub corrected: usize,
    pub unchanged: usize,
    pub left_out: usize,
    /// Lines of sums and repeated headers; not among `rows`.
    pub skipped: usize,
}

/// One field of something known that now reads differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Correction {
    pub sheet: String,
    pub row: u32,
    /// `order QH-26001`, `debtor C001`, `contact of C001`.
    pub what: String,
    pub field: String,
    pub before: String,
    pub after: String,
    /// The same for pages.
    #[serde(skip)]
    pub about: Said,
    /// Kept in the record of the import without its values.
    #[serde(skip)]
    pub personal: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Vanished {
    /// Number of the order, or of the article.
    pub order: String,
    /// Name of the debtor, or a title of the article.
    pub debtor: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Awaiting {
    #[schema(value_type = String)]
    pub trigger: Trigger,
    /// The column that would say it.
    pub field: Field,
    /// False: the file has no such column, so that it will never be known from it.
    pub has_column: bool,
    pub amounts: usize,
}

/// Orders that warn of the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RiskCount {
    #[schema(example = "telex_release")]
    pub code: &'static str,
    pub orders: usize,
}

/// What was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LeftOut {
    /// Nothing of the row went in.
    Row,
    /// The row went in without this cell.
    Value,
}

/// Something that could not be taken over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = UnreadCell)]
pub struct Problem {
    pub sheet: String,
    /// As Excel or an editor numbers rows.
    pub row: u32,
    /// Letter; empty when the whole row is meant.
    pub column: String,
    pub header: String,
    pub field: Option<Field>,
    /// The cell as it stands in the file.
    pub read: String,
    pub why: String,
    pub remedy: String,
    /// Names what `why` says, whatever its words; empty for what has no name.
    pub code: &'static str,
    /// `why` and `remedy` for pages.
    #[serde(skip)]
    pub said: (Said, Said),
    pub left_out: LeftOut,
}

impl ImportReport {
    /// The report for the database. What is personal in it stays out: it would outlive the erasure of the person.
    pub fn record(&self) -> String {
        let mut kept = self.clone();
        for correction in kept.corrections.iter_mut().filter(|correction| correction.personal) {
            correction.before = String::new();
            correction.after = String::new();
        }
        for problem in kept.problems.iter_mut().filter(|problem| problem.field.is_some_and(is_personal)) {
            problem.read = String::new();
            problem.why = without_quotes(&problem.why);
        }
        for table in &mut kept.mapping {
            let spare = table.unmapped.iter_mut().chain(&mut table.doubled).map(|column| &mut column.sample);
            for sample in table.columns.iter_mut().map(|column| &mut column.sample).chain(spare) {
                sample.clear();
            }
        }
        serde_json::to_string(&kept).unwrap_or_default()
    }
}

/// `row 2 says ‘Anna’` → `row 2 says ‘…’`
fn without_quotes(text: &str) -> String {
    let mut plain = String::new();
    for (index, piece) in text.split(['‘', '’']).enumerate() {
        plain.push_str(if index % 2 == 0 { piece } else { "‘…’" });
    }
    plain
}

const fn is_personal(field: Field) -> bool {
    matches!(
        field,
        Field::ContactName | Field::Email | Field::Phone | Field::BuyerName | Field::BuyerLogin | Field::Salesperson
    )
}
