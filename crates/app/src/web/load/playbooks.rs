//! `GET /playbooks` and what lies below it: playbooks in words and pictures, their versions, their letters.

use anyhow::Context;
use dunlin_core::explain::{UiLanguage, coded};
use dunlin_core::money::Money;
use dunlin_core::order::OrderSource;
use dunlin_core::party::{Channel, ContactRole, Language};
use dunlin_core::playbook::condition::FIELDS;
use dunlin_core::playbook::problem::PlaybookProblem;
use dunlin_core::playbook::route::{Minimum, Route};
use dunlin_core::playbook::time_expr::{Anchor, TimeExpr, Unit};
use dunlin_core::playbook::{AppliesTo, Does, Playbook, Step};
use dunlin_documents::letter::check::sample;
use dunlin_store::{CasesOfVersion, StoreError};
use serde::Deserialize;

use super::receivable::{days_of, planned_day};
use super::show::Show;
use crate::embedded::{PlaybookFile, known_letters, letter_texts};
use crate::house::House;
use crate::use_cases::publish_playbook::{CheckedText, check_text};
use crate::web::view::pictures::{Aside, Ladder, Rung};
use crate::web::view::playbooks::{
    EditPage, FieldLine, LetterLink, MinimumLine, PlaybookLine, PlaybookPage, PlaybooksPage, ProblemLine, RoutePart,
    SampleLetterPage, StepLine, VersionLine,
};

/// Every playbook in force.
pub async fn list(house: &House, show: &Show) -> anyhow::Result<PlaybooksPage> {
    let cases = house.store.cases_of_versions(house.tenant.id, &house.sight).await?;
    let own = house.store.published_playbooks(house.tenant.id).await?;
    let is_own = |file: &PlaybookFile| own.iter().any(|known| *known.id == *file.playbook.reference.id);
    let lines = house.playbook_files.iter().map(|file| line(show, &file.playbook, is_own(file), &cases)).collect();
    Ok(PlaybooksPage { lines })
}

fn line(show: &Show, playbook: &Playbook, is_own: bool, cases: &[CasesOfVersion]) -> PlaybookLine {
    let reference = &playbook.reference;
    let of = cases.iter().filter(|known| *known.id == *reference.id);
    let current = of.clone().filter(|known| *known.version == *reference.version).map(|known| known.cases).sum::<i64>();
    let all = of.map(|known| known.cases).sum::<i64>();
    PlaybookLine {
        id: reference.id.to_string(),
        title: title(show, playbook).to_string(),
        scenario: playbook.scenario.clone(),
        applies: applies(show, &playbook.applies),
        steps: playbook.all_steps().count(),
        version: reference.version.to_string(),
        is_own,
        cases: all,
        on_older: all - current,
    }
}

fn title<'p>(show: &Show, playbook: &'p Playbook) -> &'p str {
    match show.ui() {
        UiLanguage::En => &playbook.title_en,
        UiLanguage::ZhCn => &playbook.title_zh,
    }
}

fn step_title<'p>(show: &Show, step: &'p Step) -> &'p str {
    match show.ui() {
        UiLanguage::En => &step.title_en,
        UiLanguage::ZhCn => &step.title_zh,
    }
}

/// Words of codes, as one list of the reader's language.
fn listed<'c>(show: &Show, family: &str, codes: impl Iterator<Item = &'c str>) -> String {
    let words: Vec<String> = codes.map(|code| show.words.code(family, code).into_owned()).collect();
    words.join(&*show.words.t("playbook-comma"))
}

/// As [`listed`], in words that sentences of reasons have too.
fn said<'c>(show: &Show, family: &str, codes: impl Iterator<Item = &'c str>) -> String {
    let words: Vec<String> = codes.map(|code| coded(show.ui(), family, code)).collect();
    words.join(&*show.words.t("playbook-comma"))
}

fn applies(show: &Show, applies: &AppliesTo) -> String {
    let mut parts = Vec::new();
    if let Some(source) = applies.source {
        parts.push(show.words.code("source", source.code()).into_owned());
    }
    if !applies.milestones.is_empty() {
        parts.push(listed(show, "milestone", applies.milestones.iter().map(|known| known.code())));
    }
    if !applies.triggers.is_empty() {
        let triggers = listed(show, "trigger", applies.triggers.iter().map(|known| known.code()));
        parts.push(show.words.t1("playbook-from", "trigger", triggers));
    }
    if !applies.dates.is_empty() {
        let days = said(show, "key-date", applies.dates.iter().map(|known| known.code()));
        parts.push(show.words.t1("playbook-needs-day", "days", days));
    }
    if parts.is_empty() { show.words.t("playbook-applies-all").into_owned() } else { parts.join(" · ") }
}

/// One playbook in force, with everything there is to say about it.
pub async fn one(house: &House, show: &Show, id: &str) -> anyhow::Result<PlaybookPage> {
    let file = house.playbook(id).ok_or_else(|| StoreError::not_found("playbook", id))?;
    let playbook = &file.playbook;
    let cases = house.store.cases_of_versions(house.tenant.id, &house.sight).await?;
    let versions = versions(house, show, playbook, &cases).await?;
    let is_own = versions.iter().any(|version| version.is_in_force && version.number.is_some());
    Ok(PlaybookPage {
        line: line(show, playbook, is_own, &cases),
        ladder: ladder(show, playbook),
        steps: playbook.steps.iter().map(|step| step_line(show, id, step)).collect(),
        routes: playbook.routes.iter().map(|route| route_part(show, id, route)).collect(),
        thanks: playbook.thanks.iter().map(|step| step_line(show, id, step)).collect(),
        minimums: playbook.minimums.iter().map(|minimum| minimum_line(show, minimum)).collect(),
        gap_hours: playbook.gap_hours,
        window: playbook.window.code(),
        platform_close: playbook.platform_close.map(|time| time_in_words(show, time)),
        versions,
        fields: fields(show),
    })
}

/// What the firm published, what program or folder bring, and what cases still follow beside these.
async fn versions(
    house: &House,
    show: &Show,
    playbook: &Playbook,
    cases: &[CasesOfVersion],
) -> anyhow::Result<Vec<VersionLine>> {
    let reference = &playbook.reference;
    let of = |version: &str| {
        let known = cases.iter().find(|known| *known.id == *reference.id && known.version == version);
        known.map_or(0, |known| known.cases)
    };
    let published = house.store.published_versions(house.tenant.id, &reference.id).await?;
    let brought = house.brought_version(&reference.id);
    let mut lines: Vec<VersionLine> = Vec::new();
    for row in published {
        let is_again = lines.iter().any(|line| line.version == row.version);
        lines.push(VersionLine {
            number: Some(row.number),
            when: Some(show.instant(row.at)),
            who: row.user_name.unwrap_or_default(),
            via: row.via,
            note: row.note,
            // Beside the newest line of a version that was published more than once.
            cases: if is_again { 0 } else { of(&row.version) },
            is_in_force: lines.is_empty(),
            is_brought: false,
            version: row.version,
        });
    }
    let is_listed = |lines: &[VersionLine], version: &str| lines.iter().any(|line| line.version == version);
    if let Some(version) = brought.filter(|version| !is_listed(&lines, version)) {
        let is_in_force = lines.is_empty();
        lines.push(VersionLine {
            cases: of(&version),
            is_in_force,
            is_brought: true,
            version,
            ..VersionLine::default()
        });
    }
    for known in cases.iter().filter(|known| *known.id == *reference.id) {
        if !is_listed(&lines, &known.version) {
            let version = known.version.clone();
            lines.push(VersionLine { cases: known.cases, version, ..VersionLine::default() });
        }
    }
    Ok(lines)
}

fn route_part(show: &Show, id: &str, route: &Route) -> RoutePart {
    RoutePart {
        title: route_title(show, route).to_string(),
        reasons: said(show, "unpaid-why", route.reasons.iter().map(|why| why.code())),
        condition: route.when.as_ref().map_or_else(String::new, |when| when.text.clone()),
        then: route.then.code(),
        steps: route.steps.iter().map(|step| step_line(show, id, step)).collect(),
    }
}

fn route_title<'p>(show: &Show, route: &'p Route) -> &'p str {
    match show.ui() {
        UiLanguage::En => &route.title_en,
        UiLanguage::ZhCn => &route.title_zh,
    }
}

/// "The route “Short of money” is followed; after it the ladder goes on."
pub fn route_note(show: &Show, route: &Route) -> String {
    show.words.code1("ladder-route", route.then.code(), "route", route_title(show, route))
}

fn minimum_line(show: &Show, minimum: &Minimum) -> MinimumLine {
    let amounts = minimum.amounts.iter().map(|(currency, minor)| show.amount(Money::new(*minor, *currency)));
    MinimumLine { level: minimum.level, amounts: amounts.collect(), share: minimum.share_percent }
}

/// "3 days after the due date and 5 working days after the step before".
pub fn times_in_words(show: &Show, step: &Step) -> String {
    let times: Vec<String> = step.at.iter().map(|time| time_in_words(show, *time)).collect();
    times.join(&*show.words.t("playbook-and"))
}

fn step_line(show: &Show, id: &str, step: &Step) -> StepLine {
    StepLine {
        title: step_title(show, step).to_string(),
        level: step.level,
        purpose: step.purpose.code(),
        is_task: step.does == Does::Task,
        when: times_in_words(show, step),
        until: step.until.map_or_else(String::new, |until| time_in_words(show, until)),
        condition: step.when.as_ref().map_or_else(String::new, |when| when.text.clone()),
        channels: sent_by(show, step),
        roles: sent_to(show, step),
        autonomy: step.autonomy.code(),
        is_severe: step.autonomy.is_severe(),
        answer_days: step.answer_days,
        has_statement: step.attach_statement,
        letters: step.letters().flat_map(|(letter, channels)| letters_of(id, letter, channels)).collect(),
    }
}

/// "Email + Email": the step's own letter, and what goes beside it.
fn sent_by(show: &Show, step: &Step) -> String {
    let all =
        step.letters().map(|(_, channels)| listed(show, "channel", channels.iter().map(|channel| channel.code())));
    all.collect::<Vec<String>>().join(" + ")
}

/// "Owner, Finance + Finance".
fn sent_to(show: &Show, step: &Step) -> String {
    let roles = |roles: &[ContactRole]| listed(show, "contact-role", roles.iter().map(|role| role.code()));
    let all = std::iter::once(roles(&step.roles)).chain(step.also.iter().map(|also| roles(&also.roles)));
    all.collect::<Vec<String>>().join(" + ")
}

/// Every language and channel in which a letter can be read.
fn letters_of(id: &str, letter: &str, channels: &[Channel]) -> Vec<LetterLink> {
    let mut links = Vec::new();
    for channel in channels {
        for language in Language::ALL {
            if known_letters().has(letter, language, *channel) {
                let (channel, language) = (channel.code(), language.code());
                let href = format!("/playbooks/{id}/letters/{letter}?channel={channel}&language={language}");
                links.push(LetterLink { channel, language, href });
            }
        }
    }
    links
}

/// "3 days after the due date".
fn time_in_words(show: &Show, time: TimeExpr) -> String {
    let anchor = time.anchor.code();
    if time.amount == 0 && time.unit != Unit::BusinessDays {
        return show.words.code("playbook-at", anchor).into_owned();
    }
    let family = match time.unit {
        Unit::Hours => "playbook-hours",
        Unit::Days => "playbook-days",
        Unit::BusinessDays => "playbook-business-days",
        Unit::Weeks => "playbook-weeks",
    };
    let length = show.words.t1(family, "n", time.amount.abs());
    let side = if time.amount < 0 { "playbook-before" } else { "playbook-after" };
    show.words.code1(side, anchor, "length", length)
}

/// The ladder over a day axis. Day 0 is the due date, or what the times of the playbook count from in its place. Steps
/// that count from another day stand below it.
pub fn ladder(show: &Show, playbook: &Playbook) -> Ladder {
    let mut last = i32::MIN;
    let mut drawn = Ladder::default();
    let known = |anchor| {
        let is_begin = matches!(anchor, Anchor::Due | Anchor::Placed | Anchor::Trigger | Anchor::Started);
        let close = playbook.platform_close.filter(|_| anchor == Anchor::PlatformClose);
        is_begin.then_some(0).or_else(|| close.map(days_of))
    };
    for step in &playbook.steps {
        let release = if step.does == Does::Task { "task" } else { step.autonomy.code() };
        let (label, state) = (step_title(show, step).to_string(), release.to_string());
        let Some(day) = planned_day(step, last, known) else {
            drawn.aside.push(Aside { label, when: times_in_words(show, step), state });
            continue;
        };
        last = last.max(day);
        drawn.rungs.push(Rung { day, label, date: show.words.t1("playbook-day", "n", day), state });
    }
    let rungs = &mut drawn.rungs;
    rungs.sort_by_key(|rung| rung.day);
    drawn.sentence = match (rungs.first(), rungs.last()) {
        (Some(first), Some(last)) => {
            let (from, to) = (first.day.into(), last.day.into());
            show.words.t_with("playbook-ladder", &[("steps", rungs.len().into()), ("from", from), ("to", to)])
        }
        _ => String::new(),
    };
    drawn
}

fn fields(show: &Show) -> Vec<FieldLine> {
    let means = |field: &dunlin_core::playbook::condition::Field| match show.ui() {
        // The manual's marks of code mean nothing on a page.
        UiLanguage::En => field.en.replace('`', ""),
        UiLanguage::ZhCn => field.zh.replace('`', ""),
    };
    FIELDS.iter().map(|field| FieldLine { name: field.name, kind: field.kind.code(), means: means(field) }).collect()
}

/// The text to be changed: the one in force, or what somebody has typed.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    pub text: String,
    pub seen: String,
    pub note: String,
    pub migrates: bool,
    pub trouble: String,
}

pub async fn edit(house: &House, show: &Show, id: &str, typed: Option<Typed>) -> anyhow::Result<EditPage> {
    let file = house.playbook(id).ok_or_else(|| StoreError::not_found("playbook", id))?;
    let typed = typed.unwrap_or_else(|| Typed {
        text: file.text.clone(),
        seen: file.playbook.reference.version.to_string(),
        ..Typed::default()
    });
    let cases = house.store.cases_of_versions(house.tenant.id, &house.sight).await?;
    let checked = check_text(house, &format!("{id}.toml"), &typed.text);
    let is_sound = !checked.has_errors();
    let CheckedText { playbook, problems } = checked;
    Ok(EditPage {
        title: title(show, &file.playbook).to_string(),
        id: id.to_string(),
        cases: cases.iter().filter(|known| known.id == id).map(|known| known.cases).sum(),
        problems: problems.into_iter().map(|problem| problem_line(&typed.text, problem)).collect(),
        is_sound,
        ladder: playbook.map(|playbook| ladder(show, &playbook)),
        fields: fields(show),
        text: typed.text,
        seen: typed.seen,
        note: typed.note,
        migrates: typed.migrates,
        trouble: typed.trouble,
    })
}

fn problem_line(text: &str, problem: PlaybookProblem) -> ProblemLine {
    ProblemLine {
        source: text.lines().nth(problem.line.saturating_sub(1)).unwrap_or("").to_string(),
        line: problem.line,
        column: problem.column,
        code: problem.code.code(),
        severity: problem.severity.code(),
        what: problem.what,
        remedy: problem.remedy,
    }
}

/// Which text of a letter is wanted.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct LetterQuery {
    pub channel: String,
    pub language: String,
}

/// A letter that a step names, filled with invented facts. Nothing of the firm's is in it.
pub fn letter(
    house: &House,
    show: &Show,
    id: &str,
    name: &str,
    query: &LetterQuery,
) -> anyhow::Result<SampleLetterPage> {
    let missing = || StoreError::not_found("letter", name);
    let file = house.playbook(id).ok_or_else(|| StoreError::not_found("playbook", id))?;
    let step = file.playbook.all_steps().find(|step| step.letters().any(|(letter, _)| &**letter == name));
    let step = step.ok_or_else(missing)?;
    let own = step.letters().find(|(letter, _)| &***letter == name).map_or(&*step.channels, |(_, channels)| channels);
    let channel = Channel::from_code(&query.channel).or(own.first().copied()).unwrap_or(Channel::Email);
    let language = Language::ALL.into_iter().find(|language| language.code() == query.language);
    let language = language.unwrap_or_else(|| show.letters());
    let mut facts = sample(name, language, channel);
    facts.purpose = step.purpose;
    facts.has_statement = step.attach_statement && channel == Channel::Email;
    if file.playbook.applies.source == Some(OrderSource::Marketplace) {
        // Paid on the platform and nowhere else.
        facts.bank = None;
    }
    let written = letter_texts().render(&facts).context(name.to_string())?;
    Ok(SampleLetterPage {
        id: id.to_string(),
        title: step_title(show, step).to_string(),
        letter: name.to_string(),
        channel: channel.code(),
        language: written.language_used.code(),
        subject: written.subject,
        paragraphs: written.body.split("\n\n").map(str::to_string).collect(),
        others: letters_of(id, name, own),
    })
}
