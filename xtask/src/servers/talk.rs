//! The questions a started server must answer before tests may use it, spoken over plain sockets: a mail goes
//! in by SMTP and comes out of the Maildir and of IMAP, refusals are refused, PostgreSQL asks for a password
//! where it should. No client library, so nothing here shares an error with the product.

use anyhow::{Context, Result, bail, ensure};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::{Duration, Instant};

/// Authentication answers of PostgreSQL's protocol (3.0, message `R`).
pub const TRUSTED: u32 = 0;
pub const WANTS_SCRAM: u32 = 10;

/// Opens a session as this user and gives the kind of the first authentication message.
pub fn postgres_answer(port: u16, user: &str) -> Result<u32> {
    let mut stream = connect(port)?;
    let mut body = 196_608_u32.to_be_bytes().to_vec();
    for word in ["user", user, "database", "postgres", ""] {
        body.extend(word.as_bytes());
        body.push(0);
    }
    let length = u32::try_from(body.len() + 4)?;
    stream.write_all(&length.to_be_bytes())?;
    stream.write_all(&body)?;
    let mut head = [0_u8; 9];
    stream.read_exact(&mut head)?;
    ensure!(head[0] == b'R', "PostgreSQL answers {:?} instead of an authentication message", head[0] as char);
    Ok(u32::from_be_bytes([head[5], head[6], head[7], head[8]]))
}

/// One mail through all of it, then the Maildir is left empty.
pub fn check_mail(smtp_port: u16, login_port: u16, imap_port: u16, maildir: &Path) -> Result<()> {
    let mark = format!("first-mail-{}", std::process::id());
    send(smtp_port, &mark).context("sending through Postfix")?;
    let file = arrived(maildir, &mark)?;
    check_imap(imap_port, &mark).context("reading it back by IMAP")?;
    check_login(login_port).context("logging in at Postfix")?;
    // IMAP may have moved it from `new` to `cur`.
    for entry in mails(maildir) {
        if std::fs::read_to_string(&entry).is_ok_and(|text| text.contains(&mark)) {
            std::fs::remove_file(&entry)?;
        }
    }
    ensure!(!file.is_empty(), "the mail in the Maildir is empty");
    Ok(())
}

fn send(port: u16, mark: &str) -> Result<()> {
    let mut session = Dialogue::open(port)?;
    session.expect("220")?;
    session.say("EHLO tests.dunlin.test")?;
    session.expect("250")?;
    session.say("MAIL FROM:<tests@seller.example>")?;
    session.expect("250")?;
    session.say("RCPT TO:<nobody@bounce.example>")?;
    session.expect("550")?;
    session.say("RCPT TO:<later@bounce.example>")?;
    session.expect("451")?;
    session.say("RCPT TO:<anybody@example.com>")?;
    session.expect("250")?;
    session.say("DATA")?;
    session.expect("354")?;
    session.say(&format!(
        "From: tests@seller.example\r\nTo: anybody@example.com\r\nSubject: {mark}\r\n\
         Message-ID: <{mark}@seller.example>\r\n\r\nIt works.\r\n."
    ))?;
    session.expect("250")?;
    session.say("QUIT")?;
    session.expect("221")
}

fn check_login(port: u16) -> Result<()> {
    // Base64 of "\0inbox\0wrong" and of "\0inbox\0inbox-secret".
    for (answer, code) in [("AGluYm94AHdyb25n", "535"), ("AGluYm94AGluYm94LXNlY3JldA==", "235")] {
        let mut session = Dialogue::open(port)?;
        session.expect("220")?;
        session.say("EHLO tests.dunlin.test")?;
        session.expect("250")?;
        session.say(&format!("AUTH PLAIN {answer}"))?;
        session.expect(code)?;
    }
    Ok(())
}

fn check_imap(port: u16, mark: &str) -> Result<()> {
    let mut session = Dialogue::open(port)?;
    session.expect("* OK")?;
    session.say(&format!("a LOGIN {} {}", super::dovecot::USER, super::dovecot::PASSWORD))?;
    session.tagged("a")?;
    session.say("b SELECT INBOX")?;
    session.tagged("b")?;
    session.say(&format!("c SEARCH HEADER SUBJECT {mark}"))?;
    let found = session.tagged("c")?;
    let number = found
        .iter()
        .find_map(|line| line.strip_prefix("* SEARCH "))
        .and_then(|numbers| numbers.split_whitespace().next().map(str::to_owned))
        .context("the mail is not in the mailbox")?;
    session.say(&format!("d FETCH {number} BODY.PEEK[]"))?;
    let body = session.tagged("d")?.join("\n");
    ensure!(body.contains("It works."), "the mail comes back without its text: {body}");
    session.say("e LOGOUT")
}

/// The text of the mail that carries the mark, once it has been delivered.
fn arrived(maildir: &Path, mark: &str) -> Result<String> {
    let since = Instant::now();
    while since.elapsed() < Duration::from_secs(20) {
        for entry in mails(maildir) {
            if let Ok(text) = std::fs::read_to_string(&entry)
                && text.contains(mark)
            {
                return Ok(text);
            }
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let log = maildir.with_file_name("postfix").join("log");
    let written = std::fs::read_to_string(log).unwrap_or_default();
    bail!("Postfix took the mail but did not deliver it:\n{written}")
}

fn mails(maildir: &Path) -> Vec<std::path::PathBuf> {
    ["new", "cur"]
        .iter()
        .filter_map(|part| std::fs::read_dir(maildir.join(part)).ok())
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect()
}

fn connect(port: u16) -> Result<TcpStream> {
    let stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    Ok(stream)
}

/// A line protocol, one side of it.
struct Dialogue {
    reader: BufReader<TcpStream>,
}

impl Dialogue {
    fn open(port: u16) -> Result<Self> {
        Ok(Self { reader: BufReader::new(connect(port)?) })
    }

    fn say(&mut self, line: &str) -> Result<()> {
        self.reader.get_mut().write_all(format!("{line}\r\n").as_bytes()).with_context(|| format!("saying {line}"))
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        ensure!(self.reader.read_line(&mut line)? > 0, "the server hung up");
        Ok(line.trim_end().to_owned())
    }

    /// Reads an answer (SMTP's may have several lines: `250-…`) that must begin like this.
    fn expect(&mut self, start: &str) -> Result<()> {
        loop {
            let line = self.line()?;
            ensure!(line.starts_with(start), "expected {start}, got: {line}");
            if line.as_bytes().get(3) != Some(&b'-') {
                return Ok(());
            }
        }
    }

    /// Reads IMAP lines up to the tagged one, which must be OK.
    fn tagged(&mut self, tag: &str) -> Result<Vec<String>> {
        let mut lines = Vec::new();
        loop {
            let line = self.line()?;
            if let Some(answer) = line.strip_prefix(&format!("{tag} ")) {
                ensure!(answer.starts_with("OK"), "IMAP answers: {line}");
                return Ok(lines);
            }
            lines.push(line);
        }
    }
}
