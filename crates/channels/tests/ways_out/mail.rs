//! The ways out that carry mail keep the contract: a folder, and a mail server that does what it is told to.

use std::path::{Path, PathBuf};

use dunlin_channels::folder::Folder;
use dunlin_channels::mail::Mail;
use dunlin_channels::smtp::{Security, Smtp, SmtpSettings};
use dunlin_channels::{Answer, Handover, Lookup, Transport};
use jiff::Timestamp;

use crate::contract::{Fate, WayOut, keeps_the_contract, text_of};
use crate::mail_server::MailServer;

fn message_id(number: usize) -> String {
    format!("letter.{number}.1@export.example")
}

fn mail(number: usize, to: &str) -> Mail {
    Mail {
        message_id: message_id(number),
        date: Timestamp::UNIX_EPOCH,
        from_name: "Ningbo Qihang 启航".into(),
        from: "sales@export.example".into(),
        reply_to: None,
        in_reply_to: None,
        to_name: "Élodie Müller".into(),
        to: to.into(),
        subject: format!("Invoice {number}"),
        body: text_of(number),
        attachments: Vec::new(),
        channel: "email",
    }
}

/// The text of a mail as its reader sees it.
fn text_in(bytes: &[u8]) -> String {
    let raw = String::from_utf8(bytes.to_vec()).expect("ASCII");
    let (head, body) = raw.split_once("\r\n\r\n").expect("a head and a body");
    let encoding = head.lines().find_map(|line| line.strip_prefix("Content-Transfer-Encoding: "));
    let body = match encoding.unwrap_or("7bit") {
        "base64" => String::from_utf8(base64(body)).expect("UTF-8"),
        "quoted-printable" => String::from_utf8(quoted_printable(body)).expect("UTF-8"),
        _ => body.to_string(),
    };
    body.replace("\r\n", "\n").trim_end().to_string()
}

fn quoted_printable(text: &str) -> Vec<u8> {
    let mut bytes = text.replace("=\r\n", "").into_bytes().into_iter();
    let mut out = Vec::new();
    while let Some(byte) = bytes.next() {
        let mut digit = || char::from(bytes.next().expect("a digit")).to_digit(16).expect("a digit");
        let byte = if byte == b'=' { u8::try_from(digit() * 16 + digit()).expect("a byte") } else { byte };
        out.push(byte);
    }
    out
}

fn base64(text: &str) -> Vec<u8> {
    const DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = Vec::new();
    let (mut held, mut bits) = (0_u32, 0_u32);
    for value in text.chars().filter_map(|digit| DIGITS.find(digit)) {
        held = (held << 6) | u32::try_from(value).expect("small");
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push(u8::try_from((held >> bits) & 0xFF).expect("a byte"));
        }
    }
    out
}

/// A folder that exists, or whose place is taken by a file.
struct FolderStand {
    folder: Folder,
    place: PathBuf,
    to: &'static str,
}

impl FolderStand {
    fn take_place(&self, is_taken: bool) {
        let aside = self.place.with_extension("aside");
        if is_taken {
            let _ = std::fs::rename(&self.place, &aside);
            std::fs::write(&self.place, "no folder").expect("written");
        } else if self.place.is_file() {
            std::fs::remove_file(&self.place).expect("removed");
            let _ = std::fs::rename(&aside, &self.place);
        }
    }
}

fn files_in(place: &Path) -> Vec<Vec<u8>> {
    let Ok(entries) = std::fs::read_dir(place) else { return Vec::new() };
    entries.map(|entry| std::fs::read(entry.expect("an entry").path()).expect("a file")).collect()
}

impl WayOut for FolderStand {
    const SECRETS: &'static [&'static str] = &[];

    fn prepare(&mut self, fate: Fate) -> Answer<'_, bool> {
        self.take_place(fate == Fate::IsAway);
        self.to = if fate == Fate::Refuses { "no address" } else { "buyer@import.example" };
        // A file is there or it is not: nothing of it can be lost on the way.
        Box::pin(std::future::ready(matches!(fate, Fate::Takes | Fate::IsAway | Fate::Refuses)))
    }

    fn send(&mut self, number: usize) -> Answer<'_, Handover> {
        Box::pin(async move { self.folder.send(&mail(number, self.to)).await })
    }

    fn lookup(&mut self, number: usize) -> Answer<'_, Lookup> {
        Box::pin(async move { self.folder.lookup(&message_id(number)).await })
    }

    fn held(&mut self) -> Answer<'_, Vec<String>> {
        self.take_place(false);
        Box::pin(std::future::ready(files_in(&self.place).iter().map(|bytes| text_in(bytes)).collect()))
    }
}

#[tokio::test]
async fn a_folder_keeps_the_contract() {
    let home = tempfile::tempdir().expect("a place");
    let place = home.path().join("letters");
    let mut stand = FolderStand { folder: Folder::new(&place), place, to: "" };
    keeps_the_contract(&mut stand, &[Fate::Takes, Fate::IsAway, Fate::Refuses]).await;
    let first = mail(0, "buyer@import.example");
    assert_eq!(stand.folder.send(&first).await, Handover::Sent);
    assert_eq!(stand.held().await.len(), 2, "the same letter can only ever be one file");
    stand.folder.forget(&first.message_id).await.expect("forgotten");
    assert_eq!(stand.folder.lookup(&first.message_id).await, Lookup::Absent);
}

struct SmtpStand {
    smtp: Smtp,
    server: MailServer,
}

impl WayOut for SmtpStand {
    const SECRETS: &'static [&'static str] = &["wait-for-the-tide"];

    fn prepare(&mut self, fate: Fate) -> Answer<'_, bool> {
        self.server.next(fate);
        Box::pin(std::future::ready(true))
    }

    fn send(&mut self, number: usize) -> Answer<'_, Handover> {
        Box::pin(async move { self.smtp.send(&mail(number, "buyer@import.example")).await })
    }

    fn lookup(&mut self, number: usize) -> Answer<'_, Lookup> {
        Box::pin(async move { self.smtp.lookup(&message_id(number)).await })
    }

    fn held(&mut self) -> Answer<'_, Vec<String>> {
        Box::pin(std::future::ready(self.server.held().iter().map(|bytes| text_in(bytes)).collect()))
    }
}

async fn smtp_stand(refuses_late: bool) -> SmtpStand {
    let server = MailServer::open(refuses_late).await;
    let settings = SmtpSettings {
        host: "127.0.0.1".into(),
        port: server.port,
        security: Security::None,
        login: Some(("sales".into(), "wait-for-the-tide".into())),
    };
    SmtpStand { smtp: Smtp::new(&settings).expect("settings"), server }
}

const EVERY_FATE: [Fate; 5] = [Fate::Takes, Fate::IsAway, Fate::Refuses, Fate::TakesAndIsNotHeard, Fate::IsLost];

#[tokio::test]
async fn a_mail_server_that_looks_at_the_reader_keeps_the_contract() {
    keeps_the_contract(&mut smtp_stand(false).await, &EVERY_FATE).await;
}

#[tokio::test]
async fn a_mail_server_that_looks_at_the_text_keeps_the_contract() {
    keeps_the_contract(&mut smtp_stand(true).await, &EVERY_FATE).await;
}
