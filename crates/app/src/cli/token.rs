//! `dunlin token create|list|end`: keys for programs that use the API.

use anyhow::Context;
use comfy_table::Table;
use serde_json::json;

use dunlin_core::access::Right;
use dunlin_core::ids::TokenId;
use dunlin_store::User;

use super::open::print_json;
use super::{Common, usage};
use crate::house::House;
use crate::use_cases::manage_tokens::{create_token, end_token, live_tokens};

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Make a token; what opens the door is printed once
    Create {
        /// Email address of the user it belongs to
        #[arg(long, value_name = "EMAIL")]
        user: String,
        /// What will use it
        #[arg(long)]
        name: String,
        /// What it may do, within the role of the user: see,work; see docs/manual/api.md
        #[arg(long, value_delimiter = ',', required = true)]
        scopes: Vec<String>,
        /// It ends after so many days
        #[arg(long, default_value_t = 90)]
        days: i64,
        #[arg(long)]
        json: bool,
    },
    /// Tokens that open something
    List {
        /// Only those of one user
        #[arg(long, value_name = "EMAIL")]
        user: Option<String>,
        #[arg(long)]
        json: bool,
    },
    /// End a token at once
    End {
        /// Its id, as `token list` shows it
        id: String,
    },
}

pub async fn run(common: &Common, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Create { user, name, scopes, days, json } => {
            let rights = scopes.iter().map(|code| right(code)).collect::<anyhow::Result<Vec<Right>>>()?;
            let house = common.house().await?;
            let user = named(&house, &user).await?;
            let made = create_token(&house, user.id, &name, &rights, days).await?;
            if json {
                return print_json(&json!({
                    "id": made.id, "token": made.bearer, "user": user.email, "expires_at": made.expires_at,
                }));
            }
            eprintln!(
                "A token for {}, until {}. This is shown once; keep it where the program finds it:",
                user.name, made.expires_at
            );
            println!("{}", made.bearer);
            if user.role.may(Right::SeeEverybody) && !rights.contains(&Right::SeeEverybody) {
                eprintln!("Without the scope see_everybody it sees only the buyers of {}.", user.name);
            }
            Ok(())
        }
        Command::List { user, json } => list(common, user.as_deref(), json).await,
        Command::End { id } => {
            let token: TokenId = id.parse().map_err(|_| usage(format!("‘{id}’ is not the id of a token")))?;
            end_token(&common.house().await?, token, None).await?;
            println!("{token} opens nothing any more");
            Ok(())
        }
    }
}

async fn list(common: &Common, user: Option<&str>, json: bool) -> anyhow::Result<()> {
    let house = common.house().await?;
    let owner = match user {
        Some(email) => Some(named(&house, email).await?.id),
        None => None,
    };
    let tokens = live_tokens(&house, owner).await?;
    let users = house.store.users(house.tenant.id).await?;
    let email = |id| users.iter().find(|user| user.id == id).map_or("", |user| user.email.as_str());
    if json {
        let told = tokens.iter().map(|token| {
            let scopes: Vec<&str> = token.scopes.split_whitespace().collect();
            json!({
                "id": token.id, "user": email(token.user_id), "name": token.name, "scopes": scopes,
                "expires_at": token.expires_at, "used_at": token.used_at,
            })
        });
        return print_json(&told.collect::<Vec<_>>());
    }
    let mut table = Table::new();
    table.set_header(["id", "user", "name", "scopes", "until", "used"]);
    for token in &tokens {
        let used = token.used_at.map_or_else(|| "never".to_string(), |at| at.to_string());
        table.add_row([
            token.id.to_string(),
            email(token.user_id).to_string(),
            token.name.clone(),
            token.scopes.clone(),
            token.expires_at.to_string(),
            used,
        ]);
    }
    println!("{table}");
    Ok(())
}

fn right(code: &str) -> anyhow::Result<Right> {
    Right::from_code(code.trim()).ok_or_else(|| {
        let known: Vec<&str> = Right::ALL.iter().map(|right| right.code()).collect();
        usage(format!("there is no right ‘{code}’; known: {}", known.join(", ")))
    })
}

async fn named(house: &House, email: &str) -> anyhow::Result<User> {
    let found = house.store.user_by_email(house.tenant.id, email).await?;
    found.with_context(|| format!("nobody in {} has the address {email}", house.tenant.name))
}
