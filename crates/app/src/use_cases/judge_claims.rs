//! By what letters are judged when they are taken out of the outbox: the firm's rules and playbooks of this moment, read again
//! when somebody has changed one of them since the round of sending began.

use jiff::SignedDuration;

use dunlin_core::audit::Rules;
use dunlin_core::audit::departure::unknown_playbook;
use dunlin_core::facts::DebtorFacts;
use dunlin_core::plan::Review;
use dunlin_core::reason::{Reason, ReasonCode};
use dunlin_store::{Commit, PremisesMark, Settings, StoredLetter};

use super::send_letters::SendAccount;
use crate::house::{House, Premises};

/// Until a letter is looked at again whose playbook this program does not know: another worker may have brought it.
const UNKNOWN_WAIT: SignedDuration = SignedDuration::from_mins(10);

/// What a round of sending has read.
pub(super) struct Ground {
    pub house: House,
    pub premises: Premises,
    mark: PremisesMark,
}

impl Ground {
    pub async fn read(house: &House) -> anyhow::Result<Self> {
        // The mark first: what is changed while the rest is read shows at the next claim.
        let mark = house.store.premises_mark(house.tenant.id).await?;
        let mut house = house.clone();
        house.tenant = house.store.tenant(house.tenant.id).await?;
        let house = house.with_published().await?;
        let premises = house.premises().await?;
        Ok(Self { house, premises, mark })
    }

    pub fn rules(&self) -> Rules<'_> {
        let premises = &self.premises;
        Rules { tenant: &premises.tenant, playbooks: &premises.playbooks, countries: premises.countries }
    }

    /// Whether something of it was changed since, told under the lock of a claim.
    pub async fn is_outdated(&self, commit: &mut Commit) -> anyhow::Result<bool> {
        Ok(commit.premises_mark().await? != self.mark)
    }
}

/// What keeps a letter here whatever the books say: nobody knows the version of the playbook that it follows, so that nothing
/// of it can be proven; or a person is to look at every letter, and nobody has looked at this one. Returns the commit while
/// the letter may go on.
pub(super) async fn keep_back(
    ground: &Ground,
    mut commit: Commit,
    (letter, facts): (&StoredLetter, &DebtorFacts),
    settings: &Settings,
    account: &mut SendAccount,
) -> anyhow::Result<Option<Commit>> {
    let name = format!("L-{:04}", letter.number);
    // What a person sent outside every playbook follows none, and was looked at.
    if letter.repairs.is_some() || letter.asks.is_some() {
        return Ok(Some(commit));
    }
    if let Some(unknown) = unknown_version(ground, letter, facts) {
        let why = format!("the version of the playbook ‘{unknown}’ that it follows is not known to this program");
        commit.postpone_because(letter.id, ground.house.now() + UNKNOWN_WAIT, &why).await?;
        commit.finish().await?;
        account.postponed += 1;
        account.notes.push(format!("{name} waits: {why}"));
        return Ok(None);
    }
    if settings.review_all && letter.review == Review::Automatic {
        commit.look_first(letter, &[Reason::new(ReasonCode::LetterLookAsked)]).await?;
        commit.finish().await?;
        account.postponed += 1;
        account.notes.push(format!("{name} waits for a person’s look, as every letter does now"));
        return Ok(None);
    }
    Ok(Some(commit))
}

/// Id of the playbook of which nobody has the version that the letter follows.
fn unknown_version(ground: &Ground, letter: &StoredLetter, facts: &DebtorFacts) -> Option<String> {
    let rules = ground.rules();
    let of_order = letter.about.as_ref().map(|about| &about.playbook);
    let of_order = of_order.filter(|followed| rules.playbooks.by_reference(followed).is_none());
    let of_debts = || unknown_playbook(&letter.items, facts, &rules);
    of_order.or_else(of_debts).map(|followed| followed.id.to_string())
}
