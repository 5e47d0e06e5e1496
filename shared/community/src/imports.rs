//! Houses and people out of a table that somebody kept until now: what each row would make, and making it.
//!
//! [`plan`] says of every row what is wrong with it and what it would make; [`step`] makes the next thing of a row that is
//! still missing. What is there already is known again, so that a table may be entered twice, or gone on with after a crash.
//!
//! Invariants: of a row with a flaw nothing is made; what is made goes through the commands of its slices, with the rights of
//! whoever enters it.
//!
//! What must never be here: a file, or how one is written.

mod columns;

use std::collections::{BTreeMap, BTreeSet};

use dwellers_replica::{Now, Query, ReadError, RecordId, View, Writes};
use serde::{Deserialize, Serialize};

use crate::command::{Actor, Context, Denied, filled, line, naming};
use crate::people::{self, Capacity, House, Permission, Person, Place, PlaceKind, key_of_label, typed_plate};
use crate::rights::{self, Life};
use crate::vehicles::{self, Vehicle};

pub use columns::{Column, Sheet};

/// A cell that its program took for a date: of `12/1` it made the twelfth of January.
pub const DATE: &str = "\u{1}";

/// The most that is repeated of what stands in a cell.
const MAX_TYPED: usize = 80;

/// What is wrong with a row: a field, and why, as keys of the texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// Which field.
    pub field: &'static str,
    /// What is wrong with it.
    pub why: &'static str,
    /// What stands there, or how that begins; empty where nothing does, or it is wrong as a whole.
    pub typed: String,
}

impl Flaw {
    fn of(field: &'static str, why: &'static str, typed: &str) -> Flaw {
        // Of a date nobody knows any more what was typed.
        let typed = if typed == DATE { "" } else { typed };
        let mut short: String = typed.chars().filter(|c| !c.is_control()).take(MAX_TYPED).collect();
        if typed.chars().nth(MAX_TYPED).is_some() {
            short.push('…');
        }
        Flaw { field, why, typed: short }
    }
}

/// Something that a row makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = ImportMakes))]
#[serde(rename_all = "snake_case")]
pub enum Makes {
    /// A house.
    House,
    /// A person, who gets a place in the house.
    Person,
    /// A place in the house, of somebody who is known.
    Place,
    /// A car of theirs.
    Vehicle,
}

/// A row, as far as it could be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Its line in the table, from 1.
    pub line: u32,
    /// The house's label.
    pub house: String,
    /// For guards, about the house.
    pub note: String,
    /// Empty where the row is only about a house.
    pub name: String,
    /// In E.164; may be empty.
    pub phone: String,
    /// As what they live there.
    pub kind: PlaceKind,
    /// Whether the row says it: otherwise whoever lives there already stays what they are.
    pub says_kind: bool,
    /// As typed; may be empty.
    pub plate: String,
    /// «Белая Нива».
    pub title: String,
}

/// A row, and what would come of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// The row.
    pub row: Row,
    /// What is wrong with it.
    pub flaws: Vec<Flaw>,
    /// What it would make; nothing where it is wrong, or all is known.
    pub makes: Vec<Makes>,
}

/// What each row of a table would make.
///
/// # Errors
/// Where the actor may not, no column is one of houses, or the store fails.
pub fn plan(view: View<'_>, now: Now, actor: &Actor, sheet: &Sheet) -> Result<Vec<Planned>, Denied> {
    require(view, now, actor)?;
    let community = people::community(view)?.value;
    let mut seen = Seen::default();
    let mut planned = Vec::new();
    for cells in sheet.rows() {
        let (row, mut flaws) = read(view, &cells, &community.country, &community.language)?;
        let makes = if flaws.is_empty() { makes(view, &row, &mut seen)? } else { Some(Vec::new()) };
        if makes.is_none() {
            flaws.push(Flaw::of("row", "twice", ""));
        }
        planned.push(Planned { row, flaws, makes: makes.unwrap_or_default() });
    }
    Ok(planned)
}

/// What other rows of the table have made by then.
#[derive(Default)]
struct Seen {
    rows: BTreeSet<(String, String, String, Option<PlaceKindKey>, String)>,
    houses: BTreeSet<String>,
    /// Of a house: telephone, name and what they are.
    people: BTreeMap<String, Vec<(String, String, PlaceKind)>>,
    cars: BTreeSet<(String, String)>,
}

type PlaceKindKey = u8;

/// What a row makes beside what is there and what other rows make; `None`: another row is the same.
fn makes(view: View<'_>, row: &Row, seen: &mut Seen) -> Result<Option<Vec<Makes>>, Denied> {
    let key = key_of_label(&row.house);
    let plate = if row.plate.is_empty() { String::new() } else { typed_plate(view, &row.plate)? };
    let kind = row.says_kind.then_some(row.kind as PlaceKindKey);
    if !seen.rows.insert((key.clone(), row.phone.clone(), folded(&row.name), kind, plate.clone())) {
        return Ok(None);
    }
    let mut makes = Vec::new();
    let house = house_of(view, &key)?;
    if house.is_none() && seen.houses.insert(key.clone()) {
        makes.push(Makes::House);
    }
    if row.name.is_empty() {
        return Ok(Some(makes));
    }
    let known = house.map(|house| resident(view, house, row)).transpose()?.flatten();
    let before = seen.people.entry(key.clone()).or_default();
    let is_same = |(phone, name, _): &&(String, String, PlaceKind)| is_same(row, phone, name);
    let has = |kinds: &[PlaceKind]| !row.says_kind || kinds.contains(&row.kind);
    let kinds_before: Vec<_> = before.iter().filter(is_same).map(|(_, _, kind)| *kind).collect();
    match &known {
        Some((_, kinds)) if has(kinds) || kinds_before.contains(&row.kind) => {}
        Some(_) => makes.push(Makes::Place),
        None if !kinds_before.is_empty() && has(&kinds_before) => {}
        None if !kinds_before.is_empty() || elsewhere(view, row)?.is_some() => makes.push(Makes::Place),
        None => makes.push(Makes::Person),
    }
    before.push((row.phone.clone(), folded(&row.name), row.kind));
    if !plate.is_empty() {
        let is_known = house.map(|house| car_of(view, house, &plate)).transpose()?.unwrap_or_default();
        if seen.cars.insert((key, plate)) && !is_known {
            makes.push(Makes::Vehicle);
        }
    }
    Ok(Some(makes))
}

/// Makes the next thing that a row makes and that is not there; `None` where all is. To be committed before it is asked for
/// the next one.
///
/// # Errors
/// Where the actor may not, or a slice refuses it.
pub fn step(
    ctx: &mut Context<'_>,
    actor: &Actor,
    row: &Row,
) -> Result<Option<(Makes, Done, Writes)>, Denied> {
    require(ctx.view, ctx.now, actor)?;
    let Some(house) = house_of(ctx.view, &key_of_label(&row.house))? else {
        let (house, writes) = people::add_house(ctx, actor, &row.house, &row.note)?;
        return Ok(Some((Makes::House, Done { house, person: None }, writes)));
    };
    if row.name.is_empty() {
        return Ok(None);
    }
    let known = resident(ctx.view, house, row)?;
    let done = |person| Done { house, person: Some(person) };
    match known {
        Some((_, kinds)) if !row.says_kind || kinds.contains(&row.kind) => {}
        Some((person, _)) => {
            let (_, writes) = people::settle(ctx, actor, person, house, row.kind)?;
            return Ok(Some((Makes::Place, done(person), writes)));
        }
        None => {
            if let Some(person) = elsewhere(ctx.view, row)? {
                let (_, writes) = people::settle(ctx, actor, person, house, row.kind)?;
                return Ok(Some((Makes::Place, done(person), writes)));
            }
            let language = people::community(ctx.view)?.value.language;
            let person = Person { name: row.name.clone(), phone: row.phone.clone(), language };
            let (person, writes) = people::enter(ctx, actor, &person, house, row.kind)?;
            return Ok(Some((Makes::Person, done(person), writes)));
        }
    }
    let person = resident(ctx.view, house, row)?.map(|(person, _)| person);
    if let Some(person) = person.filter(|_| !row.plate.is_empty())
        && !car_of(ctx.view, house, &typed_plate(ctx.view, &row.plate)?)?
    {
        let (_, writes) = vehicles::add_for(ctx, actor, house, person, &row.plate, &row.title)?;
        return Ok(Some((Makes::Vehicle, done(person), writes)));
    }
    Ok(None)
}

/// Whom and which house a step concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done {
    /// The house.
    pub house: RecordId,
    /// The person; `None` where it is only about the house.
    pub person: Option<RecordId>,
}

fn require(view: View<'_>, now: Now, actor: &Actor) -> Result<(), Denied> {
    for permission in [Permission::ManageHouses, Permission::ManagePeople] {
        if !people::may(view, now, actor, permission)? {
            return Err(Denied::NotAllowed);
        }
    }
    Ok(())
}

/// Reads the cells of a row, and what is wrong with them.
fn read(
    view: View<'_>,
    cells: &BTreeMap<Column, String>,
    country: &str,
    language: &str,
) -> Result<(Row, Vec<Flaw>), Denied> {
    let mut flaws = Vec::new();
    let cell = |column: Column| cells.get(&column).map(|text| text.trim()).unwrap_or_default();
    let mut row = Row {
        line: cells.get(&Column::Line).and_then(|line| line.parse().ok()).unwrap_or(0),
        ..Row::default()
    };
    let mut keep = |column: Column, read: Result<String, Denied>| match read {
        Ok(text) => Ok(text),
        Err(Denied::Invalid { field, why }) => {
            flaws.push(Flaw::of(field, why, cell(column)));
            Ok(String::new())
        }
        Err(other) => Err(other),
    };
    let dated = |field: &'static str, text: &str| match text {
        DATE => Err(Denied::invalid(field, "a-date")),
        _ => Ok(()),
    };
    let label = cell(Column::House);
    row.house = keep(Column::House, dated("house", label).and_then(|()| filled("house", label, 40)))?;
    row.note = keep(Column::Note, line("note", cell(Column::Note), 500))?;
    row.name = keep(Column::Name, line("name", cell(Column::Name), 80))?;
    row.title = keep(Column::Title, line("title", cell(Column::Title), 80))?;
    let phone = dialled(cell(Column::Phone), country);
    let phone = dated("phone", cell(Column::Phone)).and_then(|()| {
        let person = Person { name: "?".to_owned(), phone, language: language.to_owned() };
        people::checked(view, &person).map(|person| person.phone)
    });
    row.phone = keep(Column::Phone, phone)?;
    let plate = match cell(Column::Plate) {
        "" => Ok(String::new()),
        plate => typed_plate(view, plate).map(|_| plate.to_owned()),
    };
    row.plate = keep(Column::Plate, plate)?;
    match columns::kind(cell(Column::Kind)) {
        Ok(kind) => (row.kind, row.says_kind) = (kind.unwrap_or_default(), kind.is_some()),
        Err(()) => flaws.push(Flaw::of("kind", "not-a-kind", cell(Column::Kind))),
    }
    let lacks_name =
        [Column::Phone, Column::Plate, Column::Kind].iter().any(|column| !cell(*column).is_empty());
    if cell(Column::Name).is_empty() && lacks_name {
        flaws.push(Flaw::of("name", "empty", ""));
    }
    if !row.plate.is_empty() && !Capacity::from(row.kind).may(Permission::AddVehicle) {
        flaws.push(Flaw::of("plate", "no-cars", &row.plate));
    }
    Ok((row, flaws))
}

/// A number as tables have them: without its plus, because a program took it for a quantity.
fn dialled(text: &str, country: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let is_bare = !text.starts_with('+') && ["RU", "KZ"].contains(&country);
    match digits.len() {
        11 if is_bare && digits.starts_with('7') => format!("+{digits}"),
        10 if is_bare && digits.starts_with('9') => format!("+7{digits}"),
        _ => text.to_owned(),
    }
}

fn folded(name: &str) -> String {
    name.to_lowercase().replace('ё', "е").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_same(row: &Row, phone: &str, name: &str) -> bool {
    (!row.phone.is_empty() && row.phone == phone) || folded(&row.name) == folded(name)
}

fn house_of(view: View<'_>, key: &str) -> Result<Option<RecordId>, ReadError> {
    Ok(view.of::<House>().find(&Query::on("key").equal(key).limit(1))?.entries.first().map(|house| house.id))
}

/// Who of a house a row means, and what they are there.
fn resident(
    view: View<'_>,
    house: RecordId,
    row: &Row,
) -> Result<Option<(RecordId, Vec<PlaceKind>)>, ReadError> {
    let mut kinds: BTreeMap<RecordId, Vec<PlaceKind>> = BTreeMap::new();
    for place in naming::<Place>(view, "house", house)? {
        if let Some(kind) = place.value.kind.known()
            && rights::life(view, place.id)? == Life::Alive
        {
            kinds.entry(place.value.person).or_default().push(*kind);
        }
    }
    let mut by_name = None;
    for (person, kinds) in kinds {
        let Some(known) = view.of::<Person>().get(person)?.map(|person| person.value) else { continue };
        if !row.phone.is_empty() && known.phone == row.phone {
            return Ok(Some((person, kinds)));
        }
        if by_name.is_none() && is_same(row, &known.phone, &known.name) {
            by_name = Some((person, kinds));
        }
    }
    Ok(by_name)
}

/// Somebody of the community of this name and telephone, who lives in another house.
fn elsewhere(view: View<'_>, row: &Row) -> Result<Option<RecordId>, ReadError> {
    if row.phone.is_empty() {
        return Ok(None);
    }
    let found = view.of::<Person>().search(&row.phone, None, 50)?.entries;
    let same = |person: &&dwellers_replica::Entry<Person>| {
        person.value.phone == row.phone && folded(&person.value.name) == folded(&row.name)
    };
    Ok(found.iter().find(same).map(|person| person.id))
}

/// Whether a house has this car.
fn car_of(view: View<'_>, house: RecordId, plate: &str) -> Result<bool, ReadError> {
    for car in naming::<Vehicle>(view, "house", house)? {
        if car.value.plate == plate && rights::life(view, car.id)? == Life::Alive {
            return Ok(true);
        }
    }
    Ok(false)
}
