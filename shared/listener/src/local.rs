//! Local sockets: who may listen where, lines that are never longer than agreed, and how a command line asks the service
//! that runs: one question a connection, a line of JSON, and a line of JSON back.
//!
//! Invariants: bounded lines, bounded time, a bounded number of questions at once; what was asked is in no log, for
//! there may be secrets in it.
//!
//! What must never be here: what the lines mean.

use std::fs;
use std::io::{self, BufRead, BufReader, Read as _, Write};
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// The longest line, without its end.
pub const MAX_LINE_BYTES: usize = 64 << 10;
/// The longest error in an answer.
const MAX_ERROR_CHARS: usize = 300;
/// How long one waits for the other's line.
const PATIENCE: Duration = Duration::from_secs(10);
/// Questions at once.
const MAX_AT_ONCE: usize = 8;
/// The longest answer that is read.
const MAX_ANSWER_BYTES: u64 = 1 << 20;

/// A socket's file, and who listens there. The file goes when this is dropped.
#[derive(Debug)]
pub struct Listener {
    listener: UnixListener,
    path: PathBuf,
}

/// Why nobody can listen at a path.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// Somebody answers there.
    #[error("{}: another process listens there already; stop it, or give this one another path", .0.display())]
    Taken(PathBuf),
    /// There is a file, and it is no socket.
    #[error("{}: there is a file that is no socket; remove it, or give another path", .0.display())]
    NoSocket(PathBuf),
    /// The system refuses.
    #[error("{}: {source}; its folder must exist and be writable, and the path shorter than 100 bytes", .path.display())]
    System {
        /// Where.
        path: PathBuf,
        /// What it says.
        source: io::Error,
    },
}

impl Listener {
    /// Listens at this path, whose file gets this mode. A file that a dead process left behind is replaced.
    ///
    /// # Errors
    /// Where somebody listens there already, or the system refuses.
    pub fn bind(path: &Path, mode: u32) -> Result<Self, BindError> {
        let system = |source| BindError::System { path: path.to_owned(), source };
        match fs::symlink_metadata(path) {
            Ok(found) if !found.file_type().is_socket() => return Err(BindError::NoSocket(path.to_owned())),
            // Nobody accepts at once after a connect that succeeds: the queue of the listener takes it.
            Ok(_) if std::os::unix::net::UnixStream::connect(path).is_ok() => {
                return Err(BindError::Taken(path.to_owned()));
            }
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(system(error)),
        }
        // Under another name until its mode is right, so that nobody comes in by the mode of the umask.
        let mut unready = path.as_os_str().to_owned();
        unready.push("~");
        let unready = PathBuf::from(unready);
        match fs::remove_file(&unready) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(system(error)),
            _ => {}
        }
        let listener = UnixListener::bind(&unready).map_err(system)?;
        fs::set_permissions(&unready, fs::Permissions::from_mode(mode)).map_err(system)?;
        fs::rename(&unready, path).map_err(system)?;
        Ok(Listener { listener, path: path.to_owned() })
    }

    /// The next connection.
    ///
    /// # Errors
    /// Where the system has no room for one.
    pub async fn accept(&self) -> io::Result<UnixStream> {
        self.listener.accept().await.map(|(stream, _)| stream)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_file(&self.path) {
            tracing::debug!(path = %self.path.display(), %error, "the socket's file is gone already");
        }
    }
}

/// An error for an answer: what a client said may stand in it, but not all of it.
pub fn brief(error: &impl std::fmt::Display) -> String {
    error.to_string().chars().take(MAX_ERROR_CHARS).collect()
}

/// What was read.
#[derive(Debug, PartialEq, Eq)]
pub enum Read {
    /// A line, without its end.
    Line(Vec<u8>),
    /// The other side ended; half a line before it does not count.
    End,
    /// The line is longer than [`MAX_LINE_BYTES`]; what follows cannot be told apart any more.
    TooLong,
}

/// The next line.
///
/// # Errors
/// Where the connection breaks.
pub async fn read_line(reader: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Read> {
    let mut line = Vec::new();
    reader.take(MAX_LINE_BYTES as u64 + 1).read_until(b'\n', &mut line).await?;
    Ok(match line.pop() {
        Some(b'\n') => Read::Line(line),
        _ if line.len() >= MAX_LINE_BYTES => Read::TooLong,
        _ => Read::End,
    })
}

/// Answers questions until `shutdown` is done: `perform` is called off the threads that serve sockets, with nothing where
/// the question does not read, which is then of another version of the program.
///
/// # Errors
/// Where the socket fails for good.
pub async fn answer<Q, A>(
    listener: Listener,
    perform: impl Fn(Option<Q>) -> A + Send + Sync + 'static,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()>
where
    Q: DeserializeOwned + Send,
    A: Serialize + Send + 'static,
{
    let perform = Arc::new(perform);
    let places = Arc::new(Semaphore::new(MAX_AT_ONCE));
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let place = Arc::clone(&places).acquire_owned().await.map_err(io::Error::other)?;
        let stream = tokio::select! {
            stream = listener.accept() => stream?,
            () = &mut shutdown => return Ok(()),
        };
        let perform = Arc::clone(&perform);
        tokio::spawn(async move {
            if let Err(error) = answer_one(stream, perform).await {
                tracing::debug!(%error, "a question of the command line was not answered");
            }
            drop(place);
        });
    }
}

async fn answer_one<Q, A>(
    stream: UnixStream,
    perform: Arc<impl Fn(Option<Q>) -> A + Send + Sync + 'static>,
) -> io::Result<()>
where
    Q: DeserializeOwned + Send,
    A: Serialize + Send + 'static,
{
    let mut stream = tokio::io::BufReader::new(stream);
    let line = match timeout(PATIENCE, read_line(&mut stream)).await?? {
        Read::Line(line) => line,
        // Somebody looked whether there is a service.
        Read::End => return Ok(()),
        Read::TooLong => return Err(io::Error::other("the question is too long")),
    };
    // Where it panics nobody answers: whoever asked hears that the service hung up, and its log says why.
    let work = move || perform(serde_json::from_slice(&line).ok());
    let answer = tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?;
    let mut line = serde_json::to_vec(&answer).map_err(io::Error::other)?;
    line.push(b'\n');
    timeout(PATIENCE, stream.get_mut().write_all(&line)).await?
}

/// Asks the service that listens there, and waits so long for its answer; nothing where none listens. Blocks.
///
/// # Errors
/// Where it does not answer, or may not be asked.
pub fn ask<A: DeserializeOwned>(
    path: &Path,
    question: &impl Serialize,
    patience: Duration,
) -> io::Result<Option<A>> {
    use io::ErrorKind::{ConnectionRefused, NotFound};
    let stream = match std::os::unix::net::UnixStream::connect(path) {
        Ok(stream) => stream,
        Err(error) if [ConnectionRefused, NotFound].contains(&error.kind()) => return Ok(None),
        Err(error) => return Err(error),
    };
    stream.set_read_timeout(Some(patience))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut line = serde_json::to_vec(question).map_err(io::Error::other)?;
    line.push(b'\n');
    (&stream).write_all(&line)?;
    let mut answer = String::new();
    BufReader::new(stream.take(MAX_ANSWER_BYTES)).read_line(&mut answer)?;
    if answer.is_empty() {
        return Err(io::Error::other("the service hung up; its log says why"));
    }
    serde_json::from_str(&answer).map(Some).map_err(io::Error::other)
}
