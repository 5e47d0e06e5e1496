//! What the bot says of itself in Telegram: who it is, what commands it knows, and the button that opens the app.
//!
//! Invariants: people are served whether Telegram takes that or not.
//!
//! What must never be here: what a command does.

use dwellers::texts::Language;
use teloxide::RequestError;
use teloxide::payloads::{
    SetChatMenuButtonSetters, SetMyCommandsSetters, SetMyDescriptionSetters, SetMyShortDescriptionSetters,
};
use teloxide::requests::Requester;
use teloxide::types::{BotCommand, BotCommandScope, MenuButton, WebAppInfo};
use tracing::warn;

use super::Telegram;
use super::failing::words;
use crate::bot::DIALOGUES;

/// The languages of people's programs, and what they are told in: others hear Russian.
const LANGUAGES: [(&str, Language); 3] = [("", Language::Ru), ("ru", Language::Ru), ("en", Language::En)];

impl Telegram {
    /// Tells Telegram what the bot is.
    pub(super) async fn tell_of_itself(&self) {
        for (code, language) in LANGUAGES {
            if let Err(why) = self.tell_in(code, language).await {
                warn!("Telegram does not take what the bot says of itself: {}", words(&why));
            }
        }
        if let Err(why) = self.offer_app().await {
            warn!("Telegram does not take the button of the app: {}", words(&why));
        }
    }

    async fn tell_in(&self, code: &str, language: Language) -> Result<(), RequestError> {
        let texts = self.bot.texts(language);
        let commands = DIALOGUES.iter().flat_map(|dialogue| dialogue.commands);
        // One without words is not offered, and understood all the same.
        let commands = commands
            .filter_map(|name| Some(BotCommand::new(*name, texts.find(&format!("bot-command-{name}"))?)));
        let commands: Vec<_> = commands.collect();
        let private = BotCommandScope::AllPrivateChats;
        self.api.set_my_commands(commands).scope(private).language_code(code).await?;
        self.api
            .set_my_short_description()
            .short_description(texts.get("bot-about", &[]))
            .language_code(code)
            .await?;
        self.api
            .set_my_description()
            .description(texts.get("bot-description", &[]))
            .language_code(code)
            .await?;
        Ok(())
    }

    /// Beside the field to type in. Telegram opens pages over https alone.
    async fn offer_app(&self) -> Result<(), RequestError> {
        let text = self.bot.texts(Language::Ru).get("bot-app", &[]);
        let button = match format!("{}/", self.bot.address()).parse::<url::Url>() {
            Ok(url) if url.scheme() == "https" => MenuButton::WebApp { text, web_app: WebAppInfo { url } },
            _ => MenuButton::Commands,
        };
        self.api.set_chat_menu_button().menu_button(button).await.map(drop)
    }
}
