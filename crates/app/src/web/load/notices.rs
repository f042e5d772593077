//! What stands above Today and beside a letter that waits: changes of bank accounts, a set-up that is not finished, why
//! nothing presses, letters that reach nobody, services that do not work, currencies without an account.

use dunlin_core::access::Right;
use dunlin_core::calendar::shift;
use dunlin_core::explain::UiLanguage;
use dunlin_core::money::Currency;
use dunlin_core::party::Channel;
use dunlin_core::reason::ReasonCode;
use dunlin_store::{Sight, StoredLetter};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::settings::bank;
use super::show::Show;
use crate::house::House;
use crate::shop::ALIEXPRESS;
use crate::use_cases::seen_abroad::unclear_abroad;
use crate::use_cases::statement_accounts::statement_accounts;
use crate::web::reader::is_set_up_open;
use crate::web::view::notices::{Calm, Notice};

/// Above Today. `letters`: those that wait there.
pub async fn today(house: &House, show: &Show, letters: &[&StoredLetter]) -> anyhow::Result<Vec<Notice>> {
    let warning = |text| Notice { tone: "amber", icon: "lock", text, ..Notice::default() };
    let mut notices: Vec<Notice> = bank::warnings(house, show).await?.into_iter().map(warning).collect();
    if is_set_up_open(house) {
        notices.push(Notice {
            tone: "blue",
            icon: "note",
            text: show.words.t("welcome-unfinished").into_owned(),
            href: "/welcome",
            go: show.words.t("welcome-resume").into_owned(),
        });
    }
    // One banner: the firm, the person and the number are mended on the same page.
    let unclear = if house.actor.may(Right::Settings) { unclear_abroad(house).await? } else { Vec::new() };
    if !unclear.is_empty() {
        let sentences: Vec<String> = unclear.iter().map(|one| one.sentence(show.ui())).collect();
        notices.push(Notice {
            tone: "amber",
            icon: "note",
            text: sentences.join(" "),
            href: "/settings/company",
            go: show.words.t("nav-settings").into_owned(),
        });
    }
    notices.extend(held_back(house, show).await?);
    notices.extend(connected(house, show).await?);
    if house.tenant.settings.safe_mode {
        notices.extend(rehearsed(house, show).await?);
    }
    notices.extend(reaches_nobody(house, show));
    notices.extend(without_account(house, show, letters));
    Ok(notices)
}

/// Beside one letter that has not left.
pub fn letter(house: &House, show: &Show, letter: &StoredLetter) -> Vec<Notice> {
    if letter.settled_at.is_some() {
        return Vec::new();
    }
    reaches_nobody(house, show).into_iter().chain(without_account(house, show, &[letter])).collect()
}

/// Why nothing presses at the moment, whatever is due: the bank statements are old, or end before a restore.
pub async fn held_back(house: &House, show: &Show) -> anyhow::Result<Option<Notice>> {
    let facts = house.store.tenant_facts(&house.tenant).await?;
    let Some(statements) = facts.statements else {
        return Ok(None);
    };
    let covered = statements.covered_to;
    let date = |day: Date| show.date(day).text;
    let day_before = |at: Timestamp| shift(facts.time_zone.to_datetime(at).date(), -1);
    let lost = facts.restored_at.filter(|at| covered < day_before(*at));
    let too_old = shift(show.today(), -statements.max_age_days);
    let (text, gate, since) = match lost {
        Some(at) => {
            let text = show.words.t2(
                "notice-lost",
                "covered",
                date(covered).as_str(),
                "needed",
                date(day_before(at)).as_str(),
            );
            (text, ReasonCode::GateLostStatements, at)
        }
        None if covered < too_old => {
            let text =
                show.words.t2("notice-stale", "covered", date(covered).as_str(), "days", statements.max_age_days);
            (text, ReasonCode::GateStaleFacts, house.now() - SignedDuration::from_hours(7 * 24))
        }
        None => return Ok(None),
    };
    let stopped = house.store.letters_stopped_by(house.tenant.id, &house.sight, gate.code(), since).await?;
    let stopped = (stopped > 0).then(|| show.words.t1("notice-stopped", "n", stopped));
    let between = if show.ui() == UiLanguage::ZhCn { "" } else { " " };
    let parts = [Some(text), behind(house, show, covered).await?, stopped];
    let text = parts.into_iter().flatten().collect::<Vec<_>>().join(between);
    let may = house.actor.may(Right::Import) && house.actor.may(Right::Money);
    let (href, go) = if may { ("/import", show.words.t("imports-go").into_owned()) } else { ("", String::new()) };
    Ok(Some(Notice { tone: "amber", icon: "stop", text, href, go }))
}

/// Which account holds the books back, where there are several to look for it among.
async fn behind(house: &House, show: &Show, covered: Date) -> anyhow::Result<Option<String>> {
    if !house.actor.may(Right::Money) {
        return Ok(None);
    }
    let mut used = statement_accounts(house).await?;
    used.retain(|account| !account.retired);
    let last = used.iter().find(|account| account.covered_to == Some(covered)).filter(|_| used.len() > 1);
    Ok(last.map(|account| show.words.t1("notice-behind", "account", account.account.as_str())))
}

/// A service that is silent for so long does not come back by itself.
const SILENT: SignedDuration = SignedDuration::from_hours(1);

/// Services that do not work, so that letters may wait, and orders of a shop of which it is not clear who owes them.
async fn connected(house: &House, show: &Show) -> anyhow::Result<Vec<Notice>> {
    if !house.actor.may(Right::Settings) {
        return Ok(Vec::new());
    }
    let (store, tenant) = (&house.store, house.tenant.id);
    let notice = |tone, icon, text| Notice {
        tone,
        icon,
        text,
        href: "/settings/marketplace",
        go: show.words.t("settings-tab-marketplace").into_owned(),
    };
    let mut notices = Vec::new();
    for connection in store.connections(tenant).await? {
        let passes = connection.problem == "busy"
            && connection.problem_at.is_none_or(|since| house.now().duration_since(since) < SILENT);
        if connection.problem.is_empty() || passes {
            continue;
        }
        let service = show.words.code("market-service", &connection.service);
        let problem = show.words.code("market-problem", &connection.problem);
        let text = show.words.t2("notice-connection", "service", &*service, "problem", &*problem);
        notices.push(notice("red", "stop", text));
    }
    let troubled = store.remote_order_counts(tenant, ALIEXPRESS).await?.troubled;
    if troubled > 0 {
        notices.push(notice("amber", "note", show.words.t1("notice-troubled-orders", "n", troubled)));
    }
    Ok(notices)
}

async fn rehearsed(house: &House, show: &Show) -> anyhow::Result<Option<Notice>> {
    let n = house.store.rehearsal_count(house.tenant.id).await?;
    if n == 0 || !house.actor.may(Right::Settings) {
        return Ok(None);
    }
    Ok(Some(Notice {
        tone: "blue",
        icon: "letters",
        text: show.words.t1("notice-rehearsed", "n", n),
        href: "/settings/rehearsals",
        go: show.words.t("see-them").into_owned(),
    }))
}

/// Letters that go into a folder wait there for somebody to carry them on.
fn reaches_nobody(house: &House, show: &Show) -> Option<Notice> {
    let tenant = &house.tenant;
    if tenant.is_demo || tenant.settings.safe_mode || house.email.name() != "folder" {
        return None;
    }
    let may = house.actor.may(Right::Settings);
    let folder = house.letters_folder();
    Some(Notice {
        tone: "amber",
        icon: "dispute",
        text: show.words.t1("notice-folder", "folder", folder.as_str()),
        href: if may { "/settings/channels" } else { "" },
        go: if may { show.words.t("settings-tab-channels").into_owned() } else { String::new() },
    })
}

/// Letters ask for a currency for which no account may be named. Marketplace messages never name one.
fn without_account(house: &House, show: &Show, letters: &[&StoredLetter]) -> Option<Notice> {
    let settings = &house.tenant.settings;
    let mut missing: Vec<Currency> = Vec::new();
    for letter in letters.iter().filter(|letter| letter.channel != Channel::InSite) {
        let is_known = settings.bank_for(letter.currency.code(), house.now()).is_some();
        if !is_known && !missing.contains(&letter.currency) {
            missing.push(letter.currency);
        }
    }
    if missing.is_empty() {
        return None;
    }
    let codes: Vec<&str> = missing.iter().map(|currency| currency.code()).collect();
    let codes = codes.join(&*show.words.t("list-between"));
    let may = house.actor.may(Right::BankAccounts);
    Some(Notice {
        tone: "amber",
        icon: "dispute",
        text: show.words.t1("notice-no-account", "currencies", codes.as_str()),
        href: if may { "/settings/bank" } else { "" },
        go: if may { show.words.t("settings-tab-bank").into_owned() } else { String::new() },
    })
}

/// Why nothing waits for whoever reads.
pub async fn calm(house: &House, show: &Show) -> anyhow::Result<Calm> {
    let tenant = house.tenant.id;
    if house.sight != Sight::Everybody {
        let own = house.store.debtor_list(tenant, &house.sight, "", show.today()).await?;
        return Ok(if own.is_empty() { Calm::Nobody } else { Calm::Done });
    }
    if house.store.live_cases(tenant).await? == 0 && !house.store.has_sent_letters(tenant).await? {
        return Ok(Calm::Empty);
    }
    Ok(if house.tenant.settings.safe_mode { Calm::Safe } else { Calm::Done })
}
