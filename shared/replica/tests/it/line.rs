//! A line between two sessions that can be cut in the middle.

use std::collections::VecDeque;

use dwellers_replica::sync::{Event, Frame, Message, Session};
use dwellers_replica::{Replica, Store};

use crate::lab::{at, key_of};

/// The sessions of a hub (0) and its cloud (1), and what is on its way between them.
pub struct Line {
    hub: Session,
    cloud: Session,
    mail: VecDeque<(usize, Frame)>,
    at_ms: u64,
}

/// What one frame led to.
pub struct Step {
    /// What was taken, and by whom.
    pub taken: (usize, Message),
    /// What its taker tells its host.
    pub events: Vec<Event>,
}

impl Line {
    /// A new line of the n-th hub, with chunks of so many fields.
    pub fn new(hub: u64, chunk_fields: usize) -> Self {
        let session = |key: String| Session::new(key).with_chunk_fields(chunk_fields);
        Line { hub: session("cloud".into()), cloud: session(key_of(hub)), mail: VecDeque::new(), at_ms: 0 }
    }

    /// Delivers the next frame; `None` where there is silence.
    pub fn step<A: Store, B: Store>(&mut self, hub: &mut Replica<A>, cloud: &mut Replica<B>) -> Option<Step> {
        if self.mail.is_empty() {
            self.at_ms += 1;
            let from_hub = self.hub.tick(hub, self.at_ms).unwrap().frames;
            let from_cloud = self.cloud.tick(cloud, self.at_ms).unwrap().frames;
            self.mail.extend(from_hub.into_iter().map(|frame| (1, frame)));
            self.mail.extend(from_cloud.into_iter().map(|frame| (0, frame)));
        }
        let (to, frame) = self.mail.pop_front()?;
        let frame = Frame::decode(&frame.encode()).unwrap();
        let taken = (to, frame.message.clone());
        let output = match to {
            0 => self.hub.receive(frame, hub, at(1_000), self.at_ms).unwrap(),
            _ => self.cloud.receive(frame, cloud, at(1_000), self.at_ms).unwrap(),
        };
        self.mail.extend(output.frames.into_iter().map(|frame| (1 - to, frame)));
        Some(Step { taken, events: output.events })
    }

    /// Goes on until the hub hears that it is ready, or (false) everything is silent.
    pub fn until_ready<A: Store, B: Store>(&mut self, hub: &mut Replica<A>, cloud: &mut Replica<B>) -> bool {
        while let Some(step) = self.step(hub, cloud) {
            if step.taken.0 == 0 && step.events.contains(&Event::Ready) {
                return true;
            }
        }
        false
    }

    /// Goes on until everything is silent.
    pub fn until_silent<A: Store, B: Store>(&mut self, hub: &mut Replica<A>, cloud: &mut Replica<B>) {
        while self.step(hub, cloud).is_some() {}
    }
}
