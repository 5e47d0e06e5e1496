//! The journal: a house's own, and all of it for those who keep the gate; and its pictures.

use dwellers::journal::{self, Entry, Kind, Search, Sight};
use dwellers::people::Permission;
use dwellers::words::Line;
use dwellers_link::blobs;
use dwellers_replica::{Entry as Read, RecordId};
use http::{HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use warp::Reply;

use super::call::{Call, Look, Member, json};
use super::problem::Problem;
use super::table::{Answer, Table};
use crate::downlink::Picture;

/// Entries of a page, unless asked for fewer or more.
const USUAL: usize = 50;
/// The most entries of a page.
const MOST: usize = 200;
/// A picture that is still at its gatehouse is there when the gatehouse is: when it is worth another try.
const AWAY_S: u64 = 30;

pub(super) fn routes(to: &mut Table) {
    to.may::<__path_list, _, _>(&[Permission::SeeExpected], list);
    to.member::<__path_of_house, _, _>(of_house);
    to.member::<__path_show, _, _>(show);
    to.member::<__path_picture, _, _>(picture);
}

/// Some entries, the newest first. A page may have fewer than were asked for and still not be the last.
#[derive(Serialize, ToSchema)]
struct Journal {
    entries: Vec<Line>,
    /// Where the next page begins; nothing on the last.
    next: Option<String>,
}

/// Which entries.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// A plate or a part of one, in either alphabet.
    #[serde(default)]
    #[param(required = false)]
    plate: String,
    house: Option<RecordId>,
    #[param(inline)]
    kind: Option<Kind>,
    /// Included, in milliseconds since 1970.
    from_ms: Option<u64>,
    /// Excluded, in milliseconds since 1970.
    until_ms: Option<u64>,
    /// At most so many.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
    /// `next` of the page before.
    after: Option<String>,
}

/// Which entries of a house.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OfHouse {
    #[param(inline)]
    kind: Option<Kind>,
    /// Included, in milliseconds since 1970.
    from_ms: Option<u64>,
    /// Excluded, in milliseconds since 1970.
    until_ms: Option<u64>,
    /// At most so many.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
    /// `next` of the page before.
    after: Option<String>,
}

/// How much of an entry the caller may see.
fn sight(look: &Look<'_>, entry: &Read<Entry>) -> Option<Sight> {
    journal::may_see(entry, look.member.person, &look.member.held)
}

/// An entry as the caller may see it; nothing where they may not.
pub(super) fn line(look: &Look<'_>, entry: &Read<Entry>) -> Result<Option<Line>, Problem> {
    let shown = sight(look, entry).map(|sight| journal::shown(&entry.value, sight));
    Ok(shown.map(|shown| look.line(entry.id, &shown)).transpose()?)
}

fn page(
    look: &Look<'_>,
    search: &Search,
    after: Option<&str>,
    limit: Option<usize>,
) -> Result<Journal, Problem> {
    let limit = limit.unwrap_or(USUAL).clamp(1, MOST);
    // Whom a house wants untold is found by no plate either.
    let is_told =
        |entry: &Entry| search.plate.is_empty() || look.seen(entry).is_ok_and(|seen| !seen.plate.is_empty());
    let seen = |entry: &Read<Entry>| sight(look, entry).is_some() && is_told(&entry.value);
    let found = journal::search(look.view, search, after, limit, seen)?;
    let lines = found.entries.iter().map(|entry| line(look, entry)).collect::<Result<Vec<_>, _>>()?;
    Ok(Journal { entries: lines.into_iter().flatten().collect(), next: found.next })
}

/// The journal
#[utoipa::path(get, path = "/api/v1/communities/{community}/journal", tag = "journal",
    operation_id = "journal.list", params(("community" = RecordId, Path), Filter),
    responses((status = 200, body = Journal)))]
async fn list(call: Call, member: Member) -> Answer {
    let Filter { plate, house, kind, from_ms, until_ms, limit, after } = call.query()?;
    let page = member.read(&call, move |look| {
        let search = Search { plate, house, kind, from_ms, until_ms };
        let page = page(look, &search, after.as_deref(), limit)?;
        // Who looks for somebody looks at theirs; who leafs through looks at everybody's.
        if !search.plate.is_empty() || search.house.is_some() {
            page.entries.iter().filter_map(|entry| entry.house).for_each(|house| look.concerns_house(house));
        }
        Ok(page)
    });
    json(&page.await?)
}

/// The journal of a house: who came to it, and what its people opened
#[utoipa::path(get, path = "/api/v1/communities/{community}/houses/{house}/journal", tag = "journal",
    operation_id = "journal.of_house",
    params(("community" = RecordId, Path), ("house" = RecordId, Path), OfHouse),
    responses((status = 200, body = Journal)))]
async fn of_house(call: Call, member: Member) -> Answer {
    let (house, OfHouse { kind, from_ms, until_ms, limit, after }) = (call.id("house")?, call.query()?);
    let page = member.read(&call, move |look| {
        look.looks_into(house)?;
        let search = Search { plate: String::new(), house: Some(house), kind, from_ms, until_ms };
        page(look, &search, after.as_deref(), limit)
    });
    json(&page.await?)
}

/// An entry that the caller may see.
fn seen(look: &Look<'_>, id: RecordId) -> Result<Line, Problem> {
    let entry = look.view.of::<Entry>().get(id)?.ok_or_else(Problem::not_found)?;
    let line = line(look, &entry)?.ok_or_else(Problem::not_found)?;
    line.house.into_iter().for_each(|house| look.concerns_house(house));
    line.person.into_iter().for_each(|person| look.concerns_person(person));
    Ok(line)
}

/// An entry of the journal
#[utoipa::path(get, path = "/api/v1/communities/{community}/journal/{entry}", tag = "journal",
    operation_id = "journal.show", params(("community" = RecordId, Path), ("entry" = RecordId, Path)),
    responses((status = 200, body = Line)))]
async fn show(call: Call, member: Member) -> Answer {
    let id = call.id("entry")?;
    json(&member.read(&call, move |look| seen(look, id)).await?)
}

/// The picture of an entry: from the cloud, or else from the gatehouse that took it
#[utoipa::path(get, path = "/api/v1/communities/{community}/journal/{entry}/picture", tag = "journal",
    operation_id = "journal.picture", params(("community" = RecordId, Path), ("entry" = RecordId, Path)),
    responses((status = 200, description = "A picture", content((Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"))),
        (status = 304, description = "As it is known")))]
async fn picture(call: Call, member: Member) -> Answer {
    let id = call.id("entry")?;
    let crop = member.read(&call, move |look| Ok(seen(look, id)?.crop)).await?;
    crop_of(&call, &member, &crop).await
}

/// A picture by its name, for somebody who may see it.
pub(super) async fn crop_of(call: &Call, member: &Member, crop: &str) -> Answer {
    let hash = blobs::parse(crop).ok_or_else(Problem::not_found)?;
    let tag = format!("\"{}\"", &crop[..16]);
    let mut response = if call.has_already(&tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        match call.api.0.downlink.picture(&member.community, hash).await? {
            Picture::Here(bytes) => shown(bytes),
            Picture::Away => return Err(Problem::away(AWAY_S)),
            Picture::Gone => return Err(Problem::not_found()),
        }
    };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, HeaderValue::from_str(&tag).map_err(|_| Problem::not_found())?);
    // It never changes; whether it may be seen does.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    Ok(response)
}

fn shown(bytes: Vec<u8>) -> warp::reply::Response {
    // Nothing else is let in.
    let is_png = bytes.starts_with(b"\x89PNG");
    let kind = if is_png { "image/png" } else { "image/jpeg" };
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    response
}
