//! A mail server (RFC 5321) that meets the next message as it is told to. A real one cannot be made to lose a connection
//! between the end of a text and its answer.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::contract::Fate;

#[derive(Debug)]
struct State {
    fate: Fate,
    held: Vec<Vec<u8>>,
}

pub struct MailServer {
    pub port: u16,
    state: Arc<Mutex<State>>,
}

impl MailServer {
    /// Refuses after the text, or before it when it hears the reader's address.
    pub async fn open(refuses_late: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let state = Arc::new(Mutex::new(State { fate: Fate::Takes, held: Vec::new() }));
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&shared), refuses_late));
            }
        });
        Self { port, state }
    }

    pub fn next(&self, fate: Fate) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).fate = fate;
    }

    pub fn held(&self) -> Vec<Vec<u8>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).held.clone()
    }
}

async fn serve(stream: TcpStream, state: Arc<Mutex<State>>, refuses_late: bool) {
    let fate = || state.lock().unwrap_or_else(PoisonError::into_inner).fate;
    let (read, mut write) = stream.into_split();
    let mut read = BufReader::new(read);
    if write.write_all(b"220 mail.import.example ready\r\n").await.is_err() {
        return;
    }
    let mut line = String::new();
    loop {
        line.clear();
        if read.read_line(&mut line).await.unwrap_or(0) == 0 {
            return;
        }
        let word = line.split([' ', ':', '\r']).next().unwrap_or_default().to_ascii_uppercase();
        let answer = match (word.as_str(), fate()) {
            ("EHLO", _) => "250-mail.import.example\r\n250 AUTH PLAIN",
            ("AUTH", _) => "235 2.7.0 accepted",
            ("RCPT", Fate::IsAway) if !refuses_late => "450 4.2.0 greylisted, try again later",
            ("RCPT", Fate::Refuses) if !refuses_late => "550 5.1.1 no such user",
            ("DATA", fate) => {
                if write.write_all(b"354 go on\r\n").await.is_err() {
                    return;
                }
                let text = match fate {
                    // Gone in the middle of the text.
                    Fate::IsLost => return,
                    _ => take_text(&mut read).await,
                };
                let takes = matches!(fate, Fate::Takes | Fate::TakesAndIsNotHeard);
                if takes {
                    state.lock().unwrap_or_else(PoisonError::into_inner).held.push(text);
                }
                match fate {
                    Fate::TakesAndIsNotHeard => return,
                    Fate::IsAway => "451 4.3.0 cannot take it now",
                    Fate::Refuses => "554 5.7.1 not this text",
                    Fate::Takes | Fate::IsLost => "250 2.0.0 taken",
                }
            }
            ("QUIT", _) => "221 bye",
            _ => "250 2.0.0 well",
        };
        if write.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
            return;
        }
    }
}

/// The text up to its end, with doubled dots made single.
async fn take_text(read: &mut BufReader<tokio::net::tcp::OwnedReadHalf>) -> Vec<u8> {
    let mut text = Vec::new();
    let mut line = Vec::new();
    loop {
        line.clear();
        if read.read_until(b'\n', &mut line).await.unwrap_or(0) == 0 || line == b".\r\n" {
            return text;
        }
        text.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
    }
}
