//! Pairing a screen: an invitation's link is opened on it once, and it keeps a cookie.

use dwellers_listener::caller::{self, Caller};
use http::{HeaderValue, StatusCode, header};
use warp::Reply;

use super::problem::{Code, Problem};
use super::table::{Answer, Call, Table};
use super::{Kiosk, set_cookie};
use crate::clock;
use crate::screens::ScreenError;

/// The cookie of a paired screen.
const COOKIE: &str = "dwellers_screen";
/// How long a screen keeps it: no browser keeps one longer.
const PAIRED_S: u64 = 400 * 24 * 3600;

pub(super) fn routes(to: &mut Table) {
    to.screens::<__path_pair, _, _>(pair);
}

/// Pair a screen, once: it gets a cookie and is sent on to the page
#[utoipa::path(get, path = "/pair/{invitation}", tag = "screens", operation_id = "screens.pair",
    params(("invitation" = String, Path)), responses((status = 303, description = "It is paired")))]
async fn pair(call: Call) -> Answer {
    let (screens, invitation) = (call.kiosk.0.service.operations.screens.clone(), call.word().to_owned());
    let (tick, now) = (call.kiosk.tick(), call.kiosk.now());
    let chance = (clock::random(), clock::entropy());
    let paired = call.kiosk.blocking(move || screens.pair(&invitation, tick, now, chance)).await?;
    let (_, secret) = paired.map_err(|error| match error {
        ScreenError::Read(error) => error.into(),
        ScreenError::Store(error) => error.into(),
        refused => {
            tracing::info!(%refused, "a screen was not paired");
            Problem::new(StatusCode::FORBIDDEN, Code::NotInvited)
        }
    })?;
    let mut response = StatusCode::SEE_OTHER.into_response();
    set_cookie(&mut response, &caller::cookie(COOKIE, &secret, PAIRED_S, call.caller.encrypted));
    response.headers_mut().insert(header::LOCATION, HeaderValue::from_static("/"));
    Ok(response)
}

impl Kiosk {
    /// Whether a caller is a screen that was paired.
    pub(super) async fn knows_screen(&self, caller: &Caller) -> Result<bool, Problem> {
        let Some(secret) = caller.cookie(COOKIE).map(str::to_owned) else { return Ok(false) };
        let screens = self.0.service.operations.screens.clone();
        match self.blocking(move || screens.admit(&secret)).await? {
            Ok(screen) => Ok(screen.is_some()),
            Err(error) => {
                tracing::error!(%error, "the paired screens cannot be read");
                Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, Code::Store))
            }
        }
    }
}
