//! Spreadsheets into the store: orders, debtors, contacts, receivables, payments, payouts, products and stock, as people really
//! keep them.
//!
//! [`import_file`] reads the tables (`table`: where the header is and which column is which field, by the names in
//! `fields`), takes every row over in one commit (`book`), and returns a report in which every cell that could not be
//! understood stands with its place, the reason and a remedy (`report`). A bad row is left out and the rest goes in;
//! the raw file is kept; the same file twice changes nothing; what a later file says differently is a correction;
//! what it no longer has is listed and stays open. Nothing here decides what is sent.
//!
//! A new name for a column is a word in `fields`, a new word in cells is a word in `words`, a new kind of file is a
//! `Layout` with a file beside `debtors`.

mod amounts;
mod assign;
mod book;
mod cells;
mod contacts;
mod days;
mod debtor_part;
mod debtors;
mod direct;
mod direct_row;
mod error;
mod fields;
mod headers;
mod kind;
mod mapping_file;
mod marketplace;
mod milestones;
mod order_words;
mod paid;
mod parties;
mod payments;
mod payouts;
mod people;
mod products;
mod receivables;
mod report;
mod said;
mod sellers;
mod shelf;
mod shop_goods;
mod shop_news;
pub mod shop_order;
mod stock;
mod table;
#[cfg(test)]
mod tests;
mod vanished;
mod words;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use dunlin_core::access::{Right, Role};
use dunlin_core::case::Entry;
use dunlin_core::ids::PartyId;
use dunlin_core::receivable::Trigger;
use dunlin_core::risk::{Part, RiskCode, is_open_account, of_terms};
use dunlin_store::{Actor, ImportRun, LogEntry, Sight, Store, StoreError, Tenant};

pub use error::{ImportError, MappingError};
pub use fields::Field;
pub use kind::Kind;
pub use mapping_file::Mapping;
pub use report::{
    Awaiting, Correction, Counts, Followed, FollowedCase, ImportReport, LeftOut, PayoutSum, Problem, ReadPart, ReadRow,
    RiskCount, Vanished,
};
pub use said::{Said, corrected_field, corrected_value};
pub use table::{MappedColumn, SheetLeftOut, SpareColumn, TableMapping};

use crate::house::House;
use crate::use_cases::match_payments::match_within;
use crate::use_cases::settle_promises::settle_touched;
use crate::use_cases::standing_facts::cancel_wrong_letters_of;

use book::{Book, Limits};
use direct_row::DirectRow;
use kind::Layout;
use milestones::Planned;
use parties::PartyBook;
use sellers::Sellers;
use shelf::Shelf;
use shop_goods::ShopFile;
use vanished::Known;

/// How a file is to be read.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// `None`: guessed from the columns.
    pub kind: Option<Kind>,
    /// From `--map`.
    pub mapping: Option<Mapping>,
    /// Everything is read and compared, and nothing kept.
    pub dry_run: bool,
    /// A look stops after so many rows, because nobody else can write meanwhile; `None`: all.
    pub most_rows: Option<usize>,
    /// How debts come in that are old already.
    pub entry: Option<Entry>,
    /// Whose buyers the file may speak of; `None`: everybody's.
    pub sight: Option<Sight>,
}

/// Imports one file into a house: as [`import_file`], and in the same change the letters that what it tells has made wrong
/// are cancelled, and money that waits finds its place.
///
/// # Errors
/// As [`import_file`].
pub async fn import_into(
    house: &House,
    file_name: &str,
    bytes: &[u8],
    options: &ImportOptions,
) -> Result<ImportReport, ImportError> {
    let (store, tenant) = (&house.store, &house.tenant);
    import_as(store, tenant, house.now(), &house.actor, (file_name, bytes), options, Some(house)).await
}

/// Imports one file as of `now`.
///
/// # Errors
/// When the file is no table, when its columns cannot be understood, or when the store fails. Nothing was changed
/// then. Bad rows are no error; they are in the report.
pub async fn import_file(
    store: &Store,
    tenant: &Tenant,
    now: Timestamp,
    actor: &Actor,
    file_name: &str,
    bytes: &[u8],
    options: &ImportOptions,
) -> Result<ImportReport, ImportError> {
    import_as(store, tenant, now, actor, (file_name, bytes), options, None).await
}

async fn import_as(
    store: &Store,
    tenant: &Tenant,
    now: Timestamp,
    actor: &Actor,
    (file_name, bytes): (&str, &[u8]),
    options: &ImportOptions,
    house: Option<&House>,
) -> Result<ImportReport, ImportError> {
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    let sheets = read_sheets(name, bytes).await?;
    let mapping = options.mapping.clone().unwrap_or_default();
    let found = table::find_tables(name, &sheets, options.kind, &mapping)?;
    if matches!(found.layout, Layout::Payments | Layout::Payouts) && !actor.may(Right::Money) {
        return Err(ImportError::NotAllowed);
    }
    let sha256: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let report = ImportReport {
        file: name.to_string(),
        kind: found.layout.kind(),
        source: found.layout.source(),
        already_imported: store.imported_before(tenant.id, &sha256).await?,
        sha256,
        dry_run: options.dry_run,
        mapping: found.tables.iter().map(|table| table.mapping.clone()).collect(),
        sheets_left_out: found.left_out,
        counts: Counts::default(),
        corrections: Vec::new(),
        vanished: Vec::new(),
        missing_since_earlier: Vec::new(),
        awaiting: Vec::new(),
        problems: Vec::new(),
        risks: Vec::new(),
        looked_at_first: None,
        entry: options.entry.unwrap_or(Entry::Standard).code(),
        old_debts: 0,
        orders_told: 0,
        older_orders: 0,
        payouts: Vec::new(),
        letters_cancelled: 0,
        first_rows: Vec::new(),
        days_changed: Vec::new(),
    };
    let zone = tenant.settings.zone()?;
    let users = store.users(tenant.id).await?;
    let mut commit = store.begin(tenant.id, now, actor).await?;
    commit.open_cases_as(options.entry.unwrap_or(Entry::Standard));
    let parties = match found.layout {
        Layout::Marketplace | Layout::Payments | Layout::Payouts | Layout::Products | Layout::Stock => {
            PartyBook::default()
        }
        _ => PartyBook::load(&mut commit, found.layout.source()).await?,
    };
    let sight = options.sight.clone().unwrap_or(Sight::Everybody);
    let hidden = commit.parties_outside(&sight).await?.into_iter().collect();
    // Which orders are missing is told to whoever sees them all.
    let known = match sight {
        Sight::Everybody => Known::load(&mut commit, found.layout).await?,
        Sight::Of(_) => Known::default(),
    };
    let limits = Limits {
        hidden,
        money: actor.may(Right::Money),
        lower: actor.may(Right::Lower),
        assign: actor.may(Right::Assign),
        most_rows: options.most_rows,
    };
    let mut book = Book {
        commit,
        layout: found.layout,
        mapping: &mapping,
        today: now.to_zoned(zone.clone()).date(),
        zone,
        report,
        parties,
        buyers: HashMap::new(),
        people: HashMap::new(),
        seen_people: HashMap::new(),
        seen: HashMap::new(),
        known,
        limits,
        sellers: Sellers::of(users),
        shelf: Shelf::default(),
        shop: ShopFile::default(),
        payouts: BTreeMap::new(),
        told: BTreeSet::new(),
        names_erased: false,
        waiting: BTreeMap::new(),
    };
    for table in &found.tables {
        book.look_through(table);
    }
    for table in &found.tables {
        book.take(table).await?;
    }
    book.close(bytes, tenant, house).await
}

/// What ends an import is the store's, whoever met it.
fn of_store(error: anyhow::Error) -> ImportError {
    ImportError::Store(error.downcast::<StoreError>().unwrap_or_else(|other| StoreError::Refused(format!("{other:#}"))))
}

/// A long workbook takes seconds to read: the pages of others go on being answered meanwhile.
async fn read_sheets(name: &str, bytes: &[u8]) -> Result<Vec<dunlin_sheets::Sheet>, ImportError> {
    let (bytes, file) = (bytes.to_vec(), name.to_string());
    let read = tokio::task::spawn_blocking(move || dunlin_sheets::read(&bytes, &file)).await;
    // Whatever panics in there has been caught; what is left is that the program is ending.
    let read = read.map_err(|error| ImportError::Store(StoreError::Corrupt(error.to_string())))?;
    read.map_err(|why| ImportError::Unreadable { file: name.to_string(), why })
}

/// The columns of a file's first table, letter and header: for whoever has to say what they mean.
pub fn columns_of(bytes: &[u8], file_name: &str) -> Vec<(String, String)> {
    let Ok(sheets) = dunlin_sheets::read(bytes, file_name) else {
        return Vec::new();
    };
    let seen = || sheets.iter().filter(|sheet| !sheet.hidden && !sheet.rows.is_empty());
    let guessed =
        seen().find_map(|sheet| dunlin_sheets::find_header(sheet, &headers::knows)).map(|guess| guess.columns);
    let first = || {
        let row = seen().next().and_then(|sheet| sheet.rows.first())?;
        let text = |cell: &dunlin_sheets::Cell| match cell {
            dunlin_sheets::Cell::Text(text) => text.clone(),
            _ => String::new(),
        };
        Some(row.cells.iter().map(text).collect::<Vec<String>>())
    };
    let names = guessed.or_else(first).unwrap_or_default();
    let named = names.into_iter().enumerate().filter(|(_, name)| !name.trim().is_empty());
    named.map(|(index, name)| (dunlin_sheets::column_letter(index), name)).collect()
}

impl Book<'_> {
    /// Keeps the raw file and the report, and ends the commit; without them when nothing is to be kept. Of a file that names
    /// somebody who was erased the report alone stays.
    async fn close(
        mut self,
        bytes: &[u8],
        tenant: &Tenant,
        house: Option<&House>,
    ) -> Result<ImportReport, ImportError> {
        let today = self.today;
        if !self.report.dry_run {
            self.clear_shelf().await?;
        }
        if self.report.looked_at_first.is_none() {
            self.known.report(&mut self.report);
        }
        self.report.awaiting = self
            .waiting
            .into_iter()
            .map(|((trigger, field), (has_column, amounts))| Awaiting { trigger, field, has_column, amounts })
            .collect();
        self.report.payouts = self.payouts.into_values().collect();
        let (mut report, assigned) = (self.report, self.sellers.assigned);
        let nothing_new = report.already_imported.is_some() && report.counts.added == 0 && report.counts.corrected == 0;
        if report.dry_run || nothing_new {
            return Ok(report);
        }
        let mut commit = self.commit;
        settle_touched(tenant, today, &mut commit).await.map_err(of_store)?;
        if let Some(house) = house {
            // Also where only an amount, a due date or a day of the order was corrected.
            let mut told = self.told;
            told.extend(commit.parties_waiting_touched().await?);
            told.extend(report.days_changed.iter().map(|(party, _)| *party));
            let told: Vec<PartyId> = told.into_iter().collect();
            let cancelled = cancel_wrong_letters_of(house, &mut commit, &told).await;
            report.letters_cancelled += cancelled.map_err(of_store)?;
            // Money that came with the file finds its place, and money that waits is held against what is new, before
            // anybody can decide about either.
            let matched = match_within(house, &mut commit).await.map_err(of_store)?;
            report.letters_cancelled += matched.letters_cancelled;
        }
        if self.names_erased {
            commit.forget_file(&report.sha256).await?;
        } else {
            commit.keep_blob(&report.sha256, &report.file, bytes).await?;
        }
        let run = ImportRun {
            file_name: report.file.clone(),
            sha256: report.sha256.clone(),
            kind: self.layout.name().to_string(),
            report: report.record(),
        };
        commit.record_import(&run).await?;
        if report.kind == Kind::Orders {
            commit.mark_synced(report.source, None).await?;
        }
        if let Some(user) = commit.actor().user.clone().filter(|user| user.role == Role::Sales) {
            // Whoever brings a buyer in looks after it.
            commit.claim_new_parties(user.id).await?;
        }
        let entry = LogEntry::new("file.imported", "file", &*report.sha256).fact("kind", self.layout.name());
        let entry = entry.fact("added", report.counts.added).fact("corrected", report.counts.corrected);
        let entry = if report.orders_told > 0 { entry.fact("told", report.orders_told) } else { entry };
        let sums = |which: usize| report.payouts.iter().map(|sum| sum.money[which].to_string()).collect::<Vec<_>>();
        let entry = match report.payouts.is_empty() {
            true => entry,
            false => entry.fact("paid_out", sums(0)).fact("fees", sums(1)).fact("taken_back", sums(2)),
        };
        commit.log(if assigned > 0 { entry.fact("assigned", assigned) } else { entry });
        commit.finish().await?;
        Ok(report)
    }

    /// What an order that is not paid yet warns of, as far as its row says.
    fn count_risks(&mut self, row: &DirectRow, planned: &[Planned], party_id: PartyId) {
        if row.paid.is_some_and(|paid| paid.minor >= row.total.minor) {
            return;
        }
        let part = |item: &Planned| Part { milestone: item.milestone, trigger: item.trigger, days: item.days };
        let parts: Vec<Part> = planned.iter().map(part).collect();
        let mut codes: Vec<RiskCode> =
            of_terms(&row.terms_text, &parts).into_iter().map(|warning| warning.code).collect();
        if is_open_account(&parts) && self.parties.is_new(party_id) {
            codes.push(RiskCode::NewBuyer);
        }
        for code in codes.into_iter().map(RiskCode::code) {
            match self.report.risks.iter_mut().find(|known| known.code == code) {
                Some(known) => known.orders += 1,
                None => self.report.risks.push(RiskCount { code, orders: 1 }),
            }
        }
    }

    /// An amount that cannot fall due yet.
    fn count_awaiting(&mut self, row: &DirectRow, item: &Planned) {
        let of = if item.trigger == Trigger::EndOfMonth { Trigger::InvoiceDate } else { item.trigger };
        if let Some(event) = row.events.iter().find(|event| event.trigger == of) {
            let entry = self.waiting.entry((item.trigger, event.field)).or_insert((event.has_column, 0));
            entry.1 += 1;
        }
    }
}
