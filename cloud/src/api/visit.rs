//! What a visitor sees who was sent a link to their pass. Nobody is asked who they are: whoever has the link has what it shows.
//!
//! Invariant: a link that never was, one that was taken back and one whose pass has ended look the same.
//!
//! What must never be here: the name of a resident, a plate, a note; anything of any other pass.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use dwellers::passes::{self, Kind, Standing, links};
use dwellers::people;
use dwellers::words::Words;
use dwellers_replica::{Open, RecordId};
use http::{HeaderValue, header};
use qrcode::QrCode;
use qrcode::render::svg;
use serde::Serialize;
use utoipa::ToSchema;
use warp::Reply;

use super::call::{Call, json};
use super::passes::window;
use super::problem::Problem;
use super::table::{Answer, Table};

/// The side of a code at the least, in pixels.
const SIDE: u32 = 240;

pub(super) fn routes(to: &mut Table) {
    to.anyone::<__path_show, _, _>(show);
    to.anyone::<__path_code, _, _>(code);
}

/// A pass, as its visitor sees it.
#[derive(Serialize, ToSchema)]
struct Visit {
    /// What the settlement is called.
    community_name: String,
    /// Where they are expected, where the house wants that told.
    house_label: Option<String>,
    kind: Open<Kind>,
    kind_text: String,
    /// In milliseconds since 1970.
    from_ms: u64,
    /// In milliseconds since 1970.
    until_ms: u64,
    /// When it holds, in words.
    window_text: String,
    standing: Standing,
    standing_text: String,
    /// From when on it holds next, in milliseconds since 1970: now, or later.
    next_ms: Option<u64>,
    /// The settlement's time zone.
    time_zone: String,
    /// What is shown or said at the gate, and what the picture of it holds; empty for none.
    code: String,
    /// The settlement's language: `ru` or `en`.
    language: String,
}

/// What stands in a link: which community, and the secret.
pub(super) fn token(community: RecordId, secret: &[u8; 16]) -> String {
    URL_SAFE_NO_PAD.encode([community.to_bytes(), *secret].concat())
}

fn parse(token: &str) -> Option<(RecordId, [u8; 16])> {
    let bytes: [u8; 32] = URL_SAFE_NO_PAD.decode(token).ok()?.try_into().ok()?;
    let (community, secret) = bytes.split_at(16);
    Some((RecordId::from_bytes(community.try_into().ok()?), secret.try_into().ok()?))
}

async fn visit(call: &Call) -> Result<Visit, Problem> {
    call.api.0.bounds.visits.from(call.caller.address())?;
    let (community, secret) = parse(call.word("token")).ok_or_else(Problem::not_found)?;
    let (api, language, now) = (call.api.clone(), call.language, call.now());
    let look = move || {
        let community = api.0.communities.open(community, now)?;
        community.store.view(|view| {
            let words = Words::new(view, api.texts(language), now)?;
            let (pass, state, link) = links::find(view, now, &secret)?.ok_or_else(Problem::not_found)?;
            let (pass, standing) = (pass.value, state.standing());
            let shows_house = link.value.shows_house;
            let house = shows_house.then(|| words.house(Some(pass.house))).transpose()?;
            Ok::<_, Problem>(Visit {
                community_name: words.community.name.clone(),
                house_label: house,
                kind_text: words.texts.say_open(&pass.kind),
                from_ms: pass.validity.from_ms,
                until_ms: pass.validity.until_ms,
                window_text: window(&words, &pass),
                standing,
                standing_text: words.texts.say(standing),
                next_ms: passes::next(&pass.validity, now.ms, &people::zone(view)?),
                time_zone: words.community.time_zone.clone(),
                code: pass.code,
                kind: pass.kind,
                language: words.community.language.clone(),
            })
        })?
    };
    call.api.blocking(look).await?
}

/// A pass, for the visitor who has the link to it
#[utoipa::path(get, path = "/api/v1/visits/{token}", tag = "visits", operation_id = "visits.show",
    params(("token" = String, Path)), responses((status = 200, body = Visit)))]
async fn show(call: Call) -> Answer {
    json(&visit(&call).await?)
}

/// The code of a pass as a QR code, for the visitor who has the link to it
#[utoipa::path(get, path = "/api/v1/visits/{token}/qr.svg", tag = "visits", operation_id = "visits.code",
    params(("token" = String, Path)),
    responses((status = 200, content_type = "image/svg+xml", body = String)))]
async fn code(call: Call) -> Answer {
    let Visit { code, .. } = visit(&call).await?;
    if code.is_empty() {
        return Err(Problem::not_found());
    }
    let drawn = QrCode::new(code).map_err(|_| Problem::not_found())?;
    let picture = drawn.render::<svg::Color<'_>>().min_dimensions(SIDE, SIDE).build();
    let mut response = picture.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("image/svg+xml"));
    Ok(response)
}
