//! `dunlin statement parse|import|accounts`.

use std::path::PathBuf;

use dunlin_bank_formats::{Format, parse};

use super::open::{print_json, read_input};
use super::{Common, usage};
use crate::use_cases::import_statement::import_statement;
use crate::use_cases::statement_accounts::{MissingDays, Word, say_of_account, statement_accounts};

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Show what a file says; no database needed
    Parse {
        file: Option<PathBuf>,
        /// auto, mt940 or camt
        #[arg(long, default_value = "auto")]
        format: String,
        #[arg(long)]
        json: bool,
    },
    /// Take a file in and match its payments
    Import {
        file: Option<PathBuf>,
        #[arg(long, default_value = "auto")]
        format: String,
        #[arg(long)]
        json: bool,
    },
    /// The accounts of which statements were read, up to which day, and what is missing
    Accounts {
        /// This one is used no longer: nothing waits for its statements
        #[arg(long, value_name = "ACCOUNT")]
        retire: Option<String>,
        /// This one is used, and nothing before its latest statement needs reading any more
        #[arg(long = "use", value_name = "ACCOUNT", conflicts_with = "retire")]
        used: Option<String>,
        #[arg(long)]
        json: bool,
    },
}

pub async fn run(common: &Common, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Parse { file, format, json } => {
            let format = known(&format)?;
            let (_, bytes) = read_input(file.as_deref())?;
            let parsed = parse(&bytes, format);
            if json {
                return print_json(&parsed);
            }
            for statement in &parsed.statements {
                println!("{} {} {}", statement.account, statement.currency, statement.number.as_deref().unwrap_or(""));
                for entry in &statement.entries {
                    let name = entry.counterparty_name.as_deref().unwrap_or("");
                    println!("  {}  {:>14}  {name}  {}", entry.booking_date, entry.amount.to_string(), entry.purpose);
                }
            }
            for problem in &parsed.problems {
                eprintln!("{}: {} ({})", problem.at, problem.what, problem.kept);
            }
            if parsed.statements.is_empty() {
                anyhow::bail!("no bank statement was found in this file");
            }
            Ok(())
        }
        Command::Import { file, format, json } => {
            let format = known(&format)?;
            let (name, bytes) = read_input(file.as_deref())?;
            let house = common.house().await?;
            let report = import_statement(&house, &name, &bytes, format).await?;
            if json {
                return print_json(&report);
            }
            println!(
                "{}: {} lines, {} known before, {} payments — {} found their place, {} need a look, {} waiting letters cancelled",
                report.file,
                report.entries,
                report.known_before,
                report.payments,
                report.matched.matched,
                report.matched.waiting,
                report.matched.letters_cancelled
            );
            super::matching::print_lines(&report.matched);
            for days in &report.missing {
                eprintln!("{}; until then nothing presses that could have been paid in those days", not_read(days));
            }
            for problem in &report.problems {
                eprintln!("{}: {} ({})", problem.at, problem.what, problem.kept);
            }
            Ok(())
        }
        Command::Accounts { retire, used, json } => {
            let house = common.house().await?;
            let said = retire.map(|name| (name, Word::Retire)).or_else(|| used.map(|name| (name, Word::Use)));
            if let Some((name, word)) = said {
                say_of_account(&house, &name, word).await?;
            }
            let accounts = statement_accounts(&house).await?;
            if json {
                return print_json(&accounts);
            }
            for account in &accounts {
                let to = account.covered_to.map_or_else(|| "-".to_string(), |day| day.to_string());
                println!("{to}  {}{}", account.account, if account.retired { "  (used no longer)" } else { "" });
                for days in &account.missing {
                    println!("  {}", not_read(days));
                }
            }
            Ok(())
        }
    }
}

fn not_read(days: &MissingDays) -> String {
    format!("{}: no statement tells of {} to {}; import it", days.account, days.from, days.to)
}

fn known(format: &str) -> anyhow::Result<Format> {
    format.parse().map_err(|error: dunlin_bank_formats::UnknownFormat| usage(error.to_string()))
}
