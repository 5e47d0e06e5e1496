//! Looking at passes: whom the houses expect, what became of a pass.

use std::collections::BTreeMap;

use dwellers_replica::{Direction, Entry, Now, Query, ReadError, RecordId, View};

use super::hours::{self, Holds};
use super::{Pass, Use};
use crate::command::{Actor, Denied, readable};
use crate::people::{self, House, Permission};
use crate::plate;
use crate::rights::{self, Life};

/// The most that a guard is shown; more is what the search is for.
const MAX_SHOWN: usize = 300;
/// Late in the evening the first hours of tomorrow are soon.
const SOON_MS: u64 = 3 * 3_600_000;

/// A visitor whom a house expects.
#[derive(Clone, Debug, PartialEq)]
pub struct Expected {
    /// The pass.
    pub pass: Entry<Pass>,
    /// The house's label.
    pub house: String,
    /// From when on it holds, in milliseconds since 1970: now, or later today.
    pub from_ms: u64,
    /// How many of its entries were used.
    pub used: u32,
}

/// The living passes that hold now or will today, soonest first. `search` is a part of a plate, of a name or of a
/// house's label, or empty.
///
/// # Errors
/// Where the actor does not keep the gate, or a record does not read.
pub fn expected(view: View<'_>, now: Now, actor: &Actor, search: &str) -> Result<Vec<Expected>, Denied> {
    if !people::may(view, now, actor, Permission::SeeExpected)? {
        return Err(Denied::NotAllowed);
    }
    let zone = people::zone(view)?;
    let today = hours::local(now.ms, &zone).and_then(|local| hours::day(local.date(), &zone));
    let until_ms = today.map_or(0, |(_, midnight)| midnight).max(now.ms.saturating_add(SOON_MS));
    let (wanted, mut labels, mut found) = (Wanted::new(search), BTreeMap::new(), Vec::new());
    for pass in readable::<Pass>(view, &Query::on("until").from(now.ms.saturating_add(1)))? {
        let Some(from_ms) = hours::next(&pass.value.validity, now.ms, &zone) else { continue };
        if from_ms >= until_ms {
            continue;
        }
        let house = pass.value.house;
        if let std::collections::btree_map::Entry::Vacant(label) = labels.entry(house) {
            let house = view.of::<House>().get(house)?;
            label.insert(house.map(|house| house.value.label).unwrap_or_default());
        }
        if !wanted.fits(&pass.value, &labels[&house]) || rights::life(view, pass.id)? != Life::Alive {
            continue;
        }
        let used = used(view, pass.id)?;
        if pass.value.entries.is_none_or(|entries| used < entries) {
            found.push(Expected { house: labels[&house].clone(), from_ms, used, pass });
        }
    }
    found.sort_by(|a, b| (a.from_ms, &a.house, a.pass.id).cmp(&(b.from_ms, &b.house, b.pass.id)));
    found.truncate(MAX_SHOWN);
    Ok(found)
}

/// A search, in the forms in which plates, labels and names are compared.
struct Wanted {
    plate: String,
    label: String,
    text: String,
}

impl Wanted {
    fn new(search: &str) -> Self {
        let text = folded(search.trim());
        Wanted { plate: plate::fold(search), label: people::key_of_label(search), text }
    }

    fn fits(&self, pass: &Pass, label: &str) -> bool {
        self.text.is_empty()
            || !self.plate.is_empty() && pass.plate.contains(&self.plate)
            || people::key_of_label(label).contains(&self.label)
            || folded(&pass.name).contains(&self.text)
    }
}

fn folded(text: &str) -> String {
    text.to_lowercase().replace('ё', "е")
}

/// What became of a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    /// Whether it holds at this moment, as far as time goes.
    pub holds: Holds,
    /// How many of its entries were used.
    pub used: u32,
    /// Why it will let nobody in any more.
    pub ended: Option<Ended>,
}

/// Why a pass has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It, or what it was issued under, was revoked.
    Revoked,
    /// What it was issued under is not there.
    Orphaned,
    /// All its entries were used.
    UsedUp,
    /// Its time is over.
    Over,
}

/// How a pass stands, in one word for screens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = PassStanding))]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It lets its visitor in, as far as time goes.
    Holds,
    /// Its time has not come.
    NotYet,
    /// Not on this day or at this hour.
    OutsideHours,
    /// All its entries were used.
    UsedUp,
    /// Its time is over.
    Over,
    /// It was cancelled, or what it was issued under was.
    Revoked,
    /// What it was issued under is not there.
    Orphaned,
}

impl State {
    /// In one word.
    pub fn standing(&self) -> Standing {
        match (self.ended, self.holds) {
            (Some(Ended::Revoked), _) => Standing::Revoked,
            (Some(Ended::Orphaned), _) => Standing::Orphaned,
            (Some(Ended::UsedUp), _) => Standing::UsedUp,
            (Some(Ended::Over), _) | (None, Holds::Over) => Standing::Over,
            (None, Holds::Now) => Standing::Holds,
            (None, Holds::NotYet) => Standing::NotYet,
            (None, Holds::OutsideHours) => Standing::OutsideHours,
        }
    }
}

/// What became of a pass, as this replica knows.
///
/// # Errors
/// Where there is no such pass, a record does not read, or the store fails.
pub fn state(view: View<'_>, now_ms: u64, pass: RecordId) -> Result<State, Denied> {
    let entry = view.of::<Pass>().get(pass)?.ok_or(Denied::NotFound("pass"))?.value;
    let holds = hours::covers(&entry.validity, now_ms, &people::zone(view)?);
    let used = used(view, pass)?;
    let ended = match rights::life(view, pass)? {
        Life::Revoked => Some(Ended::Revoked),
        Life::Orphaned => Some(Ended::Orphaned),
        Life::Alive if entry.entries.is_some_and(|entries| used >= entries) => Some(Ended::UsedUp),
        Life::Alive if holds == Holds::Over => Some(Ended::Over),
        Life::Alive => None,
    };
    Ok(State { holds, used, ended })
}

/// The passes of a house whose time is not over, those that were revoked included.
pub(crate) fn unfinished(house: RecordId, now: Now) -> Query<'static> {
    Query::on("house").equal(house.to_string()).from(now.ms.saturating_add(1))
}

/// How many entries of a pass were used, as this replica knows: the next use has the ordinal after it.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn used(view: View<'_>, pass: RecordId) -> Result<u32, ReadError> {
    let last = Query::on("pass").equal(pass.to_string()).direction(Direction::Descending).limit(1);
    Ok(view.of::<Use>().find(&last)?.entries.first().map_or(0, |last| last.value.ordinal))
}
