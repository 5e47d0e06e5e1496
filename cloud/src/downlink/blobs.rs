//! Blobs on the cloud's end of the link: it asks a hub for the pictures of its journal, by itself, and answers with
//! the community's backups.
//!
//! Invariants: one picture is asked for at a time, the oldest first, and none while the store's own changes come; what comes is
//! let in only as what its hash says and as a picture that is nothing else; a hub gets backups of its community and
//! nothing else of it, nor anything of another; the conversation never waits for an object.
//!
//! What must never be here: who may see a picture.

use std::collections::{HashMap, VecDeque};
use std::future::pending;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use dwellers::journal;
use dwellers_link::blobs::{Asking, Failure, answer, hex, span};
use dwellers_link::device::PublicKey;
use dwellers_link::talk::TICK_MS;
use dwellers_link::wire::{BlobHash, Message, Want};
use dwellers_replica::sync::Event as Stored;
use dwellers_replica::{Record, RecordId};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::{Interval, MissedTickBehavior, interval};
use tracing::{info, warn};

use super::crops::{self, Fate, Seen};
use crate::blobs::{BlobError, Blobs};
use crate::clock::{self, Monotonic};
use crate::communities::Community;
use crate::pictures::{self, MAX_CROP_BYTES, Refused};

/// After a store that fails or is full, pictures are asked for again so much later.
const PAUSE_MS: u64 = 60_000;
/// Pictures of one hub that are waited for at once.
pub(super) const ASKS: usize = 8;

/// Something about blobs that an administrator must hear of.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Trouble {
    /// The hub asks for what is not its community's backup.
    #[error("the hub asks for the blob {0}, which is not its community's to have")]
    NotForHubs(String),
    /// What the hub sends is not what it said.
    #[error("the hub sends something else than the picture {hash}: {why}")]
    False {
        /// Which.
        hash: String,
        /// In which way.
        why: Failure,
    },
    /// What the hub sends is no bare picture.
    #[error("the hub's picture {hash} is not let in: {why}")]
    Refused {
        /// Which.
        hash: String,
        /// Why.
        why: Refused,
    },
    /// The community has no more room.
    #[error("pictures of the journal are not kept: {0}")]
    Full(String),
}

/// What an [`Exchange`] leads to.
#[derive(Debug)]
pub(super) enum Leads {
    /// To be said to the hub.
    Say(Message),
    /// To be told an administrator.
    Tell(Trouble),
    /// The community has room for pictures (again).
    HasRoom,
}

/// What came of pictures whose lines were cut: of one for each hub, and no more than a picture may have.
#[derive(Clone, Debug, Default)]
pub(super) struct Begun(Arc<Mutex<Beginnings>>);

type Beginnings = HashMap<Place, (BlobHash, Vec<u8>)>;
type Place = (RecordId, PublicKey);

impl Begun {
    fn keep(&self, place: Place, hash: BlobHash, bytes: &[u8]) {
        let mut begun = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        begun.insert(place, (hash, bytes.to_vec()));
    }

    fn take(&self, place: Place, hash: BlobHash) -> Vec<u8> {
        let begun = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&place);
        begun.filter(|(begun, _)| *begun == hash).map(|(_, bytes)| bytes).unwrap_or_default()
    }
}

/// Somebody waits for a picture of this hub; they hear when there is nothing more to wait for.
pub(super) type Ask = (BlobHash, oneshot::Sender<()>);

/// Blobs on one connection.
pub(super) struct Exchange {
    community: Arc<Community>,
    key: PublicKey,
    blobs: Blobs,
    begun: Begun,
    monotonic: Monotonic,
    asks: mpsc::Receiver<Ask>,
    ticks: Interval,
    /// How far the journal was looked through on this connection.
    seen: Option<u64>,
    /// Something of the journal is to be looked through.
    is_behind: bool,
    /// There may be a picture to be asked for.
    is_lacking: bool,
    /// The store's own changes came since the last tick: they go first.
    is_changing: bool,
    not_before_ms: u64,
    /// What somebody waits for: before all others.
    urgent: VecDeque<Ask>,
    fetch: Option<Fetch>,
    /// Threads that look through the journal, see what is to be asked for, or store what came: one at a time.
    is_working: bool,
    is_answering: bool,
    /// It was told already, on this connection.
    has_told_foreign: bool,
    /// Whether the community has room, as it was told last.
    has_room: Option<bool>,
    leads: VecDeque<Leads>,
    works: JoinSet<Done>,
}

/// A picture that is being asked for.
struct Fetch {
    asking: Asking,
    bytes: Vec<u8>,
    waits: Option<oneshot::Sender<()>>,
}

/// What a thread has done.
enum Done {
    Answered(Want, Result<Option<(u64, Vec<u8>)>, BlobError>),
    Looked(Result<Seen, BlobError>),
    Next(Result<Option<BlobHash>, BlobError>),
    Stored(Fetch, Result<(), NotStored>),
    Settled(Result<(), BlobError>),
}

/// Why a picture that came is not kept.
enum NotStored {
    False,
    Refused(Refused),
    Blob(BlobError),
}

impl From<BlobError> for NotStored {
    fn from(error: BlobError) -> Self {
        NotStored::Blob(error)
    }
}

impl Exchange {
    /// On a connection that has just begun.
    pub fn new(
        community: Arc<Community>,
        key: PublicKey,
        blobs: Blobs,
        begun: Begun,
        monotonic: Monotonic,
        asks: mpsc::Receiver<Ask>,
    ) -> Exchange {
        let mut ticks = interval(Duration::from_millis(TICK_MS));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Exchange {
            community,
            key,
            blobs,
            begun,
            monotonic,
            asks,
            ticks,
            seen: None,
            is_behind: true,
            is_lacking: true,
            is_changing: false,
            not_before_ms: 0,
            urgent: VecDeque::new(),
            fetch: None,
            is_working: false,
            is_answering: false,
            has_told_foreign: false,
            has_room: None,
            leads: VecDeque::new(),
            works: JoinSet::new(),
        }
    }

    /// Hears what the store took of the hub.
    pub fn hear(&mut self, event: &Stored) {
        if let Stored::Changed(records) = event {
            self.is_changing = true;
            self.is_behind |= records.iter().any(|(collection, _)| collection == journal::Entry::SPEC.name);
        }
    }

    /// Takes what the hub said, where it is about blobs.
    pub fn take(&mut self, message: Message) {
        match message {
            Message::Want(want) => self.answer(want),
            Message::Part(part) => {
                let Some(fetch) = &mut self.fetch else { return };
                match fetch.asking.take(part) {
                    Ok(None) => {}
                    Ok(Some(bytes)) => {
                        fetch.bytes.extend(bytes);
                        let place = (self.community.id, self.key);
                        self.begun.keep(place, fetch.asking.hash(), &fetch.bytes);
                    }
                    Err(why) => self.fail(why),
                }
            }
            Message::Without(hash) => {
                if let Some(Err(why)) = self.fetch.as_ref().map(|fetch| fetch.asking.without(hash)) {
                    self.fail(why);
                }
            }
            _ => {}
        }
    }

    /// What comes next of it; to be asked again after each word of the hub. Nothing is lost where it is dropped.
    pub async fn next(&mut self) -> Leads {
        loop {
            self.go_on();
            if let Some(leads) = self.leads.pop_front() {
                return leads;
            }
            tokio::select! {
                Some(done) = self.works.join_next() => match done {
                    Ok(done) => self.done(done),
                    Err(why) => {
                        warn!("a thread of the link failed: {why}");
                        (self.is_working, self.is_answering) = (false, false);
                        self.pause();
                    }
                },
                Some(ask) = self.asks.recv(), if self.urgent.len() < ASKS => self.urgent.push_back(ask),
                _ = self.ticks.tick() => self.is_changing = false,
                else => pending().await,
            }
        }
    }

    /// Reads what the hub asks for beside the conversation. It asks for one at a time: what it asks beside that it will ask
    /// again.
    fn answer(&mut self, want: Want) {
        if self.is_answering {
            return;
        }
        self.is_answering = true;
        let (blobs, community) = (self.blobs.clone(), self.community.clone());
        self.works.spawn(async move {
            let found = async {
                if !blobs.is_for_hubs(&community, &want.hash).await? {
                    return Ok(None);
                }
                let Some(blob) = blobs.about(&community, &want.hash).await? else { return Ok(None) };
                let bytes = blobs.get_range(&community, &want.hash, span(&want, blob.bytes)).await?;
                Ok(bytes.map(|bytes| (blob.bytes, bytes)))
            };
            Done::Answered(want, found.await)
        });
    }

    /// Begins what is to be done next.
    fn go_on(&mut self) {
        if self.is_working {
            return;
        }
        let at_ms = self.monotonic.ms();
        if let Some(fetch) = &mut self.fetch {
            match fetch.asking.due(at_ms) {
                Ok(Some(want)) => self.leads.push_back(Leads::Say(Message::Want(want))),
                Ok(None) if fetch.asking.is_whole() => self.store(),
                Ok(None) => {}
                Err(why) => self.fail(why),
            }
            return;
        }
        let community = self.community.clone();
        let is_paused = at_ms < self.not_before_ms;
        if self.is_behind && !is_paused {
            (self.is_behind, self.is_working) = (false, true);
            let after = self.seen;
            self.works.spawn_blocking(move || Done::Looked(crops::look(&community, after, clock::now())));
        } else if let Some((hash, waits)) = self.urgent.pop_front() {
            if !waits.is_closed() {
                self.begin(hash, Some(waits));
            }
        } else if self.is_lacking && !self.is_changing && !is_paused {
            self.is_working = true;
            let key = self.key;
            self.works.spawn_blocking(move || Done::Next(crops::next(&community, key)));
        }
    }

    fn begin(&mut self, hash: BlobHash, waits: Option<oneshot::Sender<()>>) {
        let bytes = self.begun.take((self.community.id, self.key), hash);
        let asking = Asking::new(hash, bytes.len() as u64, MAX_CROP_BYTES as u64);
        self.fetch = Some(Fetch { asking, bytes, waits });
    }

    /// Judges what came and puts it into the store.
    fn store(&mut self) {
        let Some(mut fetch) = self.fetch.take() else { return };
        self.is_working = true;
        let (blobs, community) = (self.blobs.clone(), self.community.clone());
        self.begun.take((community.id, self.key), fetch.asking.hash());
        let (bytes, hash) = (std::mem::take(&mut fetch.bytes), fetch.asking.hash());
        self.works.spawn(async move {
            let stored = async {
                if *blake3::hash(&bytes).as_bytes() != hash {
                    return Err(NotStored::False);
                }
                let judged = move || pictures::check_crop(&bytes).map(|()| bytes);
                let judged = tokio::task::spawn_blocking(judged).await;
                let bytes = judged.map_err(|_| BlobError::Failed)?.map_err(NotStored::Refused)?;
                blobs.put(&community, crate::blobs::Kind::Crop, bytes, clock::now()).await?;
                let settled = tokio::task::spawn_blocking(move || {
                    crops::settle(&community, &hash, Fate::Here, clock::now())
                });
                Ok(settled.await.map_err(|_| BlobError::Failed)??)
            };
            let stored = stored.await;
            Done::Stored(fetch, stored)
        });
    }

    fn done(&mut self, done: Done) {
        match done {
            Done::Answered(want, found) => {
                self.is_answering = false;
                self.answered(&want, found);
            }
            Done::Looked(looked) => {
                self.is_working = false;
                match looked {
                    Ok(seen) => {
                        self.seen = Some(seen.arrival);
                        self.is_behind |= seen.more;
                        self.is_lacking |= seen.found;
                    }
                    Err(why) => {
                        warn!(community = %self.community.id, "the journal's pictures: {why}");
                        self.pause();
                    }
                }
            }
            Done::Next(next) => {
                self.is_working = false;
                match next {
                    Ok(Some(hash)) => self.begin(hash, None),
                    Ok(None) => self.is_lacking = false,
                    Err(why) => {
                        warn!(community = %self.community.id, "the journal's pictures: {why}");
                        self.pause();
                    }
                }
            }
            Done::Stored(fetch, stored) => {
                self.is_working = false;
                self.stored(fetch, stored);
            }
            Done::Settled(settled) => {
                self.is_working = false;
                if let Err(why) = settled {
                    warn!(community = %self.community.id, "the journal's pictures: {why}");
                    self.pause();
                }
            }
        }
    }

    fn answered(&mut self, want: &Want, found: Result<Option<(u64, Vec<u8>)>, BlobError>) {
        let found = match found {
            Ok(Some(found)) => Some(found),
            Ok(None) => {
                // Once: who asks on and on shall not fill the log.
                if !std::mem::replace(&mut self.has_told_foreign, true) {
                    self.leads.push_back(Leads::Tell(Trouble::NotForHubs(hex(&want.hash))));
                }
                None
            }
            Err(why) => {
                warn!(community = %self.community.id, "{why}");
                None
            }
        };
        self.leads.push_back(Leads::Say(answer(want, found)));
    }

    fn stored(&mut self, fetch: Fetch, stored: Result<(), NotStored>) {
        let hash = hex(&fetch.asking.hash());
        match stored {
            Ok(()) => {
                if self.has_room != Some(true) {
                    self.has_room = Some(true);
                    self.leads.push_back(Leads::HasRoom);
                }
            }
            Err(NotStored::False) => {
                self.fetch = Some(fetch);
                self.fail(Failure::Wrong);
            }
            Err(NotStored::Refused(why)) => {
                self.leads.push_back(Leads::Tell(Trouble::Refused { hash, why }));
                self.settle(fetch, Fate::Refused);
            }
            Err(NotStored::Blob(why @ BlobError::Full { .. })) => {
                if self.has_room != Some(false) {
                    self.has_room = Some(false);
                    self.leads.push_back(Leads::Tell(Trouble::Full(why.to_string())));
                }
                self.pause();
            }
            Err(NotStored::Blob(why)) => {
                warn!(community = %self.community.id, "a picture is not kept: {why}");
                self.pause();
            }
        }
    }

    /// Ends the fetch under way.
    fn fail(&mut self, why: Failure) {
        let Some(fetch) = self.fetch.take() else { return };
        let hash = hex(&fetch.asking.hash());
        // What came of it is worth nothing, or will never be whole.
        if why != Failure::Silent {
            self.begun.take((self.community.id, self.key), fetch.asking.hash());
        }
        match why {
            Failure::Silent => {
                warn!(community = %self.community.id, "the hub does not answer about the picture {hash}");
                self.pause();
            }
            Failure::Without => {
                info!(community = %self.community.id, "the hub has the picture {hash} no more");
                self.settle(fetch, Fate::Gone);
            }
            Failure::TooLong { .. } | Failure::Lie | Failure::Wrong => {
                self.leads.push_back(Leads::Tell(Trouble::False { hash, why }));
                self.settle(fetch, Fate::Refused);
            }
        }
    }

    /// Who waits for it hears once it is written.
    fn settle(&mut self, fetch: Fetch, fate: Fate) {
        self.is_working = true;
        let community = self.community.clone();
        self.works.spawn_blocking(move || {
            let settled = crops::settle(&community, &fetch.asking.hash(), fate, clock::now());
            drop(fetch.waits);
            Done::Settled(settled)
        });
    }

    fn pause(&mut self) {
        (self.is_behind, self.is_lacking) = (true, true);
        self.not_before_ms = self.monotonic.ms() + PAUSE_MS;
    }
}
