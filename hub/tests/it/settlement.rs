//! «Сосновка» for the hub's tests: a cloud in memory that tells a hub of its houses, people, cars, passes and bans.

use std::cell::RefCell;

use dwellers::passes::{self, Issued, Request, Terms};
use dwellers::people::{self, Community, Person, PlaceKind};
use dwellers::rights::{self, Whom};
use dwellers::{Actor, Context, Denied, vehicles};
use dwellers_replica::builtin::Registration;
use dwellers_replica::delta::MAX_CHUNK_FIELDS;
use dwellers_replica::{Memory, Now, RecordId, Replica, ReplicaId, Role as Side, Shared, Source, Writes};

const CLOUD: ReplicaId = RecordId::new(1_700_000_000_000, 7);

/// A car of Анна's.
pub(crate) const NIVA: &str = "А123ВС77";

/// The cloud, and whom it knows.
pub(crate) struct Settlement {
    cloud: RefCell<Replica<Memory>>,
    hub: Shared,
    hub_id: ReplicaId,
    now: Now,
    /// House 12 is Анна's; house 14 is Галина's; «Лесная 4» is empty.
    pub(crate) houses: [RecordId; 3],
    pub(crate) anna: RecordId,
    pub(crate) galina: RecordId,
    olga: RecordId,
}

impl Settlement {
    pub(crate) fn new(hub: &Shared, now: Now) -> Self {
        let mut cloud =
            Replica::create(Memory::new(), dwellers::schema(), CLOUD, Side::Cloud, "", now).unwrap();
        let hub_id = hub.standing().unwrap().replica;
        let registration = Registration { role: Some(Side::Hub), key: "key".into(), succeeds: None };
        cloud.register(hub_id, &registration, now).unwrap();
        hub.with(move |hub| hub.introduce(CLOUD, Side::Cloud, now)).unwrap().unwrap();
        let nobody = RecordId::new(1, 1);
        let mut village = Settlement {
            cloud: RefCell::new(cloud),
            hub: hub.clone(),
            hub_id,
            now,
            houses: [nobody; 3],
            anna: nobody,
            galina: nobody,
            olga: nobody,
        };
        village.found();
        village.tell();
        village
    }

    fn found(&mut self) {
        let community = Community {
            name: "Сосновка".into(),
            time_zone: "Europe/Moscow".into(),
            language: "ru".into(),
            currency: "RUB".into(),
            country: "RU".into(),
        };
        let operator = Actor::Operator;
        self.write(|ctx| people::found(ctx, &operator, &community).map(|writes| ((), writes)));
        self.houses = ["12", "14", "Лесная 4"]
            .map(|label| self.write(|ctx| people::add_house(ctx, &operator, label, "")));
        let person = |name: &str, phone: &str| {
            let person = Person { name: name.into(), phone: phone.into(), language: "ru".into() };
            self.write(|ctx| people::add_person(ctx, &operator, &person))
        };
        let (anna, galina, olga) =
            (person("Анна", "+79160000012"), person("Галина", "+79160000014"), person("Ольга", ""));
        self.write(|ctx| people::settle(ctx, &operator, anna, self.houses[0], PlaceKind::Owner));
        self.write(|ctx| people::settle(ctx, &operator, galina, self.houses[1], PlaceKind::Owner));
        self.write(|ctx| people::grant_role(ctx, &operator, olga, people::Role::Administrator));
        let house = self.houses[0];
        self.write(|ctx| vehicles::add(ctx, &Actor::Person(anna), house, NIVA, "Белая Нива"));
        (self.anna, self.galina, self.olga) = (anna, galina, olga);
    }

    /// Runs a command in the cloud and commits what it says.
    pub(crate) fn write<T>(
        &self,
        command: impl FnOnce(&mut Context<'_>) -> Result<(T, Writes), Denied>,
    ) -> T {
        let mut cloud = self.cloud.borrow_mut();
        let now = self.now;
        let judged =
            cloud.view(|view| command(&mut Context { view, now, entropy: &mut || fastrand::u128(..) }));
        let (made, writes) = judged.unwrap().unwrap();
        cloud.commit(now, &writes).unwrap();
        made
    }

    /// Анна expects somebody, once, within the next two hours.
    pub(crate) fn guest(&self, plate: &str, name: &str) -> RecordId {
        let until_ms = self.now.ms + 2 * 3_600_000;
        self.pass(plate, name, Terms::Guest { from_ms: self.now.ms - 60_000, until_ms }, false).0
    }

    /// Анна's pass: its id and its code.
    pub(crate) fn pass(&self, plate: &str, name: &str, terms: Terms, code: bool) -> (RecordId, String) {
        let (house, decider) = (self.houses[0], Some(self.hub_id));
        let (plate, name, note) = (plate.to_owned(), name.to_owned(), String::new());
        let request = Request { house, terms, plate, name, code, note, decider };
        let actor = Actor::Person(self.anna);
        let issued = self.write(|ctx| {
            let Issued { id, code, writes } = passes::issue(ctx, &actor, &request)?;
            Ok(((id, code), writes))
        });
        self.tell();
        issued
    }

    /// Ольга bans a plate.
    pub(crate) fn ban(&self, plate: &str) {
        let (actor, whom) = (Actor::Person(self.olga), Whom::Plate(plate.to_owned()));
        self.write(|ctx| rights::ban(ctx, &actor, &whom, "Скандал", None));
        self.tell();
    }

    /// The hub learns what the cloud knows.
    pub(crate) fn tell(&self) {
        let source = Source { replica: CLOUD, role: Side::Cloud };
        for _ in 0..1_000 {
            let resumption = self.hub.resumption(CLOUD).unwrap();
            let mut cloud = self.cloud.borrow_mut();
            let base = cloud.resume(&resumption).unwrap().expect("no disk was restored");
            let chunk = cloud.since(base, base.arrival, &resumption.vector, MAX_CHUNK_FIELDS).unwrap();
            let last = chunk.to.is_some();
            self.hub.merge(source, self.now, chunk).unwrap();
            if last {
                return;
            }
        }
        panic!("a catch-up that does not end");
    }
}
