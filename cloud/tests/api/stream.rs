//! A reader of server-sent events.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::town::Browser;

const PATIENCE: Duration = Duration::from_secs(20);

/// An event.
#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) event: String,
    pub(crate) id: String,
    pub(crate) data: Value,
}

/// A stream that is read.
pub(crate) struct Stream {
    events: mpsc::Receiver<Event>,
    socket: TcpStream,
}

/// Asks for a stream.
fn ask(browser: &Browser, at: &str, path: &str, last: Option<&str>) -> TcpStream {
    let host = at.strip_prefix("http://").unwrap();
    let mut socket = TcpStream::connect(host).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    let last = last.map(|id| format!("last-event-id: {id}\r\n")).unwrap_or_default();
    let cookie = browser.cookie().unwrap();
    let head = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\naccept-language: en\r\n");
    write!(socket, "{head}cookie: {cookie}\r\n{last}\r\n").unwrap();
    socket
}

/// A stream of which nothing is read but its first words.
pub(crate) struct Deaf(TcpStream);

impl Deaf {
    pub(crate) fn open(browser: &Browser, at: &str, path: &str) -> Deaf {
        let mut socket = ask(browser, at, path, None);
        let mut first = [0; 12];
        socket.read_exact(&mut first).unwrap();
        assert_eq!(&first, b"HTTP/1.1 200");
        Deaf(socket)
    }

    /// What was kept for it, up to its end.
    pub(crate) fn rest(mut self) -> String {
        let mut rest = Vec::new();
        while !rest.ends_with(b"0\r\n\r\n") {
            let mut some = [0; 1 << 16];
            match self.0.read(&mut some) {
                Ok(0) | Err(_) => break,
                Ok(read) => rest.extend_from_slice(&some[..read]),
            }
        }
        String::from_utf8_lossy(&rest).into_owned()
    }
}

impl Stream {
    /// Opens one; it must be let in.
    #[track_caller]
    pub(crate) fn open(browser: &Browser, at: &str, path: &str, last: Option<&str>) -> Stream {
        let socket = ask(browser, at, path, last);
        let mut lines = BufReader::new(socket.try_clone().unwrap()).lines();
        let status = lines.next().unwrap().unwrap();
        assert!(status.contains("200"), "{status}");
        let (tell, events) = mpsc::channel();
        thread::spawn(move || {
            let (mut event, mut id, mut data) = (String::new(), String::new(), None);
            // Between them are the sizes of chunks; the last is none.
            for line in lines.map_while(Result::ok).take_while(|line| line != "0") {
                if let Some(name) = line.strip_prefix("event:") {
                    name.clone_into(&mut event);
                } else if let Some(value) = line.strip_prefix("id:") {
                    value.clone_into(&mut id);
                } else if let Some(said) = line.strip_prefix("data:") {
                    data = Some(serde_json::from_str(said).unwrap());
                } else if let Some(data) = data.take_if(|_| line.is_empty()) {
                    let told = Event { event: std::mem::take(&mut event), id: std::mem::take(&mut id), data };
                    if tell.send(told).is_err() {
                        return;
                    }
                }
            }
        });
        Stream { events, socket }
    }

    /// The next event.
    #[track_caller]
    pub(crate) fn next(&self) -> Event {
        self.events.recv_timeout(PATIENCE).expect("an event comes")
    }

    /// The next of this name that fits; others are passed over.
    #[track_caller]
    pub(crate) fn until(&self, event: &str, fits: impl Fn(&Value) -> bool) -> Event {
        for _ in 0..100 {
            let next = self.next();
            if next.event == event && fits(&next.data) {
                return next;
            }
        }
        panic!("there is none");
    }

    /// It ends, after whatever is told still.
    #[track_caller]
    pub(crate) fn ends(&self) {
        for _ in 0..100 {
            match self.events.recv_timeout(PATIENCE) {
                Ok(_) => {}
                Err(mpsc::RecvTimeoutError::Disconnected) => return,
                Err(mpsc::RecvTimeoutError::Timeout) => panic!("it goes on"),
            }
        }
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        // Its reader ends with it.
        let _ = self.socket.shutdown(std::net::Shutdown::Both);
    }
}
