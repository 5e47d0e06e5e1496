//! Issuing passes: by a resident, or by a guard on a house's telephone call.

use std::ops::RangeInclusive;

use dwellers_replica::{Open, Query, RecordId, ReplicaId, Writes};

use super::{Kind, Pass, Validity, Weekly, unfinished};
use crate::access::RULES;
use crate::command::{Actor, Context, Denied, line, readable};
use crate::gates;
use crate::people::{Capacity, House, Permission, may, residents, typed_plate};
use crate::rights::{self, Life, Revocation};

/// The most passes of a house that live at a time.
pub const MAX_LIVING_OF_A_HOUSE: usize = 200;

const MAX_NAME: usize = 80;
const MAX_NOTE: usize = 500;
const DAY_MS: u64 = 24 * 3_600_000;
const MAX_LENGTH_MS: u64 = 31 * DAY_MS;
const MAX_AHEAD_MS: u64 = 366 * DAY_MS;
const MINUTES: RangeInclusive<u32> = 5..=1440;
const TAXI_MINUTES: u32 = 60;
const COURIER_MINUTES: u32 = 120;
const ENTRIES: RangeInclusive<u32> = 1..=500;

/// A pass that somebody wants.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The house that expects the visitor.
    pub house: RecordId,
    /// What for, when, how often.
    pub terms: Terms,
    /// The plate as typed; empty where it is not known.
    pub plate: String,
    /// The visitor's name; may be empty.
    pub name: String,
    /// Whether the visitor gets a code.
    pub code: bool,
    /// For the guard.
    pub note: String,
    /// The hub that counts entries, where a settlement has several.
    pub decider: Option<ReplicaId>,
}

/// What a pass is for, with what each kind needs. Moments are in milliseconds since 1970.
#[derive(Clone, Debug, PartialEq)]
pub enum Terms {
    /// Once, from now on.
    Taxi {
        /// How long it holds: 60 where nothing is said.
        minutes: Option<u32>,
    },
    /// Once, from now on.
    Courier {
        /// How long it holds: 120 where nothing is said.
        minutes: Option<u32>,
    },
    /// Once, within a window; [`super::day`] makes one of a whole day.
    Guest {
        /// Included.
        from_ms: u64,
        /// Excluded.
        until_ms: u64,
    },
    /// Again and again.
    Recurring {
        /// Included.
        from_ms: u64,
        /// Excluded.
        until_ms: u64,
        /// On which days, at which hours.
        weekly: Weekly,
    },
    /// A number of entries, within a window.
    Event {
        /// Included.
        from_ms: u64,
        /// Excluded.
        until_ms: u64,
        /// How many.
        entries: u32,
    },
}

/// A pass that is issued as soon as its writes are committed.
#[derive(Clone, Debug)]
pub struct Issued {
    /// Its id.
    pub id: RecordId,
    /// Its code; empty for none.
    pub code: String,
    /// What to commit.
    pub writes: Writes,
}

/// Issues a pass for the actor's house, under the actor's place.
///
/// # Errors
/// Where the actor may not, a field makes no sense, or the house has too many.
pub fn issue(ctx: &mut Context<'_>, actor: &Actor, request: &Request) -> Result<Issued, Denied> {
    let (person, place) = ctx.place_for(actor, request.house, Permission::IssuePass)?;
    write(ctx, request, person, place.grant, String::new())
}

/// Issues a pass in a house's name, as the guard whom its people have called. It stands under the place of an owner, or
/// of a tenant where there is no owner, and keeps the guard's name.
///
/// # Errors
/// Where the actor is no guard, there is no such house or nobody in it, a field makes no sense, or the house has too
/// many.
pub fn issue_for_house(ctx: &mut Context<'_>, actor: &Actor, request: &Request) -> Result<Issued, Denied> {
    ctx.require(actor, Permission::IssueForHouse)?;
    ctx.view.of::<House>().get(request.house)?.ok_or(Denied::NotFound("house"))?;
    let heads = residents(ctx.view, ctx.now, request.house, Permission::IssuePass)?;
    let mut heads = heads.iter().filter(|(held, _)| held.capacity != Capacity::Family);
    let (place, person) = heads.next().ok_or(Denied::invalid("house", "nobody-there"))?;
    let guard = ctx.guard_name(actor)?;
    write(ctx, request, *person, place.grant, guard)
}

/// Issues a pass as one of the house's people, or else as the guard whom they have called.
///
/// # Errors
/// As [`issue`] and [`issue_for_house`].
pub fn issue_for(ctx: &mut Context<'_>, actor: &Actor, request: &Request) -> Result<Issued, Denied> {
    match issue(ctx, actor, request) {
        Err(denied @ (Denied::NotFound("house") | Denied::NotAllowed)) => {
            let is_guard = may(ctx.view, ctx.now, actor, Permission::IssueForHouse)?;
            if is_guard { issue_for_house(ctx, actor, request) } else { Err(denied) }
        }
        done => done,
    }
}

/// Ends a pass early, for ever: whoever may revoke it ([`crate::rights::revoke`]).
///
/// # Errors
/// Where the actor may not, there is no such pass, or it was cancelled.
pub fn cancel(ctx: &mut Context<'_>, actor: &Actor, pass: RecordId, reason: &str) -> Result<Writes, Denied> {
    ctx.view.of::<Pass>().get(pass)?.ok_or(Denied::NotFound("pass"))?;
    rights::revoke(ctx, actor, pass, reason).map_err(|denied| denied.of("pass"))
}

fn write(
    ctx: &mut Context<'_>,
    request: &Request,
    person: RecordId,
    place: RecordId,
    guard: String,
) -> Result<Issued, Denied> {
    let house = request.house;
    let (kind, validity, entries) = judged(ctx, &request.terms)?;
    let plate = match request.plate.trim() {
        "" => String::new(),
        plate => typed_plate(ctx.view, plate)?,
    };
    let (name, note) = (line("name", &request.name, MAX_NAME)?, line("note", &request.note, MAX_NOTE)?);
    if plate.is_empty() && name.is_empty() && !request.code {
        return Err(Denied::invalid("plate", "plate-name-or-code"));
    }
    let mut living = 0;
    for other in readable::<Pass>(ctx.view, &unfinished(house, ctx.now))? {
        living += usize::from(rights::life(ctx.view, other.id)? == Life::Alive);
    }
    if living >= MAX_LIVING_OF_A_HOUSE {
        return Err(Denied::invalid("house", "too-many"));
    }
    let decider = entries.map(|_| decider(ctx, request.decider)).transpose()?;
    let mut writes = Writes::new();
    let code = if request.code { new_code(ctx, &mut writes)? } else { String::new() };
    let pass = Pass {
        kind: Open::Known(kind),
        house,
        person: Some(person),
        guard,
        under: Some(place),
        plate,
        name,
        code: code.clone(),
        validity,
        entries,
        decider,
        note,
        rules: RULES,
    };
    let id = ctx.new_id()?;
    writes.create(id, &pass).absent::<Revocation>("grant", [place.to_string().into()]);
    Ok(Issued { id, code, writes })
}

/// Kind, time and entries, where they make sense now.
fn judged(ctx: &Context<'_>, terms: &Terms) -> Result<(Kind, Validity, Option<u32>), Denied> {
    let now = ctx.now.ms;
    if !ctx.now.trusted {
        // A window that is laid out by a wrong clock would hold when nobody expects anybody.
        return Err(Denied::invalid("window", "time-not-trusted"));
    }
    let soon = |minutes: Option<u32>, usual: u32| {
        let minutes = minutes.unwrap_or(usual);
        let window = Validity { from_ms: now, until_ms: now + u64::from(minutes) * 60_000, weekly: None };
        MINUTES.contains(&minutes).then_some(window).ok_or(Denied::invalid("minutes", "out-of-range"))
    };
    let (kind, validity, entries) = match terms {
        Terms::Taxi { minutes } => (Kind::Taxi, soon(*minutes, TAXI_MINUTES)?, Some(1)),
        Terms::Courier { minutes } => (Kind::Courier, soon(*minutes, COURIER_MINUTES)?, Some(1)),
        &Terms::Guest { from_ms, until_ms } => {
            (Kind::Guest, Validity { from_ms, until_ms, weekly: None }, Some(1))
        }
        &Terms::Recurring { from_ms, until_ms, ref weekly } => {
            (Kind::Recurring, Validity { from_ms, until_ms, weekly: Some(regular(weekly)?) }, None)
        }
        &Terms::Event { from_ms, until_ms, entries } => {
            (Kind::Event, Validity { from_ms, until_ms, weekly: None }, Some(entries))
        }
    };
    if entries.is_some_and(|entries| !ENTRIES.contains(&entries)) {
        return Err(Denied::invalid("entries", "out-of-range"));
    }
    let Validity { from_ms, until_ms, .. } = validity;
    if until_ms <= from_ms {
        return Err(Denied::invalid("window", "ends-before-it-begins"));
    }
    if until_ms <= now {
        return Err(Denied::invalid("window", "in-the-past"));
    }
    if kind != Kind::Recurring && until_ms - from_ms > MAX_LENGTH_MS {
        return Err(Denied::invalid("window", "too-long"));
    }
    if until_ms - now > MAX_AHEAD_MS || until_ms - from_ms > MAX_AHEAD_MS {
        return Err(Denied::invalid("window", "too-far-ahead"));
    }
    Ok((kind, validity, entries))
}

/// Hours as they are kept: days in order and once.
fn regular(weekly: &Weekly) -> Result<Weekly, Denied> {
    let mut days = weekly.days.clone();
    days.sort_unstable();
    days.dedup();
    let (from_minute, until_minute) = (weekly.from_minute, weekly.until_minute);
    if days.is_empty() || days.iter().any(|day| !(1..=7).contains(day)) {
        return Err(Denied::invalid("days", "not-weekdays"));
    }
    if from_minute >= 1440 || until_minute >= 1440 {
        return Err(Denied::invalid("hours", "not-a-time-of-day"));
    }
    Ok(Weekly { days, from_minute, until_minute })
}

/// The hub that counts the entries: the one that was asked for, or the only one that has gates.
fn decider(ctx: &Context<'_>, wanted: Option<ReplicaId>) -> Result<ReplicaId, Denied> {
    let hubs = gates::hubs(ctx.view)?;
    match wanted {
        Some(hub) if hubs.contains(&hub) => Ok(hub),
        Some(_) => Err(Denied::NotFound("hub")),
        None if hubs.is_empty() => Err(Denied::invalid("decider", "no-gates")),
        None if hubs.len() > 1 => Err(Denied::invalid("decider", "which-gatehouse")),
        None => hubs.first().copied().ok_or(Denied::NotFound("hub")),
    }
}

/// Six digits that no pass that is kept bears, also when the writes are committed.
fn new_code(ctx: &mut Context<'_>, writes: &mut Writes) -> Result<String, Denied> {
    // Where a fifth of all codes were taken, one in 10^22 requests would find none.
    const DRAWS: usize = 32;
    for _ in 0..DRAWS {
        let code = format!("{:06}", (ctx.entropy)() % 1_000_000);
        let query = Query::on("code").equal(code.as_str()).limit(1);
        if ctx.view.of::<Pass>().find(&query)?.entries.is_empty() {
            writes.absent::<Pass>("code", [code.as_str().into()]);
            return Ok(code);
        }
    }
    Err(Denied::Exists("code"))
}
