//! The bank accounts of which statements are read: up to which day each is known, what is missing, and which are used
//! no longer. The one that is furthest behind holds back every letter that presses, since any may have been paid into.

use dunlin_bank_formats::Statement;
use dunlin_core::access::Right;
use dunlin_core::coverage::{AccountCoverage, Span};
use dunlin_store::{LogEntry, StoreError};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::house::{Forbidden, House};

/// Longer names are cut: no bank writes one, and whoever names the account has to be able to.
const LONGEST_NAME: usize = 150;

/// Days of an account of which nothing was read although later ones were.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MissingDays {
    /// As the statements name it, with its currency.
    #[schema(example = "DE89370400440532013000 EUR")]
    pub account: String,
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    #[schema(value_type = String, format = Date)]
    pub to: Date,
}

/// An account of which statements were read.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StatementAccount {
    /// As the statements name it, with its currency.
    #[schema(example = "DE89370400440532013000 EUR")]
    pub account: String,
    /// The last day up to which all was read.
    #[schema(value_type = Option<String>, format = Date)]
    pub covered_to: Option<Date>,
    pub missing: Vec<MissingDays>,
    /// Used no longer: nothing waits for its statements.
    pub retired: bool,
}

/// What a person says about an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// It is used no longer.
    Retire,
    /// It is used, and nothing before its latest statement needs reading any more.
    Use,
}

impl From<&AccountCoverage> for StatementAccount {
    fn from(account: &AccountCoverage) -> Self {
        Self {
            account: account.account.clone(),
            covered_to: account.covered_to(),
            missing: missing_days(account),
            retired: account.is_retired,
        }
    }
}

/// All of them, by name.
pub async fn statement_accounts(house: &House) -> anyhow::Result<Vec<StatementAccount>> {
    let known = house.store.bank_coverage(house.tenant.id).await?;
    Ok(known.iter().map(StatementAccount::from).collect())
}

/// Says of an account that it is used no longer, or that it is.
pub async fn say_of_account(house: &House, name: &str, word: Word) -> anyhow::Result<StatementAccount> {
    if !house.actor.may(Right::Money) {
        return Err(Forbidden::new(Right::Money).into());
    }
    let mut commit = house.begin().await?;
    let known = commit.bank_coverage().await?;
    let Some(mut account) = known.into_iter().find(|account| account.account == name.trim()) else {
        return Err(StoreError::not_found("account", name).into());
    };
    let verb = match word {
        Word::Retire => {
            account.is_retired = true;
            "statement.account_retired"
        }
        Word::Use => {
            account.is_retired = false;
            account.go_on();
            "statement.account_used"
        }
    };
    commit.keep_bank_coverage(std::slice::from_ref(&account)).await?;
    commit.log(LogEntry::new(verb, "bank_account", account.account.as_str()));
    commit.finish().await?;
    Ok(StatementAccount::from(&account))
}

pub(super) fn missing_days(account: &AccountCoverage) -> Vec<MissingDays> {
    // Nobody waits for those of an account that is used no longer.
    let missing = if account.is_retired { Vec::new() } else { account.missing() };
    let days = |(from, to)| MissingDays { account: account.account.clone(), from, to };
    missing.into_iter().map(days).collect()
}

/// What the account of a statement is called here: banks keep several currencies under one number, each with statements
/// of its own.
pub(super) fn account_name(statement: &Statement) -> String {
    let lines = statement.entries.iter().map(|entry| entry.currency.as_str());
    let currency = std::iter::once(statement.currency.as_str()).chain(lines).find(|code| !code.is_empty());
    let words = statement.account.split_whitespace().chain(currency);
    let name: String = words.collect::<Vec<_>>().join(" ").chars().take(LONGEST_NAME).collect();
    match name.trim() {
        "" => "-".to_string(),
        name => name.to_string(),
    }
}

/// Of which days a statement tells: from its opening balance or first line to its closing balance, else its last line.
/// Nothing, where it has none of them.
pub(super) fn days_of(statement: &Statement, today: Date) -> Option<Span> {
    let booked: Vec<Date> = statement.entries.iter().filter(|e| !e.pending).map(|e| e.booking_date).collect();
    let closing = statement.closing.as_ref();
    let to = closing.map(|balance| balance.date).or_else(|| booked.iter().max().copied())?.min(today);
    let opening = statement.opening.as_ref();
    let first = booked.iter().copied().chain(opening.map(|balance| balance.date)).min();
    Some(Span {
        from: first.unwrap_or(to).min(to),
        to,
        opening: opening.map(|balance| balance.amount.to_string()),
        closing: closing.map(|balance| balance.amount.to_string()),
        is_start: false,
    })
}

#[cfg(test)]
mod tests {
    use dunlin_bank_formats::{Format, parse};
    use jiff::civil::date;

    use super::*;

    fn statement(account: &str) -> Statement {
        let text = format!(
            ":20:X\r\n:25:{account}\r\n:28C:1/1\r\n:60F:C260302USD5,00\r\n:61:2603030303C1,00NTRFNONREF//B1\r\n\
             :86:X\r\n:62F:C260305USD6,00\r\n-\r\n"
        );
        parse(text.as_bytes(), Format::Auto).statements.remove(0)
    }

    #[test]
    fn a_statement_tells_of_the_days_between_its_balances_but_not_of_tomorrow() {
        let read = statement("3900001");
        assert_eq!(account_name(&read), "3900001 USD");
        let days = days_of(&read, date(2026, 3, 10)).expect("days");
        assert_eq!((days.from, days.to), (date(2026, 3, 2), date(2026, 3, 5)));
        assert_eq!((days.opening.as_deref(), days.closing.as_deref()), (Some("5.00"), Some("6.00")));
        let ahead = days_of(&read, date(2026, 3, 4)).expect("days");
        assert_eq!((ahead.from, ahead.to), (date(2026, 3, 2), date(2026, 3, 4)));
        let nothing = Statement { account: String::new(), ..Statement::default() };
        assert_eq!((account_name(&nothing).as_str(), days_of(&nothing, date(2026, 3, 4))), ("-", None));
    }
}
