//! `GET /settings/bank`: the firm's own accounts, and what changes about them.

use dunlin_core::explain::phrase;
use dunlin_core::ids::UserId;
use dunlin_store::{BankAccount, User};
use jiff::Timestamp;

use super::super::show::Show;
use crate::house::House;
use crate::use_cases::bank_accounts::{masked, seal_of};
use crate::web::view::settings::{AccountRow, BankPage, ByWhom};

pub async fn load(house: &House, show: &Show) -> anyhow::Result<BankPage> {
    let users = house.store.users(house.tenant.id).await?;
    let now = house.now();
    let settings = &house.tenant.settings;
    let mut accounts: Vec<AccountRow> =
        settings.bank_accounts.iter().map(|account| row(house, show, &users, account, now)).collect();
    // What needs a person first.
    accounts.sort_by_key(|row| (row.state == "used", row.currency.clone()));
    let sent = house.store.has_sent_letters(house.tenant.id).await?;
    Ok(BankPage { accounts, is_first: !sent, hours: settings.bank_quarantine_hours })
}

fn row(house: &House, show: &Show, users: &[User], account: &BankAccount, now: Timestamp) -> AccountRow {
    let by = |id: Option<UserId>, at: Option<Timestamp>| {
        let name = users.iter().find(|user| Some(user.id) == id).map_or_else(String::new, |user| user.name.clone());
        at.map(|at| ByWhom { name, when: show.instant(at) })
    };
    let state = match () {
        () if account.is_usable(now) => "used",
        () if account.confirmed => "resting",
        () => "waits",
    };
    AccountRow {
        currency: account.currency.clone(),
        holder: account.details.holder.clone(),
        bank: account.details.bank.clone(),
        account: account.details.account.clone(),
        swift: account.details.swift.clone(),
        state,
        proposed: by(account.proposed_by, account.proposed_at),
        confirmed: by(account.confirmed_by, account.confirmed_at),
        usable_from: account.usable_from.map(|at| show.instant(at)),
        seal: seal_of(account),
        can_confirm: state == "waits" && account.proposed_by != house.actor.user_id(),
    }
}

/// Warnings for everybody: a change of account that nobody expected is how money is diverted.
pub async fn warnings(house: &House, show: &Show) -> anyhow::Result<Vec<String>> {
    let pending: Vec<&BankAccount> = house.tenant.settings.pending_accounts(house.now()).collect();
    if pending.is_empty() {
        return Ok(Vec::new());
    }
    let users = house.store.users(house.tenant.id).await?;
    let name = |id: Option<UserId>| {
        users.iter().find(|user| Some(user.id) == id).map_or_else(|| "—".to_string(), |user| user.name.clone())
    };
    let sentence = |account: &BankAccount| {
        let currency = account.currency.clone();
        let number = masked(&account.details.account);
        match account.usable_from.filter(|_| account.confirmed) {
            Some(from) => {
                let when = show.instant(from).text;
                let values = [("currency", currency), ("account", number), ("when", when)];
                phrase(show.ui(), "say-bank-resting", &values)
            }
            None => {
                let values = [("currency", currency), ("account", number), ("name", name(account.proposed_by))];
                phrase(show.ui(), "say-bank-waits", &values)
            }
        }
    };
    Ok(pending.into_iter().map(sentence).collect())
}
