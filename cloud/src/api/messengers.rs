//! Telegram: signing in by what it says of whoever opens the Mini App, and who one is there.
//!
//! Invariants: what Telegram says counts once, for a few minutes, and says nothing of a second factor; whoever only found a
//! browser open cannot make a Telegram of theirs a way into the account.

use dwellers_replica::{Entry, Open};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::account::insist_on_owner;
use super::call::{Call, created, done};
use super::problem::Problem;
use super::second_factor::insist_on_second_factor;
use super::sign_in::{self, SessionDocument};
use super::table::{Answer, Table};
use crate::accounts::{
    Accounts, BadInitData, MESSENGER_LINK_MS, Messenger, MessengerUser, Session, Signed, Way,
};
use crate::clock;

pub(super) fn routes(to: &mut Table) {
    to.anyone::<__path_by_telegram, _, _>(by_telegram);
    to.account::<__path_link_telegram, _, _>(link_telegram);
    to.account::<__path_disconnect_telegram, _, _>(disconnect_telegram);
}

/// Somebody in a messenger.
#[derive(Serialize, ToSchema)]
#[schema(as = MyMessenger)]
pub(super) struct MessengerDocument {
    messenger: Open<Messenger>,
    /// What they call themselves there.
    name: String,
    /// What others find them by there, without `@`; may be empty.
    handle: String,
    /// Since when, in milliseconds since 1970.
    since_ms: u64,
    /// Whether they have stopped the bot there: it cannot write to them.
    blocked: bool,
}

impl MessengerDocument {
    pub fn of(user: Entry<MessengerUser>) -> MessengerDocument {
        let MessengerUser { messenger, name, handle, since_ms, blocked, .. } = user.value;
        MessengerDocument { messenger, name, handle, since_ms, blocked }
    }
}

/// What Telegram says of whoever opens the Mini App.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ByTelegram {
    /// `initData`, as the page was given it.
    init_data: String,
    /// Of the second factor, where one is needed (`second-factor` says so): six digits, or one of those on paper.
    code: Option<String>,
}

/// Who wants to be known in a messenger.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewMessengerLink {
    /// The password, where there is one; who has just signed in by a link or a passkey need not know it.
    #[serde(default)]
    password: String,
}

/// A link to the bot.
#[derive(Serialize, ToSchema)]
struct MessengerLink {
    /// Whoever opens it and begins is the account there from then on. It works once; the one before ends.
    link: String,
    /// Milliseconds since 1970.
    until_ms: u64,
}

/// Sign in by what Telegram says of whoever opens the Mini App
///
/// It is good once, within five minutes. `telegram-unknown`: the bot does not know them yet; `telegram-old`: it is to be opened
/// anew.
#[utoipa::path(post, path = "/api/v1/session/telegram", tag = "session", operation_id = "session.by_telegram",
    request_body = ByTelegram, responses((status = 201, body = SessionDocument)))]
async fn by_telegram(call: Call) -> Answer {
    let ByTelegram { init_data, code } = call.body()?;
    let now = call.now();
    let key = call.api.0.init_data.as_ref().ok_or_else(|| Problem::moved_on("no-telegram"))?;
    let said = key.read(&init_data, now).map_err(|bad| match bad {
        BadInitData::Forged => {
            tracing::warn!(address = ?call.caller.address(), "what is said to be Telegram's is not");
            refused("telegram-forged")
        }
        BadInitData::Old => refused("telegram-old"),
    })?;
    let asked = said.clone();
    let known = move |accounts: &Accounts| {
        // Before a code is asked for: whoever found what was used is told nothing, and tries none.
        if accounts.is_used(&asked)? {
            return Err(refused("telegram-old"));
        }
        let user = accounts.messenger_user(Messenger::Telegram, asked.user)?;
        let user = user.ok_or_else(|| refused("telegram-unknown"))?;
        let epoch = accounts.epoch(user.value.account)?;
        Ok::<_, Problem>((user, epoch))
    };
    let (user, epoch) = call.api.accounts(known).await?;
    let account = user.value.account;
    let second_factor = insist_on_second_factor(&call, account, code).await?;
    let telegram_user = said.user;
    if !call.api.accounts(move |accounts| accounts.use_init_data(&said, &user, now)).await? {
        return Err(refused("telegram-old"));
    }
    let way = Open::Known(Way::Telegram);
    let session = Session { account, way, telegram_user, second_factor, epoch, ..Session::default() };
    sign_in::begin(&call, session).await
}

/// A link by which I am known in Telegram
///
/// Where I was known there by another user, that one is it no more.
#[utoipa::path(post, path = "/api/v1/account/messengers/telegram/link", tag = "account",
    operation_id = "account.link_telegram", request_body = NewMessengerLink,
    responses((status = 201, body = MessengerLink)))]
async fn link_telegram(call: Call, signed: Signed) -> Answer {
    let NewMessengerLink { password } = call.body()?;
    let bot = call.api.telegram_bot().ok_or_else(|| Problem::moved_on("no-telegram"))?;
    insist_on_owner(&call, &signed, password, "password").await?;
    let (account, now) = (signed.account, call.now());
    // As much as Telegram takes behind `start=` is 64 letters; nobody guesses 128 bits in a quarter of an hour.
    let secret = blake3::Hash::from_bytes(clock::random()).to_hex()[..32].to_owned();
    let link = format!("https://t.me/{bot}?start=k-{secret}");
    let keep = move |accounts: &Accounts| accounts.link_messenger(account, &secret, clock::entropy, now);
    call.api.accounts(keep).await?;
    created(&MessengerLink { link, until_ms: now.ms.saturating_add(MESSENGER_LINK_MS) })
}

/// I am nobody in Telegram any more, and where I was signed in by it, that has ended
#[utoipa::path(delete, path = "/api/v1/account/messengers/telegram", tag = "account",
    operation_id = "account.disconnect_telegram",
    responses((status = 204, description = "Nobody there is this account any more")))]
async fn disconnect_telegram(call: Call, signed: Signed) -> Answer {
    let (account, now) = (signed.account, call.now());
    call.api.accounts(move |accounts| accounts.disconnect(account, Messenger::Telegram, now)).await?;
    done()
}

fn refused(code: &'static str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, code)
}
