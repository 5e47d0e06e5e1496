//! A mail server, small but real: it greets, wants a password, takes letters, and can be told to misbehave.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// What it does with a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// Takes it.
    Take,
    /// Takes it, a little later.
    TakeAfter(Duration),
    /// Does not know the address.
    Nobody,
    /// Is busy, before the letter's words.
    Busy,
    /// Is busy, after them.
    BusyAfter,
    /// Wants no such letter, after its words.
    Refuse,
    /// Takes it and says nothing.
    Silent,
    /// Says nothing before its words.
    SilentBefore,
    /// Takes it and hangs up.
    HangUp,
}

/// A letter that it took, or took and did not say so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Letter {
    pub(crate) to: String,
    pub(crate) id: String,
    pub(crate) subject: String,
    pub(crate) text: String,
}

type Manners = dyn Fn(&str, usize) -> Manner + Send + Sync;

/// The server, until it is dropped.
pub(crate) struct Smtp {
    at: SocketAddr,
    inner: Arc<Inner>,
}

struct Inner {
    ended: AtomicBool,
    manners: Mutex<Arc<Manners>>,
    letters: Mutex<Vec<Letter>>,
    /// To whom it was asked to take one.
    asked: Mutex<Vec<String>>,
}

impl Smtp {
    pub(crate) fn start() -> Smtp {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let at = listener.local_addr().unwrap();
        let take: Arc<Manners> = Arc::new(|_, _| Manner::Take);
        let inner = Arc::new(Inner {
            ended: AtomicBool::new(false),
            manners: Mutex::new(take),
            letters: Mutex::default(),
            asked: Mutex::default(),
        });
        let serving = inner.clone();
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if serving.ended.load(Ordering::Relaxed) {
                    return;
                }
                let serving = serving.clone();
                thread::spawn(move || serving.serve(stream));
            }
        });
        Smtp { at, inner }
    }

    /// As a configuration names it.
    pub(crate) fn url(&self) -> String {
        format!("smtp://post:secret@{}", self.at)
    }

    /// How it treats the how many-th letter to an address, from 0.
    pub(crate) fn manners(&self, manners: impl Fn(&str, usize) -> Manner + Send + Sync + 'static) {
        *self.inner.manners.lock().unwrap() = Arc::new(manners);
    }

    pub(crate) fn letters(&self) -> Vec<Letter> {
        self.inner.letters.lock().unwrap().clone()
    }

    pub(crate) fn count(&self) -> usize {
        self.inner.letters.lock().unwrap().len()
    }

    /// Letters to an address.
    pub(crate) fn to(&self, address: &str) -> Vec<Letter> {
        self.letters().into_iter().filter(|letter| letter.to == address).collect()
    }

    /// How often it was asked to take one for an address.
    pub(crate) fn asked(&self, address: &str) -> usize {
        self.inner.asked.lock().unwrap().iter().filter(|one| *one == address).count()
    }
}

impl Drop for Smtp {
    fn drop(&mut self) {
        self.inner.ended.store(true, Ordering::Relaxed);
        // Wakes the listener up.
        let _ = TcpStream::connect(self.at);
    }
}

impl Inner {
    fn serve(&self, stream: TcpStream) {
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let mut from = BufReader::new(stream.try_clone().unwrap());
        // Who was killed hears nothing.
        let _ = self.talk(&mut from, stream);
    }

    fn talk(&self, from: &mut BufReader<TcpStream>, mut to: TcpStream) -> std::io::Result<()> {
        let mut say = |text: &str| to.write_all(format!("{text}\r\n").as_bytes());
        say("220 mail.example ESMTP")?;
        let (mut known, mut manner, mut address) = (false, Manner::Take, String::new());
        loop {
            let mut line = String::new();
            if from.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let line = line.trim_end();
            let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
            match (word.to_ascii_uppercase().as_str(), rest) {
                ("EHLO", _) => say("250-mail.example\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 AUTH PLAIN")?,
                ("AUTH", rest) => {
                    let given = rest.strip_prefix("PLAIN ").and_then(|text| STANDARD.decode(text).ok());
                    known = given.as_deref() == Some(b"\0post\0secret".as_slice());
                    say(if known { "235 welcome" } else { "535 who are you" })?;
                }
                (_, _) if !known => say("530 who are you")?,
                ("MAIL" | "RSET" | "NOOP", _) => say("250 yes")?,
                ("RCPT", rest) => {
                    address = rest.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                    let nth = {
                        let mut asked = self.asked.lock().unwrap();
                        let nth = asked.iter().filter(|one| **one == address).count();
                        asked.push(address.clone());
                        nth
                    };
                    let manners = self.manners.lock().unwrap().clone();
                    manner = manners(&address, nth);
                    match manner {
                        Manner::Nobody => say("550 nobody of that name")?,
                        Manner::Busy => say("451 later")?,
                        Manner::SilentBefore => return silent(from),
                        _ => say("250 yes")?,
                    }
                }
                ("DATA", _) => {
                    say("354 go on")?;
                    let Some(letter) = read(from, &address)? else { return Ok(()) };
                    let taken = matches!(
                        manner,
                        Manner::Take | Manner::TakeAfter(_) | Manner::Silent | Manner::HangUp
                    );
                    if let Manner::TakeAfter(pause) = manner {
                        thread::sleep(pause);
                    }
                    if taken {
                        self.letters.lock().unwrap().push(letter);
                    }
                    match manner {
                        Manner::BusyAfter => say("451 later")?,
                        Manner::Refuse => say("554 not such a letter")?,
                        Manner::Silent => return silent(from),
                        Manner::HangUp => return Ok(()),
                        _ => say("250 taken")?,
                    }
                }
                ("QUIT", _) => return say("221 goodbye"),
                _ => say("502 what")?,
            }
        }
    }
}

/// Says nothing until the other end has enough of it.
fn silent(from: &mut BufReader<TcpStream>) -> std::io::Result<()> {
    let mut line = String::new();
    while from.read_line(&mut line)? > 0 {
        line.clear();
    }
    Ok(())
}

/// The words of a letter; nothing where it broke off.
fn read(from: &mut BufReader<TcpStream>, to: &str) -> std::io::Result<Option<Letter>> {
    let (mut head, mut text, mut in_head) = (Vec::<String>::new(), String::new(), true);
    loop {
        let mut line = String::new();
        if from.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        match line.trim_end_matches(['\r', '\n']) {
            "." => break,
            "" if in_head => in_head = false,
            folded if in_head && folded.starts_with(' ') => head.last_mut().unwrap().push_str(folded),
            header if in_head => head.push(header.to_owned()),
            words => {
                text.push_str(words);
                text.push('\n');
            }
        }
    }
    let of = |name: &str| {
        let found = head.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        found.unwrap_or_default().trim().to_owned()
    };
    let text = match of("Content-Transfer-Encoding").as_str() {
        "base64" => String::from_utf8(STANDARD.decode(text.replace('\n', "")).unwrap()).unwrap(),
        "quoted-printable" => readable(&text),
        _ => text,
    };
    let text = text.replace("\r\n", "\n");
    let id = of("Message-ID").trim_matches(['<', '>']).to_owned();
    Ok(Some(Letter { to: to.to_owned(), id, subject: of("Subject"), text }))
}

/// Quoted-printable (RFC 2045), read.
fn readable(text: &str) -> String {
    let text = text.replace("=\n", "");
    let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
    while let Some((first, more)) = rest.split_first() {
        rest = more;
        match (first, more) {
            (b'=', [a, b, more @ ..]) => {
                let hex = [*a, *b];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap());
                rest = more;
            }
            (byte, _) => bytes.push(*byte),
        }
    }
    String::from_utf8(bytes).unwrap()
}
