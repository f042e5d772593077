//! Fills the list of letters: what goes out and what went out, day by day, newest first.

use std::cmp::Reverse;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;

use dunlin_core::case::LetterState;
use dunlin_store::Scope;
use dunlin_store::pages::letter_list::LetterListRow;

use super::debtors::{count, named, offset_of, page_of, pager};
use super::letter::{asked_of, dated, goods_line, order_named, shown_moment, time_there, titled};
use super::show::Show;
use crate::house::House;
use crate::use_cases::approve_letter::preview_leaving;
use crate::web::view::figures::When;
use crate::web::view::letters::{LetterDay, LetterRow, Letters, StateTab};

/// States that have a tab even without letters; the others appear with their first letter.
const STANDING_TABS: [LetterState; 3] = [LetterState::Review, LetterState::Queued, LetterState::Sent];

/// States in which nothing happens until a person says so.
const AT_A_PERSON: [LetterState; 3] = [LetterState::Review, LetterState::Uncertain, LetterState::ToPaste];

/// What the address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    /// Code of a letter state; anything else for all.
    pub state: String,
    pub page: String,
}

pub async fn load(house: &House, show: &Show, query: &Query) -> anyhow::Result<Letters> {
    let chosen = LetterState::from_code(&query.state);
    let counts = house.store.letter_counts(house.tenant.id, &house.sight).await?;
    let of = |state: LetterState| {
        let known = counts.iter().find(|(known, _)| *known == state);
        known.and_then(|(_, number)| usize::try_from(*number).ok()).unwrap_or(0)
    };
    let all: usize = LetterState::ALL.iter().map(|state| of(*state)).sum();
    let shown = |state: &LetterState| STANDING_TABS.contains(state) || of(*state) > 0 || chosen == Some(*state);
    let mut tabs = vec![StateTab { code: "all".to_string(), count: count(all), is_chosen: chosen.is_none() }];
    tabs.extend(LetterState::ALL.iter().copied().filter(shown).map(|state| StateTab {
        code: state.code().to_string(),
        count: count(of(state)),
        is_chosen: chosen == Some(state),
    }));
    let page = page_of(&query.page);
    let (limit, offset) = offset_of(page);
    let listed = house.store.letter_list(house.tenant.id, &house.sight, chosen, limit, offset).await?;
    let first = chosen.is_none() && page == 1;
    let mut waiting = Vec::new();
    for state in AT_A_PERSON.into_iter().filter(|_| first) {
        for letter in &house.store.letter_list(house.tenant.id, &house.sight, Some(state), limit, 0).await? {
            waiting.push(row(show, letter, look(house, letter).await?, show.today()));
        }
    }
    // By the day on which each leaves, which may be later than the one from which it may.
    let mut days: Vec<(Date, Vec<(Timestamp, LetterRow)>)> = Vec::new();
    for letter in &listed {
        // It stands above the days already.
        if first && AT_A_PERSON.contains(&letter.letter.state) {
            continue;
        }
        let looked = look(house, letter).await?;
        let day = looked.at.to_zoned(show.zone.clone()).date();
        let row = (looked.at, row(show, letter, looked, day));
        match days.iter_mut().find(|(known, _)| *known == day) {
            Some((_, rows)) => rows.push(row),
            None => days.push((day, vec![row])),
        }
    }
    days.sort_by_key(|(day, _)| Reverse(*day));
    let day = |(day, mut rows): (Date, Vec<(Timestamp, LetterRow)>)| {
        rows.sort_by_key(|(at, _)| Reverse(*at));
        LetterDay { day: show.date(day), rows: rows.into_iter().map(|(_, row)| row).collect() }
    };
    let kept = [("state", chosen.map_or("", LetterState::code))];
    let total = chosen.map_or(all, of);
    Ok(Letters {
        tabs,
        waiting,
        days: days.into_iter().map(day).collect(),
        pager: pager("/letters", &kept, page, listed.len(), total),
        is_rehearsal: house.tenant.settings.safe_mode,
    })
}

/// What the list shows of a letter beside its row.
struct Looked {
    /// When it left, or leaves if nothing changes: the same moment as on its page.
    at: Timestamp,
    /// Subject and language as it went out, or as it would; `None` when there is none to be had: after an erasure, or when the
    /// letter cannot be written any more.
    subject: Option<(String, String)>,
}

async fn look(house: &House, listed: &LetterListRow) -> anyhow::Result<Looked> {
    let letter = &listed.letter;
    if letter.state == LetterState::Sent {
        let mail = house.store.sent_mail(house.tenant.id, letter).await?;
        let subject = mail.map(|mail| (mail.subject, letter.language.code().to_string()));
        return Ok(Looked { at: letter.settled_at.unwrap_or(letter.not_before), subject });
    }
    let facts = house.store.facts(house.tenant.id, Scope::One(letter.party_id), house.now()).await?;
    let Some(facts) = facts.first() else {
        return Ok(Looked { at: letter.settled_at.unwrap_or(letter.not_before), subject: None });
    };
    let dated = dated(house, letter, facts).await?;
    let written = preview_leaving(house, letter, facts, dated).await.ok();
    let subject = written.map(|written| (written.subject, written.language_used.code().to_string()));
    Ok(Looked { at: shown_moment(letter, dated), subject })
}

/// `day`: under which the row stands.
fn row(show: &Show, listed: &LetterListRow, looked: Looked, day: Date) -> LetterRow {
    let letter = &listed.letter;
    let step = titled(show, letter, listed.playbook.as_deref());
    let (subject, language) =
        looked.subject.unwrap_or_else(|| (step.clone(), show.words.language().code().to_string()));
    let order = listed.order.as_ref().map(|order| {
        let goods = order.goods.iter().map(|(title, quantity)| goods_line(title, *quantity));
        order_named(show, &order.number, goods)
    });
    LetterRow {
        number: format!("L-{:04}", letter.number),
        state: letter.state.code().to_string(),
        step,
        about: order.unwrap_or_default(),
        subject,
        language,
        debtor: named(&listed.party),
        channel: letter.channel.code().to_string(),
        leaves: leaves(show, listed, looked.at, day),
        total: asked_of(letter).map(|asked| show.amount(asked)),
    }
}

/// The time of day there: "09:40 in Milan", with its day where that is another one; in the firm's zone when nobody knows
/// where they are.
fn leaves(show: &Show, listed: &LetterListRow, at: Timestamp, day: Date) -> When {
    let own = listed.time_zone.as_deref().and_then(|name| Some((name.to_string(), TimeZone::get(name).ok()?)));
    let text = match own.or_else(|| Show::zone_of(&listed.party.country, None)) {
        Some((name, zone)) => {
            let place = show.words.zone_place(&name);
            show.words.t2("clock", "time", time_there(show, &zone, at, day), "place", place)
        }
        None => show.words.t1("moment-here", "time", time_there(show, &show.zone, at, day)),
    };
    When::new(text, at.to_string())
}
