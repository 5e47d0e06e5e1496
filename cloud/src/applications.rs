//! What only the cloud knows of those who ask to join: by what they follow their application, and the photos that speak for
//! them.
//!
//! A photo is somebody's face at somebody's window. It comes before the application, waits an hour for it, and is destroyed
//! with the decision; what a crash leaves is destroyed by the next sweep ([`Photos::sweep`]).
//!
//! Invariants: a secret is kept as its hash; the record of a photo is there before its blobs and goes after them, so that none
//! is forgotten; a blob that another photo needs as well stays.
//!
//! What must never be here: who may look at a photo; what an administrator says.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use dwellers::people;
use dwellers_link::blobs::parse;
use dwellers_replica::{Entry, Index, Now, Query, ReadError, Record, RecordId, Schema, Spec, View, Writes};
use serde::{Deserialize, Serialize};
use tracing::{info, warn};

use crate::blobs::{BlobError, Blobs, Kind};
use crate::clock;
use crate::communities::{Communities, Community};
use crate::pictures::{IngestError, Pictures, Prepared};

/// A photo waits so long for its application.
pub const UNUSED_MS: u64 = 3_600_000;
/// A photo is kept so long for a decision.
pub const UNDECIDED_MS: u64 = 30 * 24 * 3_600_000;
/// So many photos wait at a time: strangers bring them, of each address ten and then one a minute.
const MOST: usize = 1_000;
/// Each community is swept once an hour, at a minute of its own.
const ROUNDS: usize = 60;
const EVERY: Duration = Duration::from_secs(60);

/// By what somebody follows their application. Its id is the application's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Ticket {
    /// The hash of their secret, in hex.
    pub hash: String,
    /// The account, where they were signed in.
    pub account: Option<RecordId>,
    /// Who they were in the community already.
    pub person: Option<RecordId>,
    /// Whether the account has become the person.
    pub joined: bool,
    /// When they applied, in milliseconds since 1970.
    pub at_ms: u64,
}

impl Record for Ticket {
    const SPEC: Spec = Spec {
        indexes: &[
            Index { name: "hash", on: &["hash"] },
            Index { name: "account", on: &["account", "at_ms"] },
        ],
        ..Spec::local("application_tickets")
    };
}

impl Ticket {
    /// The ticket of a secret.
    ///
    /// # Errors
    /// What the store says.
    pub fn of_secret(view: View<'_>, secret: &str) -> Result<Option<Entry<Ticket>>, ReadError> {
        Ticket::of_hash(view, &hash(secret))
    }

    /// The ticket of a secret's hash.
    ///
    /// # Errors
    /// What the store says.
    pub fn of_hash(view: View<'_>, hash: &str) -> Result<Option<Entry<Ticket>>, ReadError> {
        let query = Query::on("hash").equal(hash).limit(1);
        Ok(view.of::<Ticket>().find(&query)?.entries.into_iter().next())
    }

    /// Those of an account, the latest first.
    ///
    /// # Errors
    /// What the store says.
    pub fn of_account(view: View<'_>, account: RecordId) -> Result<Vec<Entry<Ticket>>, ReadError> {
        let query = Query::on("account").equal(account.to_string()).limit(100);
        let query = query.direction(dwellers_replica::Direction::Descending);
        Ok(view.of::<Ticket>().find(&query)?.entries)
    }
}

/// Nobody follows an application any more: whose it was is forgotten with whoever is erased.
///
/// # Errors
/// What the store says.
pub fn forget(view: View<'_>, application: RecordId, writes: &mut Writes) -> Result<(), ReadError> {
    if view.of::<Ticket>().get(application)?.is_some() {
        writes.remove::<Ticket>(application);
    }
    Ok(())
}

/// A photo that there is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Photo {
    /// The hash of the secret that it is named by until it is used, in hex; empty from then on.
    pub hash: String,
    /// For which application it speaks.
    pub application: Option<RecordId>,
    /// The picture's blob, in hex.
    pub picture: String,
    /// The thumbnail's blob, in hex.
    pub thumbnail: String,
    /// When it is destroyed at the latest, in milliseconds since 1970.
    pub until_ms: u64,
}

impl Record for Photo {
    const SPEC: Spec = Spec {
        indexes: &[
            Index { name: "hash", on: &["hash"] },
            Index { name: "application", on: &["application"] },
            Index { name: "until", on: &["until_ms"] },
        ],
        ..Spec::local("application_photos")
    };
}

impl Photo {
    /// The photo of a secret, where it waits to be used.
    ///
    /// # Errors
    /// What the store says.
    pub fn of_secret(view: View<'_>, secret: &str, now: Now) -> Result<Option<Entry<Photo>>, ReadError> {
        let query = Query::on("hash").equal(hash(secret)).limit(1);
        let found = view.of::<Photo>().find(&query)?.entries.into_iter().next();
        Ok(found.filter(|photo| now.ms < photo.value.until_ms))
    }

    /// The photo of an application.
    ///
    /// # Errors
    /// What the store says.
    pub fn of_application(view: View<'_>, application: RecordId) -> Result<Option<Entry<Photo>>, ReadError> {
        let query = Query::on("application").equal(application.to_string()).limit(1);
        Ok(view.of::<Photo>().find(&query)?.entries.into_iter().next())
    }

    /// It speaks for this application from now on, and for no other.
    pub fn speaks_for(photo: &Entry<Photo>, application: RecordId, writes: &mut Writes, now: Now) {
        writes.unchanged(photo).update(photo, |photo| {
            photo.hash.clear();
            photo.application = Some(application);
            photo.until_ms = now.ms.saturating_add(UNDECIDED_MS);
        });
    }
}

/// Makes the records of this module known.
pub fn declare(schema: Schema) -> Schema {
    schema.with::<Ticket>().with::<Photo>()
}

/// Why a photo is not kept.
#[derive(Debug, thiserror::Error)]
pub enum PhotoError {
    /// Too many wait.
    #[error("too many photos wait for their applications")]
    TooMany,
    /// It is not let in.
    #[error(transparent)]
    Ingest(#[from] IngestError),
    /// The stores do not take it.
    #[error(transparent)]
    Blob(#[from] BlobError),
}

/// Where photos come in and go out. Clones are the same.
#[derive(Clone)]
pub struct Photos {
    pictures: Pictures,
    blobs: Blobs,
    /// Two photos of the same bytes are one blob of their community: what comes must not be destroyed for what goes.
    turns: Arc<Mutex<HashMap<RecordId, Turn>>>,
}

type Turn = Arc<tokio::sync::Mutex<()>>;

impl Photos {
    /// Into these blobs, through this door.
    pub fn new(pictures: Pictures, blobs: Blobs) -> Photos {
        Photos { pictures, blobs, turns: Arc::default() }
    }

    fn turn(&self, community: RecordId) -> Turn {
        self.turns.lock().unwrap_or_else(PoisonError::into_inner).entry(community).or_default().clone()
    }

    /// Keeps a photo for an hour. Returns the secret that an application names it by; `drawn` is the secret.
    ///
    /// # Errors
    /// It is not let in, too many wait, or a store does not take it.
    pub async fn keep(
        &self,
        community: &Arc<Community>,
        bytes: Vec<u8>,
        drawn: [u8; 32],
        now: Now,
    ) -> Result<String, PhotoError> {
        let is_full = move |community: &Community| Ok(waiting(community, now)? >= MOST);
        if blocking(community, is_full).await? {
            return Err(PhotoError::TooMany);
        }
        // It takes a second: whoever decides waits for no stranger's photo.
        let Prepared { picture, thumbnail, .. } = self.pictures.prepared(bytes).await?;
        let turn = self.turn(community.id);
        let _turn = turn.lock().await;
        if blocking(community, is_full).await? {
            return Err(PhotoError::TooMany);
        }
        let secret = blake3::Hash::from_bytes(drawn).to_hex().to_string();
        let photo = Photo {
            hash: hash(&secret),
            application: None,
            picture: hash_of(&picture),
            thumbnail: hash_of(&thumbnail),
            until_ms: now.ms.saturating_add(UNUSED_MS),
        };
        // First what remembers to destroy them.
        blocking(community, move |community| {
            let mut writes = Writes::new();
            writes.create(RecordId::new(now.ms, clock::entropy()), &photo);
            community.store.commit(now, writes)?;
            Ok(())
        })
        .await?;
        self.blobs.put(community, Kind::Picture, picture, now).await?;
        self.blobs.put(community, Kind::Thumbnail, thumbnail, now).await?;
        Ok(secret)
    }

    /// The photo of an application, or its thumbnail: a JPEG.
    ///
    /// # Errors
    /// A store fails; one that is lost is none.
    pub async fn show(
        &self,
        community: &Arc<Community>,
        application: RecordId,
        small: bool,
    ) -> Result<Option<Vec<u8>>, BlobError> {
        let find = move |community: &Community| {
            Ok(community.store.view(|view| Photo::of_application(view, application))??)
        };
        let Some(photo) = blocking(community, find).await? else { return Ok(None) };
        let name = if small { &photo.value.thumbnail } else { &photo.value.picture };
        match parse(name) {
            Some(hash) => match self.blobs.get(community, &hash).await {
                // The objects were lost, or it is destroyed at this very moment.
                Err(BlobError::Missing(_) | BlobError::Damaged(_)) => Ok(None),
                found => found,
            },
            None => Ok(None),
        }
    }

    /// Destroys the photo of an application, where there is one.
    ///
    /// # Errors
    /// A store fails; the next sweep tries again.
    pub async fn destroy(&self, community: &Arc<Community>, application: RecordId) -> Result<(), BlobError> {
        let find = move |community: &Community| {
            Ok(community.store.view(|view| Photo::of_application(view, application))??)
        };
        match blocking(community, find).await? {
            Some(photo) => self.end(community, &photo).await,
            None => Ok(()),
        }
    }

    /// Destroys what nobody used in its hour, what speaks for an application that was decided, and what waited for a decision
    /// too long. Returns how many.
    ///
    /// # Errors
    /// A store fails; the next sweep tries again.
    pub async fn sweep(&self, community: &Arc<Community>, now: Now) -> Result<usize, BlobError> {
        let ended = blocking(community, move |community| ended(community, now)).await?;
        let (mut destroyed, mut failed) = (0, None);
        for photo in &ended {
            match self.end(community, photo).await {
                Ok(()) => destroyed += 1,
                // One that cannot be destroyed now keeps no other.
                Err(why) => failed = Some(why),
            }
        }
        failed.map_or(Ok(destroyed), Err)
    }

    /// First the blobs, then what says that there are any.
    async fn end(&self, community: &Arc<Community>, photo: &Entry<Photo>) -> Result<(), BlobError> {
        let turn = self.turn(community.id);
        let _turn = turn.lock().await;
        let all = blocking(community, |community| Ok(community.store.view(photos)??)).await?;
        let needed = |name: &String| {
            let by = |other: &Entry<Photo>| other.value.picture == *name || other.value.thumbnail == *name;
            all.iter().filter(|other| other.id != photo.id).any(by)
        };
        for name in [&photo.value.picture, &photo.value.thumbnail] {
            if let Some(hash) = parse(name).filter(|_| !needed(name)) {
                self.blobs.delete(community, &hash).await?;
            }
        }
        let (id, application) = (photo.id, photo.value.application);
        blocking(community, move |community| {
            let mut writes = Writes::new();
            writes.remove::<Photo>(id);
            // Nothing that is stamped with it: local records bear no time.
            community.store.commit(Now { ms: 0, trusted: false }, writes)?;
            Ok(())
        })
        .await?;
        info!(community = %community.id, ?application, "a photo of an application is destroyed");
        Ok(())
    }
}

/// Sweeps for as long as the cloud runs.
pub async fn sweep_always(photos: Photos, communities: Arc<Communities>) {
    let mut every = tokio::time::interval(EVERY);
    // A cloud that begins has others to open stores for.
    every.tick().await;
    for round in 0_usize.. {
        every.tick().await;
        let listed = communities.clone();
        let due = move || {
            let all = listed.registry().all()?.into_iter().filter(|listing| !listing.value.closed);
            let due = all.enumerate().filter(|(nth, _)| nth % ROUNDS == round % ROUNDS);
            Ok::<_, crate::registry::RegistryError>(due.map(|(_, listing)| listing.id).collect::<Vec<_>>())
        };
        let due = match tokio::task::spawn_blocking(due).await {
            Ok(Ok(due)) => due,
            Ok(Err(why)) => {
                warn!("sweeping photos: {why}");
                continue;
            }
            Err(why) => {
                warn!("sweeping photos: {why}");
                continue;
            }
        };
        for id in due {
            let all = communities.clone();
            let opened = tokio::task::spawn_blocking(move || all.open(id, clock::now())).await;
            let swept = match opened {
                Ok(Ok(community)) => {
                    photos.sweep(&community, clock::now()).await.map_err(|why| why.to_string())
                }
                Ok(Err(why)) => Err(why.to_string()),
                Err(why) => Err(why.to_string()),
            };
            if let Err(why) = swept {
                warn!(community = %id, "sweeping photos: {why}");
            }
        }
    }
}

/// How many wait to be used.
fn waiting(community: &Community, now: Now) -> Result<usize, BlobError> {
    let all = community.store.view(photos)??;
    let waits = |photo: &&Entry<Photo>| photo.value.application.is_none() && now.ms < photo.value.until_ms;
    Ok(all.iter().filter(waits).count())
}

/// Those whose time is over.
fn ended(community: &Community, now: Now) -> Result<Vec<Entry<Photo>>, BlobError> {
    community.store.view(|view| {
        let mut ended = Vec::new();
        for photo in photos(view)? {
            let is_decided = match photo.value.application {
                Some(application) => people::verdict(view, application)?.is_some(),
                None => false,
            };
            if is_decided || photo.value.until_ms <= now.ms {
                ended.push(photo);
            }
        }
        Ok(ended)
    })?
}

/// All of them: they are few, because they go.
fn photos(view: View<'_>) -> Result<Vec<Entry<Photo>>, ReadError> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = view.of::<Photo>().find(&Query::on("until").after(after).limit(Query::MAX_LIMIT))?;
        all.extend(page.entries);
        after = page.next;
        if after.is_none() {
            return Ok(all);
        }
    }
}

/// What a secret is known by.
pub(crate) fn hash(secret: &str) -> String {
    hash_of(secret.as_bytes())
}

fn hash_of(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

async fn blocking<R: Send + 'static>(
    community: &Arc<Community>,
    work: impl FnOnce(&Community) -> Result<R, BlobError> + Send + 'static,
) -> Result<R, BlobError> {
    let community = community.clone();
    tokio::task::spawn_blocking(move || work(&community)).await.map_err(|_| BlobError::Failed)?
}
