//! What a step sends beside its letter, as the auditor sees it: only what the playbook names, to whom it names, together
//! with the letter of the same decision.

use super::by_the_book::text_for_several;
use super::{Breach, Rules, find_written_to, refuse, step_of};
use crate::facts::DebtorFacts;
use crate::party::Channel;
use crate::plan::{Plan, PlannedLetter};

/// Proves that the letter at this place goes beside the last main one before it.
pub(super) fn check_beside(plan: &Plan, nth: usize, facts: &DebtorFacts, rules: &Rules<'_>) -> Result<(), Breach> {
    let letter = &plan.letters[nth];
    let Some(lead) = plan.letters[..nth].iter().rposition(|known| known.send == 0) else {
        return refuse(2, "a letter beside none");
    };
    let set = &plan.letters[lead..nth];
    let main = &set[0];
    if usize::from(letter.send) != set.len() {
        return refuse(2, format!("letter {} beside one that has {}", letter.send, set.len() - 1));
    }
    if letter.purpose != main.purpose || letter.currency != main.currency || letter.review != main.review {
        return refuse(5, "a letter of another kind than the one it goes beside");
    }
    if letter.answer_by != main.answer_by {
        return refuse(4, format!("an answer by {}, and by {} to whom else it goes", letter.answer_by, main.answer_by));
    }
    let is_for_several = letter.items.len() > 1 && &*letter.letter == text_for_several(main.purpose, main.level);
    for item in &letter.items {
        if !main.items.contains(item) {
            return refuse(2, format!("step {} is not taken by the letter that this one goes beside", item.step));
        }
        let (_, case) = find_written_to(facts, letter.purpose, item)?;
        let (step, _) = step_of(plan, case, &item.step, rules)?;
        let is_named = step.also.iter().any(|also| {
            also.channels.contains(&letter.channel)
                && also.roles.contains(&letter.role)
                && (also.letter == letter.letter || is_for_several)
        });
        if !is_named {
            let (channel, role) = (letter.channel.code(), letter.role.code());
            return refuse(4, format!("step {} sends nothing beside to {role} by {channel}", item.step));
        }
    }
    let contact = facts.contacts.iter().find(|contact| contact.id == letter.contact_id);
    if contact.is_none_or(|contact| contact.role != letter.role || contact.objected) {
        return refuse(4, format!("{} is not who gets a letter beside", letter.contact_id));
    }
    let same = |known: &&PlannedLetter| known.contact_id == letter.contact_id && known.channel == letter.channel;
    let twice = |known: &PlannedLetter| {
        letter.channel != Channel::InSite
            || known.send == 0
            || known.items.iter().any(|item| letter.items.contains(item))
    };
    if set.iter().filter(same).any(twice) {
        return refuse(4, format!("{} is written to twice at once", letter.contact_id));
    }
    Ok(())
}
