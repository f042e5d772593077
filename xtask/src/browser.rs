//! The browser test: npm packages into the build directory, the demo company served on a free port, then
//! `tests-browser/run.mjs` in Debian's Chromium. The pictures it takes stay below the build directory.

use crate::command_run;
use crate::servers::{free_port, wait_for};
use crate::sweeper::Stop;
use crate::test::{Context, Outcome};
use crate::workspace;
use anyhow::{Context as _, Result, bail};
use std::fs::File;
use std::net::TcpStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// Building and installing on a slow machine included.
const LIMIT: Duration = Duration::from_secs(1800);

pub fn run(context: &Context) -> Result<Outcome> {
    let folder = installed(context)?;
    let built = context.cargo("browser-build", &["build", "--release"], &[], |_| false)?;
    if !built.ok {
        return Ok(outcome(0, 1, built.tail(40)));
    }
    let home = context.scratch.path().join("browser");
    std::fs::create_dir_all(&home)?;
    let port = served(context, &home)?;
    let set_up = empty(context, &home)?;
    let pictures = workspace::output_dir(&context.root, "pictures")?;
    let mut command = Command::new("node");
    command
        .arg("run.mjs")
        .current_dir(&folder)
        .env("BASE_URL", format!("http://127.0.0.1:{port}"))
        .env("SET_UP_URL", set_up)
        .env("OUT", &pictures)
        .env("CHROMIUM", workspace::program("chromium").unwrap_or_else(|| "/usr/bin/chromium".into()))
        // Chromium's profile and sockets go where the sweeper sweeps.
        .env("TMPDIR", &home);
    let log = context.logs.join("browser.log");
    let finished = command_run::run(&mut command, &log, LIMIT, Some(&context.scratch), |_| false)?;
    let Some((passed, mut failed)) = finished.lines.iter().rev().find_map(|line| counts(line)) else {
        return Ok(outcome(0, 1, finished.tail(40)));
    };
    if !finished.ok && failed == 0 {
        failed = 1;
    }
    let detail = finished.lines.iter().filter(|line| line.starts_with("FAIL")).map(|line| format!("    {line}\n"));
    Ok(outcome(passed, failed, detail.collect()))
}

fn outcome(passed: u64, failed: u64, detail: String) -> Outcome {
    Outcome { passed, failed, detail, repeat: "cargo xtask test --only browser".to_owned() }
}

/// The last line of `run.mjs`: `browser: N passed, M failed`.
fn counts(line: &str) -> Option<(u64, u64)> {
    let (passed, failed) = line.strip_prefix("browser: ")?.split_once(" passed, ")?;
    Some((passed.parse().ok()?, failed.strip_suffix(" failed")?.parse().ok()?))
}

/// Copies the test beside its packages, so that the checkout stays clean; installs when the list has changed.
fn installed(context: &Context) -> Result<PathBuf> {
    let source = context.root.join("tests-browser");
    let folder = workspace::output_dir(&context.root, "browser")?;
    for entry in std::fs::read_dir(&source).with_context(|| format!("reading {}", source.display()))?.flatten() {
        if entry.path().is_file() {
            std::fs::copy(entry.path(), folder.join(entry.file_name()))?;
        }
    }
    let wanted = std::fs::read_to_string(source.join("package.json"))?;
    let stamp = folder.join("node_modules").join("installed.json");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(folder);
    }
    let mut npm = Command::new("npm");
    npm.args(["install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--no-update-notifier"])
        .current_dir(&folder);
    let log = context.logs.join("npm.log");
    let finished = command_run::run(&mut npm, &log, LIMIT, Some(&context.scratch), |_| false)?;
    if !finished.ok {
        bail!("npm could not install the packages of tests-browser/package.json:\n{}", finished.tail(20));
    }
    std::fs::write(stamp, wanted)?;
    Ok(folder)
}

/// Starts `dunlin demo` and waits until it answers.
fn served(context: &Context, home: &Path) -> Result<u16> {
    let port = free_port()?;
    let log = home.join("server.log");
    let output = File::create(&log)?;
    let mut process = Command::new(workspace::target_dir(&context.root).join("release").join("dunlin"))
        .args(["demo", "--port", &port.to_string(), "--dir"])
        .arg(home.join("demo"))
        .current_dir(home)
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output)
        .process_group(0)
        .spawn()
        .context("starting dunlin demo")?;
    context.scratch.stops(&process, Stop::Group)?;
    wait_for("dunlin demo", &mut process, &log, Duration::from_secs(180), || {
        TcpStream::connect(("127.0.0.1", port)).is_ok()
    })?;
    Ok(port)
}

/// Starts `dunlin serve` where nobody works yet, and returns the address of its set-up: the program prints it with its
/// code.
fn empty(context: &Context, home: &Path) -> Result<String> {
    let port = free_port()?;
    let log = home.join("empty.log");
    let output = File::create(&log)?;
    let mut process = Command::new(workspace::target_dir(&context.root).join("release").join("dunlin"))
        .args(["serve", "--no-worker", "--listen", &format!("127.0.0.1:{port}"), "--data-dir"])
        .arg(home.join("empty"))
        .current_dir(home)
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output)
        .process_group(0)
        .spawn()
        .context("starting dunlin serve")?;
    context.scratch.stops(&process, Stop::Group)?;
    let said = || std::fs::read_to_string(&log).ok().as_deref().and_then(set_up_of);
    wait_for("dunlin serve", &mut process, &log, Duration::from_secs(60), || said().is_some())?;
    said().context("dunlin serve named no address for its set-up")
}

/// The address in what the program prints: `Nobody works here yet. Open http://…/set-up?code=…`.
fn set_up_of(said: &str) -> Option<String> {
    let word = said.split_whitespace().find(|word| word.contains("/set-up?code="))?;
    Some(word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_of_the_browser_test_is_understood() {
        assert_eq!(counts("browser: 120 passed, 3 failed"), Some((120, 3)));
        assert_eq!(counts("ok page /today"), None);
    }

    #[test]
    fn the_address_of_the_set_up_is_found_in_what_is_printed() {
        let said = "The data is in x\nNobody works here yet. Open http://127.0.0.1:9/set-up?code=abc\n";
        assert_eq!(set_up_of(said).as_deref(), Some("http://127.0.0.1:9/set-up?code=abc"));
        assert_eq!(set_up_of("Open http://127.0.0.1:9"), None);
    }
}
