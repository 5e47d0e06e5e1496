//! The format of a backup: `age( zstd( tar( community.json, store.db ) ) )`, in one stream; that of the cloud's own stores
//! has other names in it ([`super::own`]).
//!
//! Invariants: memory is bounded, whatever the length of the store; what is read is taken only to the end of the file, where
//! age says that nothing is missing; of the names in the archive none becomes a path.
//!
//! What must never be here: where files lie.

use std::error::Error;
use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use age::x25519::Identity;
use age::{DecryptError, Decryptor, Encryptor};
use dwellers_replica::{RecordId, ReplicaId};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{BackupError, fault};

/// The format that this program writes, and the newest that it reads.
pub const FORMAT: u32 = 1;

/// A manifest has some hundreds of bytes.
const MAX_MANIFEST_BYTES: u64 = 64 << 10;
/// Of zstd: what costs about as much time as encrypting.
const LEVEL: i32 = 3;
/// What is moved at once.
const PIECE: usize = 256 << 10;
/// How much is moved between two questions whether to go on.
const STRETCH: u64 = 1 << 20;

/// Asked now and then while something large is moved: whether to go on.
pub type GoOn<'a> = &'a mut dyn FnMut() -> bool;

/// What a backup says of itself, in the first file in it; the others are stores.
pub trait Document: Serialize + DeserializeOwned + PartialEq {
    /// What that file is called.
    const NAME: &'static str;

    /// When the backup was made, in milliseconds since 1970.
    fn taken_ms(&self) -> u64;

    /// The stores, in their order.
    fn stores(&self) -> Vec<Stored<'_>>;
}

/// A store in a backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored<'a> {
    /// What its file is called.
    pub name: &'static str,
    /// How long it is.
    pub bytes: u64,
    /// Its BLAKE3 hash, in hex.
    pub blake3: &'a str,
}

/// What a community's backup says of itself; `community.json` in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT`] of the program that wrote it.
    pub format: u32,
    /// The community: hubs know it by this id.
    pub community: RecordId,
    /// What the operator called it.
    pub name: String,
    /// When the community was made, in milliseconds since 1970.
    pub made_ms: u64,
    /// When the backup was.
    pub taken_ms: u64,
    /// The program that made it.
    pub program: String,
    /// Which replica the store was.
    pub replica: ReplicaId,
    /// How long `store.db` is.
    pub bytes: u64,
    /// Its BLAKE3 hash, in hex.
    pub blake3: String,
    /// The hash over the store's digests ([`super::digest`]): whoever holds the same has the same.
    pub digest: String,
}

impl Document for Manifest {
    const NAME: &'static str = "community.json";

    fn taken_ms(&self) -> u64 {
        self.taken_ms
    }

    fn stores(&self) -> Vec<Stored<'_>> {
        vec![Stored { name: "store.db", bytes: self.bytes, blake3: &self.blake3 }]
    }
}

/// A backup as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packed {
    /// How long it is.
    pub bytes: u64,
    /// Its BLAKE3 hash.
    pub hash: blake3::Hash,
}

/// The hash of a file, and how long it is.
///
/// # Errors
/// It does not read.
pub fn hash_file(path: &Path) -> Result<(blake3::Hash, u64), BackupError> {
    let mut hasher = blake3::Hasher::new();
    let read = File::open(path).and_then(|mut file| io::copy(&mut file, &mut hasher));
    let bytes = read.map_err(|error| fault(path, &error))?;
    Ok((hasher.finalize(), bytes))
}

/// Writes the backup of copies to a file that is not there yet; it is on the medium then.
///
/// # Errors
/// What the system says, or it was told to stop.
pub fn pack<M: Document>(
    manifest: &M,
    copies: &[&Path],
    readers: &[&dyn age::Recipient],
    to: &Path,
    go_on: GoOn<'_>,
) -> Result<Packed, BackupError> {
    let mut packed = || -> io::Result<Packed> {
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to)?;
        let encryptor = Encryptor::with_recipients(readers.iter().copied()).map_err(io::Error::other)?;
        let sealed = encryptor.wrap_output(Hashing::over(file))?;
        let mut archive = tar::Builder::new(zstd::Encoder::new(sealed, LEVEL)?);
        let document = serde_json::to_vec_pretty(manifest)?;
        let mut add = |name, bytes, content: &mut dyn Read| {
            let mut header = tar::Header::new_gnu();
            header.set_size(bytes);
            header.set_mode(0o600);
            header.set_mtime(manifest.taken_ms() / 1_000);
            archive.append_data(&mut header, name, content)
        };
        add(M::NAME, document.len() as u64, &mut document.as_slice())?;
        for (stored, copy) in manifest.stores().iter().zip(copies) {
            add(stored.name, stored.bytes, &mut Paced::new(File::open(copy)?, &mut *go_on))?;
        }
        let hashed = archive.into_inner()?.finish()?.finish()?;
        hashed.inner.sync_all()?;
        Ok(Packed { bytes: hashed.bytes, hash: hashed.hasher.finalize() })
    };
    packed().map_err(|error| fault(to, &error))
}

/// Reads a backup back from where it lies and compares all of it with what went in.
///
/// # Errors
/// [`BackupError::Differs`], or it does not read.
pub fn compare<M: Document>(
    backup: &Path,
    identity: &Identity,
    manifest: &M,
    copies: &[&Path],
    hash: &blake3::Hash,
    go_on: GoOn<'_>,
) -> Result<(), BackupError> {
    let differs = || BackupError::Differs(backup.to_owned());
    let file = File::open(backup).map_err(|error| fault(backup, &error))?;
    // From the medium, as far as the system lets us, and not out of the memory that it was written from.
    let _ = rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::DontNeed);
    let mut hashed = Hashing::over(Paced::new(file, go_on));
    let compared = contents(backup, &mut hashed, identity, |found: &M, nth, content| {
        let mut original = File::open(copies[nth]).map_err(|error| fault(copies[nth], &error))?;
        let same =
            *found == *manifest && same(content, &mut original).map_err(|error| broken(backup, &error))?;
        if same { Ok(()) } else { Err(differs()) }
    });
    match compared {
        Ok(_) if hashed.hasher.finalize() == *hash => Ok(()),
        // It was right a moment ago.
        Ok(_) | Err(BackupError::Damaged(_) | BackupError::Foreign(_) | BackupError::WrongKey(_)) => {
            Err(differs())
        }
        Err(other) => Err(other),
    }
}

/// Opens a backup and writes its stores to files that are not there yet.
///
/// # Errors
/// It is none, another key's, damaged, of a newer format, or does not fit; what was written is incomplete then.
pub fn unpack<M: Document>(backup: &Path, identity: &Identity, to: &[&Path]) -> Result<M, BackupError> {
    let file = File::open(backup).map_err(|error| fault(backup, &error))?;
    contents(backup, file, identity, |manifest: &M, nth, content| {
        let (stored, to) = (manifest.stores()[nth], to[nth]);
        let free = free_bytes(to)?;
        if free < stored.bytes {
            return Err(BackupError::Room { path: to.to_owned(), needed: stored.bytes, free });
        }
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to);
        let mut hashed = Hashing::over(file.map_err(|error| fault(to, &error))?);
        let mut piece = vec![0; PIECE];
        loop {
            let read = content.read(&mut piece).map_err(|error| broken(backup, &error))?;
            if read == 0 {
                break;
            }
            hashed.write_all(&piece[..read]).map_err(|error| fault(to, &error))?;
        }
        hashed.inner.sync_all().map_err(|error| fault(to, &error))?;
        if hashed.bytes != stored.bytes || hashed.hasher.finalize().to_string() != stored.blake3 {
            return Err(BackupError::Damaged(backup.to_owned()));
        }
        Ok(())
    })
}

/// Opens what is sealed and hands on each store in it; all of it is read before the answer counts.
fn contents<M: Document>(
    path: &Path,
    sealed: impl Read,
    identity: &Identity,
    mut take: impl FnMut(&M, usize, &mut dyn Read) -> Result<(), BackupError>,
) -> Result<M, BackupError> {
    let foreign = || BackupError::Foreign(path.to_owned());
    let broken = |error: io::Error| broken(path, &error);
    let opened = Decryptor::new_buffered(BufReader::with_capacity(PIECE, sealed))
        .and_then(|decryptor| decryptor.decrypt(std::iter::once(identity as &dyn age::Identity)));
    let opened = opened.map_err(|why| match why {
        DecryptError::NoMatchingKeys => BackupError::WrongKey(path.to_owned()),
        DecryptError::InvalidHeader | DecryptError::UnknownFormat => foreign(),
        DecryptError::Io(error) => broken(error),
        _ => BackupError::Damaged(path.to_owned()),
    })?;
    let mut archive = tar::Archive::new(zstd::Decoder::new(opened).map_err(broken)?);
    let manifest = {
        let mut entries = archive.entries().map_err(broken)?;
        let mut next = |name: &str| match entries.next() {
            Some(Ok(entry)) if *entry.path_bytes() == *name.as_bytes() => Ok(entry),
            Some(Err(error)) => Err(broken(error)),
            Some(Ok(_)) | None => Err(foreign()),
        };
        let mut document = Vec::new();
        next(M::NAME)?.take(MAX_MANIFEST_BYTES).read_to_end(&mut document).map_err(broken)?;
        let manifest: M = parse(path, &document)?;
        for (nth, stored) in manifest.stores().iter().enumerate() {
            let mut store = next(stored.name)?;
            if store.size() != stored.bytes {
                return Err(BackupError::Damaged(path.to_owned()));
            }
            take(&manifest, nth, &mut store)?;
        }
        manifest
    };
    // Only its end tells that nothing was cut off.
    io::copy(&mut archive.into_inner(), &mut io::sink()).map_err(broken)?;
    Ok(manifest)
}

/// The format first: of a newer one nothing else need be as it is here.
fn parse<M: Document>(path: &Path, document: &[u8]) -> Result<M, BackupError> {
    #[derive(Deserialize)]
    struct Format {
        format: u32,
    }
    let foreign = |_| BackupError::Foreign(path.to_owned());
    let Format { format } = serde_json::from_slice(document).map_err(foreign)?;
    if format > FORMAT {
        return Err(BackupError::Newer { path: path.to_owned(), found: format });
    }
    serde_json::from_slice(document).map_err(foreign)
}

/// Why a backup does not read: the disk says so, or its bytes are not as they were.
fn broken(path: &Path, error: &io::Error) -> BackupError {
    if error.raw_os_error().is_some() || is_stop(error) {
        return fault(path, error);
    }
    BackupError::Damaged(path.to_owned())
}

fn same(one: &mut dyn Read, other: &mut dyn Read) -> io::Result<bool> {
    let (mut of_one, mut of_other) = (vec![0; PIECE], vec![0; PIECE]);
    loop {
        let (read, also) = (fill(one, &mut of_one)?, fill(other, &mut of_other)?);
        if of_one[..read] != of_other[..also] {
            return Ok(false);
        }
        if read == 0 {
            return Ok(true);
        }
    }
}

/// As much as there is, at most the whole.
fn fill(from: &mut dyn Read, piece: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < piece.len() {
        match from.read(&mut piece[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

fn free_bytes(file: &Path) -> Result<u64, BackupError> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let found = rustix::fs::statvfs(folder).map_err(|error| fault(folder, &error.into()))?;
    Ok(found.f_bavail.saturating_mul(found.f_frsize))
}

/// Counts and hashes what passes.
struct Hashing<T> {
    inner: T,
    hasher: blake3::Hasher,
    bytes: u64,
}

impl<T> Hashing<T> {
    fn over(inner: T) -> Hashing<T> {
        Hashing { inner, hasher: blake3::Hasher::new(), bytes: 0 }
    }

    fn count(&mut self, passed: &[u8]) {
        self.hasher.update(passed);
        self.bytes += passed.len() as u64;
    }
}

impl<T: Write> Write for Hashing<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.count(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<T: Read> Read for Hashing<T> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.count(&into[..read]);
        Ok(read)
    }
}

/// Asks now and then whether to go on.
struct Paced<'a> {
    inner: File,
    go_on: GoOn<'a>,
    since: u64,
}

impl<'a> Paced<'a> {
    fn new(inner: File, go_on: GoOn<'a>) -> Paced<'a> {
        Paced { inner, go_on, since: STRETCH }
    }
}

impl Read for Paced<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.since >= STRETCH {
            self.since = 0;
            if !(self.go_on)() {
                return Err(io::Error::other(Stop));
            }
        }
        let read = self.inner.read(into)?;
        self.since += read as u64;
        Ok(read)
    }
}

/// Nobody wants it any more.
#[derive(Debug)]
struct Stop;

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("stopped")
    }
}

impl Error for Stop {}

/// Whether this is how a [`GoOn`] that said no is heard.
pub(super) fn is_stop(error: &io::Error) -> bool {
    let mut cause = error.get_ref().map(|why| why as &(dyn Error + 'static));
    while let Some(why) = cause {
        if why.is::<Stop>() {
            return true;
        }
        // What wraps it may be an error of the same kind.
        cause = match why.downcast_ref::<io::Error>() {
            Some(inner) => inner.get_ref().map(|why| why as &(dyn Error + 'static)),
            None => why.source(),
        };
    }
    false
}
