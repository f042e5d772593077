//! What the API says of a debtor.

use dunlin_core::gate_facts::PromiseState;
use dunlin_core::grade::Grade;
use dunlin_core::ids::ReceivableId;
use dunlin_core::party::{Channel, Contact, Language};
use dunlin_store::Scope;
use dunlin_store::pages::keyset::ListedDebtor;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::days::ClosedShown;
use super::problem::Problem;
use super::wire::{Amount, Day};
use crate::house::House;

/// A debtor.
#[derive(Debug, Serialize, ToSchema)]
pub struct Debtor {
    #[schema(example = "D-0017")]
    pub number: String,
    pub id: String,
    pub name: String,
    /// ISO 3166; empty when unknown.
    pub country: String,
    /// Of letters, when it was chosen for this debtor.
    pub language: Option<String>,
    pub is_consumer: bool,
    /// Nothing is written to them.
    pub blocked: bool,
    /// How much the buyer is worth to the firm: `gold`, `silver`, `bronze`; `null`: nobody said.
    #[schema(example = "gold")]
    pub grade: Option<&'static str>,
    /// Chosen in place of the one that the orders bring.
    pub playbook: Option<String>,
    /// Id of the user whose buyer it is.
    pub salesperson: Option<String>,
    /// Per currency, largest first; empty when nothing is open. What a platform owes is not counted.
    pub balances: Vec<OpenBalance>,
    /// Earliest due date of what is open.
    pub oldest_due: Option<Day>,
}

/// Open money of one currency.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenBalance {
    pub open: Amount,
    pub overdue: Amount,
}

/// A debtor, its people and what stands between them and a letter.
#[derive(Debug, Serialize, ToSchema)]
pub struct DebtorInFull {
    #[serde(flatten)]
    pub debtor: Debtor,
    /// Who is written to; those who are not any more are in the list of contacts.
    pub contacts: Vec<ContactShown>,
    pub holds: Vec<HoldShown>,
    pub promises: Vec<PromiseShown>,
    pub disputes: Vec<DisputeShown>,
    /// Days to come, or of now, on which it is closed.
    pub closed: Vec<ClosedShown>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ContactShown {
    pub id: String,
    pub name: String,
    #[schema(example = "finance")]
    pub role: &'static str,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub whatsapp: Option<String>,
    /// Account name on the marketplace.
    pub in_site_id: Option<String>,
    /// Chosen for this person; `null`: that of the debtor or its country.
    pub language: Option<&'static str>,
    /// A name of the IANA database; `null`: not known of this person.
    pub time_zone: Option<String>,
    /// Asked not to be contacted about payments.
    pub objected: bool,
    /// Ways whose address is on the list of those that may not be used: `email`, `phone`, `in_site`.
    pub suppressed: Vec<&'static str>,
}

/// A pause that runs.
#[derive(Debug, Serialize, ToSchema)]
pub struct HoldShown {
    /// `null`: the whole debtor.
    pub receivable: Option<String>,
    pub until: Day,
    pub reason: String,
}

/// A promise that is open.
#[derive(Debug, Serialize, ToSchema)]
pub struct PromiseShown {
    /// `null`: everything that is owed.
    pub receivable: Option<String>,
    pub pay_on: Day,
    /// `null`: all that is open.
    pub amount: Option<Amount>,
}

/// A dispute that is not resolved.
#[derive(Debug, Serialize, ToSchema)]
pub struct DisputeShown {
    pub receivable: Option<String>,
    /// `null`: all of it.
    pub amount: Option<Amount>,
    pub reason: String,
}

pub fn listed(row: ListedDebtor) -> Debtor {
    let balances = row.balances.iter();
    Debtor {
        balances: balances.map(|of| OpenBalance { open: of.open.into(), overdue: of.overdue.into() }).collect(),
        oldest_due: row.oldest_due.map(Day),
        number: row.party.number,
        id: row.id.to_string(),
        name: row.party.name,
        country: row.party.country,
        language: row.language,
        is_consumer: row.is_consumer,
        blocked: row.blocked,
        grade: row.grade.map(Grade::code),
        playbook: row.playbook,
        salesperson: row.salesperson.map(|id| id.to_string()),
    }
}

fn barred(contact: &Contact, now: Timestamp) -> Vec<&'static str> {
    let channels = Channel::ALL.into_iter().filter(|channel| contact.is_suppressed(*channel, now));
    channels.map(Channel::code).collect()
}

pub async fn in_full(house: &House, row: ListedDebtor) -> Result<DebtorInFull, Problem> {
    let today = house.today();
    let facts = house.store.facts(house.tenant.id, Scope::One(row.id), house.now()).await?;
    let mut shown = DebtorInFull {
        debtor: listed(row),
        contacts: Vec::new(),
        holds: Vec::new(),
        promises: Vec::new(),
        disputes: Vec::new(),
        closed: Vec::new(),
    };
    let Some(facts) = facts.into_iter().next() else {
        return Ok(shown);
    };
    let number = |id: ReceivableId| {
        let item = facts.receivables.iter().find(|item| item.receivable.id == id);
        item.map(|item| item.receivable.number.clone())
    };
    let contact = |contact: &dunlin_core::party::Contact| ContactShown {
        id: contact.id.to_string(),
        name: contact.name().to_string(),
        role: contact.role.code(),
        email: contact.address(Channel::Email).map(str::to_string),
        phone: contact.address(Channel::Phone).map(str::to_string),
        whatsapp: contact.person.as_ref().and_then(|person| person.whatsapp.clone()),
        in_site_id: contact.address(Channel::InSite).map(str::to_string),
        language: contact.language.map(Language::code),
        time_zone: contact.time_zone.clone(),
        objected: contact.objected,
        suppressed: barred(contact, house.now()),
    };
    shown.contacts = facts.contacts.iter().map(contact).collect();
    for hold in facts.holds.iter().filter(|hold| !hold.released && hold.until >= today) {
        let receivable = hold.receivable_id.and_then(number);
        shown.holds.push(HoldShown { receivable, until: Day(hold.until), reason: hold.why.clone() });
    }
    for promise in facts.promises.iter().filter(|promise| promise.state == PromiseState::Open) {
        let receivable = promise.receivable_id.and_then(number);
        let amount = promise.amount.map(Amount::from);
        shown.promises.push(PromiseShown { receivable, pay_on: Day(promise.pay_on), amount });
    }
    for dispute in facts.disputes.iter().filter(|dispute| !dispute.resolved) {
        let (receivable, amount) = (number(dispute.receivable_id), dispute.amount.map(Amount::from));
        shown.disputes.push(DisputeShown { receivable, amount, reason: dispute.why.clone() });
    }
    for told in house.store.closed_told(house.tenant.id, facts.party.id).await? {
        if told.ended_at.is_none() && told.to_day >= today {
            shown.closed.push(ClosedShown { from: Day(told.from_day), to: Day(told.to_day), reason: told.why });
        }
    }
    Ok(shown)
}
