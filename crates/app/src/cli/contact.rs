//! `dunlin contact`: the people at a debtor, kept by hand.

use super::open::{find_debtor, print_json};
use super::{Common, usage};
use crate::house::House;
use crate::use_cases::keep_contacts::{
    PersonForm, add_contact, change_contact, find_contact, form_of, list_contacts, reinstate_contact, retire_contact,
};

#[derive(Debug, clap::Subcommand)]
pub enum ContactCommand {
    /// The people at a debtor, those who are not written to any more among them
    List {
        debtor: String,
        #[arg(long)]
        json: bool,
    },
    /// Add a person there, or correct the one who is the same by address or name
    Add {
        debtor: String,
        #[command(flatten)]
        person: PersonArgs,
    },
    /// Change a person: what is not named stays, an empty value takes it away
    Change {
        debtor: String,
        /// Name, address, account or id
        who: String,
        #[command(flatten)]
        person: PersonArgs,
    },
    /// Nobody writes to this person any more
    Retire {
        debtor: String,
        /// Name, address, account or id
        who: String,
        #[arg(long, default_value = "")]
        why: String,
    },
    /// A retired person may be written to again
    Reinstate {
        debtor: String,
        /// Name, address, account or id
        who: String,
    },
}

#[derive(Debug, clap::Args)]
pub struct PersonArgs {
    #[arg(long)]
    name: Option<String>,
    /// owner, finance, purchaser, logistics or buyer
    #[arg(long)]
    role: Option<String>,
    #[arg(long)]
    email: Option<String>,
    #[arg(long)]
    phone: Option<String>,
    #[arg(long)]
    whatsapp: Option<String>,
    /// Account name on the marketplace
    #[arg(long)]
    handle: Option<String>,
    /// en, zh, es; empty: that of the debtor or its country
    #[arg(long)]
    language: Option<String>,
    /// A name of the IANA database, Europe/Rome; empty: that of the country
    #[arg(long)]
    zone: Option<String>,
}

impl PersonArgs {
    fn is_empty(&self) -> bool {
        let all = [
            &self.name,
            &self.role,
            &self.email,
            &self.phone,
            &self.whatsapp,
            &self.handle,
            &self.language,
            &self.zone,
        ];
        all.into_iter().all(Option::is_none)
    }

    /// The form with what was named.
    fn over(self, mut form: PersonForm) -> PersonForm {
        let put = |field: &mut String, named: Option<String>| {
            if let Some(named) = named {
                *field = named;
            }
        };
        put(&mut form.name, self.name);
        put(&mut form.role, self.role);
        put(&mut form.email, self.email);
        put(&mut form.phone, self.phone);
        put(&mut form.whatsapp, self.whatsapp);
        put(&mut form.in_site_id, self.handle);
        put(&mut form.language, self.language);
        put(&mut form.time_zone, self.zone);
        form
    }
}

pub async fn contact(common: &Common, command: ContactCommand) -> anyhow::Result<()> {
    let house = common.house().await?;
    match command {
        ContactCommand::List { debtor, json } => list(&house, &debtor, json).await?,
        ContactCommand::Add { debtor, person } => {
            let id =
                add_contact(&house, find_debtor(&house, &debtor).await?, &person.over(PersonForm::default())).await?;
            println!("{debtor}: the person is known now ({id})");
        }
        ContactCommand::Change { debtor, who, person } => {
            if person.is_empty() {
                return Err(usage("say what is to be another way, for instance --email anna@rossi.example"));
            }
            let party = find_debtor(&house, &debtor).await?;
            let known = find_contact(&house, party, &who).await?;
            let changed = change_contact(&house, party, known.id, &person.over(form_of(&known))).await?;
            println!(
                "{debtor}: {who} is changed ({}); waiting letters cancelled: {}",
                changed.fields.join(", "),
                changed.letters_cancelled
            );
        }
        ContactCommand::Retire { debtor, who, why } => {
            let party = find_debtor(&house, &debtor).await?;
            let known = find_contact(&house, party, &who).await?;
            let done = retire_contact(&house, party, known.id, &why).await?;
            println!(
                "{debtor}: nobody writes to {who} any more; waiting letters cancelled: {}",
                done.letters_cancelled
            );
        }
        ContactCommand::Reinstate { debtor, who } => {
            let party = find_debtor(&house, &debtor).await?;
            let known = find_contact(&house, party, &who).await?;
            reinstate_contact(&house, party, known.id).await?;
            println!("{debtor}: {who} may be written to again");
        }
    }
    Ok(())
}

async fn list(house: &House, debtor: &str, json: bool) -> anyhow::Result<()> {
    let known = list_contacts(house, find_debtor(house, debtor).await?).await?;
    if json {
        let people = known.iter().map(|one| {
            let fields = &one.fields;
            serde_json::json!({"id": one.id.to_string(), "name": fields.name, "role": fields.role.code(),
                "email": fields.email, "phone": fields.phone, "whatsapp": fields.whatsapp, "handle": fields.in_site_id,
                "language": fields.language, "time_zone": fields.time_zone, "retired_at": one.retired_at,
                "by_hand": one.by_hand})
        });
        return print_json(&serde_json::json!({"debtor": debtor, "contacts": people.collect::<Vec<_>>()}));
    }
    if known.is_empty() {
        println!("nobody is known at {debtor}");
    }
    for one in &known {
        let fields = &one.fields;
        let ways = [&fields.email, &fields.phone, &fields.whatsapp, &fields.in_site_id];
        let ways: Vec<&str> = ways.into_iter().flatten().map(String::as_str).collect();
        let gone = if one.retired_at.is_some() { "  (not written to any more)" } else { "" };
        println!("{}  {}  {}{gone}", fields.name, fields.role.code(), ways.join("  "));
    }
    Ok(())
}
