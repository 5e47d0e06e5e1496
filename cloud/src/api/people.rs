//! Persons: the list, one with what they are, oneself.

use dwellers::people::{self, Capacity, Permission, Person};
use dwellers::plate;
use dwellers::rights::{self, Life};
use dwellers::vehicles::Vehicle;
use dwellers_replica::{Cursor, Entry, Query, RecordId, Writes};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::account::HeldDocument;
use super::call::{Call, Look, Member, created, etag, json};
use super::joining::SignInLink;
use super::problem::Problem;
use super::table::{Answer, Table};
use crate::clock;
use crate::invitations::By;

/// Persons of one answer.
const PAGE: usize = 100;
/// Cars whose plates are like what is searched for.
const CARS: usize = 20;
/// A shorter part of a plate is in too many.
const SHORTEST_PLATE: usize = 3;

pub(super) fn routes(to: &mut Table) {
    to.may::<__path_list, _, _>(&[Permission::ManagePeople], list);
    to.may::<__path_add, _, _>(&[Permission::ManagePeople], add);
    to.member::<__path_show, _, _>(show);
    to.member::<__path_edit, _, _>(edit);
    to.may::<__path_link, _, _>(&[Permission::ManagePeople], link);
    to.person::<__path_me, _, _>(me);
}

/// Somebody of the community.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = Person)]
pub(super) struct PersonDocument {
    id: RecordId,
    /// As they want to be called.
    name: String,
    /// E.164; may be empty.
    phone: String,
    /// `ru` or `en`.
    language: String,
}

/// Somebody with what they are.
#[derive(Serialize, ToSchema)]
#[schema(as = PersonDetails)]
struct Details {
    #[serde(flatten)]
    person: PersonDocument,
    /// Places and roles; nothing: they are nobody there any more, or are banned.
    held: Vec<StandingDocument>,
    /// How many cars they have.
    vehicles: usize,
}

/// A place or a role.
#[derive(Serialize, ToSchema)]
#[schema(as = Standing)]
struct StandingDocument {
    #[serde(flatten)]
    held: HeldDocument,
    /// The label of the house; empty for the whole community.
    house_label: String,
}

#[derive(Serialize, ToSchema)]
struct People {
    people: Vec<Details>,
    /// Where the next page begins; nothing on the last.
    next: Option<String>,
}

/// Which people.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// A part of a name, of a telephone number, or of the plate of a car.
    search: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
}

/// A person to be, or as they are from now on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPerson {
    /// As they want to be called.
    pub name: String,
    /// As people write it; may be empty.
    #[serde(default)]
    pub phone: String,
    /// `ru` or `en`.
    pub language: String,
}

/// A link to sign in first.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LinkAnew {
    /// Also where somebody has signed in as them: for whoever has lost what they signed in with, or was deprived of it.
    #[serde(default)]
    anew: bool,
}

impl NewPerson {
    fn person(&self) -> Person {
        let NewPerson { name, phone, language } = self;
        Person { name: name.clone(), phone: phone.clone(), language: language.clone() }
    }
}

fn document(person: &Entry<Person>) -> PersonDocument {
    let Person { name, phone, language } = person.value.clone();
    PersonDocument { id: person.id, name, phone, language }
}

fn details(look: &Look<'_>, person: &Entry<Person>) -> Result<Details, Problem> {
    look.concerns_person(person.id);
    let mut vehicles = 0;
    let mut houses = Vec::new();
    let mut held = Vec::new();
    for one in people::held(look.view, look.now, person.id)? {
        if let Some(house) = one.house.filter(|house| !houses.contains(house)) {
            houses.push(house);
            let query = Query::on("house").equal(house.to_string()).limit(Query::MAX_LIMIT);
            for car in look.view.of::<Vehicle>().find(&query)?.entries {
                let is_theirs = car.value.person == person.id;
                vehicles += usize::from(is_theirs && rights::life(look.view, car.id)? == Life::Alive);
            }
        }
        let house_label = look.house(one.house)?;
        held.push(StandingDocument { held: HeldDocument::of(&one), house_label });
    }
    Ok(Details { person: document(person), held, vehicles })
}

/// The people
#[utoipa::path(get, path = "/api/v1/communities/{community}/people", tag = "people", operation_id = "people.list",
    params(("community" = RecordId, Path), Which), responses((status = 200, body = People)))]
async fn list(call: Call, member: Member) -> Answer {
    let Which { search, after } = call.query()?;
    let after = after.map(|after| after.parse::<Cursor>()).transpose();
    let after = after.map_err(|_| Problem::invalid("after", "unknown"))?;
    let page = member.read(&call, move |look| {
        let people = look.view.of::<Person>();
        let search = search.as_deref().map(str::trim).filter(|search| !search.is_empty());
        let (mut found, page) = match (search, after) {
            (Some(search), None) => (by_plate(look, search)?, people.search(&fragment(search), None, PAGE)?),
            (Some(search), after) => (Vec::new(), people.search(&fragment(search), after, PAGE)?),
            (None, after) => (Vec::new(), people.find(&Query::on("name").after(after).limit(PAGE))?),
        };
        found.extend(page.entries);
        // Whoever was erased has no name. Who is found by their car and by their name is shown once.
        let mut seen = Vec::new();
        found.retain(|one| {
            let is_new = !one.value.name.is_empty() && !seen.contains(&one.id);
            seen.push(one.id);
            is_new
        });
        let next = page.next.map(|next| next.to_string());
        let people = found.iter().map(|person| details(look, person)).collect::<Result<_, _>>()?;
        Ok(People { people, next })
    });
    json(&page.await?)
}

/// What is searched for as records have it: of a telephone number its digits, without what is dialled within the country.
fn fragment(search: &str) -> String {
    let digits: String = search.chars().filter(char::is_ascii_digit).collect();
    let is_phone = search.chars().all(|c| c.is_ascii_digit() || " +-–().".contains(c));
    match digits.strip_prefix('8') {
        _ if !is_phone || digits.is_empty() => search.to_owned(),
        Some(rest) if digits.len() == 11 => rest.to_owned(),
        _ => digits,
    }
}

/// Whose cars have such a plate.
fn by_plate(look: &Look<'_>, search: &str) -> Result<Vec<Entry<Person>>, Problem> {
    let folded = plate::fold(search);
    let mut found: Vec<Entry<Person>> = Vec::new();
    if folded.chars().count() < SHORTEST_PLATE || !folded.chars().any(|c| c.is_ascii_digit()) {
        return Ok(found);
    }
    for car in look.view.of::<Vehicle>().search(&folded, None, CARS)?.entries {
        let is_new = found.iter().all(|known| known.id != car.value.person);
        if is_new && rights::life(look.view, car.id)? == Life::Alive {
            found.extend(look.view.of::<Person>().get(car.value.person)?);
        }
    }
    Ok(found)
}

/// Add somebody, who is nobody anywhere yet
#[utoipa::path(post, path = "/api/v1/communities/{community}/people", tag = "people", operation_id = "people.add",
    params(("community" = RecordId, Path)), request_body = NewPerson,
    responses((status = 201, body = PersonDocument)))]
async fn add(call: Call, member: Member) -> Answer {
    let new: NewPerson = call.body()?;
    let added = member.write(&call, move |act| {
        let actor = act.actor();
        let (id, writes) = people::add_person(&mut act.ctx, &actor, &new.person())?;
        act.concerns_person(id);
        Ok((id, writes))
    });
    created(&as_kept(&call, &member, added.await?).await?)
}

/// A person as they were written.
async fn as_kept(call: &Call, member: &Member, id: RecordId) -> Result<PersonDocument, Problem> {
    let store = member.community.store.clone();
    let read = move || store.view(|view| view.of::<Person>().get(id));
    let found = call.api.blocking(read).await???;
    found.as_ref().map(document).ok_or_else(Problem::not_found)
}

/// Somebody: oneself, or, for administrators, anybody
#[utoipa::path(get, path = "/api/v1/communities/{community}/people/{person}", tag = "people",
    operation_id = "people.show", params(("community" = RecordId, Path), ("person" = RecordId, Path)),
    responses((status = 200, body = Details, headers(("ETag" = String)))))]
async fn show(call: Call, member: Member) -> Answer {
    let id = call.id("person")?;
    answer(&call, &member, id).await
}

/// Who I am there
#[utoipa::path(get, path = "/api/v1/communities/{community}/me", tag = "people", operation_id = "people.me",
    params(("community" = RecordId, Path)),
    responses((status = 200, body = Details, headers(("ETag" = String)))))]
async fn me(call: Call, member: Member) -> Answer {
    answer(&call, &member, member.person).await
}

/// What they are may change without them: the answer is never left out.
async fn answer(call: &Call, member: &Member, id: RecordId) -> Answer {
    let (tag, shown) = member
        .read(call, move |look| {
            if id != look.member.person && !look.member.may(Permission::ManagePeople) {
                return Err(Problem::not_found());
            }
            let found = look.view.of::<Person>().get(id)?.ok_or_else(Problem::not_found)?;
            Ok((etag(&found), details(look, &found)?))
        })
        .await?;
    let mut response = json(&shown)?;
    let tag = http::HeaderValue::from_str(&tag).expect("a tag is made of letters and digits");
    response.headers_mut().insert(http::header::ETAG, tag);
    Ok(response)
}

/// Change a name, telephone or language: one's own, or, for administrators, anybody's
#[utoipa::path(put, path = "/api/v1/communities/{community}/people/{person}", tag = "people",
    operation_id = "people.edit",
    params(("community" = RecordId, Path), ("person" = RecordId, Path), ("If-Match" = Option<String>, Header)),
    request_body = NewPerson, responses((status = 200, body = PersonDocument)))]
async fn edit(call: Call, member: Member) -> Answer {
    let (id, if_match, new) = (call.id("person")?, call.if_match(), call.body::<NewPerson>()?);
    let edited = member.write(&call, move |act| {
        if id != act.member.person && !act.member.may(Permission::ManagePeople) {
            return Err(Problem::not_found());
        }
        let before = act.ctx.view.of::<Person>().get(id)?.ok_or_else(Problem::not_found)?;
        act.as_known(if_match.as_deref(), &before)?;
        act.concerns_person(id);
        let actor = act.actor();
        Ok(((), people::edit_person(&mut act.ctx, &actor, id, &new.person())?))
    });
    edited.await?;
    json(&as_kept(&call, &member, id).await?)
}

/// A link by which somebody signs in first
///
/// Where somebody has signed in as them, only `anew`: that account is this person no more.
#[utoipa::path(post, path = "/api/v1/communities/{community}/people/{person}/link", tag = "people",
    operation_id = "people.link", params(("community" = RecordId, Path), ("person" = RecordId, Path)),
    request_body = LinkAnew, responses((status = 201, body = SignInLink)))]
async fn link(call: Call, member: Member) -> Answer {
    let (id, LinkAnew { anew }) = (call.id("person")?, call.body()?);
    let allowed = member.write_secret(&call, move |act| {
        act.ctx.view.of::<Person>().get(id)?.ok_or_else(Problem::not_found)?;
        // Who administers could be another administrator by it, and whoever found their browser open could be them, also
        // where the role was taken for a moment; whoever has lost what they sign in with is helped by the operator.
        let granted = people::granted(act.ctx.view, id)?;
        if granted.iter().any(|granted| granted.capacity == Capacity::Administrator) {
            return Err(Problem::not_allowed());
        }
        act.concerns_person(id);
        Ok(((), Writes::new()))
    });
    allowed.await?;
    let (api, community, by) = (call.api.clone(), member.community.id, By::Person(member.person));
    let issue = move || {
        let known = api.0.accounts.membership_of(community, id)?;
        if known.is_some() && !anew {
            return Err(Problem::moved_on("already-joined"));
        }
        // First the link: nobody is left without either.
        let link = api.invite(community, id, by)?;
        if let Some(known) = known {
            api.0.accounts.part(&known, clock::now())?;
        }
        Ok(link)
    };
    created(&call.api.blocking(issue).await??)
}
