//! `dunlin playbook check`: file, line, column and remedy.

use std::path::PathBuf;

use dunlin_core::playbook::parse::{PlaybookProblem, parse};

use super::Common;
use super::open::print_json;
use crate::embedded::letters_missing;

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
    for file in &files {
        let name = file.display().to_string();
        match std::fs::read_to_string(file) {
            Ok(text) => match parse(&name, &text) {
                Ok(playbook) => problems.extend(letters_missing(&name, &text, &playbook)),
                Err(found) => problems.extend(found),
            },
            Err(error) => problems.push(PlaybookProblem {
                file: name,
                line: 1,
                column: 1,
                what: format!("cannot be read: {error}"),
            }),
        }
    }
    if json {
        let list: Vec<_> = problems
            .iter()
            .map(|p| serde_json::json!({"file": p.file, "line": p.line, "column": p.column, "what": p.what}))
            .collect();
        print_json(&serde_json::json!({"files": files.len(), "problems": list}))?;
    } else {
        for problem in &problems {
            eprintln!("{problem}");
        }
    }
    if !problems.is_empty() {
        anyhow::bail!("{} problems in {} files", problems.len(), files.len());
    }
    if !json {
        println!("{} playbooks can be used", files.len());
    }
    Ok(())
}
