//! Pictures of plates, kept in a folder under their BLAKE3 hashes: the journal names them, screens show them.
//!
//! Invariants: the gate loop never waits for the folder (a thread writes, its queue is bounded, and what does not fit
//! is left out); what is shown is what its hash says, whole; the folder never holds more than its limits, the oldest go first.
//!
//! What must never be here: a picture that is looked into; a name that is not a hash.

use std::collections::{HashMap, HashSet, VecDeque};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The largest picture that is kept.
pub const MAX_CROP_BYTES: usize = 30_000;
/// Pictures that wait to be written.
const MAX_WAITING: usize = 64;
/// A file that seems older was written by a clock that nobody had set: 2020.
const PLAUSIBLE: Duration = Duration::from_secs(1_577_836_800);
/// So long nothing need name a picture: what names it is on its way into the journal.
const UNNAMED: Duration = Duration::from_secs(3_600);
/// How a file is called until it is whole.
const UNFINISHED: &str = "unfinished";

/// How much a folder holds at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Files.
    pub files: usize,
    /// Bytes of all files together.
    pub bytes: u64,
}

impl Default for Limits {
    /// Some weeks of a busy gate, a small part of a memory card.
    fn default() -> Self {
        Limits { files: 50_000, bytes: 512 << 20 }
    }
}

/// The folder. When the last handle is dropped, what waits is written and the thread ends.
#[derive(Clone)]
pub struct Crops {
    folder: PathBuf,
    jobs: SyncSender<Job>,
    waiting: Waiting,
}

/// What the thread is asked for.
enum Job {
    /// To keep a picture.
    Keep(Arc<Vec<u8>>),
    /// To destroy what is too old, and tell how many those were.
    Forget(Age, SyncSender<io::Result<u64>>),
}

/// Which pictures are kept.
#[derive(Clone, Debug)]
pub struct Age {
    /// Those from then on, in milliseconds since 1970 …
    pub since_ms: u64,
    /// … that something names, by their hashes; who was erased is named no more.
    pub named: HashSet<String>,
    /// When it is.
    pub now_ms: u64,
}

/// Pictures that are not in the folder yet: the journal may name one before the thread has come to it, and whoever then
/// asks must not hear that it is gone.
#[derive(Clone, Default)]
struct Waiting(Arc<Mutex<HashMap<String, Arc<Vec<u8>>>>>);

impl Crops {
    /// Opens a folder, and makes it where it is missing.
    ///
    /// # Errors
    /// Where the folder cannot be made or read, or no thread can be had.
    pub fn open(folder: &Path, limits: Limits) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let shelf = Shelf::open(folder, limits)?;
        let (jobs, received) = sync_channel(MAX_WAITING);
        let waiting = Waiting::default();
        let written = waiting.clone();
        thread::Builder::new().name("crops".into()).spawn(move || shelf.serve(&received, &written))?;
        Ok(Crops { folder: folder.to_owned(), jobs, waiting })
    }

    /// What a picture is called.
    pub fn hash(picture: &[u8]) -> String {
        blake3::hash(picture).to_hex().to_string()
    }

    /// Keeps a picture, soon. Never waits; answers whether it was taken.
    pub fn keep(&self, picture: Vec<u8>) -> bool {
        let fits = !picture.is_empty() && picture.len() <= MAX_CROP_BYTES;
        let taken = fits && {
            let (hash, picture) = (Crops::hash(&picture), Arc::new(picture));
            // While it is locked the thread cannot be done with it already.
            let mut waiting = self.waiting.lock();
            let sent = self.jobs.try_send(Job::Keep(picture.clone())).is_ok();
            if sent {
                waiting.insert(hash, picture);
            }
            sent
        };
        if !taken {
            tracing::warn!(fits, "a picture is left out");
        }
        taken
    }

    /// Destroys what is not to be kept; how many pictures that were. Waits for the thread: not for the gate loop.
    ///
    /// # Errors
    /// Where the folder cannot be changed; another try goes on.
    pub fn forget(&self, age: Age) -> io::Result<u64> {
        let (tell, told) = sync_channel(1);
        let ended = || io::Error::other("the thread of the pictures has ended");
        self.jobs.send(Job::Forget(age, tell)).map_err(|_| ended())?;
        told.recv().map_err(|_| ended())?
    }

    /// A picture by its hash; `None` where it is not there (any more), or the hash is none.
    ///
    /// # Errors
    /// Where the folder cannot be read.
    pub fn get(&self, hash: &str) -> io::Result<Option<Vec<u8>>> {
        if !is_hash(hash) {
            return Ok(None);
        }
        if let Some(picture) = self.waiting.lock().get(hash) {
            return Ok(Some(picture.as_ref().clone()));
        }
        match fs::read(self.folder.join(hash)) {
            // What a power cut left half written is none.
            Ok(picture) => Ok(Some(picture).filter(|picture| Crops::hash(picture) == hash)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl Waiting {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Arc<Vec<u8>>>> {
        // Nothing is half done while it is held.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_hash(name: &str) -> bool {
    name.len() == 64 && name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// The thread's own state: what lies in the folder, the oldest first.
struct Shelf {
    folder: PathBuf,
    limits: Limits,
    files: VecDeque<(String, u64)>,
    bytes: u64,
}

impl Shelf {
    fn open(folder: &Path, limits: Limits) -> io::Result<Self> {
        let mut files = Vec::new();
        for file in fs::read_dir(folder)? {
            let file = file?;
            let (name, about) = (file.file_name(), file.metadata()?);
            if let Some(name) = name.to_str().filter(|name| is_hash(name)) {
                let age = about.modified().unwrap_or(SystemTime::UNIX_EPOCH);
                files.push((age, name.to_owned(), about.len()));
            }
        }
        files.sort();
        let bytes = files.iter().map(|(_, _, length)| length).sum();
        let files = files.into_iter().map(|(_, name, length)| (name, length)).collect();
        let mut shelf = Shelf { folder: folder.to_owned(), limits, files, bytes };
        shelf.make_room()?;
        Ok(shelf)
    }

    fn serve(mut self, jobs: &Receiver<Job>, waiting: &Waiting) {
        while let Ok(job) = jobs.recv() {
            match job {
                Job::Keep(picture) => {
                    if let Err(error) = self.put(&picture) {
                        tracing::error!(%error, "a picture cannot be kept");
                    }
                    waiting.lock().remove(&Crops::hash(&picture));
                }
                // Who has asked and does not wait for the answer knows it another time.
                Job::Forget(age, tell) => drop(tell.send(self.forget(&age))),
            }
        }
    }

    fn forget(&mut self, age: &Age) -> io::Result<u64> {
        let moment = |ms: u64| UNIX_EPOCH + Duration::from_millis(ms);
        let (since, now) = (moment(age.since_ms), moment(age.now_ms));
        let unnamed = now.checked_sub(UNNAMED).unwrap_or(UNIX_EPOCH);
        let mut forgotten = 0;
        // As many as there are, each once: where one fails, those behind it are still known.
        for _ in 0..self.files.len() {
            let Some((name, length)) = self.files.front().cloned() else { break };
            let path = self.folder.join(&name);
            let made = match fs::metadata(&path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => None,
                about => Some(about?.modified()?),
            };
            let Some(made) = made else {
                self.bytes -= length;
                self.files.pop_front();
                continue;
            };
            let (is_dated, is_named) = (made >= UNIX_EPOCH + PLAUSIBLE, age.named.contains(&name));
            if !is_dated {
                // Its time counts from now on, so that it ends.
                fs::File::options().write(true).open(&path)?.set_modified(now)?;
            }
            if is_dated && (made < since || made < unnamed && !is_named) {
                fs::remove_file(&path)?;
                self.bytes -= length;
                self.files.pop_front();
                forgotten += 1;
            } else {
                self.files.rotate_left(1);
            }
        }
        Ok(forgotten)
    }

    fn put(&mut self, picture: &[u8]) -> io::Result<()> {
        let name = Crops::hash(picture);
        let path = self.folder.join(&name);
        if path.exists() {
            return Ok(());
        }
        // Not synced: a picture that a power cut takes is a picture less, and a card worn out is worse.
        let unfinished = self.folder.join(UNFINISHED);
        fs::write(&unfinished, picture)?;
        fs::rename(&unfinished, path)?;
        let length = picture.len() as u64;
        self.files.push_back((name, length));
        self.bytes += length;
        self.make_room()
    }

    fn make_room(&mut self) -> io::Result<()> {
        while self.files.len() > self.limits.files || self.bytes > self.limits.bytes {
            let Some((name, length)) = self.files.pop_front() else { break };
            self.bytes -= length;
            match fs::remove_file(self.folder.join(name)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }
}
