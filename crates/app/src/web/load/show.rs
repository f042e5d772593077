//! From the domain's values to what pages show: one function per kind of value, in the reader's language.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use dunlin_core::calendar::countries::Countries;
use dunlin_core::calendar::days_between;
use dunlin_core::calendar::window::LocalHours;
use dunlin_core::calendar::workdays::Workdays;
use dunlin_core::explain::{self, phrase, sentence};
use dunlin_core::facts::{DebtorFacts, ReceivableFacts};
use dunlin_core::locale;
use dunlin_core::money::{Decimal, Money};
use dunlin_core::party::{Channel, Contact, Language};
use dunlin_core::playbook::Window;
use dunlin_core::reason::{FactValue, Reason};
use dunlin_core::receivable::ledger::AllocatedFrom;

use crate::house::House;
use crate::titles::Titles;
use crate::web::view::figures::{Age, Amount, Bucket, Clock, OpenByCurrency, When};
use crate::web::view::names::isolated;
use crate::web::view::who::{ContactRow, DebtorRef};
use crate::web::view::why::ReasonLine;
use crate::web::words::{UiLanguage, Words};

/// A reader of pages: language, zone, and the clock that decisions use.
#[derive(Clone)]
pub struct Show {
    pub words: Words,
    pub titles: Titles,
    pub zone: TimeZone,
    pub now: Timestamp,
}

impl Show {
    pub fn new(house: &House, language: UiLanguage) -> Self {
        let titles = Titles::new(house, ui(language));
        Self { words: Words::new(language), titles, zone: house.zone(), now: house.now() }
    }

    /// The language of the core's sentences.
    pub const fn ui(&self) -> explain::UiLanguage {
        ui(self.words.language())
    }

    pub const fn letters(&self) -> Language {
        self.ui().letters()
    }

    pub fn today(&self) -> Date {
        self.now.to_zoned(self.zone.clone()).date()
    }

    pub fn amount(&self, money: Money) -> Amount {
        Amount::new(money.currency.code(), locale::money_plain(money, self.letters()), money.decimal())
    }

    /// With its currency, inside a sentence.
    pub fn money(&self, money: Money) -> String {
        locale::money(money, self.letters())
    }

    /// "EUR 11,000.00 at 1.0909": what a payment in another currency gave.
    pub fn at_rate(&self, paid: Money, rate: Decimal) -> String {
        let values = [("amount", self.money(paid)), ("rate", locale::rate(rate, self.letters()))];
        phrase(self.ui(), "say-at-rate", &values)
    }

    /// The same for a ledger line of `amount`; `None` in one currency, where there is nothing to add.
    pub fn from_other_currency(&self, amount: Money, from: Option<&AllocatedFrom>) -> Option<String> {
        let from = from.filter(|from| from.amount.currency != amount.currency)?;
        Some(self.at_rate(from.amount, from.rate))
    }

    pub fn date(&self, date: Date) -> When {
        When::new(locale::date(date, self.letters()), date.to_string())
    }

    /// Day and month, where the year is plain: pictures and buttons.
    pub fn short_day(&self, date: Date) -> String {
        let pattern = match self.words.language() {
            UiLanguage::En => "%-d %b",
            UiLanguage::ZhCn => "%-m月%-d日",
        };
        date.strftime(pattern).to_string()
    }

    /// Day and time of day in the firm's zone.
    pub fn instant(&self, at: Timestamp) -> When {
        When::new(explain::instant(at, self.ui(), &self.zone), at.to_string())
    }

    pub fn age(&self, due: Option<Date>) -> Age {
        Self::age_on(due, self.today())
    }

    /// How late it was on a day: what a letter that left then was about.
    pub fn age_on(due: Option<Date>, day: Date) -> Age {
        due.map_or_else(Age::awaited, |due| Age::of(days_between(due, day)))
    }

    pub fn reasons(&self, reasons: &[Reason]) -> Vec<ReasonLine> {
        self.reasons_of(None, reasons)
    }

    /// As [`Show::reasons`], where the list does not say which playbook its steps belong to.
    pub fn reasons_of(&self, playbook: Option<&str>, reasons: &[Reason]) -> Vec<ReasonLine> {
        self.titles.told_of(playbook, reasons).into_iter().map(|reason| self.reason(reason)).collect()
    }

    fn reason(&self, mut reason: Reason) -> ReasonLine {
        for (name, value) in &mut reason.facts {
            let FactValue::Text(text) = value else {
                continue;
            };
            *text = match &**name {
                "wanted" => self.words.language_name(text),
                "zone" => self.words.zone_place(text),
                _ => isolated(text),
            };
        }
        let code = reason.code.code();
        ReasonLine::new(ReasonLine::mark_of(code), code, sentence(&reason, self.ui(), &self.zone))
    }

    /// The zone a person is in: their own, else the first of their country.
    pub fn zone_of(country: &str, contact: Option<&Contact>) -> Option<(String, TimeZone)> {
        let own = contact.and_then(|contact| contact.time_zone.as_deref());
        if let Some(name) = own
            && let Ok(zone) = TimeZone::get(name)
        {
            return Some((name.to_string(), zone));
        }
        Countries::shipped().get(country)?.zones.first().cloned()
    }

    /// The time there now, and whether people are at work in that country.
    pub fn clock(&self, country: &str, contact: Option<&Contact>) -> Option<Clock> {
        let zones = [Self::zone_of(country, contact)?];
        let workdays = Workdays::of(Countries::shipped().get(country), &[]);
        let [(name, zone)] = &zones;
        Some(Clock {
            time: self.now.to_zoned(zone.clone()).strftime("%H:%M").to_string(),
            place: self.words.zone_place(name),
            in_hours: LocalHours { zones: &zones, workdays }.allows(self.now, Window::Office),
        })
    }

    /// A debtor with the clock of one of its people whose zone is known, else of its country.
    pub fn debtor(&self, facts: &DebtorFacts) -> DebtorRef {
        self.debtor_of(facts, None)
    }

    /// As [`Show::debtor`], with the clock of the person that is meant.
    pub fn debtor_of(&self, facts: &DebtorFacts, person: Option<&Contact>) -> DebtorRef {
        let contact = person.or_else(|| facts.contacts.iter().find(|contact| contact.time_zone.is_some()));
        DebtorRef {
            number: facts.party.number.clone(),
            name: facts.party.name.clone(),
            country: facts.party.country.clone(),
            clock: self.clock(&facts.party.country, contact),
        }
    }

    pub fn contact(&self, facts: &DebtorFacts, contact: &Contact) -> ContactRow {
        let language = contact.language.or(facts.party.language).map_or_else(
            || {
                let country = Countries::shipped().get(&facts.party.country);
                country.and_then(|country| country.language).unwrap_or(Language::En).code()
            },
            Language::code,
        );
        let person = contact.person.clone().unwrap_or_default();
        ContactRow {
            id: contact.id.to_string(),
            name: contact.name().to_string(),
            role: contact.role.code().to_string(),
            email: person.email.clone(),
            phone: person.phone.clone(),
            whatsapp: person.whatsapp.clone(),
            in_site_id: person.in_site_id.clone(),
            own_zone: contact.time_zone.clone().unwrap_or_default(),
            own_language: contact.language.map(|language| language.code().to_string()).unwrap_or_default(),
            language: language.to_string(),
            clock: self.clock(&facts.party.country, Some(contact)),
            objected: contact.objected,
            is_suppressed: Channel::ALL.into_iter().any(|channel| contact.is_suppressed(channel, self.now)),
        }
    }

    /// What the buyer owes by currency and age, without what platforms owe. Receivables whose trigger is awaited count as not due.
    pub fn open(&self, facts: &DebtorFacts) -> anyhow::Result<Vec<OpenByCurrency>> {
        let mut currencies: Vec<(dunlin_core::money::Currency, [i64; 5])> = Vec::new();
        for item in facts.receivables.iter().filter(|item| !item.receivable.closed) {
            let open = item.owed()?.buyer;
            if !open.is_positive() {
                continue;
            }
            let place = currencies.iter().position(|(currency, _)| *currency == open.currency).unwrap_or_else(|| {
                currencies.push((open.currency, [0; 5]));
                currencies.len() - 1
            });
            currencies[place].1[self.bucket(item)] += open.minor;
        }
        currencies.sort_by_key(|(_, minors)| std::cmp::Reverse(minors.iter().sum::<i64>()));
        let view = |(currency, minors): &(dunlin_core::money::Currency, [i64; 5])| {
            let amount = |minor| self.amount(Money::new(minor, *currency));
            let bucket = |(code, minor): (&&str, &i64)| Bucket {
                code: (*code).to_string(),
                amount: amount(*minor),
                minor: *minor,
            };
            OpenByCurrency {
                total: amount(minors.iter().sum()),
                overdue: amount(minors[1..].iter().sum()),
                buckets: crate::web::view::figures::BUCKETS.iter().zip(minors).map(bucket).collect(),
            }
        };
        Ok(currencies.iter().map(view).collect())
    }

    /// What platforms owe for orders that this buyer has paid, by currency.
    pub fn platforms_owe(&self, facts: &DebtorFacts) -> anyhow::Result<Vec<Amount>> {
        let mut sums: Vec<Money> = Vec::new();
        for item in facts.receivables.iter().filter(|item| !item.receivable.closed) {
            let owed = item.owed()?.platform;
            if !owed.is_positive() {
                continue;
            }
            match sums.iter_mut().find(|sum| sum.currency == owed.currency) {
                Some(sum) => sum.minor += owed.minor,
                None => sums.push(owed),
            }
        }
        Ok(sums.into_iter().map(|sum| self.amount(sum)).collect())
    }

    fn bucket(&self, item: &ReceivableFacts) -> usize {
        match self.age(item.receivable.due_on).days_overdue {
            Some(days) if days > 90 => 4,
            Some(days) if days > 60 => 3,
            Some(days) if days > 30 => 2,
            Some(days) if days > 0 => 1,
            _ => 0,
        }
    }
}

/// The language of the core's sentences.
pub const fn ui(language: UiLanguage) -> explain::UiLanguage {
    match language {
        UiLanguage::En => explain::UiLanguage::En,
        UiLanguage::ZhCn => explain::UiLanguage::ZhCn,
    }
}
