//! In-site messages: what an app may use only if the platform gave it the permission.
//!
//! [`Session::can_message`] finds out at set-up. Without it nothing here is called: the text becomes a task for a
//! person, to be pasted into the order's chat. A message whose fate is in doubt is looked up
//! ([`Session::was_sent`]), never sent again blindly.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::error::{ApiError, Effect};
use super::orders::succeeded;
use super::session::Session;
use super::sign::Parameters;
use super::uncertain::{ADD_MESSAGE, LIST_MESSAGES, LIST_RELATIONS, MARK_PROCESSED, MARK_READ, MESSAGE_LETTERS};
use super::values::{RemoteId, integer, list, text, truth};
use crate::{Handover, Lookup};

/// Messages asked for at once.
const PAGE_SIZE: u32 = 50;
/// How far ahead of ours the service's clock may be.
const CLOCKS_DIFFER: SignedDuration = SignedDuration::from_mins(10);
/// Pages of a conversation that are looked through for one message.
const PAGES_SEARCHED: u32 = 4;

/// What a message is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    Order(RemoteId),
    Product(RemoteId),
    /// The buyer as such.
    Member,
}

impl About {
    const fn word(self) -> &'static str {
        match self {
            Self::Order(_) => "order",
            Self::Product(_) => "product",
            Self::Member => "member",
        }
    }

    const fn number(self) -> u64 {
        match self {
            Self::Order(RemoteId(number)) | Self::Product(RemoteId(number)) => number,
            Self::Member => 0,
        }
    }
}

/// A message with nothing left to decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingMessage {
    pub buyer_login_id: String,
    pub seller_login_id: String,
    pub about: About,
    pub text: String,
}

/// A conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    pub channel_id: String,
    pub unread: i64,
    pub buyer_login_id: String,
    pub buyer_name: String,
    /// The order it is about, where it is about one.
    pub order: Option<RemoteId>,
    pub last_message_id: String,
    pub last_text: String,
    /// Whether the last word was ours.
    pub last_is_own: bool,
    pub last_at: Option<Timestamp>,
}

/// One message of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncomingMessage {
    pub id: String,
    pub text: String,
    pub at: Option<Timestamp>,
    /// `order`, `product`, `member`, as the service writes it.
    pub about: String,
    pub about_number: Option<RemoteId>,
    pub sender_id: String,
    pub sender_name: String,
}

fn parameter(name: &str, value: &Value) -> Parameters {
    Parameters::from([(name.to_string(), value.to_string())])
}

fn milliseconds(value: &Value, field: &str) -> Option<Timestamp> {
    integer(value, field).and_then(|told| Timestamp::from_millisecond(told).ok())
}

fn read_relation(value: &Value) -> Relation {
    Relation {
        channel_id: text(value, "channel_id"),
        unread: integer(value, "unread_count").unwrap_or(0),
        buyer_login_id: text(value, "other_login_id"),
        buyer_name: text(value, "other_name"),
        order: value.get("order_id").and_then(RemoteId::read).filter(|order| order.0 != 0),
        last_message_id: text(value, "last_message_id"),
        last_text: text(value, "last_message_content"),
        last_is_own: truth(value, "last_message_is_own").unwrap_or(false),
        last_at: milliseconds(value, "message_time"),
    }
}

fn read_message(value: &Value) -> IncomingMessage {
    IncomingMessage {
        id: text(value, "id"),
        text: text(value, "content"),
        at: milliseconds(value, "gmt_create"),
        about: text(value, "message_type"),
        about_number: value.get("extern_id").and_then(RemoteId::read).filter(|number| number.0 != 0),
        sender_id: text(value, "sender_ali_id"),
        sender_name: text(value, "sender_name"),
    }
}

/// Whether a message could stand in a conversation: with its buyer, or about its order. How a buyer is named in a
/// conversation is not proven, and a message that is there and not found would be sent twice.
fn is_of(relation: &Relation, message: &OutgoingMessage) -> bool {
    let same_order = match message.about {
        About::Order(order) => relation.order == Some(order),
        About::Product(_) | About::Member => false,
    };
    same_order || relation.buyer_login_id == message.buyer_login_id
}

/// What became of a message, in the words that every channel answers in.
fn handover(answer: Result<(), ApiError>) -> Handover {
    match answer {
        Ok(()) => Handover::Sent,
        // Nothing left; once the permission or the connection is there, the same message may go.
        Err(error @ (ApiError::Busy { .. } | ApiError::TokenRefused { .. } | ApiError::NeedsPerson { .. })) => {
            Handover::Busy(error.to_string())
        }
        Err(error @ (ApiError::Refused { .. } | ApiError::NotPermitted { .. })) => Handover::Refused(error.to_string()),
        Err(error @ (ApiError::InDoubt { .. } | ApiError::Unreadable { .. })) => Handover::Unknown(error.to_string()),
    }
}

impl Session {
    /// Whether this app may read and write messages for this shop. Asks for one conversation; changes nothing.
    pub async fn can_message(&self) -> Result<bool, ApiError> {
        let now = self.client().now();
        let since = now.checked_sub(SignedDuration::from_hours(1)).unwrap_or(now);
        match self.relations(since, now, 1).await {
            Ok(_) => Ok(true),
            // An app without the permission hears either that or that there is no such call.
            Err(ApiError::NotPermitted { .. } | ApiError::Refused { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Hands a message over once. Never tried again in here unless it was certainly not taken.
    pub async fn send_message(&self, message: &OutgoingMessage) -> Handover {
        let letters = message.text.chars().count();
        if letters == 0 || letters > MESSAGE_LETTERS {
            return Handover::Refused(format!("a message has 1 to {MESSAGE_LETTERS} letters, this one has {letters}"));
        }
        let created = json!({
            "buyer_id": message.buyer_login_id,
            "seller_id": message.seller_login_id,
            "message_type": message.about.word(),
            "extern_id": message.about.number(),
            "content": message.text,
        });
        let answer = self.call(ADD_MESSAGE, parameter("create_param", &created), Effect::Write).await;
        handover(answer.and_then(|answer| succeeded(&answer, ADD_MESSAGE, Effect::Write).map(|_| ())))
    }

    /// Conversations that moved in the span, newest first as the service orders them; pages from 1.
    pub async fn relations(&self, since: Timestamp, until: Timestamp, page: u32) -> Result<Vec<Relation>, ApiError> {
        let query = json!({
            "current_page": page.max(1), "page_size": PAGE_SIZE,
            "start_time": since.as_millisecond(), "end_time": until.as_millisecond(),
        });
        let answer = self.call(LIST_RELATIONS, parameter("query", &query), Effect::Read).await?;
        let result = succeeded(&answer, LIST_RELATIONS, Effect::Read)?;
        Ok(list(result, "relation_list", "relation_result").iter().map(read_relation).collect())
    }

    /// Messages of a conversation; pages from 1.
    pub async fn messages(&self, channel_id: &str, about: About, page: u32) -> Result<Vec<IncomingMessage>, ApiError> {
        let parameters = Parameters::from([
            ("channel_id".to_string(), channel_id.to_string()),
            ("extern_id".to_string(), about.number().to_string()),
            ("current_page".to_string(), page.max(1).to_string()),
            ("page_size".to_string(), PAGE_SIZE.to_string()),
        ]);
        let answer = self.call(LIST_MESSAGES, parameters, Effect::Read).await?;
        let result = succeeded(&answer, LIST_MESSAGES, Effect::Read)?;
        Ok(list(result, "message_detail_list", "message_detail").iter().map(read_message).collect())
    }

    /// Whether a message in doubt left: looked for by its text among what was said about its subject since then.
    /// `Unknown` when the conversation is too long to be looked through, or cannot be read now.
    pub async fn was_sent(&self, message: &OutgoingMessage, since: Timestamp) -> Lookup {
        // Their clock may be ahead of ours; what they date later than now has been said all the same.
        let now = self.client().now();
        let until = now.checked_add(CLOCKS_DIFFER).unwrap_or(now);
        let Ok(relations) = self.relations(since, until, 1).await else { return Lookup::Unknown };
        if relations.len() as u64 >= u64::from(PAGE_SIZE) {
            return Lookup::Unknown;
        }
        for relation in relations.iter().filter(|relation| is_of(relation, message)) {
            for page in 1..=PAGES_SEARCHED {
                let Ok(found) = self.messages(&relation.channel_id, message.about, page).await else {
                    return Lookup::Unknown;
                };
                let ours = |held: &IncomingMessage| {
                    held.text.trim() == message.text.trim() && held.at.is_none_or(|at| at >= since)
                };
                if found.iter().any(ours) {
                    return Lookup::Found;
                }
                if (found.len() as u64) < u64::from(PAGE_SIZE) {
                    break;
                }
                if page == PAGES_SEARCHED {
                    return Lookup::Unknown;
                }
            }
        }
        Lookup::Absent
    }

    /// Marks a conversation as read.
    pub async fn mark_read(&self, channel_id: &str) -> Result<(), ApiError> {
        let parameters = Parameters::from([("channel_id".to_string(), channel_id.to_string())]);
        let answer = self.call(MARK_READ, parameters, Effect::Write).await?;
        succeeded(&answer, MARK_READ, Effect::Write).map(|_| ())
    }

    /// Marks a conversation as dealt with.
    pub async fn mark_processed(&self, channel_id: &str) -> Result<(), ApiError> {
        let parameters = Parameters::from([
            ("channel_id".to_string(), channel_id.to_string()),
            ("deal_stat".to_string(), "1".to_string()),
        ]);
        let answer = self.call(MARK_PROCESSED, parameters, Effect::Write).await?;
        succeeded(&answer, MARK_PROCESSED, Effect::Write).map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_message_in_doubt_is_neither_sent_nor_refused() {
        let doubt = ApiError::InDoubt { what: "timed out".into() };
        assert!(matches!(handover(Err(doubt)), Handover::Unknown(_)));
        let busy = ApiError::Busy { wait: Duration::from_secs(1), what: "ban".into() };
        assert!(matches!(handover(Err(busy)), Handover::Busy(_)));
        let denied = ApiError::NotPermitted { call: "x".into(), what: "y".into() };
        assert!(matches!(handover(Err(denied)), Handover::Refused(_)));
        assert_eq!(handover(Ok(())), Handover::Sent);
    }

    #[test]
    fn a_message_is_looked_for_with_its_buyer_and_about_its_order() {
        let message = OutgoingMessage {
            buyer_login_id: "b7".into(),
            seller_login_id: "s".into(),
            about: About::Order(RemoteId(7)),
            text: "Hello".into(),
        };
        let relation = |buyer: &str, order: u64| read_relation(&json!({"other_login_id": buyer, "order_id": order}));
        assert!(is_of(&relation("b7", 0), &message));
        assert!(is_of(&relation("17380000001", 7), &message));
        assert!(!is_of(&relation("b8", 8), &message));
        assert!(!is_of(&relation("b8", 0), &message));
    }

    #[test]
    fn a_conversation_about_no_order_names_none() {
        let value = json!({"channel_id": 77, "order_id": 0, "last_message_is_own": "true", "message_time": 1000});
        let relation = read_relation(&value);
        assert_eq!((relation.channel_id.as_str(), relation.order, relation.last_is_own), ("77", None, true));
        assert_eq!(relation.last_at.map(Timestamp::as_second), Some(1));
    }
}
