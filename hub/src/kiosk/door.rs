//! Who may speak to the kiosk at all, before any guard signs in.
//!
//! Invariants: over a network without TLS only paired screens come further than the pages; a page of another site can neither make a
//! guard's browser act (cross-site requests) nor reach the kiosk under a name of its own (DNS rebinding); who is
//! nobody's peer (a request without an address) is a stranger.

use dwellers_listener::caller::{Caller, is_ours, is_same_origin};
use dwellers_listener::pages;
use http::{Method, StatusCode, header};

use super::Kiosk;
use super::problem::{Code, Problem};
use crate::config::Screens;

/// Lets a request in or says why not.
pub(super) async fn check(
    kiosk: &Kiosk,
    caller: &Caller,
    method: &Method,
    path: &str,
) -> Result<(), Problem> {
    let host = caller.only(header::HOST).unwrap_or_default();
    let config = &kiosk.0.service.config.kiosk;
    if !is_ours(host, &kiosk.0.names) {
        return Err(Problem::new(StatusCode::MISDIRECTED_REQUEST, Code::WrongHost));
    }
    let exposed = !caller.is_local() && (config.screens == Screens::Paired || !caller.encrypted);
    // What is in the pages is no secret, and they say what is wrong.
    let open = path.starts_with("/pair/") || pages::may_be(path);
    if exposed && !open && !kiosk.knows_screen(caller).await? {
        return Err(Problem::new(StatusCode::FORBIDDEN, Code::ScreenNotPaired));
    }
    let changes = !matches!(*method, Method::GET | Method::HEAD);
    let scheme = if caller.encrypted { "https" } else { "http" };
    if changes && !is_same_origin(caller, scheme, host) {
        return Err(Problem::new(StatusCode::FORBIDDEN, Code::CrossOrigin));
    }
    Ok(())
}
