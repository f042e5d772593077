//! What a stock-out would come to, before anything is changed: articles that could stand in for the missing goods, and the
//! letter as the buyer would read it, beside the reading copy.

use dunlin_core::calendar::countries::Countries;
use dunlin_core::calendar::shift;
use dunlin_core::catalogue::similar::Similar;
use dunlin_core::letter::order::{AboutOrder, GoodsLine, SimilarLine};
use dunlin_core::letter::{LetterFacts, Purpose};
use dunlin_core::party::{Channel, Language};
use dunlin_documents::letter::RenderedLetter;
use dunlin_store::pages::order_told::ToldOrder;
use dunlin_store::{Scope, StoreError};

use super::keep_catalogue::{USUAL_SIMILAR, find_similar};
use super::write_letter::Desk;
use super::write_order::{MOST_OFFERED, allowed};
use crate::embedded::letter_texts;
use crate::house::House;

const LETTER: &str = "m2_out_of_stock";
/// Days for an answer, as the playbook gives them.
const ANSWER_DAYS: i32 = 2;

/// The outcome of a look.
#[derive(Debug, Clone)]
pub struct StockOutLook {
    /// The best first, each once.
    pub similar: Vec<Similar>,
    /// In the buyer's language, then the reading copy; empty where nobody is known to write to.
    pub letters: Vec<RenderedLetter>,
}

/// Articles and letters for the goods at these places of the order.
pub async fn preview_stock_out(house: &House, order: &ToldOrder, missing: &[usize]) -> anyhow::Result<StockOutLook> {
    let gone: Vec<_> = missing.iter().filter_map(|place| order.order.goods.get(*place)).collect();
    let mut similar: Vec<Similar> = Vec::new();
    for line in &gone {
        let found = match find_similar(house, &line.sku, USUAL_SIMILAR).await {
            Ok(found) => found.similar,
            // An article that is not in the catalogue has nothing like it there.
            Err(error) if error.downcast_ref::<StoreError>().is_some_and(is_missing) => Vec::new(),
            Err(error) => return Err(error),
        };
        for one in found {
            let sku = &one.stocked.product.sku;
            let is_known = similar.iter().any(|known| known.stocked.product.sku == *sku);
            let is_gone = gone.iter().any(|line| line.sku == *sku);
            if !is_known && !is_gone {
                similar.push(one);
            }
        }
    }
    let facts = house.store.facts(house.tenant.id, Scope::One(order.party_id), house.now()).await?;
    let Some(facts) = facts.first() else { return Ok(StockOutLook { similar, letters: Vec::new() }) };
    let by = |channel| facts.reachable(channel, house.now(), false).next();
    let contact = by(Channel::InSite).map(|contact| (contact, Channel::InSite));
    let Some((contact, channel)) = contact.or(by(Channel::Email).map(|contact| (contact, Channel::Email))) else {
        return Ok(StockOutLook { similar, letters: Vec::new() });
    };
    let (theirs, _) = facts.language_of(Some(contact), Countries::shipped());
    let signer = house.store.signer_of(house.tenant.id, order.party_id).await?;
    let settings = &house.tenant.settings;
    let tenant = house.store.tenant_facts(&house.tenant).await?;
    let desk = Desk { settings, signer: &signer, tenant: &tenant };
    let mut letters = Vec::new();
    for language in [theirs, Language::Zh] {
        if letters.iter().any(|known: &RenderedLetter| known.language_used == language) {
            continue;
        }
        let goods = gone.iter().map(|line| GoodsLine {
            title: line.title.clone(),
            sku: line.sku.clone(),
            quantity: u32::try_from(line.quantity).unwrap_or(0),
            price: Some(line.price),
            url: allowed(&line.url, channel),
        });
        let offered = similar.iter().take(MOST_OFFERED).map(|one| SimilarLine {
            title: one.stocked.product.title(language.code()).to_string(),
            price: Some(one.stocked.product.price).filter(|price| price.currency == order.order.total.currency),
            url: allowed(&one.stocked.product.url, channel),
        });
        let about = AboutOrder {
            number: order.order.number.clone(),
            placed_on: Some(order.ordered_on),
            total: order.order.total,
            ship_by: order.order.ship_by.map(|at| at.to_zoned(house.zone()).date()).filter(|day| *day >= house.today()),
            url: allowed(&order.page_url, channel),
            cancel_reason: String::new(),
            goods: goods.collect(),
            similar: offered.collect(),
            parcels: Vec::new(),
            parcel: None,
            address: None,
            customs: None,
            asked: Vec::new(),
            refund_days: None,
            protection_ends: order.order.protection_ends,
            new_estimate: None,
            surcharge: None,
            invites_review: false,
        };
        let content = LetterFacts {
            letter_number: String::new(),
            letter: LETTER.to_string(),
            language,
            channel,
            purpose: Purpose::Service,
            today: house.today(),
            sender: desk.sender(language),
            buyer_name: facts.party.name.clone(),
            contact_name: contact.name().to_string(),
            items: Vec::new(),
            total: order.order.total,
            bank: None,
            answer_by: shift(house.today(), ANSWER_DAYS),
            has_statement: false,
            difficulty: String::new(),
            asks: None,
            order: Some(about),
        };
        letters.push(letter_texts().render(&content)?);
    }
    Ok(StockOutLook { similar, letters })
}

fn is_missing(error: &StoreError) -> bool {
    matches!(error, StoreError::NotFound { .. })
}
