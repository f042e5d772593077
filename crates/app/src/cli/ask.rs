//! `dunlin ask`: questions to a buyer about a payment, or about documents that a bank did not accept.

use jiff::civil::Date;
use serde_json::json;

use dunlin_core::question::QuestionKind;
use dunlin_store::pages::find::human_number;

use super::open::print_json;
use super::{Common, usage};
use crate::house::House;
use crate::use_cases::ask_buyer::{
    Discrepancy, PaymentQuestion, Question, answer_question, ask_buyer, preview_question,
};
use crate::use_cases::standing_facts::Found;

#[derive(Debug, clap::Subcommand)]
pub enum AskCommand {
    /// Ask about a payment: why it is short, what to do with too much, what it is for
    Payment {
        payment: String,
        /// What to ask
        #[arg(long, value_parser = ["short", "over", "which", "third_party", "currency"])]
        question: String,
        /// Whom to ask, where neither the receivables nor the place of the payment tell
        #[arg(long)]
        debtor: Option<String>,
        /// What the letter names; repeat for each; without it what the payment speaks of
        #[arg(long)]
        receivable: Vec<String>,
        /// Days for an answer
        #[arg(long)]
        days: Option<i32>,
        #[command(flatten)]
        how: How,
    },
    /// Ask to accept documents under a letter of credit in which the bank found a discrepancy
    Discrepancy {
        receivable: String,
        /// Day of the bank's notice
        #[arg(long)]
        on: Date,
        /// What the bank wrote
        #[arg(long)]
        words: String,
        /// The bank waits until this day
        #[arg(long)]
        by: Date,
        #[command(flatten)]
        how: How,
    },
    /// Note the buyer's answer to the question that a letter asks
    Answer {
        letter: String,
        #[arg(long)]
        words: String,
    },
    /// Questions that wait for an answer
    List {
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, clap::Args)]
pub struct How {
    /// Only show the letter
    #[arg(long)]
    dry_run: bool,
    #[arg(long)]
    json: bool,
}

pub async fn run(common: &Common, command: AskCommand) -> anyhow::Result<()> {
    let house = common.house().await?;
    match command {
        AskCommand::Payment { payment, question, debtor, receivable, days, how } => {
            let kind = QuestionKind::from_code(&question).ok_or_else(|| usage(format!("‘{question}’ is not known")))?;
            let debtor = match debtor {
                Some(name) => {
                    let known = house.store.find_party(house.tenant.id, &name).await?;
                    Some(known.ok_or_else(|| usage(format!("‘{name}’ is not a debtor")))?.0)
                }
                None => None,
            };
            let mut receivables: Vec<Found> = Vec::with_capacity(receivable.len());
            for name in &receivable {
                receivables.push(house.store.find_receivable(house.tenant.id, name).await?.into());
            }
            let payment = number('P', &payment)?;
            ask(&house, &Question::Payment(PaymentQuestion { payment, kind, debtor, receivables, days }), &how).await
        }
        AskCommand::Discrepancy { receivable, on, words, by, how } => {
            let receivable = house.store.find_receivable(house.tenant.id, &receivable).await?.into();
            ask(&house, &Question::Discrepancy(Discrepancy { receivable, on, words, answer_by: by }), &how).await
        }
        AskCommand::Answer { letter, words } => {
            answer_question(&house, number('L', &letter)?, &words).await?;
            println!("the answer to {letter} is noted");
            Ok(())
        }
        AskCommand::List { json } => list(&house, json).await,
    }
}

async fn ask(house: &House, question: &Question, how: &How) -> anyhow::Result<()> {
    let written = preview_question(house, question).await?.written;
    let asked = match how.dry_run {
        true => None,
        false => Some(ask_buyer(house, question, Some(&written.content_hash())).await?),
    };
    if how.json {
        return print_json(&json!({
            "letter": asked.map(|asked| format!("L-{:04}", asked.number)),
            "approved": asked.map(|asked| asked.is_approved),
            "paused_until": asked.map(|asked| asked.until.to_string()),
            "to": written.to,
            "subject": written.subject,
            "body": written.body,
        }));
    }
    println!("To: {} <{}>\nSubject: {}\n\n{}", written.to_name, written.to, written.subject, written.body);
    if let Some(asked) = asked {
        let next = match asked.is_approved {
            true => "leaves in the buyer's hours",
            false => "waits for a yes: dunlin letter approve",
        };
        println!("\nL-{:04} {next}; nobody is pressed for what it names until {}", asked.number, asked.until);
    }
    Ok(())
}

async fn list(house: &House, as_json: bool) -> anyhow::Result<()> {
    let open = house.store.questions_seen(house.tenant.id, &house.sight).await?;
    if as_json {
        let line = |row: &dunlin_store::QuestionRow| {
            json!({
                "letter": format!("L-{:04}", row.letter_number),
                "question": row.kind.code(),
                "receivable": format!("R-{:04}", row.receivable_number),
                "letter_state": row.letter_state.code(),
                "answer_by": row.answer_by.to_string(),
            })
        };
        return print_json(&open.iter().map(line).collect::<Vec<_>>());
    }
    for row in &open {
        let (letter, receivable) = (row.letter_number, row.receivable_number);
        println!(
            "L-{letter:04}  R-{receivable:04}  {}  {}  answer by {}",
            row.kind.code(),
            row.letter_state.code(),
            row.answer_by
        );
    }
    Ok(())
}

fn number(prefix: char, text: &str) -> anyhow::Result<i64> {
    human_number(prefix, text)
        .ok_or_else(|| usage(format!("‘{text}’ is not a number of ours; write for instance {prefix}-0012")))
}
