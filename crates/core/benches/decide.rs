//! What deciding and auditing one receivable costs, with all shipped playbooks: one that acts now, one that sleeps.
//! `cargo bench --package dunlin_core`. A guide on a noisy machine; ratios come from `cargo xtask bench`.

#[path = "../tests/decisions/support.rs"]
#[allow(dead_code, unreachable_pub)] // shared with the tests, which use more of it
mod support;

use criterion::{Criterion, criterion_group, criterion_main};
use dunlin_core::audit::{Rules, audit};
use dunlin_core::calendar::countries::Countries;
use dunlin_core::decide::{World, decide};
use dunlin_core::receivable::{Milestone, Trigger};
use std::hint::black_box;
use support::{Setup, at, day};

/// A Tuesday morning in Italy.
const NOW: &str = "2026-03-10T09:00:00Z";

/// The name, the debtor, and whether it acts.
fn debtors() -> Vec<(&'static str, Setup, bool)> {
    let mut all = Vec::new();
    for (name, milestone, trigger) in [
        ("b1_deposit", Milestone::Deposit, Trigger::Proforma),
        ("b3_balance_bl_copy", Milestone::Balance, Trigger::BlCopy),
        ("b5_open_account", Milestone::Full, Trigger::InvoiceDate),
    ] {
        let mut late = Setup::company();
        late.owes("USD 12000.00", milestone, trigger, Some(day("2026-02-20")));
        late.took(0, "first_reminder", 1, at("2026-02-24T09:00:00Z"));
        all.push((name, decided_before(late), true));
        let mut early = Setup::company();
        early.owes("USD 12000.00", milestone, trigger, Some(day("2026-05-20")));
        all.push((name, decided_before(early), false));
    }
    all
}

/// A case keeps the playbook that its first decision chose; nearly all decisions are later ones.
fn decided_before(mut setup: Setup) -> Setup {
    let world = World::new(&setup.tenant, setup.playbooks, Countries::shipped(), at(NOW));
    let plan = decide(&setup.facts, &world).expect("a decision");
    let chosen: Vec<_> = plan.cases.iter().map(|case| (case.receivable_id, case.playbook.clone())).collect();
    for item in &mut setup.facts.receivables {
        let known = chosen.iter().find(|(id, _)| *id == item.receivable.id);
        if let (Some(case), Some((_, playbook))) = (&mut item.case, known) {
            case.playbook.clone_from(playbook);
        }
    }
    setup
}

fn both(setup: &Setup, world: &World<'_>) -> usize {
    let plan = decide(&setup.facts, world).expect("a decision");
    let rules = Rules { tenant: &setup.tenant, playbooks: setup.playbooks, countries: world.countries };
    audit(&plan, &setup.facts, &rules).expect("a sound plan");
    plan.letters.len() + plan.tasks.len()
}

fn deciding(criterion: &mut Criterion) {
    let now = at(NOW);
    for (name, setup, acts) in debtors() {
        // A run makes it once for all debtors.
        let world = World::new(&setup.tenant, setup.playbooks, Countries::shipped(), now);
        assert_eq!(both(&setup, &world) > 0, acts, "{name}: the case does not do what is measured");
        let what = if acts { "awake" } else { "sleeping" };
        criterion.bench_function(&format!("{what}/{name}"), |bencher| {
            bencher.iter(|| black_box(both(black_box(&setup), &world)));
        });
    }
}

criterion_group!(benches, deciding);
criterion_main!(benches);
