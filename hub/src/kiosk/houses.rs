//! Houses, whom to call there, and residents' cars.

use std::collections::BTreeSet;

use dwellers::people::{self, House, Permission, Person, Place, PlaceKind};
use dwellers::plate;
use dwellers::rights::{self, Life};
use dwellers::vehicles::Vehicle;
use dwellers_replica::{Entry, Query, ReadError, RecordId};
use serde::Serialize;
use utoipa::ToSchema;

use super::expected::Search;
use super::session::Signed;
use super::table::{Answer, Call, Table, json};
use dwellers::words::Words;

/// The most that a guard is shown; more is what the search is for.
const MOST: usize = 100;

pub(super) fn routes(to: &mut Table) {
    to.guards::<__path_houses, _, _>(houses);
    to.guards::<__path_vehicles, _, _>(vehicles);
}

#[derive(Serialize, ToSchema)]
struct Houses {
    houses: Vec<Shown>,
}

/// A house, and whom to call there.
#[derive(Serialize, ToSchema)]
#[schema(as = House)]
struct Shown {
    id: RecordId,
    label: String,
    note: String,
    people: Vec<Inhabitant>,
}

/// Somebody who lives there.
#[derive(Serialize, ToSchema)]
struct Inhabitant {
    id: RecordId,
    name: String,
    /// Empty where none is known.
    phone: String,
    place: PlaceKind,
    place_text: String,
}

#[derive(Serialize, ToSchema)]
struct Vehicles {
    vehicles: Vec<Car>,
}

/// A resident's car.
#[derive(Serialize, ToSchema)]
#[schema(as = Vehicle)]
struct Car {
    id: RecordId,
    /// Folded.
    plate: String,
    /// As people write it.
    plate_shown: String,
    /// What it is called; may be empty.
    title: String,
    house: RecordId,
    house_label: String,
    person: RecordId,
    person_name: String,
}

/// Houses, their people and telephones, by a part of label, name or telephone
#[utoipa::path(get, path = "/api/houses", tag = "houses", operation_id = "houses.list",
    params(Search), responses((status = 200, body = Houses)))]
async fn houses(call: Call, _guard: Signed) -> Answer {
    let Search { search } = call.query()?;
    let houses = call.read(move |words| {
        let found = find_houses(words, search.trim())?;
        Ok(found.into_iter().map(|house| shown(words, house)).collect::<Result<Vec<_>, _>>()?)
    });
    json(&Houses { houses: houses.await? })
}

/// By a part of the label, or of the name or telephone of somebody who lives there.
fn find_houses(words: &Words<'_>, search: &str) -> Result<Vec<Entry<House>>, ReadError> {
    let (label, mut homes) = (people::key_of_label(search), BTreeSet::new());
    if !search.is_empty() {
        for person in words.view.of::<Person>().search(search, None, MOST)?.entries {
            let places = Query::on("person").equal(person.id.to_string());
            homes.extend(
                words.view.of::<Place>().find(&places)?.entries.into_iter().map(|place| place.value.house),
            );
        }
    }
    // Who asks for 1 means 1 before 10 and 21.
    let rank = |house: &Entry<House>| (house.value.key != label, !house.value.key.starts_with(&label));
    let fits = |house: &Entry<House>| house.value.key.contains(&label) || homes.contains(&house.id);
    let mut found: Vec<_> = people::houses(words.view)?.into_iter().filter(fits).collect();
    found.sort_by_key(rank);
    found.truncate(MOST);
    Ok(found)
}

fn shown(words: &Words<'_>, house: Entry<House>) -> Result<Shown, ReadError> {
    let mut inhabitants = Vec::new();
    for (held, person) in people::residents(words.view, words.now, house.id, Permission::OpenGates)? {
        let place =
            words.view.of::<Place>().get(held.grant)?.and_then(|place| place.value.kind.known().copied());
        let (Some(place), Some(person)) = (place, words.view.of::<Person>().get(person)?) else { continue };
        let Person { name, phone, .. } = person.value;
        inhabitants.push(Inhabitant {
            id: person.id,
            name,
            phone,
            place,
            place_text: words.texts.say(place),
        });
    }
    let House { label, note, .. } = house.value;
    Ok(Shown { id: house.id, label, note, people: inhabitants })
}

/// Residents' cars that may come in, by a part of plate or name
#[utoipa::path(get, path = "/api/vehicles", tag = "vehicles", operation_id = "vehicles.list",
    params(Search), responses((status = 200, body = Vehicles)))]
async fn vehicles(call: Call, _guard: Signed) -> Answer {
    let Search { search } = call.query()?;
    let vehicles = call.read(move |words| Ok(find_vehicles(words, search.trim())?));
    json(&Vehicles { vehicles: vehicles.await? })
}

/// By a part of the plate or of what the car is called, newest first; only those that may come in.
fn find_vehicles(words: &Words<'_>, search: &str) -> Result<Vec<Car>, ReadError> {
    let cars = words.view.of::<Vehicle>();
    let mut found = cars.search(search, None, MOST)?.entries;
    let plate = plate::fold(search);
    if !plate.is_empty() && plate != search {
        found.extend(cars.search(&plate, None, MOST)?.entries);
    }
    let (mut seen, mut shown) = (BTreeSet::new(), Vec::new());
    for car in found {
        if seen.insert(car.id) && shown.len() < MOST && rights::life(words.view, car.id)? == Life::Alive {
            let Vehicle { plate, title, house, person, .. } = car.value;
            let (house_label, person_name) = (words.house(Some(house))?, words.person(Some(person))?);
            let plate_shown = words.plate(&plate);
            shown.push(Car {
                id: car.id,
                plate,
                plate_shown,
                title,
                house,
                house_label,
                person,
                person_name,
            });
        }
    }
    Ok(shown)
}
