//! Judges what leaves, at the moment at which it leaves, by the books of the storm: the invariants once more, in the words
//! of history. What is found is the name of a rule and a sentence.

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, civil::Date};

use super::books::{Account, Books, Left, Truth};
use crate::calendar::countries::Countries;
use crate::calendar::holidays::Holidays;
use crate::calendar::workdays::Weekend;
use crate::facts::{DebtorFacts, TenantFacts};
use crate::letter::Purpose;
use crate::money::Money;
use crate::party::{Channel, Contact};
use crate::playbook::{Autonomy, Playbook, Step, Window};
use crate::why::{IN_TRANSIT_DAYS, WhyUnpaid};

/// A rule that was broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    pub rule: &'static str,
    pub what: String,
    pub at: Timestamp,
}

/// One debt in what leaves.
pub struct Asked<'a> {
    pub debt: usize,
    /// Which its case follows.
    pub playbook: &'a Playbook,
    pub step: &'a Step,
    pub pressed: Money,
}

/// A letter or call as it leaves.
pub struct Leaving<'a> {
    pub at: Timestamp,
    pub purpose: Purpose,
    pub channel: Channel,
    pub contact: Option<&'a Contact>,
    pub asked: Vec<Asked<'a>>,
    /// Persons who said yes to it.
    pub approvals: usize,
}

/// How whatever leaves comes near a person.
pub struct Visit<'a> {
    pub at: Timestamp,
    pub channel: Channel,
    pub contact: Option<&'a Contact>,
    /// Only while people are at their desks.
    pub at_desk: bool,
    /// More than news of the goods.
    pub asks: bool,
}

/// What history says and whom it is about.
pub struct Judge<'a> {
    pub books: &'a Books,
    pub truth: &'a Truth,
    pub facts: &'a DebtorFacts,
    pub tenant: &'a TenantFacts,
}

impl Judge<'_> {
    pub fn judge(&self, leaving: &Leaving<'_>) -> Result<(), Broken> {
        let at = leaving.at;
        let broken = |rule, what: String| Err(Broken { rule, what, at });
        let (contact, channel) = (leaving.contact, leaving.channel);
        let at_desk = leaving.asked.iter().any(|asked| asked.playbook.window == Window::Office);
        let asks = leaving.purpose != Purpose::Service || leaving.asked.iter().any(|asked| asked.pressed.minor > 0);
        self.visit(&Visit { at, channel, contact, at_desk, asks })?;
        for asked in &leaving.asked {
            let Some(account) = self.books.accounts.get(asked.debt) else {
                return broken("books", format!("R-{} is not in the books", asked.debt + 1));
            };
            if self.truth.has_left(asked.debt, &asked.step.id) {
                return broken("once", format!("step {} of R-{} leaves twice", asked.step.id, asked.debt + 1));
            }
            let severe = asked.step.autonomy.is_severe();
            let needed = match asked.step.autonomy {
                Autonomy::TwoApprovals => 2,
                Autonomy::Approval | Autonomy::AlwaysReviewed => 1,
                Autonomy::Automatic | Autonomy::FirstTimeReviewed => 0,
            };
            if leaving.approvals < needed {
                return broken("approval", format!("step {} with {} approvals", asked.step.id, leaving.approvals));
            }
            let skips = asked.step.level > account.level() + 1;
            if skips && (severe || !account.is_contextual) {
                let what = format!("R-{} goes from {} to {}", asked.debt + 1, account.level(), asked.step.level);
                return broken("level", what);
            }
            self.silences(asked, account, leaving)?;
        }
        if leaving.purpose.asks_for_money() {
            self.general_promises(leaving)?;
            self.how_often(leaving)?;
        }
        Ok(())
    }

    /// The hour, and whether the person may be written to there at all.
    pub fn visit(&self, visit: &Visit<'_>) -> Result<(), Broken> {
        let at = visit.at;
        let broken = |rule, what: String| Err(Broken { rule, what, at });
        self.hours(visit)?;
        let Some(contact) = visit.contact else { return Ok(()) };
        if visit.asks && contact.objected {
            return broken("objection", format!("contact {} objected", contact.id.0));
        }
        if !contact.ways.has(visit.channel) {
            return broken("address", format!("no {} of contact {}", visit.channel.code(), contact.id.0));
        }
        let came_back = self.books.bounced.iter().any(|(id, channel, until)| {
            *id == contact.id && *channel == visit.channel && until.is_none_or(|until| at < until)
        });
        if came_back {
            return broken("bounced", format!("the {} of contact {}", visit.channel.code(), contact.id.0));
        }
        Ok(())
    }

    fn today(&self, at: Timestamp) -> Date {
        at.to_zoned(self.tenant.time_zone.clone()).date()
    }

    /// Nothing is said about what is held or over, nothing asked for that is disputed, promised or perhaps paid.
    fn silences(&self, asked: &Asked<'_>, account: &Account, leaving: &Leaving<'_>) -> Result<(), Broken> {
        let at = leaving.at;
        let number = asked.debt + 1;
        let broken = |rule, what: String| Err(Broken { rule, what, at });
        let today = self.today(at);
        let is_thanks = asked.playbook.thanks.as_ref().is_some_and(|thanks| thanks.id == asked.step.id);
        if self.books.blacklisted {
            return broken("blacklist", format!("R-{number} of somebody blacklisted"));
        }
        let about = |debt: &Option<usize>| debt.is_none_or(|debt| debt == asked.debt);
        if self.books.holds.iter().any(|(debt, until)| about(debt) && today <= *until) {
            return broken("hold", format!("R-{number} is on hold"));
        }
        if self.books.questions.iter().any(|(debt, until)| *debt == asked.debt && today <= *until) {
            return broken("question", format!("R-{number}, about which the buyer was asked"));
        }
        if is_thanks {
            let unpaid = account.open() > 0 || asked.pressed.minor != 0;
            return if unpaid { broken("thanks", format!("R-{number} is not paid")) } else { Ok(()) };
        }
        if account.is_over() || account.in_other_hands {
            return broken("over", format!("R-{number} is over or in other hands"));
        }
        if asked.pressed.minor == 0 && !leaving.purpose.asks_for_money() {
            return Ok(());
        }
        if self.truth.settled.get(asked.debt).is_some_and(|settled| *settled >= account.amount) {
            return broken("paid", format!("R-{number} was paid before the restore"));
        }
        if !self.books.unmatched.is_empty() {
            return broken("unmatched", format!("R-{number} may be paid"));
        }
        if let (Some(covered_to), Some(age)) = (self.books.covered_to, self.tenant.statements) {
            let days = covered_to.until(today).map_or(0, |span| span.get_days());
            if days > age.max_age_days {
                return broken("stale", format!("R-{number} with books {days} days old"));
            }
        }
        match account.why {
            Some((WhyUnpaid::SellerFault, _)) => return broken("fault", format!("R-{number} by our own fault")),
            Some((WhyUnpaid::PaidInTransit, since)) => {
                let days = since.until(today).map_or(0, |span| span.get_days());
                if days <= IN_TRANSIT_DAYS {
                    return broken("transit", format!("R-{number} said to be paid {days} days ago"));
                }
            }
            _ => {}
        }
        let mut free = account.undisputed();
        for word in self.books.words.iter().filter(|word| self.runs(word, today)) {
            match (word.debt, word.minor) {
                (Some(debt), minor) if debt == asked.debt => {
                    free -= minor.map_or(free, |(minor, _)| (minor - self.came_since(word.given_on, debt)).max(0));
                }
                (None, None) => free = 0,
                _ => {}
            }
        }
        if asked.pressed.minor > free.max(0) {
            let what = format!("{} asked for on R-{number}, {free} minor free", asked.pressed);
            return broken("amount", what);
        }
        Ok(())
    }

    /// While a promise still keeps us silent: also when its day is over and the statements end before it.
    fn runs(&self, word: &super::books::Word, today: Date) -> bool {
        let days = |from: Date, to: Date| from.until(to).map_or(0, |span| span.get_days());
        let margin = self.tenant.promise_margin_days;
        let in_time = days(word.pay_on, today) <= margin;
        let in_the_dark = self.books.covered_to.is_some_and(|covered| days(word.pay_on, covered) < margin);
        (in_time || in_the_dark) && days(word.given_on, today) <= self.tenant.promise_cap_days && !word.kept
    }

    /// What was paid on a debt from a day on: as much of a sum that was promised is not awaited any more.
    fn came_since(&self, day: Date, debt: usize) -> i64 {
        let came = self.books.came.iter().filter(|(about, on, _)| *about == debt && *on >= day);
        came.map(|(_, _, minor)| minor).sum()
    }

    /// A sum promised for everything is not asked for: what is asked leaves as much of the debt in peace.
    fn general_promises(&self, leaving: &Leaving<'_>) -> Result<(), Broken> {
        let Some(currency) = leaving.asked.first().map(|asked| asked.pressed.currency) else { return Ok(()) };
        let today = self.today(leaving.at);
        let words = self.books.words.iter().filter(|word| word.debt.is_none() && self.runs(word, today));
        let words = words.filter(|word| word.minor.is_some_and(|(_, of)| of == currency));
        let given_on = words.clone().map(|word| word.given_on).min().unwrap_or(today);
        let debts = (0..self.books.accounts.len()).filter(|debt| self.books.accounts[*debt].currency == currency);
        let came: i64 = debts.map(|debt| self.came_since(given_on, debt)).sum();
        let promised: i64 = words.filter_map(|word| word.minor).map(|(sum, _)| sum).sum::<i64>() - came;
        let owed = self.books.accounts.iter().filter(|account| account.currency == currency && !account.is_over());
        let open: i64 = owed.map(Account::open).sum();
        let asked: i64 = leaving.asked.iter().map(|asked| asked.pressed.minor).sum();
        if promised > 0 && asked > (open - promised).max(0) {
            let what = format!("{asked} minor asked for of {open}, {promised} promised");
            return Err(Broken { rule: "amount", what, at: leaving.at });
        }
        Ok(())
    }

    fn how_often(&self, leaving: &Leaving<'_>) -> Result<(), Broken> {
        // What a restore lost only the person knows who was asked before it left.
        let lately = |at: Timestamp| leaving.at.duration_since(at) < SignedDuration::from_hours(168);
        if leaving.approvals > 0 && self.tenant.restored_at.is_some_and(lately) {
            return Ok(());
        }
        let own_gap = |asked: &Asked<'_>| asked.playbook.gap_hours.unwrap_or(self.tenant.rules.gap_hours);
        let gap = leaving.asked.iter().map(own_gap).max().unwrap_or(self.tenant.rules.gap_hours);
        let before = self.truth.left.iter().filter(|left| left.is_pressing && left.at <= leaving.at);
        let since = |left: &Left| leaving.at.duration_since(left.at);
        let shortest = before.clone().map(since).min();
        let is_short = |short: &SignedDuration| *short < SignedDuration::from_hours(gap);
        if let Some(short) = shortest.filter(is_short).filter(|_| !self.answers(leaving)) {
            let what = format!("{} h after the last, the gap is {gap} h", short.as_hours());
            return Err(Broken { rule: "gap", what, at: leaving.at });
        }
        let of_week = before.filter(|left| since(left) < SignedDuration::from_hours(168)).count();
        let rules = &self.tenant.rules;
        let ceiling =
            if self.facts.party.is_consumer { rules.weekly_ceiling_consumer } else { rules.weekly_ceiling_company };
        if of_week >= ceiling {
            return Err(Broken { rule: "ceiling", what: format!("{} in seven days", of_week + 1), at: leaving.at });
        }
        Ok(())
    }

    /// Whether all of it speaks of what the buyer wrote three days ago at most, and nobody pressed in between.
    fn answers(&self, leaving: &Leaving<'_>) -> bool {
        let three_days = SignedDuration::from_hours(72);
        leaving.asked.iter().all(|asked| {
            let routes = &asked.playbook.routes;
            let route = routes.iter().find(|route| route.steps.iter().any(|step| step.id == asked.step.id));
            let known = self.books.accounts.get(asked.debt).and_then(|account| account.why);
            let (Some(route), Some((why, _))) = (route, known) else {
                return false;
            };
            let written = self.books.heard.iter().filter(|(_, debt, of)| *debt == asked.debt && *of == why);
            let lately = written.filter(|(at, ..)| *at <= leaving.at && leaving.at.duration_since(*at) <= three_days);
            let last = lately.map(|(at, ..)| *at).max();
            let was_silent = |at| self.truth.left.iter().all(|left| !left.is_pressing || left.at < at);
            route.reasons.contains(&why) && last.is_some_and(was_silent)
        })
    }

    /// In every place where the person could be it is a time of day, and a day, at which one may be written to.
    fn hours(&self, visit: &Visit<'_>) -> Result<(), Broken> {
        let country = Countries::shipped().get(&self.facts.party.country);
        let own = visit.contact.and_then(|contact| TimeZone::get(contact.time_zone.as_deref()?).ok());
        let zones = match (own, country) {
            (Some(own), _) => vec![own],
            (None, Some(country)) => country.zones.iter().map(|(_, zone)| zone.clone()).collect(),
            (None, None) => vec![self.tenant.time_zone.clone()],
        };
        for zone in zones {
            let local = visit.at.to_zoned(zone).datetime();
            let (open, close) = match visit.at_desk {
                true => (Time::constant(9, 0, 0, 0), Time::constant(17, 30, 0, 0)),
                false => (Time::constant(8, 0, 0, 0), Time::constant(21, 0, 0, 0)),
            };
            let code = self.facts.party.country.as_str();
            let weekend = country.map_or(Weekend::SATURDAY_SUNDAY, |country| country.weekend);
            let holidays = Holidays::shipped();
            let is_free = self.facts.closed_on.contains(&local.date())
                || country.is_some_and(|_| holidays.on(code, local.date()).is_some())
                || (weekend.contains(local.weekday()) && !(country.is_some() && holidays.works_on(code, local.date())));
            let rests = visit.at_desk && is_free;
            if rests || local.time() < open || local.time() >= close {
                return Err(Broken { rule: "hours", what: format!("{local} there"), at: visit.at });
            }
        }
        Ok(())
    }
}
