//! Catch-up: in chunks between which everything goes on, with power cuts, repetitions and long pauses.
//!
//! The one promise that all others rest on: a vector never covers what its owner does not hold.

use dwellers_replica::delta::Chunk;
use dwellers_replica::{Entry, Mark, Memory, MergeError, Replica, Stamp, Vector, covers};
use proptest::prelude::*;

use super::config;
use crate::collections::{Sheet, schema};
use crate::lab::*;

#[derive(Clone, Debug)]
enum Step {
    /// Writes cells of a sheet: the cloud, or the other hub (whom the cloud hears at once, or later).
    Write { by: Writer, sheet: u64, cells: std::ops::Range<u64> },
    /// The other hub and the cloud talk.
    Hear,
    /// One chunk of so many fields goes to the receiver.
    Chunk(usize),
    /// The chunk before is delivered once more.
    Repeat,
    /// The receiver loses its power at the n-th write or fsync of the next chunk.
    Cut(u32),
    /// The receiver restarts; the session begins anew.
    Restart,
    /// The receiver writes a sheet of its own, and may lose it again.
    Own,
}

#[derive(Clone, Copy, Debug)]
enum Writer {
    Cloud,
    Other,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let write = (prop_oneof![Just(Writer::Cloud), Just(Writer::Other)], 1..4_u64, 0..60_u64, 1..50_u64)
        .prop_map(|(by, sheet, from, count)| Step::Write { by, sheet, cells: from..from + count });
    let step = prop_oneof![
        6 => write,
        2 => Just(Step::Hear),
        8 => (1..60_usize).prop_map(Step::Chunk),
        1 => Just(Step::Repeat),
        1 => (1..5_u32).prop_map(Step::Cut),
        1 => Just(Step::Restart),
        1 => Just(Step::Own),
    ];
    prop::collection::vec(step, 1..60)
}

struct World {
    cloud: Replica<Memory>,
    other: Replica<Memory>,
    receiver: Replica<Memory>,
    /// The session: the cursor, and the vector with which it began.
    session: Option<(Mark, Vector)>,
    before: Option<Chunk>,
    written: Vec<(Stamp, u64, std::ops::Range<u64>)>,
    steps: u64,
}

impl World {
    fn new() -> Self {
        let (cloud, other, receiver) = (cloud(Memory::new()), hub(Memory::new(), 1), hub(Memory::new(), 0));
        let mut world =
            World { cloud, other, receiver, session: None, before: None, written: Vec::new(), steps: 0 };
        catch_up(&mut world.cloud, &mut world.other, at(0));
        world
    }

    fn play(&mut self, step: Step) {
        self.steps += 1;
        let now = at(self.steps / 3);
        match step {
            Step::Write { by, sheet, cells } => {
                let writer = match by {
                    Writer::Cloud => &mut self.cloud,
                    Writer::Other => &mut self.other,
                };
                let filled = cells.clone().map(|cell| (cell.to_string(), self.steps));
                let known = get::<Sheet, _>(writer, id(sheet));
                let stamp = match known {
                    Some(entry) => {
                        write(writer, now, |w| w.update(&entry, |sheet| sheet.cells.extend(filled)))
                    }
                    None => create(writer, now, id(sheet), &Sheet { cells: filled.collect() }),
                };
                self.written.push((stamp, sheet, cells));
            }
            Step::Hear => talk(&mut self.other, &mut self.cloud, now),
            Step::Chunk(limit) => self.chunk(limit, None),
            Step::Cut(after) => self.chunk(usize::MAX, Some(after)),
            Step::Repeat => {
                if let Some(chunk) = self.before.clone() {
                    let standing = self.receiver.standing().unwrap();
                    match self.receiver.merge(FROM_CLOUD, now, &chunk) {
                        Ok(merged) => assert!(merged.changed.is_empty()),
                        Err(MergeError::Gap { .. }) => {}
                        Err(error) => panic!("{error}"),
                    }
                    assert_eq!(self.receiver.standing().unwrap(), standing);
                }
            }
            Step::Restart => self.restart(),
            Step::Own => {
                let mut writes = dwellers_replica::Writes::new();
                writes.create(id(100 + self.steps), &Sheet { cells: [("own".into(), 1)].into() });
                self.receiver.commit_batch(now, &[writes]).unwrap();
            }
        }
    }

    /// Sends a chunk, in which nothing tells the receiver what it has learnt since the session began.
    fn chunk(&mut self, limit: usize, cut: Option<u32>) {
        let (cursor, from) = self.session.clone().unwrap_or_else(|| {
            let resumption = self.receiver.resumption(CLOUD).unwrap();
            (self.cloud.resume(&resumption).unwrap().expect("one history"), resumption.vector)
        });
        let chunk = self.cloud.since(cursor, cursor.arrival, &from, limit.min(2000)).unwrap();
        if let Some(after) = cut {
            self.receiver.store().fuse().light(after);
        }
        match self.receiver.merge(FROM_CLOUD, at(self.steps / 3), &chunk) {
            Ok(merged) => {
                assert_eq!((merged.mark, &merged.alarms[..]), (chunk.mark, &[][..]));
                if let Some(to) = &chunk.to {
                    assert!(*to <= self.receiver.standing().unwrap().vector, "it covers what it was told");
                }
                self.session = Some((chunk.mark, from));
                self.before = Some(chunk);
            }
            Err(MergeError::Store(_)) if cut.is_some() => self.restart(),
            Err(error) => panic!("{error}"),
        }
        if cut.is_some() {
            self.restart();
        }
    }

    fn restart(&mut self) {
        self.receiver = Replica::open(self.receiver.store().crashed(), schema()).unwrap();
        (self.session, self.before) = (None, None);
    }

    /// Whatever its vector covers is here: the write, or one that came over it.
    fn assert_covered(&mut self) {
        let held = fields(&mut self.receiver);
        let vector = self.receiver.standing().unwrap().vector;
        for (stamp, sheet, cells) in self.written.iter().filter(|(stamp, ..)| covers(&vector, stamp)) {
            for cell in cells.clone() {
                let found = held.get(&("sheets".to_owned(), id(*sheet), cell.to_string()));
                assert!(
                    found.is_some_and(|(found, _)| found >= stamp),
                    "{stamp:?} of cell {cell}: {found:?}"
                );
            }
        }
    }
}

proptest! {
    #![proptest_config(config(1000))]

    #[test]
    fn a_vector_never_covers_what_is_not_held(steps in steps()) {
        let mut world = World::new();
        for step in steps {
            world.play(step);
            world.assert_covered();
        }
        let now = at(1_000_000);
        talk(&mut world.other, &mut world.cloud, now);
        talk(&mut world.receiver, &mut world.cloud, now);
        world.assert_covered();
        assert_same(&mut world.cloud, &mut world.receiver);
        prop_assert_eq!(world.cloud.standing().unwrap().vector, world.receiver.standing().unwrap().vector);
    }
}

/// A catch-up costs what changed, not what ever happened: what was overwritten leaves the order of arrival.
#[test]
fn a_field_that_was_overwritten_often_travels_once() {
    let (mut cloud, mut receiver) = (cloud(Memory::new()), hub(Memory::new(), 0));
    create(&mut cloud, at(1), id(1), &Sheet { cells: [("cell".to_owned(), 0)].into() });
    // More than one call of `since` walks through.
    for n in 0..20_100 {
        let sheet = Sheet { cells: [("cell".to_owned(), n)].into() };
        let unknown = Entry { id: id(1), stamp: Stamp::default(), arrival: 0, value: Sheet::default() };
        write(&mut cloud, at(2), |w| w.update(&unknown, |known| *known = sheet));
    }
    let chunk = next_chunk(&mut cloud, &mut receiver);
    assert!(chunk.to.is_some(), "there is nothing to walk through");
    assert_eq!(chunk.groups.iter().flatten().filter(|change| change.record == id(1)).count(), 1);
}
