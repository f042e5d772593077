//! `dunlin init`: a database for the user's own firm.

use anyhow::Context;

use dunlin_core::explain::phrase;
use dunlin_core::letter::BankDetails;
use dunlin_store::{BankAccount, LatinNames, Settings};

use super::say::Spoken;
use super::{Common, usage};
use crate::house::{Clock, smtp_settings};
use crate::use_cases::change_settings::{check_sender, latin_only};
use crate::use_cases::seen_abroad::unclear;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Name of the firm, as it signs
    #[arg(long)]
    company: Option<String>,
    /// Address line of letters and statements
    #[arg(long, default_value = "")]
    address: String,
    /// Who signs
    #[arg(long, default_value = "")]
    name: String,
    /// Name of the firm for readers of letters that are not in Chinese
    #[arg(long, default_value = "")]
    latin_company: String,
    /// Its address line for them
    #[arg(long, default_value = "")]
    latin_address: String,
    /// Who signs, for them
    #[arg(long, default_value = "")]
    latin_name: String,
    /// From where letters come, and where answers go
    #[arg(long)]
    email: Option<String>,
    #[arg(long, default_value = "")]
    phone: String,
    /// Zone in which due dates are counted
    #[arg(long, default_value = "Asia/Shanghai")]
    time_zone: String,
    /// Your account, once per currency: "USD;holder;bank;account or IBAN;SWIFT"
    #[arg(long, value_name = "ACCOUNT")]
    bank: Vec<String>,
    /// Mail server, host:port; without it letters go to a folder
    #[arg(long, value_name = "HOST:PORT")]
    smtp: Option<String>,
    #[arg(long)]
    smtp_user: Option<String>,
    /// Environment variable that holds the mail password
    #[arg(long, default_value = "DUNLIN_SMTP_PASSWORD")]
    smtp_password_env: String,
    /// none, starttls or tls
    #[arg(long, default_value = "starttls")]
    smtp_security: String,
    #[command(flatten)]
    spoken: Spoken,
}

pub async fn run(common: &Common, args: Args) -> anyhow::Result<()> {
    let company = args.company.ok_or_else(|| usage("name your firm: dunlin init --company \"…\" --email you@…"))?;
    let email = args.email.ok_or_else(|| usage("name the address that letters come from: --email you@example.com"))?;
    if company.trim().is_empty() {
        return Err(usage("the firm has no name; it stands under every letter"));
    }
    check_sender(&email).map_err(|refusal| usage(refusal.to_string()))?;
    jiff::tz::TimeZone::get(&args.time_zone)
        .map_err(|_| usage(format!("‘{}’ is not a time zone; write for instance Asia/Shanghai", args.time_zone)))?;
    let mut settings = Settings { time_zone: args.time_zone, ..Settings::default() };
    settings.sender.company = company.clone();
    settings.sender.company_address = args.address;
    settings.sender.name = args.name;
    settings.sender.email = email;
    settings.sender.phone = args.phone;
    settings.latin = LatinNames { company: args.latin_company, address: args.latin_address, name: args.latin_name };
    for text in [&settings.latin.company, &settings.latin.address, &settings.latin.name] {
        latin_only(text).map_err(|refusal| usage(refusal.to_string()))?;
    }
    for account in &args.bank {
        settings.bank_accounts.push(bank_account(account)?);
    }
    settings.transport.smtp = args.smtp;
    settings.transport.smtp_user = args.smtp_user;
    settings.transport.smtp_password_env = Some(args.smtp_password_env);
    settings.transport.smtp_security = Some(args.smtp_security);
    if let Some(server) = &settings.transport.smtp {
        // The password may come later; host, port and security are checked now.
        let unlocked = dunlin_store::Transport { smtp_user: None, ..settings.transport.clone() };
        let none = dunlin_store::InstallationKey::generate()?;
        smtp_settings(0, &unlocked, server, &none).map_err(|error| usage(format!("{error:#}")))?;
    }
    let dir = common.data_dir();
    std::fs::create_dir_all(&dir).with_context(|| format!("cannot make the folder {}", dir.display()))?;
    let store = common.open_or_make().await?;
    if let Some(there) = store.tenants().await?.iter().find(|tenant| tenant.name == company) {
        anyhow::bail!("{} already holds {} (tenant {}); nothing was changed", store.place(), there.name, there.id);
    }
    let id = store.create_tenant(&company, &settings, false, Clock::Wall.now()).await?;
    let said = |key, values: &[(&str, String)]| phrase(args.spoken.lang, key, values);
    let values = [("firm", company), ("id", id.to_string()), ("place", store.place().to_string())];
    println!("{}", said("cli-init-made", &values));
    println!("{}", said("cli-init-key", &[("place", common.key_place())]));
    for one in unclear(&settings) {
        println!("{}", one.sentence(args.spoken.lang));
    }
    println!("{}", said("cli-init-next", &[]));
    Ok(())
}

fn bank_account(text: &str) -> anyhow::Result<BankAccount> {
    let parts: Vec<&str> = text.split(';').map(str::trim).collect();
    let [currency, holder, bank, account, swift] = parts[..] else {
        return Err(usage(format!("‘{text}’: write an account as \"USD;holder;bank;account or IBAN;SWIFT\"")));
    };
    let currency = dunlin_core::money::currency(currency).map_err(|error| usage(error.to_string()))?;
    let details = BankDetails {
        holder: holder.to_string(),
        bank: bank.to_string(),
        account: account.to_string(),
        swift: swift.to_string(),
    };
    // Entered by the person who sets the firm up; later changes need a second person.
    Ok(BankAccount::given(currency.code(), details))
}
