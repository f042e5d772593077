//! Forms that end or lower something: holds, promises, credits, write-offs, and the way back.

use axum::response::Response;

use dunlin_core::receivable::ledger::LedgerKind;

use super::{Fields, Sent, answer, asked, debtor, done, receivable, strange_field};
use crate::use_cases::lower_outstanding::{lower_outstanding, take_back};
use crate::use_cases::standing_facts::{end_holds, withdraw_promises};
use crate::use_cases::undo::{end_one_hold, withdraw_one_promise};
use crate::web::load::show::Show;

/// The one that a way back is about; `None`: whatever runs on the subject.
fn one<Id: std::str::FromStr>(f: &Fields) -> anyhow::Result<Option<Id>> {
    match f.only.as_str() {
        "" => Ok(None),
        id => id.parse().map(Some).map_err(|_| strange_field(id)),
    }
}

pub async fn end_hold(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let party = debtor(house, &name).await?;
        match one(&f)? {
            Some(id) => end_one_hold(house, party, id).await?,
            None => end_holds(house, party, None).await.map(drop)?,
        }
        Ok(done(show, "say-toast-hold-ended", &[]))
    })
    .await
}

pub async fn end_hold_of(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let found = receivable(house, &name).await?;
        match one(&f)? {
            Some(id) => end_one_hold(house, found.party_id, id).await?,
            None => end_holds(house, found.party_id, Some(found.receivable_id)).await.map(drop)?,
        }
        Ok(done(show, "say-toast-hold-ended", &[]))
    })
    .await
}

pub async fn withdraw(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let party = debtor(house, &name).await?;
        match one(&f)? {
            Some(id) => withdraw_one_promise(house, party, id).await?,
            None => withdraw_promises(house, party, None).await.map(drop)?,
        }
        Ok(done(show, "say-toast-promise-withdrawn", &[]))
    })
    .await
}

pub async fn withdraw_of(Sent { house, headers, name, f }: Sent) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let found = receivable(house, &name).await?;
        match one(&f)? {
            Some(id) => withdraw_one_promise(house, found.party_id, id).await?,
            None => withdraw_promises(house, found.party_id, Some(found.receivable_id)).await.map(drop)?,
        }
        Ok(done(show, "say-toast-promise-withdrawn", &[]))
    })
    .await
}

pub async fn credit(sent: Sent) -> Response {
    lower(sent, LedgerKind::Credit).await
}

pub async fn write_off(sent: Sent) -> Response {
    lower(sent, LedgerKind::WriteOff).await
}

pub async fn undo_credit(sent: Sent) -> Response {
    undo(sent, LedgerKind::Credit).await
}

pub async fn undo_write_off(sent: Sent) -> Response {
    undo(sent, LedgerKind::WriteOff).await
}

async fn lower(Sent { house, headers, name, f }: Sent, kind: LedgerKind) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let found = receivable(house, &name).await?;
        let lowered = lower_outstanding(house, &found, kind, asked(&f)?, &f.reason).await?;
        let key = if kind == LedgerKind::WriteOff { "say-toast-written-off" } else { "say-toast-credited" };
        let values = [("amount", figure(show, lowered.amount)), ("open", figure(show, lowered.outstanding))];
        let what = if kind == LedgerKind::WriteOff { "write-off" } else { "credit" };
        Ok(done(show, key, &values).back(format!("/receivables/{}/{what}/undo", found.number), &[]))
    })
    .await
}

async fn undo(Sent { house, headers, name, f }: Sent, kind: LedgerKind) -> Response {
    answer(house, headers, &f.next, async |house, show| {
        let found = receivable(house, &name).await?;
        let lowered = take_back(house, &found, kind, &f.reason).await?;
        let values = [("amount", figure(show, lowered.amount)), ("open", figure(show, lowered.outstanding))];
        Ok(done(show, "say-toast-taken-back", &values))
    })
    .await
}

/// "USD 1,234.50", as the reader writes it.
fn figure(show: &Show, money: dunlin_core::money::Money) -> String {
    let amount = show.amount(money);
    format!("{} {}", amount.currency, amount.text)
}
