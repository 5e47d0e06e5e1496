//! A bot that speaks plain HTTP.

use std::time::Duration;

use dwellers_telegram::Double;
use serde_json::{Value, json};

/// Speaks to a double.
#[derive(Clone)]
pub(crate) struct Bot {
    pub(crate) url: String,
    pub(crate) token: String,
}

/// One part of a form.
pub(crate) enum Part<'a> {
    Text(&'a str, &'a str),
    File(&'a str, &'a str, &'a [u8]),
}

/// Smaller than any real picture, and by its first bytes one.
pub(crate) const JPEG: &[u8] = b"\xff\xd8\xff\xe0a picture";

pub(crate) fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(20)))
        .build()
        .into()
}

impl Bot {
    pub(crate) fn of(telegram: &Double) -> Self {
        Self { url: telegram.url(), token: telegram.token().to_owned() }
    }

    fn address(&self, method: &str) -> String {
        format!("{}/bot{}/{method}", self.url, self.token)
    }

    /// Calls a method with JSON: status and body.
    pub(crate) async fn call(&self, method: &str, arguments: Value) -> (u16, Value) {
        self.try_call(method, arguments).await.unwrap()
    }

    /// The same, where there may be no answer, or one that is no JSON.
    pub(crate) async fn try_call(&self, method: &str, arguments: Value) -> Result<(u16, Value), String> {
        let address = self.address(method);
        blocking(move || {
            let mut response =
                agent().post(&address).send_json(arguments).map_err(|error| error.to_string())?;
            let status = response.status().as_u16();
            let text = response.body_mut().read_to_string().map_err(|error| error.to_string())?;
            Ok((status, serde_json::from_str(&text).map_err(|error| format!("{status} {error}: {text}"))?))
        })
        .await
    }

    /// Calls a method that must do what it says.
    pub(crate) async fn ok(&self, method: &str, arguments: Value) -> Value {
        let (status, answer) = self.call(method, arguments).await;
        assert_eq!(status, 200, "{method}: {answer}");
        answer["result"].clone()
    }

    /// Calls a method that must be refused: the code and the words.
    pub(crate) async fn refused(&self, method: &str, arguments: Value) -> (u16, String) {
        let (status, answer) = self.call(method, arguments).await;
        assert_eq!(answer["ok"], false, "{method}: {answer}");
        assert_eq!(answer["error_code"], status);
        (status, answer["description"].as_str().unwrap().to_owned())
    }

    /// Calls a method with a form that may have files.
    pub(crate) async fn form(&self, method: &str, parts: &[Part<'_>]) -> (u16, Value) {
        let mut body = Vec::new();
        for part in parts {
            body.extend(b"--edge\r\nContent-Disposition: form-data; name=\"");
            match part {
                Part::Text(name, text) => {
                    body.extend(format!("{name}\"\r\n\r\n{text}\r\n").bytes());
                }
                Part::File(name, file, bytes) => {
                    body.extend(format!("{name}\"; filename=\"{file}\"\r\n").bytes());
                    body.extend(b"Content-Type: application/octet-stream\r\n\r\n");
                    body.extend(*bytes);
                    body.extend(b"\r\n");
                }
            }
        }
        body.extend(b"--edge--\r\n");
        self.body(method, "multipart/form-data; boundary=edge", body).await
    }

    /// Calls a method with any body.
    pub(crate) async fn body(&self, method: &str, kind: &'static str, body: Vec<u8>) -> (u16, Value) {
        let address = self.address(method);
        blocking(move || {
            let mut response = agent().post(&address).content_type(kind).send(&body).unwrap();
            (response.status().as_u16(), response.body_mut().read_json().unwrap())
        })
        .await
    }

    /// Gets an address of the double: status and bytes.
    pub(crate) async fn get(&self, path: &str) -> (u16, Vec<u8>) {
        let address = format!("{}{path}", self.url);
        blocking(move || {
            let mut response = agent().get(&address).call().unwrap();
            (response.status().as_u16(), response.body_mut().read_to_vec().unwrap())
        })
        .await
    }

    /// What happened, confirmed at once; waits for it.
    pub(crate) async fn updates(&self) -> Vec<Value> {
        let kinds = [
            "message",
            "edited_message",
            "callback_query",
            "inline_query",
            "chosen_inline_result",
            "my_chat_member",
            "chat_member",
            "chat_join_request",
        ];
        let updates = self.ok("getUpdates", json!({"timeout": 5, "allowed_updates": kinds})).await;
        let updates = updates.as_array().unwrap().clone();
        if let Some(last) = updates.last() {
            let next = last["update_id"].as_i64().unwrap() + 1;
            self.ok("getUpdates", json!({"offset": next, "limit": 1})).await;
        }
        updates
    }

    /// The one update of this kind among those that happened.
    pub(crate) async fn update(&self, kind: &str) -> Value {
        let updates = self.updates().await;
        let mut of_kind = updates.iter().filter_map(|update| update.get(kind));
        let found = of_kind.next().unwrap_or_else(|| panic!("no {kind} in {updates:#?}")).clone();
        assert!(of_kind.next().is_none(), "more than one {kind} in {updates:#?}");
        found
    }

    /// Sends a text, and says the message's id.
    pub(crate) async fn says(&self, chat: i64, text: &str) -> i64 {
        self.ok("sendMessage", json!({"chat_id": chat, "text": text})).await["message_id"].as_i64().unwrap()
    }
}

pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.unwrap()
}

/// What was found fault with, one line each.
pub(crate) fn violations(telegram: &Double) -> Vec<String> {
    telegram.violations().iter().map(ToString::to_string).collect()
}
