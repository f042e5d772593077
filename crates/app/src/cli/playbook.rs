//! `dunlin playbook check` and `publish`: file, line, column and remedy; and a file put in force as the firm's own version.
//! Warnings alone do not fail either.

use std::path::{Path, PathBuf};

use anyhow::Context;

use dunlin_core::playbook::problem::PlaybookProblem;

use super::open::print_json;
use super::{Common, usage};
use crate::embedded::checked_files;
use crate::use_cases::publish_playbook::{Broken, Publication, Running, Wanted, check_text, publish_playbook};

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Check playbook files, or the .toml files of folders
    Check {
        #[arg(required = true)]
        path: Vec<PathBuf>,
        #[arg(long)]
        json: bool,
    },
    /// Put a file in force as a new version of its playbook, or as a playbook of your own
    Publish {
        file: PathBuf,
        /// Why the playbook changes; it stands beside the version
        #[arg(long)]
        why: String,
        /// What becomes of the cases that run: keep (they go on with the version they began with) or migrate (they move,
        /// where every step they have taken is still there on the same level)
        #[arg(long, value_name = "keep|migrate")]
        running: String,
        #[arg(long)]
        json: bool,
    },
}

pub async fn run(common: &Common, command: Command) -> anyhow::Result<()> {
    common.use_own_letters()?;
    match command {
        Command::Check { path, json } => check(path, json),
        Command::Publish { file, why, running, json } => publish(common, &file, &why, &running, json).await,
    }
}

fn tell(problems: &[PlaybookProblem]) {
    for problem in problems {
        eprintln!("{}:{}:{}: {}", problem.file, problem.line, problem.column, problem.severity.code());
        eprintln!("  {}", problem.what);
        eprintln!("  → {}", problem.remedy);
    }
}

async fn publish(common: &Common, file: &Path, why: &str, running: &str, json: bool) -> anyhow::Result<()> {
    let running = Running::from_code(running)
        .ok_or_else(|| usage(format!("--running ‘{running}’ is neither ‘keep’ nor ‘migrate’")))?;
    let name = file.display().to_string();
    let text = std::fs::read_to_string(file).with_context(|| format!("{name} cannot be read"))?;
    let house = common.house().await?;
    let checked = check_text(&house, &name, &text);
    tell(&checked.problems);
    let Some(playbook) = checked.playbook else {
        return Err(Broken(checked.problems).into());
    };
    let id = &*playbook.reference.id;
    let wanted = Wanted { id, text: &text, note: why, running, seen: None };
    let done = publish_playbook(&house, &wanted).await?;
    if json {
        return print_json(&told(id, &done));
    }
    match done.number {
        Some(number) => println!("{id} is in force as version {number} ({})", done.version),
        None => println!("{id} was in force in this version ({}) already", done.version),
    }
    println!("cases moved: {}, cases that stay with their version: {}", done.cases.moved, done.cases.stayed);
    for step in &done.cases.in_the_way {
        println!("  {} took ‘{}’ on level {}, which this version does not have so", step.cases, step.step, step.level);
    }
    Ok(())
}

/// What `--json` prints.
fn told(id: &str, done: &Publication) -> serde_json::Value {
    let step = |step: &dunlin_store::StepInTheWay| serde_json::json!({"step": step.step, "level": step.level, "cases": step.cases});
    serde_json::json!({
        "playbook": id,
        "number": done.number,
        "version": done.version,
        "cases_moved": done.cases.moved,
        "cases_stayed": done.cases.stayed,
        "in_the_way": done.cases.in_the_way.iter().map(step).collect::<Vec<_>>(),
        "warnings": done.warnings,
    })
}

fn check(path: Vec<PathBuf>, json: bool) -> anyhow::Result<()> {
    let mut files = Vec::new();
    for path in path {
        if path.is_dir() {
            let mut inside: Vec<PathBuf> = std::fs::read_dir(&path)?
                .flatten()
                .map(|entry| entry.path())
                .filter(|path| path.is_file() && path.extension().is_some_and(|ending| ending == "toml"))
                .collect();
            inside.sort();
            files.extend(inside);
        } else {
            files.push(path);
        }
    }
    let mut problems: Vec<PlaybookProblem> = Vec::new();
    let mut sources = Vec::new();
    for file in &files {
        let name = file.display().to_string();
        match std::fs::read_to_string(file) {
            Ok(text) => sources.push((name, text)),
            Err(error) => problems.push(PlaybookProblem::unreadable(name, error)),
        }
    }
    problems.extend(checked_files(sources).1);
    let errors = problems.iter().filter(|problem| problem.is_error()).count();
    if json {
        print_json(&serde_json::json!({"files": files.len(), "problems": problems}))?;
    } else {
        tell(&problems);
    }
    if errors > 0 {
        anyhow::bail!("{errors} errors and {} warnings in {} files", problems.len() - errors, files.len());
    }
    if !json {
        println!("{} playbooks can be used, {} warnings", files.len(), problems.len());
    }
    Ok(())
}
