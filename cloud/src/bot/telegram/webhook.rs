//! Telegram comes with what people did: `POST /telegram/updates`.
//!
//! Invariants: only Telegram is heard, by a secret that is drawn at each start; it is told that all is well once what it brought is
//! written down.
//!
//! What must never be here: what it means.

use std::sync::Arc;

use bytes::Bytes;
use teloxide::Bot as Api;
use teloxide::payloads::SetWebhookSetters;
use teloxide::requests::Requester;
use teloxide::types::Update;
use tracing::{info, warn};
use url::Url;
use warp::Filter;
use warp::http::StatusCode;
use warp::reply::{Reply, Response};

use super::Patience;
use super::hearing::WANTED;
use super::polling::hear;
use crate::bot::Bot;

/// The header that has the secret.
const SECRET: &str = "x-telegram-bot-api-secret-token";
/// Where Telegram comes to, below the cloud's address.
const PATH: &str = "/telegram/updates";
/// The longest update.
const MAX_BYTES: u64 = 1 << 20;

/// Where Telegram comes to. Clones are the same.
#[derive(Clone)]
pub struct Hook {
    bot: Bot,
    secret: Arc<str>,
}

impl Hook {
    pub(super) fn new(bot: Bot, random: [u8; 32]) -> Hook {
        let secret: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        Hook { bot, secret: secret.into() }
    }

    async fn take(self, secret: Option<String>, body: Bytes) -> StatusCode {
        // Hashes are compared in the same time, whatever they have in common.
        let is_theirs = |said: &String| blake3::hash(said.as_bytes()) == blake3::hash(self.secret.as_bytes());
        if !secret.as_ref().is_some_and(is_theirs) {
            return StatusCode::FORBIDDEN;
        }
        let update = match serde_json::from_slice::<Update>(&body) {
            Ok(update) => update,
            Err(why) => {
                warn!("what Telegram brings does not read: {why}");
                return StatusCode::BAD_REQUEST;
            }
        };
        match hear(&self.bot, &[update]).await {
            true => StatusCode::OK,
            false => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

/// The route; nothing is there without a hook.
pub fn route(hook: Option<Hook>) -> impl Filter<Extract = (Response,), Error = warp::Rejection> + Clone {
    warp::path!("telegram" / "updates")
        .and(warp::post())
        .and_then(move || std::future::ready(hook.clone().ok_or_else(warp::reject::not_found)))
        .and(warp::header::optional::<String>(SECRET))
        .and(warp::body::content_length_limit(MAX_BYTES))
        .and(warp::body::bytes())
        .then(|hook: Hook, secret, body| async move { hook.take(secret, body).await.into_response() })
}

/// Tells Telegram where to come to.
pub(super) async fn announce(api: &Api, hook: &Hook, address: &str) {
    let mut patience = Patience::default();
    let to = format!("{address}{PATH}");
    loop {
        let url: Url = match to.parse() {
            Ok(url) => url,
            Err(why) => return warn!("Telegram cannot come to {to}: {why}"),
        };
        let announced = api.set_webhook(url).secret_token(&*hook.secret).allowed_updates(WANTED).await;
        match announced {
            Ok(_) => {
                info!("Telegram comes to {to}");
                return std::future::pending().await;
            }
            Err(why) => {
                let pause = patience.after(&why);
                tokio::time::sleep(pause).await;
            }
        }
    }
}
