//! What `simulate` and `backtest` share: the lines on the terminal and the workbook.

use anyhow::Context;
use dunlin_core::explain::UiLanguage;

use super::simulate::Output;
use super::{Common, usage};
use crate::house::House;
use crate::titles::Titles;
use crate::use_cases::add_up_actions::Looked;
use crate::use_cases::look_ahead::With;
use crate::use_cases::look_back::SentDay;
use crate::use_cases::write_looks::{Reader, write_look};

/// What was found, what other playbooks would do, what really was sent.
pub(super) type Found<'a> = (&'a Looked, Option<&'a Looked>, Option<&'a Vec<SentDay>>);

pub(super) fn language(output: &Output) -> anyhow::Result<UiLanguage> {
    match output.lang.as_str() {
        "en" => Ok(UiLanguage::En),
        "zh" | "zh-CN" => Ok(UiLanguage::ZhCn),
        other => Err(usage(format!("‘{other}’ is not a language of workbooks; known: en, zh"))),
    }
}

/// The playbooks of the house, by the folder they were read from.
pub(super) fn named(common: &Common, house: &House) -> With {
    let used = With::used(house);
    match &common.playbooks {
        Some(folder) => With { name: folder.display().to_string(), ..used },
        None => used,
    }
}

/// Writes the workbook that was asked for, if one was.
pub(super) fn write(
    output: &Output,
    house: &House,
    language: UiLanguage,
    with: &With,
    (looked, against, sent): Found<'_>,
) -> anyhow::Result<()> {
    let Some(file) = &output.xlsx else {
        return Ok(());
    };
    let titles = Titles::of(with.files.clone(), language);
    let reader = Reader { language, titles, zone: house.zone(), today: house.today() };
    let bytes = write_look(looked, against, sent.map(Vec::as_slice), &reader)?;
    std::fs::write(file, bytes).with_context(|| format!("cannot write {}", file.display()))?;
    eprintln!("{} was written", file.display());
    Ok(())
}

/// Days on which something happens, then the sums.
pub(super) fn print(looked: &Looked, against: Option<&Looked>, sent: Option<&Vec<SentDay>>) {
    for (nth, day) in looked.days.iter().enumerate() {
        let other = against.and_then(|other| other.days.get(nth));
        let left = sent.and_then(|sent| sent.get(nth));
        let is_empty = day.total() == 0 && other.is_none_or(|other| other.total() == 0);
        if is_empty && left.is_none_or(|left| left.letters == 0) {
            continue;
        }
        print!(
            "{}  {:>5} letters {:>5} approvals {:>5} calls {:>5} tasks",
            day.date, day.letters, day.approvals, day.calls, day.tasks
        );
        let standing = day.standing;
        print!("  | at its end {:>5} on us {:>5} on buyers", standing.waiting_on_us, standing.waiting_on_buyer);
        if let Some(left) = left {
            print!("  | really sent {:>5}", left.letters);
        }
        if let Some(other) = other {
            print!(
                "  | {:>5} letters {:>5} approvals {:>5} calls {:>5} tasks",
                other.letters, other.approvals, other.calls, other.tasks
            );
        }
        println!();
    }
    for one in [Some(looked), against].into_iter().flatten() {
        let (all, standing) = (one.totals(), one.standing);
        println!(
            "{} to {} with {}: {} debtors, {} letters, {} approvals, {} calls, {} tasks; at the end {} cases wait on us, \
             {} on the buyer, {} have taken every step, {} are in other hands, {} are settled",
            one.span.from,
            one.span.to,
            one.playbooks,
            one.debtors,
            all.letters,
            all.approvals,
            all.calls,
            all.tasks,
            standing.waiting_on_us,
            standing.waiting_on_buyer,
            standing.ladder_done,
            standing.in_other_hands,
            standing.settled
        );
    }
}
