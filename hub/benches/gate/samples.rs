//! A settlement as large as the budgets say: houses with many cars, and a journal of years.

use dwellers::access::{Reason, Verdict};
use dwellers::gates::Direction;
use dwellers::journal::{Book, Entry, Kind};
use dwellers::people::{Community, House, Person, Place};
use dwellers::vehicles::Vehicle;
use dwellers_replica::builtin::Registration;
use dwellers_replica::delta::{Chunk, FULL_CHUNK_FIELDS};
use dwellers_replica::{
    Mark, Memory, Now, Open, RecordId, Replica, ReplicaId, Role, Shared, Source, Vector, Writes,
};

/// Cars of one house: more than any has, so that few houses carry many grants.
const CARS_OF_A_HOUSE: u64 = 50;
pub const CLOUD: ReplicaId = RecordId::new(1, 1);
/// Another one, with as much to tell.
pub const OTHER_CLOUD: ReplicaId = RecordId::new(1, 2);

pub fn now(ms: u64) -> Now {
    Now { ms, trusted: true }
}

/// The n-th car's plate, folded.
pub fn plate(n: u64) -> String {
    const LETTERS: &[u8; 12] = b"ABEKMHOPCTYX";
    let letter = |at: u64| char::from(LETTERS[(at % 12) as usize]);
    format!("{}{:03}{}{}{}", letter(n / 1000), n % 1000, letter(n / 12_000), letter(n / 144_000), 77)
}

/// A cloud with so many standing grants.
pub fn cloud(own: ReplicaId, grants: u64, hub: ReplicaId, at: Now) -> Replica<Memory> {
    let mut cloud = Replica::create(Memory::new(), dwellers::schema(), own, Role::Cloud, "", at).unwrap();
    let registration = Registration { role: Some(Role::Hub), key: "hub".into(), succeeds: None };
    cloud.register(hub, &registration, at).unwrap();
    let community = Community {
        name: "Большая".into(),
        time_zone: "Europe/Moscow".into(),
        language: "ru".into(),
        currency: "RUB".into(),
        country: "RU".into(),
    };
    cloud.commit(at, Writes::new().create(Community::ID, &community)).unwrap();
    let id = |kind: u128, n: u64| RecordId::new(at.ms, (kind << 64) | u128::from(n));
    for house in 0..grants.div_ceil(CARS_OF_A_HOUSE) {
        let (person, place) = (id(2, house), id(3, house));
        let mut writes = Writes::new();
        let label = house.to_string();
        writes.create(id(1, house), &House { key: label.clone(), label, ..House::default() });
        writes.create(person, &Person { name: format!("Хозяин {house}"), ..Person::default() });
        writes.create(place, &Place { person, house: id(1, house), ..Place::default() });
        cloud.commit(at, &writes).unwrap();
        let mut writes = Writes::new();
        for n in (house * CARS_OF_A_HOUSE..grants).take(CARS_OF_A_HOUSE as usize) {
            let car = Vehicle {
                plate: plate(n),
                title: "Нива".into(),
                house: id(1, house),
                person,
                under: Some(place),
                rules: 1,
                ..Vehicle::default()
            };
            writes.create(id(4, n), &car);
        }
        cloud.commit(at, &writes).unwrap();
    }
    cloud
}

/// Everything of a cloud, in the chunks of a catch-up that goes on from `base`.
pub fn chunks(cloud: &mut Replica<Memory>, mut base: Mark) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    loop {
        let chunk = cloud.since(base, base.arrival, &Vector::new(), FULL_CHUNK_FIELDS).unwrap();
        let done = chunk.to.is_some();
        base = chunk.mark;
        chunks.push(chunk);
        if done {
            return chunks;
        }
    }
}

pub fn merge(hub: &Shared, chunks: Vec<Chunk>, at: Now) {
    let source = Source { replica: CLOUD, role: Role::Cloud };
    for chunk in chunks {
        hub.merge(source, at, chunk).unwrap();
    }
}

/// Writes so many entries of a journal, in the ids of the time before `at`.
pub fn journal(hub: &Shared, entries: u64, at: Now) {
    const AT_ONCE: u64 = 16;
    let mut book = hub.view(|view| Book::open(view).unwrap()).unwrap();
    for first in (0..entries).step_by(AT_ONCE as usize) {
        let mut writes = Writes::new();
        for n in first..entries.min(first + AT_ONCE) {
            let mut entry = Entry {
                kind: Open::Known(if n % 2 == 0 { Kind::Decided } else { Kind::Passed }),
                verdict: Some(Open::Known(Verdict::Open)),
                reason: Some(Open::Known(Reason::Vehicle)),
                direction: Some(Direction::Entry),
                lane: "in".into(),
                plate: plate(n % 100_000),
                ..Entry::default()
            };
            book.write(&mut entry, at, u128::from(n));
            writes.create(RecordId::new(at.ms - entries + n, u128::from(n)), &entry);
        }
        hub.commit(at, writes).unwrap();
    }
}
