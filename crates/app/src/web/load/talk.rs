//! Fills the page of a logged talk.

use serde::Deserialize;

use dunlin_core::calendar::shift;
use dunlin_core::explain::{coded, phrase};
use dunlin_core::facts::DebtorFacts;
use dunlin_core::ids::{PartyId, ReceivableId, TalkId};
use dunlin_core::intent::Intent;
use dunlin_core::talk::Picked;
use dunlin_store::{Scope, StoreError, Talk};

use super::show::Show;
use crate::house::House;
use crate::use_cases::log_talk::picked;
use crate::web::view::names::isolated;
use crate::web::view::talk::{PromiseCard, TalkAbout, TalkFile, TalkPage, WhyCard};

/// Longest stretch of the words that stands with what was found in it.
const LONGEST_QUOTE: usize = 300;

/// What was put aside: `p0.w1`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    pub not: String,
}

/// The debtor and the talk that a path names.
pub async fn named(house: &House, number: &str, talk: &str) -> anyhow::Result<(PartyId, Talk)> {
    let found = house.store.find_party(house.tenant.id, number).await?;
    let (party_id, _) = found.ok_or_else(|| StoreError::not_found("debtor", number))?;
    let id: TalkId = talk.parse().map_err(|_| StoreError::not_found("talk", talk))?;
    Ok((party_id, house.store.talk(house.tenant.id, party_id, id).await?))
}

pub async fn load(house: &House, show: &Show, number: &str, talk: &str, query: &Query) -> anyhow::Result<TalkPage> {
    let (party_id, talk) = named(house, number, talk).await?;
    let facts = house.store.facts(house.tenant.id, Scope::One(party_id), house.now()).await?;
    let facts = facts.into_iter().next().ok_or_else(|| StoreError::not_found("debtor", number))?;
    let base = format!("/debtors/{}", facts.party.number);
    let path = format!("{base}/talks/{}", talk.id);
    let contact = talk.contact_id.and_then(|id| facts.contact(id));
    let words = talk.words.clone().unwrap_or_default();
    let found = if talk.is_ended { Picked::default() } else { picked(house, &talk) };
    let entered = house.store.promises_heard(house.tenant.id, party_id, talk.id).await?;
    let entered = entered.into_iter().map(|(item, _)| format!("p{item}")).collect();
    let aside = Aside { path: &path, not: &query.not, entered };
    Ok(TalkPage {
        debtor: show.debtor(&facts),
        place: talk.place.code().to_string(),
        when: show.instant(talk.at),
        contact_name: contact.map_or_else(String::new, |contact| contact.name().to_string()),
        asked: talk.asked,
        intent: talk.intent.map_or("", Intent::code),
        about: about(show, &facts, talk.receivable_id)?,
        quote: words.text.trim().chars().take(LONGEST_QUOTE).collect(),
        tomorrow: shift(show.today(), 1).to_string(),
        lines: words.text.lines().map(str::to_string).collect(),
        is_erased: talk.words.is_none(),
        is_ended: talk.is_ended,
        file: talk.file_type.as_ref().map(|kind| TalkFile {
            href: format!("{path}/file"),
            name: words.file_name.clone(),
            is_picture: kind.starts_with("image/"),
        }),
        talk: talk.id.to_string(),
        promises: promises(show, &found, &words.text, &aside),
        amounts: found.amounts.iter().map(|found| show.money(found.amount)).collect(),
        whys: whys(show, &found, &words.text, &aside),
        base,
        path: path.clone(),
    })
}

/// What is open of what the talk is about.
fn about(show: &Show, facts: &DebtorFacts, only: Option<ReceivableId>) -> anyhow::Result<Vec<TalkAbout>> {
    let mut open = Vec::new();
    for item in facts.receivables.iter().filter(|item| only.is_none_or(|id| id == item.receivable.id)) {
        let outstanding = item.owed()?.buyer;
        if outstanding.is_positive() && !item.receivable.closed {
            open.push(TalkAbout {
                number: item.receivable.number.clone(),
                reference: item.receivable.reference.clone(),
                currency: outstanding.currency.code().to_string(),
                open: show.money(outstanding),
            });
        }
    }
    Ok(open)
}

/// What somebody has entered or said no to.
struct Aside<'a> {
    path: &'a str,
    not: &'a str,
    /// Promises that stand already.
    entered: Vec<String>,
}

impl Aside<'_> {
    fn has(&self, name: &str) -> bool {
        self.not.split('.').chain(self.entered.iter().map(String::as_str)).any(|known| known == name)
    }

    /// The page without one more; only names of ours go on.
    fn with(&self, name: &str) -> String {
        let is_ours = |name: &&str| {
            let mut chars = name.chars();
            matches!(chars.next(), Some('p' | 'w')) && name.len() < 6 && chars.all(|char| char.is_ascii_digit())
        };
        let known = self.not.split('.').filter(is_ours).take(100);
        format!("{}?not={}", self.path, known.chain([name]).collect::<Vec<_>>().join("."))
    }
}

fn promises(show: &Show, found: &Picked, text: &str, aside: &Aside<'_>) -> Vec<PromiseCard> {
    let mut cards = Vec::new();
    for (index, promise) in found.promises.iter().enumerate() {
        let name = format!("p{index}");
        if aside.has(&name) || promise.pay_on < show.today() {
            continue;
        }
        let day = show.date(promise.pay_on);
        let key = if promise.amount.is_some() { "say-talk-promise" } else { "say-talk-promise-all" };
        let amount = promise.amount.map_or_else(String::new, |amount| show.money(amount));
        cards.push(PromiseCard {
            sentence: phrase(show.ui(), key, &[("day", day.text.clone()), ("amount", amount)]),
            words: quote(text, promise.place.clone()),
            item: index,
            day_iso: promise.pay_on.to_string(),
            amount: promise.amount.map_or_else(String::new, |amount| amount.decimal()),
            currency: promise.amount.map_or_else(String::new, |amount| amount.currency.code().to_string()),
            without: aside.with(&name),
        });
    }
    cards
}

fn whys(show: &Show, found: &Picked, text: &str, aside: &Aside<'_>) -> Vec<WhyCard> {
    let mut cards = Vec::new();
    for (index, heard) in found.whys.iter().enumerate() {
        let name = format!("w{index}");
        if aside.has(&name) {
            continue;
        }
        let why = coded(show.ui(), "unpaid-why", heard.why.code());
        cards.push(WhyCard {
            sentence: phrase(show.ui(), "say-talk-why", &[("why", isolated(&why))]),
            words: quote(text, heard.place.clone()),
            without: aside.with(&name),
        });
    }
    cards
}

fn quote(text: &str, place: std::ops::Range<usize>) -> String {
    text.get(place).unwrap_or_default().trim().chars().take(LONGEST_QUOTE).collect()
}
