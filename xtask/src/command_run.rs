//! Runs one command to its end: its output goes line by line into a log, chosen lines are shown at once, and a
//! command that hangs is stopped when its time is up. It decides nothing about what the output means.

use crate::sweeper::{Scratch, Stop, send_signal};
use anyhow::{Context, Result};
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

/// What a command did.
pub struct Finished {
    /// It ended by itself with exit code 0.
    pub ok: bool,
    /// Standard output and standard error in the order they came, without line ends.
    pub lines: Vec<String>,
}

impl Finished {
    /// The last lines, indented, to show with a failure.
    pub fn tail(&self, count: usize) -> String {
        let from = self.lines.len().saturating_sub(count);
        self.lines[from..].iter().map(|line| format!("    {line}\n")).collect()
    }
}

/// Runs the command in a process group of its own, within `limit`; lines for which `show` is true are echoed.
pub fn run(
    command: &mut Command,
    log: &Path,
    limit: Duration,
    scratch: Option<&Scratch>,
    show: impl Fn(&str) -> bool,
) -> Result<Finished> {
    let mut log_file = File::create(log).with_context(|| format!("writing {}", log.display()))?;
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
        .with_context(|| format!("starting {}", command.get_program().to_string_lossy()))?;
    if let Some(scratch) = scratch {
        scratch.stops(&child, Stop::Group)?;
    }
    let lines_in = readers(&mut child);
    let since = Instant::now();
    let mut lines = Vec::new();
    let mut ended = None;
    loop {
        match lines_in.recv_timeout(Duration::from_millis(50)) {
            Ok(line) => {
                writeln!(log_file, "{line}")?;
                if show(&line) {
                    println!("  {line}");
                }
                lines.push(line);
                continue;
            }
            Err(RecvTimeoutError::Timeout) => {}
            // Both pipes are closed: only the exit code is still to come.
            Err(RecvTimeoutError::Disconnected) => std::thread::sleep(Duration::from_millis(10)),
        }
        // A stray grandchild may keep the pipes open, so the command's own end counts; what it wrote before is
        // in the channel by then.
        if let Some(status) = child.try_wait()? {
            ended = Some(status);
            break;
        }
        if since.elapsed() > limit {
            lines.push(format!("stopped by xtask: not finished after {} s", limit.as_secs()));
            send_signal("KILL", &format!("-{}", child.id()));
            child.wait()?;
            break;
        }
    }
    while let Ok(line) = lines_in.recv_timeout(Duration::from_millis(200)) {
        writeln!(log_file, "{line}")?;
        lines.push(line);
    }
    Ok(Finished { ok: ended.is_some_and(|status| status.success()), lines })
}

fn readers(child: &mut Child) -> Receiver<String> {
    let (sender, receiver) = channel();
    if let Some(pipe) = child.stdout.take() {
        read_into(pipe, sender.clone());
    }
    if let Some(pipe) = child.stderr.take() {
        read_into(pipe, sender);
    }
    receiver
}

fn read_into(pipe: impl Read + Send + 'static, sender: Sender<String>) {
    std::thread::spawn(move || {
        let mut reader = BufReader::new(pipe);
        let mut bytes = Vec::new();
        // Bytes, not text: a test that prints broken UTF-8 must not cut the log off.
        while matches!(reader.read_until(b'\n', &mut bytes), Ok(count) if count > 0) {
            let line = String::from_utf8_lossy(&bytes).trim_end_matches(['\n', '\r']).to_owned();
            bytes.clear();
            if sender.send(line).is_err() {
                return;
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str, limit: Duration) -> Finished {
        let log = std::env::temp_dir().join(format!("dunlin-run-test-{}-{}", std::process::id(), script.len()));
        let finished = run(Command::new("sh").args(["-c", script]), &log, limit, None, |_| false);
        let _ = std::fs::remove_file(log);
        finished.expect("sh runs")
    }

    #[test]
    fn both_outputs_and_the_exit_code_are_kept() {
        let finished = shell("echo one; echo two >&2; exit 3", Duration::from_secs(10));
        assert!(!finished.ok);
        let mut lines = finished.lines.clone();
        lines.sort();
        assert_eq!(lines, ["one", "two"]);
    }

    #[test]
    fn a_hanging_command_is_stopped_and_says_so() {
        let since = Instant::now();
        let finished = shell("echo begun; sleep 600", Duration::from_millis(300));
        assert!(!finished.ok);
        assert!(since.elapsed() < Duration::from_secs(20));
        assert!(finished.lines.iter().any(|line| line.contains("not finished")), "{:?}", finished.lines);
    }

    #[test]
    fn a_stray_grandchild_does_not_hold_the_run_up() {
        let since = Instant::now();
        let finished = shell("sleep 15 & echo done", Duration::from_secs(60));
        assert!(finished.ok);
        assert!(since.elapsed() < Duration::from_secs(10));
    }
}
