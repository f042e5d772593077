//! A Postfix of our own: takes mail for any address and puts all of it into one Maildir, so that a test can
//! read back what a stranger's mail server was given. It delivers nothing beyond this machine.
//!
//! Addresses with a meaning: `nobody@bounce.example` is refused for good (550 5.1.1), `later@bounce.example`
//! for now (451 4.3.0).

use super::{free_port, wait_for};
use crate::sweeper::{Scratch, Stop};
use anyhow::{Context, Result, bail};
use std::fmt::Write as _;
use std::fs::File;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// Where it listens.
pub struct Smtp {
    pub port: u16,
    /// The same, but it takes mail only after a login.
    pub login_port: u16,
    /// Where Postfix asks Dovecot whether a password is right.
    pub login_socket: PathBuf,
}

/// Makes the Maildir everything ends up in; it belongs to the unprivileged user that writes it.
pub fn make_maildir(directory: &Path) -> Result<PathBuf> {
    let maildir = directory.join("Maildir");
    for part in ["new", "cur", "tmp"] {
        std::fs::create_dir_all(maildir.join(part))?;
    }
    own(&["-R", "nobody:nogroup"], &maildir)?;
    Ok(maildir)
}

/// Writes the configuration and starts Postfix's master process in the foreground.
pub fn start(scratch: &Scratch, directory: &Path) -> Result<Smtp> {
    let smtp = Smtp { port: free_port()?, login_port: free_port()?, login_socket: directory.join("login") };
    let home = directory.join("postfix");
    for part in ["queue", "data", "etc"] {
        std::fs::create_dir_all(home.join(part))?;
    }
    own(&["postfix:postfix"], &home.join("data"))?;
    let etc = home.join("etc");
    let log = home.join("log");
    std::fs::write(etc.join("main.cf"), main_settings(directory, &home, &smtp)?)?;
    std::fs::write(etc.join("master.cf"), services(&smtp))?;
    std::fs::write(etc.join("refused"), REFUSED)?;

    // Makes the queue's folders with the right owners, and finds mistakes in the configuration.
    let checked = Command::new("postfix").arg("-c").arg(&etc).arg("check").output().context("starting postfix")?;
    if !checked.status.success() {
        bail!("postfix check failed: {}", String::from_utf8_lossy(&checked.stderr));
    }
    let output = File::create(home.join("output"))?;
    let mut process = Command::new(program_folder()?.join("master"))
        .arg("-c")
        .arg(&etc)
        .env("MAIL_CONFIG", &etc)
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output)
        .spawn()
        .context("starting Postfix")?;
    scratch.stops(&process, Stop::Terminate)?;
    wait_for("Postfix", &mut process, &log, Duration::from_secs(30), || {
        TcpStream::connect(("127.0.0.1", smtp.port)).is_ok()
    })?;
    Ok(smtp)
}

const REFUSED: &str = "\
/^nobody@bounce\\.example$/ 550 5.1.1 no such user here
/^later@bounce\\.example$/ 451 4.3.0 try again later
";

fn main_settings(directory: &Path, home: &Path, smtp: &Smtp) -> Result<String> {
    let mut text = String::new();
    let mut set = |name: &str, value: &str| writeln!(text, "{name} = {value}");
    let in_home = |part: &str| home.join(part).display().to_string();
    set("compatibility_level", "3.6")?;
    set("daemon_directory", &program_folder()?.display().to_string())?;
    set("queue_directory", &in_home("queue"))?;
    set("data_directory", &in_home("data"))?;
    set("maillog_file", &in_home("log"))?;
    set("maillog_file_prefixes", &home.display().to_string())?;
    set("inet_interfaces", "127.0.0.1")?;
    set("inet_protocols", "ipv4")?;
    set("mynetworks", "127.0.0.0/8")?;
    set("myhostname", "mail.dunlin.test")?;
    set("mydestination", "")?;
    set("alias_maps", "")?;
    set("alias_database", "")?;
    set("local_recipient_maps", "")?;
    set("local_transport", "error:everything is virtual here")?;
    set("relayhost", "")?;
    set("biff", "no")?;
    set("smtputf8_enable", "yes")?;
    set("message_size_limit", "52428800")?;
    set("mailbox_size_limit", "0")?;
    set("virtual_mailbox_limit", "0")?;
    set("virtual_mailbox_domains", "static:all")?;
    set("virtual_mailbox_base", &directory.display().to_string())?;
    set("virtual_mailbox_maps", "static:Maildir/")?;
    set("virtual_uid_maps", "static:65534")?;
    set("virtual_gid_maps", "static:65534")?;
    set("virtual_transport", "virtual")?;
    let refused = format!("check_recipient_access regexp:{}", in_home("etc/refused"));
    set("smtpd_recipient_restrictions", &format!("{refused}, permit_mynetworks, permit_sasl_authenticated, reject"))?;
    set("smtpd_sasl_type", "dovecot")?;
    set("smtpd_sasl_path", &smtp.login_socket.display().to_string())?;
    set("smtpd_client_connection_count_limit", "0")?;
    Ok(text)
}

fn services(smtp: &Smtp) -> String {
    // name, type, private, unprivileged, chroot, wake-up, processes, command
    format!(
        "\
127.0.0.1:{open} inet n - n - - smtpd
127.0.0.1:{login} inet n - n - - smtpd
  -o syslog_name=postfix/login
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
  -o smtpd_recipient_restrictions=permit_sasl_authenticated,reject
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
",
        open = smtp.port,
        login = smtp.login_port,
    )
}

/// The folder of Postfix's own programs, as the installed version says.
fn program_folder() -> Result<PathBuf> {
    let output = Command::new("postconf").args(["-d", "-h", "daemon_directory"]).output();
    let answer = String::from_utf8_lossy(&output.context("starting postconf")?.stdout).trim().to_owned();
    [answer.as_str(), "/usr/lib/postfix/sbin", "/usr/libexec/postfix"]
        .iter()
        .map(PathBuf::from)
        .find(|folder| folder.join("master").is_file())
        .context("Postfix's program `master` is not where its version says")
}

fn own(arguments: &[&str], path: &Path) -> Result<()> {
    let status = Command::new("chown").args(arguments).arg(path).status().context("starting chown")?;
    if !status.success() {
        bail!("chown {} {} failed", arguments.join(" "), path.display());
    }
    Ok(())
}
