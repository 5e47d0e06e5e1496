//! Houses and their codes.

use dwellers::people::{self, House, Permission};
use dwellers_replica::{Entry, RecordId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::call::{Call, Member, created, etag, json, tagged};
use super::problem::Problem;
use super::table::{Answer, Table};

/// Houses of one answer, unless it is asked for less.
const PAGE: usize = 200;

pub(super) fn routes(to: &mut Table) {
    to.may::<__path_list, _, _>(&[Permission::ManageHouses, Permission::SeeExpected], list);
    to.may::<__path_add, _, _>(&[Permission::ManageHouses], add);
    to.member::<__path_show, _, _>(show);
    to.may::<__path_rename, _, _>(&[Permission::ManageHouses], rename);
    to.may::<__path_issue_code, _, _>(&[Permission::ManageHouses], issue_code);
}

/// A house.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = House)]
pub(super) struct HouseDocument {
    id: RecordId,
    /// What stands on its gate.
    label: String,
    /// For guards; empty to those who only live there.
    note: String,
}

/// Some of the houses, in the order of their labels, as people count: 1, 2, 10, 12А.
#[derive(Serialize, ToSchema)]
struct Houses {
    houses: Vec<HouseDocument>,
    /// Where the next page begins; nothing on the last.
    next: Option<String>,
}

/// Which houses.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// A part of the label.
    search: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
}

/// A house to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewHouse {
    /// What stands on its gate; unique.
    label: String,
    /// For guards.
    #[serde(default)]
    note: String,
}

/// A code by which the people of a house join. It is shown once.
#[derive(Serialize, Deserialize, ToSchema)]
struct HouseCode {
    code: String,
}

fn document(house: &Entry<House>) -> HouseDocument {
    let House { label, note, .. } = house.value.clone();
    HouseDocument { id: house.id, label, note }
}

/// The houses
#[utoipa::path(get, path = "/api/v1/communities/{community}/houses", tag = "houses", operation_id = "houses.list",
    params(("community" = RecordId, Path), Which), responses((status = 200, body = Houses)))]
async fn list(call: Call, member: Member) -> Answer {
    let Which { search, after } = call.query()?;
    let sought = people::key_of_label(search.as_deref().unwrap_or_default());
    // A label is a place in their order, also where no house has it any more.
    let after = after.as_deref().map(people::order_of_label);
    let page = member.read(&call, move |look| {
        let mut houses = people::houses(look.view)?;
        houses.retain(|house| house.value.key.contains(&sought));
        houses.retain(|house| Some(people::order_of_label(&house.value.label)) > after);
        let next = houses.get(PAGE).and(houses.get(PAGE - 1)).map(|last| last.value.label.clone());
        Ok(Houses { houses: houses.iter().take(PAGE).map(document).collect(), next })
    });
    json(&page.await?)
}

/// Add a house
#[utoipa::path(post, path = "/api/v1/communities/{community}/houses", tag = "houses", operation_id = "houses.add",
    params(("community" = RecordId, Path)), request_body = NewHouse,
    responses((status = 201, body = HouseDocument)))]
async fn add(call: Call, member: Member) -> Answer {
    let NewHouse { label, note } = call.body()?;
    let added = member.write(&call, move |act| {
        let actor = act.actor();
        let (id, writes) = people::add_house(&mut act.ctx, &actor, &label, &note)?;
        act.concerns_house(id);
        Ok((HouseDocument { id, label: label.trim().to_owned(), note: note.trim().to_owned() }, writes))
    });
    created(&added.await?)
}

/// A house
#[utoipa::path(get, path = "/api/v1/communities/{community}/houses/{house}", tag = "houses",
    operation_id = "houses.show", params(("community" = RecordId, Path), ("house" = RecordId, Path)),
    responses((status = 200, body = HouseDocument, headers(("ETag" = String))), (status = 304, description = "As it is known")))]
async fn show(call: Call, member: Member) -> Answer {
    let house = call.id("house")?;
    let (tag, house) = member
        .read(&call, move |look| {
            let in_office = look.member.is_in_office();
            if !in_office && !look.member.is_of(house) {
                return Err(Problem::not_found());
            }
            let found = look.view.of::<House>().get(house)?.ok_or_else(Problem::not_found)?;
            let mut shown = document(&found);
            if !in_office {
                shown.note.clear();
            }
            Ok((etag(&found), shown))
        })
        .await?;
    tagged(&call, &tag, &house)
}

/// Give a house another label and note
#[utoipa::path(put, path = "/api/v1/communities/{community}/houses/{house}", tag = "houses",
    operation_id = "houses.rename",
    params(("community" = RecordId, Path), ("house" = RecordId, Path), ("If-Match" = Option<String>, Header)),
    request_body = NewHouse, responses((status = 200, body = HouseDocument)))]
async fn rename(call: Call, member: Member) -> Answer {
    let (id, if_match) = (call.id("house")?, call.if_match());
    let NewHouse { label, note } = call.body()?;
    let renamed = member.write(&call, move |act| {
        let before = act.ctx.view.of::<House>().get(id)?.ok_or_else(Problem::not_found)?;
        act.as_known(if_match.as_deref(), &before)?;
        act.concerns_house(id);
        let actor = act.actor();
        let writes = people::rename_house(&mut act.ctx, &actor, id, &label, &note)?;
        Ok((HouseDocument { id, label: label.trim().to_owned(), note: note.trim().to_owned() }, writes))
    });
    json(&renamed.await?)
}

/// Issue a house a new code; the one before ends
#[utoipa::path(post, path = "/api/v1/communities/{community}/houses/{house}/code", tag = "houses",
    operation_id = "houses.issue_code", params(("community" = RecordId, Path), ("house" = RecordId, Path)),
    responses((status = 201, body = HouseCode)))]
async fn issue_code(call: Call, member: Member) -> Answer {
    let house = call.id("house")?;
    let key = call.api.house_code_key(member.community.id).await?;
    let issued = member.write_secret(&call, move |act| {
        act.concerns_house(house);
        let actor = act.actor();
        let (code, writes) = people::issue_code(&mut act.ctx, &actor, house, &key)?;
        Ok((HouseCode { code }, writes))
    });
    created(&issued.await?)
}
