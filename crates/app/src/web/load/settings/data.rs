//! `GET /settings/data`: copies, the doctor, and the people of one debtor.

use dunlin_store::Scope;

use crate::house::House;
use crate::use_cases::restore_backup::{KeptBackup, folder, is_here, kept, look};
use crate::web::load::show::Show;
use crate::web::view::settings::{BackupRow, DataContact, DataDebtor, DataPage, FindingRow, RestorePage};

/// The page; `asked` is the debtor that was looked for. `doctor`: the doctor, who reads everything, was asked for.
pub async fn load(house: &House, show: &Show, asked: &str, doctor: bool) -> anyhow::Result<DataPage> {
    // The doctor looks at the whole database: where several firms share it, one is not shown the others' findings.
    let is_alone = house.store.tenants().await?.len() == 1;
    let (findings, checks) = if is_alone && doctor { house.store.doctor().await? } else { (Vec::new(), 0) };
    let finding = |finding: dunlin_store::Finding| FindingRow {
        check: finding.check,
        count: finding.count,
        example: finding.line.map_or(finding.example, |line| line.to_string()),
        remedy: remedy(finding.check),
    };
    Ok(DataPage {
        is_alone,
        data_folder: house.data_dir.display().to_string(),
        checks,
        findings: findings.into_iter().map(finding).collect(),
        // Where several firms share the database, a backup is nobody's alone.
        backups: if is_alone { backups(house, show) } else { Vec::new() },
        asked: asked.to_string(),
        debtor: debtor(house, asked).await?,
    })
}

/// What is to be done about what a check found.
fn remedy(check: &str) -> &'static str {
    match check {
        "file.integrity" => "copy",
        "case.paid_but_open" => "run",
        "case.due_day" => "correct",
        "case.missing" | "sequence.behind" | "orphan" => "restore",
        "incident.filed" => "report",
        "log.chain" => "keep",
        // The books and the steps: what is sent now may be wrong.
        _ => "stop",
    }
}

fn backups(house: &House, show: &Show) -> Vec<BackupRow> {
    let row = |kept: KeptBackup| BackupRow {
        written: show.instant(kept.written_at),
        megabytes: kept.bytes.div_ceil(1 << 20),
        name: kept.name,
    };
    kept(&house.data_dir).into_iter().map(row).collect()
}

/// What of a backup is counted, and in which table it lies.
const COUNTED: [(&str, &str); 5] = [
    ("debtors", "party"),
    ("receivables", "receivable"),
    ("letters", "letter"),
    ("payments", "payment"),
    ("users", "user_account"),
];

/// What a backup is, before it takes the place of everything.
pub async fn restore(house: &House, show: &Show, name: &str) -> anyhow::Result<RestorePage> {
    let looked = look(house, name).await?;
    let not = match () {
        () if !is_here(house) => Some("postgres"),
        () if !looked.fits_schema => Some("schema"),
        () if !looked.fits_key => Some("key"),
        () if !looked.is_signed => Some("unsigned"),
        () if looked.firms.len() != 1 => Some("several"),
        () => None,
    };
    let file = folder(&house.data_dir).join(name);
    let command = match not {
        Some("postgres") => format!("dunlin restore {} --db postgres://…/NEW_DATABASE", file.display()),
        Some("unsigned") => format!("dunlin restore {} --unsigned --db NEW.db", file.display()),
        Some("several") => format!("dunlin restore {} --db NEW.db", file.display()),
        _ => String::new(),
    };
    Ok(RestorePage {
        name: name.to_string(),
        taken: show.instant(looked.taken_at),
        counts: COUNTED.iter().map(|(code, table)| (*code, looked.count(table))).collect(),
        firm: house.tenant.name.clone(),
        program: looked.program,
        schema: looked.schema,
        rows: looked.rows,
        firms: looked.firms,
        not,
        command,
    })
}

async fn debtor(house: &House, asked: &str) -> anyhow::Result<Option<DataDebtor>> {
    if asked.trim().is_empty() {
        return Ok(None);
    }
    let Some((id, _)) = house.store.find_party(house.tenant.id, asked.trim()).await? else {
        return Ok(None);
    };
    let facts = house.store.facts(house.tenant.id, Scope::One(id), house.now()).await?;
    let Some(facts) = facts.into_iter().next() else {
        return Ok(None);
    };
    // Of an erased person there is nothing left to erase.
    let known = facts.everybody().filter_map(|contact| contact.person.as_ref().map(|person| (contact, person)));
    let contacts = known.map(|(contact, person)| {
        let address = person.email.clone().or(person.phone.clone()).or(person.in_site_id.clone()).unwrap_or_default();
        DataContact {
            id: contact.id.to_string(),
            name: if person.name.is_empty() { address.clone() } else { person.name.clone() },
            role: contact.role.code().to_string(),
            address,
        }
    });
    Ok(Some(DataDebtor {
        number: facts.party.number.clone(),
        name: facts.party.name.clone(),
        is_consumer: facts.party.is_consumer,
        contacts: contacts.collect(),
    }))
}
