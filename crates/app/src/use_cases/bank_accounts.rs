//! The firm's own bank accounts (SCENARIOS G9): one person proposes a change, another confirms it, and only after a
//! waiting time does it stand in letters. Until then the account that was confirmed before goes on being named.

use dunlin_core::access::Right;
use dunlin_core::ids::UserId;
use dunlin_core::letter::BankDetails;
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::{BankAccount, Commit, LogEntry, Settings};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::house::{Forbidden, House};

/// Whoever acts, if they may.
fn person(house: &House) -> anyhow::Result<UserId> {
    if !house.actor.may(Right::BankAccounts) {
        return Err(Forbidden::new(Right::BankAccounts).into());
    }
    match house.actor.user_id() {
        Some(id) => Ok(id),
        None => Err(Refusal::new(RefusalCode::AccountTwoPeople).into()),
    }
}

/// What a person looked at before saying yes to it.
pub fn seal_of(account: &BankAccount) -> String {
    let BankDetails { holder, bank, account: number, swift } = &account.details;
    let by = account.proposed_by.map_or_else(String::new, |id| id.to_string());
    let text = format!("{}\n{holder}\n{bank}\n{number}\n{swift}\n{by}\n{:?}", account.currency, account.proposed_at);
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn checked(details: BankDetails) -> anyhow::Result<BankDetails> {
    let tidy = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let details = BankDetails {
        holder: tidy(&details.holder),
        bank: tidy(&details.bank),
        account: tidy(&details.account),
        swift: tidy(&details.swift).to_uppercase(),
    };
    if details.holder.is_empty() || details.bank.is_empty() || details.account.is_empty() {
        return Err(Refusal::new(RefusalCode::AccountPart).into());
    }
    if details.holder.len() + details.bank.len() + details.account.len() + details.swift.len() > 600 {
        return Err(Refusal::new(RefusalCode::AccountLong).into());
    }
    let digits = details.account.chars().filter(char::is_ascii_alphanumeric).count();
    if digits < 4 {
        return Err(Refusal::new(RefusalCode::AccountShort).with("text", details.account).into());
    }
    let compact: String = details.account.chars().filter(|c| !c.is_whitespace()).collect();
    let is_iban = compact.len() > 4
        && compact.as_bytes()[..4].is_ascii()
        && compact[..2].bytes().all(|b| b.is_ascii_uppercase())
        && compact[2..4].bytes().all(|b| b.is_ascii_digit());
    if is_iban && compact.parse::<iban::Iban>().is_err() {
        return Err(Refusal::new(RefusalCode::AccountIban).with("text", details.account).into());
    }
    let swift = details.swift.as_bytes();
    let is_bic = matches!(swift.len(), 8 | 11)
        && swift[..6].iter().all(u8::is_ascii_uppercase)
        && swift[6..].iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if !swift.is_empty() && !is_bic {
        return Err(Refusal::new(RefusalCode::AccountSwift).with("text", details.swift).into());
    }
    Ok(details)
}

/// Proposes an account for a currency. Returns whether it waits for a second person: before the first letter has left
/// nobody can have been told of another account, and it counts at once; what a program proposes always waits.
pub async fn propose_account(house: &House, currency: &str, details: BankDetails) -> anyhow::Result<bool> {
    let who = person(house)?;
    let currency = dunlin_core::money::currency(currency.trim())?;
    let details = checked(details)?;
    let mut commit = house.begin().await?;
    let mut settings = commit.settings().await?;
    let first = house.actor.token.is_none() && !commit.has_sent_letters().await?;
    let now = commit.now();
    if settings.bank_for(currency.code(), now).as_ref() == Some(&details) {
        return Err(Refusal::new(RefusalCode::AccountSame).into());
    }
    // A newer proposal takes the place of one that nobody has confirmed.
    settings.bank_accounts.retain(|known| known.currency != currency.code() || (known.confirmed && !first));
    let mut account = BankAccount::given(currency.code(), details);
    account.confirmed = first;
    account.proposed_by = Some(who);
    account.proposed_at = Some(now);
    let verb = if first { "bank.given" } else { "bank.proposed" };
    log(&mut commit, verb, &account);
    settings.bank_accounts.push(account);
    commit.save_settings(&settings).await?;
    commit.finish().await?;
    Ok(!first)
}

fn log(commit: &mut Commit, verb: &'static str, account: &BankAccount) {
    let entry = LogEntry::new(verb, "bank_account", account.currency.as_str());
    commit.log(entry.fact("currency", &account.currency).fact("account", masked(&account.details.account)));
}

/// Enough of a number to tell two apart.
pub fn masked(number: &str) -> String {
    let tail: Vec<char> = number.chars().rev().filter(|c| !c.is_whitespace()).take(4).collect();
    format!("…{}", tail.into_iter().rev().collect::<String>())
}

fn waiting<'s>(settings: &'s mut Settings, currency: &str) -> anyhow::Result<&'s mut BankAccount> {
    let found = settings.bank_accounts.iter_mut().find(|known| known.currency == currency && !known.confirmed);
    match found {
        Some(account) => Ok(account),
        None => Err(Refusal::new(RefusalCode::AccountNoneWaits).with("currency", currency).into()),
    }
}

/// Says yes to an account that somebody else proposed. `seen` is the seal of what was looked at. Returns from when on
/// letters name it.
pub async fn confirm_account(house: &House, currency: &str, seen: &str) -> anyhow::Result<Timestamp> {
    let who = person(house)?;
    // A program has no eyes, whoever's key it uses: two keys in one place would be no two people.
    house.by_a_person("confirms a bank account", "/settings/bank")?;
    let mut commit = house.begin().await?;
    let mut settings = commit.settings().await?;
    let now = commit.now();
    let hours = settings.bank_quarantine_hours.max(0);
    let quarantine = SignedDuration::from_hours(hours);
    let account = waiting(&mut settings, currency)?;
    if seal_of(account) != seen {
        return Err(Refusal::new(RefusalCode::AccountChanged).into());
    }
    let (Some(proposed_by), Some(proposed_at)) = (account.proposed_by, account.proposed_at) else {
        return Err(Refusal::new(RefusalCode::AccountNobody).into());
    };
    if proposed_by == who {
        return Err(Refusal::new(RefusalCode::AccountOwn).into());
    }
    // Somebody who was let in a moment before, perhaps by the other of the two, is no pair of eyes of their own.
    if !commit.user(who).await?.was_here(proposed_at, hours) {
        return Err(Refusal::new(RefusalCode::AccountJoined).with("hours", hours).into());
    }
    let proposer = commit.user(proposed_by).await?;
    if !proposer.was_here(proposed_at, hours) {
        let refusal = Refusal::new(RefusalCode::AccountProposerNew).with("name", proposer.name);
        return Err(refusal.with("hours", hours).into());
    }
    account.confirmed = true;
    account.confirmed_by = Some(who);
    account.confirmed_at = Some(now);
    account.usable_from = Some(now + quarantine);
    let done = account.clone();
    let usable = now + quarantine;
    forget_former(&mut settings, now);
    log(&mut commit, "bank.confirmed", &done);
    commit.save_settings(&settings).await?;
    commit.finish().await?;
    Ok(usable)
}

/// Of the accounts that letters may name, only the newest of each currency is kept; the history has the others.
fn forget_former(settings: &mut Settings, now: Timestamp) {
    let current: Vec<BankAccount> = settings.bank_accounts.clone();
    settings.bank_accounts.retain(|account| {
        let is_newest = |other: &BankAccount| {
            other.currency == account.currency && other.is_usable(now) && other.usable_from > account.usable_from
        };
        !account.is_usable(now) || !current.iter().any(is_newest)
    });
}

/// Takes a proposal back, or a confirmation whose waiting time still runs: whoever may change accounts can stop one.
pub async fn withdraw_account(house: &House, currency: &str) -> anyhow::Result<()> {
    person(house)?;
    let mut commit = house.begin().await?;
    let mut settings = commit.settings().await?;
    let now = commit.now();
    let found = settings.bank_accounts.iter().position(|known| known.currency == currency && !known.is_usable(now));
    let Some(position) = found else {
        return Err(Refusal::new(RefusalCode::AccountNoChange).with("currency", currency).into());
    };
    let gone = settings.bank_accounts.remove(position);
    log(&mut commit, "bank.withdrawn", &gone);
    commit.save_settings(&settings).await?;
    Ok(commit.finish().await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_told_by_its_end_only() {
        assert_eq!(masked("DE89 3704 0044 0532 0130 00"), "…3000");
        assert_eq!(masked("12"), "…12");
    }

    #[test]
    fn another_proposer_is_another_seal() {
        let details = BankDetails {
            holder: "H".to_string(),
            bank: "B".to_string(),
            account: "1".to_string(),
            swift: String::new(),
        };
        let one = BankAccount { proposed_by: Some(UserId(1)), ..BankAccount::given("USD", details) };
        let other = BankAccount { proposed_by: Some(UserId(2)), ..one.clone() };
        assert_ne!(seal_of(&one), seal_of(&other));
    }
}
