//! What the command line can ask for, done: by the running cloud, or, where none runs, by the command itself.
//!
//! What must never be here: a rule; what a command line prints.

use std::fmt;
use std::sync::Arc;

use dwellers_link::device::PublicKey;

use super::{Answer, HubStatus, Listed, Request};
use crate::clock::{entropy, now, random};
use crate::communities::{Communities, Community};
use crate::downlink::Downlink;

/// What operations work on. Clones are the same.
#[derive(Clone)]
pub struct Operations {
    /// The communities.
    pub communities: Arc<Communities>,
    /// Where hubs come to: `https://cloud.example`.
    pub address: String,
    /// The hubs that are connected; nothing where the cloud does not run.
    pub downlink: Option<Downlink>,
}

/// Why something was not done, in words for the one who asked.
type Refused = String;

impl Operations {
    /// Does what is asked. Blocks.
    pub fn perform(&self, request: Request) -> Answer {
        let done = match request {
            Request::CommunityCreate { name } => self.create(&name),
            Request::CommunityList => self.list(),
            Request::CommunityClose { community } => self.close(&community),
            Request::HubInvite { community, label, replace } => self.invite_hub(&community, &label, replace),
            Request::HubList { community } => self.hubs(&community).map(Answer::Hubs),
            Request::HubRevoke { community, hub } => self.revoke(&community, &hub),
        };
        done.unwrap_or_else(Answer::Refused)
    }

    fn open(&self, community: &str) -> Result<Arc<Community>, Refused> {
        let id = said(self.communities.registry().find(community))?.id;
        said(self.communities.open(id, now()))
    }

    fn create(&self, name: &str) -> Result<Answer, Refused> {
        let made = said(self.communities.create(name, now(), entropy))?;
        Ok(Answer::Communities(vec![Listed { id: made.id, name: made.name.clone(), closed: false }]))
    }

    fn list(&self) -> Result<Answer, Refused> {
        let all = said(self.communities.registry().all())?;
        let listed = all.into_iter().map(|listing| Listed {
            id: listing.id,
            name: listing.value.name,
            closed: listing.value.closed,
        });
        Ok(Answer::Communities(listed.collect()))
    }

    fn close(&self, community: &str) -> Result<Answer, Refused> {
        let id = said(self.communities.registry().find(community))?.id;
        let name = said(self.communities.close(community, now()))?;
        if let Some(downlink) = &self.downlink {
            downlink.cut_off(id);
        }
        Ok(Answer::Done(format!("{name} is closed; its data stay")))
    }

    fn revoke(&self, community: &str, hub: &str) -> Result<Answer, Refused> {
        let device = said(self.open(community)?.revoke_hub(hub, entropy, now()))?;
        Ok(Answer::Done(format!("{}: nothing that it writes from now on is taken", device.label)))
    }

    fn invite_hub(&self, community: &str, label: &str, replace: bool) -> Result<Answer, Refused> {
        let id = said(self.communities.registry().find(community))?.id;
        let code = said(self.communities.invite_hub(id, label, replace, random(), entropy, now()))?;
        Ok(Answer::Code { address: self.address.clone(), code: code.to_string() })
    }

    fn hubs(&self, community: &str) -> Result<Vec<HubStatus>, Refused> {
        let devices = said(self.open(community)?.devices())?;
        let status = |device: crate::hubs::Device| HubStatus {
            fingerprint: PublicKey::parse(&device.key).map(|key| key.fingerprint()).unwrap_or_default(),
            label: device.label,
            enrolled_ms: device.enrolled_ms,
            revoked_ms: device.revoked_ms,
        };
        Ok(devices.into_iter().map(|device| status(device.value)).collect())
    }
}

fn said<T, E: fmt::Display>(result: Result<T, E>) -> Result<T, Refused> {
    result.map_err(|why| why.to_string())
}

impl fmt::Debug for Operations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Operations").field("address", &self.address).finish_non_exhaustive()
    }
}
