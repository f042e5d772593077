//! A PostgreSQL cluster of our own. The server refuses root, so under root it runs as an unprivileged user.
//! Beside the superuser it knows the role `dunlin`, which must give a password (SCRAM): for the tests of a
//! wrong one.

use super::{as_user, free_port, talk, user_exists, wait_for};
use crate::needs;
use crate::sweeper::{Scratch, Stop};
use crate::workspace;
use anyhow::{Context, Result, bail};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// What a commit waits for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Nothing: tests only, the cluster is thrown away.
    None,
    /// The disk, as a stock server does: for measurements.
    Stock,
}

/// Starts a cluster in the scratch directory and gives the variables that name it.
pub fn start(scratch: &Scratch, durability: Durability) -> Result<Vec<(&'static str, String)>> {
    let programs = needs::postgres_programs().context("PostgreSQL's initdb is not installed")?;
    let home = scratch.path().join("postgres");
    std::fs::create_dir_all(&home)?;
    let owner = Owner::choose();
    owner.take(&home)?;
    let data = home.join("data");
    run(
        owner
            .command(&programs.join("initdb"), &home)
            .args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "-D"])
            .arg(&data),
        "initdb",
    )?;
    std::fs::write(data.join("pg_hba.conf"), HOST_RULES)?;
    create_role(&owner, &programs, &home, &data)?;

    let port = free_port()?;
    let log = home.join("server.log");
    let log_file = File::create(&log)?;
    let mut server = owner.command(&programs.join("postgres"), &home);
    server.arg("-D").arg(&data).args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1"]);
    server.arg("-c").arg(format!("unix_socket_directories={}", socket_directory(&home)));
    let settings: &[&str] = match durability {
        Durability::None => &["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300"],
        Durability::Stock => &[],
    };
    for setting in settings {
        server.args(["-c", setting]);
    }
    server.stdin(Stdio::null()).stdout(log_file.try_clone()?).stderr(log_file).process_group(0);
    let mut process = server.spawn().context("starting PostgreSQL")?;
    scratch.stops(&process, Stop::Interrupt)?;
    wait_for("PostgreSQL", &mut process, &log, Duration::from_secs(60), || {
        talk::postgres_answer(port, "postgres").is_ok_and(|kind| kind == talk::TRUSTED)
    })?;
    if talk::postgres_answer(port, "dunlin")? != talk::WANTS_SCRAM {
        bail!("PostgreSQL lets the role `dunlin` in without its password");
    }
    Ok(vec![
        ("DUNLIN_TEST_PG", format!("postgres://postgres@127.0.0.1:{port}/postgres")),
        ("DUNLIN_TEST_PG_PASSWORD_URL", format!("postgres://dunlin:secret@127.0.0.1:{port}/postgres")),
    ])
}

const HOST_RULES: &str = "\
local all all             trust
host  all dunlin 127.0.0.1/32 scram-sha-256
host  all all    127.0.0.1/32 trust
";

/// Makes the role before the server listens, in PostgreSQL's single-user mode: no client program is needed.
fn create_role(owner: &Owner, programs: &Path, home: &Path, data: &Path) -> Result<()> {
    let script = home.join("role.sql");
    OpenOptions::new().create(true).write(true).truncate(true).open(&script)?.write_all(
        b"SET password_encryption = 'scram-sha-256'\nCREATE ROLE dunlin LOGIN CREATEDB PASSWORD 'secret'\n",
    )?;
    let mut single = owner.command(&programs.join("postgres"), home);
    single.args(["--single", "-D"]).arg(data).arg("postgres").stdin(File::open(&script)?);
    run(&mut single, "postgres --single")
}

fn run(command: &mut Command, what: &str) -> Result<()> {
    let output = command.output().with_context(|| format!("starting {what}"))?;
    if !output.status.success() {
        bail!("{what} failed: {}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}

/// A socket's path may have 107 bytes; below a deep scratch directory there is no socket, only TCP.
fn socket_directory(home: &Path) -> String {
    let path = home.display().to_string();
    if path.len() < 80 { path } else { String::new() }
}

/// Whom the server's files and processes belong to.
enum Owner {
    Myself,
    User { name: &'static str, group: &'static str },
}

impl Owner {
    fn choose() -> Self {
        if !workspace::is_root() {
            Self::Myself
        } else if user_exists("postgres") {
            Self::User { name: "postgres", group: "postgres" }
        } else {
            Self::User { name: "nobody", group: "nogroup" }
        }
    }

    fn take(&self, directory: &Path) -> Result<()> {
        match self {
            Self::Myself => Ok(()),
            Self::User { name, group } => {
                run(Command::new("chown").arg(format!("{name}:{group}")).arg(directory), "chown")
            }
        }
    }

    fn command(&self, program: &Path, home: &Path) -> Command {
        let mut command = match self {
            Self::Myself => Command::new(program),
            Self::User { name, group } => as_user(name, group, program),
        };
        // The checkout may lie where that user cannot look.
        command.current_dir(home).env("LC_ALL", "C").env("HOME", PathBuf::from(home));
        command
    }
}
