//! `dunlin user`: who works in the firm, for whoever runs the machine.

use anyhow::Context;

use dunlin_core::access::Role;
use dunlin_store::people::users::UserState;
use dunlin_store::{LogEntry, User};

use super::{Common, usage};
use crate::house::House;
use crate::use_cases::manage_users::{change, erase_user, invite, invite_again, sign_out_everywhere};
use crate::use_cases::sign_in::forget_failures_of;

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Who works here
    List {
        #[arg(long)]
        json: bool,
    },
    /// Invite somebody, or somebody again who lost the password or the second factor
    Invite {
        email: String,
        /// Needed for somebody new
        #[arg(long, default_value = "")]
        name: String,
        /// sales, manager, finance, owner or auditor
        #[arg(long, default_value = "sales")]
        role: String,
        /// The address under which the pages are reached
        #[arg(long, env = "DUNLIN_PUBLIC_URL", default_value = "http://localhost:7447")]
        public_url: String,
    },
    /// Somebody leaves: they may not come in any more
    LetGo { email: String },
    /// Sign somebody out of every browser: a laptop was lost
    SignOut { email: String },
    /// Forget who somebody was who has left; what they did stays
    Erase {
        email: String,
        /// The name once more, exactly: this cannot be undone
        #[arg(long, value_name = "NAME")]
        confirm: String,
    },
    /// Forget failed sign-ins from a network address
    Unlock {
        email: String,
        /// The network address they try from
        #[arg(long, value_name = "ADDRESS")]
        from: String,
    },
}

pub async fn run(common: &Common, command: Command) -> anyhow::Result<()> {
    let house = common.house().await?;
    match command {
        Command::List { json } => list(&house, json).await,
        Command::Invite { email, name, role, public_url } => {
            let role = Role::from_code(&role).ok_or_else(|| {
                let known: Vec<&str> = Role::ALL.iter().map(|role| role.code()).collect();
                usage(format!("‘{role}’ is no role; known: {}", known.join(", ")))
            })?;
            let secret = match house.store.user_by_email(house.tenant.id, &email).await? {
                Some(known) => invite_again(&house, known.id).await?,
                None => invite(&house, &name, &email, role).await?.1,
            };
            println!("Hand this link over; it opens the door once, within a week:");
            println!("{}/join/{}/{secret}", public_url.trim_end_matches('/'), house.tenant.id);
            Ok(())
        }
        Command::LetGo { email } => {
            let user = find(&house, &email).await?;
            change(&house, user.id, user.role, UserState::Left).await?;
            println!(
                "{} may not come in any more; their buyers are still theirs: hand them over in the settings",
                user.name
            );
            Ok(())
        }
        Command::SignOut { email } => {
            let user = find(&house, &email).await?;
            let ended = sign_out_everywhere(&house, user.id).await?;
            println!(
                "{} is signed out everywhere (browsers: {ended}); password, second factor and keys stay",
                user.name
            );
            Ok(())
        }
        Command::Erase { email, confirm } => {
            let user = find(&house, &email).await?;
            erase_user(&house, user.id, &confirm).await?;
            println!("erased for good; what they did stays, under a number");
            Ok(())
        }
        Command::Unlock { email, from } => {
            let user = find(&house, &email).await?;
            forget_failures_of(&house.store, &user.email, &from).await?;
            let mut commit = house.begin().await?;
            commit.log(LogEntry::new("user.unlocked", "user", user.id.to_string()).words("address", &from));
            commit.finish().await?;
            println!("{} may try again from {from}", user.name);
            Ok(())
        }
    }
}

async fn find(house: &House, email: &str) -> anyhow::Result<User> {
    let found = house.store.user_by_email(house.tenant.id, email).await?;
    found.with_context(|| format!("nobody here has the address {email}; `dunlin user list` shows who works here"))
}

async fn list(house: &House, json: bool) -> anyhow::Result<()> {
    let users = house.store.users(house.tenant.id).await?;
    if json {
        let rows: Vec<serde_json::Value> = users
            .iter()
            .map(|user| {
                serde_json::json!({"id": user.id.to_string(), "name": user.name, "email": user.email,
                    "role": user.role.code(), "state": user.state.code(), "second_factor": user.totp_sealed.is_some()})
            })
            .collect();
        return super::open::print_json(&rows);
    }
    for user in users {
        let factor = if user.totp_sealed.is_some() { "second factor" } else { "" };
        println!("{:<24} {:<32} {:<8} {:<8} {factor}", user.name, user.email, user.role.code(), user.state.code());
    }
    Ok(())
}
