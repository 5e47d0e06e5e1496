//! Updates brought to the bot, where it asked for that: one after another, each until the bot has taken it.
//!
//! Invariants: an update is confirmed by a status of success alone; what fails is tried again, a little later each time.
//! What must never be here: TLS. The double brings updates to this machine only.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::Request;
use hyper::header::{CONTENT_TYPE, HOST};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

use crate::arguments::Arguments;
use crate::double::Shared;
use crate::server::execute;
use crate::world::Webhook;

const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// How long the bot may think over one update.
const PATIENCE: Duration = Duration::from_secs(60);
const MAX_ANSWER_BYTES: usize = 1 << 20;

/// Brings updates until its task is ended.
pub(crate) async fn bring(shared: Arc<Shared>) {
    let mut changed = shared.changed.subscribe();
    let mut pause = FIRST_PAUSE;
    loop {
        changed.borrow_and_update();
        let next = shared.look(|world| {
            let webhook = world.updates.webhook.clone()?;
            Some((webhook, world.updates.first(1).pop()?))
        });
        let Some((webhook, update)) = next else {
            if changed.changed().await.is_err() {
                return;
            }
            continue;
        };
        shared.check_updates([&update]);
        let outage = shared.outage.borrow().is_some();
        let brought =
            if outage { Err("the network is down".to_owned()) } else { post(&webhook, &update).await };
        match brought {
            Ok(answer) => {
                pause = FIRST_PAUSE;
                let id = update["update_id"].as_i64().unwrap_or_default();
                shared.change(|world| world.updates.confirm(id + 1));
                call_back(&shared, answer);
            }
            Err(error) => {
                shared.look(|world| {
                    let now = world.now;
                    if let Some(webhook) = &mut world.updates.webhook {
                        webhook.last_error = Some((now, error));
                    }
                });
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        }
    }
}

async fn post(webhook: &Webhook, update: &Value) -> Result<Bytes, String> {
    let url = url::Url::parse(&webhook.url).map_err(|error| error.to_string())?;
    let host = url.host_str().unwrap_or("127.0.0.1").to_owned();
    let port = url.port_or_known_default().unwrap_or(80);
    let mut request = Request::post(&url[url::Position::BeforePath..url::Position::AfterQuery])
        .header(HOST, format!("{host}:{port}"))
        .header(CONTENT_TYPE, "application/json");
    if let Some(secret) = &webhook.secret {
        request = request.header("X-Telegram-Bot-Api-Secret-Token", secret);
    }
    let request =
        request.body(Full::new(Bytes::from(update.to_string()))).map_err(|error| error.to_string())?;
    let exchange = async {
        let stream = TcpStream::connect((host.as_str(), port)).await.map_err(|error| error.to_string())?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|error| error.to_string())?;
        let asked = async {
            let response = sender.send_request(request).await.map_err(|error| error.to_string())?;
            if !response.status().is_success() {
                return Err(format!("Wrong response from the webhook: {}", response.status()));
            }
            let body = Limited::new(response.into_body(), MAX_ANSWER_BYTES).collect().await;
            body.map(http_body_util::Collected::to_bytes).map_err(|error| error.to_string())
        };
        tokio::pin!(asked);
        tokio::select! {
            answer = &mut asked => answer,
            ended = connection => {
                // The end of the connection may be seen before its last words.
                if ended.is_ok() { asked.await } else { Err("Connection closed".to_owned()) }
            }
        }
    };
    tokio::time::timeout(PATIENCE, exchange).await.map_err(|_| "Connection timed out".to_owned())?
}

/// "You can perform a request to the Bot API while sending an answer to the webhook."
fn call_back(shared: &Shared, answer: Bytes) {
    let Ok(Value::Object(mut fields)) = serde_json::from_slice(&answer) else {
        return;
    };
    if let Some(Value::String(method)) = fields.remove("method") {
        // What becomes of it is not told, as in Telegram; a fault is remembered all the same.
        let _ = execute(shared, &method, &Arguments { fields, ..Arguments::default() });
    }
}
