//! The one who cleans up: a small process beside the run that stops every server and removes the scratch
//! directory, also after a panic, Ctrl-C or a kill. The run writes what it started into the sweeper's
//! standard input; when that closes, for whatever reason, the sweeper sweeps. Nothing else here stops or
//! removes anything, so there is one path for the good and the bad end.

use anyhow::{Context, Result};
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitCode, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The hidden command under which this program is the sweeper.
pub const COMMAND: &str = "sweep-when-stdin-closes";

/// How a process is asked to stop.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// SIGTERM to the process.
    Terminate,
    /// SIGINT to the process: PostgreSQL's fast shutdown.
    Interrupt,
    /// SIGTERM to the process group it leads.
    Group,
}

/// A scratch directory and the processes that live in it; both are gone after the drop.
pub struct Scratch {
    directory: PathBuf,
    sweeper: Child,
    orders: Mutex<Option<ChildStdin>>,
}

impl Scratch {
    /// Makes the directory (readable by the unprivileged users the servers run as) and starts the sweeper.
    pub fn new() -> Result<Self> {
        let nanos = SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos();
        let directory = std::env::temp_dir().join(format!("dunlin-{}-{}", std::process::id(), nanos % 1_000_000_000));
        std::fs::create_dir(&directory).with_context(|| format!("making {}", directory.display()))?;
        std::fs::set_permissions(&directory, std::fs::Permissions::from_mode(0o755))?;
        let mut sweeper = Command::new(std::env::current_exe()?)
            .arg(COMMAND)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .process_group(0)
            .spawn()
            .context("starting the sweeper")?;
        let orders = Mutex::new(sweeper.stdin.take());
        let scratch = Self { directory, sweeper, orders };
        scratch.order(&format!("remove {}", scratch.directory.display()))?;
        Ok(scratch)
    }

    pub fn path(&self) -> &Path {
        &self.directory
    }

    /// Has the process stopped at the end; to be called right after it was started.
    pub fn stops(&self, process: &Child, stop: Stop) -> Result<()> {
        let id = process.id();
        let started = started_at(id).unwrap_or_default();
        let word = match stop {
            Stop::Terminate => "terminate",
            Stop::Interrupt => "interrupt",
            Stop::Group => "group",
        };
        self.order(&format!("{word} {id} {started}"))
    }

    fn order(&self, line: &str) -> Result<()> {
        let mut orders = self.orders.lock().expect("no thread panics while it writes a line");
        match orders.as_mut() {
            Some(pipe) => writeln!(pipe, "{line}").context("telling the sweeper"),
            None => Ok(()),
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Ok(mut orders) = self.orders.lock() {
            orders.take();
        }
        let _ = self.sweeper.wait();
    }
}

/// The sweeper's own life: reads orders until the pipe closes, then works them off, the last one first.
pub fn run() -> Result<ExitCode> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let mut complaints = String::new();
    for line in text.lines().rev() {
        let words: Vec<&str> = line.splitn(3, ' ').collect();
        match words.as_slice() {
            ["remove", rest @ ..] => remove(Path::new(&rest.join(" ")), &mut complaints),
            [how, id, started] => {
                if let Ok(id) = id.parse() {
                    stop(how, id, started, &mut complaints);
                }
            }
            _ => {}
        }
    }
    eprint!("{complaints}");
    Ok(if complaints.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn remove(directory: &Path, complaints: &mut String) {
    // A server's last child may still be writing a file: try again for a moment.
    for _ in 0..50 {
        if std::fs::remove_dir_all(directory).is_ok() || !directory.exists() {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    let _ = writeln!(complaints, "sweeper: {} could not be removed", directory.display());
}

fn stop(how: &str, id: u32, started: &str, complaints: &mut String) {
    let target = if how == "group" { format!("-{id}") } else { id.to_string() };
    let polite = if how == "interrupt" { "INT" } else { "TERM" };
    for (signal, patience) in [(polite, Duration::from_secs(20)), ("KILL", Duration::from_secs(5))] {
        if !is_the_same(id, started) {
            return;
        }
        send_signal(signal, &target);
        let since = Instant::now();
        while is_the_same(id, started) && since.elapsed() < patience {
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    if is_the_same(id, started) {
        let _ = writeln!(complaints, "sweeper: process {id} does not stop");
    }
}

/// Sends a signal to a process (`"123"`) or a group (`"-123"`) through the shell's builtin: the standard
/// library has no call for it, and not every bare machine has a `kill` program.
pub fn send_signal(signal: &str, target: &str) {
    let _ = Command::new("sh")
        .args(["-c", "kill -s \"$0\" -- \"$1\"", signal, target])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
}

/// Still the process we started, and not another one under a number used again, nor one that has ended.
fn is_the_same(id: u32, started: &str) -> bool {
    started_at(id).as_deref() == Some(started)
}

/// The start time of a living process in clock ticks since boot, as the kernel writes it.
fn started_at(id: u32) -> Option<String> {
    let line = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The second field is the name in parentheses and may hold anything, so count from its end.
    let (_, rest) = line.rsplit_once(')')?;
    let mut fields = rest.split_whitespace();
    let state = fields.next()?;
    if state == "Z" || state == "X" {
        return None;
    }
    fields.nth(18).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_time_tells_a_process_from_a_later_one() {
        let own = started_at(std::process::id()).expect("this process lives");
        assert!(own.parse::<u64>().is_ok(), "{own}");
        assert!(is_the_same(std::process::id(), &own));
        assert!(!is_the_same(std::process::id(), "1"));
    }

    #[test]
    fn a_stopped_process_and_its_directory_are_gone() {
        let mut sleeper = Command::new("sleep").arg("60").process_group(0).spawn().expect("sleep starts");
        let started = started_at(sleeper.id()).expect("it lives");
        let mut complaints = String::new();
        stop("group", sleeper.id(), &started, &mut complaints);
        assert!(complaints.is_empty(), "{complaints}");
        assert!(!sleeper.wait().expect("it ended").success());

        let directory = std::env::temp_dir().join(format!("dunlin-sweeper-test-{}", std::process::id()));
        std::fs::create_dir_all(directory.join("inner")).expect("a directory");
        remove(&directory, &mut complaints);
        assert!(!directory.exists());
    }
}
