//! The guard at the touchscreen, as a program: the kiosk's HTTP API with a session.

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use ureq::Agent;

/// A guard with a session of their own.
pub struct Guard {
    agent: Agent,
    kiosk: String,
}

impl Guard {
    /// Nobody yet.
    pub fn new(kiosk: &str) -> Self {
        let config = Agent::config_builder().http_status_as_error(false).build();
        Guard { agent: Agent::new_with_config(config), kiosk: kiosk.to_owned() }
    }

    /// Signs in with name and PIN.
    ///
    /// # Errors
    /// Where the hub does not let them.
    pub fn sign_in(&self, name: &str, pin: &str) -> Result<()> {
        let id = self.id_of(name)?;
        self.post("/api/session", json!({ "guard": id, "pin": pin })).map(drop)
    }

    /// A guard's id by the name on the sign-in screen.
    ///
    /// # Errors
    /// Where there is no such guard.
    pub fn id_of(&self, name: &str) -> Result<String> {
        let answer = self.get("/api/guards")?;
        let guards = answer.get("guards").unwrap_or(&answer).as_array().context("a list of guards")?;
        let found = guards.iter().find(|guard| guard["name"] == name);
        let id = found.and_then(|guard| guard["id"].as_str());
        Ok(id.with_context(|| format!("no guard {name}"))?.to_owned())
    }

    /// What a path shows.
    ///
    /// # Errors
    /// Where it answers with a problem.
    pub fn get(&self, path: &str) -> Result<Value> {
        let (status, body) = self.try_get(path)?;
        ensure!(status == 200, "GET {path}: {status} {body}");
        Ok(body)
    }

    /// Does something.
    ///
    /// # Errors
    /// Where it answers with a problem.
    pub fn post(&self, path: &str, body: Value) -> Result<Value> {
        let (status, body) = self.try_post(path, body)?;
        if !(200..300).contains(&status) {
            bail!("POST {path}: {status} {body}");
        }
        Ok(body)
    }

    /// Status and body, whatever they are.
    ///
    /// # Errors
    /// Where nothing answers.
    pub fn try_post(&self, path: &str, body: Value) -> Result<(u16, Value)> {
        let mut answer = self.agent.post(format!("{}{path}", self.kiosk)).send_json(body)?;
        Ok((answer.status().as_u16(), answer.body_mut().read_json().unwrap_or(Value::Null)))
    }

    fn try_get(&self, path: &str) -> Result<(u16, Value)> {
        let mut answer = self.agent.get(format!("{}{path}", self.kiosk)).call()?;
        Ok((answer.status().as_u16(), answer.body_mut().read_json().unwrap_or(Value::Null)))
    }

    /// Whether there is a picture.
    ///
    /// # Errors
    /// Where nothing answers.
    pub fn has_picture(&self, path: &str) -> Result<bool> {
        let answer = self.agent.get(format!("{}{path}", self.kiosk)).call()?;
        let kind = answer.headers().get("content-type").and_then(|kind| kind.to_str().ok());
        Ok(answer.status().as_u16() == 200 && kind == Some("image/jpeg"))
    }

    /// The newest entries of the journal, newest first.
    ///
    /// # Errors
    /// Where it is not shown.
    pub fn journal(&self) -> Result<Vec<Value>> {
        let answer = self.get("/api/journal?limit=100")?;
        Ok(answer["entries"].as_array().context("a list of entries")?.clone())
    }

    /// Who waits at the gates.
    ///
    /// # Errors
    /// Where it is not shown.
    pub fn waiting(&self) -> Result<Vec<Value>> {
        Ok(self.get("/api/state")?["waiting"].as_array().context("a list of arrivals")?.clone())
    }
}
