//! Those who ask to join, as administrators see them: who waits, who they say they are, and the decision.
//!
//! Invariants: a photo is shown only while its application waits; whoever decides second is told who was first, and what they
//! said.

use dwellers::consents::{self, Consent};
use dwellers::people::{self, Application, Asked, Becoming, Capacity, Permission, PlaceKind, Proof, Verdict};
use dwellers::texts::Language;
use dwellers::words::Words;
use dwellers_replica::{Cursor, Entry, Now, Open, Query, RecordId, View};
use http::{HeaderValue, header};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use warp::Reply;

use super::Api;
use super::call::{Call, Look, Member, created, done, json};
use super::joining::PhotoBytes;
use super::problem::Problem;
use super::second_factor::insist_on_recent_second_factor;
use super::table::{Answer, Table};
use crate::applications::{Photo, Ticket};

/// Applications of one answer.
const PAGE: usize = 50;

pub(super) fn routes(to: &mut Table) {
    to.may::<__path_list, _, _>(&[Permission::DecideApplications], list);
    to.may::<__path_show, _, _>(&[Permission::DecideApplications], show);
    to.may::<__path_photo, _, _>(&[Permission::DecideApplications], photo);
    to.may::<__path_accept, _, _>(&[Permission::DecideApplications], accept);
    to.may::<__path_refuse, _, _>(&[Permission::DecideApplications], refuse);
}

/// A request to join.
#[derive(Serialize, ToSchema)]
#[schema(as = Application)]
struct ApplicationDocument {
    id: RecordId,
    /// As they gave it.
    name: String,
    /// As they gave it; may be empty.
    phone: String,
    /// `ru` or `en`.
    language: String,
    /// The house that they claim.
    house: RecordId,
    /// Its label.
    house_label: String,
    /// As what.
    kind: Open<PlaceKind>,
    /// What speaks for them: `code` or `photo`.
    proof: &'static str,
    /// Whether the photo is there to be looked at.
    has_photo: bool,
    /// Who they are in the community already, by the account that they applied with.
    person: Option<RecordId>,
    /// When, in milliseconds since 1970.
    at_ms: u64,
    /// Nothing while it waits.
    decision: Option<DecisionDocument>,
}

/// What was said to an application.
#[derive(Serialize, ToSchema)]
#[schema(as = Decision)]
struct DecisionDocument {
    /// The person whom they have become.
    accepted: Option<RecordId>,
    /// Whether they have withdrawn it themselves.
    withdrawn: bool,
    /// Why it was refused.
    reason: String,
    /// Who decided.
    by: Option<RecordId>,
    /// Their name.
    by_name: String,
    /// When, in milliseconds since 1970.
    at_ms: u64,
}

#[derive(Serialize, ToSchema)]
struct Applications {
    /// Those that wait first, then those that were decided; of each the newest first.
    applications: Vec<ApplicationDocument>,
    /// Where the next page begins; nothing on the last.
    next: Option<String>,
}

/// Which applications.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// `next` of the page before.
    after: Option<String>,
}

/// An application with what helps to decide.
#[derive(Serialize, ToSchema)]
#[schema(as = ApplicationDetails)]
struct Details {
    #[serde(flatten)]
    application: ApplicationDocument,
    /// Who lives and works in the house today.
    residents: Vec<ResidentDocument>,
    /// The version of the consent that they agreed to; 0 where none is known.
    consent: u32,
}

/// Somebody of the house that is claimed.
#[derive(Serialize, ToSchema)]
#[schema(as = PresentResident)]
struct ResidentDocument {
    person: RecordId,
    name: String,
    phone: String,
    kind: String,
}

/// How large a picture.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Size {
    /// The small one.
    #[serde(default)]
    small: bool,
}

/// Accepting: as it was asked, but for what is said otherwise.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AcceptApplication)]
struct Accept {
    /// The person who it is, where they are of the community already and the application does not say so.
    person: Option<RecordId>,
    /// The house, where it is another one than they claim.
    house: Option<RecordId>,
    /// As what, where it is something else than they claim.
    kind: Option<PlaceKind>,
}

/// Refusing.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RefuseApplication)]
struct Refuse {
    /// What the applicant is told.
    reason: String,
}

/// Somebody was accepted.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = AcceptedApplication)]
struct Accepted {
    /// Who they are from now on.
    person: RecordId,
}

/// Who asks to join, and who did
#[utoipa::path(get, path = "/api/v1/communities/{community}/applications", tag = "applications",
    operation_id = "applications.list", params(("community" = RecordId, Path), Which),
    responses((status = 200, body = Applications)))]
async fn list(call: Call, member: Member) -> Answer {
    let Which { after } = call.query()?;
    let (waiting, after) = place(after.as_deref())?;
    let read = member.read(&call, move |look| {
        let (mut found, mut next) = (Vec::new(), None);
        let mut after = after;
        if waiting {
            (found, after) = people::applications(look.view, true, after, PAGE)?;
            next = Some(after.as_ref().map_or("decided".to_owned(), |after| format!("waiting-{after}")));
        }
        if found.len() < PAGE && !(waiting && after.is_some()) {
            let (decided, then) = people::applications(look.view, false, after, PAGE - found.len())?;
            found.extend(decided);
            next = then.map(|then| format!("decided-{then}"));
        }
        let applications = found.into_iter().map(|asked| document(look, asked));
        Ok(Applications { applications: applications.collect::<Result<_, _>>()?, next })
    });
    json(&read.await?)
}

/// Where a page begins: among those that wait, or those that were decided.
fn place(after: Option<&str>) -> Result<(bool, Option<Cursor>), Problem> {
    let wrong = || Problem::invalid("after", "unknown");
    let (part, cursor) = match after {
        None => return Ok((true, None)),
        Some("decided") => return Ok((false, None)),
        Some(after) => after.split_once('-').ok_or_else(wrong)?,
    };
    let cursor = Some(cursor.parse::<Cursor>().map_err(|_| wrong())?);
    match part {
        "waiting" => Ok((true, cursor)),
        "decided" => Ok((false, cursor)),
        _ => Err(wrong()),
    }
}

fn document(look: &Look<'_>, asked: Asked) -> Result<ApplicationDocument, Problem> {
    let Asked { application: Entry { id, value: application, .. }, verdict } = asked;
    let decision = match verdict {
        Some(Entry { value: Verdict { accepted, withdrawn, reason, by, at_ms, .. }, .. }) => {
            Some(DecisionDocument { accepted, withdrawn, reason, by, by_name: look.person(by)?, at_ms })
        }
        None => None,
    };
    let ticket = look.view.of::<Ticket>().get(id)?;
    let has_photo = decision.is_none() && Photo::of_application(look.view, id)?.is_some();
    let Application { name, phone, language, house, kind, proof, at_ms, .. } = application;
    let proof = if matches!(proof.known(), Some(Proof::Code(_))) { "code" } else { "photo" };
    let (house_label, person) = (look.house(Some(house))?, ticket.and_then(|ticket| ticket.value.person));
    Ok(ApplicationDocument {
        id,
        name,
        phone,
        language,
        house,
        house_label,
        kind,
        proof,
        has_photo,
        person,
        at_ms,
        decision,
    })
}

/// One that asks to join, with the people of the house that it claims
#[utoipa::path(get, path = "/api/v1/communities/{community}/applications/{application}", tag = "applications",
    operation_id = "applications.show",
    params(("community" = RecordId, Path), ("application" = RecordId, Path)),
    responses((status = 200, body = Details)))]
async fn show(call: Call, member: Member) -> Answer {
    let id = call.id("application")?;
    let read = member.read(&call, move |look| {
        let application = look.view.of::<Application>().get(id)?.ok_or_else(Problem::not_found)?;
        let (house, verdict) = (application.value.house, people::verdict(look.view, id)?);
        look.concerns_house(house);
        let residents = people::residents(look.view, look.now, house, Permission::OpenGates)?;
        let residents = residents.into_iter().map(|(held, person)| {
            let kind = super::account::HeldDocument::of(&held).capacity().to_owned();
            let known = look.view.of::<people::Person>().get(person)?.map(|person| person.value);
            let people::Person { name, phone, .. } = known.unwrap_or_default();
            Ok::<_, Problem>(ResidentDocument { person, name, phone, kind })
        });
        let residents = residents.collect::<Result<_, _>>()?;
        let application = document(look, Asked { application, verdict })?;
        if let Some(person) = application.person {
            look.concerns_person(person);
        }
        Ok(Details { application, residents, consent: consent(look, id)? })
    });
    json(&read.await?)
}

/// The number of the version that was agreed to.
fn consent(look: &Look<'_>, application: RecordId) -> Result<u32, Problem> {
    let query = Query::on("application").equal(application.to_string()).limit(1);
    let Some(consent) = look.view.of::<Consent>().find(&query)?.entries.into_iter().next() else {
        return Ok(0);
    };
    let text = look.view.of::<consents::ConsentText>().get(consent.value.text)?;
    Ok(text.map_or(0, |text| text.value.number))
}

/// The photo of one that waits
#[utoipa::path(get, path = "/api/v1/communities/{community}/applications/{application}/photo",
    tag = "applications", operation_id = "applications.photo",
    params(("community" = RecordId, Path), ("application" = RecordId, Path), Size),
    responses((status = 200, body = PhotoBytes, content_type = "image/jpeg")))]
async fn photo(call: Call, member: Member) -> Answer {
    let (id, Size { small }) = (call.id("application")?, call.query()?);
    let read = member.read(&call, move |look| {
        let asked = look.view.of::<Application>().get(id)?.ok_or_else(Problem::not_found)?;
        look.concerns_house(asked.value.house);
        match people::verdict(look.view, id)? {
            None => Ok(()),
            Some(_) => Err(Problem::not_found()),
        }
    });
    read.await?;
    let found = call.api.0.photos.show(&member.community, id, small).await?;
    let mut response = found.ok_or_else(Problem::not_found)?.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg"));
    Ok(response)
}

/// Accept one: a person with a place comes to be
///
/// Who has that very place already keeps it, and is not given it twice. Nobody comes by it to an account that is another's.
#[utoipa::path(post, path = "/api/v1/communities/{community}/applications/{application}/acceptance",
    tag = "applications", operation_id = "applications.accept",
    params(("community" = RecordId, Path), ("application" = RecordId, Path)), request_body = Accept,
    responses((status = 201, body = Accepted)))]
async fn accept(call: Call, member: Member) -> Answer {
    insist_on_recent_second_factor(&call, &member.signed).await?;
    let (id, Accept { person, house, kind }) = (call.id("application")?, call.body()?);
    let (api, language, community) = (call.api.clone(), call.language, member.community.id);
    let accepted = member.write(&call, move |act| {
        undecided(&api, language, act.ctx.view, act.ctx.now, id)?;
        let known = known(&api, community, act.ctx.view, id, person)?;
        let actor = act.actor();
        let (accepted, mut writes) =
            people::accept(&mut act.ctx, &actor, id, Becoming { known, house, kind })?;
        consents::carry_over(&mut act.ctx, &mut writes, id, accepted)?;
        act.concerns_person(accepted);
        house.into_iter().for_each(|house| act.concerns_house(house));
        act.concerns_record(id);
        Ok((Accepted { person: accepted }, writes))
    });
    let accepted = accepted.await?;
    call.api.welcome(&member, id, accepted.person).await?;
    created(&accepted)
}

/// Who they are in the community already: by the account that they applied with, else as the administrator says.
fn known(
    api: &Api,
    community: RecordId,
    view: View<'_>,
    id: RecordId,
    said: Option<RecordId>,
) -> Result<Option<RecordId>, Problem> {
    let ticket = view.of::<Ticket>().get(id)?.map(|ticket| ticket.value).unwrap_or_default();
    // Another application of the same account may have been accepted meanwhile.
    let by_account = match ticket.account {
        Some(account) => api.0.accounts.person_in(account, community)?,
        None => None,
    };
    if let Some(known) = by_account.or(ticket.person) {
        return Ok(Some(known));
    }
    if let Some(said) = said {
        // Nobody is to sign in as an administrator because another one says that it is them.
        let granted = people::granted(view, said)?;
        if granted.iter().any(|granted| granted.capacity == Capacity::Administrator) {
            return Err(Problem::not_allowed());
        }
        // Nobody comes by it to an account that is another's.
        let theirs = api.0.accounts.membership_of(community, said)?.map(|known| known.value.account);
        if theirs.is_some() && theirs != ticket.account {
            return Err(Problem::moved_on("person-taken"));
        }
    }
    Ok(said)
}

/// Refuse one
#[utoipa::path(post, path = "/api/v1/communities/{community}/applications/{application}/refusal",
    tag = "applications", operation_id = "applications.refuse",
    params(("community" = RecordId, Path), ("application" = RecordId, Path)), request_body = Refuse,
    responses((status = 204, description = "It is refused")))]
async fn refuse(call: Call, member: Member) -> Answer {
    let (id, Refuse { reason }) = (call.id("application")?, call.body()?);
    let (api, language) = (call.api.clone(), call.language);
    let refused = member.write(&call, move |act| {
        undecided(&api, language, act.ctx.view, act.ctx.now, id)?;
        let actor = act.actor();
        let writes = people::refuse(&mut act.ctx, &actor, id, &reason)?;
        act.concerns_record(id);
        Ok(((), writes))
    });
    refused.await?;
    call.api.destroy_photo(&member.community, id).await;
    done()
}

/// Refuses where somebody has decided: who, what and when.
fn undecided(api: &Api, language: Language, view: View<'_>, now: Now, id: RecordId) -> Result<(), Problem> {
    let Some(Entry { value: verdict, .. }) = people::verdict(view, id)? else { return Ok(()) };
    let words = Words::new(view, api.texts(language), now)?;
    let (key, name) = match &verdict {
        Verdict { withdrawn: true, .. } => {
            let asked = view.of::<Application>().get(id)?.map(|asked| asked.value.name);
            ("application-withdrawn-by", asked.unwrap_or_default())
        }
        Verdict { accepted: Some(_), .. } => ("application-accepted-by", words.person(verdict.by)?),
        _ => ("application-refused-by", words.person(verdict.by)?),
    };
    let when = words.moment(verdict.at_ms);
    Err(Problem::ended(words.texts.get(key, &[("name", name.into()), ("when", when.into())])))
}

impl Api {
    /// What follows from an acceptance in other stores. Where the cloud falls here, the account is joined when the applicant
    /// looks, and the photo destroyed by the sweep.
    async fn welcome(&self, member: &Member, application: RecordId, person: RecordId) -> Result<(), Problem> {
        let (api, community) = (self.clone(), member.community.clone());
        let join = move || {
            let ticket = community.store.view(|view| view.of::<Ticket>().get(application))??;
            ticket.map_or(Ok(()), |ticket| api.join(&community, &ticket, person))
        };
        let joined = self.blocking(join).await?;
        if let Err(why) = joined {
            tracing::warn!(?why, "an applicant's account is not joined yet");
        }
        self.destroy_photo(&member.community, application).await;
        Ok(())
    }
}
