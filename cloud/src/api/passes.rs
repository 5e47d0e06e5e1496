//! Passes: issued, looked at, cancelled, and shared with their visitors.

use dwellers::access::Verdict;
use dwellers::passes::{self, Kind, Pass, Standing, State, Terms, Validity, Weekly, Which, links};
use dwellers::people::{self, House, Permission, able_since};
use dwellers::words::{Line, Words};
use dwellers_replica::{Cursor, Entry, Open, RecordId, ReplicaId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::call::{Call, Look, Member, created, done, json};
use super::problem::Problem;
use super::second_factor::insist_on_recent_second_factor;
use super::table::{Answer, Table};
use super::vehicles::Made;
use super::{journal, visit};
use crate::clock;

/// Passes of one answer.
const PAGE: usize = 50;

pub(super) fn routes(to: &mut Table) {
    to.may::<__path_expected, _, _>(&[Permission::SeeExpected], expected);
    to.member::<__path_list, _, _>(list);
    to.may::<__path_issue, _, _>(&[Permission::IssuePass, Permission::IssueForHouse], issue);
    to.may::<__path_visitors, _, _>(&[Permission::IssuePass], visitors);
    to.member::<__path_show, _, _>(show);
    to.member::<__path_cancel, _, _>(cancel);
    to.may::<__path_share, _, _>(&[Permission::IssuePass], share);
    to.may::<__path_withdraw, _, _>(&[Permission::IssuePass], withdraw);
}

/// A pass.
#[derive(Serialize, ToSchema)]
#[schema(as = Pass)]
pub(super) struct PassDocument {
    id: RecordId,
    kind: Open<Kind>,
    kind_text: String,
    house: RecordId,
    house_label: String,
    /// Folded: what plates are compared by; empty where it is not known.
    plate: String,
    /// As people write it.
    plate_shown: String,
    /// The visitor's; may be empty.
    name: String,
    /// What the visitor shows or says; empty for none.
    code: String,
    /// For the guard.
    note: String,
    validity: Validity,
    /// When it holds, in words.
    window_text: String,
    /// How many entries; nothing: as many as fall into its time.
    entries: Option<u32>,
    /// How many of them were used.
    used: u32,
    standing: Standing,
    standing_text: String,
    /// From when on it holds next, in milliseconds since 1970; nothing where it holds now, or has ended.
    next_ms: Option<u64>,
    /// Who issued it: somebody of the house, or the guard whom they have called.
    issued_by: String,
    /// Whether the guard did.
    is_by_guard: bool,
    issued_ms: u64,
    /// Whether there is a link to it.
    is_shared: bool,
}

/// A pass, and what became of it.
#[derive(Serialize, ToSchema)]
struct PassHistory {
    pass: PassDocument,
    /// The entries of the journal that rest on it, the newest first.
    history: Vec<Line>,
}

/// Some of the passes.
#[derive(Serialize, ToSchema)]
struct Passes {
    passes: Vec<PassDocument>,
    /// Where the next page begins; nothing on the last.
    next: Option<String>,
}

/// Which of a house's passes.
#[derive(Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum WhichPasses {
    /// Those that let somebody in, now or later: the first to end first.
    #[default]
    Current,
    /// Those that have ended: the last first.
    Past,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    #[serde(default)]
    #[param(inline, required = false)]
    which: WhichPasses,
    /// `next` of the page before.
    after: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Search {
    /// A part of a plate, of a name or of a house's label.
    #[serde(default)]
    #[param(required = false)]
    search: String,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Why {
    /// For those who read of it later.
    #[serde(default)]
    #[param(required = false)]
    pub reason: String,
}

/// A pass that somebody wants.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPass {
    kind: Kind,
    /// As typed, in either alphabet; may be empty where there is a name or a code.
    #[serde(default)]
    plate: String,
    #[serde(default)]
    name: String,
    /// For the guard.
    #[serde(default)]
    note: String,
    /// Whether the visitor gets a code.
    #[serde(default)]
    code: bool,
    /// A whole day of the community, for a guest or an event, in the place of a beginning and an end.
    #[schema(value_type = Option<String>, format = Date)]
    day: Option<Date>,
    /// In milliseconds since 1970; from now on, where nothing is said.
    from_ms: Option<u64>,
    /// In milliseconds since 1970.
    until_ms: Option<u64>,
    /// For how long, in the place of an end; a taxi has an hour and a courier two, where nothing is said.
    minutes: Option<u32>,
    /// The days and hours of a recurring one.
    weekly: Option<Weekly>,
    /// How many an event has.
    entries: Option<u32>,
    /// The gatehouse that counts entries, where there are several.
    decider: Option<ReplicaId>,
}

/// How a pass is shared.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Share {
    /// Whether the link tells the house's label.
    #[serde(default)]
    shows_house: bool,
}

/// A link to a pass. It is shown once.
#[derive(Serialize, Deserialize, ToSchema)]
struct PassLink {
    /// What stands behind `/visits/` in the link.
    token: String,
}

/// Somebody whom the house has expected before.
#[derive(Serialize, ToSchema)]
#[schema(as = Visitor)]
struct VisitorDocument {
    /// May be empty, where the plate is not.
    name: String,
    plate: String,
    plate_shown: String,
    /// For how many passes.
    passes: u32,
    /// When the last of them was issued, in milliseconds since 1970.
    last_ms: u64,
}

#[derive(Serialize, ToSchema)]
struct Visitors {
    visitors: Vec<VisitorDocument>,
}

impl PassDocument {
    pub fn of(words: &Words<'_>, pass: Entry<Pass>, state: &State) -> Result<PassDocument, Problem> {
        let (id, standing, window_text) = (pass.id, state.standing(), window(words, &pass.value));
        let is_by_guard = !pass.value.guard.is_empty();
        let issued_by = match is_by_guard {
            true => pass.value.guard.clone(),
            false => words.person(pass.value.person)?,
        };
        let next_ms = match standing {
            Standing::NotYet | Standing::OutsideHours => {
                passes::next(&pass.value.validity, words.now.ms, &people::zone(words.view)?)
            }
            _ => None,
        };
        let seen = words.seen_pass(&pass.value, state.ended.is_some())?.into_owned();
        let Pass { kind, house, plate, name, code, validity, entries, note, .. } = seen;
        Ok(PassDocument {
            id,
            kind_text: words.texts.say_open(&kind),
            kind,
            house,
            house_label: words.house(Some(house))?,
            plate_shown: words.plate(&plate),
            plate,
            name,
            code,
            note,
            validity,
            window_text,
            entries,
            used: state.used,
            standing,
            standing_text: words.texts.say(standing),
            next_ms,
            issued_by,
            is_by_guard,
            issued_ms: id.made_ms(),
            is_shared: links::is_shared(words.view, id)?,
        })
    }
}

/// When a pass holds, in words.
pub(super) fn window(words: &Words<'_>, pass: &Pass) -> String {
    match &pass.validity.weekly {
        Some(weekly) => words.texts.weekly(weekly),
        None => {
            let (from, until) = (words.moment(pass.validity.from_ms), words.moment(pass.validity.until_ms));
            words.texts.get("pass-valid", &[("from", from.into()), ("until", until.into())])
        }
    }
}

impl NewPass {
    fn terms(&self, now_ms: u64, zone: &jiff::tz::TimeZone) -> Result<Terms, Problem> {
        let day = self.day.and_then(|day| passes::day(day, zone));
        let from_ms = day.map(|(from_ms, _)| from_ms).or(self.from_ms).unwrap_or(now_ms);
        let minutes = self.minutes;
        let by_minutes = minutes.map(|minutes| from_ms.saturating_add(u64::from(minutes) * 60_000));
        let until_ms = day.map(|(_, until_ms)| until_ms).or(self.until_ms).or(by_minutes);
        let until_ms = || until_ms.ok_or(Problem::invalid("until", "empty"));
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

    fn request(&self, house: RecordId, terms: Terms) -> passes::Request {
        let NewPass { plate, name, code, note, decider, .. } = self.clone();
        passes::Request { house, terms, plate, name, code, note, decider }
    }
}

/// A pass that the caller may see.
fn seen(look: &Look<'_>, id: RecordId) -> Result<(Entry<Pass>, State), Problem> {
    let pass = look.view.of::<Pass>().get(id)?.ok_or_else(Problem::not_found)?;
    let state = passes::state(look.view, look.now.ms, id)?;
    if !passes::is_seen(&look.member.held, &pass, &state) {
        return Err(Problem::not_found());
    }
    look.concerns_house(pass.value.house);
    Ok((pass, state))
}

async fn document(call: &Call, member: &Member, id: RecordId) -> Result<PassDocument, Problem> {
    let shown = member.read(call, move |look| {
        let pass = look.view.of::<Pass>().get(id)?.ok_or_else(Problem::not_found)?;
        let state = passes::state(look.view, look.now.ms, id)?;
        PassDocument::of(look, pass, &state)
    });
    shown.await
}

/// Whom the houses expect today
#[utoipa::path(get, path = "/api/v1/communities/{community}/expected", tag = "passes",
    operation_id = "passes.expected", params(("community" = RecordId, Path), Search),
    responses((status = 200, body = Passes)))]
async fn expected(call: Call, member: Member) -> Answer {
    let Search { search } = call.query()?;
    let expected = member.read(&call, move |look| {
        let mut shown = Vec::new();
        for expected in passes::expected(look.view, look.now, &look.member.actor(), &search)? {
            let state = passes::state(look.view, look.now.ms, expected.pass.id)?;
            shown.push(PassDocument::of(look, expected.pass, &state)?);
        }
        Ok(Passes { passes: shown, next: None })
    });
    json(&expected.await?)
}

/// The passes of a house
#[utoipa::path(get, path = "/api/v1/communities/{community}/houses/{house}/passes", tag = "passes",
    operation_id = "passes.list", params(("community" = RecordId, Path), ("house" = RecordId, Path), Filter),
    responses((status = 200, body = Passes)))]
async fn list(call: Call, member: Member) -> Answer {
    let (house, Filter { which, after }) = (call.id("house")?, call.query()?);
    let after = after.map(|after| after.parse::<Cursor>()).transpose();
    let after = after.map_err(|_| Problem::invalid("after", "unknown"))?;
    let which = match which {
        WhichPasses::Current => Which::Current,
        WhichPasses::Past => Which::Past,
    };
    let page = member.read(&call, move |look| {
        look.looks_into(house)?;
        let held = &look.member.held;
        let page = passes::of_house(look.view, look.now, held, house, which, after, PAGE)?;
        let shown = page.passes.into_iter().map(|(pass, state)| PassDocument::of(look, pass, &state));
        let next = page.next.map(|next| next.to_string());
        Ok(Passes { passes: shown.collect::<Result<_, _>>()?, next })
    });
    json(&page.await?)
}

/// Issue a pass for my house, or as the guard whom a house has called
#[utoipa::path(post, path = "/api/v1/communities/{community}/houses/{house}/passes", tag = "passes",
    operation_id = "passes.issue",
    params(("community" = RecordId, Path), ("house" = RecordId, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = NewPass, responses((status = 201, body = PassDocument)))]
async fn issue(call: Call, member: Member) -> Answer {
    insist_on_recent_second_factor(&call, &member.signed).await?;
    let (house, new): (_, NewPass) = (call.id("house")?, call.body()?);
    let issued = member.write(&call, move |act| {
        let terms = new.terms(act.ctx.now.ms, &people::zone(act.ctx.view)?)?;
        let (actor, request) = (act.actor(), new.request(house, terms));
        let issued = passes::issue_for(&mut act.ctx, &actor, &request)?;
        act.concerns_house(house);
        Ok((Made { id: issued.id }, issued.writes))
    });
    let Made { id } = issued.await?;
    created(&document(&call, &member, id).await?)
}

/// Whom my house has expected before
#[utoipa::path(get, path = "/api/v1/communities/{community}/houses/{house}/visitors", tag = "passes",
    operation_id = "passes.visitors", params(("community" = RecordId, Path), ("house" = RecordId, Path)),
    responses((status = 200, body = Visitors)))]
async fn visitors(call: Call, member: Member) -> Answer {
    let house = call.id("house")?;
    let visitors = member.read(&call, move |look| {
        let since_ms = able_since(&look.member.held, house, Permission::IssuePass);
        let since_ms = since_ms.ok_or_else(Problem::not_found)?;
        look.view.of::<House>().get(house)?.ok_or_else(Problem::not_found)?;
        let shown = passes::visitors(look.view, house, since_ms)?.into_iter().map(|visitor| {
            let passes::Visitor { name, plate, passes, last_ms } = visitor;
            VisitorDocument { name, plate_shown: look.plate(&plate), plate, passes, last_ms }
        });
        Ok(Visitors { visitors: shown.collect() })
    });
    json(&visitors.await?)
}

/// A pass, and what became of it
#[utoipa::path(get, path = "/api/v1/communities/{community}/passes/{pass}", tag = "passes",
    operation_id = "passes.show", params(("community" = RecordId, Path), ("pass" = RecordId, Path)),
    responses((status = 200, body = PassHistory)))]
async fn show(call: Call, member: Member) -> Answer {
    let id = call.id("pass")?;
    let shown = member.read(&call, move |look| {
        let (pass, state) = seen(look, id)?;
        let mut history = Vec::new();
        for entry in passes::history(look.view, &pass)? {
            let is_use = entry.value.verdict.as_ref().and_then(Open::known) == Some(&Verdict::Open);
            history.extend(if is_use { journal::line(look, &entry)? } else { None });
        }
        Ok(PassHistory { pass: PassDocument::of(look, pass, &state)?, history })
    });
    json(&shown.await?)
}

/// Cancel a pass
#[utoipa::path(delete, path = "/api/v1/communities/{community}/passes/{pass}", tag = "passes",
    operation_id = "passes.cancel", params(("community" = RecordId, Path), ("pass" = RecordId, Path), Why),
    responses((status = 204, description = "It lets nobody in any more")))]
async fn cancel(call: Call, member: Member) -> Answer {
    let (id, Why { reason }) = (call.id("pass")?, call.query()?);
    let cancelled = member.write(&call, move |act| {
        let pass = act.ctx.view.of::<Pass>().get(id)?.ok_or_else(Problem::not_found)?;
        act.concerns_house(pass.value.house);
        let actor = act.actor();
        Ok(((), passes::cancel(&mut act.ctx, &actor, id, &reason)?))
    });
    cancelled.await?;
    done()
}

/// Make a link to a pass for its visitor; the one before ends
#[utoipa::path(post, path = "/api/v1/communities/{community}/passes/{pass}/link", tag = "passes",
    operation_id = "passes.share", params(("community" = RecordId, Path), ("pass" = RecordId, Path)),
    request_body = Share, responses((status = 201, body = PassLink)))]
async fn share(call: Call, member: Member) -> Answer {
    let (pass, Share { shows_house }) = (call.id("pass")?, call.body()?);
    let (secret, community) = (clock::random(), member.community.id);
    let shared = member.write_secret(&call, move |act| {
        let actor = act.actor();
        let writes = links::share(&mut act.ctx, &actor, pass, shows_house, &secret)?;
        Ok((PassLink { token: visit::token(community, &secret) }, writes))
    });
    created(&shared.await?)
}

/// Take the link to a pass back
#[utoipa::path(delete, path = "/api/v1/communities/{community}/passes/{pass}/link", tag = "passes",
    operation_id = "passes.withdraw", params(("community" = RecordId, Path), ("pass" = RecordId, Path)),
    responses((status = 204, description = "It shows nothing any more")))]
async fn withdraw(call: Call, member: Member) -> Answer {
    let pass = call.id("pass")?;
    let withdrawn = member.write(&call, move |act| {
        let actor = act.actor();
        Ok(((), links::withdraw(&mut act.ctx, &actor, pass)?))
    });
    withdrawn.await?;
    done()
}
