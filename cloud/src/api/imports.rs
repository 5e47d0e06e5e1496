//! Houses and people out of a table: first what would come of it, then doing it.
//!
//! A preview is kept for an hour, in memory, for whoever made it. Entering it again, or the same table once more after a
//! restart, makes nothing twice.
//!
//! Invariants: one table is read, and one is entered, at a time, and none waits to be read; what is kept is bounded.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dwellers::imports::{self, Column, Flaw, Makes, Planned, Row, Sheet};
use dwellers::people::{Permission, PlaceKind};
use dwellers::texts::Texts;
use dwellers::{Context, Denied};
use dwellers_replica::{Now, RecordId, Writes};
use serde::Serialize;
use tokio::sync::Semaphore;
use utoipa::ToSchema;

use super::call::{Call, Member, created, json};
use super::problem::Problem;
use super::table::{Answer, Table, Uploads};
use super::turns::Turns;
use crate::clock;
use crate::tables::{self, Unreadable};

/// How long a preview is kept, in milliseconds.
const KEPT_MS: u64 = 3_600_000;
/// Previews that are kept at a time, of all communities; the oldest gives way.
const MOST: usize = 20;
/// Media types of tables; browsers on Windows call CSV what Excel opens.
const KINDS: &[&str] = &[
    "text/csv",
    "text/plain",
    "application/csv",
    "application/vnd.ms-excel",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/octet-stream",
];

const OFFICE: &[Permission] = &[Permission::ManagePeople];

pub(super) fn routes(to: &mut Table) {
    let preview = to.may::<__path_preview, _, _>(OFFICE, preview);
    preview.uploads(Uploads { max_bytes: tables::MAX_BYTES, kinds: KINDS });
    to.may::<__path_show, _, _>(OFFICE, show);
    to.may::<__path_apply, _, _>(OFFICE, apply);
}

/// The previews that are kept.
pub(super) struct Imports {
    kept: Mutex<Vec<Arc<Kept>>>,
    /// Reading a table and entering one take memory and the disk's time.
    reads: Semaphore,
    uploads: Turns,
    enters: Semaphore,
}

struct Kept {
    id: RecordId,
    community: RecordId,
    maker: RecordId,
    at_ms: u64,
    titles: Vec<(String, Option<Column>)>,
    rows: Vec<Planned>,
}

impl Default for Imports {
    fn default() -> Self {
        Imports {
            kept: Mutex::default(),
            reads: Semaphore::new(1),
            uploads: Turns::of(1),
            enters: Semaphore::new(1),
        }
    }
}

impl Imports {
    fn lock(&self) -> MutexGuard<'_, Vec<Arc<Kept>>> {
        // Nothing is half done while it is held.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps one; whoever made it keeps one at a time.
    fn keep(&self, one: Arc<Kept>, now: Now) {
        let mut kept = self.lock();
        kept.retain(|old| now.ms.saturating_sub(old.at_ms) < KEPT_MS);
        kept.retain(|old| (old.community, old.maker) != (one.community, one.maker));
        if kept.len() >= MOST {
            kept.remove(0);
        }
        kept.push(one);
    }

    fn of(&self, member: &Member, id: RecordId, now: Now) -> Result<Arc<Kept>, Problem> {
        let mut kept = self.lock();
        kept.retain(|old| now.ms.saturating_sub(old.at_ms) < KEPT_MS);
        let is_theirs = |one: &&Arc<Kept>| {
            one.id == id && one.community == member.community.id && one.maker == member.person
        };
        kept.iter().find(is_theirs).cloned().ok_or(Denied::NotFound("import").into())
    }
}

/// What would come of a table.
#[derive(Serialize, ToSchema)]
#[schema(as = ImportPreview)]
struct Preview {
    id: RecordId,
    /// Until then it can be entered, in milliseconds since 1970.
    until_ms: u64,
    columns: Vec<PreviewColumn>,
    rows: Vec<PreviewRow>,
    /// Rows of which nothing is made, because something is wrong with them.
    wrong: usize,
    houses: usize,
    people: usize,
    places: usize,
    vehicles: usize,
}

/// A column of the table.
#[derive(Serialize, ToSchema)]
#[schema(as = ImportPreviewColumn)]
struct PreviewColumn {
    title: String,
    /// What it holds; nothing for what is not read.
    column: Option<Column>,
}

/// A row of the table, as it was read.
#[derive(Serialize, ToSchema)]
#[schema(as = ImportPreviewRow)]
struct PreviewRow {
    /// Where it stands in the table, from 1.
    line: u32,
    house: String,
    name: String,
    phone: String,
    kind: PlaceKind,
    plate: String,
    problems: Vec<RowProblem>,
    /// What it would make; nothing where all is known, or something is wrong.
    makes: Vec<Makes>,
}

/// What is wrong with a row.
#[derive(Serialize, ToSchema)]
#[schema(as = ImportProblem)]
struct RowProblem {
    field: String,
    /// As a key of the texts.
    why: String,
    /// For the person, in their language.
    text: String,
    /// What stands in the table, or how that begins; empty where nothing does, or the row is wrong as a whole.
    typed: String,
}

/// What has come of a table.
#[derive(Serialize, ToSchema)]
#[schema(as = ImportReport)]
struct Report {
    rows: Vec<ReportRow>,
    wrong: usize,
    houses: usize,
    people: usize,
    places: usize,
    vehicles: usize,
}

/// What has come of a row.
#[derive(Serialize, ToSchema)]
#[schema(as = ImportReportRow)]
struct ReportRow {
    /// Where it stands in the table, from 1.
    line: u32,
    /// What was made now; what was there already is not made again.
    made: Vec<Makes>,
    /// Why no more was made.
    problems: Vec<RowProblem>,
}

impl RowProblem {
    fn of(texts: &Texts, Flaw { field, why, typed }: &Flaw) -> RowProblem {
        let text = texts.denied(&Denied::Invalid { field, why });
        RowProblem { field: (*field).to_owned(), why: (*why).to_owned(), text, typed: typed.clone() }
    }

    /// Of a slice that refuses.
    fn refused(texts: &Texts, row: &Row, denied: &Denied) -> RowProblem {
        let (field, why) = match denied {
            Denied::Invalid { field, why } => (*field, *why),
            Denied::Exists(what) | Denied::NotFound(what) | Denied::Ended(what) => (*what, "refused"),
            _ => ("row", "refused"),
        };
        let typed = match field {
            "house" | "label" => &row.house,
            "name" => &row.name,
            "phone" => &row.phone,
            "plate" | "vehicle" => &row.plate,
            _ => "",
        };
        let (field, typed) = (field.to_owned(), typed.to_owned());
        RowProblem { field, why: why.to_owned(), text: texts.denied(denied), typed }
    }
}

/// How often each of them is made: houses, people, places, cars.
fn counts<'a>(made: impl Iterator<Item = &'a Makes>) -> [usize; 4] {
    let mut counts = [0; 4];
    for made in made {
        counts[*made as usize] += 1;
    }
    counts
}

impl Kept {
    fn preview(&self, texts: &Texts) -> Preview {
        let row = |planned: &Planned| {
            let Row { line, house, name, phone, kind, plate, .. } = planned.row.clone();
            let problems = planned.flaws.iter().map(|flaw| RowProblem::of(texts, flaw)).collect();
            PreviewRow { line, house, name, phone, kind, plate, problems, makes: planned.makes.clone() }
        };
        let columns =
            self.titles.iter().map(|(title, column)| PreviewColumn { title: title.clone(), column: *column });
        let [houses, people, places, vehicles] = counts(self.rows.iter().flat_map(|row| &row.makes));
        Preview {
            id: self.id,
            until_ms: self.at_ms.saturating_add(KEPT_MS),
            columns: columns.collect(),
            rows: self.rows.iter().map(row).collect(),
            wrong: self.rows.iter().filter(|row| !row.flaws.is_empty()).count(),
            houses,
            people,
            places,
            vehicles,
        }
    }
}

impl From<Unreadable> for Problem {
    fn from(why: Unreadable) -> Self {
        match why {
            Unreadable::NotATable => Problem::invalid("file", "not-a-table"),
            Unreadable::TooLarge => Problem::invalid("file", "too-large"),
        }
    }
}

/// See what would come of a table of houses and people; nothing is changed
///
/// CSV (also with semicolons, and in CP1251) or XLSX, of at most 5 MB and 3,000 rows. Columns are known by their titles:
/// `Дом`/`House`, `Имя`/`Name`, `Телефон`/`Phone`, `Роль в доме`/`Kind`, `Примечание`/`Note`, `Номер машины`/`Plate`,
/// `Машина`/`Car`.
#[utoipa::path(post, path = "/api/v1/communities/{community}/imports", tag = "imports",
    operation_id = "imports.preview", params(("community" = RecordId, Path)),
    request_body(content = String, content_type = "text/csv", description = "The table"),
    responses((status = 201, body = Preview)))]
async fn preview(mut call: Call, member: Member) -> Answer {
    // Nobody waits: what waits is as large as a table may be.
    let theirs = call.api.0.imports.uploads.take(member.signed.account)?;
    let api = call.api.clone();
    let turn = api.0.imports.reads.try_acquire().map_err(|_| Problem::busy())?;
    let (bytes, now) = (std::mem::take(&mut call.body), call.now());
    let sheet = api.blocking(move || Ok::<_, Problem>(Sheet::of(tables::read(&bytes)?)?)).await??;
    let titles = sheet.titles().to_vec();
    let actor = member.actor();
    let rows = member.read(&call, move |look| Ok(imports::plan(look.view, now, &actor, &sheet)?)).await?;
    drop((turn, theirs));
    let id = RecordId::new(now.ms, clock::entropy());
    let kept = Kept { id, community: member.community.id, maker: member.person, at_ms: now.ms, titles, rows };
    let kept = Arc::new(kept);
    call.api.0.imports.keep(kept.clone(), now);
    created(&kept.preview(call.api.texts(call.language)))
}

/// What would come of a table that I have uploaded
#[utoipa::path(get, path = "/api/v1/communities/{community}/imports/{import}", tag = "imports",
    operation_id = "imports.show", params(("community" = RecordId, Path), ("import" = RecordId, Path)),
    responses((status = 200, body = Preview)))]
async fn show(call: Call, member: Member) -> Answer {
    let kept = call.api.0.imports.of(&member, call.id("import")?, call.now())?;
    json(&kept.preview(call.api.texts(call.language)))
}

/// Enter the houses and people of a table that I have uploaded
///
/// Rows with problems are left out. It may be repeated: what is there is not made again.
#[utoipa::path(post, path = "/api/v1/communities/{community}/imports/{import}/apply", tag = "imports",
    operation_id = "imports.apply", params(("community" = RecordId, Path), ("import" = RecordId, Path)),
    responses((status = 200, body = Report)))]
async fn apply(call: Call, member: Member) -> Answer {
    let kept = call.api.0.imports.of(&member, call.id("import")?, call.now())?;
    // Two that are entered at once would each make the same person.
    let _turn = call.api.0.imports.enters.acquire().await.map_err(|_| Problem::busy())?;
    let mut rows = Vec::new();
    for planned in &kept.rows {
        rows.push(enter(&call, &member, planned).await?);
    }
    let wrong = rows.iter().filter(|row| !row.problems.is_empty()).count();
    let [houses, people, places, vehicles] = counts(rows.iter().flat_map(|row| &row.made));
    json(&Report { rows, wrong, houses, people, places, vehicles })
}

/// The most things that a row makes.
const STEPS: usize = 4;

/// Makes what a row makes, a transaction each.
async fn enter(call: &Call, member: &Member, planned: &Planned) -> Result<ReportRow, Problem> {
    let texts = call.api.texts(call.language);
    let Planned { row, flaws, .. } = planned;
    let problems = flaws.iter().map(|flaw| RowProblem::of(texts, flaw)).collect();
    let mut report = ReportRow { line: row.line, made: Vec::new(), problems };
    while report.problems.is_empty() && report.made.len() < STEPS {
        // Looked at first: of a row that makes nothing nothing is written down.
        match judged(call, member, row).await? {
            Ok(true) => {}
            Ok(false) => break,
            Err(denied) => {
                report.problems.push(RowProblem::refused(texts, row, &denied));
                break;
            }
        }
        let row = row.clone();
        let made = member.write_secret(call, move |act| {
            let actor = act.actor();
            let Some((made, done, writes)) = imports::step(&mut act.ctx, &actor, &row)? else {
                return Ok((None, Writes::new()));
            };
            act.concerns_house(done.house);
            done.person.into_iter().for_each(|person| act.concerns_person(person));
            Ok((Some(made), writes))
        });
        report.made.extend(made.await?);
    }
    Ok(report)
}

/// Whether a row makes something that is not there; or why a slice refuses it.
async fn judged(call: &Call, member: &Member, row: &Row) -> Result<Result<bool, Denied>, Problem> {
    let (store, actor, row, now) = (member.community.store.clone(), member.actor(), row.clone(), call.now());
    let judge = move || {
        store.view(|view| {
            let mut entropy = clock::entropy;
            imports::step(&mut Context { view, now, entropy: &mut entropy }, &actor, &row)
                .map(|step| step.is_some())
        })
    };
    match call.api.blocking(judge).await?? {
        Err(denied @ (Denied::Read(_) | Denied::Store(_) | Denied::NotAllowed)) => Err(denied.into()),
        judged => Ok(judged),
    }
}
