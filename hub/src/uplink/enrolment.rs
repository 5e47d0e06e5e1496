//! `dwellers-hub enroll URL CODE`: the hub becomes one of a community.
//!
//! What must never be here: the secret half of the key on its way anywhere.

use std::time::Duration;

use dwellers_link::device::PublicKey;
use dwellers_link::enrolment::{Enrolled, Problem, Request};
use dwellers_replica::{RecordId, ReplicaId};

use super::Cloud;

const PATIENCE: Duration = Duration::from_secs(20);

/// A cloud's address: `https://cloud.example`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Scheme, host and port.
    pub url: String,
}

impl Address {
    /// As the operator was shown it. Plain HTTP is for this machine alone: a code and a name go over it.
    ///
    /// # Errors
    /// It is none, and what is wrong.
    pub fn parse(text: &str) -> Result<Address, String> {
        let url = text.trim().trim_end_matches('/');
        let wrong = || "an address as `dwellers-cloud hub invite` shows it: https://HOST".to_owned();
        let (scheme, host) = url.split_once("://").ok_or_else(wrong)?;
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        let is_local = matches!(name, "127.0.0.1" | "localhost" | "[::1]");
        if host.is_empty() || host.contains(['/', '@', '?', '#']) {
            return Err(wrong());
        }
        match scheme {
            "https" => {}
            "http" if is_local => {}
            "http" => return Err("over a network a hub speaks HTTPS only: https://…".to_owned()),
            _ => return Err(wrong()),
        }
        Ok(Address { url: url.to_owned() })
    }

    /// Brings the code and the public key to the cloud; `community` is that whose hub this is already. Blocks.
    ///
    /// # Errors
    /// The cloud cannot be reached, or refuses, in words for people.
    pub fn enrol(
        &self,
        code: &str,
        key: PublicKey,
        replica: ReplicaId,
        community: Option<RecordId>,
    ) -> Result<(Cloud, Enrolled), String> {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            .build()
            .into();
        let body = Request { code: code.to_owned(), key: key.text(), replica, community };
        let url = format!("{}/link/enrol", self.url);
        let mut answer = agent.post(&url).send_json(&body).map_err(|why| format!("{}: {why}", self.url))?;
        let unclear = |why: ureq::Error| format!("{}: it answers something else: {why}", self.url);
        if answer.status() != 201 {
            let problem: Problem = answer.body_mut().read_json().map_err(unclear)?;
            return Err(problem.why);
        }
        let enrolled: Enrolled = answer.body_mut().read_json().map_err(unclear)?;
        if enrolled.fingerprint != key.fingerprint() {
            return Err("the cloud has another key than this hub sent: somebody is between".to_owned());
        }
        let (url, name) = (self.url.clone(), enrolled.name.clone());
        let cloud = Cloud { url, community: enrolled.community, name, learned_as: None };
        Ok((cloud, enrolled))
    }
}
