//! What is known of oneself, to take along and to be erased; what a house wants kept of its visitors.

mod export;

use dwellers::people::{House, Permission};
use dwellers::privacy::{self, ErasureRequest};
use dwellers::visitor_log::{self, VisitorLog};
use dwellers_replica::RecordId;
use http::{HeaderValue, header};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use self::export::Export;
use super::account::insist_on_owner;
use super::call::{Call, Member, json};
use super::problem::Problem;
use super::table::{Answer, Table};
use crate::retention;

pub(super) fn routes(to: &mut Table) {
    to.person::<__path_export, _, _>(export);
    to.person::<__path_erase_me, _, _>(erase_me);
    to.may::<__path_erase_person, _, _>(&[Permission::ManagePeople], erase_person);
    to.member::<__path_visitor_log, _, _>(visitor_log);
    to.may::<__path_choose_visitor_log, _, _>(&[Permission::ChooseVisitorLog], choose_visitor_log);
}

/// Erase everything about somebody. Places and roles end with it, and what stands under them: an owner's family, too.
/// There is no way back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Erase {
    /// The word «стереть», or `erase`.
    #[serde(default)]
    confirmation: String,
    /// My password, where I have one; who has just signed in by a link or a passkey need not know it.
    #[serde(default)]
    password: String,
}

/// Somebody who is to be erased.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = Erasure)]
pub(super) struct ErasureDocument {
    person: RecordId,
    /// Who asked for it.
    by: Option<RecordId>,
    /// When, in milliseconds since 1970.
    at_ms: u64,
    /// When all was erased that was there; 0: it goes on.
    done_ms: u64,
    /// How many records were erased by now.
    records: u64,
}

impl ErasureDocument {
    pub fn of(request: &ErasureRequest) -> ErasureDocument {
        let ErasureRequest { person, by, at_ms, done_ms, records } = *request;
        ErasureDocument { person, by, at_ms, done_ms, records }
    }
}

/// What a house wants kept of its visitors.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HouseVisitorLog {
    /// `keep`; `owners_only`: only its owners see who came; `nothing`: nobody sees it, and it is erased within hours.
    visitor_log: VisitorLog,
}

/// All that is known of me, to take along: also after I have left
#[utoipa::path(get, path = "/api/v1/communities/{community}/me/export", tag = "me", operation_id = "me.export",
    params(("community" = RecordId, Path)), responses((status = 200, body = Export)))]
async fn export(call: Call, member: Member) -> Answer {
    let account = member.signed.account;
    call.api.0.bounds.exports.one(&account)?;
    let _turn = call.api.0.downloads.take(account)?;
    let account = call.api.accounts(move |accounts| accounts.get(account)).await?;
    let now = call.now();
    let export = member.read(&call, move |look| export::export(look, account, now)).await?;
    let mut response = json(&export)?;
    let name = HeaderValue::from_static("attachment; filename=\"dwellers.json\"");
    response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}

/// Erase everything about me here; my places and roles end, and what stands under them
#[utoipa::path(post, path = "/api/v1/communities/{community}/me/erase", tag = "me", operation_id = "me.erase",
    params(("community" = RecordId, Path)), request_body = Erase, responses((status = 200, body = ErasureDocument)))]
async fn erase_me(call: Call, member: Member) -> Answer {
    let person = member.person;
    erase(call, member, person).await
}

/// Erase everything about somebody who asked for it; their places and roles end, and what stands under them
///
/// An administrator is erased by themselves, or when they are one no more.
#[utoipa::path(post, path = "/api/v1/communities/{community}/people/{person}/erase", tag = "people",
    operation_id = "people.erase", params(("community" = RecordId, Path), ("person" = RecordId, Path)),
    request_body = Erase, responses((status = 200, body = ErasureDocument)))]
async fn erase_person(call: Call, member: Member) -> Answer {
    let person = call.id("person")?;
    erase(call, member, person).await
}

async fn erase(call: Call, member: Member, person: RecordId) -> Answer {
    let Erase { confirmation, password } = call.body()?;
    insist_on_owner(&call, &member.signed, password, "password").await?;
    // The answer tells nobody's data: it is written with the request, so that a crash loses neither.
    let asked = member.write_secret(&call, move |act| {
        act.concerns_person(person);
        let actor = act.actor();
        privacy::ask(&mut act.ctx, &actor, person, &confirmation).map_err(Problem::from)
    });
    asked.await?;
    let (communities, community, now) =
        (call.api.0.communities.clone(), member.community.clone(), call.now());
    // It goes on where the caller does not wait for it; where the cloud does not, it is gone on with later.
    let work = tokio::spawn(async move { retention::erase(&communities, &community, person, now).await });
    match work.await {
        Ok(Ok(_)) => {}
        Ok(Err(why)) => tracing::warn!(community = %member.community.id, "erasing goes on later: {why}"),
        Err(why) => tracing::error!(community = %member.community.id, "erasing goes on later: {why}"),
    }
    let store = member.community.store.clone();
    let request = call.api.blocking(move || store.view(|view| privacy::request(view, person))).await???;
    json(&ErasureDocument::of(&request.ok_or_else(Problem::not_found)?.value))
}

/// What a house wants kept of its visitors
#[utoipa::path(get, path = "/api/v1/communities/{community}/houses/{house}/visitor-log", tag = "houses",
    operation_id = "houses.visitor_log", params(("community" = RecordId, Path), ("house" = RecordId, Path)),
    responses((status = 200, body = HouseVisitorLog)))]
async fn visitor_log(call: Call, member: Member) -> Answer {
    let house = call.id("house")?;
    let shown = member.read(&call, move |look| {
        if !look.member.is_in_office() && !look.member.is_of(house) {
            return Err(Problem::not_found());
        }
        let found = look.view.of::<House>().get(house)?.ok_or_else(Problem::not_found)?;
        Ok(HouseVisitorLog { visitor_log: VisitorLog::of(&found.value) })
    });
    json(&shown.await?)
}

/// Choose what is kept of the visitors of my house
#[utoipa::path(put, path = "/api/v1/communities/{community}/houses/{house}/visitor-log", tag = "houses",
    operation_id = "houses.choose_visitor_log", params(("community" = RecordId, Path), ("house" = RecordId, Path)),
    request_body = HouseVisitorLog, responses((status = 200, body = HouseVisitorLog)))]
async fn choose_visitor_log(call: Call, member: Member) -> Answer {
    let house = call.id("house")?;
    let HouseVisitorLog { visitor_log: choice } = call.body()?;
    let chosen = member.write(&call, move |act| {
        let actor = act.actor();
        let writes = visitor_log::choose(&mut act.ctx, &actor, house, choice)?;
        Ok((HouseVisitorLog { visitor_log: choice }, writes))
    });
    json(&chosen.await?)
}
