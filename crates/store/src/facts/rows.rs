//! Rows of the facts as the database gives them, and how a receivable with its case is made of one.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use dunlin_core::case::{Case, CaseState, Entry, LetterState, PlaybookRef, StepEnd};
use dunlin_core::facts::ReceivableFacts;
use dunlin_core::gate_facts::{HoldKind, PromiseState};
use dunlin_core::ids::{
    CaseId, ContactId, DisputeId, HoldId, InvoiceId, LedgerEntryId, LetterId, OrderId, PartyId, PaymentId, PromiseId,
    ReceivableId, TaskId,
};
use dunlin_core::letter::Purpose;
use dunlin_core::money::{Currency, Money, currency};
use dunlin_core::order::OrderSource;
use dunlin_core::party::Channel;
use dunlin_core::receivable::ledger::LedgerKind;
use dunlin_core::receivable::{Milestone, Obligor, Receivable, Trigger};

use crate::StoreError;
use crate::dialect::{flag, micros};

#[derive(Deserialize)]
pub(super) struct PartyRow {
    pub(super) id: PartyId,
    pub(super) number: i64,
    pub(super) name: String,
    pub(super) country: String,
    pub(super) language: Option<String>,
    #[serde(with = "flag")]
    pub(super) is_consumer: bool,
    #[serde(with = "flag")]
    pub(super) blacklisted: bool,
    pub(super) playbook_override: Option<String>,
    pub(super) grade: String,
}

#[derive(Deserialize)]
pub(super) struct ContactRow {
    pub(super) party_id: PartyId,
    pub(super) id: ContactId,
    pub(super) role: String,
    pub(super) language: Option<String>,
    pub(super) time_zone: Option<String>,
    #[serde(with = "flag")]
    pub(super) objected: bool,
    pub(super) ways: String,
    pub(super) suppressed: String,
    pub(super) retired_at: Option<i64>,
    pub(super) sealed: Option<String>,
    pub(super) secret: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct ReceivableRow {
    pub(super) party_id: PartyId,
    pub(super) id: ReceivableId,
    pub(super) order_id: Option<OrderId>,
    pub(super) invoice_id: Option<InvoiceId>,
    pub(super) number: i64,
    pub(super) reference: String,
    pub(super) order_number: Option<String>,
    pub(super) milestone: Milestone,
    pub(super) trigger_kind: Trigger,
    pub(super) days: i32,
    pub(super) amount_minor: i64,
    pub(super) currency: String,
    pub(super) triggered_on: Option<Date>,
    pub(super) due_on: Option<Date>,
    #[serde(with = "micros::maybe")]
    pub(super) placed_at: Option<Timestamp>,
    pub(super) obligor: Obligor,
    pub(super) source: OrderSource,
    #[serde(with = "flag")]
    pub(super) closed: bool,
}

#[derive(Deserialize)]
pub(super) struct CaseRow {
    pub(super) party_id: PartyId,
    pub(super) id: CaseId,
    pub(super) receivable_id: ReceivableId,
    pub(super) state: CaseState,
    pub(super) playbook: Option<String>,
    pub(super) playbook_version: Option<String>,
    #[serde(with = "micros")]
    pub(super) started_at: Timestamp,
    pub(super) entry: Entry,
    pub(super) task_id: Option<TaskId>,
    #[serde(with = "micros")]
    pub(super) recorded_at: Timestamp,
}

#[derive(Deserialize)]
pub(super) struct EntryRow {
    pub(super) party_id: PartyId,
    pub(super) receivable_id: ReceivableId,
    pub(super) id: LedgerEntryId,
    pub(super) kind: LedgerKind,
    pub(super) amount_minor: i64,
    pub(super) currency: String,
    pub(super) payment_id: Option<PaymentId>,
    pub(super) payment_minor: Option<i64>,
    pub(super) payment_currency: Option<String>,
    pub(super) rate: Option<String>,
    pub(super) reverses: Option<LedgerEntryId>,
    pub(super) note: String,
    pub(super) effective_on: Date,
}

#[derive(Deserialize)]
pub(super) struct StepRow {
    pub(super) party_id: PartyId,
    pub(super) case_id: CaseId,
    pub(super) step: String,
    pub(super) round: i32,
    pub(super) level: u8,
    #[serde(with = "micros")]
    pub(super) taken_at: Timestamp,
    pub(super) answer_by: Option<Date>,
    #[serde(with = "micros::maybe")]
    pub(super) done_at: Option<Timestamp>,
    #[serde(with = "micros::maybe")]
    pub(super) voided_at: Option<Timestamp>,
    pub(super) ended: Option<StepEnd>,
    /// Of a step that was entered by hand.
    pub(super) entered: Option<Purpose>,
}

#[derive(Deserialize)]
pub(super) struct LetterRow {
    pub(super) party_id: PartyId,
    pub(super) id: LetterId,
    pub(super) purpose: Purpose,
    pub(super) channel: Channel,
    pub(super) contact_id: ContactId,
    pub(super) state: LetterState,
    #[serde(with = "micros")]
    pub(super) not_before: Timestamp,
    #[serde(with = "micros::maybe")]
    pub(super) settled_at: Option<Timestamp>,
    pub(super) items: String,
    /// The first of the letters that its step sends at once.
    pub(super) lead_id: Option<LetterId>,
    /// The order and the step it is about, where it is not about money.
    pub(super) about: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct CallRow {
    pub(super) party_id: PartyId,
    pub(super) receivable_id: Option<ReceivableId>,
    pub(super) contact_id: Option<ContactId>,
    #[serde(with = "micros")]
    pub(super) not_before: Timestamp,
    #[serde(with = "micros::maybe")]
    pub(super) settled_at: Option<Timestamp>,
}

#[derive(Deserialize)]
pub(super) struct HoldRow {
    pub(super) party_id: PartyId,
    pub(super) id: HoldId,
    pub(super) kind: HoldKind,
    pub(super) receivable_id: Option<ReceivableId>,
    pub(super) why: String,
    pub(super) until_on: Date,
    #[serde(with = "micros::maybe")]
    pub(super) released_at: Option<Timestamp>,
}

#[derive(Deserialize)]
pub(super) struct PromiseRow {
    pub(super) party_id: PartyId,
    pub(super) id: PromiseId,
    pub(super) receivable_id: Option<ReceivableId>,
    pub(super) promised_on: Date,
    pub(super) pay_on: Date,
    pub(super) amount_minor: Option<i64>,
    pub(super) currency: Option<String>,
    pub(super) state: PromiseState,
    #[serde(with = "micros::maybe")]
    pub(super) settled_at: Option<Timestamp>,
}

#[derive(Deserialize)]
pub(super) struct DisputeRow {
    pub(super) party_id: PartyId,
    pub(super) id: DisputeId,
    pub(super) receivable_id: ReceivableId,
    pub(super) amount_minor: Option<i64>,
    pub(super) currency: Option<String>,
    pub(super) why: String,
    #[serde(with = "micros::maybe")]
    pub(super) resolved_at: Option<Timestamp>,
}

#[derive(Deserialize)]
pub(super) struct UnmatchedRow {
    pub(super) party_id: PartyId,
    pub(super) payment_id: PaymentId,
    pub(super) number: i64,
    pub(super) amount_minor: i64,
    pub(super) used_minor: i64,
    pub(super) currency: String,
    pub(super) received_on: Date,
    pub(super) payer_name: String,
}

pub(crate) fn iso(code: &str) -> Result<Currency, StoreError> {
    Ok(currency(code)?)
}

pub(super) fn maybe_money(minor: Option<i64>, code: Option<&str>) -> Result<Option<Money>, StoreError> {
    match (minor, code) {
        (Some(minor), Some(code)) => Ok(Some(Money::new(minor, iso(code)?))),
        _ => Ok(None),
    }
}

pub(super) fn case_of(row: CaseRow) -> Case {
    Case {
        id: row.id,
        state: row.state,
        playbook: row
            .playbook
            .zip(row.playbook_version)
            .map(|(id, version)| PlaybookRef { id: id.into(), version: version.into() }),
        started_at: row.started_at,
        entry: row.entry,
        steps: Vec::new(),
        letter: None,
        task: row.task_id,
    }
}

pub(super) fn receivable_of(row: ReceivableRow) -> Result<ReceivableFacts, StoreError> {
    Ok(ReceivableFacts {
        receivable: Receivable {
            id: row.id,
            party_id: row.party_id,
            order_id: row.order_id,
            invoice_id: row.invoice_id,
            number: format!("R-{:04}", row.number),
            reference: row.reference,
            milestone: row.milestone,
            trigger: row.trigger_kind,
            days: row.days,
            amount: Money::new(row.amount_minor, iso(&row.currency)?),
            triggered_on: row.triggered_on,
            due_on: row.due_on,
            placed_at: row.placed_at,
            obligor: row.obligor,
            source: row.source,
            closed: row.closed,
        },
        entries: Vec::new(),
        order_number: row.order_number,
        why: None,
        dates: Vec::new(),
        case: None,
    })
}
