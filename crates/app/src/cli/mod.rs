//! The command line: one file per command. Exit code 0 done, 1 the work failed, 2 wrong usage. With `--json` one
//! document goes to standard output and everything else to standard error.

mod ask;
mod backtest;
mod case;
mod connect;
mod contact;
mod credit;
mod days;
mod demo;
mod explain;
mod import;
mod import_words;
mod init;
mod keep;
mod letter;
mod looks;
mod matching;
mod open;
mod order;
mod order_owed;
mod party;
mod person;
mod plan;
mod playbook;
mod product;
mod run;
mod sandbox;
mod say;
mod send;
mod serve;
mod setup;
mod simulate;
mod standing;
mod statement;
mod supply;
mod suppress;
mod sync;
mod task;
mod token;
mod user;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use open::Common;

/// Dunlin gets cross-border sellers paid: who owes, why, whom to write to, and silence once the money is in.
#[derive(Debug, Parser)]
#[command(name = "dunlin", version, disable_help_subcommand = true)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build the demo company through the ordinary import, live through its weeks, then serve it
    Demo(demo::Args),
    /// Make a database for your own firm
    Init(init::Args),
    /// Look at the configuration
    #[command(subcommand)]
    Config(setup::ConfigCommand),
    /// Bring the database up to date
    Migrate,
    /// Read a spreadsheet: orders, debtors, contacts, receivables, payments, products, stock
    Import(import::Args),
    /// Bank statements
    #[command(subcommand)]
    Statement(statement::Command),
    /// Find the place of incoming money
    Match(matching::Args),
    /// Ask a buyer about a payment, or about documents with a discrepancy
    #[command(subcommand)]
    Ask(ask::AskCommand),
    /// Decide, audit, commit
    Run(run::Args),
    /// Send what waits in the outbox
    Send(send::Args),
    /// Why something, why nothing
    Explain(explain::Args),
    /// What will be sent in the next days
    Simulate(simulate::Args),
    /// What the playbooks would have done in days that are over
    Backtest(backtest::Args),
    /// Letters: list, show, approve, decline, settle
    #[command(subcommand)]
    Letter(letter::Command),
    /// Work for a person: list, show, done, drop, snooze
    #[command(subcommand)]
    Task(task::Command),
    /// Check playbooks, publish one
    #[command(subcommand)]
    Playbook(playbook::Command),
    /// Block a debtor, note an objection, choose its playbook, stop or allow new goods, merge two into one
    #[command(subcommand)]
    Party(party::Command),
    /// Addresses, numbers and domains that may not be used: add, list, end
    #[command(subcommand)]
    Suppress(suppress::Command),
    /// The catalogue, what is in stock, what could stand in for an article: list, show, similar, pin, unpin, stock
    #[command(subcommand)]
    Product(product::Command),
    /// Orders: list, show, hold, release, in-stock, stock-out, substitutes, shipped, state, and what is open with their buyers
    #[command(subcommand)]
    Order(order::Command),
    /// Services outside: a marketplace, a tracking service
    #[command(subcommand)]
    Connect(connect::ConnectCommand),
    /// Read what changed at the connected shop
    Sync(sync::Args),
    /// Serve stand-ins of the services on this machine, to try everything out
    Sandbox(sandbox::Args),
    /// People at a debtor: list, add, change, retire, reinstate
    #[command(subcommand)]
    Contact(contact::ContactCommand),
    /// What is known of a person, and forgetting one
    #[command(subcommand)]
    Person(person::Command),
    /// Who works in the firm
    #[command(subcommand)]
    User(user::Command),
    /// Pause a buyer or a receivable
    #[command(subcommand)]
    Hold(standing::HoldCommand),
    /// Instalments agreed in place of one amount
    #[command(subcommand)]
    Plan(plan::PlanCommand),
    /// Note a promise to pay
    #[command(subcommand)]
    Promise(standing::PromiseCommand),
    /// Note or settle a dispute
    #[command(subcommand)]
    Dispute(standing::DisputeCommand),
    /// Note why a receivable is unpaid
    Why(case::WhyArgs),
    /// Begin a case anew, hand it over, take it back, enter an earlier step
    #[command(subcommand)]
    Case(case::CaseCommand),
    /// Note a credit note or price reduction
    #[command(subcommand)]
    Credit(credit::CreditCommand),
    /// Give up all that is outstanding on a receivable, or part of it
    WriteOff(credit::WriteOffArgs),
    /// Keys for programs that use the API
    #[command(subcommand)]
    Token(token::Command),
    /// Serve the pages, and work the queue
    Serve(serve::Args),
    /// Work the queue without pages
    Worker(serve::WorkerArgs),
    /// Write everything into one file
    Backup(keep::BackupArgs),
    /// Backups that lie on this machine, and how each is restored
    Backups(keep::BackupsArgs),
    /// Make a database out of a backup
    Restore(keep::RestoreArgs),
    /// Look whether the database is sound
    Doctor(keep::DoctorArgs),
}

/// Parses, runs, reports.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    let filter = tracing_subscriber::EnvFilter::try_from_env("DUNLIN_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,sqlx=error"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    leave_quietly_when_nobody_reads();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("the program cannot start its workers: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(dispatch(cli)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("dunlin: {error:#}");
            if error.is::<UsageError>() { ExitCode::from(2) } else { ExitCode::FAILURE }
        }
    }
}

/// `dunlin … | head` closes our output early: that is no failure of ours.
fn leave_quietly_when_nobody_reads() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let message = info.payload().downcast_ref::<String>().map_or("", String::as_str);
        if message.starts_with("failed printing to stdout") {
            std::process::exit(0);
        }
        usual(info);
    }));
}

/// A mistake in the words of the command: exit code 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct UsageError(pub String);

/// Wraps a message as wrong usage.
pub(crate) fn usage(message: impl Into<String>) -> anyhow::Error {
    UsageError(message.into()).into()
}

async fn dispatch(cli: Cli) -> anyhow::Result<()> {
    let common = cli.common;
    match cli.command {
        Command::Demo(args) => demo::run(args).await,
        Command::Init(args) => init::run(&common, args).await,
        Command::Config(command) => setup::config(&common, command).await,
        Command::Migrate => setup::migrate(&common).await,
        Command::Import(args) => import::run(&common, args).await,
        Command::Statement(command) => statement::run(&common, command).await,
        Command::Match(args) => matching::run(&common, args).await,
        Command::Ask(command) => ask::run(&common, command).await,
        Command::Run(args) => run::run(&common, args).await,
        Command::Send(args) => send::run(&common, args).await,
        Command::Explain(args) => explain::run(&common, args).await,
        Command::Simulate(args) => simulate::run(&common, args).await,
        Command::Backtest(args) => backtest::run(&common, args).await,
        Command::Letter(command) => letter::run(&common, command).await,
        Command::Task(command) => task::run(&common, command).await,
        Command::Playbook(command) => playbook::run(&common, command).await,
        Command::Party(command) => party::run(&common, command).await,
        Command::Suppress(command) => suppress::run(&common, command).await,
        Command::Product(command) => product::run(&common, command).await,
        Command::Order(command) => order::run(&common, command).await,
        Command::Connect(command) => connect::run(&common, command).await,
        Command::Sync(args) => sync::run(&common, args).await,
        Command::Sandbox(args) => sandbox::run(args).await,
        Command::Contact(command) => contact::contact(&common, command).await,
        Command::Person(command) => person::run(&common, command).await,
        Command::User(command) => user::run(&common, command).await,
        Command::Hold(command) => standing::hold(&common, command).await,
        Command::Plan(command) => plan::plan(&common, command).await,
        Command::Promise(command) => standing::promise(&common, command).await,
        Command::Dispute(command) => standing::dispute(&common, command).await,
        Command::Why(args) => case::why(&common, args).await,
        Command::Case(command) => case::case(&common, command).await,
        Command::Credit(command) => credit::credit(&common, command).await,
        Command::WriteOff(args) => credit::write_off(&common, args).await,
        Command::Token(command) => token::run(&common, command).await,
        Command::Serve(args) => serve::run(&common, args).await,
        Command::Worker(args) => serve::work(&common, args).await,
        Command::Backup(args) => keep::backup(&common, args).await,
        Command::Backups(args) => keep::backups(&common, args).await,
        Command::Restore(args) => keep::restore(&common, args).await,
        Command::Doctor(args) => keep::doctor(&common, args).await,
    }
}
