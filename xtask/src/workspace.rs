//! Where things are: the repository's root, the build directory and the way `cargo` is called from here.
//! Nothing is written into the checkout; logs, pictures and npm packages go below the build directory.

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The directory of the workspace's `Cargo.toml`, found at run time, so that a moved checkout still works.
pub fn root() -> Result<PathBuf> {
    if let Some(package) = std::env::var_os("CARGO_MANIFEST_DIR")
        && let Some(root) = Path::new(&package).parent()
        && root.join("Cargo.lock").is_file()
    {
        return Ok(root.to_path_buf());
    }
    let here = std::env::current_dir().context("reading the current directory")?;
    for directory in here.ancestors() {
        if directory.join("xtask").is_dir() && directory.join("Cargo.toml").is_file() {
            return Ok(directory.to_path_buf());
        }
    }
    bail!("{} is not inside the repository; change into it and try again", here.display())
}

/// Cargo's build directory: `CARGO_TARGET_DIR` or `target` in the checkout.
pub fn target_dir(root: &Path) -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(directory) => root.join(directory),
        None => root.join("target"),
    }
}

/// A directory for what a run leaves to be looked at (`<target>/xtask/<name>`).
pub fn output_dir(root: &Path, name: &str) -> Result<PathBuf> {
    let directory = target_dir(root).join("xtask").join(name);
    std::fs::create_dir_all(&directory).with_context(|| format!("making {}", directory.display()))?;
    Ok(directory)
}

/// `cargo` in the root of the workspace, without the variables the outer `cargo run` set for xtask itself:
/// some build scripts watch them, and would run again.
pub fn cargo(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") || text == "LD_LIBRARY_PATH" {
            command.env_remove(&name);
        }
    }
    command.args(arguments).current_dir(root);
    command
}

/// The first of these names found on `PATH` or in the system's `sbin` folders.
pub fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(["/usr/sbin", "/sbin", "/usr/local/sbin"].map(PathBuf::from))
        .map(|directory| directory.join(name))
        .find(|candidate| candidate.is_file())
}

/// Whether this process is root (its files in `/proc` belong to user 0).
pub fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|data| data.uid() == 0)
}
