//! One's own account: who one is in which community, the password, the sessions.

use dwellers::people::{self, Capacity, Community, Held, Person};
use dwellers_replica::{Open, ReadError, RecordId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::call::{Call, done, json};
use super::problem::Problem;
use super::table::{Answer, Table};
use crate::accounts::{Account, Membership, Password, Signed, Way};
use crate::clock;
use crate::communities::CommunityError;

pub(super) fn routes(to: &mut Table) {
    to.account::<__path_show, _, _>(show);
    to.account::<__path_edit, _, _>(edit);
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
    has_password: bool,
    /// `ru` or `en`; empty where they have not said.
    language: String,
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
    /// The one that was, where there was one; who signed in by a link or a passkey need not know it.
    #[serde(default)]
    before: String,
    /// 8 to 200 characters.
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
    /// Whether it is the one that asks.
    is_this: bool,
}

#[derive(Serialize, ToSchema)]
struct Sessions {
    sessions: Vec<SessionEntry>,
}

impl HeldDocument {
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

/// Set my password; all other sessions end
#[utoipa::path(put, path = "/api/v1/account/password", tag = "account", operation_id = "account.set_password",
    request_body = SetPassword, responses((status = 204, description = "It is the password from now on")))]
async fn set_password(call: Call, signed: Signed) -> Answer {
    let SetPassword { before, password } = call.body()?;
    let password = Password::new(&password).map_err(Problem::from)?;
    let (account, session, now) = (signed.account, signed.session, call.now());
    let known = call.api.accounts(move |accounts| accounts.get(account)).await?;
    let known_by = known.ok_or_else(Problem::no_session)?.value.password;
    if !known_by.is_empty() && session.value.way == Open::Known(Way::Password) {
        call.api.0.bounds.passwords.from(call.caller.address())?;
        let is_right = call.api.0.passwords.is(before, known_by).await.map_err(|_| Problem::busy())?;
        if !is_right {
            return Err(Problem::invalid("before", "wrong-password"));
        }
    }
    let hash = call.api.0.passwords.hash(password, clock::random()).await.map_err(|_| Problem::busy())?;
    let set = move |accounts: &crate::accounts::Accounts| {
        accounts.set_password(account, &hash, now)?;
        accounts.end_all(account, Some(session.id), now)
    };
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
    let (this, now) = (signed.session.id, call.now());
    call.api.accounts(move |accounts| accounts.end_all(signed.account, Some(this), now)).await?;
    done()
}

/// An account with all that it is.
pub(super) async fn document(call: &Call, id: RecordId) -> Result<AccountDocument, Problem> {
    let (api, now) = (call.api.clone(), call.now());
    let read = move || {
        let account = api.0.accounts.get(id)?.ok_or_else(Problem::no_session)?;
        let Account { email, email_proved_ms, password, language, .. } = account.value;
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
            let (named, name, held) = known??;
            persons.push(PersonDocument {
                community,
                community_name: named.map(|community| community.value.name).unwrap_or_default(),
                person,
                name: name.unwrap_or_default(),
                held: held.iter().map(HeldDocument::of).collect(),
            });
        }
        let (email_proved, has_password) = (email_proved_ms > 0, !password.is_empty());
        Ok(AccountDocument { id, email, email_proved, has_password, language, persons })
    };
    call.api.blocking(read).await?
}
