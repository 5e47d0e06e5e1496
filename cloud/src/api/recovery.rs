//! What is done by mail: proving an address, signing in, setting a password that was forgotten.
//!
//! Invariants: to whoever is not signed in no answer tells whether there is such an account, neither by words nor by time;
//! letters are bounded for a caller, for an address, and for an account; a link works once.

use dwellers::texts::Language;
use dwellers_replica::{Now, RecordId};
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use warp::Reply;

use super::Api;
use super::account::{self, AccountDocument, insist_on_owner};
use super::account_mail::{self, Kind};
use super::call::{Call, done, json};
use super::problem::Problem;
use super::sign_in::{ended, hashed};
use super::table::{Answer, Table};
use crate::accounts::{Account, AccountError, Accounts, Password, Purpose, Signed, is_address};
use crate::clock;

pub(super) fn routes(to: &mut Table) {
    to.account::<__path_set_email, _, _>(set_email);
    to.account::<__path_prove_email, _, _>(prove_email);
    to.anyone::<__path_send_link, _, _>(send_link);
    to.anyone::<__path_send_reset, _, _>(send_reset);
    to.anyone::<__path_reset, _, _>(reset);
}

/// An address for an account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetEmail {
    /// Empty: none any more.
    email: String,
    /// The password, where there is one; who has just signed in by a link or a passkey need not know it.
    #[serde(default)]
    password: String,
}

/// What a link was sent with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ProveEmail {
    /// What stands behind `/prove/` in the link.
    token: String,
}

/// Whose mail is to be written to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ToEmail {
    /// However it is written.
    email: String,
}

/// Another password by a link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ResetPassword {
    /// What stands behind `/reset/` in the link.
    token: String,
    /// 8 to 200 characters.
    password: String,
}

/// Give my account another address
///
/// It is the account's as soon as the link is opened that is sent there. An empty one is taken away at once.
#[utoipa::path(put, path = "/api/v1/account/email", tag = "account", operation_id = "account.set_email",
    request_body = SetEmail, responses((status = 200, body = AccountDocument)))]
async fn set_email(call: Call, signed: Signed) -> Answer {
    let SetEmail { email, password } = call.body()?;
    let (account, now) = (signed.account, call.now());
    let is_none = email.trim().is_empty();
    if !is_none {
        // Before a password is looked at.
        call.api.mailer()?;
        is_address(&email).then_some(()).ok_or(AccountError::Email)?;
    }
    insist_on_owner(&call, &signed, password, "password").await?;
    match is_none {
        true => call.api.accounts(move |accounts| accounts.set_email(account, "", false, now)).await?,
        false => send_proof(&call, account, email).await?,
    }
    json(&account::document(&call, account).await?)
}

/// Prove that mail to an address is read, by the link that was sent there
#[utoipa::path(post, path = "/api/v1/account/email/proof", tag = "account", operation_id = "account.prove_email",
    request_body = ProveEmail, responses((status = 200, body = AccountDocument)))]
async fn prove_email(call: Call, signed: Signed) -> Answer {
    let ProveEmail { token } = call.body()?;
    call.api.0.bounds.secrets.from(call.caller.address())?;
    let (account, now) = (signed.account, call.now());
    let prove = move |accounts: &Accounts| {
        let link = accounts.linked(token.trim(), Purpose::Prove, now)?;
        // Whoever was sent a letter that somebody else asked for must not lend them an address.
        let Some(link) = link.filter(|link| link.value.account == account) else { return Ok(None) };
        let before = accounts.get(account)?.map(|before| before.value);
        let proved = accounts.prove(&link, now)?;
        Ok::<_, AccountError>(proved.then_some((before.unwrap_or_default(), link.value.email)))
    };
    let proved = call.api.accounts(prove).await?;
    let (before, email) = proved.ok_or_else(ended)?;
    if before.email_proved_ms > 0 && before.email_key != email.to_lowercase() {
        tell(&call, Kind::Moved, &before, ("address", email));
    }
    json(&account::document(&call, account).await?)
}

/// Send a link to sign in by mail
///
/// The answer is the same whether or not there is an account with this address, proved.
#[utoipa::path(post, path = "/api/v1/session/letter", tag = "session", operation_id = "session.send_link",
    request_body = ToEmail, responses((status = 202, description = "Where there is such an account, it is sent")))]
async fn send_link(call: Call) -> Answer {
    write(&call, Purpose::SignIn)
}

/// Send a link by which a password that was forgotten is set
///
/// The answer is the same whether or not there is an account with this address, proved.
#[utoipa::path(post, path = "/api/v1/recovery/letter", tag = "session", operation_id = "recovery.send",
    request_body = ToEmail, responses((status = 202, description = "Where there is such an account, it is sent")))]
async fn send_reset(call: Call) -> Answer {
    write(&call, Purpose::Reset)
}

/// Set a password by the link that was sent; all sessions end
///
/// Nobody is signed in by it; a second factor stays.
#[utoipa::path(put, path = "/api/v1/recovery/password", tag = "session", operation_id = "recovery.reset",
    request_body = ResetPassword,
    responses((status = 204, description = "It is the password from now on")))]
async fn reset(call: Call) -> Answer {
    let ResetPassword { token, password } = call.body()?;
    call.api.0.bounds.secrets.from(call.caller.address())?;
    let password = Password::new(&password).map_err(Problem::from)?;
    let now = call.now();
    let find = move |accounts: &Accounts| accounts.linked(token.trim(), Purpose::Reset, now);
    let link = call.api.accounts(find).await?.ok_or_else(ended)?;
    let hash = call.api.0.passwords.hash(password, clock::random()).await.map_err(|_| Problem::busy())?;
    let set = move |accounts: &Accounts| {
        let done = accounts.reset(&link, &hash, now)?;
        let account = if done { accounts.get(link.value.account)? } else { None };
        Ok::<_, AccountError>(account)
    };
    let account = call.api.accounts(set).await?.ok_or_else(ended)?.value;
    tell(&call, Kind::WasReset, &account, ("link", call.api.address()));
    done()
}

/// Sends the letter by which an account comes to an address, and waits until it is sent.
async fn send_proof(call: &Call, account: RecordId, email: String) -> Result<(), Problem> {
    bounded(call, &email)?;
    let (mailer, secret, now) = (call.api.mailer()?, secret(), call.now());
    let (link, to) = (call.api.link(Purpose::Prove, &secret), email.trim().to_owned());
    let keep = move |accounts: &Accounts| {
        accounts.link(account, Purpose::Prove, &email, &secret, clock::entropy, now)?;
        accounts.get(account)
    };
    let account = call.api.accounts(keep).await?.ok_or_else(Problem::no_session)?.value;
    let letter = call.api.letter(Kind::Link(Purpose::Prove), spoken_to(call, &account), &to, ("link", link));
    mailer.send(letter).await.map_err(|why| account_mail::not_sent(&why))
}

/// Tells the owner of an account what has become of it, where letters are sent.
fn tell(call: &Call, kind: Kind, account: &Account, filled: (&str, String)) {
    if let Ok(mailer) = call.api.mailer() {
        let letter = call.api.letter(kind, spoken_to(call, account), &account.email, filled);
        account_mail::send_aside(mailer, letter);
    }
}

/// Writes to whoever has an account with this address; whether anybody has is found out when the answer is given already.
fn write(call: &Call, purpose: Purpose) -> Answer {
    let ToEmail { email } = call.body()?;
    if !is_address(&email) {
        return Err(AccountError::Email.into());
    }
    call.api.mailer()?;
    bounded(call, &email)?;
    let (api, language, now) = (call.api.clone(), call.language, call.now());
    tokio::spawn(async move {
        if let Err(problem) = api.write_link(email, purpose, language, now).await {
            tracing::warn!(?problem, "a letter about an account was not written");
        }
    });
    Ok(StatusCode::ACCEPTED.into_response())
}

impl Api {
    async fn write_link(
        self,
        email: String,
        purpose: Purpose,
        language: Language,
        now: Now,
    ) -> Result<(), Problem> {
        let secret = secret();
        let link = self.link(purpose, &secret);
        let keep = move |accounts: &Accounts| {
            let found = accounts.by_email(&email)?.filter(|found| found.value.email_proved_ms > 0);
            let Some(found) = found else { return Ok(None) };
            // To the address as its owner wrote it, not as a stranger did.
            let address = found.value.email.clone();
            match accounts.link(found.id, purpose, &address, &secret, clock::entropy, now) {
                Ok(()) => Ok(Some(found.value)),
                // They have enough letters.
                Err(AccountError::TooMany(_)) => Ok(None),
                Err(why) => Err(why),
            }
        };
        if let Some(account) = self.accounts(keep).await? {
            let language = account.language.parse().unwrap_or(language);
            let letter = self.letter(Kind::Link(purpose), language, &account.email, ("link", link));
            account_mail::send_aside(self.mailer()?, letter);
        }
        Ok(())
    }
}

/// Whether one more letter may be written: first whether whoever asks may have one, then the mailbox, and last whether there is
/// one left. Whoever is refused takes nothing from the others.
fn bounded(call: &Call, email: &str) -> Result<(), Problem> {
    call.api.0.bounds.letters.from(call.caller.address())?;
    call.api.0.bounds.mailboxes.one(&hashed(email))?;
    Ok(())
}

/// In which language somebody is written to: theirs, where they have said so.
fn spoken_to(call: &Call, account: &Account) -> Language {
    account.language.parse().unwrap_or(call.language)
}

/// What a link is made of.
fn secret() -> String {
    format!("{:032x}", clock::entropy())
}
