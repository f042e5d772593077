//! `dunlin product`: the catalogue, what is in stock, and what could stand in for an article.

use dunlin_core::catalogue::{Stocked, attributes};
use dunlin_core::explain::UiLanguage;
use dunlin_store::pages::keyset::After;
use dunlin_store::pages::product_list::InStock;
use serde_json::{Value, json};

use super::open::print_json;
use super::{Common, usage};
use crate::use_cases::keep_catalogue::{USUAL_SIMILAR, find_similar, pin_similar, product, set_stock, unpin_similar};

/// Changes of a quantity that are shown.
const MOVEMENTS: i64 = 200;

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// The catalogue, by number
    List {
        /// Part of a number or title
        search: Option<String>,
        /// all, available, gone (on sale and none there) or inactive
        #[arg(long, default_value = "all")]
        stock: String,
        /// At most so many
        #[arg(long, default_value_t = 100)]
        limit: u32,
        /// Behind this number
        #[arg(long, default_value = "")]
        after: String,
        #[arg(long)]
        json: bool,
    },
    /// One product with what is known of it
    Show {
        sku: String,
        #[arg(long)]
        json: bool,
    },
    /// Articles that could stand in for one, and why each
    Similar {
        sku: String,
        /// At most so many
        #[arg(long, default_value_t = USUAL_SIMILAR)]
        limit: usize,
        /// en or zh
        #[arg(long, default_value = "en")]
        lang: String,
        #[arg(long)]
        json: bool,
    },
    /// Offer OTHER first in place of SKU
    Pin { sku: String, other: String },
    /// Offer OTHER first no more
    Unpin { sku: String, other: String },
    /// How many there are: the changes so far, or a new count
    Stock {
        sku: String,
        /// How many were counted
        #[arg(long, value_name = "N", allow_hyphen_values = true)]
        set: Option<i64>,
        /// What the count is about
        #[arg(long, default_value = "", requires = "set")]
        note: String,
        #[arg(long)]
        json: bool,
    },
}

pub async fn run(common: &Common, command: Command) -> anyhow::Result<()> {
    let house = common.house().await?;
    match command {
        Command::List { search, stock, limit, after, json } => {
            let in_stock = InStock::from_code(&stock)
                .ok_or_else(|| usage(format!("--stock is all, available, gone or inactive, not ‘{stock}’")))?;
            let after = After { key: after, limit: i64::from(limit) };
            let search = search.unwrap_or_default();
            let found = house.store.products_after(house.tenant.id, &search, in_stock, &after).await?;
            if json {
                let products: Vec<Value> = found.iter().map(shown).collect();
                return print_json(&json!({"products": products}));
            }
            for one in &found {
                println!("{}", line(one));
            }
            if found.is_empty() {
                println!("no product here");
            }
        }
        Command::Show { sku, json } => {
            let one = product(&house, &sku).await?;
            if json {
                return print_json(&shown(&one));
            }
            println!("{}", line(&one));
            let about = &one.product;
            for (language, title) in &about.titles {
                println!("  title ({language}): {title}");
            }
            let told = [
                ("category", about.category.clone()),
                ("attributes", attributes::write(&about.attributes)),
                ("on the platform", about.platform_id.clone()),
                ("link", about.url.clone()),
            ];
            for (name, value) in told.iter().filter(|(_, value)| !value.is_empty()) {
                println!("  {name}: {value}");
            }
        }
        Command::Similar { sku, limit, lang, json } => {
            let language = match lang.as_str() {
                "en" => UiLanguage::En,
                "zh" => UiLanguage::ZhCn,
                other => return Err(usage(format!("--lang is en or zh, not ‘{other}’"))),
            };
            let found = find_similar(&house, &sku, limit).await?;
            if json {
                let similar = found.similar.iter().map(|one| {
                    let why = one.why.iter().map(|why| {
                        json!({"code": why.code(), "text": {"en": why.sentence(UiLanguage::En),
                            "zh": why.sentence(UiLanguage::ZhCn)}})
                    });
                    json!({"product": shown(&one.stocked), "why": why.collect::<Vec<_>>()})
                });
                return print_json(&json!({"sku": sku, "similar": similar.collect::<Vec<_>>()}));
            }
            for one in &found.similar {
                let why: Vec<String> = one.why.iter().map(|why| why.sentence(language)).collect();
                println!("{}\n    {}", line(&one.stocked), why.join("; "));
            }
            if found.similar.is_empty() {
                println!("nothing in stock is like {sku}; choose an article with dunlin product pin {sku} OTHER");
            }
        }
        Command::Pin { sku, other } => {
            pin_similar(&house, &sku, &other).await?;
            println!("{other} is offered first in place of {sku}");
        }
        Command::Unpin { sku, other } => {
            unpin_similar(&house, &sku, &other).await?;
            println!("{other} is not offered first in place of {sku} any more");
        }
        Command::Stock { sku, set: Some(quantity), note, json } => {
            let done = set_stock(&house, &sku, quantity, &note).await?;
            if json {
                return print_json(&json!({"sku": sku, "before": done.before, "quantity": done.quantity}));
            }
            let before = done.before.map_or_else(|| "not known".to_string(), |before| before.to_string());
            println!("{sku}: {} in stock, before {before}", done.quantity);
        }
        Command::Stock { sku, set: None, json, .. } => {
            let one = product(&house, &sku).await?;
            let moved = house.store.stock_history(house.tenant.id, &sku, MOVEMENTS).await?;
            if json {
                let moved = moved.iter().map(|one| {
                    json!({"at": one.recorded_at, "on": one.effective_on, "before": one.before,
                        "quantity": one.quantity, "kind": one.kind.code(), "note": one.note, "by": one.who})
                });
                let moved = moved.collect::<Vec<_>>();
                return print_json(&json!({"sku": sku, "quantity": one.quantity, "movements": moved}));
            }
            println!("{}", line(&one));
            for one in &moved {
                let before = one.before.map_or_else(|| "?".to_string(), |before| before.to_string());
                let who = one.who.as_deref().map_or_else(String::new, |who| format!(", {who}"));
                println!(
                    "  {} {before} → {} ({}{who}) {}",
                    one.effective_on,
                    one.quantity,
                    one.kind.code().replace('_', " "),
                    one.note
                );
            }
        }
    }
    Ok(())
}

fn line(one: &Stocked) -> String {
    let product = &one.product;
    let there = one.quantity.map_or_else(|| "stock not known".to_string(), |n| format!("{n} in stock"));
    let off = if product.active { "" } else { ", not on sale" };
    format!("{}  {}  {}  {there}{off}", product.sku, product.title("en"), product.price)
}

fn shown(one: &Stocked) -> Value {
    let product = &one.product;
    json!({"sku": product.sku, "titles": product.titles, "category": product.category,
        "attributes": product.attributes, "price": product.price, "platform_id": product.platform_id,
        "url": product.url, "active": product.active, "stock": one.quantity, "available": one.is_available()})
}
