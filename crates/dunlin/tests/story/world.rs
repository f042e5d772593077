//! A firm to tell stories about: a fresh database of either kind, a fixed clock, a folder for letters.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use dunlin::house::{Clock, House};
use dunlin::import::{ImportOptions, ImportReport, import_file};
use dunlin_core::letter::BankDetails;
use dunlin_store::seeding::fresh_database;
use dunlin_store::{Actor, BankAccount, InstallationKey, Settings, Store};
use jiff::Timestamp;

/// Wednesday, 10:00 in Milan and Madrid.
pub const MORNING: &str = "2026-03-04T09:00:00Z";

pub struct World {
    pub dir: tempfile::TempDir,
    pub place: String,
    pub house: House,
}

pub fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

/// Says that something could not be tried, where the runner collects it.
pub fn skipped(what: &str) {
    println!("SKIPPED: {what}");
    if let Some(file) = std::env::var_os("DUNLIN_SKIPS") {
        use std::io::Write;
        let opened = std::fs::OpenOptions::new().append(true).create(true).open(file);
        if let Ok(mut file) = opened {
            let _ = writeln!(file, "SKIPPED: {what}");
        }
    }
}

/// The house with a named person acting in it, at the command line of a firm where nobody signs in.
pub fn as_person(house: &House, name: &str) -> House {
    house.clone().acting(Actor::command_line(name.to_string()))
}

/// One world on SQLite, and one on PostgreSQL when the runner names a server.
pub async fn worlds(story: &str) -> Vec<World> {
    let mut worlds = Vec::new();
    for (dir, place) in places(story).await {
        worlds.push(build(dir, place).await);
    }
    worlds
}

/// One world on SQLite, for a story too long to be told twice.
pub async fn world_on_sqlite() -> World {
    let dir = tempfile::tempdir().expect("a scratch folder");
    let place = dir.path().join("dunlin.db").display().to_string();
    build(dir, place).await
}

/// One world on the PostgreSQL that the runner names; without one it cannot be told.
pub async fn world_on_postgres(story: &str) -> World {
    let (dir, place) = place_on_postgres(story).await.expect("DUNLIN_TEST_PG names no server");
    build(dir, place).await
}

async fn place_on_postgres(story: &str) -> Option<(tempfile::TempDir, String)> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let url = std::env::var("DUNLIN_TEST_PG").ok()?;
    let n = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("dunlin_{}_{n}_{story}", std::process::id());
    let place = fresh_database(&url, &name).await.expect("a database of its own");
    Some((tempfile::tempdir().expect("a scratch folder"), place))
}

/// Where a database of either kind can be made, each with a folder of its own.
pub async fn places(story: &str) -> Vec<(tempfile::TempDir, String)> {
    let dir = tempfile::tempdir().expect("a scratch folder");
    let place = dir.path().join("dunlin.db").display().to_string();
    let mut places = vec![(dir, place)];
    match place_on_postgres(story).await {
        Some(place) => places.push(place),
        None => skipped(&format!("{story} on PostgreSQL (DUNLIN_TEST_PG names no server)")),
    }
    places
}

pub fn settings(letters: PathBuf) -> Settings {
    let mut settings = Settings { time_zone: "Asia/Shanghai".to_string(), ..Settings::default() };
    settings.sender.company = "Ningbo Story Co., Ltd.".to_string();
    settings.sender.name = "Lin Yue".to_string();
    settings.sender.email = "lin@story.example".to_string();
    settings.transport.folder = Some(letters.display().to_string());
    let details = BankDetails {
        holder: "Ningbo Story Co., Ltd.".to_string(),
        bank: "Story Bank".to_string(),
        account: "3900001".to_string(),
        swift: "STORCNBN".to_string(),
    };
    settings.bank_accounts.push(BankAccount::given("USD", details));
    settings
}

/// The program itself, with the key of the worlds.
pub fn program() -> std::process::Command {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_dunlin"));
    command.env("DUNLIN_KEY", key().to_text());
    command
}

/// The key of every world, so that a backup of one can be restored in another.
pub fn key() -> InstallationKey {
    InstallationKey::from_bytes([7; 32]).expect("a key")
}

async fn build(dir: tempfile::TempDir, place: String) -> World {
    dunlin::printer::install(dunlin_printer::statement_pdf);
    std::fs::write(dir.path().join("dunlin.key"), key().to_text()).expect("the key is kept");
    let store = Store::open(&place, &key()).await.expect("opens");
    let settings = settings(dir.path().join("letters"));
    let id = store.create_tenant("Story", &settings, true, at(MORNING)).await.expect("a firm");
    let tenant = store.tenant(id).await.expect("the firm");
    let house = House::new(store, tenant, Clock::Fixed(at(MORNING)), dir.path(), None).await.expect("a house");
    World { dir, place, house }
}

impl World {
    pub fn set_clock(&mut self, text: &str) {
        self.house.clock = Clock::Fixed(at(text));
    }

    /// Reads the firm again, as another process would.
    pub async fn refresh(&mut self) {
        self.house.tenant = self.house.store.tenant(self.house.tenant.id).await.expect("the firm");
    }

    pub async fn import(&self, name: &str, text: &str) -> ImportReport {
        let options = ImportOptions::default();
        import_file(
            &self.house.store,
            &self.house.tenant,
            self.house.now(),
            &self.house.actor,
            name,
            text.as_bytes(),
            &options,
        )
        .await
        .unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Names of the letters that lie in the folder.
    pub fn letters(&self) -> Vec<PathBuf> {
        let Ok(entries) = std::fs::read_dir(self.dir.path().join("letters")) else {
            return Vec::new();
        };
        let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        files.retain(|path| path.extension().is_some_and(|ending| ending == "eml"));
        files.sort();
        files
    }
}

pub const HEADER: &str =
    "订单号,客户编号,客户名称,国家,联系人,职务,邮箱,币种,合同金额,付款方式,下单日期,发票号,发票日期\n";

/// Two invoices of one buyer in Milan, 13 and 3 days late, and one of a buyer in Madrid that is not due yet.
pub fn orders() -> String {
    format!(
        "{HEADER}\
         QH-1,C001,Rossi Outdoor S.r.l.,意大利,Anna Rossi,财务,anna@rossi.example,USD,\"12,430.00\",OA 30 days,2026-01-10,INV-2026-001,2026-01-20\n\
         QH-2,C001,Rossi Outdoor S.r.l.,意大利,Anna Rossi,财务,anna@rossi.example,USD,500.00,OA 30 days,2026-01-12,INV-2026-002,2026-01-30\n\
         QH-3,C002,Campo y Río S.L.,西班牙,José Gil,财务,jose@campo.example,USD,880.00,OA 60 days,2026-02-20,INV-2026-003,2026-02-20\n"
    )
}

/// An MT940 statement with one credit, of the year to that day: it joins on to whatever was read before.
pub fn mt940(day: &str, amount: &str, payer: &str, words: &str) -> String {
    format!(
        ":20:STORY{day}\r\n:25:3900001\r\n:28C:1/1\r\n:60F:C260101USD0,00\r\n:61:{day}{}C{amount}NTRFNONREF//B{day}{}\r\n\
         :86:/ORDP/{payer}/REMI/{words}\r\n:62F:C{day}USD{amount}\r\n-\r\n",
        &day[2..],
        words.len()
    )
}
