//! Of which days of a bank account the statements tell: what was read, what lies between and was not, and up to which day
//! the books of the whole firm can be trusted. One account that is behind holds all of them back: a debt may have been
//! paid into any.

use jiff::civil::{Date, Weekday};
use rust_decimal::Decimal;

use crate::calendar::{days_between, shift};

/// Days of one account that were read without a gap among them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    pub from: Date,
    pub to: Date,
    /// Balances before its first and after its last line, where the bank tells them, as decimals.
    pub opening: Option<String>,
    pub closing: Option<String>,
    /// Coverage is counted from this one: the account's first statement, or where a person said to go on.
    pub is_start: bool,
}

/// An account as the statements name it, with all that was read of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountCoverage {
    pub account: String,
    /// By day, none touching another.
    pub spans: Vec<Span>,
    /// A person said that it is used no longer: nothing waits for its statements.
    pub is_retired: bool,
}

impl AccountCoverage {
    /// The last day up to which all was read.
    pub fn covered_to(&self) -> Option<Date> {
        self.start().map(|at| self.spans[at].to)
    }

    /// Days of which nothing was read although later ones were: first and last, in order.
    pub fn missing(&self) -> Vec<(Date, Date)> {
        let known = self.start().map_or(&[][..], |at| &self.spans[at..]);
        known.windows(2).map(|pair| (shift(pair[0].to, 1), shift(pair[1].from, -1))).collect()
    }

    fn start(&self) -> Option<usize> {
        self.spans.iter().position(|span| span.is_start)
    }

    /// Adds what a statement tells of. It joins whatever it touches, so that a statement read late closes the gap.
    pub fn read(&mut self, statement: Span) {
        let mut joined = Span { is_start: self.start().is_none(), ..statement };
        while let Some(at) = self.spans.iter().position(|span| touch(span, &joined)) {
            joined = together(self.spans.remove(at), joined);
        }
        self.spans.push(joined);
        self.spans.sort_by_key(|span| (span.from, span.to));
    }

    /// A person says that nothing before the latest statement needs reading any more.
    pub fn go_on(&mut self) {
        let last = self.spans.len().saturating_sub(1);
        for (at, span) in self.spans.iter_mut().enumerate() {
            span.is_start = at == last;
        }
    }
}

/// Up to which day the books of all accounts in use are known. Where none is in use any more, they end where the last of
/// them did: that nobody reads statements makes no book fresher.
pub fn books_end(accounts: &[AccountCoverage]) -> Option<Date> {
    let used = accounts.iter().filter(|account| !account.is_retired).filter_map(AccountCoverage::covered_to).min();
    used.or_else(|| accounts.iter().filter_map(AccountCoverage::covered_to).max())
}

/// Whether nothing can lie between the two, whichever is the earlier: the days meet, the balance was handed on, or only
/// a weekend is between.
fn touch(one: &Span, other: &Span) -> bool {
    let (first, second) = if one.from <= other.from { (one, other) } else { (other, one) };
    second.from <= shift(first.to, 1) || is_weekend_between(first.to, second.from) || hands_on(first, second)
}

fn is_weekend_between(last: Date, next: Date) -> bool {
    let between = days_between(last, next) - 1;
    let is_weekend = |day: Date| matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    between <= 2 && (1..=between).all(|after| is_weekend(shift(last, after)))
}

/// The second begins with the balance that the first ended with. Nothing is told by an empty account: one that is emptied
/// each evening is empty after the days that nobody read, too.
fn hands_on(first: &Span, second: &Span) -> bool {
    let balance = |text: &Option<String>| text.as_deref().and_then(|text| text.parse::<Decimal>().ok());
    match (balance(&first.closing), balance(&second.opening)) {
        (Some(closing), Some(opening)) => closing == opening && !closing.is_zero(),
        _ => false,
    }
}

/// Both as one. Of two balances of one day that read last counts at the end, the first at the beginning.
fn together(known: Span, newer: Span) -> Span {
    let opening = match known.from.cmp(&newer.from) {
        std::cmp::Ordering::Less => known.opening,
        std::cmp::Ordering::Greater => newer.opening,
        std::cmp::Ordering::Equal => known.opening.or(newer.opening),
    };
    let closing = match known.to.cmp(&newer.to) {
        std::cmp::Ordering::Greater => known.closing,
        std::cmp::Ordering::Less => newer.closing,
        std::cmp::Ordering::Equal => newer.closing.or(known.closing),
    };
    Span {
        from: known.from.min(newer.from),
        to: known.to.max(newer.to),
        opening,
        closing,
        is_start: known.is_start || newer.is_start,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().expect("a day")
    }

    fn span(from: &str, to: &str, balances: Option<(&str, &str)>) -> Span {
        let (opening, closing) = balances.unzip();
        Span {
            from: day(from),
            to: day(to),
            opening: opening.map(str::to_string),
            closing: closing.map(str::to_string),
            is_start: false,
        }
    }

    fn account(read: &[(&str, &str)]) -> AccountCoverage {
        let mut account = AccountCoverage { account: "1 USD".to_string(), spans: Vec::new(), is_retired: false };
        for (from, to) in read {
            account.read(span(from, to, None));
        }
        account
    }

    #[test]
    fn a_statement_joins_on_by_its_first_day() {
        for from in ["2026-02-01", "2026-02-20", "2026-02-21"] {
            let account = account(&[("2026-02-10", "2026-02-20"), (from, "2026-02-28")]);
            assert_eq!((account.covered_to(), account.missing()), (Some(day("2026-02-28")), vec![]), "{from}");
        }
        // An earlier one takes nothing away.
        let account = account(&[("2026-02-10", "2026-02-20"), ("2026-02-11", "2026-02-12")]);
        assert_eq!(account.covered_to(), Some(day("2026-02-20")));
    }

    #[test]
    fn a_gap_holds_until_it_is_read() {
        let mut account = account(&[("2026-02-10", "2026-02-20"), ("2026-03-02", "2026-03-10")]);
        assert_eq!(account.covered_to(), Some(day("2026-02-20")));
        assert_eq!(account.missing(), [(day("2026-02-21"), day("2026-03-01"))]);
        account.read(span("2026-02-21", "2026-02-24", None));
        assert_eq!(account.missing(), [(day("2026-02-25"), day("2026-03-01"))]);
        account.read(span("2026-02-25", "2026-03-01", None));
        assert_eq!((account.covered_to(), account.missing()), (Some(day("2026-03-10")), vec![]));
        assert_eq!(account.spans.len(), 1);
    }

    #[test]
    fn a_weekend_is_no_gap_and_a_friday_is() {
        // 20 February 2026 is a Friday.
        let monday = account(&[("2026-02-16", "2026-02-20"), ("2026-02-23", "2026-02-24")]);
        assert_eq!(monday.covered_to(), Some(day("2026-02-24")));
        let sunday = account(&[("2026-02-16", "2026-02-21"), ("2026-02-23", "2026-02-24")]);
        assert_eq!(sunday.covered_to(), Some(day("2026-02-24")));
        let thursday = account(&[("2026-02-16", "2026-02-19"), ("2026-02-23", "2026-02-24")]);
        assert_eq!(thursday.missing(), [(day("2026-02-20"), day("2026-02-22"))]);
        let tuesday = account(&[("2026-02-16", "2026-02-20"), ("2026-02-24", "2026-02-24")]);
        assert_eq!(tuesday.covered_to(), Some(day("2026-02-20")));
    }

    #[test]
    fn a_balance_handed_on_joins_but_not_that_of_an_empty_account() {
        for (closing, opening, joins) in
            [("1250.50", "1250.5", true), ("1250.50", "1250.51", false), ("0.00", "0", false), ("-3", "3", false)]
        {
            let mut account = account(&[]);
            account.read(span("2026-02-16", "2026-02-20", Some(("1", closing))));
            account.read(span("2026-03-02", "2026-03-03", Some((opening, "7"))));
            assert_eq!(account.missing().is_empty(), joins, "{closing} {opening}");
        }
        // The later one may be the first to be read.
        let mut account = account(&[]);
        account.read(span("2026-03-02", "2026-03-03", Some(("9", "7"))));
        account.read(span("2026-02-16", "2026-02-20", Some(("1", "9"))));
        assert_eq!((account.spans.len(), account.covered_to()), (1, Some(day("2026-03-03"))));
    }

    #[test]
    fn what_is_older_than_the_first_statement_holds_nothing_back() {
        let account = account(&[("2026-03-02", "2026-03-10"), ("2026-01-05", "2026-01-09")]);
        assert_eq!((account.covered_to(), account.missing()), (Some(day("2026-03-10")), vec![]));
    }

    #[test]
    fn a_person_may_say_that_nothing_is_missing() {
        let mut account = account(&[("2026-02-10", "2026-02-20"), ("2026-03-02", "2026-03-10")]);
        account.go_on();
        assert_eq!((account.covered_to(), account.missing()), (Some(day("2026-03-10")), vec![]));
    }

    #[test]
    fn the_books_end_with_the_account_that_is_furthest_behind() {
        let ahead = account(&[("2026-03-01", "2026-03-10")]);
        let mut behind = account(&[("2026-02-01", "2026-02-20")]);
        assert_eq!(books_end(&[]), None);
        assert_eq!(books_end(&[ahead.clone(), behind.clone()]), Some(day("2026-02-20")));
        behind.is_retired = true;
        assert_eq!(books_end(&[ahead.clone(), behind.clone()]), Some(day("2026-03-10")));
        let retired = AccountCoverage { is_retired: true, ..ahead };
        assert_eq!(books_end(&[retired, behind]), Some(day("2026-03-10")));
    }
}
