//! The file on its way into the store: one commit, what is already known, and the report as it grows.
//!
//! Each kind's rows are written in a file of its own (`direct`, `marketplace`, `debtors`, `contacts`, `receivables`,
//! `payments`, `payouts`, `products`, `stock`); debtors and people, which most kinds share, in `parties` and `people`.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use jiff::civil::Date;
use jiff::tz::TimeZone;

use dunlin_core::calendar::days_between;
use dunlin_core::ids::PartyId;
use dunlin_core::money::Currency;
use dunlin_core::receivable::{Obligor, Trigger};
use dunlin_sheets::{Cell, Row};
use dunlin_store::{Commit, KnownContact, KnownReceivable, ReceivableFields, SaidInCurrency, StoreError};

use super::cells::RowReader;
use super::fields::Field;
use super::headers;
use super::kind::Layout;
use super::mapping_file::Mapping;
use super::parties::PartyBook;
use super::payouts::{self, PayoutSums};
use super::people::SeenPerson;
use super::report::{Correction, ImportReport, LeftOut};
use super::said::Said;
use super::sellers::Sellers;
use super::shelf::Shelf;
use super::shop_goods::ShopFile;
use super::table::Table;
use super::vanished::Known;
use super::words;

/// A debt that is late by more days is old when it comes in.
const OLD_DAYS: i32 = 30;

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Added,
    Corrected,
    Unchanged,
    LeftOut,
}

/// Everything that lives as long as the import of one file.
pub struct Book<'m> {
    pub commit: Commit,
    pub layout: Layout,
    pub mapping: &'m Mapping,
    pub today: Date,
    pub zone: TimeZone,
    pub report: ImportReport,
    pub parties: PartyBook,
    /// Marketplace buyers of this file.
    pub buyers: HashMap<String, PartyId>,
    pub people: HashMap<PartyId, Vec<KnownContact>>,
    pub seen_people: HashMap<(PartyId, String), SeenPerson>,
    /// Order numbers and references of this file: the row they stood in, and a fingerprint of what it said.
    pub seen: HashMap<String, (u32, u64)>,
    /// Of the orders: which are known and were missing before.
    pub known: Known,
    pub limits: Limits,
    pub sellers: Sellers,
    pub shelf: Shelf,
    /// Of a marketplace: what the file says beside money.
    pub shop: ShopFile,
    /// What the platform paid out, by currency.
    pub payouts: PayoutSums,
    /// Buyers of whom something was told that may make waiting letters wrong.
    pub told: BTreeSet<PartyId>,
    /// An order of the file is of somebody who was erased: no copy of it is kept, which would name them again.
    pub names_erased: bool,
    /// Amounts whose clock has not begun, by trigger and the column that would say it (and whether it is there).
    pub waiting: BTreeMap<(Trigger, Field), (bool, usize)>,
}

/// What whoever brought the file may not do by it.
#[derive(Debug)]
pub struct Limits {
    /// Debtors that somebody else looks after.
    pub hidden: HashSet<PartyId>,
    /// Say that money came in.
    pub money: bool,
    /// Lower or end what a buyer owes.
    pub lower: bool,
    /// Hand buyers over, and grade them.
    pub assign: bool,
    pub most_rows: Option<usize>,
}

impl Book<'_> {
    /// Takes over all rows of one table.
    pub async fn take(&mut self, table: &Table<'_>) -> Result<(), StoreError> {
        if matches!(self.layout, Layout::Products | Layout::Stock) {
            self.load_shelf(table).await?;
        }
        let rows = match self.layout {
            Layout::Payouts => payouts::in_turn(table, self.mapping),
            _ => table.rows.iter().collect(),
        };
        for row in rows {
            if is_no_data(table, row) {
                self.report.counts.skipped += 1;
                continue;
            }
            if self.limits.most_rows.is_some_and(|most| self.report.counts.rows >= most) {
                self.report.looked_at_first = Some(self.report.counts.rows);
                return Ok(());
            }
            self.report.counts.rows += 1;
            let mut reader = RowReader::new(table, row, self.mapping);
            let before = self.report.corrections.len();
            let outcome = match self.layout {
                Layout::Direct => self.take_direct(&mut reader).await,
                Layout::Marketplace => self.take_marketplace(&mut reader).await,
                Layout::Debtors => self.take_debtor(&mut reader).await,
                Layout::Contacts => self.take_contact(&mut reader).await,
                Layout::Receivables => self.take_receivable(&mut reader).await,
                Layout::Payments => self.take_payment(&mut reader).await,
                Layout::Payouts => self.take_payout(&mut reader).await,
                Layout::Products => self.take_product(&mut reader).await,
                Layout::Stock => self.take_stock(&mut reader).await,
            };
            let outcome = self.settle(outcome, &mut reader)?;
            if outcome == Outcome::LeftOut {
                self.sellers.look_at(&mut reader);
            }
            let counts = &mut self.report.counts;
            match outcome {
                Outcome::LeftOut => counts.left_out += 1,
                Outcome::Added => counts.added += 1,
                Outcome::Corrected => counts.corrected += 1,
                // A person or debtor of the row was corrected.
                Outcome::Unchanged if self.report.corrections.len() > before => counts.corrected += 1,
                Outcome::Unchanged => counts.unchanged += 1,
            }
            self.report.problems.append(&mut reader.problems);
        }
        Ok(())
    }

    /// Counts an amount that is new here and long due, so that whoever brings it can say how it comes in.
    pub fn count_old(&mut self, is_new: bool, fields: &ReceivableFields) {
        let late = fields.due_on.map_or(0, |due| days_between(due, self.today));
        if is_new && !fields.closed && fields.obligor == Obligor::Buyer && late > OLD_DAYS {
            self.report.old_debts += 1;
        }
    }

    /// What the ledger refuses is a problem of the row; anything else ends the import.
    fn settle(
        &mut self,
        outcome: Result<Outcome, StoreError>,
        reader: &mut RowReader<'_>,
    ) -> Result<Outcome, StoreError> {
        match outcome {
            Err(StoreError::Refused(why)) => {
                reader.problem(None, LeftOut::Row, Said::Plain(why), "mend-by-hand");
                Ok(Outcome::LeftOut)
            }
            Err(StoreError::Told(why)) => {
                reader.problem(None, LeftOut::Row, Said::Refused(why), "mend-by-hand");
                Ok(Outcome::LeftOut)
            }
            Err(StoreError::Ledger(why)) => {
                let said = crate::refused::of_ledger(&why).map_or_else(|| Said::Plain(why.to_string()), Said::Refused);
                reader.problem(None, LeftOut::Row, said, "mend-by-hand");
                Ok(Outcome::LeftOut)
            }
            other => other,
        }
    }

    /// Whether a receivable has to stay in its currency, whatever the file says; the row is left out then.
    pub async fn keeps_currency(
        &mut self,
        reader: &mut RowReader<'_>,
        party_id: PartyId,
        known: &KnownReceivable,
        new: Currency,
    ) -> Result<bool, StoreError> {
        let owed = known.amount.currency;
        if owed == new {
            return Ok(false);
        }
        let Some(said) = self.commit.said_in_another_currency(party_id, known.id, new).await? else {
            return Ok(false);
        };
        let remedy = match said {
            SaidInCurrency::Line => "mend-currency-line",
            SaidInCurrency::Dispute => "mend-currency-dispute",
            SaidInCurrency::Promise => "mend-currency-promise",
        };
        reader.problem(Field::Amount, LeftOut::Row, Said::Refused(said.refusal(known.number, owed, new)), remedy);
        Ok(true)
    }

    /// Whether a debtor is somebody else's; the row is left out then.
    pub fn is_hidden(&self, reader: &mut RowReader<'_>, field: Field, id: PartyId) -> bool {
        let hidden = self.limits.hidden.contains(&id);
        if hidden {
            reader.problem(field, LeftOut::Row, "unread-hidden", "mend-hidden");
        }
        hidden
    }

    /// Whether the file may lower what a buyer owes; the row is left out when not.
    pub fn refuses_lowering(&self, reader: &mut RowReader<'_>, field: Field, lowers: bool) -> bool {
        let refused = lowers && !self.limits.lower;
        if refused {
            reader.problem(field, LeftOut::Row, "unread-lowers", "mend-lowers");
        }
        refused
    }

    /// Notes corrections of one thing.
    pub fn note(&mut self, reader: &RowReader<'_>, what: &Said, changes: Vec<(&'static str, String, String)>) {
        for (field, before, after) in changes {
            self.correction(reader, what, field, before, after, false);
        }
    }

    pub fn correction(
        &mut self,
        reader: &RowReader<'_>,
        what: &Said,
        field: &str,
        before: String,
        after: String,
        personal: bool,
    ) {
        self.report.corrections.push(Correction {
            sheet: reader.table.sheet.name.clone(),
            row: reader.row.number,
            what: what.plain(),
            about: what.clone(),
            field: field.to_string(),
            before,
            after,
            personal,
        });
    }

    /// Whether the name stood in this file before: `None` when it is new; else whether the rows agree.
    pub fn repeats(&mut self, name: &str, row: u32, content: &str) -> Option<Repeat> {
        let mut hasher = DefaultHasher::new();
        content.hash(&mut hasher);
        let print = hasher.finish();
        match self.seen.get(name) {
            Some((first, known)) => Some(Repeat { first: *first, agrees: *known == print }),
            None => {
                self.seen.insert(name.to_string(), (row, print));
                None
            }
        }
    }
}

/// The same name again in one file.
#[derive(Debug, Clone, Copy)]
pub struct Repeat {
    pub first: u32,
    pub agrees: bool,
}

/// A line of sums, or the header again at the top of a printed page.
fn is_no_data(table: &Table<'_>, row: &Row) -> bool {
    let cells: Vec<(usize, &Cell)> = row.cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()).collect();
    let is_header = |(index, cell): &(usize, &Cell)| {
        table
            .header
            .get(*index)
            .is_some_and(|name| !name.is_empty() && headers::fold(name) == headers::fold(&cell.text()))
    };
    if cells.len() >= 2 && cells.iter().all(is_header) {
        return true;
    }
    // A sum has its word first and fewer cells than a row of data.
    let first = cells.first().is_some_and(|(_, cell)| words::means_total(&cell.text()));
    first && cells.len() * 2 <= table.columns.len() + 2
}
