//! Catch-up: what a new hub's session takes from its cloud, over a link in memory.

use std::collections::VecDeque;
use std::path::Path;
use std::time::{Duration, Instant};

use dwellers_replica::builtin::Registration;
use dwellers_replica::sync::{Event, Frame, Session};
use dwellers_replica::{Options, Replica, Role, Sqlite, Writes};

use crate::plain::Plain;
use crate::report::{Goal, Report};
use crate::samples::{Entry, Resident, Sample, Visit, id, now, schema};
use crate::{GROUP, cloud, commit_group, timed};

/// Entries of 500 houses in a year: three visits of each a day, four entries of each.
pub const YEAR: u64 = 500 * 3 * 4 * 365;
/// People of 500 houses, and as many passes and places as they have.
const PEOPLE: u64 = 1_500;
const GRANTS: u64 = 4_500;

/// One end of a link in memory.
struct End {
    replica: Replica<Sqlite>,
    session: Session,
    inbox: VecDeque<Vec<u8>>,
}

impl End {
    /// Takes what arrived, or lets time begin; returns what it says, and whether it became ready.
    fn turn(&mut self) -> (Vec<Vec<u8>>, bool) {
        let out = match self.inbox.pop_front() {
            Some(bytes) => {
                let frame = Frame::decode(&bytes).unwrap();
                self.session.receive(frame, &mut self.replica, now(0), 0).unwrap()
            }
            None => self.session.tick(&mut self.replica, 0).unwrap(),
        };
        for event in &out.events {
            assert!(!matches!(event, Event::Closed(_) | Event::Alarm(_)), "{event:?}");
        }
        (out.frames.iter().map(Frame::encode).collect(), out.events.contains(&Event::Ready))
    }
}

/// What a catch-up came to.
struct Caught {
    /// Until it had what is not bulk.
    ready: Duration,
    whole: Duration,
    frames: usize,
    bytes: usize,
}

/// A new hub in this folder, and the cloud that is to tell it everything.
fn catch_up(mut cloud: Replica<Sqlite>, folder: &Path, name: &str) -> Caught {
    let store = Sqlite::open(folder.join(name), Options::default()).unwrap();
    let hub = Replica::create(store, schema(), id(1 << 40), Role::Hub, "", now(0)).unwrap();
    let registration = Registration { role: Some(Role::Hub), key: "hub".to_owned(), succeeds: None };
    cloud.register(id(1 << 40), &registration, now(0)).unwrap();
    let mut cloud = End { replica: cloud, session: Session::new("hub"), inbox: VecDeque::new() };
    let mut hub = End { replica: hub, session: Session::new("cloud"), inbox: VecDeque::new() };
    let (mut frames, mut bytes) = (0_usize, 0_usize);
    let start = Instant::now();
    let mut ready = Duration::ZERO;
    loop {
        let ((to_hub, _), (to_cloud, is_ready)) = (cloud.turn(), hub.turn());
        if is_ready {
            ready = start.elapsed();
        }
        let sent = to_hub.iter().chain(&to_cloud);
        frames += sent.clone().count();
        bytes += sent.map(Vec::len).sum::<usize>();
        hub.inbox.extend(to_hub);
        cloud.inbox.extend(to_cloud);
        if hub.inbox.is_empty() && cloud.inbox.is_empty() {
            let [ours, theirs] = [&cloud, &hub].map(|end| end.replica.standing().unwrap().vector);
            if ours == theirs {
                break;
            }
        }
    }
    let whole = start.elapsed();
    assert_eq!(cloud.replica.digests().unwrap(), hub.replica.digests().unwrap());
    Caught { ready, whole, frames, bytes }
}

pub fn of_changes(report: &mut Report, changes: u64, folder: &Path) {
    let mut cloud = cloud(&folder.join("cloud.db"));
    for start in (1..=changes).step_by(GROUP as usize) {
        commit_group::<Visit>(&mut cloud, start..(start + GROUP).min(changes + 1));
    }
    let caught = catch_up(cloud, folder, "hub.db");
    report.own(&format!("catch-up of {changes} changes of 4 fields"), "s", caught.whole.as_secs_f64(), None);
    report.own("… frames", "", caught.frames as f64, None);
    report.own("… bytes", "MB", caught.bytes as f64 / 1e6, None);
}

/// An empty hub in the place of a dead one. What happened at the gate came entry by entry; a third of the passes
/// is younger than all of it.
pub fn of_a_year(report: &mut Report, entries: u64, folder: &Path) {
    // A disk that costs nothing makes so many commits in less time; the hub's is a real one.
    let memory = tempfile::tempdir_in("/dev/shm").ok();
    let beside = memory.as_ref().map_or(folder, |memory| memory.path());
    let mut cloud = cloud(&beside.join("year.db"));
    let all = |cloud: &mut Replica<Sqlite>, from: u64, to: u64, commit: Commit| {
        (from..=to)
            .step_by(GROUP as usize)
            .for_each(|start| commit(cloud, start..(start + GROUP).min(to + 1)));
    };
    all(&mut cloud, 1, PEOPLE, commit_group::<Resident>);
    all(&mut cloud, 1, GRANTS * 2 / 3, commit_group::<Visit>);
    let filled = timed(|| {
        for n in 1..=entries {
            let mut writes = Writes::new();
            writes.create(id(n), &Entry::sample(n));
            cloud.commit(now(n), &writes).unwrap();
        }
    });
    all(&mut cloud, GRANTS * 2 / 3 + 1, GRANTS, commit_group::<Visit>);
    let each = |time: Duration| time.as_secs_f64() * 1e6 / entries as f64;
    report.own("commit of one journal entry without a disk, mean", "µs", each(filled), None);

    let caught = catch_up(cloud, folder, "year.db");
    let file = folder.join("year.db").metadata().unwrap().len();
    let mut plain = Plain::<Entry>::open(&folder.join("year-plain.db"));
    let inserted = timed(|| {
        for start in (1..=entries).step_by(GROUP as usize) {
            plain.insert(start..(start + GROUP).min(entries + 1));
        }
    });
    let times = [caught.whole, inserted].map(|time| entries as f64 / time.as_secs_f64());
    let what = format!("catch-up of {entries} journal entries and 500 houses (plain: 50 at once)");
    report.pair(&what, "entries/s", times, None);
    report.own("… ready for the gate", "s", caught.ready.as_secs_f64(), Some(Goal::AtMost(60.0)));
    report.own("… whole", "s", caught.whole.as_secs_f64(), None);
    report.own(
        "… a year of it, extrapolated",
        "s",
        caught.whole.as_secs_f64() * YEAR as f64 / entries as f64,
        None,
    );
    report.own("… frames", "", caught.frames as f64, None);
    report.own("… bytes on the wire for each entry", "B", caught.bytes as f64 / entries as f64, None);
    report.own("… bytes on the hub's disk for each entry", "B", file as f64 / entries as f64, None);
}

type Commit = fn(&mut Replica<Sqlite>, std::ops::Range<u64>);
