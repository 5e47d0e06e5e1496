//! The door of plate reads as a local socket: a line of JSON each, and a line for an answer.
//!
//! ```text
//! {"gate":"main","lane":"in","plate":"А123ВС77","confidence":0.98,"strength":"strong"}  ▶  "accepted"
//! {"gate":"mian","lane":"in","plate":"А123ВС77","confidence":0.98}                      ▶  {"refused":{"why":"…","again":false}}
//! ```
//!
//! Whoever may open the socket's file may say that a plate was read: the folder and [`MODE`] keep others out.
//! Everything is bounded: lines, connections, silence, and how often one may be wrong.

use std::future::Future;
use std::io::{self, BufRead, Read as _, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncWriteExt, BufReader};
use tokio::net::UnixStream;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::{Intake, Read, Refused};
use dwellers_listener::local::{self, Listener, MAX_LINE_BYTES};

/// The socket's name in the hub's run folder.
pub const FILE_NAME: &str = "reads.sock";
/// The mode of its file: the hub's user and group.
pub const MODE: u32 = 0o660;
/// How long whoever offers a read waits for its answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a client may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections at once.
    pub max_connections: usize,
    /// A connection without a whole line for so long is closed.
    pub idle: Duration,
    /// One that does not take its answer is closed.
    pub write: Duration,
    /// So many lines in a row that are no reads, and it is closed.
    pub max_mistakes: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            max_connections: 8,
            idle: Duration::from_secs(300),
            write: Duration::from_secs(5),
            max_mistakes: 16,
        }
    }
}

/// The answer to a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The read is with its gate. What becomes of it stands in the journal.
    Accepted,
    /// It is not.
    Refused {
        /// What would be right.
        why: String,
        /// The same line may be taken later.
        again: bool,
    },
}

impl Answer {
    fn refused(why: impl ToString) -> Self {
        Answer::Refused { why: why.to_string(), again: false }
    }
}

/// Offers a read to the hub that listens there.
///
/// # Errors
/// Where none does, or it does not answer.
pub fn offer(path: &Path, read: &Read) -> io::Result<Answer> {
    let stream = std::os::unix::net::UnixStream::connect(path)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut line = serde_json::to_vec(read).map_err(io::Error::other)?;
    line.push(b'\n');
    (&stream).write_all(&line)?;
    let mut answer = String::new();
    std::io::BufReader::new(stream.take(MAX_LINE_BYTES as u64)).read_line(&mut answer)?;
    serde_json::from_str(&answer).map_err(io::Error::other)
}

/// Serves until `shutdown`; open connections end with it.
pub async fn serve(
    listener: Listener,
    intake: Arc<Intake>,
    limits: Limits,
    shutdown: impl Future<Output = ()>,
) {
    let places = Arc::new(Semaphore::new(limits.max_connections));
    let mut connections = JoinSet::new();
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            () = &mut shutdown => return,
            Some(_) = connections.join_next() => continue,
            accepted = listener.accept() => accepted,
        };
        let stream = match accepted {
            Ok(stream) => stream,
            Err(error) => {
                tracing::warn!(%error, "no room for a connection to the reads");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        match Arc::clone(&places).try_acquire_owned() {
            Ok(place) => {
                let intake = Arc::clone(&intake);
                connections.spawn(async move {
                    let _place = place;
                    if let Err(error) = converse(stream, &intake, limits).await {
                        tracing::info!(%error, "a connection to the reads ended");
                    }
                });
            }
            Err(_) => {
                tracing::warn!(max = limits.max_connections, "too many connections to the reads");
                refuse_connection(&stream, limits.max_connections);
            }
        }
    }
}

/// Its buffer is empty: the line fits, or nobody is there.
fn refuse_connection(stream: &UnixStream, max: usize) {
    let why = format!("there are {max} connections already; use one for all reads");
    drop(stream.try_write(&line(&Answer::Refused { why, again: true })));
}

async fn converse(mut stream: UnixStream, intake: &Intake, limits: Limits) -> io::Result<()> {
    let (reader, mut writer) = stream.split();
    let mut reader = BufReader::new(reader);
    let mut mistakes = 0;
    loop {
        let (answer, is_last) = match tokio::time::timeout(limits.idle, local::read_line(&mut reader)).await {
            Err(_) => {
                let idle_s = limits.idle.as_secs_f32();
                (Answer::refused(format!("there was no whole line for {idle_s} s; connect again")), true)
            }
            Ok(read) => match read? {
                local::Read::End => return Ok(()),
                local::Read::TooLong => {
                    tracing::warn!("a line to the reads is too long");
                    (Answer::refused(format!("a line has at most {MAX_LINE_BYTES} bytes")), true)
                }
                local::Read::Line(line) => {
                    let answer = take(&line, intake, &mut mistakes);
                    (answer, mistakes >= limits.max_mistakes)
                }
            },
        };
        tokio::time::timeout(limits.write, writer.write_all(&line(&answer))).await??;
        if is_last {
            return Ok(());
        }
    }
}

fn take(line: &[u8], intake: &Intake, mistakes: &mut u32) -> Answer {
    *mistakes += 1;
    let read: Read = match serde_json::from_slice(line) {
        Ok(read) => read,
        Err(error) => {
            // The line itself may hold a plate: only where it is wrong is logged.
            tracing::warn!(line = error.line(), column = error.column(), "a line to the reads is no read");
            return Answer::refused(format!("this is no read: {}", local::brief(&error)));
        }
    };
    match intake.offer(read) {
        Ok(()) => {
            *mistakes = 0;
            Answer::Accepted
        }
        Err(refused @ (Refused::Busy | Refused::Stopped)) => {
            *mistakes = 0;
            tracing::warn!(%refused, "a read is not taken");
            Answer::Refused { why: refused.to_string(), again: true }
        }
        Err(refused) => {
            tracing::warn!(%refused, "a read is not taken");
            Answer::refused(refused)
        }
    }
}

fn line(answer: &Answer) -> Vec<u8> {
    // It is made of text, and writing to memory cannot fail.
    let mut line = serde_json::to_vec(answer).expect("an answer is JSON");
    line.push(b'\n');
    line
}
