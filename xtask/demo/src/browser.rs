//! Somebody with a browser, as a program: the cloud's API, with a session or without.
//!
//! Each comes from an address of their own, as through a proxy on this machine: how often one address may try is then left to
//! whoever comes by hand.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use dwellers_replica::RecordId;
use serde_json::{Value, json};
use ureq::Agent;

use crate::stage::until;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A browser in which somebody is signed in.
#[derive(Clone)]
pub struct Browser {
    agent: Agent,
    cloud: SocketAddr,
    cookie: String,
    community: RecordId,
    /// From which address.
    from: String,
}

const FROM: &str = "x-forwarded-for";
/// Where those who are signed in come from (RFC 5737: addresses for examples).
const SETTLEMENT: &str = "198.51.100.1";

/// Why the cloud did not do it: its code.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Refused(pub String);

impl Refused {
    /// Whether it was for this reason.
    pub fn is(why: &anyhow::Error, code: &str) -> bool {
        why.downcast_ref::<Refused>().is_some_and(|refused| refused.0 == code)
    }
}

impl Browser {
    /// With the cookie of a session.
    pub fn new(cloud: SocketAddr, community: RecordId, cookie: String) -> Browser {
        let config =
            Agent::config_builder().http_status_as_error(false).timeout_global(Some(PATIENCE)).build();
        let (agent, from) = (Agent::new_with_config(config), SETTLEMENT.to_owned());
        Browser { agent, cloud, cookie, community, from }
    }

    /// Somebody who is nobody there yet: the how manyth.
    pub fn stranger(cloud: SocketAddr, community: RecordId, nth: u16) -> Browser {
        // Of a network of their own each (RFC 2544: addresses for measurements).
        let [high, low] = nth.to_be_bytes();
        let from = format!("198.{}.{low}.1", 18 + high % 2);
        Browser { from, ..Browser::new(cloud, community, String::new()) }
    }

    /// By the link that somebody was given.
    ///
    /// # Errors
    /// Where it is none.
    pub fn by_link(cloud: SocketAddr, community: RecordId, link: &str) -> Result<Browser> {
        // Its agent keeps the cookie besides: of two of a name neither counts.
        let stranger = Browser::new(cloud, community, String::new());
        let token = link.trim().rsplit('/').next().unwrap_or_default();
        let url = format!("http://{cloud}/api/v1/session/link");
        let mut answer =
            stranger.agent.post(url).header(FROM, &stranger.from).send_json(json!({ "token": token }))?;
        let set = answer.headers().get("set-cookie").and_then(|cookie| cookie.to_str().ok());
        let cookie = set.and_then(|cookie| cookie.split(';').next()).map(str::to_owned);
        let said: Value = answer.body_mut().read_json()?;
        let cookie = cookie.with_context(|| format!("no session: {said}"))?;
        Ok(Browser::new(cloud, community, cookie))
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}/api/v1/communities/{}{path}", self.cloud, self.community)
    }

    /// What a path of the community shows.
    ///
    /// # Errors
    /// Where it answers with a problem.
    pub fn get(&self, path: &str) -> Result<Value> {
        let mut answer =
            self.agent.get(self.url(path)).header("cookie", &self.cookie).header(FROM, &self.from).call()?;
        said(answer.status().as_u16(), answer.body_mut().read_json()?)
    }

    /// Does something.
    ///
    /// # Errors
    /// Where it answers with a problem.
    pub fn post(&self, path: &str, body: &Value) -> Result<Value> {
        let mut answer = self
            .agent
            .post(self.url(path))
            .header("cookie", &self.cookie)
            .header(FROM, &self.from)
            .send_json(body)?;
        said(answer.status().as_u16(), answer.body_mut().read_json().unwrap_or(Value::Null))
    }

    /// Sends a JPEG.
    ///
    /// # Errors
    /// Where it is not taken.
    pub fn send_picture(&self, path: &str, jpeg: &[u8]) -> Result<Value> {
        let request = self.agent.post(self.url(path)).header("cookie", &self.cookie).header(FROM, &self.from);
        let mut answer = request.content_type("image/jpeg").send(jpeg)?;
        said(answer.status().as_u16(), answer.body_mut().read_json().unwrap_or(Value::Null))
    }

    /// Issues a pass for one entry of a guest, today.
    ///
    /// # Errors
    /// Where it is not issued.
    pub fn issue(&self, house: RecordId, plate: &str) -> Result<RecordId> {
        let pass = json!({ "kind": "guest", "plate": plate, "minutes": 360 });
        let issued = self.post(&format!("/houses/{house}/passes"), &pass)?;
        Ok(issued["id"].as_str().context("its id")?.parse()?)
    }

    /// Takes a pass back.
    ///
    /// # Errors
    /// Where it is not done.
    pub fn cancel(&self, pass: RecordId) -> Result<()> {
        let url = self.url(&format!("/passes/{pass}"));
        let mut answer =
            self.agent.delete(url).header("cookie", &self.cookie).header(FROM, &self.from).call()?;
        said(answer.status().as_u16(), answer.body_mut().read_json().unwrap_or(Value::Null)).map(drop)
    }

    /// Opens a gate, by its name; the opening.
    ///
    /// # Errors
    /// Where the gatehouse is not told: [`Refused`] says why.
    pub fn open(&self, name: &str) -> Result<String> {
        let gates = self.get("/gates")?;
        let gates = gates["gates"].as_array().context("gates")?;
        let gate =
            gates.iter().find(|gate| gate["name"] == name).with_context(|| format!("no gate {name}"))?;
        let id = gate["id"].as_str().context("its id")?;
        let opening = self.post(&format!("/gates/{id}/open"), &json!({}))?;
        Ok(opening["id"].as_str().context("its id")?.to_owned())
    }

    /// Opens a gate, by its name; what became of it, when nothing follows. A hub that has not handed out a challenge yet will
    /// in a moment.
    ///
    /// # Errors
    /// As [`Browser::open`].
    pub fn open_from_afar(&self, name: &str) -> Result<Value> {
        let (mut opening, mut told) = (String::new(), Value::Null);
        until("a hub that takes a command", || match self.open(name) {
            Ok(id) => {
                opening = id;
                Ok(true)
            }
            Err(why) if Refused::is(&why, "busy") => Ok(false),
            Err(why) => Err(why),
        })?;
        until("what became of it", || {
            told = self.opening(&opening)?;
            Ok(told["is_over"] == true)
        })?;
        Ok(told)
    }

    /// How far an opening is: the document.
    ///
    /// # Errors
    /// Where it answers with a problem.
    pub fn opening(&self, id: &str) -> Result<Value> {
        self.get(&format!("/openings/{id}"))
    }

    /// The newest entries of the journal.
    ///
    /// # Errors
    /// Where they are not shown.
    pub fn journal(&self) -> Result<Vec<Value>> {
        let page = self.get("/journal?limit=100")?;
        Ok(page["entries"].as_array().context("entries")?.clone())
    }

    /// Whether the picture of an entry is there, whole.
    ///
    /// # Errors
    /// Where nothing answers.
    pub fn has_picture(&self, entry: &Value) -> Result<bool> {
        let (Some(id), Some(crop)) = (entry["id"].as_str(), entry["crop"].as_str()) else { return Ok(false) };
        let url = self.url(&format!("/journal/{id}/picture"));
        let mut answer =
            self.agent.get(url).header("cookie", &self.cookie).header(FROM, &self.from).call()?;
        let bytes = answer.body_mut().read_to_vec()?;
        Ok(answer.status() == 200 && blake3::hash(&bytes).to_hex().as_str() == crop)
    }
}

fn said(status: u16, body: Value) -> Result<Value> {
    if (200..300).contains(&status) {
        return Ok(body);
    }
    ensure!(body["code"].is_string(), "{status}: {body}");
    bail!(Refused(body["code"].as_str().unwrap_or_default().to_owned()))
}
