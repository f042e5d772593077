//! The building: what all firms in a database share while the program serves, and the way to one firm's house.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use dunlin_core::ids::TenantId;
use dunlin_store::{Store, Tenant};
use ipnet::IpNet;
use jiff::Timestamp;

use crate::credentials::{hash_secret, new_secret};
use crate::embedded::PlaybookFile;
use crate::events::Events;
use crate::house::{Clock, House};
use crate::restoring::Restoring;
use crate::web::again::Keeping;
use crate::web::api::rate::RateLimits;
use crate::web::proxies::Proxies;

/// State of `serve`.
pub struct Building {
    pub store: Store,
    data_dir: PathBuf,
    playbook_files: Arc<Vec<PlaybookFile>>,
    /// `--as-of`.
    as_of: Option<Timestamp>,
    /// Address under which others reach the pages, with its scheme; `None`: this machine only.
    pub public_url: Option<String>,
    /// Proxies on other machines.
    proxies: Vec<IpNet>,
    /// How many calls of the API may come.
    pub calls: RateLimits,
    /// Hash of the code that opens the set-up while nobody works here. It is printed where the program was started.
    set_up: Mutex<Option<String>>,
    /// What open pages listen to.
    pub events: Events,
    /// What forms were answered with, for a few minutes.
    pub again: Keeping,
    /// A backup that is read in place of everything.
    pub restoring: Restoring,
}

impl Building {
    pub fn new(store: Store, data_dir: &Path, playbook_files: Arc<Vec<PlaybookFile>>) -> Self {
        Self {
            store,
            data_dir: data_dir.to_path_buf(),
            playbook_files,
            as_of: None,
            public_url: None,
            proxies: Vec::new(),
            calls: RateLimits::default(),
            set_up: Mutex::new(None),
            events: Events::default(),
            again: Keeping::default(),
            restoring: Restoring::default(),
        }
    }

    /// Around a house that is there already, on its clock.
    pub fn around(house: &House) -> Self {
        let mut building = Self::new(house.store.clone(), &house.data_dir, house.brought_files());
        if let (Clock::Fixed(at), false) = (house.clock, house.tenant.is_demo) {
            building.as_of = Some(at);
        }
        building
    }

    #[must_use]
    pub fn reached_at(mut self, public_url: Option<String>) -> Self {
        self.public_url = public_url;
        self
    }

    /// Believes these about where guests come from.
    #[must_use]
    pub fn behind(mut self, proxies: Vec<IpNet>) -> Self {
        self.proxies = proxies;
        self
    }

    pub fn proxies(&self) -> Proxies {
        Proxies::new(self.public_url.is_some(), self.proxies.clone())
    }

    /// Lets another number of calls per minute and token through.
    #[must_use]
    pub fn answering(mut self, calls_per_minute: u32) -> Self {
        self.calls = RateLimits::new(calls_per_minute);
        self
    }

    /// The firm's house as it is now: settings changed and playbooks published a moment ago count.
    pub async fn house(&self, tenant_id: TenantId) -> anyhow::Result<House> {
        let tenant = self.store.tenant(tenant_id).await?;
        let clock = self.clock(&tenant);
        let house = House::with(self.store.clone(), tenant, clock, &self.data_dir, self.playbook_files.clone())?;
        house.with_published().await
    }

    fn clock(&self, tenant: &Tenant) -> Clock {
        match (self.as_of, tenant.is_demo, tenant.last_run_at) {
            (Some(at), ..) => Clock::Fixed(at),
            // Letters may have left after the last run; no change may be dated before them.
            (None, true, Some(at)) => Clock::Fixed(at.max(tenant.changed_at)),
            // Nothing has run yet; it began on its own day all the same.
            (None, true, None) if tenant.changed_at > Timestamp::UNIX_EPOCH => Clock::Fixed(tenant.changed_at),
            _ => Clock::Wall,
        }
    }

    /// Cookies travel only encrypted where the pages are reached that way.
    pub fn is_secure(&self) -> bool {
        self.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }

    /// The firm that waits for its first user: the only one there is, or none yet.
    pub async fn awaits_set_up(&self) -> anyhow::Result<Option<Option<Tenant>>> {
        let tenants = self.store.tenants().await?;
        Ok(match tenants.as_slice() {
            [] => Some(None),
            [only] if !self.store.has_users(only.id).await? => Some(Some(only.clone())),
            _ => None,
        })
    }

    /// Makes the code for the set-up. Whoever sees where the program runs may become the first owner, nobody else.
    pub fn open_set_up(&self) -> anyhow::Result<String> {
        let code = new_secret()?;
        *self.code() = Some(hash_secret(&code));
        Ok(code)
    }

    pub fn is_set_up_code(&self, code: &str) -> bool {
        self.code().as_deref() == Some(hash_secret(code).as_str())
    }

    /// Takes the code out for one set-up, so that a second form that comes meanwhile finds none. `None`: it is another
    /// code, or somebody is at it.
    pub fn take_set_up_code(&self, code: &str) -> Option<TakenCode<'_>> {
        let mut kept = self.code();
        let hash = kept.take_if(|hash| *hash == hash_secret(code))?;
        drop(kept);
        Some(TakenCode { building: self, hash: Some(hash) })
    }

    fn code(&self) -> std::sync::MutexGuard<'_, Option<String>> {
        self.set_up.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// The code of the set-up while one is under way. Dropped, it is good again: also when whoever sent the form gave up
/// waiting.
pub struct TakenCode<'b> {
    building: &'b Building,
    hash: Option<String>,
}

impl TakenCode<'_> {
    /// The firm is set up: the code opens nothing more.
    pub fn used(mut self) {
        self.hash = None;
    }
}

impl Drop for TakenCode<'_> {
    fn drop(&mut self) {
        if let Some(hash) = self.hash.take() {
            *self.building.code() = Some(hash);
        }
    }
}
