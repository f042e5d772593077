//! `dunlin statement parse|import|accounts`.

use std::path::PathBuf;

use dunlin_bank_formats::{Format, parse};
use dunlin_core::explain::UiLanguage;
use dunlin_core::locale;

use super::open::{print_json, read_input};
use super::say::{Say, Spoken};
use super::{Common, usage};
use crate::bank_words;
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
        #[command(flatten)]
        spoken: Spoken,
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
        #[command(flatten)]
        spoken: Spoken,
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
                eprintln!("{}", bank_words::problem(&problem.at, &problem.what, &problem.kept, UiLanguage::En));
            }
            if parsed.statements.is_empty() {
                anyhow::bail!("no bank statement was found in this file");
            }
            Ok(())
        }
        Command::Import { file, format, spoken, json } => {
            let format = known(&format)?;
            let (name, bytes) = read_input(file.as_deref())?;
            let house = common.house().await?;
            let report = import_statement(&house, &name, &bytes, format).await?;
            if json {
                return print_json(&report);
            }
            let say = Say::new(&house, spoken.lang);
            let values = [
                ("file", report.file.clone()),
                ("lines", say.count("cli-n-lines", report.entries)),
                ("known", report.known_before.to_string()),
                ("payments", say.count("cli-n-payments", report.payments)),
                ("matched", report.matched.matched.to_string()),
                ("look", report.matched.waiting.to_string()),
                ("cancelled", report.matched.letters_cancelled.to_string()),
            ];
            println!("{}", say.text("cli-statement", &values));
            super::matching::print_lines(&report.matched, &say);
            for days in &report.missing {
                eprintln!("{}", say.text("cli-statement-until-then", &[("line", not_read(days, &say))]));
            }
            for problem in &report.problems {
                eprintln!("{}", bank_words::problem(&problem.at, &problem.what, &problem.kept, say.language));
            }
            Ok(())
        }
        Command::Accounts { retire, used, spoken, json } => {
            let house = common.house().await?;
            let said = retire.map(|name| (name, Word::Retire)).or_else(|| used.map(|name| (name, Word::Use)));
            if let Some((name, word)) = said {
                say_of_account(&house, &name, word).await?;
            }
            let accounts = statement_accounts(&house).await?;
            if json {
                return print_json(&accounts);
            }
            let say = Say::new(&house, spoken.lang);
            for account in &accounts {
                let to = account.covered_to.map_or_else(|| "-".to_string(), |day| day.to_string());
                println!("{to}  {}{}", account.account, if account.retired { "  (used no longer)" } else { "" });
                for days in &account.missing {
                    println!("  {}", not_read(days, &say));
                }
            }
            Ok(())
        }
    }
}

fn not_read(days: &MissingDays, say: &Say) -> String {
    let day = |day| locale::date(day, say.language.letters());
    let values = [("account", days.account.clone()), ("from", day(days.from)), ("to", day(days.to))];
    say.text("cli-statement-not-read", &values)
}

fn known(format: &str) -> anyhow::Result<Format> {
    format.parse().map_err(|error: dunlin_bank_formats::UnknownFormat| usage(error.to_string()))
}
