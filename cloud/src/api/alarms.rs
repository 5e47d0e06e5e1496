//! Alarms: what is wrong with the machines, for those who can see to it.

use dwellers::alarms::{self, Kind};
use dwellers::people::Permission;
use dwellers_replica::{Open, RecordId};
use serde::Serialize;
use utoipa::ToSchema;

use super::call::{Call, Member, done, json};
use super::table::{Answer, Table};

pub(super) fn routes(to: &mut Table) {
    to.may::<__path_list, _, _>(&[Permission::ManageCommunity], list);
    to.may::<__path_acknowledge, _, _>(&[Permission::ManageCommunity], acknowledge);
}

/// An alarm.
#[derive(Serialize, ToSchema)]
#[schema(as = Alarm)]
struct AlarmDocument {
    id: RecordId,
    kind: Open<Kind>,
    /// What is wrong, in words.
    text: String,
    /// With what; empty for the cloud itself.
    name: String,
    /// Particulars, in English: for whoever looks into it.
    words: String,
    /// In milliseconds since 1970.
    at_ms: u64,
    /// Whether it ends by itself when the cause is put right; the others end when somebody has seen them.
    lasts: bool,
}

/// Those that stand, the newest first.
#[derive(Serialize, ToSchema)]
struct Alarms {
    alarms: Vec<AlarmDocument>,
}

/// The alarms that stand
#[utoipa::path(get, path = "/api/v1/communities/{community}/alarms", tag = "alarms",
    operation_id = "alarms.list", params(("community" = RecordId, Path)),
    responses((status = 200, body = Alarms)))]
async fn list(call: Call, member: Member) -> Answer {
    let alarms = member.read(&call, move |look| {
        let shown = alarms::standing(look.view)?.into_iter().map(|alarm| AlarmDocument {
            id: alarm.id,
            text: look.texts.say_open(&alarm.value.kind),
            lasts: alarm.value.kind.known().is_some_and(|kind| kind.is_state()),
            kind: alarm.value.kind,
            name: alarm.value.name,
            words: alarm.value.words,
            at_ms: alarm.value.at_ms,
        });
        Ok(Alarms { alarms: shown.collect() })
    });
    json(&alarms.await?)
}

/// Say that I have seen an alarm of something that happened; it ends
#[utoipa::path(post, path = "/api/v1/communities/{community}/alarms/{alarm}/acknowledge", tag = "alarms",
    operation_id = "alarms.acknowledge", params(("community" = RecordId, Path), ("alarm" = RecordId, Path)),
    responses((status = 204, description = "It stands no more")))]
async fn acknowledge(call: Call, member: Member) -> Answer {
    let alarm = call.id("alarm")?;
    let seen = member.write(&call, move |act| {
        let actor = act.actor();
        let writes = alarms::acknowledge(&mut act.ctx, &actor, alarm)?;
        act.concerns_record(alarm);
        Ok(((), writes))
    });
    seen.await?;
    done()
}
