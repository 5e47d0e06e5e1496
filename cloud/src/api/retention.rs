//! How long what is kept, and what was destroyed.

use std::collections::BTreeMap;

use dwellers::people::Permission;
use dwellers::privacy;
use dwellers::retention::{self, DAY_MS, Retention, Sweep};
use dwellers_replica::{Cursor, Direction, Query, RecordId};
use serde::Serialize;
use utoipa::ToSchema;

use super::audit::Page;
use super::call::{Call, Member, etag, json, tagged};
use super::privacy::ErasureDocument;
use super::problem::Problem;
use super::table::{Answer, Table};

/// Runs of one answer.
const PAGE: usize = 100;
/// Erased people are shown so long.
const SHOWN_MS: u64 = 400 * DAY_MS;

pub(super) fn routes(to: &mut Table) {
    to.may::<__path_show, _, _>(&[Permission::ManageCommunity], show);
    to.may::<__path_set, _, _>(&[Permission::ManageCommunity], set);
    to.may::<__path_sweeps, _, _>(&[Permission::ManageCommunity], sweeps);
    to.may::<__path_erasures, _, _>(&[Permission::ManageCommunity], erasures);
}

/// What a machine destroyed in one run.
#[derive(Serialize, ToSchema)]
#[schema(as = Sweep)]
struct SweepDocument {
    id: RecordId,
    /// Which machine: this cloud, or a hub.
    replica: RecordId,
    /// When, in milliseconds since 1970.
    at_ms: u64,
    /// How many of which class: `pictures`, `journal`, `passes`, `questions`, `alarms`, `applications`, `audit`,
    /// `requests`, `notifications`, `visits` (of houses that want none kept), `erased` (of people who asked for it).
    destroyed: BTreeMap<String, u64>,
}

#[derive(Serialize, ToSchema)]
struct Sweeps {
    sweeps: Vec<SweepDocument>,
    /// Where the next page begins; nothing on the last.
    next: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct Erasures {
    erasures: Vec<ErasureDocument>,
}

/// How long what is kept
#[utoipa::path(get, path = "/api/v1/communities/{community}/retention", tag = "retention",
    operation_id = "retention.show", params(("community" = RecordId, Path)),
    responses((status = 200, body = Retention, headers(("ETag" = String))), (status = 304, description = "As it is known")))]
async fn show(call: Call, member: Member) -> Answer {
    let (tag, kept) = member
        .read(&call, |look| {
            let set = look.view.of::<Retention>().get(Retention::ID)?;
            let tag = set.as_ref().map_or_else(|| "\"unset\"".to_owned(), etag);
            Ok((tag, retention::retention(look.view)?))
        })
        .await?;
    tagged(&call, &tag, &kept)
}

/// Set how long what is kept; what is older is destroyed within a day, here and at the gates
#[utoipa::path(put, path = "/api/v1/communities/{community}/retention", tag = "retention",
    operation_id = "retention.set", params(("community" = RecordId, Path), ("If-Match" = Option<String>, Header)),
    request_body = Retention, responses((status = 200, body = Retention)))]
async fn set(call: Call, member: Member) -> Answer {
    let if_match = call.if_match();
    let wanted: Retention = call.body()?;
    let set = member.write(&call, move |act| {
        let before = act.ctx.view.of::<Retention>().get(Retention::ID)?;
        match (&before, if_match.as_deref()) {
            (Some(before), tag) => act.as_known(tag, before)?,
            (None, Some(tag)) if tag != "\"unset\"" => return Err(Problem::precondition_failed()),
            (None, _) => {}
        }
        act.concerns_everybody();
        let actor = act.actor();
        let writes = retention::set(&mut act.ctx, &actor, &wanted)?;
        Ok((wanted.clone(), writes))
    });
    json(&set.await?)
}

/// What was destroyed because its time was over or somebody wanted it
#[utoipa::path(get, path = "/api/v1/communities/{community}/retention/sweeps", tag = "retention",
    operation_id = "retention.sweeps", params(("community" = RecordId, Path), Page),
    responses((status = 200, body = Sweeps)))]
async fn sweeps(call: Call, member: Member) -> Answer {
    let Page { after } = call.query()?;
    let after = after.map(|after| after.parse::<Cursor>()).transpose();
    let after = after.map_err(|_| Problem::invalid("after", "unknown"))?;
    let page = member.read(&call, move |look| {
        let newest = Query::on("time").direction(Direction::Descending).after(after).limit(PAGE);
        let page = look.view.of::<Sweep>().find(&newest)?;
        let sweeps = page.entries.into_iter().map(|sweep| {
            let Sweep { replica, at_ms, destroyed } = sweep.value;
            SweepDocument { id: sweep.id, replica, at_ms, destroyed }
        });
        Ok(Sweeps { sweeps: sweeps.collect(), next: page.next.map(|next| next.to_string()) })
    });
    json(&page.await?)
}

/// Who was erased, or is being erased
#[utoipa::path(get, path = "/api/v1/communities/{community}/retention/erasures", tag = "retention",
    operation_id = "retention.erasures", params(("community" = RecordId, Path)),
    responses((status = 200, body = Erasures)))]
async fn erasures(call: Call, member: Member) -> Answer {
    let since_ms = call.now().ms.saturating_sub(SHOWN_MS);
    let erasures = member.read(&call, move |look| {
        let mut requests = privacy::requests(look.view, since_ms)?;
        requests.reverse();
        Ok(Erasures {
            erasures: requests.iter().map(|request| ErasureDocument::of(&request.value)).collect(),
        })
    });
    json(&erasures.await?)
}
