//! Those who ask to join, and what an administrator says to it.
//!
//! Invariants: one telephone has one open application for a house; an application is decided once.

use dwellers_replica::{Cursor, Direction, Entry, Open, Query, ReadError, RecordId, View, Writes};

use super::{households, houses, persons};
use crate::command::{Actor, Context, Denied, filled, naming};
use crate::people::{Application, House, Permission, Person, Place, PlaceKind, Proof, Verdict};
use crate::rights::{self, Revocation};

/// The most applications that wait for one house, by its code and by photos each: nobody floods an administrator in its name.
pub const MAX_OPEN_APPLICATIONS: usize = 20;

/// Administrators are reminded of an application that waits so many hours after it came.
pub const REMINDER_HOURS: [u8; 3] = [24, 48, 72];

const MAX_REASON: usize = 500;

/// Somebody who asks to join.
#[derive(Clone, Debug, PartialEq)]
pub struct Applicant {
    /// Name, telephone, language.
    pub person: Person,
    /// As what they want to join.
    pub kind: PlaceKind,
}

/// Asks to join the house whose code one knows. `key` is that of [`super::issue_code`]. How often somebody may try is
/// bounded where tries come in.
///
/// # Errors
/// Where there is no such code, a field makes no sense, or the applicant waits already.
pub fn apply_with_code(
    ctx: &mut Context<'_>,
    key: &[u8; 32],
    code: &str,
    applicant: &Applicant,
) -> Result<(RecordId, Writes), Denied> {
    let (code, house) = houses::find_code(ctx.view, key, code)?.ok_or(Denied::NotFound("code"))?;
    apply(ctx, house, Proof::Code(code), applicant)
}

/// Asks to join a house with a photo as proof; `photo` is the hash of its blob, 64 hexadecimal digits.
///
/// # Errors
/// Where there is no such house, a field makes no sense, or the applicant waits already.
pub fn apply_with_photo(
    ctx: &mut Context<'_>,
    house: RecordId,
    photo: &str,
    applicant: &Applicant,
) -> Result<(RecordId, Writes), Denied> {
    if photo.len() != 64 || !photo.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        return Err(Denied::invalid("photo", "not-a-picture"));
    }
    apply(ctx, house, Proof::Photo(photo.to_owned()), applicant)
}

fn apply(
    ctx: &mut Context<'_>,
    house: RecordId,
    proof: Proof,
    applicant: &Applicant,
) -> Result<(RecordId, Writes), Denied> {
    ctx.view.of::<House>().get(house)?.ok_or(Denied::NotFound("house"))?;
    let Person { name, phone, language } = persons::checked(ctx.view, &applicant.person)?;
    let (mut nth, mut waiting) = (1, 0);
    let proof = Open::Known(proof);
    for earlier in naming::<Application>(ctx.view, "house", house)? {
        let open = verdict(ctx.view, earlier.id)?.is_none();
        // What anybody may send does not close the house to those who know its code.
        waiting += usize::from(open && is_by_code(&earlier.value.proof) == is_by_code(&proof));
        if earlier.value.phone == phone {
            if open && !phone.is_empty() {
                return Err(Denied::Exists("application"));
            }
            nth = nth.max(earlier.value.nth + 1);
        }
    }
    if waiting >= MAX_OPEN_APPLICATIONS {
        return Err(Denied::invalid("house", "too-many"));
    }
    let key = [house.to_string().into(), phone.clone().into(), nth.into()];
    let (kind, at_ms) = (Open::Known(applicant.kind), ctx.now.ms);
    let application = Application { name, phone, language, house, kind, proof, at_ms, nth };
    let (id, mut writes) = (ctx.new_id()?, Writes::new());
    writes.create(id, &application).absent::<Application>("house", key);
    Ok((id, writes))
}

fn is_by_code(proof: &Open<Proof>) -> bool {
    matches!(proof.known(), Some(Proof::Code(_)))
}

/// What becomes of an application, as far as whoever decides knows better than whoever asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Becoming {
    /// Who they are, where they are of the community already.
    pub known: Option<RecordId>,
    /// The house, where it is not the one that they claim.
    pub house: Option<RecordId>,
    /// As what, where it is not what they claim.
    pub kind: Option<PlaceKind>,
}

/// Accepts an application: the person and their place, as a root, come to be together. Who has that very place keeps it, and
/// is not given it twice. Returns the person.
///
/// # Errors
/// Where the actor may not, there is no such application, person or house, or it was decided.
pub fn accept(
    ctx: &mut Context<'_>,
    actor: &Actor,
    application: RecordId,
    becoming: Becoming,
) -> Result<(RecordId, Writes), Denied> {
    let asked = undecided(ctx, actor, application)?;
    let (house, mut writes) = (becoming.house.unwrap_or(asked.house), Writes::new());
    ctx.view.of::<House>().get(house)?.ok_or(Denied::NotFound("house"))?;
    let kind = becoming.kind.or(asked.kind.known().copied()).ok_or(Denied::invalid("kind", "unknown"))?;
    let mut has = None;
    let person = match becoming.known {
        Some(person) => {
            ctx.view.of::<Person>().get(person)?.ok_or(Denied::NotFound("person"))?;
            has = households::living_place(ctx.view, person, house, kind)?;
            person
        }
        None => {
            let (name, phone, language) = (asked.name, asked.phone, asked.language);
            let person = persons::checked(ctx.view, &Person { name, phone, language })?;
            let id = ctx.new_id()?;
            writes.create(id, &person);
            id
        }
    };
    let place = match has {
        Some(place) => {
            // Where it ends at this moment, they would be accepted into nothing.
            for grant in rights::lineage(ctx.view, place)? {
                writes.absent::<Revocation>("grant", [grant.to_string().into()]);
            }
            place
        }
        None => {
            let place = Place { person, house, kind: Open::Known(kind), under: None, by: actor.person() };
            let id = ctx.new_id()?;
            writes.create(id, &place);
            id
        }
    };
    let (accepted, place) = (Some(person), Some(place));
    let verdict = Verdict { application, accepted, place, ..Verdict::default() };
    decided(ctx, actor.person(), &mut writes, verdict)?;
    Ok((person, writes))
}

/// Refuses an application, with the reason that the applicant is told.
///
/// # Errors
/// Where the actor may not, there is no such application, it was decided, or no reason is given.
pub fn refuse(
    ctx: &mut Context<'_>,
    actor: &Actor,
    application: RecordId,
    reason: &str,
) -> Result<Writes, Denied> {
    undecided(ctx, actor, application)?;
    let (reason, mut writes) = (filled("reason", reason, MAX_REASON)?, Writes::new());
    let verdict = Verdict { application, reason, ..Verdict::default() };
    decided(ctx, actor.person(), &mut writes, verdict)?;
    Ok(writes)
}

/// The applicant wants it no more. That it is theirs is known to whoever let them in: they need not be a person yet.
///
/// # Errors
/// Where there is no such application, or it was decided.
pub fn withdraw(ctx: &mut Context<'_>, application: RecordId) -> Result<Writes, Denied> {
    open(ctx, application)?;
    let mut writes = Writes::new();
    let verdict = Verdict { application, withdrawn: true, ..Verdict::default() };
    decided(ctx, None, &mut writes, verdict)?;
    Ok(writes)
}

fn undecided(ctx: &Context<'_>, actor: &Actor, application: RecordId) -> Result<Application, Denied> {
    ctx.require(actor, Permission::DecideApplications)?;
    open(ctx, application)
}

fn open(ctx: &Context<'_>, application: RecordId) -> Result<Application, Denied> {
    let asked = ctx.view.of::<Application>().get(application)?.ok_or(Denied::NotFound("application"))?;
    match verdict(ctx.view, application)? {
        None => Ok(asked.value),
        Some(_) => Err(Denied::Ended("application")),
    }
}

fn decided(
    ctx: &mut Context<'_>,
    by: Option<RecordId>,
    writes: &mut Writes,
    verdict: Verdict,
) -> Result<(), Denied> {
    let key = [verdict.application.to_string().into()];
    let verdict = Verdict { by, at_ms: ctx.now.ms, ..verdict };
    writes.create(ctx.new_id()?, &verdict).absent::<Verdict>("application", key);
    Ok(())
}

/// What was said to an application.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn verdict(view: View<'_>, application: RecordId) -> Result<Option<Entry<Verdict>>, ReadError> {
    let query = Query::on("application").equal(application.to_string()).limit(1);
    Ok(view.of::<Verdict>().find(&query)?.entries.into_iter().next())
}

/// The applications of the latest thousand that wait for an administrator, newest first.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn open_applications(view: View<'_>) -> Result<Vec<Entry<Application>>, ReadError> {
    let latest = Query::on("time").direction(Direction::Descending).limit(Query::MAX_LIMIT);
    let mut open = Vec::new();
    for application in view.of::<Application>().find(&latest)?.entries {
        if verdict(view, application.id)?.is_none() {
            open.push(application);
        }
    }
    Ok(open)
}

/// An application, and what was said to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// The application.
    pub application: Entry<Application>,
    /// Nothing while it waits.
    pub verdict: Option<Entry<Verdict>>,
}

/// Some of the applications that wait, or of those that were decided: newest first. Returns where the next page begins.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn applications(
    view: View<'_>,
    waiting: bool,
    after: Option<Cursor>,
    limit: usize,
) -> Result<(Vec<Asked>, Option<Cursor>), ReadError> {
    let (mut found, mut after) = (Vec::new(), after);
    loop {
        let wanted = limit.saturating_sub(found.len()).max(1);
        let query = Query::on("time").direction(Direction::Descending).after(after).limit(wanted);
        let page = view.of::<Application>().find(&query)?;
        for application in page.entries {
            let verdict = verdict(view, application.id)?;
            if verdict.is_none() == waiting {
                found.push(Asked { application, verdict });
            }
        }
        after = page.next;
        if after.is_none() || found.len() >= limit {
            return Ok((found, after));
        }
    }
}
