//! `cargo xtask test`: everything that must hold before a change goes in, on a bare machine too. One entry of
//! `STEPS` per step; a step that fails does not keep the others from running, each says how to repeat it,
//! and the last line is `N passed, N failed` alone.

mod cargo_output;

use crate::command_run::{self, Finished};
use crate::sweeper::Scratch;
use crate::{api, browser, needs, servers, storm, tidy, workspace};
use anyhow::{Context as _, Result};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// What a step found. A step that is not made of tests counts as one.
pub struct Outcome {
    pub passed: u64,
    pub failed: u64,
    /// What to show with a failure.
    pub detail: String,
    /// How to run it alone.
    pub repeat: String,
}

/// What every step can use.
pub struct Context {
    pub root: PathBuf,
    pub scratch: Scratch,
    pub logs: PathBuf,
    skips: PathBuf,
}

struct Step {
    name: &'static str,
    run: fn(&Context) -> Result<Outcome>,
}

/// In the order of how soon each can say no.
const STEPS: &[Step] = &[
    Step { name: "fmt", run: fmt },
    Step { name: "tidy", run: tidy },
    Step { name: "clippy", run: clippy },
    Step { name: "storm", run: storm::step },
    Step { name: "cargo", run: cargo },
    Step { name: "api", run: api::run },
    Step { name: "browser", run: browser::run },
    Step { name: "demo", run: demo },
];

const HOUR: Duration = Duration::from_secs(3600);

pub fn run(arguments: &[&str]) -> Result<ExitCode> {
    let Some((steps, may_install)) = chosen(arguments) else {
        eprintln!("usage: cargo xtask test [--only fmt|clippy|tidy|storm|cargo|api|browser|demo] [--no-install]");
        return Ok(ExitCode::from(2));
    };
    let root = workspace::root()?;
    let names: Vec<&str> = steps.iter().map(|step| step.name).collect();
    if !needs::provide(&names, may_install)? {
        return Ok(ExitCode::from(2));
    }
    let logs = workspace::output_dir(&root, "logs")?;
    let scratch = Scratch::new()?;
    let skips = scratch.path().join("skips");
    let context = Context { root, scratch, logs, skips };

    let (mut passed, mut failed) = (0, 0);
    for step in steps {
        println!("== {}", step.name);
        let since = Instant::now();
        let outcome = (step.run)(&context).unwrap_or_else(|problem| Outcome {
            passed: 0,
            failed: 1,
            detail: format!("    {problem:#}\n"),
            repeat: format!("cargo xtask test --only {}", step.name),
        });
        let seconds = since.elapsed().as_secs_f32();
        passed += outcome.passed;
        failed += outcome.failed;
        if outcome.failed == 0 {
            println!("ok      {:<8} {seconds:>7.1} s  {} passed", step.name, outcome.passed);
        } else {
            let counts = format!("{} passed, {} failed", outcome.passed, outcome.failed);
            println!("FAILED  {:<8} {seconds:>7.1} s  {counts}", step.name);
            print!("{}", outcome.detail);
            println!("        repeat with: {}", outcome.repeat);
        }
    }
    print!("{}", std::fs::read_to_string(&context.skips).unwrap_or_default());
    drop(context);
    println!("{passed} passed, {failed} failed");
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The steps to run and whether missing packages may be installed; `None` for an unknown argument.
fn chosen(arguments: &[&str]) -> Option<(Vec<&'static Step>, bool)> {
    let mut steps: Vec<&Step> = STEPS.iter().collect();
    let mut may_install = true;
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match *argument {
            "--no-install" => may_install = false,
            "--only" => {
                let name = rest.next()?;
                steps = vec![STEPS.iter().find(|step| step.name == *name)?];
            }
            _ => return None,
        }
    }
    Some((steps, may_install))
}

impl Context {
    /// Says at the end that something could not be tried, in the words of a skipped test.
    pub fn skip(&self, line: &str) -> Result<()> {
        println!("  {line}");
        let mut file = std::fs::OpenOptions::new().append(true).create(true).open(&self.skips)?;
        writeln!(file, "{line}").context("writing the list of skips")
    }

    /// Runs `cargo` with these arguments; a failure is one failed check with the end of its output.
    fn cargo_check(&self, name: &str, arguments: &[&str]) -> Result<Outcome> {
        let finished = self.cargo(name, arguments, &[], |_| false)?;
        Ok(Outcome {
            passed: u64::from(finished.ok),
            failed: u64::from(!finished.ok),
            detail: finished.tail(60),
            repeat: format!("cargo {}", arguments.join(" ")),
        })
    }

    /// Runs `cargo`, its whole output kept as `<logs>/<name>.log`.
    pub fn cargo(
        &self,
        name: &str,
        arguments: &[&str],
        variables: &[(&'static str, String)],
        show: impl Fn(&str) -> bool,
    ) -> Result<Finished> {
        let mut command = workspace::cargo(&self.root, arguments);
        command.env("CARGO_TERM_COLOR", "never").env("CARGO_TERM_PROGRESS_WHEN", "never");
        // rustfmt looks at the terminal's name, not at where its output goes.
        command.env("TERM", "dumb");
        command.env("DUNLIN_SKIPS", &self.skips);
        for (name, value) in variables {
            command.env(name, value);
        }
        command_run::run(&mut command, &self.logs.join(format!("{name}.log")), HOUR, Some(&self.scratch), show)
    }
}

fn fmt(context: &Context) -> Result<Outcome> {
    context.cargo_check("fmt", &["fmt", "--all", "--", "--check"])
}

fn clippy(context: &Context) -> Result<Outcome> {
    let arguments = ["clippy", "--release", "--workspace", "--all-targets", "--", "-D", "warnings"];
    context.cargo_check("clippy", &arguments)
}

fn tidy(context: &Context) -> Result<Outcome> {
    let findings = tidy::check(&context.root)?;
    let detail = findings.iter().map(|finding| format!("    {finding}\n")).collect();
    Ok(Outcome {
        passed: u64::from(findings.is_empty()),
        failed: u64::from(!findings.is_empty()),
        detail,
        repeat: "cargo xtask tidy".to_owned(),
    })
}

/// All tests, on SQLite and on PostgreSQL, with real mail servers.
fn cargo(context: &Context) -> Result<Outcome> {
    let servers = servers::start(&context.scratch)?;
    if !servers.skipped.is_empty() {
        std::fs::write(&context.skips, servers.skipped.join("\n") + "\n").context("writing the list of skips")?;
    }
    let arguments = ["test", "--release", "--workspace", "--no-fail-fast"];
    let finished = context.cargo("cargo", &arguments, &servers.variables, |line| {
        line.starts_with("test result:") || line.trim_start().starts_with("Running ")
    })?;
    let mut outcome = cargo_output::read(&finished);
    outcome.repeat =
        "cargo xtask servers, then with the variables it prints: cargo test --release --workspace".to_owned();
    Ok(outcome)
}

/// The README's first command, up to the point where it would serve.
fn demo(context: &Context) -> Result<Outcome> {
    let directory = context.scratch.path().join("demo").display().to_string();
    let arguments = ["run", "--release", "--", "demo", "--no-serve", "--dir", &directory];
    let mut outcome = context.cargo_check("demo", &arguments)?;
    outcome.repeat = "cargo run --release -- demo --no-serve".to_owned();
    Ok(outcome)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_one_step_and_anything_unknown_is_refused() {
        let (steps, may_install) = chosen(&["--only", "demo", "--no-install"]).expect("known arguments");
        assert_eq!(steps.iter().map(|step| step.name).collect::<Vec<_>>(), ["demo"]);
        assert!(!may_install);
        assert_eq!(chosen(&[]).expect("no arguments").0.len(), STEPS.len());
        assert!(chosen(&["--only"]).is_none());
        assert!(chosen(&["--only", "lint"]).is_none());
        assert!(chosen(&["--quick"]).is_none());
    }
}
