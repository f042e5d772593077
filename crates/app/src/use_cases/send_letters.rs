//! Performs what waits in the outbox: claim → load again → still right? → write → hand over → record.
//!
//! `sending` is committed before anything leaves. A letter found in `sending` whose worker is gone is looked up at
//! its channel; where that cannot tell, a person decides. It is never sent again blindly (invariant 2).

use std::sync::Arc;

use base64::Engine;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use dunlin_channels::mail::{Attachment, Mail};
use dunlin_channels::{Handover, Lookup};
use dunlin_core::access::Right;
use dunlin_core::audit::departure::{check_by_itself, check_departure, inside_hours, not_too_soon};
use dunlin_core::case::LetterState;
use dunlin_core::explain::{UiLanguage, sentence};
use dunlin_core::plan::Review;
use dunlin_core::reason::Reason;
use dunlin_store::fault::{FaultPoint, hit};
use dunlin_store::{Approval, Claimed, Commit, Outcome, SentMail, StoreError, StoredLetter};

use super::approve_letter::window_of;
use super::ask_buyer::{has_moved, payment_asked, settled_before};
use super::cancel_letter::refused;
use super::extend_receipt::ask_marketplace;
use super::judge_claims::{Ground, keep_back};
use super::reread_orders::{Reread, is_of_shop, note_fresh, reread_orders, stale_orders};
use super::send_order_letters::claim_order_letter;
use super::write_letter::{Desk, WrittenLetter, write_letter, write_letter_with};
use super::write_order::order_aside;
use crate::house::House;
use crate::in_site::InSite;
use crate::printer::statement_pdf;
use crate::shop::{ALIEXPRESS, Shop};

/// Long enough for a slow mail server, short enough that a dead worker's letter is looked up soon.
pub(super) const LEASE: SignedDuration = SignedDuration::from_mins(5);
const MOST_ATTEMPTS: i64 = 6;
/// Until an order is asked about again that could not be read, or of which something has to be done first.
const UNREAD_WAIT: SignedDuration = SignedDuration::from_mins(10);

/// The account of a round of sending.
#[derive(Debug, Default, Clone)]
pub struct SendAccount {
    pub sent: usize,
    pub cancelled: usize,
    pub postponed: usize,
    pub again: usize,
    pub failed: usize,
    pub uncertain: usize,
    /// Given to a person to paste.
    pub to_paste: usize,
    /// Buyers whom the marketplace has given more time for the receipt.
    pub more_time: usize,
    /// Safe mode is on: whatever waits goes on waiting.
    pub held_back: bool,
    /// Lines for the user about what did not simply leave.
    pub notes: Vec<String>,
    /// Letters that were taken back, by number, and why.
    pub taken_back: Vec<(String, Vec<Reason>)>,
}

impl SendAccount {
    pub(super) fn take_back(&mut self, name: String, outcome: &Outcome) {
        self.cancelled += 1;
        if let Outcome::Cancelled { reasons, .. } = outcome {
            self.taken_back.push((name, reasons.clone()));
        }
    }

    /// All lines, those about letters taken back first: `L-0007: The letter was cancelled before it left, because …`.
    pub fn told(&self, language: UiLanguage, zone: &TimeZone) -> Vec<String> {
        let of = |(name, reasons): &(String, Vec<Reason>)| {
            let sentences: Vec<String> = reasons.iter().map(|reason| sentence(reason, language, zone)).collect();
            match language {
                UiLanguage::En => format!("{name}: {}", sentences.join(" ")),
                UiLanguage::ZhCn => format!("{name}：{}", sentences.concat()),
            }
        };
        self.taken_back.iter().map(of).chain(self.notes.iter().cloned()).collect()
    }
}

pub(super) enum Next {
    Send(Box<Claimed>, Box<WrittenLetter>),
    /// What it is about has to be read again first, at the marketplace.
    Reread(Box<StoredLetter>, Vec<String>),
    /// Its orders were read at this moment, which its facts do not say yet.
    Fresh(Box<StoredLetter>, Vec<String>, Timestamp),
    /// The firm's rules or playbooks were changed since they were read.
    Outdated,
    /// Something else was done with a letter; look for the next.
    Handled,
    Nothing,
}

/// Sends everything whose moment has come.
pub async fn send_letters(house: &House) -> anyhow::Result<SendAccount> {
    let mut account = SendAccount::default();
    let shop = open_shop(house, &mut account).await?;
    let mut ground = Ground::read(&with_chats(house, shop.as_ref())).await?;
    settle_interrupted(&ground.house, &mut account).await?;
    if let Some(shop) = &shop {
        // What letters tell of is done before they leave.
        ask_marketplace(&ground.house, shop, ground.premises.tenant.restored_at, &mut account).await?;
    }
    loop {
        let house = &ground.house;
        match claim(&ground, &mut account).await? {
            Next::Nothing => return Ok(account),
            Next::Handled => {}
            Next::Outdated => ground = Ground::read(house).await?,
            Next::Reread(letter, numbers) => {
                read_again(house, shop.as_deref(), (&*letter, numbers.as_slice()), &mut account).await?;
            }
            Next::Fresh(letter, numbers, at) => note_fresh(house, &letter, &numbers, at).await?,
            Next::Send(claimed, written) => perform(house, &claimed.letter, &written, &mut account).await?,
        }
    }
}

/// The connected shop. Where it cannot be opened letters about its orders wait, and the others leave.
async fn open_shop(house: &House, account: &mut SendAccount) -> anyhow::Result<Option<Arc<Shop>>> {
    // A firm that tries things out asks nobody.
    if house.tenant.settings.safe_mode {
        return Ok(None);
    }
    match Shop::open(house).await {
        Ok(shop) => Ok(shop.map(Arc::new)),
        Err(error) if error.is::<StoreError>() => Err(error),
        Err(error) => {
            account.notes.push(format!("the connected shop cannot be used: {error:#}"));
            Ok(None)
        }
    }
}

/// The house with the chats of the shop as its way out, where the app may write there; else a person pastes, as ever.
fn with_chats(house: &House, shop: Option<&Arc<Shop>>) -> House {
    let mut house = house.clone();
    if let Some(shop) = shop.filter(|shop| shop.may_message) {
        house.in_site = Some(Arc::new(InSite::new(&house, Arc::clone(shop))));
    }
    house
}

/// Whether a message belongs into the chat of another marketplace than the connected one.
pub(super) async fn is_elsewhere(house: &House, commit: &mut Commit, letter: &StoredLetter) -> anyhow::Result<bool> {
    let through_shop = house.transport(letter.channel).is_some_and(|transport| transport.name() == ALIEXPRESS);
    Ok(through_shop && !is_of_shop(commit, letter).await?)
}

/// Reads the orders of a letter again, outside every change. What cannot be read now keeps the letter here for a while.
async fn read_again(
    house: &House,
    shop: Option<&Shop>,
    (letter, numbers): (&StoredLetter, &[String]),
    account: &mut SendAccount,
) -> anyhow::Result<()> {
    let asked_at = house.now();
    let outcome = match shop {
        Some(shop) => reread_orders(house, shop, numbers).await?,
        None => Reread::Later { why: "no shop is connected that could be asked".to_string() },
    };
    let why = match outcome {
        Reread::Later { why } => why,
        Reread::Done { cancelled, untold } => {
            account.cancelled += cancelled;
            // Letters about money are right or wrong by what was read.
            match untold.filter(|_| letter.about.is_some()) {
                Some(why) => why,
                None => return note_fresh(house, letter, numbers, asked_at).await,
            }
        }
    };
    let mut commit = house.begin_as_system().await?;
    let until = house.now() + UNREAD_WAIT;
    commit.postpone_because(letter.id, until, &format!("its order could not be read again: {why}")).await?;
    commit.finish().await?;
    account.postponed += 1;
    account.notes.push(format!("L-{:04} waits: {why}", letter.number));
    Ok(())
}

/// Takes one letter out, or finds that it must not go.
async fn claim(ground: &Ground, account: &mut SendAccount) -> anyhow::Result<Next> {
    let (house, premises) = (&ground.house, &ground.premises);
    let now = house.now();
    let mut commit = house.begin_as_system().await?;
    // As they are under the lock: somebody may have turned safe mode on a moment ago.
    let settings = commit.settings().await?;
    if settings.safe_mode {
        account.held_back = true;
        return Ok(Next::Nothing);
    }
    if commit.restored_at().await? != premises.tenant.restored_at {
        anyhow::bail!("a backup was restored meanwhile: nothing more was sent; the next round reads everything anew");
    }
    if ground.is_outdated(&mut commit).await? {
        return Ok(Next::Outdated);
    }
    let Some(mut claimed) = commit.next_to_send().await? else {
        return claim_order_letter(ground, &settings, commit, account).await;
    };
    let known = (&claimed.letter, &claimed.facts);
    let Some(mut commit) = keep_back(ground, commit, known, &settings, account).await? else {
        return Ok(Next::Handled);
    };
    let letter = &claimed.letter;
    let rules = ground.rules();
    let name = format!("L-{:04}", letter.number);
    let waiting = letter.waiting();
    let mut checked = check_departure(&waiting, &claimed.facts, now, &rules);
    if checked.is_ok() && letter.review == Review::Automatic {
        checked = check_by_itself(&waiting, &claimed.facts, now, &rules);
    }
    if let Err(refusal) = checked {
        let outcome = refused(letter, &claimed.facts, &refusal, premises, now);
        commit.settle(letter, &outcome).await?;
        commit.finish().await?;
        account.take_back(name, &outcome);
        return Ok(Next::Handled);
    }
    if let Some(asked) = payment_asked(letter)
        && has_moved(letter, &commit.payment(asked).await?)
    {
        let outcome = settled_before(letter);
        commit.settle(letter, &outcome).await?;
        commit.finish().await?;
        account.take_back(name, &outcome);
        return Ok(Next::Handled);
    }
    let window = window_of(letter, &claimed.facts, &rules);
    // Whoever was written to by mistake does not wait for the morning to hear of it.
    if letter.repairs.is_none()
        && let Err(opening) = inside_hours(&claimed.facts, letter.contact_id, window, now, &rules)
    {
        commit.postpone(letter.id, opening).await?;
        commit.finish().await?;
        account.postponed += 1;
        return Ok(Next::Handled);
    }
    // A copy is one contact with the letter that it goes beside, which has left: it waits for no gap of its own.
    if letter.send == 0
        && let Err(free) = not_too_soon(&letter.waiting(), &claimed.facts, now, &rules)
    {
        commit.postpone(letter.id, free).await?;
        commit.finish().await?;
        account.postponed += 1;
        return Ok(Next::Handled);
    }
    // The buyer may have paid a moment ago, and the books cannot know.
    let stale = stale_orders(&mut commit, letter, now).await?;
    if !stale.is_empty() {
        return Ok(Next::Reread(Box::new(claimed.letter), stale));
    }
    hit(FaultPoint::ClaimChecked);
    let signer = commit.signer_of(letter.party_id).await?;
    let desk = Desk { settings: &settings, signer: &signer, tenant: &premises.tenant };
    let written = match write_letter(letter, &claimed.facts, desk, now, None) {
        Ok(written) => written,
        Err(error) => return unwritten(commit, letter, &error, account).await,
    };
    if !take_out(house, commit, letter, &written, false, account).await? {
        return Ok(Next::Handled);
    }
    claimed.letter.state = LetterState::Sending;
    Ok(Next::Send(Box::new(claimed), Box::new(written)))
}

/// It cannot be written: a person sees to it.
pub(super) async fn unwritten(
    mut commit: Commit,
    letter: &StoredLetter,
    error: &anyhow::Error,
    account: &mut SendAccount,
) -> anyhow::Result<Next> {
    commit.settle(letter, &Outcome::Failed { why: format!("{error:#}") }).await?;
    commit.finish().await?;
    account.failed += 1;
    account.notes.push(format!("L-{:04} could not be written: {error:#}", letter.number));
    Ok(Next::Handled)
}

/// The last of taking a letter out, and the end of its claim: what a person approved is what leaves, so that another text
/// or amount goes back to that person; what the program cannot send, or is asked not to, goes to a person before anything
/// is marked as leaving. `true`: it leaves.
pub(super) async fn take_out(
    house: &House,
    mut commit: Commit,
    letter: &StoredLetter,
    written: &WrittenLetter,
    by_hand: bool,
    account: &mut SendAccount,
) -> anyhow::Result<bool> {
    if let Some(why) = lapsed(&mut commit, letter, &written.content_hash(), house.now()).await? {
        commit.back_to_review(letter, why).await?;
        commit.finish().await?;
        account.notes.push(format!("L-{:04}: {why}; it waits for a new approval", letter.number));
        return Ok(false);
    }
    if by_hand || house.transport(letter.channel).is_none() || is_elsewhere(house, &mut commit, letter).await? {
        commit.settle(letter, &Outcome::ToPaste).await?;
        commit.finish().await?;
        account.to_paste += 1;
        return Ok(false);
    }
    commit.mark_sending(letter.id, &worker_name(), LEASE).await?;
    hit(FaultPoint::ClaimWritten);
    commit.finish().await?;
    hit(FaultPoint::ClaimDone);
    Ok(true)
}

/// Why the yes of as many persons as the letter needs does not hold (any more), if so.
pub(super) async fn lapsed(
    commit: &mut Commit,
    letter: &StoredLetter,
    content_hash: &str,
    now: Timestamp,
) -> anyhow::Result<Option<&'static str>> {
    if letter.review == Review::Automatic {
        return Ok(None);
    }
    let given = commit.approvals_of(letter.id).await?;
    let right = if letter.review.is_severe() { Right::ApproveSevere } else { Right::Work };
    let theirs = |approval: &&Approval| approval.is_still_theirs(right);
    let holding = given.iter().filter(theirs).filter(|approval| approval.holds(content_hash, now)).count();
    let why = match () {
        () if holding >= letter.review.persons() => return Ok(None),
        () if given.iter().any(|approval| approval.content_hash != content_hash) => "it changed after its approval",
        () if given.iter().any(|approval| !theirs(&approval)) => "whoever approved it may not any more",
        () if !given.is_empty() => "its approval ran out",
        () => "it was not approved",
    };
    Ok(Some(why))
}

async fn perform(
    house: &House,
    letter: &StoredLetter,
    written: &WrittenLetter,
    account: &mut SendAccount,
) -> anyhow::Result<()> {
    let outcome = hand_over(house, letter, written).await;
    hit(FaultPoint::SendHandedOver);
    let name = format!("L-{:04}", letter.number);
    match &outcome {
        Outcome::Sent { .. } => account.sent += 1,
        Outcome::TryAgain { why, .. } => {
            account.again += 1;
            account.notes.push(format!("{name} will be tried again: {why}"));
        }
        Outcome::Failed { why } => {
            account.failed += 1;
            account.notes.push(format!("{name} failed: {why}"));
        }
        Outcome::Uncertain { why } => {
            account.uncertain += 1;
            account.notes.push(format!("{name} may or may not have left: {why}"));
        }
        Outcome::Cancelled { .. } | Outcome::Declined { .. } | Outcome::ToPaste => {}
    }
    let mut commit = house.begin_as_system().await?;
    commit.settle(letter, &outcome).await?;
    hit(FaultPoint::SendRecorded);
    commit.finish().await?;
    hit(FaultPoint::SendDone);
    Ok(())
}

async fn hand_over(house: &House, letter: &StoredLetter, written: &WrittenLetter) -> Outcome {
    let Some(transport) = house.transport(letter.channel) else {
        return Outcome::ToPaste;
    };
    let pdf = match written.statement.as_ref().map(statement_pdf).transpose() {
        Ok(pdf) => pdf,
        Err(error) => return Outcome::Failed { why: format!("the account statement could not be made: {error:#}") },
    };
    let mail = Mail { in_reply_to: put_right(house, letter).await, ..compose(house, letter, written, pdf.as_deref()) };
    hit(FaultPoint::SendRendered);
    match transport.send(&mail).await {
        Handover::Sent => Outcome::Sent { transport: transport.name(), mail: kept(written, pdf.as_deref()) },
        Handover::Refused(why) => Outcome::Failed { why },
        Handover::Unknown(why) => Outcome::Uncertain { why },
        Handover::Busy(why) if letter.attempts + 1 >= MOST_ATTEMPTS => Outcome::Failed { why },
        Handover::Busy(why) => {
            let minutes = 5_i64 << letter.attempts.clamp(0, 6);
            Outcome::TryAgain { at: house.now() + SignedDuration::from_mins(minutes), why }
        }
    }
}

/// Message-ID of the wrong letter that this one puts right. A correction leaves without it too.
async fn put_right(house: &House, letter: &StoredLetter) -> Option<String> {
    house.store.message_id_of(house.tenant.id, letter.repairs?).await.ok().flatten()
}

fn compose(house: &House, letter: &StoredLetter, written: &WrittenLetter, pdf: Option<&[u8]>) -> Mail {
    let sender = &house.tenant.settings.sender;
    let from = if sender.email.is_empty() { "dunlin@localhost.invalid" } else { &sender.email };
    let attachments = pdf.map(|bytes| Attachment {
        name: format!("account-statement-{}.pdf", house.today()),
        mime: "application/pdf",
        bytes: bytes.to_vec(),
    });
    Mail {
        message_id: letter.message_id.clone(),
        date: house.now(),
        from_name: written.from_name.clone(),
        from: from.to_string(),
        reply_to: written.reply_to.clone(),
        in_reply_to: None,
        to_name: written.to_name.clone(),
        to: written.to.clone(),
        subject: written.subject.clone(),
        body: written.body.clone(),
        attachments: attachments.into_iter().collect(),
        channel: letter.channel.code(),
    }
}

pub(super) fn kept(written: &WrittenLetter, pdf: Option<&[u8]>) -> SentMail {
    SentMail {
        to: if written.to_name.is_empty() {
            written.to.clone()
        } else {
            format!("{} <{}>", written.to_name, written.to)
        },
        subject: written.subject.clone(),
        body: written.body.clone(),
        statement_pdf: pdf.map(|bytes| base64::engine::general_purpose::STANDARD.encode(bytes)),
    }
}

/// Letters that a dead worker left in `sending`.
async fn settle_interrupted(house: &House, account: &mut SendAccount) -> anyhow::Result<()> {
    for letter in house.store.letters_in(house.tenant.id, LetterState::Sending, 1_000).await? {
        if !is_left_behind(letter.lease_by.as_deref(), letter.lease_until, house.now()) {
            continue;
        }
        let found = match house.transport(letter.channel) {
            Some(transport) => transport.lookup(&letter.message_id).await,
            // There was one when it was taken out: a connection that has ended since cannot be asked any more.
            None => Lookup::Unknown,
        };
        let kept = match found {
            Lookup::Found => rewritten(house, &letter).await.unwrap_or_default(),
            Lookup::Absent | Lookup::Unknown => SentMail::default(),
        };
        let mut commit = house.begin_as_system().await?;
        // Another worker may have settled it, or even sent it again, while this one was looking.
        let now = commit.letter(letter.number).await?;
        if now.state != LetterState::Sending || now.lease_by != letter.lease_by || now.attempts != letter.attempts {
            continue;
        }
        // With a reader who was erased meanwhile the channel's own mark is gone: that it has none proves nothing then.
        let found = match found {
            Lookup::Absent if commit.reader_is_erased(&letter).await? => Lookup::Unknown,
            found => found,
        };
        let outcome = match found {
            Lookup::Found => {
                account.sent += 1;
                let name = house.transport(letter.channel).map_or("", |transport| transport.name());
                Outcome::Sent { transport: name, mail: kept }
            }
            Lookup::Absent => {
                Outcome::TryAgain { at: house.now(), why: "the program stopped before sending".to_string() }
            }
            Lookup::Unknown => {
                account.uncertain += 1;
                let why = "the program stopped while it was sending".to_string();
                account.notes.push(format!("L-{:04} may or may not have left: {why}", letter.number));
                Outcome::Uncertain { why }
            }
        };
        commit.settle(&letter, &outcome).await?;
        commit.finish().await?;
    }
    Ok(())
}

async fn rewritten(house: &House, letter: &StoredLetter) -> Option<SentMail> {
    let scope = dunlin_store::Scope::One(letter.party_id);
    let facts = house.store.facts(house.tenant.id, scope, house.now()).await.ok()?;
    let signer = house.store.signer_of(house.tenant.id, letter.party_id).await.ok()?;
    let tenant = house.store.tenant_facts(&house.tenant).await.ok()?;
    let desk = Desk { settings: &house.tenant.settings, signer: &signer, tenant: &tenant };
    let aside = order_aside(house, letter, facts.first()?).await.ok()?;
    let written = write_letter_with(letter, facts.first()?, desk, house.now(), None, &aside).ok()?;
    let pdf = written.statement.as_ref().and_then(|statement| statement_pdf(statement).ok());
    Some(kept(&written, pdf.as_deref()))
}

/// Machine, process and its start time: tells on the same machine whether a worker still lives.
pub fn worker_name() -> String {
    let pid = std::process::id();
    format!("{}:{pid}:{}", this_machine(), start_of_process(pid).unwrap_or_default())
}

/// Whether nobody is at it any more: of a worker on this machine one can tell whether it lives, of another's only the lease
/// speaks.
pub(super) fn is_left_behind(lease_by: Option<&str>, lease_until: Option<Timestamp>, now: Timestamp) -> bool {
    match lease_by.map_or(Worker::Elsewhere, worker) {
        Worker::Lives => false,
        Worker::Elsewhere => lease_until.is_none_or(|until| until < now),
        Worker::Gone => true,
    }
}

enum Worker {
    Lives,
    Gone,
    /// On another machine, or nobody can tell.
    Elsewhere,
}

fn worker(name: &str) -> Worker {
    let mut parts = name.split(':');
    let (Some(machine), Some(pid), Some(start)) = (parts.next(), parts.next(), parts.next()) else {
        return Worker::Elsewhere;
    };
    match pid.parse() {
        Ok(pid) if cfg!(target_os = "linux") && machine == this_machine() => {
            if start_of_process(pid).is_some_and(|now| now == start) { Worker::Lives } else { Worker::Gone }
        }
        _ => Worker::Elsewhere,
    }
}

/// Differs from machine to machine and from one start of it to the next.
fn this_machine() -> String {
    std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default().trim().to_string()
}

fn start_of_process(pid: u32) -> Option<String> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in brackets may hold spaces; field 22 counts from after it.
    stat.rsplit_once(')')?.1.split_whitespace().nth(19).map(str::to_string)
}
