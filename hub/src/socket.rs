//! Local sockets: who may listen where, and lines that are never longer than agreed.
//!
//! What must never be here: what the lines mean.

use std::fs;
use std::io;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::{Path, PathBuf};

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt};
use tokio::net::{UnixListener, UnixStream};

/// The longest line, without its end.
pub const MAX_LINE_BYTES: usize = 64 << 10;
/// The longest error in an answer.
const MAX_ERROR_CHARS: usize = 300;

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
