//! Files in, store out: each test imports what a person might have and looks at what the product then knows.

mod big;
mod both;
mod demo;
mod direct;
mod marketplace;
mod other_kinds;
mod payouts;
mod products;
mod reading;
mod shop_states;

use jiff::Timestamp;
use tempfile::TempDir;

use dunlin_core::order::OrderSource;
use dunlin_store::{Actor, Commit, InstallationKey, KnownReceivable, Settings, Store, Tenant};

use super::{ImportError, ImportOptions, ImportReport, Kind, Mapping, import_file};

/// An empty database at a desk in Shanghai, in the evening of 2 March 2026.
struct Desk {
    store: Store,
    tenant: Tenant,
    now: Timestamp,
    _folder: TempDir,
}

impl Desk {
    async fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        let place = folder.path().join("desk.db");
        Self::at(&place.display().to_string(), folder).await
    }

    /// A tenant of its own in the database at `place`.
    async fn at(place: &str, folder: TempDir) -> Self {
        let store =
            Store::open(place, &InstallationKey::from_bytes([7; 32]).expect("a key")).await.expect("a database");
        let now: Timestamp = "2026-03-02T12:00:00Z".parse().expect("an instant");
        let mut id = store.create_tenant("Desk", &Settings::default(), false, now).await;
        // Other tests may take the next number of the same server at the same moment.
        for _ in 0..20 {
            if id.is_err() {
                id = store.create_tenant("Desk", &Settings::default(), false, now).await;
            }
        }
        let tenant = store.tenant(id.expect("a tenant")).await.expect("the tenant");
        Self { store, tenant, now, _folder: folder }
    }

    /// Every import is a day after the last.
    fn next_day(&mut self) {
        self.now = self.now.checked_add(jiff::SignedDuration::from_hours(24)).expect("in range");
    }

    async fn try_import(
        &mut self,
        name: &str,
        bytes: &[u8],
        options: &ImportOptions,
    ) -> Result<ImportReport, ImportError> {
        self.next_day();
        import_file(&self.store, &self.tenant, self.now, &Actor::system(), name, bytes, options).await
    }

    async fn import(&mut self, name: &str, text: &str) -> ImportReport {
        self.import_as(name, text.as_bytes(), &ImportOptions::default()).await
    }

    async fn import_as(&mut self, name: &str, bytes: &[u8], options: &ImportOptions) -> ImportReport {
        self.try_import(name, bytes, options).await.unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    async fn commit(&self) -> Commit {
        self.store.begin(self.tenant.id, self.now, &Actor::system()).await.expect("a commit")
    }

    /// The receivables of an order, `deposit 300.00 due 2026-03-01 paid 0.00`.
    async fn order(&self, number: &str) -> Vec<String> {
        self.receivables("file", OrderSource::Direct, number).await.iter().map(line).collect()
    }

    async fn receivables(&self, source: &str, of: OrderSource, number: &str) -> Vec<KnownReceivable> {
        let mut commit = self.commit().await;
        let Some(order) = commit.order_by_number(of, number).await.expect("read") else { return Vec::new() };
        commit.receivables_of_order(source, order.id, number).await.expect("read")
    }

    /// The debtors' names and countries with their identities.
    async fn debtors(&self) -> Vec<String> {
        let parties = self.commit().await.parties_of_source("file").await.expect("read");
        parties.into_iter().map(|party| format!("{} {} {}", party.external_id, party.name, party.country)).collect()
    }

    /// The people of a debtor, `owner Anna <anna@x.example>`.
    async fn people(&self, source: &str, identity: &str) -> Vec<String> {
        let mut commit = self.commit().await;
        let id = commit.find_party(source, identity).await.expect("read").expect("a party").id;
        let people = commit.contacts_of(id).await.expect("read");
        let show = |text: Option<String>| text.unwrap_or_default();
        people
            .into_iter()
            .map(|one| {
                let one = one.fields;
                let reach = one.email.or(one.in_site_id);
                format!(
                    "{} {} <{}> {} {}",
                    one.role.code(),
                    one.name,
                    show(reach),
                    show(one.language),
                    show(one.time_zone)
                )
            })
            .map(|text| text.trim().to_string())
            .collect()
    }

    /// All that is written, for comparing before and after.
    async fn everything(&self) -> Vec<String> {
        let mut commit = self.commit().await;
        let (open, names) = commit.open_book().await.expect("read");
        let open = open.into_iter().map(|item| format!("{:?} {} {:?}", item.references, item.outstanding, item.due_on));
        open.chain(names.into_iter().map(|(_, name)| name)).collect()
    }
}

fn line(item: &KnownReceivable) -> String {
    let day = item.due_on.map_or("awaited".to_string(), |day| day.to_string());
    let closed = if item.closed { " closed" } else { "" };
    format!(
        "{} {} {} due {day} paid {}{closed}",
        item.milestone.code(),
        item.reference,
        item.amount,
        item.paid.decimal()
    )
}

/// Rows, added, corrected, unchanged, left out.
fn counts(report: &ImportReport) -> [usize; 5] {
    let counts = report.counts;
    assert_eq!(counts.rows, counts.added + counts.corrected + counts.unchanged + counts.left_out, "{counts:?}");
    [counts.rows, counts.added, counts.corrected, counts.unchanged, counts.left_out]
}

/// `3 C amount ‘12,3O0’: not an amount`
fn problems(report: &ImportReport) -> Vec<String> {
    let show = |problem: &super::Problem| {
        assert!(!problem.remedy.is_empty() && !problem.why.is_empty(), "{problem:?}");
        let field = problem.field.map_or("row", super::Field::code);
        format!("{} {} {field} ‘{}’: {}", problem.row, problem.column, problem.read, problem.why)
    };
    report.problems.iter().map(show).collect()
}

/// `4 order 1, total: USD 5.00 → USD 6.00`
fn corrections(report: &ImportReport) -> Vec<String> {
    let show =
        |one: &super::Correction| format!("{} {}, {}: {} → {}", one.row, one.what, one.field, one.before, one.after);
    report.corrections.iter().map(show).collect()
}

fn mapped(text: &str) -> ImportOptions {
    ImportOptions { mapping: Some(Mapping::parse(text).expect("a mapping")), ..ImportOptions::default() }
}

fn of_kind(kind: Kind) -> ImportOptions {
    ImportOptions { kind: Some(kind), ..ImportOptions::default() }
}
