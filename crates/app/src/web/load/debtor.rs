//! `GET /debtors/{number}`: can I trust them, what do they owe, what happens next?

use anyhow::anyhow;

use dunlin_core::calendar::shift;
use dunlin_core::case::{CaseState, SubjectKind};
use dunlin_core::decide::{World, decide};
use dunlin_core::explain::phrase;
use dunlin_core::facts::{DebtorFacts, ReceivableFacts};
use dunlin_core::gate_facts::PromiseState;
use dunlin_core::grade::Grade;
use dunlin_core::ids::{PartyId, ReceivableId};
use dunlin_core::letter::Purpose;
use dunlin_core::money::Money;
use dunlin_core::party::ContactRole;
use dunlin_core::playbook::Playbook;
use dunlin_store::{Scope, StoreError};

use super::show::Show;
use super::timeline;
use crate::house::House;
use crate::use_cases::bring_day::Day;
use crate::use_cases::explain_receivable::{Explanation, rest, rests_until};
use crate::use_cases::set_whereabouts::possible_clocks;
use crate::web::view::debtor::{
    Clocks, ClosedRow, Colleague, DebtorPage, MergedDebtor, Pause, PauseForm, PlaybookChoice, Promisable, ReceivableRow,
};
use crate::web::view::figures::When;
use crate::web::view::names::isolated;
use crate::web::view::who::{ContactRow, Facts, LastContact, PromiseRecord};

/// The page of one debtor.
pub async fn load(house: &House, show: &Show, name: &str) -> anyhow::Result<DebtorPage> {
    let found = house.store.find_party(house.tenant.id, name).await?;
    let (party_id, _) = found.ok_or_else(|| anyhow!(StoreError::not_found("debtor", name)))?;
    let facts = house.store.facts(house.tenant.id, Scope::One(party_id), house.now()).await?;
    let mut facts = facts.into_iter().next().ok_or_else(|| StoreError::not_found("debtor", name))?;
    let mut odd = set_aside_at_odds(&mut facts);
    let mut currencies: Vec<String> = Vec::new();
    for item in &facts.receivables {
        let open = item.owed()?.buyer;
        let code = open.currency.code().to_string();
        if open.is_positive() && !currencies.contains(&code) {
            currencies.push(code);
        }
    }
    let number = facts.party.number.clone();
    let (salesperson, people) = hands(house, party_id).await?;
    let (receivables, undecided) = receivables(house, show, &facts).await?;
    odd.extend(undecided);
    let said = [("numbers", odd.join(", "))];
    Ok(DebtorPage {
        at_odds: (!odd.is_empty()).then(|| phrase(show.ui(), "say-at-odds", &said)),
        salesperson,
        people,
        receivables,
        contacts: facts.contacts.iter().map(|contact| show.contact(&facts, contact)).collect(),
        former: facts.former_contacts.iter().map(|contact| show.contact(&facts, contact)).collect(),
        new_contact: ContactRow { role: ContactRole::Buyer.code().to_string(), ..ContactRow::default() },
        pauses: pauses(house, show, &facts, None).await?,
        tasks: super::tasks::open(house, show, &facts, None).await?,
        timeline: timeline::load(house, show, &facts, None).await?,
        form: PauseForm {
            about: promisable(show, &facts)?,
            ..form(show, currencies, String::new(), format!("/debtors/{number}"))
        },
        is_consumer: facts.party.is_consumer,
        blacklisted: blocked(house, show, &facts).await?,
        grade: facts.party.grade.map_or("", Grade::code),
        closed: closed(house, show, party_id).await?,
        clocks: clocks(show, &facts),
        playbooks: playbooks(house, show, &facts),
        merged: merged(house, party_id).await?,
        supply: super::supply::panel(house, show, &facts).await?,
        facts: facts_view(show, &facts, None)?,
    })
}

/// What of the days on which it is closed is not over.
async fn closed(house: &House, show: &Show, party_id: PartyId) -> anyhow::Result<Vec<ClosedRow>> {
    let today = show.today();
    let told = house.store.closed_told(house.tenant.id, party_id).await?;
    let mut running: Vec<_> = told.into_iter().filter(|row| row.ended_at.is_none() && row.to_day >= today).collect();
    running.sort_by_key(|row| row.from_day);
    let row = |told: dunlin_store::pages::told::ClosedTold| ClosedRow {
        from: show.date(told.from_day),
        to: show.date(told.to_day),
        why: told.why,
    };
    Ok(running.into_iter().map(row).collect())
}

fn clocks(show: &Show, facts: &DebtorFacts) -> Option<Clocks> {
    let zones = possible_clocks(facts)?;
    let named = |zone: &str| (zone.to_string(), show.words.zone_place(zone));
    Some(Clocks { zones: zones.into_iter().map(named).collect() })
}

/// "Blocked on 12 March: …", while it is.
async fn blocked(house: &House, show: &Show, facts: &DebtorFacts) -> anyhow::Result<Option<String>> {
    if !facts.party.blacklisted {
        return Ok(None);
    }
    let Some(blocked) = house.store.blocked(house.tenant.id, facts.party.id).await? else {
        return Ok(Some(phrase(show.ui(), "say-blocked", &[("day", String::new()), ("why", String::new())])));
    };
    let say = |key: &str, name: &'static str, value: String| phrase(show.ui(), key, &[(name, value)]);
    let day = show.instant(blocked.at).text;
    let mut said = vec![phrase(show.ui(), "say-blocked", &[("day", day), ("why", blocked.why)])];
    if let Some(until) = blocked.until {
        said.push(say("say-blocked-until", "day", show.date(until).text));
    }
    if !blocked.evidence.is_empty() {
        said.push(say("say-blocked-evidence", "evidence", isolated(&blocked.evidence)));
    }
    if !blocked.by.is_empty() {
        said.push(say("say-blocked-by", "name", isolated(&blocked.by)));
    }
    Ok(Some(said.join(" ")))
}

/// Who looks after a debtor, and who could.
async fn hands(house: &House, party_id: PartyId) -> anyhow::Result<(String, Vec<Colleague>)> {
    let chosen = house.store.salesperson_of(house.tenant.id, party_id).await?;
    let users = house.store.users(house.tenant.id).await?;
    let name = users.iter().find(|user| Some(user.id) == chosen).map_or_else(String::new, |user| user.name.clone());
    let present = users.into_iter().filter(|user| user.state != dunlin_store::UserState::Left);
    let people = present
        .map(|user| Colleague { is_chosen: Some(user.id) == chosen, id: user.id.to_string(), name: user.name })
        .collect();
    Ok((name, people))
}

async fn merged(house: &House, party_id: PartyId) -> anyhow::Result<Vec<MergedDebtor>> {
    let merged = house.store.merged_parties(house.tenant.id, party_id).await?;
    Ok(merged.into_iter().map(|(number, name)| MergedDebtor { number, name }).collect())
}

/// Playbooks that suit something this debtor owes, and the chosen one; all that debts follow for who owes nothing.
fn playbooks(house: &House, show: &Show, facts: &DebtorFacts) -> Vec<PlaybookChoice> {
    let chosen = facts.party.playbook_override.as_deref();
    let is_owed = |item: &&ReceivableFacts| item.outstanding().is_ok_and(Money::is_positive);
    let owed: Vec<&ReceivableFacts> = facts.receivables.iter().filter(is_owed).collect();
    let suits = |playbook: &Playbook| {
        playbook.applies.subject == SubjectKind::Receivable
            && (owed.is_empty()
                || chosen == Some(&*playbook.reference.id)
                || owed.iter().any(|item| playbook.applies.fit(&item.receivable, &item.dates).is_some()))
    };
    let choice = |id: &str| PlaybookChoice {
        id: id.to_string(),
        title: show.titles.playbook(id),
        is_chosen: chosen == Some(id),
    };
    let suitable = house.playbook_files.iter().map(|file| &file.playbook).filter(|playbook| suits(playbook));
    suitable.map(|playbook| choice(&playbook.reference.id)).collect()
}

/// The facts beside a decision.
pub fn facts_view(
    show: &Show,
    facts: &DebtorFacts,
    contact: Option<dunlin_core::ids::ContactId>,
) -> anyhow::Result<Facts> {
    let settled = facts.promises.iter().filter(|promise| {
        matches!(promise.state, PromiseState::Kept | PromiseState::PartlyKept | PromiseState::Broken)
    });
    let kept = settled.clone().filter(|promise| promise.state == PromiseState::Kept).count() as u32;
    let total = settled.count() as u32;
    let last = facts.contacts_made.iter().filter(|made| made.at <= show.now).max_by_key(|made| made.at);
    let today = show.today();
    let hold = facts
        .holds
        .iter()
        .filter(|hold| !hold.released && hold.until >= today && hold.receivable_id.is_none())
        .max_by_key(|hold| hold.until);
    let person = contact.and_then(|id| facts.contacts.iter().find(|contact| contact.id == id));
    Ok(Facts {
        debtor: show.debtor_of(facts, person),
        open: show.open(facts)?,
        platforms: show.platforms_owe(facts)?,
        promises: (total > 0).then_some(PromiseRecord { kept, total }),
        last_heard: facts.last_heard(None).map(|at| show.instant(at)),
        last_contact: last.map(|made| LastContact {
            when: show.instant(made.at),
            channel: made.channel.code().to_string(),
            what: purpose_word(show, made.purpose),
        }),
        contact: person.map(|contact| show.contact(facts, contact)),
        papers_held: Vec::new(),
        paused: hold.map(|hold| {
            let values = [("day", show.date(hold.until).text), ("text", hold.why.clone())];
            phrase(show.ui(), "say-paused", &values)
        }),
    })
}

fn purpose_word(show: &Show, purpose: Purpose) -> String {
    dunlin_core::explain::word(show.ui(), &format!("purpose-{}", purpose.code()))
}

/// Takes out the amounts that nobody can add up, such as one that was corrected to another currency under its lines: the rest of
/// the page is shown all the same. Returns their numbers.
fn set_aside_at_odds(facts: &mut DebtorFacts) -> Vec<String> {
    let all = std::mem::take(&mut facts.receivables);
    let (sound, odd): (Vec<_>, Vec<_>) = all.into_iter().partition(|item| item.outstanding().is_ok());
    facts.receivables = sound;
    odd.into_iter().map(|item| item.receivable.number).collect()
}

/// The amounts, and the number of the debtor where nothing can be decided: what was said of one is in another currency.
async fn receivables(
    house: &House,
    show: &Show,
    facts: &DebtorFacts,
) -> anyhow::Result<(Vec<ReceivableRow>, Option<String>)> {
    let premises = house.premises().await?;
    let world = World::new(&premises.tenant, &premises.playbooks, premises.countries, house.now());
    let mut facts = facts.clone();
    let brought = Day::of(house).await?.bring(&mut facts, &premises.tenant);
    let decided = brought.and_then(|is_awake| Ok((is_awake, decide(&facts, &world)?)));
    let undecided = decided.is_err().then(|| facts.party.number.clone());
    let mut cases = Vec::new();
    if let Ok((is_awake, plan)) = decided {
        cases = plan.cases;
        let rests = if is_awake { None } else { rests_until(house, facts.party.id).await? };
        if let Some(until) = rests {
            cases.iter_mut().for_each(|case| rest(case, until));
        }
    }
    let mut rows = Vec::with_capacity(facts.receivables.len());
    for item in &facts.receivables {
        let receivable = &item.receivable;
        let (outstanding, owed) = (item.outstanding()?, item.owed()?);
        let case = cases.iter().find(|case| case.receivable_id == receivable.id);
        let (next, reason) = match case {
            None => (String::new(), String::new()),
            Some(case) => {
                let playbook = case.playbook.as_ref().map(|playbook| &*playbook.id);
                let step = case.step.as_deref().map_or_else(String::new, |step| show.titles.step(playbook, step));
                let explanation = Explanation {
                    receivable: receivable.number.clone(),
                    outstanding,
                    playbook: playbook.map(str::to_string),
                    step: case.step.as_deref().map(str::to_string),
                    decision: case.verdict,
                    next_wake: case.next_wake,
                    reasons: case.reasons.clone(),
                };
                (step, super::receivable::verdict_sentence(show, &explanation))
            }
        };
        // Paid the moment the money is in, whatever the last run knew.
        let state = match &item.case {
            Some(case) if case.state == CaseState::Running && !outstanding.is_positive() => CaseState::Paid.code(),
            Some(case) => case.state.code(),
            None => "closed",
        };
        rows.push(ReceivableRow {
            number: receivable.number.clone(),
            reference: receivable.reference.clone(),
            milestone: receivable.milestone.code().to_string(),
            amount: show.amount(receivable.amount),
            outstanding: show.amount(owed.buyer),
            platform: (owed.platform.is_positive() && !receivable.closed).then(|| show.amount(owed.platform)),
            due: receivable.due_on.map(|due| show.date(due)),
            age: show.age(receivable.due_on),
            case_state: state.to_string(),
            why: item.why.map(|known| known.why.code().to_string()),
            is_open: super::cases::is_open(item)?,
            next,
            reason,
        });
    }
    // What is open first, the oldest on top.
    rows.sort_by_key(|row| {
        let is_over = row.platform.is_some() || matches!(row.case_state.as_str(), "paid" | "written_off" | "closed");
        (is_over, std::cmp::Reverse(row.age.days_overdue))
    });
    Ok((rows, undecided))
}

/// Holds, promises and disputes, of the debtor or of one receivable.
pub async fn pauses(
    house: &House,
    show: &Show,
    facts: &DebtorFacts,
    only: Option<ReceivableId>,
) -> anyhow::Result<Vec<Pause>> {
    let today = show.today().to_string();
    let rows = house.store.standing_of(house.tenant.id, facts.party.id).await?;
    let mut pauses = Vec::new();
    for row in rows.into_iter().rev() {
        if matches!(row.kind.as_str(), "call" | "task" | "do") {
            continue;
        }
        if only.is_some() && row.receivable_id.is_some() && row.receivable_id != only {
            continue;
        }
        let over = row.kind == "hold" && row.day.as_deref().is_some_and(|day| day < today.as_str());
        let state = match (row.state.as_str(), over) {
            (_, true) | ("withdrawn" | "nothing_left", _) => "ended",
            ("open", _) => "active",
            (other, _) => other,
        };
        let receivable = row.receivable_number.map(|number| format!("R-{number:04}"));
        let base = receivable
            .as_ref()
            .map_or_else(|| format!("/debtors/{}", facts.party.number), |number| format!("/receivables/{number}"));
        let verb = match row.kind.as_str() {
            "hold" => "hold/end",
            "promise" => "promise/withdraw",
            _ => "dispute/resolve",
        };
        let end_action = (state == "active").then(|| format!("{base}/{verb}"));
        pauses.push(Pause {
            kind: row.kind.clone(),
            amount: timeline::amount_of(show, &row),
            until: row.day.as_deref().and_then(|day| day.parse().ok()).map(|day| show.date(day)),
            text: row.text.clone(),
            state: state.to_string(),
            recorded: show.instant(row.at),
            by: String::new(),
            end_action,
            receivable,
        });
    }
    Ok(pauses)
}

/// What the forms for holds, promises and disputes start with.
pub fn form(show: &Show, currencies: Vec<String>, amount: String, next: String) -> PauseForm {
    PauseForm {
        today: show.today().to_string(),
        tomorrow: shift(show.today(), 1).to_string(),
        latest: shift(show.today(), 365).to_string(),
        currencies,
        amount,
        next,
        about: Vec::new(),
    }
}

/// What is open, the oldest first: a promise is about all of it or one of it.
fn promisable(show: &Show, facts: &DebtorFacts) -> anyhow::Result<Vec<Promisable>> {
    let mut open = Vec::new();
    for item in &facts.receivables {
        let (receivable, outstanding) = (&item.receivable, item.owed()?.buyer);
        if outstanding.is_positive() && !receivable.closed {
            let about = Promisable {
                number: receivable.number.clone(),
                reference: receivable.reference.clone(),
                milestone: receivable.milestone.code().to_string(),
                outstanding: show.amount(outstanding),
            };
            open.push((receivable.due_on.is_none(), receivable.due_on, about));
        }
    }
    open.sort_by_key(|(awaits, due, _)| (*awaits, *due));
    Ok(open.into_iter().map(|(_, _, about)| about).collect())
}

/// A day with its machine form, for shortcuts.
pub fn day(show: &Show, days: i32) -> When {
    show.date(shift(show.today(), days))
}
