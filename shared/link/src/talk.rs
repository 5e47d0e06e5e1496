//! A conversation of two sides that know each other: the store's session, signs of life, and what else is said.
//!
//! It is fed bytes and time and returns bytes and events. A side that heard nothing for [`SILENT_MS`] takes the other for gone;
//! a side that said nothing for [`QUIET_MS`] says that it is there. So a cable that was pulled is noticed within half a
//! minute on both ends, whatever the sockets between believe.
//!
//! What must never be here: a socket; a clock.

use dwellers_replica::sync::{Endpoint, Event as Stored, Output, Session};
use dwellers_replica::{Now, ReplicaId, StoreError};

use crate::device::PublicKey;
use crate::wire::{Message, encode};

/// After so long without a word a side says that it is there.
pub const QUIET_MS: u64 = 8_000;
/// After so long without a word of the other it is gone.
pub const SILENT_MS: u64 = 25_000;
/// How often a side must be given time.
pub const TICK_MS: u64 = 500;

/// What a conversation tells its host.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Of the store, see [`dwellers_replica::sync`].
    Store(Stored),
    /// Whatever else the other side said: challenges, commands, outcomes.
    Said(Message),
    /// It is over, and why.
    Over(String),
}

/// What a call leads to.
#[derive(Debug, Default, PartialEq)]
pub struct Said {
    /// Messages to be sent, in this order.
    pub messages: Vec<Vec<u8>>,
    /// To be acted on.
    pub events: Vec<Event>,
}

/// One end of a conversation.
#[derive(Debug)]
pub struct Talk {
    session: Session,
    heard_ms: u64,
    said_ms: u64,
    pings: u64,
    over: bool,
}

impl Talk {
    /// With a peer whose device was authenticated by this key; the cloud's has none of its own on the link, and its hub
    /// names it by [`Talk::CLOUD`].
    pub fn new(key: &str, at_ms: u64) -> Talk {
        Talk { session: Session::new(key), heard_ms: at_ms, said_ms: at_ms, pings: 0, over: false }
    }

    /// With a hub.
    pub fn with_hub(key: PublicKey, at_ms: u64) -> Talk {
        Talk::new(&key.text(), at_ms)
    }

    /// With a cloud.
    pub fn with_cloud(at_ms: u64) -> Talk {
        Talk::new(Talk::CLOUD, at_ms)
    }

    /// As what a hub knows its cloud, which TLS authenticated.
    pub const CLOUD: &str = "";

    /// The other side's replica, once it has said which it is and may be it.
    pub fn peer(&self) -> Option<ReplicaId> {
        self.session.peer().map(|peer| peer.replica)
    }

    /// Whether the other side has all that was here when it was last looked, on its disk.
    pub fn is_settled(&self) -> bool {
        !self.over && self.session.is_settled()
    }

    /// Whether it is over.
    pub fn is_over(&self) -> bool {
        self.over
    }

    /// Lets time pass; `at_ms` is monotonic. At the first call it greets.
    ///
    /// # Errors
    /// What the store says; the conversation is of no use then.
    pub fn tick(&mut self, store: &mut impl Endpoint, at_ms: u64) -> Result<Said, StoreError> {
        let mut said = Said::default();
        if self.over {
            return Ok(said);
        }
        if at_ms.saturating_sub(self.heard_ms) >= SILENT_MS {
            self.end(&mut said, "nothing was heard of the other side".to_owned());
            return Ok(said);
        }
        let output = self.session.tick(store, at_ms)?;
        self.pass_on(&mut said, output);
        if said.messages.is_empty() && at_ms.saturating_sub(self.said_ms) >= QUIET_MS {
            self.pings += 1;
            said.messages.push(encode(&Message::Ping(self.pings)));
        }
        self.spoke(&said, at_ms);
        Ok(said)
    }

    /// Sends on what was committed or merged here meanwhile.
    ///
    /// # Errors
    /// What the store says; the conversation is of no use then.
    pub fn changed(&mut self, store: &mut impl Endpoint, at_ms: u64) -> Result<Said, StoreError> {
        let mut said = Said::default();
        if !self.over {
            let output = self.session.changed(store, at_ms)?;
            self.pass_on(&mut said, output);
            self.spoke(&said, at_ms);
        }
        Ok(said)
    }

    /// Takes what the other side sent.
    ///
    /// # Errors
    /// What the store says; the conversation is of no use then.
    pub fn receive(
        &mut self,
        bytes: &[u8],
        store: &mut impl Endpoint,
        now: Now,
        at_ms: u64,
    ) -> Result<Said, StoreError> {
        let mut said = Said::default();
        if self.over {
            return Ok(said);
        }
        self.heard_ms = at_ms;
        match Message::decode(bytes) {
            Ok(Message::Store(frame)) => {
                let output = self.session.receive(frame, store, now, at_ms)?;
                self.pass_on(&mut said, output);
            }
            Ok(Message::Ping(number)) => said.messages.push(encode(&Message::Pong(number))),
            Ok(Message::Pong(_)) => {}
            Ok(Message::Bye(words)) => self.end(&mut said, words),
            Ok(other) => said.events.push(Event::Said(other)),
            Err(why) => {
                said.messages.push(encode(&Message::Bye(why.to_string())));
                self.end(&mut said, why.to_string());
            }
        }
        self.spoke(&said, at_ms);
        Ok(said)
    }

    fn pass_on(&mut self, said: &mut Said, output: Output) {
        said.messages.extend(output.frames.into_iter().map(|frame| encode(&Message::Store(frame))));
        for event in output.events {
            if let Stored::Closed(why) = &event {
                self.end(said, why.clone());
            }
            said.events.push(Event::Store(event));
        }
    }

    fn end(&mut self, said: &mut Said, why: String) {
        if !self.over {
            self.over = true;
            said.events.push(Event::Over(why));
        }
    }

    fn spoke(&mut self, said: &Said, at_ms: u64) {
        if !said.messages.is_empty() {
            self.said_ms = at_ms;
        }
    }
}
