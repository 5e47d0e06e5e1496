//! How long what is kept, and what was destroyed.

use std::collections::BTreeMap;

use dwellers::people::Permission;
use dwellers::privacy;
use dwellers::retention::{self, DAY_MS, Retention, Sweep};
use dwellers_replica::{Cursor, Direction, Query, RecordId};
use serde::{Deserialize, Serialize};
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

/// How many days what is kept.
#[derive(Serialize, ToSchema)]
#[schema(as = Retention)]
struct RetentionDocument {
    /// As they are to be.
    days: Days,
    /// From when on what is shorter than before counts, in milliseconds since 1970; nothing where all of it does.
    shortens_ms: Option<u64>,
}

/// How many days what is to be kept; all of it.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = RetentionDays)]
#[serde(deny_unknown_fields)]
struct Days {
    /// Pictures of the gates: 1 to 90, and no longer than the journal.
    pictures_days: u32,
    /// The journal, with the passes that it tells of: 30 to 1095.
    journal_days: u32,
    /// Requests to join; one that nobody decided in that time is refused: 7 to 90.
    applications_days: u32,
    /// Questions to houses, their answers, and what people were told: 7 to 365.
    questions_days: u32,
    /// Alarms: 30 to 1095.
    alarms_days: u32,
    /// What those in office did, and what they looked at: 90 to 1825.
    audit_days: u32,
}

impl RetentionDocument {
    fn of(set: &Retention, now_ms: u64) -> RetentionDocument {
        let Retention { pictures_days, journal_days, applications_days, .. } = *set;
        let Retention { questions_days, alarms_days, audit_days, .. } = *set;
        let days =
            Days { pictures_days, journal_days, applications_days, questions_days, alarms_days, audit_days };
        RetentionDocument { days, shortens_ms: set.shortens_ms(now_ms) }
    }
}

impl Days {
    fn wanted(&self) -> Retention {
        let Days { pictures_days, journal_days, applications_days, .. } = *self;
        let Days { questions_days, alarms_days, audit_days, .. } = *self;
        Retention {
            pictures_days,
            journal_days,
            applications_days,
            questions_days,
            alarms_days,
            audit_days,
            notice: None,
        }
    }
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
    responses((status = 200, body = RetentionDocument, headers(("ETag" = String))), (status = 304, description = "As it is known")))]
async fn show(call: Call, member: Member) -> Answer {
    let (tag, kept) = member
        .read(&call, |look| {
            let set = look.view.of::<Retention>().get(Retention::ID)?;
            let tag = set.as_ref().map_or_else(|| "\"unset\"".to_owned(), etag);
            let set = set.map(|set| set.value).unwrap_or_default();
            Ok((tag, RetentionDocument::of(&set, look.now.ms)))
        })
        .await?;
    tagged(&call, &tag, &kept)
}

/// Set how long what is kept; what is older is destroyed within a day, here and at the gates
///
/// What is to be kept for a shorter time than before is kept as before for a week. All of it is set at once, by who has seen
/// what it was: `If-Match` is required.
#[utoipa::path(put, path = "/api/v1/communities/{community}/retention", tag = "retention",
    operation_id = "retention.set", params(("community" = RecordId, Path), ("If-Match" = Option<String>, Header)),
    request_body = Days, responses((status = 200, body = RetentionDocument)))]
async fn set(call: Call, member: Member) -> Answer {
    let if_match = call.if_match().ok_or_else(Problem::precondition_required)?;
    let days: Days = call.body()?;
    let wanted = days.wanted();
    let set = member.write(&call, move |act| {
        let before = act.ctx.view.of::<Retention>().get(Retention::ID)?;
        match &before {
            Some(before) => act.as_known(Some(&if_match), before)?,
            None if if_match != "\"unset\"" => return Err(Problem::precondition_failed()),
            None => {}
        }
        act.concerns_everybody();
        let actor = act.actor();
        let writes = retention::set(&mut act.ctx, &actor, &wanted)?;
        Ok(((), writes))
    });
    set.await?;
    let shown = member.read(&call, |look| {
        let set = look.view.of::<Retention>().get(Retention::ID)?.map(|set| set.value).unwrap_or_default();
        Ok(RetentionDocument::of(&set, look.now.ms))
    });
    json(&shown.await?)
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
