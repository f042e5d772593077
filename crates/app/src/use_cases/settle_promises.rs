//! Notes how promises stand whenever money has moved, and once their day is over. What they stand at is said by
//! [`dunlin_core::promise`] alone.

use jiff::civil::Date;

use dunlin_core::facts::TenantFacts;
use dunlin_core::ids::PartyId;
use dunlin_core::promise::{Books, changed_fates};
use dunlin_store::{Commit, Scope, Tenant};

use crate::house::House;

/// After a change of money or of what is owed, in the same commit: promises are kept, or open again. Call it before letters
/// are looked at that may be wrong by then.
pub(crate) async fn settle_promises(house: &House, commit: &mut Commit) -> anyhow::Result<()> {
    settle_touched(&house.tenant, house.today(), commit).await
}

/// The same where there is no house, as in an import.
pub(crate) async fn settle_touched(tenant: &Tenant, today: Date, commit: &mut Commit) -> anyhow::Result<()> {
    let parties = commit.parties_with_promises_touched().await?;
    if parties.is_empty() {
        return Ok(());
    }
    let books = Books::of(&commit.tenant_facts(tenant).await?, today);
    judge(commit, &parties, &books).await?;
    Ok(())
}

/// What a run does before it decides: promises end whose last day is over, as far as the books tell of it. Returns how many
/// changed.
pub(super) async fn end_promises(house: &House, commit: &mut Commit, tenant: &TenantFacts) -> anyhow::Result<usize> {
    let books = Books::of(tenant, house.today());
    let parties = commit.parties_with_promises_before(books.judged_before()).await?;
    judge(commit, &parties, &books).await
}

async fn judge(commit: &mut Commit, parties: &[PartyId], books: &Books) -> anyhow::Result<usize> {
    let mut changed = 0;
    for party_id in parties {
        let facts = commit.facts(Scope::One(*party_id)).await?;
        for debtor in &facts {
            for (id, state) in changed_fates(debtor, books)? {
                commit.set_promise_state(*party_id, id, state).await?;
                changed += 1;
            }
        }
    }
    Ok(changed)
}
