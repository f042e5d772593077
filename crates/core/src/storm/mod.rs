//! Storms: years that a seed makes up, with buyers of every kind, their orders and parcels, and a program that is switched
//! off, restored and fed late, lived through with the decision, the audit and the applier of the real run on another clock. What leaves is judged by
//! books of the storm's own ([`judge`]), which know nothing of how it was decided.
//!
//! `cargo xtask storm` runs them (`examples/storm.rs`). A history that breaks a rule is made small by leaving out whatever
//! it breaks without ([`shrink`]).

mod books;
mod calls;
mod dice;
mod happening;
mod judge;
mod log;
mod orders;
mod people;
mod questions;
mod record;
mod script;
mod world;

use std::fmt;

pub use dice::Dice;
pub use happening::{Happening, Part, What};
pub use judge::Broken;
pub use log::{Done, Line};
pub use people::People;
pub use script::Script;
pub use world::World;

use crate::playbook::Playbooks;

/// A storm that broke a rule, as small as it could be made.
#[derive(Debug, Clone)]
pub struct Failure {
    pub broken: Broken,
    pub script: Script,
    /// What the program did until then.
    pub lines: Vec<Line>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (script, party) = (&self.script, &self.script.facts.party);
        writeln!(f, "seed {}: {} at {}: {}", script.seed, self.broken.rule, self.broken.at, self.broken.what)?;
        let zone = script.tenant.time_zone.iana_name().unwrap_or("?");
        let chosen = party.playbook_override.as_deref().unwrap_or("by what fits");
        writeln!(f, "  firm in {zone}, buyer in ‘{}’, playbook {chosen}; times in UTC", party.country)?;
        let mut lines: Vec<(jiff::Timestamp, String)> =
            script.happenings.iter().map(|one| (one.at, one.to_string())).collect();
        lines.extend(self.lines.iter().map(|line| (line.at, line.to_string())));
        lines.sort_by_key(|(at, _)| *at);
        lines.iter().try_for_each(|(_, line)| writeln!(f, "  {line}"))
    }
}

/// Lives through a script; the lines of what was done come back either way.
pub fn live(script: &Script, playbooks: &Playbooks) -> (Vec<Line>, Result<(), Broken>) {
    let people = People::of(script.seed);
    let mut world = World::new(script.facts.clone(), script.tenant.clone(), playbooks, people, script.from);
    let restores = script.happenings.iter().any(|one| matches!(one.what, What::Restored { .. }));
    if restores {
        world.keep_snapshots();
    }
    let mut done = Ok(());
    for happening in &script.happenings {
        done = world.happen(happening);
        if done.is_err() {
            break;
        }
    }
    let done = done.and_then(|()| world.advance(script.to));
    (world.log, done)
}

/// One seed: how much was done, or the smallest history that breaks the rule.
pub fn run(seed: u64, years: u16, playbooks: &Playbooks) -> Result<usize, Box<Failure>> {
    let script = Script::of(seed, years, playbooks);
    match live(&script, playbooks) {
        (lines, Ok(())) => Ok(lines.len()),
        (_, Err(broken)) => Err(Box::new(shrink(script, broken, playbooks))),
    }
}

/// Leaves out what the history breaks the same rule without: first long stretches, then one by one.
fn shrink(mut script: Script, mut broken: Broken, playbooks: &Playbooks) -> Failure {
    script.happenings.retain(|one| one.at <= broken.at);
    let mut stretch = script.happenings.len().div_ceil(2).max(1);
    loop {
        let mut from = 0;
        let mut is_smaller = false;
        while from < script.happenings.len() {
            let mut tried = script.clone();
            let to = (from + stretch).min(tried.happenings.len());
            tried.happenings.drain(from..to);
            match live(&tried, playbooks).1 {
                Err(found) if found.rule == broken.rule => {
                    tried.happenings.retain(|one| one.at <= found.at);
                    (script, broken, is_smaller) = (tried, found, true);
                }
                _ => from += stretch,
            }
        }
        if stretch == 1 && !is_smaller {
            break;
        }
        stretch = stretch.div_ceil(2).max(1);
    }
    let lines = live(&script, playbooks).0;
    Failure { broken, script, lines }
}
