//! The sync engine: one [`Session`] at each end of a link keeps two replicas in step.
//!
//! A session owns no socket and no clock. It is fed frames and a monotonic time and returns frames and
//! events; what it knows of its replica it asks through [`Endpoint`]. So the same code runs over a WebSocket
//! and in a simulated network that drops, repeats, reorders and cuts.
//!
//! ```text
//! Hello ─────────▶  who I am
//!       ◀───────── Resume: what I cover, what I remember of your history
//! Chunk ─────────▶  (where one does not do) what you lack and cannot wait for, in my order of arrival …
//!       ◀───────── Ack: it is on my disk
//! Chunk ─────────▶  whatever you lack, in my order of arrival …
//!       ◀───────── Ack
//! Digest ────────▶  (hub to cloud, when both have said all) a hash of everything
//!       ◀───────── Buckets, and Repair both ways: only where the hashes differ
//! ```
//!
//! Both ends do the same at once, except that the hub asks for the comparison. What is urgent overtakes also in the
//! middle: before each chunk of a long walk it is brought up to the present. One chunk is in flight each
//! way; it is sent again until it is acknowledged. Nothing depends on order or delivery: a chunk is taken only
//! at the mark that it starts from, and frames that come late or twice are dropped by their number.
//!
//! Invariants: an acknowledgement follows the fsync of what it acknowledges; nothing is sent that a crash can
//! take back; a session that cannot go on says why, once, and is silent.

mod endpoint;
mod frame;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crdts::CvRDT;

use crate::delta::{Chunk, FULL_CHUNK_FIELDS, Walk};
use crate::replica::{AdmissionError, Alarm, CommitError, Hello, MergeError, Merged, Resumption, Source};
use crate::schema::Role;
use crate::stamp::{Now, RecordId, Vector};
use crate::store::{Bucket, Mark, StoreError};

pub use endpoint::Endpoint;
pub use frame::{Frame, MAX_FRAME_BYTES, Message, PROTOCOL};

/// After so long without an answer a message is sent again; where the line is slow, later (twice what the last chunk took,
/// and as long again as this one has waited), because repetitions only make it slower.
const RESEND_MS: u64 = 5_000;
/// The latest.
const LATEST_RESEND_MS: u64 = 30_000;
/// The fields of a session's first chunk: so few that they are through the slowest line in time, whatever is in them. How
/// many the next one has, how long the last one took says.
const FIRST_CHUNK_FIELDS: usize = 2;
/// A chunk that was acknowledged sooner is followed by one of twice its size.
const SOON_MS: u64 = 1_000;
/// One that took longer is followed by half of it. A line of 64 kbit/s so has some 16 kB under way: what else is said on
/// it does not wait for long, and no chunk takes so long that its silence is taken for the end of the line.
const LATE_MS: u64 = 3_000;
/// How often a hub asks for a comparison after the one at the start of a session, where it changed since.
const COMPARE_MS: u64 = 600_000;
/// Empty stretches of history that one call steps over.
const MAX_STEPS: usize = 16;

/// What a session tells its host.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// These records changed here.
    Changed(BTreeSet<(Cow<'static, str>, RecordId)>),
    /// The peer has everything of this replica up to this transaction on its disk.
    Shared(u64),
    /// What the peer holds and is not bulk is here, as of its present chunk; said once. The rest of a long history
    /// may still be on its way.
    Ready,
    /// Something that an administrator must hear of.
    Alarm(Alarm),
    /// This replica's disk was restored or copied: the host calls [`crate::Replica::renew`] with a fresh id and
    /// `common`, and starts a new session.
    Forked {
        /// The last own sequence that the peer's memory agrees with.
        common: u64,
    },
    /// The session is over.
    Closed(String),
}

/// What a call of a session leads to.
#[derive(Debug, Default, PartialEq)]
pub struct Output {
    /// To be sent, in this order.
    pub frames: Vec<Frame>,
    /// To be acted on.
    pub events: Vec<Event>,
}

/// One end of a link to one peer.
#[derive(Debug)]
pub struct Session {
    key: String,
    /// The most fields of a chunk, and those of the next one.
    most_fields: usize,
    chunk_fields: usize,
    /// How long the last chunk took to be acknowledged.
    took_ms: u64,
    number: u64,
    heard: u64,
    greeted_ms: Option<u64>,
    peer: Option<Source>,
    outbound: Option<Outbound>,
    repairs: VecDeque<(Bucket, Option<RecordId>)>,
    in_flight: Option<InFlight>,
    /// Whether a chunk of the peer's whole walk was taken: it sends none before what is urgent.
    ready: bool,
    compare: Compare,
    /// The root of the last comparison that was found equal.
    agreed: Option<[u8; 16]>,
    closed: bool,
}

/// The way of the own history to the peer, once the peer has said where to go on.
#[derive(Debug)]
struct Outbound {
    whole: Place,
    urgent: Place,
    /// The newest point of the own history that the peer remembers.
    latest: Mark,
    /// Whether the whole walk was not at the head when last looked at: what is urgent goes ahead of it then.
    behind: bool,
    /// What the peer is known to cover.
    covered: Vector,
    /// Whether the peer was told the own vector in this session.
    told: bool,
    #[cfg(feature = "sim")]
    began: Option<crate::store::Head>,
}

/// How far a walk has come.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// What the peer remembers.
    base: Mark,
    /// The last own transaction that was looked at.
    walked: u64,
}

impl Place {
    fn at(base: Mark) -> Self {
        Place { base, walked: base.arrival }
    }
}

#[derive(Debug)]
struct InFlight {
    message: Message,
    launched_ms: u64,
    sent_ms: u64,
}

/// When the hub asks for the next comparison.
#[derive(Debug)]
enum Compare {
    Due,
    Asked { at_ms: u64 },
}

impl Session {
    /// A session with a peer whose device the host authenticated by `key`.
    pub fn new(key: impl Into<String>) -> Self {
        Session {
            key: key.into(),
            most_fields: FULL_CHUNK_FIELDS,
            chunk_fields: FIRST_CHUNK_FIELDS,
            took_ms: 0,
            number: 0,
            heard: 0,
            greeted_ms: None,
            peer: None,
            outbound: None,
            repairs: VecDeque::new(),
            in_flight: None,
            ready: false,
            compare: Compare::Due,
            agreed: None,
            closed: false,
        }
    }

    /// The same with chunks of at most so many fields.
    #[must_use]
    pub fn with_chunk_fields(mut self, fields: usize) -> Self {
        self.most_fields = fields.clamp(1, FULL_CHUNK_FIELDS);
        self.chunk_fields = self.chunk_fields.min(self.most_fields);
        self
    }

    /// The peer, once it has said who it is.
    pub fn peer(&self) -> Option<Source> {
        self.peer
    }

    /// Whether the peer has all that was here when it was last looked: on its disk, acknowledged.
    pub fn is_settled(&self) -> bool {
        let told = self.outbound.as_ref().is_some_and(|outbound| outbound.told && !outbound.behind);
        told && self.in_flight.is_none() && self.repairs.is_empty()
    }

    /// Whether the session is over.
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// Lets time pass: says hello at first, repeats what was not answered, compares now and then.
    /// `at_ms` is monotonic.
    ///
    /// # Errors
    /// What the store says; the session is of no use then.
    pub fn tick(&mut self, replica: &mut impl Endpoint, at_ms: u64) -> Result<Output, StoreError> {
        let mut out = Output::default();
        if self.closed {
            return Ok(out);
        }
        let due = |since: u64| at_ms.saturating_sub(since) >= RESEND_MS;
        if self.outbound.is_none() && self.greeted_ms.is_none_or(due) {
            self.greeted_ms = Some(at_ms);
            let hello = replica.hello()?;
            self.send(&mut out, Message::Hello(hello));
        }
        let took_ms = self.took_ms;
        let is_late = |waiting: &&mut InFlight| {
            let waited = waiting.sent_ms - waiting.launched_ms;
            let patience = RESEND_MS.max(took_ms * 2).max(waited).min(LATEST_RESEND_MS);
            at_ms.saturating_sub(waiting.sent_ms) >= patience
        };
        if let Some(waiting) = self.in_flight.as_mut().filter(is_late) {
            waiting.sent_ms = at_ms;
            let message = waiting.message.clone();
            self.send(&mut out, message);
        }
        if matches!(self.compare, Compare::Asked { at_ms: asked } if at_ms.saturating_sub(asked) >= COMPARE_MS)
        {
            self.compare = Compare::Due;
        }
        self.pump(&mut out, replica, at_ms)?;
        Ok(out)
    }

    /// Sends on what was committed or merged here meanwhile.
    ///
    /// # Errors
    /// What the store says; the session is of no use then.
    pub fn changed(&mut self, replica: &mut impl Endpoint, at_ms: u64) -> Result<Output, StoreError> {
        let mut out = Output::default();
        self.pump(&mut out, replica, at_ms)?;
        Ok(out)
    }

    /// Takes a frame of the peer.
    ///
    /// # Errors
    /// What the store says; the session is of no use then.
    pub fn receive(
        &mut self,
        frame: Frame,
        replica: &mut impl Endpoint,
        now: Now,
        at_ms: u64,
    ) -> Result<Output, StoreError> {
        let mut out = Output::default();
        if self.closed || frame.number <= self.heard {
            return Ok(out);
        }
        self.heard = frame.number;
        match frame.message {
            Message::Hello(hello) => self.greet(&mut out, &hello, replica, now)?,
            Message::Resume(resumption) => self.resume(&mut out, resumption, replica)?,
            Message::Chunk(chunk) => self.take(&mut out, chunk, replica, now)?,
            Message::Ack(walk, mark) => self.acknowledged(&mut out, walk, mark, at_ms),
            Message::Digest { known, root } => self.compare(&mut out, known, root, replica)?,
            Message::Same { root } => self.agreed = Some(root),
            Message::Buckets { known, answer, sums } => {
                self.differ(&mut out, known, answer, sums, replica, at_ms)?;
            }
            Message::Repair { part, repair } => {
                if let (Some(source), Some(_)) = (self.peer, &self.outbound)
                    && let Some(merged) = self.judged(&mut out, replica.repair(source, now, repair))?
                {
                    self.report(&mut out, merged);
                    self.send(&mut out, Message::Repaired { part });
                }
            }
            Message::Repaired { part } => {
                let awaited = |waiting: &InFlight| match waiting.message {
                    Message::Repair { part: sent, .. } => sent == part,
                    Message::Buckets { .. } => part == 0,
                    _ => false,
                };
                if self.in_flight.as_ref().is_some_and(awaited) {
                    self.in_flight = None;
                }
            }
            Message::Bye(why) => self.close(&mut out, format!("the peer: {why}")),
        }
        self.pump(&mut out, replica, at_ms)?;
        Ok(out)
    }

    fn greet(
        &mut self,
        out: &mut Output,
        hello: &Hello,
        replica: &mut impl Endpoint,
        now: Now,
    ) -> Result<(), StoreError> {
        if hello.protocol != PROTOCOL {
            let theirs = hello.protocol;
            self.refuse(
                out,
                format!("protocol {theirs} is not spoken here, only {PROTOCOL}: update the older side"),
            );
            return Ok(());
        }
        match replica.admit(hello, &self.key, now) {
            Ok(source) if self.peer.is_some_and(|peer| peer != source) => {
                self.refuse(out, "the peer changed its name in mid-session".into());
            }
            Ok(source) => {
                self.peer = Some(source);
                let resumption = replica.resumption(source.replica)?;
                self.send(out, Message::Resume(resumption));
            }
            Err(AdmissionError::Store(error) | AdmissionError::Commit(CommitError::Store(error))) => {
                return Err(error);
            }
            Err(refused) => {
                out.events.push(Event::Alarm(Alarm::NotAdmitted(refused.to_string())));
                self.refuse(out, refused.to_string());
            }
        }
        Ok(())
    }

    fn resume(
        &mut self,
        out: &mut Output,
        peer: Resumption,
        replica: &mut impl Endpoint,
    ) -> Result<(), StoreError> {
        if self.outbound.is_some() {
            return Ok(());
        }
        match replica.resume(&peer)? {
            Ok(base) => {
                self.outbound = Some(Outbound {
                    whole: Place::at(base),
                    urgent: Place::at(peer.urgent),
                    latest: peer.marks.first().copied().unwrap_or_default(),
                    behind: false,
                    covered: peer.vector,
                    told: false,
                    #[cfg(feature = "sim")]
                    began: None,
                });
            }
            Err(common) => {
                out.events.push(Event::Forked { common });
                self.refuse(out, "this store was restored or copied and takes a new id".into());
            }
        }
        Ok(())
    }

    fn take(
        &mut self,
        out: &mut Output,
        chunk: Chunk,
        replica: &mut impl Endpoint,
        now: Now,
    ) -> Result<(), StoreError> {
        // Not before the peer's memory of this replica was compared: a restored disk must notice first.
        let (Some(source), Some(_)) = (self.peer, &self.outbound) else { return Ok(()) };
        let (walk, mark, to) = (chunk.walk, chunk.mark, chunk.to.clone());
        if let Some(merged) = self.judged(out, replica.merge(source, now, chunk))? {
            // Its own vector covers what it sent, so that nothing of that is sent back.
            if let (Some(outbound), Some(to)) = (&mut self.outbound, to.filter(|_| merged.mark == mark)) {
                outbound.covered.merge(to);
            }
            self.send(out, Message::Ack(walk, merged.mark));
            self.report(out, merged);
            if walk == Walk::Whole && !std::mem::replace(&mut self.ready, true) {
                out.events.push(Event::Ready);
            }
        }
        Ok(())
    }

    fn acknowledged(&mut self, out: &mut Output, walk: Walk, mark: Mark, at_ms: u64) {
        let Some(InFlight { message: Message::Chunk(chunk), launched_ms, .. }) = &self.in_flight else {
            return;
        };
        let awaited = (chunk.walk, chunk.mark) == (walk, mark);
        let Some(outbound) = self.outbound.as_mut().filter(|_| awaited) else { return };
        if let Some(to) = &chunk.to {
            outbound.covered.merge(to.clone());
        }
        outbound.latest = outbound.latest.later(chunk.head);
        match walk {
            Walk::Urgent => outbound.urgent.base = mark,
            Walk::Whole => {
                outbound.whole.base = mark;
                // As the peer counts, see [`crate::store::Head::cursor`].
                let Place { base, walked } = outbound.urgent;
                outbound.urgent = Place { base: base.later(mark), walked: walked.max(mark.arrival) };
                out.events.push(Event::Shared(mark.arrival));
            }
        }
        let (fields, took_ms) = (chunk.field_count(), at_ms.saturating_sub(*launched_ms));
        self.in_flight = None;
        self.pace(fields, took_ms);
    }

    /// How large the next chunk is, by how long one of so many fields took.
    fn pace(&mut self, fields: usize, took_ms: u64) {
        self.took_ms = took_ms;
        match took_ms {
            // A small one that came soon says nothing of larger ones.
            ..SOON_MS if fields * 2 > self.chunk_fields => {
                self.chunk_fields = (self.chunk_fields * 2).min(self.most_fields);
            }
            LATE_MS.. => self.chunk_fields = (self.chunk_fields / 2).max(1),
            _ => {}
        }
    }

    /// Sends the next thing, where nothing is in flight.
    fn pump(&mut self, out: &mut Output, replica: &mut impl Endpoint, at_ms: u64) -> Result<(), StoreError> {
        for _ in 0..MAX_STEPS {
            let (Some(peer), Some(outbound)) = (self.peer, &mut self.outbound) else { return Ok(()) };
            if self.closed || self.in_flight.is_some() {
                return Ok(());
            }
            if let Some((bucket, after)) = self.repairs.pop_front() {
                let (repair, more) = replica.bucket(&bucket, after)?;
                if more.is_some() {
                    self.repairs.push_front((bucket, more));
                }
                let part = self.number + 1;
                self.launch(out, Message::Repair { part, repair }, at_ms);
                return Ok(());
            }
            let urgent_first = outbound.behind;
            #[cfg(feature = "sim")]
            let urgent_first = urgent_first && !crate::fault::planted(crate::fault::Fault::UrgentForgotten);
            if urgent_first {
                let Place { base, walked } = outbound.urgent;
                let mut chunk = replica.urgent(base, walked, &outbound.covered, self.chunk_fields)?;
                chunk.latest = Some(outbound.latest);
                outbound.urgent.walked = chunk.mark.arrival;
                if !chunk.groups.is_empty() {
                    self.launch(out, Message::Chunk(chunk), at_ms);
                    return Ok(());
                }
                if chunk.mark != chunk.head {
                    continue;
                }
            }
            #[cfg(feature = "sim")]
            crate::fault::enter_walk(outbound.began.take());
            let Place { base, walked } = outbound.whole;
            let mut chunk = replica.since(base, walked, &outbound.covered, self.chunk_fields)?;
            chunk.latest = Some(outbound.latest);
            let (mark, reached) = (chunk.mark, chunk.to.is_some());
            #[cfg(feature = "sim")]
            (outbound.began = crate::fault::leave_walk().filter(|_| !reached));
            let long = !reached && !chunk.groups.is_empty();
            if long && !std::mem::replace(&mut outbound.behind, !reached) {
                continue;
            }
            outbound.behind = !reached;
            outbound.whole.walked = mark.arrival;
            let news = !chunk.groups.is_empty()
                || chunk.to.as_ref().is_some_and(|to| !is_within(to, &outbound.covered));
            if news || (reached && !outbound.told) {
                outbound.told |= reached;
                self.launch(out, Message::Chunk(chunk), at_ms);
                return Ok(());
            }
            if reached {
                if peer.role == Role::Cloud && matches!(self.compare, Compare::Due) {
                    self.compare = Compare::Asked { at_ms };
                    let root = root(&replica.digests()?);
                    if self.agreed != Some(root) {
                        let known = replica.known(peer.replica)?.arrival;
                        self.send(out, Message::Digest { known, root });
                    }
                }
                return Ok(());
            }
        }
        // A long stretch of what the peer has already: the next tick goes on.
        Ok(())
    }

    /// Whether everything that is here has reached the peer, and the peer speaks of that very state.
    fn speaks_of_all(&mut self, known: u64, replica: &mut impl Endpoint) -> Result<bool, StoreError> {
        let Some(outbound) = self.outbound.as_ref().filter(|_| self.in_flight.is_none()) else {
            return Ok(false);
        };
        if !outbound.told || outbound.whole.base.arrival != known {
            return Ok(false);
        }
        let Place { base, walked } = outbound.whole;
        let rest = replica.since(base, walked, &outbound.covered, self.chunk_fields)?;
        Ok(rest.to.is_some() && rest.groups.is_empty())
    }

    fn compare(
        &mut self,
        out: &mut Output,
        known: u64,
        theirs: [u8; 16],
        replica: &mut impl Endpoint,
    ) -> Result<(), StoreError> {
        if let Some(peer) = self.peer
            && self.speaks_of_all(known, replica)?
        {
            let digests = replica.digests()?;
            if root(&digests) == theirs {
                self.send(out, Message::Same { root: theirs });
            } else {
                let known = replica.known(peer.replica)?.arrival;
                let sums = digests.into_iter().collect();
                self.send(out, Message::Buckets { known, answer: false, sums });
            }
        }
        Ok(())
    }

    fn differ(
        &mut self,
        out: &mut Output,
        known: u64,
        answer: bool,
        theirs: Vec<(Bucket, u128)>,
        replica: &mut impl Endpoint,
        at_ms: u64,
    ) -> Result<(), StoreError> {
        let Some(peer) = self.peer else { return Ok(()) };
        if !answer && !self.speaks_of_all(known, replica)? {
            return Ok(());
        }
        let ours = replica.digests()?;
        let theirs: BTreeMap<_, _> = theirs.into_iter().collect();
        let buckets: BTreeSet<_> = ours.keys().chain(theirs.keys()).collect();
        for bucket in buckets.into_iter().filter(|bucket| ours.get(bucket) != theirs.get(bucket)) {
            out.events.push(Event::Alarm(Alarm::DigestsDiffer { bucket: bucket.clone() }));
            if ours.contains_key(bucket) {
                self.repairs.push_back((bucket.clone(), None));
            }
        }
        if answer {
            self.send(out, Message::Repaired { part: 0 });
        } else {
            // The peer must see these before it can say what it has to say: they are repeated like a chunk.
            let known = replica.known(peer.replica)?.arrival;
            let sums = ours.into_iter().collect();
            self.launch(out, Message::Buckets { known, answer: true, sums }, at_ms);
        }
        Ok(())
    }

    /// What a merge came to; a refusal ends the session.
    fn judged(
        &mut self,
        out: &mut Output,
        result: Result<Merged, MergeError>,
    ) -> Result<Option<Merged>, StoreError> {
        match result {
            Ok(merged) => return Ok(Some(merged)),
            Err(MergeError::Store(error)) => return Err(error),
            Err(MergeError::Illegal(illegal)) => {
                out.events.push(Event::Alarm(Alarm::Refused(illegal.clone())));
                self.refuse(out, illegal.to_string());
            }
            Err(error @ MergeError::Forked) => {
                // What the peer acknowledged in this session is common ground.
                if let Some(outbound) = &self.outbound {
                    out.events.push(Event::Forked { common: outbound.whole.base.sequence });
                }
                self.refuse(out, error.to_string());
            }
            // For a new handshake to find out.
            Err(error @ MergeError::Gap { .. }) => self.refuse(out, error.to_string()),
        }
        Ok(None)
    }

    fn report(&self, out: &mut Output, merged: Merged) {
        if !merged.changed.is_empty() {
            out.events.push(Event::Changed(merged.changed));
        }
        out.events.extend(merged.alarms.into_iter().map(Event::Alarm));
    }

    fn launch(&mut self, out: &mut Output, message: Message, at_ms: u64) {
        self.in_flight = Some(InFlight { message: message.clone(), launched_ms: at_ms, sent_ms: at_ms });
        self.send(out, message);
    }

    fn send(&mut self, out: &mut Output, message: Message) {
        self.number += 1;
        out.frames.push(Frame { number: self.number, message });
    }

    fn refuse(&mut self, out: &mut Output, why: String) {
        self.send(out, Message::Bye(why.clone()));
        self.close(out, why);
    }

    fn close(&mut self, out: &mut Output, why: String) {
        self.closed = true;
        out.events.push(Event::Closed(why));
    }
}

/// Whether a vector covers no more than another.
fn is_within(vector: &Vector, other: &Vector) -> bool {
    vector.iter().all(|dot| dot.counter <= other.get(dot.actor))
}

/// A hash over all digests.
fn root(digests: &BTreeMap<Bucket, u128>) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new();
    for (bucket, sum) in digests {
        hasher.update(&(bucket.collection.len() as u64).to_be_bytes()).update(bucket.collection.as_bytes());
        hasher.update(&bucket.month.to_be_bytes()).update(&sum.to_be_bytes());
    }
    let mut root = [0; 16];
    root.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    root
}
