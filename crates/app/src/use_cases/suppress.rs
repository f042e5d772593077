//! Addresses, numbers and domains that may not be used (SCENARIOS A10, G6): added, ended. The decision, the audit and the
//! claim before a letter leaves know of them; an import cannot bring one back.

use jiff::civil::Date;

use dunlin_core::calendar::shift;
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_core::suppression::{SuppressionKind, SuppressionReason};
use dunlin_store::{LogEntry, NewSuppression, SuppressionRow};

use super::standing_facts::cancel_wrong_letters;
use super::unpaid_why::fitting_words;
use crate::house::House;

/// An entry as a form gives it.
#[derive(Debug, Clone)]
pub struct SuppressionForm {
    /// Nothing: told by how the address looks.
    pub kind: Option<SuppressionKind>,
    pub address: String,
    pub reason: SuppressionReason,
    pub evidence: String,
    /// The last day; nothing: for good.
    pub until: Option<Date>,
}

/// What an entry did.
#[derive(Debug, Clone)]
pub struct Listed {
    /// `X-0007`.
    pub number: String,
    pub kind: SuppressionKind,
    /// As it is compared.
    pub address: String,
    /// Debtors of whom somebody has such an address.
    pub debtors: usize,
    pub letters_cancelled: usize,
}

/// The number of an entry as people write it.
pub fn entry_number(number: i64) -> String {
    format!("X-{number:04}")
}

/// The reason of a code, as commands and forms name it.
pub fn reason_named(code: &str) -> Result<SuppressionReason, Refusal> {
    let unknown = || {
        let codes: Vec<&str> = SuppressionReason::ALL.iter().map(|reason| reason.code()).collect();
        Refusal::new(RefusalCode::SuppressionReason).with("code", code).with("known", codes.join(", "))
    };
    SuppressionReason::from_code(code.trim()).ok_or_else(unknown)
}

/// The kind of a code; an empty one is told by the address.
pub fn kind_named(code: &str) -> Result<Option<SuppressionKind>, Refusal> {
    let unknown = || {
        let codes: Vec<&str> = SuppressionKind::ALL.iter().map(|kind| kind.code()).collect();
        Refusal::new(RefusalCode::SuppressionKind).with("code", code).with("known", codes.join(", "))
    };
    match code.trim() {
        "" => Ok(None),
        code => SuppressionKind::from_code(code).map(Some).ok_or_else(unknown),
    }
}

/// From now on nobody is written to or called under this address.
pub async fn suppress(house: &House, form: &SuppressionForm) -> anyhow::Result<Listed> {
    let wrong = || Refusal::new(RefusalCode::SuppressionAddress);
    let kind = form.kind.or_else(|| SuppressionKind::guess(&form.address)).ok_or_else(wrong)?;
    let address = kind.normal(&form.address).ok_or_else(wrong)?;
    let evidence = fitting_words(&form.evidence)?;
    let today = house.today();
    let until = match form.until {
        Some(day) if day < today => {
            return Err(Refusal::new(RefusalCode::SuppressionPast).with("day", day).with("today", today).into());
        }
        Some(day) => Some((day, shift(day, 1).to_zoned(house.zone())?.timestamp())),
        None => None,
    };
    let mut commit = house.begin().await?;
    if let Some(known) = commit.suppression_of(kind, &address).await? {
        return Err(Refusal::new(RefusalCode::SuppressionSame).with("number", entry_number(known.number)).into());
    }
    let new = NewSuppression { kind, address: &address, reason: form.reason, evidence, until, today };
    let (number, parties) = commit.add_suppression(&new).await?;
    let number = entry_number(number);
    let entry = LogEntry::new("suppression.added", "suppression", &*number).fact("kind", kind.code());
    let entry = entry.fact("reason", form.reason.code()).fact("until", form.until).fact("debtors", parties.len());
    // Whose address it is stays out of what is read for ever; the entry itself holds it, sealed.
    commit.log(entry);
    let mut letters_cancelled = 0;
    for party in &parties {
        letters_cancelled += cancel_wrong_letters(house, &mut commit, *party).await?;
    }
    commit.finish().await?;
    Ok(Listed { number, kind, address, debtors: parties.len(), letters_cancelled })
}

/// The address may be used again.
pub async fn end_suppression(house: &House, number: i64, why: &str) -> anyhow::Result<SuppressionRow> {
    let why = fitting_words(why)?;
    if why.is_empty() {
        return Err(Refusal::new(RefusalCode::ReasonMissing).into());
    }
    let mut commit = house.begin().await?;
    let Some(entry) = commit.end_suppression(number, why).await? else {
        return Err(Refusal::new(RefusalCode::SuppressionNone).with("number", entry_number(number)).into());
    };
    let line = LogEntry::new("suppression.ended", "suppression", entry_number(number));
    commit.log(line.fact("kind", entry.kind.code()).words("why", why));
    commit.finish().await?;
    Ok(entry)
}
