//! Fills the list of letters: what goes out and what went out, day by day, newest first.

use jiff::tz::TimeZone;
use serde::Deserialize;

use dunlin_core::case::LetterState;
use dunlin_core::money::Money;
use dunlin_store::pages::letter_list::LetterListRow;

use super::debtors::{count, named, offset_of, page_of, pager};
use super::show::Show;
use crate::house::House;
use crate::use_cases::approve_letter::preview_letter;
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
            waiting.push(row(house, show, letter).await?);
        }
    }
    let mut days: Vec<LetterDay> = Vec::new();
    for letter in &listed {
        // It stands above the days already.
        if first && AT_A_PERSON.contains(&letter.letter.state) {
            continue;
        }
        let day = show.date(moment(letter).to_zoned(show.zone.clone()).date());
        let row = row(house, show, letter).await?;
        match days.last_mut().filter(|last| last.day == day) {
            Some(last) => last.rows.push(row),
            None => days.push(LetterDay { day, rows: vec![row] }),
        }
    }
    let kept = [("state", chosen.map_or("", LetterState::code))];
    let total = chosen.map_or(all, of);
    Ok(Letters {
        tabs,
        waiting,
        days,
        pager: pager("/letters", &kept, page, listed.len(), total),
        is_rehearsal: house.tenant.settings.safe_mode,
    })
}

/// When it was settled, else when it may leave.
fn moment(listed: &LetterListRow) -> jiff::Timestamp {
    listed.letter.settled_at.unwrap_or(listed.letter.not_before)
}

async fn row(house: &House, show: &Show, listed: &LetterListRow) -> anyhow::Result<LetterRow> {
    let letter = &listed.letter;
    let first = letter.items.first();
    let step = first.map(|item| show.titles.step(listed.playbook.as_deref(), &item.step));
    let step = step.unwrap_or_else(|| letter.letter.clone());
    let (subject, language) = subject(house, show, listed, &step).await?;
    let total: i64 = letter.items.iter().map(|item| item.pressed.minor).sum();
    Ok(LetterRow {
        number: format!("L-{:04}", letter.number),
        state: letter.state.code().to_string(),
        step,
        subject,
        language,
        debtor: named(&listed.party),
        channel: letter.channel.code().to_string(),
        leaves: leaves(show, listed),
        total: show.amount(Money::new(total, letter.currency)),
    })
}

/// The subject as it went out, or as it would now, with its language. The step's title when there is none to be had:
/// after an erasure, or when the letter cannot be written any more.
async fn subject(house: &House, show: &Show, listed: &LetterListRow, step: &str) -> anyhow::Result<(String, String)> {
    let letter = &listed.letter;
    let instead = || (step.to_string(), show.words.language().code().to_string());
    if letter.state == LetterState::Sent {
        let mail = house.store.sent_mail(house.tenant.id, letter).await?;
        return Ok(mail.map_or_else(instead, |mail| (mail.subject, letter.language.code().to_string())));
    }
    match preview_letter(house, letter).await {
        Ok(written) => Ok((written.subject, written.language_used.code().to_string())),
        Err(_) => Ok(instead()),
    }
}

/// The time of day there: "09:40 in Milan"; in the firm's zone when nobody knows where they are.
fn leaves(show: &Show, listed: &LetterListRow) -> When {
    let at = moment(listed);
    let own = listed.time_zone.as_deref().and_then(|name| Some((name.to_string(), TimeZone::get(name).ok()?)));
    let text = match own.or_else(|| Show::zone_of(&listed.party.country, None)) {
        Some((name, zone)) => {
            let time = at.to_zoned(zone).strftime("%H:%M").to_string();
            let place = show.words.zone_place(&name);
            show.words.t2("clock", "time", time.as_str(), "place", place.as_str())
        }
        None => {
            let time = at.to_zoned(show.zone.clone()).strftime("%H:%M").to_string();
            show.words.t1("moment-here", "time", time.as_str())
        }
    };
    When::new(text, at.to_string())
}
