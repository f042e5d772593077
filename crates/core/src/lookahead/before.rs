//! What was under way already when the looking began: letters in the outbox and calls on the desk, read out of the facts.
//! What such a letter asks for is not among the facts, so it is shown with what is outstanding.

use jiff::{SignedDuration, Timestamp};

use super::Ground;
use super::apply::{Calling, Leaving, UnderWay};
use crate::audit::departure::WaitingLetter;
use crate::case::{Case, LetterState, OpenLetter, StepTaken};
use crate::facts::{DebtorFacts, ReceivableFacts};
use crate::ids::ContactId;
use crate::money::MoneyError;
use crate::party::Channel;
use crate::plan::{LetterItem, Review};
use crate::playbook::Step;

/// Letters that wait for their hour or a person's yes, and calls that nobody has made. A letter that failed, or that
/// may have left, waits for a person to find out: it stays where it is.
pub(super) fn under_way(facts: &DebtorFacts, ground: &Ground<'_>) -> Result<Vec<UnderWay>, MoneyError> {
    let mut found: Vec<UnderWay> = Vec::new();
    for item in &facts.receivables {
        let Some((case, open)) = item.case.as_ref().and_then(|case| Some((case, case.letter?))) else {
            continue;
        };
        let Some(step) = awaited(case) else {
            continue;
        };
        let Some(at) = leaves(open, ground) else {
            continue;
        };
        let line = line(item, case, step)?;
        let same = found.iter_mut().find_map(|one| match one {
            UnderWay::Letter(leaving) if leaving.letter.id == open.id => Some(leaving),
            _ => None,
        });
        match same {
            Some(leaving) => {
                leaving.level = leaving.level.max(step.level);
                leaving.letter.items.push(line);
            }
            None => found.push(UnderWay::Letter(Box::new(letter(facts, case, open, step, line, at, ground)))),
        }
    }
    for made in facts.contacts_made.iter().filter(|made| made.channel == Channel::Phone && !made.is_done) {
        let item = facts.receivables.iter().find(|item| Some(item.receivable.id) == made.receivable_id);
        let Some((item, case)) = item.and_then(|item| Some((item, item.case.as_ref()?))) else {
            continue;
        };
        if let Some(step) = awaited(case).filter(|_| case.letter.is_none()) {
            found.push(UnderWay::Call(Calling {
                at: made.at.max(ground.from),
                case_id: case.id,
                receivable_id: item.receivable.id,
                step: step.step.clone(),
                level: step.level,
                pressed: item.outstanding()?,
            }));
        }
    }
    Ok(found)
}

fn awaited(case: &Case) -> Option<&StepTaken> {
    case.steps.iter().rev().find(|step| step.done_at.is_none() && !step.voided)
}

fn leaves(open: OpenLetter, ground: &Ground<'_>) -> Option<Timestamp> {
    match open.state {
        LetterState::Queued | LetterState::Sending => Some(open.not_before.max(ground.from)),
        LetterState::Review | LetterState::ToPaste => {
            let yes = ground.from + SignedDuration::from_hours(ground.assumptions.approval_hours);
            Some(open.not_before.max(yes))
        }
        LetterState::Sent | LetterState::Failed | LetterState::Uncertain | LetterState::Cancelled => None,
    }
}

fn line(item: &ReceivableFacts, case: &Case, step: &StepTaken) -> Result<LetterItem, MoneyError> {
    let outstanding = item.outstanding()?;
    Ok(LetterItem {
        case_id: case.id,
        receivable_id: item.receivable.id,
        step: step.step.clone(),
        level: step.level,
        round: step.round,
        outstanding,
        pressed: outstanding,
        due_on: item.receivable.due_on,
    })
}

fn letter(
    facts: &DebtorFacts,
    case: &Case,
    open: OpenLetter,
    step: &StepTaken,
    line: LetterItem,
    at: Timestamp,
    ground: &Ground<'_>,
) -> Leaving {
    let made = facts.contacts_made.iter().find(|made| made.letter_id == Some(open.id));
    let rung = rung(case, step, ground);
    let channel = made.map(|made| made.channel).or(rung.and_then(|rung| rung.channels.first().copied()));
    let purpose = made.map(|made| made.purpose).or(rung.map(|rung| rung.purpose));
    Leaving {
        at,
        letter: WaitingLetter {
            id: open.id,
            purpose: purpose.unwrap_or(crate::letter::Purpose::Press),
            channel: channel.unwrap_or(Channel::Email),
            contact_id: made.and_then(|made| made.contact_id).unwrap_or(ContactId(0)),
            items: vec![line],
        },
        level: step.level,
        review: if open.state == LetterState::Review { Review::Look } else { Review::Automatic },
        beside: Vec::new(),
        is_planned: false,
    }
}

fn rung<'a>(case: &Case, step: &StepTaken, ground: &Ground<'a>) -> Option<&'a Step> {
    let playbook = ground.playbooks.by_reference(case.playbook.as_ref()?)?;
    playbook.step(&step.step)
}
