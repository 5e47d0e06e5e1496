//! A second factor beside the password: offered, turned on, turned off, and asked for at sign-in.
//!
//! Invariants: where one is on, nobody signs in without it, but by a passkey, which is two in one (something one has, and
//! what unlocks it); from a messenger, where it is on, nobody lets anybody in, by a gate, a pass, an answer or a place, who has
//! not given a code there lately; guesses are bounded for an account, from wherever.

use dwellers_replica::{Now, RecordId};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use url::form_urlencoded;
use utoipa::ToSchema;

use super::account::insist_on_owner;
use super::call::{Call, SignedBy, created, done, json};
use super::problem::Problem;
use super::table::{Answer, Table};
use crate::accounts::{AccountError, Accounts, RECOVERY_CODES, Signed};
use crate::clock;

/// In a messenger a code is good for half a day: its account is taken over more easily than a browser.
const LASTS_IN_MESSENGERS_MS: u64 = 12 * 3_600_000;

pub(super) fn routes(to: &mut Table) {
    to.account::<__path_offer, _, _>(offer);
    to.account::<__path_confirm, _, _>(confirm);
    to.account::<__path_remove, _, _>(remove);
    to.account::<__path_prove, _, _>(prove);
}

/// Who asks for one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OfferSecondFactor {
    /// The password, where there is one; who has just signed in by a link or a passkey need not know it.
    #[serde(default)]
    password: String,
}

/// What an application that makes codes needs. It is shown once.
#[derive(Serialize, ToSchema)]
struct OfferedSecondFactor {
    /// In base 32, for typing.
    secret: String,
    /// The same as `otpauth://…`, for a QR code.
    url: String,
}

/// A code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SecondFactorCode {
    /// Six digits, as the application shows them; to turn it off, one of those on paper does as well.
    code: String,
}

/// Codes for when the application is lost, each good once. They are shown once.
#[derive(Serialize, ToSchema)]
struct RecoveryCodes {
    codes: Vec<String>,
}

/// Ask for a second factor; nothing changes until it is confirmed
#[utoipa::path(post, path = "/api/v1/account/second-factor", tag = "account",
    operation_id = "account.offer_second_factor", request_body = OfferSecondFactor,
    responses((status = 201, body = OfferedSecondFactor)))]
async fn offer(call: Call, signed: Signed) -> Answer {
    let OfferSecondFactor { password } = call.body()?;
    insist_on_owner(&call, &signed, password, "password").await?;
    let (account, now) = (signed.account, call.now());
    let offer = move |accounts: &Accounts| {
        let secret = accounts.offer_second_factor(account, clock::random(), now)?;
        let label = accounts.get(account)?.map(|account| account.value.email).unwrap_or_default();
        Ok::<_, AccountError>((secret, label))
    };
    let (secret, label) = call.api.accounts(offer).await?;
    let url = otpauth(&call.api.0.http.address(), &label, &secret);
    created(&OfferedSecondFactor { secret, url })
}

/// Turn it on by a code; all other sessions end
#[utoipa::path(put, path = "/api/v1/account/second-factor", tag = "account",
    operation_id = "account.confirm_second_factor", request_body = SecondFactorCode,
    responses((status = 200, body = RecoveryCodes)))]
async fn confirm(call: Call, signed: Signed) -> Answer {
    let SecondFactorCode { code } = call.body()?;
    let (account, now) = (signed.account, call.now());
    call.api.0.bounds.codes.one(&account)?;
    let by = call.signed_by();
    let confirm = move |accounts: &Accounts| {
        let drawn: [[u8; 10]; RECOVERY_CODES] = std::array::from_fn(|_| clock::random());
        let codes = accounts.confirm_second_factor(account, &code, drawn, now)?;
        if codes.is_some() {
            given(accounts, &by, &signed, now)?;
            accounts.end_all(account, Some(&signed.session.value), now)?;
        }
        Ok::<_, AccountError>(codes)
    };
    let codes = call.api.accounts(confirm).await?;
    json(&RecoveryCodes { codes: codes.ok_or_else(|| Problem::invalid("code", "wrong-code"))? })
}

/// Turn it off by a code
#[utoipa::path(delete, path = "/api/v1/account/second-factor", tag = "account",
    operation_id = "account.remove_second_factor", request_body = SecondFactorCode,
    responses((status = 204, description = "There is none any more")))]
async fn remove(call: Call, signed: Signed) -> Answer {
    let SecondFactorCode { code } = call.body()?;
    let (account, now) = (signed.account, call.now());
    let factor = call.api.accounts(move |accounts| accounts.second_factor(account)).await?;
    if !factor.is_some_and(|factor| factor.value.is_on()) {
        return Err(AccountError::Unknown("second-factor").into());
    }
    call.api.0.bounds.codes.one(&account)?;
    let remove = move |accounts: &Accounts| {
        let is_right = accounts.use_code(account, &code, now)?;
        if is_right {
            accounts.remove_second_factor(account, now)?;
        }
        Ok::<_, AccountError>(is_right)
    };
    match call.api.accounts(remove).await? {
        true => done(),
        false => Err(Problem::invalid("code", "wrong-code")),
    }
}

/// Give a code where I am signed in already: in a messenger it is asked for anew, now and then
#[utoipa::path(post, path = "/api/v1/account/second-factor/proof", tag = "account",
    operation_id = "account.prove_second_factor", request_body = SecondFactorCode,
    responses((status = 204, description = "It is right")))]
async fn prove(call: Call, signed: Signed) -> Answer {
    let SecondFactorCode { code } = call.body()?;
    if !insist_on_second_factor(&call, signed.account, Some(code)).await? {
        return Err(AccountError::Unknown("second-factor").into());
    }
    let (by, now) = (call.signed_by(), call.now());
    call.api.accounts(move |accounts| given(accounts, &by, &signed, now)).await?;
    done()
}

/// A code was given where somebody is signed in.
fn given(accounts: &Accounts, by: &SignedBy, signed: &Signed, now: Now) -> Result<(), AccountError> {
    match by {
        SignedBy::Messenger(messenger, user) => {
            accounts.edit_messenger_user(*messenger, *user, |user| user.second_factor_ms = now.ms, now)
        }
        SignedBy::Cookie(_) => accounts.second_factor_given(&signed.session, now),
    }
}

/// Insists that whoever calls from a messenger has given a code there lately, where their account has a second factor: who
/// has taken their messenger over has not. A browser was asked for it when its session began. It is asked wherever somebody
/// else is let in by it.
pub(super) async fn insist_on_recent_second_factor(call: &Call, signed: &Signed) -> Result<(), Problem> {
    let SignedBy::Messenger(messenger, user) = call.signed_by() else { return Ok(()) };
    let (account, now) = (signed.account, call.now());
    let is_missing = move |accounts: &Accounts| {
        let factor = accounts.second_factor(account)?.filter(|factor| factor.value.is_on());
        let given_ms =
            accounts.messenger_user(messenger, user)?.map_or(0, |user| user.value.second_factor_ms);
        let is_recent = now.ms < given_ms.saturating_add(LASTS_IN_MESSENGERS_MS);
        Ok::<_, AccountError>(factor.is_some() && !is_recent)
    };
    match call.api.accounts(is_missing).await? {
        true => {
            let words = call.api.texts(call.language).get("problem-second-factor.messenger", &[]);
            Err(Problem::new(StatusCode::UNAUTHORIZED, "second-factor").told(words))
        }
        false => Ok(()),
    }
}

/// Whether somebody who signs in has given a second factor; false where none is needed. A code that is right is used up.
pub(super) async fn insist_on_second_factor(
    call: &Call,
    account: RecordId,
    code: Option<String>,
) -> Result<bool, Problem> {
    let now = call.now();
    let factor = call.api.accounts(move |accounts| accounts.second_factor(account)).await?;
    if !factor.is_some_and(|factor| factor.value.is_on()) {
        return Ok(false);
    }
    let Some(code) = code.filter(|code| !code.trim().is_empty()) else {
        return Err(Problem::new(StatusCode::UNAUTHORIZED, "second-factor"));
    };
    call.api.0.bounds.codes.one(&account)?;
    match call.api.accounts(move |accounts| accounts.use_code(account, &code, now)).await? {
        true => Ok(true),
        false => {
            tracing::warn!(address = ?call.caller.address(), "a code was wrong");
            Err(Problem::new(StatusCode::UNAUTHORIZED, "wrong-code"))
        }
    }
}

/// As applications take it (Google Authenticator's key URI format).
fn otpauth(address: &str, email: &str, secret: &str) -> String {
    let host = address.split("://").nth(1).unwrap_or_default();
    let quoted = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    // A colon parts the two halves of the label.
    let issuer = quoted(&format!("Dwellers {}", host.replace(':', " "))).replace('+', "%20");
    let label = if email.is_empty() { quoted("account") } else { quoted(email) };
    format!("otpauth://totp/{issuer}:{label}?secret={secret}&issuer={issuer}")
}
