//! Reading what bears on a request: the lane, the bans, the grants with their chains and uses, from one snapshot.
//!
//! Invariant: what cannot be read makes the facts `unreadable`, which nothing but the guard's word opens on. It is
//! never left out as if it were not there.

use dwellers_replica::builtin;
use dwellers_replica::{Direction as Order, Page, Query, ReadError, Record, RecordId, StoreError, View};
use jiff::tz::TimeZone;

use super::{Banned, Claim, ClaimKind, Credential, Facts, Request};
use crate::cards::Card;
use crate::gates::{Direction, Gate, Lane};
use crate::journal::{Entry, Kind};
use crate::passes::{self, Pass};
use crate::people::{self, Community};
use crate::rights::{self, Life};
use crate::vehicles::Vehicle;

/// Of grants on one plate, card or code the newest so many are looked at. What lies beyond opens nothing.
const MOST: usize = 100;
/// How far back in the journal of a plate its last passage is looked for: a car of every day has some four entries a visit.
const LOOK_BACK: usize = 100;

/// Reads what [`super::decide`] must know. `gate` is as the hub's own configuration has it: what others may write of it
/// opens nothing.
///
/// # Errors
/// Only where the store itself fails; a record that does not read is told in the facts.
pub fn gather(view: View<'_>, gate: &Gate, request: &Request) -> Result<Facts, StoreError> {
    let mut facts = Facts {
        hub: view.replica()?,
        lane: None,
        zone: None,
        bans: Vec::new(),
        claims: Vec::new(),
        inside: false,
        unreadable: false,
    };
    match fill(view, gate, request, &mut facts) {
        Ok(()) => {}
        Err(ReadError::Store(error)) => return Err(error),
        Err(ReadError::Unreadable { .. } | ReadError::NoIndex { .. }) => facts.unreadable = true,
    }
    Ok(facts)
}

fn fill(view: View<'_>, gate: &Gate, request: &Request, facts: &mut Facts) -> Result<(), ReadError> {
    facts.lane = gate.lanes.iter().find(|lane| lane.key == request.lane).cloned();
    let plate = match &request.credential {
        Credential::Plate { plate, .. } | Credential::Answer { plate, .. } => plate.as_str(),
        _ => "",
    };
    if !plate.is_empty() {
        facts.bans = rights::bans_on_plate(view, plate)?;
        if facts.lane.as_ref().is_some_and(asks_where) {
            facts.inside = is_inside(view, plate, facts)?;
        }
    }
    let community = view.of::<Community>().get(Community::ID)?;
    facts.zone = community.and_then(|community| TimeZone::get(&community.value.time_zone).ok());
    match &request.credential {
        Credential::Plate { plate, .. } => {
            vehicles(view, plate, facts)?;
            by_pass(view, "plate", plate, facts)?;
        }
        Credential::Code(code) => {
            by_pass(view, "code", code, facts)?;
            bans_by_plate(view, facts)?;
        }
        Credential::Card(number) => cards(view, number, facts)?,
        Credential::Button(person) => buttons(view, *person, gate, facts)?,
        Credential::Pass(id) => {
            if let Some(pass) = view.of::<Pass>().get(*id)? {
                add_pass(view, pass.id, pass.value, facts)?;
            }
            bans_by_plate(view, facts)?;
        }
        Credential::Guard | Credential::Answer { .. } | Credential::Presence => {}
    }
    Ok(())
}

/// The newest records with this value under an index, and the note where one does not read.
fn newest<T: Record>(
    view: View<'_>,
    index: &str,
    value: &str,
    facts: &mut Facts,
) -> Result<Page<T>, ReadError> {
    // Records without a value share the empty key: it stands for nothing.
    if value.is_empty() {
        return Ok(Page { entries: Vec::new(), next: None, unreadable: Vec::new() });
    }
    let query = Query::on(index).equal(value).direction(Order::Descending).limit(MOST);
    let page = view.of::<T>().find(&query)?;
    facts.unreadable |= !page.unreadable.is_empty();
    Ok(page)
}

fn vehicles(view: View<'_>, plate: &str, facts: &mut Facts) -> Result<(), ReadError> {
    for found in newest::<Vehicle>(view, "plate", plate, facts)?.entries {
        let Vehicle { plate, house, person, rules, .. } = found.value;
        let claim = claim(view, found.id, ClaimKind::Vehicle)?;
        facts.claims.push(Claim { plate, house: Some(house), person: Some(person), rules, ..claim });
    }
    Ok(())
}

fn cards(view: View<'_>, number: &str, facts: &mut Facts) -> Result<(), ReadError> {
    for found in newest::<Card>(view, "number", number, facts)?.entries {
        let Card { house, person, rules, .. } = found.value;
        let claim = claim(view, found.id, ClaimKind::Card)?;
        facts.claims.push(Claim { house: Some(house), person, rules, ..claim });
    }
    Ok(())
}

fn by_pass(view: View<'_>, index: &str, value: &str, facts: &mut Facts) -> Result<(), ReadError> {
    for found in newest::<Pass>(view, index, value, facts)?.entries {
        add_pass(view, found.id, found.value, facts)?;
    }
    Ok(())
}

fn add_pass(view: View<'_>, id: RecordId, pass: Pass, facts: &mut Facts) -> Result<(), ReadError> {
    let Pass { house, person, plate, name, validity, entries, decider, rules, .. } = pass;
    let used = if entries.is_some() { passes::used(view, id)? } else { 0 };
    let decider = match decider {
        // A hub counts on where it took the place of one that is gone.
        Some(other)
            if entries.is_some()
                && other != facts.hub
                && builtin::predecessors(view, facts.hub)?.contains(&other) =>
        {
            Some(facts.hub)
        }
        decider => decider,
    };
    facts.claims.push(Claim {
        house: Some(house),
        person,
        plate,
        name,
        validity: Some(validity),
        entries,
        used,
        decider,
        rules,
        ..claim(view, id, ClaimKind::Pass)?
    });
    Ok(())
}

/// A car that is banned does not come in by the code of its pass either, or because the guard knows the visitor.
fn bans_by_plate(view: View<'_>, facts: &mut Facts) -> Result<(), ReadError> {
    for claim in &mut facts.claims {
        claim.bans.extend(rights::bans_on_plate(view, &claim.plate)?);
    }
    Ok(())
}

/// A person's places and roles that the table of permissions lets press this gate's button.
fn buttons(view: View<'_>, person: RecordId, gate: &Gate, facts: &mut Facts) -> Result<(), ReadError> {
    let needed = gate.needs();
    for held in people::granted(view, person)? {
        if held.capacity.may(needed) {
            let claim = claim(view, held.grant, ClaimKind::Person)?;
            facts.claims.push(Claim { person: Some(person), house: held.house, ..claim });
        }
    }
    Ok(())
}

/// A claim as far as its chain goes.
fn claim(view: View<'_>, grant: RecordId, kind: ClaimKind) -> Result<Claim, ReadError> {
    let mut bans: Vec<Banned> = Vec::new();
    for person in rights::chain_persons(view, grant)? {
        bans.extend(rights::bans_on_person(view, person)?);
    }
    Ok(Claim {
        grant,
        kind,
        alive: rights::life(view, grant)? == Life::Alive,
        bans,
        house: None,
        person: None,
        plate: String::new(),
        name: String::new(),
        validity: None,
        entries: None,
        used: 0,
        decider: None,
        rules: 0,
    })
}

/// Whether anything in this lane depends on where a car is.
fn asks_where(lane: &Lane) -> bool {
    lane.anti_passback || (lane.direction == Direction::Exit && !lane.free)
}

/// Whether the last passage of this plate led in. What does not read, and is later, may have been one; and so may what
/// lies further back, where a lane lets nobody in twice: that it is not inside is then not known.
fn is_inside(view: View<'_>, plate: &str, facts: &mut Facts) -> Result<bool, ReadError> {
    // The passage is mostly the latest entry: cars that come every day have thousands.
    const AT_ONCE: usize = 4;
    let mut after = None;
    for _ in 0..LOOK_BACK / AT_ONCE {
        let query = Query::on("plate").equal(plate).direction(Order::Descending).limit(AT_ONCE).after(after);
        let page = view.of::<Entry>().find(&query)?;
        let last = page.entries.iter().find(|entry| entry.value.kind.known() == Some(&Kind::Passed));
        facts.unreadable |= page.unreadable.iter().any(|(id, _)| last.is_none_or(|last| *id > last.id));
        if let Some(last) = last {
            return Ok(last.value.direction == Some(Direction::Entry));
        }
        after = page.next;
        if after.is_none() {
            return Ok(false);
        }
    }
    let minds = |lane: &Lane| lane.anti_passback && lane.direction == Direction::Entry;
    facts.unreadable |= facts.lane.as_ref().is_some_and(minds);
    Ok(false)
}
