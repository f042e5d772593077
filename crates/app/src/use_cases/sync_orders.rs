//! What changed at a connected shop comes into the books: page by page, each in a change of its own, written as a file of
//! the marketplace would be. The same page twice changes nothing.
//!
//! An order that the words of the marketplace leave unclear presses nobody: nobody owes it until a person, or the next
//! word, says otherwise, and it is listed. How far the shop was read is kept after what came before it is kept.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use sha2::{Digest, Sha256};

use dunlin_channels::aliexpress::ApiError;
use dunlin_channels::aliexpress::order_detail::OrderDetail;
use dunlin_channels::aliexpress::orders::RemoteOrder;
use dunlin_channels::aliexpress::status::Standing as Remote;
use dunlin_channels::aliexpress::sync::Cursor;
use dunlin_core::ids::{OrderId, PartyId};
use dunlin_core::key_date::{KeyDate, day_of};
use dunlin_core::order::OrderSource;
use dunlin_core::order::delivery::Delivery;
use dunlin_core::order::story::OrderWord;
use dunlin_core::party::ContactRole;
use dunlin_store::{Commit, ContactFields, LogEntry, OrderRow, PartyFields, RemoteOrderRow, StoreError};

use super::confirm_order::raise_by_rule;
use super::judge_order::{Judged, Problem, judge};
use super::order_pages::{ask_for_pages_owed, wants_detail};
use super::order_told::{closes_at, delivery_of, lines_of, other_day, parcels_of, told_of};
use super::read_ahead::{Ahead, ReadPage, Reader};
use super::settle_promises::settle_promises;
use super::standing_facts::cancel_wrong_letters;
use crate::house::{Clock, House};
use crate::import::shop_order::{Days, SOURCE, ShopOrder};
use crate::shop::{ALIEXPRESS, Shop, trouble};

/// The account of a sync.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SyncAccount {
    /// Orders that were told, some of them perhaps twice.
    pub orders: usize,
    pub added: usize,
    pub corrected: usize,
    pub unchanged: usize,
    /// Orders that a person has to look at.
    pub troubled: usize,
    /// Orders that have no number, so that nothing could be kept of them.
    pub unreadable: usize,
    pub letters_cancelled: usize,
    /// Everything was read.
    pub complete: bool,
    /// Orders that a message was about to leave for, and that were read again for it while their page was on its way.
    #[serde(skip)]
    overtaken: usize,
    /// Why it ended early: a word that pages have a sentence for, and the service's own.
    pub trouble: Option<&'static str>,
    pub why: Option<String>,
}

/// Where the signs of life go, if somebody watches.
#[derive(Debug, Clone, Copy)]
pub struct Watched<'a> {
    pub job: Option<&'a str>,
}

/// Brings the connected shop into the books; `None`: none is connected.
pub async fn sync_orders(house: &House, watched: Watched<'_>) -> anyhow::Result<Option<SyncAccount>> {
    let Some(shop) = Shop::open(house).await?.map(Arc::new) else { return Ok(None) };
    let mut account = SyncAccount::default();
    match walk(house, &shop, watched, &mut account).await? {
        End::Complete => {
            ask_for_pages_owed(house, &shop).await?;
            account.complete = true;
        }
        End::Stopped(error) => {
            let word = trouble(&error);
            house.store.note_trouble(house.tenant.id, ALIEXPRESS, word, house.now()).await?;
            account.trouble = Some(word);
            account.why = Some(error.to_string());
        }
        End::Elsewhere => {
            let why = "the shop was read by another program, connected anew or restored meanwhile";
            account.why = Some(why.to_string());
        }
        End::Overtaken => {
            account.why =
                Some("orders were read for messages meanwhile; the next reading begins there again".to_string());
        }
    }
    Ok(Some(account))
}

/// How a walk ended.
enum End {
    Complete,
    Stopped(ApiError),
    /// What this one knew of how far the shop was read holds no more: what it has read stays, and the next begins from there.
    Elsewhere,
    /// An order was read again for a message meanwhile, and what the list says of it is still to be taken over.
    Overtaken,
}

/// The whole way from the cursor to now, or to the error that ends it. What binds is what the marketplace permits, and not our
/// disk: it is read on while what was read is written.
async fn walk(house: &House, shop: &Arc<Shop>, watched: Watched<'_>, account: &mut SyncAccount) -> anyhow::Result<End> {
    let mut reader = Reader::start(house, shop);
    let end = take_all(house, &mut reader, shop.cursor, watched, account).await;
    reader.stop().await;
    end
}

async fn take_all(
    house: &House,
    reader: &mut Reader,
    cursor: Option<Cursor>,
    watched: Watched<'_>,
    account: &mut SyncAccount,
) -> anyhow::Result<End> {
    let mut before = cursor.map(|cursor| cursor.modified_until);
    loop {
        match reader.next().await? {
            Ahead::Nothing => return Ok(End::Complete),
            Ahead::Stopped(error) => return Ok(End::Stopped(error)),
            // The list tells of those that were passed over once more only to whoever asks from here again.
            Ahead::Reached(_) if account.overtaken > 0 => return Ok(End::Overtaken),
            Ahead::Reached(cursor) => {
                let way = (before, cursor.modified_until);
                if !house.store.note_reached(house.tenant.id, ALIEXPRESS, way, house.now()).await? {
                    return Ok(End::Elsewhere);
                }
                before = Some(cursor.modified_until);
            }
            Ahead::Page(page) => write_page(house, page, account).await?,
        }
        if let Some(job) = watched.job {
            let done = i64::try_from(account.orders).unwrap_or(i64::MAX);
            house.store.job_lives(house.tenant.id, job, (done, 0), Clock::Wall.now()).await?;
        }
    }
}

/// What did not change is noted as read, the rest is written in one change.
async fn write_page(house: &House, page: ReadPage, account: &mut SyncAccount) -> anyhow::Result<()> {
    account.orders += page.orders;
    account.unreadable += page.unreadable;
    take_read(house, &page.same, &page.changed, page.asked_at, account).await
}

/// What was read of these orders before, by number.
pub(super) async fn known_orders(
    house: &House,
    numbers: &[String],
) -> anyhow::Result<BTreeMap<String, RemoteOrderRow>> {
    let rows = house.store.remote_orders(house.tenant.id, ALIEXPRESS, numbers).await?;
    Ok(rows.into_iter().map(|row| (row.number.clone(), row)).collect())
}

/// Orders of a shop that is not asked but tells by itself: the demo's is played. They are written as a page of a connected
/// one, each with its own page.
pub async fn take_told(house: &House, orders: Vec<(RemoteOrder, OrderDetail)>) -> anyhow::Result<SyncAccount> {
    let asked_at = house.now();
    let mut account = SyncAccount { orders: orders.len(), complete: true, ..SyncAccount::default() };
    let numbers: Vec<String> = orders.iter().map(|(order, _)| order.id.to_string()).collect();
    let known = known_orders(house, &numbers).await?;
    let (mut same, mut changed) = (Vec::new(), Vec::new());
    for (order, detail) in orders {
        let number = order.id.to_string();
        let row = known.get(&number);
        if row.is_some_and(|row| row.fingerprint == fingerprint(&order)) {
            same.push(number);
        } else {
            let detail = wants_detail(&order, row.is_none()).then_some(detail);
            changed.push(Told { number, order, detail, owes_page: false, unread: Vec::new() });
        }
    }
    take_read(house, &same, &changed, asked_at, &mut account).await?;
    Ok(account)
}

/// Notes what says what it said as read, and takes the rest over.
async fn take_read(
    house: &House,
    same: &[String],
    changed: &[Told],
    asked_at: Timestamp,
    account: &mut SyncAccount,
) -> anyhow::Result<()> {
    let tenant = house.tenant.id;
    account.unchanged += same.len();
    house.store.note_read(tenant, ALIEXPRESS, same, asked_at).await?;
    house.store.note_orders_read(tenant, same, asked_at).await?;
    if changed.is_empty() {
        return Ok(());
    }
    take_changed(house, changed, asked_at, account).await
}

/// An order with what was learnt of it beside its line in the list.
pub(super) struct Told {
    pub(super) number: String,
    pub(super) order: RemoteOrder,
    pub(super) detail: Option<OrderDetail>,
    /// Its own page was asked for and not answered.
    pub(super) owes_page: bool,
    /// Fields that could not be read.
    pub(super) unread: Vec<String>,
}

/// Two capital letters; whether there is such a country is for whoever uses it.
pub(super) fn is_country(code: &str) -> bool {
    code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase())
}

impl Told {
    /// Where the buyer lives, in two letters.
    fn country(&self) -> Option<String> {
        let country = &self.detail.as_ref()?.buyer.country;
        is_country(country).then(|| country.clone())
    }
}

async fn take_changed(
    house: &House,
    changed: &[Told],
    asked_at: Timestamp,
    account: &mut SyncAccount,
) -> anyhow::Result<()> {
    let before = (account.added, account.corrected, account.troubled);
    let mut commit = house.begin_as_system().await?;
    let numbers: Vec<String> = changed.iter().map(|told| told.number.clone()).collect();
    let rows = commit.remote_orders(ALIEXPRESS, &numbers).await?;
    let mut parties = BTreeSet::new();
    for told in changed {
        // It was read again while this page was on its way: what the list says is taken over in the next reading.
        if rows.iter().any(|row| row.number == told.number && row.read_at > asked_at) {
            account.overtaken += 1;
            continue;
        }
        let taken = take_order(house, &mut commit, told, asked_at).await?;
        match taken.outcome {
            Outcome::Added => account.added += 1,
            Outcome::Corrected => account.corrected += 1,
            Outcome::Unchanged => account.unchanged += 1,
        }
        let problem = taken.problem.map_or("", |problem| problem.0);
        account.troubled += usize::from(!problem.is_empty());
        let row = RemoteOrderRow {
            number: told.number.clone(),
            read_at: asked_at,
            words: words_of(&told.order),
            // Of an order whose page is owed nothing is known for good.
            fingerprint: if told.owes_page { String::new() } else { fingerprint(&told.order) },
            page_url: told.order.page_url.clone(),
            problem: problem.to_string(),
            about: taken.about,
            page_owed: told.owes_page,
        };
        commit.note_remote_order(ALIEXPRESS, &row).await?;
        parties.extend(taken.party);
    }
    settle_promises(house, &mut commit).await?;
    let mut cancelled = 0;
    for party in parties {
        cancelled += cancel_wrong_letters(house, &mut commit, party).await?;
    }
    account.letters_cancelled += cancelled;
    commit.mark_synced(ALIEXPRESS, None).await?;
    let entry = LogEntry::new("orders.synced", "connection", ALIEXPRESS);
    let entry = entry.fact("added", account.added - before.0).fact("corrected", account.corrected - before.1);
    let entry = entry.fact("troubled", account.troubled - before.2).fact("cancelled", cancelled);
    commit.log(entry);
    Ok(commit.finish().await?)
}

enum Outcome {
    Added,
    Corrected,
    Unchanged,
}

/// What became of an order.
struct Taken {
    outcome: Outcome,
    party: Option<PartyId>,
    problem: Option<Problem>,
    about: String,
}

async fn take_order(house: &House, commit: &mut Commit, told: &Told, asked_at: Timestamp) -> Result<Taken, StoreError> {
    let known = commit.order_by_number(OrderSource::Marketplace, &told.number).await?;
    let judged = judge(&told.order);
    let about = if judged.problem.is_some() { words_of(&told.order) } else { String::new() };
    let party = known.as_ref().map(|known| known.fields.party_id);
    let nothing = |problem: &'static str, about: String| Taken {
        outcome: Outcome::Unchanged,
        party,
        problem: Some(Problem(problem)),
        about,
    };
    let Some(order) = shop_order(told, &judged, known.as_ref()) else {
        return Ok(nothing("unreadable", told.unread.join("; ")));
    };
    match write_order(house, commit, told, &order, known).await {
        Ok((outcome, party_id, other_buyer)) => {
            tell_order(house, commit, told, asked_at).await?;
            let problem = if other_buyer { Some(Problem("other_buyer")) } else { judged.problem };
            let unread = told.unread.join("; ");
            let (problem, about) = match problem {
                None if !unread.is_empty() => (Some(Problem("unread_field")), unread),
                problem => (problem, about),
            };
            Ok(Taken { outcome, party: party_id, problem, about })
        }
        // What the books refuse is a problem of this order; the others go in.
        Err(StoreError::Refused(why)) => Ok(nothing("refused", why)),
        Err(StoreError::Told(why)) => Ok(nothing("refused", why.to_string())),
        Err(StoreError::Ledger(why)) => Ok(nothing("refused", why.to_string())),
        Err(error) => Err(error),
    }
}

/// How the order stands, by when it has to leave and what is in it: what its playbooks go by.
async fn tell_order(house: &House, commit: &mut Commit, told: &Told, asked_at: Timestamp) -> Result<(), StoreError> {
    let Some(row) = commit.order_by_number(OrderSource::Marketplace, &told.number).await? else { return Ok(()) };
    let (party_id, order_id) = (row.fields.party_id, row.id);
    let known = commit.known_order(party_id, order_id).await?;
    let news = told_of(&told.order, &known, asked_at, &house.zone());
    commit.note_order_state(party_id, order_id, &news).await?;
    if let Some(closes) = closes_at(&told.order, asked_at) {
        keep_closing(house, commit, (party_id, order_id), closes).await?;
    }
    if !told.order.lines.is_empty() {
        commit.keep_order_lines(party_id, order_id, &lines_of(&told.order, row.fields.total)).await?;
    }
    if let Some(detail) = &told.detail {
        let parcels = parcels_of(&told.order, detail);
        commit.note_named_parcels((party_id, order_id), &parcels, told.order.modified).await?;
        // One moment is told for all parcels: of an order that leaves in parts nobody can say whose it is.
        let in_parts = known.story.first(&[OrderWord::PartShipped]).is_some();
        if let Some(left_at) =
            told.order.shipped.filter(|_| !in_parts && told.order.standing() == Remote::AwaitingReceipt)
        {
            commit.keep_dispatch((party_id, order_id), left_at).await?;
        }
    }
    if let Some(detail) = &told.detail {
        keep_delivery(commit, &told.order.buyer_login_id, (party_id, order_id), &delivery_of(&detail.receiver)).await?;
        raise_by_rule(commit, (party_id, order_id), &told.number).await?;
    }
    Ok(())
}

/// The day on which the marketplace closes the unpaid order: what it is reminded of counts from there. What somebody here took
/// back or replaced is not told by the same word again.
async fn keep_closing(
    house: &House,
    commit: &mut Commit,
    (party_id, order_id): (PartyId, OrderId),
    closes: Timestamp,
) -> Result<(), StoreError> {
    let kind = KeyDate::PlatformClose;
    let known = day_of(&commit.key_dates_of(party_id, order_id).await?, kind);
    let Some(day) = other_day(closes, known, &house.zone()) else { return Ok(()) };
    if commit.is_day_aside(party_id, order_id, kind, day).await? {
        return Ok(());
    }
    commit.set_key_date_of(party_id, order_id, kind, day).await
}

/// Where the order goes by the marketplace's word: what the buyer confirmed holds, and of whoever was erased nothing is kept.
pub(super) async fn keep_delivery(
    commit: &mut Commit,
    login: &str,
    about: (PartyId, OrderId),
    delivery: &Delivery,
) -> Result<(), StoreError> {
    let buyer = commit.find_party(SOURCE, login).await?;
    let (known, confirmed) = commit.order_delivery(about.0, about.1).await?;
    let is_theirs = buyer.is_some_and(|buyer| buyer.id == about.0 && !buyer.is_former);
    if is_theirs && confirmed.is_none() && !delivery.is_empty() && known != *delivery {
        commit.keep_order_delivery(about, delivery, None).await?;
    }
    Ok(())
}

/// The order as the books want it; what the list leaves out is as it was. `None`: too little is known to write it.
fn shop_order(told: &Told, judged: &Judged, known: Option<&OrderRow>) -> Option<ShopOrder> {
    let order = &told.order;
    let amount =
        order.pay_amount.filter(|amount| amount.minor >= 0).or_else(|| known.map(|known| known.fields.total))?;
    Some(ShopOrder {
        number: told.number.clone(),
        placed_at: order.created.or_else(|| known.and_then(|known| known.fields.ordered_at))?,
        amount,
        goods: goods(order),
        standing: judged.standing,
        cancelled: judged.cancelled,
        status: order.status.word().to_string(),
    })
}

/// Articles that are named; the rest of a long order is on its page.
const MOST_ARTICLES: usize = 20;

fn goods(order: &RemoteOrder) -> String {
    let named = order.lines.iter().filter(|line| !line.name.is_empty()).take(MOST_ARTICLES);
    let named: Vec<String> = named.map(|line| format!("{} × {}", line.count, line.name)).collect();
    named.join("; ")
}

/// Writes order, buyer and receivable. Returns what became of the order, whose it is, and whether it is said to be
/// somebody else's than the books say.
async fn write_order(
    house: &House,
    commit: &mut Commit,
    told: &Told,
    order: &ShopOrder,
    known: Option<OrderRow>,
) -> Result<(Outcome, Option<PartyId>, bool), StoreError> {
    let days = Days { zone: house.zone(), today: house.today() };
    let login = &told.order.buyer_login_id;
    let found = if login.is_empty() { None } else { commit.find_party(SOURCE, login).await? };
    let (party_id, other_buyer, corrected) = match (&known, found) {
        (Some(known), Some(found)) if found.id == known.fields.party_id => {
            (found.id, false, keep_buyer(commit, (found.id, found.is_former), told, days.today).await?)
        }
        // Whoever was erased does not come back with an order of theirs.
        (Some(known), found) => (known.fields.party_id, found.is_some(), false),
        (None, Some(found)) => {
            (found.id, false, keep_buyer(commit, (found.id, found.is_former), told, days.today).await?)
        }
        (None, None) if login.is_empty() => {
            return Err(StoreError::Refused("the order names no buyer".to_string()));
        }
        (None, None) => {
            let id = commit.add_party(SOURCE, login, &party_fields(told), days.today).await?;
            (id, false, keep_buyer(commit, (id, false), told, days.today).await?)
        }
    };
    let is_known = known.is_some();
    let (order_id, is_new, order_changes) = order.write(commit, party_id, known, &days).await?;
    let fields = order.receivable(party_id, order_id, &days);
    let (_, opened, changes) = order.write_receivable(commit, &fields, &days).await?;
    let outcome = match () {
        () if is_new => Outcome::Added,
        () if is_known && (corrected || opened || !order_changes.is_empty() || !changes.is_empty()) => {
            Outcome::Corrected
        }
        () => Outcome::Unchanged,
    };
    Ok((outcome, Some(party_id), other_buyer))
}

fn party_fields(told: &Told) -> PartyFields {
    let order = &told.order;
    let name = if order.buyer_name.is_empty() { &order.buyer_login_id } else { &order.buyer_name };
    PartyFields { name: name.clone(), country: told.country().unwrap_or_default(), language: None, is_consumer: true }
}

/// The buyer, a consumer, with the one person it is. Whatever somebody here entered another way holds.
async fn keep_buyer(
    commit: &mut Commit,
    (id, is_former): (PartyId, bool),
    told: &Told,
    today: Date,
) -> Result<bool, StoreError> {
    if is_former {
        return Ok(false);
    }
    let mut corrected = !commit.correct_party(id, &party_fields(told)).await?.is_empty();
    let mut fields = ContactFields {
        name: told.order.buyer_name.clone(),
        role: ContactRole::Buyer,
        language: None,
        time_zone: None,
        email: None,
        phone: None,
        whatsapp: None,
        in_site_id: Some(told.order.buyer_login_id.clone()),
    };
    let people = commit.contacts_of(id).await?;
    match people.iter().find(|person| person.is_same(&fields)) {
        Some(person) if person.retired_at.is_some() => {}
        Some(person) => {
            if person.is_by_hand("name") {
                fields.name.clear();
            }
            if person.is_by_hand("login") {
                fields.in_site_id = None;
            }
            corrected |= commit.correct_contact(id, person.id, &fields).await?;
        }
        None => {
            commit.add_contact(id, &fields, false, today).await?;
        }
    }
    Ok(corrected)
}

/// The words of the marketplace, for a person.
fn words_of(order: &RemoteOrder) -> String {
    let words =
        [order.status.word(), order.fund.word(), order.issue.word(), order.frozen.word(), order.end_reason.as_str()];
    let said: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    said.join(" ")
}

/// Counted up when more is taken over, so that what is known is taken once more.
const TAKEN_OVER: u32 = 4;

/// Of all that is taken over. What runs by itself, such as the time that is left, is no news; that the buyer was given more
/// time to pay, or for the receipt, shows only in that the order was modified.
pub(super) fn fingerprint(order: &RemoteOrder) -> String {
    let is_timed = matches!(order.standing(), Remote::AwaitingPayment | Remote::AwaitingReceipt);
    let modified = order.modified.filter(|_| is_timed);
    let skus: Vec<&str> = order.lines.iter().map(|line| line.sku_code.as_str()).collect();
    let told = format!(
        "{TAKEN_OVER} {} {} {:?} {:?} {:?} {:?} {modified:?} {skus:?} {} {} {}",
        words_of(order),
        order.logistics.word(),
        order.pay_amount,
        order.created,
        order.paid,
        order.shipped,
        order.buyer_login_id,
        order.buyer_name,
        goods(order)
    );
    Sha256::digest(told).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use dunlin_channels::aliexpress::pacific::Pacific;

    fn order(status: &str, fund: &str, paid: &str) -> RemoteOrder {
        let value = serde_json::json!({"order_id": "9007199254740993", "order_status": status, "fund_status": fund,
            "issue_status": "NO_ISSUE", "frozen_status": "NO_FROZEN", "gmt_pay_time": paid});
        RemoteOrder::read(&value, &Pacific::load().expect("zones")).expect("an order").0
    }

    #[test]
    fn time_that_runs_is_no_news_and_a_word_is() {
        let unpaid = order("PLACE_ORDER_SUCCESS", "NOT_PAY", "");
        let mut later = unpaid.clone();
        later.left_in_status = Some(jiff::SignedDuration::from_hours(3));
        assert_eq!(fingerprint(&unpaid), fingerprint(&later));
        assert_ne!(fingerprint(&unpaid), fingerprint(&order("RISK_CONTROL", "PAY_SUCCESS", "")));
        let shipped = order("WAIT_BUYER_ACCEPT_GOODS", "PAY_SUCCESS", "");
        let extended = RemoteOrder { modified: Some(jiff::Timestamp::UNIX_EPOCH), ..shipped.clone() };
        assert_ne!(fingerprint(&shipped), fingerprint(&extended), "more time for the receipt");
    }
}
