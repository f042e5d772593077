//! `GET /settings/safe-mode` and `GET /settings/rehearsals`: trying out, and what would leave.

use dunlin_store::Rehearsal;

use super::super::show::Show;
use crate::house::House;
use crate::use_cases::rehearse::ahead;
use crate::use_cases::run_decisions::{RunOptions, run_decisions};
use crate::web::view::settings::{RehearsalRow, SafePage};

/// The page, with what would leave from now on while nothing does.
pub async fn load(house: &House, show: &Show, rehearsals: i64) -> anyhow::Result<SafePage> {
    let settings = &house.tenant.settings;
    let mut page = SafePage {
        is_on: settings.safe_mode,
        firm: house.tenant.name.clone(),
        own: settings.sender.email.clone(),
        has_server: house.email.name() != "folder",
        folder: house.letters_folder(),
        ..SafePage::default()
    };
    let rows = house.store.rehearsals(house.tenant.id, rehearsals).await?;
    page.rehearsals = rows.into_iter().map(|rehearsal| row(show, rehearsal)).collect();
    if page.is_on {
        let options = RunOptions { dry_run: true, keep_actions: true, ..RunOptions::default() };
        let counted = ahead(&run_decisions(house, options).await?, house.now());
        page.letters = counted.letters;
        page.first_day = counted.first_day;
        page.looked_at = counted.looked_at;
        page.tasks = counted.tasks;
    }
    Ok(page)
}

fn row(show: &Show, rehearsal: Rehearsal) -> RehearsalRow {
    let text = rehearsal.text.unwrap_or_default();
    RehearsalRow {
        debtor: rehearsal.party_name,
        number: format!("D-{:04}", rehearsal.party_number),
        to: text.to,
        subject: text.subject,
        body: text.body,
        language: rehearsal.letter.language,
        channel: rehearsal.letter.channel,
        at: show.instant(rehearsal.at),
        send_at: show.instant(rehearsal.letter.send_at),
        is_sent: rehearsal.outcome == "sent",
        outcome: rehearsal.outcome,
    }
}
