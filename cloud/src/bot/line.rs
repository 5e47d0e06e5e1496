//! The way out: dialogues put outputs in, the adapter of the messenger takes them out and says what came of them.
//!
//! What must never be here: how fast a messenger takes them; which one it is.

use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use super::talk::{At, Done, Output, Screen, Undone};

/// So many outputs wait for the adapter; who has one more waits before.
const WAITING: usize = 256;
/// An adapter says in less what came of one.
const PATIENCE: Duration = Duration::from_secs(120);

/// An output that is under way.
#[derive(Debug)]
pub struct Errand {
    /// What is to be done.
    pub output: Output,
    /// Whether somebody waits for it at this moment: it goes before what is told to many.
    pub urgent: bool,
    /// Who hears what came of it.
    pub done: oneshot::Sender<Result<Done, Undone>>,
}

/// What the adapter takes outputs from: those that somebody waits for, and the others.
#[derive(Debug)]
pub struct Errands {
    /// Of people who have just said or pressed something, and of guards' questions.
    pub urgent: mpsc::Receiver<Errand>,
    /// Of everybody else.
    pub other: mpsc::Receiver<Errand>,
}

/// The way to one messenger. Clones are the same one.
#[derive(Clone, Debug)]
pub struct Line {
    urgent: mpsc::Sender<Errand>,
    other: mpsc::Sender<Errand>,
}

impl Line {
    /// A line, and what its adapter takes from.
    pub fn new() -> (Line, Errands) {
        let ((urgent, urgent_out), (other, other_out)) = (mpsc::channel(WAITING), mpsc::channel(WAITING));
        (Line { urgent, other }, Errands { urgent: urgent_out, other: other_out })
    }

    /// Puts an output in that somebody waits for, and waits for what comes of it.
    ///
    /// # Errors
    /// What the messenger says, or that nobody takes it.
    pub async fn put(&self, output: Output) -> Result<Done, Undone> {
        Line::give(&self.urgent, output, true).await
    }

    /// The same for what has time.
    ///
    /// # Errors
    /// What the messenger says, or that nobody takes it.
    pub async fn put_by_and_by(&self, output: Output) -> Result<Done, Undone> {
        Line::give(&self.other, output, false).await
    }

    /// Says something that somebody waits for.
    ///
    /// # Errors
    /// What the messenger says, or that nobody takes it.
    pub async fn say(&self, chat: i64, screen: Screen) -> Result<At, Undone> {
        match self.put(Output::Say { chat, screen }).await? {
            Done::Said(at) => Ok(at),
            other => Err(Undone::Unknown(format!("it was said, and answered by {other:?}"))),
        }
    }

    async fn give(to: &mpsc::Sender<Errand>, output: Output, urgent: bool) -> Result<Done, Undone> {
        let (done, outcome) = oneshot::channel();
        let gone = || Undone::NotNow { why: "the messenger is not spoken to".to_owned(), after_ms: 0 };
        let sent = timeout(PATIENCE, to.send(Errand { output, urgent, done })).await;
        sent.map_err(|_| gone())?.map_err(|_| gone())?;
        match timeout(PATIENCE, outcome).await {
            Ok(Ok(outcome)) => outcome,
            _ => Err(Undone::Unknown("nobody said what came of it".to_owned())),
        }
    }
}
