//! The adapter to Telegram, over its Bot API.
//!
//! ```text
//! getUpdates, or a webhook ─ hearing ─> the bot's memory, and only then it is confirmed
//! the bot's line ─ errands ─ pace ─ saying ─> sendMessage, …
//! ```
//!
//! | module | what it holds |
//! |---|---|
//! | `polling`, `webhook` | the two ways in which Telegram tells of what people do |
//! | `hearing` | what that means |
//! | `errands`, `pace` | what goes out when |
//! | `saying`, `wording` | how it is said |
//! | `failing` | what it means that Telegram does not do it |
//! | `profile` | what the bot says of itself |
//!
//! Invariants: the cloud serves whether Telegram is there or not; nothing goes out before Telegram has said that the token is of
//! the bot that people are sent to; no word of a log has the token.
//!
//! What must never be here: what is answered to whom.

mod errands;
mod failing;
mod hearing;
mod pace;
mod polling;
mod profile;
mod saying;
mod webhook;
mod wording;

use std::time::Duration;

use anyhow::Context;
use teloxide::Bot as Api;
use teloxide::RequestError;
use teloxide::net::default_reqwest_settings;
use teloxide::requests::Requester;
use teloxide::types::UserId;
use tokio::sync::watch;
use tracing::{error, info, warn};
use url::Url;

use self::failing::words;
use super::Bot;
use super::line::Errands;
use crate::{clock, config};

pub use pace::Limits;
pub use webhook::{Hook, route};

/// A connection comes about in less.
const CONNECT: Duration = Duration::from_secs(10);
/// Telegram answers in less; what it has not answered then, it may have done.
const ANSWER: Duration = Duration::from_secs(25);
/// The longest pause before Telegram is tried again.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// The adapter.
pub struct Telegram {
    bot: Bot,
    /// What people find the bot by, as it is configured.
    name: String,
    api: Api,
    /// The same for questions that Telegram leaves unanswered for a while.
    polls: Api,
    /// Where Telegram is to come with what people do, where it does not have to be asked.
    hook: Option<Hook>,
    address: String,
    limits: Limits,
}

impl Telegram {
    /// Of a bot; `address` is where Telegram finds this cloud.
    ///
    /// # Errors
    /// There is no token, or the address of the Bot API is none.
    pub fn new(config: &config::Telegram, bot: Bot, address: String) -> anyhow::Result<Telegram> {
        // Another part of the program may have chosen one.
        let _ = tokio_rustls::rustls::crypto::ring::default_provider().install_default();
        let token = config.token()?;
        let client = |longest| default_reqwest_settings().connect_timeout(CONNECT).timeout(longest).build();
        let url: Option<Url> =
            config.api.as_deref().map(str::parse).transpose().context("[telegram] api is no address")?;
        let api = |client| match &url {
            Some(url) => Api::with_client(token.clone(), client).set_api_url(url.clone()),
            None => Api::with_client(token.clone(), client),
        };
        let hook = config.webhook.then(|| Hook::new(bot.clone(), clock::random()));
        let (api, polls) = (api(client(ANSWER)?), api(client(polling::LONGEST)?));
        Ok(Telegram { bot, name: config.bot.clone(), api, polls, hook, address, limits: Limits::TELEGRAM })
    }

    /// The same for a Bot API that takes more, or less.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Telegram {
        Telegram { limits, ..self }
    }

    /// Where Telegram comes to, where it is to come.
    pub fn hook(&self) -> Option<Hook> {
        self.hook.clone()
    }

    /// Listens until `deaf`, and speaks until `mute`: what was heard last is still answered.
    pub async fn run(self, errands: Errands, mut deaf: watch::Receiver<bool>, mute: watch::Receiver<bool>) {
        let (me, known) = watch::channel(None);
        let speaking = tokio::spawn(errands::run(self.api.clone(), self.limits, known, errands, mute));
        let listening = async {
            me.send_replace(Some(self.introduce().await));
            tokio::join!(self.listen(), self.tell_of_itself());
        };
        tokio::select! {
            () = listening => {}
            // Whoever could tell is gone: then it ends, too.
            _ = deaf.wait_for(|deaf| *deaf) => {}
        }
        drop(me);
        let _ = speaking.await;
    }

    /// Asks until Telegram says that the token is of the bot that is configured.
    async fn introduce(&self) -> UserId {
        let mut patience = Patience::default();
        loop {
            let pause = match self.api.get_me().await {
                Ok(me)
                    if me.user.username.as_deref().unwrap_or_default().eq_ignore_ascii_case(&self.name) =>
                {
                    info!("the bot @{} is in Telegram", self.name);
                    return me.user.id;
                }
                Ok(me) => {
                    let other = me.user.username.unwrap_or_default();
                    let why = format!("[telegram] bot is «{}», and the token is of «{other}»", self.name);
                    patience.after_mistake(why)
                }
                Err(why) => patience.after(&why),
            };
            tokio::time::sleep(pause).await;
        }
    }

    async fn listen(&self) {
        match &self.hook {
            Some(hook) => webhook::announce(&self.api, hook, &self.address).await,
            None => polling::run(&self.polls, &self.bot).await,
        }
    }
}

/// How long to wait after failures, each longer than the one before. Only what is new is logged: days without Telegram are a line.
#[derive(Default)]
struct Patience {
    failed: u32,
    said: String,
}

impl Patience {
    /// Telegram answered.
    fn good(&mut self) {
        if self.failed > 0 {
            info!("Telegram is there again");
        }
        *self = Patience::default();
    }

    /// How long to wait after this.
    fn after(&mut self, why: &RequestError) -> Duration {
        let said = words(why);
        let pause = match why {
            RequestError::RetryAfter(seconds) => return seconds.duration().max(self.pause()),
            // Once it may be what this very program asked before it began anew.
            RequestError::Api(_) if said.starts_with("Conflict") && self.failed == 0 => return self.pause(),
            RequestError::Api(_) if said.starts_with("Conflict") => {
                return self.after_mistake(format!("somebody else hears what is said to the bot: {said}"));
            }
            RequestError::Api(teloxide::ApiError::InvalidToken) => {
                return self.after_mistake(format!("Telegram does not know the token: {said}"));
            }
            _ => self.pause(),
        };
        if self.is_new(&said) {
            warn!("Telegram is away: {said}");
        }
        pause
    }

    /// The same after what only people can put right.
    fn after_mistake(&mut self, said: String) -> Duration {
        if self.is_new(&said) {
            error!("{said}");
        }
        self.pause()
    }

    fn is_new(&mut self, said: &str) -> bool {
        let is_new = self.said != said;
        said.clone_into(&mut self.said);
        is_new
    }

    fn pause(&mut self) -> Duration {
        self.failed += 1;
        // Half a second, one, two, four.
        let pause = Duration::from_millis(250) * 2_u32.saturating_pow(self.failed.min(10));
        pause.min(LONGEST_PAUSE)
    }
}
