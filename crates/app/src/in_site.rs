//! Messages into the chats of a connected shop: the way out for in-site letters where the app may write there.
//!
//! What is handed over is kept before, sealed, so that a message of which nobody knows whether it left can be looked for in
//! its order's chat. It is never sent a second time from here.

use std::sync::Arc;

use dunlin_channels::aliexpress::RemoteId;
use dunlin_channels::aliexpress::messages::{About, OutgoingMessage};
use dunlin_channels::mail::Mail;
use dunlin_channels::{Answer, Handover, Lookup, Transport};
use dunlin_core::ids::TenantId;
use dunlin_store::Store;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::house::{Clock, House};
use crate::shop::{ALIEXPRESS, Shop};

/// How long a message is kept that was handed over: by then its letter is settled.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// A chat's clock is not ours: it is looked through from a while before.
const BEFORE: SignedDuration = SignedDuration::from_mins(15);

/// The chats of one shop.
pub struct InSite {
    shop: Arc<Shop>,
    store: Store,
    tenant_id: TenantId,
    clock: Clock,
}

/// What is sealed of a message on its way.
#[derive(Serialize, Deserialize)]
struct Kept {
    buyer: String,
    order: u64,
    text: String,
}

impl InSite {
    pub fn new(house: &House, shop: Arc<Shop>) -> Self {
        Self { shop, store: house.store.clone(), tenant_id: house.tenant.id, clock: house.clock }
    }

    fn purpose(&self, message_id: &str) -> String {
        format!("chat {} {message_id}", self.tenant_id)
    }

    fn outgoing(&self, kept: Kept) -> OutgoingMessage {
        OutgoingMessage {
            buyer_login_id: kept.buyer,
            seller_login_id: self.shop.account.clone(),
            about: About::Order(RemoteId(kept.order)),
            text: kept.text,
        }
    }

    async fn hand_over(&self, mail: &Mail) -> Handover {
        let now = self.clock.now();
        let numbers = match self.store.orders_of_message(self.tenant_id, &mail.message_id).await {
            Ok(numbers) => numbers,
            Err(error) => return Handover::Busy(error.to_string()),
        };
        let Some(order) = numbers.iter().find_map(|number| RemoteId::parse(number)) else {
            return Handover::Refused("the letter is about no order of the connected shop".to_string());
        };
        let kept = Kept { buyer: mail.to.clone(), order: order.0, text: mail.body.trim().to_string() };
        let keep = async {
            let plain = serde_json::to_vec(&kept).map_err(|error| error.to_string())?;
            let sealed = self.store.key().seal(&self.purpose(&mail.message_id), &plain);
            let sealed = sealed.map_err(|error| error.to_string())?;
            let before = now.checked_sub(KEPT).unwrap_or(Timestamp::UNIX_EPOCH);
            let kept = self.store.keep_chat_message(self.tenant_id, &mail.message_id, &sealed, (now, before));
            kept.await.map_err(|error| error.to_string())
        };
        if let Err(why) = keep.await {
            return Handover::Busy(why);
        }
        let message = self.outgoing(kept);
        let outcome = match self.shop.session.send_message(&message).await {
            // An answer that got lost: what stands in the chat has left.
            Handover::Unknown(why) => match self.shop.session.was_sent(&message, since(now)).await {
                Lookup::Found => Handover::Sent,
                Lookup::Absent | Lookup::Unknown => Handover::Unknown(why),
            },
            // The permission may have been taken away: from now on a person pastes.
            Handover::Refused(why) if matches!(self.shop.session.can_message().await, Ok(false)) => {
                match self.store.note_may_message(self.tenant_id, ALIEXPRESS, false).await {
                    Ok(()) => Handover::Busy(why),
                    Err(error) => Handover::Busy(error.to_string()),
                }
            }
            outcome => outcome,
        };
        if matches!(outcome, Handover::Busy(_) | Handover::Refused(_))
            && let Err(error) = self.store.drop_chat_message(self.tenant_id, &mail.message_id).await
        {
            tracing::warn!("a message that did not leave stays kept: {error}");
        }
        outcome
    }

    async fn look_up(&self, message_id: &str) -> Lookup {
        let (sealed, at) = match self.store.chat_message(self.tenant_id, message_id).await {
            Ok(Some(kept)) => kept,
            // It is kept before it leaves.
            Ok(None) => return Lookup::Absent,
            Err(_) => return Lookup::Unknown,
        };
        let Ok(plain) = self.store.key().open(&self.purpose(message_id), &sealed) else { return Lookup::Unknown };
        let Ok(kept) = serde_json::from_slice::<Kept>(&plain) else { return Lookup::Unknown };
        match self.shop.session.was_sent(&self.outgoing(kept), since(at)).await {
            // A chat may show a message late, or in other letters than it was given: that it is not there proves nothing.
            Lookup::Absent => Lookup::Unknown,
            found => found,
        }
    }
}

fn since(at: Timestamp) -> Timestamp {
    at.checked_sub(BEFORE).unwrap_or(Timestamp::UNIX_EPOCH)
}

impl Transport for InSite {
    fn name(&self) -> &'static str {
        ALIEXPRESS
    }

    fn send<'a>(&'a self, mail: &'a Mail) -> Answer<'a, Handover> {
        Box::pin(self.hand_over(mail))
    }

    fn lookup<'a>(&'a self, message_id: &'a str) -> Answer<'a, Lookup> {
        Box::pin(self.look_up(message_id))
    }

    fn forget<'a>(&'a self, message_id: &'a str) -> Answer<'a, std::io::Result<()>> {
        Box::pin(async move {
            let dropped = self.store.drop_chat_message(self.tenant_id, message_id).await;
            dropped.map_err(std::io::Error::other)
        })
    }
}
