//! `dunlin backup|restore|doctor`: a copy of everything, the way back, and whether all is sound.

use std::path::PathBuf;

use anyhow::bail;

use dunlin_store::{Store, Unsigned};

use super::open::print_json;
use super::{Common, usage};
use crate::house::Clock;
use crate::use_cases::keep_backup;

#[derive(Debug, clap::Args)]
pub struct BackupArgs {
    /// The file to write; it must not exist yet
    file: PathBuf,
}

#[derive(Debug, clap::Args)]
pub struct RestoreArgs {
    /// A file that `dunlin backup` wrote; `-` reads standard input
    file: PathBuf,
    /// Take a file without the mark of this installation: versions before the mark wrote none. Only one whose way you know
    #[arg(long)]
    unsigned: bool,
}

#[derive(Debug, clap::Args)]
pub struct DoctorArgs {
    #[arg(long)]
    json: bool,
}

pub async fn backup(common: &Common, args: BackupArgs) -> anyhow::Result<()> {
    if common.tenant.is_some() {
        return Err(usage("a backup holds all firms of the database; leave --tenant out. Nothing was written"));
    }
    let store = common.store().await?;
    let rows = keep_backup::backup(&store, Clock::Wall.now(), &args.file).await?;
    println!("{} holds {rows} rows of {}", args.file.display(), store.place());
    println!(
        "Personal data in it opens only with the installation's key ({}), which is not in it.",
        common.key_place()
    );
    Ok(())
}

pub async fn restore(common: &Common, args: RestoreArgs) -> anyhow::Result<()> {
    let place = common.place();
    if !place.contains("://")
        && let Some(folder) = std::path::Path::new(&place).parent()
    {
        std::fs::create_dir_all(folder)?;
    }
    // A new key would open nothing of what is in the backup.
    let store = Store::open(&place, &common.keys().need(&common.data_dir())?).await?;
    let unsigned = if args.unsigned { Unsigned::Taken } else { Unsigned::Refused };
    let restored = keep_backup::restore_by(&store, Clock::Wall, &args.file, unsigned).await?;
    println!("{} rows of {:.0} are in {}", restored.rows, restored.taken_at, store.place());
    println!(
        "What was sent after {:.0} is not known here. Nothing that may have left already is sent again by itself: \
         {} waiting letters, and every further letter about a debt that was known, wait for a person's yes.",
        restored.taken_at, restored.letters_to_look_at
    );
    println!(
        "Where bank statements were read before, nothing presses for money until they reach the day before today: \
         waiting letters that do are cancelled at the next run, and written anew once the statements are in."
    );
    println!("Next: dunlin doctor, then import the statements since that day.");
    Ok(())
}

pub async fn doctor(common: &Common, args: DoctorArgs) -> anyhow::Result<()> {
    let store = common.store().await?;
    let (findings, checks) = store.doctor().await?;
    let mut previews = 0;
    for tenant in store.tenants().await? {
        previews += store.unconfirmed_files(tenant.id, jiff::Timestamp::MAX).await?.len();
    }
    if args.json {
        print_json(&serde_json::json!({"checks": checks, "findings": findings, "files_not_taken_in": previews}))?;
    } else {
        for finding in &findings {
            println!("{} ({}, for instance {}): {}", finding.check, finding.count, finding.example, finding.what);
        }
    }
    if previews > 0 && !args.json {
        println!("Files handed in for a preview and not taken in: {previews}; each is dropped after a day");
    }
    if !findings.is_empty() {
        bail!("{} of {checks} checks found something", findings.len());
    }
    if !args.json {
        println!("{}: {checks} checks, all is well", store.place());
    }
    Ok(())
}
