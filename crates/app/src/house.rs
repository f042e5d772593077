//! The house a command works in: database, firm, clock, playbooks, letters, ways out.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use dunlin_channels::folder::Folder;
use dunlin_channels::mail::Mail;
use dunlin_channels::smtp::{Security, Smtp, SmtpSettings};
use dunlin_channels::{Answer, Handover, Lookup, Transport};
use dunlin_core::access::Right;
use dunlin_core::calendar::countries::Countries;
use dunlin_core::case::PlaybookRef;
use dunlin_core::explain::UiLanguage;
use dunlin_core::facts::TenantFacts;
use dunlin_core::ids::TenantId;
use dunlin_core::party::Channel;
use dunlin_core::playbook::{Playbook, Playbooks};
use dunlin_core::refusal::{Refusal, RefusalCode};
use dunlin_store::{Actor, Commit, InstallationKey, Sight, Store, StoreError, Tenant};

use crate::embedded::{self, PlaybookFile};
use crate::shop::CALLS_TO_A_STAND_IN;

/// Where time comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// The machine's.
    Wall,
    /// `--as-of`, and the demo's own days.
    Fixed(Timestamp),
}

impl Clock {
    pub fn now(self) -> Timestamp {
        match self {
            Self::Wall => Timestamp::now(),
            Self::Fixed(at) => at,
        }
    }
}

/// Everything a use case needs.
#[derive(Clone)]
pub struct House {
    pub store: Store,
    pub tenant: Tenant,
    pub clock: Clock,
    /// The playbooks in force: what the firm published, and what program and folder bring for all other ids.
    pub playbook_files: Arc<Vec<PlaybookFile>>,
    /// What program and folder bring.
    brought: Arc<Vec<PlaybookFile>>,
    /// Number of the last change that published one of those in force; 0: none of them was published.
    pub publication: i64,
    /// Folder of the database, where letters go by default.
    pub data_dir: PathBuf,
    pub email: Arc<dyn Transport>,
    /// `None`: in-site messages become tasks to paste.
    pub in_site: Option<Arc<dyn Transport>>,
    /// Calls a second to a stand-in of the marketplace on this machine. What a real service permits is not settable here.
    pub stand_in_calls: f64,
    /// Who acts in it.
    pub actor: Actor,
    /// Which buyers they see.
    pub sight: Sight,
    /// The language that whoever reads chose for themselves.
    pub language: Option<String>,
}

/// Somebody asked for what they may not do.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("you may not do this ({}); ask the owner of the firm", right.code())]
pub struct Forbidden {
    pub right: Right,
}

impl Forbidden {
    pub const fn new(right: Right) -> Self {
        Self { right }
    }
}

/// A program asked, with a key, for what only a person does who is signed in: with their password, or as the second of two.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("only a person who is signed in {what}, on the page {page}; a token never does, whatever its scopes are")]
pub struct NeedsPerson {
    /// "confirms a bank account".
    pub what: &'static str,
    /// Where they do it.
    pub page: &'static str,
}

/// What a decision reads beside the debtor, loaded once per run.
pub struct Premises {
    pub tenant: TenantFacts,
    pub playbooks: Playbooks,
    pub countries: &'static Countries,
}

impl House {
    pub async fn new(
        store: Store,
        tenant: Tenant,
        clock: Clock,
        data_dir: &Path,
        own_playbooks: Option<&Path>,
    ) -> anyhow::Result<Self> {
        let files = embedded::playbook_files(own_playbooks).map_err(|problems| {
            let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
            anyhow::anyhow!("the playbooks cannot be used:\n  {}", lines.join("\n  "))
        })?;
        Self::with(store, tenant, clock, data_dir, Arc::new(files))?.with_published().await
    }

    /// The same with playbooks that were read before, and without those that the firm published.
    pub fn with(
        store: Store,
        tenant: Tenant,
        clock: Clock,
        data_dir: &Path,
        playbook_files: Arc<Vec<PlaybookFile>>,
    ) -> anyhow::Result<Self> {
        let (email, in_site) = ways_out(&tenant, data_dir, store.key())?;
        Ok(Self {
            store,
            tenant,
            clock,
            brought: Arc::clone(&playbook_files),
            playbook_files,
            publication: 0,
            data_dir: data_dir.to_path_buf(),
            email,
            in_site,
            stand_in_calls: CALLS_TO_A_STAND_IN,
            actor: Actor::system(),
            sight: Sight::Everybody,
            language: None,
        })
    }

    /// The same house with the playbooks that the firm has published by now in force.
    pub async fn with_published(mut self) -> anyhow::Result<Self> {
        let published = self.store.published_playbooks(self.tenant.id).await?;
        self.publication = published.iter().map(|playbook| playbook.seq).max().unwrap_or(0);
        self.playbook_files = embedded::in_force(&self.brought, published);
        Ok(self)
    }

    /// The same house as the firm stands by now: its settings, also by which way letters leave, and what it has published.
    pub async fn renewed(&self) -> anyhow::Result<Self> {
        let tenant = self.store.tenant(self.tenant.id).await?;
        let (email, in_site) = ways_out(&tenant, &self.data_dir, self.store.key())?;
        Self { tenant, email, in_site, ..self.clone() }.with_published().await
    }

    /// What program and folder bring, whatever the firm published.
    pub fn brought_files(&self) -> Arc<Vec<PlaybookFile>> {
        Arc::clone(&self.brought)
    }

    /// The version of an id that program or folder bring, whatever the firm published.
    pub fn brought_version(&self, id: &str) -> Option<String> {
        let file = self.brought.iter().find(|file| &*file.playbook.reference.id == id)?;
        Some(file.playbook.reference.version.to_string())
    }

    /// The playbook of an id that is in force.
    pub fn playbook(&self, id: &str) -> Option<&PlaybookFile> {
        self.playbook_files.iter().find(|file| &*file.playbook.reference.id == id)
    }

    /// A playbook as a case follows it: the one in force, or the kept text of another version.
    pub async fn playbook_followed(&self, reference: &PlaybookRef) -> anyhow::Result<Option<Arc<Playbook>>> {
        let current = self.playbook(&reference.id).map(|file| &file.playbook);
        if let Some(playbook) = current.filter(|playbook| playbook.reference == *reference) {
            return Ok(Some(Arc::clone(playbook)));
        }
        let kept = self.store.playbook_texts(self.tenant.id).await?;
        let found = kept.iter().find(|(id, version, _)| **id == *reference.id && **version == *reference.version);
        Ok(found.and_then(|(id, version, text)| embedded::kept_playbook(id, version, text)))
    }

    /// The language in which whoever acts is told what becomes of something later: their own, else the firm's.
    pub fn reader_language(&self) -> UiLanguage {
        match self.language.as_deref().unwrap_or(&self.tenant.settings.ui_language) {
            "zh-CN" => UiLanguage::ZhCn,
            _ => UiLanguage::En,
        }
    }

    /// The same house with somebody else acting in it.
    #[must_use]
    pub fn acting(mut self, actor: Actor) -> Self {
        self.actor = actor;
        self
    }

    /// Refuses a key for programs: what follows wants a password, a second pair of eyes, or lets somebody in.
    pub fn by_a_person(&self, what: &'static str, page: &'static str) -> Result<(), NeedsPerson> {
        if self.actor.token.is_some() { Err(NeedsPerson { what, page }) } else { Ok(()) }
    }

    /// Begins a change by whoever acts here.
    pub async fn begin(&self) -> Result<Commit, StoreError> {
        self.store.begin(self.tenant.id, self.now(), &self.actor).await
    }

    /// Begins a change that the program makes by itself, whoever started it: a request with a key started it once.
    pub async fn begin_as_system(&self) -> Result<Commit, StoreError> {
        let actor = Actor { once: self.actor.once.clone(), ..Actor::system() };
        self.store.begin(self.tenant.id, self.now(), &actor).await
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn zone(&self) -> TimeZone {
        self.tenant.settings.zone().unwrap_or(TimeZone::UTC)
    }

    pub fn today(&self) -> jiff::civil::Date {
        self.now().to_zoned(self.zone()).date()
    }

    pub async fn premises(&self) -> anyhow::Result<Premises> {
        let kept = self.store.playbook_texts(self.tenant.id).await?;
        Ok(Premises {
            tenant: self.store.tenant_facts(&self.tenant).await?,
            playbooks: embedded::playbooks(&self.playbook_files, &kept),
            countries: Countries::shipped(),
        })
    }

    /// What the firm was at the house's instant: its settings may have been changed and its books gone on since. Only for
    /// looking; a run and a change take what holds now.
    pub async fn as_then(&self) -> anyhow::Result<Self> {
        let mut house = self.clone();
        if let Some(settings) = self.store.earlier_settings(self.tenant.id, self.now()).await? {
            house.tenant.settings = settings;
        }
        Ok(house)
    }

    /// [`House::premises`] of a house as it was then.
    pub async fn premises_then(&self) -> anyhow::Result<Premises> {
        let tenant = self.store.tenant_facts_at(&self.tenant, self.now()).await?;
        Ok(Premises { tenant, ..self.premises().await? })
    }

    /// The same inside a change: on its own connection, and with what it has changed already.
    pub async fn premises_within(&self, commit: &mut Commit) -> anyhow::Result<Premises> {
        let kept = commit.playbook_texts().await?;
        Ok(Premises {
            tenant: commit.tenant_facts(&self.tenant).await?,
            playbooks: embedded::playbooks(&self.playbook_files, &kept),
            countries: Countries::shipped(),
        })
    }

    /// The way out for a channel; calls have none.
    pub fn transport(&self, channel: Channel) -> Option<&Arc<dyn Transport>> {
        match channel {
            Channel::Email => Some(&self.email),
            Channel::InSite => self.in_site.as_ref(),
            Channel::Phone => None,
        }
    }

    /// Where letters lie that no mail server takes.
    pub fn letters_folder(&self) -> String {
        place_of_letters(&self.tenant, &self.data_dir).display().to_string()
    }

    /// The folders in which letters may lie: the one that is set, and the one that is used where none is.
    pub fn letter_folders(&self) -> Vec<Folder> {
        let own = self.data_dir.join("letters");
        let set = Some(place_of_letters(&self.tenant, &self.data_dir)).filter(|set| *set != own);
        [Some(own), set].into_iter().flatten().map(Folder::new).collect()
    }

    /// Domain of Message-IDs: that of our own address.
    pub fn mail_domain(&self) -> &str {
        let email = &self.tenant.settings.sender.email;
        email.rsplit_once('@').map_or("dunlin.invalid", |(_, domain)| domain)
    }
}

type WaysOut = (Arc<dyn Transport>, Option<Arc<dyn Transport>>);

/// A folder of a name alone lies beside the database.
fn place_of_letters(tenant: &Tenant, data_dir: &Path) -> PathBuf {
    data_dir.join(tenant.settings.transport.folder.as_deref().unwrap_or("letters"))
}

fn ways_out(tenant: &Tenant, data_dir: &Path, key: &InstallationKey) -> anyhow::Result<WaysOut> {
    let settings = &tenant.settings.transport;
    let folder: Arc<dyn Transport> = Arc::new(Folder::new(place_of_letters(tenant, data_dir)));
    let in_site = tenant.is_demo.then(|| folder.clone());
    let Some(server) = &settings.smtp else {
        return Ok((folder, in_site));
    };
    let ready = smtp_settings(tenant.id, &tenant.settings.transport, server, key)
        .and_then(|settings| Smtp::new(&settings).map_err(anyhow::Error::msg));
    // Pages open all the same: what is missing is said where letters wait, and in the settings.
    let email: Arc<dyn Transport> = match ready {
        Ok(smtp) => Arc::new(smtp),
        Err(error) => Arc::new(NotReady(format!("{error:#}"))),
    };
    Ok((email, in_site))
}

/// Mail settings that cannot be used: every letter waits, with the reason.
struct NotReady(String);

impl Transport for NotReady {
    fn name(&self) -> &'static str {
        "smtp"
    }

    fn send<'a>(&'a self, _: &'a Mail) -> Answer<'a, Handover> {
        Box::pin(std::future::ready(Handover::Busy(self.0.clone())))
    }

    fn lookup<'a>(&'a self, _: &'a str) -> Answer<'a, Lookup> {
        Box::pin(std::future::ready(Lookup::Unknown))
    }
}

/// What a mail password is sealed for.
pub fn mail_purpose(tenant_id: TenantId) -> String {
    format!("smtp {tenant_id}")
}

/// Reads the mail settings. The password lies sealed in them, or in the environment.
pub fn smtp_settings(
    tenant_id: TenantId,
    settings: &dunlin_store::Transport,
    server: &str,
    key: &InstallationKey,
) -> anyhow::Result<SmtpSettings> {
    let server = server.strip_prefix("smtp://").unwrap_or(server);
    let (host, port) =
        server.rsplit_once(':').ok_or_else(|| Refusal::new(RefusalCode::MailPort).with("server", server))?;
    let port = port.parse().map_err(|_| Refusal::new(RefusalCode::MailPortWrong).with("port", port))?;
    let code = settings.smtp_security.as_deref().unwrap_or("starttls");
    let Some(security) = Security::from_code(code) else {
        return Err(Refusal::new(RefusalCode::MailSecurity).with("code", code).into());
    };
    let login = match &settings.smtp_user {
        None => None,
        Some(user) if settings.smtp_password_sealed.is_some() => {
            let sealed = settings.smtp_password_sealed.as_deref().unwrap_or_default();
            let password = key.open(&mail_purpose(tenant_id), sealed)?;
            Some((user.clone(), String::from_utf8(password).context("the mail password cannot be read")?))
        }
        Some(user) => {
            let variable = settings.smtp_password_env.as_deref().unwrap_or("DUNLIN_SMTP_PASSWORD");
            let password = std::env::var(variable)
                .with_context(|| format!("the mail password is expected in the environment variable {variable}"))?;
            Some((user.clone(), password))
        }
    };
    Ok(SmtpSettings { host: host.to_string(), port, security, login })
}
