//! `dunlin connect`: services outside, for whoever runs the machine. Secrets are asked for at the terminal or read from a
//! file; they are never an option, because options stand in the list of processes.

use std::path::{Path, PathBuf};

use anyhow::Context;
use dunlin_store::Connection;

use super::open::{print_json, read_input};
use super::{Common, usage};
use crate::house::House;
use crate::shop::{ALIEXPRESS, TRACK17};
use crate::use_cases::connect_service::{
    SERVICES, ServiceForm, Tested, begin_agreement, disconnect, finish_agreement, hook_path, set_service,
    test_connection,
};

#[derive(Debug, clap::Subcommand)]
pub enum ConnectCommand {
    /// The shop on AliExpress
    #[command(subcommand)]
    Aliexpress(ShopCommand),
    /// The account at 17TRACK
    #[command(subcommand)]
    Track17(TrackingCommand),
    /// What is connected
    List {
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, clap::Subcommand)]
pub enum ShopCommand {
    /// Keep the app's key and secret; the secret is asked for
    App {
        #[arg(long)]
        app_key: String,
        /// File with the app secret; `-`: standard input
        #[arg(long, value_name = "FILE")]
        secret_file: Option<PathBuf>,
        /// Address of a stand-in on this machine
        #[arg(long, default_value = "", value_name = "URL")]
        address: String,
    },
    /// Print the address where the seller signs in and agrees
    Agree {
        /// Where the seller is sent back to, as it is registered for the app
        #[arg(long, default_value = "http://localhost:7447/settings/marketplace/return", value_name = "URL")]
        return_to: String,
    },
    /// Finish with the address that the browser was sent back to
    Agreed {
        /// The whole address, with code and state
        returned: String,
        #[arg(long)]
        json: bool,
    },
    /// Ask the service something that changes nothing
    Test {
        #[arg(long)]
        json: bool,
    },
    /// End the connection; what was read stays
    End,
}

#[derive(Debug, clap::Subcommand)]
pub enum TrackingCommand {
    /// Keep the key of the account, which is asked for
    Key {
        /// File with the key; `-`: standard input
        #[arg(long, value_name = "FILE")]
        secret_file: Option<PathBuf>,
        /// Address of a stand-in on this machine
        #[arg(long, default_value = "", value_name = "URL")]
        address: String,
    },
    /// Ask the service something that changes nothing
    Test {
        #[arg(long)]
        json: bool,
    },
    /// End the connection; what was read stays
    End,
}

pub async fn run(common: &Common, command: ConnectCommand) -> anyhow::Result<()> {
    let house = common.house().await?;
    match command {
        ConnectCommand::Aliexpress(command) => shop(&house, command).await,
        ConnectCommand::Track17(command) => tracking(&house, command).await,
        ConnectCommand::List { json } => list(&house, json).await,
    }
}

async fn shop(house: &House, command: ShopCommand) -> anyhow::Result<()> {
    match command {
        ShopCommand::App { app_key, secret_file, address } => {
            let secret = secret(secret_file.as_deref(), "App secret: ")?;
            set_service(house, ALIEXPRESS, &ServiceForm { app_key, secret, address }).await?;
            println!("kept, sealed; now let the seller agree: dunlin connect aliexpress agree");
        }
        ShopCommand::Agree { return_to } => {
            let address = begin_agreement(house, &return_to).await?;
            println!("Open this within half an hour, and sign in as the shop:");
            println!("{address}");
            println!("Then: dunlin connect aliexpress agreed '<the address the browser was sent back to>'");
        }
        ShopCommand::Agreed { returned, json } => tell(&finish_agreement(house, &returned).await?, json)?,
        ShopCommand::Test { json } => tell(&test_connection(house, ALIEXPRESS).await?, json)?,
        ShopCommand::End => {
            disconnect(house, ALIEXPRESS).await?;
            println!("the connection is ended; its secrets are gone, what was read stays");
        }
    }
    Ok(())
}

async fn tracking(house: &House, command: TrackingCommand) -> anyhow::Result<()> {
    match command {
        TrackingCommand::Key { secret_file, address } => {
            let secret = secret(secret_file.as_deref(), "Key of 17TRACK: ")?;
            set_service(house, TRACK17, &ServiceForm { app_key: String::new(), secret, address }).await?;
            let connection = house.store.connection(house.tenant.id, TRACK17).await?;
            let path = connection.and_then(|connection| hook_path(house, &connection)).unwrap_or_default();
            println!("kept, sealed; enter as the webhook at 17TRACK, behind the address of your pages: {path}");
        }
        TrackingCommand::Test { json } => tell(&test_connection(house, TRACK17).await?, json)?,
        TrackingCommand::End => {
            disconnect(house, TRACK17).await?;
            println!("the connection is ended; its key is gone, what was told stays");
        }
    }
    Ok(())
}

/// A secret from a file, from standard input, or typed without being shown.
fn secret(file: Option<&Path>, question: &str) -> anyhow::Result<String> {
    let typed = match file {
        Some(file) => {
            let (_, bytes) = read_input(Some(file))?;
            String::from_utf8(bytes).map_err(|_| usage("the secret is no text"))?
        }
        None => rpassword::prompt_password(question).context("cannot ask for the secret; use --secret-file")?,
    };
    Ok(typed.trim().to_string())
}

fn tell(tested: &Tested, json: bool) -> anyhow::Result<()> {
    if json {
        return print_json(tested);
    }
    match (tested.service.as_str(), tested.numbers_left) {
        (TRACK17, Some(left)) => println!("17TRACK answers; {left} numbers may still be registered"),
        _ if tested.may_message => println!("{} is connected, and messages leave by themselves", tested.account),
        _ => println!("{} is connected; the app may not write messages: they are pasted by a person", tested.account),
    }
    Ok(())
}

async fn list(house: &House, json: bool) -> anyhow::Result<()> {
    let connections = house.store.connections(house.tenant.id).await?;
    if json {
        let shown: Vec<_> = connections.iter().map(shown).collect();
        return print_json(&serde_json::json!({ "connections": shown }));
    }
    for service in SERVICES {
        match connections.iter().find(|connection| connection.service == service) {
            None => println!("{service}: not connected"),
            Some(connection) => {
                let state = match () {
                    () if !connection.problem.is_empty() => format!("does not work ({})", connection.problem),
                    () if service == ALIEXPRESS && connection.sealed_token.is_none() => "waits for the seller".into(),
                    () => "connected".to_string(),
                };
                let read = connection.synced_at.map_or_else(String::new, |at| format!(", last read {at}"));
                println!("{service}: {state} at {}{read}", connection.address);
            }
        }
    }
    Ok(())
}

/// Without anything that opens the service.
fn shown(connection: &Connection) -> serde_json::Value {
    serde_json::json!({"service": connection.service, "address": connection.address, "app_key": connection.app_key,
        "agreed": connection.sealed_token.is_some(), "account": connection.account,
        "may_message": connection.may_message, "synced_at": connection.synced_at,
        "reached_until": connection.reached_until, "problem": connection.problem, "problem_at": connection.problem_at})
}
