//! Somebody with Telegram in their hand, as a program: what the double's page lets a person do, and what they see.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use ureq::Agent;

use crate::stage::until;

/// Somebody in the double's Telegram.
pub struct Phone {
    agent: Agent,
    url: String,
    user: i64,
}

impl Phone {
    /// Somebody new there. `url` is where the double is.
    ///
    /// # Errors
    /// Where the double does not answer.
    pub fn of(url: &str, name: &str, language: &str) -> Result<Phone> {
        let agent = Agent::new_with_config(Agent::config_builder().http_status_as_error(false).build());
        let mut phone = Phone { agent, url: url.trim_end_matches('/').to_owned(), user: 0 };
        let made = phone.post("users", &json!({ "first_name": name, "language_code": language }))?;
        phone.user = made.as_i64().context("their number")?;
        Ok(phone)
    }

    /// Opens the bot by a link with this behind it.
    ///
    /// # Errors
    /// Where the double does not take it.
    pub fn starts(&self, payload: &str) -> Result<()> {
        self.does("start", &json!({ "payload": payload }))
    }

    /// Writes to the bot.
    ///
    /// # Errors
    /// Where the double does not take it.
    pub fn says(&self, text: &str) -> Result<()> {
        self.does("say", &json!({ "text": text }))
    }

    /// Presses the latest button that has this on it.
    ///
    /// # Errors
    /// Where there is none in time.
    pub fn presses(&self, fragment: &str) -> Result<()> {
        let mut pressed = None;
        let there = until(&format!("a button «{fragment}»"), || {
            let messages = self.messages()?;
            let keys = messages.iter().rev().filter_map(|message| {
                let keys = message["buttons"].as_array()?.iter().filter_map(Value::as_array).flatten();
                let label =
                    keys.filter_map(|key| key["text"].as_str()).find(|label| label.contains(fragment))?;
                Some(json!({ "label": label, "message": message["id"] }))
            });
            pressed = keys.into_iter().next();
            Ok(pressed.is_some())
        });
        there.with_context(|| self.told())?;
        self.does("press", &pressed.context("a button")?)
    }

    /// Waits until a message says this, and returns it.
    ///
    /// # Errors
    /// Where none does in time.
    pub fn sees(&self, fragment: &str) -> Result<Value> {
        let mut found = Value::Null;
        let seen = until(&format!("«{fragment}» in Telegram"), || {
            let messages = self.messages()?;
            let says = |message: &&Value| {
                message["bot"] == true && message["text"].as_str().is_some_and(|text| text.contains(fragment))
            };
            found = messages.iter().rev().find(says).cloned().unwrap_or_default();
            Ok(!found.is_null())
        });
        seen.with_context(|| self.told())?;
        Ok(found)
    }

    fn told(&self) -> String {
        let texts = |message: &Value| format!("{}: {}\n", message["from"], message["text"]);
        self.messages().map(|messages| messages.iter().map(texts).collect()).unwrap_or_default()
    }

    fn messages(&self) -> Result<Vec<Value>> {
        let url = format!("{}/play/state?user={}", self.url, self.user);
        let state: Value = self.agent.get(&url).call()?.body_mut().read_json()?;
        let chats = state["chats"].as_array().context("chats")?;
        let own = chats.iter().find(|chat| chat["private"] == true).context("their chat with the bot")?;
        Ok(own["messages"].as_array().cloned().unwrap_or_default())
    }

    fn does(&self, verb: &str, given: &Value) -> Result<()> {
        self.post(&format!("users/{}/{verb}", self.user), given).map(drop)
    }

    fn post(&self, path: &str, given: &Value) -> Result<Value> {
        let mut answer = self.agent.post(format!("{}/play/{path}", self.url)).send_json(given)?;
        let told: Value = answer.body_mut().read_json()?;
        ensure!(answer.status() == 200, "{path}: {told}");
        Ok(told["result"].clone())
    }
}
