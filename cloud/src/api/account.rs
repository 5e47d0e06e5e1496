//! One's own account: who one is in which community, the password, the sessions; and its end.
//!
//! Invariants: whoever only found a browser open cannot make the account their own.

use dwellers::people::{self, Capacity, Community, Held, Person};
use dwellers_replica::{Open, ReadError, RecordId};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::call::{Call, done, json};
use super::messengers::MessengerDocument;
use super::problem::Problem;
use super::sign_in::forget_session;
use super::table::{Answer, Table};
use crate::accounts::{Account, AccountError, Accounts, Membership, Password, Signed, Way};
use crate::clock;
use crate::communities::CommunityError;

/// A session has just begun for so long.
const FRESH_MS: u64 = 15 * 60_000;

pub(super) fn routes(to: &mut Table) {
    to.account::<__path_show, _, _>(show);
    to.account::<__path_edit, _, _>(edit);
    to.account::<__path_delete, _, _>(delete);
    to.account::<__path_set_password, _, _>(set_password);
    to.account::<__path_sessions, _, _>(sessions);
    to.account::<__path_end_session, _, _>(end_session);
    to.account::<__path_end_other_sessions, _, _>(end_other_sessions);
}

/// An account, as its owner sees it.
#[derive(Serialize, ToSchema)]
#[schema(as = Account)]
pub(super) struct AccountDocument {
    id: RecordId,
    /// Empty where there is none.
    email: String,
    /// Whether it was proved that mail to it is read.
    email_proved: bool,
    /// The address that a letter was sent to, to prove it; empty where none waits to be proved.
    email_to_prove: String,
    has_password: bool,
    /// How many passkeys there are.
    passkeys: usize,
    /// Whether a second factor is needed beside the password.
    second_factor: bool,
    /// How many codes on paper are left, for when it is lost.
    recovery_codes: usize,
    /// `ru` or `en`; empty where they have not said.
    language: String,
    /// Where they are known in a messenger.
    messengers: Vec<MessengerDocument>,
    persons: Vec<PersonDocument>,
}

/// Somebody whom an account is.
#[derive(Serialize, ToSchema)]
#[schema(as = MyPerson)]
struct PersonDocument {
    community: RecordId,
    community_name: String,
    person: RecordId,
    name: String,
    /// What they are there; nothing where they are nobody any more.
    held: Vec<HeldDocument>,
}

/// A place or a role.
#[derive(Serialize, ToSchema)]
#[schema(as = Held)]
pub(super) struct HeldDocument {
    /// The grant.
    id: RecordId,
    /// `owner`, `family`, `tenant`, `staff`, `guard` or `administrator`.
    capacity: &'static str,
    /// In which house; nothing for the whole community.
    house: Option<RecordId>,
    /// What they may do by it, as `x-who` calls it.
    may: Vec<String>,
}

/// What of an account is to be changed: what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Edit {
    /// `ru` or `en`.
    language: Option<String>,
}

/// Another password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetPassword {
    /// The one that was, where there was one; who has just signed in by a link or a passkey need not know it.
    #[serde(default)]
    before: String,
    /// 8 to 200 characters.
    password: String,
}

/// Who wants to end an account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DeleteAccount {
    /// The password, where there is one; who has just signed in by a link or a passkey need not know it.
    #[serde(default)]
    password: String,
}

/// Where somebody is signed in.
#[derive(Serialize, ToSchema)]
#[schema(as = Session)]
struct SessionEntry {
    id: RecordId,
    way: Open<Way>,
    /// What the browser says it is.
    agent: String,
    /// Milliseconds since 1970.
    made_ms: u64,
    /// When it was last used, give or take an hour.
    seen_ms: u64,
    /// Whether a second factor was given.
    second_factor: bool,
    /// Whether it is the one that asks.
    is_this: bool,
}

#[derive(Serialize, ToSchema)]
struct Sessions {
    sessions: Vec<SessionEntry>,
}

impl HeldDocument {
    /// In what capacity.
    pub fn capacity(&self) -> &'static str {
        self.capacity
    }

    pub fn of(held: &Held) -> HeldDocument {
        let capacity = match held.capacity {
            Capacity::Owner => "owner",
            Capacity::Family => "family",
            Capacity::Tenant => "tenant",
            Capacity::Staff => "staff",
            Capacity::Guard => "guard",
            Capacity::Administrator => "administrator",
            Capacity::Operator => "operator",
        };
        let may = held.capacity.permissions().iter().map(|permission| format!("{permission:?}")).collect();
        HeldDocument { id: held.grant, capacity, house: held.house, may }
    }
}

/// My account
#[utoipa::path(get, path = "/api/v1/account", tag = "account", operation_id = "account.show",
    responses((status = 200, body = AccountDocument)))]
async fn show(call: Call, signed: Signed) -> Answer {
    json(&document(&call, signed.account).await?)
}

/// Change my account
#[utoipa::path(patch, path = "/api/v1/account", tag = "account", operation_id = "account.edit",
    request_body = Edit, responses((status = 200, body = AccountDocument)))]
async fn edit(call: Call, signed: Signed) -> Answer {
    let Edit { language } = call.body()?;
    if let Some(language) = language {
        if !["ru", "en"].contains(&language.as_str()) {
            return Err(Problem::invalid("language", "not-a-language"));
        }
        let now = call.now();
        call.api.accounts(move |accounts| accounts.set_language(signed.account, &language, now)).await?;
    }
    json(&document(&call, signed.account).await?)
}

/// End my account: nobody signs in to it any more; whom it was in a community stays there
#[utoipa::path(delete, path = "/api/v1/account", tag = "account", operation_id = "account.delete",
    request_body = DeleteAccount, responses((status = 204, description = "There is none any more")))]
async fn delete(call: Call, signed: Signed) -> Answer {
    let DeleteAccount { password } = call.body()?;
    insist_on_owner(&call, &signed, password, "password").await?;
    let now = call.now();
    call.api.accounts(move |accounts| accounts.delete(signed.account, now)).await?;
    let mut response = done()?;
    forget_session(&call, &mut response);
    Ok(response)
}

/// Set my password; all other sessions end
#[utoipa::path(put, path = "/api/v1/account/password", tag = "account", operation_id = "account.set_password",
    request_body = SetPassword, responses((status = 204, description = "It is the password from now on")))]
async fn set_password(call: Call, signed: Signed) -> Answer {
    let SetPassword { before, password } = call.body()?;
    let password = Password::new(&password).map_err(Problem::from)?;
    insist_on_owner(&call, &signed, before, "before").await?;
    let (account, session, now) = (signed.account, signed.session, call.now());
    let hash = call.api.0.passwords.hash(password, clock::random()).await.map_err(|_| Problem::busy())?;
    let set = move |accounts: &Accounts| accounts.set_password(account, &hash, Some(&session.value), now);
    call.api.accounts(set).await?;
    done()
}

/// Where I am signed in
#[utoipa::path(get, path = "/api/v1/account/sessions", tag = "account", operation_id = "account.sessions",
    responses((status = 200, body = Sessions)))]
async fn sessions(call: Call, signed: Signed) -> Answer {
    let (account, this) = (signed.account, signed.session.id);
    let found = call.api.accounts(move |accounts| accounts.sessions(account)).await?;
    let shown = found.into_iter().map(|session| SessionEntry {
        id: session.id,
        way: session.value.way,
        agent: session.value.agent,
        made_ms: session.value.made_ms,
        seen_ms: session.value.seen_ms,
        second_factor: session.value.second_factor,
        is_this: session.id == this,
    });
    json(&Sessions { sessions: shown.collect() })
}

/// End one of my sessions
#[utoipa::path(delete, path = "/api/v1/account/sessions/{session}", tag = "account",
    operation_id = "account.end_session", params(("session" = RecordId, Path)),
    responses((status = 204, description = "It has ended")))]
async fn end_session(call: Call, signed: Signed) -> Answer {
    let (session, now) = (call.id("session")?, call.now());
    call.api.accounts(move |accounts| accounts.end(signed.account, session, now)).await?;
    done()
}

/// End all of my sessions but this
#[utoipa::path(delete, path = "/api/v1/account/sessions", tag = "account",
    operation_id = "account.end_other_sessions", responses((status = 204, description = "They have ended")))]
async fn end_other_sessions(call: Call, signed: Signed) -> Answer {
    let (account, this, now) = (signed.account, signed.session.value, call.now());
    call.api.accounts(move |accounts| accounts.end_all(account, Some(&this), now)).await?;
    done()
}

/// Insists that whoever asks is the account's owner, and not somebody who found its browser open: they know the password,
/// or have just signed in by something else. Where there is nothing that they could show, the session is enough. `field` is
/// where the password stands.
pub(super) async fn insist_on_owner(
    call: &Call,
    signed: &Signed,
    password: String,
    field: &'static str,
) -> Result<(), Problem> {
    let (account, session) = (signed.account, &signed.session.value);
    let is_fresh = call.now().ms < session.made_ms.saturating_add(FRESH_MS);
    let shows_owner = match session.way {
        Open::Known(Way::Password) => false,
        // Telegram asks nothing of whoever finds it open.
        Open::Known(Way::Telegram) => session.second_factor,
        _ => true,
    };
    if is_fresh && shows_owner {
        return Ok(());
    }
    let known = move |accounts: &Accounts| {
        let known = accounts.get(account)?.map(|known| known.value);
        Ok::<_, AccountError>((known, !accounts.passkeys(account)?.is_empty()))
    };
    let (known, has_passkeys) = call.api.accounts(known).await?;
    let Account { password: known_by, email_proved_ms, .. } = known.ok_or_else(Problem::no_session)?;
    if known_by.is_empty() {
        let could_sign_in = has_passkeys || email_proved_ms > 0;
        return match could_sign_in {
            true => Err(Problem::new(StatusCode::FORBIDDEN, "sign-in-again")),
            false => Ok(()),
        };
    }
    call.api.0.bounds.password(account.to_bytes(), call.caller.address())?;
    match call.api.0.passwords.is(password, known_by).await.map_err(|_| Problem::busy())? {
        true => Ok(()),
        false => Err(Problem::invalid(field, "wrong-password")),
    }
}

/// An account with all that it is.
pub(super) async fn document(call: &Call, id: RecordId) -> Result<AccountDocument, Problem> {
    let (api, now) = (call.api.clone(), call.now());
    let read = move || {
        let account = api.0.accounts.get(id)?.ok_or_else(Problem::no_session)?;
        let Account { email, email_proved_ms, password, language, .. } = account.value;
        let email_to_prove = api.0.accounts.email_to_prove(id, now)?;
        let passkeys = api.0.accounts.passkeys(id)?.len();
        let factor = api.0.accounts.second_factor(id)?.filter(|factor| factor.value.is_on());
        let recovery_codes = factor.as_ref().map(|factor| factor.value.recovery_left()).unwrap_or_default();
        let messengers = api.0.accounts.messengers(id)?.into_iter().map(MessengerDocument::of).collect();
        let mut persons = Vec::new();
        for membership in api.0.accounts.memberships(id)? {
            let Membership { community, person, .. } = membership.value;
            let store = match api.0.communities.open(community, now) {
                Ok(community) => community.store.clone(),
                // One that is closed, or fails, is no other's trouble.
                Err(CommunityError::Closed(_)) => continue,
                Err(why) => {
                    tracing::error!(%community, "{why}");
                    continue;
                }
            };
            let known = store.view(|view| {
                let community = view.of::<Community>().get(Community::ID)?;
                let name = view.of::<Person>().get(person)?.map(|person| person.value.name);
                let held = people::held(view, now, person)?;
                Ok::<_, ReadError>((community, name, held))
            });
            let (named, name, held) = match known.map_err(ReadError::from).flatten() {
                Ok(known) => known,
                Err(why) => {
                    tracing::error!(%community, "{why}");
                    continue;
                }
            };
            persons.push(PersonDocument {
                community,
                community_name: named.map(|community| community.value.name).unwrap_or_default(),
                person,
                name: name.unwrap_or_default(),
                held: held.iter().map(HeldDocument::of).collect(),
            });
        }
        let (email_proved, has_password) = (email_proved_ms > 0, !password.is_empty());
        let second_factor = factor.is_some();
        Ok(AccountDocument {
            id,
            email,
            email_proved,
            email_to_prove,
            has_password,
            passkeys,
            second_factor,
            recovery_codes,
            language,
            messengers,
            persons,
        })
    };
    call.api.blocking(read).await?
}
