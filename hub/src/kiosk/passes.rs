//! Passes that a guard issues on a house's telephone call, and ends.

use dwellers::passes::{self, Expected, Pass, Request, Terms, Weekly};
use dwellers::rights;
use dwellers_replica::RecordId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::expected::Shown;
use super::problem::Problem;
use super::session::Signed;
use super::table::{Answer, Call, Table, created, done};

pub(super) fn routes(to: &mut Table) {
    to.once::<__path_issue, _, _>(issue);
    to.guards::<__path_revoke, _, _>(revoke);
}

/// What a pass is for.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[schema(as = NewPassKind)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Guest,
    Taxi,
    Courier,
    Recurring,
    Event,
}

/// A pass that a house asks for.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewPass)]
#[serde(deny_unknown_fields)]
struct New {
    house: RecordId,
    kind: Kind,
    /// In any alphabet; may be empty.
    #[serde(default)]
    plate: String,
    /// The visitor's name; may be empty.
    #[serde(default)]
    name: String,
    #[serde(default)]
    note: String,
    /// Whether the visitor gets a code.
    #[serde(default)]
    code: bool,
    /// From now on, where nothing is said.
    from_ms: Option<u64>,
    /// In milliseconds since 1970; a taxi or courier has `minutes`.
    until_ms: Option<u64>,
    /// Instead of `until_ms`.
    minutes: Option<u32>,
    /// For a recurring one.
    weekly: Option<Weekly>,
    /// For an event.
    entries: Option<u32>,
}

impl New {
    fn terms(&self, now_ms: u64) -> Result<Terms, Problem> {
        let from_ms = self.from_ms.unwrap_or(now_ms);
        let minutes = self.minutes;
        let until_ms = || {
            let by_minutes = minutes.map(|minutes| from_ms.saturating_add(u64::from(minutes) * 60_000));
            self.until_ms.or(by_minutes).ok_or(Problem::invalid("until", "empty"))
        };
        Ok(match self.kind {
            Kind::Taxi => Terms::Taxi { minutes },
            Kind::Courier => Terms::Courier { minutes },
            Kind::Guest => Terms::Guest { from_ms, until_ms: until_ms()? },
            Kind::Recurring => {
                let weekly = self.weekly.clone().ok_or(Problem::invalid("weekly", "empty"))?;
                Terms::Recurring { from_ms, until_ms: until_ms()?, weekly }
            }
            Kind::Event => {
                let entries = self.entries.ok_or(Problem::invalid("entries", "empty"))?;
                Terms::Event { from_ms, until_ms: until_ms()?, entries }
            }
        })
    }
}

/// Issue a pass on a house's telephone call
#[utoipa::path(post, path = "/api/passes", tag = "passes", operation_id = "passes.issue",
    request_body = New, responses((status = 201, body = Shown)))]
async fn issue(call: Call, guard: Signed) -> Answer {
    let new: New = call.body()?;
    let terms = new.terms(call.kiosk.now().ms)?;
    let New { house, plate, name, note, code, .. } = new;
    let actor = guard.actor();
    let issue = move |ctx: &mut dwellers::Context<'_>| {
        // The hub that the guard sits at counts the entries.
        let decider = Some(ctx.view.replica()?);
        let request = Request { house, terms, plate, name, code, note, decider };
        let issued = passes::issue_for_house(ctx, &actor, &request)?;
        Ok((issued.id, issued.writes))
    };
    let id = call.kiosk.write(issue).await?;
    let shown = call.read(move |words| {
        let pass = words.view.of::<Pass>().get(id)?.ok_or(Problem::not_found())?;
        let (house, from_ms) = (words.house(Some(pass.value.house))?, pass.value.validity.from_ms);
        Ok(Shown::new(words, Expected { pass, house, from_ms, used: 0 })?)
    });
    created(&shown.await?)
}

#[derive(Deserialize, ToSchema)]
#[schema(as = EndPass)]
#[serde(deny_unknown_fields)]
struct End {
    #[serde(default)]
    reason: String,
}

/// End a pass
#[utoipa::path(delete, path = "/api/passes/{pass}", tag = "passes", operation_id = "passes.revoke",
    params(("pass" = RecordId, Path)),
    request_body = End, responses((status = 204, description = "It has ended")))]
async fn revoke(call: Call, guard: Signed) -> Answer {
    let (End { reason }, pass, actor) = (call.body()?, call.id()?, guard.actor());
    let revoke = move |ctx: &mut dwellers::Context<'_>| {
        ctx.view.of::<Pass>().get(pass)?.ok_or(dwellers::Denied::NotFound("pass"))?;
        Ok(((), rights::revoke(ctx, &actor, pass, &reason)?))
    };
    call.kiosk.write(revoke).await?;
    done()
}
