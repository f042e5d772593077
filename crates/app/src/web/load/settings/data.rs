//! `GET /settings/data`: copies, the doctor, and the people of one debtor.

use dunlin_store::Scope;

use crate::house::House;
use crate::web::view::settings::{DataContact, DataDebtor, DataPage, FindingRow};

/// The page; `asked` is the debtor that was looked for. `look`: the doctor, who reads everything, was asked for.
pub async fn load(house: &House, asked: &str, look: bool) -> anyhow::Result<DataPage> {
    // The doctor looks at the whole database: where several firms share it, one is not shown the others' findings.
    let is_alone = house.store.tenants().await?.len() == 1;
    let (findings, checks) = if is_alone && look { house.store.doctor().await? } else { (Vec::new(), 0) };
    let finding = |finding: dunlin_store::Finding| FindingRow {
        check: finding.check,
        count: finding.count,
        example: finding.example,
        what: finding.what,
    };
    Ok(DataPage {
        is_alone,
        data_folder: house.data_dir.display().to_string(),
        checks,
        findings: findings.into_iter().map(finding).collect(),
        asked: asked.to_string(),
        debtor: debtor(house, asked).await?,
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
