//! A letter as it would read about a receivable, whether or not it is its turn: for authors of texts. Nothing is
//! stored and nothing can leave.

use anyhow::{Context, bail};

use dunlin_core::calendar::shift;
use dunlin_core::ids::CaseId;
use dunlin_core::letter::Purpose;
use dunlin_core::party::{Channel, Language};
use dunlin_core::plan::LetterItem;
use dunlin_store::{Addressee, Scope, StoredLetter};

use super::standing_facts::Found;
use super::write_letter::{Desk, WrittenLetter, write_letter};
use crate::embedded::letter_texts;
use crate::house::House;

/// Writes it with the facts of now.
pub async fn try_letter(
    house: &House,
    name: &str,
    language: Language,
    channel: Channel,
    found: &Found,
) -> anyhow::Result<WrittenLetter> {
    if !letter_texts().has(name) {
        bail!("there is no letter ‘{name}’; known: {}", letter_texts().names().join(", "));
    }
    let facts = house.store.facts(house.tenant.id, Scope::One(found.party_id), house.now()).await?;
    let facts = facts.first().context("the debtor was not recorded yet")?;
    let item = facts
        .receivables
        .iter()
        .find(|item| item.receivable.id == found.receivable_id)
        .with_context(|| format!("{} was not recorded yet at {}", found.number, house.now()))?;
    let contact = facts.contacts.iter().find(|contact| contact.reachable_by(channel)).or(facts.contacts.first());
    let contact = contact.with_context(|| format!("nobody is known at {}", facts.party.name))?;
    // What the playbooks say of the letter; one that none of them names yet is taken as an ordinary reminder.
    let mut steps = house.playbook_files.iter().flat_map(|file| file.playbook.all_steps());
    let step = steps.find(|step| step.letters().any(|(letter, _)| &**letter == name));
    let outstanding = item.outstanding()?;
    let to = Addressee { party_id: found.party_id, contact_id: contact.id, role: contact.role, channel, language };
    let letter = StoredLetter {
        purpose: step.map_or(Purpose::Press, |step| step.purpose),
        level: step.map_or(1, |step| step.level),
        items: vec![LetterItem {
            case_id: CaseId(0),
            receivable_id: found.receivable_id,
            step: name.into(),
            level: step.map_or(1, |step| step.level),
            round: 0,
            outstanding,
            pressed: outstanding,
            due_on: item.receivable.due_on,
        }],
        attach_statement: step.is_none_or(|step| step.attach_statement),
        answer_by: shift(house.today(), step.map_or(5, |step| step.answer_days)),
        ..StoredLetter::draft(to, name, outstanding.currency, house.now())
    };
    let signer = house.store.signer_of(house.tenant.id, found.party_id).await?;
    let tenant = house.store.tenant_facts(&house.tenant).await?;
    let desk = Desk { settings: &house.tenant.settings, signer: &signer, tenant: &tenant };
    write_letter(&letter, facts, desk, house.now(), Some(language))
}
