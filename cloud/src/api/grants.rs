//! Grants of any kind: what ending one takes along, and ending it.

use dwellers::command::Context;
use dwellers::people::{self, Permission};
use dwellers::rights::{self, Consequences, Grant};
use dwellers_replica::RecordId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::call::{Call, Look, Member, done, json};
use super::problem::Problem;
use super::table::{Answer, Table};
use crate::clock;

pub(super) fn routes(to: &mut Table) {
    to.member::<__path_preview, _, _>(preview);
    to.member::<__path_revoke, _, _>(revoke);
}

/// What ends with a grant.
#[derive(Serialize, ToSchema)]
#[schema(as = RevocationPreview)]
struct Preview {
    id: RecordId,
    /// `place`, `role`, `vehicle`, `card` or `pass`.
    kind: &'static str,
    /// Whose.
    person: Option<RecordId>,
    /// Their name.
    person_name: String,
    /// Of which house.
    house: Option<RecordId>,
    /// Its label; empty for the whole community.
    house_label: String,
    /// Places of other people.
    places: usize,
    /// Cars.
    vehicles: usize,
    /// Cards and remotes.
    cards: usize,
    /// Passes whose time is not over.
    passes: usize,
    /// Those who are nobody in the community any more then.
    people: Vec<LosingDocument>,
    /// Where they are signed in: so many sessions show them nothing of the community any more. 0 for who does not keep the people
    /// of the community.
    sessions: usize,
}

/// Somebody who would be nobody any more.
#[derive(Serialize, ToSchema)]
#[schema(as = LosingPerson)]
struct LosingDocument {
    person: RecordId,
    name: String,
}

/// Ending a grant.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RevokeGrant)]
struct Revoke {
    /// For whoever asks why later; may be empty.
    #[serde(default)]
    reason: String,
}

/// What ends with a grant, for whoever may end it
#[utoipa::path(get, path = "/api/v1/communities/{community}/grants/{grant}", tag = "grants",
    operation_id = "grants.preview", params(("community" = RecordId, Path), ("grant" = RecordId, Path)),
    responses((status = 200, body = Preview)))]
async fn preview(call: Call, member: Member) -> Answer {
    let (id, accounts) = (call.id("grant")?, call.api.0.accounts.clone());
    let read = member.read(&call, move |look| {
        let mut entropy = clock::entropy;
        let ctx = Context { view: look.view, now: look.now, entropy: &mut entropy };
        let consequences = rights::preview(&ctx, &look.member.actor(), id)?;
        let losing = people::losing_all(look.view, look.now, id)?;
        let (mut sessions, mut names) = (0, Vec::new());
        for person in losing {
            // Where else they are signed in is nothing for their landlord.
            let known = match look.member.may(Permission::ManagePeople) {
                true => accounts.membership_of(look.member.community.id, person)?,
                false => None,
            };
            if let Some(known) = known {
                sessions += accounts.sessions(known.value.account)?.len();
            }
            names.push(LosingDocument { person, name: look.person(Some(person))? });
        }
        document(look, id, consequences, names, sessions)
    });
    json(&read.await?)
}

fn document(
    look: &Look<'_>,
    id: RecordId,
    consequences: Consequences,
    people: Vec<LosingDocument>,
    sessions: usize,
) -> Result<Preview, Problem> {
    let grant = rights::find(look.view, id)?.ok_or_else(Problem::not_found)?;
    let (person, house) = (grant.person(), grant.house());
    if let Some(person) = person {
        look.concerns_person(person);
    }
    if let Some(house) = house {
        look.concerns_house(house);
    }
    let kind = match grant {
        Grant::Place(_) => "place",
        Grant::Role(_) => "role",
        Grant::Vehicle(_) => "vehicle",
        Grant::Card(_) => "card",
        Grant::Pass(_) => "pass",
    };
    let Consequences { places, vehicles, cards, passes } = consequences;
    let (person_name, house_label) = (look.person(person)?, look.house(house)?);
    Ok(Preview {
        id,
        kind,
        person,
        person_name,
        house,
        house_label,
        places,
        vehicles,
        cards,
        passes,
        people,
        sessions,
    })
}

/// End a grant, and all that stands under it, for ever
#[utoipa::path(post, path = "/api/v1/communities/{community}/grants/{grant}/revocation", tag = "grants",
    operation_id = "grants.revoke", params(("community" = RecordId, Path), ("grant" = RecordId, Path)),
    request_body = Revoke, responses((status = 204, description = "It has ended")))]
async fn revoke(call: Call, member: Member) -> Answer {
    let (id, Revoke { reason }) = (call.id("grant")?, call.body()?);
    let revoked = member.write(&call, move |act| {
        let grant = rights::find(act.ctx.view, id)?.ok_or(dwellers::Denied::NotFound("grant"))?;
        let actor = act.actor();
        let losing = people::losing_all(act.ctx.view, act.ctx.now, id)?;
        let writes = rights::revoke(&mut act.ctx, &actor, id, &reason)?;
        if let Some(person) = grant.person() {
            act.concerns_person(person);
        }
        if let Some(house) = grant.house() {
            act.concerns_house(house);
        }
        Ok((losing, writes))
    });
    call.api.uninvite(&member, revoked.await?).await?;
    done()
}
