//! Blobs: files of a community by their BLAKE3 hashes, in a folder or in a bucket of S3.
//!
//! ```text
//! COMMUNITY/ha/HASH      the object
//! blobs                  a local record of each in the community's store: how long it is, and what for
//! blob_room              how much of its room the community has taken; local, too
//! ```
//!
//! The records say what there is: an object that none names is refuse of a crash, and is overwritten when the same comes
//! again. So limits and retention never list the objects, and a cloud that was restored has what its records say, as far as
//! the objects survived: one that is missing is an error when it is asked for, and mended when it is put again.
//!
//! Invariants: a blob that was put survives a crash, and is whole; putting it again changes nothing; a key always begins with
//! the community that is asked for. A community that is full takes no more pictures; backups are not counted, because
//! a full community must be backed up, too.
//!
//! What must never be here: what a blob shows; an address by which somebody outside could have one.

use std::fmt;
use std::fs::{DirBuilder, File};
use std::io::{self, Read};
use std::ops::Range;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use dwellers_link::blobs::hex;
use dwellers_link::wire::BlobHash;
use dwellers_replica::{
    CommitError, Entry, Index, Now, Open, ReadError, Record, RecordId, Refusal, Schema, Spec, StoreError,
    Writes,
};
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt, RetryConfig};
use serde::{Deserialize, Serialize};
use tokio::sync::{Mutex, MutexGuard};

use crate::communities::Community;
use crate::config;

/// A file goes to the store in such parts.
const PART_BYTES: usize = 8 << 20;
/// How long a store that fails is tried again.
const RETRY: Duration = Duration::from_secs(30);
/// How often a commit is tried that others were faster than.
const TRIES: usize = 20;

/// What a blob is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The picture of a plate, of a hub's journal.
    #[default]
    Crop,
    /// A picture that somebody brought.
    Picture,
    /// A small one of such.
    Thumbnail,
    /// An encrypted copy of the community: hubs may have it.
    Backup,
}

impl Kind {
    /// Whether it takes of the community's room.
    fn is_counted(self) -> bool {
        self != Kind::Backup
    }
}

/// A blob that there is. Its id is the beginning of its hash. Local: objects are the cloud's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Blob {
    /// In hex.
    pub hash: String,
    /// How long it is.
    pub bytes: u64,
    /// What it is for.
    pub kind: Open<Kind>,
    /// When it was put here, in milliseconds since 1970.
    pub made_ms: u64,
}

impl Record for Blob {
    const SPEC: Spec =
        Spec { indexes: &[Index { name: "kind", on: &["kind", "made_ms"] }], ..Spec::local("blobs") };
}

/// How much of its room a community has taken; one record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Room {
    /// Bytes of all blobs that are counted.
    pub bytes: u64,
}

impl Record for Room {
    const SPEC: Spec = Spec::local("blob_room");
}

impl Room {
    const ID: RecordId = RecordId::new(0, 1);
}

/// Makes the records of this module known.
pub fn declare(schema: Schema) -> Schema {
    schema.with::<Blob>().with::<Room>()
}

/// Why a blob is not put or not had.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// The community has taken all of its room.
    #[error("the community's pictures have taken all of their {limit} bytes: nothing is added")]
    Full {
        /// How much there is.
        limit: u64,
    },
    /// The records name it, the store of objects does not have it.
    #[error("the blob {0} is lost: the store of objects does not have it")]
    Missing(String),
    /// It is not what its hash says.
    #[error("the blob {0} is damaged")]
    Damaged(String),
    /// What the configuration asks for cannot be.
    #[error("[blobs]: {0}")]
    Config(String),
    /// A file or folder.
    #[error("{}: {why}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// What the system says.
        why: String,
    },
    /// The store of objects fails.
    #[error("the store of objects: {0}")]
    Objects(#[from] object_store::Error),
    /// The records do not take it.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// A record does not read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The records fail.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A thread failed at it, or the cloud ends.
    #[error("the work was broken off")]
    Failed,
}

/// All communities' blobs. Clones are the same.
#[derive(Clone)]
pub struct Blobs {
    inner: Arc<Inner>,
}

struct Inner {
    objects: Box<dyn ObjectStore>,
    limit: u64,
    /// What is done to one blob is done in turn; others seldom wait for it.
    turns: [Mutex<()>; 64],
}

impl Blobs {
    /// As a configuration asks for it; `environment` has the keys.
    ///
    /// # Errors
    /// The folder cannot be made, or the bucket's description is not complete.
    pub fn open(
        config: &config::Blobs,
        data: &Path,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Blobs, BlobError> {
        let limit = config.community_gib << 30;
        match &config.s3 {
            None => Blobs::in_folder(&data.join("blobs"), limit),
            Some(s3) => Blobs::in_bucket(s3, limit, environment),
        }
    }

    /// In a folder, which is made where there is none; each community may have so many bytes.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn in_folder(folder: &Path, limit: u64) -> Result<Blobs, BlobError> {
        let mut builder = DirBuilder::new();
        builder.recursive(true).mode(0o700).create(folder).map_err(|error| fault(folder, &error))?;
        let objects = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
        Ok(Blobs::over(Box::new(objects), limit))
    }

    fn in_bucket(
        s3: &config::S3,
        limit: u64,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Blobs, BlobError> {
        let secret = |name: &str| {
            let value = environment(name).filter(|value| !value.is_empty());
            value.ok_or_else(|| BlobError::Config(format!("{name} is not in the environment")))
        };
        let retry = RetryConfig { max_retries: 3, retry_timeout: RETRY, ..RetryConfig::default() };
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&s3.bucket)
            .with_region(&s3.region)
            .with_access_key_id(secret("AWS_ACCESS_KEY_ID")?)
            .with_secret_access_key(secret("AWS_SECRET_ACCESS_KEY")?)
            .with_retry(retry)
            // What only speaks like Amazon's seldom knows how to remove many at once.
            .with_disable_bulk_delete(true);
        if let Some(endpoint) = &s3.endpoint {
            let is_here = ["127.0.0.1", "localhost", "[::1]"].iter().any(|host| {
                let rest = endpoint.strip_prefix("http://").and_then(|rest| rest.strip_prefix(host));
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
            });
            if !is_here && !endpoint.starts_with("https://") {
                return Err(BlobError::Config("over a network a bucket speaks HTTPS only".to_owned()));
            }
            builder = builder.with_endpoint(endpoint).with_allow_http(is_here);
        }
        // Its client asks the process which cryptography to use. There is one; who named it before named the same.
        let _ = tokio_rustls::rustls::crypto::ring::default_provider().install_default();
        Ok(Blobs::over(Box::new(builder.build()?), limit))
    }

    fn over(objects: Box<dyn ObjectStore>, limit: u64) -> Blobs {
        let turns = std::array::from_fn(|_| Mutex::default());
        Blobs { inner: Arc::new(Inner { objects, limit, turns }) }
    }

    /// Puts some bytes; when it returns, they survive a crash.
    ///
    /// # Errors
    /// The community is full, or a store does not take it.
    pub async fn put(
        &self,
        community: &Arc<Community>,
        kind: Kind,
        bytes: Vec<u8>,
        now: Now,
    ) -> Result<BlobHash, BlobError> {
        let hash = *blake3::hash(&bytes).as_bytes();
        let new = New { hash, length: bytes.len() as u64, kind, now };
        let key = key(community.id, &hash);
        self.keep(community, new, async || {
            self.inner.objects.put(&key, bytes.into()).await?;
            Ok(())
        })
        .await?;
        Ok(hash)
    }

    /// Puts a file, however long it is; it must not change meanwhile.
    ///
    /// # Errors
    /// As [`Blobs::put`], or the file does not read.
    pub async fn put_file(
        &self,
        community: &Arc<Community>,
        kind: Kind,
        path: &Path,
        now: Now,
    ) -> Result<BlobHash, BlobError> {
        let read = path.to_owned();
        let hashed = move || {
            let mut hasher = blake3::Hasher::new();
            hasher.update_reader(File::open(&read)?)?;
            Ok((*hasher.finalize().as_bytes(), hasher.count()))
        };
        let (hash, length) = blocking(hashed).await?.map_err(|error| fault(path, &error))?;
        let new = New { hash, length, kind, now };
        let key = key(community.id, &hash);
        self.keep(community, new, async || self.upload(&key, path, hash).await).await?;
        Ok(hash)
    }

    /// The record of a blob, where there is one.
    ///
    /// # Errors
    /// The records do not read.
    pub async fn about(
        &self,
        community: &Arc<Community>,
        hash: &BlobHash,
    ) -> Result<Option<Blob>, BlobError> {
        let (community, hash) = (community.clone(), *hash);
        Ok(blocking(move || record(&community, &hash)).await??.map(|entry| entry.value))
    }

    /// Whether a community lets its hubs have a blob: its backups, nothing else.
    ///
    /// # Errors
    /// The records do not read.
    pub async fn is_for_hubs(&self, community: &Arc<Community>, hash: &BlobHash) -> Result<bool, BlobError> {
        let blob = self.about(community, hash).await?;
        Ok(blob.is_some_and(|blob| blob.kind.known() == Some(&Kind::Backup)))
    }

    /// A whole blob, compared with its hash. In memory: of a backup there are ranges.
    ///
    /// # Errors
    /// It is lost or damaged, or a store fails.
    pub async fn get(
        &self,
        community: &Arc<Community>,
        hash: &BlobHash,
    ) -> Result<Option<Vec<u8>>, BlobError> {
        let Some(blob) = self.about(community, hash).await? else { return Ok(None) };
        let bytes = self.range(community, hash, 0..blob.bytes).await?;
        if blake3::hash(&bytes).as_bytes() != hash {
            return Err(BlobError::Damaged(blob.hash));
        }
        Ok(Some(bytes))
    }

    /// Some bytes of a blob, as far as it has them.
    ///
    /// # Errors
    /// It is lost, or a store fails.
    pub async fn get_range(
        &self,
        community: &Arc<Community>,
        hash: &BlobHash,
        range: Range<u64>,
    ) -> Result<Option<Vec<u8>>, BlobError> {
        let Some(blob) = self.about(community, hash).await? else { return Ok(None) };
        Ok(Some(self.range(community, hash, range.start.min(blob.bytes)..range.end.min(blob.bytes)).await?))
    }

    /// Removes a blob, where there is one: first what says that it is there.
    ///
    /// # Errors
    /// A store fails.
    pub async fn delete(&self, community: &Arc<Community>, hash: &BlobHash) -> Result<(), BlobError> {
        let _turn = self.turn(hash).await;
        let (records, id) = (community.clone(), *hash);
        blocking(move || unregister(&records, &id)).await??;
        match self.inner.objects.delete(&key(community.id, hash)).await {
            Err(object_store::Error::NotFound { .. }) | Ok(()) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Room first, then the object, then the record.
    async fn keep(
        &self,
        community: &Arc<Community>,
        new: New,
        write: impl AsyncFnOnce() -> Result<(), BlobError>,
    ) -> Result<(), BlobError> {
        let limit = self.inner.limit;
        let _turn = self.turn(&new.hash).await;
        if self.about(community, &new.hash).await?.is_some() {
            // Where the objects were lost, what comes again mends it.
            return match self.inner.objects.head(&key(community.id, &new.hash)).await {
                Ok(found) if found.size == new.length => Ok(()),
                Ok(_) | Err(object_store::Error::NotFound { .. }) => write().await,
                Err(error) => Err(error.into()),
            };
        }
        let records = community.clone();
        blocking(move || new.fits(&records, limit)).await??;
        write().await?;
        let records = community.clone();
        let registered = blocking(move || new.register(&records, limit)).await?;
        if registered.is_err() {
            // Others were faster to the last of the room. What nobody names harms nobody.
            let _ = self.inner.objects.delete(&key(community.id, &new.hash)).await;
        }
        registered
    }

    /// In parts, so that memory is bounded; broken off, nothing of it is to be seen.
    async fn upload(&self, key: &Key, path: &Path, hash: BlobHash) -> Result<(), BlobError> {
        let opened = path.to_owned();
        let mut file = blocking(move || File::open(opened)).await?.map_err(|error| fault(path, &error))?;
        let mut upload = self.inner.objects.put_multipart(key).await?;
        let mut hasher = blake3::Hasher::new();
        let sent = async {
            loop {
                let (back, part) = blocking(move || {
                    let mut part = Vec::with_capacity(PART_BYTES);
                    let read = file.by_ref().take(PART_BYTES as u64).read_to_end(&mut part);
                    (file, read.map(|_| part))
                })
                .await?;
                file = back;
                let part = part.map_err(|error| fault(path, &error))?;
                // A file of nothing is one part of nothing.
                let is_last = part.len() < PART_BYTES;
                hasher.update(&part);
                if !part.is_empty() || hasher.count() == 0 {
                    upload.put_part(part.into()).await?;
                }
                if is_last {
                    break;
                }
            }
            if *hasher.finalize().as_bytes() != hash {
                return Err(fault(path, &io::Error::other("it changed while it was read")));
            }
            Ok(())
        };
        match sent.await {
            Ok(()) => {
                upload.complete().await?;
                Ok(())
            }
            Err(why) => {
                let _ = upload.abort().await;
                Err(why)
            }
        }
    }

    async fn range(
        &self,
        community: &Community,
        hash: &BlobHash,
        range: Range<u64>,
    ) -> Result<Vec<u8>, BlobError> {
        if range.is_empty() {
            return Ok(Vec::new());
        }
        match self.inner.objects.get_range(&key(community.id, hash), range.clone()).await {
            Ok(bytes) if bytes.len() as u64 == range.end - range.start => Ok(bytes.into()),
            Ok(_) => Err(BlobError::Damaged(hex(hash))),
            Err(object_store::Error::NotFound { .. }) => Err(BlobError::Missing(hex(hash))),
            Err(error) => Err(error.into()),
        }
    }

    async fn turn(&self, hash: &BlobHash) -> MutexGuard<'_, ()> {
        self.inner.turns[usize::from(hash[31] % 64)].lock().await
    }
}

impl fmt::Debug for Blobs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // By its other form a bucket shows its keys.
        write!(f, "Blobs({})", self.inner.objects)
    }
}

/// A blob that is put.
#[derive(Clone, Copy)]
struct New {
    hash: BlobHash,
    length: u64,
    kind: Kind,
    now: Now,
}

impl New {
    /// The room as it would be.
    fn fits(self, community: &Community, limit: u64) -> Result<(Option<Entry<Room>>, u64), BlobError> {
        let room = room(community)?;
        let taken = room.as_ref().map_or(0, |room| room.value.bytes);
        if !self.kind.is_counted() {
            return Ok((room, taken));
        }
        let taken = taken.saturating_add(self.length);
        if taken > limit { Err(BlobError::Full { limit }) } else { Ok((room, taken)) }
    }

    fn register(self, community: &Community, limit: u64) -> Result<(), BlobError> {
        tried(|| {
            let (room, taken) = self.fits(community, limit)?;
            let blob = Blob {
                hash: hex(&self.hash),
                bytes: self.length,
                kind: Open::Known(self.kind),
                made_ms: self.now.ms,
            };
            let mut writes = Writes::new();
            writes.create(id(&self.hash), &blob);
            take_room(&mut writes, room.as_ref(), taken);
            community.store.commit(self.now, writes)?;
            Ok(())
        })
    }
}

fn unregister(community: &Community, hash: &BlobHash) -> Result<(), BlobError> {
    tried(|| {
        let Some(Entry { value: blob, .. }) = record(community, hash)? else { return Ok(()) };
        let mut writes = Writes::new();
        writes.remove::<Blob>(id(hash));
        let room = room(community)?;
        if blob.kind.known().is_none_or(|kind| kind.is_counted()) {
            let taken = room.as_ref().map_or(0, |room| room.value.bytes);
            take_room(&mut writes, room.as_ref(), taken.saturating_sub(blob.bytes));
        }
        // Nothing that is stamped with it: local records bear no time.
        community.store.commit(Now { ms: 0, trusted: false }, writes)?;
        Ok(())
    })
}

/// Two that take room at once see different rooms: who is slower looks again.
fn take_room(writes: &mut Writes, room: Option<&Entry<Room>>, bytes: u64) {
    match room {
        Some(room) if room.value.bytes == bytes => {}
        Some(room) => {
            writes.unchanged(room).update(room, |room| room.bytes = bytes);
        }
        None => {
            writes.create(Room::ID, &Room { bytes });
        }
    }
}

fn tried(mut work: impl FnMut() -> Result<(), BlobError>) -> Result<(), BlobError> {
    let mut tries = 0;
    loop {
        match work() {
            Err(BlobError::Commit(CommitError::Refused(
                Refusal::Changed { .. } | Refusal::Exists { .. },
            ))) if tries < TRIES => {
                tries += 1;
            }
            done => return done,
        }
    }
}

fn record(community: &Community, hash: &BlobHash) -> Result<Option<Entry<Blob>>, BlobError> {
    let found = community.store.view(|view| view.of::<Blob>().get(id(hash)))??;
    Ok(found.filter(|blob| blob.value.hash == hex(hash)))
}

fn room(community: &Community) -> Result<Option<Entry<Room>>, BlobError> {
    Ok(community.store.view(|view| view.of::<Room>().get(Room::ID))??)
}

/// Records about a blob bear the beginning of its hash.
pub(crate) fn id(hash: &BlobHash) -> RecordId {
    RecordId::from_bytes(std::array::from_fn(|at| hash[at]))
}

fn key(community: RecordId, hash: &BlobHash) -> Key {
    let hash = hex(hash);
    Key::from_iter([community.to_string().as_str(), &hash[..2], &hash])
}

fn fault(path: &Path, error: &io::Error) -> BlobError {
    BlobError::Io { path: path.to_owned(), why: error.to_string() }
}

async fn blocking<R: Send + 'static>(work: impl FnOnce() -> R + Send + 'static) -> Result<R, BlobError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| BlobError::Failed)
}
