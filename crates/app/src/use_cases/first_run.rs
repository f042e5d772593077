//! From an empty database to the first right letter: what has been done of it, which playbooks would be used for what,
//! and the first letter as its reader would get it. Nothing here changes anything.

use std::collections::BTreeMap;

use dunlin_core::decide::{World, decide};
use dunlin_core::ids::PartyId;
use dunlin_core::plan::Verdict;
use dunlin_store::{Scope, StoredLetter};
use jiff::Timestamp;

use super::rehearse::{all_of, write_stored};
use super::run_decisions::{RunOptions, run_decisions};
use super::write_letter::WrittenLetter;
use crate::house::House;

/// The steps, in their order.
pub const STEPS: [&str; 6] = ["company", "mail", "import", "playbooks", "safe", "letter"];

/// Whether a step is behind: somebody said so, or the firm shows it.
pub async fn is_done(house: &House, step: &str) -> anyhow::Result<bool> {
    let settings = &house.tenant.settings;
    if settings.first_run.done.iter().any(|done| done == step) {
        return Ok(true);
    }
    Ok(match step {
        "mail" => settings.transport.smtp.is_some(),
        "import" => house.store.live_cases(house.tenant.id).await? > 0,
        "letter" => house.store.has_sent_letters(house.tenant.id).await?,
        _ => false,
    })
}

/// What one playbook would do.
#[derive(Debug, Clone, Default)]
pub struct PlaybookUse {
    /// Id of the playbook; empty for receivables that none fits.
    pub id: String,
    pub receivables: usize,
    pub buyers: usize,
    /// A letter or call is due now.
    pub due_now: usize,
    /// Names of a few buyers.
    pub examples: Vec<String>,
}

/// Buyers looked at: more would keep the page waiting, and tell nothing new.
const LOOKED_AT: i64 = 2_000;

/// Which playbooks would be used for what lies open.
pub async fn playbook_uses(house: &House) -> anyhow::Result<Vec<PlaybookUse>> {
    let premises = house.premises().await?;
    let now = house.now();
    let world = World::new(&premises.tenant, &premises.playbooks, premises.countries, now);
    let tenant = house.tenant.id;
    let awake = house.store.awake_parties(tenant, PartyId(0), Timestamp::MAX, LOOKED_AT).await?;
    let (facts, _) = house.store.facts_with_sequence(tenant, Scope::These(&awake), now).await?;
    let mut uses: BTreeMap<String, PlaybookUse> = BTreeMap::new();
    for debtor in &facts {
        let mut counted: Vec<String> = Vec::new();
        // Of a debtor whose books are at odds the run tells; the others are counted.
        let Ok(plan) = decide(debtor, &world) else { continue };
        for case in plan.cases.iter().filter(|case| case.verdict != Verdict::Closed) {
            let id = case.playbook.as_ref().map_or_else(String::new, |playbook| playbook.id.to_string());
            let found =
                uses.entry(id.clone()).or_insert_with(|| PlaybookUse { id: id.clone(), ..PlaybookUse::default() });
            found.receivables += 1;
            found.due_now += usize::from(matches!(case.verdict, Verdict::Letter | Verdict::Task | Verdict::Approval));
            if !counted.contains(&id) {
                found.buyers += 1;
                if found.examples.len() < 3 {
                    found.examples.push(debtor.party.name.clone());
                }
                counted.push(id);
            }
        }
    }
    let mut uses: Vec<PlaybookUse> = uses.into_values().collect();
    uses.sort_by_key(|one| std::cmp::Reverse(one.receivables));
    Ok(uses)
}

/// The first letter that would leave.
#[derive(Debug, Clone)]
pub struct FirstLetter {
    pub debtor: String,
    pub number: String,
    pub written: WrittenLetter,
    pub send_at: Timestamp,
    pub channel: &'static str,
    /// How many would leave besides.
    pub others: usize,
}

/// The letter that would leave first, as its reader would get it.
pub async fn first_letter(house: &House) -> anyhow::Result<Option<FirstLetter>> {
    let options = RunOptions { dry_run: true, keep_actions: true, ..RunOptions::default() };
    let account = run_decisions(house, options).await?;
    let mut first: Option<StoredLetter> = None;
    let mut others = 0;
    for (facts, plan) in &account.actions {
        for (_, letter) in all_of(house, facts.party.id, plan) {
            others += 1;
            if first.as_ref().is_none_or(|known| letter.not_before < known.not_before) {
                first = Some(letter);
            }
        }
    }
    let Some(planned) = first else {
        return Ok(None);
    };
    let Some((facts, written)) = write_stored(house, &planned).await? else {
        return Ok(None);
    };
    Ok(Some(FirstLetter {
        debtor: facts.party.name.clone(),
        number: facts.party.number.clone(),
        written,
        send_at: planned.not_before,
        channel: planned.channel.code(),
        others: others - 1,
    }))
}
