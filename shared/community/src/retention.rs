//! How long what is kept: by class, set by the administrators within bounds, obeyed by the cloud and by every gatehouse.
//!
//! What rests on a horizon is dropped everywhere at once when the cloud moves it. Pictures are each machine's own: it
//! destroys them by age. What was destroyed is written down ([`Sweep`]).
//!
//! Invariants: the bounds hold whatever somebody sets; what is to be kept for a shorter time is kept as before for a week, so
//! that whoever sees it can take it back; and pictures never outlast the journal that names them; a horizon moves
//! in steps, so that no transaction is long, and never goes nearer than so many days to what a gatehouse wrote last: by a clock
//! that is wrong it would lie ahead of the gatehouses, which could write nothing any more.
//!
//! What must never be here: a clock; a picture.

use std::collections::BTreeMap;

use dwellers_replica::{
    Entry as Read, Index, Query, ReadError, Record, RecordId, ReplicaId, Role as Side, Spec, View, Writers,
    Writes,
};
use serde::{Deserialize, Serialize};

use crate::alarms::{Alarm, AlarmEnd};
use crate::command::{Actor, Context, Denied, readable};
use crate::journal;
use crate::passes::Pass;
use crate::people::{self, Application, Permission, Verdict};
use crate::privacy::{Doomed, What, photo};
use crate::questions::{Answer, Question};

/// A day, in milliseconds.
pub const DAY_MS: u64 = 24 * 3_600_000;
/// A pass may be issued a year ahead, for a month: one of so many days ago is over.
const PASS_DAYS: u64 = 400;
/// What was destroyed is remembered so long.
const SWEEP_DAYS: u64 = 3 * 365;
/// So many entries of a hub's journal are dropped in one transaction.
const AT_ONCE: usize = 5_000;

/// So long what is shortened is kept as before.
pub const NOTICE_MS: u64 = 7 * DAY_MS;
/// The fields of [`Retention`] with their least and most days, in their order.
const BOUNDS: [(&str, u32, u32); 6] = [
    ("pictures_days", 1, 90),
    ("journal_days", 30, 1095),
    ("applications_days", 7, 90),
    ("questions_days", 7, 365),
    ("alarms_days", 30, 1095),
    ("audit_days", 90, 1825),
];

/// How many of which class.
pub type Counts = BTreeMap<String, u64>;

/// How many days what is kept. One record, [`Retention::ID`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Retention {
    /// Pictures of the gates: 1 to 90, and no longer than the journal.
    pub pictures_days: u32,
    /// The journal, with the passes that it tells of: 30 to 1095.
    pub journal_days: u32,
    /// Requests to join; one that nobody decided in that time is refused: 7 to 90.
    pub applications_days: u32,
    /// Questions to houses, their answers, and what people were told: 7 to 365.
    pub questions_days: u32,
    /// Alarms: 30 to 1095.
    pub alarms_days: u32,
    /// What those in office did, and what they looked at: 90 to 1825.
    pub audit_days: u32,
    /// What is kept until a shortening counts; nothing where none was made.
    pub notice: Option<Notice>,
}

/// What was kept before it was shortened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Notice {
    /// From then on the shortening counts, in milliseconds since 1970.
    pub from_ms: u64,
    /// How many days until then, in the order of the fields of [`Retention`].
    pub days: Vec<u32>,
}

impl Default for Retention {
    fn default() -> Self {
        Retention {
            pictures_days: 30,
            journal_days: 365,
            applications_days: 30,
            questions_days: 90,
            alarms_days: 365,
            audit_days: 365,
            notice: None,
        }
    }
}

impl Record for Retention {
    const SPEC: Spec = Spec { writers: Writers::Only(Side::Cloud), ..Spec::profile("retention") };
}

impl Retention {
    /// The id of the one record.
    pub const ID: RecordId = RecordId::new(0, 1);

    fn days(&self) -> [u32; 6] {
        let Retention { pictures_days, journal_days, applications_days, .. } = *self;
        [
            pictures_days,
            journal_days,
            applications_days,
            self.questions_days,
            self.alarms_days,
            self.audit_days,
        ]
    }

    fn of([pictures, journal, applications, questions, alarms, audit]: [u32; 6]) -> Retention {
        Retention {
            pictures_days: pictures,
            journal_days: journal,
            applications_days: applications,
            questions_days: questions,
            alarms_days: alarms,
            audit_days: audit,
            notice: None,
        }
    }

    fn check(&self) -> Result<(), Denied> {
        for (days, (field, least, most)) in self.days().into_iter().zip(BOUNDS) {
            if !(least..=most).contains(&days) {
                return Err(Denied::invalid(field, "out-of-range"));
            }
        }
        match self.pictures_days <= self.journal_days {
            true => Ok(()),
            false => Err(Denied::invalid("pictures_days", "out-of-range")),
        }
    }

    /// What counts at a moment, within the bounds whatever somebody wrote.
    fn at(&self, now_ms: u64) -> Retention {
        let mut days = self.days();
        if let Some(Notice { days: before, .. }) =
            self.notice.as_ref().filter(|notice| now_ms < notice.from_ms)
        {
            for (days, before) in days.iter_mut().zip(before) {
                *days = (*days).max(*before);
            }
        }
        for (days, (_, least, most)) in days.iter_mut().zip(BOUNDS) {
            *days = (*days).clamp(least, most);
        }
        let kept = Retention::of(days);
        Retention { pictures_days: kept.pictures_days.min(kept.journal_days), ..kept }
    }

    /// From when on a shortening counts that does not yet.
    pub fn shortens_ms(&self, now_ms: u64) -> Option<u64> {
        self.notice.as_ref().map(|notice| notice.from_ms).filter(|from_ms| now_ms < *from_ms)
    }
}

/// What a machine destroyed because its time was over, or because somebody wanted it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sweep {
    /// Which machine.
    pub replica: ReplicaId,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// How many of which class: `pictures`, `journal`, `passes`, `questions`, `alarms`, `applications`, `audit`,
    /// `requests`, `notifications`, `visits`, `erased`.
    pub destroyed: Counts,
}

impl Record for Sweep {
    const SPEC: Spec = Spec {
        owner: Some("replica"),
        indexes: &[Index { name: "time", on: &["at_ms"] }],
        ..Spec::fact("sweeps")
    };
}

/// How long what is kept here, at this moment.
///
/// # Errors
/// Where the record does not read, or the store fails.
pub fn retention(view: View<'_>, now_ms: u64) -> Result<Retention, ReadError> {
    let kept = view.of::<Retention>().get(Retention::ID)?.map(|kept| kept.value).unwrap_or_default();
    Ok(kept.at(now_ms))
}

/// Sets how long what is kept; what is shortened counts a week later.
///
/// # Errors
/// Where the actor may not, or a number is out of its bounds.
pub fn set(ctx: &mut Context<'_>, actor: &Actor, wanted: &Retention) -> Result<Writes, Denied> {
    ctx.require(actor, Permission::ManageCommunity)?;
    wanted.check()?;
    let now_ms = ctx.now.ms;
    let before = retention(ctx.view, now_ms)?.days();
    let is_shorter = wanted.days().into_iter().zip(before).any(|(wanted, before)| wanted < before);
    let notice =
        is_shorter.then(|| Notice { from_ms: now_ms.saturating_add(NOTICE_MS), days: before.to_vec() });
    let wanted = Retention { notice, ..wanted.clone() };
    let mut writes = Writes::new();
    match ctx.view.of::<Retention>().get(Retention::ID)? {
        Some(before) => writes.update(&before, |kept| kept.clone_from(&wanted)).unchanged(&before),
        None => writes.create(Retention::ID, &wanted),
    };
    Ok(writes)
}

/// The moment before which something is destroyed that is kept for so many days.
pub fn before(now_ms: u64, days: u32) -> u64 {
    now_ms.saturating_sub(u64::from(days) * DAY_MS)
}

/// A step of forgetting: how many of which class, and what does it; nothing where nothing is due.
///
/// # Errors
/// Where the store fails.
pub fn forget(ctx: &mut Context<'_>, kept: &Retention) -> Result<Option<(Counts, Writes)>, Denied> {
    let now_ms = journal::newest_ms(ctx.view)?.map_or(ctx.now.ms, |newest_ms| newest_ms.min(ctx.now.ms));
    let (mut counts, mut writes) = (Counts::new(), Writes::new());
    let (entries, before_ms) = old_entries(ctx.view, before(now_ms, kept.journal_days))?;
    if entries > 0 {
        counts.insert("journal".to_owned(), entries);
        writes.forget::<journal::Entry>(ctx.new_id()?, before_ms);
    }
    let questions_ms = before(now_ms, kept.questions_days);
    let questions = count::<Question>(ctx.view, "time", questions_ms, questions_ms)?;
    if questions > 0 {
        counts.insert("questions".to_owned(), questions);
        writes.forget::<Question>(ctx.new_id()?, questions_ms);
        writes.forget::<Answer>(ctx.new_id()?, questions_ms);
    }
    let alarms_ms = before(now_ms, kept.alarms_days);
    let alarms = count::<Alarm>(ctx.view, "time", alarms_ms, alarms_ms)?;
    if alarms > 0 {
        counts.insert("alarms".to_owned(), alarms);
        // An end is younger than what it ends: nothing stands again.
        writes.forget::<Alarm>(ctx.new_id()?, alarms_ms);
        writes.forget::<AlarmEnd>(ctx.new_id()?, alarms_ms);
    }
    let days = u64::from(kept.journal_days).max(PASS_DAYS);
    let passes_ms = now_ms.saturating_sub(days * DAY_MS);
    let passes = count::<Pass>(ctx.view, "until", passes_ms, passes_ms.saturating_add(PASS_DAYS * DAY_MS))?;
    if passes > 0 {
        counts.insert("passes".to_owned(), passes);
        writes.forget::<Pass>(ctx.new_id()?, passes_ms);
    }
    let sweeps_ms = now_ms.saturating_sub(SWEEP_DAYS * DAY_MS);
    if count::<Sweep>(ctx.view, "time", sweeps_ms, sweeps_ms)? > 0 {
        writes.forget::<Sweep>(ctx.new_id()?, sweeps_ms);
    }
    Ok((writes.field_count() > 0).then_some((counts, writes)))
}

/// How many entries of the journal are older, and up to where they are dropped in one step.
fn old_entries(view: View<'_>, before_ms: u64) -> Result<(u64, u64), ReadError> {
    let (mut made, mut limit_ms) = (Vec::new(), before_ms);
    for hub in journal::hubs(view)? {
        let mut after = None;
        let mut of_hub = 0;
        'book: loop {
            let query = Query::on("number").equal(hub.to_string()).after(after).limit(Query::MAX_LIMIT);
            let page = view.of::<journal::Entry>().find(&query)?;
            for entry in page.entries {
                let made_ms = entry.id.made_ms();
                if made_ms >= before_ms {
                    break 'book;
                }
                of_hub += 1;
                made.push(made_ms);
                if of_hub == AT_ONCE {
                    limit_ms = limit_ms.min(made_ms.saturating_add(1));
                    break 'book;
                }
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
    }
    Ok((made.iter().filter(|made_ms| **made_ms < limit_ms).count() as u64, limit_ms))
}

/// How many facts were made before a moment, of those whose index of time is below another.
fn count<T: Record>(view: View<'_>, index: &str, before_ms: u64, below_ms: u64) -> Result<u64, ReadError> {
    let found: Vec<Read<T>> = readable(view, &Query::on(index).below(below_ms))?;
    Ok(found.iter().filter(|found| found.id.made_ms() < before_ms).count() as u64)
}

/// Requests to join whose time is over: what they told of somebody is to be erased, with the photo.
///
/// # Errors
/// Where the store fails.
pub fn stale_applications(view: View<'_>, now_ms: u64, kept: &Retention) -> Result<Vec<Doomed>, ReadError> {
    let old = Query::on("time").below(before(now_ms, kept.applications_days));
    let old = readable::<Application>(view, &old)?.into_iter();
    let told = old.filter(|application| !application.value.name.is_empty());
    let doom = |application: Read<Application>| {
        let blob = photo(&application.value);
        Doomed { what: What::Application, id: application.id, blob }
    };
    Ok(told.map(doom).collect())
}

/// Refuses those of these requests that nobody decided, of [`crate::privacy::AT_ONCE`] at most; `reason` is for who asked.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn refuse_undecided(
    ctx: &mut Context<'_>,
    stale: &[Doomed],
    reason: &str,
) -> Result<Option<Writes>, Denied> {
    let mut writes = Writes::new();
    // A verdict has seven fields.
    for application in stale.iter().take(crate::privacy::AT_ONCE).map(|doomed| doomed.id) {
        if people::verdict(ctx.view, application)?.is_none() {
            let (reason, at_ms) = (reason.to_owned(), ctx.now.ms);
            let key = [application.to_string().into()];
            let verdict = Verdict { application, reason, at_ms, ..Verdict::default() };
            writes.create(ctx.new_id()?, &verdict).absent::<Verdict>("application", key);
        }
    }
    Ok((writes.field_count() > 0).then_some(writes))
}

/// Writes down what this machine destroyed; nothing where it was nothing.
///
/// # Errors
/// Where the store fails.
pub fn swept(ctx: &mut Context<'_>, destroyed: Counts) -> Result<Option<Writes>, Denied> {
    let destroyed: Counts = destroyed.into_iter().filter(|(_, count)| *count > 0).collect();
    if destroyed.is_empty() {
        return Ok(None);
    }
    let mut writes = Writes::new();
    let sweep = Sweep { replica: ctx.view.replica()?, at_ms: ctx.now.ms, destroyed };
    writes.create(ctx.new_id()?, &sweep);
    Ok(Some(writes))
}
