//! Titles of playbooks and steps in a reader's language: a sentence names them as people do, never by their ids.

use std::borrow::Cow;
use std::sync::Arc;

use dunlin_core::explain::{UiLanguage, word};
use dunlin_core::letter::REPAIR_STEP;
use dunlin_core::playbook::{Playbook, Step};
use dunlin_core::question::QUESTION_STEP;
use dunlin_core::reason::{FactValue, Reason};
use dunlin_store::StoredLetter;

use crate::embedded::PlaybookFile;
use crate::house::House;

/// The titles of one language.
#[derive(Clone)]
pub struct Titles {
    files: Arc<Vec<PlaybookFile>>,
    language: UiLanguage,
}

impl Titles {
    pub fn new(house: &House, language: UiLanguage) -> Self {
        Self::of(Arc::clone(&house.playbook_files), language)
    }

    /// Those of other playbooks than the house runs with.
    pub fn of(files: Arc<Vec<PlaybookFile>>, language: UiLanguage) -> Self {
        Self { files, language }
    }

    /// "Open account"; the id itself for a playbook that is not there any more.
    pub fn playbook(&self, id: &str) -> String {
        match (self.playbooks().find(|playbook| &*playbook.reference.id == id), self.language) {
            (Some(playbook), UiLanguage::En) => playbook.title_en.clone(),
            (Some(playbook), UiLanguage::ZhCn) => playbook.title_zh.clone(),
            (None, _) => id.to_string(),
        }
    }

    /// "Second reminder": as its own playbook calls it, else as another one does, else its id.
    pub fn step(&self, playbook: Option<&str>, step: &str) -> String {
        if step == REPAIR_STEP {
            return word(self.language, "step-repair");
        }
        if step == QUESTION_STEP {
            return word(self.language, "step-question");
        }
        // Steps about orders are recorded with the scenario before their id (`m5/shipped`).
        let (scenario, id) = step.split_once('/').map_or((None, step), |(scenario, id)| (Some(scenario), id));
        let of = |playbook: &Playbook| -> Option<String> {
            if scenario.is_some_and(|scenario| !playbook.scenario.eq_ignore_ascii_case(scenario)) {
                return None;
            }
            let found: &Step = playbook.step(id)?;
            Some(match self.language {
                UiLanguage::En => found.title_en.clone(),
                UiLanguage::ZhCn => found.title_zh.clone(),
            })
        };
        let own = self.playbooks().filter(|known| playbook == Some(&*known.reference.id)).find_map(of);
        own.or_else(|| self.playbooks().find_map(of)).unwrap_or_else(|| step.to_string())
    }

    /// What a letter is for: the step that it takes, about money or about an order.
    pub fn letter(&self, letter: &StoredLetter) -> String {
        match (&letter.about, letter.items.first()) {
            (Some(about), _) => self.step(Some(&about.playbook.id), &about.step),
            (None, Some(item)) => self.step(None, &item.step),
            (None, None) if letter.repairs.is_some() => word(self.language, "step-repair"),
            (None, None) if letter.asks.is_some() => word(self.language, "step-question"),
            (None, None) => letter.letter.clone(),
        }
    }

    /// "Short of money": what a playbook calls one of its routes, else its id.
    fn route(&self, playbook: Option<&str>, id: &str) -> String {
        let of = |playbook: &Playbook| {
            let found = playbook.routes.iter().find(|route| &*route.id == id)?;
            Some(if self.language == UiLanguage::ZhCn { found.title_zh.clone() } else { found.title_en.clone() })
        };
        let own = self.playbooks().filter(|known| playbook == Some(&*known.reference.id)).find_map(of);
        own.unwrap_or_else(|| id.to_string())
    }

    /// The reasons with titles in place of ids. Steps belong to the playbook that the list names.
    pub fn told(&self, reasons: &[Reason]) -> Vec<Reason> {
        self.told_of(None, reasons)
    }

    /// As [`Titles::told`], where the list does not name the playbook itself.
    pub fn told_of(&self, playbook: Option<&str>, reasons: &[Reason]) -> Vec<Reason> {
        let named = reasons.iter().find_map(|reason| text_of(reason, "playbook")).or(playbook);
        reasons.iter().map(|reason| self.titled(named, reason)).collect()
    }

    fn titled(&self, playbook: Option<&str>, reason: &Reason) -> Reason {
        let titled = |(name, value): &(Cow<'static, str>, FactValue)| {
            let value = match (name.as_ref(), value) {
                ("playbook", FactValue::Text(id)) => FactValue::Text(self.playbook(id)),
                ("step", FactValue::Text(id)) => FactValue::Text(self.step(playbook, id)),
                ("route", FactValue::Text(id)) => FactValue::Text(self.route(playbook, id)),
                _ => value.clone(),
            };
            (name.clone(), value)
        };
        Reason { code: reason.code, facts: reason.facts.iter().map(titled).collect() }
    }

    fn playbooks(&self) -> impl Iterator<Item = &Playbook> {
        self.files.iter().map(|file| &*file.playbook)
    }
}

fn text_of<'a>(reason: &'a Reason, name: &str) -> Option<&'a str> {
    reason.facts.iter().find_map(|(known, value)| match value {
        FactValue::Text(text) if known == name => Some(text.as_str()),
        _ => None,
    })
}
