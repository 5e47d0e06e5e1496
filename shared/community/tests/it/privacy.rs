//! All that is known of a person, and that it does not come back once it was erased.

use dwellers::access::{Reason, Verdict};
use dwellers::journal::{self, Book, Entry, Kind};
use dwellers::passes;
use dwellers::people::{self, Applicant, Becoming, Person, PlaceKind, held};
use dwellers::privacy::{self, AT_ONCE, What};
use dwellers::{Actor, vehicles};
use dwellers_replica::{Open, RecordId, Writes};

use crate::village::{CODE_KEY, Node, Village, guest, pass, person, said};

/// What the hub writes into its journal.
pub fn journal(hub: &mut Node, entry: Entry) -> RecordId {
    hub.pass_time(1);
    let now = hub.now;
    let mut entry = entry;
    hub.run(|ctx| {
        let mut book = Book::open(ctx.view)?;
        book.write(&mut entry, now, 77);
        let (id, mut writes) = (ctx.new_id()?, Writes::new());
        writes.create(id, &entry);
        Ok((id, writes))
    })
}

/// That somebody was let in.
pub fn let_in(reason: Reason, house: RecordId) -> Entry {
    Entry {
        kind: Open::Known(Kind::Decided),
        verdict: Some(Open::Known(Verdict::Open)),
        reason: Some(Open::Known(reason)),
        house: Some(house),
        ..Entry::default()
    }
}

fn entry_of(node: &Node, id: RecordId) -> Entry {
    node.view(|view| view.of::<Entry>().get(id)).unwrap().unwrap().value
}

/// Erases whatever there is to be erased, as the cloud does.
fn erase_all(cloud: &mut Node, person: RecordId) -> usize {
    let mut erased = 0;
    loop {
        let doomed = cloud.view(|view| privacy::doomed(view, person)).unwrap();
        if doomed.is_empty() {
            return erased;
        }
        let some = &doomed[..doomed.len().min(AT_ONCE)];
        cloud.run(|ctx| privacy::erase(ctx, some));
        erased += some.len();
    }
}

/// Анна has a car, a visitor and a past.
struct Past {
    village: Village,
    by_car: RecordId,
    followed: RecordId,
    by_pass: RecordId,
    seen: RecordId,
    vehicle: RecordId,
    application: RecordId,
}

fn past() -> Past {
    let mut village = Village::new();
    let (anna, house) = (village.anna, village.houses[0]);
    // She came with a code.
    let code = village.cloud.run(|ctx| people::issue_code(ctx, &Actor::Operator, house, &CODE_KEY));
    let applicant = Applicant { person: person("Анна", "+79160000012"), kind: PlaceKind::Family };
    let application = village.cloud.run(|ctx| people::apply_with_code(ctx, &CODE_KEY, &code, &applicant));
    let olga = village.olga.acts();
    let known = Becoming { known: Some(anna.person), ..Becoming::default() };
    village.cloud.run(|ctx| people::accept(ctx, &olga, application, known));
    let vehicle =
        village.cloud.run(|ctx| vehicles::add(ctx, &anna.acts(), house, "А 123 ВС 77", "Белая Нива"));
    let (visitor, _) = village.cloud.run(|ctx| passes::issue(ctx, &anna.acts(), &pass(house, guest())));
    village.talk();
    let plate = "A123BC77".to_owned();
    let car = Entry {
        plate: plate.clone(),
        crop: "c0".repeat(32),
        grant: Some(vehicle),
        person: Some(anna.person),
        ..let_in(Reason::Vehicle, house)
    };
    let by_car = journal(&mut village.hub, car);
    let passed = Open::Known(Kind::Passed);
    let after = Entry { kind: passed, about: Some(by_car), name: "Анна".into(), ..Entry::default() };
    let followed = journal(&mut village.hub, after);
    let guest = Entry { name: "Гость".into(), grant: Some(visitor), ..let_in(Reason::Pass, house) };
    let by_pass = journal(&mut village.hub, guest);
    let seen = Entry { plate, ..Entry::default() };
    let seen = journal(&mut village.hub, seen);
    Past { village, by_car, followed, by_pass, seen, vehicle, application }
}

#[test]
fn a_person_sees_all_that_is_known_of_them() {
    let Past { mut village, by_car, followed, by_pass, seen, vehicle, application } = past();
    village.talk();
    let anna = village.anna.person;
    let data = village.cloud.view(|view| privacy::data(view, anna)).unwrap();
    assert_eq!(data.person.unwrap().value.name, "Анна");
    assert_eq!(data.vehicles.iter().map(|car| car.id).collect::<Vec<_>>(), [vehicle]);
    assert_eq!(data.applications.iter().map(|one| one.id).collect::<Vec<_>>(), [application]);
    assert_eq!((data.passes.len(), data.places.len(), data.roles.len()), (1, 2, 0));
    let entries: Vec<_> = data.entries.iter().map(|entry| entry.id).collect();
    assert_eq!(entries, [seen, by_pass, followed, by_car]);
    // Nothing of it is another's.
    let galina = village.galina.person;
    let data = village.cloud.view(|view| privacy::data(view, galina)).unwrap();
    assert!(data.vehicles.is_empty() && data.entries.is_empty() && data.applications.is_empty());
}

#[test]
fn whoever_enters_the_plate_of_another_learns_and_destroys_nothing_of_theirs() {
    let Past { mut village, by_car, seen, vehicle, .. } = past();
    let anna = village.anna;
    let (galina, others) = (village.galina, village.houses[1]);
    village.hub.pass_time(1_000);
    let to_anna = Entry { plate: "A123BC77".to_owned(), ..let_in(Reason::Guard, village.houses[0]) };
    let to_anna = journal(&mut village.hub, to_anna);
    village.talk();
    village.cloud.pass_time(2_000);
    // She has sold it.
    village.cloud.run(|ctx| dwellers::rights::revoke(ctx, &anna.acts(), vehicle, ""));
    let car = village.cloud.run(|ctx| vehicles::add(ctx, &galina.acts(), others, "А 123 ВС 77", ""));
    village.hub.pass_time(3_000);
    let at_gate = journal(&mut village.hub, Entry { plate: "A123BC77".to_owned(), ..Entry::default() });
    let to_anna_later = Entry { plate: "A123BC77".to_owned(), ..let_in(Reason::Guard, village.houses[0]) };
    journal(&mut village.hub, to_anna_later);
    village.talk();
    village.cloud.pass_time(10_000);
    village.cloud.run(|ctx| dwellers::rights::revoke(ctx, &galina.acts(), car, ""));
    village.hub.pass_time(20_000);
    journal(&mut village.hub, Entry { plate: "A123BC77".to_owned(), ..Entry::default() });
    village.talk();
    let data = village.cloud.view(|view| privacy::data(view, galina.person)).unwrap();
    assert_eq!(data.entries.iter().map(|entry| entry.id).collect::<Vec<_>>(), [at_gate]);
    village.cloud.run(|ctx| privacy::ask(ctx, &galina.acts(), galina.person, "erase"));
    erase_all(&mut village.cloud, galina.person);
    for id in [by_car, seen, to_anna, at_gate] {
        assert_eq!(entry_of(&village.cloud, id).plate, "A123BC77");
    }
}

#[test]
fn who_is_erased_has_no_rights_at_once_and_is_nowhere_in_the_end() {
    let Past { mut village, by_car, followed, by_pass, seen, vehicle, application } = past();
    village.talk();
    let anna = village.anna;
    village.cloud.run(|ctx| privacy::ask(ctx, &anna.acts(), anna.person, " Стереть "));
    let now = village.cloud.now;
    assert_eq!(village.cloud.view(|view| held(view, now, anna.person)).unwrap(), []);
    assert_eq!(village.cloud.view(|view| held(view, now, village.boris.person)).unwrap(), [], "under her");
    // Whoever stops and begins anew loses nothing: what leads to the rest goes last.
    let doomed = village.cloud.view(|view| privacy::doomed(view, anna.person)).unwrap();
    assert_eq!(doomed.last().unwrap().what, What::Person);
    assert!(doomed.iter().any(|one| one.blob == "c0".repeat(32)), "its picture goes first");
    village.cloud.run(|ctx| privacy::erase(ctx, &doomed[..2]));
    assert!(erase_all(&mut village.cloud, anna.person) > 3);
    village.talk();
    for node in [&village.cloud, &village.hub] {
        // What shows only the plate may be another's, who has entered it, too.
        assert_eq!(entry_of(node, seen).plate, "A123BC77");
        for id in [by_car, followed, by_pass] {
            let entry = entry_of(node, id);
            assert_eq!((entry.plate.as_str(), entry.name.as_str(), entry.crop.as_str()), ("", "", ""));
            assert_eq!((entry.person, entry.salt.as_str()), (None, ""));
        }
        assert_eq!(entry_of(node, by_car).house, Some(village.houses[0]), "the journal shows the house");
        let known = node.view(|view| view.of::<Person>().get(anna.person)).unwrap().unwrap().value;
        assert_eq!((known.name.as_str(), known.phone.as_str()), ("", ""));
        let car = node.view(|view| view.of::<vehicles::Vehicle>().get(vehicle)).unwrap().unwrap().value;
        assert_eq!((car.plate.as_str(), car.title.as_str()), ("", ""));
        let asked = node.view(|view| view.of::<people::Application>().get(application)).unwrap().unwrap();
        assert_eq!(asked.value.name, "");
        assert!(node.view(|view| view.of::<Person>().search("анна", None, 10)).unwrap().entries.is_empty());
    }
    // The book can be proved all the same.
    let hub = village.hub_id();
    let checked = village.cloud.view(|view| journal::check(view, hub)).unwrap();
    assert_eq!((checked.forgotten, checked.faults.len()), (3, 0));
}

#[test]
fn what_a_hub_tells_later_is_found_and_erased_too() {
    let Past { mut village, by_car, .. } = past();
    // The hub is cut off: the cloud erases what it knows.
    let anna = village.anna;
    village.cloud.run(|ctx| privacy::ask(ctx, &anna.acts(), anna.person, "erase"));
    erase_all(&mut village.cloud, anna.person);
    village.cloud.catch_up(&mut village.hub);
    assert_eq!(entry_of(&village.cloud, by_car).plate, "A123BC77", "it has come");
    assert!(erase_all(&mut village.cloud, anna.person) >= 3);
    assert_eq!(entry_of(&village.cloud, by_car).plate, "");
    village.talk();
    assert_eq!(entry_of(&village.hub, by_car).plate, "");
    village.cloud.catch_up(&mut village.hub);
    assert_eq!(entry_of(&village.cloud, by_car).plate, "", "nothing comes back");
}

#[test]
fn erasing_is_for_oneself_and_for_administrators_and_is_confirmed() {
    let mut village = Village::new();
    let (anna, boris, olga) = (village.anna, village.boris, village.olga);
    let mut ask = |actor: &Actor, whom, word: &str| {
        said(village.cloud.judge(|ctx| privacy::ask(ctx, actor, whom, word)))
    };
    assert_eq!(ask(&boris.acts(), anna.person, "стереть"), "this actor may not do that");
    assert_eq!(ask(&anna.acts(), anna.person, "да"), "confirmation: not-confirmed");
    assert_eq!(ask(&olga.acts(), RecordId::new(1, 1), "стереть"), "there is no such person");
    assert_eq!(ask(&olga.acts(), olga.person, "стереть"), "role: last-administrator");
    assert_eq!(ask(&olga.acts(), anna.person, "ERASE"), "done");
    village.cloud.run(|ctx| privacy::ask(ctx, &olga.acts(), anna.person, "стереть"));
    let again = village.cloud.judge(|ctx| privacy::ask(ctx, &olga.acts(), anna.person, "стереть"));
    assert_eq!(said(again), "this person has ended");
    // How far it has come is written down.
    let now = village.cloud.now;
    for (erased, is_all) in [(100, false), (3, true)] {
        let noted = village.cloud.view(|view| privacy::note(view, now, anna.person, erased, is_all)).unwrap();
        village.cloud.commit(&noted.unwrap()).unwrap();
    }
    let request = village.cloud.view(|view| privacy::request(view, anna.person)).unwrap().unwrap().value;
    assert_eq!((request.records, request.done_ms), (103, now.ms));
}
