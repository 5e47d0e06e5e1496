//! What a house wants written down of its visitors: its owner chooses.
//!
//! Invariant: what is shown to nobody is gone soon, too: whoever keeps the store erases it ([`visits`]).
//!
//! What must never be here: who comes to see an entry otherwise (that is the journal's).

use dwellers_replica::{Direction, Entry as Read, Open, Query, ReadError, RecordId, View, Writes};
use serde::{Deserialize, Serialize};

use crate::command::{Actor, Context, Denied, naming, readable};
use crate::journal::Entry;
use crate::passes::Pass;
use crate::people::{House, Permission};
use crate::privacy::{Doomed, What};
use crate::questions::Question;
use crate::rights::{self, Grant, Revocation};

/// Such a time a visitor is known at the gate, whatever a house wants: so long a car is on its way through.
pub const AT_THE_GATE_MS: u64 = 3_600_000;

/// What a house wants written down of its visitors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum VisitorLog {
    /// The journal keeps them, as it keeps everything.
    #[default]
    Keep,
    /// Only the owners of the house see who came.
    OwnersOnly,
    /// Nobody sees who came, and it is erased within hours: that somebody came stays.
    Nothing,
}

impl VisitorLog {
    /// What a house has chosen. What a newer program may have written is taken for the strictest that there is: it is not
    /// erased, and nobody sees it.
    pub fn of(house: &House) -> VisitorLog {
        house.visitor_log.known().copied().unwrap_or(VisitorLog::OwnersOnly)
    }
}

/// Whether somebody may see who a visitor of a house was.
pub fn may_see(choice: VisitorLog, is_owner: bool) -> bool {
    match choice {
        VisitorLog::Keep => true,
        VisitorLog::OwnersOnly => is_owner,
        VisitorLog::Nothing => false,
    }
}

/// Chooses for a house, as its owner.
///
/// # Errors
/// Where the actor owns no such house.
pub fn choose(
    ctx: &mut Context<'_>,
    actor: &Actor,
    house: RecordId,
    choice: VisitorLog,
) -> Result<Writes, Denied> {
    ctx.place_for(actor, house, Permission::ChooseVisitorLog)?;
    let before = ctx.view.of::<House>().get(house)?.ok_or(Denied::NotFound("house"))?;
    let mut writes = Writes::new();
    writes.update(&before, |house| house.visitor_log = Open::Known(choice)).unchanged(&before);
    Ok(writes)
}

/// Whether an entry tells of a visitor, not of somebody who belongs to the house: by the grant that let them in, or by that
/// of the entry that it follows from.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn is_visit(view: View<'_>, entry: &Entry) -> Result<bool, ReadError> {
    const STEPS: usize = 4;
    let mut at = entry.clone();
    for _ in 0..STEPS {
        if let Some(grant) = at.grant {
            return Ok(matches!(rights::find(view, grant)?, None | Some(Grant::Pass(_))));
        }
        // A resident pressed the button.
        if at.person.is_some() {
            return Ok(false);
        }
        match at.about.map(|about| view.of::<Entry>().get(about)).transpose()?.flatten() {
            Some(before) => at = before.value,
            None => break,
        }
    }
    Ok(true)
}

/// An entry without what tells who the visitor was.
pub fn masked(entry: &Entry) -> Entry {
    let nothing = String::new;
    // A pass would lead to its visitor.
    Entry {
        plate: nothing(),
        name: nothing(),
        crop: nothing(),
        note: nothing(),
        grant: None,
        ..entry.clone()
    }
}

/// A pass without what tells who the visitor was.
pub fn masked_pass(pass: &Pass) -> Pass {
    let nothing = String::new;
    Pass { plate: nothing(), name: nothing(), code: nothing(), note: nothing(), ..pass.clone() }
}

/// Whether a pass was over at a moment, or was taken back before it.
fn has_ended(view: View<'_>, pass: &Read<Pass>, at_ms: u64) -> Result<bool, ReadError> {
    if pass.value.validity.until_ms <= at_ms {
        return Ok(true);
    }
    Ok(naming::<Revocation>(view, "grant", pass.id)?.iter().any(|end| end.value.at_ms <= at_ms))
}

/// What is to be erased of the visitors of a house that wants nothing kept: what is older than a car takes to pass, down to
/// `since_ms`.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn visits(view: View<'_>, house: RecordId, since_ms: u64, now_ms: u64) -> Result<Vec<Doomed>, ReadError> {
    let before_ms = now_ms.saturating_sub(AT_THE_GATE_MS);
    let (mut doomed, mut after) = (Vec::new(), None);
    loop {
        let query = Query::on("house").equal(house.to_string()).direction(Direction::Descending);
        let page = view.of::<Entry>().find(&query.after(after).limit(Query::MAX_LIMIT))?;
        let oldest_ms = page.entries.last().map_or(0, |last| last.id.made_ms());
        for entry in page.entries {
            let made_ms = entry.id.made_ms();
            let tells = [&entry.value.plate, &entry.value.name, &entry.value.crop, &entry.value.note];
            let is_due =
                made_ms >= since_ms && made_ms < before_ms && tells.iter().any(|text| !text.is_empty());
            if is_due && is_visit(view, &entry.value)? {
                let blob = entry.value.crop;
                doomed.push(Doomed { what: What::Entry, id: entry.id, blob });
            }
        }
        match page.next {
            Some(next) if oldest_ms >= since_ms => after = Some(next),
            _ => break,
        }
    }
    let asked = Query::on("house").equal(house.to_string()).from(since_ms).below(before_ms);
    for question in readable::<Question>(view, &asked)? {
        if !question.value.plate.is_empty() || !question.value.name.is_empty() {
            doomed.push(Doomed { what: What::Question, id: question.id, blob: String::new() });
        }
    }
    // A pass that is over names a visitor who has been, or never comes.
    for pass in readable::<Pass>(view, &Query::on("house").equal(house.to_string()))? {
        if masked_pass(&pass.value) != pass.value && has_ended(view, &pass, before_ms)? {
            doomed.push(Doomed { what: What::Pass, id: pass.id, blob: String::new() });
        }
    }
    Ok(doomed)
}
