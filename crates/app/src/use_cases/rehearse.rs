//! Safe mode: what would leave is written and sent once to the firm itself, and nothing else happens. No case moves, no
//! step counts as taken, no task is made: going live later begins with the real first step (invariant 4).

use std::collections::HashSet;

use dunlin_channels::Handover;
use dunlin_channels::mail::{Attachment, Mail};
use dunlin_core::explain::{UiLanguage, instant, phrase};
use dunlin_core::facts::DebtorFacts;
use dunlin_core::ids::PartyId;
use dunlin_core::party::Channel;
use dunlin_core::plan::orders::{OrderLetter, OrderStep};
use dunlin_core::plan::{LetterItem, Plan, PlannedLetter};
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::{Addressee, NewRehearsal, RehearsedLetter, RehearsedText, Scope, StoredLetter};
use jiff::{SignedDuration, Timestamp};

use super::run_decisions::{RunAccount, RunOptions, decide_everything};
use super::write_letter::{Desk, WrittenLetter, write_letter_with};
use super::write_order::{needs_offer, order_aside};
use crate::house::House;
use crate::printer::statement_pdf;

/// What a rehearsal did.
#[derive(Debug, Default, Clone)]
pub struct RehearseAccount {
    /// Sent to the firm itself now.
    pub sent: usize,
    /// Rehearsed on an earlier day already.
    pub known: usize,
    /// More than a mailbox takes in a day: written another day.
    pub left: usize,
    pub notes: Vec<String>,
}

/// A first run over an old book of debts would fill the firm's mailbox.
const MOST_A_DAY: usize = 100;

/// Writes what would leave, to the firm itself.
pub async fn rehearse(house: &House) -> anyhow::Result<RunAccount> {
    let options = RunOptions { dry_run: true, keep_actions: true, ..RunOptions::default() };
    let mut account = decide_everything(house, options, None).await?;
    let mut done = RehearseAccount::default();
    let mut known: HashSet<String> = house.store.rehearsed_items(house.tenant.id).await?.into_iter().collect();
    let since = house.now() - SignedDuration::from_hours(24);
    let earlier = house.store.rehearsals(house.tenant.id, MOST_A_DAY as i64).await?;
    let mut today = earlier.iter().filter(|one| one.at > since).count();
    for (facts, plan) in &account.actions {
        for (mut items, letter) in all_of(house, facts.party.id, plan) {
            items.retain(|item| !known.contains(item));
            if items.is_empty() {
                done.known += 1;
            } else if today >= MOST_A_DAY {
                done.left += 1;
            } else {
                today += usize::from(rehearse_one(house, &letter, &items, &mut done).await?);
                known.extend(items);
            }
        }
    }
    let mut commit = house.begin_as_system().await?;
    commit.mark_run().await?;
    commit.finish().await?;
    account.rehearsal = Some(done);
    Ok(account)
}

/// Every letter that a plan writes, about money and about orders, with the names of the steps that it takes.
pub(super) fn all_of(house: &House, party_id: PartyId, plan: &Plan) -> Vec<(Vec<String>, StoredLetter)> {
    let of_money = plan.letters.iter().map(|letter| (steps_of(letter), stored(house, party_id, letter)));
    let of_orders = plan.orders.letters.iter().map(|letter| {
        let OrderStep { case_id, step, round, .. } = &letter.about;
        (vec![format!("{case_id}:{step}:{round}")], stored_about(house, party_id, letter))
    });
    of_money.chain(of_orders).collect()
}

fn steps_of(letter: &PlannedLetter) -> Vec<String> {
    let name = |item: &LetterItem| {
        let name = format!("{}:{}:{}", item.case_id, item.step, item.round);
        // What goes beside another letter about the same steps is another text.
        if letter.send == 0 { name } else { format!("{name}+{}", letter.send) }
    };
    letter.items.iter().map(name).collect()
}

/// `true`: it was rehearsed now.
async fn rehearse_one(
    house: &House,
    planned: &StoredLetter,
    items: &[String],
    done: &mut RehearseAccount,
) -> anyhow::Result<bool> {
    let (facts, written) = match write_stored(house, planned).await {
        Ok(Some(made)) => made,
        // An offer without an article would not leave either.
        Ok(None) => return Ok(false),
        Err(error) => {
            done.notes.push(format!("a letter could not be written: {error:#}"));
            return Ok(false);
        }
    };
    let own = house.tenant.settings.sender.email.trim().to_string();
    let letter = RehearsedLetter {
        items: items.to_vec(),
        letter: planned.letter.clone(),
        language: planned.language.code().to_string(),
        channel: planned.channel.code().to_string(),
        review: planned.review.code().to_string(),
        send_at: planned.not_before,
    };
    let text = RehearsedText {
        to: addressed(&written),
        subject: written.subject.clone(),
        body: format!("{}\n\n{}", first_line(house, &written, planned.not_before), written.body),
    };
    let outcome = if own.is_empty() { "kept" } else { "sending" };
    let (party_id, contact_id) = (planned.party_id, planned.contact_id);
    let new = NewRehearsal { party_id, contact_id, letter: &letter, text: &text, sent_to: &own, outcome };
    // Kept before it leaves: a crash loses the copy in the mailbox, never sends a second one.
    let mut commit = house.begin_as_system().await?;
    let Some(id) = commit.add_rehearsal(&new).await? else {
        return Ok(false);
    };
    commit.finish().await?;
    done.sent += 1;
    if own.is_empty() {
        return Ok(true);
    }
    let statement = written.statement.as_ref().map(statement_pdf).transpose()?;
    let what = match house.email.send(&mail(house, &text, &own, &id, statement)).await {
        Handover::Sent => "sent".to_string(),
        Handover::Busy(why) | Handover::Refused(why) | Handover::Unknown(why) => {
            done.notes.push(format!("the rehearsal for {} did not reach {own}: {why}", facts.party.number));
            format!("not sent: {why}")
        }
    };
    let mut commit = house.begin_as_system().await?;
    commit.settle_rehearsal(&id, &what).await?;
    commit.finish().await?;
    Ok(true)
}

fn addressed(written: &WrittenLetter) -> String {
    if written.to_name.is_empty() { written.to.clone() } else { format!("{} <{}>", written.to_name, written.to) }
}

/// "Rehearsal: would go to … on …"
fn first_line(house: &House, written: &WrittenLetter, send_at: Timestamp) -> String {
    let language = match house.tenant.settings.ui_language.as_str() {
        "zh-CN" => UiLanguage::ZhCn,
        _ => UiLanguage::En,
    };
    let when = instant(send_at, language, &house.zone());
    phrase(language, "say-rehearsal", &[("to", addressed(written)), ("when", when)])
}

/// The Message-ID of a rehearsal up to the domain, which is the firm's of that day.
pub(super) fn rehearsal_mark(id: &str) -> String {
    format!("rehearsal.{id}@")
}

/// To the firm's own address and nobody else, whatever the letter says.
fn mail(house: &House, text: &RehearsedText, own: &str, id: &str, statement: Option<Vec<u8>>) -> Mail {
    let sender = &house.tenant.settings.sender;
    let attachment =
        |bytes| Attachment { name: format!("account-statement-{}.pdf", house.today()), mime: "application/pdf", bytes };
    Mail {
        message_id: format!("{}{}", rehearsal_mark(id), house.mail_domain()),
        date: house.now(),
        from_name: sender.company.clone(),
        from: own.to_string(),
        reply_to: None,
        in_reply_to: None,
        to_name: sender.name.clone(),
        to: own.to_string(),
        subject: text.subject.clone(),
        body: text.body.clone(),
        attachments: statement.map(attachment).into_iter().collect(),
        channel: Channel::Email.code(),
    }
}

/// A planned letter as it would read on the day it would leave. `None`: it offers articles, and there is none to offer.
pub(super) async fn write_stored(
    house: &House,
    letter: &StoredLetter,
) -> anyhow::Result<Option<(DebtorFacts, WrittenLetter)>> {
    let facts = house.store.facts(house.tenant.id, Scope::One(letter.party_id), house.now()).await?;
    let facts = facts.into_iter().next().ok_or_else(|| Refusal::new(RefusalCode::DebtorGone))?;
    let signer = house.store.signer_of(house.tenant.id, letter.party_id).await?;
    let tenant = house.store.tenant_facts(&house.tenant).await?;
    let desk = Desk { settings: &house.tenant.settings, signer: &signer, tenant: &tenant };
    let aside = order_aside(house, letter, &facts).await?;
    if needs_offer(&letter.letter) && aside.similar.is_empty() {
        return Ok(None);
    }
    let written = write_letter_with(letter, &facts, desk, letter.not_before.max(house.now()), None, &aside)?;
    Ok(Some((facts, written)))
}

fn stored(house: &House, party_id: PartyId, planned: &PlannedLetter) -> StoredLetter {
    let PlannedLetter { contact_id, role, channel, language, currency, .. } = *planned;
    let to = Addressee { party_id, contact_id, role, channel, language };
    StoredLetter {
        purpose: planned.purpose,
        level: planned.level,
        items: planned.items.clone(),
        review: planned.review,
        attach_statement: planned.attach_statement,
        answer_by: planned.answer_by,
        not_before: planned.send_at,
        ..StoredLetter::draft(to, &planned.letter, currency, house.now())
    }
}

/// As [`stored`], of a message about an order or a parcel.
fn stored_about(house: &House, party_id: PartyId, planned: &OrderLetter) -> StoredLetter {
    let OrderLetter { contact_id, role, channel, language, currency, .. } = *planned;
    let to = Addressee { party_id, contact_id, role, channel, language };
    StoredLetter {
        purpose: planned.purpose,
        review: planned.review,
        answer_by: planned.answer_by,
        not_before: planned.send_at,
        about: Some(planned.about.clone()),
        ..StoredLetter::draft(to, &planned.letter, currency, house.now())
    }
}

/// What would leave if letters left from now on: all of it, and what of it in the first day.
#[derive(Debug, Default, Clone)]
pub struct Ahead {
    pub letters: usize,
    pub first_day: usize,
    /// Of them, those that wait for a person's look.
    pub looked_at: usize,
    pub tasks: usize,
}

/// Counts it, without changing anything.
pub fn ahead(account: &RunAccount, now: Timestamp) -> Ahead {
    let day = now + SignedDuration::from_hours(24);
    let mut ahead = Ahead::default();
    for (_, plan) in &account.actions {
        let of_money = plan.letters.iter().map(|letter| (letter.send_at, letter.review));
        let of_orders = plan.orders.letters.iter().map(|letter| (letter.send_at, letter.review));
        for (send_at, review) in of_money.chain(of_orders) {
            ahead.letters += 1;
            ahead.first_day += usize::from(send_at < day);
            ahead.looked_at += usize::from(review.persons() > 0);
        }
        ahead.tasks += plan.tasks.len() + plan.orders.tasks.len();
    }
    ahead
}
