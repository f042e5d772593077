//! The demo company, lived through day by day on a clock of its own: files come in through the ordinary import,
//! runs decide, letters go to a folder, payments arrive and silence follows. Its shop on the marketplace is played beside it
//! ([`super::play_shop`]).

use std::path::Path;

use anyhow::Context;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use dunlin_bank_formats::Format;
use dunlin_core::access::Role;
use dunlin_core::case::LetterState;
use dunlin_core::explain::UiLanguage;
use dunlin_core::money::Money;
use dunlin_core::order::receipt::tells_of_more_time;
use dunlin_store::{Actor, Settings, Store, Via};

use super::approve_letter::{approve_letter, finish_task};
use super::import_statement::import_statement;
use super::keep_catalogue::pin_similar;
use super::play_shop::ShopStage;
use super::run_decisions::{RunOptions, run_decisions};
use super::send_letters::send_letters;
use super::standing_facts::{add_dispute, add_hold, add_promise, resolve_dispute};
use crate::demo::people::PEOPLE;
use crate::demo::running::sales::SALES;
use crate::demo::{Act, Day, DemoFile, FileKind, Script};
use crate::house::{Clock, House};
use crate::import::{ImportOptions, import_into};

/// What happened, counted.
#[derive(Debug, Default)]
pub struct DemoAccount {
    pub days: usize,
    pub files: usize,
    pub rows: usize,
    pub left_out: Vec<String>,
    pub letters_sent: usize,
    pub letters_cancelled: usize,
    pub approvals: usize,
    pub tasks: usize,
    pub silences: usize,
    pub payments: usize,
    pub payments_matched: usize,
    pub incidents: usize,
    pub notes: Vec<String>,
}

/// Settings of the demo firm.
pub fn demo_settings(script: &Script, letters: &Path) -> Settings {
    let company = &script.company;
    let mut settings = Settings::default();
    settings.sender.company = company.name_en.to_string();
    settings.sender.company_address = company.address.to_string();
    settings.sender.name = company.signature_name.to_string();
    settings.sender.email = company.email.to_string();
    settings.sender.phone = company.phone.to_string();
    settings.time_zone = company.time_zone.to_string();
    settings.base_currency = company.base_currency.to_string();
    settings.transport.folder = Some(letters.display().to_string());
    settings.bank_accounts = company
        .bank_accounts
        .iter()
        .map(|account| {
            let details = dunlin_core::letter::BankDetails {
                holder: account.holder.to_string(),
                bank: account.bank.to_string(),
                account: account.account.to_string(),
                swift: account.swift.to_string(),
            };
            dunlin_store::BankAccount::given(account.currency, details)
        })
        .collect();
    settings
}

/// Lives through the whole script. Files are also written to `files`, where a curious user finds them.
pub async fn live_demo(store: &Store, script: &Script, dir: &Path) -> anyhow::Result<(House, DemoAccount)> {
    let start = script.start.to_zoned(jiff::tz::TimeZone::get(script.company.time_zone)?)?.timestamp();
    let settings = demo_settings(script, &dir.join("letters"));
    let id = store.create_tenant(script.company.name_en, &settings, true, start).await?;
    let tenant = store.tenant(id).await?;
    let mut house = House::new(store.clone(), tenant, Clock::Fixed(start), dir, None).await?;
    hire(&house, start).await?;
    let mut shop = ShopStage::new(SALES, start, acting(&house, Role::Sales).await?.actor);
    let files = dir.join("files");
    std::fs::create_dir_all(&files).with_context(|| format!("cannot make the folder {}", files.display()))?;
    let mut account = DemoAccount::default();
    for day in &script.days {
        live_day(&mut house, day, (files.as_path(), &mut shop), &mut account).await?;
        account.days += 1;
    }
    // The day after the last begins: what a person would find on the desk that morning.
    Ok((house, account))
}

/// The people of the firm, before the first day.
async fn hire(house: &House, start: Timestamp) -> anyhow::Result<()> {
    let mut commit = house.store.begin(house.tenant.id, start, &Actor::system()).await?;
    for person in PEOPLE {
        // No password fits this: a demo's people come in by a button.
        commit.add_user(person.email, person.name, person.role, Some("-")).await?;
    }
    Ok(commit.finish().await?)
}

/// The house with the first person of a role acting in it.
async fn acting(house: &House, role: Role) -> anyhow::Result<House> {
    let users = house.store.users(house.tenant.id).await?;
    let user = users.iter().find(|user| user.role == role).context("the demo has nobody of this role")?;
    Ok(house.clone().acting(Actor::user(Via::Page, user.acting(), String::new())))
}

/// Buyers that nobody looks after yet go to the two who sell, turn by turn.
async fn hand_out(house: &House) -> anyhow::Result<()> {
    let users = house.store.users(house.tenant.id).await?;
    let sellers: Vec<_> = users.iter().filter(|user| user.role == Role::Sales).map(|user| user.id).collect();
    let mut commit = house.begin_as_system().await?;
    commit.share_out(&sellers).await?;
    Ok(commit.finish().await?)
}

async fn live_day(
    house: &mut House,
    day: &Day,
    (files, shop): (&Path, &mut ShopStage),
    account: &mut DemoAccount,
) -> anyhow::Result<()> {
    let midnight = day.date.to_zoned(house.zone())?.timestamp();
    let hour = |hour: i64| midnight + SignedDuration::from_hours(hour);
    shop.play(house, hour(9)).await?;
    for file in &day.files {
        set_clock(house, hour(9)).await?;
        std::fs::write(files.join(&file.name), &file.bytes)?;
        take_in(house, file, account).await?;
        account.files += 1;
    }
    set_clock(house, hour(9)).await?;
    if !day.files.is_empty() {
        hand_out(house).await?;
    }
    run(house, account).await?;
    shop.play(house, hour(10)).await?;
    set_clock(house, hour(10)).await?;
    for act in &day.acts {
        perform(house, act, day.date, account).await?;
    }
    // Letters leave in their readers' hours, round the clock; runs look again every three hours.
    for offset in 10..33 {
        shop.play(house, hour(offset)).await?;
        set_clock(house, hour(offset)).await?;
        if offset % 3 == 1 {
            run(house, account).await?;
        }
        let due = house.store.next_departure(house.tenant.id).await?.is_some_and(|at| at <= house.now());
        if due {
            shop.read_again(house).await?;
            let sent = send_letters(house).await?;
            account.letters_sent += sent.sent;
            account.letters_cancelled += sent.cancelled;
            let notes = sent.told(UiLanguage::En, &house.zone());
            account.notes.extend(notes.into_iter().map(|note| format!("{} {note}", day.date)));
        }
    }
    Ok(())
}

async fn set_clock(house: &mut House, at: Timestamp) -> anyhow::Result<()> {
    house.clock = Clock::Fixed(at);
    house.tenant.last_run_at = None;
    Ok(())
}

async fn run(house: &House, account: &mut DemoAccount) -> anyhow::Result<()> {
    let ran = run_decisions(house, RunOptions::default()).await?;
    account.tasks += ran.written.tasks;
    account.silences += ran.written.holds;
    account.incidents += ran.refused;
    Ok(())
}

async fn take_in(house: &House, file: &DemoFile, account: &mut DemoAccount) -> anyhow::Result<()> {
    if file.what == FileKind::Statement {
        let report = import_statement(house, &file.name, &file.bytes, Format::Auto).await?;
        account.payments += report.payments;
        account.payments_matched += report.matched.matched;
        account.letters_cancelled += report.matched.letters_cancelled;
        account.rows += report.entries;
        return Ok(());
    }
    let options = ImportOptions::default();
    let report = import_into(house, &file.name, &file.bytes, &options)
        .await
        .with_context(|| format!("importing {}", file.name))?;
    account.rows += report.counts.rows;
    for problem in &report.problems {
        let line =
            format!("{} row {} column {}: {} ({})", file.name, problem.row, problem.column, problem.why, problem.read);
        if !account.left_out.contains(&line) {
            account.left_out.push(line);
        }
    }
    Ok(())
}

async fn perform(house: &House, act: &Act, date: Date, account: &mut DemoAccount) -> anyhow::Result<()> {
    let house = &acting(house, Role::Sales).await?;
    let tenant_id = house.tenant.id;
    match act {
        Act::Promise { order, milestone, pay_on, amount, words } => {
            let Some(found) = house.store.find_milestone(tenant_id, order, milestone).await? else {
                return Ok(());
            };
            let amount = amount.as_deref().map(|amount| Money::parse(amount, found.amount.currency)).transpose()?;
            let found = super::standing_facts::Found::from(found);
            add_promise(house, found.party_id, Some(found.receivable_id), *pay_on, amount, words).await.map(drop)
        }
        Act::Dispute { order, amount, why } => {
            let Some(found) = house.store.find_open(tenant_id, order).await? else {
                return Ok(());
            };
            let amount = amount.as_deref().map(|amount| Money::parse(amount, found.amount.currency)).transpose()?;
            add_dispute(house, &found.into(), amount, why).await
        }
        Act::DisputeResolved { order } => {
            for found in house.store.find_disputed(tenant_id, order).await? {
                resolve_dispute(house, &found.into(), "settled with the buyer").await?;
            }
            Ok(())
        }
        Act::Hold { debtor, until, why } => match house.store.find_party(tenant_id, debtor).await? {
            Some((party_id, _)) if *until >= date => add_hold(house, party_id, None, *until, why).await.map(drop),
            _ => Ok(()),
        },
        Act::Pin { sku, other } => pin_similar(house, sku, other).await,
        Act::ApproveAll => {
            // The owner takes a few days; what came last is left for whoever looks at the demo.
            let waited = house.now() - jiff::SignedDuration::from_hours(60);
            let letters = house.store.letters_in(tenant_id, LetterState::Review, 1_000).await?;
            let owner = acting(house, Role::Owner).await?;
            for letter in letters.into_iter().filter(|letter| letter.recorded_at <= waited) {
                // There is no marketplace behind the demo that could give what this one tells of.
                if tells_of_more_time(&letter.letter) {
                    continue;
                }
                approve_letter(&owner, letter.number, None).await?;
                account.approvals += 1;
            }
            Ok(())
        }
        Act::CallDone { order, note } => {
            for number in house.store.open_calls(tenant_id, order).await? {
                finish_task(house, number, note).await?;
            }
            Ok(())
        }
    }
}
