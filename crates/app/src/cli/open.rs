//! What every command shares: where the database is, which firm, which instant.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use jiff::Timestamp;

use dunlin_core::ids::{PartyId, TenantId};
use dunlin_store::{Actor, InstallationKey, Store, Tenant};

use super::usage;
use crate::embedded::use_own_letters;
use crate::house::{Clock, House};
use crate::key::KeySource;

/// Options that stand before or after any command.
#[derive(Debug, Args)]
pub struct Common {
    /// SQLite file or postgres:// URL (default: dunlin.db in the data directory)
    #[arg(long, global = true, env = "DUNLIN_DB")]
    pub db: Option<String>,
    /// Where the database, its key and the letters lie (default: the folder of --db, else $XDG_DATA_HOME/dunlin, else
    /// ~/.local/share/dunlin)
    #[arg(long, global = true, env = "DUNLIN_DATA_DIR")]
    pub data_dir: Option<PathBuf>,
    /// Which firm, by number; needed only where there are several
    #[arg(long, global = true)]
    pub tenant: Option<TenantId>,
    /// Run as if it were this instant (2026-03-12 or 2026-03-12T09:00:00Z): for looking, and for a demo. No change of a real
    /// firm is dated before its last one or in the future; serve and worker live in the present and refuse it
    #[arg(long, global = true, value_name = "T")]
    pub as_of: Option<String>,
    /// File with the installation's key (default: dunlin.key in the data directory; or the key itself in DUNLIN_KEY)
    #[arg(long, global = true, env = "DUNLIN_KEY_FILE", value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// Ask for the installation's key at the terminal
    #[arg(long, global = true)]
    pub ask_key: bool,
    /// A folder of playbooks that replace shipped ones of the same file name
    #[arg(long, global = true, env = "DUNLIN_PLAYBOOKS")]
    pub playbooks: Option<PathBuf>,
    /// A folder of letters (en/…, es/…, zh/…) that replace shipped ones of the same file name
    #[arg(long, global = true, env = "DUNLIN_LETTERS")]
    pub letters: Option<PathBuf>,
}

impl Common {
    /// The data directory: as given, else beside the database, else the user's own.
    pub fn data_dir(&self) -> PathBuf {
        if let Some(dir) = &self.data_dir {
            return dir.clone();
        }
        if let Some(db) = self.db.as_deref().filter(|db| !db.contains("://")) {
            let parent = Path::new(db).parent().filter(|parent| !parent.as_os_str().is_empty());
            return parent.map_or_else(|| PathBuf::from("."), Path::to_path_buf);
        }
        let home = std::env::var_os("XDG_DATA_HOME")
            .map(PathBuf::from)
            .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local").join("share")));
        home.unwrap_or_else(|| PathBuf::from(".")).join("dunlin")
    }

    pub fn place(&self) -> String {
        self.db.clone().unwrap_or_else(|| self.data_dir().join("dunlin.db").display().to_string())
    }

    fn is_file(&self) -> bool {
        !self.place().starts_with("postgres")
    }

    /// Opens a database that must exist already.
    pub async fn store(&self) -> anyhow::Result<Store> {
        let place = self.place();
        let file = dunlin_store::sqlite_file(&place);
        if self.is_file() && !Path::new(file).exists() {
            bail!("there is no database at {file}. Make one with `dunlin init`, or name yours with --db");
        }
        self.open_known(&place).await
    }

    /// Opens a database, or makes it, with its key.
    pub async fn open_or_make(&self) -> anyhow::Result<Store> {
        if self.is_file() {
            let dir = self.data_dir();
            std::fs::create_dir_all(&dir).with_context(|| format!("cannot make the folder {}", dir.display()))?;
        }
        self.open_known(&self.place()).await
    }

    async fn open_known(&self, place: &str) -> anyhow::Result<Store> {
        let (keys, dir) = (self.keys(), self.data_dir());
        if let Some(key) = keys.find(&dir)? {
            return Ok(Store::open(place, &key).await?);
        }
        // Which key it is does not matter for this question.
        let bare = Store::connect(place, &InstallationKey::generate()?).await?;
        let key = if bare.has_a_key().await? { keys.need(&dir)? } else { keys.find_or_make(&dir)? };
        Ok(Store::open(place, &key).await?)
    }

    pub fn keys(&self) -> KeySource {
        KeySource { file: self.key_file.clone(), ask: self.ask_key }
    }

    /// Where the key lies, in words.
    pub fn key_place(&self) -> String {
        match (&self.key_file, std::env::var_os("DUNLIN_KEY")) {
            (Some(file), _) => file.display().to_string(),
            (None, Some(_)) => "DUNLIN_KEY".to_string(),
            (None, None) => self.data_dir().join("dunlin.key").display().to_string(),
        }
    }

    /// Reads the user's own letters, if there are any.
    pub fn use_own_letters(&self) -> anyhow::Result<()> {
        self.letters.as_deref().map_or(Ok(()), use_own_letters)
    }

    /// The house the command works in.
    pub async fn house(&self) -> anyhow::Result<House> {
        self.use_own_letters()?;
        let store = self.store().await?;
        let tenant = self.tenant(&store).await?;
        let clock = self.clock(&tenant)?;
        let house = House::new(store, tenant, clock, &self.data_dir(), self.playbooks.as_deref()).await?;
        Ok(house.acting(Actor::command_line(account())))
    }

    async fn tenant(&self, store: &Store) -> anyhow::Result<Tenant> {
        let tenants = store.tenants().await?;
        match (self.tenant, tenants.as_slice()) {
            (Some(id), _) => Ok(store.tenant(id).await?),
            (None, [only]) => Ok(only.clone()),
            (None, []) => bail!("the database holds no firm yet. Make one with `dunlin init`"),
            (None, several) => {
                let names: Vec<String> =
                    several.iter().map(|tenant| format!("{} {}", tenant.id, tenant.name)).collect();
                Err(usage(format!("there are several firms here ({}): name one with --tenant", names.join(", "))))
            }
        }
    }

    /// The wall clock, `--as-of`, or the last moment that a demo lived.
    fn clock(&self, tenant: &Tenant) -> anyhow::Result<Clock> {
        if let Some(text) = &self.as_of {
            return Ok(Clock::Fixed(instant(text, tenant)?));
        }
        match (tenant.is_demo, tenant.last_run_at) {
            (true, Some(last)) => Ok(Clock::Fixed(last.max(tenant.changed_at))),
            _ => Ok(Clock::Wall),
        }
    }
}

/// What the system calls whoever runs the command.
fn account() -> String {
    ["SUDO_USER", "USER", "LOGNAME", "USERNAME"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
        .unwrap_or_else(|| "somebody at this machine".to_string())
}

/// An instant, or the beginning of a day in the firm's zone. Days are added to it in many places, so it has to lie well
/// within what a calendar can hold.
fn instant(text: &str, tenant: &Tenant) -> anyhow::Result<Timestamp> {
    let at = any_instant(text, tenant)?;
    if !(2000..2200).contains(&at.to_zoned(jiff::tz::TimeZone::UTC).year()) {
        return Err(usage(format!("--as-of ‘{text}’ lies outside the years 2000 to 2199")));
    }
    Ok(at)
}

fn any_instant(text: &str, tenant: &Tenant) -> anyhow::Result<Timestamp> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at);
    }
    let day: jiff::civil::Date = text
        .parse()
        .map_err(|_| usage(format!("--as-of ‘{text}’ is no instant; write 2026-03-12 or 2026-03-12T09:00:00Z")))?;
    Ok(day.to_zoned(tenant.settings.zone()?).context("the day does not exist")?.timestamp())
}

/// The debtor of a number or name.
pub async fn find_debtor(house: &House, name: &str) -> anyhow::Result<PartyId> {
    let found = house.store.find_party(house.tenant.id, name).await?;
    Ok(found.with_context(|| format!("there is no debtor {name} here; search for it on the page Debtors"))?.0)
}

/// Reads a file, or standard input for `-` and nothing.
pub fn read_input(file: Option<&Path>) -> anyhow::Result<(String, Vec<u8>)> {
    use std::io::Read;
    match file {
        Some(path) if path != Path::new("-") => {
            let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
            let name =
                path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
            Ok((name, bytes))
        }
        _ => {
            let mut bytes = Vec::new();
            std::io::stdin().read_to_end(&mut bytes).context("cannot read standard input")?;
            Ok(("standard input".to_string(), bytes))
        }
    }
}

/// Prints one JSON document to standard output.
pub fn print_json(value: &impl serde::Serialize) -> anyhow::Result<()> {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, value)?;
    writeln!(out)?;
    Ok(())
}
