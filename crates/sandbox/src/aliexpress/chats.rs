//! In-site messages: one conversation per buyer, in memory, for apps that have the permission.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::Parameters;
use super::fault::Fault;
use super::guesses::{MESSAGE_LETTERS, MOST_MESSAGES, ORDER_ARGUMENT_CODE, ORDER_MISSING_CODE, PERMISSION_CODE};
use super::order_queries::{json_parameter, number};
use super::world::World;

const LARGEST_PAGE: u64 = 100;

#[derive(Debug, Clone, Serialize)]
pub(super) struct Message {
    pub id: u64,
    pub buyer_login_id: String,
    /// `product`, `order` or `member`, and the number of what it is.
    pub about: String,
    pub extern_id: u64,
    pub from_seller: bool,
    pub content: String,
    /// Milliseconds.
    pub at: i64,
}

#[derive(Debug, Default)]
pub(super) struct Chats {
    /// In the order of their coming.
    pub messages: Vec<Message>,
    /// Conversations by buyer, numbered as they begin.
    channels: BTreeMap<String, Channel>,
}

#[derive(Debug, Default)]
struct Channel {
    id: u64,
    unread: u32,
    dealt_with: bool,
}

impl Chats {
    /// Adds a message; false when there is no room for more.
    pub(super) fn add(&mut self, mut message: Message) -> bool {
        if self.messages.len() >= MOST_MESSAGES {
            return false;
        }
        message.id = 700_000_000_000 + self.messages.len() as u64;
        let next_id = 90_000_001 + self.channels.len() as u64;
        let channel = self.channels.entry(message.buyer_login_id.clone()).or_default();
        if channel.id == 0 {
            channel.id = next_id;
        }
        if !message.from_seller {
            channel.unread += 1;
            channel.dealt_with = false;
        }
        self.messages.push(message);
        true
    }

    fn channel_mut(&mut self, id: u64) -> Option<&mut Channel> {
        self.channels.values_mut().find(|channel| channel.id == id)
    }

    fn buyer_of(&self, channel_id: u64) -> Option<&String> {
        self.channels.iter().find(|(_, channel)| channel.id == channel_id).map(|(buyer, _)| buyer)
    }
}

fn refused(code: &str, message: &str) -> Value {
    json!({"is_success": false, "error_code": code, "error_msg": message})
}

/// The slice of a list that a page is; pages from 1.
fn page<T>(items: Vec<T>, number: u64, size: u64) -> Vec<T> {
    let size = usize::try_from(size.clamp(1, LARGEST_PAGE)).unwrap_or(1);
    let begin = usize::try_from(number.max(1) - 1).unwrap_or(usize::MAX).saturating_mul(size);
    items.into_iter().skip(begin).take(size).collect()
}

impl World {
    /// `call` is the last part of the name.
    pub(super) fn message_call(&mut self, call: &str, form: &Parameters, now: i64) -> Result<Value, Fault> {
        if !self.options.messages_permitted {
            return Err(Fault::new(PERMISSION_CODE, "The app has no permission for this API"));
        }
        match call {
            "addmsg" => self.add_message(form, now),
            "querymsgrelationlist" => self.relations(form),
            "querymsgdetaillist" => Ok(self.conversation(form)),
            "updatemsgread" => Ok(self.mark(form, |channel| channel.unread = 0)),
            "updatemsgprocessed" => Ok(self.mark(form, |channel| channel.dealt_with = true)),
            "updatemsgrank" => Ok(self.mark(form, |_| {})),
            _ => Err(Fault::new("InvalidApiPath", "The specified API path is invalid")),
        }
    }

    fn add_message(&mut self, form: &Parameters, now: i64) -> Result<Value, Fault> {
        let created = json_parameter(form, "create_param")?;
        let text = |field: &str| created.get(field).and_then(Value::as_str).unwrap_or_default().to_string();
        let (about, content, buyer) = (text("message_type"), text("content"), text("buyer_id"));
        let extern_id = created.get("extern_id").and_then(number).unwrap_or(0);
        if content.trim().is_empty() || content.chars().count() > MESSAGE_LETTERS {
            return Ok(refused(ORDER_ARGUMENT_CODE, "content is empty or too long"));
        }
        if buyer.is_empty() || !["product", "order", "member"].contains(&about.as_str()) {
            return Ok(refused(ORDER_ARGUMENT_CODE, "buyer_id or message_type is wrong"));
        }
        if about == "order" {
            let theirs = self.shop.order(extern_id).is_some_and(|order| order.buyer_login_id() == buyer);
            if !theirs {
                return Ok(refused(ORDER_MISSING_CODE, "the order does not exist or is another buyer's"));
            }
        }
        let message = Message { id: 0, buyer_login_id: buyer, about, extern_id, from_seller: true, content, at: now };
        if !self.chats.add(message) {
            return Ok(refused(ORDER_ARGUMENT_CODE, "this stand-in keeps no more messages"));
        }
        Ok(json!({"is_success": true}))
    }

    fn relations(&self, form: &Parameters) -> Result<Value, Fault> {
        let query = json_parameter(form, "query")?;
        let whole = |field: &str| query.get(field).and_then(Value::as_i64);
        let flag = |field: &str| query.get(field).and_then(Value::as_bool).unwrap_or(false);
        let (since, until) = (whole("start_time").unwrap_or(0), whole("end_time").unwrap_or(i64::MAX));
        let mut shown = Vec::new();
        for (buyer, channel) in &self.chats.channels {
            let last = self.chats.messages.iter().rev().find(|message| message.buyer_login_id == *buyer);
            let Some(last) = last.filter(|last| (since..=until).contains(&last.at)) else { continue };
            if flag("only_un_readed") && channel.unread == 0 || flag("only_un_dealed") && channel.dealt_with {
                continue;
            }
            let relation = json!({
                "channel_id": channel.id, "unread_count": channel.unread,
                "read_stat": i32::from(channel.unread == 0), "deal_stat": i32::from(channel.dealt_with),
                "last_message_id": last.id, "last_message_content": last.content,
                "last_message_is_own": last.from_seller, "message_time": last.at,
                "order_id": if last.about == "order" { last.extern_id } else { 0 },
                "other_login_id": buyer, "other_name": buyer, "rank": "rank0", "child_id": 0,
            });
            shown.push((last.at, relation));
        }
        shown.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        let size = query.get("page_size").and_then(Value::as_u64).unwrap_or(20);
        let number = query.get("current_page").and_then(Value::as_u64).unwrap_or(1);
        let relations: Vec<Value> = page(shown, number, size).into_iter().map(|(_, relation)| relation).collect();
        Ok(json!({"is_success": true, "relation_list": {"relation_result": relations}}))
    }

    fn conversation(&self, form: &Parameters) -> Value {
        let whole = |name: &str| form.get(name).and_then(|text| text.trim().parse::<u64>().ok());
        let Some(buyer) = whole("channel_id").and_then(|id| self.chats.buyer_of(id)) else {
            return refused(ORDER_MISSING_CODE, "the channel does not exist");
        };
        let extern_id = whole("extern_id").unwrap_or(0);
        let held =
            self.chats.messages.iter().rev().filter(|message| {
                message.buyer_login_id == *buyer && (extern_id == 0 || message.extern_id == extern_id)
            });
        let shown: Vec<Value> = held
            .map(|message| {
                let sender = if message.from_seller { "cn1000000001" } else { message.buyer_login_id.as_str() };
                json!({
                    "id": message.id, "content": message.content, "gmt_create": message.at,
                    "message_type": message.about, "extern_id": message.extern_id, "sender_ali_id": sender,
                    "sender_name": sender, "summary": {},
                })
            })
            .collect();
        let shown = page(shown, whole("current_page").unwrap_or(1), whole("page_size").unwrap_or(20));
        json!({"is_success": true, "message_detail_list": {"message_detail": shown}})
    }

    fn mark(&mut self, form: &Parameters, change: impl Fn(&mut Channel)) -> Value {
        let id = form.get("channel_id").and_then(|text| text.trim().parse::<u64>().ok());
        match id.and_then(|id| self.chats.channel_mut(id)) {
            Some(channel) => {
                change(channel);
                json!({"is_success": true})
            }
            None => refused(ORDER_MISSING_CODE, "the channel does not exist"),
        }
    }
}
