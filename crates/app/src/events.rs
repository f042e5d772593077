//! Tells open pages that something in their firm changed: one look at the firm's sequence every two seconds while
//! somebody listens, however many pages are open. What changed is not said; a page asks for itself again, with its own
//! reader's eyes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use dunlin_core::ids::TenantId;
use dunlin_store::Store;
use tokio::sync::watch;

/// How often a firm's sequence is read.
const LOOK: Duration = Duration::from_secs(2);

type Firms = HashMap<TenantId, watch::Sender<i64>>;

/// Who listens, by firm; and whether the program is about to end.
#[derive(Debug)]
pub struct Events {
    firms: Arc<Mutex<Firms>>,
    closing: watch::Sender<bool>,
}

impl Default for Events {
    fn default() -> Self {
        Self { firms: Arc::default(), closing: watch::Sender::new(false) }
    }
}

impl Events {
    /// The sequence of a firm from now on.
    pub async fn listen(&self, store: &Store, tenant_id: TenantId) -> anyhow::Result<watch::Receiver<i64>> {
        let now = store.sequence(tenant_id).await?;
        let mut firms = locked(&self.firms);
        if let Some(known) = firms.get(&tenant_id) {
            return Ok(known.subscribe());
        }
        let (sender, receiver) = watch::channel(now);
        firms.insert(tenant_id, sender);
        tokio::spawn(look_after(self.firms.clone(), store.clone(), tenant_id));
        Ok(receiver)
    }

    /// Becomes true when the program ends: whoever streams stops then.
    pub fn closing(&self) -> watch::Receiver<bool> {
        self.closing.subscribe()
    }

    /// Ends every stream, so that the program can end too.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }
}

fn locked(firms: &Mutex<Firms>) -> MutexGuard<'_, Firms> {
    firms.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Reads on until nobody listens any more.
async fn look_after(firms: Arc<Mutex<Firms>>, store: Store, tenant_id: TenantId) {
    loop {
        tokio::time::sleep(LOOK).await;
        // Under the lock, so that nobody subscribes to what is about to be taken away.
        {
            let mut firms = locked(&firms);
            if firms.get(&tenant_id).is_none_or(|sender| sender.receiver_count() == 0) {
                firms.remove(&tenant_id);
                return;
            }
        }
        match store.sequence(tenant_id).await {
            Ok(now) => {
                if let Some(sender) = locked(&firms).get(&tenant_id) {
                    sender.send_if_modified(|known| std::mem::replace(known, now) != now);
                }
            }
            Err(error) => tracing::warn!("the sequence of a firm could not be read: {error}"),
        }
    }
}
