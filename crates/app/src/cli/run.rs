//! `dunlin run`: decide, audit, commit.

use std::fs::File;
use std::io::{BufWriter, Seek, Write};

use anyhow::Context;
use dunlin_core::explain::{coded, sentence};
use dunlin_core::facts::DebtorFacts;
use dunlin_core::party::{Channel, Language};
use dunlin_core::plan::{Plan, Review, TaskKind};
use dunlin_core::reason::Reason;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Common;
use super::say::{Say, Spoken};
use crate::house::House;
use crate::titles::Titles;
use crate::use_cases::run_decisions::{RunAccount, RunOptions, run_telling};
use crate::use_cases::seen_abroad::unclear_abroad;
use crate::use_cases::tell_run::{ToldRun, numbers, order_number, tell_run, told_actions};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Decide and show, commit nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    spoken: Spoken,
    #[arg(long)]
    json: bool,
}

pub async fn run(common: &Common, args: Args) -> anyhow::Result<()> {
    let house = common.house().await?;
    let options = RunOptions { dry_run: args.dry_run, keep_actions: true, ..RunOptions::default() };
    let mut told = Spool::new()?;
    if args.json {
        let mut hear = |facts: &DebtorFacts, plan: &Plan| told.actions(&house, facts, plan);
        let mut account = run_telling(&house, options, Some(&mut hear)).await?;
        for (facts, plan) in &std::mem::take(&mut account.actions) {
            told.actions(&house, facts, plan)?;
        }
        told.print_json(&tell_run(&house, &account))?;
        return refusals(&account);
    }
    let say = Say::new(&house, args.spoken.lang);
    let lines = Lines { titles: Titles::new(&house, say.language), zone: house.zone(), say };
    let mut hear = |facts: &DebtorFacts, plan: &Plan| lines.write(&mut told.file, facts, plan);
    let account = run_telling(&house, options, Some(&mut hear)).await?;
    let say = &lines.say;
    if let Some(rehearsal) = &account.rehearsal {
        let values = [
            ("letters", say.count("cli-n-letters", rehearsal.sent)),
            ("known", rehearsal.known.to_string()),
            ("left", rehearsal.left.to_string()),
        ];
        println!("{}", say.text("cli-run-rehearsed", &values));
        for note in &rehearsal.notes {
            println!("  {note}");
        }
        return refusals(&account);
    }
    println!("{}", summary(say, &account, args.dry_run));
    for one in unclear_abroad(&house).await? {
        println!("{}", one.sentence(say.language));
    }
    told.print(&mut std::io::stdout().lock())?;
    refusals(&account)
}

/// What a run decides, on its way to the screen. The sums come first and are known last, and a run may be longer than the
/// memory: until then it lies in a file that is gone with the program.
struct Spool {
    file: BufWriter<File>,
    is_empty: bool,
}

impl Spool {
    fn new() -> anyhow::Result<Self> {
        let file = tempfile::tempfile().context("a file for what the run decides; is the disk full?")?;
        Ok(Self { file: BufWriter::new(file), is_empty: true })
    }

    fn actions(&mut self, house: &House, facts: &DebtorFacts, plan: &Plan) -> anyhow::Result<()> {
        for action in told_actions(house, facts, plan) {
            self.file.write_all(if self.is_empty { b"\n    " } else { b",\n    " })?;
            serde_json::to_writer(&mut self.file, &action)?;
            self.is_empty = false;
        }
        Ok(())
    }

    fn print(&mut self, out: &mut impl Write) -> anyhow::Result<()> {
        self.file.flush()?;
        let file = self.file.get_mut();
        file.rewind()?;
        std::io::copy(file, out)?;
        Ok(())
    }

    /// The run with its actions as the last field.
    fn print_json(&mut self, run: &ToldRun) -> anyhow::Result<()> {
        let mut out = std::io::stdout().lock();
        let head = serde_json::to_string_pretty(run)?;
        let head = head.strip_suffix("[]\n}").context("a run is told with its actions last")?;
        write!(out, "{head}[")?;
        self.print(&mut out)?;
        writeln!(out, "{}]\n}}", if self.is_empty { "" } else { "\n  " })?;
        Ok(())
    }
}

fn summary(say: &Say, account: &RunAccount, dry_run: bool) -> String {
    let written = &account.written;
    let values = [
        ("debtors", say.count("cli-n-debtors", account.considered)),
        ("letters", say.count("cli-n-letters", written.letters)),
        ("approvals", say.count("cli-n-approvals", written.approvals)),
        ("tasks", say.count("cli-n-tasks", written.tasks)),
        ("silences", say.count("cli-n-silences", written.holds)),
        ("cases", say.count("cli-n-cases", usize::try_from(account.waiting).unwrap_or(0))),
    ];
    say.text(if dry_run { "cli-run-dry" } else { "cli-run" }, &values)
}

/// What is printed of one letter, whatever it is about.
struct Told<'a> {
    review: Review,
    channel: Channel,
    language: Language,
    about: String,
    step: String,
    send_at: Timestamp,
    reasons: &'a [Reason],
}

/// Prints what was decided, one line for each letter and task.
struct Lines {
    say: Say,
    titles: Titles,
    zone: TimeZone,
}

impl Lines {
    fn write(&self, out: &mut impl Write, facts: &DebtorFacts, plan: &Plan) -> anyhow::Result<()> {
        for letter in &plan.letters {
            let told = Told {
                review: letter.review,
                channel: letter.channel,
                language: letter.language,
                about: numbers(facts, letter.items.iter().map(|item| item.receivable_id)).join(" "),
                step: letter.items.first().map_or_else(String::new, |item| self.titles.step(None, &item.step)),
                send_at: letter.send_at,
                reasons: &letter.reasons,
            };
            self.letter(out, facts, &told)?;
        }
        for task in &plan.tasks {
            let about = numbers(facts, std::iter::once(task.receivable_id)).join(" ");
            let step = task.step.as_deref().map(|step| self.titles.step(None, step));
            self.task(out, facts, task.kind, step, &about)?;
        }
        for letter in &plan.orders.letters {
            let told = Told {
                review: letter.review,
                channel: letter.channel,
                language: letter.language,
                about: self.order(order_number(facts, &letter.about)),
                step: self.titles.step(Some(&letter.about.playbook.id), &letter.about.step),
                send_at: letter.send_at,
                reasons: &letter.reasons,
            };
            self.letter(out, facts, &told)?;
        }
        for task in &plan.orders.tasks {
            let step = task.takes_step().then(|| self.titles.step(Some(&task.about.playbook.id), &task.about.step));
            self.task(out, facts, task.kind, step, &self.order(order_number(facts, &task.about)))?;
        }
        Ok(())
    }

    fn letter(&self, out: &mut impl Write, facts: &DebtorFacts, told: &Told<'_>) -> anyhow::Result<()> {
        let say = &self.say;
        let mark = if told.review == Review::Automatic { "cli-mark-letter" } else { "cli-mark-approval" };
        let party = &facts.party;
        let values = [
            ("channel", coded(say.language, "channel", told.channel.code())),
            ("language", coded(say.language, "language", told.language.code())),
            ("about", told.about.clone()),
            ("step", told.step.clone()),
            ("at", say.at(told.send_at)),
        ];
        let said = say.text("cli-run-letter", &values);
        writeln!(out, "{:<8} {} {} ({}) {said}", say.text(mark, &[]), party.number, party.name, party.country)?;
        for reason in self.titles.told(told.reasons) {
            writeln!(out, "           {}", sentence(&reason, say.language, &self.zone))?;
        }
        Ok(())
    }

    /// With the step that it is, as the list of tasks names it.
    fn task(
        &self,
        out: &mut impl Write,
        facts: &DebtorFacts,
        kind: TaskKind,
        step: Option<String>,
        about: &str,
    ) -> anyhow::Result<()> {
        let kind = coded(self.say.language, "task", kind.code());
        let mut parts = vec![format!("{} {}", facts.party.number, facts.party.name), kind];
        parts.extend(step);
        parts.push(about.to_string());
        writeln!(out, "{:<8} {}", self.say.text("cli-mark-task", &[]), parts.join("  "))?;
        Ok(())
    }

    fn order(&self, number: &str) -> String {
        self.say.text("cli-about-order", &[("number", number.to_string())])
    }
}

fn refusals(account: &RunAccount) -> anyhow::Result<()> {
    if account.refused > 0 {
        anyhow::bail!(
            "{} plans were refused, or could not be made: nothing of them was carried out; see the incidents",
            account.refused
        );
    }
    Ok(())
}
