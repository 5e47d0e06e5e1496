//! What those in office did and looked at: all of it for administrators, and for everybody what concerns them.

use dwellers::audit::{self, After, Deed, Which, Whose};
use dwellers::people::Permission;
use dwellers_replica::{Entry, RecordId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::call::{Call, Look, Member, json};
use super::problem::Problem;
use super::table::{Answer, Table};

/// Deeds of one answer.
const PAGE: usize = 100;

pub(super) fn routes(to: &mut Table) {
    to.may::<__path_list, _, _>(&[Permission::ManageCommunity], list);
    to.person::<__path_mine, _, _>(mine);
}

/// Something that somebody in office did or looked at.
#[derive(Serialize, ToSchema)]
#[schema(as = Deed)]
pub(super) struct DeedDocument {
    id: RecordId,
    /// Who.
    by: RecordId,
    /// Their name; empty where they were erased.
    by_name: String,
    /// What, as this description names the operation.
    action: String,
    /// The same in words.
    text: String,
    /// They only looked.
    looked: bool,
    /// Whom it concerns.
    person: Option<RecordId>,
    /// Their name; empty for nobody.
    person_name: String,
    /// Which house it concerns.
    house: Option<RecordId>,
    /// Its label; empty for none.
    house_label: String,
    /// The record that it concerns beside those.
    record: Option<RecordId>,
    /// It concerns everybody.
    everybody: bool,
    /// When, in milliseconds since 1970; looks at the same within an hour are one.
    at_ms: u64,
}

/// Some of the deeds, the newest first.
#[derive(Serialize, ToSchema)]
struct Deeds {
    deeds: Vec<DeedDocument>,
    /// Where the next page begins; nothing on the last.
    next: Option<String>,
}

/// Which deeds.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// By whom.
    by: Option<RecordId>,
    /// About whom.
    person: Option<RecordId>,
    /// About which house.
    house: Option<RecordId>,
    /// What, as this description names the operation.
    action: Option<String>,
    /// Looks only, or no looks.
    looked: Option<bool>,
    /// From then on, in milliseconds since 1970.
    from_ms: Option<u64>,
    /// Before then, in milliseconds since 1970.
    until_ms: Option<u64>,
    /// `next` of the page before.
    after: Option<String>,
}

/// Where to go on.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Page {
    /// `next` of the page before.
    pub after: Option<String>,
}

/// A deed in words.
pub(super) fn document(look: &Look<'_>, deed: Entry<Deed>) -> Result<DeedDocument, Problem> {
    let Deed { by, action, looked, person, house, record, everybody, at_ms } = deed.value;
    Ok(DeedDocument {
        id: deed.id,
        by,
        by_name: look.person(Some(by))?,
        text: look.deed(&action),
        action,
        looked,
        person,
        person_name: look.person(person)?,
        house,
        house_label: look.house(house)?,
        record,
        everybody,
        at_ms,
    })
}

fn page(look: &Look<'_>, mut deeds: Vec<Entry<Deed>>) -> Result<Deeds, Problem> {
    let more = deeds.len() > PAGE;
    deeds.truncate(PAGE);
    let last = deeds.last().map(|last| format!("{}-{}", last.value.at_ms, last.id));
    let deeds = deeds.into_iter().map(|deed| document(look, deed)).collect::<Result<_, _>>()?;
    Ok(Deeds { deeds, next: last.filter(|_| more) })
}

/// A place between deeds, as `next` names it.
fn place(after: Option<&str>) -> Result<Option<After>, Problem> {
    let place = |after: &str| {
        let (at_ms, id) = after.split_once('-')?;
        Some((at_ms.parse().ok()?, id.parse().ok()?))
    };
    match after {
        None => Ok(None),
        Some(after) => place(after).map(Some).ok_or(Problem::invalid("after", "unknown")),
    }
}

/// What those in office did and looked at
#[utoipa::path(get, path = "/api/v1/communities/{community}/audit", tag = "audit", operation_id = "audit.list",
    params(("community" = RecordId, Path), Filter), responses((status = 200, body = Deeds)))]
async fn list(call: Call, member: Member) -> Answer {
    let Filter { by, person, house, action, looked, from_ms, until_ms, after } = call.query()?;
    let after = place(after.as_deref())?;
    let which = Which { by, person, house, action, looked, from_ms, until_ms };
    let deeds = member.read(&call, move |look| {
        let found = audit::deeds(look.view, &which, after, PAGE + 1)?;
        page(look, found)
    });
    json(&deeds.await?)
}

/// What those in office did about me and my houses, and whose data of ours they looked at
#[utoipa::path(get, path = "/api/v1/communities/{community}/me/audit", tag = "me", operation_id = "me.audit",
    params(("community" = RecordId, Path), Page), responses((status = 200, body = Deeds)))]
async fn mine(call: Call, member: Member) -> Answer {
    let Page { after } = call.query()?;
    let after = place(after.as_deref())?;
    let deeds = member.read(&call, move |look| {
        let Member { person, held, .. } = look.member;
        let houses = held.iter().filter_map(|held| Some((held.house?, held.grant.made_ms()))).collect();
        // Who has left is none of those who are everybody now.
        let everybody = !held.is_empty();
        let whose = Whose { person: *person, houses, everybody, own: false };
        let found = audit::concerning(look.view, &whose, after, PAGE + 1)?;
        page(look, found)
    });
    json(&deeds.await?)
}
