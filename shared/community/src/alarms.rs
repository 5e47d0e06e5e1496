//! Alarms: what is wrong with the machines of a community, for those who can see to it.
//!
//! An alarm is a fact, and its end another. One that tells of a state (a hub is silent) ends when the state does; one that
//! tells of something that happened (a disk was copied) ends when an administrator has seen it. While one stands, the same
//! is not raised again, however often it is noticed: nobody is woken twice for one cause.
//!
//! The cloud alone writes them: what a hub says of itself is worth what the hub is.
//!
//! What must never be here: who is told, and how; when something counts as wrong (that is known where it is noticed).

use dwellers_replica::{
    Direction, Entry, Index, Open, Query, ReadError, Record, RecordId, Role as Side, Spec, View, Writers,
    Writes,
};
use serde::{Deserialize, Serialize};

use crate::command::{Actor, Context, Denied};
use crate::people::Permission;

/// The longest words about an alarm.
const MAX_WORDS: usize = 300;
/// The same is not raised again sooner, in milliseconds: what comes and goes would fill the store.
const AGAIN_MS: u64 = 3_600_000;

/// What is wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = AlarmKind))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Nothing is heard of a hub.
    #[default]
    HubSilent,
    /// A hub's clock is far off, or nothing vouches for it.
    ClockOff,
    /// Hub and cloud do not hold the same, though each has sent all it has.
    CopiesDiffer,
    /// A hub's disk was restored or copied: two may bear one name.
    DiskCopied,
    /// A hub sent what it may not, or is not the one that it says it is.
    Forbidden,
    /// Somebody came to the link with a key that is no hub's here, or that was revoked.
    Intruder,
    /// A picture or file that came over the link is not what it is called, or was asked for by one who may not.
    BlobRefused,
    /// There was no good backup for too long.
    BackupOverdue,
    /// There is no room for pictures any more.
    NoRoom,
    /// The cloud's clock jumped ahead, or it stood for long: nothing is destroyed by age until somebody has seen this.
    ClockJumped,
}

impl Kind {
    /// Whether it tells of a state, and ends with it; the others end when somebody has seen them.
    pub fn is_state(self) -> bool {
        match self {
            Kind::HubSilent | Kind::ClockOff | Kind::BackupOverdue | Kind::NoRoom => true,
            Kind::CopiesDiffer
            | Kind::DiskCopied
            | Kind::Forbidden
            | Kind::Intruder
            | Kind::BlobRefused
            | Kind::ClockJumped => false,
        }
    }
}

/// An alarm.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Alarm {
    /// What is wrong.
    pub kind: Open<Kind>,
    /// With what, as its kind names it: a hub's replica id or device key; empty for the cloud itself.
    pub subject: String,
    /// What it is called, for people.
    pub name: String,
    /// The how many-th of its kind and subject, from 1.
    pub nth: u32,
    /// Particulars, in English: for whoever looks into it.
    pub words: String,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
}

impl Record for Alarm {
    const SPEC: Spec = Spec {
        // A hub that is no more trusted would end what tells of it.
        writers: Writers::Only(Side::Cloud),
        indexes: &[
            Index { name: "subject", on: &["kind", "subject", "nth"] },
            Index { name: "time", on: &["at_ms"] },
        ],
        ..Spec::fact("alarms")
    };
}

/// The end of an alarm.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AlarmEnd {
    /// Of which.
    pub alarm: RecordId,
    /// The administrator who has seen it; nobody where it ended by itself.
    pub person: Option<RecordId>,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
}

impl Record for AlarmEnd {
    const SPEC: Spec = Spec {
        writers: Writers::Only(Side::Cloud),
        indexes: &[Index { name: "alarm", on: &["alarm"] }],
        ..Spec::fact("alarm_ends")
    };
}

/// What an alarm is about.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// What is wrong.
    pub kind: Kind,
    /// With what; see [`Alarm::subject`].
    pub subject: &'a str,
    /// What that is called, for people.
    pub name: &'a str,
}

/// Raises an alarm; nothing where the same stands already, or was raised within the hour.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn raise(ctx: &mut Context<'_>, about: About<'_>, words: &str) -> Result<Option<Writes>, Denied> {
    let About { kind, subject, name } = about;
    let last = last(ctx.view, kind, subject)?;
    if let Some(last) = &last {
        let again_ms = last.value.at_ms.saturating_add(AGAIN_MS);
        // One from the future was written by a clock that was wrong.
        let is_soon = ctx.now.ms < again_ms && last.value.at_ms <= ctx.now.ms;
        if is_soon || !has_ended(ctx.view, last.id)? {
            return Ok(None);
        }
    }
    let alarm = Alarm {
        kind: Open::Known(kind),
        subject: subject.to_owned(),
        name: name.to_owned(),
        nth: last.map_or(0, |last| last.value.nth).saturating_add(1),
        words: words.chars().filter(|c| !c.is_control()).take(MAX_WORDS).collect(),
        at_ms: ctx.now.ms,
    };
    let (id, mut writes) = (ctx.new_id()?, Writes::new());
    // Of two who notice it at the same moment one raises it.
    let key = [word(kind).into(), subject.into(), alarm.nth.into()];
    writes.create(id, &alarm).absent::<Alarm>("subject", key);
    Ok(Some(writes))
}

/// Ends an alarm whose state has ended; nothing where none stands.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn end(ctx: &mut Context<'_>, kind: Kind, subject: &str) -> Result<Option<Writes>, Denied> {
    match last(ctx.view, kind, subject)? {
        Some(last) if !has_ended(ctx.view, last.id)? => Ok(Some(ended(ctx, last.id, None)?)),
        _ => Ok(None),
    }
}

/// An administrator has seen an alarm of something that happened.
///
/// # Errors
/// Where the actor may not, there is no such alarm, it has ended, or it tells of a state that lasts.
pub fn acknowledge(ctx: &mut Context<'_>, actor: &Actor, alarm: RecordId) -> Result<Writes, Denied> {
    ctx.require(actor, Permission::ManageCommunity)?;
    let found = ctx.view.of::<Alarm>().get(alarm)?.ok_or(Denied::NotFound("alarm"))?;
    if has_ended(ctx.view, alarm)? {
        return Err(Denied::Ended("alarm"));
    }
    if found.value.kind.known().is_some_and(|kind| kind.is_state()) {
        return Err(Denied::invalid("alarm", "lasts"));
    }
    ended(ctx, alarm, actor.person())
}

/// When the last alarm of a kind and subject was raised, where somebody has seen it.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn seen(view: View<'_>, kind: Kind, subject: &str) -> Result<Option<u64>, ReadError> {
    match last(view, kind, subject)? {
        Some(last) if has_ended(view, last.id)? => Ok(Some(last.value.at_ms)),
        _ => Ok(None),
    }
}

/// The alarms that stand, the newest first; of the last thousand.
///
/// # Errors
/// Where the store fails.
pub fn standing(view: View<'_>) -> Result<Vec<Entry<Alarm>>, ReadError> {
    let query = Query::on("time").direction(Direction::Descending).limit(Query::MAX_LIMIT);
    let mut standing = Vec::new();
    for alarm in view.of::<Alarm>().find(&query)?.entries {
        if !has_ended(view, alarm.id)? {
            standing.push(alarm);
        }
    }
    Ok(standing)
}

fn ended(ctx: &mut Context<'_>, alarm: RecordId, person: Option<RecordId>) -> Result<Writes, Denied> {
    let (id, mut writes) = (ctx.new_id()?, Writes::new());
    let end = AlarmEnd { alarm, person, at_ms: ctx.now.ms };
    writes.create(id, &end).absent::<AlarmEnd>("alarm", [alarm.to_string().into()]);
    Ok(writes)
}

/// The last of a kind and subject.
fn last(view: View<'_>, kind: Kind, subject: &str) -> Result<Option<Entry<Alarm>>, ReadError> {
    let query = Query::on("subject").equal(word(kind)).equal(subject).direction(Direction::Descending);
    Ok(view.of::<Alarm>().find(&query.limit(1))?.entries.into_iter().next())
}

fn has_ended(view: View<'_>, alarm: RecordId) -> Result<bool, ReadError> {
    let query = Query::on("alarm").equal(alarm.to_string()).limit(1);
    Ok(!view.of::<AlarmEnd>().find(&query)?.entries.is_empty())
}

/// A kind by its name in records.
fn word(kind: Kind) -> String {
    serde_json::to_value(kind).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
