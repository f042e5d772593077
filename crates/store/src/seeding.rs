//! Many plain debtors at once, for benchmarks and storms: one open invoice, one contact, one awake case each.

use jiff::Timestamp;
use jiff::civil::Date;

use dunlin_core::ids::{CaseId, ContactId, PartyId, ReceivableId};
use dunlin_core::party::Person;

use crate::bind::{Bind, binds};
use crate::bulk::{Kind, Rows};
use crate::conn::insert_many;
use crate::seal::seal_person;
use crate::{Commit, StoreError, User};

/// One debtor to make.
#[derive(Debug, Clone)]
pub struct SeedDebtor {
    pub number: i64,
    pub name: String,
    pub email: String,
    pub country: &'static str,
    pub reference: String,
    pub amount_minor: i64,
    pub currency: &'static str,
    pub due_on: Date,
}

const PARTY: &[(&str, Kind)] = &[
    ("tenant_id", Kind::Int),
    ("id", Kind::Text),
    ("number", Kind::Int),
    ("name", Kind::Text),
    ("name_key", Kind::Text),
    ("country", Kind::Text),
    ("is_consumer", Kind::Int),
    ("blacklisted", Kind::Int),
    ("effective_on", Kind::Text),
    ("recorded_at", Kind::Int),
    ("seq", Kind::Int),
];
const CONTACT: &[(&str, Kind)] = &[
    ("tenant_id", Kind::Int),
    ("party_id", Kind::Text),
    ("id", Kind::Text),
    ("role", Kind::Text),
    ("objected", Kind::Int),
    ("sealed", Kind::Text),
    ("ways", Kind::Text),
    ("effective_on", Kind::Text),
    ("recorded_at", Kind::Int),
    ("seq", Kind::Int),
];
const KEY: &[(&str, Kind)] =
    &[("tenant_id", Kind::Int), ("party_id", Kind::Text), ("contact_id", Kind::Text), ("secret", Kind::Text)];
const RECEIVABLE: &[(&str, Kind)] = &[
    ("tenant_id", Kind::Int),
    ("party_id", Kind::Text),
    ("id", Kind::Text),
    ("number", Kind::Int),
    ("reference", Kind::Text),
    ("milestone", Kind::Text),
    ("trigger_kind", Kind::Text),
    ("days", Kind::Int),
    ("amount_minor", Kind::Int),
    ("currency", Kind::Text),
    ("triggered_on", Kind::Text),
    ("due_on", Kind::Text),
    ("obligor", Kind::Text),
    ("source", Kind::Text),
    ("closed", Kind::Int),
    ("effective_on", Kind::Text),
    ("recorded_at", Kind::Int),
    ("seq", Kind::Int),
];
const CASE: &[(&str, Kind)] = &[
    ("tenant_id", Kind::Int),
    ("party_id", Kind::Text),
    ("id", Kind::Text),
    ("receivable_id", Kind::Text),
    ("state", Kind::Text),
    ("started_at", Kind::Int),
    ("next_wake", Kind::Int),
    ("recorded_at", Kind::Int),
    ("seq", Kind::Int),
    ("due_on", Kind::Text),
];

impl Commit {
    /// Writes the debtors, set-based.
    pub async fn seed(&mut self, debtors: &[SeedDebtor]) -> Result<(), StoreError> {
        let (tenant, now, seq) = (self.tenant_id, self.now.as_microsecond(), self.seq);
        let mut parties = Rows::new(PARTY);
        let mut contacts = Rows::new(CONTACT);
        let mut keys = Rows::new(KEY);
        let mut receivables = Rows::new(RECEIVABLE);
        let mut cases = Rows::new(CASE);
        let (tenant, now, seq): (Bind, Bind, Bind) = (tenant.into(), now.into(), seq.into());
        let stamp = || (now.clone(), seq.clone());
        for debtor in debtors {
            let party: Bind = PartyId(self.ids.make()).into();
            let contact: Bind = ContactId(self.ids.make()).into();
            let receivable: Bind = ReceivableId(self.ids.make()).into();
            let case: Bind = CaseId(self.ids.make()).into();
            let (secret, key) = self.tx.key.new_person()?;
            let person = Person { name: debtor.name.clone(), email: Some(debtor.email.clone()), ..Person::default() };
            let sealed = seal_person(&key, &person)?;
            let due: Bind = debtor.due_on.into();
            let name: Bind = debtor.name.as_str().into();
            let no = Bind::from(false);
            let (at, seq) = stamp();
            parties.push([
                tenant.clone(),
                party.clone(),
                debtor.number.into(),
                name.clone(),
                name,
                Bind::fixed(debtor.country),
                no.clone(),
                no.clone(),
                due.clone(),
                at,
                seq,
            ]);
            let (at, seq) = stamp();
            contacts.push([
                tenant.clone(),
                party.clone(),
                contact.clone(),
                Bind::fixed("finance"),
                no.clone(),
                sealed.into(),
                Bind::fixed("email"),
                due.clone(),
                at,
                seq,
            ]);
            keys.push([tenant.clone(), party.clone(), contact, secret.into()]);
            let (at, seq) = stamp();
            receivables.push([
                tenant.clone(),
                party.clone(),
                receivable.clone(),
                debtor.number.into(),
                debtor.reference.as_str().into(),
                Bind::fixed("full"),
                Bind::fixed("invoice_date"),
                30_i64.into(),
                debtor.amount_minor.into(),
                Bind::fixed(debtor.currency),
                due.clone(),
                due.clone(),
                Bind::fixed("buyer"),
                Bind::fixed("direct"),
                no,
                due.clone(),
                at,
                seq,
            ]);
            let (at, seq) = stamp();
            cases.push([
                tenant.clone(),
                party,
                case,
                receivable,
                Bind::fixed("running"),
                at.clone(),
                at.clone(),
                at,
                seq,
                due,
            ]);
        }
        insert_many(&mut self.tx, "party", parties).await?;
        insert_many(&mut self.tx, "contact", contacts).await?;
        insert_many(&mut self.tx, "person_key", keys).await?;
        insert_many(&mut self.tx, "receivable", receivables).await?;
        insert_many(&mut self.tx, "cases", cases).await?;
        Ok(())
    }
}

/// What [`crate::Store::spoil`] does.
#[derive(Debug, Clone, Copy)]
pub enum Damage {
    Overpaid,
    ContactsGone,
    StepsGone,
    SequenceLost,
    PaidInWords,
    AnotherRate,
    HalfTakenBack,
    KeysGone,
    /// A pause on a receivable that lies with another debtor.
    HoldElsewhere,
    /// Every case follows a version of its playbook that nobody has.
    VersionUnknown,
    /// The first invoice is owed in another currency than what was said of it.
    OtherCurrency,
}

/// A fresh PostgreSQL database beside the one of the URL, for tests and benchmarks. Returns its URL.
pub async fn fresh_database(url: &str, name: &str) -> Result<String, StoreError> {
    crate::conn::create_database(url, name).await?;
    let (server, _) = url.rsplit_once('/').unwrap_or((url, ""));
    Ok(format!("{server}/{name}"))
}

impl crate::Store {
    /// Breaks the database on purpose, for the tests of what looks whether it is sound.
    pub async fn spoil(&self, damage: Damage) -> Result<(), StoreError> {
        let sql = match damage {
            Damage::Overpaid => "UPDATE ledger_entry SET amount_minor = 99999999999",
            Damage::ContactsGone => "DELETE FROM contact",
            Damage::StepsGone => "DELETE FROM step_taken",
            Damage::SequenceLost => "UPDATE tenant SET sequence = 0",
            Damage::PaidInWords => "UPDATE cases SET state = 'paid'",
            Damage::AnotherRate => "UPDATE ledger_entry SET rate = '1.2' WHERE payment_currency <> currency",
            Damage::HalfTakenBack => "UPDATE ledger_entry SET payment_minor = -1 WHERE reverses IS NOT NULL",
            Damage::KeysGone => "DELETE FROM person_key",
            Damage::VersionUnknown => "UPDATE cases SET playbook_version = 'ffffffffffff' WHERE playbook IS NOT NULL",
            Damage::OtherCurrency => "UPDATE receivable SET currency = 'EUR' WHERE reference = 'INV-2026-001'",
            Damage::HoldElsewhere => "UPDATE hold SET party_id = (SELECT max(id) FROM party)",
        };
        let mut conn = self.conn().await?;
        crate::conn::execute(&mut conn, sql, vec![]).await?;
        Ok(())
    }

    /// Makes somebody have been here since an instant, for tests of what takes two people who were.
    pub async fn pretend_entered(&self, user: &User, at: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE user_account SET entered_at = $3 WHERE tenant_id = $1 AND id = $2";
        let mut conn = self.conn().await?;
        crate::conn::execute(&mut conn, sql, binds![user.tenant_id, user.id, at]).await?;
        Ok(())
    }

    /// Writes the mark of a schema that was changed in place since, for the test that it is refused.
    pub async fn pretend_earlier(&self) -> Result<(), StoreError> {
        let mut conn = self.conn().await?;
        crate::conn::execute(&mut conn, "UPDATE schema_migration SET sha256 = 'earlier'", vec![]).await?;
        Ok(())
    }

    /// Writes the mark of a later schema, as a newer program would, for the test that it is refused.
    pub async fn pretend_newer(&self, version: i64) -> Result<(), StoreError> {
        let sql = "INSERT INTO schema_migration (version, name, sha256) VALUES ($1, 'later', '')";
        let mut conn = self.conn().await?;
        crate::conn::execute(&mut conn, sql, vec![version.into()]).await?;
        Ok(())
    }
}
