//! What a run writes down before it decides, for those who look without writing: `run --dry-run`, the rehearsal of safe mode
//! and `explain` say what the run would do.

use jiff::SignedDuration;
use jiff::civil::Date;

use dunlin_core::case::CALL_LAPSES_DAYS;
use dunlin_core::day_brings::{Over, day_brings};
use dunlin_core::facts::{DebtorFacts, TenantFacts};
use dunlin_core::ids::{CaseId, PartyId};
use dunlin_core::money::MoneyError;

use crate::house::House;

/// What is over by the day of the house, of all debtors: little on any day.
#[derive(Debug)]
pub(crate) struct Day {
    today: Date,
    calls: Vec<(PartyId, CaseId, String)>,
    blocks: Vec<PartyId>,
}

impl Day {
    pub async fn of(house: &House) -> anyhow::Result<Self> {
        let (tenant, today) = (house.tenant.id, house.today());
        let before = house.now() - SignedDuration::from_hours(24 * CALL_LAPSES_DAYS);
        let calls = house.store.calls_lapsing(tenant, before).await?;
        let blocks = house.store.blocks_over(tenant, today).await?;
        Ok(Self { today, calls, blocks })
    }

    /// The facts as the run would find them after it had written that down. Returns whether there was anything: a run looks
    /// at the debtor then, whatever it slept until.
    pub fn bring(&self, facts: &mut DebtorFacts, tenant: &TenantFacts) -> Result<bool, MoneyError> {
        let id = facts.party.id;
        let of_it = self.calls.iter().filter(|(party_id, ..)| *party_id == id);
        let calls = of_it.map(|(_, case_id, step)| (*case_id, step.clone())).collect();
        let over = Over { calls, block: self.blocks.contains(&id) };
        let promises = facts.promises.clone();
        day_brings(facts, &over, tenant, self.today)?;
        Ok(over != Over::default() || facts.promises != promises)
    }
}
