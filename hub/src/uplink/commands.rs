//! Commands from afar: judged and done as if the person stood at the gate, and what was seen of it is told.
//!
//! What must never be here: whether a command is fresh (its challenge was spent before); a list of them.

use std::sync::Arc;
use std::time::Duration;

use dwellers::access::{Credential, Reason, Verdict};
use dwellers::journal::Kind;
use dwellers_link::challenge::Refusal;
use dwellers_link::wire::{Command, Outcome, Stage};
use dwellers_replica::RecordId;
use tokio::sync::{broadcast, mpsc};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::gatehouse::{self, Gatehouse, Visitor};
use crate::scribe::Written;

/// Commands under way at once; a settlement has a gate or two.
const AT_ONCE: usize = 16;
/// How long after the relay was told a gate is watched: it opens within seconds, or jams.
const SEEN: Duration = Duration::from_secs(20);

pub(super) struct Commands {
    gatehouse: Gatehouse,
    tell: mpsc::Sender<Outcome>,
    /// Those under way; they end with the connection, and what they began goes on at the gate.
    under_way: JoinSet<()>,
}

impl Commands {
    /// What becomes of them goes to `tell`, which ends with the connection.
    pub fn new(gatehouse: Gatehouse, tell: mpsc::Sender<Outcome>) -> Commands {
        Commands { gatehouse, tell, under_way: JoinSet::new() }
    }

    /// Does one that has just come, where its challenge was fresh; returns at once.
    pub fn take(&mut self, command: Command, fresh: Result<(), Refusal>) {
        while self.under_way.try_join_next().is_some() {}
        let (gatehouse, tell) = (self.gatehouse.clone(), self.tell.clone());
        let is_full = self.under_way.len() >= AT_ONCE;
        self.under_way.spawn(async move {
            let id = command.id;
            let say = |stage| {
                // Where the connection is gone, nobody hears it: the journal has it.
                let _ = tell.try_send(Outcome { command: id, stage });
            };
            if fresh.is_err() || is_full {
                return say(Stage::Refused(if fresh.is_err() { "too_late" } else { "busy" }.to_owned()));
            }
            // Before the command, so that nothing is missed.
            let journal = gatehouse.follow();
            match begin(&gatehouse, command).await {
                Ok(entry) => follow(journal, entry, say).await,
                Err(why) => say(Stage::Refused(why)),
            }
        });
    }
}

/// The opening's entry in the journal; or why there is none.
async fn begin(gatehouse: &Gatehouse, command: Command) -> Result<RecordId, String> {
    let Command { id, gate, lane, person, .. } = command;
    let state = gatehouse.state().borrow().clone();
    let gate = state.gates.iter().find(|known| known.id == gate).ok_or("no-gate")?.gate.key.clone();
    let told = gatehouse
        .command(gatehouse::Command::Pass {
            gate,
            lane,
            credential: Credential::Button(person),
            guard: String::new(),
            about: None,
            note: format!("link {id}"),
            visitor: Visitor::default(),
        })
        .await
        .map_err(|why| why.to_string())?;
    let decision = told.decision.unwrap_or_default();
    if decision.verdict == Verdict::Open { Ok(told.entry) } else { Err(word(decision.reason)) }
}

/// A reason by its name in records.
fn word(reason: Reason) -> String {
    serde_json::to_value(reason).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// What the journal tells of an opening, until its end.
async fn follow(mut journal: broadcast::Receiver<Arc<Written>>, opening: RecordId, say: impl Fn(Stage)) {
    let told = timeout(SEEN, async {
        loop {
            let written = match journal.recv().await {
                Ok(written) => written,
                // What was missed may have been its end.
                Err(broadcast::error::RecvError::Lagged(_)) => continue,
                Err(broadcast::error::RecvError::Closed) => return,
            };
            if written.entry.about != Some(opening) {
                continue;
            }
            match written.entry.kind.known() {
                Some(Kind::Commanded) => say(Stage::Commanded),
                Some(Kind::Failed | Kind::Abandoned | Kind::Jammed) => return say(Stage::Failed),
                Some(Kind::SeenOpen | Kind::Passed) => return say(Stage::SeenOpen),
                _ => {}
            }
        }
    });
    if told.await.is_err() {
        say(Stage::NothingSeen);
    }
}
