//! The conversation with a hub that proved who it is, from its first word to its end.
//!
//! Invariants: what it says is bounded and paced; a write that nobody takes ends it; the store is never touched on a thread
//! that serves sockets.
//!
//! What must never be here: a rule of community life.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use dwellers::alarms::{About, Kind};
use dwellers_link::device::PublicKey;
use dwellers_link::talk::{Event, Said, TICK_MS, Talk};
use dwellers_link::wire::{Message, Refusal, WallClock, encode};
use dwellers_replica::sync::Event as Stored;
use dwellers_replica::{Alarm, ReplicaId};
use futures_util::{SinkExt, StreamExt};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::sync::{Notify, mpsc, watch};
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_tungstenite::tungstenite::Message as Frame;
use tracing::debug;

use super::blobs::{Exchange, Leads, Trouble};
use super::presence::Presence;
use super::socket::Socket;
use super::{WRITE, blocking};
use crate::clock::{self, Monotonic};
use crate::communities::Community;
use crate::hubs::HubError;

/// What a hub may say in a second, in KiB; a burst is twice that. Nothing but a catch-up comes near it.
const PACE: NonZeroU32 = NonZeroU32::new(32 << 10).expect("it is not zero");
/// A message costs so many KiB at least: 512 of them a second, however short.
const LEAST_COST: u32 = 64;
/// A hub's clock may be off by so much, in milliseconds; the alarm ends when it is off by less than half of it.
const CLOCK_OFF_MS: u64 = 60_000;
/// So long a hub may go without anything that vouches for its clock: the guard looks at it after a power cut.
const UNTRUSTED_MS: u64 = 15 * 60_000;

/// A hub that proved who it is.
pub(super) struct Known {
    pub community: Arc<Community>,
    pub key: PublicKey,
    pub label: String,
    pub software: String,
}

impl Known {
    /// An alarm about it. Blocks.
    fn raise(&self, kind: Kind, words: &str) {
        let subject = self.key.text();
        self.community.raise(About { kind, subject: &subject, name: &self.label }, words, clock::now());
    }

    /// An alarm where its device took another name: its disk was restored or copied, and who did that is to know. Blocks.
    fn look_at_its_name(&self, replica: ReplicaId) -> Result<(), HubError> {
        if self.community.replaced(self.key, replica)?.is_some() {
            let about = About { kind: Kind::DiskCopied, subject: &replica.to_string(), name: &self.label };
            let words = "its disk was restored or copied: it goes on as another replica";
            self.community.raise_once(about, words, clock::now());
        }
        Ok(())
    }

    /// An alarm about blobs. Blocks.
    fn trouble(&self, trouble: &Trouble) {
        match trouble {
            // That is nobody's but the community's.
            Trouble::Full(words) => {
                let about = About { kind: Kind::NoRoom, subject: "", name: "" };
                self.community.raise(about, words, clock::now());
            }
            other => self.raise(Kind::BlobRefused, &other.to_string()),
        }
    }
}

/// One end of it.
pub(super) struct Conversation {
    pub known: Arc<Known>,
    pub presence: Presence,
    pub monotonic: Monotonic,
    exchange: Exchange,
    /// Which replica it is, once that was looked at.
    replica: Option<ReplicaId>,
    /// Since when its clock is not vouched for.
    untrusted_ms: Option<u64>,
}

impl Conversation {
    pub fn new(known: Known, presence: Presence, monotonic: Monotonic, exchange: Exchange) -> Conversation {
        let known = Arc::new(known);
        Conversation { known, presence, monotonic, exchange, replica: None, untrusted_ms: None }
    }

    /// Until its end; returns why it ended.
    pub async fn run(
        &mut self,
        mut socket: Socket,
        mut heard: mpsc::Receiver<Message>,
        mut shutdown: watch::Receiver<bool>,
    ) -> String {
        let changed = Arc::new(Notify::new());
        let woken = changed.clone();
        let _listening = self.known.community.store.listen(move || woken.notify_one());
        // What changed between the first words and now was told to nobody: that it was revoked, perhaps.
        changed.notify_one();
        let pace = pace();
        let mut talk = Talk::with_hub(self.known.key, self.monotonic.ms());
        let mut ticks = interval(Duration::from_millis(TICK_MS));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let step = tokio::select! {
                frame = socket.next() => match frame {
                    Some(Ok(frame)) if frame.is_binary() => {
                        let bytes = frame.into_data();
                        // It waits with what it says next, and nobody else does.
                        let _ = pace.until_n_ready(cost(bytes.len())).await;
                        Step::Receive(bytes.to_vec())
                    }
                    Some(Ok(frame)) if frame.is_ping() || frame.is_pong() => continue,
                    Some(Ok(_)) => return "it closed".to_owned(),
                    Some(Err(error)) => return error.to_string(),
                    None => return "it is gone".to_owned(),
                },
                message = heard.recv() => match message {
                    Some(message) => Step::Say(encode(&message)),
                    None => return "nobody holds it".to_owned(),
                },
                leads = self.exchange.next() => match leads {
                    Leads::Say(message) => Step::Say(encode(&message)),
                    Leads::Tell(trouble) => {
                        let known = self.known.clone();
                        blocking(move || known.trouble(&trouble)).await;
                        continue;
                    }
                    Leads::HasRoom => {
                        let community = self.known.community.clone();
                        blocking(move || community.end_alarm(Kind::NoRoom, "", clock::now())).await;
                        continue;
                    }
                },
                () = changed.notified() => Step::Changed,
                _ = ticks.tick() => Step::Tick,
                () = self.presence.cut.notified() => {
                    return "it connected anew, or its community is closed".to_owned();
                }
                () = super::ended(&mut shutdown) => Step::End,
            };
            let said = match step {
                Step::Say(message) => Said { messages: vec![message], events: Vec::new() },
                Step::End => bye("the cloud restarts"),
                step => {
                    let (known, at_ms) = (self.known.clone(), self.monotonic.ms());
                    let done = blocking(move || {
                        let said = step.perform(&mut talk, &known, at_ms);
                        (talk, said)
                    });
                    let Some((back, said)) = done.await else { return "its work panicked".to_owned() };
                    talk = back;
                    match said {
                        Ok(said) => said,
                        Err(why) => return why.to_string(),
                    }
                }
            };
            if let Some(replica) = talk.peer().filter(|replica| self.replica != Some(*replica)) {
                self.replica = Some(replica);
                let known = self.known.clone();
                if let Some(Err(why)) = blocking(move || known.look_at_its_name(replica)).await {
                    return why.to_string();
                }
            }
            let in_step = talk.is_settled();
            self.presence.note(|about| about.in_step = in_step);
            for message in said.messages {
                match timeout(WRITE, socket.send(Frame::binary(message))).await {
                    Ok(Ok(())) => {}
                    Ok(Err(error)) => return error.to_string(),
                    Err(_) => return "it takes nothing".to_owned(),
                }
            }
            let mut over = None;
            for event in said.events {
                match event {
                    Event::Over(why) => over = Some(why),
                    event => self.happened(event).await,
                }
            }
            if let Some(why) = over {
                return why;
            }
        }
    }

    async fn happened(&mut self, event: Event) {
        match event {
            Event::Store(Stored::Alarm(alarm)) => {
                let known = self.known.clone();
                blocking(move || known.raise(kind_of(&alarm), &alarm.to_string())).await;
            }
            Event::Said(Message::Challenge(challenge)) => self.presence.challenged(challenge),
            Event::Said(Message::Outcome(outcome)) => self.presence.tell(outcome),
            Event::Said(Message::Clock(wall)) => self.clock(wall).await,
            Event::Store(event) => self.exchange.hear(&event),
            Event::Said(message) => self.exchange.take(message),
            Event::Over(_) => {}
        }
    }

    /// What a hub's clock says; the way here took less time than matters.
    async fn clock(&mut self, wall: WallClock) {
        let WallClock { ms, trusted } = wall;
        let ahead_ms = i64::try_from(i128::from(ms) - i128::from(clock::now().ms)).unwrap_or(i64::MAX);
        self.presence.note(|about| about.clock = Some((ahead_ms, trusted)));
        let at_ms = self.monotonic.ms();
        let untrusted_ms = if trusted { None } else { Some(self.untrusted_ms.unwrap_or(at_ms)) };
        self.untrusted_ms = untrusted_ms;
        let is_off = ahead_ms.unsigned_abs() > CLOCK_OFF_MS;
        let is_right = ahead_ms.unsigned_abs() < CLOCK_OFF_MS / 2;
        let is_alone = untrusted_ms.is_some_and(|since| at_ms.saturating_sub(since) >= UNTRUSTED_MS);
        let known = self.known.clone();
        blocking(move || {
            if is_off {
                known.raise(Kind::ClockOff, &format!("it is {} s off", ahead_ms / 1_000));
            } else if is_alone {
                known.raise(Kind::ClockOff, "nothing vouches for it");
            } else if trusted && is_right {
                known.community.end_alarm(Kind::ClockOff, &known.key.text(), clock::now());
            }
        })
        .await;
    }
}

fn kind_of(alarm: &Alarm) -> Kind {
    match alarm {
        Alarm::ClockAhead { .. } => Kind::ClockOff,
        Alarm::SameStamp(_) | Alarm::DigestsDiffer { .. } => Kind::CopiesDiffer,
        Alarm::Forked { .. } => Kind::DiskCopied,
        Alarm::Refused(_) | Alarm::NotAdmitted(_) => Kind::Forbidden,
    }
}

fn pace() -> DefaultDirectRateLimiter {
    RateLimiter::direct(
        Quota::per_second(PACE).allow_burst(PACE.saturating_mul(NonZeroU32::MIN.saturating_add(1))),
    )
}

/// What a message costs of it; never more than a burst.
fn cost(bytes: usize) -> NonZeroU32 {
    let kib = u32::try_from(bytes / 1024).unwrap_or(u32::MAX).clamp(LEAST_COST, PACE.get());
    NonZeroU32::new(kib).unwrap_or(NonZeroU32::MIN)
}

/// What a conversation does next.
enum Step {
    Receive(Vec<u8>),
    Changed,
    Tick,
    Say(Vec<u8>),
    End,
}

impl Step {
    fn perform(self, talk: &mut Talk, known: &Known, at_ms: u64) -> Result<Said, HubError> {
        let mut store = known.community.store.clone();
        let said = match self {
            Step::Receive(bytes) => talk.receive(&bytes, &mut store, clock::now(), at_ms)?,
            // Among what changed may be that it was revoked.
            Step::Changed
                if known.community.device(known.key)?.is_none_or(|device| device.value.revoked_ms > 0) =>
            {
                bye(&Refusal::Revoked.to_string())
            }
            Step::Changed => talk.changed(&mut store, at_ms)?,
            Step::Tick => talk.tick(&mut store, at_ms)?,
            Step::Say(_) | Step::End => Said::default(),
        };
        Ok(said)
    }
}

/// The last word of a conversation.
fn bye(words: &str) -> Said {
    debug!("the last word: {words}");
    let messages = vec![encode(&Message::Bye(words.to_owned()))];
    Said { messages, events: vec![Event::Over(words.to_owned())] }
}
