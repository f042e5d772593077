//! `dunlin party`: what a person decides about a debtor.

use std::path::PathBuf;

use anyhow::Context;

use dunlin_core::explain::{UiLanguage, coded};
use dunlin_core::grade::Grade;
use dunlin_core::ids::PartyId;
use dunlin_core::intent::Intent;
use dunlin_core::talk::TalkPlace;
use dunlin_store::{Block, Scope};

use super::open::{find_debtor as find, print_json, read_input};
use super::supply::{LimitArgs, SupplyArgs, limit, supply};
use super::{Common, days, usage};
use crate::house::House;
use crate::use_cases::enter_by_hand::note_event;
use crate::use_cases::keep_contacts::{PersonForm, add_contact};
use crate::use_cases::lead_on::intent_named;
use crate::use_cases::log_talk::{TalkForm, contact_named, log_talk, picked};
use crate::use_cases::mark_party::{
    block_party, choose_playbook, grade_named, grade_party, note_objection, unblock_party,
};
use crate::use_cases::merge_parties::{merge_parties, separate_parties};
use crate::use_cases::set_due_day::set_due_day;

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Nothing is written to this debtor any more
    Block {
        debtor: String,
        #[arg(long)]
        why: String,
        /// What shows it: a letter, a judgment, a report
        #[arg(long, default_value = "")]
        evidence: String,
        /// The last day; until somebody ends it without it
        #[arg(long)]
        until: Option<jiff::civil::Date>,
    },
    /// How much the buyer is worth to us: gold, silver, bronze or none
    Grade { debtor: String, grade: String },
    /// The debtor may be written to again
    Unblock {
        debtor: String,
        #[arg(long, default_value = "")]
        why: String,
    },
    /// Somebody there asked not to be contacted about payments
    Objection {
        debtor: String,
        /// Name or address; without it, everybody there
        #[arg(long)]
        contact: Option<String>,
        /// They may be contacted again
        #[arg(long)]
        withdraw: bool,
    },
    /// Add a person there, or correct the one who is the same by address or name
    Contact {
        debtor: String,
        #[arg(long, default_value = "")]
        name: String,
        /// owner, finance, purchaser, logistics or buyer
        #[arg(long, default_value = "buyer")]
        role: String,
        #[arg(long, default_value = "")]
        email: String,
        #[arg(long, default_value = "")]
        phone: String,
        /// en, zh, es, …; that of the country without it
        #[arg(long, default_value = "")]
        language: String,
    },
    /// What a receivable waits for has happened: goods ready, copy of the bill of lading sent, arrival …
    Happened {
        receivable: String,
        #[arg(long)]
        on: jiff::civil::Date,
    },
    /// The due date of a receivable as it is, where a file said it wrongly; with --waits what starts its clock has not happened
    Due {
        receivable: String,
        #[arg(long, required_unless_present = "waits")]
        on: Option<jiff::civil::Date>,
        /// It waits again for what starts its clock
        #[arg(long, conflicts_with = "on")]
        waits: bool,
    },
    /// A day of an order: its arrival, the end of free time, the days of a letter of credit or a collection
    Day(days::DayArgs),
    /// Days on which this buyer in particular is closed
    Closed(days::ClosedArgs),
    /// The time zone of the people there
    Zone(days::ZoneArgs),
    /// The country of a debtor
    Country(days::CountryArgs),
    /// Log a talk that happened elsewhere, and see which promises, amounts and reasons may be in it
    Talked {
        debtor: String,
        /// wechat, whatsapp, phone, fair, visit, email, in_site or other
        #[arg(long = "where", value_name = "PLACE")]
        place: String,
        /// A file with the words, or - for standard input
        #[arg(long, value_name = "FILE")]
        text: Option<PathBuf>,
        /// A picture or file: PNG, JPEG or PDF, at most 5 MB
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
        /// The day of the talk; today without it
        #[arg(long)]
        on: Option<jiff::civil::Date>,
        /// With whom: name or address
        #[arg(long)]
        contact: Option<String>,
        /// We asked for payment: it counts as a contact, like a call
        #[arg(long)]
        asked: bool,
        /// It is an answer of the buyer: promises, short_of_cash, asks_question, objects_to_contact, …
        #[arg(long)]
        intent: Option<String>,
        /// The receivable that the answer is about
        #[arg(long, value_name = "RECEIVABLE")]
        about: Option<String>,
        #[arg(long)]
        json: bool,
    },
    /// Two debtors are one company: everything of the second moves to the first
    Merge {
        /// The one that stays
        stays: String,
        /// The one that is merged into it
        gone: String,
    },
    /// Two that were merged by mistake are two again
    Separate {
        /// Number or name of the one that was merged into the other
        gone: String,
    },
    /// Whether they get new goods, why, and which orders wait; or decide it
    Supply(SupplyArgs),
    /// How much they may owe at once: `limit D-0017 20000 USD`
    Limit(LimitArgs),
    /// A playbook of their own in place of the one their orders bring
    Playbook {
        debtor: String,
        #[arg(required_unless_present = "none")]
        playbook: Option<String>,
        /// The one their orders bring again
        #[arg(long, conflicts_with = "playbook")]
        none: bool,
    },
}

pub async fn run(common: &Common, command: Command) -> anyhow::Result<()> {
    let house = common.house().await?;
    match command {
        Command::Block { debtor, why, evidence, until } => {
            let block = Block { why: &why, evidence: &evidence, until };
            let cancelled = block_party(&house, find(&house, &debtor).await?, block).await?;
            println!("{debtor} is blocked; waiting letters cancelled: {cancelled}");
        }
        Command::Grade { debtor, grade } => {
            let grade = grade_named(&grade).map_err(|refusal| usage(refusal.to_string()))?;
            let changed = grade_party(&house, find(&house, &debtor).await?, grade).await?;
            let word = grade.map_or("without a grade", Grade::code);
            println!("{debtor} is {word}{}", if changed { "" } else { " already" });
        }
        Command::Unblock { debtor, why } => {
            unblock_party(&house, find(&house, &debtor).await?, &why).await?;
            println!("{debtor} is not blocked any more; the next run looks at it again");
        }
        Command::Objection { debtor, contact, withdraw } => {
            let party = find(&house, &debtor).await?;
            let done = note_objection(&house, party, contact.as_deref(), !withdraw).await?;
            let who = done.names.join(", ");
            match withdraw {
                true => println!("{debtor}: {who} may be contacted again"),
                false => println!(
                    "{debtor}: {who} is not contacted about payments any more; waiting letters cancelled: {}",
                    done.letters_cancelled
                ),
            }
        }
        Command::Contact { debtor, name, role, email, phone, language } => {
            let form = PersonForm { name, role, email, phone, language, ..PersonForm::default() };
            add_contact(&house, find(&house, &debtor).await?, &form).await?;
            println!("{debtor}: the person is known now");
        }
        Command::Happened { receivable, on } => {
            let found = house.store.find_receivable(house.tenant.id, &receivable).await?.into();
            let (begun, _) = note_event(&house, &found, on).await?;
            println!("{receivable}: {on} is noted; amounts with a due date now: {begun}");
        }
        Command::Due { receivable, on, .. } => {
            let found = house.store.find_receivable(house.tenant.id, &receivable).await?.into();
            let set = set_due_day(&house, &found, on).await?;
            let before = set.before.map_or_else(String::new, |day| format!(", no longer on {day}"));
            match on {
                Some(on) => println!("{receivable} is due on {on}{before}"),
                None => println!("{receivable} waits for what starts its clock{before}"),
            }
            println!("waiting letters cancelled: {}", set.letters_cancelled);
        }
        Command::Day(args) => days::day(&house, args).await?,
        Command::Closed(args) => {
            let id = find(&house, &args.debtor).await?;
            days::closed(&house, id, args).await?;
        }
        Command::Zone(args) => {
            let id = find(&house, &args.debtor).await?;
            days::zone(&house, id, args).await?;
        }
        Command::Country(args) => {
            let id = find(&house, &args.debtor).await?;
            days::country(&house, id, args).await?;
        }
        Command::Talked { debtor, place, text, file, on, contact, asked, intent, about, json } => {
            let intent = intent.as_deref().map(intent_named).transpose();
            let intent = intent.map_err(|refusal| usage(refusal.to_string()))?;
            let receivable = match &about {
                Some(name) => Some(house.store.find_receivable(house.tenant.id, name).await?.receivable_id),
                None => None,
            };
            let known = || TalkPlace::ALL.iter().map(|place| place.code()).collect::<Vec<_>>().join(", ");
            let place = TalkPlace::from_code(&place)
                .ok_or_else(|| usage(format!("‘{place}’ is not a place of talks; known: {}", known())))?;
            let text = match &text {
                Some(path) => String::from_utf8_lossy(&read_input(Some(path.as_path()))?.1).into_owned(),
                None => String::new(),
            };
            let file = file.as_deref().map(|path| read_input(Some(path))).transpose()?;
            let party = find(&house, &debtor).await?;
            let contact = match contact {
                Some(name) => {
                    let facts = house.store.facts(house.tenant.id, Scope::One(party), house.now()).await?;
                    Some(contact_named(facts.first().context("the debtor does not exist any more")?, &name)?)
                }
                None => None,
            };
            let form = TalkForm { place, on, contact, asked, intent, receivable, text, file };
            talked(&house, &debtor, party, &form, json).await?;
        }
        Command::Merge { stays, gone } => {
            let done = merge_parties(&house, find(&house, &stays).await?, find(&house, &gone).await?).await?;
            println!("{gone} is merged into {}; waiting letters cancelled: {}", done.number, done.letters_cancelled);
        }
        Command::Separate { gone } => {
            let done = separate_parties(&house, &gone, None).await?;
            println!(
                "{gone} is a debtor of its own again, apart from {}; waiting letters cancelled: {}",
                done.number, done.letters_cancelled
            );
        }
        Command::Supply(args) => supply(&house, find(&house, &args.debtor).await?, args).await?,
        Command::Limit(args) => limit(&house, find(&house, &args.debtor).await?, args).await?,
        Command::Playbook { debtor, playbook, .. } => {
            let set = choose_playbook(&house, find(&house, &debtor).await?, playbook.as_deref()).await?;
            let which = playbook.as_deref().unwrap_or("the playbooks that fit");
            println!(
                "{debtor} follows {which}; cases that begin with it: {}, cases that have begun and keep theirs: {}",
                set.begin_with_it, set.keep_theirs
            );
        }
    }
    Ok(())
}

async fn talked(house: &House, debtor: &str, party: PartyId, form: &TalkForm, json: bool) -> anyhow::Result<()> {
    let id = log_talk(house, party, form).await?;
    let talk = house.store.talk(house.tenant.id, party, id).await?;
    let found = picked(house, &talk);
    let words = |place: &std::ops::Range<usize>| form.text.trim().get(place.clone()).unwrap_or_default().to_string();
    if json {
        let promises = found.promises.iter().map(|one| {
            serde_json::json!({"pay_on": one.pay_on, "amount": one.amount.map(|amount| amount.to_string()),
                "words": words(&one.place)})
        });
        let whys =
            found.whys.iter().map(|one| serde_json::json!({"reason": one.why.code(), "words": words(&one.place)}));
        return print_json(&serde_json::json!({
            "debtor": debtor,
            "talk": id.to_string(),
            "intent": form.intent.map(Intent::code),
            "promises": promises.collect::<Vec<_>>(),
            "amounts": found.amounts.iter().map(|one| one.amount.to_string()).collect::<Vec<_>>(),
            "reasons": whys.collect::<Vec<_>>(),
        }));
    }
    println!("{debtor}: the talk is logged; {}", led_to(form.intent));
    for one in &found.promises {
        let amount = one.amount.map_or_else(|| "everything".to_string(), |amount| amount.to_string());
        println!("a promise of {amount} for {}? ‘{}’", one.pay_on, words(&one.place));
    }
    for one in &found.whys {
        let why = coded(UiLanguage::En, "unpaid-why", one.why.code());
        println!("unpaid because: {why}? ‘{}’", words(&one.place));
    }
    Ok(())
}

/// What an intent has led to, and what is left to do by hand.
const fn led_to(intent: Option<Intent>) -> &'static str {
    match intent {
        Some(Intent::PaidAlready) => "if it is so: dunlin why RECEIVABLE paid_in_transit",
        Some(Intent::Promises) => "enter the promise: dunlin promise add",
        Some(Intent::Disputes) => "enter the dispute: dunlin dispute add",
        Some(Intent::AsksQuestion | Intent::AsksForPapers) => "a task asks for the answer",
        Some(Intent::WrongContact | Intent::ShortOfCash | Intent::Bargains | Intent::Refuses) => "the reason is noted",
        Some(Intent::ObjectsToContact) => "the objection is noted",
        Some(Intent::OutOfOffice | Intent::Other) | None => "nothing else was entered",
    }
}
