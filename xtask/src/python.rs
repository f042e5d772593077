//! Python packages in a folder of their own below the build directory, each in the one version that is asked for: for
//! programs and data that exist only there. Nothing is installed beside it.

use crate::command_run::{self, Finished};
use crate::sweeper::Scratch;
use anyhow::{Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// The environment below `folder` that holds this version of the package; made anew when another one is wanted. Its
/// programs are in `bin`.
pub fn environment(
    folder: &Path,
    package: &str,
    version: &str,
    logs: &Path,
    limit: Duration,
    scratch: Option<&Scratch>,
) -> Result<PathBuf> {
    let venv = folder.join("venv");
    let stamp = folder.join("installed");
    let python = venv.join("bin").join("python");
    if python.is_file() && std::fs::read_to_string(&stamp).is_ok_and(|known| known == version) {
        return Ok(venv);
    }
    let _ = std::fs::remove_dir_all(&venv);
    let mut make = Command::new("python3");
    make.args(["-m", "venv"]).arg(&venv);
    match command_run::run(&mut make, &logs.join("venv.log"), limit, scratch, |_| false) {
        Ok(made) if made.ok => {}
        Ok(made) => bail!("python3 -m venv does not work (Debian package python3-venv): {}", last(&made)),
        Err(error) => return Err(error.context("python3 is missing (Debian package python3-venv)")),
    }
    let mut pip = Command::new(python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).arg(format!("{package}=={version}"));
    let finished = command_run::run(&mut pip, &logs.join("pip.log"), limit, scratch, |_| false)?;
    if !finished.ok {
        bail!("pip: {}", last(&finished));
    }
    std::fs::write(stamp, version)?;
    Ok(venv)
}

fn last(finished: &Finished) -> String {
    finished.lines.iter().rev().find(|line| !line.trim().is_empty()).cloned().unwrap_or_default()
}
