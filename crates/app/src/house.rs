//! The house a command works in: database, firm, clock, playbooks, letters, ways out.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use dunlin_channels::Transport;
use dunlin_channels::folder::Folder;
use dunlin_channels::smtp::{Security, Smtp, SmtpSettings};
use dunlin_core::calendar::countries::Countries;
use dunlin_core::facts::TenantFacts;
use dunlin_core::party::Channel;
use dunlin_core::playbook::Playbooks;
use dunlin_store::{Commit, Store, Tenant};

use crate::embedded::{self, PlaybookFile};

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
    pub playbook_files: Arc<Vec<PlaybookFile>>,
    /// Folder of the database, where letters go by default.
    pub data_dir: PathBuf,
    pub email: Arc<dyn Transport>,
    /// `None`: in-site messages become tasks to paste.
    pub in_site: Option<Arc<dyn Transport>>,
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
        let (email, in_site) = ways_out(&tenant, data_dir)?;
        Ok(Self {
            store,
            tenant,
            clock,
            playbook_files: Arc::new(files),
            data_dir: data_dir.to_path_buf(),
            email,
            in_site,
        })
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

    /// Domain of Message-IDs: that of our own address.
    pub fn mail_domain(&self) -> &str {
        let email = &self.tenant.settings.sender.email;
        email.rsplit_once('@').map_or("dunlin.invalid", |(_, domain)| domain)
    }
}

type WaysOut = (Arc<dyn Transport>, Option<Arc<dyn Transport>>);

fn ways_out(tenant: &Tenant, data_dir: &Path) -> anyhow::Result<WaysOut> {
    let settings = &tenant.settings.transport;
    let place = settings.folder.as_ref().map_or_else(|| data_dir.join("letters"), PathBuf::from);
    let folder: Arc<dyn Transport> = Arc::new(Folder::new(place));
    let in_site = tenant.is_demo.then(|| folder.clone());
    let Some(server) = &settings.smtp else {
        return Ok((folder, in_site));
    };
    Ok((Arc::new(Smtp::new(&smtp_settings(&tenant.settings.transport, server)?).map_err(anyhow::Error::msg)?), in_site))
}

/// Reads the mail settings; the password comes from the environment and is stored nowhere.
pub fn smtp_settings(settings: &dunlin_store::Transport, server: &str) -> anyhow::Result<SmtpSettings> {
    let server = server.strip_prefix("smtp://").unwrap_or(server);
    let (host, port) = server
        .rsplit_once(':')
        .with_context(|| format!("the mail server ‘{server}’ needs a port, for instance mail.example.com:587"))?;
    let port = port.parse().with_context(|| format!("‘{port}’ is not a port of the mail server"))?;
    let code = settings.smtp_security.as_deref().unwrap_or("starttls");
    let Some(security) = Security::from_code(code) else {
        bail!("‘{code}’ is not a kind of mail security; known: none, starttls, tls");
    };
    let login = match &settings.smtp_user {
        None => None,
        Some(user) => {
            let variable = settings.smtp_password_env.as_deref().unwrap_or("DUNLIN_SMTP_PASSWORD");
            let password = std::env::var(variable)
                .with_context(|| format!("the mail password is expected in the environment variable {variable}"))?;
            Some((user.clone(), password))
        }
    };
    Ok(SmtpSettings { host: host.to_string(), port, security, login })
}
