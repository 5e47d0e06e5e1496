//! Letters to houses with new codes, as a PDF to print.

use std::sync::Arc;

use dwellers::people::{self, Community, House, Permission};
use dwellers::texts::Language;
use dwellers_replica::{Entry, RecordId};
use futures_util::future::try_join_all;
use http::{HeaderValue, header};
use serde::Deserialize;
use utoipa::ToSchema;
use warp::Reply;

use super::call::{Call, Member};
use super::problem::Problem;
use super::table::{Answer, Table};
use crate::letters::{self, Letter, Sender};

/// The most letters of one PDF.
const MOST: usize = 2_000;
/// Codes that are issued at a time: they share the disk's time.
const AT_ONCE: usize = 16;

pub(super) fn routes(to: &mut Table) {
    to.may::<__path_issue, _, _>(&[Permission::ManageHouses], issue);
}

/// Letters to be made. Codes are kept nowhere, so that a letter always has a new one: **the code that a house has had ends**,
/// and with it every earlier letter.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Letters {
    /// Say `true`: that the codes which the houses have now may end.
    #[serde(default)]
    ends_codes: bool,
    /// To this house alone; left out: to all.
    house: Option<RecordId>,
    /// `ru` or `en`; left out: the community's.
    language: Option<String>,
}

/// Make letters with new codes to all houses, or to one
///
/// A4, a page a house, in the order of labels, with the code in letters and as a QR of
/// `ADDRESS/join/COMMUNITY?code=CODE`, and as one that opens the bot where there is one. Where it breaks off, some houses have codes that nobody has seen: make the letters
/// again.
#[utoipa::path(post, path = "/api/v1/communities/{community}/letters", tag = "letters",
    operation_id = "letters.issue", params(("community" = RecordId, Path)), request_body = Letters,
    responses((status = 200, body = Vec<u8>, content_type = "application/pdf", description = "The letters")))]
async fn issue(call: Call, member: Member) -> Answer {
    let Letters { ends_codes, house, language } = call.body()?;
    if !ends_codes {
        return Err(Problem::invalid("ends_codes", "codes-not-confirmed"));
    }
    let language = language.map(|language| language.parse::<Language>()).transpose();
    let language = language.map_err(|_| Problem::invalid("language", "not-a-language"))?;
    let key = call.api.house_code_key(member.community.id).await?;
    let (community, houses) = addressees(&call, &member, house).await?;
    let mut made = Vec::with_capacity(houses.len());
    for some in houses.chunks(AT_ONCE) {
        made.extend(try_join_all(some.iter().map(|house| letter(&call, &member, house, key))).await?);
    }
    let address = format!("{}/join/{}", call.api.0.http.address(), member.community.id);
    let (api, language) =
        (call.api.clone(), language.or(community.language.parse().ok()).unwrap_or_default());
    let bot = api.0.telegram.as_ref();
    let bot = bot.map(|telegram| letters::bot_link(&telegram.bot, member.community.id));
    let written = move || {
        let (texts, community, address) = (api.texts(language), community.name.as_str(), address.as_str());
        let sender = Sender { texts, community, address, bot: bot.as_deref() };
        letters::pdf(sender, &made)
    };
    let pdf = call.api.blocking(written).await?.map_err(|why| {
        tracing::error!(%why, "letters are not made");
        Problem::busy()
    })?;
    let mut response = pdf.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/pdf"));
    let name = HeaderValue::from_static("attachment; filename=\"letters.pdf\"");
    headers.insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}

/// The community, and the houses to which letters go, in the order of their labels.
async fn addressees(
    call: &Call,
    member: &Member,
    one: Option<RecordId>,
) -> Result<(Community, Arc<[Entry<House>]>), Problem> {
    let store = member.community.store.clone();
    let read = move || {
        store.view(|view| {
            let community = people::community(view)?.value;
            if let Some(one) = one {
                let house = view.of::<House>().get(one)?;
                let house = house.ok_or_else(|| Problem::from(dwellers::Denied::NotFound("house")))?;
                return Ok::<_, Problem>((community, Arc::from([house])));
            }
            let all = people::houses(view)?;
            if all.len() > MOST {
                return Err(Problem::invalid("house", "too-many"));
            }
            Ok((community, Arc::from(all)))
        })
    };
    call.api.blocking(read).await??
}

/// A letter to a house, with the code that it has from now on.
async fn letter(
    call: &Call,
    member: &Member,
    house: &Entry<House>,
    key: [u8; 32],
) -> Result<Letter, Problem> {
    let id = house.id;
    let code = member.write_secret(call, move |act| {
        act.concerns_house(id);
        let actor = act.actor();
        Ok(people::issue_code(&mut act.ctx, &actor, id, &key)?)
    });
    Ok(Letter { house: house.value.label.clone(), code: code.await? })
}
