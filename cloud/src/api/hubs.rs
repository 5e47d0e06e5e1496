//! A community's hubs: how they are, codes for new ones, and how one ceases to be one.

use dwellers::Denied;
use dwellers::people::Permission;
use dwellers_link::device::PublicKey;
use dwellers_link::enrolment::LASTS_MS;
use dwellers_replica::{Entry, RecordId, Writes};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Api;
use super::call::{Call, Member, created, done, json};
use super::problem::Problem;
use super::table::{Answer, Table};
use crate::clock;
use crate::downlink::Connection;
use crate::hubs::{Device, HubError};

pub(super) fn routes(to: &mut Table) {
    to.may::<__path_list, _, _>(&[Permission::ManageCommunity], list);
    to.may::<__path_invite, _, _>(&[Permission::ManageCommunity], invite);
    to.may::<__path_revoke, _, _>(&[Permission::ManageCommunity], revoke);
}

/// A device that is, or was, a hub.
#[derive(Serialize, ToSchema)]
#[schema(as = Hub)]
struct HubDocument {
    id: RecordId,
    /// What people call it.
    label: String,
    /// Of its key: people compare it on both sides.
    fingerprint: String,
    /// In milliseconds since 1970.
    enrolled_ms: u64,
    /// In milliseconds since 1970; nothing: it is one.
    revoked_ms: Option<u64>,
    /// When it was last connected, in milliseconds since 1970; nothing: never, or it is now.
    seen_ms: Option<u64>,
    /// How it is; nothing where it is not connected.
    connection: Option<HubConnection>,
}

/// How a hub is that is connected.
#[derive(Serialize, ToSchema)]
struct HubConnection {
    /// In milliseconds since 1970.
    since_ms: u64,
    /// Its program and version.
    software: String,
    /// By how much its clock is ahead, in milliseconds; nothing where it has not said yet.
    clock_ahead_ms: Option<i64>,
    /// Whether anything vouches for its clock.
    is_clock_trusted: Option<bool>,
    /// Whether it has all that the cloud has, on its disk.
    is_in_step: bool,
}

#[derive(Serialize, ToSchema)]
struct Hubs {
    hubs: Vec<HubDocument>,
}

/// A hub to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewHub {
    /// What it is to be called.
    label: String,
    /// It takes the place of the one that is called so, which is revoked when it comes.
    #[serde(default)]
    replaces: bool,
}

/// A code that is typed at the gatehouse. It is shown once, and ends the one before.
#[derive(Serialize, Deserialize, ToSchema)]
struct HubCode {
    code: String,
    /// Until when it is good, in milliseconds since 1970.
    until_ms: u64,
}

impl From<HubError> for Problem {
    fn from(error: HubError) -> Self {
        match error {
            HubError::Unknown(_) => Denied::NotFound("hub").into(),
            HubError::Taken(_) => Problem::invalid("label", "taken"),
            HubError::Label => Problem::invalid("label", "hub-label"),
            HubError::Community(why) => (*why).into(),
            HubError::Commit(why) => why.into(),
            HubError::Read(why) => why.into(),
            HubError::Store(why) => why.into(),
            // Only who enrols is told these.
            HubError::Code | HubError::Known | HubError::Revoked | HubError::Other => Problem::not_found(),
        }
    }
}

impl HubDocument {
    fn of(api: &Api, community: RecordId, device: Entry<Device>) -> HubDocument {
        let key = PublicKey::parse(&device.value.key);
        let connection = key.and_then(|key| api.0.downlink.connection(community, key));
        let connection = connection.map(|Connection { since_ms, software, clock, in_step }| HubConnection {
            since_ms,
            software,
            clock_ahead_ms: clock.map(|(ahead_ms, _)| ahead_ms),
            is_clock_trusted: clock.map(|(_, is_trusted)| is_trusted),
            is_in_step: in_step,
        });
        let known = |ms: u64| Some(ms).filter(|ms| *ms > 0);
        HubDocument {
            id: device.id,
            fingerprint: key.map(|key| key.fingerprint()).unwrap_or_default(),
            enrolled_ms: device.value.enrolled_ms,
            revoked_ms: known(device.value.revoked_ms),
            seen_ms: known(device.value.seen_ms).filter(|_| connection.is_none()),
            connection,
            label: device.value.label,
        }
    }
}

/// The hubs
#[utoipa::path(get, path = "/api/v1/communities/{community}/hubs", tag = "hubs", operation_id = "hubs.list",
    params(("community" = RecordId, Path)), responses((status = 200, body = Hubs)))]
async fn list(call: Call, member: Member) -> Answer {
    let (api, community) = (call.api.clone(), member.community);
    let hubs = move || {
        let devices = community.devices()?.into_iter();
        let hubs = devices.map(|device| HubDocument::of(&api, community.id, device)).collect();
        Ok::<_, Problem>(Hubs { hubs })
    };
    json(&call.api.blocking(hubs).await??)
}

/// A code for a new hub, or for one in the place of another
#[utoipa::path(post, path = "/api/v1/communities/{community}/hubs", tag = "hubs", operation_id = "hubs.invite",
    params(("community" = RecordId, Path)), request_body = NewHub, responses((status = 201, body = HubCode)))]
async fn invite(call: Call, member: Member) -> Answer {
    let NewHub { label, replaces } = call.body()?;
    let (api, community, now) = (call.api.clone(), member.community.id, call.now());
    let invite = move || {
        let communities = &api.0.communities;
        communities.invite_hub(community, &label, replaces, clock::random(), clock::entropy, now)
    };
    let code = call.api.blocking(invite).await??.to_string();
    // Before it is shown: a code that nobody saw lets nobody in.
    record(&call, &member, None).await?;
    created(&HubCode { code, until_ms: now.ms.saturating_add(LASTS_MS) })
}

/// Revoke a hub: it was stolen, or is used no more; it never connects again
#[utoipa::path(delete, path = "/api/v1/communities/{community}/hubs/{hub}", tag = "hubs",
    operation_id = "hubs.revoke", params(("community" = RecordId, Path), ("hub" = RecordId, Path)),
    responses((status = 204, description = "It is none any more")))]
async fn revoke(call: Call, member: Member) -> Answer {
    let (hub, now, community) = (call.id("hub")?, call.now(), member.community.clone());
    let devices = member.community.clone();
    let known = move || {
        let device = devices.devices()?.into_iter().find(|device| device.id == hub);
        let device = device.ok_or_else(Problem::not_found)?.value;
        if device.revoked_ms > 0 {
            return Err(Denied::Ended("hub").into());
        }
        PublicKey::parse(&device.key).ok_or_else(Problem::not_found)
    };
    let key = call.api.blocking(known).await??;
    // Before it is done: nobody revokes a hub unseen.
    record(&call, &member, Some(hub)).await?;
    call.api.blocking(move || community.revoke_hub(&key.fingerprint(), clock::entropy, now)).await??;
    done()
}

/// Writes down what was done, which has a store of its own.
async fn record(call: &Call, member: &Member, hub: Option<RecordId>) -> Result<(), Problem> {
    let recorded = member.write_secret(call, move |act| {
        hub.into_iter().for_each(|hub| act.concerns_record(hub));
        Ok(((), Writes::new()))
    });
    recorded.await
}
