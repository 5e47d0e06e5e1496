//! Blobs on the hub's end of the link: it answers for its own pictures, and asks the cloud for what shall lie here.
//!
//! ```text
//! fetcher.fetch(Wanted { hash, limit_bytes, path }).await   Ok: the whole blob lies at `path`, durably
//! ```
//!
//! A fetch waits for a connection, and goes on over the next one from where the last was cut: what came lies in `HASH.part`
//! beside the path, also when the hub restarts in between and it is asked for again.
//!
//! Invariants: files are touched on threads of their own, one at a time; what lies at the path is what the hash says; a
//! peer that lies costs the file of what came, never more bytes than the limit.
//!
//! What must never be here: which blobs are wanted; a picture that the journal's folder does not hold.

use std::collections::VecDeque;
use std::fs::{self, File, OpenOptions};
use std::future::pending;
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dwellers_link::blobs::{Asking, Failure, answer, hex, span};
use dwellers_link::wire::{BlobHash, Message, Want};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tracing::{error, warn};

use crate::clock::Clock;
use crate::crops::Crops;

/// Fetches that wait for the one that is under way.
const QUEUE: usize = 16;

/// A blob of the cloud that shall lie here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Its BLAKE3 hash.
    pub hash: BlobHash,
    /// The most that it may have: a longer one is not taken.
    pub limit_bytes: u64,
    /// Where it shall lie. The folder is there; what lies at the path before is replaced.
    pub path: PathBuf,
}

/// Why it does not come. It may be asked for again later.
#[derive(Debug, thiserror::Error)]
pub enum Lost {
    /// The cloud does not have it, does not answer, or lies.
    #[error(transparent)]
    Failed(#[from] Failure),
    /// The disk does not take it.
    #[error("{}: {why}", path.display())]
    Disk {
        /// Where.
        path: PathBuf,
        /// What the system says.
        why: String,
    },
    /// The hub ends.
    #[error("the hub ends")]
    Ended,
}

/// Asks for blobs of the cloud.
#[derive(Clone, Debug)]
pub struct Fetcher(mpsc::Sender<Job>);

impl Fetcher {
    /// Waits, over as many connections as it takes, until a blob lies where it is wanted. Who drops this wants it no more.
    ///
    /// # Errors
    /// It does not come.
    pub async fn fetch(&self, wanted: Wanted) -> Result<(), Lost> {
        let (reply, ended) = oneshot::channel();
        self.0.send(Job { wanted: Arc::new(wanted), reply }).await.map_err(|_| Lost::Ended)?;
        ended.await.unwrap_or(Err(Lost::Ended))
    }
}

/// What is asked for: it outlives connections.
#[derive(Debug)]
pub struct Fetches {
    queue: mpsc::Receiver<Job>,
    current: Option<Job>,
}

#[derive(Debug)]
struct Job {
    wanted: Arc<Wanted>,
    reply: oneshot::Sender<Result<(), Lost>>,
}

/// Both ends of the hub's wishes.
pub fn fetches() -> (Fetcher, Fetches) {
    let (ask, queue) = mpsc::channel(QUEUE);
    (Fetcher(ask), Fetches { queue, current: None })
}

/// What came so far of a blob, on disk.
#[derive(Debug)]
struct Partial {
    file: File,
    path: PathBuf,
    has: u64,
}

/// Blobs on one connection.
pub struct Exchange<'a> {
    crops: Crops,
    clock: Clock,
    fetches: &'a mut Fetches,
    /// The fetch under way, once its file is open.
    asking: Option<Asking>,
    /// The file; nothing while a thread works on it.
    partial: Option<Partial>,
    /// Whether a thread works on the file.
    is_writing: bool,
    is_answering: bool,
    says: VecDeque<Message>,
    works: JoinSet<Done>,
}

/// What a thread has done.
enum Done {
    Answered(Message),
    Opened(io::Result<Partial>),
    Kept(io::Result<Partial>),
    Ended(Result<(), Lost>),
}

impl<'a> Exchange<'a> {
    /// On a connection that has just begun.
    pub fn new(crops: Crops, clock: Clock, fetches: &'a mut Fetches) -> Exchange<'a> {
        Exchange {
            crops,
            clock,
            fetches,
            asking: None,
            partial: None,
            is_writing: false,
            is_answering: false,
            says: VecDeque::new(),
            works: JoinSet::new(),
        }
    }

    /// Takes what the cloud said, where it is about blobs.
    pub fn take(&mut self, message: Message) {
        match message {
            Message::Want(want) => self.answer(want),
            Message::Part(part) => {
                let Some(asking) = &mut self.asking else { return };
                match asking.take(part) {
                    Ok(None) => {}
                    Ok(Some(bytes)) => self.write(bytes),
                    Err(why) => self.fail(why),
                }
            }
            Message::Without(hash) => {
                if let Some(Err(why)) = self.asking.as_ref().map(|asking| asking.without(hash)) {
                    self.fail(why);
                }
            }
            _ => {}
        }
    }

    /// The next that is to be said; to be asked again after each word of the cloud and each tick. Nothing is lost where it is
    /// dropped.
    pub async fn next(&mut self) -> Message {
        loop {
            self.go_on();
            if let Some(message) = self.says.pop_front() {
                return message;
            }
            let is_free = self.fetches.current.is_none() && !self.is_writing;
            tokio::select! {
                Some(done) = self.works.join_next() => match done {
                    Ok(done) => self.done(done),
                    Err(why) => {
                        error!("a thread of the link failed: {why}");
                        (self.is_writing, self.is_answering) = (false, false);
                        self.end(Err(Lost::Ended));
                    }
                },
                Some(job) = self.fetches.queue.recv(), if is_free => self.fetches.current = Some(job),
                else => pending().await,
            }
        }
    }

    /// A thread reads the picture. The cloud asks for one at a time: what it asks beside that it will ask again.
    fn answer(&mut self, want: Want) {
        if self.is_answering {
            return;
        }
        self.is_answering = true;
        let crops = self.crops.clone();
        self.works.spawn_blocking(move || {
            let found = crops.get(&hex(&want.hash)).unwrap_or_else(|error| {
                error!(%error, "a picture cannot be read");
                None
            });
            Done::Answered(answer(&want, found.map(|picture| part(&picture, &want))))
        });
    }

    /// Opens the file of what is wanted, asks for more of it, or compares its hash.
    fn go_on(&mut self) {
        if self.is_writing {
            return;
        }
        let Some(Job { wanted, reply }) = &self.fetches.current else { return };
        if reply.is_closed() {
            // Nobody wants it any more; what came of it may be of use later.
            (self.fetches.current, self.asking, self.partial) = (None, None, None);
            return;
        }
        let wanted = wanted.clone();
        let Some(asking) = &mut self.asking else {
            self.is_writing = true;
            self.works.spawn_blocking(move || match is_it(&wanted.path, wanted.hash) {
                // It was put there while the line was cut.
                Ok(true) => Done::Ended(Ok(())),
                _ => Done::Opened(Partial::open(&wanted)),
            });
            return;
        };
        if asking.is_whole() {
            if let Some(partial) = self.partial.take() {
                self.is_writing = true;
                self.works.spawn_blocking(move || Done::Ended(partial.finish(&wanted)));
            }
            return;
        }
        match asking.due(self.clock.tick().0) {
            Ok(want) => self.says.extend(want.map(Message::Want)),
            Err(why) => self.fail(why),
        }
    }

    fn write(&mut self, bytes: Vec<u8>) {
        if let Some(partial) = self.partial.take() {
            self.is_writing = true;
            self.works.spawn_blocking(move || Done::Kept(partial.append(&bytes)));
        }
    }

    fn done(&mut self, done: Done) {
        let kept = match done {
            Done::Answered(message) => {
                self.is_answering = false;
                return self.says.push_back(message);
            }
            Done::Opened(opened) => {
                if let (Ok(partial), Some(job)) = (&opened, &self.fetches.current) {
                    let Wanted { hash, limit_bytes, .. } = *job.wanted;
                    self.asking = Some(Asking::new(hash, partial.has, limit_bytes));
                }
                opened
            }
            Done::Kept(kept) => kept,
            Done::Ended(ended) => {
                self.is_writing = false;
                return self.end(ended);
            }
        };
        self.is_writing = false;
        match kept {
            Ok(partial) => self.partial = Some(partial),
            Err(error) => {
                if let Some(job) = &self.fetches.current {
                    let lost = disk(&job.wanted.path, &error);
                    self.end(Err(lost));
                }
            }
        }
    }

    /// What came of a peer that lies is worth nothing.
    fn fail(&mut self, why: Failure) {
        match self.partial.take() {
            Some(partial) if why.is_lie() => {
                self.is_writing = true;
                self.works.spawn_blocking(move || {
                    partial.discard();
                    Done::Ended(Err(why.into()))
                });
            }
            _ => self.end(Err(why.into())),
        }
    }

    fn end(&mut self, ended: Result<(), Lost>) {
        (self.asking, self.partial) = (None, None);
        if let Some(job) = self.fetches.current.take() {
            if let Err(why) = &ended {
                warn!(blob = hex(&job.wanted.hash), "it does not come: {why}");
            }
            // Whoever asked may have gone.
            let _ = job.reply.send(ended);
        }
    }
}

impl Partial {
    fn open(wanted: &Wanted) -> io::Result<Partial> {
        let path = wanted.path.with_file_name(format!("{}.part", hex(&wanted.hash)));
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false).mode(0o600);
        let file = options.open(&path)?;
        let mut has = file.metadata()?.len();
        if has > wanted.limit_bytes {
            file.set_len(0)?;
            has = 0;
        }
        Ok(Partial { file, path, has })
    }

    fn append(mut self, bytes: &[u8]) -> io::Result<Partial> {
        self.file.write_all_at(bytes, self.has)?;
        self.has += bytes.len() as u64;
        Ok(self)
    }

    /// A power cut leaves what lay at the path before, or all of it.
    fn finish(self, wanted: &Wanted) -> Result<(), Lost> {
        if !is_it(&self.path, wanted.hash).map_err(|error| disk(&self.path, &error))? {
            self.discard();
            return Err(Failure::Wrong.into());
        }
        let put = || -> io::Result<()> {
            self.file.sync_all()?;
            fs::rename(&self.path, &wanted.path)?;
            File::open(wanted.path.parent().unwrap_or(Path::new(".")))?.sync_all()
        };
        put().map_err(|error| disk(&wanted.path, &error))
    }

    fn discard(self) {
        if let Err(error) = fs::remove_file(&self.path) {
            error!(%error, "{} cannot be removed", self.path.display());
        }
    }
}

fn is_it(path: &Path, hash: BlobHash) -> io::Result<bool> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(File::open(path)?)?;
    Ok(*hasher.finalize().as_bytes() == hash)
}

fn part(picture: &[u8], want: &Want) -> (u64, Vec<u8>) {
    let of = picture.len() as u64;
    let span = span(want, of);
    (of, picture[span.start as usize..span.end as usize].to_vec())
}

fn disk(path: &Path, error: &io::Error) -> Lost {
    Lost::Disk { path: path.to_owned(), why: error.to_string() }
}
