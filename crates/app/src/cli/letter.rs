//! `dunlin letter`: what waits, what it says, yes and no.

use std::path::PathBuf;

use anyhow::{Context, bail};

use dunlin_core::case::LetterState;
use dunlin_core::explain::coded;
use dunlin_core::letter::WrongSend;
use dunlin_core::money::Money;
use dunlin_core::party::{Channel, Language};
use dunlin_store::pages::find::human_number;
use dunlin_store::{Actor, StoredLetter, Via};
use jiff::Timestamp;

use super::open::print_json;
use super::say::{Say, Spoken};
use super::{Common, usage};
use crate::embedded::{letter_files, letter_texts, nobodys_letters, not_usable, texts_with};
use crate::house::House;
use crate::printer::statement_pdf;
use crate::titles::Titles;
use crate::use_cases::approve_letter::{
    approve_letter, decline_letter, pasted_letter, preview_letter, settle_letter, unapprove_letter,
};
use crate::use_cases::repair_letter::{preview_repair, repair_letter};
use crate::use_cases::sign_in::{Answer, Knock, knock};
use crate::use_cases::try_letter::try_letter;

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Letters in a state: review, queued, to_paste, sending, sent, failed, uncertain, cancelled
    List {
        #[arg(default_value = "review")]
        state: String,
        #[command(flatten)]
        spoken: Spoken,
    },
    /// The text as it would leave now, or as it left
    Show {
        letter: String,
        #[command(flatten)]
        spoken: Spoken,
    },
    /// Say yes
    Approve {
        letter: String,
        /// Who says so: the address they sign in with. Their password is asked for, or read from DUNLIN_PASSWORD
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
    /// Put a letter right that left: a correction leaves at once, and its step counts as not taken
    Repair {
        letter: String,
        /// mistake (it should not have gone), amount or recipient
        #[arg(long, value_parser = ["mistake", "amount", "recipient"])]
        wrong: String,
        /// Only show the correction
        #[arg(long)]
        dry_run: bool,
        #[arg(long)]
        json: bool,
    },
    /// Check letter texts: those in use, or files and folders before they are used
    Check { path: Vec<PathBuf> },
    /// A letter as it would read about a receivable, whether or not it is its turn
    Preview {
        /// Name of the letter, as playbooks give it: b5_first_reminder
        name: String,
        #[arg(long, value_name = "LANGUAGE")]
        lang: String,
        /// The receivable: R-1042, or its invoice
        #[arg(long, value_name = "RECEIVABLE")]
        subject: String,
        #[arg(long, default_value = "email")]
        channel: String,
        /// Also write the account statement here
        #[arg(long, value_name = "FILE")]
        pdf: Option<PathBuf>,
    },
}

pub async fn run(common: &Common, command: Command) -> anyhow::Result<()> {
    if let Command::Check { path } = command {
        return check(common, &path);
    }
    let house = common.house().await?;
    match command {
        Command::List { state, spoken } => {
            let state = LetterState::from_code(&state).ok_or_else(|| {
                let known: Vec<&str> = LetterState::ALL.iter().map(|state| state.code()).collect();
                usage(format!("‘{state}’ is not a state; known: {}", known.join(", ")))
            })?;
            let (say, titles) = (Say::new(&house, spoken.lang), Titles::new(&house, spoken.lang));
            for letter in house.store.letters_in(house.tenant.id, state, 500).await? {
                let (number, name) = house.store.party_name(house.tenant.id, letter.party_id).await?;
                let mut parts = vec![format!("L-{:04}", letter.number), format!("{number} {name}")];
                parts.extend(asked(&letter).map(|money| say.money(money)));
                parts.push(titles.letter(&letter));
                parts.push(coded(say.language, "channel", letter.channel.code()));
                parts.push(coded(say.language, "language", letter.language.code()));
                parts.push(when(&letter, &say));
                println!("{}", parts.join("  "));
            }
        }
        Command::Show { letter, spoken } => {
            let letter = house.store.letter_by_number(house.tenant.id, number(&letter)?).await?;
            if let Some(mail) = house.store.sent_mail(house.tenant.id, &letter).await? {
                println!("{}", stands(&letter, &Say::new(&house, spoken.lang)));
                println!("To: {}\nSubject: {}\n\n{}", mail.to, mail.subject, mail.body);
            } else if letter.state == LetterState::Sent {
                bail!("the text of L-{:04} is not kept any more", letter.number);
            } else {
                let written = preview_letter(&house, &letter).await?;
                println!("{}", stands(&letter, &Say::new(&house, spoken.lang)));
                let to = match written.to_name.trim() {
                    "" => written.to,
                    name => format!("{name} <{}>", written.to),
                };
                println!("To: {to}\nSubject: {}\n\n{}", written.subject, written.body);
            }
        }
        Command::Approve { letter, by } => {
            let house = signed_by(house, &by).await?;
            let missing = approve_letter(&house, number(&letter)?, None).await?;
            println!("{letter} is approved by {}", house.actor.name());
            if missing > 0 {
                println!("it needs {missing} more");
            }
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
        Command::Repair { letter, wrong, dry_run, json } => {
            let wrong = WrongSend::from_code(&format!("wrong_{}", wrong.replace("mistake", "send")))
                .ok_or_else(|| usage(format!("‘{wrong}’ is not known; write mistake, amount or recipient")))?;
            repair(&house, number(&letter)?, wrong, dry_run, json).await?;
        }
        Command::Preview { name, lang, subject, channel, pdf } => {
            let language = Language::from_code(&lang).ok_or_else(|| {
                let known: Vec<&str> = Language::ALL.iter().map(|language| language.code()).collect();
                usage(format!("‘{lang}’ is not a language; known: {}", known.join(", ")))
            })?;
            let channel = Channel::from_code(&channel)
                .ok_or_else(|| usage(format!("‘{channel}’ is not a channel; write email, in_site or phone")))?;
            let found = house.store.find_receivable(house.tenant.id, &subject).await?.into();
            let written = try_letter(&house, &name, language, channel, &found).await?;
            if written.fell_back {
                eprintln!("{name} does not exist in {lang}; this is the English text");
            }
            println!("To: {} <{}>\nSubject: {}\n\n{}", written.to_name, written.to, written.subject, written.body);
            if let (Some(path), Some(statement)) = (pdf, &written.statement) {
                std::fs::write(&path, statement_pdf(statement)?)
                    .with_context(|| format!("cannot write {}", path.display()))?;
                eprintln!("the account statement is in {}", path.display());
            }
        }
        Command::Check { .. } => {}
    }
    Ok(())
}

async fn repair(house: &House, number: i64, wrong: WrongSend, dry_run: bool, json: bool) -> anyhow::Result<()> {
    let all = preview_repair(house, number, wrong).await?;
    let sent = match dry_run {
        true => None,
        false => Some(repair_letter(house, number, wrong, Some(&all.content_hash())).await?),
    };
    let (written, named) = (&all.main.written, |number: i64| format!("L-{number:04}"));
    if json {
        return print_json(&serde_json::json!({
            "letter": named(number),
            "wrong": wrong.code(),
            "correction": sent.as_ref().map(|sent| named(sent.own)),
            "to": written.to,
            "subject": written.subject,
            "body": written.body,
            "copies": all.copies.iter().enumerate().map(|(nth, (copied, copy))| serde_json::json!({
                "letter": named(*copied),
                "correction": sent.as_ref().and_then(|sent| sent.copies.get(nth)).map(|own| named(*own)),
                "to": copy.written.to,
                "subject": copy.written.subject,
                "body": copy.written.body,
            })).collect::<Vec<_>>(),
        }));
    }
    for written in std::iter::once(written).chain(all.copies.iter().map(|(_, copy)| &copy.written)) {
        println!("To: {} <{}>\nSubject: {}\n\n{}\n", written.to_name, written.to, written.subject, written.body);
    }
    if let Some(sent) = sent {
        let rights =
            std::iter::once((number, sent.own)).chain(all.copies.iter().map(|(copied, _)| *copied).zip(sent.copies));
        for (wrong, own) in rights {
            println!("{} puts {} right and leaves with the next `dunlin send`", named(own), named(wrong));
        }
    }
    Ok(())
}

/// The house with a person of the firm acting in it, who has shown who they are. While nobody works in the firm yet, the
/// name is what the person at the machine says it is.
async fn signed_by(house: House, by: &str) -> anyhow::Result<House> {
    if by.trim().is_empty() {
        anyhow::bail!("say who approves: an approval carries a name");
    }
    if !house.store.has_users(house.tenant.id).await? {
        return Ok(house.acting(Actor::command_line(by.trim().to_string())));
    }
    let password = match std::env::var("DUNLIN_PASSWORD") {
        Ok(password) => password,
        Err(_) => rpassword::prompt_password(format!("Password of {by}: ")).context("cannot ask for the password")?,
    };
    let code = std::env::var("DUNLIN_CODE").unwrap_or_default();
    let tenant = Some(house.tenant.id);
    let mut knocked =
        Knock { email: by, password: &password, code: &code, address: "command line", browser_secret: None, tenant };
    let mut answer = knock(&house.store, &knocked, Timestamp::now()).await?;
    let typed;
    if matches!(answer, Answer::CodeWanted) {
        typed = rpassword::prompt_password("Code of the second factor: ").context("cannot ask for the code")?;
        knocked.code = &typed;
        answer = knock(&house.store, &knocked, Timestamp::now()).await?;
    }
    match answer {
        Answer::In(user) if user.tenant_id == house.tenant.id => {
            let from = house.actor.from.clone();
            Ok(house.acting(Actor::user(Via::CommandLine, user.acting(), from)))
        }
        Answer::Later(until) => anyhow::bail!("too many failures; try again after {until:.0}"),
        Answer::In(_) | Answer::Wrong | Answer::CodeWanted | Answer::FirmWanted(_) => {
            anyhow::bail!("address, password or code is not right; nothing was approved")
        }
    }
}

fn check(common: &Common, path: &[PathBuf]) -> anyhow::Result<()> {
    common.use_own_letters()?;
    let own;
    let places = if path.is_empty() { common.letters.as_slice() } else { path };
    let files = places.iter().map(|path| letter_files(path)).collect::<anyhow::Result<Vec<_>>>()?.concat();
    let mut problems = nobodys_letters(&files, common.playbooks.as_deref());
    let texts = if path.is_empty() {
        letter_texts()
    } else {
        own = texts_with(files).map_err(not_usable)?;
        &own
    };
    problems.extend(dunlin_documents::letter::check::check(texts));
    if !problems.is_empty() {
        return Err(not_usable(problems));
    }
    println!("every letter can be written in every language it exists in");
    Ok(())
}

/// What a letter asks for; `None` where it asks for no money.
fn asked(letter: &StoredLetter) -> Option<Money> {
    let asked = letter.items.iter().map(|item| item.pressed.minor).sum();
    Some(Money::new(asked, letter.currency)).filter(|money| money.is_positive())
}

/// When a letter leaves or left.
fn when(letter: &StoredLetter, say: &Say) -> String {
    match letter.settled_at {
        Some(at) => format!("{} {}", coded(say.language, "letter-state", letter.state.code()), say.at(at)),
        None => say.text("cli-letter-leaves", &[("at", say.at(letter.not_before))]),
    }
}

/// How a letter stands, above its text; of one that did not leave, that its text was never kept.
fn stands(letter: &StoredLetter, say: &Say) -> String {
    let state = coded(say.language, "letter-state", letter.state.code());
    let line = format!("L-{:04}  {state}", letter.number);
    match letter.state {
        LetterState::Cancelled | LetterState::Failed => format!("{line}\n{}", say.text("cli-letter-not-sent", &[])),
        _ => line,
    }
}

fn number(text: &str) -> anyhow::Result<i64> {
    human_number('L', text).ok_or_else(|| usage(format!("‘{text}’ is not a letter; write for instance L-0012")))
}
