//! `dunlin config check` and `dunlin migrate`.

use dunlin_channels::smtp::Smtp;
use dunlin_core::explain::UiLanguage;

use super::Common;
use crate::embedded;
use crate::house::smtp_settings;
use crate::use_cases::seen_abroad::unclear_abroad;

#[derive(Debug, clap::Subcommand)]
pub enum ConfigCommand {
    /// Check database, playbooks, letters and mail server
    Check,
}

pub async fn config(common: &Common, command: ConfigCommand) -> anyhow::Result<()> {
    let ConfigCommand::Check = command;
    let house = common.house().await?;
    println!("database   {} is readable and up to date", house.store.place());
    println!("playbooks  {} can be used", house.playbook_files.len());
    let problems = dunlin_documents::letter::check::check(embedded::letter_texts());
    if problems.is_empty() {
        println!("letters    every text can be written");
    }
    let settings = &house.tenant.settings;
    for account in &settings.bank_accounts {
        let mark = match account.confirmed {
            true if account.is_usable(house.now()) => "confirmed",
            true => "confirmed; letters name it after its waiting time",
            false => "not confirmed: it appears in no letter",
        };
        println!("account    {} {} {mark}", account.currency, account.details.account);
    }
    for one in unclear_abroad(&house).await? {
        println!("signature  {}", one.sentence(UiLanguage::En));
    }
    let mut failed = !problems.is_empty();
    for problem in problems {
        eprintln!("letters    {problem}");
    }
    match &settings.transport.smtp {
        None => println!("mail       letters go to {}", house.data_dir.join("letters").display()),
        Some(server) => {
            match Smtp::new(&smtp_settings(house.tenant.id, &settings.transport, server, house.store.key())?)
                .map_err(anyhow::Error::msg)?
                .check()
                .await
            {
                Ok(()) => println!("mail       {server} answers"),
                Err(why) => {
                    failed = true;
                    eprintln!("mail       {why}");
                }
            }
        }
    }
    if failed {
        anyhow::bail!("something needs attention");
    }
    Ok(())
}

pub async fn migrate(common: &Common) -> anyhow::Result<()> {
    let store = common.store().await?;
    println!("{} is up to date", store.place());
    Ok(())
}
