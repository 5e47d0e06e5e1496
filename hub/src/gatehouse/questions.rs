//! Questions that houses were asked, and how long their answers count.
//!
//! Invariant: an answer moves a gate only while this hub's own monotonic deadline runs. A later one is journalled
//! for a while, and nothing moves; after a restart no question runs.

use dwellers::access::{Credential, Reason, Verdict};
use dwellers::journal::{Entry, Kind};
use dwellers::questions::Answer;
use dwellers_replica::{Open, Query, RecordId};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Arrival, House, Visitor};
use crate::engine::Tick;

/// How long after the deadline a late answer still gets its line in the journal.
const LATE_MS: u64 = 10 * 60_000;
/// Questions that run at once; one that is over, else the oldest, makes room.
const MOST: usize = 64;
/// How often answers are looked for: the loop has other things to do at each turn.
const LOOK_EVERY_MS: u64 = 200;

/// A question that runs.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = QuestionAsked)]
pub struct Pending {
    /// Its record.
    pub question: RecordId,
    /// The gate's key.
    pub gate: String,
    /// The gate's record.
    pub gate_id: RecordId,
    /// The lane's key; may be empty.
    pub lane: String,
    /// The house that is asked.
    pub house: RecordId,
    /// Folded plate; may be empty.
    pub plate: String,
    /// The visitor; may be empty.
    pub name: String,
    /// The guard who asks.
    pub guard: String,
    /// The arrival that it is about.
    pub about: Option<RecordId>,
    /// When it was asked, in milliseconds since 1970.
    pub at_ms: u64,
    /// How long an answer counts.
    pub timeout_ms: u32,
}

impl Pending {
    /// An entry about this question.
    pub(super) fn entry(&self, kind: Kind) -> Entry {
        let Pending { question, gate_id, lane, house, plate, name, guard, about, .. } = self.clone();
        Entry {
            kind: Open::Known(kind),
            about: if kind == Kind::Asked { about } else { Some(question) },
            gate: Some(gate_id),
            lane,
            house: Some(house),
            plate,
            name,
            guard,
            ..Entry::default()
        }
    }
}

struct Watched {
    pending: Pending,
    deadline: Tick,
}

/// The questions that run, and those that just ended.
#[derive(Default)]
pub(super) struct Questions {
    watched: Vec<Watched>,
    look_at: Tick,
}

impl Questions {
    pub fn watch(&mut self, pending: Pending, now: Tick) {
        if self.watched.len() == MOST {
            let over = self.watched.iter().position(|watched| watched.deadline <= now);
            self.watched.remove(over.unwrap_or(0));
        }
        let deadline = Tick(now.0 + u64::from(pending.timeout_ms));
        self.watched.push(Watched { pending, deadline });
    }

    /// Those whose answers still count.
    pub fn running(&self, now: Tick) -> impl Iterator<Item = &Pending> {
        self.watched.iter().filter(move |watched| now < watched.deadline).map(|watched| &watched.pending)
    }
}

impl House {
    /// Looks for answers and acts on those that came in time.
    pub(super) fn hear_answers(&mut self) {
        let now = self.means.clock.tick();
        if self.questions.watched.is_empty() || now < self.questions.look_at {
            return;
        }
        self.questions.look_at = Tick(now.0 + LOOK_EVERY_MS);
        self.questions.watched.retain(|watched| now.0 < watched.deadline.0 + LATE_MS);
        for Watched { pending, deadline } in std::mem::take(&mut self.questions.watched) {
            match self.answer_to(&pending) {
                None => self.questions.watched.push(Watched { pending, deadline }),
                Some(answer) => self.answered(&pending, &answer, now < deadline),
            }
        }
    }

    /// The first answer that this hub has seen.
    fn answer_to(&self, pending: &Pending) -> Option<Answer> {
        let query = Query::on("question").equal(pending.question.to_string()).limit(1);
        let found = self.means.store.view(|view| view.of::<Answer>().find(&query));
        match found.map_err(Into::into).and_then(|found| found) {
            Ok(page) => page.entries.into_iter().next().map(|entry| entry.value),
            Err(error) => {
                tracing::error!(%error, "answers cannot be read");
                None
            }
        }
    }

    fn answered(&mut self, pending: &Pending, answer: &Answer, in_time: bool) {
        let (verdict, reason) = match (in_time, answer.allow) {
            (false, _) => (Verdict::Refuse, Reason::Expired),
            (true, false) => (Verdict::Refuse, Reason::Denied),
            (true, true) => (Verdict::Open, Reason::Allowed),
        };
        let (verdict, reason) = (Some(Open::Known(verdict)), Some(Open::Known(reason)));
        let guard = answer.guard.clone();
        self.note(Entry { verdict, reason, person: answer.person, guard, ..pending.entry(Kind::Answered) });
        if !in_time {
            return;
        }
        let Some(at) = self.posts.iter().position(|post| post.key == pending.gate) else { return };
        let waits = pending.about.is_none_or(|arrival| self.posts[at].waiting(arrival).is_some());
        if let Some(arrival) = pending.about.filter(|_| waits) {
            self.waiting.help(arrival).allowed = Some(answer.allow);
        }
        if answer.allow && waits {
            let (house, plate) = (pending.house, pending.plate.clone());
            let decision = self.judge(at, &pending.lane, Credential::Answer { house, plate: plate.clone() });
            let visitor = Visitor { plate, name: pending.name.clone(), house: Some(house) };
            let (lane, about) = (pending.lane.clone(), pending.about);
            self.decided(at, Arrival { lane, about, visitor, ..Arrival::default() }, decision);
        }
    }
}
