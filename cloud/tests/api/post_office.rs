//! A mail server (RFC 5321) that keeps what it is given, and refuses what it is told to.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dwellers_cloud::config;

/// How long a letter may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// A mail server on this machine, for as long as the test runs.
#[derive(Clone)]
pub(crate) struct PostOffice {
    port: u16,
    bag: Arc<(Mutex<Vec<Letter>>, Condvar)>,
}

/// A letter as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Letter {
    pub(crate) to: String,
    pub(crate) head: String,
    pub(crate) text: String,
}

impl PostOffice {
    pub(crate) fn open() -> PostOffice {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let office = PostOffice { port: listener.local_addr().unwrap().port(), bag: Arc::default() };
        let of_thread = office.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let office = of_thread.clone();
                thread::spawn(move || office.talk(&stream));
            }
        });
        office
    }

    /// As the cloud is told of it.
    pub(crate) fn config(&self) -> config::Mail {
        config::Mail {
            smtp: format!("smtp://127.0.0.1:{}", self.port),
            from: "Dwellers <dwellers@mail.example>".to_owned(),
        }
    }

    /// One conversation; whoever cannot be heard any more has hung up.
    fn talk(&self, stream: &TcpStream) -> Option<()> {
        stream.set_read_timeout(Some(PATIENCE)).ok()?;
        let (mut reader, mut to) = (BufReader::new(stream), String::new());
        let say = |line: &str| (&mut &*stream).write_all(format!("{line}\r\n").as_bytes()).ok();
        say("220 mail.example ready")?;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).ok()? == 0 {
                return None;
            }
            let line = line.trim_end();
            let verb = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
            match verb.as_str() {
                "EHLO" => say("250-mail.example\r\n250 8BITMIME")?,
                "HELO" | "NOOP" | "MAIL" | "RSET" => say("250 well")?,
                "RCPT" if line.contains("refused@") => {
                    say(&format!("550 5.1.1 {}: nobody here", &line[8..]))?;
                }
                "RCPT" => {
                    to = line.split(['<', '>']).nth(1)?.to_owned();
                    say("250 well")?;
                }
                "DATA" => {
                    say("354 go on")?;
                    let data = data(&mut reader)?;
                    let (head, body) = data.split_once("\r\n\r\n")?;
                    let letter = Letter { to: to.clone(), head: head.to_owned(), text: decoded(head, body) };
                    let (bag, news) = &*self.bag;
                    bag.lock().unwrap().push(letter);
                    news.notify_all();
                    say("250 taken")?;
                }
                "QUIT" => return say("221 bye"),
                _ => say("500 what?")?,
            }
        }
    }

    /// The letters to somebody, when there are so many.
    pub(crate) fn letters(&self, to: &str, many: usize) -> Vec<Letter> {
        let (bag, news) = &*self.bag;
        let (start, mut bag) = (Instant::now(), bag.lock().unwrap());
        loop {
            let found: Vec<_> = bag.iter().filter(|letter| letter.to == to).cloned().collect();
            if found.len() >= many {
                return found;
            }
            let left = PATIENCE.checked_sub(start.elapsed()).unwrap_or_else(|| panic!("no letter: {bag:?}"));
            bag = news.wait_timeout(bag, left).unwrap().0;
        }
    }

    /// All that have come so far.
    pub(crate) fn count(&self) -> usize {
        self.bag.0.lock().unwrap().len()
    }
}

impl Letter {
    /// What stands behind this page in the link.
    pub(crate) fn token(&self, page: &str) -> String {
        let rest = self.text.split(&format!("/{page}/")).nth(1).unwrap_or_else(|| panic!("{self:?}"));
        rest.chars().take_while(char::is_ascii_alphanumeric).collect()
    }
}

/// Until a line with a single dot (RFC 5321, 4.5.2).
fn data(reader: &mut impl BufRead) -> Option<String> {
    let mut data = String::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.strip_prefix('.') {
            Some("\r\n") => return Some(data),
            Some(rest) => data += rest,
            None => data += &line,
        }
    }
}

/// The text, however it was wrapped up (RFC 2045, 6.7 and 6.8).
fn decoded(head: &str, body: &str) -> String {
    let head = head.to_lowercase();
    let bytes = if head.contains("content-transfer-encoding: base64") {
        STANDARD.decode(body.split_whitespace().collect::<String>()).unwrap()
    } else if head.contains("content-transfer-encoding: quoted-printable") {
        let (mut bytes, mut rest) = (Vec::new(), body.replace("=\r\n", "").into_bytes().into_iter());
        while let Some(byte) = rest.next() {
            match byte {
                b'=' => {
                    let hex: String = rest.by_ref().take(2).map(char::from).collect();
                    bytes.push(u8::from_str_radix(&hex, 16).unwrap());
                }
                byte => bytes.push(byte),
            }
        }
        bytes
    } else {
        body.as_bytes().to_vec()
    };
    String::from_utf8(bytes).unwrap().replace("\r\n", "\n")
}
