//! Decide, audit, commit: one run over every debtor that has something awake, in bounded batches.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use dunlin_core::audit::{Rules, audit};
use dunlin_core::calendar::countries::Countries;
use dunlin_core::case::CALL_LAPSES_DAYS;
use dunlin_core::decide::{World, decide};
use dunlin_core::facts::DebtorFacts;
use dunlin_core::ids::{PartyId, TenantId};
use dunlin_core::plan::{Plan, TaskKind};
use dunlin_store::{Commit, IdSource, PlanRows, Scope, Store, StoreError, Written};
use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinHandle;

use super::ask_buyer::look_after_questions;
use super::bring_day::Day;
use super::look_after_plans::look_after_plans;
use super::mark_party::end_blocks;
use super::rehearse::{RehearseAccount, rehearse};
use super::settle_promises::end_promises;
use super::standing_facts::clear_desks;
use crate::house::{House, Premises};

/// Awake cases per transaction: large enough that statements are amortised, small enough that memory stays flat, however
/// many a debtor has.
const BATCH: i64 = 4_000;

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
    /// In safe mode: what was rehearsed in place of being done.
    pub rehearsal: Option<RehearseAccount>,
}

/// What a run should do besides deciding.
#[derive(Debug, Clone, Copy, Default)]
pub struct RunOptions {
    pub dry_run: bool,
    /// Keep plans with actions for printing.
    pub keep_actions: bool,
    /// Awake cases per transaction in place of the usual number, for tests.
    pub batch: Option<i64>,
}

/// Hears what was decided for one debtor, batch by batch, in place of keeping all of it until the end.
pub type Hearer<'a> = &'a mut (dyn FnMut(&DebtorFacts, &Plan) -> anyhow::Result<()> + Send);

/// Runs until nothing is awake. A second run at the same instant finds nothing to do. In safe mode it rehearses: what
/// would leave goes to the firm itself, and nothing advances.
pub async fn run_decisions(house: &House, options: RunOptions) -> anyhow::Result<RunAccount> {
    run_telling(house, options, None).await
}

/// As [`run_decisions`], and `hear` is told each plan with actions that the options keep: a run may be longer than the
/// memory.
pub async fn run_telling(house: &House, options: RunOptions, hear: Option<Hearer<'_>>) -> anyhow::Result<RunAccount> {
    if options.dry_run {
        return decide_everything(house, options, hear).await;
    }
    refuse_wrong_time(house)?;
    // The settings of this moment, whatever this process read when it began.
    if house.store.tenant(house.tenant.id).await?.settings.safe_mode {
        return rehearse(house).await;
    }
    decide_everything(house, options, hear).await
}

/// The run itself, whether or not letters may leave.
pub(super) async fn decide_everything(
    house: &House,
    options: RunOptions,
    mut hear: Option<Hearer<'_>>,
) -> anyhow::Result<RunAccount> {
    let premises = house.premises().await?;
    let now = house.now();
    if !options.dry_run {
        keep_playbooks(house).await?;
        let mut commit = house.begin_as_system().await?;
        let ended = end_promises(house, &mut commit, &premises.tenant).await?;
        let lapsed = commit.lapse_calls(now - SignedDuration::from_hours(24 * CALL_LAPSES_DAYS)).await?;
        let found = commit.zones_found(None).await?;
        // A run that finds nothing to do leaves no trace that pages would be drawn anew for.
        let unblocked = end_blocks(house, &mut commit).await?;
        let asked = commit.ask_about_standing().await?;
        if ended > 0 || lapsed > 0 || found > 0 || unblocked > 0 || asked > 0 {
            commit.finish().await?
        } else {
            drop(commit)
        }
        look_after_plans(house).await?;
        look_after_questions(house).await?;
        clear_desks(house).await?;
    }
    // Whoever only looks finds what a run would have written down first.
    let day = if options.dry_run { Some(Day::of(house).await?) } else { None };
    let mut account = RunAccount::default();
    let bench = Arc::new(Bench {
        store: house.store.clone(),
        tenant_id: house.tenant.id,
        mail_domain: house.mail_domain().to_string(),
        premises,
        now,
        ids: Mutex::new(IdSource::new(now)),
        keep: options.keep_actions,
        batch: options.batch.unwrap_or(BATCH),
        day,
    });
    // While one batch is written, the next is decided and the one after it read: they need nothing of each other.
    let first = tokio::spawn(load(Arc::clone(&bench), PartyId(0)));
    let mut next = tokio::spawn(prepare(Arc::clone(&bench), first));
    let (mut own_changes, mut more_running) = (Vec::new(), 0);
    while let Some(mut batch) = next.await?? {
        next = tokio::spawn(prepare(Arc::clone(&bench), batch.following));
        account.phases.load += batch.load;
        account.phases.decide += batch.decide;
        if options.dry_run {
            let holds = house.store.new_silences(house.tenant.id, &batch.rows).await?;
            add(&mut account.written, Written { holds, ..batch.rows.written() });
            more_running += batch.rows.more_running();
        } else {
            let mut watch = Instant::now();
            let mut commit = house.begin_as_system().await?;
            if commit.settings().await?.safe_mode {
                anyhow::bail!("safe mode was turned on meanwhile: the rest of the run was left out");
            }
            if commit.restored_at().await? != bench.premises.tenant.restored_at {
                // What was read is gone, and what may have left since is not known to it.
                anyhow::bail!("a backup was restored meanwhile: the rest of the run was left out; run again");
            }
            if commit.last_publication().await? > house.publication {
                // Cases may have been moved to a version that this run has not read.
                anyhow::bail!("a playbook was published meanwhile: the rest of the run was left out; run again");
            }
            if !only_own_between(batch.sequence, commit.sequence(), &own_changes) {
                // Somebody else changed something since the batch was read: read and decide again, now under the lock.
                let facts = commit.facts(Scope::These(&batch.awake)).await?;
                let again = decide_all(&facts, &bench.premises, now);
                (batch.plans, batch.refused, batch.without_zone) = (again.plans, again.refused, again.without_zone);
                batch.rows = bench.rows(&batch.plans)?;
                batch.considered = facts.len();
                batch.facts = facts;
            }
            own_changes.push(commit.sequence());
            add(&mut account.written, commit.write_plans(batch.rows).await?);
            file_incidents(&mut commit, &batch.refused).await?;
            commit.ask_for_zones(&batch.without_zone).await?;
            lap(&mut watch, &mut account.phases.write);
            commit.finish().await?;
            if house.store.needs_rest() {
                // Nobody may be reading meanwhile.
                let mut ready = next.await?;
                if let Ok(Some(prepared)) = &mut ready {
                    let read = (&mut prepared.following).await?;
                    prepared.following = tokio::spawn(std::future::ready(read));
                }
                house.store.rest().await?;
                next = tokio::spawn(std::future::ready(ready));
            }
            lap(&mut watch, &mut account.phases.commit);
        }
        account.considered += batch.considered;
        account.refused += batch.refused.len();
        keep(batch.facts, batch.plans, options, &mut account, &mut hear)?;
    }
    if !options.dry_run {
        let mut commit = house.begin_as_system().await?;
        let dropped = commit.drop_tasks_of_closed_cases().await? + commit.end_settled_asks().await?;
        commit.mark_run().await?;
        if dropped > 0 { commit.finish().await? } else { commit.finish_unnumbered().await? }
    }
    account.waiting = house.store.live_cases(house.tenant.id).await? + more_running;
    Ok(account)
}

/// What reading and deciding needs, shared with the task that does it.
struct Bench {
    store: Store,
    tenant_id: TenantId,
    mail_domain: String,
    premises: Premises,
    now: Timestamp,
    ids: Mutex<IdSource>,
    /// Hand facts and plans on with the rows made of them.
    keep: bool,
    batch: i64,
    /// What the day brings, where nothing was written of it.
    day: Option<Day>,
}

impl Bench {
    fn rows(&self, plans: &[Plan]) -> Result<PlanRows, StoreError> {
        let mut ids = self.ids.lock().unwrap_or_else(PoisonError::into_inner);
        PlanRows::of(plans, &mut ids, &self.mail_domain)
    }
}

/// Debtors as they were at one moment.
struct Loaded {
    awake: Vec<PartyId>,
    /// The last change that the facts contain.
    sequence: i64,
    facts: Vec<DebtorFacts>,
    time: Duration,
}

/// A batch being read; `None` when nobody more is awake.
type Loading = JoinHandle<anyhow::Result<Option<Loaded>>>;

/// Debtors read and decided, still to be written.
struct Prepared {
    awake: Vec<PartyId>,
    /// The batch after this one.
    following: Loading,
    sequence: i64,
    considered: usize,
    rows: PlanRows,
    /// Only when kept.
    facts: Vec<DebtorFacts>,
    plans: Vec<Plan>,
    refused: Vec<Refused>,
    /// Debtors to whom something goes although nobody knows their clock.
    without_zone: Vec<PartyId>,
    load: Duration,
    decide: Duration,
}

/// Reads the next batch after a party.
async fn load(bench: Arc<Bench>, after: PartyId) -> anyhow::Result<Option<Loaded>> {
    let began = Instant::now();
    let awake = bench.store.awake_parties(bench.tenant_id, after, bench.now, bench.batch).await?;
    if awake.is_empty() {
        return Ok(None);
    }
    let (mut facts, sequence) =
        bench.store.facts_with_sequence(bench.tenant_id, Scope::These(&awake), bench.now).await?;
    if let Some(day) = &bench.day {
        for debtor in &mut facts {
            // Whose ledger contradicts itself is refused where it is decided, as in a run.
            let _ = day.bring(debtor, &bench.premises.tenant);
        }
    }
    Ok(Some(Loaded { awake, sequence, facts, time: began.elapsed() }))
}

/// Decides a batch once it is read, and has the one after it read meanwhile; `None` when nobody more is awake.
async fn prepare(bench: Arc<Bench>, loading: Loading) -> anyhow::Result<Option<Prepared>> {
    let Some(Loaded { awake, sequence, facts, time }) = loading.await?? else {
        return Ok(None);
    };
    let began = Instant::now();
    let last = awake.last().copied().unwrap_or(PartyId(0));
    let following = tokio::spawn(load(Arc::clone(&bench), last));
    let Decided { plans, refused, without_zone } = decide_all(&facts, &bench.premises, bench.now);
    let rows = bench.rows(&plans)?;
    let considered = facts.len();
    let (facts, plans) = if bench.keep { (facts, plans) } else { (Vec::new(), Vec::new()) };
    let decide = began.elapsed();
    Ok(Some(Prepared {
        awake,
        following,
        sequence,
        considered,
        rows,
        facts,
        plans,
        refused,
        without_zone,
        load: time,
        decide,
    }))
}

/// Whether every change after `seen` and before `this` is one of this run's own. Those touch other debtors.
fn only_own_between(seen: i64, this: i64, own: &[i64]) -> bool {
    let between = own.iter().rev().take_while(|change| **change > seen).count() as i64;
    this - seen - 1 == between
}

fn lap(watch: &mut Instant, phase: &mut Duration) {
    *phase += watch.elapsed();
    *watch = Instant::now();
}

/// A plan that the audit refused, or that could not be made: nothing of it is carried out.
struct Refused {
    party_id: PartyId,
    invariant: u8,
    what: String,
    details: String,
}

/// What was decided about a batch of debtors.
struct Decided {
    plans: Vec<Plan>,
    refused: Vec<Refused>,
    /// Nobody knows which clock is theirs.
    without_zone: Vec<PartyId>,
}

fn decide_all(facts: &[DebtorFacts], premises: &Premises, now: Timestamp) -> Decided {
    let world = World::new(&premises.tenant, &premises.playbooks, premises.countries, now);
    let rules = Rules { tenant: &premises.tenant, playbooks: &premises.playbooks, countries: premises.countries };
    let mut plans = Vec::with_capacity(facts.len());
    let mut refused = Vec::new();
    let mut without_zone = Vec::new();
    for debtor in facts {
        let plan = match decide(debtor, &world) {
            Ok(plan) => plan,
            // The books of one debtor are at odds: a person sees to it, and everybody else's turn comes all the same.
            Err(error) => {
                refused.push(Refused {
                    party_id: debtor.party.id,
                    invariant: 3,
                    what: format!("nothing can be decided about {}: {error}", debtor.party.number),
                    details: format!("{debtor:#?}"),
                });
                continue;
            }
        };
        match audit(&plan, debtor, &rules) {
            Ok(()) => {
                if lacks_zone(&plan, debtor, premises.countries) {
                    without_zone.push(debtor.party.id);
                }
                plans.push(plan);
            }
            Err(refusal) => refused.push(Refused {
                party_id: debtor.party.id,
                invariant: refusal.invariant,
                what: refusal.what,
                details: format!("{debtor:#?}\n\n{plan:#?}"),
            }),
        }
    }
    Decided { plans, refused, without_zone }
}

/// Whether something goes to somebody at a company whose clock neither they nor their country tells.
fn lacks_zone(plan: &Plan, debtor: &DebtorFacts, countries: &Countries) -> bool {
    if (plan.letters.is_empty() && plan.tasks.is_empty()) || debtor.party.is_consumer {
        return false;
    }
    if countries.get(&debtor.party.country).is_some_and(|country| country.zones.len() == 1) {
        return false;
    }
    let called = plan.tasks.iter().filter(|task| task.kind == TaskKind::Call).filter_map(|task| task.contact_id);
    let mut reached = plan.letters.iter().map(|letter| letter.contact_id).chain(called);
    reached.any(|id| debtor.contacts.iter().any(|contact| contact.id == id && contact.time_zone.is_none()))
}

async fn file_incidents(commit: &mut Commit, refused: &[Refused]) -> Result<(), StoreError> {
    for incident in refused {
        tracing::error!(party = %incident.party_id, invariant = incident.invariant, "not carried out: {}", incident.what);
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
    let mut commit = house.begin_as_system().await?;
    for file in new {
        let reference = &file.playbook.reference;
        commit.keep_playbook(&reference.id, &reference.version, &file.text).await?;
    }
    Ok(commit.finish().await?)
}

fn keep(
    facts: Vec<DebtorFacts>,
    plans: Vec<Plan>,
    options: RunOptions,
    account: &mut RunAccount,
    hear: &mut Option<Hearer<'_>>,
) -> anyhow::Result<()> {
    if !options.keep_actions {
        return Ok(());
    }
    let mut plans: std::collections::HashMap<PartyId, Plan> =
        plans.into_iter().map(|plan| (plan.party_id, plan)).collect();
    for debtor in facts {
        let Some(plan) = plans.remove(&debtor.party.id).filter(|plan| !is_idle(plan)) else { continue };
        match hear {
            Some(hear) => hear(&debtor, &plan)?,
            None => account.actions.push((debtor, plan)),
        }
    }
    Ok(())
}

/// Nothing goes to anybody.
fn is_idle(plan: &Plan) -> bool {
    let orders = &plan.orders;
    plan.letters.is_empty() && plan.tasks.is_empty() && orders.letters.is_empty() && orders.tasks.is_empty()
}

fn add(total: &mut Written, more: Written) {
    total.letters += more.letters;
    total.approvals += more.approvals;
    total.tasks += more.tasks;
    total.holds += more.holds;
    total.closed += more.closed;
}

#[cfg(test)]
mod tests {
    use super::only_own_between;

    #[test]
    fn a_change_by_somebody_else_is_noticed() {
        assert!(only_own_between(7, 8, &[]));
        assert!(only_own_between(7, 8, &[5, 7]), "seen already");
        assert!(only_own_between(7, 10, &[5, 8, 9]));
        assert!(!only_own_between(7, 9, &[]), "one change that is not ours");
        assert!(!only_own_between(7, 10, &[5, 8]), "one of two is not ours");
    }
}
