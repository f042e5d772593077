//! Fills the pages that look ahead and back.

use std::sync::Arc;

use dunlin_core::calendar::shift;
use dunlin_core::explain::phrase;
use dunlin_core::lookahead::{Action, Assumptions, Standing};
use dunlin_core::plan::TaskKind;
use fluent_bundle::FluentValue;
use jiff::civil::Date;
use serde::Deserialize;

use super::show::Show;
use crate::house::House;
use crate::titles::Titles;
use crate::use_cases::add_up_actions::{Looked, LookedDay, Who};
use crate::use_cases::look_ahead::{NoSuchDays, Span, With, look_ahead};
use crate::use_cases::look_back::{SentDay, look_back, really_sent};
use crate::web::view::lookahead::{
    ActionRow, Bars, DayList, DayRow, Figure, Found, KINDS, LookPage, STANDINGS, StandingRow, bars,
};
use crate::web::view::who::DebtorRef;
use crate::web::words::grouped;

/// Single actions on a page; the rest is counted.
const MOST: usize = 2_000;
/// Days that are looked at while nobody has asked for others.
const USUAL_DAYS: i32 = 30;

/// What the address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    pub days: String,
    pub from: String,
    pub to: String,
    /// `used` or `shipped`.
    pub playbooks: String,
    /// The same; empty for nothing.
    pub against: String,
}

impl Query {
    /// The form as it was filled in.
    fn page(&self) -> LookPage {
        let known = |code: &str| if matches!(code, "used" | "shipped") { code.to_string() } else { String::new() };
        let playbooks = known(&self.playbooks);
        LookPage {
            days: if self.days.is_empty() { USUAL_DAYS.to_string() } else { self.days.clone() },
            from: self.from.clone(),
            to: self.to.clone(),
            playbooks: if playbooks.is_empty() { "used".to_string() } else { playbooks },
            against: known(&self.against),
            ..LookPage::default()
        }
    }
}

fn with(house: &House, code: &str) -> anyhow::Result<With> {
    if code == "shipped" { With::shipped() } else { Ok(With::used(house)) }
}

fn problem(show: &Show, refused: NoSuchDays) -> String {
    show.words.code("look-problem", refused.code()).into_owned()
}

/// `/simulation`.
pub async fn ahead(house: &House, show: &Show, query: &Query) -> anyhow::Result<LookPage> {
    let page = query.page();
    let span = match Span::ahead(house, page.days.trim().parse().unwrap_or(0)) {
        Ok(span) => span,
        Err(refused) => return Ok(LookPage { problem: problem(show, refused), ..page }),
    };
    let first = with(house, &page.playbooks)?;
    let looked = look_ahead(house, span, &first, MOST).await?;
    let other = match page.against.as_str() {
        "" => None,
        code => Some(look_ahead(house, span, &with(house, code)?, 0).await?),
    };
    let found = found(show, &first, &looked, other.as_ref(), None);
    Ok(LookPage { found: Some(found), ..page })
}

/// `/backtest`. Nothing is looked at before somebody has named the days: it can take a while.
pub async fn back(house: &House, show: &Show, query: &Query) -> anyhow::Result<LookPage> {
    let page = query.page();
    if page.from.is_empty() && page.to.is_empty() {
        let to = shift(show.today(), -1);
        let from = shift(to, 1 - USUAL_DAYS);
        return Ok(LookPage { from: from.to_string(), to: to.to_string(), ..page });
    }
    let day = |text: &str| text.trim().parse::<Date>().ok();
    let (Some(from), Some(to)) = (day(&page.from), day(&page.to)) else {
        let problem = show.words.t("look-problem-no-day").into_owned();
        return Ok(LookPage { problem, ..page });
    };
    let span = match Span::back(house, from, to) {
        Ok(span) => span,
        Err(refused) => return Ok(LookPage { problem: problem(show, refused), ..page }),
    };
    let first = with(house, &page.playbooks)?;
    let looked = look_back(house, span, &first, MOST).await?;
    let other = match page.against.as_str() {
        "" => None,
        code => Some(look_back(house, span, &with(house, code)?, 0).await?),
    };
    let sent = really_sent(house, span).await?;
    let found = found(show, &first, &looked, other.as_ref(), Some(sent.as_slice()));
    Ok(LookPage { found: Some(found), ..page })
}

fn count(number: usize) -> String {
    grouped(i64::try_from(number).unwrap_or(i64::MAX))
}

const fn numbers(day: &LookedDay) -> [usize; 4] {
    [day.letters, day.approvals, day.calls, day.tasks]
}

fn found(show: &Show, with: &With, looked: &Looked, other: Option<&Looked>, sent: Option<&[SentDay]>) -> Found {
    let titles = Titles::of(Arc::clone(&with.files), show.ui());
    let all = looked.totals();
    let said = [
        ("from", show.date(looked.span.from).text),
        ("to", show.date(looked.span.to).text),
        ("letters", count(all.letters)),
        ("debtors", count(looked.debtors)),
    ];
    let key = if sent.is_some() { "look-found-back" } else { "look-found-ahead" };
    let busiest = |looked: &Looked| looked.days.iter().map(LookedDay::total).max().unwrap_or(0);
    let highest = other.map_or(0, busiest).max(busiest(looked));
    Found {
        sentence: phrase_on(show, key, &said),
        assumptions: assumptions(show, sent.is_some()),
        troubles: troubles(show, looked),
        totals: totals(show, looked, other, sent),
        standing: standing(show, looked, other),
        picture: picture(show, looked, highest),
        other: other.map(|other| picture(show, other, highest)),
        standings: standings(show, looked),
        standing_rows: looked.days.iter().map(|day| standing_row(show, day)).collect(),
        rows: rows(show, looked, other, sent),
        has_sent: sent.is_some(),
        days: looked.days.iter().filter(|day| day.total() > 0).map(|day| list(show, &titles, day)).collect(),
    }
}

/// A sentence of the pages' catalogue with values that are written already.
fn phrase_on(show: &Show, key: &str, values: &[(&str, String)]) -> String {
    let values: Vec<(&str, FluentValue<'_>)> =
        values.iter().map(|(name, value)| (*name, FluentValue::from(value.as_str()))).collect();
    show.words.t_with(key, &values)
}

fn assumptions(show: &Show, is_back: bool) -> Vec<String> {
    let hours = Assumptions::default().approval_hours;
    let yes = show.words.t1("look-assume-approvals", "hours", hours);
    let rest: &[&str] = if is_back {
        &["look-assume-recorded", "look-assume-anew", "look-assume-answers"]
    } else {
        &["look-assume-nobody-pays", "look-assume-promises", "look-assume-statements", "look-assume-safe-mode"]
    };
    [yes].into_iter().chain(rest.iter().map(|key| show.words.t(key).into_owned())).collect()
}

fn troubles(show: &Show, looked: &Looked) -> Vec<String> {
    let refused = looked.refusals.iter().take(10).map(|(who, refusal)| {
        let said = [("number", who.number.clone()), ("what", refusal.what.clone())];
        phrase_on(show, "look-refused", &said)
    });
    let cut = looked.cut_short.iter().take(10);
    refused.chain(cut.map(|who| show.words.t1("look-cut-short", "number", who.number.as_str()))).collect()
}

fn totals(show: &Show, looked: &Looked, other: Option<&Looked>, sent: Option<&[SentDay]>) -> Vec<Figure> {
    let (own, others) = (numbers(&looked.totals()), other.map(|other| numbers(&other.totals())));
    let figure = |(nth, kind): (usize, &&str)| Figure {
        name: show.words.code("look-kinds", kind).into_owned(),
        number: count(own[nth]),
        other: others.map(|others| count(others[nth])),
    };
    let mut figures: Vec<Figure> = KINDS.iter().enumerate().map(figure).collect();
    if let Some(sent) = sent {
        let number = count(sent.iter().map(|day| day.letters).sum());
        figures.push(Figure { name: show.words.t("look-really-sent").into_owned(), number, other: None });
    }
    figures
}

/// In the order of [`STANDINGS`].
const fn stands(standing: Standing) -> [usize; 5] {
    let Standing { waiting_on_us, waiting_on_buyer, ladder_done, in_other_hands, settled } = standing;
    [waiting_on_us, waiting_on_buyer, ladder_done, in_other_hands, settled]
}

fn standing(show: &Show, looked: &Looked, other: Option<&Looked>) -> Vec<Figure> {
    let (own, others) = (stands(looked.standing), other.map(|other| stands(other.standing)));
    let figure = |(nth, name): (usize, &&str)| Figure {
        name: show.words.code("look-standing", name).into_owned(),
        number: count(own[nth]),
        other: others.map(|others| count(others[nth])),
    };
    STANDINGS.iter().enumerate().map(figure).collect()
}

/// "3 on us, 90 on the buyer": only what there is.
fn stood(show: &Show, standing: Standing) -> String {
    let some = STANDINGS.iter().zip(stands(standing)).filter(|(_, number)| *number > 0);
    let said: Vec<String> =
        some.map(|(name, number)| show.words.code1("look-stand", name, "n", number as i64)).collect();
    said.join(&*show.words.t("look-comma"))
}

/// Where cases stand at the end of each day.
fn standings(show: &Show, looked: &Looked) -> Bars {
    let highest = looked.days.iter().map(|day| day.standing.total()).max().unwrap_or(0);
    let title = |day: &LookedDay| {
        let said = [("date", show.date(day.date).text), ("what", stood(show, day.standing))];
        let key = if day.standing.total() == 0 { "look-day-nothing" } else { "look-day" };
        (phrase_on(show, key, &said), stands(day.standing))
    };
    let days: Vec<_> = looked.days.iter().map(title).collect();
    let last = looked.days.last().map_or_else(String::new, |day| stood(show, day.standing));
    let key = if highest == 0 { "look-standings-nothing" } else { "look-standings" };
    Bars {
        sentence: phrase_on(show, key, &[("what", last)]),
        bars: bars(STANDINGS, &days, highest),
        first: show.short_day(looked.span.from),
        last: show.short_day(looked.span.to),
        highest: count(highest),
    }
}

fn standing_row(show: &Show, day: &LookedDay) -> StandingRow {
    StandingRow { day: show.date(day.date), numbers: stands(day.standing).map(count) }
}

/// "12 letters, 3 approvals, 2 calls": only what there is.
fn summary(show: &Show, numbers: [usize; 4]) -> String {
    let some = KINDS.iter().zip(numbers).filter(|(_, number)| *number > 0);
    let said: Vec<String> =
        some.map(|(kind, number)| show.words.code1("look-some", kind, "n", number as i64)).collect();
    said.join(&*show.words.t("look-comma"))
}

fn picture(show: &Show, looked: &Looked, highest: usize) -> Bars {
    let title = |day: &LookedDay| {
        let said = [("date", show.date(day.date).text), ("what", summary(show, numbers(day)))];
        let key = if day.total() == 0 { "look-day-nothing" } else { "look-day" };
        (phrase_on(show, key, &said), numbers(day))
    };
    let days: Vec<_> = looked.days.iter().map(title).collect();
    let all = looked.totals();
    let names = [("playbooks", playbooks(show, looked)), ("what", summary(show, numbers(&all)))];
    let key = if all.total() == 0 { "look-picture-nothing" } else { "look-picture" };
    Bars {
        sentence: phrase_on(show, key, &names),
        bars: bars(KINDS, &days, highest),
        first: show.short_day(looked.span.from),
        last: show.short_day(looked.span.to),
        highest: count(highest),
    }
}

fn playbooks(show: &Show, looked: &Looked) -> String {
    show.words.code("look-playbooks", &looked.playbooks).into_owned()
}

fn rows(show: &Show, looked: &Looked, other: Option<&Looked>, sent: Option<&[SentDay]>) -> Vec<DayRow> {
    let row = |(nth, day): (usize, &LookedDay)| DayRow {
        day: show.date(day.date),
        numbers: numbers(day).map(count),
        sent: sent.and_then(|sent| sent.get(nth)).map(|day| count(day.letters)),
        other: other.and_then(|other| other.days.get(nth)).map(|day| numbers(day).map(count)),
    };
    looked.days.iter().enumerate().map(row).collect()
}

fn list(show: &Show, titles: &Titles, day: &LookedDay) -> DayList {
    let more = day.total().saturating_sub(day.actions.len());
    DayList {
        day: show.date(day.date),
        summary: summary(show, numbers(day)),
        rows: day.actions.iter().map(|(who, action)| action_row(show, titles, who, action)).collect(),
        more: if more == 0 { String::new() } else { show.words.t1("look-more", "n", more as i64) },
    }
}

fn action_row(show: &Show, titles: &Titles, who: &Who, action: &Action) -> ActionRow {
    let step = action.step.as_deref().map(|step| titles.step(action.playbook.as_deref(), step));
    let task = |code: &str| phrase(show.ui(), &format!("say-verb-{}", code.replace('_', "-")), &[]);
    ActionRow {
        time: action.at.to_zoned(show.zone.clone()).strftime("%H:%M").to_string(),
        kind: action.kind.code().to_string(),
        // Work of our own is named after its step.
        what: action
            .task
            .filter(|kind| *kind != TaskKind::Do)
            .map(|kind| task(kind.code()))
            .or(step)
            .unwrap_or_default(),
        debtor: DebtorRef {
            number: who.number.clone(),
            name: who.name.clone(),
            country: who.country.clone(),
            clock: None,
        },
        receivables: action.receivables.clone(),
        channel: action.channel.map_or_else(String::new, |channel| channel.code().to_string()),
        amount: show.amount(action.pressed),
    }
}
