//! The network between the simulated machines: lines that break, frames that are lost, repeated and late, and
//! the sessions at the ends.

use super::world::{CLOUD, Life, Node, World};
use crate::builtin::Registration;
use crate::replica::{Alarm, Replica};
use crate::schema::Role;
use crate::stamp::Now;
use crate::store::{Memory, Store, StoreError};
use crate::sync::{Event, Frame, Output, Session};

/// The line from a hub to the cloud, and the sessions at its ends while it holds.
pub(super) struct Link {
    pub hub: usize,
    pub whole: bool,
    pub quality: Quality,
    epoch: u32,
    ends: Option<Ends>,
    retry_ms: u64,
}

impl Link {
    /// A line that holds.
    pub fn new(hub: usize) -> Self {
        let quality = Quality { drop: 0, repeat: 0, delay_ms: 50 };
        Link { hub, whole: true, quality, epoch: 0, ends: None, retry_ms: 0 }
    }
}

struct Ends {
    hub: Session,
    cloud: Session,
}

#[derive(Clone, Copy, Default)]
pub(super) struct Quality {
    /// In percent.
    pub drop: u8,
    /// In percent.
    pub repeat: u8,
    pub delay_ms: u64,
}

pub(super) struct Parcel {
    link: usize,
    epoch: u32,
    to_cloud: bool,
    bytes: Vec<u8>,
}

impl World<'_> {
    /// Ends the sessions of a node.
    pub(super) fn hang_up(&mut self, node: usize) {
        let at_ms = self.at_ms;
        for link in self.links.iter_mut().filter(|link| node == CLOUD || link.hub == node) {
            link.ends = None;
            link.retry_ms = at_ms + 500;
        }
    }

    /// Delivers what is due, lets sessions tick, and sets up links that can be.
    pub(super) fn run_network(&mut self) -> Result<(), String> {
        for link in 0..self.links.len() {
            self.connect(link)?;
        }
        while let Some(entry) = self.mail.first_entry().filter(|entry| entry.key().0 <= self.at_ms) {
            let parcel = entry.remove();
            self.deliver(parcel)?;
        }
        for link in 0..self.links.len() {
            for to_cloud in [false, true] {
                self.with_session(link, to_cloud, |session, replica, _, at_ms| session.tick(replica, at_ms))?;
            }
        }
        Ok(())
    }

    fn connect(&mut self, link: usize) -> Result<(), String> {
        let Link { hub, whole, retry_ms, .. } = self.links[link];
        if !whole {
            self.links[link].ends = None;
        }
        let up = |node: &Node| matches!(node.life, Life::Up(_));
        let ready = whole && self.at_ms >= retry_ms && up(&self.nodes[hub]) && up(&self.nodes[CLOUD]);
        if !ready || self.links[link].ends.is_some() {
            return Ok(());
        }
        self.vouch(hub)?;
        let (to_hub, to_cloud) = (self.nodes[hub].key.clone(), self.nodes[CLOUD].key.clone());
        // Few fields a chunk, so that catching up takes many and anything can happen in between.
        let fields = self.rng.usize(4..40);
        let link = &mut self.links[link];
        link.epoch += 1;
        link.ends = Some(Ends {
            hub: Session::new(to_cloud).with_chunk_fields(fields),
            cloud: Session::new(to_hub).with_chunk_fields(fields),
        });
        Ok(())
    }

    /// What an operator does for a restored cloud: vouches for the ids it bore since its backup, and enrols
    /// again a hub that it has forgotten.
    fn vouch(&mut self, hub: usize) -> Result<(), String> {
        let (now, ids) = (self.now(CLOUD), self.cloud_ids.clone());
        let (id, key) = (self.nodes[hub].id, self.nodes[hub].key.clone());
        let Some(replica) = self.replica(CLOUD) else { return Ok(()) };
        let work = || {
            for id in ids {
                replica.introduce(id, Role::Cloud, now).map_err(|error| error.to_string())?;
            }
            let known =
                replica.view(|view| view.of::<Registration>().get(id)).map_err(|error| error.to_string())?;
            if known.map_err(|error| error.to_string())?.is_none() {
                let registration = Registration { role: Some(Role::Hub), key, succeeds: None };
                replica.register(id, &registration, now).map_err(|error| error.to_string())?;
            }
            Ok::<_, String>(())
        };
        if let Err(error) = work() {
            if error.contains("power") {
                self.crash(CLOUD);
            } else {
                return Err(format!("the operator cannot help: {error}"));
            }
        }
        Ok(())
    }

    fn deliver(&mut self, parcel: Parcel) -> Result<(), String> {
        let link = &self.links[parcel.link];
        if link.epoch != parcel.epoch || link.ends.is_none() {
            return Ok(());
        }
        self.tally.frames += 1;
        let frame = Frame::decode(&parcel.bytes).ok_or("a frame does not decode")?;
        let receiver = if parcel.to_cloud { CLOUD } else { link.hub };
        let before = match self.replica(receiver) {
            Some(replica) => replica.standing().map_err(|error| error.to_string())?.vector,
            None => return Ok(()),
        };
        self.with_session(parcel.link, parcel.to_cloud, |session, replica, now, at_ms| {
            session.receive(frame, replica, now, at_ms)
        })?;
        let after = match self.replica(receiver) {
            Some(replica) => replica.standing().map_err(|error| error.to_string())?.vector,
            None => return Ok(()),
        };
        if self.nodes.iter().any(|node| node.doubtful) {
            // One sequence may mean two things until the disk's history is noticed: no vector is right then.
            return Ok(());
        }
        self.ask_oracle(receiver, |oracle, rows| oracle.check_covered(rows, &before, &after))
    }

    /// Lets one end of a link do something, and acts on what comes of it.
    fn with_session(
        &mut self,
        link: usize,
        at_cloud: bool,
        act: impl FnOnce(&mut Session, &mut Replica<Memory>, Now, u64) -> Result<Output, StoreError>,
    ) -> Result<(), String> {
        let node = if at_cloud { CLOUD } else { self.links[link].hub };
        let (now, at_ms) = (self.now(node), self.at_ms);
        let Some(mut ends) = self.links[link].ends.take() else { return Ok(()) };
        let session = if at_cloud { &mut ends.cloud } else { &mut ends.hub };
        let Some(replica) = self.replica(node) else { return Ok(()) };
        let result = act(session, replica, now, at_ms);
        let closed = session.is_closed();
        self.links[link].ends = Some(ends);
        let Some(output) = self.survives(node, result)? else { return Ok(()) };
        if let Some(replica) = self.replica(node)
            && !output.frames.is_empty()
        {
            // What was sent was synced first; the oracle need not believe it.
            let durable = replica.store().crashed().read(|rows| rows.head());
            if let Ok(Ok(Some(head))) = durable {
                self.oracle.synced(node, head.mark.arrival);
            }
        }
        for frame in output.frames {
            self.post(link, !at_cloud, &frame);
        }
        for event in output.events {
            self.heed(link, node, event)?;
        }
        if closed && self.links[link].ends.is_some() {
            // The last word still travels; the link is set up anew after a while.
            self.links[link].retry_ms = self.at_ms + self.rng.u64(500..3_000);
            self.links[link].ends = None;
        }
        Ok(())
    }

    /// Whatever the other end held that cannot wait, as it last said how far it is, is here.
    fn check_ready(&mut self, link: usize, node: usize) -> Result<(), String> {
        self.tally.readies += 1;
        let peer = if node == CLOUD { self.links[link].hub } else { CLOUD };
        let id = self.nodes[peer].id;
        if self.two_histories || self.nodes[peer].doubtful {
            return Ok(());
        }
        let Life::Up(replica) = &self.nodes[peer].life else { return Ok(()) };
        let theirs = replica.store().crashed();
        self.ask_oracle(node, |oracle, rows| {
            let checked = theirs.read(|theirs| oracle.check_ready(rows, theirs, id));
            checked.map_err(|error| error.to_string())?
        })
    }

    fn post(&mut self, link: usize, to_cloud: bool, frame: &Frame) {
        let Link { epoch, quality, .. } = self.links[link];
        let copies = 1 + u8::from(self.rng.u8(..100) < quality.repeat);
        for _ in 0..copies {
            if self.rng.u8(..100) < quality.drop {
                continue;
            }
            self.posted += 1;
            let at_ms = self.at_ms + 1 + self.rng.u64(..=quality.delay_ms);
            let bytes = frame.encode();
            self.mail.insert((at_ms, self.posted), Parcel { link, epoch, to_cloud, bytes });
        }
    }

    fn heed(&mut self, link: usize, node: usize, event: Event) -> Result<(), String> {
        let name = self.nodes[node].name.clone();
        match event {
            Event::Changed(_) => {}
            Event::Ready => self.check_ready(link, node)?,
            Event::Shared(arrival) => {
                self.ask_oracle(node, |oracle, rows| oracle.acknowledged(node, rows, arrival))?;
            }
            // A clock five years off is seen; that is what the alarm is for.
            Event::Alarm(Alarm::ClockAhead { .. }) => {}
            Event::Alarm(alarm @ (Alarm::DigestsDiffer { .. } | Alarm::SameStamp(_)))
                if self.two_histories =>
            {
                self.say(format_args!("{name} raises an alarm with a cause: {alarm}"));
                self.tally.repairs += 1;
            }
            Event::Alarm(alarm) => {
                self.say(format_args!("{name} raises an alarm: {alarm}"));
                self.alarms.push(format!("{name}: {alarm}"));
            }
            Event::Forked { common } => self.fork(node, Some(common))?,
            Event::Closed(why) => {
                let hub = self.nodes[self.links[link].hub].name.clone();
                self.say(format_args!("{name} ends the session of {hub}: {why}"));
            }
        }
        Ok(())
    }
}
