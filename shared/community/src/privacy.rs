//! What is known of a person, for themselves; and how it is erased when they ask for it.
//!
//! Erasing has three parts: who asks loses every right at once ([`ask`]); then what names them is destroyed, in steps
//! ([`doomed`], [`erase`]) that can be broken off anywhere and begun anew, because what is left to do is looked up each time;
//! and what a gatehouse tells later, which was cut off meanwhile, is found in the same way. The journal then shows the house.
//!
//! Invariants: what leads to other records goes after them, so that none is left behind that nothing leads to; the last
//! administrator is spared; nothing that was erased comes back, on any replica.
//!
//! What must never be here: pictures (whoever keeps them destroys them before the record that names them).

mod data;

use std::collections::BTreeSet;

use dwellers_replica::{Entry as Read, Index, Now, Query, ReadError, Record, RecordId, Spec, View, Writes};
use serde::{Deserialize, Serialize};

use crate::cards::Card;
use crate::command::{Actor, Context, Denied, all, naming, readable};
use crate::journal::Entry;
use crate::passes::Pass;
use crate::people::{self, Application, Permission, Person, Place, Proof, RoleGrant, Verdict};
use crate::questions::{Answer, Question};
use crate::rights::{self, Life, Revocation};
use crate::vehicles::Vehicle;

pub use data::{Data, data};

/// So much is erased in one transaction.
pub const AT_ONCE: usize = 100;
/// So many grants are revoked in one transaction.
const REVOKED_AT_ONCE: usize = 60;

/// Words by which somebody confirms that everything about them is to be erased: one in each language.
pub const CONFIRMATIONS: [&str; 2] = ["стереть", "erase"];

/// A person who is to be erased: what goes on after a crash. It stays, for what comes later.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ErasureRequest {
    /// Who.
    pub person: RecordId,
    /// Who asked: they, or an administrator.
    pub by: Option<RecordId>,
    /// When it was asked, in milliseconds since 1970.
    pub at_ms: u64,
    /// When all was erased that was there; 0: it goes on.
    pub done_ms: u64,
    /// How many records were erased.
    pub records: u64,
}

impl Record for ErasureRequest {
    const SPEC: Spec = Spec {
        indexes: &[Index { name: "person", on: &["person"] }, Index { name: "time", on: &["at_ms"] }],
        ..Spec::local("erasure_requests")
    };
}

/// What kind of record names somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// Of the journal.
    Entry,
    /// A question to a house.
    Question,
    /// A pass.
    Pass,
    /// A car.
    Vehicle,
    /// A card or remote.
    Card,
    /// A request to join.
    Application,
    /// The person.
    Person,
}

/// A record whose personal fields are to be destroyed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doomed {
    /// Of which kind.
    pub what: What,
    /// Which.
    pub id: RecordId,
    /// The hash of a picture that it names, which goes first; empty for none.
    pub blob: String,
}

/// Asks that everything about a person be erased. Their places and roles end with it, and what stands under those.
///
/// # Errors
/// Where the actor is neither they nor an administrator, it is not confirmed, it was asked before, or nobody would be left
/// to administer.
pub fn ask(
    ctx: &mut Context<'_>,
    actor: &Actor,
    person: RecordId,
    confirmation: &str,
) -> Result<(RecordId, Writes), Denied> {
    if actor.person() != Some(person) {
        ctx.require(actor, Permission::ManagePeople)?;
        ctx.require(actor, Permission::ManageRoles)?;
    }
    ctx.view.of::<Person>().get(person)?.ok_or(Denied::NotFound("person"))?;
    // One administrator has no way to be rid of another at a stroke: a role is taken first, and that can be undone.
    if actor.person() != Some(person) && administers(ctx, person)? {
        return Err(Denied::NotAllowed);
    }
    if !CONFIRMATIONS.contains(&confirmation.trim().to_lowercase().as_str()) {
        return Err(Denied::invalid("confirmation", "not-confirmed"));
    }
    if request(ctx.view, person)?.is_some() {
        return Err(Denied::Ended("person"));
    }
    let mut writes = Writes::new();
    rights::spare_an_administrator(ctx, &mut writes, |administrator, _| administrator == person)?;
    revoke(ctx, actor.person(), person, &mut writes)?;
    let request =
        ErasureRequest { person, by: actor.person(), at_ms: ctx.now.ms, ..ErasureRequest::default() };
    let id = ctx.new_id()?;
    writes.create(id, &request).absent::<ErasureRequest>("person", [person.to_string().into()]);
    Ok((id, writes))
}

fn administers(ctx: &Context<'_>, person: RecordId) -> Result<bool, ReadError> {
    let held = people::held(ctx.view, ctx.now, person)?;
    Ok(held.iter().any(|held| held.capacity == people::Capacity::Administrator))
}

/// What was asked about a person.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn request(view: View<'_>, person: RecordId) -> Result<Option<Read<ErasureRequest>>, ReadError> {
    Ok(naming::<ErasureRequest>(view, "person", person)?.into_iter().next())
}

/// The requests since a moment, the oldest first.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn requests(view: View<'_>, since_ms: u64) -> Result<Vec<Read<ErasureRequest>>, ReadError> {
    all(view, &Query::on("time").from(since_ms))
}

/// Revokes what a person still has, some of it; nothing where they have nothing.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn revoke_some(
    ctx: &mut Context<'_>,
    by: Option<RecordId>,
    person: RecordId,
) -> Result<Option<Writes>, Denied> {
    let mut writes = Writes::new();
    revoke(ctx, by, person, &mut writes)?;
    Ok((writes.field_count() > 0).then_some(writes))
}

fn revoke(
    ctx: &mut Context<'_>,
    by: Option<RecordId>,
    person: RecordId,
    writes: &mut Writes,
) -> Result<(), Denied> {
    let mut grants: Vec<RecordId> = Vec::new();
    grants.extend(naming::<RoleGrant>(ctx.view, "person", person)?.iter().map(|role| role.id));
    grants.extend(naming::<Place>(ctx.view, "person", person)?.iter().map(|place| place.id));
    // Cards may stand under nothing; cars and passes stand under places, and end with those. They are named all the same.
    for house in houses(ctx.view, person)? {
        let cards = naming::<Card>(ctx.view, "house", house)?;
        grants.extend(cards.iter().filter(|card| card.value.person == Some(person)).map(|card| card.id));
    }
    let mut revoked = 0;
    for grant in grants {
        if revoked < REVOKED_AT_ONCE && rights::life(ctx.view, grant)? != Life::Revoked {
            let revocation = Revocation { grant, by, at_ms: ctx.now.ms, ..Revocation::default() };
            writes.create(ctx.new_id()?, &revocation);
            revoked += 1;
        }
    }
    Ok(())
}

/// The houses in which a person ever had a place.
fn houses(view: View<'_>, person: RecordId) -> Result<BTreeSet<RecordId>, ReadError> {
    Ok(people::granted(view, person)?.iter().filter_map(|granted| granted.house).collect())
}

/// What of their own a person brought in, as far as it is not erased.
struct Belongings {
    vehicles: Vec<Read<Vehicle>>,
    cards: Vec<Read<Card>>,
    passes: Vec<Read<Pass>>,
}

fn belongings(view: View<'_>, person: RecordId) -> Result<Belongings, ReadError> {
    let (mut vehicles, mut cards, mut passes) = (Vec::new(), Vec::new(), Vec::new());
    for house in houses(view, person)? {
        let of_house = Query::on("house").equal(house.to_string());
        vehicles.extend(readable::<Vehicle>(view, &of_house)?);
        cards.extend(readable::<Card>(view, &of_house)?);
        passes.extend(readable::<Pass>(view, &of_house)?);
    }
    vehicles.retain(|vehicle| vehicle.value.person == person);
    cards.retain(|card| card.value.person == Some(person));
    passes.retain(|pass| pass.value.person == Some(person));
    Ok(Belongings { vehicles, cards, passes })
}

/// The entries of the journal that tell of a person, or rest on what they have, and what followed from those. Where only the
/// plate is theirs it may as well be another's: those are shown to them ([`sightings`]), and not erased.
fn entries(view: View<'_>, person: RecordId, belongings: &Belongings) -> Result<Vec<Read<Entry>>, ReadError> {
    let Belongings { vehicles, cards, passes } = belongings;
    let mut grants: BTreeSet<RecordId> = vehicles.iter().map(|vehicle| vehicle.id).collect();
    grants.extend(cards.iter().map(|card| card.id).chain(passes.iter().map(|pass| pass.id)));
    let mut found: Vec<Read<Entry>> = readable(view, &Query::on("person").equal(person.to_string()))?;
    for house in houses(view, person)? {
        let of_house = readable::<Entry>(view, &Query::on("house").equal(house.to_string()))?;
        found.extend(
            of_house.into_iter().filter(|entry| entry.value.grant.is_some_and(|by| grants.contains(&by))),
        );
    }
    let mut known = BTreeSet::new();
    found.retain(|entry| known.insert(entry.id));
    let mut at = 0;
    while let Some(entry) = found.get(at).map(|entry| entry.id) {
        for next in readable::<Entry>(view, &Query::on("about").equal(entry.to_string()))? {
            if known.insert(next.id) {
                found.push(next);
            }
        }
        at += 1;
    }
    Ok(found)
}

/// The entries that tell of a person's cars by nothing but the plate, while those were entered: whoever enters a plate does
/// not see where it was before, nor when it came to others.
fn sightings(
    view: View<'_>,
    person: RecordId,
    belongings: &Belongings,
) -> Result<Vec<Read<Entry>>, ReadError> {
    let (own, mut found) = (houses(view, person)?, Vec::new());
    for vehicle in belongings.vehicles.iter().filter(|vehicle| !vehicle.value.plate.is_empty()) {
        let mut until_ms = u64::MAX;
        for grant in [Some(vehicle.id), vehicle.value.under].into_iter().flatten() {
            for end in naming::<Revocation>(view, "grant", grant)? {
                until_ms = until_ms.min(end.value.at_ms);
            }
        }
        let entered = vehicle.id.made_ms()..until_ms;
        let seen = readable::<Entry>(view, &Query::on("plate").equal(vehicle.value.plate.as_str()))?;
        found.extend(seen.into_iter().filter(|Read { id, value: entry, .. }| {
            entered.contains(&id.made_ms())
                && entry.grant.is_none()
                && entry.person.is_none()
                && entry.house.is_none_or(|house| own.contains(&house))
        }));
    }
    Ok(found)
}

/// A question, and what somebody said to it.
type Answered = (Read<Question>, Read<Answer>);

/// The questions that a person answered.
fn questions(view: View<'_>, person: RecordId) -> Result<Vec<Answered>, ReadError> {
    let mut found = Vec::new();
    for house in houses(view, person)? {
        for question in readable::<Question>(view, &Query::on("house").equal(house.to_string()))? {
            let answers = Query::on("question").equal(question.id.to_string());
            let answer =
                readable::<Answer>(view, &answers)?.into_iter().find(|one| one.value.person == Some(person));
            found.extend(answer.map(|answer| (question, answer)));
        }
    }
    Ok(found)
}

/// The requests to join that a person was made of; and, to be erased, those of the same telephone that were refused.
fn applications(
    view: View<'_>,
    person: RecordId,
    phone: Option<&str>,
) -> Result<Vec<Read<Application>>, ReadError> {
    let mut found = Vec::new();
    for application in readable::<Application>(view, &Query::on("time"))? {
        let Some(Verdict { accepted, .. }) =
            people::verdict(view, application.id)?.map(|verdict| verdict.value)
        else {
            continue;
        };
        let same_phone = phone.is_some_and(|phone| !phone.is_empty() && application.value.phone == phone);
        // One that was accepted is of whoever was made of it, whose telephone others may have, too.
        if accepted == Some(person) || (accepted.is_none() && same_phone) {
            found.push(application);
        }
    }
    Ok(found)
}

/// The picture that speaks for who asks to join; empty for none.
pub fn photo(application: &Application) -> String {
    match application.proof.known() {
        Some(Proof::Photo(hash)) => hash.clone(),
        Some(Proof::Code(_)) | None => String::new(),
    }
}

/// What is still to be erased of a person, in the order in which it must go.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn doomed(view: View<'_>, person: RecordId) -> Result<Vec<Doomed>, ReadError> {
    let Some(known) = view.of::<Person>().get(person)? else { return Ok(Vec::new()) };
    let belongings = belongings(view, person)?;
    let mut doomed = Vec::new();
    let mut add = |what, id, blob: &str| doomed.push(Doomed { what, id, blob: blob.to_owned() });
    for entry in entries(view, person, &belongings)? {
        // The salt goes with the rest: who has none was erased.
        if !entry.value.salt.is_empty() {
            add(What::Entry, entry.id, &entry.value.crop);
        }
    }
    for (question, _) in questions(view, person)? {
        if !question.value.plate.is_empty() || !question.value.name.is_empty() {
            add(What::Question, question.id, "");
        }
    }
    for Read { id, value: Pass { plate, name, code, note, .. }, .. } in &belongings.passes {
        if [plate, name, code, note].iter().any(|text| !text.is_empty()) {
            add(What::Pass, *id, "");
        }
    }
    for vehicle in belongings.vehicles.iter().filter(|vehicle| !vehicle.value.plate.is_empty()) {
        add(What::Vehicle, vehicle.id, "");
    }
    for card in belongings.cards.iter().filter(|card| !card.value.number.is_empty()) {
        add(What::Card, card.id, "");
    }
    for application in applications(view, person, Some(&known.value.phone))? {
        if !application.value.name.is_empty() {
            add(What::Application, application.id, &photo(&application.value));
        }
    }
    if !known.value.name.is_empty() || !known.value.phone.is_empty() {
        add(What::Person, person, "");
    }
    Ok(doomed)
}

/// Destroys the personal fields of records, of [`AT_ONCE`] at most.
///
/// # Errors
/// Where the store fails.
pub fn erase(ctx: &mut Context<'_>, doomed: &[Doomed]) -> Result<Writes, Denied> {
    let mut writes = Writes::new();
    for Doomed { what, id, .. } in doomed.iter().take(AT_ONCE) {
        let erasure = ctx.new_id()?;
        match what {
            What::Entry => writes.erase::<Entry>(erasure, *id),
            What::Question => writes.erase::<Question>(erasure, *id),
            What::Pass => writes.erase::<Pass>(erasure, *id),
            What::Vehicle => writes.erase::<Vehicle>(erasure, *id),
            What::Card => writes.erase::<Card>(erasure, *id),
            What::Application => writes.erase::<Application>(erasure, *id),
            What::Person => writes.erase::<Person>(erasure, *id),
        };
    }
    Ok(writes)
}

/// Says that so many records of a person were erased by now, and whether that was all.
///
/// # Errors
/// Where a record does not read, or the store fails.
pub fn note(
    view: View<'_>,
    now: Now,
    person: RecordId,
    erased: usize,
    is_all: bool,
) -> Result<Option<Writes>, ReadError> {
    let Some(request) = request(view, person)? else { return Ok(None) };
    let mut writes = Writes::new();
    writes.update(&request, |request| {
        request.records += erased as u64;
        if is_all && request.done_ms == 0 {
            request.done_ms = now.ms;
        }
    });
    Ok((writes.field_count() > 0).then_some(writes))
}
