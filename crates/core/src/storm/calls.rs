//! Calls that the program asks for: made when somebody finds the time, put off, or lapsed.

use jiff::SignedDuration;

use super::books::Left;
use super::judge::{Asked, Broken, Leaving};
use super::log::{Done, Line};
use super::world::World;
use crate::case::{CALL_LAPSES_DAYS, CaseState, StepEnd};
use crate::facts::ContactMade;
use crate::lookahead::apply::{self, Calling, UnderWay};
use crate::party::Channel;

impl World<'_> {
    /// A person calls when there is time; what is not right any more by then is not called about.
    pub(super) fn call(&mut self, mut calling: Calling) -> Result<(), Broken> {
        let Some(debt) = self.debt_of(calling.case_id) else { return Ok(()) };
        let Some(playbook) = self.playbook_of(calling.case_id) else { return Ok(()) };
        let Some(step) = playbook.step(&calling.step) else {
            return self.broken("step", format!("{} is no step of its case", calling.step));
        };
        if self.no_calls_until.is_some_and(|until| self.now < until) {
            self.not_called(calling);
            return Ok(());
        }
        if self.tenant.restored_at.is_some() && self.truth.has_left(debt, &calling.step) {
            // Whoever calls remembers to have called, whatever the database forgot.
            apply::called(&mut self.facts, &calling, self.now);
            return Ok(());
        }
        let (purpose, channel, approvals) = (step.purpose, Channel::Phone, 2);
        let made = |made: &&ContactMade| {
            !made.is_done && made.channel == channel && made.receivable_id == Some(calling.receivable_id)
        };
        let contact_id = self.facts.contacts_made.iter().find(made).and_then(|made| made.contact_id);
        let contact = self.facts.contacts.iter().find(|contact| Some(contact.id) == contact_id);
        let asked = vec![Asked { debt, playbook, step, pressed: calling.pressed }];
        let leaving = Leaving { at: self.now, purpose, channel, contact, asked, approvals };
        if let Err(broken) = self.judge().judge(&leaving) {
            if matches!(broken.rule, "once" | "level") {
                return Err(broken);
            }
            let state = self.case(calling.case_id).map(|case| case.state);
            if state == Some(CaseState::Running)
                && self.now.duration_since(calling.at) < SignedDuration::from_hours(960)
            {
                calling.at = self.people.call(self.now) + SignedDuration::from_hours(20);
                self.under_way.push(UnderWay::Call(calling));
            } else {
                self.drop_call(&calling);
            }
            return Ok(());
        }
        self.truth.left.push(Left { at: self.now, is_pressing: true });
        self.truth.steps.push((debt, calling.step.clone()));
        apply::called(&mut self.facts, &calling, self.now);
        let mut line = Line::new(self.now, Done::Call, calling.step.clone(), vec![format!("R-{}", debt + 1)]);
        line.role =
            contact_id.and_then(|id| self.facts.contacts.iter().find(|contact| contact.id == id)).map(|c| c.role);
        line.asked = Some(calling.pressed);
        line.level = Some(calling.level);
        self.log.push(line);
        Ok(())
    }

    /// Nobody has time for it: tomorrow again, until it lapses as in the real run.
    fn not_called(&mut self, mut calling: Calling) {
        let is_it = |made: &&ContactMade| {
            let is_call = !made.is_done && made.channel == Channel::Phone;
            is_call && made.receivable_id == Some(calling.receivable_id)
        };
        let asked_at = self.facts.contacts_made.iter().find(is_it).map(|made| made.at);
        let lapse = SignedDuration::from_hours(24 * CALL_LAPSES_DAYS);
        if asked_at.is_some_and(|at| self.now.duration_since(at) < lapse) {
            calling.at = self.now + SignedDuration::from_hours(24);
            self.under_way.push(UnderWay::Call(calling));
            return;
        }
        self.drop_call(&calling);
        if let Some(case) = self.case(calling.case_id) {
            let mut undone = case.steps.iter_mut().rev().filter(|step| step.step == calling.step && step.voided);
            if let Some(step) = undone.find(|step| step.done_at.is_none() && step.end.is_none()) {
                step.end = Some(StepEnd::NotCalled);
            }
        }
        let debts = self.numbers(std::iter::once(calling.case_id));
        let mut line = Line::new(self.now, Done::Cancelled, calling.step, debts);
        line.asked = Some(calling.pressed);
        self.log.push(line);
    }

    /// Taken from the desk: as if it had not been asked for.
    pub(super) fn drop_call(&mut self, calling: &Calling) {
        if let Some(case) = self.case(calling.case_id) {
            let waits = case.steps.iter_mut().filter(|step| step.step == calling.step && step.done_at.is_none());
            waits.for_each(|step| step.voided = true);
        }
        if let Some(account) = self.debt_of(calling.case_id).and_then(|debt| self.books.accounts.get_mut(debt)) {
            account.steps.retain(|(step, _)| *step != calling.step);
        }
        let receivable = Some(calling.receivable_id);
        let is_phone = Channel::Phone;
        self.facts
            .contacts_made
            .retain(|made| made.is_done || made.channel != is_phone || made.receivable_id != receivable);
    }
}
