//! What stands in the lines of each export.

use dwellers::audit::Deed;
use dwellers::cards::Card;
use dwellers::journal;
use dwellers::passes::Pass;
use dwellers::people::{self, Application, Capacity, House, Person, PlaceKind};
use dwellers::questions::Question;
use dwellers::rights::{self, Ban, Life};
use dwellers::vehicles::Vehicle;
use dwellers::visitor_log::VisitorLog;
use dwellers::words::Words;
use dwellers_replica::{Cursor, Entry, Open, Page, Query, Record, RecordId};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::api::problem::Problem;

/// Records of one page.
const PAGE: usize = 500;

/// What can be exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Houses,
    People,
    Vehicles,
    Cards,
    Passes,
    Journal,
    Questions,
    Applications,
    Bans,
    Audit,
}

type Rows = (Vec<Vec<String>>, Option<Cursor>);

impl What {
    const ALL: [What; 10] = [
        What::Houses,
        What::People,
        What::Vehicles,
        What::Cards,
        What::Passes,
        What::Journal,
        What::Questions,
        What::Applications,
        What::Bans,
        What::Audit,
    ];

    pub fn of(name: &str) -> Option<What> {
        What::ALL.into_iter().find(|what| what.name() == name)
    }

    /// The name of its file.
    pub fn name(self) -> &'static str {
        match self {
            What::Houses => "houses.csv",
            What::People => "people.csv",
            What::Vehicles => "vehicles.csv",
            What::Cards => "cards.csv",
            What::Passes => "passes.csv",
            What::Journal => "journal.csv",
            What::Questions => "questions.csv",
            What::Applications => "applications.csv",
            What::Bans => "bans.csv",
            What::Audit => "audit.csv",
        }
    }

    /// Its columns. They never change their meaning; the import knows those of houses and people.
    pub fn titles(self) -> &'static [&'static str] {
        match self {
            What::Houses => &["id", "house", "note", "visitor_log"],
            What::People => &["id", "name", "phone", "language", "house", "kind"],
            What::Vehicles => &["id", "house", "name", "plate", "car", "since", "ended"],
            What::Cards => &["id", "house", "name", "number", "title", "since", "ended"],
            What::Passes => &[
                "id",
                "kind",
                "house",
                "issued_by",
                "guard",
                "plate",
                "name",
                "note",
                "issued",
                "from",
                "until",
                "entries",
                "used",
                "ended",
            ],
            What::Journal => &[
                "id",
                "hub",
                "number",
                "at",
                "clock_trusted",
                "gate",
                "lane",
                "direction",
                "text",
                "plate",
                "name",
                "house",
                "person",
                "guard",
                "note",
            ],
            What::Questions => &["id", "asked", "house", "gate", "plate", "name", "guard"],
            What::Applications => {
                &["id", "sent", "name", "phone", "house", "kind", "decided", "accepted", "reason"]
            }
            What::Bans => &["id", "since", "person", "plate", "reason", "until", "by"],
            What::Audit => &["id", "at", "by", "action", "text", "looked", "person", "house", "everybody"],
        }
    }

    /// A page of it.
    pub fn page(self, words: &Words<'_>, after: Option<Cursor>) -> Result<Rows, Problem> {
        let at = Moments::of(words);
        match self {
            What::Houses => rows(found::<House>(words, "key", after)?, |house| {
                let log = serde_json::to_value(VisitorLog::of(&house.value)).unwrap_or_default();
                let log = log.as_str().unwrap_or_default().to_owned();
                Ok(vec![id(house.id), house.value.label.clone(), house.value.note.clone(), log])
            }),
            What::People => {
                let found = words.view.of::<Person>().search("", after, PAGE)?;
                let next = found.next.clone();
                let mut rows = Vec::new();
                for person in &found.entries {
                    rows.extend(person_rows(words, person)?);
                }
                Ok((rows, next))
            }
            What::Vehicles => rows(found::<Vehicle>(words, "plate", after)?, |car| {
                let Vehicle { plate, title, house, person, .. } = &car.value;
                Ok(vec![
                    id(car.id),
                    words.house(Some(*house))?,
                    words.person(Some(*person))?,
                    words.plate(plate),
                    title.clone(),
                    at.say(car.id.made_ms()),
                    ended(words, car.id)?,
                ])
            }),
            What::Cards => rows(found::<Card>(words, "number", after)?, |card| {
                let Card { number, title, house, person, .. } = &card.value;
                Ok(vec![
                    id(card.id),
                    words.house(Some(*house))?,
                    words.person(*person)?,
                    number.clone(),
                    title.clone(),
                    at.say(card.id.made_ms()),
                    ended(words, card.id)?,
                ])
            }),
            What::Passes => rows(found::<Pass>(words, "until", after)?, |pass| pass_row(words, &at, pass)),
            What::Journal => rows(found::<journal::Entry>(words, "number", after)?, |entry| {
                let line = words.line(entry.id, &entry.value)?;
                let direction =
                    line.direction.map(|direction| words.texts.say(direction)).unwrap_or_default();
                Ok(vec![
                    id(entry.id),
                    id(entry.value.hub),
                    line.number.to_string(),
                    at.say(line.at_ms),
                    line.trusted.to_string(),
                    line.gate_name,
                    line.lane,
                    direction,
                    line.text,
                    line.plate_shown,
                    line.name,
                    line.house_label,
                    words.person(line.person)?,
                    line.guard,
                    line.note,
                ])
            }),
            What::Questions => rows(found::<Question>(words, "time", after)?, |question| {
                let Question { house, gate, plate, name, guard, at_ms, .. } = &question.value;
                let of = words.view.of::<House>().get(*house)?;
                // Whom a house wants untold is untold here, too.
                let is_told = of.is_none_or(|house| VisitorLog::of(&house.value) == VisitorLog::Keep);
                let told = |text: String| if is_told { text } else { String::new() };
                Ok(vec![
                    id(question.id),
                    at.say(*at_ms),
                    words.house(Some(*house))?,
                    words.gate(Some(*gate))?,
                    told(words.plate(plate)),
                    told(name.clone()),
                    guard.clone(),
                ])
            }),
            What::Applications => rows(found::<Application>(words, "time", after)?, |asked| {
                let Application { name, phone, house, kind, at_ms, .. } = &asked.value;
                let verdict = people::verdict(words.view, asked.id)?.map(|verdict| verdict.value);
                let (decided, accepted, reason) = match verdict {
                    Some(verdict) => {
                        (at.say(verdict.at_ms), verdict.accepted.is_some().to_string(), verdict.reason)
                    }
                    None => Default::default(),
                };
                let house = words.house(Some(*house))?;
                let (sent, kind) = (at.say(*at_ms), word(kind));
                Ok(vec![
                    id(asked.id),
                    sent,
                    name.clone(),
                    phone.clone(),
                    house,
                    kind,
                    decided,
                    accepted,
                    reason,
                ])
            }),
            What::Bans => rows(found::<Ban>(words, "plate", after)?, |ban| {
                let Ban { person, plate, reason, until_ms, by } = &ban.value;
                Ok(vec![
                    id(ban.id),
                    at.say(ban.id.made_ms()),
                    words.person(*person)?,
                    words.plate(plate),
                    reason.clone(),
                    until_ms.map(|until_ms| at.say(until_ms)).unwrap_or_default(),
                    words.person(*by)?,
                ])
            }),
            What::Audit => rows(found::<Deed>(words, "time", after)?, |deed| {
                let Deed { by, action, looked, person, house, everybody, at_ms, .. } = &deed.value;
                Ok(vec![
                    id(deed.id),
                    at.say(*at_ms),
                    words.person(Some(*by))?,
                    action.clone(),
                    words.deed(action),
                    looked.to_string(),
                    words.person(*person)?,
                    words.house(*house)?,
                    everybody.to_string(),
                ])
            }),
        }
    }
}

fn found<T: Record>(words: &Words<'_>, index: &str, after: Option<Cursor>) -> Result<Page<T>, Problem> {
    Ok(words.view.of::<T>().find(&Query::on(index).after(after).limit(PAGE))?)
}

fn rows<T>(page: Page<T>, row: impl Fn(&Entry<T>) -> Result<Vec<String>, Problem>) -> Result<Rows, Problem> {
    let rows = page.entries.iter().map(row).collect::<Result<_, _>>()?;
    Ok((rows, page.next))
}

/// A line for each place and role; one for who has none.
fn person_rows(words: &Words<'_>, person: &Entry<Person>) -> Result<Vec<Vec<String>>, Problem> {
    let Person { name, phone, language } = &person.value;
    let row = |house: String, kind: &str| {
        vec![id(person.id), name.clone(), phone.clone(), language.clone(), house, kind.to_owned()]
    };
    let mut rows = Vec::new();
    for held in people::held(words.view, words.now, person.id)? {
        let kind = match held.capacity {
            Capacity::Owner => "owner",
            Capacity::Family => "family",
            Capacity::Tenant => "tenant",
            Capacity::Staff => "staff",
            Capacity::Guard => "guard",
            Capacity::Administrator => "administrator",
            Capacity::Operator => "operator",
        };
        rows.push(row(words.house(held.house)?, kind));
    }
    if rows.is_empty() {
        rows.push(row(String::new(), ""));
    }
    Ok(rows)
}

fn pass_row(words: &Words<'_>, at: &Moments, pass: &Entry<Pass>) -> Result<Vec<String>, Problem> {
    let has_ended =
        pass.value.validity.until_ms <= words.now.ms || rights::life(words.view, pass.id)? != Life::Alive;
    let seen = words.seen_pass(&pass.value, has_ended)?;
    let Pass { kind, house, person, guard, plate, name, note, validity, entries, .. } = &*seen;
    let kind = serde_json::to_value(kind).unwrap_or_default();
    Ok(vec![
        id(pass.id),
        kind.as_str().unwrap_or_default().to_owned(),
        words.house(Some(*house))?,
        words.person(*person)?,
        guard.clone(),
        words.plate(plate),
        name.clone(),
        note.clone(),
        at.say(pass.id.made_ms()),
        at.say(validity.from_ms),
        at.say(validity.until_ms),
        entries.map(|entries| entries.to_string()).unwrap_or_default(),
        dwellers::passes::used(words.view, pass.id)?.to_string(),
        ended(words, pass.id)?,
    ])
}

fn id(id: RecordId) -> String {
    id.to_string()
}

/// Whether a grant counts no more.
fn ended(words: &Words<'_>, grant: RecordId) -> Result<String, Problem> {
    Ok((rights::life(words.view, grant)? != Life::Alive).to_string())
}

fn word(kind: &Open<PlaceKind>) -> String {
    serde_json::to_value(kind).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Moments by the clock of the community.
struct Moments(TimeZone);

impl Moments {
    fn of(words: &Words<'_>) -> Moments {
        Moments(TimeZone::get(&words.community.time_zone).unwrap_or(TimeZone::UTC))
    }

    /// `2026-05-12 18:00:00`; empty for what no calendar has.
    fn say(&self, at_ms: u64) -> String {
        let moment = i64::try_from(at_ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
        moment
            .map(|moment| self.0.to_datetime(moment).strftime("%Y-%m-%d %H:%M:%S").to_string())
            .unwrap_or_default()
    }
}
