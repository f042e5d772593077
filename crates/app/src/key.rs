//! Where the installation's key comes from: the environment, a file, or a question; never the database.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use dunlin_store::InstallationKey;

/// Names the ways to give a key.
#[derive(Debug, Clone, Default)]
pub struct KeySource {
    /// `--key-file`, `DUNLIN_KEY_FILE`.
    pub file: Option<PathBuf>,
    /// `--ask-key`: typed at the terminal.
    pub ask: bool,
}

const VARIABLE: &str = "DUNLIN_KEY";
const FILE: &str = "dunlin.key";

impl KeySource {
    fn path(&self, data_dir: &Path) -> PathBuf {
        self.file.clone().unwrap_or_else(|| data_dir.join(FILE))
    }

    /// The key, if one is given or lies where it is looked for.
    pub fn find(&self, data_dir: &Path) -> anyhow::Result<Option<InstallationKey>> {
        if self.ask {
            let typed = rpassword::prompt_password("Key of the installation: ").context("cannot ask for the key")?;
            return Ok(Some(read(&typed, "what was typed")?));
        }
        if self.file.is_none()
            && let Ok(text) = std::env::var(VARIABLE)
        {
            return Ok(Some(read(&text, VARIABLE)?));
        }
        let path = self.path(data_dir);
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Some(read(&text, &path.display().to_string())?)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("cannot read the key in {}", path.display())),
        }
    }

    /// The key; a new one is made and written down when there is none. Only for a database that has none yet.
    pub fn find_or_make(&self, data_dir: &Path) -> anyhow::Result<InstallationKey> {
        if let Some(key) = self.find(data_dir)? {
            return Ok(key);
        }
        let path = self.path(data_dir);
        let key = InstallationKey::generate()?;
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        }
        write_private(&path, &format!("{}\n", key.to_text()))
            .with_context(|| format!("cannot write the key to {}", path.display()))?;
        Ok(key)
    }

    /// The key of a database that has one: without it nothing is made up.
    pub fn need(&self, data_dir: &Path) -> anyhow::Result<InstallationKey> {
        let Some(key) = self.find(data_dir)? else {
            bail!(
                "the key of this database is missing: it is looked for in {} (name another place with --key-file, or \
                 put the key into {VARIABLE}). Without it personal data and passwords cannot be read; nothing was \
                 changed",
                self.path(data_dir).display()
            );
        };
        Ok(key)
    }
}

fn read(text: &str, place: &str) -> anyhow::Result<InstallationKey> {
    // The text itself is never shown.
    let Some(key) = InstallationKey::from_text(text) else {
        bail!("{place} holds no key of an installation: 32 bytes in base64 are expected, as in the file dunlin.key");
    };
    Ok(key)
}

/// A file that only its owner reads; never over an existing one.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)?.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_found_again() {
        let dir = tempfile::tempdir().expect("a folder");
        let source = KeySource { file: Some(dir.path().join("k")), ask: false };
        assert!(source.need(dir.path()).expect_err("none yet").to_string().contains("is missing"));
        let made = source.find_or_make(dir.path()).expect("made");
        assert_eq!(source.need(dir.path()).expect("found").to_text(), made.to_text());
        std::fs::write(dir.path().join("k"), "secret words").expect("written");
        let error = source.need(dir.path()).expect_err("no key").to_string();
        assert!(error.contains("holds no key") && !error.contains("secret words"), "{error}");
    }
}
