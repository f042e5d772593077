//! `GET /ui`: one of everything, for whoever changes a component. Not in the rail.

use super::debtor::{Pause, PauseForm};
use super::entrance::DemoPerson;
use super::figures::{Age, Clock, OpenByCurrency};
use super::frame::Toast;
use super::letter::LetterSheet;
use super::pictures::Ladder;
use super::search::HitGroup;
use super::timeline::Entry;
use super::today::UnmatchedPayment;
use super::who::DebtorRef;
use super::why::ReasonLine;

/// The page; filled with samples, so that it shows the same everywhere.
#[derive(Debug, Clone, Default)]
pub struct UiPage {
    pub ages: Vec<Age>,
    pub letter_states: Vec<String>,
    pub open: Vec<OpenByCurrency>,
    pub clock: Clock,
    pub debtor: DebtorRef,
    pub reasons: Vec<ReasonLine>,
    pub sheet: LetterSheet,
    pub ladder: Ladder,
    pub timeline: Vec<Entry>,
    pub pauses: Vec<Pause>,
    pub form: PauseForm,
    pub payment: UnmatchedPayment,
    pub hits: Vec<HitGroup>,
    pub people: Vec<DemoPerson>,
    pub toasts: Vec<Toast>,
}
