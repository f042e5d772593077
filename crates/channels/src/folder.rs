//! Letters as files, one `.eml` each: the default of the demo, and of anybody who wants to look before sending.
//!
//! The name comes from the Message-ID, so that the same letter can only ever be one file.

use std::path::{Path, PathBuf};

use crate::mail::Mail;
use crate::{Answer, Handover, Lookup, Transport};

/// A folder of letters.
#[derive(Debug, Clone)]
pub struct Folder {
    place: PathBuf,
}

impl Folder {
    pub fn new(place: impl Into<PathBuf>) -> Self {
        Self { place: place.into() }
    }

    fn path(&self, message_id: &str) -> PathBuf {
        self.place.join(format!("{}.eml", file_name(message_id)))
    }

    /// Removes every file of which the Message-ID begins so.
    pub async fn forget_all(&self, beginning: &str) -> std::io::Result<()> {
        let beginning = file_name(beginning);
        let mut entries = match tokio::fs::read_dir(&self.place).await {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            entries => entries?,
        };
        while let Some(entry) = entries.next_entry().await? {
            if entry.file_name().to_string_lossy().starts_with(&beginning) {
                remove(&entry.path()).await?;
            }
        }
        Ok(())
    }

    async fn write(&self, mail: &Mail) -> Handover {
        let message = match mail.compose() {
            Ok(message) => message.formatted(),
            Err(error) => return Handover::Refused(error.to_string()),
        };
        match write_whole(&self.place, &self.path(&mail.message_id), &message).await {
            Ok(()) => Handover::Sent,
            Err(error) => Handover::Busy(format!("cannot write to the folder {}: {error}", self.place.display())),
        }
    }
}

fn file_name(message_id: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '@') { c } else { '_' };
    message_id.chars().map(plain).collect()
}

/// What is gone already is gone.
async fn remove(path: &Path) -> std::io::Result<()> {
    match tokio::fs::remove_file(path).await {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Under a passing name first, then renamed: a crash leaves no half letter.
async fn write_whole(folder: &Path, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    tokio::fs::create_dir_all(folder).await?;
    let passing = path.with_extension("part");
    tokio::fs::write(&passing, bytes).await?;
    tokio::fs::rename(&passing, path).await
}

impl Transport for Folder {
    fn name(&self) -> &'static str {
        "folder"
    }

    fn send<'a>(&'a self, mail: &'a Mail) -> Answer<'a, Handover> {
        Box::pin(self.write(mail))
    }

    fn lookup<'a>(&'a self, message_id: &'a str) -> Answer<'a, Lookup> {
        Box::pin(async move {
            match tokio::fs::try_exists(self.path(message_id)).await {
                Ok(true) => Lookup::Found,
                Ok(false) => Lookup::Absent,
                Err(_) => Lookup::Unknown,
            }
        })
    }

    fn forget<'a>(&'a self, message_id: &'a str) -> Answer<'a, std::io::Result<()>> {
        Box::pin(async move { remove(&self.path(message_id)).await })
    }
}
