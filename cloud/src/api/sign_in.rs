//! Signing in and out.
//!
//! Invariants: whether there is an account is not told to who guesses, neither by words nor by time; tries are bounded for
//! an address and for an account; a link works once; nobody comes by it to an account that is another's; a browser has one session, whichever way it began.

use dwellers::people;
use dwellers_listener::caller;
use dwellers_replica::{Entry, Now, Open, ReadError, RecordId, View};
use http::{HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use warp::reply::Response;

use super::Api;
use super::account::{self, AccountDocument};
use super::call::{Call, SignedBy, created, done, json};
use super::inside::From;
use super::problem::Problem;
use super::second_factor::insist_on_second_factor;
use super::table::{Answer, Table};
use crate::accounts::{AccountError, Accounts, LASTS_MS, Link, MessengerUser, Purpose, Session, Signed, Way};
use crate::clock;
use crate::invitations::{self, Invitation, To};

pub(super) fn routes(to: &mut Table) {
    to.anyone::<__path_show, _, _>(show);
    to.anyone::<__path_by_password, _, _>(by_password);
    to.anyone::<__path_sign_out, _, _>(sign_out);
    to.anyone::<__path_by_link, _, _>(by_link);
}

/// Who is signed in here.
#[derive(Serialize, ToSchema)]
pub(super) struct SessionDocument {
    /// Nobody, where there is none.
    account: Option<AccountDocument>,
    /// The bot in Telegram, without `@`; nothing where there is none.
    telegram: Option<String>,
}

impl SessionDocument {
    pub async fn of(call: &Call, account: Option<RecordId>) -> Result<SessionDocument, Problem> {
        let account = match account {
            Some(account) => Some(account::document(call, account).await?),
            None => None,
        };
        Ok(SessionDocument { account, telegram: call.api.telegram_bot() })
    }
}

/// An e-mail address and a password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ByPassword {
    /// However it is written.
    email: String,
    password: String,
    /// Of the second factor, where one is needed (`second-factor` says so): six digits, or one of those on paper.
    code: Option<String>,
}

/// What a link was sent with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ByLink {
    /// What stands behind `/join/` in the link.
    token: String,
    /// Of the second factor, where one is needed (`second-factor` says so): six digits, or one of those on paper.
    code: Option<String>,
}

/// Who is signed in here
#[utoipa::path(get, path = "/api/v1/session", tag = "session", operation_id = "session.show",
    responses((status = 200, body = SessionDocument)))]
async fn show(call: Call) -> Answer {
    let account = call.signed().await?.map(|signed| signed.account);
    json(&SessionDocument::of(&call, account).await?)
}

/// Sign in by a password
#[utoipa::path(post, path = "/api/v1/session", tag = "session", operation_id = "session.by_password",
    request_body = ByPassword, responses((status = 201, body = SessionDocument)))]
async fn by_password(call: Call) -> Answer {
    let ByPassword { email, password, code } = call.body()?;
    call.api.0.bounds.password(hashed(&email), call.caller.address())?;
    let found = call.api.accounts(move |accounts| accounts.by_email(&email)).await?;
    let known_by = found.as_ref().map(|found| found.value.password.clone()).unwrap_or_default();
    let is_right = call.api.0.passwords.is(password, known_by).await.map_err(|_| Problem::busy())?;
    let Some(account) = found.filter(|_| is_right) else {
        tracing::warn!(address = ?call.caller.address(), "a password was wrong");
        return Err(Problem::new(StatusCode::UNAUTHORIZED, "wrong-password"));
    };
    let second_factor = insist_on_second_factor(&call, account.id, code).await?;
    let (epoch, way) = (account.value.epoch, Open::Known(Way::Password));
    begin(&call, Session { account: account.id, way, second_factor, epoch, ..Session::default() }).await
}

/// Sign in by a link that works once: an invitation, or one that was sent by mail
///
/// Whoever is signed in already becomes, by the link of a person, that person as well, and stays signed in as they are.
#[utoipa::path(post, path = "/api/v1/session/link", tag = "session", operation_id = "session.by_link",
    request_body = ByLink, responses((status = 201, body = SessionDocument)))]
async fn by_link(call: Call) -> Answer {
    let ByLink { token, code } = call.body()?;
    call.api.0.bounds.secrets.from(call.caller.address())?;
    let (api, now, by) = (call.api.clone(), call.now(), call.signed_by());
    let is_messenger = call.from.is_some();
    let open = move || {
        let signed = by.signed(&api.0.accounts, now)?;
        let opened = api.opened(token.trim(), signed.as_ref(), now)?;
        if let Some(signed) = signed.as_ref().filter(|_| is_messenger) {
            api.keeps_or_may_leave(signed.account, opened.account)?;
        }
        let epoch = opened.account.map(|account| api.0.accounts.epoch(account)).transpose()?;
        Ok::<_, Problem>((opened, signed, epoch.unwrap_or_default()))
    };
    let (opened, signed, epoch) = call.api.blocking(open).await??;
    let here = signed.is_some_and(|signed| Some(signed.account) == opened.account);
    // Nobody who only found a browser open makes its session a fresh one by a link that anybody may have.
    let stays = here && !opened.is_proof;
    let second_factor = match opened.account {
        Some(account) if !stays => insist_on_second_factor(&call, account, code).await?,
        _ => false,
    };
    let (api, from) = (call.api.clone(), call.from.clone());
    let account = call.api.blocking(move || api.use_up(opened, from.as_ref(), now)).await??;
    match stays {
        true => created(&SessionDocument::of(&call, Some(account)).await?),
        false => {
            let way = Open::Known(Way::Link);
            begin(&call, Session { account, way, second_factor, epoch, ..Session::default() }).await
        }
    }
}

/// Sign out here
#[utoipa::path(delete, path = "/api/v1/session", tag = "session", operation_id = "session.sign_out",
    responses((status = 204, description = "Nobody is signed in here")))]
async fn sign_out(call: Call) -> Answer {
    let (now, by) = (call.now(), call.signed_by());
    let end = move |accounts: &Accounts| match (by.signed(accounts, now)?, by) {
        (None, _) => Ok(()),
        (Some(signed), SignedBy::Messenger(messenger, _)) => {
            accounts.disconnect(signed.account, messenger, now)
        }
        (Some(signed), SignedBy::Cookie(_)) => accounts.end(signed.account, signed.session.id, now),
    };
    call.api.accounts(end).await?;
    let mut response = done()?;
    forget_session(&call, &mut response);
    Ok(response)
}

/// Begins a session: whose, in which epoch of theirs it was judged, and by what. The one before in this browser ends.
pub(super) async fn begin(call: &Call, session: Session) -> Answer {
    let (account, now) = (session.account, call.now());
    if let Some(from) = &call.from {
        return connect(call, from, account, session.second_factor).await;
    }
    let is_framed = session.way == Open::Known(Way::Telegram);
    let agent = call.caller.header(header::USER_AGENT).unwrap_or_default().to_owned();
    let session = Session { agent, ..session };
    let before = call.caller.cookie(call.api.session_cookie()).map(str::to_owned);
    let begin = move |accounts: &Accounts| {
        if let Some(before) = before.map(|secret| accounts.signed(&secret, now)).transpose()?.flatten() {
            accounts.end(before.account, before.session.id, now)?;
        }
        accounts.begin_judged(session, clock::random(), clock::entropy, now)
    };
    let secret = call.api.accounts(begin).await?;
    let mut response = created(&SessionDocument::of(call, Some(account)).await?)?;
    keep_session(call, &mut response, &secret, is_framed);
    Ok(response)
}

/// Gives the browser the secret of its session. Telegram shows the page in a frame of its own site, where a browser takes and
/// sends no cookie that is for this site alone: of such a session it is another kind ([`caller::framed_cookie`], which says what
/// protects it). Over plain HTTP there is no such kind: there the Mini App works in Telegram's own programs, which frame nothing.
///
/// Browsers keep the kinds apart, send both where the page is not framed, and of two none counts: the other one ends. It ends
/// first, for older ones know no kinds.
fn keep_session(call: &Call, response: &mut Response, secret: &str, is_framed: bool) {
    let (name, secure, max_age_s) = (call.api.session_cookie(), call.api.is_secure(), LASTS_MS / 1000);
    let had_any = call.caller.header(header::COOKIE).is_some_and(|cookies| cookies.contains(name));
    if secure && is_framed {
        set_cookie(response, &caller::cookie(name, "", 0, secure));
        set_cookie(response, &caller::framed_cookie(name, secret, max_age_s));
        return;
    }
    if secure && had_any {
        set_cookie(response, &caller::framed_cookie(name, "", 0));
    }
    set_cookie(response, &caller::cookie(name, secret, max_age_s, secure));
}

/// Takes it away, of whichever kind it is.
pub(super) fn forget_session(call: &Call, response: &mut Response) {
    let (name, secure) = (call.api.session_cookie(), call.api.is_secure());
    set_cookie(response, &caller::cookie(name, "", 0, secure));
    if secure {
        set_cookie(response, &caller::framed_cookie(name, "", 0));
    }
}

/// Whoever calls from a messenger is an account there from now on; they need no session.
async fn connect(call: &Call, from: &From, account: RecordId, second_factor: bool) -> Answer {
    let now = call.now();
    let second_factor_ms = if second_factor { now.ms } else { 0 };
    let user = MessengerUser { second_factor_ms, ..user(from, account) };
    call.api.accounts(move |accounts| accounts.connect(user, now)).await?;
    created(&SessionDocument::of(call, Some(account)).await?)
}

/// Whoever calls from a messenger, as this account.
fn user(from: &From, account: RecordId) -> MessengerUser {
    MessengerUser {
        messenger: Open::Known(from.messenger),
        user: from.user,
        account,
        name: from.name.clone(),
        handle: from.handle.clone(),
        ..MessengerUser::default()
    }
}

/// A link that is good, before it is used up.
struct Opened {
    by: By,
    /// To which account it leads; nothing where one is to be made.
    account: Option<RecordId>,
    /// Whether only the account's owner, or who acts for them, can have it.
    is_proof: bool,
}

enum By {
    /// A letter to the account.
    Letter(Entry<Link>),
    /// An invitation to be this person.
    Invitation(Entry<Invitation>, RecordId),
}

impl Api {
    /// What a link leads to, for whoever is signed in, if anybody is. Blocks.
    fn opened(&self, token: &str, signed: Option<&Signed>, now: Now) -> Result<Opened, Problem> {
        let accounts = &self.0.accounts;
        if let Some(link) = accounts.linked(token, Purpose::SignIn, now)? {
            let account = Some(link.value.account);
            return Ok(Opened { account, by: By::Letter(link), is_proof: true });
        }
        let invitation = self.0.communities.registry().invited(token.as_bytes(), now)?.ok_or_else(ended)?;
        let community = invitation.value.community;
        let (person, by_operator) = match invitation.value.to {
            To::Person(person) => (person, false),
            To::AccountOf(person) => (person, true),
            To::Hub { .. } => return Err(ended()),
        };
        let signed = signed.map(|signed| signed.account);
        let theirs = accounts.membership_of(community, person)?.map(|known| known.value.account);
        let account = match (theirs, signed) {
            // Whoever invited somebody had the link in their hands, too: it opens nobody's account.
            (Some(account), signed) if !by_operator && signed != Some(account) => {
                return Err(Problem::moved_on("already-joined"));
            }
            (Some(account), _) => Some(account),
            // They are somebody else there already: one account is one person in a community.
            (None, Some(account)) if accounts.person_in(account, community)?.is_some() => None,
            (None, signed) => signed,
        };
        let is_proof = by_operator && theirs.is_some();
        Ok(Opened { by: By::Invitation(invitation, person), account, is_proof })
    }

    /// Refuses, before a link is used up, where somebody's messenger would have to leave an account that is somebody. Blocks.
    fn keeps_or_may_leave(&self, theirs: RecordId, to: Option<RecordId>) -> Result<(), Problem> {
        match to != Some(theirs) && !self.0.accounts.memberships(theirs)?.is_empty() {
            true => Err(AccountError::Taken("messenger").into()),
            false => Ok(()),
        }
    }

    /// Uses a link up; returns whose account it leads to, which is that person from now on. Blocks.
    ///
    /// An invitation goes last: whoever was cut off before opens it again, as the account that they are by then.
    fn use_up(&self, opened: Opened, from: Option<&From>, now: Now) -> Result<RecordId, Problem> {
        let accounts = &self.0.accounts;
        let (invitation, person) = match (opened.by, opened.account) {
            (By::Letter(link), Some(account)) if accounts.use_link(&link, now)? => return Ok(account),
            (By::Letter(_), _) => return Err(ended()),
            (By::Invitation(invitation, person), _) => (invitation, person),
        };
        let community = invitation.value.community;
        let store = &self.0.communities.open(community, now)?.store;
        let known = store.view(|view| view.of::<people::Person>().get(person))??;
        let language = known.ok_or_else(ended)?.value.language;
        if !store.view(|view| is_good(view, now, &invitation.value, person))?? {
            return Err(ended());
        }
        let account = match opened.account {
            Some(account) => account,
            None => {
                let account = accounts.make(&language, clock::entropy, now)?;
                if let Some(from) = from {
                    accounts.connect(user(from, account), now)?;
                }
                account
            }
        };
        if accounts.membership_of(community, person)?.is_none() {
            match accounts.join(account, community, person, clock::entropy, now) {
                // Somebody else opened it at the same moment.
                Err(AccountError::Taken(_)) => return Err(ended()),
                joined => joined?,
            }
        }
        if !self.0.communities.registry().redeem(&invitation, now)? {
            return Err(ended());
        }
        Ok(account)
    }
}

/// Whether whoever gave an invitation could still give it.
fn is_good(view: View<'_>, now: Now, invitation: &Invitation, person: RecordId) -> Result<bool, ReadError> {
    match invitation.by {
        invitations::By::Operator => Ok(true),
        invitations::By::Person(by) => people::may_vouch(view, now, by, person),
        // By what a stranger once asked for nobody comes into an office.
        invitations::By::Decision => {
            Ok(people::granted(view, person)?.iter().all(|granted| granted.house.is_some()))
        }
    }
}

/// A link is good for nothing, or nothing any more.
pub(super) fn ended() -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "link-ended")
}

/// Adds a cookie to a response.
fn set_cookie(response: &mut Response, cookie: &str) {
    let cookie =
        HeaderValue::from_str(cookie).expect("cookies are made of hexadecimal digits and fixed words");
    response.headers_mut().append(header::SET_COOKIE, cookie);
}

/// What tries for an address are counted by.
pub(super) fn hashed(email: &str) -> [u8; 16] {
    let mut half = [0; 16];
    half.copy_from_slice(&blake3::hash(email.trim().to_lowercase().as_bytes()).as_bytes()[..16]);
    half
}
