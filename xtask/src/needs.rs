//! What the tests need on the machine: each need is one line of a table with the Debian package that brings
//! it. On a bare Debian machine as root the missing ones are installed; elsewhere this says exactly what is
//! missing and which command brings it. It starts no service and leaves those of the system alone.

use crate::command_run;
use crate::workspace;
use anyhow::{Context, Result};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

/// One thing a test step uses.
struct Need {
    what: &'static str,
    package: &'static str,
    /// The steps of `xtask test` that use it.
    steps: &'static [&'static str],
    present: fn() -> bool,
}

const EVERY_BUILD: &[&str] = &["clippy", "cargo", "api", "browser", "demo"];

const NEEDS: &[Need] = &[
    Need { what: "a C compiler (cc)", package: "gcc", steps: EVERY_BUILD, present: || on_path("cc") },
    Need {
        what: "the C library's headers",
        package: "libc6-dev",
        steps: EVERY_BUILD,
        present: || Path::new("/usr/include/stdlib.h").is_file(),
    },
    Need {
        what: "a PostgreSQL server (initdb, postgres)",
        package: "postgresql",
        steps: &["cargo", "bench"],
        present: || postgres_programs().is_some(),
    },
    Need { what: "Postfix", package: "postfix", steps: &["cargo"], present: || on_path("postfix") },
    Need {
        what: "Dovecot's IMAP server",
        package: "dovecot-imapd",
        steps: &["cargo"],
        present: || on_path("dovecot") && Path::new("/usr/lib/dovecot/imap").is_file(),
    },
    Need {
        what: "pdftotext and pdftoppm",
        package: "poppler-utils",
        steps: &["cargo"],
        present: || on_path("pdftotext") && on_path("pdftoppm"),
    },
    Need {
        what: "a Chinese font",
        package: "fonts-noto-cjk",
        steps: &["cargo", "browser", "demo"],
        present: || Path::new("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc").is_file(),
    },
    Need { what: "Chromium", package: "chromium", steps: &["browser"], present: || on_path("chromium") },
    Need { what: "Node.js", package: "nodejs", steps: &["browser"], present: || on_path("node") },
    Need { what: "npm", package: "npm", steps: &["browser"], present: || on_path("npm") },
];

/// What is installed where that is possible; a step that misses it is skipped, and says so.
const WISHES: &[Need] = &[Need {
    what: "Python's venv",
    package: "python3-venv",
    steps: &["api"],
    present: || {
        let ask = Command::new("python3").args(["-c", "import venv, ensurepip"]).stderr(Stdio::null()).status();
        ask.is_ok_and(|status| status.success())
    },
}];

/// `cargo xtask needs`: for all steps.
pub fn run(arguments: &[&str]) -> Result<ExitCode> {
    let may_install = match arguments {
        [] => true,
        ["--no-install"] => false,
        _ => {
            eprintln!("usage: cargo xtask needs [--no-install]");
            return Ok(ExitCode::from(2));
        }
    };
    let steps = ["fmt", "clippy", "tidy", "storm", "cargo", "api", "browser", "demo"];
    if !provide(&steps, may_install)? {
        return Ok(ExitCode::from(2));
    }
    println!("everything the tests need is here");
    Ok(ExitCode::SUCCESS)
}

/// Sees to it that the needs of these steps are met; false after saying what is missing and how to get it.
pub fn provide(steps: &[&str], may_install: bool) -> Result<bool> {
    let mut complete = toolchain_is_complete(steps);
    let may_install = may_install && workspace::is_root() && on_path("apt-get");
    let mut missing = missing_of(NEEDS, steps);
    missing.extend(missing_of(WISHES, steps));
    let mut packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
    if may_install {
        packages.extend(half_installed(steps));
        packages.sort_unstable();
        packages.dedup();
    }
    if packages.is_empty() {
        return Ok(complete);
    }
    if may_install {
        println!("installing {}", packages.join(" "));
        install(&packages)?;
    }
    let still_missing = missing_of(NEEDS, steps);
    if !still_missing.is_empty() {
        complete = false;
        explain(&still_missing);
    }
    Ok(complete)
}

fn missing_of(needs: &'static [Need], steps: &[&str]) -> Vec<&'static Need> {
    needs.iter().filter(|need| need.steps.iter().any(|step| steps.contains(step)) && !(need.present)()).collect()
}

/// Needed packages that an installation which was cut short left unpacked but not set up: their programs are
/// on the path, and fail.
fn half_installed(steps: &[&str]) -> Vec<&'static str> {
    let needed = NEEDS.iter().chain(WISHES).filter(|need| need.steps.iter().any(|step| steps.contains(step)));
    let packages: Vec<&'static str> = needed.map(|need| need.package).collect();
    let states = Command::new("dpkg-query")
        .args(["--show", "--showformat=${Package} ${db:Status-Abbrev}\\n"])
        .args(&packages)
        .stderr(Stdio::null())
        .output();
    let Ok(states) = states else { return Vec::new() };
    let states = String::from_utf8_lossy(&states.stdout).into_owned();
    packages.into_iter().filter(|package| states.lines().any(|line| is_half_installed(line, package))).collect()
}

/// Whether dpkg's line ("chromium iHR") says that this package was begun and is not installed.
fn is_half_installed(line: &str, package: &str) -> bool {
    let mut words = line.split_whitespace();
    words.next() == Some(package)
        && words.next().is_some_and(|state| {
            let now = state.chars().nth(1);
            state.starts_with('i') && now.is_some_and(|now| now != 'i' && now != 'n') || state.ends_with('R')
        })
}

/// Whether an installation was cut short: what dpkg had begun lies in its journal, and apt-get refuses every
/// request until it is finished.
fn dpkg_was_interrupted() -> bool {
    let journal = std::fs::read_dir("/var/lib/dpkg/updates").into_iter().flatten().flatten();
    journal.filter_map(|entry| entry.file_name().into_string().ok()).any(|name| name.parse::<u32>().is_ok())
}

fn explain(missing: &[&Need]) {
    eprintln!("The tests need what is not on this machine:");
    for need in missing {
        eprintln!("  {:<40} Debian package {}", need.what, need.package);
    }
    let packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
    eprintln!("Install it, then run the same command again:");
    eprintln!("  sudo apt-get update && sudo apt-get install -y --no-install-recommends {}", packages.join(" "));
}

fn toolchain_is_complete(steps: &[&str]) -> bool {
    let mut complete = true;
    for (step, subcommand, component) in [("fmt", "fmt", "rustfmt"), ("clippy", "clippy", "clippy")] {
        if !steps.contains(&step) {
            continue;
        }
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let answer = Command::new(cargo).args([subcommand, "--version"]).output();
        if !answer.is_ok_and(|answer| answer.status.success()) {
            complete = false;
            eprintln!("`cargo {subcommand}` is missing; get it with: rustup component add {component}");
        }
    }
    complete
}

fn install(packages: &[&str]) -> Result<()> {
    let _no_service_starts = ServicesStayDown::new();
    // Postfix asks what kind of mail site this is; the answer only shapes the system's own configuration,
    // which the tests do not use.
    let answers = "postfix postfix/main_mailer_type select Local only\npostfix postfix/mailname string localhost\n";
    if let Ok(mut debconf) = Command::new("debconf-set-selections").stdin(Stdio::piped()).stdout(Stdio::null()).spawn()
    {
        if let Some(mut pipe) = debconf.stdin.take() {
            pipe.write_all(answers.as_bytes()).context("answering debconf")?;
        }
        debconf.wait()?;
    }
    // No install works, of whatever package, before what was cut short is finished. What the machine's owner
    // changed in a configuration stays.
    let keep = ["--force-confdef", "--force-confold"];
    if dpkg_was_interrupted() {
        println!("finishing an installation that was cut short: dpkg --configure -a");
        debian(Command::new("dpkg").args(keep).args(["--configure", "-a"]))?;
    }
    apt_get(&["update"])?;
    // Packages that were unpacked and never set up; without any, this does nothing.
    apt_get(&["install", "-y", "--fix-broken", "--no-install-recommends"])?;
    let mut arguments = vec!["install", "-y", "--no-install-recommends"];
    arguments.extend(packages);
    apt_get(&arguments)
}

fn apt_get(arguments: &[&str]) -> Result<()> {
    debian(Command::new("apt-get").args(["-q", "-o", "DPkg::Lock::Timeout=300"]).args(arguments))
}

/// Runs apt-get or dpkg; a failure is shown but is no end: whether a need is met is looked up afterwards.
fn debian(command: &mut Command) -> Result<()> {
    let log = std::env::temp_dir().join(format!("dunlin-apt-{}.log", std::process::id()));
    command.env("DEBIAN_FRONTEND", "noninteractive");
    let finished = command_run::run(command, &log, Duration::from_secs(1500), None, |_| false)?;
    if !finished.ok {
        let said: Vec<_> = std::iter::once(command.get_program()).chain(command.get_args()).collect();
        let said = said.join(std::ffi::OsStr::new(" "));
        eprintln!("{} did not succeed:\n{}", said.to_string_lossy(), finished.tail(15));
    }
    let _ = std::fs::remove_file(log);
    Ok(())
}

/// While it lives, Debian's packages do not start the services they bring (`policy-rc.d` answers "forbidden").
/// A policy that is already there stays as it is.
struct ServicesStayDown(Option<PathBuf>);

impl ServicesStayDown {
    fn new() -> Self {
        use std::os::unix::fs::OpenOptionsExt;
        let path = PathBuf::from("/usr/sbin/policy-rc.d");
        let made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o755).open(&path);
        match made.and_then(|mut file| file.write_all(b"#!/bin/sh\nexit 101\n")) {
            Ok(()) => Self(Some(path)),
            Err(_) => Self(None),
        }
    }
}

impl Drop for ServicesStayDown {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            let _ = std::fs::remove_file(path);
        }
    }
}

fn on_path(name: &str) -> bool {
    workspace::program(name).is_some()
}

/// The folder with `initdb` and `postgres`: Debian keeps one per version off the path; the newest is taken.
pub fn postgres_programs() -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, folder)| folder.join("initdb").is_file() && folder.join("postgres").is_file())
        .collect();
    versions.sort();
    if let Some((_, folder)) = versions.pop() {
        return Some(folder);
    }
    let initdb = workspace::program("initdb")?;
    let folder = initdb.parent()?;
    folder.join("postgres").is_file().then(|| folder.to_path_buf())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_begun_and_not_installed_are_half_installed() {
        for line in ["chromium iHR", "chromium iU", "chromium iF ", "chromium iW"] {
            assert!(is_half_installed(line, "chromium"), "{line}");
        }
        for line in ["chromium ii ", "chromium un ", "chromium in ", "chromium rc ", "chromium-common iU "] {
            assert!(!is_half_installed(line, "chromium"), "{line}");
        }
    }
}
