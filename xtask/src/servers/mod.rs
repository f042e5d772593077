//! Throw-away servers for the tests: PostgreSQL, Postfix and Dovecot on free ports of 127.0.0.1, all files in
//! one scratch directory, configured from nothing, so the system's own instances are neither used nor
//! disturbed. Each is asked a real question before it counts as started. The sweeper stops them.

mod dovecot;
mod postfix;
mod postgres;
mod talk;

use crate::needs;
use crate::sweeper::Scratch;
use crate::workspace;
use anyhow::{Context, Result, bail};
use std::io::Read;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, ExitCode};
use std::time::{Duration, Instant};

pub use postgres::Durability;

/// Running servers, as the variables by which the tests find them.
#[derive(Default)]
pub struct Servers {
    pub variables: Vec<(&'static str, String)>,
    /// One line for each server that could not be started here, in the words of a skipped test.
    pub skipped: Vec<String>,
}

/// Starts all of them. Postfix and Dovecot need root; without it the tests that want mail skip, and say so.
pub fn start(scratch: &Scratch) -> Result<Servers> {
    let mut servers = Servers { variables: postgres::start(scratch, Durability::None)?, skipped: Vec::new() };
    if workspace::is_root() {
        servers.variables.extend(mail(scratch)?);
    } else {
        servers.skipped.push("SKIPPED: mail tests: Postfix and Dovecot start only as root".to_owned());
    }
    Ok(servers)
}

/// A PostgreSQL alone, for the benchmark.
pub fn start_postgres(scratch: &Scratch, durability: Durability) -> Result<Vec<(&'static str, String)>> {
    postgres::start(scratch, durability)
}

fn mail(scratch: &Scratch) -> Result<Vec<(&'static str, String)>> {
    let directory = scratch.path().join("mail");
    std::fs::create_dir_all(&directory)?;
    let maildir = postfix::make_maildir(&directory)?;
    let smtp = postfix::start(scratch, &directory)?;
    let imap_port = dovecot::start(scratch, &directory, &maildir, &smtp.login_socket)?;
    talk::check_mail(smtp.port, smtp.login_port, imap_port, &maildir)?;
    Ok(vec![
        ("DUNLIN_TEST_SMTP", format!("smtp://127.0.0.1:{}", smtp.port)),
        (
            "DUNLIN_TEST_SMTP_LOGIN",
            format!("smtp://{}:{}@127.0.0.1:{}", dovecot::USER, dovecot::PASSWORD, smtp.login_port),
        ),
        ("DUNLIN_TEST_MAILDIR", maildir.display().to_string()),
        ("DUNLIN_TEST_IMAP", format!("127.0.0.1:{imap_port}")),
    ])
}

/// `cargo xtask servers`: everything up, the variables on standard output, then waits for the end of input.
pub fn run() -> Result<ExitCode> {
    if !needs::provide(&["cargo"], true)? {
        return Ok(ExitCode::from(2));
    }
    let scratch = Scratch::new()?;
    let servers = start(&scratch)?;
    for line in &servers.skipped {
        eprintln!("{line}");
    }
    for (name, value) in &servers.variables {
        println!("{name}={value}");
    }
    eprintln!("running; close standard input (Ctrl-D) or press Ctrl-C to stop");
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(ExitCode::SUCCESS)
}

/// A port nobody listens on at this moment.
pub fn free_port() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").context("looking for a free port")?;
    Ok(listener.local_addr()?.port())
}

/// Waits until `answers` is true; a process that ends meanwhile or stays silent is an error with its log's end.
pub fn wait_for(
    what: &str,
    process: &mut Child,
    log: &Path,
    patience: Duration,
    answers: impl Fn() -> bool,
) -> Result<()> {
    let since = Instant::now();
    loop {
        if answers() {
            return Ok(());
        }
        let ended = process.try_wait()?;
        if ended.is_some() || since.elapsed() > patience {
            let written = std::fs::read_to_string(log).unwrap_or_default();
            let lines: Vec<&str> = written.lines().collect();
            let tail = lines[lines.len().saturating_sub(15)..].join("\n");
            let how = match ended {
                Some(status) => format!("ended ({status})"),
                None => format!("does not answer after {} s", patience.as_secs()),
            };
            bail!("{what} {how}; the end of its log:\n{tail}");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The program as another user with nothing of root's left. The system's `setpriv` belongs to every Debian.
fn as_user(user: &str, group: &str, program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    command.args([&format!("--reuid={user}"), &format!("--regid={group}"), "--clear-groups", "--"]).arg(program);
    command
}

/// Whether the system knows this user.
fn user_exists(name: &str) -> bool {
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    users.lines().any(|line| line.split(':').next() == Some(name))
}
