//! The API against its own document: schemathesis (Python, in a folder of its own below the build directory) sends
//! what fits the OpenAPI document and what does not, to a served demo, and checks every answer. Where it cannot be
//! installed the step is skipped, and says so. What it found is in `<target>/xtask/logs/api.log`.

use crate::command_run::{self, Finished};
use crate::python;
use crate::servers::{free_port, wait_for};
use crate::sweeper::Stop;
use crate::test::{Context, Outcome};
use crate::workspace;
use anyhow::{Context as _, Result, bail};
use std::fs::File;
use std::net::TcpStream;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// Another version finds other things: a newer one is a change of its own.
const VERSION: &str = "4.32.5";

/// One: `ast.parse` of Python 3.11 fails now and then when two threads are in it ("AST constructor recursion depth
/// mismatch"), and hypothesis calls it for every new rule.
const WORKERS: &str = "1";

/// Building and installing on a slow machine included.
const LIMIT: Duration = Duration::from_secs(1800);

/// The owner of the demo, who may everything.
const OWNER: &str = "chen.wei@qihang-outdoor.example";

/// Every right: nothing is tested by being refused.
const SCOPES: &str =
    "see,see_everybody,work,approve_severe,money,lower,import,assign,settings,bank_accounts,users,audit_log,data";

/// What fits the document may still meet a thing that has changed (412) or make no sense (422), beside what schemathesis
/// expects by itself (docs/manual/api.md). The character U+0000 is refused everywhere, and no schema can say so.
const CONFIG: &str = "\
[generation]
allow-x00 = false

[checks.positive_data_acceptance]
expected-statuses = [\"2xx\", \"401\", \"403\", \"404\", \"409\", \"412\", \"422\"]
";

pub fn run(context: &Context) -> Result<Outcome> {
    let folder = workspace::output_dir(&context.root, "api")?;
    let environment =
        python::environment(&folder, "schemathesis", VERSION, &context.logs, LIMIT, Some(&context.scratch));
    let program = match environment {
        Ok(environment) => environment.join("bin").join("schemathesis"),
        Err(why) => {
            context
                .skip(&format!("SKIPPED: the API's own tests: schemathesis {VERSION} cannot be installed: {why:#}"))?;
            return Ok(outcome(0, 0, String::new()));
        }
    };
    let built = context.cargo("api-build", &["build", "--release"], &[], |_| false)?;
    if !built.ok {
        return Ok(outcome(0, 1, built.tail(40)));
    }
    let home = context.scratch.path().join("api");
    std::fs::create_dir_all(&home)?;
    let (port, token) = served(context, &home)?;
    let config = home.join("schemathesis.toml");
    std::fs::write(&config, CONFIG)?;
    let mut command = Command::new(program);
    command
        .arg("--config-file")
        .arg(&config)
        .args(["run", &format!("http://127.0.0.1:{port}/api/v1/openapi.json")])
        .args(["--header", &format!("Authorization: Bearer {token}")])
        .args([
            "--checks",
            "all",
            "--phases",
            "examples,coverage,fuzzing",
            "--max-examples",
            "20",
            "--workers",
            WORKERS,
        ])
        .args(["--seed", "1", "--generation-database", "none", "--no-color", "--continue-on-failure"])
        .current_dir(&home);
    let log = context.logs.join("api.log");
    let finished = command_run::run(&mut command, &log, LIMIT, Some(&context.scratch), |_| false)?;
    Ok(counted(&finished))
}

fn outcome(passed: u64, failed: u64, detail: String) -> Outcome {
    Outcome { passed, failed, detail, repeat: "cargo xtask test --only api".to_owned() }
}

/// Calls that were tested, and what was found wrong.
fn counted(finished: &Finished) -> Outcome {
    let number = |name: &str| finished.lines.iter().rev().find_map(|line| count(line, name));
    let (tested, wrong) = (number("Tested:"), number("unique failure"));
    match (tested, wrong) {
        (Some(tested), None) if finished.ok => outcome(tested, 0, String::new()),
        (Some(tested), wrong) => {
            let wrong = wrong.unwrap_or(1).max(1);
            outcome(tested.saturating_sub(wrong), wrong, finished.tail(120))
        }
        (None, _) => outcome(0, 1, finished.tail(60)),
    }
}

/// `✅ Tested: 45` → 45; `3 unique failures` → 3.
fn count(line: &str, name: &str) -> Option<u64> {
    let (before, after) = line.split_once(name)?;
    let near = if name.ends_with(':') { after } else { before.rsplit([' ', '(']).find(|part| !part.is_empty())? };
    near.trim().split(' ').next()?.parse().ok()
}

/// Builds a demo, makes a token of its owner and serves it; its port and the token.
fn served(context: &Context, home: &Path) -> Result<(u16, String)> {
    let program = workspace::target_dir(&context.root).join("release").join("dunlin");
    let demo = home.join("demo");
    let mut build = Command::new(&program);
    build.args(["demo", "--no-serve", "--dir"]).arg(&demo);
    let built =
        command_run::run(&mut build, &context.logs.join("api-demo.log"), LIMIT, Some(&context.scratch), |_| false)?;
    if !built.ok {
        bail!("the demo could not be built:\n{}", built.tail(20));
    }
    let place = demo.join("dunlin.db");
    let made = Command::new(&program)
        .args(["token", "create", "--user", OWNER, "--name", "schemathesis", "--days", "1", "--scopes", SCOPES, "--db"])
        .arg(&place)
        .output()
        .context("starting dunlin token create")?;
    if !made.status.success() {
        bail!("no token was made: {}", String::from_utf8_lossy(&made.stderr));
    }
    let token = String::from_utf8_lossy(&made.stdout).trim().to_owned();
    let (port, log) = (free_port()?, home.join("server.log"));
    let output = File::create(&log)?;
    let mut process = Command::new(&program)
        .args(["serve", "--no-worker", "--api-rate", "1000000", "--listen", &format!("127.0.0.1:{port}"), "--db"])
        .arg(&place)
        .current_dir(home)
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output)
        .process_group(0)
        .spawn()
        .context("starting dunlin serve")?;
    context.scratch.stops(&process, Stop::Group)?;
    wait_for("dunlin serve", &mut process, &log, Duration::from_secs(60), || {
        TcpStream::connect(("127.0.0.1", port)).is_ok()
    })?;
    Ok((port, token))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finished(ok: bool, text: &str) -> Finished {
        Finished { ok, lines: text.lines().map(str::to_owned).collect() }
    }

    #[test]
    fn the_summary_is_understood() {
        let good = counted(&finished(true, "API Operations:\n  Selected: 45/45\n  Tested: 45\n"));
        assert_eq!((good.passed, good.failed), (45, 0));
        let bad = counted(&finished(false, "  Tested: 45\n============ 3 unique failures, 1 error ===="));
        assert_eq!((bad.passed, bad.failed), (42, 3));
        let broken = counted(&finished(false, "Traceback\n"));
        assert_eq!((broken.passed, broken.failed), (0, 1));
    }
}
