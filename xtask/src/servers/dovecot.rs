//! A Dovecot of our own over Postfix's Maildir: IMAP for one user, and the answer to Postfix's question
//! whether a password is right. Versions 2.3 (Debian 12) and 2.4 (Debian 13) want different words.

use super::{free_port, wait_for};
use crate::sweeper::{Scratch, Stop};
use anyhow::{Context, Result};
use std::fs::File;
use std::net::TcpStream;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// The one mailbox.
pub const USER: &str = "inbox";
pub const PASSWORD: &str = "inbox-secret";

/// Starts it in the foreground and gives the IMAP port.
pub fn start(scratch: &Scratch, directory: &Path, maildir: &Path, login_socket: &Path) -> Result<u16> {
    let home = directory.join("dovecot");
    for part in ["run", "state", "home"] {
        std::fs::create_dir_all(home.join(part))?;
    }
    let port = free_port()?;
    let users = home.join("users");
    std::fs::write(&users, format!("{USER}:{{PLAIN}}{PASSWORD}\n"))?;
    let places = Places { home: &home, maildir, users: &users, login_socket };
    let version = version()?;
    let text = if version.starts_with("2.3") || version.starts_with("2.2") {
        places.settings_of_2_3(port)
    } else {
        places.settings_of_2_4(port)
    };
    let settings = home.join("dovecot.conf");
    std::fs::write(&settings, text)?;
    let output = home.join("output");
    let output_file = File::create(&output)?;
    let mut process = Command::new("dovecot")
        .arg("-F")
        .arg("-c")
        .arg(&settings)
        .stdin(Stdio::null())
        .stdout(output_file.try_clone()?)
        .stderr(output_file)
        .process_group(0)
        .spawn()
        .context("starting Dovecot")?;
    scratch.stops(&process, Stop::Terminate)?;
    wait_for("Dovecot", &mut process, &output, Duration::from_secs(30), || {
        login_socket.exists() && TcpStream::connect(("127.0.0.1", port)).is_ok()
    })?;
    Ok(port)
}

fn version() -> Result<String> {
    let output = Command::new("dovecot").arg("--version").output().context("starting dovecot")?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

struct Places<'a> {
    home: &'a Path,
    maildir: &'a Path,
    users: &'a Path,
    login_socket: &'a Path,
}

impl Places<'_> {
    fn settings_of_2_3(&self, port: u16) -> String {
        format!(
            "\
disable_plaintext_auth = no
mail_location = maildir:{maildir}
passdb {{
  driver = passwd-file
  args = {users}
}}
userdb {{
  driver = static
  args = uid=65534 gid=65534 home={home}/home
}}
{shared}",
            maildir = self.maildir.display(),
            users = self.users.display(),
            home = self.home.display(),
            shared = self.shared(port),
        )
    }

    fn settings_of_2_4(&self, port: u16) -> String {
        format!(
            "\
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
auth_allow_cleartext = yes
mail_driver = maildir
mail_path = {maildir}
mail_home = {home}/home
passdb passwd-file {{
  passwd_file_path = {users}
}}
userdb static {{
  fields {{
    uid = 65534
    gid = 65534
    home = {home}/home
  }}
}}
{shared}",
            maildir = self.maildir.display(),
            users = self.users.display(),
            home = self.home.display(),
            shared = self.shared(port),
        )
    }

    fn shared(&self, port: u16) -> String {
        format!(
            "\
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
protocols = imap
listen = 127.0.0.1
ssl = no
auth_mechanisms = plain login
auth_failure_delay = 0
mail_uid = 65534
mail_gid = 65534
mmap_disable = yes
namespace inbox {{
  inbox = yes
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service auth {{
  unix_listener {login_socket} {{
    mode = 0666
  }}
}}
",
            home = self.home.display(),
            login_socket = self.login_socket.display(),
        )
    }
}
