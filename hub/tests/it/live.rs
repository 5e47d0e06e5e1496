//! Server-sent events, read as a browser does.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};

use serde_json::Value;

use crate::process::PATIENCE;

/// An open stream.
pub(crate) struct Live {
    lines: BufReader<TcpStream>,
}

/// An event.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) name: String,
    pub(crate) id: String,
    pub(crate) data: Value,
}

impl Live {
    pub(crate) fn open(at: SocketAddr, cookie: &str, last: Option<&str>) -> Self {
        let mut stream = TcpStream::connect(at).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let last = last.map(|last| format!("Last-Event-ID: {last}\r\n")).unwrap_or_default();
        let head = format!("GET /api/events HTTP/1.1\r\nHost: {at}\r\nCookie: {cookie}\r\n{last}\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        let mut live = Live { lines: BufReader::new(stream) };
        assert_eq!(live.line().unwrap(), "HTTP/1.1 200 OK");
        while !live.line().unwrap().is_empty() {}
        live
    }

    /// A line without its end; `None` at the end of the stream.
    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        match self.lines.read_line(&mut line) {
            Ok(0) => None,
            Ok(_) => Some(line.trim_end().to_owned()),
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => None,
            Err(error) => panic!("nothing more came: {error}"),
        }
    }

    /// The next event; `None` at the end. What frames the chunks of HTTP is passed over.
    pub(crate) fn next(&mut self) -> Option<Event> {
        let mut event = Event { name: String::new(), id: String::new(), data: Value::Null };
        loop {
            let line = self.line()?;
            if let Some(name) = line.strip_prefix("event:") {
                name.trim().clone_into(&mut event.name);
            } else if let Some(id) = line.strip_prefix("id:") {
                id.trim().clone_into(&mut event.id);
            } else if let Some(data) = line.strip_prefix("data:") {
                event.data = serde_json::from_str(data).unwrap();
            } else if line.is_empty() && !event.name.is_empty() && !event.data.is_null() {
                return Some(event);
            }
        }
    }

    /// The next event that is looked for.
    pub(crate) fn until(&mut self, what: &str, mut fits: impl FnMut(&Event) -> bool) -> Event {
        for _ in 0..1_000 {
            let event = self.next().unwrap_or_else(|| panic!("the stream ended before: {what}"));
            if fits(&event) {
                return event;
            }
        }
        panic!("it never came: {what}");
    }
}
