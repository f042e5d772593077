//! `dunlin playbook check`: file, line, column and remedy. Warnings alone do not fail it.

use std::path::PathBuf;

use dunlin_core::playbook::problem::PlaybookProblem;

use super::Common;
use super::open::print_json;
use crate::embedded::checked_files;

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Check playbook files, or the .toml files of folders
    Check {
        #[arg(required = true)]
        path: Vec<PathBuf>,
        #[arg(long)]
        json: bool,
    },
}

pub fn run(common: &Common, command: Command) -> anyhow::Result<()> {
    common.use_own_letters()?;
    let Command::Check { path, json } = command;
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
        for problem in &problems {
            eprintln!("{}:{}:{}: {}", problem.file, problem.line, problem.column, problem.severity.code());
            eprintln!("  {}", problem.what);
            eprintln!("  → {}", problem.remedy);
        }
    }
    if errors > 0 {
        anyhow::bail!("{errors} errors and {} warnings in {} files", problems.len() - errors, files.len());
    }
    if !json {
        println!("{} playbooks can be used, {} warnings", files.len(), problems.len());
    }
    Ok(())
}
