//! `GET /today`: what needs a person now.

use dunlin_core::case::LetterState;
use dunlin_core::explain::phrase;
use dunlin_core::facts::DebtorFacts;
use dunlin_core::grade::Grade;
use dunlin_core::ids::{PartyId, ReceivableId, TenantId};
use dunlin_core::money::Money;
use dunlin_core::party::ContactRole;
use dunlin_core::plan::TaskKind;
use dunlin_store::pages::desk::TaskRow;
use dunlin_store::{Scope, StoredLetter};
use jiff::SignedDuration;

use super::debtor::{day, facts_view};
use super::letter::{asked_of, fate, goods_line, order_named, order_of, playbook_of, sheet, step_of};
use super::show::Show;
use crate::house::House;
use crate::web::view::figures::Amount;
use crate::web::view::letter::{AskedLine, LetterText};
use crate::web::view::names::isolated;
use crate::web::view::notices::Calm;
use crate::web::view::today::{
    ApproveWork, Forecast, Group, Item, QueueGroup, QueueRow, RunsByItself, SettleWork, SnoozeDays, TaskWork, Today,
    UnmatchedPayment, Work,
};
use crate::web::view::who::ContactRow;

/// Something on the desk, with what its row needs.
enum Thing {
    Letter(Box<StoredLetter>),
    Task(Box<TaskRow>),
    Payment(Box<UnmatchedPayment>),
}

struct Entry {
    key: String,
    group: Group,
    row: QueueRow,
    /// What and why in one sentence, above the work; empty when the work itself says it.
    sentence: String,
    /// An answer that is due by tomorrow comes before everything else of its group.
    is_urgent: bool,
    /// Of the buyer: the best first, where it is as urgent.
    grade: usize,
    /// Money at risk, for the order; amounts of different currencies are compared by size alone.
    weight: i64,
    thing: Thing,
}

impl Entry {
    fn letter(&self) -> Option<&StoredLetter> {
        match &self.thing {
            Thing::Letter(letter) => Some(letter.as_ref()),
            Thing::Task(_) | Thing::Payment(_) => None,
        }
    }
}

/// The page; `wanted` is `?item=`.
pub async fn load(house: &House, show: &Show, wanted: Option<&str>) -> anyhow::Result<Today> {
    let mut entries = desk(house, show).await?;
    let order = |group: Group| match group {
        Group::Decide => 0,
        Group::Talk => 1,
        Group::Check => 2,
    };
    entries.sort_by_key(|entry| {
        (order(entry.group), !entry.is_urgent, entry.grade, std::cmp::Reverse(entry.weight), entry.key.clone())
    });
    let letters: Vec<&StoredLetter> = entries.iter().filter_map(|entry| entry.letter()).collect();
    let notices = super::notices::today(house, show, &letters).await?;
    let calm = if entries.is_empty() { super::notices::calm(house, show).await? } else { Calm::default() };
    let position = wanted.and_then(|key| entries.iter().position(|entry| entry.key == key));
    let selected = position.unwrap_or(0);
    let next = entries
        .get(selected + 1)
        .or_else(|| entries.first().filter(|_| selected > 0))
        .map_or_else(|| "/today".to_string(), |entry| format!("/today?item={}", entry.key));
    let item = match entries.get(selected) {
        Some(entry) => Some(item(house, show, entry, next).await?),
        None => None,
    };
    let mut groups: Vec<QueueGroup> = Vec::new();
    for (index, entry) in entries.into_iter().enumerate() {
        let row = QueueRow { is_selected: index == selected, ..entry.row };
        match groups.last_mut() {
            Some(last) if last.group == entry.group => last.rows.push(row),
            _ => groups.push(QueueGroup { group: entry.group, rows: vec![row] }),
        }
    }
    Ok(Today {
        stops: super::supply::stops(house, show).await?,
        notices,
        calm,
        groups,
        runs_by_itself: runs_by_itself(house, show).await?,
        item,
        is_item_chosen: position.is_some(),
        tomorrow: tomorrow(house, show).await?,
    })
}

/// How much waits, for the rail.
pub async fn waiting(house: &House, show: &Show) -> anyhow::Result<u32> {
    let count = house.store.desk_count(house.tenant.id, &house.sight, show.now).await?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

async fn desk(house: &House, show: &Show) -> anyhow::Result<Vec<Entry>> {
    let tenant = house.tenant.id;
    let mut entries = Vec::new();
    for state in [LetterState::Review, LetterState::Uncertain, LetterState::ToPaste] {
        for letter in house.store.letters_seen(tenant, &house.sight, state, 200).await? {
            if let Some(facts) = facts_of(house, tenant, letter.party_id).await? {
                entries.push(letter_entry(show, letter, &facts));
            }
        }
    }
    for task in house.store.open_tasks(tenant, &house.sight, show.now).await? {
        // An uncertain letter is on the desk itself.
        if task.kind == TaskKind::SettleUncertain {
            continue;
        }
        let facts = match task.party_id {
            Some(party) => facts_of(house, tenant, party).await?,
            None => None,
        };
        entries.push(task_entry(show, task, facts.as_ref()));
    }
    for payment in super::money::unmatched(house, show).await? {
        entries.push(payment_entry(show, payment));
    }
    Ok(entries)
}

async fn facts_of(house: &House, tenant: TenantId, party: PartyId) -> anyhow::Result<Option<DebtorFacts>> {
    Ok(house.store.facts(tenant, Scope::One(party), house.now()).await?.into_iter().next())
}

fn letter_entry(show: &Show, letter: StoredLetter, facts: &DebtorFacts) -> Entry {
    let asked = asked_of(&letter);
    let step = step_of(show, &letter, facts);
    let due = letter
        .items
        .first()
        .and_then(|item| facts.receivables.iter().find(|known| known.receivable.id == item.receivable_id))
        .and_then(|known| known.receivable.due_on);
    let debtor = show.debtor_of(facts, facts.contact(letter.contact_id));
    // Nothing is asked for about an order: it says which one, and what is in it.
    let order = order_of(&letter, facts).map(|order| {
        let goods = order.goods.iter().map(|line| goods_line(&line.title, line.quantity));
        order_named(show, &order.number, goods)
    });
    let key = format!("letter-L-{:04}", letter.number);
    let verb = match letter.state {
        LetterState::Uncertain => phrase(show.ui(), "say-verb-settle-uncertain", &[]),
        LetterState::ToPaste => phrase(show.ui(), "say-verb-paste", &[]),
        _ => step,
    };
    Entry {
        row: QueueRow {
            key: key.clone(),
            is_selected: false,
            name: debtor.name,
            country: debtor.country,
            clock: debtor.clock,
            amount: asked.map_or_else(Amount::default, |money| show.amount(money)),
            age: asked.map(|_| show.age(due)),
            verb,
            reason: order.clone().unwrap_or_else(|| about(facts, letter.items.iter().map(|item| item.receivable_id))),
        },
        sentence: asked.map_or_else(|| order.unwrap_or_default(), |money| owes(show, money, due)),
        group: match letter.state {
            LetterState::Uncertain => Group::Check,
            LetterState::ToPaste => Group::Talk,
            _ => Group::Decide,
        },
        is_urgent: false,
        grade: Grade::rank(facts.party.grade),
        weight: asked.map_or(0, |money| money.minor),
        key,
        thing: Thing::Letter(Box::new(letter)),
    }
}

fn task_entry(show: &Show, task: TaskRow, facts: Option<&DebtorFacts>) -> Entry {
    let key = format!("task-T-{:04}", task.number);
    let contact = |facts: &DebtorFacts| {
        let person = task.contact_id.and_then(|id| facts.contacts.iter().find(|contact| contact.id == id));
        show.debtor_of(facts, person)
    };
    let debtor = facts.map(contact).unwrap_or_default();
    let known =
        facts.and_then(|facts| facts.receivables.iter().find(|item| Some(item.receivable.id) == task.receivable_id));
    let due = known.and_then(|item| item.receivable.due_on);
    // A small rest: said in the reader's language, whoever was asked first.
    let rest = known.filter(|_| task.kind == TaskKind::MatchMoney).and_then(|item| item.outstanding().ok());
    // Work of our own asks nobody for money: what is open is what it is about.
    let money = match (task.kind, known) {
        (TaskKind::Do, Some(item)) => item.owed().ok().map(|owed| owed.buyer).filter(|open| open.is_positive()),
        _ => task.pressed,
    };
    let sentence = match (money, &task.note) {
        _ if task.kind == TaskKind::FindZone => which_clock(show, facts),
        _ if task.kind == TaskKind::SolveDispute => phrase(show.ui(), "say-dispute-task", &[]),
        _ if task.kind == TaskKind::DecidePromise => phrase(show.ui(), "say-promise-task", &[]),
        _ if rest.is_some() => {
            rest.map_or_else(String::new, |rest| phrase(show.ui(), "say-charges-task", &[("rest", show.money(rest))]))
        }
        (Some(money), _) => owes(show, money, due),
        (None, _) if task.due_at.is_some() => task
            .due_at
            .map_or_else(String::new, |due| phrase(show.ui(), "say-answer-by", &[("day", show.instant(due).text)])),
        (None, Some(note)) => note.clone(),
        (None, None) => String::new(),
    };
    Entry {
        row: QueueRow {
            key: key.clone(),
            is_selected: false,
            name: debtor.name,
            country: debtor.country,
            clock: debtor.clock,
            amount: money.or(rest).map_or_else(Amount::default, |money| show.amount(money)),
            age: money.map(|_| show.age(due)),
            verb: super::tasks::verb(show, &task, facts),
            reason: match (facts, known) {
                (Some(facts), Some(item)) => about(facts, std::iter::once(item.receivable.id)),
                _ => of_order(show, &task, &sentence),
            },
        },
        sentence,
        group: if matches!(task.kind, TaskKind::FailedLetter | TaskKind::Do | TaskKind::FindZone) {
            Group::Check
        } else {
            Group::Talk
        },
        is_urgent: task.due_at.is_some_and(|due| due <= show.now + SignedDuration::from_hours(24)),
        grade: Grade::rank(facts.and_then(|facts| facts.party.grade)),
        weight: money.map_or(0, |money| money.minor),
        key,
        thing: Thing::Task(Box::new(task)),
    }
}

/// Which order the work is about, before what it says.
fn of_order(show: &Show, task: &TaskRow, sentence: &str) -> String {
    let named = task.order.as_ref().map(|(_, number)| show.words.t1("of-order", "order", isolated(number)));
    match (named, sentence) {
        (Some(order), "") => order,
        (Some(order), sentence) => format!("{order} · {sentence}"),
        (None, sentence) => sentence.to_string(),
    }
}

/// Why somebody has to find out where a buyer is.
fn which_clock(show: &Show, facts: Option<&DebtorFacts>) -> String {
    let country = facts.map_or("", |facts| facts.party.country.as_str());
    let key = if country.is_empty() { "today-no-country" } else { "today-several-clocks" };
    show.words.t1(key, "country", show.words.country(country))
}

fn payment_entry(show: &Show, payment: UnmatchedPayment) -> Entry {
    let key = format!("payment-{}", payment.number);
    let digits: i64 = payment.left.value.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap_or(0);
    Entry {
        row: QueueRow {
            key: key.clone(),
            is_selected: false,
            name: payment.payer.clone(),
            country: String::new(),
            clock: None,
            amount: payment.left.clone(),
            age: None,
            verb: phrase(show.ui(), "say-verb-match-money", &[]),
            reason: payment.text.clone(),
        },
        sentence: String::new(),
        group: Group::Check,
        is_urgent: false,
        grade: Grade::rank(None),
        weight: digits,
        key,
        thing: Thing::Payment(Box::new(payment)),
    }
}

/// The numbers by which the buyer knows the money: "INV-2026-031, INV-2026-044".
fn about(facts: &DebtorFacts, ids: impl Iterator<Item = ReceivableId>) -> String {
    let reference = |id| facts.receivables.iter().find(|item| item.receivable.id == id);
    let references: Vec<&str> = ids.filter_map(reference).map(|item| &*item.receivable.reference).collect();
    references.join(", ")
}

/// "USD 12,430.00, 9 days late."
fn owes(show: &Show, money: Money, due: Option<jiff::civil::Date>) -> String {
    let amount = show.money(money);
    match (due, show.age(due).days_overdue) {
        (Some(_), Some(days)) if days > 0 => {
            phrase(show.ui(), "say-owes-late", &[("amount", amount), ("days", days.to_string())])
        }
        (Some(due), _) => phrase(show.ui(), "say-owes-due", &[("amount", amount), ("date", show.date(due).text)]),
        (None, _) => phrase(show.ui(), "say-owes-open", &[("amount", amount)]),
    }
}

async fn item(house: &House, show: &Show, entry: &Entry, next: String) -> anyhow::Result<Item> {
    let tenant = house.tenant.id;
    let (heading, reasons, work, facts) = match &entry.thing {
        Thing::Letter(letter) => {
            let facts = super::letter::facts_of(house, letter).await?;
            let sheet = sheet(house, show, letter, &facts).await?;
            let names = [("step", entry.row.verb.clone()), ("name", isolated(&facts.party.name))];
            let (heading, work) = match letter.state {
                LetterState::Uncertain => (
                    "say-task-settle-uncertain",
                    Work::Settle(SettleWork {
                        sheet,
                        tried: show.instant(letter.not_before),
                        what_is_known: fate(show, letter).sentence,
                        message_id: Some(letter.message_id.clone()),
                    }),
                ),
                LetterState::ToPaste => ("say-task-paste", Work::Paste(sheet)),
                _ => ("say-to", Work::Approve(ApproveWork { sheet, severe: letter.review.is_severe() })),
            };
            let heading = phrase(show.ui(), heading, &names);
            (
                heading,
                show.reasons_of(playbook_of(letter, &facts), &letter.reasons),
                work,
                Some(facts_view(show, &facts, Some(letter.contact_id))?),
            )
        }
        Thing::Task(task) => {
            let facts = match task.party_id {
                Some(party) => facts_of(house, tenant, party).await?,
                None => None,
            };
            let heading = super::tasks::heading(show, task, facts.as_ref());
            let work = task_work(house, show, task, facts.as_ref())?;
            let view = facts.as_ref().map(|facts| facts_view(show, facts, task.contact_id)).transpose()?;
            (heading, show.reasons(&task.reasons), Work::Task(Box::new(work)), view)
        }
        Thing::Payment(payment) => {
            let amount = format!("{} {}", payment.left.currency, payment.left.text);
            let key = if payment.payer.is_empty() { "say-money-nobody" } else { "say-money" };
            let heading = phrase(show.ui(), key, &[("amount", amount), ("payer", isolated(&payment.payer))]);
            let work = Work::Match(crate::web::view::today::MatchWork { payment: (**payment).clone() });
            (heading, Vec::new(), work, None)
        }
    };
    Ok(Item {
        key: entry.key.clone(),
        group: entry.group,
        heading,
        sentence: entry.sentence.clone(),
        reasons,
        next,
        work,
        facts,
    })
}

fn task_work(house: &House, show: &Show, task: &TaskRow, facts: Option<&DebtorFacts>) -> anyhow::Result<TaskWork> {
    let contact = task.contact_id.and_then(|id| facts?.contacts.iter().find(|contact| contact.id == id));
    let known =
        facts.and_then(|facts| facts.receivables.iter().find(|item| Some(item.receivable.id) == task.receivable_id));
    let lines = match (known, task.pressed) {
        (Some(item), Some(asked)) => vec![AskedLine {
            number: item.receivable.number.clone(),
            reference: item.receivable.reference.clone(),
            milestone: item.receivable.milestone.code().to_string(),
            due: item.receivable.due_on.map(|due| show.date(due)),
            age: show.age(item.receivable.due_on),
            outstanding: show.amount(item.outstanding()?),
            asked: show.amount(asked),
        }],
        _ => Vec::new(),
    };
    let instructions = match facts {
        Some(facts) => super::tasks::instructions(house, show, task, facts)?,
        None => None,
    };
    let (script, script_mine) = match facts {
        Some(facts) if task.kind != TaskKind::Do => {
            let theirs = crate::use_cases::write_letter::call_script(house, task, facts, task.language)?;
            let mine = if task.language == show.letters() {
                None
            } else {
                crate::use_cases::write_letter::call_script(house, task, facts, show.letters())?
            };
            let text =
                |written: (String, String), language: &str| LetterText::new(language, &written.0, &written.1, &[]);
            (
                theirs.map(|written| text(written, task.language.code())),
                mine.map(|written| text(written, show.words.language().code())),
            )
        }
        _ => (None, None),
    };
    let until_monday = 7 - i32::from(show.today().weekday().to_monday_zero_offset());
    Ok(TaskWork {
        number: format!("T-{:04}", task.number),
        kind: task.kind.code().to_string(),
        contact: contact.zip(facts).map(|(contact, facts)| show.contact(facts, contact)),
        instructions,
        script,
        script_mine,
        lines,
        asked_in: facts.zip(task.talk_id).map(|(facts, id)| format!("/debtors/{}/talks/{id}", facts.party.number)),
        order: task.order.as_ref().map(|(id, number)| (number.clone(), super::running::href(&id.to_string()))),
        decided_at: known.filter(|_| is_decided_at_the_amount(task.kind)).map(|item| item.receivable.number.clone()),
        clock_at: facts.filter(|_| task.kind == TaskKind::FindZone).map(|facts| facts.party.number.clone()),
        contact_at: facts.filter(|_| task.kind == TaskKind::FindContact).map(|facts| {
            let role = if facts.party.is_consumer { ContactRole::Buyer } else { ContactRole::Finance };
            let blank = ContactRow { role: role.code().to_string(), ..ContactRow::default() };
            (facts.party.number.clone(), blank)
        }),
        snooze: SnoozeDays { tomorrow: day(show, 1), next_monday: day(show, until_monday), in_a_week: day(show, 7) },
    })
}

/// What is settled on the page of an amount.
const fn is_decided_at_the_amount(kind: TaskKind) -> bool {
    matches!(kind, TaskKind::MatchMoney | TaskKind::SolveDispute | TaskKind::DecidePromise)
}

async fn runs_by_itself(house: &House, show: &Show) -> anyhow::Result<RunsByItself> {
    let (from, to) = day_bounds(show, 0)?;
    let letters = house.store.letters_leaving(house.tenant.id, &house.sight, from, to).await?;
    Ok(RunsByItself { letters: letters as u32, href: "/letters?state=queued".to_string() })
}

async fn tomorrow(house: &House, show: &Show) -> anyhow::Result<Forecast> {
    let (from, to) = day_bounds(show, 1)?;
    let tenant = house.tenant.id;
    Ok(Forecast {
        day: day(show, 1),
        letters: house.store.letters_leaving(tenant, &house.sight, from, to).await? as u32,
        tasks: house.store.tasks_beginning(tenant, &house.sight, from, to).await? as u32,
        expected: Vec::new(),
    })
}

fn day_bounds(show: &Show, days: i32) -> anyhow::Result<(jiff::Timestamp, jiff::Timestamp)> {
    let from = dunlin_core::calendar::shift(show.today(), days).to_zoned(show.zone.clone())?.timestamp();
    Ok((from, from + SignedDuration::from_hours(24)))
}
