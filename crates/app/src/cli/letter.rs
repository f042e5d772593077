//! `dunlin letter`: what waits, what it says, yes and no.

use dunlin_core::case::LetterState;
use dunlin_store::pages::find::human_number;

use super::{Common, usage};
use crate::use_cases::approve_letter::{
    approve_letter, decline_letter, pasted_letter, preview_letter, settle_letter, unapprove_letter,
};

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Letters in a state: review, queued, to_paste, sending, sent, failed, uncertain, cancelled
    List {
        #[arg(default_value = "review")]
        state: String,
    },
    /// The text as it would leave now, or as it left
    Show { letter: String },
    /// Say yes
    Approve {
        letter: String,
        /// Who says so
        #[arg(long)]
        by: String,
    },
    /// Take a yes back while it has not left
    Unapprove { letter: String },
    /// Say no; the ladder goes on with its next step
    Decline {
        letter: String,
        #[arg(long, default_value = "")]
        why: String,
    },
    /// Say that a message was pasted into the chat it was for
    Pasted { letter: String },
    /// Say what a look-up of an uncertain letter found
    Settle {
        letter: String,
        /// sent or not-sent
        #[arg(value_parser = ["sent", "not-sent"])]
        found: String,
    },
    /// Check all letter texts
    Check,
}

pub async fn run(common: &Common, command: Command) -> anyhow::Result<()> {
    if let Command::Check = command {
        let problems = dunlin_documents::letter::check::check(crate::embedded::letter_texts());
        for problem in &problems {
            eprintln!("{problem}");
        }
        if !problems.is_empty() {
            anyhow::bail!("{} problems", problems.len());
        }
        println!("every letter can be written in every language it exists in");
        return Ok(());
    }
    let house = common.house().await?;
    match command {
        Command::List { state } => {
            let state = LetterState::from_code(&state).ok_or_else(|| {
                let known: Vec<&str> = LetterState::ALL.iter().map(|state| state.code()).collect();
                usage(format!("‘{state}’ is not a state; known: {}", known.join(", ")))
            })?;
            for letter in house.store.letters_in(house.tenant.id, state, 500).await? {
                println!(
                    "L-{:04}  {}  {}  {}  {}  leaves {}",
                    letter.number,
                    letter.letter,
                    letter.channel.code(),
                    letter.language.code(),
                    letter.items.len(),
                    letter.not_before
                );
            }
        }
        Command::Show { letter } => {
            let letter = house.store.letter_by_number(house.tenant.id, number(&letter)?).await?;
            if let Some(mail) = house.store.sent_mail(house.tenant.id, &letter).await? {
                println!("To: {}\nSubject: {}\n\n{}", mail.to, mail.subject, mail.body);
            } else {
                let written = preview_letter(&house, &letter).await?;
                println!("To: {} <{}>\nSubject: {}\n\n{}", written.to_name, written.to, written.subject, written.body);
            }
        }
        Command::Approve { letter, by } => {
            approve_letter(&house, number(&letter)?, &by, None).await?;
            println!("{letter} is approved by {by}");
        }
        Command::Unapprove { letter } => {
            unapprove_letter(&house, number(&letter)?).await?;
            println!("{letter} waits for approval again");
        }
        Command::Decline { letter, why } => {
            decline_letter(&house, number(&letter)?, &why).await?;
            println!("{letter} will not be sent");
        }
        Command::Pasted { letter } => {
            pasted_letter(&house, number(&letter)?, None).await?;
            println!("{letter} is kept as sent");
        }
        Command::Settle { letter, found } => {
            settle_letter(&house, number(&letter)?, found == "sent").await?;
            println!("{letter} is settled");
        }
        Command::Check => {}
    }
    Ok(())
}

fn number(text: &str) -> anyhow::Result<i64> {
    human_number('L', text).ok_or_else(|| usage(format!("‘{text}’ is not a letter; write for instance L-0012")))
}
