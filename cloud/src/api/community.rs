//! The community itself: its settings, and the card that whoever wants to join sees.

use std::sync::Arc;

use dwellers::people::{self, Community, Permission};
use dwellers::{Denied, consents};
use dwellers_replica::{Entry, RecordId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::call::{Call, Member, etag, json, tagged};
use super::consents::CurrentConsent;
use super::problem::Problem;
use super::table::{Answer, Table};
use crate::communities;

pub(super) fn routes(to: &mut Table) {
    to.member::<__path_show, _, _>(show);
    to.may::<__path_edit, _, _>(&[Permission::ManageCommunity], edit);
    to.anyone::<__path_card, _, _>(card);
    to.anyone::<__path_find, _, _>(find);
}

/// The most that are found; who looks for theirs says more of its name.
const FOUND: usize = 8;
/// So many letters say something of a name.
const SHORTEST: usize = 3;

/// A community.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = Community)]
struct CommunityDocument {
    id: RecordId,
    /// As its people call it.
    name: String,
    /// IANA name: hours of passes are in it.
    time_zone: String,
    /// Its first language: `ru` or `en`.
    language: String,
    /// ISO 4217.
    currency: String,
    /// ISO 3166-1 alpha-2: plates without a country are read as this one's.
    country: String,
}

/// A community's settings.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CommunitySettings)]
struct Settings {
    /// As its people call it.
    name: String,
    /// IANA name: hours of passes are in it.
    time_zone: String,
    /// Its first language: `ru` or `en`.
    language: String,
    /// ISO 4217.
    currency: String,
    /// ISO 3166-1 alpha-2: plates without a country are read as this one's.
    country: String,
}

/// What whoever wants to join is shown.
#[derive(Serialize, ToSchema)]
#[schema(as = CommunityCard)]
struct Card {
    id: RecordId,
    /// As its people call it.
    name: String,
    /// Its first language: `ru` or `en`.
    language: String,
    /// What is agreed to with an application; nothing where nobody can join yet.
    consent: Option<CurrentConsent>,
    /// How one may show that one belongs: `code` (of a house), `photo`. Empty where nobody can join yet.
    joining: Vec<&'static str>,
    /// The bot in Telegram with which one may do so as well, without `@`.
    telegram: Option<String>,
}

/// Which communities.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Sought {
    /// A part of what the operator calls it: three letters or more. Left out: the only one of the installation.
    name: Option<String>,
}

/// Communities by a name.
#[derive(Serialize, ToSchema)]
#[schema(as = FoundCommunities)]
struct Found {
    communities: Vec<FoundCommunity>,
}

/// A community by its name.
#[derive(Serialize, ToSchema)]
struct FoundCommunity {
    id: RecordId,
    /// As the operator calls it.
    name: String,
}

fn document(id: RecordId, community: &Entry<Community>) -> CommunityDocument {
    let Community { name, time_zone, language, currency, country } = community.value.clone();
    CommunityDocument { id, name, time_zone, language, currency, country }
}

/// The community
#[utoipa::path(get, path = "/api/v1/communities/{community}", tag = "community", operation_id = "community.show",
    params(("community" = RecordId, Path)),
    responses((status = 200, body = CommunityDocument, headers(("ETag" = String))), (status = 304, description = "As it is known")))]
async fn show(call: Call, member: Member) -> Answer {
    let (tag, shown) = member
        .read(&call, |look| {
            let known = people::community(look.view)?;
            Ok((etag(&known), document(look.member.community.id, &known)))
        })
        .await?;
    tagged(&call, &tag, &shown)
}

/// Change the community's name and settings
#[utoipa::path(put, path = "/api/v1/communities/{community}", tag = "community", operation_id = "community.edit",
    params(("community" = RecordId, Path), ("If-Match" = Option<String>, Header)), request_body = Settings,
    responses((status = 200, body = CommunityDocument)))]
async fn edit(call: Call, member: Member) -> Answer {
    let (if_match, settings) = (call.if_match(), call.body::<Settings>()?);
    let edited = member.write(&call, move |act| {
        let before = people::community(act.ctx.view)?;
        act.as_known(if_match.as_deref(), &before)?;
        let Settings { name, time_zone, language, currency, country } = &settings;
        let [name, time_zone, language, currency, country] =
            [name, time_zone, language, currency, country].map(|text| text.trim().to_owned());
        let after = Community { name, time_zone, language, currency, country };
        let actor = act.actor();
        let writes = people::update(&mut act.ctx, &actor, &after)?;
        Ok((document(act.member.community.id, &Entry { value: after, ..before }), writes))
    });
    json(&edited.await?)
}

/// What whoever wants to join sees
#[utoipa::path(get, path = "/api/v1/communities/{community}/card", tag = "community", operation_id = "community.card",
    params(("community" = RecordId, Path)), responses((status = 200, body = Card)))]
async fn card(call: Call) -> Answer {
    let (community, language) = (of_path(&call).await?, call.language);
    let telegram = call.api.telegram_bot();
    let read = move || {
        community.store.view(|view| {
            let known = people::community(view).map_err(|_| Problem::not_found())?.value;
            let consent = consents::current(view)?.map(|text| CurrentConsent::of(&text, language));
            let joining = if consent.is_some() { vec!["code", "photo"] } else { Vec::new() };
            let (name, language) = (known.name, known.language);
            Ok::<_, Problem>(Card { id: community.id, name, language, consent, joining, telegram })
        })?
    };
    json(&call.api.blocking(read).await??)
}

/// Find the community that one wants to join, by a part of its name
///
/// Without a name: the one that there is, where there is one alone. Nobody has all of them listed.
#[utoipa::path(get, path = "/api/v1/communities", tag = "community", operation_id = "community.find",
    params(Sought), responses((status = 200, body = Found)))]
async fn find(call: Call) -> Answer {
    let Sought { name } = call.query()?;
    let api = call.api.clone();
    let all = call.api.blocking(move || api.0.communities.registry().all()).await??;
    let served = all.into_iter().filter(|listing| !listing.value.closed);
    let found: Vec<_> = match name.as_deref().map(letters) {
        None => served.take(2).collect(),
        Some(sought) if sought.chars().count() < SHORTEST => Vec::new(),
        Some(sought) => {
            served.filter(|listing| letters(&listing.value.name).contains(&sought)).take(FOUND).collect()
        }
    };
    let is_alone = name.is_some() || found.len() == 1;
    let found = found.into_iter().filter(|_| is_alone);
    let communities = found.map(|listing| FoundCommunity { id: listing.id, name: listing.value.name });
    json(&Found { communities: communities.collect() })
}

/// A name without what people leave out of it.
fn letters(name: &str) -> String {
    name.to_lowercase().replace('ё', "е").chars().filter(|letter| letter.is_alphanumeric()).collect()
}

/// The community that the path names, for a route that anybody may call. It was founded.
pub(super) async fn of_path(call: &Call) -> Result<Arc<communities::Community>, Problem> {
    let (api, id, now) = (call.api.clone(), call.id("community")?, call.now());
    let open = move || {
        let community = api.0.communities.open(id, now)?;
        match community.store.view(people::community)? {
            Ok(_) => Ok(community),
            Err(Denied::NotFound(_)) => Err(Problem::not_found()),
            Err(other) => Err(other.into()),
        }
    };
    call.api.blocking(open).await?
}
