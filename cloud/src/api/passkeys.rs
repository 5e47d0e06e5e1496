//! Passkeys: added by whoever has signed in, and what they sign in with next time, without a name.
//!
//! Invariants: who signs in is found by the passkey alone, and must be whom the device says; whether there is such a passkey
//! is not told to who has none.

use dwellers_replica::{Open, RecordId};
use http::StatusCode;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use webauthn_rs::prelude::{PublicKeyCredential, RegisterPublicKeyCredential};

use super::account::insist_on_owner;
use super::call::{Call, created, done, json};
use super::problem::Problem;
use super::sign_in;
use super::table::{Answer, Table};
use crate::accounts::{AccountError, Accounts, Ceremonies, CeremonyError, Passkey, Session, Signed, Way};
use crate::clock;

pub(super) fn routes(to: &mut Table) {
    to.account::<__path_list, _, _>(list);
    to.account::<__path_begin, _, _>(begin);
    to.account::<__path_add, _, _>(add);
    to.account::<__path_rename, _, _>(rename);
    to.account::<__path_remove, _, _>(remove);
    to.anyone::<__path_begin_to_sign_in, _, _>(begin_to_sign_in);
    to.anyone::<__path_sign_in, _, _>(sign_in);
}

/// A passkey.
#[derive(Serialize, ToSchema)]
#[schema(as = Passkey)]
struct PasskeyDocument {
    id: RecordId,
    /// What its owner calls it.
    name: String,
    /// Milliseconds since 1970.
    made_ms: u64,
    /// When it was used last; 0: never.
    used_ms: u64,
    /// When it was refused last because its counter had not gone on: there may be a copy of it. 0: never.
    suspect_ms: u64,
}

#[derive(Serialize, ToSchema)]
struct Passkeys {
    passkeys: Vec<PasskeyDocument>,
}

/// Who wants to add one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BeginPasskey {
    /// The password, where there is one; who has just signed in by a link or a passkey need not know it.
    #[serde(default)]
    password: String,
}

/// What the device is to be asked.
#[derive(Serialize, ToSchema)]
struct PasskeyOptions {
    /// `PublicKeyCredentialCreationOptionsJSON`, for `PublicKeyCredential.parseCreationOptionsFromJSON`.
    #[schema(value_type = Object)]
    options: Value,
}

/// What the device has answered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPasskey {
    /// What its owner calls it.
    name: String,
    /// `RegistrationResponseJSON`, as `toJSON` of a `PublicKeyCredential` makes it.
    #[schema(value_type = Object)]
    credential: Value,
}

/// What a passkey is to be called.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RenamePasskey {
    name: String,
}

/// Who wants to remove one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RemovePasskey {
    /// The password, where there is one; who has just signed in by a link or a passkey need not know it.
    #[serde(default)]
    password: String,
}

/// What the device is to be asked.
#[derive(Serialize, ToSchema)]
struct SignInOptions {
    /// Which challenge this is: to be sent with the answer.
    challenge: RecordId,
    /// `PublicKeyCredentialRequestOptionsJSON`, for `PublicKeyCredential.parseRequestOptionsFromJSON`.
    #[schema(value_type = Object)]
    options: Value,
}

/// What the device has answered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ByPasskey {
    /// Which challenge it is an answer to.
    challenge: RecordId,
    /// `AuthenticationResponseJSON`, as `toJSON` of a `PublicKeyCredential` makes it.
    #[schema(value_type = Object)]
    credential: Value,
}

impl PasskeyDocument {
    fn of(id: RecordId, passkey: Passkey) -> PasskeyDocument {
        let Passkey { name, made_ms, used_ms, suspect_ms, .. } = passkey;
        PasskeyDocument { id, name, made_ms, used_ms, suspect_ms }
    }
}

/// My passkeys
#[utoipa::path(get, path = "/api/v1/account/passkeys", tag = "account", operation_id = "account.passkeys",
    responses((status = 200, body = Passkeys)))]
async fn list(call: Call, signed: Signed) -> Answer {
    let found = call.api.accounts(move |accounts| accounts.passkeys(signed.account)).await?;
    let passkeys = found.into_iter().map(|found| PasskeyDocument::of(found.id, found.value)).collect();
    json(&Passkeys { passkeys })
}

/// Begin to add a passkey: what the device is to be asked, within five minutes
#[utoipa::path(post, path = "/api/v1/account/passkey-challenges", tag = "account",
    operation_id = "account.begin_passkey", request_body = BeginPasskey,
    responses((status = 201, body = PasskeyOptions)))]
async fn begin(call: Call, signed: Signed) -> Answer {
    let BeginPasskey { password } = call.body()?;
    ceremonies(&call)?;
    insist_on_owner(&call, &signed, password, "password").await?;
    let (account, session, now) = (signed.account, signed.session.id, call.now());
    let known = move |accounts: &Accounts| {
        let known = accounts.passkeys(account)?;
        let email = accounts.get(account)?.map(|account| account.value.email).unwrap_or_default();
        Ok::<_, AccountError>((known, email))
    };
    let (known, email) = call.api.accounts(known).await?;
    let known = known.iter().filter_map(|known| Some(known.value.key()?.cred_id().clone())).collect();
    // What the device shows among other accounts.
    let name = if email.is_empty() { "Dwellers" } else { &email };
    let options = ceremonies(&call)?.begin_to_add(session, account, name, known, now)?;
    created(&PasskeyOptions { options })
}

/// Add the passkey that the device has made
#[utoipa::path(post, path = "/api/v1/account/passkeys", tag = "account", operation_id = "account.add_passkey",
    request_body = NewPasskey, responses((status = 201, body = PasskeyDocument)))]
async fn add(call: Call, signed: Signed) -> Answer {
    let NewPasskey { name, credential } = call.body()?;
    let credential: RegisterPublicKeyCredential = read(credential)?;
    let now = call.now();
    let key = ceremonies(&call)?.add(signed.session.id, &credential, now)?;
    let add = move |accounts: &Accounts| {
        accounts.add_passkey(&signed.session.value, &name, &key, clock::entropy, now)
    };
    let added = call.api.accounts(add).await?;
    created(&PasskeyDocument::of(added.id, added.value))
}

/// Call a passkey otherwise
#[utoipa::path(patch, path = "/api/v1/account/passkeys/{passkey}", tag = "account",
    operation_id = "account.rename_passkey", params(("passkey" = RecordId, Path)), request_body = RenamePasskey,
    responses((status = 200, body = PasskeyDocument)))]
async fn rename(call: Call, signed: Signed) -> Answer {
    let (id, now) = (call.id("passkey")?, call.now());
    let RenamePasskey { name } = call.body()?;
    let rename = move |accounts: &Accounts| accounts.rename_passkey(signed.account, id, &name, now);
    let renamed = call.api.accounts(rename).await?;
    json(&PasskeyDocument::of(renamed.id, renamed.value))
}

/// Remove a passkey: nobody signs in with it any more
#[utoipa::path(delete, path = "/api/v1/account/passkeys/{passkey}", tag = "account",
    operation_id = "account.remove_passkey", params(("passkey" = RecordId, Path)), request_body = RemovePasskey,
    responses((status = 204, description = "It is removed")))]
async fn remove(call: Call, signed: Signed) -> Answer {
    let (id, now) = (call.id("passkey")?, call.now());
    let RemovePasskey { password } = call.body()?;
    // Whoever could take all passkeys away would leave nothing that an owner had to show, and add their own.
    insist_on_owner(&call, &signed, password, "password").await?;
    call.api.accounts(move |accounts| accounts.remove_passkey(signed.account, id, now)).await?;
    done()
}

/// Begin to sign in by a passkey: what the device is to be asked, within five minutes
#[utoipa::path(post, path = "/api/v1/session/passkey-challenges", tag = "session",
    operation_id = "session.begin_passkey", responses((status = 201, body = SignInOptions)))]
async fn begin_to_sign_in(call: Call) -> Answer {
    call.api.0.bounds.challenges.from(call.caller.address())?;
    let challenge = RecordId::from_bytes(clock::random());
    let options = ceremonies(&call)?.begin_to_sign_in(challenge, call.now())?;
    created(&SignInOptions { challenge, options })
}

/// Sign in by a passkey
#[utoipa::path(post, path = "/api/v1/session/passkey", tag = "session", operation_id = "session.by_passkey",
    request_body = ByPasskey, responses((status = 201, body = sign_in::SessionDocument)))]
async fn sign_in(call: Call) -> Answer {
    let ByPasskey { challenge, credential } = call.body()?;
    call.api.0.bounds.challenges.from(call.caller.address())?;
    let credential: PublicKeyCredential = read(credential)?;
    let (named, _) = ceremonies(&call)?.named(&credential)?;
    let epoch = call.api.accounts(move |accounts| accounts.epoch(named)).await?;
    let account = proved(&call, challenge, &credential).await?;
    let way = Open::Known(Way::Passkey);
    sign_in::begin(&call, Session { account, way, second_factor: true, epoch, ..Session::default() }).await
}

/// Whose passkey has answered to this challenge.
async fn proved(
    call: &Call,
    challenge: RecordId,
    credential: &PublicKeyCredential,
) -> Result<RecordId, Problem> {
    let (ceremonies, now) = (ceremonies(call)?, call.now());
    let (account, named) = ceremonies.named(credential)?;
    let named = named.to_vec();
    let found = call.api.accounts(move |accounts| accounts.passkey_by_credential(&named)).await?;
    let found = found.filter(|found| found.value.account == account);
    let found = found.and_then(|found| Some((found.value.key()?, found)));
    // The challenge is used up, whoever answers to it.
    let proved = ceremonies.sign_in(challenge, credential, found.as_ref().map(|(key, _)| key), now);
    let Some((mut key, passkey)) = found else { return Err(refused()) };
    let proved = match proved {
        Err(CeremonyError::Copied) => {
            tracing::warn!(passkey = %passkey.id, "its counter has not gone on: is there a copy of it?");
            call.api.accounts(move |accounts| accounts.suspect_passkey(&passkey, now)).await?;
            return Err(refused());
        }
        proved => proved?,
    };
    let used = move |accounts: &Accounts| accounts.use_passkey(&passkey, &mut key, &proved, now);
    match call.api.accounts(used).await? {
        true => Ok(account),
        false => Err(refused()),
    }
}

fn ceremonies(call: &Call) -> Result<&Ceremonies, Problem> {
    call.api.0.ceremonies.as_ref().ok_or_else(|| Problem::moved_on("no-passkeys"))
}

fn read<T: DeserializeOwned>(credential: Value) -> Result<T, Problem> {
    serde_json::from_value(credential).map_err(|error| Problem::syntax(&error))
}

fn refused() -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "passkey-refused")
}

impl From<CeremonyError> for Problem {
    fn from(error: CeremonyError) -> Self {
        match error {
            CeremonyError::TooMany => Problem::busy(),
            error => {
                tracing::info!(%error, "a passkey was refused");
                refused()
            }
        }
    }
}
