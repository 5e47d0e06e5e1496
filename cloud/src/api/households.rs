//! Households: the people of a house, who gave them their places, and how others get one.

use dwellers::Denied;
use dwellers::command::Context;
use dwellers::people::{self, House, Invitee, Permission, Person, Place, PlaceKind};
use dwellers::rights::{self, Life};
use dwellers_replica::{Open, RecordId, Writes};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::account::HeldDocument;
use super::call::{Act, Call, Look, Member, created, done, json};
use super::joining::SignInLink;
use super::problem::Problem;
use super::table::{Answer, Table};
use crate::clock;
use crate::invitations::By;

pub(super) fn routes(to: &mut Table) {
    to.member::<__path_list, _, _>(list);
    to.may::<__path_invite, _, _>(&[Permission::Invite], invite);
    to.may::<__path_link, _, _>(&[Permission::Invite], link);
    to.member::<__path_remove, _, _>(remove);
    to.may::<__path_settle, _, _>(&[Permission::ManagePeople], settle);
}

/// Somebody of a house.
#[derive(Serialize, ToSchema)]
struct Inhabitant {
    #[serde(flatten)]
    held: HeldDocument,
    /// Who.
    person: RecordId,
    /// Their name.
    name: String,
    /// E.164; empty where there is none, or whoever asks does not keep the household.
    phone: String,
    /// Who gave them the place; nobody: the operator.
    by: Option<RecordId>,
    /// Their name.
    by_name: String,
    /// Whether an administrator gave it: nobody of the house takes it away.
    by_administrator: bool,
    /// Since when, in milliseconds since 1970.
    since_ms: u64,
    /// Whether whoever asks may take the place away.
    may_remove: bool,
}

#[derive(Serialize, ToSchema)]
struct Household {
    /// Owners first.
    people: Vec<Inhabitant>,
}

/// Somebody who is to have a place in one's house: `person`, or somebody new.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewInhabitant)]
struct Invite {
    /// `family`, `tenant` or `staff`.
    kind: PlaceKind,
    /// Somebody of the community.
    person: Option<RecordId>,
    /// Of somebody new: the name.
    #[serde(default)]
    name: String,
    /// Of somebody new: may be empty.
    #[serde(default)]
    phone: String,
    /// Of somebody new: `ru` or `en`; left out: that of the request.
    language: Option<String>,
}

/// Somebody has a place.
#[derive(Serialize, ToSchema)]
#[schema(as = InvitedPerson)]
struct Invited {
    /// The place: a grant.
    id: RecordId,
    /// Who.
    person: RecordId,
    /// For whoever is new: by what they sign in first. It is shown once.
    link: Option<SignInLink>,
}

/// A place that an administrator gives.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPlace {
    /// To whom.
    person: RecordId,
    /// As what.
    kind: PlaceKind,
}

/// A place in a house.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = Place)]
struct PlaceDocument {
    id: RecordId,
    person: RecordId,
    house: RecordId,
    kind: Open<PlaceKind>,
}

/// The people of a house
#[utoipa::path(get, path = "/api/v1/communities/{community}/houses/{house}/people", tag = "households",
    operation_id = "households.list", params(("community" = RecordId, Path), ("house" = RecordId, Path)),
    responses((status = 200, body = Household)))]
async fn list(call: Call, member: Member) -> Answer {
    let house = call.id("house")?;
    let read = member.read(&call, move |look| {
        if !look.member.is_of(house) && !look.member.may(Permission::ManagePeople) {
            return Err(Problem::not_found());
        }
        look.view.of::<House>().get(house)?.ok_or_else(Problem::not_found)?;
        look.concerns_house(house);
        let residents = people::residents(look.view, look.now, house, Permission::OpenGates)?;
        let people = residents.into_iter().map(|(held, person)| inhabitant(look, &held, person));
        Ok(Household { people: people.collect::<Result<_, _>>()? })
    });
    json(&read.await?)
}

fn inhabitant(look: &Look<'_>, held: &people::Held, person: RecordId) -> Result<Inhabitant, Problem> {
    let place = look.view.of::<Place>().get(held.grant)?.ok_or_else(Problem::not_found)?.value;
    let known = look.view.of::<Person>().get(person)?.map(|known| known.value).unwrap_or_default();
    let (member, mut entropy) = (look.member, clock::entropy);
    let keeps = |mine: &people::Held| mine.house == held.house && mine.capacity.may(Permission::Invite);
    let sees =
        person == member.person || member.may(Permission::ManagePeople) || member.held.iter().any(keeps);
    let ctx = Context { view: look.view, now: look.now, entropy: &mut entropy };
    Ok(Inhabitant {
        held: HeldDocument::of(held),
        person,
        name: known.name,
        phone: if sees { known.phone } else { String::new() },
        by: place.by,
        by_name: look.person(place.by)?,
        by_administrator: place.under.is_none(),
        since_ms: held.grant.made_ms(),
        may_remove: rights::preview(&ctx, &member.actor(), held.grant).is_ok(),
    })
}

/// Give somebody a place in one's house; it ends with one's own
///
/// Whoever is new signs in first by the `link`, within a week.
#[utoipa::path(post, path = "/api/v1/communities/{community}/houses/{house}/people", tag = "households",
    operation_id = "households.invite", params(("community" = RecordId, Path), ("house" = RecordId, Path)),
    request_body = Invite, responses((status = 201, body = Invited)))]
async fn invite(call: Call, member: Member) -> Answer {
    let (house, Invite { kind, person, name, phone, language }) = (call.id("house")?, call.body()?);
    let language = language.unwrap_or_else(|| call.language.as_str().to_owned());
    let (is_new, invitee) = match person {
        Some(person) => (false, Invitee::Known(person)),
        None => (true, Invitee::New(Person { name, phone, language })),
    };
    let invited = member.write_secret(&call, move |act| {
        act.concerns_house(house);
        let actor = act.actor();
        let (person, id, writes) = people::invite(&mut act.ctx, &actor, house, &invitee, kind)?;
        Ok(((person, id), writes))
    });
    let (person, id) = invited.await?;
    let (api, community, by) = (call.api.clone(), member.community.id, By::Person(member.person));
    let link = match is_new {
        true => Some(call.api.blocking(move || api.invite(community, person, by)).await??),
        false => None,
    };
    created(&Invited { id, person, link })
}

/// Another link for somebody whom one invited and who has not signed in yet
#[utoipa::path(post, path = "/api/v1/communities/{community}/houses/{house}/people/{place}/link",
    tag = "households", operation_id = "households.link",
    params(("community" = RecordId, Path), ("house" = RecordId, Path), ("place" = RecordId, Path)),
    responses((status = 201, body = SignInLink)))]
async fn link(call: Call, member: Member) -> Answer {
    let (house, id, community) = (call.id("house")?, call.id("place")?, member.community.id);
    let accounts = call.api.0.accounts.clone();
    let person = member.write_secret(&call, move |act| {
        let place = place_of(act, house, id)?;
        // They are nobody else there: whoever is somebody by another's word is not to be signed in as.
        let is_only = people::granted(act.ctx.view, place.person)?.len() == 1;
        if place.by != Some(act.member.person) || !is_only {
            return Err(Problem::not_allowed());
        }
        if accounts.membership_of(community, place.person)?.is_some() {
            return Err(Problem::moved_on("already-joined"));
        }
        Ok((place.person, Writes::new()))
    });
    let (api, person, by) = (call.api.clone(), person.await?, By::Person(member.person));
    created(&call.api.blocking(move || api.invite(community, person, by)).await??)
}

/// Take a place in a house away, with all that stands under it
#[utoipa::path(delete, path = "/api/v1/communities/{community}/houses/{house}/people/{place}", tag = "households",
    operation_id = "households.remove",
    params(("community" = RecordId, Path), ("house" = RecordId, Path), ("place" = RecordId, Path)),
    responses((status = 204, description = "They are of the house no more")))]
async fn remove(call: Call, member: Member) -> Answer {
    let (house, id) = (call.id("house")?, call.id("place")?);
    let removed = member.write(&call, move |act| {
        let place = act.ctx.view.of::<Place>().get(id)?.filter(|place| place.value.house == house);
        let person = place.ok_or(Denied::NotFound("place"))?.value.person;
        act.concerns_person(person);
        act.concerns_house(house);
        let actor = act.actor();
        let losing = people::losing_all(act.ctx.view, act.ctx.now, id)?;
        match rights::revoke(&mut act.ctx, &actor, id, "") {
            Err(Denied::Ended(_)) => Err(Denied::Ended("place").into()),
            revoked => Ok((losing, revoked?)),
        }
    });
    call.api.uninvite(&member, removed.await?).await?;
    done()
}

/// A living place of a house of whoever acts.
fn place_of(act: &Act<'_>, house: RecordId, id: RecordId) -> Result<Place, Problem> {
    let place = act.ctx.view.of::<Place>().get(id)?.filter(|place| place.value.house == house);
    let place = place.filter(|_| act.member.is_of(house)).ok_or(Denied::NotFound("place"))?;
    match rights::life(act.ctx.view, id)? {
        Life::Alive => Ok(place.value),
        Life::Revoked | Life::Orphaned => Err(Denied::Ended("place").into()),
    }
}

/// Give somebody a place in a house, as an administrator does: nobody of the house takes it away
#[utoipa::path(post, path = "/api/v1/communities/{community}/houses/{house}/places", tag = "households",
    operation_id = "households.settle", params(("community" = RecordId, Path), ("house" = RecordId, Path)),
    request_body = NewPlace, responses((status = 201, body = PlaceDocument)))]
async fn settle(call: Call, member: Member) -> Answer {
    let (house, NewPlace { person, kind }) = (call.id("house")?, call.body()?);
    let settled = member.write(&call, move |act| {
        act.concerns_person(person);
        act.concerns_house(house);
        let actor = act.actor();
        let (id, writes) = people::settle(&mut act.ctx, &actor, person, house, kind)?;
        Ok((PlaceDocument { id, person, house, kind: Open::Known(kind) }, writes))
    });
    created(&settled.await?)
}
