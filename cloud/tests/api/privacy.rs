//! What is known of oneself, and that it is gone when one wants it gone.

use dwellers::access::{Reason, Verdict};
use dwellers::consents::Origin;
use dwellers::journal::{Book, Entry, Kind as EntryKind};
use dwellers::people::{Person, PlaceKind, Role};
use dwellers::vehicles::Vehicle;
use dwellers::{Actor, privacy, vehicles};
use dwellers_cloud::accounts::Way;
use dwellers_cloud::blobs::Kind;
use dwellers_cloud::clock::{entropy, now};
use dwellers_cloud::retention;
use dwellers_link::blobs::hex;
use dwellers_replica::builtin::Registration;
use dwellers_replica::delta::MAX_CHUNK_FIELDS;
use dwellers_replica::{Memory, Now, Open, RecordId, Replica, Role as Side, Source, Writes};
use serde_json::json;
use tokio::runtime::Runtime;

use crate::town::{Town, Village};

/// A gatehouse of a village, with a store of its own.
pub(crate) struct Gatehouse {
    store: Replica<Memory>,
    id: RecordId,
}

impl Gatehouse {
    pub(crate) fn of(village: &Village) -> Gatehouse {
        let (id, now) = (RecordId::new(now().ms, entropy()), now());
        let registration = Registration { role: Some(Side::Hub), key: "key".to_owned(), succeeds: None };
        let registered = move |replica: &mut Replica<_>| replica.register(id, &registration, now);
        village.community.store.with(registered).unwrap().unwrap();
        let mut store = Replica::create(Memory::new(), dwellers::schema(), id, Side::Hub, "", now).unwrap();
        store.introduce(village.community.replica, Side::Cloud, now).unwrap();
        let mut gatehouse = Gatehouse { store, id };
        gatehouse.hears(village);
        gatehouse
    }

    pub(crate) fn hears(&mut self, village: &Village) {
        let cloud = &village.community.store;
        let source = Source { replica: village.community.replica, role: Side::Cloud };
        loop {
            let resumption = self.store.resumption(source.replica).unwrap();
            let base = cloud.resume(&resumption).unwrap().unwrap();
            let chunk = cloud.since(base, base.arrival, &resumption.vector, MAX_CHUNK_FIELDS).unwrap();
            self.store.merge(source, now(), &chunk).unwrap();
            if chunk.to.is_some() {
                return;
            }
        }
    }

    pub(crate) fn tells(&mut self, village: &Village) {
        let cloud = &village.community.store;
        let source = Source { replica: self.id, role: Side::Hub };
        loop {
            let resumption = cloud.resumption(source.replica).unwrap();
            let base = self.store.resume(&resumption).unwrap().unwrap();
            let chunk = self.store.since(base, base.arrival, &resumption.vector, MAX_CHUNK_FIELDS).unwrap();
            let is_last = chunk.to.is_some();
            cloud.merge(source, now(), chunk).unwrap();
            if is_last {
                return;
            }
        }
    }

    pub(crate) fn writes(&mut self, entry: Entry) -> RecordId {
        self.writes_at(entry, now())
    }

    pub(crate) fn writes_at(&mut self, entry: Entry, now: Now) -> RecordId {
        let mut book = self.store.view(|view| Book::open(view).unwrap()).unwrap();
        let mut entry = Entry {
            verdict: Some(Open::Known(Verdict::Open)),
            kind: Open::Known(EntryKind::Decided),
            ..entry
        };
        book.write(&mut entry, now, entropy());
        let id = self.store.view(|view| view.new_id(now, entropy()).unwrap()).unwrap();
        let mut writes = Writes::new();
        writes.create(id, &entry);
        self.store.commit(now, &writes).unwrap();
        id
    }

    pub(crate) fn entry(&self, id: RecordId) -> Entry {
        self.store.view(|view| view.of::<Entry>().get(id)).unwrap().unwrap().unwrap().value
    }

    fn person(&self, id: RecordId) -> Person {
        self.store.view(|view| view.of::<Person>().get(id)).unwrap().unwrap().unwrap().value
    }
}

pub(crate) fn entry_of(village: &Village, id: RecordId) -> Entry {
    village.community.store.view(|view| view.of::<Entry>().get(id)).unwrap().unwrap().unwrap().value
}

#[test]
fn a_person_takes_everything_along_even_after_they_left() {
    let (town, village) = Town::founded();
    let (house, olga) = (village.house("12"), village.officer("Ольга", Role::Administrator));
    let (anna, place) = village.resident("Анна", house, PlaceKind::Owner);
    let car = village.run(|ctx| vehicles::add(ctx, &Actor::Person(anna), house, "А123ВС77", "Нива"));
    let mut gatehouse = Gatehouse::of(&village);
    let entry = Entry {
        plate: "A123BC77".to_owned(),
        reason: Some(Open::Known(Reason::Vehicle)),
        grant: Some(car),
        house: Some(house),
        person: Some(anna),
        note: "опять без пропуска".to_owned(),
        ..Entry::default()
    };
    let entry = gatehouse.writes(entry);
    gatehouse.tells(&village);
    let office = town.as_person(&village, olga);
    office.put(&village.path(&format!("/houses/{house}")), &json!({ "label": "12" })).ok();
    let browser = town.as_person(&village, anna);
    village.revoke(olga, place);
    let answer = browser.get(&village.path("/me/export"));
    assert!(answer.header("content-disposition").starts_with("attachment"));
    let all = answer.ok();
    assert_eq!((&all["name"], &all["community"]), (&json!("Анна"), &json!("Сосновка")));
    assert_eq!(all["vehicles"][0]["plate"], "А 123 ВС 77");
    assert_eq!((&all["places"][0]["house"], &all["places"][0]["reason"]), (&json!("12"), &json!("съехал")));
    assert!(all["places"][0]["ended_ms"].as_u64().unwrap() > 0);
    assert_eq!((&all["journal"][0]["id"], &all["journal"][0]["note"]), (&json!(entry), &json!("")));
    // What she did in office is Ольга's; to whom is not.
    let own = office.get(&village.path("/me/export")).ok();
    let deed =
        own["deeds"].as_array().unwrap().iter().find(|deed| deed["action"] == "houses.rename").cloned();
    assert_eq!(
        deed.map(|deed| (deed["house"].clone(), deed["house_label"].clone())),
        Some((json!(null), json!("")))
    );
    assert_eq!((&all["consents"], &all["notifications"].is_array()), (&json!([]), &true));
    // Nobody exports another: there is no way to name one.
    let (boris, _) = village.resident("Борис", house, PlaceKind::Family);
    let newcomer = town.as_person(&village, boris);
    assert_eq!(newcomer.get(&village.path("/me/audit")).ok()["deeds"], json!([]), "from before he came");
    let other = newcomer.get(&village.path("/me/export")).ok();
    assert_eq!((&other["vehicles"], &other["journal"]), (&json!([]), &json!([])));
    town.nobody().0.get(&village.path("/me/export")).is(404, "not-found");
}

#[test]
fn who_is_erased_is_gone_here_and_at_the_gate_and_does_not_come_back() {
    let (town, village) = Town::founded();
    let (house, olga) = (village.house("12"), village.officer("Ольга", Role::Administrator));
    let (anna, _) = village.resident("Анна", house, PlaceKind::Owner);
    let car = village.run(|ctx| vehicles::add(ctx, &Actor::Person(anna), house, "А123ВС77", "Нива"));
    let mut gatehouse = Gatehouse::of(&village);
    let runtime = Runtime::new().unwrap();
    let blobs = town.communities.blobs();
    let put = blobs.put(&village.community, Kind::Crop, b"a picture".to_vec(), now());
    let picture = runtime.block_on(put).unwrap();
    let entry = || Entry {
        plate: "A123BC77".to_owned(),
        crop: hex(&picture),
        reason: Some(Open::Known(Reason::Vehicle)),
        grant: Some(car),
        house: Some(house),
        person: Some(anna),
        ..Entry::default()
    };
    let first = gatehouse.writes(entry());
    gatehouse.tells(&village);
    // This one is on its way while she is erased.
    let late = gatehouse.writes(entry());

    let browser = town.as_person(&village, anna);
    let text = crate::consents::publish(&town.as_person(&village, olga), &village);
    let consent = browser.post(&village.path("/me/consents"), &json!({ "text": text })).ok();
    let consent: RecordId = consent["id"].as_str().unwrap().parse().unwrap();
    let has_origin =
        || village.community.store.view(|view| view.of::<Origin>().get(consent)).unwrap().unwrap().is_some();
    assert!(has_origin());
    let erase = village.path("/me/erase");
    let why = browser.post(&erase, &json!({})).is(422, "invalid");
    assert_eq!((&why["field"], &why["why"]), (&json!("confirmation"), &json!("not-confirmed")));
    assert_eq!(why["detail"], "Confirmation: confirm with the word: ERASE");
    let erased = browser.post(&erase, &json!({ "confirmation": "erase" })).ok();
    assert!(erased["done_ms"].as_u64().unwrap() > 0);
    assert!(erased["records"].as_u64().unwrap() >= 3);
    assert!(!has_origin(), "from which address she consented");
    browser.get(&village.path("/me/export")).is(404, "not-found");
    assert!(town.communities.accounts().membership_of(village.community.id, anna).unwrap().is_none());
    assert!(runtime.block_on(blobs.get(&village.community, &picture)).unwrap().is_none());
    assert_eq!(entry_of(&village, first), Entry { salt: String::new(), ..entry_of(&village, first) });
    assert_eq!(
        (entry_of(&village, first).plate, entry_of(&village, first).house),
        (String::new(), Some(house))
    );

    gatehouse.tells(&village);
    assert_eq!(entry_of(&village, late).plate, "A123BC77");
    runtime.block_on(retention::look(&town.communities, &village.community, now())).unwrap();
    for _ in 0..2 {
        gatehouse.hears(&village);
        gatehouse.tells(&village);
    }
    for id in [first, late] {
        for entry in [entry_of(&village, id), gatehouse.entry(id)] {
            assert_eq!((entry.plate.as_str(), entry.crop.as_str(), entry.person), ("", "", None));
        }
    }
    assert_eq!(gatehouse.person(anna).name, "");
    let car = village.community.store.view(|view| view.of::<Vehicle>().get(car)).unwrap().unwrap().unwrap();
    assert_eq!((car.value.plate.as_str(), car.value.title.as_str()), ("", ""));
}

#[test]
fn what_a_crash_left_of_somebody_is_erased_later() {
    let (town, village) = Town::founded();
    let (house, olga) = (village.house("12"), village.officer("Ольга", Role::Administrator));
    let (anna, _) = village.resident("Анна", house, PlaceKind::Owner);
    let browser = town.as_person(&village, anna);
    // The request is durable, and nothing else was done.
    village.run(|ctx| privacy::ask(ctx, &Actor::Person(anna), anna, "стереть"));
    browser.get(&village.path("/houses")).is(404, "not-found");
    let runtime = Runtime::new().unwrap();
    runtime.block_on(retention::look(&town.communities, &village.community, now())).unwrap();
    assert!(town.communities.accounts().membership_of(village.community.id, anna).unwrap().is_none());
    let known = village.community.store.view(|view| view.of::<Person>().get(anna)).unwrap().unwrap().unwrap();
    assert_eq!(known.value.name, "");
    let office = town.as_person(&village, olga);
    let erasures = office.get(&village.path("/retention/erasures")).ok();
    assert_eq!(erasures["erasures"][0]["person"], json!(anna));
    assert!(erasures["erasures"][0]["done_ms"].as_u64().unwrap() > 0);
    let sweeps = office.get(&village.path("/retention/sweeps")).ok();
    assert_eq!(sweeps["sweeps"][0]["destroyed"]["erased"], 1);
}

#[test]
fn administrators_erase_others_but_never_the_last_of_themselves() {
    let (town, village) = Town::founded();
    let (house, olga) = (village.house("12"), village.officer("Ольга", Role::Administrator));
    let (anna, _) = village.resident("Анна", house, PlaceKind::Owner);
    let guard = town.as_person(&village, village.officer("Пётр", Role::Guard));
    let word = json!({ "confirmation": "СТЕРЕТЬ" });
    let of = |person: RecordId| village.path(&format!("/people/{person}/erase"));
    guard.post(&of(anna), &word).is(403, "not-allowed");
    let office = town.as_person(&village, olga);
    office.post(&of(anna), &json!({ "confirmation": "да" })).is(422, "invalid");
    office.post(&of(RecordId::new(1, 1)), &word).is(404, "not-found");
    office.post(&of(anna), &json!({ "confirmation": "erase", "all": true })).is(422, "unexpected");
    office.post(&of(anna), &word).ok();
    office.post(&of(anna), &word).is(409, "ended");
    let why = office.post(&village.path("/me/erase"), &word).is(422, "invalid");
    assert_eq!(why["why"], "last-administrator");
    office.get(&village.path("/audit")).ok();
    let deeds = office.get(&village.path(&format!("/audit?person={anna}"))).ok();
    assert_eq!(deeds["deeds"][0]["action"], "people.erase");
    assert_eq!(deeds["deeds"][0]["person_name"], "", "nobody keeps the name");
    // Where there is another one, they may go; nobody sends them.
    let vera = village.officer("Вера", Role::Administrator);
    office.post(&of(vera), &word).is(403, "not-allowed");
    // Nor does whoever finds a browser open.
    let account = town.communities.accounts().membership_of(village.community.id, olga).unwrap().unwrap();
    let account = account.value.account;
    town.communities
        .accounts()
        .set_password(account, "$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAA", None, now())
        .unwrap();
    let found_open = town.signed_in(account, Way::Password, now());
    found_open.post(&village.path("/me/erase"), &word).is(422, "invalid");
    let office = town.as_person(&village, olga);
    office.post(&village.path("/me/erase"), &word).ok();
    office.get(&village.path("/houses")).is(404, "not-found");
}

#[test]
fn who_came_is_untold_in_the_journal_at_once() {
    let (town, village) = Town::founded();
    let house = village.house("12");
    let (anna, _) = village.resident("Анна", house, PlaceKind::Owner);
    let mut gatehouse = Gatehouse::of(&village);
    let visit = Entry {
        name: "Курьер".to_owned(),
        plate: "A123BC77".to_owned(),
        crop: "c0".repeat(32),
        house: Some(house),
        ..Entry::default()
    };
    let visit = gatehouse.writes(visit);
    gatehouse.tells(&village);
    let (owner, guard) = (town.as_person(&village, anna), village.officer("Пётр", Role::Guard));
    let guard = town.as_person(&village, guard);
    let one = village.path(&format!("/journal/{visit}"));
    let log = village.path(&format!("/houses/{house}/visitor-log"));
    let names =
        || [&owner, &guard].map(|browser| browser.get(&one).ok()["name"].as_str().unwrap().to_owned());
    let found = || {
        let found = guard.get(&village.path("/journal?plate=A123BC77")).ok();
        found["entries"].as_array().unwrap().len()
    };
    assert_eq!((names(), found()), (["Курьер".to_owned(), "Курьер".to_owned()], 1));
    for (choice, expected) in [("owners_only", ["Курьер", ""]), ("nothing", ["", ""])] {
        owner.put(&log, &json!({ "visitor_log": choice })).ok();
        assert_eq!(names(), expected);
        assert_eq!(found(), 0, "nor is it told whether this car came");
        guard.get(&format!("{one}/picture")).is(404, "not-found");
    }
}

#[test]
fn an_owner_chooses_what_is_kept_of_visitors() {
    let (town, village) = Town::founded();
    let (house, other) = (village.house("12"), village.house("13"));
    let (anna, _) = village.resident("Анна", house, PlaceKind::Owner);
    let (boris, _) = village.resident("Борис", house, PlaceKind::Family);
    let (vera, _) = village.resident("Вера", other, PlaceKind::Owner);
    let olga = village.officer("Ольга", Role::Administrator);
    let log = village.path(&format!("/houses/{house}/visitor-log"));
    let owner = town.as_person(&village, anna);
    assert_eq!(owner.get(&log).ok()["visitor_log"], "keep");
    let nothing = json!({ "visitor_log": "nothing" });
    town.as_person(&village, boris).put(&log, &nothing).is(403, "not-allowed");
    town.as_person(&village, vera).put(&log, &nothing).is(404, "not-found");
    town.as_person(&village, vera).get(&log).is(404, "not-found");
    town.as_person(&village, olga).put(&log, &nothing).is(403, "not-allowed");
    owner.put(&log, &json!({ "visitor_log": "some" })).is(422, "unexpected");
    owner.put(&log, &nothing).ok();
    assert_eq!(town.as_person(&village, boris).get(&log).ok()["visitor_log"], "nothing");
    assert_eq!(town.as_person(&village, olga).get(&log).ok()["visitor_log"], "nothing");
    // A label that changes leaves it as it is.
    let office = town.as_person(&village, olga);
    office.put(&village.path(&format!("/houses/{house}")), &json!({ "label": "12б" })).ok();
    assert_eq!(owner.get(&log).ok()["visitor_log"], "nothing");
}
