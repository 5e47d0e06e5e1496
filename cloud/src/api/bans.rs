//! Bans: who or what is not let in.

use dwellers::people::{Permission, Person};
use dwellers::rights::{self, Ban, Whom};
use dwellers_replica::{Entry, RecordId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::call::{Call, Look, Member, created, done, json};
use super::passes::Why;
use super::problem::Problem;
use super::table::{Answer, Table};
use super::vehicles::Made;

pub(super) fn routes(to: &mut Table) {
    to.may::<__path_list, _, _>(&[Permission::Ban], list);
    to.may::<__path_ban, _, _>(&[Permission::Ban], ban);
    to.may::<__path_lift, _, _>(&[Permission::Ban], lift);
}

/// A ban.
#[derive(Serialize, ToSchema)]
#[schema(as = Ban)]
struct BanDocument {
    id: RecordId,
    /// A person; nothing, where it is a plate.
    person: Option<RecordId>,
    /// Empty, where it is a plate.
    person_name: String,
    /// Folded; empty, where it is a person.
    plate: String,
    /// As people write it.
    plate_shown: String,
    reason: String,
    /// In milliseconds since 1970; nothing: until it is lifted.
    until_ms: Option<u64>,
    /// Whether its end has come.
    is_over: bool,
    /// The administrator.
    by: Option<RecordId>,
    by_name: String,
    /// In milliseconds since 1970.
    at_ms: u64,
}

/// All that were not lifted, the newest first.
#[derive(Serialize, ToSchema)]
struct Bans {
    bans: Vec<BanDocument>,
}

/// Who or what is not to be let in: a person or a plate.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewBan {
    person: Option<RecordId>,
    /// As typed, or as it was read.
    plate: Option<String>,
    reason: String,
    /// In milliseconds since 1970; nothing: until it is lifted.
    until_ms: Option<u64>,
}

impl BanDocument {
    fn of(look: &Look<'_>, ban: Entry<Ban>) -> Result<BanDocument, Problem> {
        let (id, Ban { person, plate, reason, until_ms, by }) = (ban.id, ban.value);
        person.into_iter().for_each(|person| look.concerns_person(person));
        Ok(BanDocument {
            id,
            person,
            person_name: look.person(person)?,
            plate_shown: look.plate(&plate),
            plate,
            reason,
            until_ms,
            is_over: until_ms.is_some_and(|until_ms| until_ms <= look.now.ms),
            by,
            by_name: look.person(by)?,
            at_ms: id.made_ms(),
        })
    }
}

/// The bans
#[utoipa::path(get, path = "/api/v1/communities/{community}/bans", tag = "bans", operation_id = "bans.list",
    params(("community" = RecordId, Path)), responses((status = 200, body = Bans)))]
async fn list(call: Call, member: Member) -> Answer {
    let bans = member.read(&call, move |look| {
        let mut bans = rights::standing_bans(look.view)?;
        bans.sort_by_key(|ban| std::cmp::Reverse(ban.id));
        let shown = bans.into_iter().map(|ban| BanDocument::of(look, ban));
        Ok(Bans { bans: shown.collect::<Result<_, _>>()? })
    });
    json(&bans.await?)
}

/// Ban a person or a plate
#[utoipa::path(post, path = "/api/v1/communities/{community}/bans", tag = "bans", operation_id = "bans.ban",
    params(("community" = RecordId, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = NewBan, responses((status = 201, body = BanDocument)))]
async fn ban(call: Call, member: Member) -> Answer {
    let NewBan { person, plate, reason, until_ms } = call.body()?;
    let whom = match (person, plate) {
        (Some(person), None) => Whom::Person(person),
        (None, Some(plate)) => Whom::Plate(plate),
        _ => return Err(Problem::invalid("person", "person-or-plate")),
    };
    let banned = member.write(&call, move |act| {
        let actor = act.actor();
        let (id, writes) = rights::ban(&mut act.ctx, &actor, &whom, &reason, until_ms)?;
        match whom {
            Whom::Person(person) => act.concerns_person(person),
            Whom::Plate(_) => act.concerns_record(id),
        }
        Ok((Made { id }, writes))
    });
    let Made { id } = banned.await?;
    let shown = member.read(&call, move |look| {
        let ban = look.view.of::<Ban>().get(id)?.ok_or_else(Problem::not_found)?;
        BanDocument::of(look, ban)
    });
    created(&shown.await?)
}

/// Lift a ban; others on the same person or plate stand
#[utoipa::path(delete, path = "/api/v1/communities/{community}/bans/{ban}", tag = "bans",
    operation_id = "bans.lift", params(("community" = RecordId, Path), ("ban" = RecordId, Path), Why),
    responses((status = 204, description = "It stands no more")))]
async fn lift(call: Call, member: Member) -> Answer {
    let (id, Why { reason }) = (call.id("ban")?, call.query()?);
    let lifted = member.write(&call, move |act| {
        let ban = act.ctx.view.of::<Ban>().get(id)?.ok_or_else(Problem::not_found)?;
        act.concerns_record(id);
        // Whoever was erased since is nobody's concern any more.
        if let Some(person) = ban.value.person
            && act.ctx.view.of::<Person>().get(person)?.is_some()
        {
            act.concerns_person(person);
        }
        let actor = act.actor();
        Ok(((), rights::lift(&mut act.ctx, &actor, id, &reason)?))
    });
    lifted.await?;
    done()
}
