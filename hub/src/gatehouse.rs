//! The gatehouse: one loop, on a thread of its own, through which everything that happens at the gates goes.
//!
//! It owns the engines and the drivers of all gates, and nobody else does. What comes in (plates, the guard's word,
//! sensors, outcomes of the store) is taken in order; what is to be decided is read from the store and judged by
//! [`dwellers::access`]; what an engine answers is done at once: entries to the scribe, pulses to the driver.
//!
//! Invariants: the loop waits for nothing but its inbox (the scribe waits for the disk, the drivers for their
//! devices); no lock is shared with the network; the inbox is bounded, and who finds it full is told so; whatever
//! cameras see waits apart, behind the guard's word.
//!
//! What must never be here: HTTP; a rule of entry; a device.

mod house;
mod questions;
mod state;
mod waiting;

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::{self, JoinHandle};

use dwellers::access::{Credential, Decision};
use dwellers::journal::{Entry, Intent};
use dwellers_replica::{RecordId, Shared};
use tokio::sync::{broadcast, oneshot, watch};

use self::house::{Arrival, House, Post};
use self::questions::Questions;
use self::waiting::WaitingRoom;
use crate::clock::Clock;
use crate::crops::Crops;
use crate::engine::{NotStored, Setup};
use crate::gate::{Driver, Report};
use crate::metrics::Metrics;
use crate::reads::{self, Intake, Read};
use crate::scribe::{Scribe, Written};
use crate::watchdog::Pulse;

pub use self::questions::Pending;
pub use self::state::{Alarm, AlarmCode, GateState, State};
pub use self::waiting::{Candidate, Help, Waiting};

/// What waits for the loop at most.
const INBOX: usize = 4096;
/// Reads that wait for the loop at most. A camera offers the next one of a car that is refused.
const READS: usize = 64;
/// A gate with its engine's setup, its lanes and its driver.
pub struct Station {
    /// Its name in the configuration.
    pub key: String,
    /// Its record, as it stands in the store.
    pub gate: dwellers::gates::Gate,
    /// What the engine needs to know.
    pub setup: Setup,
    /// Its relays.
    pub driver: Box<dyn Driver>,
    /// Intents of earlier runs, oldest first, and what was told of them.
    pub intents: Vec<Intent>,
}

/// What the loop works with.
#[derive(Clone)]
pub struct Means {
    /// The records: it reads, and writes nothing but through the scribe.
    pub store: Shared,
    /// The journal.
    pub scribe: Scribe,
    /// Time.
    pub clock: Clock,
    /// Numbers.
    pub metrics: Metrics,
    /// Pictures.
    pub crops: Crops,
    /// The watchdog's sign of life.
    pub pulse: Pulse,
}

/// What somebody at the touchscreen (or, later, at the other end of the link) wants.
#[derive(Clone, Debug)]
pub enum Command {
    /// Judge this and act on it. With a guard, an opening is the guard's word; what may not open is only told.
    Pass {
        /// The gate's key.
        gate: String,
        /// The lane's key; empty for the gate as a whole.
        lane: String,
        /// What they show.
        credential: Credential,
        /// The guard; empty for none.
        guard: String,
        /// The arrival that this answers.
        about: Option<RecordId>,
        /// The guard's note.
        note: String,
        /// The guard's own description of whom they let in, for the journal.
        visitor: Visitor,
    },
    /// Close a gate.
    Close {
        /// The gate's key.
        gate: String,
        /// The guard.
        guard: String,
    },
    /// Hold a gate open.
    Hold {
        /// The gate's key.
        gate: String,
        /// The guard.
        guard: String,
    },
    /// End a hold.
    Release {
        /// The gate's key.
        gate: String,
        /// The guard.
        guard: String,
    },
    /// Send a waiting arrival away.
    Refuse {
        /// The arrival's entry.
        arrival: RecordId,
        /// The guard.
        guard: String,
        /// Why.
        note: String,
    },
    /// A question was written: watch for its answer.
    Asked(Pending),
    /// Write something into the journal that moves nothing: a shift, a visitor on foot.
    Note(Box<Entry>),
}

/// Whom a guard lets in by hand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visitor {
    /// Folded plate; empty for none.
    pub plate: String,
    /// Name; empty for none.
    pub name: String,
    /// The house they go to.
    pub house: Option<RecordId>,
}

/// What a command came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// The journal's entry, where one is written; else the zero id.
    pub entry: RecordId,
    /// What was decided, where something was.
    pub decision: Option<Decision>,
}

/// Why a command is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    /// No gate of this key.
    #[error("there is no such gate")]
    NoGate,
    /// The gate has no lane of this key.
    #[error("this gate has no such lane")]
    NoLane,
    /// No such arrival waits (any more).
    #[error("nobody waits there any more")]
    NobodyWaits,
    /// The inbox is full, or the loop has ended.
    #[error("the gatehouse is busy: nothing was done")]
    Busy,
}

enum Message {
    /// A read waits; or nothing happened.
    Wake,
    Read(Box<Read>),
    Command(Box<Command>, oneshot::Sender<Result<Told, NotTaken>>),
    Driver(usize, Report),
    Stored(usize, RecordId, Result<(), NotStored>),
    Stop,
}

/// The handle: what the touchscreen, the cameras and the command line hold.
#[derive(Clone)]
pub struct Gatehouse {
    inbox: SyncSender<Message>,
    reads: SyncSender<Read>,
    lanes: Arc<Vec<(String, Vec<String>)>>,
    state: watch::Receiver<Arc<State>>,
    scribe: Scribe,
}

/// Where a driver reports to. Handed out before the loop starts, because drivers are made before it.
pub struct Inbox {
    sender: SyncSender<Message>,
    receiver: Receiver<Message>,
    reads: (SyncSender<Read>, Receiver<Read>),
}

impl Inbox {
    /// An empty inbox.
    pub fn new() -> Self {
        let (sender, receiver) = sync_channel(INBOX);
        Inbox { sender, receiver, reads: sync_channel(READS) }
    }

    /// Where the driver of the n-th gate reports.
    ///
    /// A report waits for room: a sensor's word must not be lost, and only the driver's own thread waits.
    pub fn reporter(&self, gate: usize) -> impl FnMut(Report) + Send + 'static {
        let sender = self.sender.clone();
        // Where the loop has ended, nobody needs the report.
        move |report| drop(sender.send(Message::Driver(gate, report)))
    }
}

impl Default for Inbox {
    fn default() -> Self {
        Inbox::new()
    }
}

impl Gatehouse {
    /// Starts the loop.
    ///
    /// # Errors
    /// Where no thread can be had.
    pub fn start(
        inbox: Inbox,
        stations: Vec<Station>,
        means: Means,
    ) -> std::io::Result<(Self, JoinHandle<()>)> {
        let lanes = stations.iter().map(|station| {
            (station.key.clone(), station.gate.lanes.iter().map(|lane| lane.key.clone()).collect())
        });
        let lanes = Arc::new(lanes.collect::<Vec<_>>());
        let (told, state) = watch::channel(Arc::new(State::default()));
        let Inbox { sender, receiver, reads: (reads, seen) } = inbox;
        let posts = stations.into_iter().map(Post::new).collect();
        let scribe = means.scribe.clone();
        let house = House {
            posts,
            means,
            inbox: sender.clone(),
            waiting: WaitingRoom::default(),
            questions: Questions::default(),
            alarms: VecDeque::new(),
            told,
        };
        let thread =
            thread::Builder::new().name("gates".into()).spawn(move || house.serve(&receiver, &seen))?;
        Ok((Gatehouse { inbox: sender, reads, lanes, state, scribe }, thread))
    }

    /// The door through which plate reads come in: from cameras, and from the local socket.
    pub fn intake(&self) -> Intake {
        let (reads, inbox) = (self.reads.clone(), self.inbox.clone());
        let deliver = move |read| {
            reads::put(&reads, read)?;
            // A loop whose inbox is full is awake.
            let _ = inbox.try_send(Message::Wake);
            Ok(())
        };
        let gates = self.lanes.iter();
        gates.fold(Intake::default(), |intake, (gate, lanes)| intake.gate(gate, lanes, deliver.clone()))
    }

    /// Does what a command says; returns when it is decided (not when the gate has moved: that is told by the
    /// journal, [`Gatehouse::follow`]).
    ///
    /// # Errors
    /// Where it is not taken; nothing was done then.
    pub async fn command(&self, command: Command) -> Result<Told, NotTaken> {
        let (reply, answer) = oneshot::channel();
        let sent = self.inbox.try_send(Message::Command(Box::new(command), reply));
        sent.map_err(|_: TrySendError<_>| NotTaken::Busy)?;
        answer.await.map_err(|_| NotTaken::Busy)?
    }

    /// The state of everything, as it is and as it changes.
    pub fn state(&self) -> watch::Receiver<Arc<State>> {
        self.state.clone()
    }

    /// Entries of the journal as they become durable.
    pub fn follow(&self) -> broadcast::Receiver<Arc<Written>> {
        self.scribe.follow()
    }

    /// Ends the loop after what is in the inbox. Blocks until there is room for this word.
    pub fn stop(&self) {
        // A loop that has ended needs it no more.
        let _ = self.inbox.send(Message::Stop);
    }
}
