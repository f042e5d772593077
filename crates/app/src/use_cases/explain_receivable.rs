//! Why something, why nothing: the decision about one receivable as it would be made now, with a sentence per gate.

use anyhow::Context;
use jiff::Timestamp;
use serde_json::{Value, json};

use dunlin_core::audit::{Rules, audit};
use dunlin_core::case::{CaseState, LetterState};
use dunlin_core::decide::{World, decide};
use dunlin_core::explain::{UiLanguage, facts_json, sentence};
use dunlin_core::ids::PartyId;
use dunlin_core::matching::charges;
use dunlin_core::money::Money;
use dunlin_core::plan::{CasePlan, Verdict};
use dunlin_core::reason::{Reason, ReasonCode};
use dunlin_core::receivable::Obligor;
use dunlin_store::Scope;

use super::bring_day::Day;
use super::standing_facts::Found;
use crate::house::{House, Premises};
use crate::titles::Titles;

/// The answer of `dunlin explain`, also shown on the receivable's page.
#[derive(Debug, Clone)]
pub struct Explanation {
    pub receivable: String,
    pub outstanding: Money,
    pub playbook: Option<String>,
    pub step: Option<String>,
    pub decision: Verdict,
    pub next_wake: Option<Timestamp>,
    pub reasons: Vec<Reason>,
}

/// Explains one receivable as of the house's clock.
pub async fn explain_receivable(house: &House, found: &Found) -> anyhow::Result<Explanation> {
    let house = &house.as_then().await?;
    let premises = house.premises_then().await?;
    let facts = house.store.facts(house.tenant.id, Scope::One(found.party_id), house.now()).await?;
    let mut facts = facts.into_iter().next().with_context(|| not_yet(house, found))?;
    let is_awake = Day::of(house).await?.bring(&mut facts, &premises.tenant)?;
    let rests = if is_awake { None } else { rests_until(house, found.party_id).await? };
    explain(house, &premises, &facts, found, rests)
}

/// Until when a run made now would pass the debtor by. How long it slept at an instant before the last change nobody knows
/// any more.
pub async fn rests_until(house: &House, party_id: PartyId) -> anyhow::Result<Option<Timestamp>> {
    let (tenant, now) = (house.store.tenant(house.tenant.id).await?, house.now());
    if now < tenant.changed_at || tenant.last_run_at.is_some_and(|last| now < last) {
        return Ok(None);
    }
    Ok(house.store.next_look(tenant.id, party_id).await?.filter(|look| *look > now))
}

/// What would be decided of a case waits for the next look.
pub fn rest(case: &mut CasePlan, until: Timestamp) {
    if matches!(case.verdict, Verdict::Letter | Verdict::Approval | Verdict::Task) {
        case.verdict = Verdict::Wait;
        case.next_wake = Some(until);
        case.reasons.push(Reason::new(ReasonCode::CaseRests).instant("at", until));
    }
}

fn not_yet(house: &House, found: &Found) -> String {
    format!("{} was not recorded yet at {}; ask for a later instant", found.number, house.now())
}

fn explain(
    house: &House,
    premises: &Premises,
    facts: &dunlin_core::facts::DebtorFacts,
    found: &Found,
    rests: Option<Timestamp>,
) -> anyhow::Result<Explanation> {
    let world = World::new(&premises.tenant, &premises.playbooks, premises.countries, house.now());
    let item = facts
        .receivables
        .iter()
        .find(|item| item.receivable.id == found.receivable_id)
        .with_context(|| not_yet(house, found))?;
    let plan = decide(facts, &world)?;
    let rules = Rules { tenant: &premises.tenant, playbooks: &premises.playbooks, countries: premises.countries };
    let refused = audit(&plan, facts, &rules).err();
    let outstanding = item.outstanding()?;
    let decided = plan.cases.into_iter().find(|case| case.receivable_id == found.receivable_id);
    let Some(mut case) = decided else {
        return Ok(ended(item, outstanding));
    };
    if let Some(refused) = refused.filter(|_| case.verdict != Verdict::Wait) {
        // Nothing of it would be carried out.
        let reason = Reason::new(ReasonCode::CaseRefused).text("what", refused.what);
        case.reasons.push(reason);
        case.verdict = Verdict::Wait;
    }
    if let Some(until) = rests {
        rest(&mut case, until);
    }
    let under_way = item.case.as_ref().and_then(|case| case.letter);
    let decision = match (case.verdict, under_way.map(|letter| letter.state)) {
        (Verdict::Wait, Some(LetterState::Review)) => Verdict::Approval,
        (Verdict::Wait, Some(LetterState::Queued | LetterState::Sending)) => Verdict::Letter,
        (verdict, _) => verdict,
    };
    Ok(Explanation {
        receivable: found.number.clone(),
        outstanding,
        playbook: case.playbook.map(|playbook| playbook.id.to_string()),
        step: case.step.map(|step| step.to_string()),
        decision,
        next_wake: case.next_wake,
        reasons: case.reasons,
    })
}

/// Why a case is over: it is not decided any more, so its end is the reason.
pub(super) fn over(item: &dunlin_core::facts::ReceivableFacts, outstanding: Money) -> Reason {
    let number = item.receivable.number.as_str();
    let carried = charges::carried(&item.entries).filter(|_| !outstanding.is_positive());
    let state = item.case.as_ref().map(|case| case.state);
    let code = match state {
        Some(CaseState::Closed) => ReasonCode::GateClosed,
        Some(CaseState::WrittenOff) => ReasonCode::GateWrittenOff,
        _ if outstanding.is_positive() => ReasonCode::CaseNoPlaybook,
        _ => ReasonCode::GatePaid,
    };
    match (item.receivable.obligor, carried) {
        (Obligor::Platform, _) => Reason::new(ReasonCode::GatePlatformOwes),
        (Obligor::Buyer, Some(carried)) => charges::reason(number, carried),
        (Obligor::Buyer, None) => Reason::new(code).text("number", number),
    }
}

fn ended(item: &dunlin_core::facts::ReceivableFacts, outstanding: Money) -> Explanation {
    let playbook = item.case.as_ref().and_then(|case| case.playbook.as_ref()).map(|playbook| playbook.id.to_string());
    Explanation {
        receivable: item.receivable.number.clone(),
        outstanding,
        playbook,
        step: None,
        decision: Verdict::Closed,
        next_wake: None,
        reasons: vec![over(item, outstanding)],
    }
}

impl Explanation {
    /// The JSON that `explain --json` prints.
    pub fn json(&self, house: &House) -> Value {
        json!({
            "receivable": self.receivable,
            "outstanding": self.outstanding.decimal(),
            "currency": self.outstanding.currency.code(),
            "playbook": self.playbook,
            "step": self.step,
            "decision": self.decision.code(),
            "next_wake": self.next_wake.map(|at| at.to_string()),
            "reasons": reasons_json(house, &self.reasons),
        })
    }
}

/// Reasons with their sentences in both languages; the facts keep the ids that programs ask by.
pub fn reasons_json(house: &House, reasons: &[Reason]) -> Vec<Value> {
    let zone = house.zone();
    let told = |language| -> Vec<String> {
        let titled = Titles::new(house, language).told(reasons);
        titled.iter().map(|reason| sentence(reason, language, &zone)).collect()
    };
    let texts = told(UiLanguage::En).into_iter().zip(told(UiLanguage::ZhCn));
    let of = |(reason, (en, zh)): (&Reason, (String, String))| {
        json!({
            "code": reason.code.code(),
            "text": {"en": en, "zh": zh},
            "facts": facts_json(reason),
        })
    };
    reasons.iter().zip(texts).map(of).collect()
}
