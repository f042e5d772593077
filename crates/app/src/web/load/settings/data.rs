//! `GET /settings/data`: copies, the doctor, and the people of one debtor.

use dunlin_store::{BackupHead, BackupLook, Scope};

use crate::house::House;
use crate::use_cases::look_at_backup::{LOOK, read_through, under_way};
use crate::use_cases::restore_backup::{Listed, command_for, folder, head, is_here, listed_here};
use crate::web::load::show::Show;
use crate::web::view::settings::{
    BackupContent, BackupRow, DataContact, DataDebtor, DataPage, FindingRow, RestorePage,
};

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
        backups: listed_here(house).await?.into_iter().map(|listed| backup(show, listed)).collect(),
        backups_folder: folder(&house.data_dir).display().to_string(),
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

fn backup(show: &Show, (kept, head): Listed) -> BackupRow {
    let fits = match &head {
        None => "unreadable",
        Some(head) if !head.fits_key => "key",
        Some(head) if !head.fits_schema => "schema",
        Some(_) => "fits",
    };
    BackupRow {
        written: show.instant(head.as_ref().map_or(kept.written_at, |head| head.taken_at)),
        megabytes: kept.bytes.div_ceil(1 << 20),
        name: kept.name,
        program: head.map(|head| head.program).unwrap_or_default(),
        fits,
    }
}

/// What of a backup is counted, and in which table it lies.
const COUNTED: [(&str, &str); 5] = [
    ("debtors", "party"),
    ("receivables", "receivable"),
    ("letters", "letter"),
    ("payments", "payment"),
    ("users", "user_account"),
];

/// What a backup is, before it takes the place of everything: what its first line says, and, once it was read to its end,
/// what is in it.
pub async fn restore(house: &House, show: &Show, name: &str) -> anyhow::Result<RestorePage> {
    let head = head(house, name).await?;
    let looked = read_through(house, name).await?;
    let not = why_not(house, &head, looked.as_ref());
    Ok(RestorePage {
        name: name.to_string(),
        taken: show.instant(head.taken_at),
        firm: house.tenant.name.clone(),
        command: command_for(&file_of(house, name), not, house.store.kind()),
        program: head.program,
        schema: head.schema,
        job: if looked.is_none() { under_way(house, LOOK, Some(name)).await? } else { None },
        content: looked.map(|looked| BackupContent {
            counts: COUNTED.iter().map(|(code, table)| (*code, looked.count(table))).collect(),
            rows: looked.rows,
            firms: looked.firms,
        }),
        not,
    })
}

fn file_of(house: &House, name: &str) -> String {
    folder(&house.data_dir).join(name).display().to_string()
}

fn why_not(house: &House, head: &BackupHead, looked: Option<&BackupLook>) -> Option<&'static str> {
    match looked {
        _ if !is_here(house) => Some("postgres"),
        _ if !head.fits_schema => Some("schema"),
        _ if !head.fits_key => Some("key"),
        Some(looked) if !looked.is_signed => Some("unsigned"),
        Some(looked) if looked.firms.len() != 1 => Some("several"),
        _ => None,
    }
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
