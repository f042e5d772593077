//! The statement being read: what is known of it so far.

use crate::model::{Balance, StatementHead, disagreement};
use crate::reader::Event;
use rust_decimal::Decimal;
use std::collections::VecDeque;

#[derive(Default)]
pub(super) struct Open {
    pub head: StatementHead,
    pub line: u32,
    /// Its head has been given out, so that it cannot change any more.
    pub started: bool,
    pub closing: Option<Balance>,
    pub sum: Decimal,
    /// An entry was refused, so the balances cannot agree.
    pub incomplete: bool,
}

impl Open {
    /// Gives out the head, once.
    pub(super) fn start(&mut self, ready: &mut VecDeque<Event>, statements: &mut u32) {
        if !self.started {
            self.started = true;
            *statements += 1;
            ready.push_back(Event::StatementStart(self.head.clone()));
        }
    }

    /// Nothing but a message reference: not a statement.
    pub(super) fn is_empty(&self) -> bool {
        let head = &self.head;
        let named = !head.account.is_empty() || head.number.is_some();
        !self.started && !named && head.opening.is_none() && self.closing.is_none()
    }

    /// MT942 (interim) has no balances, so that a missing one means nothing there.
    pub(super) fn balance_problem(&self, interim: bool) -> Option<String> {
        match (self.head.opening, self.closing) {
            (Some(opening), Some(closing)) if !self.incomplete => disagreement(opening, self.sum, closing),
            (Some(_), None) if !interim => Some("no closing balance: the file may have been cut off".to_owned()),
            _ => None,
        }
    }
}
