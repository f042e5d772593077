//! Decide, audit, commit: one run over every debtor that has something awake, in bounded batches.

use std::time::{Duration, Instant};

use dunlin_core::audit::{Rules, audit};
use dunlin_core::calendar::shift;
use dunlin_core::decide::{World, decide};
use dunlin_core::facts::DebtorFacts;
use dunlin_core::ids::PartyId;
use dunlin_core::plan::Plan;
use dunlin_store::{Commit, Scope, StoreError, Written};

use crate::house::{House, Premises};

/// Debtors per transaction: large enough that statements are amortised, small enough that memory stays flat.
const BATCH: i64 = 2_000;

/// Where the time of a run went.
#[derive(Debug, Default, Clone, Copy)]
pub struct Phases {
    pub load: Duration,
    pub decide: Duration,
    pub write: Duration,
    pub commit: Duration,
}

/// The account of a run.
#[derive(Debug, Default)]
pub struct RunAccount {
    pub phases: Phases,
    pub considered: usize,
    pub written: Written,
    pub refused: usize,
    pub waiting: i64,
    /// Plans with actions, with the facts they stand on; kept only when asked for.
    pub actions: Vec<(DebtorFacts, Plan)>,
}

/// What a run should do besides deciding.
#[derive(Debug, Clone, Copy, Default)]
pub struct RunOptions {
    pub dry_run: bool,
    /// Keep plans with actions for printing.
    pub keep_actions: bool,
}

/// Runs until nothing is awake. A second run at the same instant finds nothing to do.
pub async fn run_decisions(house: &House, options: RunOptions) -> anyhow::Result<RunAccount> {
    let premises = house.premises().await?;
    let now = house.now();
    if !options.dry_run {
        refuse_wrong_time(house)?;
        keep_playbooks(house).await?;
        let mut commit = house.store.begin(house.tenant.id, now).await?;
        commit.expire_promises(shift(house.today(), -premises.tenant.promise_margin_days)).await?;
        commit.finish().await?;
    }
    let mut account = RunAccount::default();
    let mut after = PartyId(0);
    loop {
        let awake = house.store.awake_parties(house.tenant.id, after, now, BATCH).await?;
        let (Some(first), Some(last)) = (awake.first(), awake.last()) else {
            break;
        };
        let scope = Scope::Awake(*first, *last);
        if options.dry_run {
            let facts = house.store.facts(house.tenant.id, scope, now).await?;
            let (plans, refused) = decide_all(&facts, &premises, now)?;
            account.considered += facts.len();
            account.refused += refused.len();
            count_planned(&plans, &mut account.written);
            keep(facts, plans, options, &mut account);
        } else {
            let mut watch = Instant::now();
            let mut commit = house.store.begin(house.tenant.id, now).await?;
            let facts = commit.facts(scope).await?;
            lap(&mut watch, &mut account.phases.load);
            let (plans, refused) = decide_all(&facts, &premises, now)?;
            lap(&mut watch, &mut account.phases.decide);
            account.considered += facts.len();
            account.refused += refused.len();
            add(&mut account.written, commit.write_plans(&plans, house.mail_domain()).await?);
            file_incidents(&mut commit, &refused).await?;
            lap(&mut watch, &mut account.phases.write);
            commit.finish().await?;
            lap(&mut watch, &mut account.phases.commit);
            keep(facts, plans, options, &mut account);
        }
        after = *last;
    }
    if !options.dry_run {
        let mut commit = house.store.begin(house.tenant.id, now).await?;
        commit.drop_tasks_of_closed_cases().await?;
        commit.mark_run().await?;
        commit.finish().await?;
    }
    account.waiting = house.store.live_cases(house.tenant.id).await?;
    Ok(account)
}

fn lap(watch: &mut Instant, phase: &mut Duration) {
    *phase += watch.elapsed();
    *watch = Instant::now();
}

/// A plan that the audit refused: nothing of it is carried out.
struct Refused {
    party_id: PartyId,
    invariant: u8,
    what: String,
    details: String,
}

fn decide_all(
    facts: &[DebtorFacts],
    premises: &Premises,
    now: jiff::Timestamp,
) -> Result<(Vec<Plan>, Vec<Refused>), StoreError> {
    let world = World { tenant: &premises.tenant, playbooks: &premises.playbooks, countries: premises.countries, now };
    let rules = Rules { tenant: &premises.tenant, playbooks: &premises.playbooks, countries: premises.countries };
    let mut plans = Vec::with_capacity(facts.len());
    let mut refused = Vec::new();
    for debtor in facts {
        let plan = decide(debtor, &world)?;
        match audit(&plan, debtor, &rules) {
            Ok(()) => plans.push(plan),
            Err(refusal) => refused.push(Refused {
                party_id: debtor.party.id,
                invariant: refusal.invariant,
                what: refusal.what,
                details: format!("{debtor:#?}\n\n{plan:#?}"),
            }),
        }
    }
    Ok((plans, refused))
}

async fn file_incidents(commit: &mut Commit, refused: &[Refused]) -> Result<(), StoreError> {
    for incident in refused {
        tracing::error!(party = %incident.party_id, invariant = incident.invariant, "audit refused: {}", incident.what);
        commit.file_incident(incident.party_id, incident.invariant, &incident.what, &incident.details).await?;
    }
    Ok(())
}

/// A committing run goes forward in time and not beyond the wall clock; a demo lives on a clock of its own.
fn refuse_wrong_time(house: &House) -> anyhow::Result<()> {
    let now = house.now();
    if let Some(last) = house.tenant.last_run_at
        && now < last
    {
        anyhow::bail!(
            "the last run was at {last}, after {now}: a run may not go back in time. Use --dry-run to look at the past"
        );
    }
    if !house.tenant.is_demo && now > crate::house::Clock::Wall.now() {
        anyhow::bail!("{now} lies in the future: only --dry-run may look ahead");
    }
    Ok(())
}

/// Cases keep the version of the playbook they begin with, so its text is kept before the first decision with it.
async fn keep_playbooks(house: &House) -> anyhow::Result<()> {
    let kept = house.store.playbook_texts(house.tenant.id).await?;
    let known = |id: &str, version: &str| kept.iter().any(|(i, v, _)| i == id && v == version);
    let new: Vec<_> = house
        .playbook_files
        .iter()
        .filter(|file| !known(&file.playbook.reference.id, &file.playbook.reference.version))
        .collect();
    if new.is_empty() {
        return Ok(());
    }
    let mut commit = house.store.begin(house.tenant.id, house.now()).await?;
    for file in new {
        let reference = &file.playbook.reference;
        commit.keep_playbook(&reference.id, &reference.version, &file.text).await?;
    }
    Ok(commit.finish().await?)
}

fn keep(facts: Vec<DebtorFacts>, plans: Vec<Plan>, options: RunOptions, account: &mut RunAccount) {
    if !options.keep_actions {
        return;
    }
    let mut plans: std::collections::HashMap<PartyId, Plan> =
        plans.into_iter().map(|plan| (plan.party_id, plan)).collect();
    for debtor in facts {
        if let Some(plan) = plans.remove(&debtor.party.id)
            && (!plan.letters.is_empty() || !plan.tasks.is_empty())
        {
            account.actions.push((debtor, plan));
        }
    }
}

fn count_planned(plans: &[Plan], written: &mut Written) {
    use dunlin_core::plan::Review;
    for plan in plans {
        let automatic = plan.letters.iter().filter(|letter| letter.review == Review::Automatic).count();
        written.letters += automatic;
        written.approvals += plan.letters.len() - automatic;
        written.tasks += plan.tasks.len();
    }
}

fn add(total: &mut Written, more: Written) {
    total.letters += more.letters;
    total.approvals += more.approvals;
    total.tasks += more.tasks;
    total.holds += more.holds;
    total.closed += more.closed;
}
