//! In-site messages keep the contract of every way out.

use std::collections::BTreeMap;
use std::time::Duration;

use dunlin_channels::aliexpress::messages::{About, OutgoingMessage};
use dunlin_channels::aliexpress::{RemoteId, Session};
use dunlin_channels::{Answer, Handover, Lookup};
use jiff::SignedDuration;
use serde_json::json;

use crate::contract::{Fate, WayOut, keeps_the_contract, text_of};
use crate::stand::{Stand, unhurried};

struct InSite {
    stand: Stand,
    session: Session,
    /// Orders by the number of the message about them.
    orders: BTreeMap<usize, RemoteId>,
}

impl InSite {
    async fn message(&mut self, number: usize) -> OutgoingMessage {
        let order = match self.orders.get(&number) {
            Some(order) => *order,
            None => self.stand.orders(json!({"status": "PLACE_ORDER_SUCCESS"})).await[0],
        };
        self.orders.insert(number, order);
        let shown = self.stand.look(&format!("/orders/{order}")).await;
        OutgoingMessage {
            buyer_login_id: shown["buyer"].as_str().expect("a buyer").to_string(),
            seller_login_id: "cn1000000001".into(),
            about: About::Order(order),
            text: text_of(number),
        }
    }
}

impl WayOut for InSite {
    const SECRETS: &'static [&'static str] = &["helloworld"];

    fn prepare(&mut self, fate: Fate) -> Answer<'_, bool> {
        let timeout = |after: bool| json!({"code": "ServiceTimeout", "http_status": 504, "after_the_work": after});
        let ban = "The request frequency of the app exceeds the limit. This ban will last 1 seconds";
        let fault = match fate {
            Fate::Takes => None,
            Fate::IsAway => Some(json!({"code": "AppCallLimit", "message": ban})),
            Fate::Refuses => Some(json!({"code": "InvalidParameter", "message": "the text is not allowed"})),
            Fate::TakesAndIsNotHeard => Some(timeout(true)),
            Fate::IsLost => Some(timeout(false)),
        };
        Box::pin(async move {
            // Whatever ban there was is over.
            tokio::time::sleep(Duration::from_millis(1_100)).await;
            if let Some(fault) = fault {
                self.stand.control("/errors", fault).await;
            }
            true
        })
    }

    fn send(&mut self, number: usize) -> Answer<'_, Handover> {
        Box::pin(async move {
            let message = self.message(number).await;
            self.session.send_message(&message).await
        })
    }

    fn lookup(&mut self, number: usize) -> Answer<'_, Lookup> {
        Box::pin(async move {
            let message = self.message(number).await;
            self.session.was_sent(&message, self.stand.now() - SignedDuration::from_mins(1)).await
        })
    }

    fn held(&mut self) -> Answer<'_, Vec<String>> {
        Box::pin(async move {
            let received = self.stand.look("/received").await;
            let held = received["messages"].as_array().expect("a list");
            held.iter().map(|message| message["content"].as_str().expect("a text").to_string()).collect()
        })
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_on_the_site_keep_the_contract() {
    let stand = Stand::open(unhurried()).await;
    let session = stand.session_at(5_000.0, Duration::from_millis(200)).await;
    let fates = [Fate::Takes, Fate::IsAway, Fate::Refuses, Fate::TakesAndIsNotHeard, Fate::IsLost];
    keeps_the_contract(&mut InSite { stand, session, orders: BTreeMap::new() }, &fates).await;
}
