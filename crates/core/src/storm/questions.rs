//! Questions that people put to the buyer outside every playbook: what they are about rests until the answer is in, or
//! until its days are over.

use super::judge::{Broken, Visit};
use super::log::Done;
use super::people::Fate;
use super::world::World;
use crate::audit::departure::WaitingLetter;
use crate::calendar::shift;
use crate::case::CaseState;
use crate::gate_facts::{Hold, HoldKind};
use crate::ids::{HoldId, LetterId, ReceivableId};
use crate::letter::Purpose;
use crate::lookahead::apply::{Leaving, UnderWay};
use crate::money::Money;
use crate::party::Channel;
use crate::plan::{LetterItem, Review};
use crate::playbook::Window;
use crate::question::{DAYS_TO_READ, QUESTION_STEP};

impl World<'_> {
    /// Somebody asks about a debt, once: the letter waits for a yes, the debt rests at once.
    pub(super) fn ask(&mut self, debt: usize, days: i32) -> Option<()> {
        let (now, today) = (self.now, self.today());
        let item = self.facts.receivables.get(debt)?;
        let (id, receivable) = (item.receivable.id, &item.receivable);
        let case = item.case.as_ref().filter(|case| case.state != CaseState::HandedOver)?;
        let outstanding = item.outstanding().ok().filter(|open| open.is_positive())?;
        let rests = |hold: &Hold| {
            let covers = hold.receivable_id.is_none_or(|known| known == id);
            covers && !hold.released && today <= hold.until
        };
        if receivable.closed || self.facts.party.blacklisted || self.facts.holds.iter().any(rests) {
            return None;
        }
        let contact_id = self.facts.reachable(Channel::Email, now, true).next()?.id;
        let line = LetterItem {
            case_id: case.id,
            receivable_id: id,
            step: QUESTION_STEP.into(),
            level: 0,
            round: 0,
            outstanding,
            pressed: Money::zero(outstanding.currency),
            due_on: receivable.due_on,
        };
        self.ids += 1;
        let letter = WaitingLetter {
            id: LetterId(self.ids),
            purpose: Purpose::Service,
            channel: Channel::Email,
            contact_id,
            items: vec![line],
        };
        let leaving = Leaving {
            at: self.people.yes(now),
            letter,
            level: 0,
            review: Review::Look,
            statement: false,
            beside: Vec::new(),
            is_planned: true,
        };
        self.under_way.push(UnderWay::Letter(Box::new(leaving)));
        let until = shift(today, days + DAYS_TO_READ);
        self.facts.holds.push(Hold {
            id: HoldId(self.facts.holds.len() as u128 + 1),
            kind: HoldKind::Question,
            receivable_id: Some(id),
            why: "a question".to_string(),
            until,
            released: false,
        });
        self.books.questions.push((debt, until));
        Some(())
    }

    /// The answer is in, or the question was withdrawn: nothing rests for it any more.
    pub(super) fn end_question(&mut self, debt: usize) {
        let Some(id) = self.facts.receivables.get(debt).map(|item| item.receivable.id) else { return };
        let of_debt = |hold: &&mut Hold| hold.kind == HoldKind::Question && hold.receivable_id == Some(id);
        self.facts.holds.iter_mut().filter(of_debt).for_each(|hold| hold.released = true);
        self.books.questions.retain(|(known, _)| *known != debt);
    }

    /// A question that is not right any more is withdrawn.
    pub(super) fn withdraw(&mut self, leaving: &Leaving) {
        self.tell(Done::Cancelled, leaving);
        for item in &leaving.letter.items {
            if let Some(debt) = self.debt_numbered(item.receivable_id) {
                self.end_question(debt);
            }
        }
    }

    fn debt_numbered(&self, id: ReceivableId) -> Option<usize> {
        self.facts.receivables.iter().position(|item| item.receivable.id == id)
    }

    /// It is its moment: it leaves, or comes back. It takes no step, so nothing waits for what became of it.
    pub(super) fn ask_now(&mut self, leaving: &Leaving) -> Result<(), Broken> {
        let at = self.now;
        if self.people.fate(at) == Fate::Failed {
            self.tell(Done::Failed, leaving);
            return Ok(());
        }
        let letter = &leaving.letter;
        let contact = self.facts.contacts.iter().find(|contact| contact.id == letter.contact_id);
        let mut playbooks = letter.items.iter().map(|item| self.playbook_of(item.case_id));
        let at_desk = playbooks.any(|playbook| playbook.is_none_or(|playbook| playbook.window == Window::Office));
        self.judge().visit(&Visit { at, channel: letter.channel, contact, at_desk, asks: true })?;
        for item in &letter.items {
            let account = self.debt_numbered(item.receivable_id).and_then(|debt| self.books.accounts.get(debt));
            let Some(account) = account else {
                return self.broken("books", "a question about a debt that is not in the books");
            };
            if self.books.blacklisted {
                return self.broken("blacklist", "a question to somebody blacklisted");
            }
            if account.open() != item.outstanding.minor || item.pressed.minor != 0 {
                return self.broken("amount", format!("{} stated, {} minor open", item.outstanding, account.open()));
            }
        }
        if leaving.review.persons() == 0 {
            return self.broken("approval", "a question that nobody looked at");
        }
        self.tell(Done::Letter, leaving);
        Ok(())
    }
}

/// Whether this is a question, which takes no step.
pub(super) fn is_question(letter: &WaitingLetter) -> bool {
    letter.items.iter().any(|item| &*item.step == QUESTION_STEP)
}
