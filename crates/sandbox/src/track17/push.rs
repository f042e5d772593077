//! Sends the news that wait, as badly as it was asked to: late, twice, in any order.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::Sandbox;
use super::state::Waiting;

pub const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// What became of one message.
#[derive(Debug, Clone, Serialize)]
pub struct Pushed {
    pub number: String,
    /// HTTP status of the receiver; `None` when there was no answer.
    pub status: Option<u16>,
}

/// The signature of a body: SHA-256 over body, slash and key, in lower-case hex.
pub fn signature(body: &str, key: &str) -> String {
    let hash = Sha256::digest(format!("{body}/{key}").as_bytes());
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Sends all that waits. What is not answered with 200 waits on.
pub async fn push_all(sandbox: &Arc<Sandbox>) -> Vec<Pushed> {
    let (webhook, messages, waits) = {
        let mut state = sandbox.state();
        let Some(webhook) = state.webhook.clone() else { return Vec::new() };
        let mut messages: Vec<Waiting> = Vec::new();
        for waiting in std::mem::take(&mut state.waiting) {
            if state.dice.chance(webhook.repeat_percent) {
                messages.push(waiting.clone());
            }
            messages.push(waiting);
        }
        if webhook.shuffle {
            state.dice.shuffle(&mut messages);
        }
        let waits: Vec<u64> = messages.iter().map(|_| state.dice.below(webhook.delay_ms.saturating_add(1))).collect();
        (webhook, messages, waits)
    };
    let mut pushed = Vec::new();
    for (message, wait) in messages.into_iter().zip(waits) {
        tokio::time::sleep(Duration::from_millis(wait)).await;
        let request = sandbox
            .http
            .post(&webhook.url)
            .header("sign", signature(&message.body, &sandbox.key))
            .header("content-type", "application/json")
            .body(message.body.clone());
        let status = match request.send().await {
            Ok(response) => Some(response.status().as_u16()),
            Err(error) => {
                tracing::debug!("a webhook was not taken: {error}");
                None
            }
        };
        pushed.push(Pushed { number: message.number.clone(), status });
        if status != Some(200) {
            sandbox.state().waiting.push(message);
        }
    }
    pushed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_the_vector() {
        let body = r#"{"event":"TRACKING_UPDATED","data":{"number":"RR123456789CN","carrier":3011}}"#;
        let sign = "73d783d1056e9c8bfb8e7b9c5f2c0d3c3961ad169b7811163536b733d851fd1a";
        assert_eq!(signature(body, "SANDBOXKEY"), sign);
    }
}
